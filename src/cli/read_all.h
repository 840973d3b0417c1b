/* SPDX-License-Identifier: MIT */
/* 'read all': a backup of a whole chip, as one file or as a folder (folder.h). */
#ifndef AVRSPI_SRC_CLI_READ_ALL_H
#define AVRSPI_SRC_CLI_READ_ALL_H

#include "cli/cli.h"

/* Reads all that SPI shows of the target, and writes it to --output. */
int read_all(struct cli *cli, struct avrspi_error *error);

#endif
