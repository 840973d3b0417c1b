/* SPDX-License-Identifier: MIT */
/*
 * A backup of a whole chip as a folder:
 *
 *     flash.hex, eeprom.hex    Intel HEX, each from its own address 0 on
 *     fuses.txt                low = 0x62, high = ..., ext = ...
 *     lock.txt                 lock = 0xFF
 *     chip.txt                 chip = ATmega328P, signature = 1E 95 0F, calibration = 9E
 */
#ifndef AVRSPI_SRC_CLI_FOLDER_H
#define AVRSPI_SRC_CLI_FOLDER_H

#include "avrspi/avrspi.h"

/* Whether it is one, or is to become one: it ends with '/'. */
bool folder_is(const char *path);

/* Makes the folder if it is not there ('*made'), and fails where its files could not be written. */
int folder_prepare(const char *path, bool *made, struct avrspi_error *error);

/* Writes contents of a chip; 'notes' are comment lines for chip.txt, without the '#'. */
int folder_write(const char *path, const struct avrspi_contents *contents,
                 const struct avrspi_chip *chip, const char *notes, struct avrspi_error *error);

/* Reads the files that are there; appends to 'files' three contents at most, which the caller
 * frees, also after a failure. AVRSPI_ERR_INPUT where none is there. */
int folder_read(const char *path, const struct avrspi_chip *chip, struct avrspi_contents **files,
                size_t *n_files, struct avrspi_error *error);

#endif
