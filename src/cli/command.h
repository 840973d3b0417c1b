/* SPDX-License-Identifier: MIT */
/* What a command is: a struct that says what it takes, excludes and needs; dispatch.c enforces it.
 */
#ifndef AVRSPI_SRC_CLI_COMMAND_H
#define AVRSPI_SRC_CLI_COMMAND_H

#include <stdbool.h>

#include "avrspi/error.h"
#include "cli/options.h"

struct cli;

/* What a command needs before it runs. */
enum need {
    NEED_TARGET = 1 << 0, /* it opens the port: without this target_open() refuses */
    NEED_CHIP = 1 << 1,   /* the name of a chip, of -c or a default */
    NEED_FILE = 1 << 2,   /* its first argument is the name of a file, or "-" */
};

enum {
    MOST_COMMANDS = 40,
    MOST_OPTIONS = 24,
    MOST_CONFLICTS = 20,
    CONFLICT_SIZE = 6,
    MOST_OPTION_NEEDS = 12,
    MOST_PARTNERS = 12,
    LEAST_EXAMPLES = 2,
    MOST_EXAMPLES = 4,
};

/* A command line as a shell takes it, and what it does; a test parses each. */
struct example {
    const char *line, *what;
};

/* What changes with an option. */
struct option_need {
    enum option_id option;
    unsigned needs;                       /* of the command with it; 0: the same as without */
    enum option_id one_of[MOST_PARTNERS]; /* it needs one of these too; none: it does not */
};

/* Each list ends with OPT_END, which is 0: at least its last entry. */
struct command {
    const char *name;
    const char *arguments; /* as the usage line shows them, "" for none */
    int least_arguments, most_arguments;
    const char *summary; /* for the list of commands */
    const char *help;    /* a few sentences; NULL for none */
    unsigned needs;      /* of enum need */
    struct option_use options[MOST_OPTIONS];
    enum option_id conflicts[MOST_CONFLICTS][CONFLICT_SIZE]; /* of each set, one at most */
    struct option_need option_needs[MOST_OPTION_NEEDS];
    struct example examples[MOST_EXAMPLES + 1];
    int (*run)(struct cli *cli, struct avrspi_error *error);
};

extern const struct command *const commands[MOST_COMMANDS + 1]; /* NULL after the last */

/* The command of that name. AVRSPI_ERR_USAGE with the nearest one when there is none. */
int command_find(const char *name, const struct command **command, struct avrspi_error *error);

/* Whether it is an option of every command, or one of its own. */
bool command_takes(const struct command *command, enum option_id id);

#endif
