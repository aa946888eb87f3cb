/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RECORD_COLD_H
#define RECORD_COLD_H

/** Marks a function that is rarely called. Compilers move the calls, and the code that leads to
 * them, away from the code that usually runs. */
#if defined(__GNUC__)
#define COLD __attribute__((cold))
#else
#define COLD
#endif

#endif
