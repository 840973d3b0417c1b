/* SPDX-License-Identifier: MIT */
#include "simhost/bus.h"

#include <string.h>

#define NS_PER_S UINT64_C(1000000000)

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

void avrspi_sim_bus_advance_to(struct avrspi_sim_bus *bus, uint64_t now_ns)
{
    if (now_ns > bus->now_ns)
        avrspi_sim_bus_advance(bus, now_ns - bus->now_ns);
}

/* A byte that all chips see. */
static uint8_t move_byte(const struct avrspi_sim_bus *bus, uint8_t mosi, uint32_t hz)
{
    uint8_t driven = 0xFF, pulled = 0xFF;
    bool drives = false;

    for (const struct avrspi_sim_chip *chip = bus->first; chip; chip = chip->next) {
        uint8_t miso;

        avrspi_sim_transfer(chip->sim, &mosi, &miso, 1, hz);
        if (avrspi_sim_drives_miso(chip->sim)) {
            drives = true;
            driven &= miso;
        } else {
            pulled &= miso;
        }
    }
    return drives ? driven : pulled;
}

void avrspi_sim_bus_transfer(struct avrspi_sim_bus *bus, const uint8_t *out, uint8_t *in,
                             size_t size, uint32_t hz)
{
    const struct avrspi_sim_chip *first = bus->first;

    if (first && !first->next)
        avrspi_sim_transfer(first->sim, out, in, size, hz);
    else
        for (size_t n = 0; n < size; n++)
            in[n] = move_byte(bus, out[n], hz);
    bus->now_ns =
        first ? avrspi_sim_now(first->sim) : bus->now_ns + (uint64_t)size * 8 * NS_PER_S / hz;
}
