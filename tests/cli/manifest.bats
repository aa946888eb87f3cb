#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

# field KEY NAME MANIFEST: a member of the input or output with that name, as Python prints it.
# Without site packages, Python starts in half the time.
field() {
	python3 -I -S - "$@" <<-'END'
		import json, os, sys
		key, name, file = sys.argv[1:]
		manifest = json.load(open(file, encoding="utf-8"))
		for entry in manifest["inputs"] + manifest["outputs"]:
		    if os.fsencode(entry["name"]) == os.fsencode(name):
		        print(entry[key])
	END
}

# crc32 FILE: as a manifest writes it.
crc32() {
	python3 -I -S -c 'import sys, zlib; print("%08x" % zlib.crc32(open(sys.argv[1], "rb").read()))' "$1"
}

dumps() {
	mkdir d
	xml a >d/a.xml
	{ sexpr b; echo '(domain (name c) (vcpus two))'; sexpr d; } >d/b.sxp
	gzip -c d/a.xml >d/c.xml.gz
	head -c 60 d/a.xml >d/cut.xml
	tar cf all.tar d/a.xml d/b.sxp
}

@test "a manifest lists every input with its outcome and counts" {
	dumps
	try 2 check -q -r d all.tar --manifest m
	python3 -m json.tool m >/dev/null
	[ "$(field domains d/b.sxp m)" = 3 ]
	[ "$(field rejected d/b.sxp m)" = 1 ]
	[ "$(field outcome d/b.sxp m)" = read ]
	[ "$(field outcome d/cut.xml m)" = damaged ]
	[ "$(field format d/b.sxp m)" = sexpr ]
	[ "$(field compression d/c.xml.gz m)" = gzip ]
	[ "$(field size d/c.xml.gz m)" = "$(stat -c %s d/c.xml.gz)" ]
	[ "$(field crc32 d/c.xml.gz m)" = "$(crc32 d/c.xml.gz)" ]
	[ "$(field argument d/a.xml m)" = d ]
	[ "$(field kind all.tar m)" = archive ]
	[ "$(field crc32 all.tar m)" = "$(crc32 all.tar)" ]
	[ "$(field kind 'all.tar!d/b.sxp' m)" = member ]
	[ "$(field crc32 'all.tar!d/b.sxp' m)" = "$(crc32 d/b.sxp)" ]
	[ "$(field rejected 'all.tar!d/b.sxp' m)" = 1 ]
	has m '"status":2'
	has m '"options":["--recursive"]'
	# The manifest is the same for any number of threads.
	local jobs
	for jobs in 1 2 64; do
		try 2 check -q -j "$jobs" -r d all.tar --manifest other
		cmp m other
	done
}

