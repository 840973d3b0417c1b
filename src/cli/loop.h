/* SPDX-License-Identifier: MIT */
/* 'burn --repeat': one unit after another. */
#ifndef AVRSPI_SRC_CLI_LOOP_H
#define AVRSPI_SRC_CLI_LOOP_H

#include "cli/burn.h"

/*
 * Burns units until standard input ends, until --count of them are good, or until a signal.
 * Returns 0 where --count was reached or no unit failed, else the error of the first that did.
 */
int loop_run(struct burn *burn, struct cli *cli, struct avrspi_error *error);

#endif
