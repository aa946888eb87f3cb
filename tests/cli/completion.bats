#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The completion scripts that the build makes.

load helper

# complete WORD...: what bash offers behind these words, the last of which is being typed, in `offered`.
complete_words() {
	# shellcheck disable=SC2016 # the shell inside expands it
	PATH=${TESTED%/*}:$PATH bash -c '
		source "$1"
		shift
		compopt() { :; }
		COMP_WORDS=(domstream "$@")
		COMP_CWORD=$#
		_domstream
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "${TESTED%/*}/completions/domstream.bash" "$@" >offered
}

@test "bash completes commands, options, words and files" {
	complete_words co
	same offered convert
	complete_words convert --pre
	same offered --preserve --pretty
	complete_words convert --xend 3.0
	same offered 3.0.2 3.0.3 3.0.4
	complete_words convert --only d
	same offered disks
	complete_words audit --fail-on n
	same offered never
	touch one.xml two.sxp
	complete_words convert on
	same offered one.xml
	complete_words explain DA30
	has offered DA301
	complete_words check --xend 3
	has_not offered 3.1
}

@test "every option of every command is in each script" {
	local shell command option
	for command in convert extract disks audit diff check; do
		for option in $("$domstream" help $command | grep -o -E '^  (-., |    )--[a-z-]+' | sed 's/.*--//'); do
			for shell in bash zsh fish; do
				grep -q -e "$option" "${TESTED%/*}/completions/domstream.$shell" || {
					echo "$shell: $command has no --$option"
					return 1
				}
			done
			complete_words $command "--$option"
			has offered "--$option"
		done
	done
}

@test "the shells accept their scripts" {
	bash -n "${TESTED%/*}/completions/domstream.bash"
	zsh -n "${TESTED%/*}/completions/domstream.zsh"
	fish -n "${TESTED%/*}/completions/domstream.fish"
	fish -c "source ${TESTED%/*}/completions/domstream.fish; complete -C 'domstream convert --xend '" >offered
	has offered 3.0.2
}
