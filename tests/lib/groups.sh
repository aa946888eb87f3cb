# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Source this file. run_group NAME COMMAND... runs a group of tests, prints a line with its counts, its time and its
# processor time, and adds the counts to `passed` and `failed`. print_total prints the closing line, and fails unless
# all tests passed.
#
# The counts are numbers of tests. They are read from the output of the command: "N passed, M failed" as its last line,
# the plans of bats, or the summary of ctest. A command that prints none of these is one test. Lines that begin with
# "compared" say how many facts a command has compared; they are shown after the time. A command that fails without
# having counted a failure adds one. The output of a command that fails is shown.

passed=0
failed=0

# Prints the counts in a log, as "N M".
_count() {
	local log=$1 status=$2 good=0 bad=0
	if tail -n 1 "$log" | grep -q -E '^[0-9]+ passed, [0-9]+ failed$'; then
		read -r good _ bad _ < <(tail -n 1 "$log")
	elif grep -q -E '^1\.\.[0-9]+$' "$log"; then
		good=$(grep -c -E '^ok [0-9]+' "$log")
		# Tests of the plans that were not run count as failed.
		bad=$(($(awk -F '\.\.' '/^1\.\.[0-9]+$/ { all += $2 } END { print all + 0 }' "$log") - good))
	elif grep -q -E '[0-9]+ tests? failed out of [0-9]+' "$log"; then
		read -r bad good < <(sed -n 's/.* \([0-9]*\) tests\{0,1\} failed out of \([0-9]*\).*/\1 \2/p' "$log" | tail -n 1)
		good=$((good - bad))
	else
		[ "$status" != 0 ] || good=1
	fi
	[ "$status" = 0 ] || [ "$bad" != 0 ] || bad=1
	printf '%s %s\n' "$good" "$bad"
}

# Runs a command that must end within $GROUP_LIMIT seconds. No group takes longer than twenty minutes beside two others on
# two processors. The default is two hours, because a busy machine is not a failure. If the command does not end, its
# processes are listed and killed.
_within_limit() {
	local limit=${GROUP_LIMIT:-7200} command watch status=0
	# Job control gives each of the two a process group of its own.
	set -m
	"$@" </dev/null &
	command=$!
	(
		sleep "$limit"
		printf 'stopped after %s s; these processes were running:\n' "$limit"
		ps -e -o pgid,pid,ppid,stat,etimes,args | awk -v "group=$command" 'NR == 1 || $1 == group' | cut -c 1-160
		kill -KILL -- "-$command"
	) </dev/null &
	watch=$!
	set +m
	trap 'kill -KILL -- "-$command" "-$watch"; exit 130' INT TERM
	wait "$command" 2>/dev/null || status=$?
	trap - INT TERM
	kill -KILL -- "-$watch" 2>/dev/null
	wait "$watch" 2>/dev/null
	return "$status"
}

run_group() {
	local name=$1 log status=0 good bad facts used start=$SECONDS TIMEFORMAT='%U %S'
	shift
	log=$(mktemp)
	{ time _within_limit "$@" >"$log" 2>&1; } 2>"$log.time" || status=$?
	used=$(tail -n 1 "$log.time" | awk '{ printf "%.0f", $1 + $2 }')
	read -r good bad < <(_count "$log" "$status")
	[ "$bad" = 0 ] || sed 's/^/    /' "$log"
	facts=$(sed -n 's/^compared /   compared /p' "$log" | tr -d '\n')
	printf '%-14s %5s passed, %s failed %6s s %6s s CPU%s\n' "$name" "$good" "$bad" "$((SECONDS - start))" "$used" "$facts"
	passed=$((passed + good))
	failed=$((failed + bad))
	rm -f "$log" "$log.time"
}

# run_groups PREFIX NAME...: runs the groups NAME... in parallel, each by the function PREFIXNAME. One more runs than
# there are processors, because most groups use one processor only and sometimes wait. The line of a group is printed
# when it has ended.
# shellcheck disable=SC2030,SC2031 # a subshell has counts of its own
run_groups() {
	local prefix=$1 name good bad folder running=0
	folder=$(mktemp -d)
	shift
	for name in "$@"; do
		if [ "$running" -gt "$(jobs)" ]; then
			wait -n
			running=$((running - 1))
		fi
		running=$((running + 1))
		(
			passed=0 failed=0
			run_group "$name" "$prefix$name" >"$folder/$name"
			printf '%s %s\n' "$passed" "$failed" >"$folder/$name.counts"
			cat "$folder/$name"
		) &
	done
	wait
	for name in "$@"; do
		read -r good bad <"$folder/$name.counts" || { good=0 bad=1; }
		passed=$((passed + good))
		failed=$((failed + bad))
	done
	rm -rf "$folder"
}

print_total() {
	printf '%s passed, %s failed\n' "$passed" "$failed"
	[ "$failed" = 0 ]
}

jobs() {
	getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1
}

# quietly COMMAND...: shows the output of the command only if it fails.
quietly() {
	local log status=0
	log=$(mktemp)
	"$@" >"$log" 2>&1 </dev/null || status=$?
	[ "$status" = 0 ] || cat "$log" >&2
	rm -f "$log"
	return "$status"
}

# build_in FOLDER [OPTION...]: configures and builds everything there, with the unit tests. Several groups may build the
# same folder at the same time: one does, and the others find it done.
build_in() {
	local folder=$1
	shift
	mkdir -p "$folder" && (
		flock 9
		quietly cmake -S . -B "$folder" -DDOMSTREAM_TESTS=ON "$@" && quietly cmake --build "$folder" -j "$(jobs)"
	) 9>"$folder/.lock"
}

# A group may be running the generator while another one makes it.
build_generator() {
	quietly cc -O2 -o "$1.$BASHPID" tests/bench/gen.c tests/bench/gen_layout.c tests/bench/gen_model.c \
		tests/bench/gen_sexpr.c tests/bench/gen_text.c tests/bench/gen_xml.c && mv -f "$1.$BASHPID" "$1"
}
