/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_RESERVE_H
#define INPUT_RESERVE_H

#include <stdbool.h>

/**
 * libarchive ends the process when it gets no memory for a short text, such as the name of a member
 * or the text of an error. Called before each call of libarchive, this function checks whether
 * there is memory for such texts. The memory stays with the allocator, so that libarchive gets it
 * next.
 */
bool reserve_is_available(void);

#endif
