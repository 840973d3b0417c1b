/* SPDX-License-Identifier: MIT */
/* Which pins of a computer's header the wires to a target are on. */
#ifndef AVRSPI_SRC_CLI_HEADER_H
#define AVRSPI_SRC_CLI_HEADER_H

#include "cli/cli.h"
#include "ui/wiring.h"

/*
 * Fills in the board of --board, or this computer, and the wires of its header by -p, -r and
 * --xtal-pin; a line that is on no known pin has no wire, which is said. AVRSPI_ERR_USAGE for a
 * board, a bus or a line of gpio: that is not known, and for two wires on one pin.
 */
int header_find(struct ui_wiring *wiring, struct cli *cli, struct avrspi_error *error);

#endif
