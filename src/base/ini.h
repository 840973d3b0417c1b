/* SPDX-License-Identifier: MIT */
/*
 * Files of "key = value" lines below [section] headers, and of comments (# or ; first on the
 * line; ; after a space later on it). inih reads them; what it would take in silence is an
 * error here: lines that it would cut, control characters, headers without keys. Indentation
 * means nothing, and a UTF-8 byte order mark is skipped.
 */
#ifndef AVRSPI_SRC_BASE_INI_H
#define AVRSPI_SRC_BASE_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum {
    /* Characters in a line other than a comment: inih holds 200, less the end of the line and
     * some room. Its limit is fixed when inih itself is built. */
    AVRSPI_INI_LONGEST_LINE = 190,
};

struct avrspi_ini_entry {
    const char *section;   /* "" above the first header */
    const char *key;       /* may be empty */
    const char *value;     /* may be empty */
    unsigned line;         /* from 1 on */
    unsigned section_line; /* of the header; 0 above the first. Tells sections of one name apart */
};

/* Takes an entry; its texts are gone when it returns. 0 or a negative code, with 'error' filled,
 * which ends the reading. */
typedef int avrspi_ini_take(void *user, const struct avrspi_ini_entry *entry,
                            struct avrspi_error *error);

struct avrspi_ini {
    const char *name; /* of the file, for messages */
    bool flat;        /* section headers are an error */
    avrspi_ini_take *take;
    void *user;
};

/* Reads a file's text entry by entry. 0; what 'take' returned; or AVRSPI_ERR_INPUT with
 * "NAME:LINE: expected ..., found '...'". Of several errors the first in the file counts, but
 * 'take' may have had entries before a bad line: drop what it took. */
int avrspi_ini_read(const struct avrspi_ini *ini, const char *text, size_t size,
                    struct avrspi_error *error);

/* Fills 'error' with "NAME:LINE: expected ..., found '...'" ('found' NULL: found nothing) and
 * returns AVRSPI_ERR_INPUT; what was found is cut where a message would not be readable. */
int avrspi_ini_expected(struct avrspi_error *error, const char *name, unsigned line,
                        const char *found, const char *expected);

#endif
