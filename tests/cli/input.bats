#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

names() {
	sed -n 's/.*<name>\([^<]*\)<\/name>.*/\1/p' out | paste -s -d ' '
}

@test "each file is read by its own content, and --from overrides it" {
	xml a >one
	sexpr b >two
	try 0 convert -q --to xml one two
	[ "$(names)" = "a b" ]
	try 0 convert -q --from sxp --to xml two
	[ "$(names)" = b ]
	try 2 convert -q --from sexpr one
	try 2 convert -q --from xml two
	local word
	for word in sexpr sxp sxpr xen-sxpr; do
		try 0 convert -q --to "$word" one
		has out "(vm (name a)"
	done
}

@test "without --to each domain becomes the opposite of its own format" {
	xml a >one
	sexpr b >two
	try 0 convert -q one
	has out "(vm (name a)"
	try 0 convert -q two
	has out "<name>b</name>"
}

@test "a directory needs -r, and is read in the order of names" {
	mkdir -p d/sub
	sexpr third >d/z
	sexpr first >d/a
	sexpr second >d/sub/b
	ln -s /dev/zero d/endless
	try 2 convert d
	has err "d: error: is a directory; use --recursive to walk it [DA908]"
	try 0 convert -q -r d
	[ "$(names)" = "first second third" ]
	try 0 check -q -r d
	same out "3 domains, 0 disks, 0 rejected, 3 files, $(cat d/a d/z d/sub/b | wc -c) bytes"
}

@test "--files-from reads names, one per line or ending with NUL" {
	sexpr a >'one file'
	sexpr b >$'two\nlines'
	sexpr c >three
	printf 'one file\nthree\n' >list
	try 0 convert -q --files-from list
	[ "$(names)" = "a c" ]
	printf 'one file\0two\nlines\0' | "$domstream" convert -q -0 --files-from - >out
	[ "$(names)" = "a b" ]
	try 0 convert -q --files-from list three
	[ "$(count_of '<name>' out)" = 3 ]
	try 2 convert -q --files-from none
	has err "none: error: cannot open"
	printf 'one file\nthree\0' >list
	try 2 check -q --files-from list
	has err "list:2:1: error: a file name in this list contains a NUL byte; if its names end with NUL, use --null"
}

@test "a missing file does not affect the others" {
	sexpr a >one
	try 2 convert none one
	[ "$(names)" = a ]
	has err "none: error: cannot open: No such file or directory [DA908]"
	has err "domstream: 1 domain read, 1 converted, 0 rejected, 0 losses"
}

@test "an unreadable file does not affect the others" {
	sexpr a >one
	sexpr b >two
	chmod 0 two
	chmod 777 .
	local status=0
	run_unprivileged "$domstream" convert one two >out 2>err || status=$?
	[ "$status" = 2 ]
	[ "$(names)" = a ]
	has err "two: error: cannot open: Permission denied [DA908]"
}

@test "an input without a domain is a warning, and an error with --require-domains" {
	printf '<domains>\n</domains>\n' >none.xml
	try 0 convert none.xml
	empty out
	same <(head -n 1 err) "none.xml: warning: no domain in this input"
	try 0 convert -q none.xml
	empty err
	try 2 check -q --require-domains none.xml
	try 2 check -q --require-domains none.xml "$samples/estate.xml"
	try 0 check -q --require-domains "$samples/estate.xml"
}

@test "text that is not a dump is refused" {
	printf 'Hello.\n' >text
	try 2 check text
	has err "text:1:1: error: text outside of any domain: '"
	head -c 4096 "$domstream" >binary
	try 2 check -q binary
}

@test "XML in UTF-16 is read, in either byte order" {
	xml größe >plain
	local order
	for order in LE BE; do
		{
			[ "$order" = LE ] && printf '\377\376' || printf '\376\377'
			iconv -f UTF-8 -t "UTF-16$order" plain
		} >wide
		try 0 convert -q wide
		has out "(name 'größe')"
	done
	iconv -f UTF-8 -t UTF-16LE <<<"<domain type='xen'><name>a</name></domein>" >wide
	printf '\377\376' | cat - wide >marked
	try 2 convert -q marked
	has err "marked:1:"
}

@test "encodings are recognized by the names that programs write" {
	{
		printf "<?xml version='1.0' encoding='utf8'?>\n"
		xml größe
		printf "<?xml version='1.0' encoding='latin1'?>\n"
		xml größe | iconv -f UTF-8 -t ISO-8859-1
		printf "<?xml version='1.0' encoding='ascii'?>\n"
		xml plain
	} >named
	try 0 convert -q named
	[ "$(grep -c "(name 'größe')" out)" = 2 ]
}

@test "UTF-32 is read in either byte order, with and without a byte order mark" {
	{
		printf "<?xml version='1.0' encoding='UTF-32'?>\n"
		xml größe
	} >plain
	local order
	for order in LE BE; do
		iconv -f UTF-8 -t "UTF-32$order" plain >bare
		printf '\ufeff' | iconv -f UTF-8 -t "UTF-32$order" | cat - bare >marked
		try 0 convert -q bare marked
		[ "$(grep -c "(name 'größe')" out)" = 2 ]
		head -c $(($(stat -c %s bare) - 2)) bare >short
		try 2 convert -q short
	done
}

