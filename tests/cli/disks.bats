#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

# Two domains, one in each format, with the same disks: plain, read-only, shared, an empty drive, a floppy.
both_formats() {
	cat >pair.xml <<'EOF'
<domain type='xen'>
  <name>pair</name>
  <uuid>b5d70dd2-75cd-aca5-1776-9660b059d8bc</uuid>
  <os><type>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <driver name='tap' type='qcow'/><source file='/srv/a.img'/><target dev='hda'/>
    </disk>
    <disk type='block' device='disk'>
      <driver name='phy'/><source dev='/dev/vg/b'/><target dev='hdb'/><readonly/>
    </disk>
    <disk type='file' device='disk'>
      <driver name='file'/><source file='/srv/d.img'/><target dev='hdd'/><shareable/>
    </disk>
    <disk type='file' device='cdrom'><target dev='hdc'/><readonly/></disk>
    <disk type='file' device='floppy'><driver name='file'/><source file='/srv/f.img'/><target dev='fda'/></disk>
  </devices>
</domain>
EOF
	cat >pair.sxp <<'EOF'
(domain (name pair) (uuid b5d70dd275cdaca517769660b059d8bc)
  (device (tap (dev hda:disk) (uname tap:qcow:/srv/a.img) (mode w)))
  (device (vbd (dev hdb:disk) (uname phy:/dev/vg/b) (mode r)))
  (device (vbd (dev hdd:disk) (uname file:/srv/d.img) (mode w!)))
  (device (vbd (dev hdc:cdrom) (mode r)))
  (image (hvm (fda /srv/f.img))))
EOF
}

# hostile: a domain in SEXPR, which can contain any byte, with texts that the formats must escape.
hostile() {
	printf '%s\n' "(domain (name 'a,\"b\"\\n\\t\\\\c\\033[2J') (device (vbd (dev xvda) (uname 'file:/x\\rg\\303\\274\\377') (mode w))))"
}

@test "both formats give the same table" {
	both_formats
	try 0 disks --host h1 pair.xml
	empty err
	same out "HOST         DOMAIN                   TARGET   DEVICE DRIVER TYPE   MODE SOURCE" \
		"h1           pair                     hda      disk   tap    qcow   w    /srv/a.img" \
		"h1           pair                     hdb      disk   phy    -      r    /dev/vg/b" \
		"h1           pair                     hdd      disk   file   -      w!   /srv/d.img" \
		"h1           pair                     hdc      cdrom  -      -      r    -" \
		"h1           pair                     fda      floppy file   -      w    /srv/f.img"
	mv out first
	try 0 disks --host h1 pair.sxp
	cmp first out
	try 0 disks --host h1 --format table pair.sxp
	cmp first out
}

@test "the other formats have the position of a disk" {
	both_formats
	try 0 disks --host h1 --format ndjson pair.sxp
	head -n 1 out >first
	same first "$(printf '%s' '{"host":"h1","domain":"pair","uuid":"b5d70dd2-75cd-aca5-1776-9660b059d8bc","target":"hda",' \
		'"device":"disk","driver":"tap","type":"qcow","source":"/srv/a.img","mode":"w",' \
		'"file":"pair.sxp","line":2,"col":3,"offset":62,"number":1,"bus":null,"backend":null,"guest":"hvm",' \
		'"hypervisor":"xen","kind":"file","protocol":null,"hosts":null,"pool":null,"volume":null}')"
	try 0 disks --host h1 --format csv pair.xml
	[ "$(sed -n 2p out)" = "h1,pair,b5d70dd2-75cd-aca5-1776-9660b059d8bc,hda,disk,tap,qcow,/srv/a.img,w,pair.xml,6,5,136,1,,,hvm,xen,file,,,," ]
	try 0 disks --host h1 --format tsv <pair.xml
	[ "$(sed -n 6p out)" = $'h1\tpair\tb5d70dd2-75cd-aca5-1776-9660b059d8bc\tfda\tfloppy\tfile\t\t/srv/f.img\tw\t-\t16\t5\t612\t5\t\t\thvm\txen\tfile\t\t\t\t' ]
}

