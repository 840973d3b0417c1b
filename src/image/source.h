/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a file, as far as they are needed: lines are read in pieces, so that memory holds
 * what a file says and not the file too.
 */
#ifndef AVRSPI_SRC_IMAGE_SOURCE_H
#define AVRSPI_SRC_IMAGE_SOURCE_H

#include "base/file.h"

/* All bytes from 'at' on are still to be read. */
struct avrspi_source {
    const char *data;
    size_t at, size;
    bool ended;       /* the file has no more than 'data' */
    const char *path; /* for messages */
    int fd;           /* -1: all was in memory from the start */
    struct avrspi_buffer buffer;
};

/* A file that is in memory. 'data' stays the caller's. */
void avrspi_source_of_memory(struct avrspi_source *source, const void *data, size_t size);

/* Opens a file; "-" is standard input. The caller calls avrspi_source_close(). */
int avrspi_source_open(struct avrspi_source *source, const char *path, struct avrspi_error *error);
void avrspi_source_close(struct avrspi_source *source);

/* Makes sure that 'wanted' bytes follow 'at', or all that there are. Pointers into the data are
 * not valid any more. */
int avrspi_source_want(struct avrspi_source *source, size_t wanted, struct avrspi_error *error);

#endif
