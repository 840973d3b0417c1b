/* SPDX-License-Identifier: MIT */
/* Hex digits and bytes. */
#ifndef AVRSPI_SRC_BASE_HEX_H
#define AVRSPI_SRC_BASE_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of a hex digit, any case; -1 for any other character. */
int avrspi_hex_digit(char c);

/* A byte of two hex digits, "0x" allowed before them, of exactly 'size' characters. */
bool avrspi_hex_byte(const char *text, size_t size, uint8_t *byte);

/* Decodes pairs of hex digits to 'out' ((size + 1) / 2 bytes); returns how many of the 'size'
 * characters are hex digits, up to the first other character. */
size_t avrspi_hex_decode(const char *text, size_t size, uint8_t *out);

/* Writes a byte as two digits, upper case, without a NUL; returns what is after them. */
char *avrspi_hex_encode(char *out, uint8_t byte);

#endif