@test "other programs read the same from NDJSON, CSV and TSV" {
	both_formats
	hostile >hostile.sxp
	local format
	# shellcheck disable=SC2094,SC2154 # other files; from the helper
	for format in ndjson csv tsv; do
		"$domstream" disks --host h1 --format $format pair.xml pair.sxp hostile.sxp "$samples"/*.xml \
			"$samples"/nightly.xml.gz >$format
	done
	python3 - <<'EOF'
import csv
import json

# Bytes that are not UTF-8 are U+FFFD in JSON, and unchanged in the other formats.
texts = dict(encoding='utf-8', errors='replace', newline='')
with open('ndjson', **texts) as file:
    objects = [json.loads(line) for line in file.read().split('\n')[:-1]]
names = ['host', 'domain', 'uuid', 'target', 'device', 'driver', 'type', 'source', 'mode', 'file', 'line', 'col',
         'offset', 'number', 'bus', 'backend', 'guest', 'hypervisor', 'kind', 'protocol', 'hosts', 'pool', 'volume']
assert all(list(each) == names for each in objects)
rows = [['' if value is None else str(value) for value in each.values()] for each in objects]
assert len(rows) > 20

with open('csv', **texts) as file:
    assert list(csv.reader(file, strict=True)) == [names] + rows

unescaped = {'t': '\t', 'n': '\n', 'r': '\r', '\\': '\\'}
def plain(text):
    parts = iter(text)
    return ''.join(unescaped[next(parts)] if each == '\\' else each for each in parts)
with open('tsv', **texts) as file:
    lines = file.read().split('\n')
assert lines.pop() == ''
assert [[plain(each) for each in line.split('\t')] for line in lines] == [names] + rows

hostile = [row for row in objects if row['file'] == 'hostile.sxp']
assert [row['domain'] for row in hostile] == ['a,"b"\n\t\\c\x1b[2J']
assert [row['source'] for row in hostile] == ['/x\rgü\ufffd']
EOF
}

@test "characters that affect a terminal are masked in the table and escaped in NDJSON" {
	hostile >hostile.sxp
	try 0 disks --host h1 hostile.sxp
	has out 'a,"b"\x0a\x09\c\x1b[2J   xvda     disk   file   -      w    /x\x0dgü\xff'
	[ "$(wc -l <out)" = 2 ]
	try 0 disks --host h1 --format ndjson hostile.sxp
	[ "$(LC_ALL=C tr -d '[:print:]\n' <out | wc -c)" = 5 ]
	iconv -f UTF-8 -t UTF-8 out >/dev/null
}

@test "a value that is too long shifts only the rest of its line" {
	xml a_name_that_is_longer_than_its_column | sed "s,</domain>,<devices><disk type='file' device='disk'><driver name='file'/><source file='/x'/><target dev='xvda'/></disk></devices>&," >long
	try 0 disks --host h1 long
	has out "a_name_that_is_longer_than_its_column xvda     disk   file   -      w    /x"
}

@test "a terminal gets a bold header, unless it is disabled" {
	both_formats
	local bold=$'\033[1m'
	TERM=xterm NO_COLOR='' script -qec "'$domstream' disks --host h1 pair.xml" /dev/null >out
	has out "${bold}HOST"
	has out $'\033[1;33mw!\033[0m   /srv/d.img'
	TERM=xterm NO_COLOR=1 script -qec "'$domstream' disks --host h1 pair.xml" /dev/null >out
	has out DOMAIN
	has_not out $'\033'
	TERM=dumb NO_COLOR='' script -qec "'$domstream' disks --host h1 pair.xml" /dev/null >out
	has_not out $'\033'
	TERM=xterm NO_COLOR='' script -qec "'$domstream' disks --host h1 -o file pair.xml" /dev/null >out
	has_not file $'\033'
	TERM=xterm NO_COLOR='' script -qec "'$domstream' disks --host h1 --format csv pair.xml" /dev/null >out
	has_not out $'\033'
}

@test "a broken domain is rejected, the others are listed, and the status is 2" {
	try 2 disks --host h1 --rejects bad "$samples/damaged.sxp"
	same out "HOST         DOMAIN                   TARGET   DEVICE DRIVER TYPE   MODE SOURCE" \
		"h1           flute                    xvda     disk   phy    -      w    /dev/vg_band/flute" \
		"h1           clarinet                 xvda     disk   tap    qcow   w    /srv/band/clarinet.qcow" \
		"h1           bassoon                  xvda     disk   file   -      w    /srv/band/bassoon.img"
	has err "damaged.sxp:29:1: error: domain 'oboe': "
	has err "domstream: 4 domains read, 3 disks, 1 rejected, "
	has bad "(name oboe)"
}

@test "the header is printed even without disks" {
	try 0 disks --host h1 --format csv <<<"<domains/>"
	same out "host,domain,uuid,target,device,driver,type,source,mode,file,line,col,offset,number,bus,backend,guest,hypervisor,kind,protocol,hosts,pool,volume"
	has err "no domain in this input"
	xml a | "$domstream" disks --format ndjson >out
	empty out
	xml a | "$domstream" disks >out
	[ "$(cat out)" = "HOST         DOMAIN                   TARGET   DEVICE DRIVER TYPE   MODE SOURCE" ]
}

@test "the list is the same for every number of threads, compressed too" {
	local format jobs
	# shellcheck disable=SC2154 # from the helper
	"$gen" --format xml --domains 3000 >dump.xml
	"$gen" --format sexpr --domains 3000 >dump.sxp
	for format in table ndjson csv tsv; do
		"$domstream" disks -j 1 --format $format dump.xml dump.sxp >one
		for jobs in 2 3 7; do
			"$domstream" disks -j $jobs --format $format dump.xml dump.sxp | cmp one -
		done
		"$domstream" disks -j 1 -z --format $format dump.xml dump.sxp >one.gz
		"$domstream" disks -j 4 --format $format -o four.gz dump.xml dump.sxp
		cmp one.gz four.gz
		gzip -dc four.gz | cmp one -
	done
	[ "$(wc -l <one)" -gt 6000 ]
}

@test "the number of rows is the number of disks that check counts" {
	local count
	"$gen" --format sexpr --domains 500 >dump.sxp
	count=$("$domstream" check dump.sxp | sed 's/.*, \([0-9]*\) disks.*/\1/')
	try 0 disks --host h1 --format ndjson dump.sxp
	[ "$(wc -l <out)" = "$count" ]
	try 0 disks --host h1 -v dump.sxp
	has err "domstream: 500 domains read, $count disks, 0 rejected, "
}

