/* SPDX-License-Identifier: MIT */
/* Where tests put their files. */
#ifndef AVRSPI_TESTS_SUPPORT_TEMPORARY_H
#define AVRSPI_TESTS_SUPPORT_TEMPORARY_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Makes a new folder in $TMPDIR, or in /tmp; false where 'size' is too small for its path. */
static inline bool temporary_folder(char *path, size_t size)
{
    const char *parent = getenv("TMPDIR");
    const int length =
        snprintf(path, size, "%s/avrspi-test-XXXXXX", parent && *parent ? parent : "/tmp");

    return length >= 0 && (size_t)length < size && mkdtemp(path);
}

#endif
