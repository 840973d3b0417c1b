/* SPDX-License-Identifier: MIT */
/*
 * What a file format has to provide: one file with these functions, and one row in format.c.
 */
#ifndef AVRSPI_SRC_IMAGE_FORMAT_H
#define AVRSPI_SRC_IMAGE_FORMAT_H

#include "image/sink.h"
#include "image/source.h"

#include <stdio.h>

/* Whether the first bytes of a file, a few kilobytes, are those of the format. */
bool avrspi_ihex_recognise(const char *data, size_t size);
bool avrspi_srec_recognise(const char *data, size_t size);
bool avrspi_elf_recognise(const char *data, size_t size);
bool avrspi_generic_recognise(const char *data, size_t size);
bool avrspi_list_recognise(const char *data, size_t size);
bool avrspi_dump_recognise(const char *data, size_t size);

/* Emits to the sink all that the file holds. */
int avrspi_ihex_read(struct avrspi_sink *sink, struct avrspi_source *source,
                     struct avrspi_error *error);
int avrspi_srec_read(struct avrspi_sink *sink, struct avrspi_source *source,
                     struct avrspi_error *error);
int avrspi_elf_read(struct avrspi_sink *sink, struct avrspi_source *source,
                    struct avrspi_error *error);
int avrspi_raw_read(struct avrspi_sink *sink, struct avrspi_source *source,
                    struct avrspi_error *error);
int avrspi_generic_read(struct avrspi_sink *sink, struct avrspi_source *source,
                        struct avrspi_error *error);
int avrspi_list_read(struct avrspi_sink *sink, struct avrspi_source *source,
                     struct avrspi_error *error);
int avrspi_dump_read(struct avrspi_sink *sink, struct avrspi_source *source,
                     struct avrspi_error *error);

/* The file in memory from malloc(), with a NUL after its 'size' bytes. */
int avrspi_ihex_write(const struct avrspi_image *image, char **data, size_t *size,
                      struct avrspi_error *error);
int avrspi_srec_write(const struct avrspi_image *image, char **data, size_t *size,
                      struct avrspi_error *error);
int avrspi_raw_write(const struct avrspi_image *image, char **data, size_t *size,
                     struct avrspi_error *error);
int avrspi_array_write(const struct avrspi_image *image, char **data, size_t *size,
                       struct avrspi_error *error);
int avrspi_dump_write(const struct avrspi_image *image, char **data, size_t *size,
                      struct avrspi_error *error);

/* AVRSPI_ERR_USAGE for a name whose ending is that of a format that can't be written, or of none
 * that is known: it must not become a file of another. */
int avrspi_format_check_path(const char *path, struct avrspi_error *error);

struct avrspi_format_options {
    enum avrspi_format format;
    bool first_image; /* what stands behind the end of an image is not read */
    bool take_text;   /* text in a file named as raw binary is that */
};

/*
 * Reads a file: *image is new, and the caller frees it and *facts; after a failure there are none.
 * Where facts->overlaps, the image has the first of the bytes that differ.
 */
int avrspi_format_read(struct avrspi_image **image, struct avrspi_facts *facts,
                       const struct avrspi_format_options *options, const char *name,
                       struct avrspi_source *source, struct avrspi_error *error);

/* AVRSPI_ERR_INPUT: a file without data. */
int avrspi_fail_empty(const char *name, struct avrspi_error *error);

/* Text in a stream of memory: open it, print to it, then end it, which gives the file as the
 * functions that write have it. */
struct avrspi_text_out {
    FILE *out;
    char **data;
};
int avrspi_text_out_begin(struct avrspi_text_out *text, char **data, size_t *size,
                          struct avrspi_error *error);
int avrspi_text_out_end(struct avrspi_text_out *text, struct avrspi_error *error);

#endif
