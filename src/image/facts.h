/* SPDX-License-Identifier: MIT */
/* What a file says beside the bytes that it holds. */
#ifndef AVRSPI_SRC_IMAGE_FACTS_H
#define AVRSPI_SRC_IMAGE_FACTS_H

#include "avrspi/contents.h"
#include "avrspi/image.h"

/* A line for the user. */
struct avrspi_remark {
    char *text;
    bool warning;
};

struct avrspi_facts {
    enum avrspi_format format;
    char *device;        /* the chip that it was built for; NULL: it does not say */
    bool names_memories; /* its addresses are those of avr-gcc, whether or not all are low */
    struct avrspi_remark *remarks;
    size_t n_remarks;
    bool overlaps; /* two parts of it differ: 'overlap' says which */
    struct avrspi_error overlap;
};

/* Adds a line; AVRSPI_ERR_FAILURE when out of memory. */
__attribute__((format(printf, 3, 4))) int avrspi_facts_remark(struct avrspi_facts *facts,
                                                              struct avrspi_error *error,
                                                              const char *format, ...);

/* The same, of what looks wrong. */
__attribute__((format(printf, 3, 4))) int
avrspi_facts_warn(struct avrspi_facts *facts, struct avrspi_error *error, const char *format, ...);

void avrspi_facts_free(struct avrspi_facts *facts);

/* Takes over the remarks of one of the files that contents are made of, with its name in front. */
int avrspi_contents_take_remarks(struct avrspi_contents *contents,
                                 const struct avrspi_contents *file, const char *name,
                                 struct avrspi_error *error);

#endif
