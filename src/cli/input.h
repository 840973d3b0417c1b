/* SPDX-License-Identifier: MIT */
/* The files that a command writes to a chip, or compares with it. */
#ifndef AVRSPI_SRC_CLI_INPUT_H
#define AVRSPI_SRC_CLI_INPUT_H

#include "cli/target.h"

enum {
    MOST_FILES = 8,
    FOLDER_FILES = 3, /* what a folder counts for at most (folder.h) */
};

enum input_use {
    INPUT_WRITE,
    INPUT_COMPARE,
    INPUT_BURN, /* all memories of the files; 'memory' is where addresses from 0 on belong */
};

/* All zero before it is read. */
struct input {
    enum avrspi_memory memory;
    enum input_use use;
    struct avrspi_contents *files[MOST_FILES * FOLDER_FILES]; /* as they were given */
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

/* The same of contents that are there, which become the input's. */
struct input input_of(struct avrspi_contents *contents, enum avrspi_memory memory,
                      enum input_use use);

/* Whether the files hold bytes for the memory, or for any that is burned. */
bool input_has_bytes(const struct input *input);

/* Checks the files against the chip that was found, and gives the bytes for the memory, which
 * belong to the input. AVRSPI_ERR_SIGNATURE where a file is for another chip. */
int input_fit(struct input *input, struct cli *cli, const struct avrspi_chip *chip,
              const struct avrspi_image **image, struct avrspi_error *error);

/* The same for INPUT_BURN: gives all memories. */
int input_fit_whole(struct input *input, struct cli *cli, const struct avrspi_chip *chip,
                    const struct avrspi_contents **contents, struct avrspi_error *error);

void input_free(struct input *input);

/*
 * How to read FILE, or FILE@ADDRESS where there is no file of the whole name, by the options of the
 * command; the caller frees *path. Without addresses of its own it is for the memory of --memory,
 * or one named '.eep' for EEPROM.
 */
int input_options(const struct cli *cli, const char *argument, struct avrspi_read_options *options,
                  char **path, struct avrspi_error *error);

/* " 0x0000-0x01FF" for the bytes from 'begin' up to, not including, 'end'; the characters used. */
size_t input_range_text(char *text, size_t size, uint32_t begin, uint64_t end);

/* The chip that a file says it is for, in words; "" where it says none, or this one. */
void input_foreign_chip(const struct cli *cli, const struct avrspi_contents *file,
                        const struct avrspi_chip *chip, char text[UI_TEXT]);

/* Says what is odd about a file. */
void input_tell_remarks(struct cli *cli, const struct avrspi_contents *file);

/* The same for the last of several inputs, each of one file: those that none before it has. */
void input_tell_new_remarks(struct cli *cli, const struct input *inputs, size_t last);

#endif
