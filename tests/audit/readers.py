# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the audit's reports in all formats, and checks that they agree."""

import collections
import json
import re
import urllib.parse
import xml.etree.ElementTree as tree

from cases import rules

FORMATS = ("ndjson", "sarif", "junit", "prom", "html")
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
# HTML lists at most so many related domains of a finding.
SHOWN_RELATED = 20

# The values of a finding in every format; `place` is the file name, with line and column or the offset.
Finding = collections.namedtuple("Finding", "rule severity domain disk text place related")
# The values of a finding that the text lacks.
More = collections.namedtuple("More", "uuid source fingerprint")


# Characters that end a line or change the direction of text, and must be escaped.
DIRECTION = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text):
    """Returns a value in the form that all formats share: characters that are unsafe to print as \\xhh, and U+FFFD for
    noncharacters and for bytes that are not UTF-8."""
    if text is None:
        return None
    found = []
    for character in text:
        code = ord(character)
        if code < 0x20 or 0x7f <= code < 0xa0 or DIRECTION.match(character):
            found.append("".join(f"\\x{byte:02x}" for byte in character.encode()))
        elif 0xdc80 <= code <= 0xdcff or 0xfdd0 <= code <= 0xfdef or code & 0xfffe == 0xfffe:
            found.append("\ufffd")
        else:
            found.append(character)
    return re.sub(r"\\x[89a-f][0-9a-f]", "\ufffd", "".join(found))


def must(what, found, expected):
    if found != expected:
        raise ValueError(f"{what}: {found!r} and not {expected!r}")


def place_of(name, line, column, offset):
    name = "<stdin>" if name == "-" else visible(name)
    return name, (line, column) if line else offset or None


def finding_of(rule, severity, domain, disk, text, place, related):
    related = tuple((visible(one), visible(other), where) for one, other, where in related)
    return Finding(rule, severity, visible(domain), visible(disk), visible(text), place, related)


def lines_of(report):
    """Splits a text at line feeds only."""
    return report.split("\n")[:-1]


# ---- readers of the formats -------------------------------------------------------------------------------------

# This is wrong if a name contains the delimiters, but no case has such a name.
LINE = re.compile(r"(?P<name>.*?)(?::(?P<line>\d+):(?P<column>\d+))?: (?P<severity>info|low|medium|high|critical|note): "
                  r"(?:with )?(?:domain '(?P<domain>.*?)'(?::? |$))?(?:disk '(?P<disk>.*?)'(?:: |$))?"
                  r"(?P<text>.*?)(?: \(at byte (?P<offset>\d+)\))?(?: \[(?P<rule>DA\d{3})\])?", re.DOTALL)


def read_text(report):
    found = []
    for line in lines_of(report):
        match = LINE.fullmatch(line)
        if not match:
            raise ValueError(f"not a finding: {line}")
        part = match.groupdict()
        where = place_of(part["name"], *(int(part[key] or 0) for key in ("line", "column", "offset")))
        if part["severity"] == "note":
            found[-1][-1].append((part["domain"], part["disk"], where))
        else:
            found.append([part["rule"], part["severity"], part["domain"], part["disk"], part["text"], where, []])
    return [finding_of(*item) for item in found]


def read_ndjson(report):
    for line in lines_of(report):
        item = json.loads(line)
        where = place_of(*(item[key] for key in ("file", "line", "column", "offset")))
        related = [(other["domain"], other["disk"], place_of(*(other[key] for key in ("file", "line", "column", "offset"))))
                   for other in item["related"]]
        yield (finding_of(item["rule"], item["severity"], item["domain"], item["disk"], item["text"], where, related),
               More(visible(item["uuid"]), visible(item["source"]), item["fingerprint"]))


