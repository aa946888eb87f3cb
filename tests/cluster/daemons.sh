# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# shellcheck disable=SC2154 # the caller sets work
#
# Source this file. It starts daemons for one test: munge, Slurm and sshd, with all files in $work, on free ports of
# 127.0.0.1. Each daemon is a background job of the shell, so that daemons_stop ends exactly these processes. The machine's
# own installation of these daemons is not used.

daemons=()

# daemon NAME COMMAND...: starts the command, with its messages in $work/NAME.log.
daemon() {
	local name=$1
	shift
	"$@" >"$work/$name.log" 2>&1 </dev/null &
	daemons+=($!)
}

daemons_stop() {
	local pid
	for pid in "${daemons[@]}"; do
		kill "$pid" 2>/dev/null
	done
	# The daemons have a few seconds to end by themselves.
	for _ in {1..50}; do
		daemons_are_running || break
		sleep 0.1
	done
	for pid in "${daemons[@]}"; do
		kill -9 "$pid" 2>/dev/null
	done
	wait "${daemons[@]}" 2>/dev/null
	daemons=()
}

daemons_are_running() {
	local pid
	for pid in "${daemons[@]}"; do
		! kill -0 "$pid" 2>/dev/null || return 0
	done
	return 1
}

# wait_for COMMAND...: waits until the command succeeds. Something that takes longer than 20 minutes hangs.
wait_for() {
	local end=$((SECONDS + 1200))
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || { echo "gave up waiting for: $*" >&2 && return 1; }
		sleep 0.1
	done
}

# free_ports COUNT: prints ports of 127.0.0.1 that no process uses. The system gives none of them to another process before a
# daemon uses them: they are below those of outgoing connections.
free_ports() {
	python3 - "$1" <<-'END'
		import random, socket, sys
		sockets = []
		for port in random.sample(range(10000, 32000), 22000):
		    one = socket.socket()
		    try:
		        one.bind(("127.0.0.1", port))
		        sockets.append(one)
		    except OSError:
		        one.close()
		    if len(sockets) == int(sys.argv[1]):
		        break
		print(*(one.getsockname()[1] for one in sockets))
	END
}

# Starts one controller and four nodes with one processor each, all on this machine.
slurm_start() {
	local folder=$work/slurm host ports
	host=$(hostname -s)
	read -ra ports < <(free_ports 5)
	mkdir -p "$folder/state" "$folder/munge"
	chmod 700 "$folder/munge"
	head -c 128 /dev/urandom >"$folder/munge/key"
	chmod 400 "$folder/munge/key"
	daemon munged munged --foreground --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" \
		--pid-file="$folder/munge/pid" --log-file="$folder/munge/log" --seed-file="$folder/munge/seed"
	wait_for test -S "$folder/munge/socket" || return 1
	# cred_expire is also the delay before a requeued task starts. A busy machine needs more than a few seconds to start a task
	# with its credential.
	cat >"$folder/slurm.conf" <<-END
		ClusterName=test
		SlurmctldHost=$host(127.0.0.1)
		SlurmUser=root
		SlurmdUser=root
		AuthType=auth/munge
		CredType=cred/munge
		AuthInfo=socket=$folder/munge/socket,cred_expire=30
		CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
		SlurmctldPort=${ports[4]}
		SlurmctldPidFile=$folder/slurmctld.pid
		StateSaveLocation=$folder/state
		SlurmdPidFile=$folder/slurmd-%n.pid
		SlurmdSpoolDir=$folder/spool-%n
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		AccountingStorageType=accounting_storage/none
		MpiDefault=none
		SwitchType=switch/none
		ReturnToService=2
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		SchedulerType=sched/backfill
		SchedulerParameters=batch_sched_delay=1,sched_interval=1,bf_interval=1
		SlurmdParameters=config_overrides
		MinJobAge=3600
		BatchStartTimeout=1200
		MessageTimeout=100
		UnkillableStepTimeout=1200
		NodeName=n[1-4] NodeHostname=$host NodeAddr=127.0.0.1 Port=$(IFS=, && echo "[${ports[*]:0:4}]") CPUs=1 RealMemory=1000
		PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
	END
	export SLURM_CONF=$folder/slurm.conf
	daemon slurmctld slurmctld -D -c -f "$SLURM_CONF"
	for node in n1 n2 n3 n4; do
		mkdir -p "$folder/spool-$node"
		daemon "slurmd-$node" slurmd -D -N "$node" -f "$SLURM_CONF"
	done
	wait_for slurm_is_up
}

slurm_is_up() {
	[ "$(sinfo -h -N -t idle -o %N | wc -l)" = 4 ]
}

# Cancels all jobs, so that none of their processes is left.
slurm_stop() {
	[ -n "${SLURM_CONF:-}" ] || return 0
	scancel --user root >/dev/null 2>&1
	wait_for slurm_is_empty
	unset SLURM_CONF
}

slurm_is_empty() {
	local jobs
	jobs=$(squeue -h) && [ -z "$jobs" ]
}

# Starts three instances of sshd as three machines. $work/ssh/config names them node1 to node3; $work/ssh/hosts lists them
# for GNU parallel.
sshd_start() {
	local folder=$work/ssh ports i
	read -ra ports < <(free_ports 3)
	mkdir -p "$folder"
	chmod 700 "$folder"
	if [ ! -d /run/sshd ]; then
		mkdir -p /run/sshd
		made_run_sshd=yes
	fi
	ssh-keygen -q -t ed25519 -N '' -f "$folder/host" && ssh-keygen -q -t ed25519 -N '' -f "$folder/user" || return 1
	cp "$folder/user.pub" "$folder/authorized_keys"
	for i in 1 2 3; do
		printf '%s\n' "Port ${ports[i - 1]}" 'ListenAddress 127.0.0.1' "HostKey $folder/host" 'StrictModes no' \
			"AuthorizedKeysFile $folder/authorized_keys" "PidFile $folder/sshd$i.pid" \
			'PasswordAuthentication no' 'PermitRootLogin prohibit-password' 'UsePAM no' \
			'MaxStartups 100' >"$folder/sshd$i"
		printf '%s\n' "Host node$i" 'HostName 127.0.0.1' "Port ${ports[i - 1]}" 'User root' \
			"IdentityFile $folder/user" 'IdentitiesOnly yes' "UserKnownHostsFile $folder/known_hosts" \
			'StrictHostKeyChecking accept-new' 'LogLevel ERROR' >>"$folder/config"
		echo "2/node$i" >>"$folder/hosts"
		daemon "sshd$i" /usr/sbin/sshd -D -e -f "$folder/sshd$i"
		wait_for ssh -F "$folder/config" "node$i" true || return 1
	done
}

sshd_stop() {
	[ -z "${made_run_sshd:-}" ] || rmdir /run/sshd
	made_run_sshd=
}
