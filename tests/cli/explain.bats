#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# domstream explain describes every id, and its examples can be read.

load helper

# All ids of rules, of damage and of losses.
ids() {
	"$domstream" explain | sed -n 's/^  \([^ ][^ ]*\) .*/\1/p'
}

# example Bad|Good: the example of the rule in the file `out`, without its indentation.
example() {
	awk -v heading="$1" '/^[A-Z][a-z]*$/ { inside = $0 == heading; next } inside' out | sed -e 's/^    //' -e '/^$/d'
}

@test "explain lists rules, damage and losses in groups" {
	try 0 explain
	empty err
	has out "Rules about one disk:"
	has out "  DA101  high      writable disk is loop-backed"
	has out "  DA301  critical  image shared by several domains, one of them writing"
	has out "  DA904  low       there are bytes that belong to no domain"
	has out "  no-place         the output format cannot express it"
	[ "$(grep -c ':$' out)" = 6 ]
	[ "$(ids | wc -l)" = "$(ids | sort -u | wc -l)" ]
	[ "$(ids | grep -c '^DA[1-4]')" = "$(grep -c '^DS_RULE([1-4]' "$BATS_TEST_DIRNAME/../../src/audit/rules.def")" ]
	[ "$(ids | grep '^DA9' | sort | tr '\n' ' ')" = "DA901 DA902 DA903 DA904 DA905 DA906 DA907 DA908 DA909 DA910 " ]
}

@test "explain prints everything about a rule, by id or name" {
	try 0 explain DA101
	has out "DA101 loop-backed-writable (high): writable disk is loop-backed"
	[ "$(grep -x -E 'Hypervisors|Why|Bad|Good|Source' out | tr '\n' ' ')" = "Hypervisors Why Bad Good Source " ]
	has out "    (domain (name web) (image (linux (kernel /boot/vmlinuz)))"
	has out "    Daniel Berrange, libvir-list, 2008-01-27"
	mv out by-id
	try 0 explain loop-backed-writable
	cmp out by-id
	try 0 explain DA905 no-place
	has out "DA905 limit-exceeded (high): a limit is exceeded"
	has out "no-place: the output format cannot express it"
	has_not out "Bad"
}

@test "explain of every id fits a terminal of 80 columns" {
	local id
	{ "$domstream" explain && for id in $(ids); do "$domstream" explain "$id" || exit 1; done; } >out
	[ "$(wc -l <out)" -gt 1000 ]
	if grep -n -E '^.{81}| $' out; then
		return 1
	fi
	! grep -n -P '[^ -~]' out
}

@test "explain refuses other words and prints nothing" {
	try 3 explain DA101 no-such-id
	has err "no rule, message or loss contains 'no-such-id'"
	empty out
	try 3 explain ''
	try 3 explain --all
	try 3 explain DA101 --all
	try 3 explain -- --all
	try 0 explain --help
	has out "Usage: domstream explain"
	try 0 explain DA101 -h
	has out "Usage: domstream explain"
}

@test "ids and names are explained in any case" {
	try 0 explain DA115
	mv out expected
	for word in da115 Da115 forced-sharing FORCED-SHARING "-- DA115"; do
		# shellcheck disable=SC2086 # two words
		try 0 explain $word
		cmp out expected
	done
	try 0 explain NO-PLACE
	has out "no-place: "
	try 3 explain 115
	has err "did you mean 'DA115'?"
}

# Lines "--- new" separate the dumps.
@test "every example of every rule is read without anything unknown, and the bad one alone has the finding" {
	local id kind part parts domains fires
	for id in $(ids | grep '^DA[1-4]') DA907; do
		"$domstream" explain "$id" >out
		for kind in Bad Good; do
			rm -f part.*
			example "$kind" | awk 'BEGIN { n = 1 } /^--- new$/ { n++; next } { print > ("part." n) }'
			parts=1 domains=1
			case $id in
			DA208 | DA30?) domains=2 ;;
			DA40[1-4]) parts=2 ;;
			esac
			rm -f images.list
			[ "$id" != DA406 ] || { awk '/^--- images$/ { on = 1; next } on' part.1 >images.list &&
				sed -i '/^--- images$/,$d' part.1 && [ -s images.list ]; } || return 1
			[ "$(find . -name 'part.*' | wc -l)" = "$parts" ] || { echo "$id $kind: parts" && return 1; }
			for part in part.*; do
				cp out page
				try 0 check "$part" || { echo "$id $kind" && cat "$part" && return 1; }
				grep -q "^$domains domain" out || { echo "$id $kind: $(cat out)" && return 1; }
				try 0 convert -q --losses losses "$part" || { echo "$id $kind" && return 1; }
				grep '"reason":"unknown"' losses >unknown || true
				[ "$(wc -l <unknown)" = "$([ "$id $kind" = "DA907 Bad" ] && echo 1 || echo 0)" ] ||
					{ echo "$id $kind" && cat unknown && return 1; }
				mv page out
			done
			case $id in
			DA40[1-4]) ;;
			*)
				"$domstream" audit -q --fail-on never --converting --format ndjson \
					$([ ! -e images.list ] || echo --images images.list) part.1 >found || return 1
				if grep -q "\"rule\":\"$id\"" found; then fires=Bad; else fires=Good; fi
				[ "$fires" = "$kind" ] || { echo "$id: the audit takes the $kind example for the other" && return 1; }
				;;
			esac
		done
	done
}

@test "explain finds rules and losses by a word, and suggests the nearest id" {
	try 0 explain schema
	has out "schema: "
	try 0 explain CACHED
	has out "  DA116  high      "
	has_not out "DA115"
	try 3 explain DA30x
	has err "no rule, message or loss contains 'DA30x'; did you mean 'DA301'?"
	try 3 explain ''
	try 3 explain DA101 zzzzzzzz
	empty out
	has err "no rule, message or loss contains 'zzzzzzzz'; 'domstream explain' lists all"
}
