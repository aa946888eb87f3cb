#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The completion scripts that the build makes.

load helper

# complete WORD...: stores in `offered` what bash offers after these words, the last of which is being typed.
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

# zsh_line LINE: stores in `offered` the line of a real zsh after the tabulator key was pressed at its end.
zsh_line() {
	cp "${TESTED%/*}/completions/domstream.zsh" _domstream
	cat >.zshrc <<-'END'
		fpath=($PWD $fpath)
		autoload -U compinit
		compinit -u -C -d "$PWD/.zcompdump"
		complete_and_exit() {
			zle complete-word
			print -r -- "$BUFFER" >offered
			exit
		}
		zle -N complete_and_exit
		bindkey '^X' complete_and_exit
	END
	# A sanitizer that searches for leaks can hang in a terminal of zsh.
	# shellcheck disable=SC2016 # zsh expands it
	ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 PATH=${TESTED%/*}:$PATH TERM=dumb ZDOTDIR=$PWD zsh -f -c '
		zmodload zsh/zpty
		zpty inner zsh -d -i
		zpty -w -n inner "$1"$(printf "\030")
		while zpty -r inner text; do :; done
	' zsh "$1"
}

# fish_words LINE: stores in `offered` what fish offers at the end of the line.
fish_words() {
	PATH=${TESTED%/*}:$PATH fish -N -c "source ${TESTED%/*}/completions/domstream.fish; complete -C '$1'" | cut -f 1 >offered
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
	touch one.xml two.sxp 'three words.xml'
	complete_words convert on
	same offered one.xml
	complete_words convert thr
	same offered 'three words.xml'
	complete_words explain DA30
	has offered DA301
	complete_words help ex
	same offered extract explain
	complete_words check --xend 3
	has_not offered 3.1
}

@test "bash completes values after an equals sign, in lists, and before an equals sign" {
	mkdir there
	touch this
	complete_words convert --to = x
	same offered xml
	complete_words convert --to =
	same offered xml sexpr
	complete_words convert --gzip = 9
	same offered 9
	complete_words convert --gzip th
	same offered there this
	complete_words disks --columns so
	same offered source
	complete_words disks --columns domain,source,mo
	same offered domain,source,mode
	complete_words convert --accept = rejects,l
	same offered rejects,losses
	complete_words disks --where dr
	same offered driver=
	complete_words audit --report s
	same offered sarif=
	complete_words audit --report sarif = th
	same offered there this
	complete_words convert --output-dir th
	same offered there
}

@test "zsh completes commands, options, words, lists and files" {
	touch one.xml 'three words.xml'
	zsh_line 'domstream conv'
	same offered 'domstream convert '
	zsh_line 'domstream convert --to=x'
	same offered 'domstream convert --to=xml '
	zsh_line 'domstream convert --xend 3.1'
	same offered 'domstream convert --xend 3.1 '
	zsh_line 'domstream convert --preserv'
	same offered 'domstream convert --preserve '
	zsh_line 'domstream disks --columns domain,sou'
	has offered 'domstream disks --columns domain,source'
	zsh_line 'domstream disks --where driv'
	same offered 'domstream disks --where driver='
	zsh_line 'domstream audit --report sarif=on'
	same offered 'domstream audit --report sarif=one.xml '
	zsh_line 'domstream convert -o thr'
	same offered 'domstream convert -o three\ words.xml '
	zsh_line 'domstream explain DA30'
	has offered 'domstream explain DA30'
}

@test "fish completes commands, options, words, lists and files" {
	touch one.xml 'three words.xml'
	fish_words 'domstream conv'
	same offered convert
	fish_words 'domstream convert --to=x'
	same offered --to=xml
	fish_words 'domstream convert --xend 3.1'
	same offered 3.1
	fish_words 'domstream convert --preserv'
	same offered --preserve
	fish_words 'domstream convert --gzip='
	same offered --gzip={1..9}
	fish_words 'domstream convert -z'
	has offered -zq
	has_not offered -z1
	fish_words 'domstream convert --gzip on'
	same offered one.xml
	fish_words 'domstream disks --columns domain,sou'
	same offered domain,source
	fish_words 'domstream disks --where driv'
	same offered driver=
	fish_words 'domstream audit --report sarif=on'
	same offered sarif=one.xml
	fish_words 'domstream convert -o thr'
	same offered 'three words.xml'
	fish_words 'domstream help ex'
	same offered explain extract
	fish_words 'domstream explain DA30'
	has offered DA301
}

@test "every option of every command is in each script" {
	local shell script command option options
	for command in convert extract disks audit diff check merge; do
		mapfile -t options < <("$domstream" help $command | sed -n -E 's/^  (-., |    )--([a-z-]+).*/\2/p')
		[ "${#options[@]}" -gt 5 ]
		for shell in bash zsh fish; do
			script=$(<"${TESTED%/*}/completions/domstream.$shell")
			for option in "${options[@]}"; do
				[[ $script == *"$option"* ]] || { echo "$shell: $command has no --$option" && return 1; }
			done
		done
		# shellcheck disable=SC2016 # the shell inside expands it
		bash -c '
			source "$1"
			for option in "${@:3}"; do
				COMP_WORDS=(domstream "$2" "--$option")
				COMP_CWORD=2
				_domstream
				[[ " ${COMPREPLY[*]} " == *" --$option"* ]] || echo "$option"
			done
		' bash "${TESTED%/*}/completions/domstream.bash" $command "${options[@]}" >missing 2>&1
		empty missing
	done
}

@test "the shells accept their scripts" {
	bash -n "${TESTED%/*}/completions/domstream.bash"
	zsh -n "${TESTED%/*}/completions/domstream.zsh"
	fish -n "${TESTED%/*}/completions/domstream.fish"
}
