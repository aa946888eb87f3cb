#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

# says LINE FILE: expects that reading the file ends with status 2, and that the first message is that line.
says() {
	try 2 convert -q "$2" && same <(head -n 1 err) "$1"
}

@test "a message names file, line, column and domain" {
	{
		xml before
		printf "<domain type='xen'>\n  <name>web01</name>\n  <memory>1</memry>\n</domain>\n"
		xml after
	} >dump.xml
	says "dump.xml:2:1: error: domain 'web01': mismatched tag (line 4, column 14) [DA903]" dump.xml
	[ "$(grep -c '(vm' out)" = 2 ]
	{
		sexpr before
		printf '(domain\n    (name web02)\n    (memory 1)\n'
	} >dump.sxp
	try 2 convert -q dump.sxp
	has err "dump.sxp:2:1: error: domain 'web02': "
	has err "[DA901]"
}

@test "each kind of damage has its id" {
	printf '(domain (name a)))\n' >stray
	says "stray:1:18: error: a closing parenthesis without an opening one [DA903]" stray
	printf "(domain (name 'a))\n" >quote
	try 2 convert -q quote
	has err "[DA901]"
	printf '(domain (name a) (vcpus two))\n' >number
	says "number:1:1: error: domain 'a': invalid number of vcpus 'two' (line 1, column 28) [DA903]" number
	printf "<domain type='xen'><name>a</name><memory unit='ells'>1</memory></domain>" >unit
	try 2 convert -q unit
	has err "unit:1:"
	has err "domain 'a': "
	has err "unknown memory unit 'ells'"
	printf "<domain type='xen'><name>a &lt; &none;</name></domain>" >entity
	try 2 convert -q entity
	has err "undefined entity"
}

@test "control bytes are masked in messages" {
	printf "(domain (name 'a\033[31mb\\\\x07') (vcpus two))\n" >$'na\033me'
	try 2 convert -q $'na\033me'
	[ "$(tr -d '\n' <err | tr -d '[:print:]' | wc -c)" = 0 ]
	has err 'na\x1bme:1:1: error: domain '
}

@test "messages have no colour when they go to a file, nor with NO_COLOR or TERM=dumb" {
	try 2 check none
	[ "$(count_of $'\033' err)" = 0 ]
	command -v script >/dev/null || skip "no script"
	TERM=xterm NO_COLOR='' script -q -c "'$domstream' check none" /dev/null </dev/null >coloured || true
	has coloured $'\033[1;31merror'
	TERM=xterm NO_COLOR=1 script -q -c "'$domstream' check none" /dev/null </dev/null >plain || true
	has_not plain $'\033['
	TERM=dumb script -q -c "'$domstream' check none" /dev/null </dev/null >plain || true
	has_not plain $'\033['
}

@test "--rejects has the bytes of refused ranges, below a comment" {
	local bad=$'(domain\n    (name b\xffd)\n    (vcpus two)\n)'
	{
		sexpr before
		printf '%s\n' "$bad"
		sexpr after
	} >dump.sxp
	try 2 convert -q --rejects bad dump.sxp
	same bad "# dump.sxp:2:1: domain 'b\\xffd': invalid number of vcpus 'two' (line 4, column 15) [DA903]" "$bad"
	bad="<domain type='xen'><name>--b--</name><x></domain>"
	{
		xml before
		printf '%s\n' "$bad"
	} >dump.xml
	try 2 convert -q --rejects bad dump.xml
	[ "$(tail -n 1 bad)" = "$bad" ]
	has bad "<!-- dump.xml:2:"
	{
		echo "<all>"
		grep -- '<!--' bad
		echo "</all>"
	} | xmllint --noout -
	try 2 check -q --rejects again dump.xml
	cmp bad again
}

@test "--rejects is created and empty when nothing is refused" {
	try 0 convert -q --rejects bad "$samples/estate.xml"
	[ -e bad ]
	empty bad
}

@test "--rejects has every byte of a domain over the limit" {
	{
		printf "<domain type='xen'><name>big</name><!-- "
		head -c 5000000 /dev/zero | tr '\0' x
		printf ' --></domain>'
	} >big
	{
		xml a
		cat big
		echo
		xml b
	} >dump
	try 2 convert -q --max-domain 1M --rejects bad dump
	[ "$(grep -c '(vm' out)" = 2 ]
	has err "[DA905]"
	tail -n +2 bad | head -c "$(wc -c <big)" | cmp - big
	[ "$(count_of '(vm (name' out)" = 2 ]
}

@test "refused domains can be repaired and read" {
	try 2 convert -q --rejects bad "$samples/damaged.sxp"
	{
		cat bad
		echo ')))'
	} >repaired
	try 2 check -q repaired
	grep -q oboe bad
}

