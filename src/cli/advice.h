/* SPDX-License-Identifier: MIT */
/* The library's advice in the words of the command line. */
#ifndef AVRSPI_SRC_CLI_ADVICE_H
#define AVRSPI_SRC_CLI_ADVICE_H

#include <stddef.h>

#include "avrspi/error.h"

/* What to do about an error: its hint, and what its advice means here. */
void advice_text(const struct avrspi_error *error, char *text, size_t size);

/* The advice alone; "" for none. */
const char *advice_words(enum avrspi_advice advice);

#endif
