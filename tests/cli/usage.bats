#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

# wrong MESSAGE OPTION...: wrong usage is status 3, says what is wrong, and writes nothing.
wrong() {
	local message=$1
	shift
	try 3 "$@" </dev/null &&
		empty out &&
		same err "domstream: error: $message" "domstream: try 'domstream --help'"
}

@test "help and version go to standard output" {
	try 0 --help
	has out "Usage: domstream COMMAND"
	empty err
	try 0 convert --help
	has out "Usage: domstream convert"
	try 0 check -h
	has out "Usage: domstream check"
	has_not out "--xend"
	try 0 help
	has out "Commands:"
	try 0 help convert
	has out "--xend VERSION"
	try 0 --version
	[[ $(head -n 1 out) =~ ^domstream\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	try 0 -V
	empty err
}

@test "help and manual name the same options" {
	local option
	local command
	for command in convert disks audit diff check; do
		try 0 help $command
		cat out >>all
	done
	mv all out
	for option in $(grep -o -e '--[a-z-]*' out | sort -u); do
		grep -q -e "Fl Fl ${option#--}\b" "$BATS_TEST_DIRNAME/../../src/cli/domstream.1" || {
			echo "not in the manual: $option"
			return 1
		}
	done
	for option in $(sed -n 's/^\.It .*Fl Fl \([a-z-]*\).*/--\1/p' "$BATS_TEST_DIRNAME/../../src/cli/domstream.1"); do
		[ "$option" = --version ] || has out "$option"
	done
}

@test "help lines are short" {
	try 0 help convert
	[ -z "$(grep -E '^.{92}' out)" ]
}

@test "wrong commands and options are status 3 and say so" {
	wrong "no command"
	wrong "unknown command 'bogus'" bogus
	wrong "unknown option '--bogus'" convert --bogus
	wrong "option '--xend' cannot be '4'" convert --xend 4
	wrong "option '--to' cannot be 'yaml'; it is one of xml|sexpr" convert --to yaml
	wrong "option '--from' cannot be 'yaml'; it is one of auto|xml|sexpr" convert --from yaml
	wrong "option '--wrap' cannot be 'perhaps'" convert --wrap perhaps
	wrong "option '--only' cannot be 'nets'" convert --only nets
	wrong "option '--gzip' cannot be '10'" convert --gzip=10
	wrong "option '--jobs' cannot be '-1'" convert -j -1
	wrong "option '--jobs' cannot be '1025'" convert -j 1025
	wrong "option '--max-domain' cannot be '16X'" convert --max-domain 16X
	wrong "option '--max-domain' cannot be '0'" convert --max-domain 0
	wrong "option '--max-depth' cannot be ''" convert --max-depth ''
	wrong "option '--max-errors' cannot be '99999999999999999999'" convert --max-errors 99999999999999999999
	wrong "option '--progress' cannot be 'often'" convert --progress often
}

@test "options that write are not for check" {
	try 3 check --xend 3.1 </dev/null
	try 3 check -o x </dev/null
	[ ! -e x ]
}

@test "wrong usage leaves every file as it was" {
	echo old >target
	try 3 convert -o target --rejects bad --losses lost --bogus "$samples/estate.xml"
	same target old
	[ ! -e bad ]
	[ ! -e lost ]
}

@test "one file for two purposes is wrong usage" {
	try 3 convert -o same --rejects same "$samples/estate.xml"
	[ ! -e same ]
}

@test "options may follow files, and -- ends them" {
	cp "$samples/estate.xml" ./-q
	try 0 convert "$samples/estate.xml" --only disks --pretty -q
	has out "(vm"
	empty err
	try 0 check -q -- -q
	has out "5 domains"
}

@test "no file, or -, is standard input" {
	try 0 convert -q <"$samples/estate.xml"
	mv out one
	try 0 convert -q - <"$samples/estate.xml"
	cmp one out
	try 0 convert -q "$samples/estate.xml"
	cmp one out
	try 2 convert -q <<<'(domain (name a)'
	has err "<stdin>:1:1: error: domain 'a': "
}

@test "the manual lists every scalar that is carried" {
	local top=$BATS_TEST_DIRNAME/../.. name
	# The element's and the key's name of each row of the one table.
	for name in $(sed -n 's/^DS_FIELD([a-z_]*, *[A-Z]*, *[A-Z]*, *"\([^"]*\)", *[A-Z]*, *"\([^"]*\)")$/\1 \2/p' \
		"$top/src/record/fields.def"); do
		sed -n '/^\.Ss Domains/,/^\.Ss Text/p' "$top/src/cli/domstream.1" | grep -q -E "[ /]$name( |\$)" ||
			{ echo "not there: $name" && return 1; }
	done
}

@test "the manuals and explain know the same ids" {
	local top=$BATS_TEST_DIRNAME/../.. page=${domstream%/*}/domstream-rules.7 id
	"$domstream" explain | sed -n 's/^  \([^ ][^ ]*\) .*/\1/p' >ids
	[ "$(wc -l <ids)" -ge 66 ]
	while read -r id; do
		case $id in
		DA*) grep -q -e "^\.Ss $id " "$page" || { echo "not in the page of rules: $id" && return 1; } ;;
		esac
		case $id in
		DA[1-4]* | DA907) ;;
		*) grep -q -w -e "$id" "$top/src/cli/domstream.1" || { echo "not in the manual: $id" && return 1; } ;;
		esac
		"$domstream" explain "$id" | grep -q "^$id[: ]"
	done <ids
	[ "$(grep -c '^\.Ss ' "$page")" = "$(grep -c '^DA' ids)" ]
}
