#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# The audit: what makes it fail, which findings it hides, and what is one host. The rules themselves are tested in
# tests/audit.

load helper

# disk NAME UNAME [MODE]: a domain with a UUID that is derived from its name.
disk() {
	printf '(domain (name %s) (uuid %s) (image (linux (kernel /k))) (device (vbd (dev xvda) (uname %s) (mode %s))))\n' "$1" \
		"$(uuid "$1")" "$2" "${3:-w}"
}

uuid() {
	printf '%s' "$1" | md5sum | sed -E 's/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/\1-\2-\3-\4-\5/'
}

# The ids of the findings in a report.
ids() {
	grep -o '\[DA[0-9]*\]$' "${1:-out}" | tr -d '[]' | sort -u | tr '\n' ' '
}

fingerprints() {
	grep -o '"fingerprint":"[0-9a-f]*"' "${1:-out}" | sort
}

two_writers() {
	disk one phy:/dev/vg/a
	disk two phy:/dev/vg/a
}

@test "findings of high severity make the status 1, others do not" {
	two_writers >high.sxp
	try 1 audit -q high.sxp
	[ "$(ids)" = 'DA301 ' ]
	disk one phy:vg/a >medium.sxp
	try 0 audit -q medium.sxp
	[ "$(ids)" = 'DA108 ' ]
}

@test "--fail-on sets the severity from which on it fails" {
	disk one phy:vg/a >medium.sxp
	try 1 audit -q --fail-on medium medium.sxp
	try 1 audit -q --fail-on low medium.sxp
	try 1 audit -q --fail-on info medium.sxp
	try 0 audit -q --fail-on critical medium.sxp
	two_writers >high.sxp
	try 1 audit -q --fail-on critical high.sxp
	try 0 audit -q --fail-on never high.sxp
	[ "$(ids)" = 'DA301 ' ]
	try 3 audit --fail-on often high.sxp
}

@test "--min-severity hides findings, which still count" {
	disk one phy:vg/a >medium.sxp
	try 0 audit -q --min-severity medium medium.sxp
	[ "$(ids)" = 'DA108 ' ]
	try 0 audit -q --min-severity high medium.sxp
	empty out
	try 1 audit -q --min-severity high --fail-on medium medium.sxp
	same out '1 finding below --min-severity is not shown, and decides the exit status'
	try 3 audit --min-severity loud medium.sxp
}

@test "damage is status 2, whatever else is found" {
	two_writers >damaged.sxp
	printf '(domain (name cut) (uuid' >>damaged.sxp
	try 2 audit -q damaged.sxp
	has out '[DA301]'
	has out '[DA901]'
	try 2 audit -q --fail-on never damaged.sxp
	try 2 audit -q --min-severity critical damaged.sxp
	has_not out '[DA901]'
}

@test "findings that a baseline lists are hidden, and no others" {
	two_writers >old.sxp
	try 1 audit -q --host h --write-baseline known old.sxp
	[ "$(grep -c -v '^#' known)" = 1 ]
	try 0 audit -q --host h --baseline known old.sxp
	empty out
	cp old.sxp new.sxp
	disk three file:/srv/three.img >>new.sxp
	try 1 audit -q --host h --baseline known new.sxp
	[ "$(ids)" = 'DA101 DA102 ' ]
	try 1 audit -q --host h --baseline known --write-baseline known2 new.sxp
	[ "$(grep -c -v '^#' known2)" = 3 ]
	try 0 audit -q --host h --baseline known2 new.sxp
	empty out
}

@test "an invalid baseline is refused with its line" {
	two_writers >dump.sxp
	printf '# comment\n\nDA301\n' >known
	try 3 audit --baseline known dump.sxp
	has err 'known:3: '
	printf '%032d\n%032dx\n' 1 2 >known
	try 3 audit --baseline known dump.sxp
	has err 'known:2: '
	printf '%032d\000\n' 1 >known
	try 3 audit --baseline known dump.sxp
	has err 'known:1: '
	try 3 audit --baseline missing dump.sxp
	has err "'missing'"
	try 3 audit --baseline . dump.sxp
	: >known
	try 1 audit -q --baseline known dump.sxp
}

@test "fingerprints survive moved lines, renamed dumps and another order" {
	two_writers >one.sxp
	disk three file:/srv//three.img >>one.sxp
	disk four tap:qcow:/tmp/four.qcow >>one.sxp
	try 1 audit -q --host h --format ndjson one.sxp
	fingerprints >expected
	[ "$(wc -l <expected)" -gt 6 ]
	{ printf '\n\n\n'; tac one.sxp; } >other-name.sxp
	try 1 audit -q --host h --format ndjson other-name.sxp
	fingerprints | diff expected -
	gzip -c one.sxp >packed
	try 1 audit -q --host h --format ndjson ./packed
	fingerprints | diff expected -
}

@test "names of cases in JUnit survive moved lines and renamed dumps" {
	two_writers >one.sxp
	disk three file:/srv//three.img >>one.sxp
	disk three file:/srv//three.img >>one.sxp
	try 1 audit -q --host h --format junit one.sxp
	grep -o '<testcase name="[^"]*" classname="[^"]*"' out >expected
	[ "$(wc -l <expected)" -gt 6 ]
	[ "$(sort -u expected | wc -l)" = "$(wc -l <expected)" ]
	{ printf '\n\n\n'; cat one.sxp; } >other-name.sxp
	try 1 audit -q --host h --format junit other-name.sxp
	grep -o '<testcase name="[^"]*" classname="[^"]*"' out | diff expected -
}

@test "fingerprints are the same for both formats" {
	two_writers >one.sxp
	disk three file:/srv//three.img >>one.sxp
	disk four tap:qcow:/tmp/four.qcow >>one.sxp
	"$domstream" convert -q one.sxp >one.xml
	try 1 audit -q --format ndjson one.sxp
	fingerprints >expected
	try 1 audit -q --format ndjson one.xml
	fingerprints | diff expected -
}

@test "the fingerprint of damage survives moved lines" {
	printf '(domain (name a)\n(domain (name b) (uuid %s))\n' "$(uuid b)" >one.sxp
	try 2 audit -q --format ndjson one.sxp
	fingerprints >expected
	[ -s expected ]
	{ printf '\n\n\n'; cat one.sxp; } >two.sxp
	try 2 audit -q --format ndjson two.sxp
	fingerprints | diff expected -
}

