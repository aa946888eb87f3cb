#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

# wrong MESSAGE [COMMAND] OPTION...: expects status 3, a message with the reason and the command whose help to read,
# and no output.
wrong() {
	local message=$1 command=
	shift
	case ${1:-} in
	convert | extract | disks | audit | diff | check | merge | explain) command="$1 " ;;
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
	try 0 help check
	has out "  1  something has changed since the manifest was written"
	try 0 help merge
	has out "  2  parts are missing or do not fit together, or status 2 of a part"
	try 0 help explain
	has out "Exit status:"
	[ -z "$(grep -E '^.{81}' out)" ]
	try 0 help
	[ -z "$(grep -E '^.{81}' out)" ]
	[ "$(sed -n '/^Examples:/,/^$/p' out | grep -c domstream)" = 2 ]
	[ "$(grep -c '^  [01234]  ' out)" = 5 ]
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

@test "a wrong command is status 3, and the nearest one is suggested" {
	local commands="convert, extract, disks, audit, diff, check, merge, explain, help"
	wrong "missing command"
	wrong "unknown command 'bogus'; the commands are $commands" bogus
	wrong "unknown command 'a.xml'; the commands are $commands" a.xml
	wrong "unknown command 'CONVERT'; did you mean 'convert'?" CONVERT
	wrong "unknown command 'version'; did you mean '--version'?" version
	wrong "unknown command ''; the commands are $commands" ''
	wrong "unknown command 'convrt'; did you mean 'convert'?" convrt
	wrong "unknown command 'excplain'; did you mean 'explain'?" excplain
	wrong "unknown command 'con'; did you mean 'convert'?" con
	wrong "unknown command 'foo'; the commands are $commands" help foo
	wrong "unknown command 'mrege'; did you mean 'merge'?" help mrege
	wrong "'help' takes one command, and 'audit' is a second word" help merge audit
	wrong "a command must come before option '--to'" --to xml
	wrong "a command must come before option '-r'" -r convert dumps
	wrong "a command must come before option '--'" -- convert a.xml
	wrong "unknown option '--hlep'; did you mean '--help'?" --hlep
	wrong "unknown option '--verison'; did you mean '--version'?" --verison convert
	wrong "'-V' takes no argument, and 'convert' is one" -V convert
	wrong "'help' takes one command, and 'audit' is a second word" --help merge audit
	touch a.xml
	wrong "'a.xml' is a file; a command must come before it, as in 'domstream check a.xml'" a.xml
}

@test "the help of a command is shown for every way to ask for it" {
	local words
	try 0 help merge
	mv out merge
	for words in "--help merge" "-h merge" "merge --help" "merge -h" "merge --help --bogus"; do
		# shellcheck disable=SC2086 # two words
		try 0 $words
		cmp out merge
	done
	try 0 help
	mv out all
	for words in --help -h "help help" "help --help"; do
		# shellcheck disable=SC2086
		try 0 $words
		cmp out all
	done
}

@test "an unknown option is status 3, and the nearest one, or the commands that have it, are named" {
	wrong "unknown option '--bogus'" convert --bogus
	wrong "unknown option '-x'" convert -x
	wrong "unknown option '--strickt'; did you mean '--strict'?" convert --strickt
	wrong "unknown option '--srtict=yes'; did you mean '--strict'?" convert --srtict=yes
	wrong "unknown option '--STRICT'; did you mean '--strict'?" convert --STRICT
	wrong "unknown option '--severity'; did you mean '--min-severity'?" audit --severity high
	wrong "unknown option '--no-progress'; did you mean '--progress'?" check --no-progress
	wrong "unknown option '--=x'" check --=x
	wrong "unknown option '---'" check ---
	wrong "unknown option '-9'; write a compression level as '--gzip=9'" convert -z9
	wrong "unknown option '--all'" explain --all
	wrong "'check' has no option '--strict'; only this command has it: convert" check --strict
	wrong "'convert' has no option '--format'; these commands have it: disks, audit, diff, merge" convert --format csv
	wrong "'audit' has no option '-z'; these commands have it: convert, extract, disks" audit -z
	wrong "'diff' has no option '--part'; these commands have it: convert, disks, audit, check" diff --part=1/2 a b
	wrong "'merge' has no option '-r'; these commands have it: convert, extract, disks, audit, diff, check" merge -r parts
	wrong "option '--max-d' is ambiguous: it could be --max-domain, --max-depth" convert --max-d 3
	wrong "option '--p' is ambiguous: it could be --preserve, --pretty, --part, --part-file, --progress" convert --p
	wrong "option '--losses' needs a value" convert --losses
	wrong "option '-o' needs a value" audit -o
	wrong "option '--pretty' takes no value" convert --pretty=1
}

