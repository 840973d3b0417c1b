/* SPDX-License-Identifier: MIT */
/* What files of hex records share: lines, and errors that name them. */
#ifndef AVRSPI_SRC_IMAGE_RECORDS_H
#define AVRSPI_SRC_IMAGE_RECORDS_H

#include "base/hex.h"
#include "image/origin.h"
#include "image/source.h"

/* Where a text begins: after a UTF-8 byte order mark and blank space; 'size' if nowhere. */
size_t avrspi_text_begin(const char *text, size_t size);

/* The same, after lines that are comments too. */
size_t avrspi_text_skip_comments(const char *text, size_t size);

/* A line without the blank space around it. */
struct avrspi_text_line {
    const char *text; /* valid until the next one is asked for */
    size_t size;
    size_t number; /* from 1 on */
    size_t column; /* of text[0], from 1 on */
};

/* Goes through the lines of a text, whether they end in LF, CRLF, CR or with the text. */
struct avrspi_text_lines {
    struct avrspi_source *source;
    size_t number; /* of the line last looked at */
    bool after_cr; /* it ended in CR: an LF belongs to it */
};

void avrspi_text_lines_start(struct avrspi_text_lines *lines, struct avrspi_source *source);

/*
 * Gives the next line that is not blank. Returns 1, 0 after the last line, or a negative enum
 * avrspi_err. At the end of a text Ctrl-Z and NUL count as blank: some systems fill files with
 * them.
 */
int avrspi_text_lines_next(struct avrspi_text_lines *lines, struct avrspi_text_line *line,
                           struct avrspi_error *error);

/* Takes a line of a file: 0 for the next one, 1 when no more are wanted, or a negative enum
 * avrspi_err. */
typedef int avrspi_text_take(void *context, const struct avrspi_text_line *line,
                             struct avrspi_error *error);

/* Gives every line that is neither blank nor a comment (one that begins with ';', '#' or "//") to
 * 'take', until that wants no more. *lines is the number of the last. */
int avrspi_text_each_line(struct avrspi_source *source, avrspi_text_take *take, void *context,
                          size_t *lines, struct avrspi_error *error);

enum {
    AVRSPI_RECORD_BYTES = 260, /* of the longest record: Intel HEX, 255 data bytes */
};

/* How a line says how long it is: the first byte of its digits counts others. */
struct avrspi_record_form {
    size_t mark;         /* characters in front of the digits: ":", "S1" */
    size_t uncounted;    /* bytes, the first one among them */
    size_t least;        /* that it counts */
    const char *counted; /* what it counts, for a message: "data bytes" */
};

/* The hint for a record that is not as it was written. */
extern const char avrspi_record_damaged[];

/* Decodes a line's digits, and checks that there are as many as the first byte says. What stands
 * behind them after a blank is somebody's comment. 0 or AVRSPI_ERR_INPUT, naming the file. */
int avrspi_record_decode(const struct avrspi_record_form *form, const struct avrspi_text_line *line,
                         uint8_t bytes[AVRSPI_RECORD_BYTES], const char *name,
                         struct avrspi_error *error);

/* A number of 'size' bytes, the highest first. */
uint32_t avrspi_big_endian(const uint8_t *bytes, size_t size);

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