@test "many disks in one domain do not take quadratic time" {
	{
		printf '<domain><name>a</name><devices>\n'
		yes '<disk/>' | head -n 200000
		printf '</devices></domain>\n'
	} >many.xml
	linear "$domstream" disks --host h1 --max-parts 200000 --format tsv many.xml >out
	[ "$(tail -n 1 out)" = $'h1\ta\t\t\tdisk\t\t\t\tw\tmany.xml\t200001\t1\t1600024\t200000\t\t\t\t\tfile\t\t\t\t' ]
}

@test "a domain is rejected when the repetitions of its name would be too long" {
	{
		printf '<domain><name>%0500000d</name><devices>' 0
		yes '<disk/>' | head -n 10000
		printf '</devices></domain>\n'
		xml b | sed "s,</domain>,<devices><disk/></devices>&,"
	} >long
	try 2 disks --host h1 --format csv --columns host,domain,device,line,col long
	has err "long:1:1: error: "
	has err "the rows for its disks would be too long [DA905]"
	[ "$(sed 1d out)" = "h1,b,disk,10002,110" ]
	try 0 check -q long
}

@test "disks refuses options of convert, and convert refuses --format" {
	both_formats
	try 3 disks --to xml pair.xml
	has err "'disks' has no option '--to'"
	try 3 disks --strict pair.xml
	try 3 convert --format csv pair.xml
	has err "'convert' has no option '--format'"
	try 3 disks --format json pair.xml
	has err "invalid value 'json' for '--format'"
	try 0 disks --help
	has out "Usage: domstream disks"
	has out "--format table|ndjson|csv|tsv"
	has_not out "--losses"
}