@test "an option is not used as the value of the option before it" {
	local needs="needs a value; if"
	wrong "option '--output' $needs '--pretty' is the value, write '--output=--pretty'" convert -o --pretty a.xml
	wrong "option '--output' $needs '-r' is the value, write '--output=-r'" convert -o -r dumps
	wrong "option '--output' $needs '--' is the value, write '--output=--'" convert -o -- a.xml
	wrong "option '--rejects' $needs '--losses=x' is the value, write '--rejects=--losses=x'" convert --rejects --losses=x
	wrong "option '--name' $needs '-q' is the value, write '--name=-q'" check --name -q
	wrong "option '--to' $needs '--pre' is the value, write '--to=--pre'" convert --to --pre
	[ -z "$(find . -name '-*')" ]
	try 0 convert -q --output=--pretty "$samples/estate.xml"
	has ./--pretty "(vm "
	try 0 check -q --name -x "$samples/estate.xml"
	has out "0 domains"
}

@test "a file name is not empty, and standard input is read once" {
	wrong "a file name is empty" check ''
	wrong "a file name is empty" diff a.xml ''
	wrong "'-' is given twice, but standard input can be read only once" check - a.xml -
	wrong "'-' is given twice, but standard input can be read only once" diff - -
	wrong "'-' cannot be both an input and the list of '--files-from'" check --files-from - -
}

