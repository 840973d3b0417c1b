/* SPDX-License-Identifier: MIT */
/* Between the command line and a command's run(): everything that the command says it needs. */
#ifndef AVRSPI_SRC_CLI_DISPATCH_H
#define AVRSPI_SRC_CLI_DISPATCH_H

#include "cli/cli.h"

/* What the command line alone shows: number of arguments, options that exclude each other,
 * options that others need, and a file where one is needed. AVRSPI_ERR_USAGE. */
int dispatch_check(const struct cli *cli, struct avrspi_error *error);

/* What the command needs with the options given: of enum need. */
unsigned dispatch_needs(const struct cli *cli);

/* Loads the settings and the chips, finds the chip of -c, checks that a chip is named where that
 * is needed, runs the command, and closes what it opened. */
int dispatch_run(struct cli *cli, struct avrspi_error *error);

#endif
