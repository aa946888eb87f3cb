# SPDX-License-Identifier: LGPL-2.1-or-later
# How much memory the program uses.

load helper

@test "tiny, broken and huge domains take no more memory than the budget of the workers, and one domain" {
	cc -O1 -o usage "$BATS_TEST_DIRNAME/../bench/usage.c"
	python3 "$BATS_TEST_DIRNAME/memory.py" "$TESTED" "$PWD/usage"
}
