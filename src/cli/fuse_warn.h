/* SPDX-License-Identifier: MIT */
#ifndef AVRSPI_SRC_CLI_FUSE_WARN_H
#define AVRSPI_SRC_CLI_FUSE_WARN_H

#include "cli/cli.h"

/* Tells what one may not have meant: a clock source outside the chip, a clock output, a start at
 * a boot section that is blank, lock bits that end verification. Reads flash, writes nothing. */
int fuse_warn(struct cli *cli, const struct avrspi_fuses *before, const struct avrspi_fuses *wanted,
              struct avrspi_error *error);

#endif