@test "-v gives the table every field" {
	printf '(domain (name a) (uuid 5f8c2d4e-1b0a-4c1d-9e2f-3a4b5c6d7e8f)\n (device (vbd (dev xvda) (uname file:/a) (mode w!))))\n' >dump
	try 0 disks --host h1 -v dump
	same out "$(head -n 1 out)" \
		"h1           a                        5f8c2d4e-1b0a-4c1d-9e2f-3a4b5c6d7e8f xvda     disk   file   -      w!   dump                     2      2      62         1      -      -          linux  xen        file     -        -                        -            -                        /a"
	head -n 1 out | grep -q -E '^HOST +DOMAIN +UUID +TARGET +DEVICE +DRIVER +TYPE +MODE +FILE +LINE +COL +OFFSET +NUMBER +BUS +BACKEND +GUEST +HYPERVISOR +KIND +PROTOCOL +HOSTS +POOL +VOLUME +SOURCE$'
}

@test "--columns chooses fields, and --utf8 replaces bytes that are not UTF-8" {
	both_formats
	hostile >hostile.sxp
	try 0 disks --columns number,target,domain --format csv pair.xml
	same out number,target,domain 1,hda,pair 2,hdb,pair 3,hdd,pair 4,hdc,pair 5,fda,pair
	try 0 disks --columns target,mode pair.xml
	[ "$(head -n 2 out | tail -n 1)" = "hda      w" ]
	try 3 disks --columns target,,mode pair.xml
	has err "unknown field '' for '--columns': expected one of host, domain, "
	try 3 disks --columns column pair.xml
	try 0 disks --columns source --format csv --utf8 escape hostile.sxp
	has out 'gü\xff'
	try 0 disks --columns source --format csv --utf8 replace hostile.sxp
	has out $'gü\xef\xbf\xbd'
	try 3 disks --utf8 drop pair.xml
}

@test "--where knows the fields that are combined from others" {
	{
		echo "<domain type='kvm'><name>a</name><devices><disk type='network'><source protocol='rbd' name='p/i'>"
		echo "<host name='c1' port='1'/></source><target dev='vda'/></disk></devices></domain>"
		echo "<domain type='kvm'><name>b</name><devices><disk type='network'><source protocol='nbd'>"
		echo "<host name='c2'/></source><target dev='vda'/></disk></devices></domain>"
	} >net.xml
	try 0 disks --columns domain --format csv --where 'hosts=c1:*' net.xml
	same out domain a
	try 0 disks --columns domain --format csv --where protocol=nbd --where 'source=*c2*' net.xml
	same out domain b
	try 0 disks --columns domain --format csv --where number=1 --where line=3 net.xml
	same out domain b
}

