/* SPDX-License-Identifier: MIT */
/* Fuse bytes for the user, as lines and as JSON: what they are, what changes, what was compared. */
#ifndef AVRSPI_SRC_CLI_FUSE_SHOW_H
#define AVRSPI_SRC_CLI_FUSE_SHOW_H

#include "avrspi/chip.h"
#include "cli/cli.h"

/* One sentence, then every byte given, a line for each of its fields, and the clock. */
void fuse_show(struct cli *cli, const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
               const struct avrspi_clock *clock);

/* "low 0x62 -> 0xFF" for each byte wanted, and field by field beneath. */
void fuse_show_changes(struct cli *cli, const struct avrspi_chip *chip,
                       const struct avrspi_fuses *before, const struct avrspi_fuses *wanted);

/* For programs: all that was compared, also where the first difference ends it for people. */
void fuse_show_found(struct cli *cli, const struct avrspi_fuses *wanted,
                     const struct avrspi_fuses *found);

#endif
