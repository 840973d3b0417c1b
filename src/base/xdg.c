/* SPDX-License-Identifier: MIT */
#include "base/xdg.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static bool can_be_used(const char *folder)
{
    return access(folder, W_OK | X_OK) == 0;
}

/* Makes a folder and those above it; true when it is there and can be written to. */
static bool make_folder(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
    (void)mkdir(path, 0700);
    return can_be_used(path);
}

enum {
    STATE_FOLDERS = 3,
};

/* The n-th place where notes may be; NULL where its variable is not set to a path. */
static char *state_folder(int n)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    char *path = NULL;

    if (n == 0 && state && state[0] == '/')
        return asprintf(&path, "%s/avrspi", state) < 0 ? NULL : path;
    if (n == 1 && home && home[0] == '/')
        return asprintf(&path, "%s/.local/state/avrspi", home) < 0 ? NULL : path;
    return n == 2 ? strdup("/var/lib/avrspi") : NULL;
}

char *avrspi_xdg_state_found(void)
{
    for (int n = 0; n < STATE_FOLDERS; n++) {
        char *path = state_folder(n);

        if (path && can_be_used(path))
            return path;
        free(path);
    }
    return NULL;
}

int avrspi_xdg_state(char **path, struct avrspi_error *error)
{
    for (int n = 0; n < STATE_FOLDERS; n++) {
        *path = state_folder(n);
        if (*path && make_folder(*path))
            return 0;
        free(*path);
    }
    *path = NULL;
    avrspi_fail_errno(error, AVRSPI_ERR_FAILURE, "no folder for notes can be written to");
    avrspi_hint(error, "set XDG_STATE_HOME to a folder that you can write to; avrspi tried "
                       "$XDG_STATE_HOME/avrspi, ~/.local/state/avrspi and /var/lib/avrspi");
    return AVRSPI_ERR_FAILURE;
}
