/* SPDX-License-Identifier: MIT */
#include "base/xdg.h"

#include <stdio.h>
#include <stdlib.h>

int avrspi_xdg_config(char **path, const char *name, struct avrspi_error *error)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *below = "";

    *path = NULL;
    if (!base || base[0] != '/') {
        base = getenv("HOME");
        below = "/.config";
    }
    if (!base || !*base)
        return 0;
    if (asprintf(path, "%s%s/avrspi/%s", base, below, name) >= 0)
        return 0;
    *path = NULL;
    return avrspi_fail_memory(error);
}