# A million rows were loaded once by hand; this test has fewer.
@test "the sample loads rows into SQLite with their types" {
	local rows
	both_formats
	{
		printf "(domain (name 'gr\\\\303\\\\274\\\\377') (uuid not-a-uuid) (device (vbd (dev xvda) (uname file:/a,b) (mode w))))\n"
		cat pair.sxp
	} >odd.sxp
	for format in 1 2 3; do
		cat pair.xml
	done >many.xml
	DOMSTREAM=$domstream "$samples/load-disks" disks.db odd.sxp many.xml
	rows=$(($("$domstream" disks --format csv odd.sxp many.xml | wc -l) - 1))
	[ "$(sqlite3 disks.db 'SELECT count(*) FROM disks')" = $rows ]
	[ "$(sqlite3 disks.db "SELECT DISTINCT typeof(line), typeof(col), typeof(\"offset\"), typeof(number) FROM disks")" = \
		"integer|integer|integer|integer" ]
	[ "$(sqlite3 disks.db "SELECT typeof(uuid), uuid, domain, source FROM disks WHERE number = 1 AND uuid LIKE 'not%'")" = \
		'text|not-a-uuid|grü\xff|/a,b' ]
	[ "$(sqlite3 disks.db 'SELECT count(*) FROM disks WHERE source IS NULL')" = 4 ]
	[ "$(sqlite3 disks.db "SELECT count(*) FROM disks WHERE source = ''")" = 0 ]
	# Loading once more replaces the rows.
	DOMSTREAM=$domstream "$samples/load-disks" disks.db pair.xml
	[ "$(sqlite3 disks.db 'SELECT count(*) FROM disks')" = 5 ]
}

@test "the samples name every field of disks" {
	local field
	"$domstream" disks --format csv </dev/null 2>/dev/null | head -n 1 | tr , '\n' >fields || :
	[ "$(wc -l <fields)" = 23 ]
	while read -r field; do
		grep -q -E "^	+\"?$field\"? " "$samples/disks.sql" || { echo "not in disks.sql: $field" && return 1; }
		grep -q -E "\"?$field\"?: '" "$samples/disks.duckdb.sql" || { echo "not in disks.duckdb.sql: $field" && return 1; }
	done <fields
}

@test "a second domain within a megabyte after the first one makes the file a host" {
	local gap
	mkdir rack
	for gap in 1000000 1100000; do
		{
			printf '<domain><name>a</name><devices><disk><source file="/a"/></disk></devices></domain>'
			head -c "$gap" /dev/zero | tr '\0' ' '
			printf '<domain><name>b</name><devices><disk><source file="/b"/></disk></devices></domain>'
		} >rack/$gap.xml
		for jobs in 1 2 8; do
			try 0 disks -j "$jobs" --format csv --columns host rack/$gap.xml
			mv out "$gap.$jobs"
			cmp "$gap.1" "$gap.$jobs"
		done
	done
	same 1000000.1 host 1000000 1000000
	same 1100000.1 host rack rack
}

@test "--where lists and counts only the disks that match" {
	local estate=$samples/estate.xml
	try 0 disks --columns domain,target --format csv --where driver=tap --where 'source=/srv/*' "$estate"
	same out domain,target shopfront,xvdb ledger,hda smithy,xvda
	try 0 check --where driver=tap --where 'source=/srv/*' "$estate"
	grep -q '^3 domains, 3 disks, 0 rejected, 2 not selected, ' out
	# A domain that is selected in another way is listed as a whole, and disks keep their numbers.
	try 0 disks --columns number --format csv --name ledger "$estate"
	same out number 1 2 3
	try 0 disks --columns number --format csv --name ledger --where device=floppy "$estate"
	same out number 3
}

# duckdb_query SQL: runs the SQL with DuckDB's own program or the engine in its package for Node.js, and prints the rows as
# JSON.
duckdb_query() {
	if command -v duckdb >/dev/null; then
		duckdb -json disks.duckdb <<<"$1"
		return
	fi
	node -e '
		(async () => {
			const instance = await require("@duckdb/node-api").DuckDBInstance.create("disks.duckdb");
			const reader = await (await instance.connect()).runAndReadAll(process.argv[1]);
			console.log(JSON.stringify(reader.getRowObjectsJson()));
		})().catch(error => { console.error(error.message); process.exit(1); });' -- "$1"
}

@test "the sample loads rows into DuckDB with their types" {
	command -v duckdb >/dev/null || node -e 'require("@duckdb/node-api")' 2>/dev/null ||
		skip "DuckDB is not installed; set NODE_PATH after 'npm install @duckdb/node-api'"
	both_formats
	{
		printf "(domain (name 'gr\\\\303\\\\274\\\\377') (uuid not-a-uuid) (device (vbd (dev xvda) (uname file:/a,b) (mode w))))\n"
		cat pair.sxp
	} >odd.sxp
	"$domstream" disks -q --format ndjson --utf8 escape odd.sxp >disks.ndjson
	duckdb_query "$(cat "$samples/disks.duckdb.sql")" >/dev/null
	duckdb_query "SELECT count(*)::INTEGER AS n FROM disks" >out
	grep -qF "\"n\":$(wc -l <disks.ndjson)}" out
	duckdb_query "SELECT DISTINCT typeof(line) AS l, typeof(\"offset\") AS o, typeof(number) AS n FROM disks" >out
	grep -qF '"l":"UBIGINT","o":"UBIGINT","n":"UBIGINT"' out
	duckdb_query "SELECT uuid, domain, source FROM disks WHERE try_cast(uuid AS UUID) IS NULL AND uuid IS NOT NULL" >out
	grep -qF '"uuid":"not-a-uuid","domain":"grü\\xff","source":"/a,b"' out
}
