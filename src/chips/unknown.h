/* SPDX-License-Identifier: MIT */
#ifndef AVRSPI_SRC_CHIPS_UNKNOWN_H
#define AVRSPI_SRC_CHIPS_UNKNOWN_H

#include "avrspi/chips.h"
#include "avrspi/error.h"

/* AVRSPI_ERR_USAGE for a name that no chip has, with what helps; 'origin' says where the name comes
 * from, "" for the user's own words. */
int avrspi_chips_fail_unknown(const struct avrspi_chips *chips, const char *name,
                              const char *origin, struct avrspi_error *error);

/* Fills in hint and advice of that: how a chip is programmed that has no SPI programming, or the
 * nearest name. */
void avrspi_chips_suggest(const struct avrspi_chips *chips, const char *name,
                          struct avrspi_error *error);

#endif
