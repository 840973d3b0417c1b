/* SPDX-License-Identifier: MIT */
/* The files that a command writes to a chip, or compares with it. */
#ifndef AVRSPI_SRC_CLI_INPUT_H
#define AVRSPI_SRC_CLI_INPUT_H

#include "cli/target.h"

enum {
    MOST_FILES = 8,
};

enum input_use {
    INPUT_WRITE,
    INPUT_COMPARE,
};

/* All zero before it is read. */
struct input {
    enum avrspi_memory memory;
    enum input_use use;
    struct avrspi_contents *files[MOST_FILES]; /* as they were given */
    size_t n_files;
    struct avrspi_contents *together; /* what the job gets, where that is not one file whole */
    bool told;                        /* what is odd about the files has been said */
};

/*
 * Reads the command's files (its arguments) for a memory, and checks them against -c where that
 * was given. A file for EEPROM may hold nothing at all: then there are no bytes. The caller calls
 * input_free().
 */
int input_read(struct input *input, struct cli *cli, enum avrspi_memory memory, enum input_use use,
               struct avrspi_error *error);

/* Whether the files hold bytes for the memory. */
bool input_has_bytes(const struct input *input);

/* Checks the files against the chip that was found, and gives the bytes for the memory, which
 * belong to the input. AVRSPI_ERR_SIGNATURE where a file is for another chip. */
int input_fit(struct input *input, struct cli *cli, const struct avrspi_chip *chip,
              const struct avrspi_image **image, struct avrspi_error *error);

void input_free(struct input *input);

#endif