@test "--losses is lines of JSON with all keys" {
	try 0 convert -q --losses lost "$samples/xm-list-long-pv-hvm.sxp" "$samples/estate.xml" -o x
	python3 - <<'END_OF_PYTHON'
import json
keys = {'reason', 'domain', 'uuid', 'path', 'value', 'file', 'line', 'column', 'offset'}
with open('lost', encoding='utf-8') as file:
    losses = [json.loads(line) for line in file]
assert len(losses) > 10, len(losses)
for loss in losses:
    assert set(loss) == keys, loss
    with open(loss['file'], 'rb') as file:
        data = file.read()
    lines = data[:loss['offset']].split(b'\n')
    assert (len(lines), len(lines[-1]) + 1) == (loss['line'], loss['column']), loss
END_OF_PYTHON
}

@test "--losses replaces bytes that are not UTF-8, and is empty when nothing is lost" {
	printf '(domain (name a) (made_up "\\xff\001"))\n(domain (name b\xff) (made_up x))' >odd
	try 0 convert -q --losses lost odd
	python3 -c 'import json
for line in open("lost", encoding="utf-8"): json.loads(line)'
	has lost '�'
	xml a >plain
	try 0 convert -q --losses none plain
	[ -e none ]
	empty none
}

@test "losses are summarized on standard error, and --strict makes them status 1" {
	printf '(domain (name a) (made_up x))(domain (name b) (made_up y) (cpu_cap 50))' >odd
	try 0 convert odd
	has err "domstream: loss: 1 × no-place: the output format cannot express it (cpu_cap)"
	has err "domstream: loss: 2 × unknown: unknown name, not converted (made_up)"
	has err ", 3 losses, "
	try 1 convert --strict odd
	xml a >plain
	try 0 convert --strict plain
	printf '(domain (name' >>odd
	try 2 convert --strict odd
}

@test "--max-errors stops early and keeps the output until then" {
	local i
	for i in 1 2 3 4 5; do
		sexpr "good$i"
		printf '(domain (name bad%s) (vcpus two))\n' "$i"
	done >dump
	try 2 convert --max-errors 2 dump -o kept
	has err "domstream: error: stopped early, after 2 rejected domains"
	has_not err bad3
	has kept "<name>good2</name>"
	has_not kept "<name>good4</name>"
	try 2 convert --max-errors 0 dump
	has err "5 converted, 5 rejected"
}

# limited OPTION N FILE: the domain of the file is read with this limit, and rejected with the next smaller one.
limited() {
	try 0 convert -q "$1" "$2" "$3"
	try 2 convert -q "$1" $(($2 - 1)) "$3"
	has err "[DA905]"
}

@test "each limit rejects one domain, at the limit plus one" {
	sexpr a >dump
	local size
	size=$(($(wc -c <dump) - 1))
	limited --max-domain "$size" dump
	printf '(domain (name abcdefgh))' >token
	limited --max-token 8 token
	printf '(domain (name a) (x (y (z))))' >depth
	limited --max-depth 4 depth
	printf "<domain type='xen'><name>a</name><a><b/></a></domain>" >depth.xml
	limited --max-depth 3 depth.xml
	printf "<domain type='xen' a='1' b='2'><name>a</name></domain>" >attributes
	limited --max-attributes 3 attributes
	printf '(domain (name a) (x 1) (y 2) (device (vbd (dev xvda) (uname file:/a))))' >parts
	limited --max-parts 3 parts
	sexpr b >>dump
	try 2 convert -q --max-domain "$size" --max-token 1 dump
}

@test "no output can turn the direction of writing, or end a line" {
	# U+202E, U+2066, U+200F, U+061C, U+2028, U+0085
	local evil=$'\u202e\u2066\u200f\u061c\u2028\u0085' name=$'\u202e.sxp'
	printf "(domain (name 'a%sb') (uuid 'u%s') (device (vbd (dev 'xvda%s') (uname 'file:/srv/%s') (mode w))))\n" \
		"$evil" "$evil" "$evil" "$evil" >"$name"
	{ cat "$name"; printf "(domain (name 'c%s')\n" "$evil"; } >new
	for words in 'disks' 'disks -v' 'audit --fail-on never' 'check' 'diff new' 'diff --strict' "convert --no$evil"; do
		# shellcheck disable=SC2086 # words
		"$domstream" $words "$name" >out 2>err || true
		[ -s out ] || [ -s err ]
		if LC_ALL=C grep -n $'\xe2\x80\|\xe2\x81\|\xd8\x9c\|\xc2\x85' out err; then
			echo "$words"
			return 1
		fi
	done
	"$domstream" disks "$name" >out
	has out '\xe2\x80\xae\xe2\x81\xa6\xe2\x80\x8f\xd8\x9c\xe2\x80\xa8\xc2\x85'
	"$domstream" disks --format ndjson "$name" >out
	has out 'a\u202E\u2066\u200F\u061C\u2028\u0085b'
	# Output for programs is unchanged.
	"$domstream" disks --format csv "$name" >out
	has out "a${evil}b"
}

