/* SPDX-License-Identifier: MIT */
/* SCK, MOSI and MISO as GPIO lines. */
#ifndef AVRSPI_SRC_LINK_WIRES_H
#define AVRSPI_SRC_LINK_WIRES_H

#include <stdbool.h>
#include <stdint.h>

#include "link/find.h"
#include "link/port.h"

struct avrspi_wires;

struct avrspi_wires_cost {
    uint64_t set_ns, get_ns; /* of a call that sets SCK and MOSI, and of one that reads MISO */
};

/*
 * Requests the lines of a port, SCK and MOSI as outputs, low: those of one chip together, as far as
 * the kernel's interface allows. AVRSPI_ERR_DEVICE when one does not exist, is held by somebody
 * (who is named), is a wire of an SPI bus that is enabled, or is not permitted; AVRSPI_ERR_USAGE
 * when two are the same line. The caller closes *wires.
 */
int avrspi_wires_open(struct avrspi_wires **wires,
                      const struct avrspi_line_words words[AVRSPI_WIRES],
                      struct avrspi_error *error);

/* What a wire's line is called, and its chip and offset, "gpiochip0:11". They belong to the wires.
 */
const char *avrspi_wires_name(const struct avrspi_wires *wires, enum avrspi_wire wire);
const char *avrspi_wires_key(const struct avrspi_wires *wires, enum avrspi_wire wire);

/* What MISO does while nobody drives it: 1 is pulled up, -1 down; 0: not known. */
int avrspi_wires_miso_pull(const struct avrspi_wires *wires);

/* Whether the lines of another port are the same three. */
bool avrspi_wires_are(const struct avrspi_wires *wires,
                      const struct avrspi_line_words words[AVRSPI_WIRES]);

/* How long the calls take at best, found with SCK kept low. AVRSPI_ERR_DEVICE. */
int avrspi_wires_measure(struct avrspi_wires *wires, struct avrspi_wires_cost *cost,
                         struct avrspi_error *error);

/* Sets SCK and MOSI: one system call where they are on one chip. False with errno. */
bool avrspi_wires_set(struct avrspi_wires *wires, bool sck, bool mosi);

/* The level of MISO, 0 or 1; -1 with errno. One system call. */
int avrspi_wires_get(struct avrspi_wires *wires);

/* Makes them inputs, and releases them. NULL is allowed. */
void avrspi_wires_close(struct avrspi_wires *wires);

#endif
