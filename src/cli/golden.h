/* SPDX-License-Identifier: MIT */
/* 'burn --from-target': a recipe of a unit that is as it should be. */
#ifndef AVRSPI_SRC_CLI_GOLDEN_H
#define AVRSPI_SRC_CLI_GOLDEN_H

#include "cli/cli.h"

/*
 * Reads the target whole, each memory until two readings agree, and writes a recipe to --output,
 * with files for flash and EEPROM beside it. AVRSPI_ERR_REFUSED for a locked chip, and where one of
 * the files exists (--force replaces it). After an error there is none of them.
 */
int golden_read(struct cli *cli, struct avrspi_error *error);

#endif
