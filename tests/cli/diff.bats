#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

uuid=5f8c2d4e-1b0a-4c1d-9e2f-3a4b5c6d7e8f

# guest NAME [DISK...]: a domain of SEXPR; a disk is TARGET,UNAME,MODE.
guest() {
	local name=$1 disk target uname mode
	shift
	printf "(domain (name '%s') (memory 64)" "$name"
	for disk; do
		IFS=, read -r target uname mode <<<"$disk"
		printf '\n  (device (%s (dev %s)%s (mode %s)))' \
			"$([[ $uname == tap:* ]] && echo tap || echo vbd)" "$target" "${uname:+ (uname '$uname')}" "${mode:-w}"
	done
	printf ')\n'
}

# disk TYPE DRIVER SOURCE TARGET [MORE]: a domain of XML with one disk; DRIVER is the whole element.
disk() {
	local attribute=file
	[ "$1" = file ] || attribute=dev
	printf "<domain type='xen'><name>a</name><memory>65536</memory><devices>\n<disk type='%s' device='disk'>%s<source %s='%s'/><target dev='%s'/>%s</disk></devices></domain>\n" \
		"$1" "$2" $attribute "$3" "$4" "${5:-}"
}

# change OLD NEW LINE: expects this one difference between the disks of a domain, in the same format.
change() {
	guest a "$1" >old
	guest a "$2" >new
	try 1 diff old new
	same out "new:2:3: $3"
}

@test "the same dump has no differences, and no message is printed" {
	local dump
	for dump in estate.xml xm-list-long-pv-hvm.sxp nightly.xml.gz; do
		try 0 diff "$samples/$dump" "$samples/$dump"
		empty out
		empty err
	done
}

