/* SPDX-License-Identifier: MIT */
/* How a unit ended, for who has burned it. */
#ifndef AVRSPI_SRC_CLI_VERDICT_H
#define AVRSPI_SRC_CLI_VERDICT_H

#include "cli/cli.h"

/* PASS or FAIL, on a terminal in large letters; the reason before it. */
void verdict_show(struct ui *ui, int result, const struct avrspi_error *error);

/* The reason why a unit at a station failed, and the warnings about it, of one among several. */
void verdict_explain(struct ui *ui, const struct cli *unit, int result,
                     const struct avrspi_error *error);

/* The n-th unit in JSON, from 1 on; one among several with all that is known of it. */
json_t *verdict_json(const struct cli *unit, uint32_t n, int result,
                     const struct avrspi_error *error);

#endif
