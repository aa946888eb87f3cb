#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Outputs never overwrite inputs or each other, whatever their names are.

load helper

# refused TEXT OPTION...: expects wrong usage with a message that contains TEXT, and that no file changes.
refused() {
	local text=$1 before
	shift
	before=$(snapshot)
	try 3 "$@" </dev/null && has err "$text" || return
	[ "$(snapshot)" = "$before" ] && return
	echo "files changed: domstream $*"
	diff <(echo "$before") <(snapshot)
	return 1
}

# All files, except those that `try` writes. The content of a file that has the same time of change is the same.
snapshot() {
	find . ! -name out ! -name err \( -type f -printf '%p %i %s %C@\n' -o -printf '%p %y %l\n' \)
}

dumps() {
	mkdir D
	xml a >a.xml
	sexpr b >b.sxp
	xml in >D/in.xml
}

# Each way to name a.xml as an output.
links() {
	ln -s a.xml soft.xml
	ln -s soft.xml softer.xml
	ln a.xml hard.xml
	ln -s . here
}

@test "an output is not an input that is an argument, whatever its name" {
	local option name
	dumps
	links
	for option in --losses --rejects; do
		for name in a.xml ./a.xml soft.xml softer.xml hard.xml here/a.xml "$PWD/a.xml"; do
			refused "'a.xml' is an input and would be overwritten" convert a.xml "$option" "$name"
			refused "'soft.xml' is an input and would be overwritten" convert b.sxp soft.xml "$option" "$name"
		done
	done
	for option in -o --rejects --write-baseline --report=text; do
		[ "$option" = --report=text ] && option=--report name=text=a.xml || name=a.xml
		refused "'hard.xml' is an input and would be overwritten" audit hard.xml "$option" "$name"
	done
	refused "'a.xml' is an input and would be overwritten" disks a.xml -o a.xml
	refused "'a.xml' is an input and would be overwritten" disks a.xml -o hard.xml
	refused "'b.sxp' is an input and would be overwritten" diff a.xml b.sxp -o b.sxp
	refused "'a.xml' is an input and would be overwritten" check a.xml --rejects soft.xml
}

@test "an output is not an input from --files-from, whatever its name" {
	local option name list
	dumps
	links
	printf '%s\n' b.sxp a.xml >list
	printf '%s\0' b.sxp here/a.xml >list0
	for list in "--files-from=list" "--files-from=list0 -0"; do
		for option in --losses --rejects; do
			for name in a.xml soft.xml softer.xml hard.xml here/a.xml; do
				# shellcheck disable=SC2086 # two options
				refused "a.xml' is an input and would be overwritten" convert -j 4 $list "$option" "$name"
			done
		done
		# shellcheck disable=SC2086
		refused "a.xml' is an input and would be overwritten" audit $list -o a.xml
		# shellcheck disable=SC2086
		refused "a.xml' is an input and would be overwritten" audit $list --report html=hard.xml
	done
	printf 'b.sxp\nhard.xml\n' | try 3 convert --files-from - --losses a.xml
	has err "'hard.xml' is an input and would be overwritten"
	has a.xml '<name>a</name>'
	# Directories that the list names.
	ln D/in.xml in-link
	echo D >list
	refused "'D/in.xml' is an input and would be overwritten" convert -r --files-from list --losses in-link
	refused "is an input and would be overwritten" convert -r --files-from list -o D/new
}

