/* SPDX-License-Identifier: MIT */
/* A job under way: what run.c, steps.c and warn.c share. */
#ifndef AVRSPI_SRC_JOB_RUN_H
#define AVRSPI_SRC_JOB_RUN_H

#include "job/job.h"

struct avrspi_run {
    struct avrspi_session *session;
    const struct avrspi_request *request;
    struct avrspi_target_state state;
    uint8_t *flash, *eeprom, *boot; /* what was read of them, or NULL */
    struct avrspi_plan *plan;
    size_t n_done; /* steps of the plan */
    bool dry;
    char *kept_in;      /* a file with the EEPROM's content, or NULL */
    char *boot_kept_in; /* one with that of the boot section */
    struct avrspi_job_result *result;
};

/* --- steps.c */

/* True for a step that changes the target. */
bool avrspi_step_writes(enum avrspi_step_kind kind);

/* Does what a step is about. */
int avrspi_step_run(struct avrspi_run *run, struct avrspi_plan_item *item,
                    struct avrspi_error *error);

/* --- warn.c */

/* Warns of what the plan may lead to; reads the word where the chip will start, if it must. */
int avrspi_run_warn(struct avrspi_run *run, struct avrspi_error *error);

#endif
