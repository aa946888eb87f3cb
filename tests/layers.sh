#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Holds every #include "..." below src/ against the table in tests/layers.txt. Each one that is not in it is printed
# with file and line. Ends with "N passed, M failed", of files.

set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

# shellcheck disable=SC2016 # the dollars are those of awk
find src -name '*.[ch]' -print | LC_ALL=C sort | xargs awk '
	FILENAME == "tests/layers.txt" {
		if (/^[a-z]+:/) {
			layer = substr($1, 1, length($1) - 1)
			known[layer] = 1
			for (i = 2; i <= NF; i++)
				allowed[layer, $i] = 1
		}
		next
	}
	FNR == 1 {
		files++
		split(FILENAME, parts, "/")
		own = parts[2]
		if (!(own in known))
			refuse("the folder is not in tests/layers.txt")
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		header = $0
		sub(/^[^"]*"/, "", header)
		sub(/".*/, "", header)
		folder = header
		sub(/\/.*/, "", folder)
		if (folder == "domstream")
			folder = header = "public"
		if (folder != own && !((own, folder) in allowed) && !((own, header) in allowed))
			refuse("src/" own "/ may not include \"" header "\"")
	}
	function refuse(text) {
		print FILENAME ":" FNR ": " text
		if (!(FILENAME in bad))
			failed++
		bad[FILENAME] = 1
	}
	END {
		print files - failed " passed, " failed + 0 " failed"
		exit failed > 0
	}
' tests/layers.txt
