/* SPDX-License-Identifier: MIT */
/*
 * The "sim:" port: a simulated target behind the operations of a link.
 *
 * Its time is virtual: it passes by waiting and by transfers, and no faster or slower than the
 * program asks. With realtime=1 it follows the clock of the computer instead. The chip is
 * powered up when the port is opened; what it keeps without power is in the state file.
 */
#include "link/link.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "simhost/simhost.h"

struct sim_link {
    struct avrspi_sim_port port;
    struct avrspi_sim *sim;
    uint64_t started_ns; /* realtime: when the simulation's time was 0 */
    uint32_t hz;
};

/* Lets the simulation catch up with the time that passed outside. */
static void follow_clock(const struct sim_link *self)
{
    uint64_t now, sim_now = avrspi_sim_now(self->sim);

    if (!self->port.realtime)
        return;
    now = avrspi_clock_now() - self->started_ns;
    if (now > sim_now)
        avrspi_sim_advance(self->sim, now - sim_now);
}

/* Sleeps until the time outside has caught up with the simulation. */
static void sleep_for_clock(const struct sim_link *self)
{
    if (self->port.realtime)
        avrspi_clock_sleep_until(self->started_ns + avrspi_sim_now(self->sim));
}

static int sim_transfer(void *link, const uint8_t *out, uint8_t *in, size_t size,
                        struct avrspi_error *error)
{
    struct sim_link *self = link;

    if (size > self->port.max_transfer) {
        return avrspi_fail(error, AVRSPI_ERR_DEVICE,
                           "expected at most %u bytes in a transfer, found %zu",
                           (unsigned)self->port.max_transfer, size);
    }
    follow_clock(self);
    avrspi_sim_advance(self->sim, (uint64_t)self->port.overhead_us * 1000);
    avrspi_sim_transfer(self->sim, out, in, size, self->hz);
    sleep_for_clock(self);
    return 0;
}

static int sim_set_speed(void *link, uint32_t hz, uint32_t *actual, struct avrspi_error *error)
{
    struct sim_link *self = link;

    (void)error;
    self->hz = hz;
    *actual = hz;
    return 0;
}

static int sim_set_reset(void *link, bool active, struct avrspi_error *error)
{
    struct sim_link *self = link;

    (void)error;
    follow_clock(self);
    avrspi_sim_reset(self->sim, active);
    return 0;
}

static void sim_wait(void *link, uint64_t ns)
{
    struct sim_link *self = link;

    follow_clock(self);
    avrspi_sim_advance(self->sim, ns);
    sleep_for_clock(self);
}

static uint64_t sim_now(const void *link)
{
    const struct sim_link *self = link;

    return self->port.realtime ? avrspi_clock_now() : avrspi_sim_now(self->sim);
}

/* "KIND N, KIND N", cut at a kind when there is no room for all. */
static void write_violations(const struct avrspi_sim *sim, char *text, size_t size)
{
    size_t used = 0;

    for (unsigned kind = 0; kind < AVRSPI_VIOLATIONS; kind++) {
        uint64_t count = avrspi_sim_violation(sim, (enum avrspi_sim_violation)kind);
        char word[64];
        int length;

        if (count == 0)
            continue;
        length = snprintf(word, sizeof word, "%s%s %" PRIu64, used ? ", " : "",
                          avrspi_sim_violation_name((enum avrspi_sim_violation)kind), count);
        if (used + (size_t)length >= size)
            return;
        memcpy(text + used, word, (size_t)length + 1);
        used += (size_t)length;
    }
}

static uint64_t sim_violations(const void *link, char *text, size_t size)
{
    const struct sim_link *self = link;

    if (text && size) {
        *text = '\0';
        write_violations(self->sim, text, size);
    }
    return avrspi_sim_violations(self->sim);
}

static void free_link(struct sim_link *self)
{
    free(self->port.state);
    free(self->sim);
    free(self);
}

static int sim_close(void *link, struct avrspi_error *error)
{
    struct sim_link *self = link;
    int result;

    (void)sim_set_reset(self, false, NULL);
    result = avrspi_sim_port_save(&self->port, self->sim, error);
    free_link(self);
    return result;
}

static const struct avrspi_link_ops sim_ops = {
    .size = sizeof sim_ops,
    .transfer = sim_transfer,
    .set_speed = sim_set_speed,
    .set_reset = sim_set_reset,
    .wait = sim_wait,
    .now = sim_now,
    .violations = sim_violations,
    .close = sim_close,
};

static int make_link(struct avrspi_link **link, struct sim_link *self, const char *port,
                     struct avrspi_error *error)
{
    char name[128];
    const struct avrspi_link_info info = {
        .size = sizeof info,
        .max_transfer = self->port.max_transfer,
        .port = port,
        .name = name,
    };

    (void)snprintf(name, sizeof name, "simulated %s", self->port.config.chip->name);
    return avrspi_link_new(link, &sim_ops, self, &info, error);
}

int avrspi_link_open_sim(struct avrspi_link **link, const char *words,
                         const struct avrspi_link_config *config, struct avrspi_error *error)
{
    struct sim_link *self = calloc(1, sizeof *self);
    int result;

    if (!self)
        return avrspi_fail_memory(error);
    result = avrspi_sim_port_parse(&self->port, words, config->chips, error);
    if (result < 0)
        goto fail;
    result = avrspi_sim_port_make(&self->port, &self->sim, error);
    if (result < 0)
        goto fail;
    self->started_ns = avrspi_clock_now();
    result = make_link(link, self, config->port, error);
    if (result < 0)
        goto fail;
    return 0;
fail:
    free_link(self);
    return result;
}
