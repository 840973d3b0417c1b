/* SPDX-License-Identifier: MIT */
/* Lists of words, and messages for a word that is not one of those expected, with the one that was
 * probably meant. */
#ifndef AVRSPI_SRC_CLI_WORDS_H
#define AVRSPI_SRC_CLI_WORDS_H

#include <stddef.h>

#include "avrspi/error.h"

/* What stands around each word of a list, and between its last two. */
struct words_style {
    const char *before, *after, *last;
};

/* "'flash', 'eeprom' or 'fuses'" with {"'", "'", " or "}. */
void words_list(const char *const *words, size_t count, const struct words_style *style, char *text,
                size_t size);

/* The word that was meant: one that begins with it, else the nearest; NULL when none is near. */
const char *words_nearest(const char *word, const char *const *words, size_t count);

/* AVRSPI_ERR_USAGE: "unknown command 'flahs'; did you mean 'flash'?", 'prefix' before both. */
int words_fail_unknown(const char *what, const char *prefix, const char *word,
                       const char *const *words, size_t count, struct avrspi_error *error);

/* AVRSPI_ERR_USAGE: "expected 'auto', 'always' or 'never' for --color, found 'alway'; did you mean
 * 'always'?" */
int words_fail_choice(const char *what, const char *word, const char *const *words, size_t count,
                      struct avrspi_error *error);

#endif
