#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The page of an audit: what it begins with, and what it keeps when not everything fits.

load helper

disk() {
	printf '(domain (name %s) (uuid %s) (image (linux (kernel /k))) (device (vbd (dev xvda) (uname %s) (mode w))))\n' "$1" \
		"$(printf '%s' "$1" | md5sum | sed -E 's/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/\1-\2-\3-\4-\5/')" "$2"
}

@test "an estate without findings is reported as such" {
	disk one phy:/dev/vg/a >h1.sxp
	disk two phy:/dev/vg/b >>h1.sxp
	try 0 audit -q --report html=page h1.sxp
	has page 'All 2 domains on 1 host: no findings'
	has page '1 input: 1 read, 0 damaged, 0 without a domain.'
}

@test "inputs that could not be read precede the findings, and these precede the counts" {
	disk one file:/srv/a.img >h1.sxp
	disk two phy:/dev/vg/b >>h1.sxp
	printf '(domain (name cut' >>h1.sxp
	try 2 audit -q --report html=page h1.sxp
	python3 - <<'END'
page = open("page", encoding="utf-8").read()
order = ["Some input could not be read", "1 damaged", "h1.sxp", 'id="findings"', 'id="hosts"', 'id="rules"', 'id="kinds"']
at = [page.index(part) for part in order]
assert at == sorted(at), at
END
}

@test "a page keeps the most severe findings of every host, and filters only by their rules" {
	for host in 1 2 3; do
		seq 900 | awk -v host=$host '{
			printf "(domain (name h%s-%s) (uuid %08d-0000-4000-8000-%012d) ", host, $1, host, $1
			printf "(image (linux (kernel /k))) (device (vbd (dev xvda) (uname file:/srv//h%s-%s.img) (mode w))))\n", host, $1
		}' >h$host.sxp
	done
	disk last phy:/dev/sdb >h4.sxp
	disk least tap:aio:/srv/x.img >>h4.sxp
	try 1 audit -q --report html=page h1.sxp h2.sxp h3.sxp h4.sxp
	[ "$(grep -c '^<tr class="[a-z]*" data-severity' page)" = 2034 ]
	has page ': the most severe of every host.'
	for host in h1 h2 h3 h4; do
		[ "$(grep '^<tr class="high" data-severity' page | grep -c "<td><bdi>$host</bdi></td>")" -gt 0 ]
	done
	has_not page '<option value="DA110">'
	has page '<option value="DA112">'
}

@test "of very many hosts, the page lists those with the most severe findings" {
	seq -w 1200 | awk '{
		file = "h" $1 ".xml"
		printf "<domain type=\047kvm\047><name>d</name><uuid>00000000-0000-4000-8000-00000000%s</uuid></domain>\n", $1 >file
		close(file)
	}'
	disk worst phy:/dev/sdb >z.sxp
	try 1 audit -q --scope file --report html=page -- *.xml z.sxp
	has page '<tr><th scope="row"><bdi>z</bdi></th>'
	has page 'and 201 other hosts'
}
