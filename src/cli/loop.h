/* SPDX-License-Identifier: MIT */
/* Rounds of units at the stations of a gang: one, or with --repeat one after another. */
#ifndef AVRSPI_SRC_CLI_LOOP_H
#define AVRSPI_SRC_CLI_LOOP_H

#include "cli/gang.h"
#include "cli/panel.h"

/*
 * Burns one round; with --repeat as many as come, until standard input ends, until --count units
 * are good, or until a signal. Returns 0 where --count was reached or no unit failed, else the
 * error of the first that did.
 */
int loop_run(struct gang *gang, struct panel *panel, struct cli *cli, struct avrspi_error *error);

#endif