@test "EBCDIC is read in the code page that the document declares" {
	local page
	for page in IBM037 IBM273; do
		{
			printf "<?xml version='1.0' encoding='%s'?>\n" "$page"
			xml größe
		} | iconv -f UTF-8 -t "$page" >ebcdic
		try 0 convert -q ebcdic
		has out "(name 'größe')"
	done
	{
		printf "<?xml version='1.0' encoding='cp037'?>\n"
		xml größe
	} | iconv -f UTF-8 -t CP037 >ebcdic
	try 0 convert -q ebcdic
	has out "(name 'größe')"
}

# document ENCODING TEXT: a document in that encoding, with a domain that has a description.
document() {
	{
		printf "<?xml version='1.0' encoding='%s'?>\n<domain type='xen'>" "$1"
		printf "<name>a</name><memory>1024</memory><description>%s</description>" "$2"
		printf "</domain>\n"
	} | iconv -f UTF-8 -t "$1"
}

@test "every encoding that iconv knows is read, copied as UTF-8 and preserved" {
	local rows=("windows-1252 €Ž" "koi8-r привет" "iso-8859-15 €" "gb18030 服务器€😀" "shift_jis ソ表能"
		"big5 功能" "euc-jp サーバ" "cp1258 Việt")
	local row encoding text
	for row in "${rows[@]}"; do
		encoding=${row%% *} text=${row#* }
		document "$encoding" "$text" >file
		try 0 convert -q file
		has out "(description '$text')"
		try 0 convert -q --verify --preserve file
		try 0 extract file
		has out "<description>$text</description>"
		iconv -f UTF-8 -t UTF-8 out >/dev/null
		try 0 convert -q --to xml --verify file
		has out "<description>$text</description>"
		try 0 check -q --manifest manifest file
		grep -q "\"encoding\": *\"$encoding\"" manifest
	done
}

@test "an encoding applies to its document only" {
	{
		document koi8-r привет
		xml größe
		document windows-1252 €
		document shift_jis ソ
		document UTF-8 é
	} >mixed
	local jobs
	for jobs in 1 2 64; do
		try 0 convert -q -j "$jobs" mixed
		same <(grep -c . out) 5
		has out "(description 'привет')"
		has out "(name 'größe')"
		has out "(description '€')"
		has out "(description 'ソ')"
		has out "(description 'é')"
	done
	try 0 convert -q - <mixed
	same <(grep -c . out) 5
}

@test "a domain that is not valid in its encoding is rejected, with the bytes of the input" {
	{
		printf "<?xml version='1.0' encoding='windows-1252'?>\n<domains>\n"
		xml a
		printf "<domain type='xen'><name>b</name><description>\200\201</description></domain>\n"
		xml c
		printf '</domains>\n'
	} >bad
	try 2 convert -q --to xml --rejects refused bad
	[ "$(names)" = "a c" ]
	has err "bad:4:1: error: domain 'b': byte 0x81 does not begin a valid character of the encoding 'windows-1252' (line 4, column 48) [DA903]"
	grep -av '^<!--' refused | cmp - <(sed -n 4p bad)
	{
		document koi8-r привет
		printf "<?xml version='1.0' encoding='x-foo'?>\n"
		xml b
		printf "<?xml version='1.0' encoding='UTF-16'?>\n"
		xml c
		printf "<?xml version='1.0'?>\n"
		xml d
	} >unknown
	try 2 convert -q --to xml unknown
	[ "$(names)" = "a d" ]
	has err "domain 'b': unknown encoding 'x-foo': expected a name that iconv knows; convert the file to UTF-8 first"
	has err "domain 'c': the encoding cannot be 'UTF-16', which does not contain ASCII"
}

@test "several documents, comments and declarations in one file" {
	try 0 check -q "$samples/concatenated.xml"
	has out "3 domains"
	{
		printf '\357\273\277<?xml version="1.0"?>\n'
		xml a
		printf '<!-- <domain> -->\n\n<?xml version="1.0"?>\n<domains>\n'
		xml b
		printf '<![CDATA[<domain>]]></domains>\n'
	} >many
	try 0 convert -q --to xml many
	[ "$(names)" = "a b" ]
}

@test "a document type with an internal subset is refused" {
	printf '<!DOCTYPE domain [<!ENTITY a "b">]>\n' >typed
	xml a >>typed
	try 2 convert -q typed
	has err "[DA906]"
}

@test "the output is the same for any number of threads" {
	"$gen" --format xml --mb 6 >many.xml
	try 0 convert -q -j 1 many.xml
	mv out one
	local jobs
	for jobs in 0 2 3 8; do
		try 0 convert -q -j "$jobs" many.xml
		cmp one out
	done
}

@test "check counts domains, disks, files and bytes" {
	try 0 check "$samples/estate.xml" "$samples/blktap.xml"
	same out "6 domains, 18 disks, 0 rejected, 2 files, $(cat "$samples/estate.xml" "$samples/blktap.xml" | wc -c) bytes"
	empty err
	try 0 check "$samples/nightly.xml.gz"
	has out "3 domains"
	has out " $(wc -c <"$samples/nightly.xml.gz") bytes"
}
