/* SPDX-License-Identifier: MIT */
/*
 * The link over any four GPIO lines, by three system calls a bit: SCK falls while MOSI changes, SCK
 * rises, MISO is read. All of them are needed: each echo is looked at.
 *
 * An edge takes place somewhere within its call. So the time from the end of the call that made one
 * edge to the beginning of the call for the next is what a level of SCK lasts at least; it is never
 * shorter than half a period of the SCK that was asked for. What SCK comes to is computed from that
 * and from how long the calls take, and can be much less.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "link/bus.h"
#include "link/line.h"
#include "link/link.h"
#include "link/wires.h"

#define HALF_S UINT64_C(500000000) /* in nanoseconds */

enum {
    RISEN_NS = 1000000, /* as long as the pulse of a session */
    MAX_TRANSFER =
        1024,         /* a call costs nothing beside its bits: short ones end soon after a signal */
    SPIN_NS = 200000, /* so long before its time a level is waited for without sleeping */
};

struct gpio_link {
    struct avrspi_bus *bus;
    struct avrspi_line *line; /* RESET */
    uint64_t half_ns;         /* of the period of SCK */
};

/* --- the wire */

/* Sleeping takes longer than was asked for, which makes SCK slower only. */
static void wait_until(uint64_t ns)
{
    uint64_t now = avrspi_clock_now();

    if (ns > now + SPIN_NS)
        avrspi_clock_sleep_until(ns - SPIN_NS / 2);
    while (avrspi_clock_now() < ns)
        continue;
}

/* Sets SCK and MOSI, and lets SCK stay so; 'in' (or NULL) takes MISO meanwhile. */
static bool make_level(const struct gpio_link *link, bool sck, bool mosi, int *in)
{
    uint64_t edge_ns;

    if (!avrspi_wires_set(link->bus->wires, sck, mosi))
        return false;
    edge_ns = avrspi_clock_now();
    if (in) {
        *in = avrspi_wires_get(link->bus->wires);
        if (*in < 0)
            return false;
    }
    wait_until(edge_ns + link->half_ns);
    return true;
}

static bool move_byte(const struct gpio_link *link, uint8_t out, uint8_t *in)
{
    unsigned byte = 0;

    for (unsigned bit = 0x80; bit; bit >>= 1) {
        int level;

        if (!make_level(link, false, out & bit, NULL) || !make_level(link, true, out & bit, &level))
            return false;
        byte = byte << 1 | (unsigned)level;
    }
    *in = (uint8_t)byte;
    return true;
}

static int gpio_transfer(void *self, const uint8_t *out, uint8_t *in, size_t size,
                         struct avrspi_error *error)
{
    const struct gpio_link *link = self;
    const bool last = size && out[size - 1] & 1; /* 'in' may be 'out' */
    bool moved = true;

    avrspi_bus_lock(link->bus);
    for (size_t n = 0; n < size && moved; n++)
        moved = move_byte(link, out[n], &in[n]);
    /* SCK rests low: DS 'Serial Programming Algorithm' has it so when RESET moves */
    if (moved)
        moved = avrspi_wires_set(link->bus->wires, false, last);
    avrspi_bus_unlock(link->bus);
    return moved ? 0 : avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't drive SCK and read MISO");
}

/* The SCK that comes of waiting and of calls, in Hz. */
static uint32_t made_hz(const struct gpio_link *link)
{
    const struct avrspi_wires_cost *cost = &link->bus->cost;
    uint64_t high_ns = link->half_ns > cost->get_ns ? link->half_ns : cost->get_ns;
    uint64_t hz = 2 * HALF_S / (2 * cost->set_ns + link->half_ns + high_ns);

    return hz ? (uint32_t)hz : 1;
}

static int gpio_set_speed(void *self, uint32_t hz, uint32_t *actual, struct avrspi_error *error)
{
    struct gpio_link *link = self;

    (void)error;
    link->half_ns = (HALF_S + hz - 1) / hz;
    *actual = made_hz(link);
    return 0;
}

/* --- the other operations */

static int gpio_set_reset(void *self, bool active, struct avrspi_error *error)
{
    struct gpio_link *link = self;

    return avrspi_line_set(link->line, active, error);
}

static int gpio_sense_reset(void *self, bool held_only, enum avrspi_reset_pull *pull,
                            struct avrspi_error *error)
{
    struct gpio_link *link = self;

    return avrspi_line_sense(link->line, held_only, pull, error);
}

