/* SPDX-License-Identifier: MIT */
/* What differs between two contents, as lines and as JSON. */
#ifndef AVRSPI_SRC_CLI_DIFF_H
#define AVRSPI_SRC_CLI_DIFF_H

#include "cli/cli.h"

enum {
    DIFF_SIDES = 2,
};

/* The two that are compared. */
struct diff {
    const char *names[DIFF_SIDES]; /* as they were given */
    struct avrspi_contents *contents[DIFF_SIDES];
    int target; /* which of them is the target; DIFF_SIDES: none */
};

/* Whether a memory is compared: with a target flash and EEPROM alone. */
bool diff_has(const struct cli *cli, const struct diff *diff, enum avrspi_memory memory);

/* Shows what differs; AVRSPI_ERR_VERIFY where something does. */
int diff_show(struct cli *cli, const struct diff *diff, struct avrspi_error *error);

#endif
