/* SPDX-License-Identifier: MIT */
#include "link/sim_bus.h"

#include <string.h>

#include "base/clock.h"

const struct avrspi_sim_chip *avrspi_sim_bus_find(const struct avrspi_sim_bus *bus,
                                                  const char *reset)
{
    for (const struct avrspi_sim_chip *chip = bus->first; chip; chip = chip->next)
        if (strcmp(chip->reset, reset) == 0)
            return chip;
    return NULL;
}

void avrspi_sim_bus_join(struct avrspi_sim_bus *bus, struct avrspi_sim_chip *chip)
{
    if (!bus->started_ns)
        bus->started_ns = avrspi_clock_now();
    avrspi_sim_advance(chip->sim, bus->now_ns);
    chip->next = bus->first;
    bus->first = chip;
}

void avrspi_sim_bus_leave(struct avrspi_sim_bus *bus, const struct avrspi_sim_chip *chip)
{
    struct avrspi_sim_chip **at = &bus->first;

    while (*at && *at != chip)
        at = &(*at)->next;
    if (*at)
        *at = chip->next;
}

void avrspi_sim_bus_advance(struct avrspi_sim_bus *bus, uint64_t ns)
{
    bus->now_ns += ns;
    for (const struct avrspi_sim_chip *chip = bus->first; chip; chip = chip->next)
        avrspi_sim_advance(chip->sim, ns);
}

void avrspi_sim_bus_follow_clock(struct avrspi_sim_bus *bus)
{
    uint64_t now = avrspi_clock_now() - bus->started_ns;

    if (now > bus->now_ns)
        avrspi_sim_bus_advance(bus, now - bus->now_ns);
}

static uint8_t move_byte(const struct avrspi_sim_bus *bus, const struct avrspi_sim_chip *own,
                         uint8_t out, uint32_t hz)
{
    uint8_t undriven = 0xFF, driven = 0xFF;
    bool drives = false;

    for (const struct avrspi_sim_chip *chip = bus->first; chip; chip = chip->next) {
        uint8_t miso;

        avrspi_sim_transfer(chip->sim, &out, &miso, 1, hz);
        if (chip == own)
            undriven = miso;
        if (avrspi_sim_drives_miso(chip->sim)) {
            drives = true;
            driven &= miso;
        }
    }
    return drives ? driven : undriven;
}

void avrspi_sim_bus_transfer(struct avrspi_sim_bus *bus, const struct avrspi_sim_chip *chip,
                             const uint8_t *out, uint8_t *in, size_t size, uint32_t hz)
{
    if (!bus->first->next)
        avrspi_sim_transfer(chip->sim, out, in, size, hz);
    else
        for (size_t n = 0; n < size; n++)
            in[n] = move_byte(bus, chip, out[n], hz);
    bus->now_ns = avrspi_sim_now(chip->sim);
}
