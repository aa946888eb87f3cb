// SPDX-License-Identifier: LGPL-2.1-or-later
// browser.js MODULES CHROMIUM DIRECTORY: opens the pages that report_samples has written to the directory in a headless
// Chromium: with and without scripts, in dark colours, on a phone, printed, and with a keyboard only. Pictures of the pages
// are stored in the same directory. A page must not load any other file.
"use strict";
const assert = require("assert");
const { createRequire } = require("module");
const path = require("path");
const { pathToFileURL } = require("url");

const [modules, chromium, directory] = process.argv.slice(2);
const puppeteer = createRequire(`${modules}/`)("puppeteer-core");
// The milliseconds after which something hangs. A slow machine must not fail the test.
const patience = 1800000;
let browser;
let passed = 0;
let failed = 0;

// Opens a page. The test fails if the page reports an error, opens a dialog or requests another file.
async function open(file, { width = 1400, height = 900, scheme = "light", scripts = true } = {}) {
	const page = await browser.newPage();
	const trouble = [];
	page.on("dialog", (dialog) => {
		trouble.push(`a dialog: ${dialog.message()}`);
		dialog.dismiss();
	});
	page.on("console", (message) => trouble.push(`console: ${message.text()}`));
	page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
	page.on("request", (request) => {
		if (request.url().split("#")[0] !== pathToFileURL(path.join(directory, file)).href)
			trouble.push(`asks for ${request.url()}`);
	});
	page.trouble = trouble;
	page.setDefaultTimeout(patience);
	await page.setViewport({ width, height, hasTouch: width < 500, isMobile: width < 500 });
	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
	await page.setJavaScriptEnabled(scripts);
	await page.goto(pathToFileURL(path.join(directory, file)).href);
	return page;
}

async function close(page, picture) {
	if (picture)
		await page.screenshot({ path: path.join(directory, `${picture}.png`), fullPage: !picture.includes("many") });
	assert.deepStrictEqual(page.trouble, []);
	await page.close();
}

const shown = (page) => page.$$eval("#list tbody tr", (rows) => rows.filter((row) => row.checkVisibility()).map((row) =>
	({ severity: row.cells[0].textContent, rule: row.cells[1].textContent, domain: row.cells[3].textContent })));
const shownCount = (page) => page.$eval("output", (output) => output.textContent);
const set = (page, selector, value) => page.$eval(selector, (element, text) => {
	element.value = text;
	element.dispatchEvent(new Event("input", { bubbles: true }));
}, value);

const grades = ["critical", "high", "medium", "low", "info"];

