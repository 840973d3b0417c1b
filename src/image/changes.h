/* SPDX-License-Identifier: MIT */
/* What differs between two images. */
#ifndef AVRSPI_SRC_IMAGE_CHANGES_H
#define AVRSPI_SRC_IMAGE_CHANGES_H

#include "avrspi/image.h"

enum avrspi_change_kind {
    AVRSPI_CHANGE_OTHER,       /* both hold bytes, and they are not the same */
    AVRSPI_CHANGE_ONLY_FIRST,  /* the second image has a gap there */
    AVRSPI_CHANGE_ONLY_SECOND, /* the first one has */
    AVRSPI_CHANGES,
};

/* A run of bytes of one kind, as long as it goes. */
struct avrspi_change {
    enum avrspi_change_kind kind;
    uint32_t address;
    size_t size;
};

/* The first change at or after 'address'; false when there is none. An image may be NULL: it holds
 * nothing. A loop over all goes on at address + size, up to 2^32. */
bool avrspi_image_next_change(const struct avrspi_image *first, const struct avrspi_image *second,
                              uint64_t address, struct avrspi_change *change);

#endif
