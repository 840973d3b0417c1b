/* SPDX-License-Identifier: MIT */
/* Where the bytes of an image came from: by ranges of addresses, for messages. */
#ifndef AVRSPI_SRC_IMAGE_ORIGIN_H
#define AVRSPI_SRC_IMAGE_ORIGIN_H

#include <stdarg.h>

#include "avrspi/image.h"

/* After the last address. */
#define AVRSPI_ADDRESS_END (UINT64_C(1) << 32)

/* An origin in words: "line 12", "section .eeprom", or "the file" where it is not known. */
struct avrspi_origin_text {
    char text[64];
};
struct avrspi_origin_text avrspi_origin_show(const struct avrspi_origin *origin);

/* Fills the error with AVRSPI_ERR_INPUT, "NAME:12: ...", "NAME: section .eeprom: ..." or
 * "NAME: ...", and a hint, and returns that code. */
__attribute__((format(printf, 5, 6))) int
avrspi_fail_from(struct avrspi_error *error, const char *name, const struct avrspi_origin *origin,
                 const char *hint, const char *format, ...);

/* The same; used by functions that have '...' themselves. */
__attribute__((format(printf, 5, 0))) int
avrspi_fail_from_list(struct avrspi_error *error, const char *name,
                      const struct avrspi_origin *origin, const char *hint, const char *format,
                      va_list arguments);

/* Names of sections, each kept once. All zero when it begins. */
struct avrspi_names {
    char **items;
    size_t count;
};

/* Replaces origin->name, if it has one, by a copy that is valid as long as 'names'. */
int avrspi_names_keep(struct avrspi_names *names, struct avrspi_origin *origin,
                      struct avrspi_error *error);
void avrspi_names_free(struct avrspi_names *names);

/* 'size' bytes with one origin; or, where it is a line, lines one after the other of 'step' bytes
 * each (the last may have fewer), upwards or downwards: a large file is a few of these. */
struct avrspi_origin_item {
    uint32_t address, step;
    int direction; /* 1: the next line follows; -1: it is the one before; 0: one line */
    uint64_t size;
    struct avrspi_origin origin; /* of the first byte */
};

/* Origins by address. All zero when it begins: nothing is known. */
struct avrspi_origins {
    struct avrspi_origin_item *items; /* sorted by address, without overlaps */
    size_t count;
    size_t room;
    struct avrspi_names names;
};

/* Notes the origin of 'size' bytes (their end at most 2^32) that have none yet. Unchanged when it
 * fails. */
int avrspi_origins_add(struct avrspi_origins *origins, uint32_t address, size_t size,
                       const struct avrspi_origin *origin, struct avrspi_error *error);

/* All bytes move, those at 'from' to 'to'. */
void avrspi_origins_move(struct avrspi_origins *origins, uint32_t from, uint32_t to);

/* The origin of an address; *end (may be NULL) is the address up to which it holds. */
struct avrspi_origin avrspi_origins_at(const struct avrspi_origins *origins, uint32_t address,
                                       uint64_t *end);

void avrspi_origins_free(struct avrspi_origins *origins);

#endif
