#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

names() {
	sed -n 's/.*<name>\([^<]*\)<\/name>.*/\1/p' out | paste -s -d ' '
}

# A backup as hosts have them: dumps of several kinds, and other files.
make_backup() {
	local long
	long=$(printf 'long%.0s' {1..40})
	mkdir -p etc/xen "etc/$long"
	sexpr web01 >etc/xen/web01.sxp
	xml db01 | gzip -n >etc/xen/db01.xml.gz
	{
		printf '\377\376'
		xml größe | iconv -f UTF-8 -t UTF-16LE
	} >etc/xen/wide.xml
	sexpr deep >"etc/$long/grün.sxp"
	{
		printf '# saved by hand\n\n'
		sexpr noted
	} >etc/xen/noted.sxp
	: >etc/empty
	printf '\n \n' >etc/blank
	printf 'Hello.\n' >etc/README
	printf '#!/bin/sh\necho "(domain)"\n' >etc/script
	printf '# a server\n<VirtualHost>\n' >etc/apache.conf
	head -c 3000 /dev/zero >etc/zeros
	printf 'Hello.\n' | gzip -n >etc/README.gz
	ln -s xen/web01.sxp etc/link
	ln etc/xen/web01.sxp etc/zz-hard
	mkfifo etc/fifo
}

pack() {
	tar --sort=name --format="$1" -cf "$2" "${@:3}" 2>/dev/null
}

@test "--version says whether tar archives are read" {
	try 0 --version
	grep -q '^tar archives: yes (libarchive [0-9.]*)$' out
}

@test "each member that may be a dump is read, and all others are skipped" {
	make_backup
	local format locale
	for format in gnu pax; do
		pack "$format" backup etc
		gzip -nk <backup >backup.gz
		for locale in C C.UTF-8; do
			LC_ALL=$locale try 0 convert --to xml -j 1 backup
			[ "$(names)" = "deep db01 noted web01 größe" ]
			has err "7 foreign"
			mv out plain
			LC_ALL=$locale try 0 convert --to xml -j 4 backup.gz
			cmp out plain
		done
	done
	pack v7 backup etc/xen
	try 0 check -q - <backup
	has out "4 domains"
}

@test "an archive is recognized by its content, not by its name" {
	sexpr a >one
	pack ustar one.xml one
	try 0 convert -q one.xml
	[ "$(names)" = a ]
	sexpr b >two.tar
	try 0 convert -q two.tar
	[ "$(names)" = b ]
	xml a >'<a>'
	pack gnu first 'one' '<a>'
	try 0 check -q first
	has out "2 domains"
}

@test "a position names the member and counts from its beginning" {
	mkdir -p etc/xen
	sexpr good >etc/xen/a.sxp
	{
		sexpr good
		printf '(domain (name bad)\n'
	} >etc/xen/b.sxp
	gzip -nk etc/xen/b.sxp
	pack gnu backup.tar etc
	gzip -n backup.tar
	try 2 check backup.tar.gz
	has err "backup.tar.gz!etc/xen/b.sxp:2:1: error: domain 'bad': "
	has err "backup.tar.gz!etc/xen/b.sxp.gz:2:1: error: domain 'bad': "
	pack pax long.tar "etc/xen/b.sxp" --transform "s,^,$(printf 'a%.0s' {1..90})/$(printf 'b%.0s' {1..90})/,"
	try 2 check long.tar
	has err "long.tar!$(printf 'a%.0s' {1..90})/$(printf 'b%.0s' {1..90})/etc/xen/b.sxp:2:1: error"
}

@test "a member that cannot be read is an error, and does not affect the others" {
	sexpr a >a.sxp
	sexpr z >z.sxp
	pack gnu b.tar a.sxp
	gzip -nk b.tar
	printf '\3757zXZ\0 and so on' >c.xz
	gzip -n <a.sxp | head -c 30 >d.gz
	pack gnu backup a.sxp b.tar b.tar.gz c.xz d.gz z.sxp
	try 2 convert backup
	[ "$(names)" = "a z" ]
	has err "backup!b.tar: error: is an archive inside an archive, which is not opened [DA908]"
	has err "backup!b.tar.gz: error: is an archive inside an archive, which is not opened [DA908]"
	has err "backup!c.xz: error: the xz data is corrupt"
	has err "backup!d.gz: error: gzip member 1"
}

