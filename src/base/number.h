/* SPDX-License-Identifier: MIT */
/* The parsers for numbers, frequencies and voltages. They say yes or no: what was expected, and of
 * what, the caller knows. And a frequency as people write it. */
#ifndef AVRSPI_SRC_BASE_NUMBER_H
#define AVRSPI_SRC_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An unsigned number, decimal, 0x or 0b, of exactly 'size' characters: no sign, no spaces.
 * False, with *number unchanged, for any other text, and for a number beyond 64 bits. */
bool avrspi_number_parse(const char *text, size_t size, uint64_t *number);

/* The same for digits alone, in a base up to 16. */
bool avrspi_number_parse_digits(const char *text, size_t size, unsigned base, uint64_t *number);

/* A number, decimal, 0x or 0b, from 'least' to 'most'. */
bool avrspi_number_parse_within(const char *text, size_t size, uint32_t least, uint32_t most,
                                uint32_t *number);

/* A frequency in whole Hz from 'least' to 'most': "32768", "128k", "7.3728M", and with "Hz"
 * after them, in any case; M and m are both mega. False, with *hz unchanged, for any other text. */
bool avrspi_number_parse_hz(const char *text, size_t size, uint32_t least, uint32_t most,
                            uint32_t *hz);

/* A chip's supply or brown-out level in whole millivolts, 0.5 V to 6 V: "3.3", "3.3V", "3V3". */
bool avrspi_number_parse_mv(const char *text, size_t size, uint32_t *mv);

/* Writes "800 Hz", "225 kHz" or "7.3728 MHz" to 'text', of 'size' bytes, and returns it. */
const char *avrspi_number_write_hz(uint32_t hz, char *text, size_t size);

#endif
