/* SPDX-License-Identifier: MIT */
/*
 * The buses, each with SCK, MOSI and MISO, and the simulated AVRs on them in real time.
 *
 * The clock of a bus is the computer's: before anything happens on it, it catches up. A transfer
 * takes it ahead by its time on the wire, and the answer to the program waits until the
 * computer's clock is there too. So the next transfer on this bus begins where this one ends, and
 * one on another bus does not wait for it. With virtual time the computer's clock is taken to be
 * there at once.
 *
 * All chips on a bus see each byte; MISO has the bits of those that drive it. A driver that pulls
 * down is stronger than one that pulls up: of two that drive it, a 0 wins.
 */
#include "board.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "sim/sim.h"

struct bus {
    const struct bus_model *model;
    struct avrspi_sim *sim[BOARD_CHIPS]; /* the chips on it, all at the same time */
    unsigned n_sims;
    uint64_t now_ns;
    bool pulled_down; /* MISO, when nobody drives it */
};

struct wires {
    const struct options *options;
    struct avrspi_chips *chips; /* the definitions */
    struct bus bus[MODEL_BUSES];
    struct target *target[BOARD_CHIPS];
    uint64_t started_ns; /* when the time of the buses was 0 */
};

static int connect_chip(struct wires *wires, unsigned n, struct avrspi_error *error)
{
    const struct chip_options *options = &wires->options->chip[n];
    struct bus *bus = &wires->bus[options->bus];
    struct target *target = target_open(options, wires->chips, error);

    if (!target)
        return -1;
    wires->target[n] = target;
    bus->sim[bus->n_sims++] = target_sim(target);
    bus->pulled_down |= target_pulls_down(target);
    return 0;
}

struct wires *wires_open(const struct options *options, struct avrspi_error *error)
{
    struct wires *wires = calloc(1, sizeof *wires);

    if (!wires) {
        (void)avrspi_fail_memory(error);
        return NULL;
    }
    wires->options = options;
    for (unsigned n = 0; n < MODEL_BUSES; n++)
        wires->bus[n].model = &model_bus[n];
    if (avrspi_chips_open(&wires->chips, error) < 0 ||
        avrspi_chips_add_search_path(wires->chips, error) < 0)
        goto fail;
    for (unsigned n = 0; n < options->n_chips; n++) {
        if (connect_chip(wires, n, error) < 0)
            goto fail;
    }
    wires->started_ns = avrspi_clock_now();
    return wires;
fail:
    (void)wires_close(wires, NULL);
    return NULL;
}

int wires_close(struct wires *wires, struct avrspi_error *error)
{
    int result = 0;

    if (!wires)
        return 0;
    for (unsigned n = 0; n < BOARD_CHIPS; n++) {
        int saved = target_close(wires->target[n], result ? NULL : error);

        result = result ? result : saved;
    }
    avrspi_chips_close(wires->chips);
    free(wires);
    return result;
}

struct target *wires_target(struct wires *wires, unsigned n)
{
    return wires->target[n];
}

void wires_advance(struct wires *wires, unsigned bus, uint64_t ns)
{
    struct bus *on = &wires->bus[bus];

    for (unsigned n = 0; n < on->n_sims; n++)
        avrspi_sim_advance(on->sim[n], ns);
    on->now_ns += ns;
}

void wires_catch_up(struct wires *wires)
{
    uint64_t now = avrspi_clock_now() - wires->started_ns;

    for (unsigned n = 0; n < MODEL_BUSES && wires->options->virtual_time; n++) {
        if (wires->bus[n].now_ns > now) {
            wires->started_ns -= wires->bus[n].now_ns - now;
            now = wires->bus[n].now_ns;
        }
    }
    for (unsigned n = 0; n < MODEL_BUSES; n++) {
        if (wires->bus[n].now_ns < now)
            wires_advance(wires, n, now - wires->bus[n].now_ns);
    }
}

void wires_reset(struct wires *wires, unsigned chip, bool low)
{
    avrspi_sim_reset(target_sim(wires->target[chip]), low);
}

uint32_t wires_sck(const struct wires *wires, unsigned bus, uint32_t hz)
{
    const struct options *options = wires->options;
    uint32_t largest = wires->bus[bus].model->largest_divisor, sck;
    uint64_t divisor = ((uint64_t)options->core_hz + hz - 1) / hz;

    divisor += divisor % 2;
    if (divisor > largest)
        divisor = largest;
    sck = (uint32_t)(options->core_runs_hz / divisor);
    return sck ? sck : 1;
}

/* A byte that all chips see. */
static uint8_t move_byte(const struct bus *bus, uint8_t mosi, uint32_t hz)
{
    uint8_t miso = 0xFF, byte;
    bool driven = false;

    for (unsigned n = 0; n < bus->n_sims; n++) {
        avrspi_sim_transfer(bus->sim[n], &mosi, &byte, 1, hz);
        if (avrspi_sim_drives_miso(bus->sim[n])) {
            driven = true;
            miso &= byte;
        }
    }
    return !driven && bus->pulled_down ? 0x00 : miso;
}

void wires_transfer(struct wires *wires, unsigned bus, const uint8_t *out, uint8_t *in, size_t size,
                    uint32_t hz)
{
    struct bus *on = &wires->bus[bus];

    if (on->n_sims == 1) {
        avrspi_sim_transfer(on->sim[0], out, in, size, hz);
    } else {
        for (size_t n = 0; n < size; n++)
            in[n] = move_byte(on, out[n], hz);
    }
    if (on->n_sims > 0) {
        on->now_ns = avrspi_sim_now(on->sim[0]);
    } else {
        on->now_ns += (uint64_t)size * 8 * NS_PER_S / hz;
    }
}

uint64_t wires_due(struct wires *wires, unsigned bus)
{
    if (wires->options->virtual_time)
        wires_catch_up(wires);
    return wires->started_ns + wires->bus[bus].now_ns;
}