@test "a baseline neither lists nor hides damage" {
	printf '(domain (name a) (uuid' >cut.sxp
	cat cut.sxp >other.sxp
	two_writers >>damaged.sxp
	cat cut.sxp >>damaged.sxp
	try 2 audit -q --write-baseline known damaged.sxp
	same <(grep -v '^#' known | cut -d ' ' -f 2) DA301
	try 2 audit -q --baseline known --write-baseline known2 damaged.sxp
	[ "$(ids)" = 'DA901 ' ]
	cmp known known2
	try 2 audit -q --baseline known other.sxp
	[ "$(ids)" = 'DA901 ' ]
	# Not even a fingerprint that somebody has written into it hides damage.
	try 2 audit -q --format ndjson cut.sxp
	sed 's/.*"fingerprint":"\([0-9a-f]*\)".*/\1/' out >known
	[ "$(wc -l <known)" = 1 ]
	try 2 audit -q --baseline known cut.sxp
	[ "$(ids)" = 'DA901 ' ]
}

@test "damage of one file does not hide that of another" {
	local cases=$BATS_TEST_DIRNAME/../audit/DA902 print
	try 2 audit -q --write-baseline known "$cases/fires-checksum.sxp.gz"
	try 2 audit -q --baseline known "$cases/fires-member-of-an-archive.tar"
	[ "$(ids)" = 'DA902 ' ]
	# The words, and the last component of the name, are the same.
	mkdir a b
	cp "$cases/fires-checksum.sxp.gz" a/config.sxp.gz
	cp "$cases/fires-checksum.sxp.gz" b/config.sxp.gz
	try 2 audit -q --format ndjson a/config.sxp.gz b/config.sxp.gz
	[ "$(grep -c '"rule":"DA902"' out)" = 2 ]
	print=$(sed -n '/"file":"a\/config/s/.*"fingerprint":"\([0-9a-f]*\)".*/\1/p' out)
	printf 'DA902 fingerprint=%s reason=a test\n' "$print" >hidden
	try 2 audit -q --suppress hidden a/config.sxp.gz b/config.sxp.gz
	[ "$(grep '\[DA902\]' out | cut -d : -f 1)" = b/config.sxp.gz ]
}

@test "a suppression hides by rule and by every selector" {
	disk web01 file:/srv/web01.img >dump.sxp
	disk 'db01' file:/srv/db01.img >>dump.sxp
	try 1 audit -q --format ndjson dump.sxp
	local print
	print=$(grep '"DA101".*web01' out | grep -o '"fingerprint":"[0-9a-f]*' | cut -d'"' -f4)
	for selector in 'domain=web01' 'domain=web*' 'domain="web01"' "uuid=$(uuid web01)" 'source=/srv/web*' 'source=*web01*' \
		"fingerprint=$print" 'domain=*1 source=/*/web??' 'domain="w\eb01"'; do
		printf 'DA101 %s reason=it is fine\n' "$selector" >rules
		try 1 audit -q --suppress rules dump.sxp
		case $selector in
		*'??'*) [ "$(grep -c 'DA101' out)" = 2 ] ;;
		*) [ "$(grep -c 'DA101' out)" = 1 ] && has out "'db01'" && empty err ;;
		esac || { echo "$selector"; cat out err; return 1; }
	done
	for selector in '' 'disk=xvda' 'disk=xvd*' "host=${PWD##*/}" 'host=*'; do
		printf 'loop-backed-writable %s reason=it is fine\n' "$selector" >rules
		try 0 audit -q --suppress rules dump.sxp
		[ "$(ids)" = 'DA102 ' ] || { echo "$selector"; cat out; return 1; }
	done
	printf '* domain=web01 reason=all of it\n' >rules
	try 1 audit -q --suppress rules dump.sxp
	has_not out web01
}

@test "a suppression counts up to its day" {
	disk web01 file:/srv/web01.img >dump.sxp
	printf '\n  # why\nDA101 until=2027-06-30 reason=until the move\n' >rules
	SOURCE_DATE_EPOCH=1814400000 try 1 audit --suppress rules dump.sxp
	has out DA101
	has err 'line 3'
	has err 'expired on 2027-06-30'
	has err 'until the move'
	# 2027-06-30 23:59:59
	SOURCE_DATE_EPOCH=1814399999 try 0 audit --suppress rules dump.sxp
	has_not out DA101
	has_not err expired
}

@test "a suppression that hides nothing is reported" {
	disk web01 file:/srv/web01.img >dump.sxp
	printf 'DA101 domain=gone reason=old\nDA101 domain=web01 reason=new\n' >rules
	try 0 audit --suppress rules dump.sxp
	has err 'line 1'
	has_not err 'line 2'
}

@test "invalid suppressions are refused with their line and the invalid value" {
	disk web01 file:/srv/web01.img >dump.sxp
	local line message
	while IFS='|' read -r line message; do
		printf '# first\n%s\n' "$line" >rules
		try 3 audit --suppress rules dump.sxp || { echo "$line"; return 1; }
		has err "rules:2: $message"
		empty out
	done <<'END'
DA101|the reason is missing
DA101 reason=|the reason is missing
DA101 domain=web01|the reason is missing
DA999 reason=no such rule|unknown rule 'DA999'
da101 reason=another case|unknown rule 'da101'
"DA11|the quote at the beginning is not closed
"DA12|the quote at the beginning is not closed
"DA101" reason|invalid selector 'reason': expected NAME=VALUE
DA101 web01 reason=no name|invalid selector 'web01': expected NAME=VALUE
DA101 colour=red reason=no such selector|unknown selector 'colour'
DA101 domain=a domain=b reason=twice|the selector 'domain' is repeated
DA101 domain="web01 reason=open|the quote in the value of 'domain' is not closed
DA101 until=tomorrow reason=no day|invalid day 'tomorrow'
DA101 until=2027-13-01 reason=no month|invalid day '2027-13-01'
DA101 until=2027-00-01 reason=no month|invalid day '2027-00-01'
DA101 until=2027-01-32 reason=no day|invalid day '2027-01-32'
DA101 until=2027-01-00 reason=no day|invalid day '2027-01-00'
DA101 until=2026-02-30 reason=no day|invalid day '2026-02-30'
DA101 until=2100-02-29 reason=no leap year|invalid day '2100-02-29'
DA101 until=2027-04-31 reason=no day|invalid day '2027-04-31'
DA101 until=2027-1-1 reason=too short|invalid day '2027-1-1'
DA101 until=2027-01-011 reason=too long|invalid day '2027-01-011'
DA101 until= reason=nothing|invalid day ''
* reason=all|this would hide everything
END
	printf 'DA101 reason=a\000b\n' >rules
	try 3 audit --suppress rules dump.sxp
	has err 'rules:1: '
	{ printf 'DA101 reason='; head -c 70000 /dev/zero | tr '\0' a; } >rules
	try 3 audit --suppress rules dump.sxp
	has err 'rules:1: '
	try 3 audit --suppress missing dump.sxp
}

# hosts: the hosts of the findings in `out`, which is NDJSON.
hosts() {
	grep -o '"host":"[^"]*"' out | cut -d'"' -f4 | sort -u | paste -sd ' '
}

