/* SPDX-License-Identifier: MIT */
/* From the one address space of a file to the memories of a chip. */
#ifndef AVRSPI_SRC_IMAGE_SPLIT_H
#define AVRSPI_SRC_IMAGE_SPLIT_H

#include "avrspi/contents.h"
#include "image/facts.h"

/* Whether the file names its memories: it has addresses from 0x800000 on. */
bool avrspi_split_needed(const struct avrspi_image *file);

/* Puts the bytes of a file that names its memories into the contents. What no memory that can be
 * programmed has is left out, with a remark in *facts; AVRSPI_ERR_INPUT where an address belongs to
 * none that is known. */
int avrspi_split(const struct avrspi_image *file, const char *name,
                 struct avrspi_contents *contents, struct avrspi_facts *facts,
                 struct avrspi_error *error);

/* The address at which a memory begins in a file that names its memories. */
uint32_t avrspi_split_base(enum avrspi_memory memory);

#endif
