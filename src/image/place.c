/* SPDX-License-Identifier: MIT */
#include "image/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/number.h"

static char *join(const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 1;
    char *path = malloc(size);

    if (path)
        (void)snprintf(path, size, "%s%s", *name == '/' ? "" : folder, name);
    return path;
}

int avrspi_place_parse(const char *folder, const char *name, struct avrspi_read_options *options,
                       char **path, struct avrspi_error *error)
{
    uint64_t address;
    char *at;

    *path = join(folder, name);
    if (!*path) {
        (void)avrspi_fail_memory(error);
        return AVRSPI_ERR_FAILURE;
    }
    at = strrchr(*path, '@');
    if (!at || access(*path, F_OK) == 0)
        return 0;
    if (!avrspi_number_parse(at + 1, strlen(at + 1), &address) || address > UINT32_MAX) {
        avrspi_fail(error, AVRSPI_ERR_USAGE,
                    "expected an address behind '@' (0x7E00), found '%.64s'", at + 1);
        free(*path);
        *path = NULL;
        return AVRSPI_ERR_USAGE;
    }
    *at = '\0';
    options->has_at = true;
    options->at = (uint32_t)address;
    return 0;
}