@test "files with one domain belong to the host of their directory, those with several are hosts" {
	mkdir -p rack/etc/libvirt/xen
	disk one phy:/dev/vg/a >rack/etc/libvirt/xen/one.sxp
	disk two phy:/dev/vg/a >rack/etc/libvirt/xen/two.sxp
	{ disk three phy:/dev/vg/a; disk four phy:/dev/vg/b; } >other.sxp
	try 1 audit -q --format ndjson rack/etc/libvirt/xen/*.sxp other.sxp
	[ "$(hosts)" = rack ]
	[ "$(grep -c '"DA301"' out)" = 1 ]
	mv out plain
	tar cf all.tar rack other.sxp
	for from in "-r rack other.sxp" "all.tar" "--scope directory rack/etc/libvirt/xen/one.sxp rack/etc/libvirt/xen/two.sxp"; do
		# shellcheck disable=SC2086 # words
		try 1 audit -q --format ndjson $from
		[ "$(grep '"DA301"' out | fingerprints -)" = "$(fingerprints plain)" ] || { echo "$from"; cat out; return 1; }
	done
}

@test "the directories of xend's domains belong to one host" {
	for name in one two; do
		mkdir -p "rack/var/lib/xend/domains/$(uuid $name)"
		disk $name phy:/dev/vg/a >"rack/var/lib/xend/domains/$(uuid $name)/config.sxp"
	done
	try 1 audit -q --format ndjson -r rack
	[ "$(hosts)" = rack ]
	has out DA301
}

@test "--scope, --host and --host-from override what is one host" {
	mkdir -p one two
	disk one phy:/dev/vg/a >one/a.sxp
	disk two phy:/dev/vg/a >two/a.sxp
	try 0 audit -q one/a.sxp two/a.sxp
	empty out
	for scope in --scope=run --host=h '--host-from=a*'; do
		try 1 audit -q "$scope" one/a.sxp two/a.sxp
		has out DA301
	done
	cp two/a.sxp one/b.sxp
	for scope in auto directory argument; do
		try 1 audit -q --scope $scope -r one
		has out DA301
	done
	try 0 audit -q --scope file -r one
	empty out
	try 0 audit -q --scope argument one/a.sxp one/b.sxp
	try 1 audit -q --format ndjson --scope run -r one
	[ "$(hosts)" = all ]
	try 1 audit -q --format ndjson --host-from 'on*/' -r one
	[ "$(hosts)" = one ]
	try 3 audit --scope world one/a.sxp
	try 3 audit --host-from one one/a.sxp
	try 3 audit --host '' one/a.sxp
}

@test "a second domain is recognized after anything between it and the first one" {
	mkdir rack
	disk one phy:/dev/vg/a >rack/far.sxp
	disk two phy:/dev/vg/a >>rack/near.sxp
	# More blanks than a block can hold, and then the end of the line of the other domain.
	head -c 900000 /dev/zero | tr '\0' ' ' >>rack/far.sxp
	disk three phy:/dev/vg/c >>rack/far.sxp
	for jobs in 1 4; do
		try 0 disks --format csv -j $jobs -r rack
		[ "$(sed 1d out | cut -d, -f1,2 | paste -sd ' ')" = 'far,one far,three rack,two' ]
		try 0 disks --format csv -j $jobs - <rack/far.sxp
		[ "$(sed 1d out | cut -d, -f1,2 | paste -sd ' ')" = 'stdin,one stdin,three' ]
	done
	# Two domains on a line.
	{ disk one phy:/dev/vg/a | tr '\n' ' '; disk two phy:/dev/vg/b; } >rack/line.sxp
	try 0 disks --format csv rack/line.sxp
	[ "$(sed 1d out | cut -d, -f1,2 | paste -sd ' ')" = 'line,one line,two' ]
}

@test "--shared-storage makes paths the same on all hosts" {
	mkdir -p one two
	disk one file:/mnt/a.img >one/a.sxp
	disk two file:/mnt/a.img >two/a.sxp
	try 1 audit -q --shared-storage /mnt/ one/a.sxp two/a.sxp
	has out DA301
	try 1 audit -q --shared-storage /srv --shared-storage /mnt one/a.sxp two/a.sxp
	has out DA301
	try 1 audit -q --shared-storage /srv one/a.sxp two/a.sxp
	has_not out DA301
}

@test "--loop-budget is the number of loop devices of a host" {
	for i in 1 2 3; do disk "d$i" "file:/srv/$i.img" r; done >one.sxp
	try 0 audit -q one.sxp
	has_not out DA208
	try 0 audit -q --loop-budget 3 one.sxp
	has_not out DA208
	try 0 audit -q --loop-budget 2 one.sxp
	has out DA208
}

@test "several reports of one run are those of several runs" {
	two_writers >dump.sxp
	try 1 audit -q dump.sxp
	mv out text
	try 1 audit -q --format ndjson dump.sxp
	mv out ndjson
	try 1 audit -q --report text=a --report ndjson=b -o c dump.sxp
	cmp text a
	cmp ndjson b
	cmp text c
	empty out
}

# A dump with findings of most rules.
make_estate() {
	"$gen" --format sexpr --domains 400 --seed 1 >a
	"$gen" --format xml --domains 400 --seed 2 >b
	{
		two_writers
		for i in 1 2 3 4 5 6 7 8 9; do disk "l$i" "file:/srv/l$i.img" w!; done
		disk p phy:/dev/sdb
		disk q phy:/dev/sdb1
	} >c
}

@test "the order of the inputs does not change the findings" {
	make_estate
	try 1 audit -q --format ndjson a b c
	mv out abc
	try 1 audit -q --format ndjson c b a
	mv out cba
	diff <(sort abc) <(sort cba)
	# Findings about several domains are last, in the same order.
	grep -E '"DA(30.|208)"' abc >estate
	[ -s estate ]
	grep -E '"DA(30.|208)"' cba | diff estate -
	try 1 audit -q --scope run --format ndjson a b c
	grep -E '"DA(30.|208)"' out >estate
	try 1 audit -q --scope run --format ndjson b c a
	grep -E '"DA(30.|208)"' out | diff estate -
}

@test "the report is the same for any number of threads" {
	make_estate
	try 1 audit -q -j 1 --format ndjson a b c
	mv out expected
	for jobs in 2 3 8; do
		try 1 audit -q -j "$jobs" --format ndjson a b c
		cmp expected out
	done
}

