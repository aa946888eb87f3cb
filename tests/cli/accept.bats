#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# --accept sets the status to 0 for some results; outputs still show the true status.

load helper

dumps() {
	{ sexpr a; echo '(domain (name b) (vcpus two))'; sexpr c; } >rejected.sxp
	{ sexpr a; printf '(domain (name b)'; } >cut.sxp
	echo 'hello' >text.sxp
	# A disk that two domains write is a finding, and lossy.sxp has a key that XML cannot express.
	local name
	for name in a b; do
		printf '(domain (name %s) (memory 1) (image (linux (kernel /k))) (device (vbd (uname phy:/dev/x) (dev xvda) (mode w))))\n' $name
	done >findings.sxp
	printf '(domain (name a) (memory 1) (on_xend_start start) (image (linux (kernel /k))))\n' >lossy.sxp
}

@test "rejected domains and corrupt inputs are accepted by every command that reads files" {
	dumps
	local command input
	for input in rejected.sxp cut.sxp; do
		for command in convert check disks extract 'audit --fail-on never'; do
			# shellcheck disable=SC2086
			try 2 $command "$input"
			mv out before
			# shellcheck disable=SC2086
			try 0 $command --accept rejects "$input"
			cmp out before
			has err "the exit status is 0 instead of 2 because of --accept"
			# shellcheck disable=SC2086
			try 2 $command --accept losses,findings "$input"
			has_not err "because of --accept"
		done
	done
}

@test "losses and findings are accepted, each by its own word" {
	dumps
	try 1 convert --strict lossy.sxp
	try 0 convert --strict --accept losses lossy.sxp
	try 1 convert --strict --accept rejects,findings lossy.sxp
	try 1 audit findings.sxp
	try 0 audit --accept findings findings.sxp
	try 1 audit --accept rejects,losses findings.sxp
	# A rejected domain is a finding too.
	try 2 audit --accept findings rejected.sxp
	try 1 audit --accept rejects rejected.sxp
	try 0 audit --accept rejects --accept findings rejected.sxp
	try 0 audit --accept rejects,losses,findings rejected.sxp findings.sxp
}

@test "the manifest and reports keep the true status and counts" {
	dumps
	try 2 convert -q rejected.sxp --manifest true
	try 0 convert -q rejected.sxp --manifest accepted --accept rejects
	has out "<name>c<"
	has accepted '"status":2'
	has accepted '"rejected":1'
	cmp true accepted
	try 0 audit -q --accept rejects,findings --format ndjson rejected.sxp --report prom=prom
	has out '"DA903"'
	has prom 'domstream_host_rejected{host="rejected"} 1'
}

@test "results that a retry or a person may correct are never accepted" {
	dumps
	local all=rejects,losses,findings
	try 2 check --accept $all missing.sxp
	try 2 check --accept $all rejected.sxp missing.sxp
	try 2 check --accept $all --max-errors 1 rejected.sxp
	echo '<network><name>n</name></network>' >net.xml
	try 2 check --accept $all --require-domains net.xml
	try 3 check --accept $all --no-such-option rejected.sxp
	try 4 convert --accept $all rejected.sxp -o missing/out
	[ -e /dev/full ]
	local status=0
	"$domstream" convert --accept $all rejected.sxp >/dev/full 2>err || status=$?
	[ $status = 4 ]
}

@test "with accepted rejects there is an output even if no domain could be read" {
	dumps
	echo old >result
	try 2 convert text.sxp -o result
	same result old
	try 0 convert --accept rejects text.sxp -o result
	empty result
	try 0 convert --accept rejects text.sxp -o new
	[ -e new ]
	# An input that cannot be read leaves the old output.
	echo old >result
	try 2 convert --accept rejects missing.sxp -o result
	same result old
}

@test "a word that --accept does not have is a usage error" {
	dumps
	try 3 check --accept damage rejected.sxp
	has err "invalid value 'damage' for '--accept': expected rejects, losses or findings"
	try 3 check --accept rejects, rejected.sxp
	try 3 check --accept '' rejected.sxp
	try 3 diff --accept rejects rejected.sxp cut.sxp
	has err "'diff' has no option '--accept'"
}

@test "merge has the true status of the parts, and its own --accept" {
	dumps
	local k
	for k in 1 2; do
		try 0 check --accept rejects --part $k/2 --part-file p$k findings.sxp
	done
	try 0 merge p1 p2
	try 0 check --accept rejects --part 1/1 --part-file p rejected.sxp
	try 2 merge p
	try 2 merge --accept losses,findings p
	try 0 merge --accept rejects p
	has err "the exit status is 0 instead of 2 because of --accept"
	# An input that could not be opened, and parts that are missing, are not accepted.
	try 2 check --accept rejects --part 1/1 --part-file p rejected.sxp missing.sxp
	try 2 merge --accept rejects,losses,findings p
	try 2 merge --accept rejects,losses,findings p1
	try 0 audit --accept rejects --part 1/1 --part-file p rejected.sxp
	try 2 merge --accept rejects --fail-on never missing-part
	try 1 merge --accept rejects p
	try 0 merge --accept rejects,findings p
}
