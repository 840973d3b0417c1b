/* SPDX-License-Identifier: MIT */
/* The words of a "sim:" port, the chip that they ask for, and the file that keeps it between runs.
 */
#ifndef AVRSPI_SRC_SIMHOST_SIMHOST_H
#define AVRSPI_SRC_SIMHOST_SIMHOST_H

#include "avrspi/chips.h"
#include "chips/record.h"
#include "sim/sim.h"

/* What "CHIP[,key=value...]" says. */
struct avrspi_sim_port {
    struct avrspi_sim_config config;
    bool fcpu_given, xtal_given;
    int pull;        /* 1 up, -1 down; 0: nobody has said, and it is pulled up */
    bool wrong_chip; /* the signature is another chip's */
    bool signature_given;
    uint8_t signature[3];
    bool realtime;
    uint32_t overhead_us; /* of each transfer */
    uint32_t idle_ms;     /* so long the controller makes 0.4 of the SCK that is asked for */
    uint32_t max_transfer;
    char *state;  /* path of the state file, or NULL; from malloc() */
    char bus[64]; /* the bus that it is on, "" for one of its own, and its reset line there */
    char reset[64];
};

/* Reads the words; AVRSPI_ERR_USAGE names what is wrong and what there is to choose from. On
 * success the caller frees port->state. */
int avrspi_sim_port_parse(struct avrspi_sim_port *port, const char *words,
                          const struct avrspi_chips *chips, struct avrspi_error *error);

/* The chip that the port asks for, powered up, with what its state file holds; a file that is not
 * there is made. On success the caller frees *sim; the chip definitions must outlive it. */
int avrspi_sim_port_make(const struct avrspi_sim_port *port, struct avrspi_sim **sim,
                         struct avrspi_error *error);

/* Writes the chip to the state file, where the port names one. */
int avrspi_sim_port_save(const struct avrspi_sim_port *port, struct avrspi_sim *sim,
                         struct avrspi_error *error);

/*
 * A state file is text, so that two can be compared and one can be edited by hand:
 *
 *     avrspi simulated chip, version 1
 *     chip ATmega328P
 *     fuses 62 D9 FF FF                  low, high, ext, lock; bits that do not exist are 1
 *     calibration A1 A2 A3 A4
 *     erases 1
 *     page-writes 8
 *     failed-enables 0
 *     violation busy 3                   in the order of the kinds; those of 0 left out
 *     flash 00000 0C9434000C945100...    32 bytes a line; lines of FF only left out
 *     eeprom 00000 ...
 *     end
 *
 * The numbers after 'flash' and 'eeprom' count bytes from the start of that memory. Nothing
 * is optional or out of order, and every line ends in a newline: a file that was cut off or
 * mangled does not pass for a whole one.
 */

/* Reads a state file that is in memory; 'name' stands in messages. AVRSPI_ERR_INPUT when it is
 * no such file, AVRSPI_ERR_USAGE when it is that of another chip. What of *silicon is not part
 * of the file (the signature) stays; after a failure its content is undefined. */
int avrspi_sim_file_parse(struct avrspi_sim_silicon *silicon, const struct avrspi_chip *chip,
                          const char *name, const char *data, size_t size,
                          struct avrspi_error *error);

/* The text of a state file, in memory from malloc() that the caller frees. */
int avrspi_sim_file_format(const struct avrspi_sim_silicon *silicon, const struct avrspi_chip *chip,
                           char **data, size_t *size, struct avrspi_error *error);

#endif
