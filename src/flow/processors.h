/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef FLOW_PROCESSORS_H
#define FLOW_PROCESSORS_H

/** Returns how many processors this process may use, at least 1: those of its affinity, or fewer
 * when its control group (v2 or v1) limits its processor time. */
unsigned processors_available(void);

#endif