@test "a name of more than 4 KiB is refused" {
	sexpr a >a.sxp
	python3 - <<-'END'
		import tarfile
		with tarfile.open("long", "w", format=tarfile.PAX_FORMAT) as archive:
		    for size in 4095, 4096:
		        archive.add("a.sxp", arcname="n" * size)
	END
	try 2 check long
	has out "1 domain,"
	has err "long: error: the name of a member is longer than 4095 bytes"
}

@test "a truncated archive is never read as a complete one" {
	local name at size
	for name in a b c; do
		sexpr "$name" >"$name.sxp"
	done
	pack gnu whole a.sxp b.sxp c.sxp
	size=$(wc -c <whole)
	[ "$size" = 10240 ]
	# The header and the data of each member take 1024 bytes; 1024 zeros end the archive.
	for at in 513 700 1023 1024 1025 1500 1536 2047 2048 2500 3000 3071 3072 3073 3500; do
		head -c "$at" whole >cut
		try 2 convert cut
		has err "cut: error: the archive is truncated"
		[ "$(grep -c '<name>' out)" -ge $((at / 1024)) ]
	done
	for at in 3584 4096 5120; do
		head -c "$at" whole >cut
		try 0 check -q cut
		has out "3 domains"
	done
	gzip -n whole
	size=$(wc -c <whole.gz)
	for at in 20 40 60 80 100 $((size - 9)) $((size - 8)) $((size - 1)); do
		head -c "$at" whole.gz >cut
		try 2 check -q cut
	done
}

@test "a damaged header affects only its member" {
	local name
	for name in a b c d; do
		sexpr "$name" >"$name.sxp"
	done
	pack gnu backup a.sxp b.sxp c.sxp d.sxp
	printf X | dd of=backup bs=1 seek=1034 conv=notrunc status=none
	try 2 convert backup
	[ "$(names)" = "a c d" ]
	has err "backup: error: the header of a member is corrupt; 1024 bytes were skipped, from byte 1024 to byte 2047 (at byte 1024) [DA902]"
	# The first header may be damaged, too: the file is still recognized as an archive.
	printf X | dd of=backup bs=1 seek=10 conv=notrunc status=none
	try 2 convert backup
	[ "$(names)" = "c d" ]
	has err "backup: error: the header of a member is corrupt; 2048 bytes were skipped, from byte 0 to byte 2047 (at byte 0) [DA902]"
	head -c 2000 backup >none
	try 2 convert none
	has err "none: error: the archive is truncated: it ends before its first complete header (at byte 1536) [DA901]"
}

@test "a truncated member is refused, and those before it are kept" {
	sexpr a >a.sxp
	{ sexpr b; sexpr c; } >b.sxp
	pack gnu whole a.sxp b.sxp
	head -c $((1536 + $(sexpr b | wc -c) + 10)) whole >cut
	try 2 convert --rejects bad cut
	[ "$(names)" = "a b" ]
	has err "cut: error: the archive is truncated: it ends in the bytes of a member"
	has err "cut!b.sxp:2:1: error: "
	has bad "(domain (n"
}

@test "--output-dir writes one file per domain, and an index" {
	{ xml web; xml db; } >dump.xml
	sexpr mail >dump.sxp
	try 0 convert --output-dir new dump.xml dump.sxp
	empty out
	empty err
	[ "$(cd new && echo *)" = "db.sxp index.tsv mail.xml web.sxp" ]
	has new/web.sxp "(vm (name web)"
	has new/mail.xml "<name>mail</name>"
	[ "$(head -c 7 new/mail.xml)" = "<domain" ]
	same <(sed -n '2,4p' new/index.tsv) \
		$'web.sxp\tweb\t\tdump.xml\t1\txml\tsexpr\t' $'db.sxp\tdb\t\tdump.xml\t2\txml\tsexpr\t' \
		$'mail.xml\tmail\t\tdump.sxp\t1\tsexpr\txml\t'
	try 0 convert -q --to xml --output-dir new dump.xml
	[ "$(cd new && echo *)" = "db.sxp db.xml index.tsv mail.xml web.sxp web.xml" ]
	[ "$(wc -l <new/index.tsv)" = 3 ]
}

