/* SPDX-License-Identifier: MIT */
/*
 * What a file format has to provide: one file with these functions, and one row in format.c.
 */
#ifndef AVRSPI_SRC_IMAGE_FORMAT_H
#define AVRSPI_SRC_IMAGE_FORMAT_H

#include "image/sink.h"

/* Whether the first bytes are those of the format. */
bool avrspi_ihex_recognise(const char *data, size_t size);

/* Emits to the sink all that the file holds. */
int avrspi_ihex_read(struct avrspi_sink *sink, const char *data, size_t size,
                     struct avrspi_error *error);
int avrspi_raw_read(struct avrspi_sink *sink, const char *data, size_t size,
                    struct avrspi_error *error);

/* The file in memory from malloc(), with a NUL after its 'size' bytes. */
int avrspi_ihex_write(const struct avrspi_image *image, char **data, size_t *size,
                      struct avrspi_error *error);
int avrspi_raw_write(const struct avrspi_image *image, char **data, size_t *size,
                     struct avrspi_error *error);

/* AVRSPI_ERR_USAGE for a name whose extension is that of a format that can't be written: it must
 * not become a file of another. */
int avrspi_format_check_path(const char *path, struct avrspi_error *error);

/* What a file is called in messages: its path, or "standard input" for "-". */
const char *avrspi_file_title(const char *path);

#endif
