/* SPDX-License-Identifier: MIT */
/* SCK as it was asked for, as the controller makes it, and as it was seen. */
#ifndef AVRSPI_SRC_CLI_SCK_H
#define AVRSPI_SRC_CLI_SCK_H

#include "cli/target.h"

/* Tells of SCK at the end of a session, in JSON and with --verbose, and warns where it is not what
 * it should be. */
void sck_report(const struct target *target);

/* Warns of a job that took clearly longer than it should, and says what slows a computer down. */
void sck_warn_slow(const struct target *target, uint64_t took_ns, uint64_t limit_ns);

#endif