# Domains with the file names of other domains.
make_hostile() {
	local name
	for name in '../x' '/etc/passwd' '..' '.' '.hidden' '-rf' 'trailing. ' 'a%2Fb' 'a/b' "tab'	'x" 'Web' 'web' 'WEB' \
		'web~2' 'index.tsv' "$(printf 'n%.0s' {1..300})" "$(printf 'n%.0s' {1..301})" "$(printf 'ä%.0s' {1..150})"; do
		xml "$(printf '%s' "$name" | sed "s/'//g")"
	done
	printf "<domain type='xen'><name>new&#10;line</name><memory>1</memory></domain>\n"
	# The NUL byte is escaped: a domain with a raw one is rejected.
	printf '(domain (name "nul\\x00byte") (memory 1))\n' >hostile.sxp
	printf '(domain (name "b\377") (memory 1))\n' >>hostile.sxp
}

@test "hostile names stay inside the directory, and no domain is lost" {
	mkdir deep deep/er
	make_hostile >hostile.xml
	find . -newer hostile.xml >before
	try 0 convert --to xml --output-dir deep/er/dir hostile.xml hostile.sxp
	[ "$(find deep -type f -not -path 'deep/er/dir/*' | wc -l)" = 0 ]
	[ ! -e x.xml ]
	[ ! -e /etc/passwd.xml ]
	# A name may contain a line feed, so they are not counted by lines.
	[ "$(find deep/er/dir -name '*.xml' -printf x | wc -c)" = 21 ]
	[ "$(find deep -name '*.xml' -printf '%f\n' | tr -d '[:print:]\n' | LC_ALL=C tr -d '\200-\377' | wc -c)" = 0 ]
	has deep/er/dir/index.tsv '%2E.%2Fx.xml'
	[ -f 'deep/er/dir/%2E.%2Fx.xml' ]
	[ -f 'deep/er/dir/%2Fetc%2Fpasswd.xml' ]
	[ -f 'deep/er/dir/%2E%2E.xml' ]
	[ -f 'deep/er/dir/%2Ehidden.xml' ]
	[ -f 'deep/er/dir/%2Drf.xml' ]
	[ -f 'deep/er/dir/a%2Fb.xml' ]
	[ -f 'deep/er/dir/a%252Fb.xml' ]
	[ -f 'deep/er/dir/new%0Aline.xml' ]
	[ -f 'deep/er/dir/nul%00byte.xml' ]
	[ -f 'deep/er/dir/b%FF.xml' ]
	[ -f 'deep/er/dir/Web.xml' ]
	[ -f 'deep/er/dir/web~2.xml' ]
	[ -f 'deep/er/dir/WEB~3.xml' ]
	[ -f 'deep/er/dir/web~2~2.xml' ]
	[ -f 'deep/er/dir/index.tsv.xml' ]
	[ "$(wc -l <deep/er/dir/index.tsv)" = 22 ]
	has err "hostile.xml:1:1: warning: the domain's name is not a safe file name; it is written to '%2E.%2Fx.xml'"
	has err "the domain's name is too long"
	has err "the domain's name was used before; it is written to 'web~2.xml'"
}

@test "a domain with a raw NUL byte in its name is rejected, and its neighbours get their files" {
	printf '(domain (name %b) (memory 1))\n' a '"nul\0byte"' b >dump.sxp
	try 2 convert --to xml --output-dir dir dump.sxp
	has err "dump.sxp:2:1: error: domain 'nul\x00byte': 1 NUL byte (line 2, column 19) [DA903]"
	[ "$(cd dir && echo *)" = "a.xml b.xml index.tsv" ]
	try 2 convert --to xml -o a.tar dump.sxp
	[ "$(tar tf a.tar | tr '\n' ' ')" = "a.xml b.xml index.tsv " ]
}

