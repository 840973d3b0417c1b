/* SPDX-License-Identifier: MIT */
/* A bus as its links see it. */
#ifndef AVRSPI_SRC_LINK_BUS_H
#define AVRSPI_SRC_LINK_BUS_H

#include <pthread.h>

#include "avrspi/link.h"
#include "link/port.h"
#include "link/spi_bus.h"
#include "link/wires.h"
#include "simhost/bus.h"

struct avrspi_bus {
    pthread_mutex_t mutex; /* for all below */
    unsigned users;        /* who opened it, and its links */
    char *port;            /* as it was opened */
    enum avrspi_port_kind kind;
    struct avrspi_sim_bus sim;     /* SIM */
    uint64_t started_ns;           /* avrspi_clock_now() when its time was 0 */
    struct avrspi_spi_bus spi;     /* SPIDEV */
    struct avrspi_wires *wires;    /* GPIO */
    struct avrspi_wires_cost cost; /* of their calls */
};

/* The bus of a configuration, to be given back by avrspi_bus_close(): the one it names, or one
 * that is opened. AVRSPI_ERR_USAGE when it names one that the port is not on. */
int avrspi_bus_for(struct avrspi_bus **bus, const struct avrspi_link_config *config,
                   struct avrspi_error *error);

void avrspi_bus_lock(struct avrspi_bus *bus);
void avrspi_bus_unlock(struct avrspi_bus *bus);

#endif
