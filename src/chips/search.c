/* SPDX-License-Identifier: MIT */
/* The folders where chip files of one's own are looked for. */
#include "avrspi/chips.h"

#include "base/error.h"
#include "base/file.h"
#include "base/xdg.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char system_folder[] = "/etc/avrspi/chips";

static int is_chip_file(const struct dirent *entry)
{
    static const char suffix[] = ".conf";
    size_t size = strlen(entry->d_name);

    return entry->d_name[0] != '.' && size >= sizeof suffix &&
           strcmp(entry->d_name + size + 1 - sizeof suffix, suffix) == 0;
}

/* alphasort() would go by the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int add_entry(struct avrspi_chips *chips, const char *folder, const char *name,
                     struct avrspi_error *error)
{
    char *path = NULL;
    int result;

    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return avrspi_fail_memory(error);
    result = avrspi_chips_add_file(chips, path, error);
    free(path);
    return result;
}

static int add_folder(struct avrspi_chips *chips, const char *folder, struct avrspi_error *error)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_chip_file, by_name);
    int result = 0, sys_errno = errno;

    if (count < 0 && (sys_errno == ENOTDIR || avrspi_file_is_absent(folder)))
        return 0;
    errno = sys_errno;
    if (count < 0)
        return avrspi_fail_errno(error, AVRSPI_ERR_INPUT, "can't read folder '%s'", folder);
    for (int i = 0; i < count; i++) {
        if (result == 0)
            result = add_entry(chips, folder, entries[i]->d_name, error);
        free(entries[i]);
    }
    free(entries);
    return result;
}

int avrspi_chips_add_search_path(struct avrspi_chips *chips, struct avrspi_error *error)
{
    char *folder = NULL;
    int result = add_folder(chips, system_folder, error);

    if (result == 0)
        result = avrspi_xdg_config(&folder, "chips", error);
    if (result < 0)
        return result;
    if (folder)
        result = add_folder(chips, folder, error);
    free(folder);
    return result;
}
