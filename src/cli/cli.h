/* SPDX-License-Identifier: MIT */
/*
 * The command line: what a command is, and what it finds when it runs.
 *
 *     main.c      from argv to the exit code
 *     options.c   every option: a row, and its member of struct config (config.h)
 *     parse.c     the command line; store.c stores each option's argument by the type of its row
 *     settings.c  configuration files and environment, by the same rows
 *     command.h   what a command is; commands.c is the list
 *     dispatch.c  checks what the command says of itself, and runs it
 *     target.c    port, session, the line that says what was found
 *     done.c      the line that a job ends with
 *     help.c      what --help prints
 *     cmd_*.c     one command each
 */
#ifndef AVRSPI_SRC_CLI_CLI_H
#define AVRSPI_SRC_CLI_CLI_H

#include <signal.h>

#include "avrspi/avrspi.h"
#include "cli/command.h"
#include "cli/config.h"
#include "ui/ui.h"

struct cli {
    struct ui ui;
    struct config config;
    const struct command *command;
    int n_arguments;
    char **arguments;
    struct avrspi_chips *chips;
    const struct avrspi_chip *chip; /* of -c, or NULL */
    struct avrspi_link *link;
    struct avrspi_session *session;
};

/* --- target.c */

/* Opens the port and the session, without identifying the chip. Only for a command that says
 * NEED_TARGET. */
int target_open(struct cli *cli, struct avrspi_error *error);

/* The same, and identifies; prints the line "ATmega328P  1E 95 0F  ...". */
int target_identify(struct cli *cli, struct avrspi_error *error);

/* With --turbo: raises the clock, where that helps. target_close() sets it back. */
int target_turbo(struct cli *cli, struct avrspi_error *error);

void target_print_chip(struct cli *cli);

/* Leaves programming mode and closes the port; also after an error. */
int target_close(struct cli *cli, struct avrspi_error *error);

/* Puts data without addresses where its memory begins, and checks that all fits the chip. */
int target_place_contents(const struct avrspi_chip *chip, struct avrspi_contents *contents,
                          struct avrspi_error *error);

/* Reads a file that has to hold data for a memory, says what else it holds, and checks it against
 * -c where that was given. The caller frees the contents. */
int target_read_contents(struct cli *cli, const char *path, enum avrspi_memory memory,
                         struct avrspi_contents **contents, struct avrspi_error *error);

/* --- done.c */

/* What there is to say of a job, while there is a session. */
struct job_end {
    struct avrspi_timing timing;
    char sck[3 * UI_TEXT];
    enum option_id faster; /* OPT_END: none */
    uint32_t turbo_hz;
};

struct job_end job_end(const struct cli *cli);

/* The line "done    0.31 s, ...", and the same in JSON; 0 bytes: no rate. */
void job_show(struct cli *cli, const struct job_end *end, size_t bytes);

/* Both. */
void job_done(struct cli *cli, size_t bytes);

/* Raised by SIGINT, SIGTERM and SIGHUP. */
extern volatile sig_atomic_t interrupted;

/* --- help.c */

void help_overview(void);
void help_command(const struct command *command);

#endif
