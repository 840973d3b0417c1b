/* SPDX-License-Identifier: MIT */
/* Words and numbers of chip files. Letters are ASCII whatever the locale. */
#ifndef AVRSPI_SRC_CHIPS_TEXT_H
#define AVRSPI_SRC_CHIPS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether two names are the same, any case. */
bool avrspi_text_equal(const char *a, const char *b);

/* Whether a name contains another, any case. */
bool avrspi_text_contains(const char *name, const char *part);

/* The order of names, any case, numbers by value: ATmega8 comes before ATmega16. Less than,
 * equal to or greater than 0. */
int avrspi_text_order(const char *a, const char *b);

/* How many characters must be inserted, dropped, replaced or swapped with their neighbour to
 * make one name the other, any case; names of more than 63 characters are far from everything
 * (SIZE_MAX). */
size_t avrspi_text_distance(const char *a, const char *b);

/* An unsigned number, decimal, 0x or 0b, of 'size' characters. False when it is none, or none
 * that 32 bits hold. */
bool avrspi_text_number(const char *text, size_t size, uint32_t *number);

/* A byte of two hex digits, "0x" allowed before them. */
bool avrspi_text_hex_byte(const char *text, size_t size, uint8_t *byte);

/* A frequency in Hz: "32768", "128k", "9.6M"; at most 100 MHz. */
bool avrspi_text_frequency(const char *text, size_t size, uint32_t *hz);

/* The next word of a text: its start, or NULL when there is none. *size is its length, and
 * *rest goes behind it. */
const char *avrspi_text_word(const char **rest, size_t *size);

#endif
