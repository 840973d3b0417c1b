/* SPDX-License-Identifier: MIT */
/* Whole files, read and written at once. */
#ifndef AVRSPI_SRC_BASE_FILE_H
#define AVRSPI_SRC_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Reads a file whole ("-" is standard input) into memory from malloc() with a NUL after it;
 * the caller frees *data. AVRSPI_ERR_INPUT when it can't be read. */
int avrspi_file_read(const char *path, char **data, size_t *size, struct avrspi_error *error);

/* Writes a file so that its name shows either the old content or all of the new: to a new file
 * beside it, synced, then renamed over. What is not a regular file (a pipe, /dev/null) and "-"
 * (standard output) are written straight. */
int avrspi_file_write(const char *path, const void *data, size_t size, struct avrspi_error *error);

/* Fails where avrspi_file_write() would for want of a folder or of permission; leaves the file. */
int avrspi_file_check_writable(const char *path, struct avrspi_error *error);

/* True where a file or folder is not there, as far as its user may look: what is in a folder that
 * may not be searched, such as another user's home, counts as absent. */
bool avrspi_file_is_absent(const char *path);

/* Writes all of it, also where the system takes it piece by piece or a signal comes in between.
 * Returns 0, or -1 with errno. */
int avrspi_file_write_all(int fd, const void *data, size_t size);

#endif
