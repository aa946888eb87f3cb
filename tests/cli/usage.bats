#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

# wrong MESSAGE [COMMAND] OPTION...: wrong usage is status 3, says what is wrong and whose help to read, and writes nothing.
wrong() {
	local message=$1 command=
	shift
	case ${1:-} in
	convert | extract | disks | audit | diff | check | explain) command="$1 " ;;
	esac
	try 3 "$@" </dev/null &&
		empty out &&
		same err "domstream: error: $message" "domstream: try 'domstream $command--help'"
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
	has out "--xend 3.0.2|3.0.3|3.0.4|3.1"
	try 0 --version
	[[ $(head -n 1 out) =~ ^domstream\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	try 0 -V
	empty err
}

@test "help and manual name the same options" {
	local option
	local command
	for command in convert disks audit diff check merge; do
		try 0 help $command
		cat out >>all
	done
	mv all out
	for option in $(sed -n -E 's/^  (-., |    )(--[a-z0-9-]+).*/\2/p' out | sort -u); do
		grep -q -e "Fl Fl ${option#--}\b" "$BATS_TEST_DIRNAME/../../src/cli/domstream.1" || {
			echo "not in the manual: $option"
			return 1
		}
	done
	for option in $(sed -n 's/^\.It .*Fl Fl \([a-z0-9-]*\).*/--\1/p' "$BATS_TEST_DIRNAME/../../src/cli/domstream.1"); do
		[ "$option" = --version ] || has out "$option"
	done
}

@test "help fits 80 columns, has two examples, and lists every exit status" {
	local command
	for command in convert extract disks audit diff check merge; do
		try 0 help $command
		[ -z "$(grep -E '^.{81}' out)" ]
		[ "$(sed -n '/^Examples:/,/^$/p' out | grep -c domstream)" = 2 ]
		has out "Exit status:"
		[ "$(grep -c '^  [0234]  ' out)" = 4 ]
	done
	try 0 help audit
	has out "  1  findings at or above --fail-on"
	try 0 help
	[ -z "$(grep -E '^.{81}' out)" ]
}

@test "the examples of the help are accepted as they are written" {
	local command
	mkdir -p var/lib/xend/domains etc/libvirt/xen dumps
	for command in nightly.xml.gz nightly.sxp host-a.sxp.gz host-b.xml.gz monday.sxp.gz tuesday.sxp.gz old.sxp new.xml \
		dumps/a.xml var/lib/xend/domains/a.xml etc/libvirt/xen/a.xml; do
		cp "$samples/estate.xml" $command
	done
	for command in convert extract disks audit diff check; do
		"$domstream" help $command | sed -n '/^Examples:/,/^$/s/^  //p' >>examples
	done
	[ "$(wc -l <examples)" = 12 ]
	while read -r command; do
		command=${command//\/var\//var/}
		command=${command//\/etc\//etc/}
		command=${command//domstream /\"$domstream\" }
		(
			xm() {
				cat "$samples/config.sxp"
			}
			eval "$command"
		) >out 2>err </dev/null || [ $? = 1 ] || { echo "$command" && cat err && return 1; }
	done <examples
}

@test "wrong commands and options are status 3 and say so" {
	wrong "missing command"
	wrong "unknown command 'bogus'" bogus
	wrong "unknown command 'convrt'; did you mean 'convert'?" convrt
	wrong "unknown command 'excplain'; did you mean 'explain'?" excplain
	wrong "option '--to' is unknown or needs a command before it" --to xml
	wrong "unknown option '--bogus'" convert --bogus
	wrong "unknown option '--strickt'; did you mean '--strict'?" convert --strickt
	wrong "unknown option '--srtict=yes'; did you mean '--strict'?" convert --srtict=yes
	wrong "'check' has no option '--strict'" check --strict
	wrong "option '--max' is ambiguous: more letters are needed" convert --max 3
	wrong "option '--xend' cannot be '4'; it is one of 3.0.2|3.0.3|3.0.4|3.1" convert --xend 4
	wrong "option '--to' cannot be 'yaml'; it is one of xml|sexpr" convert --to yaml
	wrong "option '--to' cannot be 'sexp'; it is one of xml|sexpr; did you mean 'sexpr'?" convert --to sexp
	wrong "option '--from' cannot be 'yaml'; it is one of auto|xml|sexpr" convert --from yaml
	wrong "option '--wrap' cannot be 'perhaps'; it is one of auto|always|never" convert --wrap perhaps
	wrong "option '--only' cannot be 'nets'; it can only be 'disks'" convert --only nets
	wrong "option '--gzip' cannot be '10'" convert --gzip=10
	wrong "option '--jobs' cannot be '-1'; it is a number in its range" convert -j -1
	wrong "option '--jobs' cannot be '1025'; it is a number in its range" convert -j 1025
	wrong "option '--max-domain' cannot be '16X'; it is a size such as 64k or 16M" convert --max-domain 16X
	wrong "option '--max-domain' cannot be '0'; it is a size such as 64k or 16M" convert --max-domain 0
	wrong "option '--max-depth' cannot be ''; it is a number in its range" convert --max-depth ''
	wrong "option '--max-errors' cannot be '99999999999999999999'; it is a number in its range" convert --max-errors 99999999999999999999
	wrong "option '--progress' cannot be 'often'; it is one of auto|always|never" convert --progress often
	wrong "unknown option '-9'; a level of compression is given as '--gzip=9'" convert -z9
}

@test "a level after --gzip is not treated as a file" {
	cp "$samples/estate.xml" 9
	wrong "the level of '--gzip' is given as '--gzip=9'; a file of that name is './9'" convert --gzip 9
	try 0 convert -q --gzip ./9
	gzip -t <out
}

@test "an option without effect in this combination is wrong usage" {
	wrong "option '--pretty' has no effect with '--to xml': it lays out SEXPR" convert --pretty --to xml
	wrong "option '--wrap' has no effect with '--to sexpr': it is about XML" convert --wrap always --to sexpr
	try 0 convert -q --pretty --to sexpr "$samples/estate.xml"
	try 0 convert -q --wrap always --to xml "$samples/config.sxp"
}

@test "a command that reads the terminal says that it waits" {
	timeout -k 5 60 script -q -c "printf '(domain (name a))\n' | '$domstream' check" typescript >piped </dev/null
	has_not piped "from the terminal"
	timeout -k 5 60 script -q -c "timeout --foreground 5 '$domstream' check" typescript >waiting <<<'(domain (name a))'
	has waiting "reading standard input from the terminal; Ctrl-D ends it"
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
	local top=$BATS_TEST_DIRNAME/../.. page=${TESTED%/*}/domstream-rules.7 id
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
