#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# extract, domains that convert copies, and the options that select domains.

load helper

# Two domains that no writer would write in this way: with comments, CDATA, quotes of both kinds, unknown elements.
odd_xml() {
	printf '%s\n' "<domain type=\"xen\" id='7'><!-- (a) --><name>odd1</name><title><![CDATA[<b>]]></title>" \
		"  <memory  unit='MiB' >64</memory><mystery a='1'/>" \
		"<devices><disk type='file'><driver name='file'/><source file='/srv/1.img'/><target dev='xvda'/></disk></devices>" \
		'</domain>' "<domain type='kvm'><name>odd2</name><uuid>B5D70DD275CDACA5177612D2A18E8C5F</uuid></domain>"
}

odd_sexpr() {
	printf '%s\n' '(domain (name  "odd1") # a comment' '  (memory 64)(shadow_memory 8)' \
		"  (device (vbd (uname file:/srv/1.img) (dev xvda:disk) (mode 'w'))))" \
		'(domain (name odd2) (uuid b5d70dd2-75cd-aca5-1776-12d2a18e8c5f))'
}

# four: a dump of four domains; uuids end in 1 to 4.
four() {
	local i
	printf '<domains>\n'
	for i in 1 2 3 4; do
		printf "<domain type='xen'><name>web0%s</name><uuid>00000000-0000-0000-0000-00000000000%s</uuid><devices>" $i $i
		printf "<disk type='file'><driver name='file'/><source file='/srv/%s.img'/><target dev='xvda'/></disk>" $i
		[ $i != 2 ] || printf "<disk type='block'><driver name='phy'/><source dev='/dev/vg/x'/><target dev='xvdb'/><readonly/></disk>"
		[ $i != 3 ] || printf "<disk type='block'><driver name='phy'/><source dev='/dev/vg/x'/><target dev='xvdc'/></disk>"
		printf '</devices></domain>\n'
	done
	printf '</domains>\n'
}

names() {
	sed -n 's,.*<name>\([^<]*\)</name>.*,\1,p' out | paste -sd ' '
}

@test "convert copies a domain that is in the output's format already" {
	odd_xml >dump.xml
	try 0 convert --strict --to xml --wrap never dump.xml
	cmp dump.xml out
	empty err
	try 0 convert --strict --to xml dump.xml
	{ echo '<domains>'; cat dump.xml; echo '</domains>'; } | cmp - out
	odd_sexpr >dump.sxp
	try 0 convert --strict --to sexpr dump.sxp
	cmp dump.sxp out
	empty err
}

@test "a copy is the same for any number of threads, compressed, and in files" {
	"$gen" --format xml --wrapped --domains 3000 >dump
	try 0 convert --to xml -j 1 dump
	tail -n +2 dump | cmp - out
	try 0 convert --to xml -j 4 -z dump
	gzip -dc out | cmp - <(tail -n +2 dump)
	try 0 convert -q --to xml -j 3 --output-dir new dump
	[ "$(find new -name '*.xml' | wc -l)" = 3000 ]
	odd_xml >dump.xml
	try 0 convert --to xml --output-dir two dump.xml
	cat two/odd1.xml two/odd2.xml | cmp - dump.xml
	try 0 convert --to xml -o two.tar dump.xml
	tar -xOf two.tar odd1.xml odd2.xml | cmp - dump.xml
}

@test "in a mixed input, only domains of the other format are converted" {
	odd_xml >dump.xml
	odd_sexpr >dump.sxp
	try 0 convert -q --to sexpr dump.xml dump.sxp
	tail -n 4 out | cmp - dump.sxp
	[ "$(head -n 2 out | grep -c '^(vm (name odd')" = 2 ]
}

@test "--only, --pretty and --xend rewrite domains instead of copying them" {
	odd_xml >dump.xml
	odd_sexpr >dump.sxp
	try 0 convert -q --to xml --only disks dump.xml
	has_not out mystery
	try 0 convert -q --to sexpr --only disks dump.sxp
	has_not out shadow_memory
	try 1 convert -q --to sexpr --pretty --strict dump.sxp
	has_not out "a comment"
	try 1 convert -q --to sexpr --xend 3.0.2 --strict dump.sxp
	has_not out "a comment"
	# This option only affects SEXPR.
	try 0 convert --strict --to xml --wrap never --xend 3.0.2 dump.xml
	cmp dump.xml out
}

