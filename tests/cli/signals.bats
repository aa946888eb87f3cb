#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later

load helper

# Starts a run that waits for more input: it has read a domain and has a temporary file. Sets `pid`. The parent of the tests
# may ignore some signals; `default` has those that are not ignored.
start_waiting() {
	mkfifo pipe
	env --default-signal="${default:-INT,HUP,TERM}" "$domstream" convert "$@" -o target --rejects bad --losses lost <pipe >out 2>err &
	pid=$!
	exec 4>pipe
	xml a >&4
	wait_until has_temporary_files
}

has_temporary_files() {
	[ "$(find . -type f | wc -l)" -gt 3 ]
}

# ended SIGNAL: expects that the run dies of that signal and that the older file is unchanged.
ended() {
	local status=0
	wait "$pid" || status=$?
	exec 4>&-
	[ "$status" = $((128 + $(kill -l "$1"))) ] || {
		echo "status $status"
		return 1
	}
	same target old
	[ ! -e bad ]
	[ ! -e lost ]
	[ "$(find . -type f | LC_ALL=C sort | paste -s -d ' ')" = "./err ./out ./target" ]
}

@test "SIGTERM, SIGINT and SIGHUP remove unfinished files and are raised again" {
	# A shell lets its background jobs ignore SIGINT, and an ignored signal stays ignored.
	local signal
	for signal in TERM HUP; do
		rm -f pipe
		echo old >target
		start_waiting
		kill -s "$signal" "$pid"
		ended "$signal"
		has err "domstream: "
	done
}

@test "SIGINT works when it is not ignored" {
	echo old >target
	python3 - "$domstream" <<'END_OF_PYTHON'
import glob, signal, subprocess, sys, time
run = subprocess.Popen([sys.argv[1], 'convert', '-o', 'target'], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
                       preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
run.stdin.write(b"<domain type='xen'><name>a</name></domain>")
run.stdin.flush()
while not glob.glob(".target.domstream-*"):
    assert run.poll() is None
    time.sleep(0.01)
run.send_signal(signal.SIGINT)
assert run.wait() == -signal.SIGINT, run.returncode
END_OF_PYTHON
	same target old
	[ "$(find . -type f)" = ./target ]
}

@test "a signal that was ignored from the start stays ignored" {
	echo old >target
	local default=INT
	trap '' HUP
	start_waiting
	trap - HUP
	# A signal is delivered before the run sees the end of the pipe.
	kill -s HUP "$pid"
	exec 4>&-
	wait "$pid"
	has target "(name a)"
}

@test "kill -9 leaves the old file" {
	echo old >target
	start_waiting
	kill -s KILL "$pid"
	wait "$pid" || true
	exec 4>&-
	same target old
}

@test "SIGUSR1 prints a line of progress and goes on" {
	echo old >target
	start_waiting
	kill -s USR1 "$pid"
	"$gen" --format xml --mb 5 >&4
	wait_until [ -s err ]
	kill -0 "$pid"
	has err " domains, "
	exec 4>&-
	wait "$pid"
	has target "(name a)"
}
