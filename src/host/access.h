/* SPDX-License-Identifier: MIT */
/* What to do where a device's node may not be opened, by its owner, group and mode as they are. */
#ifndef AVRSPI_SRC_HOST_ACCESS_H
#define AVRSPI_SRC_HOST_ACCESS_H

#include <sys/stat.h>

#include "avrspi/error.h"

/* The nodes of one kind of device. */
struct avrspi_host_nodes {
    const char *group; /* that they mostly belong to, "spi" */
    const char *rule;  /* what udev calls them, "SUBSYSTEM==\"spidev\"" */
};

extern const struct avrspi_host_nodes avrspi_host_spidev_nodes, avrspi_host_gpiochip_nodes;

/* Gives an error, filled, the hint for a node that was not permitted. */
void avrspi_host_hint_access(const struct avrspi_host_nodes *nodes, const char *path,
                             struct avrspi_error *error);

/* The same with what stat() says of the node; NULL: nothing. */
void avrspi_host_hint_status(const struct avrspi_host_nodes *nodes, const char *path,
                             const struct stat *status, struct avrspi_error *error);

#endif