@test "no report and no message shows a password" {
	local secret=ra7tlesnake formats format uname tried=
	{
		local i=0
		for uname in "drbd:joe:$secret@r0" "iscsi:joe:$secret@host/iqn.2006-10.org.example:a" "nbd://joe:$secret@host/a" \
			"tap:aio:joe:$secret@host" "tap:tapdisk:aio:joe:$secret@host" "tap:joe:$secret@host/a" "joe:$secret@host/a" \
			"file:/srv//joe:$secret@a.img" "phy:joe:$secret@a" "drbd:joe:a:$secret@r0" "drbd:joe:$secret:b@r0" \
			"drbd:joe:a@$secret@r0" "drbd:joe:$secret@b@r0" "drbd:joe:a/$secret@r0" "drbd:joe:$secret/b@r0" \
			"file:joe:$secret@relative" "ioemu:joe:$secret@h"; do
			i=$((i + 1))
			disk "a$i" "'$uname'"
			disk "b$i" "'$uname'"
		done
	} >dump.sxp
	cat >dump.xml <<-END
		<domains>
		<domain type='kvm'><name>x1</name><os><type>hvm</type></os><devices>
		<disk type='network'><driver name='qemu' type='raw'/><source protocol='http' name='joe:$secret@host/a b'/><target dev='vda'/></disk>
		<disk type='file'><source file='/srv/joe:$secret@a.qcow2'/><target dev='vdb'/><serial>joe:$secret@x</serial>
		<backingStore type='file'><source file='/mnt/joe:$secret@b.img'/></backingStore></disk>
		</devices></domain>
		<domain><name>x2</name><os><type>linux</type></os><devices>
		<disk type='block'><source dev='drbd:joe:$secret@r0'/><target dev='xvda'/></disk>
		<disk type='file'><driver name='tap' type='tapdisk'/><source file='aio:joe:$secret@r0'/><target dev='xvdb'/></disk>
		<disk type='file'><source file='/mnt/joe:$secret@b.img'/><target dev='xvdc'/></disk>
		</devices></domain>
		</domains>
	END
	formats=$("$domstream" audit --help | sed -n 's|.*--format ||p' | tr '|' ' ')
	[[ $formats == *ndjson* ]]
	for format in $formats; do
		"$domstream" audit --fail-on never --format "$format" --scope run --write-baseline known dump.sxp dump.xml \
			>out 2>err || continue
		tried+=" $format"
		if grep -n -m 3 "$secret" out err known; then
			return 1
		fi
	done
	[[ $tried == *text* && $tried == *ndjson* && $tried == *sarif* && $tried == *junit* && $tried == *html* && $tried == *prom* ]]
	try 1 audit -q --format ndjson --scope run dump.sxp dump.xml
	[ "$(grep -c '"DA131"' out)" = 39 ]
}

@test "very many disks in a domain, domains of an image and partitions of a disk do not take quadratic time" {
	{
		printf '(domain (name many)'
		seq -f '(device (vbd (dev xvda) (uname phy:/dev/sda%.0f) (mode w)))' 1 65000
		printf ')\n'
		seq -f '(domain (name d%.0f) (device (vbd (dev xvda) (uname phy:/dev/sda) (mode w))))' 1 65000
	} >dump.sxp
	linear "$domstream" audit -q --max-parts 64K --fail-on never -o report dump.sxp
	[ "$(grep -c 'DA304' report)" = 65000 ]
	[ "$(grep -c 'DA301' report)" = 1 ]
	[ "$(grep -c 'DA201' report)" = 64999 ]
}

@test "bytes that are not text do not get into a report" {
	printf '(domain (name \001\033[31m) (device (vbd (dev "x\177\002") (uname "file:/a\001\033]0;x\007\377b") (mode w))))\n' >dump.sxp
	for format in text ndjson; do
		try 1 audit -q --format "$format" dump.sxp
		[ -s out ]
		if [ "$format" = text ] && LC_ALL=C grep '[^[:print:][:space:]]' out; then
			return 1
		fi
		if LC_ALL=C grep $'[\001\033\007\177]' out; then
			return 1
		fi
	done
}

@test "a file without the end of a line is not a baseline, and takes no memory" {
	two_writers >dump.sxp
	try 3 audit --baseline /dev/zero dump.sxp
	has err '/dev/zero:1: '
	mkfifo known rules
	timeout "$hang" sh -c 'yes 0123456789abcdef | tr -d "\n" >known' 2>/dev/null &
	local writers=$!
	status=0
	linear "$domstream" audit --baseline known dump.sxp 2>err || status=$?
	[ "$status" = 3 ]
	has err 'known:1: the line is too long'
	timeout "$hang" sh -c 'yes "DA101 " | tr -d "\n" >rules' 2>/dev/null &
	writers+=" $!"
	status=0
	linear "$domstream" audit --suppress rules dump.sxp 2>err || status=$?
	[ "$status" = 3 ]
	has err 'rules:1: the line is too long'
	wait $writers || true
}

@test "a baseline that cannot be read is refused" {
	two_writers >dump.sxp
	printf '%032d\n' 1 >known
	chmod 0 known
	chmod 755 .
	chmod 644 dump.sxp
	status=0
	run_unprivileged "$domstream" audit --baseline known dump.sxp >out 2>err || status=$?
	[ "$status" = 3 ]
	has err "cannot read 'known': Permission denied"
	empty out
	status=0
	run_unprivileged "$domstream" audit --suppress known dump.sxp >out 2>err || status=$?
	[ "$status" = 3 ]
	has err "cannot read 'known': Permission denied"
	try 3 audit --suppress . dump.sxp
	has err "cannot read '.': Is a directory"
}

# The table of the page: images, each with its domains.
shared_images() {
	sed -n "/<caption>Images that ${1:-most domains share}/,/<\/table>/p" page |
		grep -o '<tr><th scope="row"><bdi>[^<]*\|<td class="number">[0-9]*' |
		sed 's/.*>//' | paste -sd ' '
}

@test "the page counts shared images by the same hosts as the rules" {
	mkdir -p one two
	disk one file:/mnt/a.img >one/a.sxp
	disk two file:/mnt//a.img r >two/a.sxp
	try 1 audit -q --report html=page one/a.sxp two/a.sxp
	[ "$(shared_images)" = '' ]
	try 1 audit -q --report html=page --scope run one/a.sxp two/a.sxp
	[ "$(shared_images)" = '/mnt/a.img 2 1' ]
	try 1 audit -q --report html=page --shared-storage /mnt one/a.sxp two/a.sxp
	[ "$(shared_images)" = '/mnt/a.img 2 1' ]
	cp two/a.sxp one/b.sxp
	try 1 audit -q --report html=page -r one
	[ "$(shared_images)" = '/mnt/a.img 2 1' ]
	try 1 audit -q --report html=page --scope file -r one
	[ "$(shared_images)" = '' ]
}

