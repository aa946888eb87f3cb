# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Every test here loads this file. DOMSTREAM and GEN are the absolute paths of the program and of the generator in
# tests/bench; tests/run sets them. Each test runs in an empty directory of its own.

# Bash expands \u escapes to UTF-8 only in a UTF-8 locale, which a bare system does not set.
export LC_ALL=C.UTF-8

# shellcheck disable=SC2034 # the tests use them
samples=$BATS_TEST_DIRNAME/../../samples

setup() {
	# Tests run the program through a script that adds --verify to conversions, as `try` does.
	export TESTED=${DOMSTREAM:-$BATS_TEST_DIRNAME/../../build/domstream}
	# shellcheck disable=SC2034 # the tests use it
	domstream=$BATS_TEST_DIRNAME/verifying
	# shellcheck disable=SC2034
	gen=${GEN:-$BATS_TEST_DIRNAME/../../build/gen}
	work=$(mktemp -d)
	cd "$work" || return 1
	umask 022
	unset POSIXLY_CORRECT
}

teardown() {
	cd / || return 1
	rm -rf "$work" 2>/dev/null || { chmod -R u+rwx "$work" && rm -rf "$work"; }
}

# try STATUS [OPTION...]: runs domstream, which must end with that status. Its output is in `out` and `err`.
try() {
	local expected=$1 status=0 command=("${@:2}")
	shift
	[ "${1:-}" != convert ] || command=(convert --verify "${@:2}")
	"$TESTED" "${command[@]}" >out 2>err || status=$?
	[ "$status" = "$expected" ] && return
	printf 'domstream %s: status %s instead of %s\n' "$*" "$status" "$expected"
	cat err
	return 1
}

# Something that takes longer than this many seconds hangs. No test succeeds because time has passed.
hang=600

# Waits until a command succeeds.
wait_until() {
	local end=$((SECONDS + hang))
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || { printf 'did not succeed within %s s: %s\n' "$hang" "$*" && return 1; }
		sleep 0.05
	done
}

# linear COMMAND...: runs a command that would need minutes if it took quadratic time. The limit is one of processor time,
# because other processes may slow the machine down.
linear() {
	(ulimit -t 20 && exec "$@")
}

# There are thousands of comparisons, and bash compares small files faster than a program starts.

# same FILE LINE...: the file contains exactly these lines.
same() {
	local text expected
	printf -v expected '%s\n' "${@:2}"
	# `read` fails at the end of the file, and succeeds at a NUL byte.
	! IFS= read -r -d '' text <"$1" && [ "$text" = "$expected" ] && return
	diff -u <(printf '%s' "$expected") "$1"
}

empty() {
	[ ! -s "$1" ] && return
	printf '%s is not empty:\n' "$1"
	head -n 20 "$1"
	return 1
}

# contains FILE TEXT: one line of the file contains the text.
contains() {
	local text
	IFS= read -r -d '' -n 10000 text <"$1" || true
	[[ $2 != *$'\n'* && $text == *"$2"* ]] || grep -q -F -e "$2" "$1"
}

has() {
	contains "$@" && return
	printf '%s lacks: %s\n' "$1" "$2"
	head -n 20 "$1"
	return 1
}

has_not() {
	contains "$@" || return 0
	printf '%s has: %s\n' "$1" "$2"
	return 1
}

count_of() {
	grep -o -F -e "$1" "$2" | wc -l
}

# xml NAME: a small domain.
xml() {
	printf "<domain type='xen'><name>%s</name><memory>1024</memory><os><type>linux</type><kernel>/k</kernel></os></domain>\n" "$1"
}

sexpr() {
	printf '(domain (name %s) (memory 1) (image (linux (kernel /k))))\n' "$1"
}

# Runs a command without root's right to ignore file permissions. It stays the same user, because no other one could
# run a program in a checkout below /root.
run_unprivileged() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --bounding-set=-dac_override,-dac_read_search -- "$@"
	else
		"$@"
	fi
}
