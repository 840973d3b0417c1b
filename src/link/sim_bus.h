/* SPDX-License-Identifier: MIT */
/*
 * Simulated chips that share SCK, MOSI, MISO and time, each with a reset line of its own. Whoever
 * calls holds the lock of the bus.
 */
#ifndef AVRSPI_SRC_LINK_SIM_BUS_H
#define AVRSPI_SRC_LINK_SIM_BUS_H

#include "sim/sim.h"

/* A chip on the bus; belongs to its link. */
struct avrspi_sim_chip {
    struct avrspi_sim *sim;
    const char *reset; /* the name of its line, "" for none */
    struct avrspi_sim_chip *next;
};

struct avrspi_sim_bus {
    struct avrspi_sim_chip *first;
    uint64_t now_ns;     /* the time of all its chips */
    uint64_t started_ns; /* avrspi_clock_now() when that was 0 */
};

/* The chip on the bus that has a reset line; NULL: none. */
const struct avrspi_sim_chip *avrspi_sim_bus_find(const struct avrspi_sim_bus *bus,
                                                  const char *reset);

/* Puts a chip, just powered, on the bus, or takes it off. */
void avrspi_sim_bus_join(struct avrspi_sim_bus *bus, struct avrspi_sim_chip *chip);
void avrspi_sim_bus_leave(struct avrspi_sim_bus *bus, const struct avrspi_sim_chip *chip);

/* Lets time pass for all chips. */
void avrspi_sim_bus_advance(struct avrspi_sim_bus *bus, uint64_t ns);

/* Lets time pass until that of the computer's clock. */
void avrspi_sim_bus_follow_clock(struct avrspi_sim_bus *bus);

/* Moves bytes that every chip hears. 'in' receives what those that drive MISO say together (a 0
 * wins), or what a MISO that nobody drives reads on the board of 'chip'. */
void avrspi_sim_bus_transfer(struct avrspi_sim_bus *bus, const struct avrspi_sim_chip *chip,
                             const uint8_t *out, uint8_t *in, size_t size, uint32_t hz);

#endif
