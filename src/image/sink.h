/* SPDX-License-Identifier: MIT */
/* Where a reader puts the bytes that a file holds, in any order. */
#ifndef AVRSPI_SRC_IMAGE_SINK_H
#define AVRSPI_SRC_IMAGE_SINK_H

#include "image/facts.h"
#include "image/origin.h"

/* Bytes that came behind bytes with higher addresses: a record of the file; or several, of 'step'
 * bytes each, in lines one after the other, each for the addresses in front of the one before. A
 * file in descending order is one of these. */
struct avrspi_record {
    size_t at; /* of the first in the sink's bytes */
    size_t size, step;
    uint32_t address;
    size_t number;               /* in the order of the file */
    struct avrspi_origin origin; /* of the first in the file */
};

/* All zero, except for the name and the image, when it begins. */
struct avrspi_sink {
    const char *name;           /* of the file, for messages */
    struct avrspi_image *image; /* gets at once what comes in ascending order */
    struct avrspi_facts facts;
    bool first_only; /* what stands behind the end of the first image is not wanted */

    /* the rest: sorted, then put */
    struct avrspi_record *records;
    size_t count;
    size_t room;
    uint8_t *bytes;
    size_t bytes_used;
    size_t bytes_room;
    struct avrspi_names names;

    struct avrspi_image *first; /* the bytes of the first image, where 'image' is the second */
    size_t images;              /* that ended */
    size_t first_line[2], end_line[2];
};

/* Takes a copy of 'size' bytes for 'address' on, and of the origin (NULL: not known).
 * AVRSPI_ERR_INPUT where they would lie beyond 2^32. */
int avrspi_sink_emit(struct avrspi_sink *sink, uint32_t address, const void *data, size_t size,
                     const struct avrspi_origin *origin, struct avrspi_error *error);

/* The address where the program is to start. */
void avrspi_sink_start(struct avrspi_sink *sink, uint32_t address);

/* One piece of data that has no address: it is emitted at 0. */
void avrspi_sink_no_addresses(struct avrspi_sink *sink);

/*
 * A format whose end is a record calls both: the image that began in line 'first' ends with line
 * 'end'; and another line 'first' comes behind it, so that what is emitted from now on is of a
 * second image. More than two are counted, no more.
 */
void avrspi_sink_end_image(struct avrspi_sink *sink, size_t first, size_t end);
int avrspi_sink_begin_image(struct avrspi_sink *sink, struct avrspi_error *error);

/*
 * Puts what is left into the image. AVRSPI_ERR_INPUT where the file holds more than one image.
 * Where two parts of the file differ, the result is 0, and facts.overlap names both: other faults
 * may come before that one.
 */
int avrspi_sink_finish(struct avrspi_sink *sink, struct avrspi_error *error);

/* Frees all but the image and the facts. */
void avrspi_sink_free(struct avrspi_sink *sink);

#endif
