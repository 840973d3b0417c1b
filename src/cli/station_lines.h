/* SPDX-License-Identifier: MIT */
/* The GPIO lines of a station, which no other station may use. */
#ifndef AVRSPI_SRC_CLI_STATION_LINES_H
#define AVRSPI_SRC_CLI_STATION_LINES_H

#include "cli/dispatch.h"
#include "link/port.h"

/* A line, and its chip and offset ("gpiochip0:25"; "" where it was not found). */
struct station_line {
    struct avrspi_line_words words;
    char key[80];
};

struct station_lines {
    const char *station;
    size_t n;                                   /* 0: a simulated target has none */
    struct station_line line[1 + AVRSPI_WIRES]; /* RESET; SCK, MOSI and MISO of a port of lines */
};

/* Finds out which lines a station has. One that does not exist is no error here: it is one of the
 * units at that station. AVRSPI_ERR_USAGE for a port or a line that is not written as one,
 * AVRSPI_ERR_DEVICE for a serial port. */
int station_lines_find(struct station_lines *lines, const struct cli *cli,
                       struct avrspi_error *error);

/* AVRSPI_ERR_USAGE when two stations have a line in common, except SCK, MOSI and MISO of one bus:
 * one target would be burned twice, or the second station would find its line held. */
int station_lines_check(const struct station_lines *a, const struct station_lines *b,
                        struct avrspi_error *error);

/* AVRSPI_ERR_USAGE when the clock for XTAL1 comes out at one of the station's lines,
 * AVRSPI_ERR_DEVICE when at a wire of an SPI bus that is enabled; 'pin' is its name, "GPIO18". */
int station_lines_check_clock(const struct station_lines *lines, const char *pin,
                              struct avrspi_error *error);

#endif
