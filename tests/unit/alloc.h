/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UNIT_ALLOC_H
#define UNIT_ALLOC_H

#include "support.h"

/**
 * Allocations that fail. The linker puts the functions of alloc.c in the place of the real ones
 * (see CMakeLists.txt), in this program and in what expat allocates; what zlib, libarchive and the
 * C library allocate in themselves is not touched.
 */

/**
 * Calls with an allocation failing, until none does: the n-th one, for n = 0, 1, 2, …; and then
 * once more, with all later ones failing too. `call` returns what the library said, and has seen
 * everything unless that is that there is no memory. Fails the test when that is reported without a
 * reason, or not reported with one. What is lost, a sanitizer finds.
 */
void try_all(enum ds_status (*call)(void), enum ds_status expected);

#endif
