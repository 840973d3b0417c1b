/* SPDX-License-Identifier: MIT */
#ifndef AVRSPI_SRC_CLI_FUSE_WARN_H
#define AVRSPI_SRC_CLI_FUSE_WARN_H

#include "cli/cli.h"

/* Warns of the hazards of writing 'wanted' (avrspi/rules.h); under --dry-run, of what they would
 * be. Reads flash for a boot section that is blank, writes nothing. */
int fuse_warn(struct cli *cli, const struct avrspi_fuses *before, const struct avrspi_fuses *wanted,
              struct avrspi_error *error);

#endif
