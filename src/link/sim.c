/* SPDX-License-Identifier: MIT */
/*
 * The "sim:" port: a simulated target behind the operations of a link.
 *
 * Its time is virtual: it passes by waiting and by transfers, and no faster or slower than the
 * program asks. With realtime=1 it follows the clock of the computer instead. The chip is
 * powered up when the port is opened; what it keeps without power is in the state file. It is on
 * a bus, alone or with the chips of other links: time and bytes are those of the bus.
 */
#include "link/link.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "link/bus.h"
#include "link/line.h"
#include "simhost/simhost.h"

struct sim_link {
    struct avrspi_sim_port port;
    struct avrspi_bus *bus;
    struct avrspi_sim_chip chip;
    uint32_t hz;
};

/* Locks the bus, and lets it catch up with the time that passed outside. */
static void begin(const struct sim_link *self)
{
    avrspi_bus_lock(self->bus);
    if (self->port.realtime)
        avrspi_sim_bus_advance_to(&self->bus->sim, avrspi_clock_now() - self->bus->started_ns);
}

/* Unlocks it, and sleeps until the time outside has caught up with the simulation. */
static void end(const struct sim_link *self)
{
    uint64_t until = self->bus->started_ns + self->bus->sim.now_ns;

    avrspi_bus_unlock(self->bus);
    if (self->port.realtime)
        avrspi_clock_sleep_until(until);
}

/* The clock of an idle Raspberry Pi 4 is 0.4 of the one that its driver reckons with. */
static uint32_t made_hz(const struct sim_link *self)
{
    const uint64_t awake_ns = (uint64_t)self->port.idle_ms * 1000000;

    return self->bus->sim.now_ns < awake_ns ? (self->hz - 1) / 5 * 2 + 1 : self->hz;
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
    begin(self);
    avrspi_sim_bus_advance(&self->bus->sim, (uint64_t)self->port.overhead_us * 1000);
    avrspi_sim_bus_transfer(&self->bus->sim, out, in, size, made_hz(self));
    end(self);
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
    begin(self);
    avrspi_sim_reset(self->chip.sim, active);
    avrspi_bus_unlock(self->bus);
    return 0;
}

/* The target's resistor decides, whatever the bias of the line would be. */
static int sim_sense_reset(void *link, bool held_only, enum avrspi_reset_pull *pull,
                           struct avrspi_error *error)
{
    struct sim_link *self = link;
    int pulls, periods;

    (void)error;
    begin(self);
    pulls = avrspi_sim_pulls_reset(self->chip.sim);
    periods = !held_only ? 2 : pulls < 0 ? 1 : 0;
    avrspi_sim_bus_advance(&self->bus->sim, (uint64_t)periods * AVRSPI_LINE_SETTLE_NS);
    end(self);
    *pull = pulls < 0   ? AVRSPI_RESET_PULLED_DOWN
            : held_only ? AVRSPI_RESET_PULL_UNKNOWN
            : pulls > 0 ? AVRSPI_RESET_PULLED_UP
                        : AVRSPI_RESET_NOT_PULLED;
    return 0;
}

static void sim_wait(void *link, uint64_t ns)
{
    struct sim_link *self = link;

    begin(self);
    avrspi_sim_bus_advance(&self->bus->sim, ns);
    end(self);
}

static uint64_t sim_now(const void *link)
{
    const struct sim_link *self = link;
    uint64_t now;

    if (self->port.realtime)
        return avrspi_clock_now();
    avrspi_bus_lock(self->bus);
    now = self->bus->sim.now_ns;
    avrspi_bus_unlock(self->bus);
    return now;
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
    uint64_t count;

    avrspi_bus_lock(self->bus);
    if (text && size) {
        *text = '\0';
        write_violations(self->chip.sim, text, size);
    }
    count = avrspi_sim_violations(self->chip.sim);
    avrspi_bus_unlock(self->bus);
    return count;
}

/* What is NULL is not there yet. */
static void free_link(struct sim_link *self)
{
    avrspi_bus_close(self->bus);
    free(self->port.state);
    free(self->chip.sim);
    free(self);
}

static void leave_bus(struct sim_link *self)
{
    avrspi_bus_lock(self->bus);
    avrspi_sim_bus_leave(&self->bus->sim, &self->chip);
    avrspi_bus_unlock(self->bus);
}

static int sim_close(void *link, struct avrspi_error *error)
{
    struct sim_link *self = link;
    int result;

    (void)sim_set_reset(self, false, NULL);
    leave_bus(self);
    result = avrspi_sim_port_save(&self->port, self->chip.sim, error);
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
    .close = sim_close,
    .violations = sim_violations,
    .sense_reset = sim_sense_reset,
};

static int join_bus(struct sim_link *self, struct avrspi_error *error)
{
    int result = 0;

    self->chip.reset = self->port.reset;
    avrspi_bus_lock(self->bus);
    if (*self->chip.reset && avrspi_sim_bus_find(&self->bus->sim, self->chip.reset))
        result = avrspi_fail(error, AVRSPI_ERR_USAGE,
                             "the reset line '%s' of bus '%s' is another target's",
                             self->chip.reset, self->port.bus);
    else
        avrspi_sim_bus_join(&self->bus->sim, &self->chip);
    avrspi_bus_unlock(self->bus);
    return result;
}

static int make_link(struct avrspi_link **link, struct sim_link *self, const char *port,
                     struct avrspi_error *error)
{
    char name[192];
    const struct avrspi_link_info info = {
        .size = sizeof info,
        .max_transfer = self->port.max_transfer,
        .port = port,
        .reset = self->port.reset,
        .name = name,
        .miso_pull = self->port.pull,
    };

    (void)snprintf(name, sizeof name, "simulated %s%s%s", self->port.config.chip->name,
                   *self->port.reset ? " + " : "", self->port.reset);
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
    if (result == 0)
        result = avrspi_sim_port_make(&self->port, &self->chip.sim, error);
    if (result == 0)
        result = avrspi_bus_for(&self->bus, config, error);
    if (result == 0)
        result = join_bus(self, error);
    if (result < 0)
        goto fail;
    result = make_link(link, self, config->port, error);
    if (result == 0)
        return 0;
    leave_bus(self);
fail:
    free_link(self);
    return result;
}
