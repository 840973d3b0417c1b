/* SPDX-License-Identifier: MIT */
/* Fuses by what they are for: "brownout=2.7V" sets every field that has a say in it. */
#ifndef AVRSPI_SRC_CHIPS_INTENT_H
#define AVRSPI_SRC_CHIPS_INTENT_H

#include "avrspi/chip.h"
#include "avrspi/error.h"

/* True for "clock", "brownout", "boot" and "start". */
bool avrspi_is_intent(const char *name);

/* Sets the fields. AVRSPI_ERR_USAGE, with the fuses unchanged and the choices in the hint, when the
 * chip does not have what is asked for. */
int avrspi_intent_set(const struct avrspi_chip *chip, const char *name, const char *text,
                      struct avrspi_fuses *fuses, struct avrspi_error *error);

#endif