def message_text(message):
    """Returns the text of a SARIF message, which must contain neither placeholders nor links."""
    def literal(match):
        sign = match[0].lstrip("\\")
        slashes = len(match[0]) - len(sign)
        must("sarif: a message's syntax", (len(sign), slashes % 2), (2, 0) if sign[0] in "{}" else (1, 1))
        return "\\" * (slashes // 2) + sign[0]

    must("sarif: arguments", set(message), {"text"})
    return re.sub(r"\{\{?|\}\}?|\\*[][]", literal, message["text"])


def location(item):
    """Returns the domain, disk and position of a SARIF location."""
    names = {part["kind"]: part["name"] for part in item.get("logicalLocations", ())}
    full = []
    for part in item.get("logicalLocations", ()):
        full.append(part["name"])
        must("sarif: full name", part["fullyQualifiedName"], "/".join(full))
    region = item["physicalLocation"]["region"]
    uri = item["physicalLocation"]["artifactLocation"]["uri"]
    name = urllib.parse.unquote(re.sub("^file://", "", uri), errors="surrogateescape")
    where = place_of(name, region.get("startLine"), region.get("startColumn"), region["byteOffset"])
    return names.get("domain"), names.get("disk"), where


def read_sarif(report):
    log = json.loads(report)["runs"][0]
    for rule in log["tool"]["driver"]["rules"]:
        for key in ("shortDescription", "fullDescription", "help"):
            must("sarif: the text of a rule", message_text(rule[key]), rule[key]["text"])
    for item in log["results"]:
        must("sarif: rule", log["tool"]["driver"]["rules"][item["ruleIndex"]]["id"], item["ruleId"])
        more = item["properties"]
        must("sarif: level", item["level"], LEVELS[more["severity"]])
        domain, disk, where = location(item["locations"][0])
        others = item.get("relatedLocations", ())
        must("sarif: the text about other domains", [message_text(other["message"]) for other in others], ["with this disk"] * len(others))
        related = [location(other) for other in others]
        yield (finding_of(item["ruleId"], more["severity"], domain, disk, message_text(item["message"]), where, related),
               More(visible(more.get("uuid")), visible(more.get("source")), item["partialFingerprints"]["domstream/v1"]))


def shown_place(text):
    match = re.fullmatch(r"(.*?)(?::(\d+):(\d+)| \(at byte (\d+)\))?", text)
    return place_of(match[1], *(int(part or 0) for part in match.groups()[1:]))


def read_body(body):
    """Parses the text of a JUnit case: the position, one value per line up to the fingerprint, and then the reason."""
    lines = body.split("\n")
    values, related = {}, []
    for at, line in enumerate(lines[1:], 2):
        key, _, value = line.partition(": ")
        if key == "with":
            related.append([None, None, shown_place(value)])
        elif key in ("  domain", "  disk"):
            related[-1][key == "  disk"] = value
        else:
            values[key] = value
        if key == "fingerprint":
            return shown_place(lines[0]), values, related, "\n".join(lines[at:])
    raise ValueError("no fingerprint in: " + body)


def case_name(rule, values, file, fingerprint):
    """Returns the name of a JUnit case, without the number that makes repeated names unique."""
    about = [values.get("domain")] * (rule["properties"]["scope"] not in ("disk", "domain")) + [values.get("disk")]
    if values.get("domain") is None and values.get("disk") is None:
        about.append(file)
    return ": ".join([f"{rule['id']} {rule['name']}", *(name for name in about if name is not None)]) + f" [{fingerprint[:12]}]"


def repeated_names(report):
    """Yields an error for each name that several cases have. Jenkins and GitLab would merge these cases."""
    names = collections.Counter((case.get("classname"), case.get("name")) for case in tree.fromstring(report).iter("testcase"))
    yield from (f"junit: {count} cases are {name}" for name, count in names.items() if count > 1)


def read_junit(report, catalogue):
    for suite in tree.fromstring(report):
        counts = [len(suite.findall(path)) for path in ("testcase", "testcase/failure", "testcase/error")]
        must("junit: counts", [int(suite.get(key)) for key in ("tests", "failures", "errors")], counts)
        for case in suite.iter("testcase"):
            must("junit: class", case.get("classname"), suite.get("name"))
            name = re.sub(r" \([1-9]\d*\)$", "", case.get("name"))
            if not len(case):
                must("junit: passed case", (name, counts), ("no findings", [1, 0, 0]))
                continue
            item = case[0]
            where, values, related, why = read_body(item.text)
            rule = catalogue[item.get("type")]
            is_input = rule["properties"]["scope"] == "input"
            must("junit: element", item.tag, "error" if is_input else "failure")
            must("junit: reason", why, rule["fullDescription"]["text"])
            disk = values.get("disk")
            must("junit: name", name, case_name(rule, values, where[0], values["fingerprint"]))
            expected = "input" if is_input else "several domains"
            if rule["properties"]["scope"] in ("disk", "domain"):
                expected = f"domain {values['domain']}"
            # The name of the suite begins with the host.
            must("junit: suite", suite.get("name").endswith(expected), True)
            yield (finding_of(rule["id"], values["severity"], values.get("domain"), disk, item.get("message"), where, related),
                   More(visible(values.get("uuid")), visible(values.get("source")), values["fingerprint"]))


def rows_of(page):
    match = re.search(r'<table id="list">.*?<tbody>\n(.*?)</tbody></table>\n</section>', page, re.DOTALL)
    return re.findall(r"<tr .*?</details></td></tr>\n", match[1], re.DOTALL) if match else []


def all_text(element):
    return "".join(element.itertext())


def read_html(page, catalogue):
    for row in rows_of(page):
        row = tree.fromstring(row)
        severity, rule, host, domain, disk, _ = [all_text(cell) for cell in row]
        must("html: class", row.get("class"), severity)
        must("html: severity", int(row.get("data-severity")), list(reversed(LEVELS)).index(severity))
        terms = [item.text for item in row.iter("dt")]
        values = dict(zip(terms, row.iter("dd")))
        cells = {key: all_text(value) for key, value in values.items()}
        must("html: terms", sorted(values), sorted(terms))
        # The cells of the table repeat the list below.
        must("html: cells", (host, domain, disk), (cells.get("Host", ""), cells.get("Domain", ""), cells.get("Disk", "")))
        must("html: rule", cells["Rule"], f"{rule} {catalogue[rule]['name']}: {catalogue[rule]['shortDescription']['text']}")
        related = []
        for item in values["With"].iter("li") if "With" in values else ():
            names = [all_text(name) for name in item.findall("bdi")]
            if item.find("code") is None:
                must("html: others", bool(re.fullmatch(r"and \d+ others?", item.text)), True)
                continue
            has_domain = item[0].tag == "bdi" and not item.text
            one = names.pop(0) if has_domain else None
            related.append((one, names.pop(0) if names else None, shown_place(all_text(item.find("code")))))
        yield (finding_of(rule, severity, cells.get("Domain"), cells.get("Disk"), all_text(row.find(".//summary")),
                          shown_place(cells["Position"]), related),
               More(visible(cells.get("UUID")), visible(cells.get("Source")), cells["Fingerprint"]))


# ---- agreement --------------------------------------------------------------------------------------------------

def shorter(finding):
    return finding._replace(related=finding.related[:SHOWN_RELATED])


def comparable(item):
    """Returns a pair of Finding and More without the values that HTML leaves out: empty ones, and most related domains."""
    finding, more = item
    return shorter(finding), more._replace(uuid=more.uuid or None, source=more.source or None)


def differences(name, expected, found):
    """Yields the differences between two lists of findings, in any order."""
    one, other = collections.Counter(expected), collections.Counter(found)
    for item, count in (one - other).items():
        yield f"{name}: {count} missing: {item}"
    for item, count in (other - one).items():
        yield f"{name}: {count} too many: {item}"


def numbers(report):
    """Returns the values of Prometheus' metrics, by their names and labels."""
    return {key: int(value) for key, value in re.findall(r"^([a-z_]+(?:\{.*\})?) (\d+)$", report, re.MULTILINE)}


def wrong_counts(findings, reports, catalogue):
    counts = collections.Counter((finding.rule, finding.severity) for finding in findings)
    prom = numbers(reports["prom"])
    for rule in catalogue.values():
        for severity in LEVELS:
            key = f'domstream_rule_findings{{rule="{rule["id"]}",name="{rule["name"]}",severity="{severity}"}}'
            # The rule's default severity is always listed, another one only if a finding has it.
            is_there = severity == rule["properties"]["severity"] or counts[rule["id"], severity]
            if prom.get(key) != (counts[rule["id"], severity] if is_there else None):
                yield f"prom: {key}: {prom.get(key)} and not {counts[rule['id'], severity]}"
    log = json.loads(reports["sarif"])["runs"][0]
    totals = log["properties"]
    by_host = sum(value for key, value in prom.items() if key.startswith("domstream_findings{"))
    if by_host != sum(counts.values()):
        yield f"prom: {by_host} findings by host and not {sum(counts.values())}"
    for name in ("domains", "disks", "rejected"):
        if prom["domstream_" + name] != totals[name]:
            yield f"{name}: {totals[name]} in sarif, {prom['domstream_' + name]} in prom"
    has_errors = any(rule.startswith("DA9") and rule != "DA907" for rule, _ in counts)
    if log["invocations"][0]["executionSuccessful"] == has_errors:
        yield "sarif: executionSuccessful is wrong"
    page = reports["html"].replace("\u202f", "")
    header = dict(re.findall(r"<dt>(\w+?)s?</dt><dd>(\d+)</dd></div>", page))
    expected = {"host": prom["domstream_hosts"], "domain": totals["domains"], "disk": totals["disks"], "finding": len(findings)}
    if header != {key: str(value) for key, value in expected.items()}:
        yield f"html: {header} and not {expected}"
    if ("Some input could not be read" in page) != has_errors:
        yield "html: its warning about unreadable input is wrong"
    bars = re.findall(r'<tr(?: class="\w+"| id="\w+")?><th scope="row">((?:(?!</th>).)*)</th>(?:<td><details>(?:(?!</td>).)*</td>)?<td class="number">(\d+)</td>', page, re.DOTALL)
    bars = {re.sub("<.*?>", "", name).split()[0]: int(count) for name, count in bars if re.match('DA|<span class="severity">', name)}
    by_rule = collections.Counter(finding.rule for finding in findings)
    by_severity = collections.Counter(finding.severity for finding in findings)
    for name, count in [*by_rule.items(), *by_severity.items()]:
        if bars.get(name) != count:
            yield f"html: {name}: {bars.get(name)} and not {count}"


def disagreements(findings, reports):
    """Yields the differences between the reports of all formats and these findings."""
    log = json.loads(reports["sarif"])
    catalogue = {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    if sorted(catalogue) != rules():
        yield "sarif: its rules are not those that explain lists"
    read = {"ndjson": list(read_ndjson(reports["ndjson"])), "sarif": list(read_sarif(reports["sarif"])),
            "junit": list(read_junit(reports["junit"], catalogue)), "html": list(read_html(reports["html"], catalogue))}
    for name, items in read.items():
        expected, found = findings, [item[0] for item in items]
        if name == "html":
            # The most severe findings are first; those of one severity keep their order.
            expected = sorted(map(shorter, findings), key=lambda finding: list(LEVELS).index(finding.severity))
        yield from differences(name, expected, found)
        if collections.Counter(expected) == collections.Counter(found) and expected != found:
            yield f"{name}: the findings are in another order"
        yield from differences(name, map(comparable, read["ndjson"]), map(comparable, items))
    yield from repeated_names(reports["junit"])
    yield from wrong_counts(findings, reports, catalogue)