@test "at most 20 messages are shown about an input, and then the number of the others" {
	local i name
	for i in $(seq 50); do echo '(domain (vcpus two))'; done >many.sxp
	head -n 21 many.sxp >some.sxp
	head -n 20 many.sxp >few.sxp
	try 2 check -q many.sxp some.sxp few.sxp
	[ "$(grep -c '^many.sxp:.* error: ' err)" = 21 ]
	has err "many.sxp: error: 30 more messages; --max-messages 0 shows all of them"
	has err "some.sxp: error: 1 more message; --max-messages 0 shows all of them"
	[ "$(grep -c '^few.sxp:.* error: ' err)" = 20 ]
	[ "$(wc -l <err)" = 62 ]
	[ "$(sed -n 21p err)" = "many.sxp: error: 30 more messages; --max-messages 0 shows all of them" ]
	mv err expected
	for i in 1 2 8; do
		try 2 check -q -j "$i" many.sxp some.sxp few.sxp
		cmp err expected
	done
	# A member of an archive is an input of its own; so is a file that is named twice.
	tar cf all.tar many.sxp some.sxp few.sxp
	try 2 check -q all.tar
	[ "$(sed 's/all.tar!//' err)" = "$(cat expected)" ]
	try 2 check -q few.sxp few.sxp
	[ "$(wc -l <err)" = 40 ]
	try 2 check -q - <many.sxp
	has err "<stdin>: error: 30 more messages"
}

@test "--max-messages chooses how many messages are shown; other outputs are complete" {
	local i
	for i in $(seq 50); do echo '(domain (vcpus two))'; done >many.sxp
	try 2 convert -q --max-messages 0 many.sxp --rejects all
	[ "$(wc -l <err)" = 50 ]
	try 2 convert -q --max-messages 3 many.sxp --rejects rejects
	[ "$(wc -l <err)" = 4 ]
	has err "many.sxp: error: 47 more messages"
	cmp rejects all
	[ "$(grep -c '^(domain' rejects)" = 50 ]
	try 2 audit --max-messages 3 many.sxp --format ndjson
	[ "$(grep -c '^{"rule":"DA903"' out)" = 50 ]
	has err "50 domains read"
	try 3 check --max-messages many many.sxp
}

@test "warnings about an input have the same limit" {
	local i
	for i in $(seq 25); do printf "<domain type='xen'><name>a/%s</name></domain>\n" "$i"; done >names.xml
	try 0 convert --output-dir one names.xml
	[ "$(grep -c ': warning: the domain.s name is not a safe file name' err)" = 20 ]
	has err "names.xml: warning: 5 more messages; --max-messages 0 shows all of them"
	try 0 convert --max-messages 0 --output-dir two names.xml
	[ "$(grep -c ': warning: the domain.s name is not a safe file name' err)" = 25 ]
	try 0 convert -q --output-dir three names.xml
	empty err
	for i in $(seq 25); do xml same; done >old.xml
	cp old.xml new.xml
	try 0 diff old.xml new.xml
	[ "$(grep -c ': warning: domain .same. has the same' err)" = 40 ]
	has err "old.xml: warning: 4 more messages"
	has err "new.xml: warning: 4 more messages"
}

@test "--label names standard input in messages and results" {
	sexpr a >good.sxp
	echo '(domain (name b) (vcpus two))' >bad.sxp
	try 2 check --label 'web 01' <bad.sxp
	has err "web 01:1:1: error: domain 'b': "
	has_not err "<stdin>"
	try 2 check --label $'web\033' - good.sxp <bad.sxp
	has err 'web\x1b:1:1: error: '
	try 0 convert -q --label web01 --losses losses <"$samples/config.sxp"
	[ "$(grep -c '"file":"web01"' losses)" = "$(wc -l <losses)" ]
	try 0 audit --fail-on never --scope file --label web01 --format ndjson <"$samples/estate.xml"
	[ "$(grep -c '"file":"web01"' out)" = "$(wc -l <out)" ]
	has out '"host":"web01"'
	try 0 disks --label web01 --format ndjson <good.sxp
	try 0 disks --label web01 --format ndjson <"$samples/config.sxp"
	has out '"host":"web01"'
	try 0 disks --label web01 --format ndjson <"$samples/estate.xml"
	has out '"web01"'
	try 0 convert -q --output-dir files --label web01 <good.sxp
	has files/index.tsv $'\tweb01\t'
	try 0 diff --label old - good.sxp <good.sxp
	tar cf - bad.sxp | try 2 check --label backup
	has err "backup!bad.sxp:1:1: error: "
	# A file keeps its own name.
	try 2 check --label web01 - bad.sxp <good.sxp
	has err "bad.sxp:1:1: error: "
	try 3 check --label ''
}

@test "a run that fails before it begins reports no time" {
	printf '(domain (name a))\n' >a.sxp
	try 4 check --manifest /dev/full a.sxp
	has err '0 bytes, 0.00 s'
}
