/* SPDX-License-Identifier: MIT */
/* Speed grades: how fast a chip may run at a supply voltage. Volts are in millivolts. */
#ifndef AVRSPI_SRC_CHIPS_SUPPLY_H
#define AVRSPI_SRC_CHIPS_SUPPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    AVRSPI_SUPPLY_POINTS = 5,
};

/* A range, and points of the curve over it; max_mv 0: not known. Without points the frequency is
 * not known. */
struct avrspi_supply {
    uint32_t min_mv;
    uint32_t max_mv;
    struct {
        uint32_t mv;
        uint32_t hz;
    } points[AVRSPI_SUPPLY_POINTS]; /* both rise */
    size_t n_points;
    bool steps; /* the frequency between two points is that of the lower, not on a line */
};

/* Parses "1.8-5.5 4M@1.8 10M@2.7 20M@4.5", with "steps" after them where the datasheet draws no
 * line. False, and *supply as it was, when it is none. */
bool avrspi_supply_parse(const char *text, struct avrspi_supply *supply);

/* The highest frequency at a voltage; 0 where the chip is not specified to run. UINT32_MAX when it
 * is not known. */
uint32_t avrspi_supply_most_hz(const struct avrspi_supply *supply, uint32_t mv);

/* The lowest voltage for a frequency; 0 where there is none, or it is not known. */
uint32_t avrspi_supply_least_mv(const struct avrspi_supply *supply, uint32_t hz);

#endif
