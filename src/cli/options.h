/* SPDX-License-Identifier: MIT */
/* Every option there is: one row feeds getopt, --help, and the check of the man page. */
#ifndef AVRSPI_SRC_CLI_OPTIONS_H
#define AVRSPI_SRC_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "avrspi/error.h"

enum option_id {
    /* of every command */
    OPT_PORT,
    OPT_RESET,
    OPT_CHIP,
    OPT_CHIPS,
    OPT_SPEED,
    OPT_FCPU,
    OPT_DRY_RUN,
    OPT_JSON,
    OPT_QUIET,
    OPT_VERBOSE,
    OPT_COLOR,
    OPT_FORCE,
    OPT_HELP,
    OPT_VERSION,
    OPT_LAST_GLOBAL = OPT_VERSION,

    /* of some */
    OPT_KEEP_EEPROM,
    OPT_LOW,
    OPT_HIGH,
    OPT_EXT,
    OPT_LOCK,
    OPT_SET,
    OPT_DEFAULT,
    OPT_LIST,
    OPT_CALC,
    OPT_VERIFY,
    OPT_NO_VERIFY,
    OPT_NO_ERASE,
    OPT_UPDATE,
    OPT_TURBO,
    OPT_FULL,
    OPT_MEMORY,
    OPT_OUTPUT,
    OPT_FORMAT,
    OPT_RANGE,
    OPT_SIGNATURE,
    OPTIONS,
    OPT_END = OPTIONS, /* ends a command's list */
};

struct option_row {
    char letter; /* 0: none */
    const char *name;
    const char *argument; /* NULL: takes none */
    const char *help;
};

extern const struct option_row option_rows[OPTIONS];

enum {
    MOST_SETS = 32,
};

/* What was given: NULL, or the argument ("" for an option that takes none). --set may come
 * again and again; each argument is kept. */
struct options {
    const char *value[OPTIONS];
    const char *set[MOST_SETS];
    size_t n_set;
};

/*
 * Parses options up to the first argument that is none ('stop'), or wherever they stand. Allows
 * the global ones and those of 'extra' (NULL: no more). *rest is the index behind them.
 */
int options_parse(struct options *options, const enum option_id *extra, bool stop, int argc,
                  char **argv, int *rest, struct avrspi_error *error);

#endif
