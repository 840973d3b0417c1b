/* SPDX-License-Identifier: MIT */
/* FILE@ADDRESS: a file, and where its first byte belongs. */
#ifndef AVRSPI_SRC_IMAGE_PLACE_H
#define AVRSPI_SRC_IMAGE_PLACE_H

#include "avrspi/contents.h"

/*
 * Takes a name apart: FILE, or FILE@ADDRESS where there is no file of the whole name ('folder' is
 * in front of it, "" for none). Sets has_at and at of the options where there is an address. The
 * caller frees *path, which begins with the folder, unless it is absolute. AVRSPI_ERR_USAGE for an
 * address that is no number.
 */
int avrspi_place_parse(const char *folder, const char *name, struct avrspi_read_options *options,
                       char **path, struct avrspi_error *error);

#endif
