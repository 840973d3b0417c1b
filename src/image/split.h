/* SPDX-License-Identifier: MIT */
/* From the one address space of a file to the memories of a chip. */
#ifndef AVRSPI_SRC_IMAGE_SPLIT_H
#define AVRSPI_SRC_IMAGE_SPLIT_H

#include "avrspi/contents.h"

/* Whether the file names its memories: it has addresses from 0x800000 on. */
bool avrspi_split_needed(const struct avrspi_image *file);

/* Puts all bytes of a file that names its memories into the contents. */
int avrspi_split(const struct avrspi_image *file, const char *name,
                 struct avrspi_contents *contents, struct avrspi_error *error);

#endif
