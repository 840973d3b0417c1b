/* SPDX-License-Identifier: MIT */
/*
 * "key=value" lines as the Arduino IDE has them, in boards.txt and platform.txt: '#' makes a
 * comment at the start of a line only, a later line for the same key replaces the earlier one at
 * its place, and "key.linux" goes before "key". Values refer to others as {key}, also inside a
 * word.
 */
#ifndef AVRSPI_SRC_ARDUINO_PROPERTIES_H
#define AVRSPI_SRC_ARDUINO_PROPERTIES_H

#include <stdbool.h>
#include <stddef.h>

#include "avrspi/error.h"

struct avrspi_property {
    char *key, *value;
    const char *file; /* that it is from, "" for none; belongs to who called */
    size_t line;
    bool for_linux; /* "key.linux" set it */
};

/* All zero when it begins; in the order of the file. */
struct avrspi_properties {
    struct avrspi_property *items;
    size_t count, room;
    size_t *index; /* a hash table of keys, twice as long as 'items': places in it, from 1 */
};

void avrspi_properties_free(struct avrspi_properties *properties);

/* Adds what a file's text says. 'file' is kept by reference. AVRSPI_ERR_INPUT for a line without
 * '='. */
int avrspi_properties_parse(struct avrspi_properties *properties, const char *file,
                            const char *text, size_t size, struct avrspi_error *error);

/* The same for a file; one that is not there is no error where it is 'optional'. */
int avrspi_properties_read(struct avrspi_properties *properties, const char *file, bool optional,
                           struct avrspi_error *error);

/* Sets a key; texts are copied, 'from' (NULL: nothing) gives file and line. */
int avrspi_properties_set(struct avrspi_properties *properties, const char *key, const char *value,
                          const struct avrspi_property *from, struct avrspi_error *error);

/* The property of a key, or NULL. */
const struct avrspi_property *avrspi_properties_find(const struct avrspi_properties *properties,
                                                     const char *key);

/* What a key has after a prefix that ends at a dot, "uno." of "uno.name"; NULL where it has not. */
const char *avrspi_properties_tail(const struct avrspi_property *property, const char *prefix);

/* Sets in 'to', without the prefix, all that 'from' has with it. */
int avrspi_properties_copy(struct avrspi_properties *to, const struct avrspi_properties *from,
                           const char *prefix, struct avrspi_error *error);

/*
 * Replaces each {key} in a value by that key's value, expanded too; a reference is looked up behind
 * 'prefix' first. The caller frees *text. AVRSPI_ERR_INPUT, naming file and line of the property,
 * where nothing sets a key, or a value refers to itself.
 */
int avrspi_properties_expand(const struct avrspi_properties *properties,
                             const struct avrspi_property *property, const char *prefix,
                             char **text, struct avrspi_error *error);

/* Fills an error that begins with the file and line of a property, and returns AVRSPI_ERR_INPUT. */
__attribute__((format(printf, 3, 4))) int
avrspi_properties_fail(struct avrspi_error *error, const struct avrspi_property *property,
                       const char *format, ...);

#endif
