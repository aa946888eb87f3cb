/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tests of record/scan.h for processors without SSE2: vectors have one byte. */
#undef __SSE2__
#include "test_scan.c"
