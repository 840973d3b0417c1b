/* SPDX-License-Identifier: MIT */
/* Speed grades: how fast a chip may run at a supply voltage. */
#ifndef AVRSPI_SRC_CHIPS_SUPPLY_H
#define AVRSPI_SRC_CHIPS_SUPPLY_H

#include "avrspi/chip.h"

/* Parses "1.8-5.5 4M@1.8 10M@2.7 20M@4.5", with "steps" after them where the datasheet draws no
 * line. False, with *supply unchanged, for any other text. */
bool avrspi_supply_parse(const char *text, struct avrspi_supply *supply);

/* The highest frequency in Hz at a voltage in millivolts; 0 where the chip is not specified to run,
 * UINT32_MAX when that is not known. */
uint32_t avrspi_supply_most_hz(const struct avrspi_supply *supply, uint32_t mv);

/* The lowest voltage in millivolts for a frequency in Hz; 0 where there is none, or it is not
 * known. */
uint32_t avrspi_supply_least_mv(const struct avrspi_supply *supply, uint32_t hz);

#endif
