# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
#
# Source this file. need_packages build|test|ci installs the packages that a task needs, on Debian and Ubuntu.
#
# "test" includes "build", and "ci" includes both. When all packages are installed, nothing is done or printed.
# Otherwise apt-get installs the missing ones, as root or through sudo. When that fails, need_packages prints what to
# install by hand and returns 1.

# Prints the task, Debian's package, and a command, a header or a file. If the latter exists, the package is not needed.
_deps_table() {
	cat <<'END'
build gcc              cc
build libc6-dev        stdio.h
build cmake            cmake
build make             make
build pkg-config       pkg-config
build libexpat1-dev    expat.h
build zlib1g-dev       zlib.h
build uthash-dev       uthash.h
build libarchive-dev   archive.h
test  libcmocka-dev    cmocka.h
test  bats             bats
test  python3          python3
test  sqlite3          sqlite3
test  jq               jq
test  libxml2-utils    xmllint
test  gzip             gzip
test  xz-utils         xz
test  bzip2            bzip2
test  zstd             zstd
test  lz4              lz4
test  mandoc           mandoc
test  libvirt-clients  /usr/share/libvirt/schemas/domain.rng
test  prometheus       promtool
test  chromium         chromium
test  nodejs           node
test  npm              npm
test  zsh              zsh
test  fish             fish
test  bsdutils         script
test  procps           ps
test  systemd          systemd-analyze
test  strace           strace
test  python3-yaml     /usr/lib/python3/dist-packages/yaml/__init__.py
test  git              git
ci    clang            clang
ci    clang-tidy       clang-tidy
ci    clang-format-14  clang-format-14
ci    cppcheck         cppcheck
ci    shellcheck       shellcheck
ci    man-db           man
ci    binutils         nm
ci    libacl1-dev      sys/acl.h
ci    liblz4-dev       lz4.h
ci    libzstd-dev      zstd.h
ci    valgrind         valgrind
ci    libc6-dbg        valgrind
ci    libxml2-dev      libxml2/libxml/parser.h
ci    dpkg-dev         dpkg-buildpackage
ci    debhelper        dh
ci    lintian          lintian
ci    rpm              rpmbuild
ci    mmdebstrap       mmdebstrap
ci    munge            /usr/sbin/munged
ci    slurmctld        /usr/sbin/slurmctld
ci    slurmd           /usr/sbin/slurmd
ci    slurm-client     sbatch
ci    openssh-server   /usr/sbin/sshd
ci    openssh-client   ssh
ci    parallel         parallel
ci    snakemake        snakemake
END
}

# The installed packages, each with a blank before and after it.
_deps_installed() {
	# shellcheck disable=SC2016 # dpkg-query expands it
	printf ' '
	dpkg-query -W -f='${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | tr '\n' ' '
}

# Returns whether a file, a command in PATH, or a header for the compiler exists.
_deps_has() {
	case $1 in
	/*) [ -e "$1" ] ;;
	*.h)
		printf '#include <stdarg.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <setjmp.h>\n#include <%s>\n' \
			"$1" | cc -E -x c - >/dev/null 2>&1
		;;
	*) command -v "$1" >/dev/null 2>&1 ;;
	esac
}

# clang has the sanitizers' runtime in a separate package, named after its version; older versions include it.
_deps_has_sanitizers() {
	printf 'int main(void) { return 0; }\n' |
		clang -fsanitize=address,undefined -x c -o /dev/null - >/dev/null 2>&1
}

_deps_sanitizers_package() {
	local version
	version=$(clang -dumpversion 2>/dev/null)
	[ -n "$version" ] || version=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p')
	printf 'libclang-rt-%s-dev\n' "${version%%.*}"
}

# Ubuntu has no package of Chromium, only a snap. tests/report/run gets the browser from npm there, and the browser
# needs this library.
_deps_is_ubuntu() {
	# shellcheck source=/dev/null
	[ "$(. /etc/os-release 2>/dev/null && echo "${ID:-}")" = ubuntu ]
}

# Prints the packages that a task needs and that are missing, one per line.
_deps_missing() {
	local task=$1 group package probe installed
	installed=$(_deps_installed)
	while read -r group package probe; do
		case $task:$group in
		build:build | test:build | test:test | ci:*) ;;
		*) continue ;;
		esac
		if [ "$package" = chromium ] && _deps_is_ubuntu; then
			package=libnss3 probe=/usr/lib/$(uname -m)-linux-gnu/libnss3.so
		fi
		[[ $installed == *" $package "* ]] || _deps_has "$probe" || printf '%s\n' "$package"
	done < <(_deps_table)
	if [ "$task" = ci ] && command -v clang >/dev/null 2>&1 && ! _deps_has_sanitizers; then
		_deps_sanitizers_package
	fi
}

# Runs apt-get as root, and shows its output only if it fails. The daemons of the packages are not started: the tests
# start their own.
_deps_apt() {
	local as_root=() log status=0
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null 2>&1 || return 1
		as_root=(sudo)
	fi
	log=$(mktemp) || return 1
	# shellcheck disable=SC2016 # the variables are those of the inner shell
	"${as_root[@]}" sh -c '
		policy=/usr/sbin/policy-rc.d
		if [ ! -e "$policy" ]; then
			trap "rm -f $policy" EXIT
			printf "#!/bin/sh\nexit 101\n" >"$policy" && chmod +x "$policy"
		fi
		DEBIAN_FRONTEND=noninteractive apt-get "$@"' sh -q -y -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1 </dev/null ||
		status=$?
	[ "$status" = 0 ] || tail -n 20 "$log" >&2
	rm -f "$log"
	return "$status"
}

need_packages() {
	local task=$1 missing updated=
	case $task in
	build | test | ci) ;;
	*)
		echo "need_packages: unknown task $task" >&2
		return 1
		;;
	esac
	missing=$(_deps_missing "$task")
	# There are two rounds, because the packages that clang needs are known only when clang is installed.
	for _ in 1 2; do
		[ -n "$missing" ] || return 0
		command -v apt-get >/dev/null 2>&1 || break
		echo "installing: ${missing//$'\n'/ }" >&2
		if [ -z "$updated" ]; then
			_deps_apt update || true # the lists of packages that apt has may be recent enough
			updated=yes
		fi
		# shellcheck disable=SC2086 # each word is a package
		_deps_apt install --no-install-recommends $missing || break
		missing=$(_deps_missing "$task")
	done
	missing=$(_deps_missing "$task")
	[ -n "$missing" ] || return 0
	echo "These packages are missing; their names are those of Debian. Please install them and try again:" >&2
	echo "    ${missing//$'\n'/ }" >&2
	return 1
}