@test "the page counts shared images exactly, and those of CD drives separately" {
	# The same domain in both formats is one; two disks of a domain count once.
	for i in 1 2 3; do
		printf '(domain (name d%s) (uuid %s) (image (hvm (kernel /k)))' $i "$(uuid $i)"
		printf '(device (vbd (dev hdc:cdrom) (uname file:/iso/a.iso) (mode r)))'
		printf '(device (tap (dev hda:disk) (uname tap:aio:/srv/a.img) (mode %s)))' "$([ $i = 1 ] && echo w || echo r)"
		printf '(device (tap (dev hdb:disk) (uname tap:aio:/srv/./a.img) (mode r))))\n'
	done >dump.sxp
	"$domstream" convert -q dump.sxp >dump.xml
	try 1 audit -q --host h --report html=page dump.sxp dump.xml
	[ "$(shared_images)" = '/srv/a.img 3 1' ]
	[ "$(shared_images 'are in most CD drives')" = '/iso/a.iso 3 0' ]
	# Far more images than the page has room for.
	seq 5000 | awk '
		function disk(name, source, mode) {
			printf "(domain (name %s) (device (vbd (dev xvda) (uname phy:/dev/vg/%s) (mode %s))))\n", name, source, mode
		}
		{ disk("a" $1, $1, "w"); disk("b" $1, $1, "r") }
		$1 % 100 == 0 { disk("c" $1, "all", "w") }' >dump.sxp
	try 1 audit -q --host h --report html=page dump.sxp
	[ "$(shared_images | cut -d ' ' -f 1-6)" = '/dev/vg/all 50 50 /dev/vg/1 2 1' ]
	has page '981 other images'
}

# long SIZE DISKS: a domain whose name has SIZE bytes.
long() {
	printf '(domain (name %s)' "$(head -c "$1" /dev/zero | tr '\0' n)"
	seq -f '(device (vbd (dev x%.0f) (uname file:/srv/a.img) (mode w)))' 1 "$2"
	printf ')\n'
}

@test "a name of a mebibyte gets into every report, and into a baseline that can be read" {
	{ long 1048576 2; long 1048575 2; } >dump.sxp
	for format in text ndjson sarif junit prom html; do
		try 1 audit -q --scope run --format "$format" --write-baseline known dump.sxp
		[ -s out ]
		[ "$(wc -c <known)" -lt 10000 ]
	done
	try 0 audit -q --scope run --baseline known dump.sxp
	empty out
	try 1 audit -q --format ndjson dump.sxp
	python3 -c 'import json; assert {len(json.loads(line)["domain"]) for line in open("out")} == {2**20 - 1, 2**20}'
	try 0 check dump.sxp
	"$domstream" convert -q dump.sxp >dump.xml
	try 0 diff dump.sxp dump.xml
	long 1048574 1 >other.sxp
	try 1 diff -q other.sxp dump.xml
	[ "$(wc -l <out)" = 3 ]
}

@test "a name that findings would repeat too often is over a limit" {
	{ long 1000000 30; long 100 3; } >dump.sxp
	for format in text ndjson prom; do
		try 2 audit --format "$format" dump.sxp
		has err 'the findings of its disks would be too long [DA905]'
		[ "$(wc -c <out)" -lt 100000 ]
	done
	has out 'domstream_rejected 1'
	long 1000000 16 >dump.sxp
	try 1 audit -q dump.sxp
}

# A million domains with one image take about 2 seconds and 130 MiB.
@test "very many domains that share one image do not take quadratic time" {
	seq -f '(domain (name d%.0f) (device (vbd (dev xvda) (uname file:/srv/a.img) (mode w))))' 1 300000 >dump.sxp
	linear "$domstream" audit -q --fail-on never --min-severity critical --report html=page --report ndjson=list dump.sxp
	[ "$(wc -l <list)" = 1 ]
	has list 'and 299996 more'
	# Up to the blank between the thousands.
	[ "$(shared_images)" = '/srv/a.img 300 300' ]
}

@test "a NUL byte in a name or a path of SEXPR is shown as an escape" {
	printf '(domain (name "a\\x00b") (device (vbd (dev "xv\\x00da") (uname "file:/srv/a\\000.img") (mode w))))\n' >dump.sxp
	printf '(domain (name "a\\x00c") (device (vbd (dev "xv\\x00da") (uname "file:/srv/a\\000.img") (mode w))))\n' >>dump.sxp
	try 1 audit -q --report text=text --report ndjson=ndjson --report sarif=sarif --report junit=junit --report html=page \
		--write-baseline known dump.sxp
	has text "domain 'a\\x00b': disk 'xv\\x00da'"
	has text '/srv/a\x00.img'
	has ndjson '"domain":"a\u0000b"'
	has ndjson '"source":"/srv/a\u0000.img"'
	has sarif '/srv/a\u0000.img'
	has junit 'a\x00b'
	has page 'a\x00b'
	# They are two domains, not one that is called a.
	[ "$(grep -c DA301 ndjson)" = 1 ]
	try 0 audit -q --baseline known dump.sxp
	empty out
	if grep -c -P '\x00' text ndjson sarif junit page known | grep -v ':0$'; then
		return 1
	fi
	try 1 diff -q dump.sxp <(sed 's/srv/mnt/' dump.sxp)
	has out '/srv/a\x00.img -> /mnt/a\x00.img'
}

@test "a full disk is status 4, for every report and for a baseline" {
	[ -w /dev/full ]
	make_estate
	for format in text ndjson sarif junit prom html; do
		status=0
		"$domstream" audit -q --format "$format" a b c >/dev/full 2>err || status=$?
		[ "$status" = 4 ]
		has err 'No space left on device'
		try 4 audit -q --report "$format=/dev/full" a b c
		has err '/dev/full: error: '
		has err 'No space left on device'
	done
	try 4 audit -q --write-baseline /dev/full a b c
	has err 'No space left on device'
	# Output that was small enough to be buffered is lost at the end.
	two_writers >dump.sxp
	try 4 audit -q --write-baseline /dev/full dump.sxp
	status=0
	"$domstream" diff -q a c >/dev/full 2>err || status=$?
	[ "$status" = 4 ]
	has err 'No space left on device'
}

@test "a reader that closes its pipe ends the program quietly" {
	make_estate
	for format in text ndjson sarif junit html; do
		{ status=0; "$domstream" audit --format "$format" a b c 2>err || status=$?; echo "$status" >status; } | head -c 1 >out
		[ "$(cat status)" = 141 ]
		empty err
	done
	{ status=0; "$domstream" diff a b 2>err || status=$?; echo "$status" >status; } | head -c 1 >out
	[ "$(cat status)" = 141 ]
	empty err
}

# night DIRECTORY: an estate of three hosts with two findings for each of their two domains.
night() {
	for host in h1 h2 h3; do
		mkdir -p "$1/$host"
		for i in 1 2; do disk "$host-$i" "file:/srv/$host-$i.img"; done >"$1/$host/$host.sxp"
	done
}

# states: the number of findings of each state in `out`, which is NDJSON.
states() {
	grep -o '"state":"[a-z]*"' out | sort | uniq -c | sed 's/ *\([0-9]*\) "state":"\(.*\)"/\2 \1/' | paste -sd ' '
}

