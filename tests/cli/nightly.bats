#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The files in samples/nightly and samples/ci for an audit that runs every night.

load helper

plugin() {
	local expected=$1 status=0
	shift
	DOMSTREAM=$domstream "$samples/nightly/check_domstream" "$@" >out 2>err || status=$?
	[ "$status" = "$expected" ] && return
	printf 'check_domstream %s: status %s instead of %s\n' "$*" "$status" "$expected"
	cat out err
	return 1
}

@test "the plug-in is critical, a warning or fine according to the chosen severities" {
	plugin 2 "$samples/estate.xml"
	has out "DOMSTREAM CRITICAL - findings: 3 high"
	has out "| critical=0 high=3 medium="
	plugin 1 -c critical "$samples/estate.xml"
	has out "DOMSTREAM WARNING"
	plugin 0 -c critical -w critical "$samples/estate.xml"
	has out "DOMSTREAM OK"
	printf '* host=estate reason=it is a test\n' >suppressions
	plugin 0 "$samples/estate.xml" --suppress suppressions
	has out "DOMSTREAM OK - no findings"
}

@test "the plug-in warns when some input could not be read, and names it" {
	sed '$d' "$samples/blktap.xml" >cut.xml
	plugin 1 -c critical -w critical cut.xml
	has out "some input could not be read"
	has out "cut.xml:"
}

@test "the plug-in is unknown when it was called in a wrong way or the audit did not run" {
	plugin 3
	plugin 3 -c awful "$samples/estate.xml"
	has out "unknown severity 'awful'"
	domstream=/nonexistent
	plugin 3 "$samples/estate.xml"
	has out "DOMSTREAM UNKNOWN"
}

@test "systemd accepts the service and the timer, and finds the service safe" {
	sed "s|^ExecStart=domstream|ExecStart=true|" "$samples/nightly/domstream-audit.service" >domstream-audit.service
	cp "$samples/nightly/domstream-audit.timer" .
	systemd-analyze verify --man=no ./domstream-audit.service ./domstream-audit.timer >verified 2>&1
	empty verified
	systemd-analyze security --offline=true --threshold=10 ./domstream-audit.service >safety
	has safety "SAFE"
}

@test "the audit is installed with its settings, which are kept when it is installed a second time" {
	local file
	DESTDIR=$PWD/root "$samples/nightly/install"
	for file in etc/systemd/system/domstream-audit.service etc/systemd/system/domstream-audit.timer \
		etc/default/domstream-audit etc/sysusers.d/domstream-audit.conf; do
		[ "$(stat -c %a "root/$file")" = 644 ]
	done
	[ -x root/usr/lib/nagios/plugins/check_domstream ]
	echo 'DUMPS=/srv/dumps' >root/etc/default/domstream-audit
	DESTDIR=$PWD/root "$samples/nightly/install"
	same root/etc/default/domstream-audit 'DUMPS=/srv/dumps'
	# The user of the service is the one that is created.
	systemd-sysusers --root="$PWD/root" domstream-audit.conf
	grep -q "^$(sed -n 's/^User=//p' root/etc/systemd/system/domstream-audit.service):" root/etc/passwd
}

@test "the command of the service works with its settings" {
	local command
	mkdir -p dumps metrics
	cp "$samples/estate.xml" dumps
	# The words of ExecStart, with the paths and the program of this test.
	command=$(sed -n '/^ExecStart=/,/[^\\]$/p' "$samples/nightly/domstream-audit.service" |
		sed -e 's/^ExecStart=//' -e 's/\\$//' | tr '\n' ' ' |
		sed -e "s|^domstream|\"$domstream\"|" -e 's|/var/lib/domstream|.|g')
	# shellcheck disable=SC1091
	(. "$samples/nightly/domstream-audit.default" && DUMPS=dumps && eval "$command")
	has audit.html "<html"
	has metrics/domstream.prom "domstream_"
}

# calls_of SET: the names of the system calls in a set of systemd, such as @chown. Release 255 colours them.
calls_of() {
	local name
	systemd-analyze syscall-filter "$1" | sed -n 's/\x1b\[[0-9;]*m//g; s/^    //p' | while read -r name; do
		case $name in
		@*) calls_of "$name" ;;
		'#'*) ;;
		*) printf '%s\n' "$name" ;;
		esac
	done
}

@test "the service may make every system call that the audit makes, also when its reports exist" {
	local filter set run
	strace -o /dev/null true || skip "this machine does not allow strace to trace a process"
	: >allowed
	while read -r filter; do
		for set in ${filter#\~}; do
			calls_of "$set" | LC_ALL=C sort -u >set
			if [ "${filter#\~}" = "$filter" ]; then
				LC_ALL=C sort -u set allowed >sum
			else
				LC_ALL=C comm -23 allowed set >sum
			fi
			mv sum allowed
		done
	done < <(sed -n 's/^SystemCallFilter=//p' "$samples/nightly/domstream-audit.service")
	[ "$(wc -l <allowed)" -gt 200 ]
	mkdir dumps
	cp "$samples/estate.xml" "$samples/damaged.sxp" "$samples/nightly.xml.gz" dumps
	tar cf dumps/all.tar -C "$samples" blktap.xml
	for run in 1 2; do
		# The leak checker of the address sanitizer does not work under strace.
		ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -qq -o "calls.$run" "$TESTED" audit --quiet --recursive --fail-on never --report html=audit.html \
			--report prom=audit.prom dumps 2>err || [ $? = 2 ]
	done
	sed -n 's/^[0-9]* *\([a-z_0-9]*\)(.*/\1/p' calls.1 calls.2 | LC_ALL=C sort -u >made
	has made fchown
	LC_ALL=C comm -23 made allowed >refused
	empty refused
}

@test "the snippets for GitHub and GitLab are YAML and name commands that exist" {
	python3 -c 'import sys, yaml; [yaml.safe_load(open(name)) for name in sys.argv[1:]]' "$samples"/ci/*.yml
	mkdir dumps
	cp "$samples/estate.xml" dumps
	try 1 audit --recursive --format sarif --output audit.sarif dumps
	try 1 audit --recursive --report junit=audit.xml --report html=audit.html --report sarif=audit.sarif dumps
}
