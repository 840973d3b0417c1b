/* SPDX-License-Identifier: MIT */
/* Whether an image fits a memory of a chip. */
#ifndef AVRSPI_SRC_IMAGE_CHECK_H
#define AVRSPI_SRC_IMAGE_CHECK_H

#include "avrspi/chip.h"
#include "avrspi/image.h"

/* AVRSPI_ERR_INPUT unless the image holds data and all of it is inside the memory; the message
 * begins with 'name', and the origin of the first byte that does not fit. */
int avrspi_image_check(const struct avrspi_image *image, const struct avrspi_chip *chip,
                       enum avrspi_memory memory, const char *name, struct avrspi_error *error);

#endif
