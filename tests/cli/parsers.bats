#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

# PARSERS_DOMAINS sets the number of domains in each of the four generated dumps: 35000 are 200 MB in all.

load helper

domains=${PARSERS_DOMAINS:-2000}

# run_with PARSER JOBS FILE...: stores all output of a conversion and an audit of the files in `result`, without
# seconds.
run_with() {
	local parser=$1 jobs=$2 status=0
	shift 2
	"$domstream" convert --xml-parser "$parser" -j "$jobs" --losses lost --rejects refused "$@" >out 2>err || status=$?
	{
		echo "status $status"
		cat out lost refused
		sed 's/[0-9.]* s$//' err
		"$domstream" audit -q --xml-parser "$parser" -j "$jobs" --format ndjson "$@" 2>&1 || true
	} >result
}

# alike FILE...: expects that the parser and the number of threads change nothing.
alike() {
	local parser jobs
	run_with expat 1 "$@"
	mv result expected
	for parser in auto expat; do
		for jobs in 1 2 8; do
			run_with "$parser" "$jobs" "$@"
			cmp expected result
		done
	done
}

@test "both parsers read the same in all dumps of the tests" {
	alike "$samples"/*.xml
	alike "$BATS_TEST_DIRNAME"/../data/*.xml
	alike "$BATS_TEST_DIRNAME"/../audit/*.xml
	alike -r "$BATS_TEST_DIRNAME/../golden"
}

@test "both parsers read the same in a damaged dump" {
	"$gen" --format xml --domains "$domains" --bad 7 >dump
	alike dump
	grep -q rejected err
}

@test "both parsers read the same in domains that are not plain" {
	"$gen" --format xml --domains "$domains" --wrapped >plain
	sed -e '0~97s/$/\r/' -e '0~101s/</<!-- x --></' -e '0~211s/vm/\&#118;m/' plain >dump
	[ "$(diff plain dump | grep -c '^>')" -gt $((domains / 3)) ]
	alike dump
}

# Damages about one byte in 6000: it is replaced by one that matters in XML or by any other, removed, or repeated with
# the bytes after it.
damage() {
	python3 -c '
import random, sys
random.seed(int(sys.argv[1]))
data, at, out = sys.stdin.buffer.read(), 0, sys.stdout.buffer
while at < len(data):
    size = random.randint(1, 12000)
    out.write(data[at : at + size])
    at += size
    kind = random.random()
    if kind < 0.8:
        at += 1
    if kind < 0.5:
        out.write(bytes([random.choice(b"<>&;/!?-]=\"\x27 \r\n\t\0\x80\xc3d")]))
    elif kind < 0.7:
        out.write(random.randbytes(1))
    elif kind >= 0.8:
        out.write(data[at : at + 300])
' "$1"
}

@test "both parsers read the same in dumps of damaged bytes" {
	for layout in --wrapped --concat; do
		"$gen" --format xml --domains "$domains" "$layout" | damage "$domains" >dump
		alike dump
		grep -q rejected err
	done
}

@test "an unknown parser is wrong usage" {
	try 3 check --xml-parser sax "$samples"/xend-3.0.2.sxp
	has err "--xml-parser"
}
