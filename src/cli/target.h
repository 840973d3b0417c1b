/* SPDX-License-Identifier: MIT */
/* A target of a command: its link and its session, from opening to closing. */
#ifndef AVRSPI_SRC_CLI_TARGET_H
#define AVRSPI_SRC_CLI_TARGET_H

#include "cli/cli.h"

/* All zero before it is opened, but for 'takes_notes'. */
struct target {
    bool takes_notes; /* the job may have to write something down, whatever the options say */
    struct cli *cli;
    struct avrspi_link *link;
    struct avrspi_session *session;
    uint64_t violations; /* of a simulated chip, in earlier runs */
    char *notes;         /* folder for notes of the session; NULL: there is none */
};

/* The reset line of the command; NULL: that of the port, as avrdude writes it, unless --reset comes
 * from who has more say. AVRSPI_ERR_USAGE where neither has. */
int target_reset(const struct config *config, const char **reset, struct avrspi_error *error);

/* Opens the port alone, on a bus that is open (NULL: on one of its own); the session's
 * configuration by the options, without its link. */
int target_open_link(struct target *target, struct cli *cli, struct avrspi_bus *bus,
                     struct avrspi_error *error);
struct avrspi_session_config target_session(struct cli *cli);

/* Opens the port and the session, without identifying the chip. Only for a command that says
 * NEED_TARGET. */
int target_open(struct target *target, struct cli *cli, struct avrspi_error *error);

/* The same, and identifies. */
int target_identify(struct target *target, struct cli *cli, struct avrspi_error *error);

/*
 * Runs a job, or under --dry-run makes its plan and shows it. *result may be NULL. Says why
 * 'raise_clock' does nothing, where that is so.
 */
int target_job(struct target *target, struct avrspi_request *request,
               struct avrspi_job_result *result, struct avrspi_error *error);

/* Runs a job that writes nothing, also under --dry-run. */
int target_read_job(struct target *target, struct avrspi_request *request,
                    struct avrspi_job_result *result, struct avrspi_error *error);

/* Whether a target answers on the port. Shows nothing; RESET is let go before it returns. A device
 * that can't be opened is an error. */
int target_present(struct cli *cli, bool *present, struct avrspi_error *error);

/* The chip, identified. */
const struct avrspi_chip *target_chip(const struct target *target);

/*
 * Leaves programming mode and closes the port, also after an error. 'result' is that of the
 * command so far: what closing can't do becomes the command's error where there is none, and a
 * warning where there is. Returns the result of both. A target that is not open is fine.
 */
int target_close(struct target *target, int result, struct avrspi_error *error);

#endif
