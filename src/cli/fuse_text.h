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

/* The same as an object: {"value": 98, "hex": "0x62", "fields": {"CKDIV8": {...}}}. */
json_t *fuse_json(const struct avrspi_chip *chip, enum avrspi_fuse fuse, uint8_t byte);

#endif