@test "a baseline counts new, known and gone findings, and keeps those of hosts that were not read" {
	night one
	try 1 audit --write-baseline known -r one
	has err 'domstream: 3 hosts, 12 findings'
	night two
	# One host was not reached, the directory of another one has another name; a guest was removed, another one
	# added.
	rm -r two/h1
	mv two/h2 two/elsewhere
	disk h3-1 file:/srv/h3-1.img >two/h3/h3.sxp
	disk h3-3 file:/srv/h3-3.img >>two/h3/h3.sxp
	try 1 audit --format ndjson --baseline known --write-baseline known2 --report text=text --summary -r two
	has err 'domstream: 2 hosts; findings: 2 new, 6 known, 2 gone, 4 kept for hosts that were not fully read'
	has text 'baseline: 2 new, 6 known, 2 gone, 4 kept for hosts that were not fully read'
	[ "$(states)" = 'gone 2 known 6 new 2' ]
	[ "$(grep '"gone"' out | grep -c '"domain":"h3-2".*"disk":"xvda".*"host":"h3"')" = 2 ]
	[ "$(grep -v '^#' known2 | cut -d ' ' -f 3 | sort | uniq -c | tr -s ' \n' ' ')" = ' 4 h1 4 h2 4 h3 ' ]
	# The third night is like the first one, except for what was added in the second.
	try 0 audit --baseline known2 -r two
	empty out
	try 1 audit --format ndjson --baseline known2 -r one
	[ "$(states)" = 'gone 2 known 10 new 2' ]
}

@test "no finding is gone on a host that was not read to its end" {
	night one
	try 1 audit -q --write-baseline known -r one
	disk h3-1 file:/srv/h3-1.img >one/h3/h3.sxp
	disk h3-3 file:/srv/h3-3.img >>one/h3/h3.sxp
	printf '(domain (name cut' >>one/h3/h3.sxp
	try 2 audit -q --format ndjson --baseline known -r one
	[ "$(grep -v DA901 out | grep -o '"state":"[a-z]*"' | sort | uniq -c | tr -s ' \n' ' ')" = ' 10 "state":"known" 2 "state":"new" ' ]
	# Nor are findings of domains that were not selected.
	night one
	try 0 audit -q --format ndjson --baseline known --name h1-1 -r one
	[ "$(states)" = 'known 2' ]
}

@test "a baseline without hosts is read too" {
	night one
	try 1 audit -q --format ndjson -r one
	fingerprints | cut -d '"' -f4 | tail -n 11 >known
	printf '%032d\n' 0 >>known
	try 1 audit -q --fail-on low --format ndjson --baseline known -r one
	[ "$(states)" = 'gone 1 known 11 new 1' ]
}

@test "many suppressions of many findings do not take quadratic time" {
	"$gen" --format sexpr --domains 4000 --seed 5 >dump.sxp
	try 1 audit -q --format ndjson dump.sxp
	sed 's/.*"rule":"\(DA[0-9]*\)".*"fingerprint":"\([0-9a-f]*\)".*/\1 fingerprint=\2 reason=known/' out | sort -u >rules
	[ "$(wc -l <rules)" -gt 10000 ]
	linear "$domstream" audit -q --suppress rules dump.sxp >out
	empty out
}

@test "many suppressions whose pattern begins with * do not take quadratic time" {
	"$gen" --format sexpr --domains 12000 --seed 5 >dump.sxp
	try 1 audit -q --format ndjson dump.sxp
	sed 's/.*"uuid":"[^"]*-\([0-9a-f]*\)".*/* uuid=*-\1 reason=known/' out | grep '^\*' | sort -u >rules
	[ "$(wc -l <rules)" -gt 10000 ]
	linear "$domstream" audit -q --suppress rules dump.sxp >out
	has_not out "domain '"
}

@test "a pattern that begins with * hides what it matches, wherever its pieces are" {
	for name in ab aab abc xabcdefghijx abcdefghij abcdefghi zzzzzzzzzzzz zzzzzzzz a; do
		disk $name file:/srv/$name.img
	done >dump.sxp
	for pattern in '*b' '*a*' '*bc*' '*abcdefghi' '*bcdefghi*' '*zzzzzzzz' '*zzzzzzzzz*' '**' '*' '*a*b*c*' '*efgh*j*' '*x'; do
		printf 'DA101 domain=%s reason=x\n* host=nothing reason=y\nDA101 domain=*q%s reason=z\n' "$pattern" "$pattern" >rules
		"$domstream" audit -q --suppress rules dump.sxp >out 2>err || [ $? = 1 ]
		for name in ab aab abc xabcdefghijx abcdefghij abcdefghi zzzzzzzzzzzz zzzzzzzz a; do
			# The shell matches a pattern with * as this program does.
			# shellcheck disable=SC2254
			case $name in
			$pattern) [ "$(grep -c "'$name'.*DA101" out)" = 0 ] ;;
			*) [ "$(grep -c "'$name'.*DA101" out)" = 1 ] ;;
			esac || { echo "$pattern $name"; cat out; return 1; }
		done
	done
}

@test "--summary counts by severity and rule, and --group-by sorts the findings" {
	night one
	try 1 audit -q --summary -r one
	[ "$(tail -n 3 out)" = "$(printf '%s\n' '12 findings on 3 hosts: 6 high, 6 medium' \
		'  high      DA101       6  writable disk is loop-backed' '  medium    DA102       6  xl ignores the requested backend')" ]
	try 1 audit -q --group-by rule -r one
	[ "$(grep -c . out)" = 14 ]
	[ "$(head -n 1 out)" = 'DA101 writable disk is loop-backed: 6 findings' ]
	try 1 audit -q --group-by host -r one
	[ "$(grep -v ' domain ' out | tr '\n' ' ')" = 'h1: 4 findings  h2: 4 findings  h3: 4 findings ' ]
	try 1 audit -q --group-by domain -r one
	has out 'h2: h2-1: 2 findings'
}

@test "--sarif-limit keeps the most severe results, and counts the others" {
	night one
	try 1 audit -q --format sarif --sarif-limit 7 -r one
	python3 - <<'END'
import json
run = json.load(open("out"))["runs"][0]
assert [result["ruleId"] for result in run["results"]] == ["DA101"] * 6 + ["DA102"]
assert "5 results of 12" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
assert [part["kind"] for part in run["results"][0]["locations"][0]["logicalLocations"]] == ["host", "domain", "disk"]
END
	try 1 audit -q --format sarif --sarif-limit 12 -r one
	has_not out toolExecutionNotifications
}

@test "Prometheus gets findings by host and the time of the run" {
	night one
	try 1 audit -q --format prom -r one
	has out 'domstream_findings{host="h2",rule="DA101",name="loop-backed-writable",severity="high"} 2'
	has out 'domstream_host_findings{host="h3",severity="critical"} 0'
	has out 'domstream_host_domains{host="h1"} 2'
	has out 'domstream_run_status 1'
	grep -q -E '^domstream_run_timestamp_seconds [0-9]{10}$' out
	SOURCE_DATE_EPOCH=1000 try 1 audit -q --format prom -r one
	has out 'domstream_run_timestamp_seconds 1000'
	has out 'domstream_run_duration_seconds 0.000'
}

