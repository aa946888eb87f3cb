#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

@test "-o writes the complete file, and an old one keeps its mode" {
	echo old >target
	chmod 640 target
	try 0 convert -q "$samples/estate.xml" -o target
	empty out
	[ "$(stat -c %a target)" = 640 ]
	[ "$(wc -l <target)" = 5 ]
	[ "$(find . -type f | wc -l)" = 3 ] # and out, err
	try 0 convert -q "$samples/estate.xml" --output new
	cmp target new
}

@test "a file name with the extension of another compression than gzip is refused" {
	local name
	for name in x.tar.xz x.xml.zst x.bz2 x.tgz.lz4; do
		try 3 convert -o $name "$samples/estate.xml"
		has err "cannot write '--output $name': the only compression of an output is gzip (.gz)"
		try 3 convert -z -o $name "$samples/estate.xml"
		[ ! -e $name ]
	done
	try 0 convert -q -o xz "$samples/estate.xml"
}

@test "-o follows a symbolic link and may be one of the inputs" {
	xml a >dump
	ln -s dump link
	try 0 convert -q dump -o link
	[ -L link ]
	has dump "(vm (name a)"
}

@test "a run that fails leaves the old file" {
	echo old >target
	try 4 convert -q "$samples/estate.xml" -o target --rejects /nowhere/bad
	same target old
	[ "$(find . -type f | wc -l)" = 3 ]
	try 4 convert -q "$samples/estate.xml" -o none/target
	has err "target"
}

@test "a run that finds damage still writes its output" {
	try 2 convert -q "$samples/damaged.sxp" -o target
	[ "$(grep -c '<name>' target)" = 3 ]
}

@test "no space is status 4" {
	[ -c /dev/full ] || skip "no /dev/full"
	local status=0
	"$domstream" convert -q "$samples/estate.xml" >/dev/full 2>err || status=$?
	[ "$status" = 4 ]
	same err "<stdout>: error: cannot write: No space left on device"
	status=0
	"$domstream" check "$samples/estate.xml" >/dev/full 2>err || status=$?
	[ "$status" = 4 ]
	try 4 convert -q "$samples/damaged.sxp" --rejects /dev/full
	try 4 convert -q "$samples/config.sxp" --losses /dev/full
	status=0
	"$domstream" --help >/dev/full 2>err || status=$?
	[ "$status" = 4 ]
}

@test "a reader that has gone away ends the run quietly" {
	"$gen" --format xml --mb 8 >many.xml
	"$domstream" convert -q many.xml 2>err | head -n 1 >out
	[ "$(wc -l <out)" = 1 ]
	empty err
	# Other outputs are affected in the same way.
	bash -c '"$1" convert -q many.xml 2>err | true; exit ${PIPESTATUS[0]}' bash "$domstream" || status=$?
	[ "$status" = 141 ]
	empty err
}

@test "--wrap: <domains> around two and more, always, or never" {
	sexpr a >one
	{
		sexpr a
		sexpr b
	} >two
	local when
	for when in auto always never; do
		try 0 convert -q --wrap "$when" one
		mv out "$when.1"
		try 0 convert -q --wrap "$when" two
		mv out "$when.2"
	done
	[ "$(cat auto.1 never.1 never.2 | grep -c domains)" = 0 ]
	[ "$(cat auto.2 always.1 always.2 | grep -c domains)" = 6 ]
	try 0 convert -q two
	cmp out auto.2
	xmllint --noout auto.1 auto.2 always.1
	try 0 convert -q --wrap always --to xml <<<"<domains/>"
	xmllint --noout out
}

@test "--pretty lays SEXPR out as xm does, with the same meaning" {
	try 0 convert -q "$samples/estate.xml"
	mv out flat
	[ "$(wc -l <flat)" = 5 ]
	try 0 convert -q --pretty "$samples/estate.xml"
	has out $'(vm\n'
	[ "$(wc -l <out)" -gt 50 ]
	[ "$(tr -s ' \n' '  ' <out | sed 's/ )/)/g')" = "$(tr -s ' \n' '  ' <flat)" ]
}

