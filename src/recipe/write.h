/* SPDX-License-Identifier: MIT */
/* A recipe as text. */
#ifndef AVRSPI_SRC_RECIPE_WRITE_H
#define AVRSPI_SRC_RECIPE_WRITE_H

#include <stdio.h>

#include "avrspi/chip.h"

/* What it says. Texts may be NULL. */
struct avrspi_recipe_text {
    const char *title;  /* a comment in the first line */
    const char *remark; /* another, below it */
    const char *chip;
    const uint8_t *signature;   /* three bytes */
    bool erase;                 /* also where there is nothing for flash */
    const char *flash, *eeprom; /* files */
    struct avrspi_fuses fuses;
};

/* Prints a recipe that avrspi_recipe_parse() takes. */
void avrspi_recipe_print(FILE *out, const struct avrspi_recipe_text *text);

#endif
