/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_PROCESSORS_H
#define FLOW_PROCESSORS_H

/** How many processors this process may use, at least 1: those of its affinity, fewer when its
 * control group (v2 or v1) has a quota of processor time. */
unsigned processors_available(void);

#endif
