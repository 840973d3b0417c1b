/* SPDX-License-Identifier: MIT */
/* Words and names. Letters are ASCII whatever the locale. Needs no more of the C library than
 * <string.h>: the simulator takes this file with it into a kernel module. */
#ifndef AVRSPI_SRC_BASE_TEXT_H
#define AVRSPI_SRC_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A letter in lower case, any other character as it is. */
char avrspi_text_lower(char c);

/* Whether two texts are the same, any case. */
bool avrspi_text_equal(const char *a, const char *b);

/* Whether 'size' characters of a text are a word, any case. */
bool avrspi_text_is(const char *text, size_t size, const char *word);

/* Whether a name contains another, any case. */
bool avrspi_text_contains(const char *name, const char *part);

/* The order of names, any case, numbers by value: ATmega8 comes before ATmega16. Less than,
 * equal to or greater than 0. */
int avrspi_text_order(const char *a, const char *b);

/* How many characters must be inserted, dropped, replaced or swapped with their neighbour to
 * make one name the other, any case; names of more than 63 characters are far from everything
 * (SIZE_MAX). */
size_t avrspi_text_distance(const char *a, const char *b);

/* Looks for what a mistyped word was meant to be: begin with the word, offer each name there is,
 * and take .name, which is NULL when none is near (one letter in three may be wrong). Of names
 * equally near the first is taken. Names are kept by reference. */
struct avrspi_nearest {
    const char *word;
    const char *name;
    size_t distance; /* a nearer name has less */
};

struct avrspi_nearest avrspi_nearest_begin(const char *word);

/* True when this name is the nearest so far. */
bool avrspi_nearest_offer(struct avrspi_nearest *nearest, const char *name);

/* The next word of a text: its start, or NULL when there is none. *size is its length, and
 * *rest goes after it. */
const char *avrspi_text_word(const char **rest, size_t *size);

/* The bytes of a UTF-8 byte order mark at the start of a text: 3, or 0 where there is none. */
size_t avrspi_text_mark_size(const char *text, size_t size);

/* The bytes of the UTF-8 character that a text begins with, 1 to 4; 0 at the end of the text and
 * where the bytes are not UTF-8 (RFC 3629: no surrogates, nothing longer than needed). */
size_t avrspi_text_letter_size(const char *text);

#endif