@test "--preserve stores no original of a copy" {
	odd_sexpr >dump.sxp
	try 0 convert --preserve --to sexpr dump.sxp
	cmp dump.sxp out
}

@test "XML in another encoding is copied as UTF-8" {
	local name=$'caf\303\251'
	printf "<?xml version='1.0' encoding='ISO-8859-1'?>\n<domain type='xen'><name>caf\351</name></domain>\n" >latin
	try 0 convert --to xml latin
	same out "<domain type='xen'><name>$name</name></domain>"
	try 0 extract latin
	same out "<domain type='xen'><name>$name</name></domain>"
	printf "<domain type='xen'><name>%s</name></domain>\n" "$name" | iconv -t UTF-16 >utf16
	try 0 extract utf16
	same out "<domain type='xen'><name>$name</name></domain>"
	try 0 check utf16
}

@test "convert repairs a domain that an extra parenthesis closes early, extract does not" {
	local file=$BATS_TEST_DIRNAME/../data/xl-pv.sxp
	try 2 convert -q --to sexpr "$file"
	cp out converted
	try 0 check converted
	try 2 extract -q "$file"
	grep -v '^#' "$file" | cmp - out
}

@test "extract without a selection copies everything" {
	odd_sexpr >dump.sxp
	try 0 extract dump.sxp
	cmp dump.sxp out
	empty err
	try 0 extract -v dump.sxp
	has err "2 domains read, 2 extracted, 0 rejected"
	try 0 extract --output-dir new dump.sxp
	cat new/odd1.sxp new/odd2.sxp | cmp - dump.sxp
}

@test "--name selects by pattern, and any of several names is enough" {
	four >dump
	try 0 extract --name web02 dump
	[ "$(names)" = web02 ]
	try 0 extract --name 'web0[13]' dump
	[ "$(names)" = "web01 web03" ]
	try 0 extract --name '*4' --name web01 -v dump
	[ "$(names)" = "web01 web04" ]
	has err "4 domains read, 2 extracted, 2 not selected, 0 rejected"
	try 0 extract --name WEB01 dump
	empty out
	has err "no domain of the input is selected"
}

@test "--uuid selects in any spelling" {
	odd_xml >dump
	local uuid
	for uuid in b5d70dd2-75cd-aca5-1776-12d2a18e8c5f B5D70DD275CDACA5177612D2A18E8C5F b5d70dd275cdaca5-177612d2A18E8C5F; do
		try 0 extract --uuid "$uuid" dump
		[ "$(names)" = odd2 ]
	done
	try 3 extract --uuid b5d70dd2 dump
	has err "invalid value 'b5d70dd2' for '--uuid'"
	four >dump
	try 0 extract --uuid 00000000000000000000000000000001 --uuid 00000000-0000-0000-0000-000000000003 dump
	[ "$(names)" = "web01 web03" ]
	try 0 extract --uuid 00000000000000000000000000000001 --name web03 dump
	empty out
}

@test "--where selects by one disk that meets all conditions" {
	four >dump
	try 0 extract --where source=/dev/vg/x dump
	[ "$(names)" = "web02 web03" ]
	try 0 extract --where driver=phy --where mode=w dump
	[ "$(names)" = web03 ]
	# web02 has a disk that is writable and another one that is phy.
	try 0 extract --where mode=w --where target=xvdb dump
	empty out
	try 0 extract --where 'source=/srv/*' --where line=2 dump
	[ "$(names)" = web01 ]
	try 0 extract --where type= --where domain=web04 dump
	[ "$(names)" = web04 ]
	xml bare >dump
	try 0 extract --where 'source=*' dump
	empty out
	try 3 extract --where colour=red dump
	has err "unknown field 'colour' for '--where': expected one of host, domain, "
	try 3 extract --where source dump
}

