/* SPDX-License-Identifier: MIT */
/* A port as its user writes it, in one spelling. */
#ifndef AVRSPI_SRC_LINK_PORT_H
#define AVRSPI_SRC_LINK_PORT_H

#include <limits.h>
#include <stdbool.h>

#include "link/line.h"

enum avrspi_port_kind {
    AVRSPI_PORT_SIM,
    AVRSPI_PORT_SPIDEV,
    AVRSPI_PORT_GPIO,
};

enum avrspi_wire {
    AVRSPI_WIRE_SCK,
    AVRSPI_WIRE_MOSI,
    AVRSPI_WIRE_MISO,
    AVRSPI_WIRES,
};

struct avrspi_port {
    enum avrspi_port_kind kind;
    const char *words;     /* SIM: what follows "sim:", in the text that was parsed */
    char device[PATH_MAX]; /* SPIDEV: the path of the device */
    char line[80];         /* SPIDEV: a reset line that the port names, "gpiochip0:25"; "gpiochip0:"
                              for a line of that chip; "" for none */
    struct avrspi_line_words wire[AVRSPI_WIRES]; /* GPIO */
};

/*
 * Parses "sim:CHIP...", a path, "spidev0.0" for a device in /dev, each device with or without
 * "spi:" before it, and, as avrdude has it, with ":/dev/gpiochip0" or ":/dev/gpiochip0:25" after
 * it, and "gpio:sck=LINE,mosi=LINE,miso=LINE". AVRSPI_ERR_USAGE for any other text,
 * AVRSPI_ERR_DEVICE for a serial port.
 */
int avrspi_port_parse(struct avrspi_port *port, const char *text, struct avrspi_error *error);

/* Whether the port names a reset line, not its chip alone. */
bool avrspi_port_has_line(const struct avrspi_port *port);

/* Parses the reset line of a port: 'reset' (NULL: the port's own), with the chip that the port
 * names where it is a number. AVRSPI_ERR_USAGE, also where neither names one. */
int avrspi_port_parse_reset(struct avrspi_line_words *words, const struct avrspi_port *port,
                            const char *reset, struct avrspi_error *error);

/* Parses what follows "gpio:". The keys come in any order, each once; a LINE is written as that of
 * RESET, by its name or by chip and offset, without options. AVRSPI_ERR_USAGE. */
int avrspi_port_parse_wires(struct avrspi_line_words wires[AVRSPI_WIRES], const char *text,
                            struct avrspi_error *error);

#endif