@test "a wrong value is status 3, and the message has the valid values" {
	local fields="host, domain, uuid, target, device, driver, type, source, mode, file, line, col, offset, number, bus"
	local reports="text, ndjson, sarif, junit, prom or html"
	fields+=", backend, guest, hypervisor, kind, protocol, hosts, pool, volume"
	wrong "invalid value '4' for '--xend': expected 3.0.2, 3.0.3, 3.0.4 or 3.1" convert --xend 4
	wrong "invalid value 'yaml' for '--to': expected xml or sexpr" convert --to yaml
	wrong "invalid value 'sexp' for '--to': expected xml or sexpr; did you mean 'sexpr'?" convert --to sexp
	wrong "invalid value 'yaml' for '--from': expected auto, xml or sexpr" convert --from yaml
	wrong "invalid value 'perhaps' for '--wrap': expected auto, always or never" convert --wrap perhaps
	wrong "invalid value 'nets' for '--only': expected disks" convert --only nets
	wrong "invalid value '10' for '--gzip': expected a number from 1 to 9" convert --gzip=10
	wrong "invalid value 'best' for '--gzip': expected a number from 1 to 9" convert --gzip=best
	wrong "invalid value '-1' for '--jobs': expected a number from 0 to 1024" convert -j -1
	wrong "invalid value '1025' for '--jobs': expected a number from 0 to 1024" convert -j 1025
	wrong "invalid value '' for '--max-depth': expected a number from 1 to 4294967295" convert --max-depth ''
	wrong "invalid value '99999999999999999999' for '--max-errors': expected a number, 0 or more" \
		convert --max-errors 99999999999999999999
	for size in 16X 0 2G 99999999999G M ''; do
		wrong "invalid value '$size' for '--max-domain': expected a size from 1 to 2147483647 bytes, such as 64k or 16M" \
			convert --max-domain "$size"
	done
	wrong "invalid value '1T' for '--max-token': expected a size in bytes, such as 64k or 16M" convert --max-token 1T
	wrong "invalid value 'often' for '--progress': expected auto, always or never" convert --progress often
	wrong "invalid value 'host' for '--scope': expected auto, run, argument, file or directory" check --scope host
	wrong "invalid value '' for '--host': expected a non-empty name" check --host ''
	wrong "invalid value 'dumps/a' for '--host-from': expected a path with a * for the host, such as dumps/*/etc" \
		check --host-from dumps/a
	for part in 3 0/3 4/3 1/65537 1/2/3 /2 1/; do
		wrong "invalid value '$part' for '--part': expected K/N, such as 3/64, with K from 1 to N and N at most 65536" \
			check --part $part a.xml
	done
	wrong "invalid value '12' for '--uuid': expected 32 hexadecimal digits, with or without hyphens" check --uuid 12
	wrong "invalid value 'driver' for '--where': expected FIELD=GLOB, such as driver=tap" check --where driver
	wrong "unknown field 'sorce' for '--where': expected one of $fields; did you mean 'source'?" check --where sorce=/a
	wrong "unknown field 'x' for '--columns': expected one of $fields" disks --columns domain,x
	wrong "option '--columns' names 'source' twice" disks --columns source,mode,source
	wrong "invalid value 'yaml' for '--format': expected table, ndjson, csv or tsv" disks --format yaml
	wrong "invalid value 'JSON' for '--format': expected table, ndjson, csv or tsv; did you mean 'ndjson'?" \
		disks --format JSON
	wrong "invalid value 'csv' for '--format': expected $reports" audit --format csv
	for report in yaml=x =a.html x; do
		wrong "invalid value '$report' for '--report': expected FORMAT=FILE, with $reports as the format" \
			audit --report $report
	done
	wrong "$(printf '%s' "invalid value 'htm=a.html' for '--report': expected FORMAT=FILE, with $reports as the format; " \
		"did you mean 'html=a.html'?")" audit --report htm=a.html
	for report in html html= HTML; do
		wrong "$(printf '%s' "invalid value '$report' for '--report': expected FORMAT=FILE, with $reports as the " \
			"format; did you mean 'html=FILE'?")" audit --report $report
	done
	wrong "option '--report' names 'x' twice" audit --report html=x --report text=x a.xml
	wrong "invalid value 'web01=' for '--images': expected HOST=FILE" audit --images web01= a.xml
	wrong "invalid value '-' for '--output-dir': expected a directory" convert --output-dir - a.xml
	wrong "invalid value 'error' for '--fail-on': expected info, low, medium, high, critical or never" audit --fail-on error
	wrong "invalid value 'never' for '--min-severity': expected info, low, medium, high or critical" \
		audit --min-severity never
	wrong "invalid value 'file' for '--group-by': expected rule, host or domain" audit --group-by file
	wrong "invalid value 'srv' for '--shared-storage': expected an absolute path, such as /srv/nfs/" \
		audit --shared-storage srv
	wrong "invalid value '0' for '--loop-budget': expected a number from 1 to 4294967295" audit --loop-budget 0
	wrong "$(printf '%s' "invalid value 'reject' for '--accept': expected rejects, losses or findings, or several of them, " \
		"separated by commas; did you mean 'rejects'?")" check --accept losses,reject
	wrong "invalid value '' for '--accept': expected rejects, losses or findings, or several of them, separated by commas" \
		check --accept losses,
}

@test "an option that may be repeated has a limit" {
	local options=()
	for _ in {1..8}; do options+=(--report text=x); done
	wrong "option '--report' may be given at most 8 times" audit "${options[@]}" --report text=y
	options=()
	for _ in {1..64}; do options+=(--shared-storage /srv); done
	wrong "option '--shared-storage' may be given at most 64 times" audit "${options[@]}" --shared-storage /srv
}

@test "a level after --gzip is not used as a file" {
	cp "$samples/estate.xml" 9
	wrong "write the compression level as '--gzip=9'; to read a file with that name, write './9'" convert --gzip 9
	try 0 convert -q --gzip ./9
	gzip -t <out
}

