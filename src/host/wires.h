/* SPDX-License-Identifier: MIT */
/* Which pins of a computer's header, and of an Arduino board, have the signals that programming
 * needs. */
#ifndef AVRSPI_SRC_HOST_WIRES_H
#define AVRSPI_SRC_HOST_WIRES_H

#include "avrspi/chip.h"
#include "host/models.h"

/* A pin of a header. Texts are static. */
struct avrspi_host_wire {
    const char *pin;  /* "19", "P9_18" */
    const char *line; /* "GPIO10", "3.3 V" */
    unsigned number;  /* of the pin on a Raspberry Pi's header, 1 to 40; 0: another header */
};

/*
 * The wires of a model's SPI bus, by signal; those that it has not, and those of a model that is
 * not known, are all zero, and so is RESET, whose line is its owner's choice. VCC is on the pin
 * that gives 3.3 V, XTAL1 on the usual pin of the clock by PWM. False for a bus that is not on the
 * header.
 */
bool avrspi_host_wires(const struct avrspi_host_model *model, unsigned bus,
                       struct avrspi_host_wire wires[AVRSPI_SIGNALS]);

/* The pin of a model's header (NULL is allowed) that has line GPIOn; false where there is none. */
bool avrspi_host_wire_of_line(const struct avrspi_host_model *model, unsigned line,
                              struct avrspi_host_wire *wire);

/*
 * The SPI bus that is enabled and has a line as SCK, MOSI or MISO; the line is given by the label
 * of its GPIO chip and its offset there. -1 where there is none, and on boards whose pins are not
 * known. 'root' is as in host/host.h.
 */
int avrspi_host_bus_on(const char *root, const char *label, unsigned offset);

/* The chip select of a Raspberry Pi's first SPI bus, 0 or 1, that GPIOn is: the bus's driver holds
 * it. -1 for any other line. */
int avrspi_host_chip_select(unsigned line);

/* What in a Raspberry Pi's config.txt frees a chip select, and those after it: "dtoverlay=spi0-1cs"
 * for the second of the first bus. NULL where nothing is known to. */
const char *avrspi_host_frees_select(unsigned bus, unsigned select);

/* What a line does that nobody drives, as the board's maker has it after power-up: 1 is pulled up,
 * -1 down; 0: not known. */
int avrspi_host_default_pull(const char *root, const char *label, unsigned offset);

/* An Arduino board as a target. */
struct avrspi_host_plug {
    const char *name;                 /* "uno" */
    const char *title;                /* "Arduino Uno" */
    const char *chip;                 /* "ATmega328P" */
    const char *pins[AVRSPI_SIGNALS]; /* "D11"; NULL: on the ISP-6 plug only */
    bool isp6;                        /* it has that plug */
    bool five_volt;                   /* its chip runs from 5 V */
};

/* The n-th; NULL after the last. */
const struct avrspi_host_plug *avrspi_host_plug(size_t n);

#endif
