/* SPDX-License-Identifier: MIT */
/* The kernel's files below a root: "" for the real ones. What can't be read is empty. */
#ifndef AVRSPI_SRC_HOST_FILES_H
#define AVRSPI_SRC_HOST_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/error.h"

/* A file, whole: 'data' stays NULL where it can't be read; the caller frees it.
 * AVRSPI_ERR_FAILURE when out of memory. */
int avrspi_host_read_file(const char *root, const char *path, char **data, size_t *size,
                          struct avrspi_error *error);

/* The first line or string of a file. AVRSPI_ERR_FAILURE when out of memory. */
int avrspi_host_read_line(const char *root, const char *path, char *line, size_t room,
                          struct avrspi_error *error);

/* A file that holds a decimal number; false where it does not. */
bool avrspi_host_read_number(const char *root, const char *path, uint32_t *number);

/* The name of what a link leads to. */
void avrspi_host_read_link(const char *root, const char *path, char *name, size_t room);

#endif
