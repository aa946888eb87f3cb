#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

# in_parts N COMMAND...: runs the parts of a command; out has their standard output, in order.
in_parts() {
	local parts=$1 k
	shift
	: >all
	for ((k = 1; k <= parts; k++)); do
		try 0 "$@" --part "$k/$parts" --part-file "$k.part"
		cat out >>all
	done
	mv all out
}

@test "three parts of a dump write the output of a single run" {
	local format
	for format in xml sexpr; do
		"$gen" --format "$format" --domains 300 >dump
		try 0 disks --format csv dump
		mv out one
		in_parts 3 disks --format csv dump
		cmp one out
		try 0 convert --to xml --wrap always dump
		mv out one
		in_parts 3 convert --to xml --wrap always dump
		cmp one out
		try 0 merge 3.part 1.part 2.part
		has out "300 domains, "
	done
}

@test "parts of a BGZF file write the output of a single run" {
	"$gen" --format xml --domains 3000 >dump
	try 0 convert --to xml --wrap always -z -o dump.gz dump
	[ "$(wc -c <dump.gz)" -gt 100000 ]
	try 0 disks --format ndjson dump.gz
	mv out one
	in_parts 4 disks --format ndjson dump.gz
	cmp one out
	try 0 merge 1.part 2.part 3.part 4.part
}

@test "parts take whole files where they can" {
	local i
	mkdir dumps
	for i in 1 2 3 4 5; do
		"$gen" --format xml --domains 5 --start "$((10 * i))" >"dumps/$i.xml"
	done
	try 0 disks --format ndjson -r dumps
	mv out one
	in_parts 4 disks --format ndjson -r dumps
	cmp one out
	in_parts 4 check -r dumps
	try 0 merge -v 1.part 2.part 3.part 4.part
	has out "25 domains, "
	has out " 5 files, "
	# The time is that of merging.
	grep -qE '^domstream: 25 domains read, .* [0-9]\.[0-9]+ s$' err
}

@test "text in a comment that looks like a domain is refused as a border, and the part is corrected" {
	{
		echo "<domains>"
		"$gen" --format xml --domains 10 | grep -v domains
		echo "<!--"
		"$gen" --format xml --domains 40 --start 100 | grep -v domains
		echo "-->"
		"$gen" --format xml --domains 10 --start 50 | grep -v domains
		echo "</domains>"
	} >dump
	try 0 disks --format ndjson dump
	mv out one
	for k in 1 2; do
		"$domstream" disks --format ndjson --part "$k/2" --part-file "$k.part" dump >"$k.out" 2>err || true
	done
	try 2 merge 1.part 2.part
	has err "part 2 does not begin where part 1 ends"
	border=$(sed -n 's/.* --from-border //p' err)
	try 0 disks --format ndjson --part 2/2 --part-file 2.part --from-border "$border" dump
	cat 1.out out | cmp - one
	try 0 merge 1.part 2.part
	has out "20 domains, "
}

@test "merge names all parts that have to be repeated at once, and with -q" {
	"$gen" --format xml --domains 100 --wrapped >dump
	# One domain is not closed: the part that begins before it reads to the end.
	awk '/<\/domain>/ && ++n == 6 { next } { print }' dump >open
	# One half of the file has no wrapper.
	{ cat dump && "$gen" --format xml --domains 100 --seed 2; } >two
	for name in open two; do
		for k in {1..40}; do
			"$domstream" check -q --part "$k/40" --part-file "$k.part" "$name" 2>err || true
		done
		try 2 merge -q {1..40}.part
		has err "$name: error: part 40 does not begin where part "
		sed -n 's|.* --part \([0-9]*\)/40 --from-border \(.*\)|\1 \2|p' err >wrong
		[ "$(wc -l <wrong)" -gt 10 ]
		while read -r k border; do
			"$domstream" check -q --part "$k/40" --part-file "$k.part" --from-border "$border" "$name" 2>err || true
		done <wrong
		local status=0
		"$domstream" check "$name" >one 2>err || status=$?
		try "$status" merge {1..40}.part
		cmp one out
	done
}

