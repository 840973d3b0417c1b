/* SPDX-License-Identifier: MIT */
/* A simulated AVR: made, saved, and its violations. */
#include "board.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "avrspi/chips.h"
#include "base/error.h"
#include "simhost/simhost.h"
#include "sim/sim.h"

struct target {
    struct avrspi_sim_port port;
    struct avrspi_sim *sim;
    uint64_t before[AVRSPI_VIOLATIONS]; /* violations of earlier runs, from the state file */
};

static void free_target(struct target *target)
{
    free(target->sim);
    free(target->port.state);
    free(target);
}

struct target *target_open(const struct chip_options *options, const struct avrspi_chips *chips,
                           struct avrspi_error *error)
{
    struct target *target = calloc(1, sizeof *target);

    if (!target) {
        (void)avrspi_fail_memory(error);
        return NULL;
    }
    if (avrspi_sim_port_parse(&target->port, options->words, chips, error) < 0 ||
        avrspi_sim_port_make(&target->port, &target->sim, error) < 0) {
        free_target(target);
        return NULL;
    }
    for (unsigned kind = 0; kind < AVRSPI_VIOLATIONS; kind++)
        target->before[kind] = avrspi_sim_violation(target->sim, (enum avrspi_sim_violation)kind);
    return target;
}

int target_close(struct target *target, struct avrspi_error *error)
{
    int result;

    if (!target)
        return 0;
    /* a board keeps its power when the program has ended: a write under way is finished */
    avrspi_sim_advance(target->sim, NS_PER_S);
    result = avrspi_sim_port_save(&target->port, target->sim, error);
    free_target(target);
    return result;
}

struct avrspi_sim *target_sim(struct target *target)
{
    return target->sim;
}

void target_clock(struct target *target, uint32_t hz)
{
    avrspi_sim_feed(target->sim, hz);
}

int target_pulls_reset(const struct target *target)
{
    return avrspi_sim_pulls_reset(target->sim);
}

const char *target_name(const struct target *target)
{
    return target->port.config.chip->name;
}

static uint64_t violations_of(const struct target *target, unsigned kind)
{
    return avrspi_sim_violation(target->sim, (enum avrspi_sim_violation)kind) -
           target->before[kind];
}

uint64_t target_violations(const struct target *target)
{
    uint64_t all = 0;

    for (unsigned kind = 0; kind < AVRSPI_VIOLATIONS; kind++)
        all += violations_of(target, kind);
    return all;
}

uint64_t target_trials(const struct target *target)
{
    return avrspi_sim_trials(target->sim);
}

/* PREFIX KIND BETWEEN COUNT AFTER, for every kind that occurred. */
struct row {
    const char *prefix, *between, *after;
};

static void list_violations(const struct target *target, char *text, size_t size,
                            const struct row *row, const char *separator)
{
    size_t length = 0;

    *text = '\0';
    for (unsigned kind = 0; kind < AVRSPI_VIOLATIONS && length < size; kind++) {
        uint64_t count = violations_of(target, kind);

        if (count) {
            length += (size_t)snprintf(text + length, size - length, "%s%s%s%s%" PRIu64 "%s",
                                       length ? separator : "", row->prefix,
                                       avrspi_sim_violation_name((enum avrspi_sim_violation)kind),
                                       row->between, count, row->after);
        }
    }
}

void target_violation_text(const struct target *target, char *text, size_t size)
{
    static const struct row row = {.prefix = "", .between = " ", .after = ""};

    list_violations(target, text, size, &row, ", ");
}

void target_violation_lines(const struct target *target, const char *prefix, char *text,
                            size_t size)
{
    char start[64];
    const struct row row = {.prefix = start, .between = "=", .after = "\n"};

    (void)snprintf(start, sizeof start, "%sviolation.", prefix);
    list_violations(target, text, size, &row, "");
}
