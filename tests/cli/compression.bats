#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

@test "gzip is recognized by its magic number, not by its name" {
	xml a | gzip >plain.xml
	try 0 convert -q plain.xml
	has out "(name a)"
	xml b >not.gz
	try 0 convert -q not.gz
	has out "(name b)"
}

@test "several members are one stream, and a domain may extend over them" {
	xml aaaa >whole
	{
		head -c 20 whole | gzip
		tail -c +21 whole | gzip -1
		printf '' | gzip
		xml b | gzip -9
	} >members
	try 0 convert -q members
	same out "$("$domstream" convert -q whole)" "$(xml b | "$domstream" convert -q)"
}

@test "NUL bytes are padding at the end of a file, and damage between members" {
	{
		xml a | gzip
		head -c 10000 /dev/zero
	} >padded
	try 0 convert -q padded
	has out "(name a)"
	{
		xml a | gzip
		head -c 512 /dev/zero
		xml b | gzip
	} >between
	try 2 convert -q --to xml between
	has out "<name>a</name>"
	has out "<name>b</name>"
	has err "between: error: NUL bytes follow gzip member 1, and more data follows them; 512 bytes were skipped, from byte "
	# A run of NUL bytes in place of a member.
	{ xml a | gzip; xml b | gzip; xml c | gzip; } >members
	at=$(xml a | gzip | wc -c)
	head -c "$(xml b | gzip | wc -c)" /dev/zero | dd of=members bs=1 seek="$at" conv=notrunc status=none
	try 2 check members
	has out "2 domains"
	has err "(at byte $at) [DA904]"
}

@test "trailing garbage is reported, and the bytes before it are delivered" {
	{
		xml a | gzip
		printf 'rubbish'
	} >rubbish
	try 2 convert rubbish
	has out "(name a)"
	has err "rubbish: error: "
	has err "[DA904]"
}

@test "a truncated member is reported, and the bytes before it are delivered" {
	"$gen" --format xml --domains 2000 | gzip >whole.gz
	head -c 100000 whole.gz >cut.gz
	try 2 convert cut.gz
	has out "(vm "
	has err "cut.gz: error: "
	has err "(at byte 100000) [DA901]"
}

@test "a member whose checksum or length is wrong is reported" {
	xml a | gzip >good
	local size
	size=$(wc -c <good)
	for at in $((size - 8)) $((size - 4)); do
		cp good bad
		printf '\252' | dd of=bad bs=1 seek="$at" conv=notrunc status=none
		try 2 convert -q bad
		has err "[DA902]"
		has out "(name a)"
	done
}

# pack_as FORMAT: compresses standard input to standard output.
pack_as() {
	case $1 in
	xz | zstd | bzip2 | gzip) "$1" -qc ;;
	lz4) lz4 -qc --content-size ;;
	# LZW without any compression, which is enough for 250 bytes: codes of 9 bits, the lowest bit first.
	compress)
		python3 -c '
