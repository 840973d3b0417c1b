/* SPDX-License-Identifier: MIT */
#ifndef AVRSPI_SRC_CLI_DONE_H
#define AVRSPI_SRC_CLI_DONE_H

#include "cli/target.h"

/* What the last line of a job says, collected while the session is open. */
struct job_end {
    struct avrspi_timing timing;
    uint64_t limit_ns;
    char sck[3 * UI_TEXT];
    uint64_t supply_saves_ns; /* 'burn' with --vcc 3.3 */
    enum option_id faster;    /* OPT_END: none */
    uint32_t raised_hz;
    struct {
        const char *key, *chip; /* of the chip's definition; NULL: none */
        uint64_t cost_ns;
    } missing;
};

struct job_end job_end(const struct target *target, const struct avrspi_job_result *result);

/* The line "done    0.31 s, ...", and the same in JSON; 0 bytes: no rate. */
void job_show(struct cli *cli, const struct job_end *end, size_t bytes);

/* Both. Nothing under --dry-run. */
void job_done(struct target *target, const struct avrspi_job_result *result, size_t bytes);

#endif