@test "a part warns when it reads far beyond its share, because everything is on one line" {
	"$gen" --format xml --domains 16000 | tr -d '\n' >dump
	try 0 check --part 1/8 dump
	has err "dump: warning: part 1 reads far beyond its share, up to byte $(stat -c %s dump), because no line there begins"
	try 0 check --part 2/8 dump
	has out "0 domains, "
	has_not err warning
}

@test "merge refuses parts that are missing, repeated, or of another run" {
	"$gen" --format xml --domains 50 >dump
	in_parts 3 check dump
	try 2 merge 1.part 3.part
	has err "1 of 3 parts is missing (part 2); run it, or use '--allow-missing'"
	try 2 merge 2.part
	has err "2 of 3 parts are missing (parts 1, 3); run them, or use '--allow-missing'"
	try 0 merge --allow-missing 1.part 3.part
	has err "1 of 3 parts is missing (part 2): the result covers only some of the inputs"
	cp 2.part again.part
	try 2 merge 1.part 2.part 3.part again.part
	has err "are the same part: 2 of 3"
	try 0 check --max-depth 100 --part 2/3 --part-file 2.part dump
	try 2 merge 1.part 2.part 3.part
	has err "they differ in options that affect the result"
	cp dump other
	try 0 check --part 2/3 --part-file 2.part other
	try 2 merge 1.part 2.part 3.part
	has err "they differ in the inputs, their sizes or their order"
	try 2 merge dump
	try 3 merge
	try 3 merge - <1.part
	has err "standard input cannot be a part file"
}

@test "merge does not overwrite a part file" {
	"$gen" --format xml --domains 50 >dump
	in_parts 2 convert --to sexpr dump
	ln 1.part link
	cp 1.part copy
	try 3 merge -o link 1.part 2.part
	has err "'1.part' is an input and would be overwritten"
	cmp 1.part copy
	try 0 merge -q -o counts 1.part 2.part
	cmp counts <("$domstream" check dump)
}

@test "an input that cannot be divided is read by one part, which names bgzip when it is large" {
	"$gen" --format xml --domains 500 | gzip >dump.gz
	try 0 disks --format ndjson dump.gz
	mv out one
	in_parts 5 disks --format ndjson dump.gz
	cmp one out
	try 0 check --part 1/5 dump.gz
	has err "dump.gz: warning: part 1 reads the whole input, which cannot be divided because it is gzip; parts can divide a file that is not compressed, or compressed with bgzip"
	try 0 check --part 2/5 dump.gz
	has out "0 domains, "
}

@test "options that cannot work in parts are refused" {
	"$gen" --format xml --domains 5 >dump
	try 3 convert --part 1/2 dump
	has err "option '--part' needs '--to xml' or '--to sexpr'"
	try 3 convert --part 1/2 --to xml dump
	has err "needs '--wrap always' or '--wrap never'"
	try 3 convert --part 1/2 --to sexpr --output-dir d dump
	try 3 check --part 1/2 --manifest m dump
	try 3 check --part 1/2 --max-errors 3 dump
	try 3 check --part 1/2
	try 3 check --part-file f dump
	has err "option '--part-file' needs '--part'"
	try 3 check --part 3/2 dump
	try 3 check --part 0/2 dump
	try 3 check --part 2 dump
	try 3 check --part 2/2 --from-border nonsense dump
	try 3 check --part 1/2 --from-border 0+0 dump
	has err "option '--from-border' cannot be used with the first part"
	try 3 check --part 1/2 - <dump
	has err "option '--part' needs file names"
}

@test "merge refuses a list of disks for which a single run would have named hosts differently" {
	mkdir a b
	"$gen" --format xml --domains 20 >a/host.xml
	"$gen" --format xml --domains 20 --start 50 >b/host.xml
	in_parts 2 disks --format csv a/host.xml b/host.xml
	try 2 merge 1.part 2.part
	has err "b/host.xml: error: a run without parts would name the host of this input 'b/host'"
	in_parts 2 check a/host.xml b/host.xml
	try 0 merge 1.part 2.part
	has out "40 domains, "
	"$domstream" disks --format csv --scope directory a/host.xml b/host.xml >one
	in_parts 2 disks --format csv --scope directory a/host.xml b/host.xml
	cmp one out
	try 0 merge 1.part 2.part
}

