/* SPDX-License-Identifier: MIT */
/* Where a program begins: the jumps of its vector table. */
#ifndef AVRSPI_SRC_IMAGE_JUMP_H
#define AVRSPI_SRC_IMAGE_JUMP_H

#include "avrspi/chip.h"
#include "avrspi/image.h"

struct avrspi_jump {
    const char *instruction; /* "rjmp" or "jmp" */
    uint32_t size;           /* bytes */
    uint32_t target;         /* byte address */
};

/* Whether two bytes are the first of rjmp or jmp. */
bool avrspi_is_jump(const uint8_t bytes[2]);

/* Decodes the jump at a byte address of the chip's flash; false where there is none. */
bool avrspi_jump_at(const struct avrspi_image *image, const struct avrspi_chip *chip,
                    uint32_t address, struct avrspi_jump *jump);

/* A table of interrupt vectors. */
struct avrspi_vectors {
    uint32_t address, size; /* bytes */
    uint32_t count;
};

/* The vectors from a byte address on; false where there is no table: fewer than two entries that
 * are a jump or reti. */
bool avrspi_vectors_at(const struct avrspi_image *image, const struct avrspi_chip *chip,
                       uint32_t address, struct avrspi_vectors *vectors);

#endif
