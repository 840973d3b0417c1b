/* SPDX-License-Identifier: MIT */
/* Fuses by what they are for, whichever field of a chip that takes. */
#ifndef AVRSPI_SRC_CHIPS_INTENT_H
#define AVRSPI_SRC_CHIPS_INTENT_H

#include "avrspi/chip.h"
#include "avrspi/error.h"

/* True for "clock", "brownout", "boot" and "start". */
bool avrspi_is_intent(const char *name);

/* Sets the fields that it takes. AVRSPI_ERR_USAGE, with the choices that the chip has in the hint
 * and nothing changed, when it has not that one. */
int avrspi_intent_set(const struct avrspi_chip *chip, const char *name, const char *text,
                      struct avrspi_fuses *fuses, struct avrspi_error *error);

#endif