@test "a link in the directory is replaced and not followed" {
	mkdir dir
	printf 'mine\n' >outside
	ln -s ../outside dir/web.sxp
	ln -s ../outside dir/index.tsv
	ln -s ../missing dir/db.sxp
	{ xml web; xml db; } >dump
	try 0 convert -q --output-dir dir dump
	same outside mine
	[ ! -e missing ]
	[ ! -L dir/web.sxp ]
	[ ! -L dir/index.tsv ]
	has dir/web.sxp "(name web)"
}

@test "a file that is replaced keeps its mode, and no temporary file is left" {
	mkdir dir
	: >dir/web.sxp
	chmod 600 dir/web.sxp
	{ xml web; xml db; } >dump
	try 0 convert -q --output-dir dir dump
	[ "$(stat -c %a dir/web.sxp)" = 600 ]
	[ "$(stat -c %a dir/db.sxp)" = 644 ]
	[ "$(find dir -name '.*' -type f | wc -l)" = 0 ]
	rm dir/web.sxp
	mkdir dir/web.sxp
	try 4 convert dump --output-dir dir
	has err "dir/web.sxp: error: cannot write: "
	[ ! -e dir/index.tsv ]
	[ "$(find dir -name '.*' -type f | wc -l)" = 0 ]
	try 4 convert dump --output-dir missing/dir
	has err "missing/dir: error: cannot open the directory for writing: "
}

@test "the directory is the same for any number of threads" {
	"$gen" --format xml --mb 3 >many.xml
	local jobs
	try 0 convert -q -j 1 --output-dir one many.xml many.xml
	for jobs in 2 8; do
		try 0 convert -q -j "$jobs" --output-dir other many.xml many.xml
		diff -r one other
	done
	[ "$(wc -l <one/index.tsv)" = $(($(find one -type f | wc -l))) ]
}

@test "options that contradict each other are wrong usage" {
	sexpr a >a.sxp
	mkdir d
	cp a.sxp d
	try 3 convert --output-dir x -o y a.sxp
	try 3 convert --output-dir x -z a.sxp
	try 3 convert --output-dir x --wrap always a.sxp
	try 3 convert -o x.tar --wrap always a.sxp
	try 3 convert --output-dir d d/a.sxp
	has err "'d/a.sxp' is an input inside the directory 'd' that is written"
	try 3 convert -r --output-dir d/sub d
	has err "'d/sub' would be written inside the directory 'd' that is read"
	try 3 check --output-dir x a.sxp
	[ ! -e x ]
}

@test "-o NAME.tar writes an archive, the same for any number of threads" {
	local name jobs
	"$gen" --format xml --mb 3 >many.xml
	for name in a.tar a.tar.gz a.tgz; do
		try 0 convert -q -j 1 -o "$name" many.xml
		mv "$name" "one.$name"
		for jobs in 4 8; do
			try 0 convert -q -j "$jobs" -o "$name" many.xml
			cmp "$name" "one.$name"
		done
		tar tf "$name" >list 2>messages
		empty messages
		[ "$(tail -n 1 list)" = index.tsv ]
		[ "$(wc -l <list)" = $(($(count_of '<name>' many.xml) + 1)) ]
	done
	gzip -t a.tgz
	tar tvf a.tar | grep -v ' 0/0 .* 1970-01-01 ' && false
	try 0 convert -q --gzip=1 -o z.tar many.xml
	gzip -t <z.tar
	gzip -dc a.tgz | cmp - a.tar
}

@test "this program, GNU tar and Python agree on names in an archive" {
	make_hostile >hostile.xml
	try 0 convert -q --to xml -o a.tar hostile.xml hostile.sxp
	try 0 convert -q --to xml --output-dir dir hostile.xml hostile.sxp
	mkdir unpacked
	tar xf a.tar -C unpacked
	diff -r dir unpacked
	python3 - <<-'END'
		import os, tarfile
		names = {member.name for member in tarfile.open("a.tar")}
		assert names == set(os.listdir("dir")), names ^ set(os.listdir("dir"))
	END
}