@test "merge finds the lists of images that the parts name, wherever it runs, or uses its own" {
	mkdir -p dumps here lists elsewhere
	"$gen" --format xml --domains 40 >here/web.xml
	cd here
	"$domstream" disks -q --format tsv --columns source web.xml | grep '^/' | sort -u >all
	sed -n 'n;p' all >images
	echo /srv/nobody.img >>images
	mkdir hosts
	cp images hosts/web.txt
	for list in images hosts "web=images"; do
		try 0 audit -q --fail-on never --images "$list" --format ndjson web.xml
		grep -q DA406 out
		mv out one
		for k in 1 2 3; do
			try 0 audit -q --images "$list" --part "$k/3" --part-file "$k.part" web.xml
		done
		try 0 merge -q --fail-on never --format ndjson 1.part 2.part 3.part
		cmp one out
		cd ../elsewhere
		try 0 merge -q --fail-on never --format ndjson ../here/?.part
		cmp ../here/one out
		# merge does not overwrite a list that the parts name.
		case $list in images)
			try 3 merge -q -o ../here/images ../here/?.part
			has err "here/images' is an input and would be overwritten"
			;;
		esac
		cd ../here
	done
	# A missing list is named, with what to do.
	mv images gone
	cd ../elsewhere
	try 3 merge -q ../here/?.part
	has err "cannot read the list of images '$(cd ../here && pwd)/images', which the parts name 'images'"
	has err "name another one with --images"
	[ ! -s out ]
	cp ../here/gone images
	try 0 merge -q --fail-on never --format ndjson --images web=images ../here/?.part
	cmp ../here/one out
	# Parts without a list are compared with the list of merge.
	cd ../here
	mv gone images
	for k in 1 2 3; do
		try 0 audit -q --part "$k/3" --part-file "$k.part" web.xml
	done
	try 0 merge -q --fail-on never --format ndjson --images "web=images" 1.part 2.part 3.part
	cmp one out
	in_parts 2 check web.xml
	try 3 merge --images images 1.part 2.part
	has err "option '--images' only applies to parts of an audit"
}

@test "a list of disks without line numbers reads nothing before the share of a part" {
	local columns=domain,target,source,file,offset
	"$gen" --format xml --domains 3 >dump
	# Very many NUL bytes, which take no space and much time to read.
	truncate -s 400G dump
	"$gen" --format xml --domains 2 --start 10 >end
	cat end >>dump
	linear "$domstream" disks -q --columns "$columns" --format csv --part 4000/4000 --part-file part dump >out
	tail -n 1 out >last
	has last ",dump,$(((400 << 30) + $(grep -bo '<disk' end | tail -n 1 | sed 's/:.*//')))"
	linear "$domstream" disks -q --part 4000/4000 --part-file part dump >out
	has out xvda
}

@test "domains that are selected by line are the same in parts" {
	local line
	"$gen" --format xml --domains 60 >dump.xml
	try 0 disks --format csv --columns domain,line dump.xml
	line=$(sed -n 100p out | sed 's/.*,//')
	for command in "disks --format csv --columns domain,target" "convert --to sexpr"; do
		try 0 $command --where "line=$line" dump.xml
		[ "$(grep -c . out)" -gt 0 ]
		mv out one
		in_parts 4 $command --where "line=$line" dump.xml
		cmp one out
	done
}

@test "merge accepts parts with any options that a part accepts" {
	local words
	mkdir dumps
	"$gen" --format sexpr --domains 20 >dumps/a.sxp
	"$gen" --format xml --domains 20 --start 30 >dumps/b.xml
	for words in "audit -r dumps" "audit -r --scope run --label in - dumps" "disks -r --format csv dumps" \
		"disks -r --utf8 escape --format ndjson dumps" "convert -r --to xml --wrap always dumps" \
		"convert -r --to sexpr --pretty --xend 3.0.4 dumps" "check -r --require-domains dumps" "check --from sexpr dumps/a.sxp"; do
		in_parts 2 $words <dumps/a.sxp
		case $words in
			audit*) try 0 merge -q --fail-on never 1.part 2.part ;;
			*) try 0 merge -q 1.part 2.part ;;
		esac
	done
}
