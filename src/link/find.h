/* SPDX-License-Identifier: MIT */
/* Finding a line by libgpiod. What depends on its version is in find_v1.c and find_v2.c. */
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

/* --- find_v1.c and find_v2.c */

/* Finds a line where it may be, opens its chip, and fills in all of 'found' but its names; '*at' is
 * the place that it was found by. False, with errno, when there is none. */
bool avrspi_line_look(struct avrspi_line_found *found, const struct avrspi_line_words *words,
                      struct avrspi_line_at *at);

/* Whether somebody holds the line. */
bool avrspi_line_is_held(const struct avrspi_line_found *found);

/* Says why a request of the line failed, by errno, and who holds it. */
int avrspi_line_fail_found(const struct avrspi_line_found *found,
                           const struct avrspi_line_words *words, struct avrspi_error *error);

#endif
