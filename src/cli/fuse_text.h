/* SPDX-License-Identifier: MIT */
/* Fuse bytes in the words of the datasheet. */
#ifndef AVRSPI_SRC_CLI_FUSE_TEXT_H
#define AVRSPI_SRC_CLI_FUSE_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "avrspi/chip.h"

/* "CKDIV8 programmed: clock / 8 · CKOUT off · ..." for one byte. */
void fuse_text(const struct avrspi_chip *chip, enum avrspi_fuse fuse, uint8_t byte, char *text,
               size_t size);

/* What a field has in a byte: "programmed: clock / 8", "off". */
void fuse_field_words(const struct avrspi_field *field, uint8_t byte, char *text, size_t size);

/* One sentence about clock, brown-out, start, EEPROM and lock, as far as the bytes that are given
 * say so; "" where they say nothing. */
void fuse_sentence(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses, char *text,
                   size_t size);

/* A byte with its fields as an object: {"value": 98, "hex": "0x62", "fields": {"CKDIV8": {...}}}.
 */
json_t *fuse_json(const struct avrspi_chip *chip, enum avrspi_fuse fuse, uint8_t byte);

#endif