@test "an archive that was written is read, with the same result" {
	xml größe >dump
	xml "$(printf 'lang%.0s' {1..45})" >>dump
	xml web >>dump
	try 0 convert -q -o one.tar.gz dump
	try 0 convert -q -o two.tar one.tar.gz
	try 0 convert -q -o three.tar.gz two.tar
	# The index contains the position of a domain in its input; everything else is the same.
	mkdir one three
	tar xf one.tar.gz -C one
	tar xf three.tar.gz -C three
	rm one/index.tsv three/index.tsv
	diff -r one three
	try 0 convert two.tar
	[ "$(grep -c '^(vm' out)" = 3 ]
}

@test "a member with a domain after a prompt is read, not skipped" {
	printf '[root@host ~]# xm list -l a\n(domain (name a))\n' >paste
	printf 'nothing of the kind\n' >notes
	tar cf both.tar paste notes
	try 2 check both.tar
	has out "1 domain,"
	has err "both.tar!paste:1:1: error: text outside of any domain: '"
	has err "1 foreign"
}

@test "archives in BGZF, and BGZF in archives, are the same for any number of threads" {
	"$gen" --format xml --domains 3000 >many.xml
	try 0 convert -q -o many.tar.gz many.xml
	try 0 convert -q -z many.xml
	mkdir inner
	mv out inner/a.gz
	cp inner/a.gz inner/b.gz
	cp many.xml inner/c.xml
	# Its last block is missing: an error about that member only.
	head -c -28 inner/a.gz >inner/d.gz
	cp many.xml inner/e.xml
	pack gnu inner.tar inner
	local jobs
	for jobs in 1 2 8; do
		try 0 convert -q --to xml -j "$jobs" many.tar.gz
		mv out "outer.$jobs"
		cmp "outer.$jobs" outer.1
		try 2 convert --to xml -j "$jobs" inner.tar
		mv out "inner.$jobs"
		grep error: err >"err.$jobs"
		cmp "inner.$jobs" inner.1
		cmp "err.$jobs" err.1
	done
	[ "$(grep -c '<name>' outer.1)" = 3000 ]
	[ "$(grep -c '<name>' inner.1)" = 15000 ]
	[ "$(grep -c 'DA901' err.1)" = 1 ]
	has err.1 "inner.tar!inner/d.gz: error: the file is truncated after gzip member "
	head -c -28 many.tar.gz >cut
	try 2 convert --to xml -j 2 cut
	cmp out outer.1
	has err "cut: error: the file is truncated after gzip member "
}

