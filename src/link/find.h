/* SPDX-License-Identifier: MIT */
/* Finding a line by libgpiod: find_v1.c for its 1.x, find_v2.c for its 2.x. */
#ifndef AVRSPI_SRC_LINK_FIND_H
#define AVRSPI_SRC_LINK_FIND_H

#include "link/line.h"

struct gpiod_chip;

struct avrspi_line_found {
    struct gpiod_chip *chip; /* open */
    unsigned offset;
    char chip_name[64], label[64]; /* "gpiochip0"; what its driver calls it */
    struct avrspi_line_names names;
};

/* Finds a line and opens its chip, which is closed by avrspi_line_drop(). AVRSPI_ERR_DEVICE when
 * there is none ('label' is ""), or it is a wire of an SPI bus that is enabled: then its names are
 * filled in, and the chip is closed. */
int avrspi_line_find(struct avrspi_line_found *found, const struct avrspi_line_words *words,
                     struct avrspi_error *error);

/* Closes its chip; one that was not found is allowed. */
void avrspi_line_drop(struct avrspi_line_found *found);

/* Whether somebody holds the line. */
bool avrspi_line_is_held(const struct avrspi_line_found *found);

/* Says why a request of the line failed, by errno, and who holds it. */
int avrspi_line_fail_found(const struct avrspi_line_found *found,
                           const struct avrspi_line_words *words, struct avrspi_error *error);

#endif
