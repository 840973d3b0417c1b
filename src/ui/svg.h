/* SPDX-License-Identifier: MIT */
/* What every picture needs. */
#ifndef AVRSPI_SRC_UI_SVG_H
#define AVRSPI_SRC_UI_SVG_H

#include <stdio.h>

#include "avrspi/error.h"

/* Prints a text as XML has it; '?' for a control character, which XML has not. */
void ui_svg_text(FILE *out, const char *text);

/* Draws a picture into memory, and writes it to a file whole ("-": standard output). */
int ui_svg_write(const char *path, void (*draw)(FILE *out, const void *what), const void *what,
                 struct avrspi_error *error);

#endif
