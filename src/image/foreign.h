/* SPDX-License-Identifier: MIT */
/* Files that are taken for firmware by mistake, told by what they hold. */
#ifndef AVRSPI_SRC_IMAGE_FOREIGN_H
#define AVRSPI_SRC_IMAGE_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

struct avrspi_foreign {
    const char *title; /* "a web page", for a message */
    const char *hint;
};

/* What the first bytes of a file show that it is, or NULL: it may be raw binary. 'size' of a few
 * kilobytes is enough. */
const struct avrspi_foreign *avrspi_foreign_find(const char *data, size_t size);

/* Whether all of the bytes are text: ASCII or UTF-8, without control characters but line ends and
 * tabs. False for no bytes. */
bool avrspi_foreign_is_text(const char *data, size_t size);

#endif
