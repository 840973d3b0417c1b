/* SPDX-License-Identifier: MIT */
/* What files of hex records share: lines, and errors that name them. */
#ifndef AVRSPI_SRC_IMAGE_RECORDS_H
#define AVRSPI_SRC_IMAGE_RECORDS_H

#include "base/hex.h"
#include "image/origin.h"

/* Where a text begins: after a UTF-8 byte order mark and blank space; 'size' if nowhere. */
size_t avrspi_text_begin(const char *text, size_t size);

/* A line without the blank space around it. */
struct avrspi_text_line {
    const char *text;
    size_t size;
    size_t number; /* from 1 on */
    size_t column; /* of text[0], from 1 on */
};

/* Goes through the lines of a text, whether they end in LF, CRLF, CR or with the text. */
struct avrspi_text_lines {
    const char *at;
    const char *end;
    size_t number; /* of the line last looked at */
};

void avrspi_text_lines_start(struct avrspi_text_lines *lines, const char *text, size_t size);

/* The next line that is not blank; false after the last. */
bool avrspi_text_lines_next(struct avrspi_text_lines *lines, struct avrspi_text_line *line);

/* A character for a message, "'x'" or "byte 0x1F". */
struct avrspi_shown {
    char text[12];
};
struct avrspi_shown avrspi_show(char c);

/* Fills the error with AVRSPI_ERR_INPUT, "NAME:LINE: ..." (or "NAME: ..." when 'line' is 0) and
 * a hint, and returns that code. */
__attribute__((format(printf, 5, 6))) int avrspi_fail_at(struct avrspi_error *error,
                                                         const char *name, size_t line,
                                                         const char *hint, const char *format, ...);

#endif
