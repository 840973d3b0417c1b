/* SPDX-License-Identifier: MIT */
/* What the readers in this folder need of an image beyond the public header. */
#ifndef AVRSPI_SRC_IMAGE_IMAGE_H
#define AVRSPI_SRC_IMAGE_IMAGE_H

#include "avrspi/image.h"

/* Whether a byte that the image holds differs from the 'size' bytes for 'address' on; *where is
 * then the first such address. Bytes that would lie beyond 2^32 are not looked at. */
bool avrspi_image_differs(const struct avrspi_image *image, uint32_t address, const uint8_t *data,
                          size_t size, uint32_t *where);

/* Notes that what the image holds has no addresses. */
void avrspi_image_set_placeable(struct avrspi_image *image);

/* Whether it has no addresses. */
bool avrspi_image_is_placeable(const struct avrspi_image *image);

/* Moves what has no addresses to one, for good. */
void avrspi_image_settle(struct avrspi_image *image, uint32_t address);

/* avrspi_image_put(), and the bytes are from 'origin'. */
int avrspi_image_put_from(struct avrspi_image *image, uint32_t address, const uint8_t *data,
                          size_t size, const struct avrspi_origin *origin,
                          struct avrspi_error *error);

/* avrspi_image_origin(), and the address *end up to which it is the same. */
struct avrspi_origin avrspi_image_origin_until(const struct avrspi_image *image, uint32_t address,
                                               uint64_t *end);

#endif
