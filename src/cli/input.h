/* SPDX-License-Identifier: MIT */
/* The file that a command writes to a chip, or compares with it. */
#ifndef AVRSPI_SRC_CLI_INPUT_H
#define AVRSPI_SRC_CLI_INPUT_H

#include "cli/target.h"

/* Reads the command's file (its first argument) for a memory, and checks it against -c where that
 * was given. The caller frees *contents. */
int input_read(struct cli *cli, enum avrspi_memory memory, struct avrspi_contents **contents,
               struct avrspi_error *error);

/* Checks the contents against the chip that was found, and gives what they have for the memory;
 * *image belongs to them. */
int input_fit(const struct avrspi_chip *chip, enum avrspi_memory memory,
              struct avrspi_contents *contents, const struct avrspi_image **image,
              struct avrspi_error *error);

#endif
