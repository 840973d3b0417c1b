/* SPDX-License-Identifier: MIT */
/*
 * The buses, each with SCK, MOSI and MISO, and the simulated AVRs on them in real time.
 *
 * The clock of a bus is the computer's: before anything happens on it, it catches up. A transfer
 * takes it ahead by its time on the wire, and the answer to the program waits until the
 * computer's clock is there too. So the next transfer on this bus begins where this one ends, and
 * one on another bus does not wait for it. After a transfer that takes no real time the computer's
 * clock is taken to be there at once.
 */
#include "board.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "simhost/bus.h"

enum {
    BUSES = MODEL_BUSES + 1, /* the last has the chips that are on no controller's lines */
};

struct wires {
    const struct options *options;
    struct avrspi_chips *chips; /* the definitions */
    struct avrspi_sim_bus bus[BUSES];
    struct target *target[BOARD_CHIPS];
    struct avrspi_sim_chip chip[BOARD_CHIPS]; /* the targets, on their buses */
    uint64_t started_ns;                      /* when the time of the buses was 0 */
};

static int connect_chip(struct wires *wires, unsigned n, struct avrspi_error *error)
{
    const struct chip_options *options = &wires->options->chip[n];

    wires->target[n] = target_open(options, wires->chips, error);
    if (!wires->target[n])
        return -1;
    wires->chip[n] = (struct avrspi_sim_chip){.sim = target_sim(wires->target[n]), .reset = ""};
    avrspi_sim_bus_join(&wires->bus[options->bus], &wires->chip[n]);
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
    avrspi_sim_bus_advance(&wires->bus[bus], ns);
}

void wires_catch_up(struct wires *wires)
{
    uint64_t now = avrspi_clock_now() - wires->started_ns;

    for (unsigned n = 0; n < BUSES && wires->options->virtual_bytes; n++) {
        if (wires->bus[n].now_ns > now) {
            wires->started_ns -= wires->bus[n].now_ns - now;
            now = wires->bus[n].now_ns;
        }
    }
    for (unsigned n = 0; n < BUSES; n++)
        avrspi_sim_bus_advance_to(&wires->bus[n], now);
}

void wires_clock(struct wires *wires, uint32_t hz)
{
    wires_catch_up(wires);
    target_clock(wires->target[0], hz);
}

void wires_reset(struct wires *wires, unsigned chip, bool low)
{
    avrspi_sim_reset(target_sim(wires->target[chip]), low);
}

void wires_pins(struct wires *wires, unsigned chip, bool sck, bool mosi)
{
    avrspi_sim_pins(target_sim(wires->target[chip]), sck, mosi);
}

bool wires_miso(const struct wires *wires, unsigned chip, bool *high)
{
    const struct avrspi_sim *sim = target_sim(wires->target[chip]);

    *high = avrspi_sim_miso(sim);
    return avrspi_sim_drives_miso(sim);
}

uint32_t wires_sck(const struct wires *wires, unsigned bus, uint32_t hz)
{
    const struct options *options = wires->options;
    const struct bus_model *model = options_bus(options, bus);
    uint32_t sck;
    uint64_t divisor = ((uint64_t)options->core_hz + hz - 1) / hz;

    divisor += divisor % 2;
    if (divisor > model->largest_divisor)
        divisor = model->wraps ? divisor & 0xFFFE : model->largest_divisor;
    sck = divisor ? (uint32_t)(options->core_runs_hz / divisor) : 0;
    return sck ? sck : 1;
}

void wires_transfer(struct wires *wires, unsigned bus, const uint8_t *out, uint8_t *in, size_t size,
                    uint32_t hz)
{
    avrspi_sim_bus_transfer(&wires->bus[bus], out, in, size, hz);
}

uint64_t wires_due(struct wires *wires, unsigned bus, size_t size)
{
    if (size <= wires->options->virtual_bytes)
        wires_catch_up(wires);
    return wires->started_ns + wires->bus[bus].now_ns;
}
