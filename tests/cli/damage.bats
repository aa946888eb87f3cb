#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

# Makes a dump with one bad domain among ten thousand. All others must be converted, and the message must name the domain,
# the position and the reason.
one_of_many() {
	local format=$1
	"$gen" --format "$format" --domains 10000 >good
	"$gen" --format "$format" --domains 4999 >dump
	"$gen" --format "$format" --domains 1 --start 4999 --bad 5000 >bad
	cmp -s bad <("$gen" --format "$format" --domains 1 --start 4999) && return 1
	cat bad >>dump
	"$gen" --format "$format" --domains 5000 --start 5000 >>dump
	try 0 convert -q good
	grep -v -x -e "<domains>" -e "</domains>" out >expected || true
	try 2 convert --losses lost --rejects refused dump
	has err "domstream: 10000 domains read, 9999 converted, 1 rejected, "
	[ "$(grep -c ': error: ' err)" = 1 ]
	line=$(("$("$gen" --format "$format" --domains 4999 | wc -l)" + 1))
	name=$("$gen" --format "$format" --domains 1 --start 4999 | sed -n 's/.*[<(]name[> ]\([^<)]*\)[<)].*/\1/p' | head -n 1)
	[ -n "$name" ]
	has err "domain '$name': "
	has err "dump:$line:"
	[ "$(grep -c -e '<name>' -e '^(vm' out)" = 9999 ]
	tail -n +2 refused | head -n "$(($(wc -l <bad) - 1))" | cmp - <(head -n "$(($(wc -l <bad) - 1))" bad)
}

@test "one bad domain among 10,000 in XML does not affect the others" {
	one_of_many xml
}

@test "one bad domain among 10,000 in SEXPR does not affect the others" {
	one_of_many sexpr
}

# cut FILE no|between: truncates the file at 200 positions. The status must be 2, or with "between", 0 where a dump that is cut
# between two domains is complete.
cut() {
	local size at i status whole
	size=$(wc -c <"$1")
	for ((i = 0; i < 200; i++)); do
		at=$((1 + (size - 2) * i / 200 + i % 7))
		head -c "$at" "$1" >part
		status=0
		"$domstream" check part >out 2>err || status=$?
		[ "$status" = 2 ] && continue
		# A dump that ends between two domains cannot be recognized as truncated.
		whole=$(tail -c 40 part | tr -d ' \n')
		[ "$status" = 0 ] && [[ $whole = *"</domain>" || $whole = *")" && $2 = between ]] && continue
		printf 'cut at %s: status %s\n' "$at" "$status"
		return 1
	done
}

@test "a truncated file is never read as a complete one: XML" {
	"$gen" --format xml --domains 6 --wrapped >whole
	cut whole no
}

@test "a truncated file is never read as a complete one: SEXPR" {
	"$gen" --format sexpr --domains 6 --wrapped >whole
	cut whole no
}

@test "a truncated file is never read as a complete one: gzip" {
	"$gen" --format xml --domains 300 --wrapped | gzip >whole
	cut whole no
}

@test "a truncated file is never read as a complete one: concatenated" {
	"$gen" --format xml --domains 6 --concat >whole
	cut whole between
	"$gen" --format sexpr --domains 6 --concat >whole
	cut whole between
}

@test "a message about text outside of domains quotes it and says how to override the format" {
	{ echo "Warning: (ED25519) # added"; xml a; echo "<domains>"; xml b; echo "error: failed to get domain c"; xml d; echo "</domains>"; } >dump
	try 2 check dump
	has err "dump:1:1: error: text outside of any element: 'Warning: ' (read as XML; --from sexpr reads SEXPR) [DA904]"
	has err "dump:5:1: error: text between domains: 'error: failed to get domain c' (read as XML; --from sexpr reads SEXPR) [DA904]"
	has out "3 domains"
	# With --from, the user knows the format.
	try 2 check --from xml dump
	has err "dump:5:1: error: text between domains: 'error: failed to get domain c' [DA904]"
	{ sexpr a; echo "\$ prompt"; sexpr b; } >dump
	try 2 check dump
	has err "dump:2:1: error: text outside of any domain: '\$ prompt' (read as SEXPR; --from xml reads XML) [DA904]"
	# The format is named even if no text can be quoted.
	{ echo "(("; xml a; } >dump
	try 2 check dump
	has err "dump:1:1: error: text outside of any element (read as XML; --from sexpr reads SEXPR) [DA904]"
	# Markup and passwords are not shown.
	printf "<domain><name>a</name></domain> passwd='secret'/>\n" >dump
	try 2 check dump
	has_not err secret
}
