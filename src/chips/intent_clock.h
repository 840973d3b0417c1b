/* SPDX-License-Identifier: MIT */
/* Fuses by the clock that is wanted. */
#ifndef AVRSPI_SRC_CHIPS_INTENT_CLOCK_H
#define AVRSPI_SRC_CHIPS_INTENT_CLOCK_H

#include "avrspi/chip.h"
#include "avrspi/error.h"

/* "internal-8MHz", "16MHz-crystal", "external": the clock, not divided where that is possible, with
 * the longest start-up time. False, with the fuses unchanged, when the chip does not have it. */
bool avrspi_clock_set(const struct avrspi_chip *chip, const char *text, struct avrspi_fuses *fuses);

/* Adds every clock that the chip has to the hint, and returns how many they are. */
size_t avrspi_clock_choices(const struct avrspi_chip *chip, struct avrspi_error *error);

enum {
    AVRSPI_CLOCK_RESCUE_TEXT = 32, /* room for what avrspi_clock_rescue() writes */
};

/* "internal-8MHz": the fastest clock of its own, without the PLL, of a chip that fuses can leave
 * waiting for one from outside. False where they can't. 'text' may be NULL. */
bool avrspi_clock_rescue(const struct avrspi_chip *chip, char text[AVRSPI_CLOCK_RESCUE_TEXT]);

#endif