@test "domains are added, removed and renamed" {
	{ guest kept; guest gone; printf '(domain (name db) (uuid %s))\n' $uuid; guest last; } >old
	{ guest kept; printf '(domain (name db01) (uuid %s))\n' ${uuid//-/}; guest fresh; } >new
	try 1 diff old new
	same out "new:2:1: ~ domain 'db' (uuid $uuid) renamed to 'db01'" \
		"new:3:1: + domain 'fresh' added [DA404]" \
		"old:2:1: - domain 'gone' removed [DA404]" \
		"old:4:1: - domain 'last' removed [DA404]"
	has err "domstream: 7 domains read, 4 differences, 0 rejected, "
	try 1 diff -q old new
	empty err
}

@test "a domain without a UUID is matched by its name" {
	printf '(domain (name a) (uuid %s))\n' $uuid >with
	printf '(domain (name a))\n' >without
	try 0 diff with without
	try 0 diff without with
	# If both have UUIDs, the name does not count.
	sed 's/5f8c/0000/' with >other
	try 1 diff with other
	same out "other:1:1: + domain 'a' (uuid 0000${uuid#5f8c}) added [DA404]" "with:1:1: - domain 'a' (uuid $uuid) removed [DA404]"
}

@test "disks are added and removed" {
	guest a xvda,phy:/dev/a xvdc,file:/c >old
	guest a xvda,phy:/dev/a xvdb,file:/b hdc:cdrom,,r >new
	try 1 diff old new
	same out "new:3:3: + domain 'a': disk xvdb added: /b [DA404]" \
		"new:4:3: + domain 'a': disk hdc added: (none) [DA404]" \
		"old:3:3: - domain 'a': disk xvdc removed: /c [DA404]"
}

@test "each changed field of a disk is reported" {
	change xvda,file:/a xvda,file:/b "~ domain 'a': disk xvda: source /a -> /b [DA403]"
	change xvda,file:/a xvda,tap:aio:/a "~ domain 'a': disk xvda: driver file -> tap [DA403]"
	change xvda,tap:aio:/a xvda,tap:qcow:/a "~ domain 'a': disk xvda: format raw -> qcow [DA403]"
	change hdc,file:/a,r hdc:cdrom,file:/a,r "~ domain 'a': disk hdc: device disk -> cdrom"
	change xvda,file:/a xvdb,file:/a "~ domain 'a': disk xvdb: target xvda -> xvdb"
	change hdc:cdrom,,r hdc:cdrom,file:/a,r "~ domain 'a': disk hdc: source (none) -> /a [DA403]"
	guest a xvda,file:/a | sed 's/(mode w)/& (backend store) (bootable 0)/' >old
	guest a xvda,file:/a | sed 's/(mode w)/& (bootable 1)/' >new
	try 1 diff old new
	same out "new:2:3: ~ domain 'a': disk xvda: backend store -> (none)"
	# The first disk is the boot disk, whether it is bootable or not, unless another one is bootable.
	guest a xvda,file:/a xvdb,file:/b >old
	sed '2s/(mode w)/& (bootable 1)/' old >new
	try 0 diff old new
	sed '3s/(mode w)/& (bootable 1)/' old >new
	try 1 diff old new
	same out "new:2:3: ~ domain 'a': disk xvda: bootable yes -> no" \
		"new:3:3: ~ domain 'a': disk xvdb: bootable no -> yes"
	# The order of the disks decides when none is bootable.
	guest a xvda,file:/a xvdb,file:/b >old
	guest a xvdb,file:/b xvda,file:/a >new
	try 1 diff old new
	same out "new:2:3: ~ domain 'a': disk xvdb: bootable no -> yes" \
		"new:3:3: ~ domain 'a': disk xvda: bootable yes -> no"
}

@test "XML is compared like SEXPR" {
	disk file "<driver name='tap' type='aio'/>" /a xvda >old.xml
	disk file "<driver name='tap' type='qcow'/>" /b xvda "<shareable/><backenddomain name='store'/>" >new.xml
	try 1 diff old.xml new.xml
	same out "new.xml:2:1: ~ domain 'a': disk xvda: format raw -> qcow [DA403]" \
		"new.xml:2:1: ~ domain 'a': disk xvda: source /a -> /b [DA403]" \
		"new.xml:2:1: ! domain 'a': disk xvda: access w -> w! [DA402]" \
		"new.xml:2:1: ~ domain 'a': disk xvda: backend (none) -> store"
}

@test "more access is a finding, less access is not" {
	change xvda,file:/a,r xvda,file:/a,w "! domain 'a': disk xvda: access r -> w [DA402]"
	change xvda,file:/a,w xvda,file:/a,w! "! domain 'a': disk xvda: access w -> w! [DA402]"
	change xvda,file:/a,r xvda,file:/a,w! "! domain 'a': disk xvda: access r -> w! [DA402]"
	change xvda,file:/a,w xvda,file:/a,r "~ domain 'a': disk xvda: access w -> r"
	# A disk without a mode is read-only, as it is for xend.
	guest a xvda,file:/a,r >old
	sed 's/ (mode r)//' old >new
	try 0 diff old new
}

@test "another spelling is not a difference" {
	guest a xvda,phy:/dev/vg/a xvdb,tap:aio:/srv/b xvdc,file:/srv/c hdc:cdrom,,r >old
	guest a 51712,phy:vg/a /dev/xvdb,tap:raw:/srv//b xvdc:disk,file:/srv/./x/../c ioemu:hdc:cdrom,,r >new
	try 0 diff old new
	disk file "" /srv/a xvda >old
	disk file "<driver name='file' type='raw'/>" /srv//a /dev/xvda >new
	try 0 diff old new
}

@test "two formats that disagree are DA401" {
	guest a xvda,file:/a,r >old.sxp
	disk file "<driver name='file'/>" /a xvda "<readonly/>" >same.xml
	try 0 diff old.sxp same.xml
	disk file "<driver name='qemu' type='qcow2'/>" /b xvda >new.xml
	try 1 diff old.sxp new.xml
	same out "new.xml:2:1: ~ domain 'a': disk xvda: driver file -> qemu [DA401]" \
		"new.xml:2:1: ~ domain 'a': disk xvda: format raw -> qcow2 [DA401]" \
		"new.xml:2:1: ~ domain 'a': disk xvda: source /a -> /b [DA401]" \
		"new.xml:2:1: ! domain 'a': disk xvda: access r -> w [DA401]"
	disk file "<driver name='file'/>" /a xvdb "<readonly/>" >new.xml
	try 1 diff new.xml old.sxp
	same out "old.sxp:2:3: ~ domain 'a': disk xvda: target xvdb -> xvda [DA401]"
	# In XML every CD drive is read-only.
	guest a hdc:cdrom,file:/a,w >old.sxp
	"$domstream" convert -q --losses losses old.sxp >new.xml
	try 0 diff --losses losses old.sxp new.xml
	try 1 diff old.sxp new.xml
	same out "new.xml:9:5: ~ domain 'a': disk hdc: access w -> r [DA401]"
}

@test "the output of convert does not differ, in both directions" {
	local format
	# shellcheck disable=SC2154 # from the helper
	for format in xml sexpr; do
		"$gen" --format $format --domains 5000 >dump
		"$domstream" convert -q --losses losses dump >converted
		try 0 diff -q --losses losses dump converted
		try 0 diff -q --only disks --losses losses dump converted
		[ "$("$domstream" disks --format tsv converted | wc -l)" -gt 9000 ]
		# The test is able to fail.
		sed '0,/disk0/s//disk9/' converted >changed
		try 1 diff -q --only disks --losses losses dump changed
		[ "$(grep -c DA401 out)" = 1 ]
	done
	"$gen" --format xml --domains 1000 >dump.xml
	"$gen" --format sexpr --domains 1000 >dump.sxp
	# What one of the formats cannot express: caches, the boot disk of some guests, and elements and keys of its own.
	"$domstream" diff -q --only disks dump.xml dump.sxp |
		grep -v -e "bootable yes -> no" -e "cache .* -> (none)" -e ": devices/disk/[^ ]* .* -> (none)" \
			-e ": device/[a-z0-9]*/[a-z]* (none) -> " >differences || true
	empty differences
}

@test "ndjson has all keys and both positions" {
	{ printf '(domain (name z))\n'; guest a xvda,file:/a,r; } >old
	guest a xvda,file:/a,w >new
	try 1 diff --format ndjson old new
	same out "$(printf %s '{"kind":"disk-changed","id":"DA402","severity":"high","domain":"a","uuid":null,"disk":"xvda","device":null,"device_name":null,' \
		'"field":"access","old":"r","new":"w","old_file":"old","old_line":3,"old_column":3,"old_offset":51,' \
		'"new_file":"new","new_line":2,"new_column":3,"new_offset":33}')" \
		"$(printf %s '{"kind":"domain-removed","id":"DA404","severity":"info","domain":"z","uuid":null,"disk":null,"device":null,"device_name":null,' \
		'"field":null,"old":null,"new":null,"old_file":"old","old_line":1,"old_column":1,"old_offset":0,' \
		'"new_file":null,"new_line":null,"new_column":null,"new_offset":null}')"
	guest a xvda,file:/b,r >new
	try 1 diff --format ndjson old new
	has out '"id":"DA403","severity":"high"'
	guest a xvda,tap:qcow:/a,r >new
	try 1 diff --format ndjson old new
	[ "$(grep -c '"id":"DA403","severity":"medium"' out)" = 2 ]
	# explain describes it, too.
	"$domstream" explain DA403 | tr -s '\n ' ' ' >text
	has text "A different source is high"
	has text "a different driver or format is medium"
	python3 -c 'import json; [json.loads(line) for line in open("out")]'
}

@test "repeated domains are matched in their order, with a warning" {
	{ guest a xvda,file:/1; guest a xvda,file:/2; } >old
	{ guest a xvda,file:/1; guest a xvda,file:/3; guest a xvda,file:/4; } >new
	try 0 diff old old
	has err "old:3:1: warning: domain 'a' has the same name as an earlier domain; such domains are matched in order"
	try 1 diff old new
	same out "new:4:3: ~ domain 'a': disk xvda: source /2 -> /3 [DA403]" "new:5:1: + domain 'a' added [DA404]"
	has err "new:3:1: warning: domain 'a'"
	has err "new:5:1: warning: domain 'a'"
	sed "s/(memory/(uuid $uuid) (memory/" old >old_uuid
	sed "s/(memory/(uuid $uuid) (memory/" new >new_uuid
	try 1 diff old_uuid new_uuid
	[ "$(wc -l <out)" = 2 ]
	has err "has the same uuid as an earlier domain"
	# The same name with another UUID is not repeated.
	{ guest a; guest a; } | awk -v n=1 '/domain/ { sub(/\(memory/, "(uuid 5f8c2d4e-1b0a-4c1d-9e2f-3a4b5c6d7e8" n++ ") (memory") } 1' >two
	try 0 diff two two
	empty err
}

@test "many repeated domains do not take quadratic time" {
	yes '(domain (name a))' | head -n 60000 >old
	linear "$domstream" diff -q old old
	awk '{ printf "(domain (name a) (uuid %032x))\n", NR }' old >two
	linear "$domstream" diff -q two two
	linear "$domstream" diff -q two old
}

@test "many lost keys of a domain do not take quadratic time" {
	{
		printf '(domain (name a) '
		seq 120000 | sed 's/.*/(k& 1)/' | tr '\n' ' '
		printf '(k\351 1) (k\352 1))\n'
	} >old
	try 0 convert -q --max-parts 1M --losses losses -o new old
	linear "$domstream" diff -q --max-parts 1M --losses losses old new >out
	grep -v '"k7"' losses >others
	try 1 diff -q --max-parts 1M --losses others old new
	same out "new:1:1: ~ domain 'a': k7 1 -> (none)"
}

@test "repeated disks are paired in their order, and many of them do not take quadratic time" {
	guest a xvda,file:/1 xvda,file:/2 xvda,file:/3 >old
	guest a xvda,file:/1 xvda,file:/4 >new
	try 1 diff old new
	same out "new:3:3: ~ domain 'a': disk xvda: source /2 -> /4 [DA403]" "old:4:3: - domain 'a': disk xvda removed: /3 [DA404]"
	{
		printf '<domain><name>a</name><devices>\n'
		seq 50000 | sed "s,.*,<disk type='file'><source file='/&'/><target dev='x&'/></disk>,"
		printf '</devices></domain>\n'
	} >old
	sed "s/dev='x/dev='y/" old | tac | sed '1s/.*/<domain><name>a<\/name><devices>/;$s/.*/<\/devices><\/domain>/' >new
	linear "$domstream" diff -q --max-parts 64K old new >out || [ $? = 1 ]
	[ "$(grep -c 'target x' out)" = 50000 ]
}

@test "damage in either input is status 2, and the differences are still shown" {
	{ guest a xvda,file:/a; guest b; } >good
	{ guest a xvda,file:/b; printf '(domain (name b) (memory\n'; } >bad
	try 2 diff --rejects rest good bad
	has out "source /a -> /b [DA403]"
	has err "bad:3:1: error: "
	has rest "(name b)"
	try 2 diff bad good
	has out "source /b -> /a [DA403]"
	try 2 diff good missing
	empty out
	has err "no domain was read from 'missing', so nothing is compared"
	try 2 diff missing good
	empty out
	try 2 diff --max-errors 1 bad good
	empty out
}

@test "archives, directories, compression and standard input are read" {
	mkdir old new
	guest a xvda,file:/a >old/a.sxp
	guest b >old/b.sxp
	guest a xvda,file:/b >new/a.sxp
	try 1 diff -r old new
	same out "new/a.sxp:2:3: ~ domain 'a': disk xvda: source /a -> /b [DA403]" "old/b.sxp:1:1: - domain 'b' removed [DA404]"
	gzip -c new/a.sxp >new.gz
	try 1 diff -r old new.gz
	has out "new.gz:2:3: ~ domain 'a'"
	"$domstream" diff -r old - <new/a.sxp >out || [ $? = 1 ]
	has out "<stdin>:2:3: ~ domain 'a'"
	"$domstream" diff - new/a.sxp <old/b.sxp >out || [ $? = 1 ]
	has out "<stdin>:1:1: - domain 'b' removed"
	if "$domstream" --version | grep -q 'archives: yes'; then
		tar -czf old.tar.gz old
		try 1 diff old.tar.gz new.gz
		has out "old.tar.gz!old/b.sxp:1:1: - domain 'b' removed"
	fi
}

@test "the differences are the same for every number of threads" {
	local format jobs
	"$gen" --format xml --domains 4000 >dump.xml
	"$gen" --format sexpr --domains 4000 --start 50 | sed 's,disk1,disk7,; s/(mode r)/(mode w)/' >dump.sxp
	for format in text ndjson; do
		"$domstream" diff -q -j 1 --format $format dump.xml dump.sxp >one || [ $? = 1 ]
		for jobs in 2 8; do
			"$domstream" diff -q -j $jobs --format $format dump.xml dump.sxp >many || [ $? = 1 ]
			cmp one many
		done
	done
	[ "$(wc -l <one)" -gt 200 ]
}

@test "a password is not shown" {
	guest a xvda,nbd:root:secret@host:1 >old
	guest a xvda,nbd:root:secret@other:1 xvdb,http://u:secret@host/x >new
	for format in text ndjson; do
		try 1 diff --format $format old new
		has out ":***@host"
		has_not out secret
		has_not err secret
	done
}

@test "characters that affect a terminal are masked" {
	guest $'a\033[2J' xvda,file:/a >old
	guest $'a\033[2J' $'xvda,file:/\033b' >new
	try 1 diff old new
	has out "domain 'a\\x1b[2J': disk xvda: source /a -> /\\x1bb"
	try 1 diff --format ndjson old new
	has_not out $'\033'
	# The name of an unknown key is shown as well.
	printf '(domain (name a) (x\033[2J\377 1) (device (vbd (dev xvda) (uname file:/a) (y\033[2J 2))))\n' >old
	guest a xvda,file:/a >new
	try 1 diff old new
	has out "~ domain 'a': x\\x1b[2J\\xff 1 -> (none)"
	has out "disk xvda: device/vbd/y\\x1b[2J 2 -> (none)"
	has_not out $'\033'
}

@test "a terminal gets colours, unless they are disabled" {
	guest a xvda,file:/a,r >old
	guest a xvda,file:/a,w >new
	local run="'$domstream' diff old new"
	TERM=xterm NO_COLOR='' script -qec "$run" /dev/null >out || [ $? = 1 ]
	has out $'\033[1;31m! domain'
	TERM=xterm NO_COLOR=1 script -qec "$run" /dev/null >out || [ $? = 1 ]
	has_not out $'\033'
	TERM=dumb NO_COLOR='' script -qec "$run" /dev/null >out || [ $? = 1 ]
	has_not out $'\033'
}

@test "the output is a file that is complete or unchanged" {
	guest a >old
	guest b >new
	try 1 diff -o list old new
	empty out
	[ "$(wc -l <list)" = 2 ]
	echo '(domain' >bad
	try 2 diff -o list bad bad
	[ "$(wc -l <list)" = 2 ]
	{ cat bad; guest a; } >half
	guest c >new
	try 2 diff -o list new half
	has list "domain 'c' removed"
	local status=0
	"$domstream" diff old new >/dev/full 2>err || status=$?
	[ $status = 4 ]
	try 4 diff -o /nowhere/list old new
}

@test "two names are required, and options for other commands are refused" {
	guest a >old
	try 3 diff
	try 3 diff old
	has err "'diff' compares two dumps, OLD and NEW; 1 given"
	try 3 diff old old old
	try 3 diff - -
	has err "'-' is given twice, but standard input can be read only once"
	try 3 diff --files-from old old old
	has err "'diff' has no option '--files-from'"
	try 3 diff --to xml old old
	try 3 diff --format csv old old
	has err "invalid value 'csv' for '--format': expected text or ndjson"
	try 3 diff -o list.gz old old
	try 0 diff --help
	has out "Usage: domstream diff [OPTION]... OLD NEW"
	has_not out "--files-from"
}

# both OLD NEW LINE...: the same domain with another component of it in XML; expects these differences.
both() {
	local head="<domain type='xen'><name>a</name><memory>65536</memory><vcpu>2</vcpu><os><type>hvm</type></os>"
	printf '%s\n' "$head" "$1" '</domain>' >old
	printf '%s\n' "$head" "$2" '</domain>' >new
	try 1 diff -q old new
	same out "${@:3}"
	try 0 diff --only disks old new
}

@test "each field of a domain is compared" {
	printf '(domain (name a) (memory 64) (image (linux (kernel /k))))\n' >old
	sed 's/64/128/; s,/k,/l,' old >new
	try 1 diff old new
	same out "new:1:1: ~ domain 'a': memory_kib 65536 -> 131072" \
		"new:1:1: ~ domain 'a': current_memory_kib 65536 -> 131072" \
		"new:1:1: ~ domain 'a': kernel /k -> /l"
	try 0 diff --only disks old new
	both "<on_crash>restart</on_crash>" "<on_crash>preserve</on_crash>" \
		"new:1:1: ~ domain 'a': on_crash restart -> preserve"
	both "<description>one</description>" "" "new:1:1: ~ domain 'a': description one -> (none)"
	both "<features><acpi/></features>" "" "new:1:1: ~ domain 'a': acpi on -> (none)"
	# Both clocks are variable ones, with different bases.
	both "" "<clock offset='localtime'/>" "new:1:1: ~ domain 'a': clock_is_local no -> yes"
	both "<cputune><vcpupin vcpu='0' cpuset='0'/><vcpupin vcpu='1' cpuset='1'/></cputune>" \
		"<cputune><vcpupin vcpu='0' cpuset='0'/><vcpupin vcpu='1' cpuset='1,2'/></cputune>" \
		"new:2:40: ~ domain 'a': vcpu 1: cpuset 1 -> 1-2"
}

@test "each other device is compared" {
	both "<devices><interface type='bridge'><mac address='00:16:3e:00:00:01'/><source bridge='a'/></interface></devices>" \
		"<devices><interface type='bridge'><mac address='00:16:3e:00:00:01'/><source bridge='b'/></interface></devices>" \
		"new:2:10: ~ domain 'a': interface 00:16:3e:00:00:01: source a -> b"
	both "<devices><interface type='bridge'><mac address='00:16:3e:00:00:01'/><source bridge='a'/></interface></devices>" \
		"<devices/>" "old:2:10: - domain 'a': interface 00:16:3e:00:00:01 removed"
	both "<devices><graphics type='vnc' port='5901' passwd='one'/></devices>" \
		"<devices><graphics type='vnc' port='5902' passwd='two'/></devices>" \
		"new:2:10: ~ domain 'a': graphics vnc: port 5901 -> 5902" \
		"new:2:10: ~ domain 'a': graphics vnc: password *** -> ***"
	both "<devices><serial type='pty'/></devices>" "<devices><serial type='file'><source path='/x'/></serial></devices>" \
		"new:2:10: ~ domain 'a': port serial 0: type pty -> file" \
		"new:2:10: ~ domain 'a': port serial 0: path (none) -> /x"
	both "<devices/>" "<devices><sound model='sb16'/></devices>" "new:2:10: + domain 'a': sound card sb16 added"
	both "<devices><input type='tablet' bus='usb'/></devices>" "<devices/>" "old:2:10: - domain 'a': input tablet removed"
	both "<devices/>" "<devices><hostdev mode='subsystem' type='pci'><source><address domain='0' bus='1' slot='2' function='0'/></source></hostdev></devices>" \
		"new:2:10: + domain 'a': PCI device 0000:01:02.0 added"
	"$domstream" diff -q --format ndjson old new >out || [ $? = 1 ]
	has out '{"kind":"device-added","id":null,"severity":"info","domain":"a","uuid":null,"disk":null,"device":"PCI device","device_name":"0000:01:02.0",'
}

@test "everything that identifies a disk's source is compared" {
	network() {
		printf "<domain type='xen'><name>a</name><devices><disk type='network'><source protocol='%s' name='%s'><host name='%s' port='%s'/></source><target dev='xvda'/></disk></devices></domain>\n" "$@"
	}
	network rbd pool/img one 6789 >old
	network gluster pool/img one 6789 >new
	try 1 diff old new
	has out "source rbd://one/pool/img -> gluster://one/pool/img [DA403]"
	network rbd pool/img two 6789 >new
	try 1 diff old new
	network rbd pool/other one 6789 >new
	try 1 diff old new
	printf "<domain type='xen'><name>a</name><devices><disk type='volume'><source pool='p' volume='v'/><target dev='xvda'/></disk></devices></domain>\n" >old
	sed "s/pool='p'/pool='q'/" old >new
	try 1 diff old new
	has out "source volume:p/v -> volume:q/v [DA403]"
}

@test "settings of a disk that only XML has are compared" {
	cat >old <<-'END'
		<domain type='kvm'><name>a</name><devices>
		<disk type='file' snapshot='no'><driver name='qemu' type='qcow2' cache='none' io='native'/><auth username='u'/>
		<source file='/a' startupPolicy='optional'><encryption format='luks'><secret type='passphrase' uuid='y'/></encryption></source>
		<backingStore type='file'><format type='qcow2'/><source file='/b'/><backingStore type='file'><format type='raw'/><source file='/c'/></backingStore></backingStore>
		<target dev='vda' bus='virtio'/><serial>S</serial><transient/></disk></devices></domain>
	END
	try 0 diff -q old old
	sed "s/'none'/'writeback'/; s/ io='native'//; s/'u'/'v'/; s/'y'/'z'/; s,'/c','/d',; s/>S</>T</; s/<transient.>//" old >new
	try 1 diff -q old new
	same out "new:2:1: ~ domain 'a': disk vda: cache none -> writeback" \
		"new:2:1: ~ domain 'a': disk vda: io native -> (none)" \
		"new:2:1: ~ domain 'a': disk vda: serial S -> T" \
		"new:2:1: ~ domain 'a': disk vda: transient yes -> no" \
		"new:2:1: ~ domain 'a': disk vda: user u -> v" \
		"new:2:1: ~ domain 'a': disk vda: encryption_secret y -> z" \
		"new:2:1: ~ domain 'a': disk vda: backing qcow2:/b raw:/c -> qcow2:/b raw:/d"
	# An image below, on the network, has servers.
	local chain="<backingStore type='network'><format type='raw'/><source protocol='rbd' name='p/i'><host name='%s'/></source></backingStore>"
	# shellcheck disable=SC2059 # the format is above
	for name in h1 h2; do
		printf "<domain type='kvm'><name>a</name><devices><disk type='file'><source file='/a'/>$chain<target dev='vda'/></disk></devices></domain>\n" $name >$name
	done
	try 1 diff -q h1 h2
	same out "h2:1:43: ~ domain 'a': disk vda: backing raw:rbd://h1/p/i -> raw:rbd://h2/p/i"
	# A disk without details differs from one with details.
	printf "<domain type='kvm'><name>a</name><devices>\n%s</devices></domain>\n" \
		"<disk type='file'><driver name='qemu' type='qcow2'/><source file='/a'/><target dev='vda' bus='virtio'/></disk>" >plain
	try 1 diff -q old plain
	[ "$(wc -l <out)" = 10 ]
	try 1 diff -q plain old
	[ "$(wc -l <out)" = 10 ]
	# SEXPR has no such setting, and each is a loss.
	try 0 convert -q --verify --losses losses -o new old
	try 0 diff -q --losses losses old new
	sed -i /cache/d losses
	try 1 diff -q --losses losses old new
	same out "new:1:58: ~ domain 'a': disk vda: cache none -> (none) [DA401]"
}

@test "a domain that moves to another host of the old dump is reported" {
	mkdir old new
	{ guest a; guest b; } >old/host1.sxp
	{ guest c; guest d; } >old/host2.sxp
	{ guest a; guest e; } >new/host1.sxp
	{ guest c; guest d; guest b; } >new/host2.sxp
	try 1 diff -r old new
	same out "new/host1.sxp:2:1: + domain 'e' added [DA404]" \
		"new/host2.sxp:3:1: ~ domain 'b' moved from host 'host1' to 'host2'"
	# Dumps whose hosts have nothing in common are those of one host with different names.
	cp old/host1.sxp yesterday.sxp
	cp old/host1.sxp today.sxp
	try 0 diff yesterday.sxp today.sxp
}

@test "defaults, and values that are chosen at each start, are not a difference" {
	printf "<domain type='xen' id='3'><name>a</name><memory>65536</memory><os><type>linux</type></os><devices>%s</devices></domain>\n" \
		"<interface type='bridge'><target dev='vif3.0'/></interface><console type='pty' tty='/dev/pts/1'><source path='/dev/pts/1'/></console>" >old
	printf "<domain type='xen'><name>a</name><memory unit='MiB'>64</memory><currentMemory>65536</currentMemory><vcpu>1</vcpu><os><type>linux</type></os><devices>%s</devices></domain>\n" \
		"<interface type='bridge'><script path='vif-bridge'/></interface><input type='mouse' bus='xen'/>" >new
	try 0 diff old new
	empty out
}

@test "an empty boot loader is a difference, except beside a kernel in SEXPR" {
	echo "<domain type='xen'><name>a</name><bootloader/><os><type>linux</type></os></domain>" >old
	sed "s,<bootloader/>,," old >new
	try 1 diff -q old new
	same out "new:1:1: ~ domain 'a': bootloader (default) -> (none)"
	echo "(vm (name a) (bootloader) (image (linux (kernel /k))))" >old
	sed "s,(bootloader),," old >new
	try 0 diff -q old new
}

@test "the variable clock of a PV guest is a difference that its loss explains" {
	echo "<domain type='xen'><name>a</name><os><type>linux</type></os><clock offset='variable'/></domain>" >old
	converted
	try 1 diff -q old new
	same out "new:1:1: ~ domain 'a': clock variable -> utc"
	try 0 diff -q --losses losses old new
}

# converted [OPTION...]: converts `old` to `new`, with the losses in `losses`.
converted() {
	try 0 convert -q --losses losses -o new "$@" old
}

@test "--losses pairs domains without a UUID whose names XML cannot contain" {
	local mode='(memory 64)(maxmem 64)(vcpus 1)'
	printf '(domain (name caf\351)%s)\n(domain (name a\001\\\\x41)%s)\n' "$mode" "$mode" >old
	try 0 convert -q --losses losses -o new old
	has new '<name>caf\xe9</name>'
	has new '<name>a\x01\\x41</name>'
	try 0 diff -q --losses losses old new
	empty out
	try 1 diff -q old new
	has out "new:2:1: ~ domain 'caf\\xe9' renamed to 'caf\\xe9'"
}

@test "--losses distinguishes the hosts of a domain that all of them have, unless their files were renamed" {
	local host uuid="(name Domain-0) (uuid 00000000-0000-0000-0000-000000000000)"
	mkdir hosts new
	for host in 1 2 3; do
		echo "(domain $uuid (k1 x))" >hosts/$host.sxp
	done
	echo "(domain $uuid (k4 x))" >hosts/4.sxp
	try 0 convert -q -r hosts --losses losses --output-dir new
	try 0 diff -q -r --losses losses hosts new
	try 0 diff -q -r --losses losses "$PWD/hosts" new
	# Only a list with other file names may explain the difference of another host.
	grep -v hosts/2 losses >others
	try 1 diff -q -r --losses others hosts new
	has out "domain 'Domain-0': k1 x -> (none)"
	[ "$(wc -l <out)" = 1 ]
	try 0 diff -q -r --losses others "$PWD/hosts" new
	grep -v hosts/4 losses >others
	try 1 diff -q -r --losses others "$PWD/hosts" new
	has out "domain 'Domain-0': k4 x -> (none)"
	[ "$(wc -l <out)" = 1 ]
}

@test "--losses accepts what a conversion lost, and nothing else" {
	cat >old <<-'END'
		<domain type='xen'><name>a</name><uuid>5f8c2d4e-1b0a-4c1d-9e2f-3a4b5c6d7e8f</uuid><memory unit='KiB'>500000</memory>
		<bootloader_args>-q</bootloader_args><os><type>hvm</type></os><devices>
		<disk type='file'><driver name='file'/><source file='/a'/><target dev='hda' bus='virtio'/></disk>
		<disk type='network'><source protocol='rbd' name='p/i'/><target dev='hdb'/></disk>
		<interface type='network'><mac address='00:16:3e:00:00:01'/><source network='n'/></interface>
		<input type='tablet' bus='ps2'/></devices></domain>
		<domain type='xen'><name>b</name><memory>65536</memory><devices>
		<disk type='file'><driver name='file'/><source file='/a'/><target dev='xvda' bus='xen'/></disk></devices></domain>
	END
	converted
	try 1 diff old new
	[ "$(wc -l <out)" -ge 6 ]
	try 0 diff --losses losses old new
	empty out
	try 0 diff --only disks --losses losses old new
	# A change of something else is a difference, in the same device and in another domain, too.
	sed "s,file:/a,file:/z," new >changed
	try 1 diff --losses losses old changed
	same out "changed:1:192: ~ domain 'a': disk hda: source /a -> /z [DA401]" \
		"changed:2:82: ~ domain 'b': disk xvda: source /a -> /z [DA401]"
	# A value that is a default is not compared, and one that only the schema refuses is written.
	local reason
	for reason in default schema; do
		sed "s/\"reason\":\"[a-z-]*\"/\"reason\":\"$reason\"/" losses >others
		try 1 diff --losses others old new
		[ "$(wc -l <out)" -ge 6 ]
	done
	# A rounded value may not become any other value.
	sed "s/489/900/g" new >changed
	try 1 diff --losses losses old changed
	has out "memory_kib 500000 -> 921600"
	# A value that is only in the output is never explained.
	sed "s/(name b)/(name b) (device (vif (mac 00:16:3e:00:00:02)))/" new >changed
	try 1 diff --losses losses old changed
	same out "changed:2:14: + domain 'b': interface 00:16:3e:00:00:02 added"
}

@test "--losses explains a name that the other format cannot represent" {
	printf '(domain (name "a\\x01b") (uuid %s) (memory 64))\n' $uuid >old
	converted
	try 1 diff old new
	has out "renamed to"
	try 0 diff --losses losses old new
	empty out
	sed 's/01b/02c/' new >changed
	try 0 diff --losses losses new new
}

@test "--losses explains an invalid UUID, lists without a key, and keys that are not UTF-8" {
	echo "<domain type='xen'><name>a</name><uuid>#c</uuid><memory>1024</memory></domain>" >old
	converted
	try 0 diff --losses losses old new
	printf '%s\n' "(domain (name a) (memory 64) (uuid '#c'))" "(domain (name b) (memory 64) ((x-thing) y (z 1)))" >old
	printf '(domain (name c) (memory 64) (\xff\xfe d) (device (pci (dev (domain 1) (slot 3) (\xef\xbf e)))))\n' >>old
	converted
	try 0 diff --losses losses old new
	sed -i /x-thing/d losses
	try 1 diff --losses losses old new
	grep -q 'x-thing' out
}

@test "losses of another file with the same domain do not count" {
	mkdir old new
	printf "<domain type='xen'><name>a</name><devices>%s</devices></domain>\n" \
		"<disk type='file'><driver name='file'/><source file='/a'/><target dev='hda' bus='virtio'/></disk>" >old/1.xml
	cp old/1.xml old/2.xml
	try 0 convert -q -o new/1.sxp --losses one old/1.xml
	try 0 convert -q -o new/2.sxp --losses two old/2.xml
	cat one two >both
	try 0 diff -q -r --losses both old new
	try 1 diff -q -r --losses one old new
	same out "new/2.sxp:1:58: ~ domain 'a': disk hda: bus virtio -> ide [DA401]"
	# The name of the dump may have changed since.
	cp old/1.xml moved.xml
	try 0 diff -q --losses one moved.xml new/1.sxp
}

@test "an invalid list of losses is refused" {
	guest a >old
	try 3 diff --losses missing old old
	has err "cannot read the losses 'missing': No such file"
	echo '{"reason":"no-place"' >losses
	try 3 diff --losses losses old old
	has err "'losses' is not a list of losses that 'convert --losses' wrote: line 1: "
	echo '{"reason":"no-place","path":"x"}' >losses
	try 3 diff --losses losses old old
	has err "line 1: the reason, path, file or offset is missing"
	: >losses
	try 0 diff --losses losses old old
	try 3 diff --losses old old
}

# source_disk TYPE SOURCE: a domain with one disk; SOURCE is the whole element.
source_disk() {
	printf "<domain type='kvm'><name>a</name><memory>65536</memory><devices><disk type='%s'><driver name='qemu'/>%s<target dev='vda'/></disk></devices></domain>\n" \
		"$1" "$2"
}

@test "the connection to servers, and who manages an NVMe controller, is compared" {
	local address="<address domain='0x0' bus='1' slot='0' function='0'/>"
	source_disk network "<source protocol='gluster' name='v/i'><host name='h' transport='rdma'/></source>" >old
	source_disk network "<source protocol='gluster' name='v/i'><host name='h' transport='tcp'/></source>" >new
	source_disk network "<source protocol='gluster' name='v/i'><host name='h'/></source>" >default
	try 1 diff old new
	same out "new:1:65: ~ domain 'a': disk vda: transport rdma -> (none)"
	try 0 diff new default
	source_disk nvme "<source type='pci' managed='yes' namespace='1'>$address</source>" >old
	source_disk nvme "<source type='pci' managed='no' namespace='1'>$address</source>" >new
	try 1 diff old new
	same out "new:1:65: ~ domain 'a': disk vda: managed yes -> no"
	try 0 convert -q --verify --losses losses -o sexpr old
	try 0 diff --losses losses old sexpr
}

@test "elements, attributes and keys without a field are compared" {
	both "<cpu mode='host-model'/>" "<cpu mode='custom'/>" \
		"new:2:1: ~ domain 'a': cpu <cpu mode='host-model'/> -> <cpu mode='custom'/>"
	both "<cpu mode='host-model'/>" "" "new:1:1: ~ domain 'a': cpu <cpu mode='host-model'/> -> (none)"
	both "" "<title>one</title>" "new:2:1: ~ domain 'a': title (none) -> <title>one</title>"
	both "<devices><video><model type='vga'/></video></devices>" "<devices><video><model type='cirrus'/></video></devices>" \
		"new:2:10: ~ domain 'a': devices/video <video><model type='vga'/></video> -> <video><model type='cirrus'/></video>"
	both "<odd>1</odd>" "<odd>2</odd>" "new:2:1: ~ domain 'a': odd <odd>1</odd> -> <odd>2</odd>"
	both "<memory dumpCore='off'>65536</memory>" "<memory>65536</memory>" "new:1:1: ~ domain 'a': memory@dumpCore off -> (none)"
	both "<features><gic version='2'/></features>" "<features><gic version='3'/></features>" \
		"new:2:11: ~ domain 'a': features/gic <gic version='2'/> -> <gic version='3'/>"
	both "stray" "" "new:1:1: ~ domain 'a': text() stray -> (none)"
	# An element of one device is not that of another one.
	local nic="<interface type='bridge'><mac address='00:16:3e:00:00:0%d'/><source bridge='a'/><mtu size='%d'/></interface>"
	# shellcheck disable=SC2059 # the format is above
	both "<devices>$(printf "$nic" 1 1500 2 9000)</devices>" "<devices>$(printf "$nic" 1 9000 2 1500)</devices>" \
		"new:2:89: ~ domain 'a': interface 00:16:3e:00:00:01: devices/interface/mtu <mtu size='1500'/> -> <mtu size='9000'/>" \
		"new:2:198: ~ domain 'a': interface 00:16:3e:00:00:02: devices/interface/mtu <mtu size='9000'/> -> <mtu size='1500'/>"
	# Elements of a disk are parts of it.
	printf "<domain><name>a</name><devices><disk><driver queues='4'/><source file='/a'/><target dev='xvda'/></disk></devices></domain>\n" >old
	sed "s/'4'/'8'/" old >new
	try 1 diff --only disks old new
	same out "new:1:38: ~ domain 'a': disk xvda: devices/disk/driver@queues 4 -> 8"
	# Keys of SEXPR.
	printf "(domain (name a) (on_xend_stop suspend) (odd 1)\n (device (vbd (dev xvda) (uname file:/a) (uuid 1) (odd x))))\n" >old
	sed 's/suspend/shutdown/; s/odd 1/odd 2/; s/uuid 1/uuid 2/; s/odd x/odd (y z)/' old >new
	try 1 diff old new
	same out "new:1:42: ~ domain 'a': odd 1 -> 2" "new:1:18: ~ domain 'a': on_xend_stop suspend -> shutdown" \
		"new:2:51: ~ domain 'a': disk xvda: device/vbd/odd x -> (y z)" \
		"new:2:42: ~ domain 'a': disk xvda: device/vbd/uuid 1 -> 2"
}

@test "another spelling of an element without a field is not a difference" {
	printf '%s\n' "<domain><name>a</name><cpu mode='custom' match=\"exact\"><!-- x --><model>a&lt;b</model><feature name='f'/></cpu>" \
		"<title>one  two</title><devices><controller type='usb' index='0'/><controller type='usb' index='1'/></devices></domain>" >old
	printf '%s\n' "<domain><name>a</name><title>one&#32; two</title>" \
		"<cpu  match='exact'" " mode = 'custom'>" " <model><![CDATA[a<b]]></model><?x y?>" " <feature name='&#102;'></feature>" "</cpu >" \
		"<devices><controller index='1' type='usb'/><controller type='usb' index='0'></controller></devices></domain>" >new
	try 0 diff old new
	sed 's/a<b/a< b/' new >other
	try 1 diff old other
	sed 's/one&#32; two/one two/' new >other
	try 1 diff old other
	printf "(domain (name a) (cpu_cap 40) (pci ((0x0 0x1))) (odd (a 'b c')) (pool_name 'it''s'))\n" >old
	printf '(domain (name a) (cpu_cap "40") (pci ( ( 0x0\n "0x1" ) # x\n ) ) (odd (a "b c")) (pool_name its))\n' >new
	sed -i "s/'it''s'/its/" old
	try 0 diff old new
	# A value that is the default anyway.
	guest a >old
	sed 's/(memory/(on_xend_start ignore) (cpu_cap 0) (memory/' old >new
	try 0 diff old new
	sed 's/(memory/(on_xend_start start) (memory/' old >new
	try 1 diff old new
	same out "new:1:20: ~ domain 'a': on_xend_start (none) -> start"
}

@test "only a checksum is kept of values that differ in most domains" {
	seq 300 | sed "s,.*,<domain><name>d&</name><genid>g-&</genid></domain>," >old
	sed 's/g-7</G-7</; s/g-299</G-299</' old >new
	try 1 diff old new
	same out "new:7:24: ~ domain 'd7': genid <genid>g-7</genid> -> <genid>G-7</genid>" \
		"new:299:26: ~ domain 'd299': genid (20 bytes) -> <genid>G-299</genid>"
	try 0 diff old old
}

@test "a secret in an element without a field is not shown" {
	printf "<domain><name>a</name><odd password='one'/></domain>\n" >old
	printf "<domain><name>a</name><odd password='two'/></domain>\n" >new
	try 1 diff old new
	same out "new:1:23: ~ domain 'a': odd <odd password='***'/> -> <odd password='***'/>"
}

@test "many extras do not take quadratic time" {
	{
		printf '<domain><name>a</name><devices>\n'
		seq 5000 | sed "s,.*,<controller type='usb' index='&'/>,"
		seq 5000 | sed "s,.*,<interface type='bridge'><mtu size='&'/></interface>,"
		printf '</devices></domain>\n'
	} >old
	{ head -n 1 old; sed '1d;$d' old | tac; tail -n 1 old; } >new
	linear "$domstream" diff -q old new >out || [ $? = 1 ]
	[ "$(grep -c mtu out)" = 5000 ]
	[ "$(wc -l <out)" = 5000 ]
}

@test "each loss is one difference, and each difference is a loss" {
	cat >old <<-'END'
		<domain type='xen'><name>a</name><uuid>5f8c2d4e-1b0a-4c1d-9e2f-3a4b5c6d7e8f</uuid><title>t</title><memory>65536</memory>
		<os><type>hvm</type></os><cpu mode='host-model'/><odd/><devices>
		<disk type='file'><driver name='file' cache='none' queues='2'/><source file='/a'/><target dev='hda' bus='virtio'/><address type='pci'/></disk>
		<interface type='bridge'><mac address='00:16:3e:00:00:01'/><source bridge='b'/><mtu size='9000'/></interface>
		<video><model type='vga'/></video></devices></domain>
	END
	converted
	try 0 diff --losses losses old new
	local lines line
	lines=$(wc -l <losses)
	[ "$lines" = 9 ]
	for line in $(seq "$lines"); do
		sed "${line}d" losses >others
		try 1 diff -q --losses others old new
		[ "$(wc -l <out)" = 1 ]
	done
	try 1 diff -q old new
	[ "$(wc -l <out)" = "$lines" ]
	# The other direction, with one key of SEXPR each.
	printf "(domain (name a) (uuid %s) (memory 64) (on_xend_stop suspend) (odd 1)\n (device (vbd (dev xvda) (uname file:/a) (mode w) (VDI v))))\n" $uuid >old
	converted
	try 0 diff --losses losses old new
	try 1 diff -q old new
	[ "$(wc -l <out)" = "$(wc -l <losses)" ]
}

# hvm CLOCK [TYPE]: an HVM guest.
hvm() {
	printf "<domain type='%s'><name>h</name><memory>65536</memory><os><type>hvm</type></os>%s</domain>\n" "${2:-xen}" "$1"
}

@test "the clock of an HVM guest of Xen keeps what the guest sets it to" {
	local basis
	for basis in utc localtime; do
		hvm "<clock offset='$basis'/>" >old
		hvm "<clock offset='variable' adjustment='0' basis='$basis'/>" >new
		try 0 diff -q old new
		[ ! -s out ]
		try 0 convert -q --to sexpr --losses losses -o between old
		try 0 convert -q --to xml -o back between
		try 0 diff -q --losses losses old back
		[ ! -s out ]
	done
	hvm "" >new
	try 1 diff -q old new
	same out "new:1:1: ~ domain 'h': clock_is_local yes -> no"
	hvm "<clock offset='utc' adjustment='reset'/>" >old
	try 1 diff -q old new
	hvm "<clock offset='utc'/>" kvm >old
	hvm "<clock offset='variable' adjustment='0' basis='utc'/>" kvm >new
	try 1 diff -q old new
	same out "new:1:1: ~ domain 'h': clock utc -> variable"
}

@test "--losses does not accept another image for a lost driver, or another driver for a floppy drive that became a disk" {
	echo "<domain><name>a</name><devices><disk><driver name='qemu'/><source file='/a'/><target dev='hda'/></disk></devices></domain>" >old
	converted
	has losses '"path":"devices/disk/driver@name"'
	try 0 diff --losses losses old new
	sed 's/file:.a/phy:\/a/' new >changed
	try 0 diff --losses losses old changed
	local other
	for other in b ab x/a; do
		sed "s|file:/a|file:/$other|" new >changed
		try 1 diff --losses losses old changed
		has out "source /a -> /$other"
	done
	echo "<domain><name>a</name><devices><disk device='floppy'><source file='/a'/><target dev='fda'/></disk></devices></domain>" >old
	converted
	try 0 diff --losses losses old new
	sed 's/file:/drbd:/' new >changed
	try 1 diff --losses losses old changed
}

@test "--losses distinguishes two disks of one name, one of which was lost" {
	local start="<domain><name>a</name><os><type>hvm</type></os><devices>" end="</devices></domain>"
	local kept="<disk><driver name='tap'/><source file='/a'/><target dev='hda'/></disk>"
	local lost="<disk type='network'><source name='/a'/><target dev='hda' bus='ide'/></disk>"
	local order
	for order in "$kept$lost" "$lost$kept"; do
		echo "$start$order$end" >old
		try 0 convert -q --verify --losses losses -o new old
		has losses '"path":"devices/disk","value":"<disk type='
		try 0 diff --losses losses old new
		sed 's/tap:aio/tap:qcow/' new >changed
		try 1 diff --losses losses old changed
		sed 's/(mode w)/(mode r)/' new >changed
		try 1 diff --losses losses old changed
		sed 's/ (device.*/)/' new >changed
		try 1 diff --losses losses old changed
		has out disk
		# A device that was lost and is there nevertheless.
		sed -E 's/( \(device .*\))\)$/\1\1)/' new >changed
		try 1 diff --losses losses old changed
	done
}

@test "--losses does not accept a boot order that lacks more than was lost" {
	echo "(domain (name a) (image (hvm (boot nca))) (device (vbd (dev hdb) (uname file:/b))) (device (vbd (dev hda) (uname file:/a)))" \
		"(device (vbd (dev hdc) (uname file:/c) (bootable 1))) (device (vif (mac 00:16:3e:00:00:01) (bridge b))))" >old
	converted
	has losses '"path":"image/hvm/boot","value":"nca"'
	try 0 diff --losses losses old new
	sed "/<boot order='1'/d" new >changed
	try 1 diff --losses losses old changed
	has out boot
}
