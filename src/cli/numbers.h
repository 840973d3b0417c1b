/* SPDX-License-Identifier: MIT */
/* Numbers as users type them. */
#ifndef AVRSPI_SRC_CLI_NUMBERS_H
#define AVRSPI_SRC_CLI_NUMBERS_H

#include <stdint.h>

#include "avrspi/error.h"

/* Decimal, 0x hexadecimal or 0b binary, at most 'most'. 'what' stands in the message. */
int number_parse(const char *what, const char *text, uint32_t most, uint32_t *value,
                 struct avrspi_error *error);

/* A frequency: a number with an optional k or M after it ("125k", "7.3728M"). */
int hertz_parse(const char *what, const char *text, uint32_t *hz, struct avrspi_error *error);

/* A supply voltage of 0.5 V to 6 V in millivolts ("3.3", "5V"). */
int voltage_parse(const char *what, const char *text, uint32_t *mv, struct avrspi_error *error);

/* "START:END", END not included and greater than START. */
int range_parse(const char *text, uint32_t *start, uint32_t *end, struct avrspi_error *error);

/* Three bytes in hexadecimal, with or without spaces, commas, colons or 0x. */
int signature_parse(const char *text, uint8_t signature[3], struct avrspi_error *error);

#endif
