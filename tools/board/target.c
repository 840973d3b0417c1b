/* SPDX-License-Identifier: MIT */
/*
 * The simulated AVR in real time.
 *
 * Its clock is the computer's: before anything happens to the chip it catches up. A transfer
 * takes it ahead by its time on the wire, and the answer to the program waits until the
 * computer's clock is there too; with virtual time the two are taken to be equal at once.
 */
#include "board.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "avrspi/chips.h"
#include "base/error.h"
#include "simhost/simhost.h"
#include "sim/sim.h"

struct target {
    struct avrspi_chips *chips;
    struct avrspi_sim_port port;
    struct avrspi_sim *sim;
    bool virtual_time;
    uint64_t started_ns;                /* when the simulation's time was 0 */
    uint64_t before[AVRSPI_VIOLATIONS]; /* violations of earlier runs, from the state file */
};

uint64_t clock_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static void free_target(struct target *target)
{
    free(target->sim);
    free(target->port.state);
    avrspi_chips_close(target->chips);
    free(target);
}

struct target *target_open(const struct options *options, struct avrspi_error *error)
{
    struct target *target = calloc(1, sizeof *target);

    if (!target) {
        (void)avrspi_fail_memory(error);
        return NULL;
    }
    target->virtual_time = options->virtual_time;
    if (avrspi_chips_open(&target->chips, error) < 0 ||
        avrspi_sim_port_parse(&target->port, options->target, target->chips, error) < 0 ||
        avrspi_sim_port_make(&target->port, &target->sim, error) < 0)
        goto fail;
    for (unsigned kind = 0; kind < AVRSPI_VIOLATIONS; kind++)
        target->before[kind] = avrspi_sim_violation(target->sim, (enum avrspi_sim_violation)kind);
    target->started_ns = clock_now();
    return target;
fail:
    free_target(target);
    return NULL;
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

void target_catch_up(struct target *target)
{
    uint64_t now = clock_now() - target->started_ns, sim_now = avrspi_sim_now(target->sim);

    if (now > sim_now) {
        avrspi_sim_advance(target->sim, now - sim_now);
    } else if (target->virtual_time) {
        target->started_ns -= sim_now - now;
    }
}

void target_reset(struct target *target, bool low)
{
    avrspi_sim_reset(target->sim, low);
}

void target_transfer(struct target *target, const uint8_t *out, uint8_t *in, size_t size,
                     uint32_t hz)
{
    avrspi_sim_transfer(target->sim, out, in, size, hz);
}

void target_advance(struct target *target, uint64_t ns)
{
    avrspi_sim_advance(target->sim, ns);
}

uint64_t target_due(struct target *target)
{
    if (target->virtual_time)
        target_catch_up(target);
    return target->started_ns + avrspi_sim_now(target->sim);
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

/* PREFIX KIND BETWEEN COUNT BEHIND, for every kind that occurred. */
struct row {
    const char *prefix, *between, *behind;
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
                                       row->between, count, row->behind);
        }
    }
}

void target_violation_text(const struct target *target, char *text, size_t size)
{
    static const struct row row = {.prefix = "", .between = " ", .behind = ""};

    list_violations(target, text, size, &row, ", ");
}

void target_violation_lines(const struct target *target, char *text, size_t size)
{
    static const struct row row = {.prefix = "violation.", .between = "=", .behind = "\n"};

    list_violations(target, text, size, &row, "");
}