@test "an output is not a list that is read" {
	dumps
	echo a.xml >list
	: >known
	: >hidden
	refused "'list' is an input and would be overwritten" convert --files-from list -o list
	refused "'list' is an input and would be overwritten" convert --files-from list --losses ./list
	refused "'hidden' is an input and would be overwritten" audit --suppress hidden --report text=hidden a.xml
	refused "'known' is an input and would be overwritten" audit --baseline known -o known a.xml
	refused "'hidden' is an input and would be overwritten" diff --losses hidden -o hidden a.xml b.sxp
	refused "'hidden' is an input and would be overwritten" diff --losses hidden --manifest ./hidden a.xml b.sxp
	mkdir -p images/sub
	: >images/web.txt
	ln -s images lists
	refused "'lists/web.txt' would be written inside the directory 'images' that is read" \
		audit --images images --report html=lists/web.txt a.xml
	refused "'images/new' would be written inside the directory 'images' that is read" audit --images images -o images/new a.xml
	try 0 audit -q --fail-on never --images images -o images/sub/new a.xml
	# The baseline is read before it is replaced.
	try 0 audit --fail-on never --baseline known --write-baseline known a.xml
	has known DA
}

@test "standard output in a file that is read is refused" {
	dumps
	local status
	for command in convert disks audit check; do
		status=0
		"$domstream" $command a.xml b.sxp >>a.xml 2>err || status=$?
		[ "$status" = 3 ]
		has err "'a.xml' is an input and would be overwritten"
		status=0
		echo a.xml >list
		"$domstream" $command --files-from list >>a.xml 2>err || status=$?
		[ "$status" = 3 ]
		has err "'a.xml' is an input and would be overwritten"
		status=0
		"$domstream" $command <b.sxp >>b.sxp 2>err || status=$?
		[ "$status" = 3 ]
		has err "error: standard input is an input and would be overwritten"
	done
	same a.xml "$(xml a)"
	same b.sxp "$(sexpr b)"
	status=0
	"$domstream" convert b.sxp --losses a.xml <a.xml 2>err || status=$?
	[ "$status" = 0 ] # standard input is not read
}

@test "convert -o may replace its own input, which has been read by then" {
	local name
	dumps
	links
	for name in a.xml soft.xml softer.xml; do
		xml a >a.xml
		try 0 convert -q a.xml b.sxp -o $name
		has a.xml "(name a)"
		has a.xml "(name b)"
	done
	xml a >a.xml
	echo a.xml >list
	try 0 convert -q --files-from list -o a.xml
	has a.xml "(name a)"
	has hard.xml "<name>a</name>"
}

@test "two outputs are two files, whatever their names" {
	dumps
	ln -s nowhere dangling
	ln -s dangling again
	ln -s . here
	echo old >one
	ln one other
	ln -s D/new.txt into
	refused "'dangling' cannot be both '--output' and '--losses'" convert a.xml -o dangling --losses dangling
	refused "'again' cannot be both '--output' and '--losses'" convert a.xml -o dangling --losses again
	refused "'nowhere' cannot be both '--rejects' and '--losses'" convert a.xml --rejects dangling --losses nowhere
	refused "'here/x' cannot be both '--output' and '--losses'" convert a.xml -o x --losses here/x
	refused "'D/new.txt' cannot be both '--output' and '--rejects'" convert a.xml -o into --rejects D/new.txt
	refused "'other' cannot be both '--output' and '--losses'" convert a.xml -o one --losses other
	refused "'dangling' cannot be both '--write-baseline' and '--report'" audit a.xml --write-baseline nowhere --report text=dangling
	refused "option '--report' names 'x' twice" audit a.xml --report text=x --report html=x
	refused "'-' cannot be both '--output' and '--losses'" convert a.xml --losses -
	refused "'/dev/stdout' cannot be both '--output' and '--losses'" convert a.xml --losses /dev/stdout
	refused "'/dev/fd/1' cannot be both '--rejects' and '--losses'" convert a.xml -o x --rejects /dev/stdout --losses /dev/fd/1
	local status=0
	"$domstream" convert a.xml --losses log >log 2>err || status=$?
	[ "$status" = 3 ]
	try 0 convert -q a.xml -o /dev/null --losses /dev/null --rejects /dev/null
	try 0 convert -q a.xml -o dangling --losses losses
	has nowhere "(name a)"
	[ -L dangling ]
}

