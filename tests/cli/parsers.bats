#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

# run_with PARSER JOBS FILE...: everything that a conversion and an audit of the files say, in `said`; seconds are left out.
run_with() {
	local parser=$1 jobs=$2 status=0
	shift 2
	"$domstream" convert --xml-parser "$parser" -j "$jobs" --losses lost --rejects refused "$@" >out 2>err || status=$?
	{
		echo "status $status"
		cat out lost refused
		sed 's/[0-9.]* s$//' err
		"$domstream" audit -q --xml-parser "$parser" -j "$jobs" --format ndjson "$@" 2>&1 || true
	} >said
}

# alike FILE...: the parser and the number of jobs change nothing.
alike() {
	local parser jobs
	run_with expat 1 "$@"
	mv said expected
	for parser in auto expat; do
		for jobs in 1 2 8; do
			run_with "$parser" "$jobs" "$@"
			cmp expected said
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
	"$gen" --format xml --domains 3000 --bad 7 >dump
	alike dump
	grep -q rejected err
}

@test "both parsers read the same in domains that are not plain" {
	"$gen" --format xml --domains 2000 --wrapped >plain
	sed -e '0~97s/$/\r/' -e '0~101s/</<!-- x --></' -e '0~211s/vm/\&#118;m/' plain >dump
	[ "$(diff plain dump | grep -c '^>')" -gt 900 ]
	alike dump
}

@test "an unknown parser is wrong usage" {
	try 3 check --xml-parser sax "$samples"/xend-3.0.2.sxp
	has err "--xml-parser"
}