@test "the same selection works in convert, disks, audit and check" {
	four >dump
	try 0 convert -v --to sexpr --name web03 dump
	[ "$(grep -c '^(vm (name web03)' out)" = 1 ]
	[ "$(wc -l <out)" = 1 ]
	has err "4 domains read, 1 converted, 3 not selected, 0 rejected"
	try 0 disks -v --format tsv --where source=/dev/vg/x dump
	[ "$(wc -l <out)" = 3 ]
	has err "4 domains read, 2 disks, 2 not selected, 0 rejected"
	try 0 check --where source=/dev/vg/x dump
	has out "2 domains, 2 disks, 0 rejected, 2 not selected, 1 file, "
	# web02 and web03 share a disk, but one domain without the other does not.
	try 0 audit --fail-on never dump
	has out DA301
	try 0 audit --fail-on never --name web02 dump
	has_not out DA301
	has_not out web03
	try 3 diff --name x dump dump
}

@test "damage is reported whatever is selected" {
	four >dump
	sed -i 's,<name>web02</name>,<name>web02</nam>,' dump
	try 2 extract --name web03 dump
	[ "$(names)" = web03 ]
	has err "4 domains read, 1 extracted, 2 not selected, 1 rejected"
	try 2 check --name nobody dump
	has out "1 domain, 0 disks, 1 rejected, 3 not selected"
}

@test "a run that is stopped counts the domains that were not selected until then" {
	four >dump
	sed -i 's,<name>web03</name>,<name>web03</nam>,' dump
	try 2 extract --name web02 --max-errors 1 dump
	has err "3 domains read, 1 extracted, 1 not selected, 1 rejected"
}

@test "selected domains are the same for any number of threads" {
	"$gen" --format sexpr --domains 20000 >dump
	try 0 extract -v --name '*7' -j 1 dump
	cp out one
	cp err counts
	try 0 extract -v --name '*7' -j 4 dump
	cmp one out
	diff <(sed 's/, [0-9.]* s$//' counts) <(sed 's/, [0-9.]* s$//' err)
	grep -q ' not selected' counts
	try 0 check -v one
	has err "$(sed -n 's/.* \([0-9]*\) extracted.*/\1/p' counts) domains read"
}

@test "one output does not contain two formats: the first selected domain decides" {
	odd_xml >dump.xml
	odd_sexpr >dump.sxp
	local jobs
	for jobs in 1 3; do
		try 2 extract -j $jobs -z dump.xml dump.sxp
		gzip -dc out | cmp - <(echo '<domains>'; cat dump.xml; echo '</domains>')
		has err "dump.sxp:1:1: error: domain 'odd1': a SEXPR domain cannot be copied to XML output [DA909]"
		has err "4 domains read, 2 extracted, 2 rejected"
		try 2 extract -j $jobs --name odd2 --rejects bad dump.sxp dump.xml
		tail -n 1 dump.sxp | cmp - out
		has bad "<name>odd2</name>"
	done
	try 0 extract --name odd1 --from sexpr dump.sxp
	try 0 extract --output-dir new dump.xml dump.sxp
	[ "$(find new -name 'odd*' | wc -l)" = 4 ]
	try 0 extract -o new.tar dump.xml dump.sxp
	[ "$(tar -tf new.tar | wc -l)" = 5 ]
}

@test "domains are selected by their host" {
	mkdir dumps
	{ xml a; xml b; } >dumps/host1.xml
	{ xml a; xml b; } >dumps/host2.xml
	sexpr a >dumps/c.sxp
	try 0 extract --host host2 -v dumps/host1.xml dumps/host2.xml
	[ "$(names)" = "a b" ]
	has err "4 domains read, 2 extracted, 2 not selected"
	try 0 extract --on-host 'host*' --on-host nobody --name a -r dumps
	[ "$(names)" = "a a" ]
	try 0 check --on-host dumps -r dumps
	has out "1 domain, 0 disks, 0 rejected, 4 not selected"
	try 0 convert -q --to xml --host all --on-host all -r dumps
	[ "$(names)" = "a a b a b" ]
	try 0 extract --host all --scope run --from xml dumps/host1.xml dumps/host2.xml
	[ "$(names)" = "a b a b" ]
	try 0 disks --on-host host1 -r dumps
	try 0 audit --fail-on never --on-host host1 -r dumps
}