@test "a manifest lists every output with its size and checksum" {
	dumps
	try 2 convert -q d/a.xml d/b.sxp -o out.gz --losses losses --rejects rejects --manifest m
	local name
	for name in out.gz losses rejects; do
		[ "$(field size "$name" m)" = "$(stat -c %s "$name")" ]
		[ "$(field crc32 "$name" m)" = "$(crc32 "$name")" ]
	done
	[ "$(field option losses m)" = --losses ]
	try 0 convert -q d/a.xml --manifest m
	[ "$(field crc32 - m)" = "$(crc32 out)" ]
	try 2 convert -q d/a.xml d/b.sxp --output-dir files --manifest m
	for name in files/*; do
		[ "$(field crc32 "$name" m)" = "$(crc32 "$name")" ]
	done
	[ "$(grep -c '"option":"--output-dir"' m)" = 4 ]
	try 0 audit --fail-on never -q d/a.xml --report html=page --report text=page.txt --write-baseline known --manifest m
	for name in page page.txt known; do
		[ "$(field crc32 "$name" m)" = "$(crc32 "$name")" ]
	done
	try 0 disks d/a.xml -o list --manifest m
	[ "$(field crc32 list m)" = "$(crc32 list)" ]
	try 2 diff -q d/a.xml d/b.sxp -o changes --manifest m
	[ "$(field crc32 changes m)" = "$(crc32 changes)" ]
	try 0 convert -q d/a.xml -o x.tar --manifest m
	[ "$(field crc32 x.tar m)" = "$(crc32 x.tar)" ]
}

@test "file names can be read back from a manifest, whatever their bytes" {
	local name
	mkdir d
	for name in $'d/\xff\xfe.xml' $'d/a"b\\c.xml' $'d/line\nfeed\ttab.xml' $'d/\xc3\xa9\xe2\x80\xae.xml' $'d/\x7f\x01.xml' 'd/ space'; do
		xml a >"$name"
	done
	try 0 check -q -r d --manifest m
	[ "$(tr -d '\n' <m | tr -d '[:print:]' | wc -c)" = 2 ] # é
	for name in d/*; do
		[ "$(field size "$name" m)" = "$(stat -c %s "$name")" ]
	done
	try 0 check --manifest m
	same out "6 inputs and 1 output compared, 0 differences"
}

@test "check --manifest compares inputs and outputs and reports what has changed" {
	dumps
	try 2 convert -q -r d all.tar -o result.xml --manifest m
	try 0 check --manifest m
	same out "7 inputs and 1 output compared, 0 differences"
	empty err
	cp -r . ../keep.$$
	mv ../keep.$$ keep

	sed -i 's/<name>a/<name>b/' d/a.xml
	try 1 check --manifest m
	has out "d/a.xml: CRC-32 was "
	has out "7 inputs and 1 output compared, 1 difference"
	cp keep/d/a.xml d

	sexpr e >>d/b.sxp
	try 1 check --manifest m
	has out "d/b.sxp: size was "
	has out "d/b.sxp: number of domains was 3, is 4"
	cp keep/d/b.sxp d

	mv d/c.xml.gz elsewhere
	cp d/a.xml d/new.xml
	try 1 check --manifest m
	empty err
	has out "d/c.xml.gz: is gone"
	has out "d/new.xml: is new"
	has out "2 differences"
	mv elsewhere d/c.xml.gz
	rm d/new.xml

	echo >>result.xml
	try 1 check --manifest m
	has out "result.xml: size was "
	rm result.xml
	try 1 check --manifest m
	has out "result.xml: is gone"
	cp keep/result.xml .

	xml a >d/cut.xml
	try 1 check --manifest m
	has out "d/cut.xml: outcome was damaged, is read"
	cp keep/d/cut.xml d

	rm all.tar
	try 1 check --manifest m
	has out "all.tar: is gone"
	tar cf all.tar d/a.xml
	try 1 check --manifest m
	has out "all.tar!d/b.sxp: is gone"
	cp keep/all.tar .
	try 0 check --manifest m
	try 0 check -j 64 --manifest m
}

@test "a manifest of an empty directory has nothing to compare" {
	mkdir d
	try 0 check -q -r d --manifest m
	try 0 check --manifest m <"$samples/config.sxp"
	has out "0 inputs and "
	has out " compared, 0 differences"
}

@test "check --manifest refuses options that only the run that wrote the manifest can use" {
	local option
	try 0 check -q --manifest m "$samples/estate.xml"
	for option in name=a uuid=a2c40f3e7a1d4a3c8d526e0b9f1c2d01 on-host=a where=mode=w from=xml xml-parser=expat host=a \
		scope=run host-from='a*' label=a rejects=bad resume require-domains max-errors=1 max-domain=1k max-token=1k \
		max-depth=9 max-attributes=9 max-parts=9 max-gzip-ratio=9; do
		try 3 check --manifest m "--$option" </dev/null
		has err "option '--${option%%=*}' has no effect here"
	done
	[ ! -e bad ]
	try 0 check --manifest m -q -j 2 --progress never --max-messages 1 --accept rejects
}

@test "check --manifest reads the inputs with the recorded options" {
	dumps
	try 2 check -q --from sexpr --max-depth 1 d/a.xml d/b.sxp --manifest m
	try 0 check --manifest m
	printf '%s\n' d/a.xml d/b.sxp d/a.xml >list
	try 2 disks -q --files-from list --rejects bad --manifest m
	try 0 check --manifest m
	same out "3 inputs and 2 outputs compared, 0 differences"
	[ -f bad ]
	try 0 diff -q d/a.xml d/c.xml.gz --manifest m
	try 0 check --manifest m
	try 0 audit -q --fail-on never --min-severity high d/a.xml --manifest m
	try 0 check --manifest m
	try 0 check --manifest m - <d/a.xml
	try 0 check --manifest m
	has err "1 input came from standard input and cannot be compared"
	try 0 check --label web01 --manifest m - d/a.xml <d/a.xml
	try 0 check --manifest m
	has out "2 inputs and 1 output compared, 0 differences"
}

@test "a file that can no longer be read is status 2" {
	dumps
	xml a >a.xml
	chmod 755 . d
	try 0 check -q a.xml --manifest m
	chmod 000 a.xml
	local status=0
	run_unprivileged "$domstream" check --manifest m >out 2>err || status=$?
	[ "$status" = 2 ]
	has out "a.xml: can no longer be read"
	try 2 check -q -r d --manifest m
	chmod 000 d
	status=0
	run_unprivileged "$domstream" check --manifest m >out 2>err || status=$?
	chmod 755 d
	[ "$status" = 2 ]
	has out "d/a.xml: can no longer be read"
}

@test "a directory that cannot be read is a damaged input" {
	local status=0
	dumps
	chmod 755 .
	try 2 check -q -r d --manifest m
	mkdir -m 000 d/new
	run_unprivileged "$domstream" check --manifest m >out 2>err || status=$?
	[ "$status" = 2 ]
	has out "d/new: cannot be read"
	has out ", 1 difference"
	status=0
	run_unprivileged "$domstream" check -r d --manifest now >out 2>err || status=$?
	[ "$status" = 2 ]
	has err "d/new: error: cannot read the directory: Permission denied [DA908]"
	[ "$(jq -r '.inputs[] | select(.name == "d/new") | .outcome' now)" = damaged ]
	status=0
	run_unprivileged "$domstream" check --manifest now >out 2>err || status=$?
	[ "$status" = 0 ]
	try 1 check --manifest now
	has out "d/new: can be read now"
	rmdir d/new
	try 1 check --manifest now
	has out "d/new: is gone"
}

@test "check --manifest does not wait for a pipe that has replaced a file" {
	dumps
	cp d/a.xml a.xml
	try 2 check -q -r a.xml d --manifest m
	rm a.xml d/a.xml
	mkfifo a.xml d/a.xml
	try 1 check --manifest m
	has out "a.xml: is not a regular file"
	has out "d/a.xml: is not a regular file"
	has out "5 inputs and 1 output compared, 2 differences"
}

@test "check --manifest reports the files of a directory that was removed, and not the directory" {
	dumps
	try 2 check -q -r d --manifest m
	rm -r d
	try 1 check --manifest m
	has out "d/a.xml: is gone"
	has_not out "is new"
	mkdir -p d/a.xml
	try 1 check --manifest m
	has out "d/a.xml: is gone"
	has_not out "is new"
}

@test "a file that is not a manifest is status 2" {
	try 2 check --manifest missing
	has err "cannot read the manifest 'missing': No such file or directory"
	xml a >dump
	try 2 check --manifest dump
	has err "cannot read the manifest 'dump': it was not written by a run with --manifest"
	try 2 check --manifest .
	local text
	for text in '' '{' '{}' '[]' '{"manifest":2}' '{"manifest":1' '{"manifest":1}}' '{"manifest":1,}' '{"manifest":-1}' \
		'{"manifest":1,"inputs":{}}' '{"manifest":1,"inputs":[{}]}' '{"manifest":1,"inputs":[{"name":null}]}' \
		'{"manifest":1,"inputs":[{"name":"a\u0000"}]}' '{"manifest":1,"inputs":[{"name":"a\x"}]}' \
		'{"manifest":1,"inputs":[{"name":"a}]}' '{"manifest":1,"x":[[{]]}' '{"manifest":1,"x":}' \
		'{"manifest":1,"inputs":[{"name":"a","size":99999999999999999999}]}' '{"manifest" 1}' '{"manifest":1 "x":2}' \
		'{"manifest":1,"options":["--from=yaml"]}'; do
		printf %s "$text" >m
		try 2 check --manifest m || { echo "$text"; return 1; }
		has err "cannot read the manifest 'm': "
		empty out
	done
	# Unknown members are skipped; the lists may be empty.
	printf '%s' ' { "x" : [ { "y" : [ ] } , "z" , 12 , true , null ] , "manifest" : 1 } ' >m
	try 0 check --manifest m </dev/null
	has out "0 inputs and "
	has out " compared, 0 differences"
	printf '[%.0s' $(seq 100000) >deep
	printf '{"manifest":1,"x":%s' "$(cat deep)" >m
	try 2 check --manifest m
}

@test "a manifest appears complete or not at all, and overwrites nothing" {
	dumps
	echo old >m
	try 4 convert -q d/a.xml -o /nowhere/x --manifest m
	try 3 convert -q d/a.xml --bogus --manifest m
	same m old
	try 3 check d/a.xml --manifest d/a.xml
	has err "'d/a.xml' is an input and would be overwritten"
	try 3 convert d/a.xml -o x --manifest x
	has err "'x' cannot be both '--output' and '--manifest'"
	try 3 check -r d --manifest d/m
	[ -c /dev/full ] || skip "no /dev/full"
	try 4 check d/a.xml --manifest /dev/full
}

# A dump whose second domain is rejected.
broken_dump() {
	xml a
	printf '<domain><name>b</name><memory>many</memory></domain>\n'
	seq -f "$(xml c%.0f)" "$1"
}

@test "the manifest of a run that --max-errors has stopped lists the input in which it was stopped" {
	local jobs count
	xml first >1.xml
	xml last >3.xml
	for count in 1 20000; do
		broken_dump "$count" >2.xml
		for jobs in 1 2 64; do
			try 2 check --max-errors 1 -j "$jobs" --manifest "m.$jobs" 1.xml 2.xml 3.xml
			cmp m.1 "m.$jobs"
		done
		grep '"name":"1.xml"' m.1 >entry
		has entry '"outcome":"read"'
		has_not entry stopped
		grep '"name":"2.xml"' m.1 >entry
		has entry '"outcome":"damaged"'
		has entry '"crc32":null'
		has entry '"domains":2,"rejected":1,'
		has entry '"stopped":true'
		has_not m.1 '3.xml'
		has m.1 '"inputs_read":1,"inputs_without_domain":0,"inputs_foreign":0,"inputs_damaged":1,'
		grep -q '^"stopped":true}$' m.1
	done
	try 2 check --manifest m 1.xml 2.xml 3.xml
	has_not m stopped
}

@test "a member in which a run was stopped is listed with its archive" {
	local count
	xml first >1.xml
	xml last >3.xml
	for count in 1 20000; do
		broken_dump "$count" >2.xml
		tar -cf all.tar 1.xml 2.xml 3.xml
		try 2 check --max-errors 1 --manifest m all.tar
		[ "$(grep -c '"name":"all.tar' m)" = 3 ]
		grep '"name":"all.tar!2.xml"' m >entry
		has entry '"domains":2,"rejected":1,'
		has entry '"stopped":true'
		grep '"name":"all.tar"' m >entry
		has entry '"kind":"archive","outcome":"damaged"'
		has entry '"stopped":true'
		try 0 check --manifest m
		has err "1 input that it does not list was not compared"
	done
}

@test "check --manifest of a stopped run compares what was read, and says that it is incomplete" {
	mkdir d
	xml first >d/1.xml
	broken_dump 20000 >d/2.xml
	xml last >d/3.xml
	try 2 check --max-errors 1 --manifest m -r d
	try 0 check --manifest m
	has err "the manifest is incomplete: --max-errors has stopped its run before all inputs were read"
	has err "1 input that it does not list was not compared"
	has out "2 inputs and 1 output compared, 0 differences"
	xml more >>d/2.xml
	rm d/1.xml
	try 1 check --manifest m
	has out "d/2.xml: size was "
	has out "d/1.xml: is gone"
	has_not out "d/3.xml"
}
