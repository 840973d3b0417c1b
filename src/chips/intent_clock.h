/* SPDX-License-Identifier: MIT */
/* Fuses by the clock that is wanted. */
#ifndef AVRSPI_SRC_CHIPS_INTENT_CLOCK_H
#define AVRSPI_SRC_CHIPS_INTENT_CLOCK_H

#include "avrspi/chip.h"
#include "avrspi/error.h"

/* "internal-8MHz", "16MHz-crystal", "external": the clock, not divided where that can be, with the
 * longest start-up time. False, and the fuses as they were, when the chip has not that one. */
bool avrspi_clock_set(const struct avrspi_chip *chip, const char *text, struct avrspi_fuses *fuses);

/* Names every clock that the chip has. */
void avrspi_clock_choices(const struct avrspi_chip *chip,
                          void (*add)(struct avrspi_error *error, const char *choice),
                          struct avrspi_error *error);

#endif
