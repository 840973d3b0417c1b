/* SPDX-License-Identifier: MIT */
/* A unit that is burned: its row in the record, its serial number, its line in the log. */
#ifndef AVRSPI_SRC_CLI_UNIT_H
#define AVRSPI_SRC_CLI_UNIT_H

#include "cli/burn.h"

struct unit;

/*
 * Begins a unit: a row in the record of the recipe or --record, if there is one. *unit is NULL
 * where nothing is recorded. Until unit_end() the session's events go to the unit too.
 */
int unit_begin(struct unit **unit, struct burn *burn, struct cli *cli, struct avrspi_error *error);

/*
 * Gives the unit its serial number, where the recipe has one: *with are the contents with it, which
 * belong to the unit, or 'contents' themselves.
 */
int unit_number(struct unit *unit, struct target *target, const struct avrspi_contents *contents,
                const struct avrspi_contents **with, struct avrspi_error *error);

/* The number, "" where there is none; NULL is allowed. */
const char *unit_serial(const struct unit *unit);

/*
 * Ends the unit: RESET is released by now, so the verdict is what 'result' and 'error' say. What
 * can't be recorded makes a good unit fail. Returns the result of both. NULL is allowed.
 */
int unit_end(struct unit *unit, int result, struct avrspi_error *error);

#endif
