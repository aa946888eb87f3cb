/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef UNIT_ALLOC_H
#define UNIT_ALLOC_H

#include "support.h"

/**
 * Allocations that fail. The linker replaces the allocation functions by those of alloc.c (see
 * CMakeLists.txt) in this program and in expat. Allocations inside zlib, libarchive and the C
 * library are not affected.
 */

/**
 * Calls `call` until no allocation fails: the n-th one fails, for n = 0, 1, 2, …; then once more,
 * with all later ones failing too. `call` returns the status of the library and checks all results
 * unless it is DS_NO_MEMORY. Fails the test when DS_NO_MEMORY is returned although no allocation
 * failed, or another status although one did. A sanitizer finds leaks.
 */
void try_all(enum ds_status (*call)(void), enum ds_status expected);

#endif