@test "--images compares with a list, of all hosts or of one" {
	for host in kvm1 kvm2; do
		for i in 1 2; do disk "$host-$i" "phy:/dev/vg/d$i"; done >"$host.sxp"
	done
	printf '/dev/vg/d1\n' >list
	try 1 audit -q --images list kvm1.sxp kvm2.sxp
	[ "$(grep -c '/dev/vg/d2 of kvm[12]-2 (xvda) is missing \[DA406\]$' out)" = 2 ]
	try 1 audit -q --images kvm2=list kvm1.sxp kvm2.sxp
	[ "$(grep -c 'is missing \[DA406\]$' out)" = 1 ]
	has out '/dev/vg/d2 of kvm2-2 (xvda) is missing'
	# A directory has a file for each host.
	mkdir lists
	printf '/dev/vg/d1\n/dev/vg/d2\n' >lists/kvm1.txt
	printf '/dev/vg/d1\n/dev/vg/d2\n/dev/vg/d3\n' >lists/kvm2.txt
	try 0 audit -q --images lists kvm1.sxp kvm2.sxp
	same out 'lists/kvm2.txt:3:1: info: image is missing or unused: no domain uses /dev/vg/d3 [DA406]'
	# The list of a host that could not be reached does not affect the other hosts.
	try 0 audit --images lists kvm1.sxp
	empty out
	has err "warning: no domain was read from host 'kvm2': its list of images 'lists/kvm2.txt' is not used"
}

@test "an image may be used by an input that was not read, but is missing in any case" {
	printf '/dev/vg/d1\n/dev/vg/d3\n' >list
	{ for i in 1 2; do disk "web$i" "phy:/dev/vg/d$i"; done && printf '(domain (name cut) (uuid'; } >damaged.sxp
	try 2 audit --host h --images list damaged.sxp
	has out '/dev/vg/d2 of web2 (xvda) is missing [DA406]'
	has_not out 'no domain uses'
	has err 'images that no domain uses are not reported for hosts that were not fully read'
	for i in 1 2; do disk "web$i" "phy:/dev/vg/d$i"; done >whole.sxp
	try 1 audit -q --host h --images list --name web2 whole.sxp
	has_not out 'no domain uses'
	# Other hosts were read.
	for i in 1 2; do disk "mail$i" "phy:/dev/vg/d$i"; done >mail.sxp
	mkdir lists && cp list lists/mail && cp list lists/damaged
	try 2 audit -q --images lists mail.sxp damaged.sxp
	has out 'lists/mail:2:1: info: image is missing or unused: no domain uses /dev/vg/d3'
	has_not out 'lists/damaged'
}

@test "findings about images are in every report, and in a baseline" {
	for i in 1 2; do disk "web$i" "phy:/dev/vg/d$i"; done >dump.sxp
	printf '/dev/vg/d1\n/dev/vg/d3\n' >list
	try 1 audit -q --host h --images list --format ndjson --report sarif=s --report junit=j --report html=w --report prom=p dump.sxp
	[ "$(grep -c DA406 out)" = 2 ]
	has out '"source":"/dev/vg/d3"'
	for report in s j w; do grep -q '/dev/vg/d3' $report && grep -q '/dev/vg/d2' $report || return 1; done
	has p 'domstream_findings{host="h",rule="DA406",name="image-missing-or-unused",severity="high"} 1'
	try 1 audit -q --host h --images list --write-baseline known dump.sxp
	# Other lines and spellings in a list mean the same image.
	printf '# new\n/dev/vg//d3\n/dev/vg/d1\n/dev/vg/d4\n' >list
	try 0 audit -q --host h --images list --baseline known dump.sxp
	same out 'list:4:1: info: image is missing or unused: no domain uses /dev/vg/d4 [DA406]'
}

@test "a list of images that cannot be used is refused" {
	disk one phy:/dev/vg/a >dump.sxp
	try 3 audit --images missing dump.sxp
	has err "cannot read the list of images 'missing': No such file or directory"
	printf '/srv/a\n./b\n' >list
	try 3 audit --images h=list dump.sxp
	has err "list:2: relative path; list images with absolute paths"
	printf '/srv/a\n' >list
	try 3 audit --images list -o list dump.sxp
	[ "$(cat list)" = /srv/a ]
	try 3 audit --images '' dump.sxp
}

# nights DIRECTORY SITE: 30 hosts with 20 domains each, two findings for each domain and one for the host's loop devices.
nights() {
	mkdir -p "$1/$2"
	awk -v folder="$1/$2" 'BEGIN {
		for (h = 1; h <= 30; h++)
			for (i = 1; i <= 20; i++)
				printf "(domain (name h%02d-%02d) (uuid 5eed0000-0000-4000-8000-%012d) (image (linux (kernel /k))) " \
					"(device (vbd (dev xvda) (uname file:/srv/%d.img) (mode w))))\n", h, i, h * 100 + i, i \
					>(folder "/h" sprintf("%02d", h) ".sxp")
	}'
}