import sys
data = sys.stdin.buffer.read(250)
bits = sum(byte << 9 * i for i, byte in enumerate(data))
sys.stdout.buffer.write(b"\x1f\x9d\x90" + bits.to_bytes((9 * len(data) + 7) // 8, "little"))'
		;;
	esac
}

archives_are_read() {
	"$domstream" --version | grep -q '^tar archives: yes'
}

@test "xz, zstd, bzip2, lz4 and compress are read, as files, from pipes, in archives and around them" {
	if ! archives_are_read; then
		xml a | pack_as xz >a
		try 2 check a
		has err "a: error: compressed with xz, and this program was built without libarchive"
		has err "use: xz -dc FILE | domstream ..."
		return
	fi
	local format
	for format in xz zstd bzip2 lz4 compress; do
		rm -rf in
		mkdir in
		xml a | pack_as "$format" >in/a
		try 0 convert -q in/a
		has out "(vm (name a)"
		try 0 convert -q - <in/a
		has out "(vm (name a)"
		tar cf in.tar in
		try 0 convert -q in.tar
		has out "(vm (name a)"
		[ "$format" != compress ] || continue
		pack_as "$format" <in.tar >in.packed
		try 0 convert -q in.packed
		has out "(vm (name a)"
		gzip -c <in/a >twice
		try 0 convert -q twice
		has out "(vm (name a)"
		gzip -c <twice >thrice
		try 2 convert -q thrice
		has err "thrice: error: compressed more than 2 times"
		# Two of them, one after the other.
		xml b | pack_as "$format" | cat in/a - >two
		try 0 check -q two
		has out "2 domains"
		: | pack_as "$format" >nothing
		try 2 check nothing
		has err "the input is empty"
	done
}

@test "truncated data of other compressions is reported as truncated, whatever its length" {
	archives_are_read || return 0
	for format in xz bzip2 zstd lz4; do
		"$gen" --format xml --domains 2000 | pack_as "$format" >packed
		for share in 2 3; do
			head -c "$(($(wc -c <packed) * (share - 1) / share))" packed >cut
			try 2 check cut
			has err "cut: error: the $format data is truncated (at byte $(wc -c <cut)) [DA901]"
		done
	done
}

@test "a truncated or changed byte of other compressions is never status 0 with other domains" {
	archives_are_read || return 0
	local format
	for format in xz zstd bzip2 lz4; do
		{
			xml a
			xml b
		} | pack_as "$format" >good
		[ "$format" != zstd ] || { xml a; xml b; } | zstd -qc --check >good
		try 0 convert -q good
		mv out expected
		python3 - "$domstream" "$format" <<-'END'
			import subprocess, sys
			with open("good", "rb") as file:
			    good = file.read()
			with open("expected", "rb") as file:
			    expected = file.read()

			def convert(data):
			    with open("bad", "wb") as file:
			        file.write(data)
			    done = subprocess.run([sys.argv[1], "convert", "-q", "bad"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
			    return done.returncode, done.stdout

			for at in range(1, len(good), 3):
			    status, _ = convert(good[:at])
			    if status != 2:
			        sys.exit(f"{sys.argv[2]}, truncated at {at} of {len(good)}: status {status}")
			    status, out = convert(good[:at] + bytes([good[at] ^ 4]) + good[at + 1:])
			    if status == 0 and out != expected:
			        sys.exit(f"{sys.argv[2]}, byte {at}")
		END
		{ cat good; echo rubbish; } >bad
		try 2 check -q bad
	done
}

@test "a file that expands far beyond its size is refused in every compression" {
	archives_are_read || return 0
	head -c 100000000 /dev/zero | tr '\0' ' ' | xz -1 >bomb
	try 2 check bomb
	has err "expands to more than 2500 times its size (ten times --max-gzip-ratio)"
}

@test "compressed output passes gzip -t and holds the same bytes" {
	"$gen" --format xml --domains 1000 >many.xml
	try 0 convert -q many.xml
	mv out plain
	try 0 convert -q -z many.xml
	gzip -t <out
	gzip -dc <out | cmp - plain
	try 0 convert -q --gzip=1 many.xml
	mv out fast
	try 0 convert -q --gzip=9 many.xml
	gzip -dc <out | cmp - plain
	[ "$(wc -c <fast)" -gt "$(wc -c <out)" ]
	try 0 convert -q -o named.gz many.xml
	gzip -dc named.gz | cmp - plain
	try 0 convert -q -z -j 3 many.xml
	mv out three
	try 0 convert -q -z -j 1 many.xml
	cmp three out
	try 0 convert -q named.gz
	has out "<domains>"
}

@test "compressed output without domains is a complete gzip file" {
	try 0 convert -q -z <<<"<domains/>"
	gzip -t <out
	[ "$(gzip -dc <out | wc -c)" = 0 ]
}

@test "a BGZF file without its last block is truncated, and its domains are converted" {
	"$gen" --format xml --domains 1000 >many.xml
	try 0 convert -q -z many.xml
	mv out whole.gz
	gzip -dc whole.gz >expected
	try 0 check -q whole.gz
	local size jobs
	size=$(($(wc -c <whole.gz) - 28))
	head -c "$size" whole.gz >cut.gz
	gzip -t cut.gz
	for jobs in 1 2 3 8; do
		try 2 convert -j "$jobs" --to sexpr --pretty cut.gz
		mv out "cut.$jobs"
		has err "cut.gz: error: the file is truncated after gzip member "
		has err ": the empty one that ends a BGZF file is missing (at byte $size) [DA901]"
		try 0 convert -q -j "$jobs" --to sexpr --pretty whole.gz
		cmp out "cut.$jobs"
	done
	# An empty block in the middle is not an end; padding after the last block is allowed.
	cat whole.gz cut.gz >both.gz
	try 2 check -q both.gz
	has err "[DA901]"
	{ cat cut.gz whole.gz; head -c 5000 /dev/zero; } >both.gz
	try 0 check -q both.gz
	# Plain gzip has no such end.
	{ gzip -c many.xml; gzip -c many.xml; } >plain.gz
	try 0 check -q plain.gz
}

# same_for_all_jobs STATUS FILE: output, messages and status do not depend on the number of workers.
same_for_all_jobs() {
	local jobs
	try "$1" convert --to sexpr --pretty -j 1 "$2"
	mv out out.1
	grep error: err >err.1 || true
	for jobs in 2 8; do
		try "$1" convert --to sexpr --pretty -j "$jobs" "$2"
		cmp out out.1
		grep error: err | diff - err.1
	done
}

@test "BGZF is read in the same way by any number of workers" {
	local size at
	"$gen" --format xml --mb 5 >many.xml
	try 0 convert -q --to xml -z many.xml
	mv out whole
	gzip -dc whole | "$domstream" convert -q --to sexpr --pretty >plain
	same_for_all_jobs 0 whole
	cmp out.1 plain
	size=$(wc -c <whole)
	for at in 5000 70000 $((size / 2)) $((size - 1000)); do
		cp whole damaged
		printf 'damage' | dd of=damaged bs=1 seek="$at" conv=notrunc status=none
		same_for_all_jobs 2 damaged
		has err.1 "damaged: error: gzip member "
		has err.1 "[DA902]"
		head -c "$at" whole >cut
		same_for_all_jobs 2 cut
		has err.1 "cut: error: gzip member "
		has err.1 "is truncated: the file ends inside it (at byte $at) [DA901]"
	done
	# The output before the damage is that of a program that inflates one member after another.
	[ "$(wc -l <out.1)" -gt 10000 ]
	{ cat whole; printf 'rubbish'; } >tail
	same_for_all_jobs 2 tail
	has err.1 "are neither another member nor padding; the last 7 bytes were skipped (at byte $size) [DA904]"
	cmp out.1 plain
	{ cat whole; gzip -c many.xml; cat whole; } >mixed
	same_for_all_jobs 0 mixed
	[ "$(wc -c <out.1)" = $((3 * $(wc -c <plain))) ]
	mv out.1 mixed.out
	{ cat whole; gzip -c many.xml; head -c 700 /dev/zero; cat whole; } >hole
	same_for_all_jobs 2 hole
	cmp out.1 mixed.out
	# A pipe delivers less at once.
	cat whole | "$domstream" convert -q --to sexpr --pretty -j 4 - >out
	cmp out plain
}

@test "a gzip file that expands far beyond its size is refused" {
	{
		xml a
		head -c 80000000 /dev/zero | tr '\0' ' '
		xml b
	} | gzip -9 >bomb
	try 2 convert -q bomb
	has err "the file expands to more than 250 times its size (--max-gzip-ratio)"
	has err "[DA905]"
	try 0 convert -q --max-gzip-ratio 2000 bomb
	[ "$(grep -c '(vm' out)" = 2 ]
}
