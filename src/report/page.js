// Sorts, filters and searches the list of findings. Without this script, the page shows all of them, the most severe
// first. The script never turns text of the page into markup.
"use strict";
(() => {
	const form = document.getElementById("controls");
	const table = document.getElementById("list");
	if (!form || !table)
		return;
	const body = table.tBodies[0];
	const rows = Array.from(body.rows, (row, number) => ({
		row,
		number,
		severity: Number(row.dataset.severity),
		rule: row.cells[1].textContent,
		host: row.cells[2].textContent,
		domain: row.cells[3].textContent,
		disk: row.cells[4].textContent,
		finding: row.cells[5].querySelector("summary").textContent,
		// The whole text of the row in lower case, which the first search sets.
		text: null,
	}));
	const search = form.elements.search;
	const rule = form.elements.rule;
	const boxes = Array.from(form.querySelectorAll("input[type=checkbox]"));
	const shown = form.querySelector("output");

	function matches(entry, words, severities) {
		if (!severities.has(entry.severity) || (rule.value && entry.rule !== rule.value))
			return false;
		if (words.length && entry.text === null)
			entry.text = entry.row.textContent.toLowerCase();
		return words.every((word) => entry.text.includes(word));
	}

	function filter() {
		const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
		const severities = new Set(boxes.filter((box) => box.checked).map((box) => Number(box.value)));
		let count = 0;
		for (const entry of rows) {
			entry.row.hidden = !matches(entry, words, severities);
			count += entry.row.hidden ? 0 : 1;
		}
		shown.textContent = `${count} of ${rows.length} shown`;
	}

	// Compares names, and numbers in them by their values. Equal rows keep their first order.
	const names = new Intl.Collator("en", { numeric: true });

	function compare(key) {
		if (key === "severity")
			return (a, b) => b.severity - a.severity || a.number - b.number;
		return (a, b) => names.compare(a[key], b[key]) || a.number - b.number;
	}

	function sort(head, key) {
		const descending = head.getAttribute("aria-sort") === "ascending";
		for (const other of table.tHead.rows[0].cells)
			other.removeAttribute("aria-sort");
		head.setAttribute("aria-sort", descending ? "descending" : "ascending");
		rows.sort(compare(key));
		if (descending)
			rows.reverse();
		body.append(...rows.map((entry) => entry.row));
	}

	for (const head of table.tHead.rows[0].cells) {
		const button = document.createElement("button");
		button.type = "button";
		button.append(...head.childNodes);
		button.addEventListener("click", () => sort(head, head.dataset.key));
		head.append(button);
	}
	// Each rule in the table of rules gets a button that shows only its findings.
	for (const option of rule.options) {
		const row = option.value && document.getElementById(option.value);
		if (!row)
			continue;
		const button = document.createElement("button");
		button.type = "button";
		button.className = "filter";
		button.textContent = "show";
		button.setAttribute("aria-label", `show the findings of ${option.value}`);
		button.addEventListener("click", () => {
			rule.value = option.value;
			filter();
			form.scrollIntoView();
		});
		row.cells[2].append(" ", button);
	}
	// A link to a rule opens its text.
	function openRule() {
		const details = document.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"] details`);
		if (details)
			details.open = true;
	}
	addEventListener("hashchange", openRule);
	openRule();
	form.addEventListener("input", filter);
	form.addEventListener("submit", (event) => event.preventDefault());
	form.addEventListener("reset", () => setTimeout(filter));
	form.hidden = false;
	// Browsers keep the search text when the page is reloaded.
	filter();
})();
