/* SPDX-License-Identifier: MIT */
/* Files, read whole or in pieces, and written at once. */
#ifndef AVRSPI_SRC_BASE_FILE_H
#define AVRSPI_SRC_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Reads a file whole ("-" is standard input) into memory from malloc() with a NUL after it;
 * the caller frees *data. AVRSPI_ERR_INPUT when it can't be read. */
int avrspi_file_read(const char *path, char **data, size_t *size, struct avrspi_error *error);

/* Opens a file for reading; "-" is standard input. AVRSPI_ERR_INPUT when it can't be. */
int avrspi_file_open(const char *path, int *fd, struct avrspi_error *error);

/* Closes it, unless it is standard input. */
void avrspi_file_close(int fd);

/* What a file is called in messages: its path, or "standard input" for "-". */
const char *avrspi_file_title(const char *path);

/* Memory from malloc() that grows: 'size' bytes are used, and a NUL follows them. All zero when it
 * begins; the caller frees .data. */
struct avrspi_buffer {
    char *data;
    size_t size, room;
};

/* Appends what one read() gives; *ended when there is nothing more. AVRSPI_ERR_INPUT when the file
 * can't be read, or the buffer would hold more than 256 MiB. */
int avrspi_file_read_more(int fd, const char *path, struct avrspi_buffer *buffer, bool *ended,
                          struct avrspi_error *error);

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