@test "--only disks: identity and disks, nothing else" {
	try 0 convert -q --only disks "$samples/config.sxp"
	grep -q '<name>' out
	grep -q '<uuid>' out
	grep -q '<disk ' out
	has_not out '<memory'
	has_not out '<interface'
	try 0 convert -q --only disks "$samples/estate.xml"
	has_not out '(memory'
	has_not out '(vif'
}

@test "--only disks: what the disks lose is reported, and what is left out is not" {
	printf "<domain type='xen'><name>a</name><title>t</title><devices><disk type='file'><driver name='file' cache='none'/>%s" \
		"<source file='/a'/><target dev='xvda'/></disk></devices></domain>" >in
	try 1 convert -q --only disks --strict --losses losses in
	[ "$(jq -r .path losses)" = devices/disk/driver@cache ]
	echo "(vm (name a) (foo 1) (device (vbd (dev hdc:cdrom) (uname file:/x) (mode 'w !'))))" >in
	try 0 convert -q --only disks --verify --losses losses in
	[ "$(jq -r .path losses)" = device/vbd/mode ]
}

@test "--xend chooses how an HVM guest's disks are named" {
	printf "<domain type='xen'><name>h</name><os><type>hvm</type></os><devices><disk><driver name='file'/><source file='/x'/><target dev='hda'/></disk></devices></domain>" >h
	try 0 convert -q --xend 3.0.2 h
	has out "(dev ioemu:hda)"
	local xend
	for xend in 3.0.3 3.0.4 3.1; do
		try 0 convert -q --xend "$xend" h
		has out "(dev hda:disk)"
	done
	mv out latest
	try 0 convert -q h
	cmp out latest
}

@test "the summary balances, -q silences it, -v always gives it" {
	try 2 convert "$samples/damaged.sxp"
	[[ $(tail -n 1 err) =~ ^domstream:\ 4\ domains\ read,\ 3\ converted,\ 1\ rejected,\ [0-9]+\ losses,\ 2536\ bytes,\ [0-9.]+\ s$ ]]
	try 2 convert -q "$samples/damaged.sxp"
	[ "$(wc -l <err)" = 1 ]
	xml a >clean
	try 0 convert clean
	empty err
	try 0 convert -v clean
	[[ $(cat err) =~ ^domstream:\ 1\ domain\ read,\ 1\ converted,\ 0\ rejected,\ 0\ losses,\ [0-9]+\ bytes,\ [0-9.]+\ s$ ]]
	try 2 convert -v "$samples/damaged.sxp"
	has err " bytes refused) [DA903]"
}

@test "progress is shown when requested" {
	try 0 convert --progress always "$samples/estate.xml"
	has err "5 domains"
	has err "100 %"
	try 0 convert --progress never "$samples/estate.xml"
	has_not err "100 %"
	try 0 check "$samples/estate.xml"
	empty err
}

@test "results contain no clock, host name or absolute path" {
	try 0 convert --losses one "$samples/estate.xml" -o a
	sleep 1.1
	mkdir elsewhere
	cp "$samples/estate.xml" .
	TZ=Asia/Tokyo LC_ALL=tr_TR.UTF-8 try 0 convert --losses two "$samples/estate.xml" -o b
	cmp a b
	cmp one two
}

@test "a run that reads no domain at all leaves an older output unchanged" {
	echo old >result
	try 2 convert nowhere -o result
	has err "no domain was read, so 'result' is unchanged"
	same result old
	printf 'root:x:0:0:root\n' >passwd
	try 2 convert passwd -o result
	same result old
	try 2 convert passwd -o new
	[ ! -e new ]
	printf '(domain (name a))\nrubbish\n' >dump
	try 2 convert dump -o result
	has result "<name>a</name>"
}