@test "an option without effect in this combination is wrong usage" {
	local why="has no effect here"
	local written
	for written in "--to xml" "--from sexpr"; do
		# shellcheck disable=SC2086 # two words
		wrong "option '--pretty' $why: it only affects SEXPR, and XML is written" convert --pretty $written
	done
	for written in "convert --to sexpr" "convert --from xml" "extract --from sexpr"; do
		# shellcheck disable=SC2086
		wrong "option '--wrap' $why: it only affects XML, and SEXPR is written" $written --wrap always
	done
	wrong "option '--xml-parser' $why: '--from sexpr' reads no XML" convert --from sexpr --xml-parser expat
	wrong "option '--max-attributes' $why: '--from sexpr' reads no XML" check --from sexpr --max-attributes 3
	wrong "option '--preserve' $why: '--only disks' stores no originals" convert --preserve --only disks
	wrong "option '--preserve' $why: a copy from XML to XML loses nothing" convert --preserve --from xml --to xml
	wrong "option '--xend' $why: it only affects SEXPR, and XML is copied" convert --xend 3.1 --from xml --to xml
	wrong "option '--strict' $why: a copy from XML to XML loses nothing" convert --strict --from xml --to xml
	wrong "option '--scope' $why: '--host' names the host of all domains" check --host a --scope run
	wrong "option '--host-from' $why: '--host' names the host of all domains" check --host a --host-from 'a/*'
	wrong "option '--recursive' $why: no directory is given" check -r
	wrong "option '--recursive' $why: no directory is given" check -r -
	wrong "option '--label' $why: it names standard input, which is not read" check --label a a.xml
	wrong "option '--utf8' $why: a table always shows such bytes as \\xhh" disks --utf8 escape
	wrong "option '--utf8' $why: a table always shows such bytes as \\xhh" disks --utf8 replace --format table
	wrong "option '--summary' $why: no report is written as text" audit --summary --format ndjson
	wrong "option '--summary' $why: no report is written as text" audit --summary --report html=x
	wrong "option '--group-by' $why: no report is written as text" audit --group-by host --format html -o x
	wrong "option '--sarif-limit' $why: no report is written as SARIF" audit --sarif-limit 3
	# A service or alias may have set one of them already.
	try 0 check --verbose -q "$samples/estate.xml"
	empty err
	try 0 check -q -v "$samples/estate.xml"
	has err "domstream: 5 domains read"
	try 0 convert -q --pretty --xend 3.0.2 --from xml "$samples/estate.xml"
	try 0 convert -q --strict --only disks --from xml --to xml "$samples/blktap.xml"
	try 0 extract -q --wrap always --from xml "$samples/estate.xml"
	try 0 convert -q --wrap always --to xml "$samples/config.sxp"
	try 0 check -q --label a "$samples/estate.xml" - <"$samples/config.sxp"
	try 0 disks -q --utf8 escape --format csv "$samples/estate.xml"
	try 1 audit -q --summary --format html --report text=x "$samples/estate.xml"
	try 1 audit -q --summary --report html=x --format text "$samples/estate.xml"
	try 1 audit -q --sarif-limit 3 --report sarif=x "$samples/estate.xml"
}

@test "a command that reads from a terminal prints that it waits" {
	timeout -k 5 "$hang" script -q -c "printf '(domain (name a))\n' | '$domstream' check" typescript >piped </dev/null
	has_not piped "from the terminal"
	has piped "1 domain,"
	mkfifo keys
	timeout -k 5 "$hang" script -q -e -c "'$domstream' check" typescript <keys >waiting &
	exec 6>keys
	wait_until contains waiting "reading standard input from the terminal; Ctrl-D ends it"
	printf '(domain (name a))\n\004' >&6
	wait $!
	exec 6>&-
	has waiting "1 domain,"
}

@test "options for outputs are refused by check" {
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

@test "the manual lists every scalar that is converted" {
	local top=$BATS_TEST_DIRNAME/../.. name
	# The element's and the key's name of each row of the one table.
	for name in $(sed -n 's/^DS_FIELD([a-z_]*, *[A-Z]*, *[A-Z]*, *"\([^"]*\)", *[A-Z]*, *"\([^"]*\)")$/\1 \2/p' \
		"$top/src/record/fields.def"); do
		sed -n '/^\.Ss Domains/,/^\.Ss Text/p' "$top/src/cli/domstream.1" | grep -q -E "[ /]$name( |\$)" ||
			{ echo "missing: $name" && return 1; }
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
