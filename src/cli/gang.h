/* SPDX-License-Identifier: MIT */
/*
 * The stations of 'burn', and one round of units at them: those on different buses side by side, a
 * thread a bus; those that share one in turn, since every chip in reset hears what is on its bus.
 */
#ifndef AVRSPI_SRC_CLI_GANG_H
#define AVRSPI_SRC_CLI_GANG_H

#include "cli/burn.h"
#include "recipe/bench.h"

struct gang;

/*
 * The stations of a bench; one without a name where it has none, or is NULL. Each gets what
 * 'burn' was asked to burn, with port and reset line of its own. 'cli' and 'bench' must outlive the
 * gang. The caller closes *gang; NULL is allowed there.
 */
int gang_open(struct gang **gang, struct cli *cli, const struct avrspi_bench *bench,
              struct avrspi_error *error);
void gang_close(struct gang *gang);

size_t gang_size(const struct gang *gang);

/* False for files with nothing in them. */
bool gang_has_work(const struct gang *gang);

/* A station's command line, by which a unit there is looked for. */
struct cli *gang_cli(struct gang *gang, size_t n);

/* Whether a station takes part in the next rounds, as all do at first. */
void gang_take(struct gang *gang, size_t n, bool takes_part);
bool gang_takes(const struct gang *gang, size_t n);

/* Burns a unit at each station that takes part, and waits for all of them. */
void gang_round(struct gang *gang);

/* How the last unit of a station ended: 0 or a negative code with *error. */
int gang_result(const struct gang *gang, size_t n, const struct avrspi_error **error);

#endif
