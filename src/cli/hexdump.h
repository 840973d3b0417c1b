/* SPDX-License-Identifier: MIT */
#ifndef AVRSPI_SRC_CLI_HEXDUMP_H
#define AVRSPI_SRC_CLI_HEXDUMP_H

#include <stddef.h>
#include <stdint.h>

/* Prints bytes sixteen a line, with address and text; a run of equal lines as one '*'. */
void hexdump(uint32_t address, const uint8_t *data, size_t size);

#endif
