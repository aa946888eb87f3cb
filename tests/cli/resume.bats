#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# --resume skips a run that was completed before, and no other run.

load helper

# Files that were changed within the last second or two are never trusted. Sleeping longer changes nothing.
dumps() {
	mkdir d
	xml a >d/a.xml
	{ sexpr b; echo '(domain (name c) (vcpus two))'; sexpr d; } >d/b.sxp
	sleep 2.1
}

# done_by ARGUMENT...: expects that the run is recognized as done, ends with status 2, and writes nothing.
done_by() {
	local before
	before=$(stat -c '%i %Z' o m p 2>/dev/null || true)
	try 2 "$@"
	has err "nothing to do"
	empty out
	[ "$(stat -c '%i %Z' o m p 2>/dev/null || true)" = "$before" ]
}

# run_by ARGUMENT...: expects that the run is not skipped.
run_by() {
	try 2 "$@"
	has_not err "nothing to do"
}

@test "the same run over the same files does nothing, by its manifest or part file" {
	dumps
	run_by convert -r d -o o --manifest m --resume
	cp o before
	done_by convert -r d -o o --manifest m --resume
	# Threads and messages change no output.
	done_by convert -r d -o o --manifest m --resume -j 3 --max-messages 1 -v
	cmp o before
	rm m
	run_by convert -r d --to sexpr -o o --part 1/1 --part-file p --resume
	done_by convert -r d --to sexpr -o o --part 1/1 --part-file p --resume
}

@test "--accept is applied to the recorded status each time" {
	dumps
	try 0 convert -r d -o o --manifest m --resume --accept rejects
	done_by convert -r d -o o --manifest m --resume
	try 0 convert -r d -o o --manifest m --resume --accept rejects
	has err "nothing to do"
	try 2 convert -r d -o o --manifest m --resume --accept losses,findings
	has err "nothing to do"
	try 0 convert -q -r d -o o --manifest m --resume --accept rejects
	empty err
}

@test "any change to inputs, options, outputs or records runs it again" {
	dumps
	local run='convert -r d -o o --manifest m --resume'
	again() {
		sleep 2.1
		# shellcheck disable=SC2086
		run_by $run
		# shellcheck disable=SC2086
		done_by $run
	}
	# shellcheck disable=SC2086
	run_by $run
	# shellcheck disable=SC2086
	done_by $run
	# An input with other bytes, of the same size and modification time.
	touch -r d/a.xml time
	sed -i 's/>a</>z</' d/a.xml
	touch -r time d/a.xml
	again
	grep -q "name z" o
	# A new input.
	sexpr e >d/e.sxp
	again
	# A missing input.
	rm d/e.sxp
	again
	# A missing output, and a damaged one.
	rm o
	# shellcheck disable=SC2086
	run_by $run
	printf x | dd of=o bs=1 seek=10 conv=notrunc 2>/dev/null
	# shellcheck disable=SC2086
	run_by $run
	# Other options, another directory.
	run_by convert -r d -o o --manifest m --resume --only disks
	run_by convert -r d -o o --manifest m --resume --to xml
	run_by check -r d --manifest m --resume
	# A file that is truncated, or not a record.
	# shellcheck disable=SC2086
	run_by $run
	truncate -s -30 m
	# shellcheck disable=SC2086
	run_by $run
	try 2 convert -r d -o o --manifest m
	# shellcheck disable=SC2086
	run_by $run -v
	has err "the run is repeated in spite of 'm': it was not written by a run with --resume"
}

@test "a part file that is damaged, or belongs to another part, is not trusted" {
	dumps
	run_by check -r d --part 1/1 --part-file p --resume
	done_by check -r d --part 1/1 --part-file p --resume
	local size byte
	size=$(stat -c %s p)
	cp p good
	for byte in 9 20 $((size / 2)) $((size - 2)); do
		cp good p
		python3 -c 'import sys; f = open("p", "r+b"); n = int(sys.argv[1]); f.seek(n); b = f.read(1); f.seek(n); f.write(bytes([b[0] ^ 1]))' "$byte"
		run_by check -r d --part 1/1 --part-file p --resume
	done
	truncate -s $((size / 2)) p
	run_by check -r d --part 1/1 --part-file p --resume

	"$domstream" check -q -r d --part 1/2 --part-file p --resume >out 2>err || true
	has_not err "nothing to do"
}

@test "a part that was repeated from the border that merge names is done" {
	"$gen" --format xml --domains 100 --wrapped | awk '/<\/domain>/ && ++n == 6 { next } { print }' >dump
	sleep 2.1
	part() {
		try "$1" check --part "$2/4" --part-file "$2" --resume "${@:3}" dump
	}
	part 2 1
	part 0 2
	part 0 3
	part 0 4
	try 2 merge 1 2 3 4
	sed -n 's|.* --part \([0-9]\)/4 --from-border \(.*\)|\1 \2|p' err >wrong
	[ -s wrong ]
	while read -r k border; do
		part 0 "$k" --from-border "$border"
		has_not err "nothing to do"
		part 0 "$k"
		has err "nothing to do"
	done <wrong
	"$domstream" check dump >one 2>err || true
	try 2 merge 1 2 3 4
	cmp one out
}

@test "results that are not stored are computed once more" {
	dumps
	run_by convert -r d --manifest m --resume
	run_by convert -r d --manifest m --resume
	run_by audit -r d --fail-on never --manifest m --resume
	run_by audit -r d --fail-on never --manifest m --resume
	run_by audit -r d --fail-on never -o o --manifest m --resume
	done_by audit -r d --fail-on never -o o --manifest m --resume
	run_by check --manifest m --resume - <d/b.sxp
	run_by check --manifest m --resume - <d/b.sxp
	run_by convert -r d --output-dir files --manifest m --resume
	run_by convert -r d --output-dir files --manifest m --resume
}

@test "files beside the inputs count: baselines, suppressions and lists of inputs" {
	dumps
	try 2 audit -q -r d --write-baseline known
	printf '%s\n' d/a.xml d/b.sxp >list
	sleep 2.1
	local run='audit --files-from list --baseline known --fail-on never -o o --manifest m --resume'
	# shellcheck disable=SC2086
	run_by $run
	# shellcheck disable=SC2086
	done_by $run
	# A file that seems to have changed just now is not trusted the next time.
	touch -d '1 hour' known
	# shellcheck disable=SC2086
	run_by $run
	# shellcheck disable=SC2086
	run_by $run
	touch known
	sleep 2.1
	# shellcheck disable=SC2086
	run_by $run
	# shellcheck disable=SC2086
	done_by $run
	printf '%s\n' d/b.sxp >list
	sleep 2.1
	# shellcheck disable=SC2086
	run_by $run
}

@test "--resume needs a manifest or a part file" {
	dumps
	try 3 convert -r d -o o --resume
	has err "option '--resume' needs '--manifest' or '--part-file'"
}
