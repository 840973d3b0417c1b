/* SPDX-License-Identifier: MIT */
/* Where a reader puts the bytes that a file holds, in any order. */
#ifndef AVRSPI_SRC_IMAGE_SINK_H
#define AVRSPI_SRC_IMAGE_SINK_H

#include "image/origin.h"

/* Bytes as they were emitted, one after the other. */
struct avrspi_record {
    size_t at; /* of the first in the sink's bytes */
    size_t size;
    uint32_t address;
    size_t number; /* in the order of the file */
    struct avrspi_origin origin;
};

/* All zero, except for the name, when it begins. */
struct avrspi_sink {
    const char *name; /* of the file, for messages */
    struct avrspi_record *records;
    size_t count;
    size_t room;
    uint8_t *bytes;
    size_t bytes_used;
    size_t bytes_room;
    struct avrspi_names names;
    bool has_start;
    uint32_t start;
    bool no_addresses; /* one record, whose address means nothing */
};

/* Takes a copy of 'size' bytes for 'address' on, and of the origin (NULL: not known). */
int avrspi_sink_emit(struct avrspi_sink *sink, uint32_t address, const void *data, size_t size,
                     const struct avrspi_origin *origin, struct avrspi_error *error);

/* The address where the program is to start. */
void avrspi_sink_start(struct avrspi_sink *sink, uint32_t address);

/* Sorts the records by address and puts them into an image. AVRSPI_ERR_INPUT, naming both origins,
 * where two of them differ. */
int avrspi_sink_put(struct avrspi_sink *sink, struct avrspi_image *image,
                    struct avrspi_error *error);

void avrspi_sink_free(struct avrspi_sink *sink);

#endif
