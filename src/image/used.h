/* SPDX-License-Identifier: MIT */
/* What of a memory is worth a record in a file with addresses: erased cells are left out. */
#ifndef AVRSPI_SRC_IMAGE_USED_H
#define AVRSPI_SRC_IMAGE_USED_H

#include <stddef.h>
#include <stdint.h>

enum {
    AVRSPI_USED_ROW = 16, /* bytes; blank ones are left out */
};

/* How many bytes of the row at 'n' are worth a record; 0: none. Of a memory that is all blank the
 * last row counts: a file without data is none. */
size_t avrspi_used_length(const uint8_t *data, size_t size, size_t n);

#endif
