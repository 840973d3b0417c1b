/* SPDX-License-Identifier: MIT */
/*
 * What a file format has to provide: one file with these functions, and one row in format.c.
 */
#ifndef AVRSPI_SRC_IMAGE_FORMAT_H
#define AVRSPI_SRC_IMAGE_FORMAT_H

#include "image.h"

/* Intel HEX: ihex.c reads it, ihex_write.c writes it. */
bool avrspi_ihex_recognise(const char *data, size_t size);
int avrspi_ihex_parse(struct avrspi_image *image, const char *name, const char *data, size_t size,
                      struct avrspi_error *error);
int avrspi_ihex_format(const struct avrspi_image *image, char **data, size_t *size,
                       struct avrspi_error *error);

/* Raw binary: raw.c. */
int avrspi_raw_parse(struct avrspi_image *image, const char *name, const char *data, size_t size,
                     struct avrspi_error *error);
int avrspi_raw_format(const struct avrspi_image *image, char **data, size_t *size,
                      struct avrspi_error *error);

#endif
