/* SPDX-License-Identifier: MIT */
#ifndef AVRSPI_SRC_IMAGE_DUMP_H
#define AVRSPI_SRC_IMAGE_DUMP_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Prints bytes sixteen a line, with address and text; a run of equal lines as one '*'. */
void avrspi_dump_print(FILE *out, uint32_t address, const uint8_t *data, size_t size);

#endif
