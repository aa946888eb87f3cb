// SPDX-License-Identifier: LGPL-2.1-or-later
// sarif.js MODULES FILE...: validates each file with the published schema of SARIF 2.1.0. Also checks the numbers of
// rules, and that messages are plain text, which the schema cannot express.
"use strict";
const fs = require("fs");
const { createRequire } = require("module");

const [modules, ...files] = process.argv.slice(2);
const load = createRequire(`${modules}/`);
const Ajv = load("ajv-draft-04");
const schema = JSON.parse(fs.readFileSync(`${modules}/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json`, "utf8"));

const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
load("ajv-formats")(ajv);
const validate = ajv.compile(schema);

function complain(file, text) {
	console.log(`${file}: ${text}`);
	process.exitCode = 1;
}

for (const file of files) {
	const log = JSON.parse(fs.readFileSync(file, "utf8"));
	if (!validate(log))
		complain(file, ajv.errorsText(validate.errors.slice(0, 10), { separator: "\n" }));
	const [run] = log.runs;
	for (const result of run.results) {
		if (run.tool.driver.rules[result.ruleIndex].id !== result.ruleId)
			complain(file, `rule ${result.ruleIndex} is not ${result.ruleId}`);
		// Apart from escaped characters, a message has no placeholders and no links.
		const text = result.message.text.replace(/\{\{|\}\}|\\(\\\\)*[[\]]/g, "");
		if (/[[\]{}]/.test(text))
			complain(file, `a message with a syntax of its own: ${result.message.text}`);
	}
}

// The validator must refuse an invalid log.
if (validate({ version: "2.1.0", runs: [{ results: [] }] }))
	complain("schema", "accepts a run without a tool");