@test "files of domains overwrite no other output and no input" {
	dumps
	ln -s D/b.xml link
	ln -s D/c.xml dangling
	mkdir D/sub
	local name
	for name in D/a.xml D/new.SXP D/index.tsv D/sub/../x.sxp dangling; do
		refused "'$name' could be overwritten by the file of a domain in 'D'" convert a.xml --output-dir D --losses "$name"
		refused "'$name' could be overwritten by the file of a domain in './D/.'" convert a.xml --output-dir ./D/. --rejects "$name"
	done
	try 0 convert -q a.xml --output-dir D --losses D/losses.ndjson --rejects D/sub/a.sxp
	[ -f D/a.sxp ]
	[ -f D/losses.ndjson ]

	rm -r D
	dumps
	refused "'D/in.xml' is an input inside the directory 'D' that is written" convert --output-dir D D/in.xml
	ln -s D/in.xml to-input
	ln -s to-input farther
	refused "'farther' is an input inside the directory 'D' that is written" convert --output-dir D farther
	ln -s ../a.xml D/a.sxp
	refused "'D/a.sxp' is an input inside the directory 'D' that is written" convert --output-dir D D/a.sxp
	rm D/a.sxp
	refused "'D' would be written inside the directory 'D' that is read" convert -r --output-dir D D
	refused "'D' would be written inside the directory '.' that is read" convert -r --output-dir D .
}

@test "files of domains overwrite no input that --files-from names later" {
	dumps
	# The domain "in" would be written to D/in.xml before that file is read.
	xml in >first.xml
	printf '%s\n' first.xml D/in.xml >list
	printf '%s\0' first.xml D/in.xml >list0
	local before
	refused "'D/in.xml' is an input inside the directory 'D' that is written" convert --to xml --output-dir D --files-from list
	refused "'D/in.xml' is an input inside the directory 'D' that is written" convert --to xml --output-dir D --files-from list0 -0
	before=$(snapshot)
	try 3 convert --to xml --output-dir D --files-from - <list
	cat list | try 3 convert --to xml --output-dir D --files-from -
	try 3 convert --to xml --output-dir D --files-from <(cat list)
	has err "'D/in.xml' is an input inside the directory 'D' that is written"
	cat list0 | try 3 convert --to xml --output-dir D --files-from - -0
	echo . | try 3 convert -r --to xml --output-dir D --files-from -
	has err "'D' would be written inside the directory '.' that is read"
	[ "$(snapshot)" = "$before" ]
}

@test "a list of names is read completely, wherever it comes from" {
	dumps
	local i
	for i in $(seq 300); do xml "n$i" >"n$i.xml"; done
	seq -f 'n%g.xml' 300 >list
	printf 'not-read\nn1.xml\n' >behind
	try 0 convert -q --output-dir one --files-from list
	try 0 convert -q --output-dir two --files-from - <list
	cat list | try 0 convert -q --output-dir three --files-from -
	try 0 convert -q --output-dir four --files-from <(cat list)
	tr '\n' '\0' <list | try 0 convert -q --output-dir five --files-from - -0
	{ read -r _; try 0 convert -q --output-dir six --files-from -; } <behind
	[ "$(find one -name '*.sxp' | wc -l)" = 300 ]
	for i in two three four five; do
		diff -r one "$i"
	done
	[ "$(ls six)" = "index.tsv"$'\n'"n1.sxp" ]
	try 2 convert -q --output-dir seven --files-from missing
	has err "missing: error: cannot open"
	{ head -c 70000 /dev/zero | tr '\0' x; echo; echo n2.xml; } >long
	try 2 convert -q --output-dir eight --files-from long
	[ -f eight/n2.sxp ]
}

@test "a link into a directory that is read leads an output there" {
	dumps
	ln -s D/new dangling
	refused "'dangling' would be written inside the directory 'D' that is read" convert -r D --losses dangling
	refused "'dangling' would be written inside the directory 'D' that is read" convert -r D -o dangling
	local status=0
	"$domstream" convert -r D >D/out 2>err || status=$?
	[ "$status" = 3 ]
	has err "error: standard output would be written inside the directory 'D' that is read"
}
