/* SPDX-License-Identifier: MIT */
/*
 * The devices of one SPI controller, which share SCK, MOSI and MISO, and the lock that keeps them
 * to one process: flock() on each /dev/spidevB.* that can be opened.
 */
#ifndef AVRSPI_SRC_LINK_SPI_BUS_H
#define AVRSPI_SRC_LINK_SPI_BUS_H

#include <sys/stat.h>

#include "link/spidev.h"

enum {
    AVRSPI_SPI_NODES = 32, /* N_SPI_MINORS of drivers/spi/spidev.c: there are no more in all */
};

struct avrspi_spi_node {
    struct avrspi_spidev spi;
    struct stat status;
    unsigned links; /* that use it */
};

struct avrspi_spi_bus {
    const char *folder; /* "/dev", or a test's */
    long number;        /* B of spidevB.C; -1: not known, the device is alone */
    struct stat device; /* that the bus was opened by */
    struct avrspi_spi_node node[AVRSPI_SPI_NODES];
    size_t n_nodes;
};

/*
 * Locks the bus of a device, lowest chip select first. The bus is found by the device itself,
 * whatever its path. Nodes that can't be opened are left out, except the device's own.
 * AVRSPI_ERR_DEVICE, and nothing is locked, when it can't be opened or another open file
 * description holds a node (which is named). 'folder' must outlive the bus.
 */
int avrspi_spi_bus_lock(struct avrspi_spi_bus *bus, const char *folder, const char *path,
                        struct avrspi_error *error);

/* Closes what is open, and so unlocks it. */
void avrspi_spi_bus_unlock(struct avrspi_spi_bus *bus);

/* Whether a device is on the bus. */
bool avrspi_spi_bus_has(const struct avrspi_spi_bus *bus, const char *path);

/* Gives a link a device of the bus; for the first link its mode is set. The bus keeps *spi; the
 * link gives it back by avrspi_spi_bus_release(). */
int avrspi_spi_bus_use(struct avrspi_spi_bus *bus, const char *path, struct avrspi_spidev **spi,
                       struct avrspi_error *error);

/* The last link of a device sets the mode that was found. */
void avrspi_spi_bus_release(struct avrspi_spi_bus *bus, const struct avrspi_spidev *spi);

#endif
