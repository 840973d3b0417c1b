/* SPDX-License-Identifier: MIT */
/* The kinds of link that the library has itself. */
#ifndef AVRSPI_SRC_LINK_LINK_H
#define AVRSPI_SRC_LINK_LINK_H

#include "avrspi/link.h"

enum avrspi_port_kind {
    AVRSPI_PORT_UNKNOWN,
    AVRSPI_PORT_SIM,
    AVRSPI_PORT_SPIDEV,
};

/* The kind of a port; *words is what follows "sim:", or the path of the device. */
enum avrspi_port_kind avrspi_port_split(const char *port, const char **words);

/* AVRSPI_ERR_USAGE: it is of no kind. */
int avrspi_port_fail(const char *port, struct avrspi_error *error);

/* /dev/spidev and a line of libgpiod. 'device' is the path. */
int avrspi_link_open_linux(struct avrspi_link **link, const char *device,
                           const struct avrspi_link_config *config, struct avrspi_error *error);

/* A simulated target. 'words' is what follows "sim:". */
int avrspi_link_open_sim(struct avrspi_link **link, const char *words,
                         const struct avrspi_link_config *config, struct avrspi_error *error);

#endif