static int gpio_close(void *self, struct avrspi_error *error)
{
    struct gpio_link *link = self;
    int result = avrspi_line_close(link->line, error);

    /* SCK and MOSI stay low until RESET has risen */
    avrspi_bus_close(link->bus);
    free(link);
    return result;
}

static const struct avrspi_link_ops gpio_ops = {
    .size = sizeof gpio_ops,
    .transfer = gpio_transfer,
    .set_speed = gpio_set_speed,
    .set_reset = gpio_set_reset,
    .wait = avrspi_link_real_wait,
    .now = avrspi_link_real_now,
    .close = gpio_close,
    .sense_reset = gpio_sense_reset,
};

/* --- opening it */

static int make_link(struct avrspi_link **link, struct gpio_link *self, bool active_high,
                     bool open_drain, struct avrspi_error *error)
{
    const struct avrspi_wires *wires = self->bus->wires;
    const char *line = avrspi_line_name(self->line);
    char port[320], name[480], note[256], identity[480];
    const struct avrspi_link_info info = {
        .size = sizeof info,
        .max_transfer = MAX_TRANSFER,
        .port = port,
        .reset = line,
        .name = name,
        .note = note,
        .identity = identity,
        .active_high = active_high,
        .open_drain = open_drain,
        .miso_pull = avrspi_wires_miso_pull(wires),
        .slowest_hz = 1,
        .fastest_hz = made_hz(self), /* no level lasts longer than its calls yet */
        .keeps_sck = true,
    };

    (void)snprintf(
        port, sizeof port, "gpio:sck=%s,mosi=%s,miso=%s", avrspi_wires_name(wires, AVRSPI_WIRE_SCK),
        avrspi_wires_name(wires, AVRSPI_WIRE_MOSI), avrspi_wires_name(wires, AVRSPI_WIRE_MISO));
    (void)snprintf(name, sizeof name, "%s + %s", port, line);
    (void)snprintf(identity, sizeof identity, "gpio %s %s %s %s",
                   avrspi_wires_key(wires, AVRSPI_WIRE_SCK),
                   avrspi_wires_key(wires, AVRSPI_WIRE_MOSI),
                   avrspi_wires_key(wires, AVRSPI_WIRE_MISO), avrspi_line_key(self->line));
    (void)avrspi_line_say_left(self->line, note, sizeof note);
    return avrspi_link_new(link, &gpio_ops, self, &info, error);
}

/* A line that is RESET and a wire would be busy, held by avrspi itself. */
static int check_reset(const struct avrspi_bus *bus, const struct avrspi_port *port,
                       const struct avrspi_line_words *words, struct avrspi_error *error)
{
    struct avrspi_line_found found;
    int result = avrspi_line_find(&found, words, error);

    if (result < 0)
        return result;
    avrspi_line_drop(&found);
    for (unsigned n = 0; n < AVRSPI_WIRES; n++) {
        if (strcmp(avrspi_wires_key(bus->wires, (enum avrspi_wire)n), found.names.key) != 0)
            continue;
        avrspi_fail(error, AVRSPI_ERR_USAGE, "the %s and the reset line are the same, '%s'",
                    port->wire[n].use->name, found.names.key);
        avrspi_hint(error, "each wire to the target has a line of its own");
        avrspi_advise(error, AVRSPI_ADVICE_RESET_LINE, NULL);
        return AVRSPI_ERR_USAGE;
    }
    return 0;
}

int avrspi_link_open_gpio(struct avrspi_link **link, const struct avrspi_port *port,
                          const struct avrspi_link_config *config, struct avrspi_error *error)
{
    struct avrspi_line_words words;
    struct gpio_link *self;
    int result = avrspi_port_parse_reset(&words, port, config->reset, error);

    if (result < 0)
        return result;
    self = calloc(1, sizeof *self);
    if (!self)
        return avrspi_fail_memory(error);
    result = avrspi_bus_for(&self->bus, config, error);
    if (result < 0)
        goto free_self;
    result = check_reset(self->bus, port, &words, error);
    if (result == 0)
        result = avrspi_line_open(&self->line, &words, error);
    if (result < 0)
        goto close_bus;
    /* whoever enters takes RESET to have been high since long ago */
    if (avrspi_line_was_active(self->line))
        avrspi_link_real_wait(self, RISEN_NS);
    result = make_link(link, self, words.active_high, words.open_drain, error);
    if (result == 0)
        return 0;
    (void)avrspi_line_close(self->line, NULL);
close_bus:
    avrspi_bus_close(self->bus);
free_self:
    free(self);
    return result;
}