@test "later xends read what 3.1 did" {
	local version
	printf "<domain type='xen'><name>a</name></domain>" >dump
	"$domstream" convert dump >expected
	for version in 3.1 3.2 3.4 4.0 4.1 4.4; do
		try 0 convert --xend $version dump
		cmp expected out
	done
	try 3 convert --xend 4.5 dump
}

@test "a report shows that no domain was read, and an older one is replaced" {
	local format
	echo '(domain' >bad
	for format in text ndjson sarif junit html prom; do
		echo before >target
		echo before >second
		SOURCE_DATE_EPOCH=0 try 2 audit --format "$format" --report "$format=second" -o target bad
		has_not err "is unchanged"
		has target DA901
		cmp target second
	done
	echo before >target
	try 2 disks -o target bad
	same target before
}

# The pipe gets what `convert` writes to standard output.
@test "-o and --losses write to /dev/stdout, /dev/stderr and other descriptors, whatever these are" {
	xml a >a.xml
	try 0 convert -q a.xml
	mv out expected
	"$domstream" convert -q "$samples/config.sxp" --losses losses >/dev/null
	local name
	for name in - /dev/stdout /dev/fd/1 /proc/self/fd/1; do
		"$domstream" convert -q a.xml -o "$name" | cmp - expected
		"$domstream" convert -q a.xml -o "$name" >out
		cmp out expected
		"$domstream" convert -q "$samples/config.sxp" -o x --losses "$name" | cmp - losses
	done
	for name in /dev/stderr /dev/fd/2; do
		"$domstream" convert -q "$samples/config.sxp" --losses "$name" 2>&1 >/dev/null | cmp - losses
		# The messages before and after it are kept.
		{ echo before >&2; "$domstream" convert "$samples/config.sxp" --losses "$name" >/dev/null; echo behind >&2; } 2>err
		[ "$(head -n 1 err)" = before ]
		[ "$(tail -n 1 err)" = behind ]
		has err "1 domain read"
		has err "$(tail -n 1 losses)"
	done
	"$domstream" convert -q a.xml -o /dev/fd/7 7>&1 >/dev/null | cmp - expected
	{ echo before >&7; "$domstream" convert -q a.xml -o /dev/fd/7; echo behind >&7; } 7>out
	same out before "$(cat expected)" behind
	"$domstream" convert -q a.xml -o >(cat >copy)
	"$domstream" audit -q "$samples/estate.xml" -o /dev/stdout | grep -q DA
	"$domstream" disks "$samples/estate.xml" -o /dev/stdout | grep -q hda
	"$domstream" check --rejects /dev/stderr "$samples/damaged.sxp" 2>&1 >/dev/null | grep -q '(domain'
	# Standard error and standard output may be one pipe.
	"$domstream" convert -q "$samples/config.sxp" --losses /dev/stderr 2>&1 | cat >both
	[ "$(grep -c '^{"reason"' both)" = "$(wc -l <losses)" ]
	grep -q '^<domain' both
}

@test "-o writes to a socket that is standard output" {
	xml a >a.xml
	"$domstream" convert -q a.xml >expected
	python3 - "$domstream" <<-'END' >copy
		import socket, subprocess, sys
		ours, theirs = socket.socketpair()
		child = subprocess.Popen([sys.argv[1], "convert", "-q", "a.xml", "-o", "/dev/stdout", "--losses", "/dev/stderr"],
		                         stdout=theirs, stderr=theirs)
		theirs.close()
		while data := ours.recv(4096):
		    sys.stdout.buffer.write(data)
		sys.exit(child.wait())
	END
	cmp copy expected
}

@test "a descriptor that cannot be written is status 4" {
	xml a >a.xml
	try 4 convert a.xml -o /dev/fd/9
	has err "/dev/fd/9: error: cannot open for writing: Bad file descriptor"
	try 4 convert a.xml -o /dev/fd/9 9<a.xml
	has err "/dev/fd/9: error: cannot open for writing: Bad file descriptor"
	# The user cannot name the descriptors that the program itself has opened.
	try 4 convert a.xml -o x --losses /dev/fd/3 3>&-
	[ ! -e x ]
}