// Returns the contrast of two colours in the form of getComputedStyle() (WCAG 2.2).
function contrast(one, two) {
	const [a, b] = [one, two].map((colour) => {
		const [red, green, blue] = colour.match(/[\d.]+/g).map((part) => part / 255)
			.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
		return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
	});
	return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const tests = {
	async "the page has all findings, the most severe first"() {
		const page = await open("report.html");
		const rows = await shown(page);
		assert.strictEqual(rows.length, 9);
		const order = rows.map((row) => grades.indexOf(row.severity));
		assert.deepStrictEqual(order, [...order].sort());
		assert.strictEqual(await shownCount(page), "9 of 9 shown");
		await close(page, "page");
	},

	async "a finding opens and shows all of its values"() {
		const page = await open("report.html");
		await page.click("#list tbody tr:first-child summary");
		const text = await page.$eval("#list details[open]", (details) => details.innerText);
		for (const part of ["web01", "xvdb", "/srv/shared.img", "nightly.xml:11:5", "nightly.xml:44:5", "db01",
			"DA301 shared-writable", "6666"])
			assert.ok(text.includes(part), `${part} is missing in: ${text}`);
		// The text of a rule is on the page only once, and a link opens it.
		await page.click("#list details[open] a[href='#DA301']");
		const why = await page.$eval("#DA301 details[open]", (details) => details.innerText);
		assert.ok(why.includes("Give each domain an image of its own"));
		await close(page, "page-open");
	},

	async "the search finds words anywhere, in any order"() {
		const page = await open("report.html");
		await page.type("#search", "WEB01 loop");
		assert.deepStrictEqual((await shown(page)).map((row) => row.rule), ["DA101"]);
		assert.strictEqual(await shownCount(page), "1 of 9 shown");
		await page.keyboard.press("Enter");
		assert.strictEqual(await shownCount(page), "1 of 9 shown");
		await set(page, "#search", "no such word");
		assert.deepStrictEqual(await shown(page), []);
		await page.click("button[type=reset]");
		await page.waitForFunction(() => document.querySelector("output").textContent === "9 of 9 shown");
		await close(page);
	},

	async "severities and rules filter"() {
		const page = await open("report.html");
		await page.click("fieldset label.high");
		await page.click("fieldset label.critical");
		assert.deepStrictEqual((await shown(page)).map((row) => row.severity), ["medium", "medium", "low", "info"]);
		await page.select("#rule", "DA101");
		assert.deepStrictEqual((await shown(page)).map((row) => row.rule), ["DA101"]);
		await close(page, "page-filtered");
	},

	async "columns sort, up and down, and show their order"() {
		const page = await open("report.html");
		const head = "#list th:nth-child(2)";
		await page.click(`${head} button`);
		const up = (await shown(page)).map((row) => row.rule);
		assert.deepStrictEqual(up, [...up].sort());
		assert.strictEqual(await page.$eval(head, (cell) => cell.getAttribute("aria-sort")), "ascending");
		await page.click(`${head} button`);
		assert.deepStrictEqual((await shown(page)).map((row) => row.rule), up.reverse());
		assert.strictEqual(await page.$eval(head, (cell) => cell.getAttribute("aria-sort")), "descending");
		await page.click("#list th:first-child button");
		assert.strictEqual((await shown(page))[0].severity, "critical");
		assert.strictEqual(await page.$$eval("[aria-sort]", (cells) => cells.length), 1);
		await close(page);
	},

	async "everything can be reached by keyboard, and the focus is visible"() {
		const page = await open("report.html");
		const seen = [];
		for (let i = 0; i < 20; i++) {
			await page.keyboard.press("Tab");
			seen.push(await page.evaluate(() => {
				const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
				return `${document.activeElement.localName} ${outlineStyle !== "none" && parseFloat(outlineWidth) > 0}`;
			}));
			if (seen.at(-1).startsWith("summary"))
				break;
		}
		assert.deepStrictEqual(seen, ["input true", "select true", ...Array(5).fill("input true"), ...Array(7).fill("button true"),
			"a true", "summary true"]);
		await page.keyboard.press("Enter");
		assert.strictEqual(await page.$$eval("#list details[open]", (all) => all.length), 1);
		await close(page, "page-keyboard");
	},

	async "without scripts, the page can be read and findings open"() {
		const page = await open("report.html", { scripts: false });
		const client = await page.createCDPSession();
		const { root } = await client.send("DOM.getDocument");
		const { nodeId } = await client.send("DOM.querySelector", { nodeId: root.nodeId, selector: "#list summary" });
		const { model } = await client.send("DOM.getBoxModel", { nodeId });
		const before = (await client.send("DOM.getOuterHTML", { nodeId: root.nodeId })).outerHTML;
		assert.ok(before.includes("id=\"controls\" autocomplete=\"off\" hidden"));
		assert.ok(!/<details open/.test(before));
		await client.send("DOM.scrollIntoViewIfNeeded", { nodeId });
		const box = (await client.send("DOM.getBoxModel", { nodeId })).model.content;
		await page.mouse.click(box[0] + 5, (box[1] + box[5]) / 2);
		assert.ok(model.height > 0);
		assert.ok(/<details open/.test((await client.send("DOM.getOuterHTML", { nodeId: root.nodeId })).outerHTML));
		await close(page, "page-no-scripts");
	},

	async "the page fits a phone, also in dark colours"() {
		for (const scheme of ["light", "dark"]) {
			const page = await open("report.html", { width: 390, height: 844, scheme });
			await page.$$eval("#list details", (all) => all.forEach((details) => { details.open = true; }));
			const width = await page.evaluate(() => document.documentElement.scrollWidth);
			assert.ok(width <= 390, `${width} wide`);
			// Short names are not broken between letters.
			const heights = await page.$$eval(".rules tbody th, .hosts tbody th, .cards tbody th + td", (cells) => cells
				.filter((cell) => cell.textContent.length <= 8).map((cell) => {
					const range = document.createRange();
					range.selectNodeContents(cell);
					return range.getBoundingClientRect().height;
				}));
			assert.ok(heights.length > 10 && Math.max(...heights) < 40, `${heights}`);
			assert.strictEqual((await shown(page)).length, 9);
			await page.type("#search", "web01");
			assert.ok((await shown(page)).length < 9);
			await close(page, `page-phone-${scheme}`);
		}
	},

	async "text has enough contrast with its background"() {
		for (const scheme of ["light", "dark"]) {
			const page = await open("report.html", { scheme });
			await page.$$eval("#list details", (all) => all.forEach((details) => { details.open = true; }));
			const pairs = await page.evaluate(() => {
				const found = [];
				for (const element of document.querySelectorAll("body *")) {
					const own = Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim());
					let behind = element;
					while (behind && getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)")
						behind = behind.parentElement;
					if (own && behind && element.checkVisibility())
						found.push([element.outerHTML.slice(0, 60), getComputedStyle(element).color,
							getComputedStyle(behind).backgroundColor]);
				}
				return found;
			});
			assert.ok(pairs.length > 100);
			for (const [what, text, back] of pairs)
				assert.ok(contrast(text, back) >= 4.5, `${scheme}: ${what}: ${text} on ${back}`);
			await close(page, `page-${scheme}`);
		}
	},

	async "names are shown as text and never as markup"() {
		const page = await open("report.html");
		assert.strictEqual(await page.$$eval("img, iframe, object, embed, link, [onerror], [style]", (all) => all.length), 0);
		assert.strictEqual(await page.$$eval("script", (all) => all.length), 1);
		const text = await page.$eval("#list", (list) => list.textContent);
		assert.ok(text.includes("</script><img src=x onerror=alert(1)>\"'&\\x0a\\x1b[31m\\x00\ufffd\\xc2\\x9b\ufffd\\xe2\\x80\\xae]]>--><!--"));
		// If a script got into the page, its policy would not let it run.
		await page.evaluate(() => {
			const script = document.createElement("script");
			script.textContent = "window.wasRun = true";
			document.body.append(script);
		});
		assert.strictEqual(await page.evaluate(() => window.wasRun), undefined);
		page.trouble.length = 0;
		await close(page);
	},

	async "a page of a hundred thousand findings keeps the most severe and stays fast"() {
		const begin = Date.now();
		const page = await open("many-report.html");
		const loaded = Date.now() - begin;
		const rows = await shown(page);
		// Each host has ten rows, in addition to the most severe ones of all hosts.
		assert.ok(rows.length >= 2000 && rows.length <= 2100);
		assert.ok(rows.slice(0, 1900).every((row) => ["critical", "high"].includes(row.severity)));
		assert.ok((await page.$eval("main", (main) => main.innerText)).includes("of 100\u202f009 findings: the most severe of every host"));
		const took = await page.evaluate(() => {
			const start = performance.now();
			const search = document.getElementById("search");
			search.value = "vm0001";
			search.dispatchEvent(new Event("input", { bubbles: true }));
			document.querySelector("#list th:nth-child(3) button").click();
			document.body.getBoundingClientRect();
			return performance.now() - start;
		});
		assert.ok((await shown(page)).length < rows.length);
		console.log(`2000 findings: loaded in ${loaded} ms, searched and sorted in ${Math.round(took)} ms`);
		assert.ok(took < 5000);
		await close(page, "page-many");
	},

	async "the page prints in black on white, without buttons"() {
		const page = await open("report.html", { scheme: "dark" });
		await page.emulateMediaType("print");
		assert.strictEqual(await page.$eval("#controls", (form) => form.checkVisibility()), false);
		assert.strictEqual(await page.$eval("body", (body) => getComputedStyle(body).color), "rgb(0, 0, 0)");
		await page.pdf({ path: path.join(directory, "page.pdf"), format: "A4" });
		await close(page, "page-print");
	},

	async "a report without findings shows that"() {
		const page = await open("nothing-report.html");
		assert.ok((await page.$eval("main", (main) => main.innerText)).includes("no findings"));
		await close(page, "page-nothing");
	},
};

(async () => {
	// In a container, /dev/shm may be too small for the browser.
	browser = await puppeteer.launch({ executablePath: chromium, timeout: patience, protocolTimeout: patience,
		args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
	for (const [name, test] of Object.entries(tests)) {
		try {
			await test();
			passed++;
		} catch (error) {
			console.log(`FAILED: ${name}\n${error.stack}`);
			failed++;
		}
	}
	await browser.close();
	console.log(`${passed} passed, ${failed} failed`);
	process.exit(failed ? 1 : 0);
})();
