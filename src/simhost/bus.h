/* SPDX-License-Identifier: MIT */
/*
 * Simulated chips that share SCK, MOSI, MISO and time, each with a reset line of its own: those of
 * the links to one bus, and those on a bus of the virtual board. Whoever calls holds the lock of
 * the bus, where it has one.
 */
#ifndef AVRSPI_SRC_SIMHOST_BUS_H
#define AVRSPI_SRC_SIMHOST_BUS_H

#include "sim/sim.h"

/* A chip on the bus; belongs to whoever put it there. */
struct avrspi_sim_chip {
    struct avrspi_sim *sim;
    const char *reset; /* the name of its line, "" for none */
    struct avrspi_sim_chip *next;
};

/* All 0 is a bus without chips. */
struct avrspi_sim_bus {
    struct avrspi_sim_chip *first;
    uint64_t now_ns; /* the time of all its chips */
};

/* The chip on the bus that has a reset line; NULL: none. */
const struct avrspi_sim_chip *avrspi_sim_bus_find(const struct avrspi_sim_bus *bus,
                                                  const char *reset);

/* Puts a chip, just powered, on the bus, or takes it off. */
void avrspi_sim_bus_join(struct avrspi_sim_bus *bus, struct avrspi_sim_chip *chip);
void avrspi_sim_bus_leave(struct avrspi_sim_bus *bus, const struct avrspi_sim_chip *chip);

/* Lets time pass for all chips; so long, or until then. */
void avrspi_sim_bus_advance(struct avrspi_sim_bus *bus, uint64_t ns);
void avrspi_sim_bus_advance_to(struct avrspi_sim_bus *bus, uint64_t now_ns);

/*
 * Moves bytes that every chip sees. 'in' receives what those that drive MISO say together: a driver
 * that pulls down is stronger than one that pulls up, so that a 0 wins. While nobody drives it, it
 * reads 0x00 where one of the boards pulls it down, else 0xFF.
 */
void avrspi_sim_bus_transfer(struct avrspi_sim_bus *bus, const uint8_t *out, uint8_t *in,
                             size_t size, uint32_t hz);

#endif