@test "named pipes accept every output" {
	mkfifo one two
	"$domstream" convert -q "$samples/config.sxp" --losses losses >expected
	timeout "$hang" cat one >copy &
	local readers=$!
	timeout "$hang" cat two >lost &
	readers+=" $!"
	try 0 convert -q "$samples/config.sxp" -o one --losses two
	wait $readers
	cmp copy expected
	cmp lost losses
	[ -p one ]
	ln -s one link
	timeout "$hang" cat one >copy &
	readers=$!
	try 0 audit --fail-on never -q "$samples/estate.xml" --report text=link
	wait $readers
	has copy DA
}

@test "a file that standard output or standard error goes to is written through it" {
	xml a >a.xml
	"$domstream" convert -q a.xml >expected
	{ echo before; "$domstream" convert -q a.xml -o log; echo behind; } >log
	same log before "$(cat expected)" behind
	{ echo before >&2; "$domstream" convert -q a.xml -o log; echo behind >&2; } 2>log
	same log before "$(cat expected)" behind
}

has_unfinished() {
	[ "$(find . -name '.result.domstream-??????' | wc -l)" = 1 ]
}

# A process has it open.
holds_unfinished() {
	has_unfinished && [ -e "/proc/$1/fd" ] && find "/proc/$1/fd" -lname "*/.result.domstream-*" | grep -q .
}

@test "the next run removes the temporary file of a killed run, and only that" {
	xml a >a.xml
	mkfifo pipe
	"$domstream" convert -q pipe -o result 2>/dev/null &
	local first=$!
	exec 5>pipe
	wait_until has_unfinished
	kill -9 $first
	wait $first || true
	exec 5>&-
	[ "$(find . -name '.result.*' | wc -l)" = 1 ]
	# A run that is alive keeps its file. Others have similar names.
	"$domstream" convert -q pipe -o result 2>/dev/null &
	local second=$!
	exec 5>pipe
	wait_until holds_unfinished $second
	touch .result.backup .result.domstream-toolong .other.domstream-abcdef
	try 0 convert -q a.xml -o result
	[ "$(find . -name '.result.domstream-??????' | wc -l)" = 1 ]
	cat a.xml >&5
	exec 5>&-
	wait $second
	[ -z "$(find . -name '.result.domstream-??????')" ]
	[ -e .result.backup ]
	[ -e .result.domstream-toolong ]
	[ -e .other.domstream-abcdef ]
	has result '(name a)'
}

has_unfinished_in() {
	find "$1" -name '.domstream-??????' | grep -q .
}

@test "the next run removes the temporary file of a killed run in --output-dir, and only that" {
	xml a >a.xml
	mkdir new
	touch new/.domstream-abcdef new/.domstream-abcdefg new/.domstream-alive1 new/.other.domstream-abcdef
	exec 6>new/.domstream-alive1
	flock -n 6
	try 0 convert -q a.xml --output-dir new
	[ ! -e new/.domstream-abcdef ]
	[ -e new/.domstream-alive1 ]
	[ -e new/.domstream-abcdefg ]
	[ -e new/.other.domstream-abcdef ]
	exec 6>&-
	try 0 convert -q a.xml --output-dir new
	[ ! -e new/.domstream-alive1 ]
	# A real run, which is killed while it writes.
	rm -f new/.??*
	"$gen" --format xml --domains 3000 >many.xml
	local i
	for ((i = 0; i < 50; i++)); do
		"$domstream" convert -q many.xml --output-dir new &
		sleep "0.0$((i % 9 + 1))"
		kill -9 $!
		wait $! || true
		! has_unfinished_in new || break
	done
	try 0 convert -q a.xml --output-dir new
	! has_unfinished_in new
}