@test "new, known and gone findings are exact in two nights of 30 hosts" {
	nights one rack-a
	try 1 audit --write-baseline known -r one
	has err 'domstream: 30 hosts, 1230 findings'
	# One host was not reached, and the directory of all others has another name and is read in another order.
	nights two rack-1
	rm two/rack-1/h07.sxp
	sed -i '/h03-05/d' two/rack-1/h03.sxp
	sed -i '1{p;s/h04-01/h04-21/;s/000000000401/000000000421/;s|/srv/1[.]img|/srv/21.img|}' two/rack-1/h04.sxp
	"$domstream" convert -q two/rack-1/h05.sxp >two/rack-1/h05.xml
	rm two/rack-1/h05.sxp
	# shellcheck disable=SC2046
	try 1 audit --format ndjson --baseline known --write-baseline known2 $(printf '%s\n' two/rack-1/* | sort -r)
	has err 'domstream: 29 hosts; findings: 2 new, 1187 known, 2 gone, 41 kept for hosts that were not fully read'
	[ "$(states)" = 'gone 2 known 1187 new 2' ]
	[ "$(grep '"new"' out | grep -c '"domain":"h04-21"')" = 2 ]
	[ "$(grep '"gone"' out | grep -c '"domain":"h03-05"')" = 2 ]
	# In the third night the host is read.
	cp one/rack-a/h07.sxp two/rack-1/
	try 0 audit --baseline known2 -r two
	has err 'domstream: 30 hosts; findings: 0 new, 1230 known, 0 gone'
}

@test "a pattern is found by its beginning, however long, and by its rule" {
	local long
	long=$(printf '%0300d' 0)
	disk web1 "phy:vg/$long-a" >dump.sxp
	disk web2 phy:vg/b >>dump.sxp
	hides() {
		printf '%s reason=x\n' "$1" >rules
		"$domstream" audit -q --fail-on never --suppress rules dump.sxp >out 2>err
		[ "$(grep -c DA108 out)" = "$2" ] || { echo "$1" && cat out err && return 1; }
	}
	hides "* source=/dev/vg/$long*" 1
	hides "* source=/dev/vg/$long-b*" 2
	hides '* source=/dev/vg/*' 0
	hides '* source=/dev/vg/b*' 1
	hides '* source=*/b' 1
	hides 'DA108 source=*' 0
	hides 'DA108 disk=xvda domain=*2' 1
	hides 'DA101 domain=web*' 2
	hides 'DA108 domain=w*b2' 1
	hides '* domain=web2 source=/dev/v*' 1
}

@test "the page only offers filters that match something" {
	disk one phy:vg/a >dump.sxp
	try 0 audit -q --report html=page dump.sxp
	[ "$(grep -o '<input type="checkbox"[^>]*>[a-z]*' page | sed 's/.*>//' | paste -sd ' ')" = medium ]
	[ "$(grep -o '<option value="DA[0-9]*"' page)" = '<option value="DA108"' ]
}

@test "each finding of a domain with very many disks is reported once, with its own disk" {
	{
		printf '(domain (name few) (device (vbd (dev xvda) (uname vg/a) (mode w))))\n(domain (name many)'
		for i in $(seq 3000); do
			printf '(device (vbd (dev xvdz) (uname file:/d/%d) (mode w)))\n' "$i"
		done
		printf ')\n(domain (name last) (device (vbd (dev xvda) (uname file:/d/7) (mode w))))\n'
	} >many.sxp
	for jobs in 1 2 8; do
		try 1 audit -j "$jobs" --format ndjson many.sxp
		[ "$(grep -c '"rule":"DA201"' out)" -eq 2999 ]
		[ "$(grep '"rule":"DA101".*"domain":"many"' out | grep -o '"source":"[^"]*"' | sort -u | wc -l)" -eq 3000 ]
		grep -q '"rule":"DA301"' out
		grep -q " $(wc -l <out) findings" err
		[ "$jobs" -eq 1 ] || cmp out before
		mv out before
	done
}

@test "a <domain> of another program that holds several guests makes the file a host" {
	local guests='<domain><name>a</name></domain><x><domain><name>b</name></domain></x>'
	mkdir web
	printf '<domain><group>%s</group></domain>\n' "$guests" >web/two.xml
	printf '<domain><group>%s</group></domain>\n' "${guests%<x>*}" >web/one.xml
	printf '<domain><name>c</name><metadata>%s</metadata></domain>\n' "$guests" >web/guest.xml
	for jobs in 1 2 64; do
		try 1 audit -j "$jobs" --format ndjson web/two.xml
		[ "$(grep -o '"host":"[^"]*"' out | sort -u)" = '"host":"two"' ]
		try 1 audit -j "$jobs" --format ndjson web/one.xml web/guest.xml
		[ "$(grep -o '"host":"[^"]*"' out | sort -u)" = '"host":"web"' ]
	done
}

@test "a <domain> of another program neither is a host nor makes a file one" {
	mkdir -p tree/devices tree/web
	guest() {
		printf "<domain type='xen'><name>%s</name></domain>\n" "$1"
	}
	printf '<device><capability><domain>0</domain></capability><capability><domain>1</domain></capability></device>\n' \
		>tree/devices/nodedev.xml
	printf "<domain xmlns='urn:jboss:domain:1.7'><extensions/><profiles/></domain>\n" >tree/devices/jboss.xml
	guest a >tree/web/a.xml
	{
		guest b
		cat tree/devices/nodedev.xml tree/devices/jboss.xml
	} >tree/web/b.xml
	{
		printf '<domain><group><!-- <domain><name> -->'
		guest c
		printf '</group></domain>\n'
	} >tree/web/c.xml
	{
		printf '<domain><x>%070000d</x></domain>\n' 0
		guest d
	} >tree/web/d.xml
	for jobs in 1 2; do
		try 1 audit -j "$jobs" --format ndjson -r tree
		[ "$(grep -o '"host":"[^"]*"' out | sort -u)" = '"host":"web"' ]
		grep -q ' 1 host, ' err
	done
	cat tree/web/b.xml tree/web/a.xml >tree/web/e.xml
	try 1 audit --format ndjson -r tree
	[ "$(grep -o '"host":"[^"]*"' out | sort -u | tr '\n' ' ')" = '"host":"e" "host":"web" ' ]
	grep -q ' 2 hosts, ' err
}

@test "damage is more severe when no domain of the input was read, and keeps its position in the report" {
	severities() { grep -o ': \(low\|high\): .*\[DA90[0-9]\]$' out | sed 's/^: \([a-z]*\).*\(DA...\)\]$/\1 \2/' | tr '\n' ','; }
	# Of several errors, the last one becomes more severe.
	{ head -c 4096 /dev/zero; echo 'ssh: connection refused'; } >lost.xml
	try 2 audit -q lost.xml
	[ "$(severities)" = 'low DA904,high DA904,' ]
	has out "lost.xml:1:4097: high: text outside of any domain: 'ssh: connection refused'"
	# A domain that is rejected was not read, and its own error is of high severity.
	{ echo 'ssh: connection lost'; echo '<domain type="kvm"><name>a</nam></domain>'; } >rejected.xml
	try 2 audit -q rejected.xml
	[ "$(severities)" = 'low DA904,high DA903,' ]
	{ cat rejected.xml; echo 'ssh: connection lost'; } >behind.xml
	try 2 audit -q behind.xml
	[ "$(severities)" = 'low DA904,high DA903,high DA904,' ]
	# A domain that is not selected was read.
	{ echo 'ssh: connection lost'; disk one phy:/dev/vg/a; echo 'ssh: connection lost'; } >read.sxp
	try 2 audit -q read.sxp
	[ "$(severities)" = 'low DA904,low DA904,' ]
	try 2 audit -q --name other read.sxp
	[ "$(severities)" = 'low DA904,low DA904,' ]
	# An archive with one valid member is not lost, whatever follows its end; each member is judged by itself.
	mkdir dumps
	cp lost.xml read.sxp dumps
	tar cf - dumps | gzip >night.tar.gz
	echo rubbish >>night.tar.gz
	try 2 audit -q night.tar.gz
	[ "$(severities)" = 'low DA904,high DA904,low DA904,low DA904,low DA904,' ]
	# Every format has the severity.
	try 2 audit -q --format ndjson lost.xml
	[ "$(grep -c '"severity":"high"' out)" -eq 1 ]
	try 2 audit -q --min-severity high lost.xml rejected.xml
	[ "$(severities)" = 'high DA904,high DA903,' ]
}
