/* SPDX-License-Identifier: MIT */
/* What the readers in this folder need of an image beyond the public header. */
#ifndef AVRSPI_SRC_IMAGE_IMAGE_H
#define AVRSPI_SRC_IMAGE_IMAGE_H

#include "avrspi/image.h"

/* Whether a byte that the image holds differs from the 'size' bytes for 'address' on; *where is
 * then the first such address. Bytes that would lie beyond 2^32 are not looked at. */
bool avrspi_image_differs(const struct avrspi_image *image, uint32_t address, const uint8_t *data,
                          size_t size, uint32_t *where);

/* What the image holds is data without addresses. */
void avrspi_image_set_placeable(struct avrspi_image *image);

/* Notes the line of the file that the last byte came from. */
void avrspi_image_set_end_line(struct avrspi_image *image, size_t line);

#endif