@test "after a damaged member of a .tar.gz, reading continues at the next header" {
	local i jobs
	mkdir tree
	for i in $(seq 10 39); do
		xml "guest$i" >"tree/$i.xml"
		head -c 3000 /dev/urandom | base64 >"tree/$i.txt"
	done
	tar cf all.tar tree/*
	split -b 7000 all.tar piece.
	gzip piece.*
	# The compressed bytes of one block are overwritten.
	printf 'damage' | dd of=piece.ah.gz bs=1 seek=2000 conv=notrunc 2>dd.err
	cat piece.*.gz >all.tar.gz
	for jobs in 1 2 64; do
		try 2 extract -j "$jobs" all.tar.gz
		mv out "out.$jobs"
		cmp out.1 "out.$jobs"
		has err "gzip member 8"
		has_not err "header of a member"
	done
	for i in 10 11 12 30 38 39; do
		has out.1 "<name>guest$i<"
	done
	[ "$(grep -c '<name>' out.1)" -gt 26 ]
}

# Writes an archive of ten members, each of two blocks, and the same with a run of NUL bytes over some blocks.
make_holes() {
	local i
	mkdir d
	for i in {0..9}; do
		xml "vm$i" >"d/$i.xml"
	done
	tar --sort=name --format=gnu -C d -cf whole.tar 0.xml 1.xml 2.xml 3.xml 4.xml 5.xml 6.xml 7.xml 8.xml 9.xml
}

# hole NAME FROM COUNT: the archive with a run of NUL bytes over blocks.
hole() {
	cp whole.tar "$1"
	dd if=/dev/zero of="$1" bs=512 seek="$2" count="$3" conv=notrunc status=none
}

@test "a run of NUL bytes in place of whole members is damage, and the members after it are read" {
	local jobs file
	make_holes
	hole hole.tar 4 6
	for file in hole.tar hole.tar.gz hole.tar.xz; do
		case $file in
		*.gz) gzip -nc hole.tar >"$file" ;;
		*.xz) xz -c hole.tar >"$file" ;;
		esac
		for jobs in 1 2 64; do
			try 2 convert --to xml -j "$jobs" --manifest m "$file"
			[ "$(names)" = "vm0 vm1 vm5 vm6 vm7 vm8 vm9" ]
			has err "$file: error: there are 3072 NUL bytes, and more members after them"
			has err "at byte 2048"
			grep -q '"kind":"archive","outcome":"damaged"' m
		done
		try 2 convert --to xml - <"$file"
		[ "$(names)" = "vm0 vm1 vm5 vm6 vm7 vm8 vm9" ]
		(
			head -c 700 "$file"
			sleep 0.1
			tail -c +701 "$file"
		) | try 2 convert --to xml -
		[ "$(names)" = "vm0 vm1 vm5 vm6 vm7 vm8 vm9" ]
	done
	mkdir tree
	mv hole.tar tree
	try 2 convert --to xml -r tree
	[ "$(names)" = "vm0 vm1 vm5 vm6 vm7 vm8 vm9" ]
}

@test "a run of NUL bytes that ends inside a member is damage" {
	make_holes
	hole into-header.tar 4 5
	try 2 convert --to xml into-header.tar
	[ "$(names)" = "vm0 vm1 vm5 vm6 vm7 vm8 vm9" ]
	has err "there are 2560 NUL bytes, and the header of a member is corrupt"
	hole into-data.tar 5 4
	try 2 convert --to xml into-data.tar
	[ "$(names)" = "vm0 vm1 vm5 vm6 vm7 vm8 vm9" ] || [ "$(names)" = "vm0 vm1 vm4 vm5 vm6 vm7 vm8 vm9" ]
	hole first-member.tar 0 2
	try 2 convert --to xml first-member.tar
	[[ "$(names)" = *"vm1 vm2 vm3 vm4 vm5 vm6 vm7 vm8 vm9" ]]
}

@test "the padding of an archive is not damage; a longer run of NUL bytes at its end is reported" {
	make_holes
	try 0 check whole.tar
	for factor in 1 20 126 256 2048; do
		tar -b $factor -cf padded.tar -C d .
		try 0 check padded.tar
		xz -c padded.tar >padded.tar.xz
		try 0 check padded.tar.xz
	done
	head -c 204800 /dev/zero | cat whole.tar - >padded.tar
	try 2 convert --to xml padded.tar
	[ "$(names)" = "vm0 vm1 vm2 vm3 vm4 vm5 vm6 vm7 vm8 vm9" ]
	has err "padded.tar: error: the archive ends with 215040 NUL bytes, which is more than padding"
}

@test "archives joined with cat are reported and read" {
	make_holes
	head -c $((22 * 512)) whole.tar >two-blocks.tar
	try 0 check two-blocks.tar
	cat two-blocks.tar whole.tar >joined.tar
	try 2 convert --to xml joined.tar
	[ "$(names)" = "vm0 vm1 vm2 vm3 vm4 vm5 vm6 vm7 vm8 vm9 vm0 vm1 vm2 vm3 vm4 vm5 vm6 vm7 vm8 vm9" ]
	has err "there are 1024 NUL bytes, and more members after them"
	has err "tar -A"
	cp whole.tar added.tar
	tar -A -f added.tar whole.tar
	try 0 check added.tar
}

@test "a stream of a .tar.xz that is a run of NUL bytes is damage" {
	local i
	make_holes
	for i in {0..9}; do
		head -c $((i * 1024 + 1024)) whole.tar | tail -c 1024 | xz >"stream.$i"
	done
	tail -c +10241 whole.tar | xz >stream.end
	cat stream.[0-9] stream.end >whole.tar.xz
	try 0 check whole.tar.xz
	head -c "$(stat -c %s stream.4)" /dev/zero >stream.4
	cat stream.[0-9] stream.end >hole.tar.xz
	try 2 convert --to xml hole.tar.xz
	[ "$(names)" = "vm0 vm1 vm2 vm3 vm5 vm6 vm7 vm8 vm9" ]
	has err "NUL bytes after xz data, and more data after them"
}
