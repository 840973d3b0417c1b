/* SPDX-License-Identifier: MIT */
/* A program and its arguments in one text, as a shell would split them, without a shell. */
#ifndef AVRSPI_SRC_BASE_WORDS_H
#define AVRSPI_SRC_BASE_WORDS_H

#include "avrspi/error.h"

/*
 * Splits at spaces and tabs. Quoting is that of POSIX shells: nothing is special between single
 * quotes; between double quotes a backslash takes the meaning of '"' and '\' alone; elsewhere of
 * any character. Nothing else is special: no variables, no wildcards, no pipes. AVRSPI_ERR_INPUT
 * for a quote that is not closed, a backslash at the end, and a text without words. *words ends
 * with NULL; the caller frees it in one piece, with free().
 */
int avrspi_words_split(char ***words, const char *text, struct avrspi_error *error);

#endif
