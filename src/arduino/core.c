/* SPDX-License-Identifier: MIT */
#include "arduino/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum {
    BOARDS,
    BOARDS_LOCAL,
    PLATFORM,
    PLATFORM_LOCAL,
};

static const char *const names[] = {
    [BOARDS] = NULL, /* as it was given */
    [BOARDS_LOCAL] = "boards.local.txt",
    [PLATFORM] = "platform.txt",
    [PLATFORM_LOCAL] = "platform.local.txt",
};

/* The names of all files: those beside boards.txt in the words in which it was given. */
static int name_files(struct avrspi_core *core, const char *boards_txt, struct avrspi_error *error)
{
    const char *slash = strrchr(boards_txt, '/');
    int length = slash ? (int)(slash - boards_txt) + 1 : 0;
    char *real = realpath(boards_txt, NULL);

    if (!real)
        return avrspi_fail_errno(error, AVRSPI_ERR_INPUT, "can't open '%.200s'", boards_txt);
    *strrchr(real, '/') = '\0';
    core->folder = real;
    for (int n = BOARDS; n <= PLATFORM_LOCAL; n++) {
        int made = n == BOARDS ? asprintf(&core->files[n], "%s", boards_txt)
                               : asprintf(&core->files[n], "%.*s%s", length, boards_txt, names[n]);

        if (made < 0) {
            core->files[n] = NULL;
            return avrspi_fail_memory(error);
        }
    }
    return 0;
}

int avrspi_core_open(struct avrspi_core *core, const char *boards_txt, struct avrspi_error *error)
{
    int result = name_files(core, boards_txt, error);

    if (result == 0)
        result = avrspi_properties_read(&core->boards, core->files[BOARDS], false, error);
    if (result == 0)
        result = avrspi_properties_read(&core->boards, core->files[BOARDS_LOCAL], true, error);
    if (result == 0)
        result = avrspi_properties_read(&core->platform, core->files[PLATFORM], true, error);
    core->has_platform = core->platform.count > 0;
    if (result == 0)
        result = avrspi_properties_read(&core->platform, core->files[PLATFORM_LOCAL], true, error);
    return result;
}

void avrspi_core_close(struct avrspi_core *core)
{
    avrspi_properties_free(&core->boards);
    avrspi_properties_free(&core->platform);
    for (int n = BOARDS; n <= PLATFORM_LOCAL; n++)
        free(core->files[n]);
    free(core->folder);
    *core = (struct avrspi_core){0};
}

const struct avrspi_property *avrspi_core_board(const struct avrspi_core *core, size_t n,
                                                char id[64])
{
    for (size_t i = 0; i < core->boards.count; i++) {
        const struct avrspi_property *property = &core->boards.items[i];
        const char *dot = strchr(property->key, '.');

        if (!dot || strcmp(dot, ".name") != 0 || (size_t)(dot - property->key) >= 64 || n-- > 0)
            continue;
        (void)snprintf(id, 64, "%.*s", (int)(dot - property->key), property->key);
        return property;
    }
    return NULL;
}

/* MENU.ENTRY with no more behind it is the label of an entry. */
static bool take_apart(const char *key, struct avrspi_menu_entry *entry)
{
    const char *dot = strchr(key, '.');

    if (!dot || strchr(dot + 1, '.') || (size_t)(dot - key) >= sizeof entry->menu ||
        strlen(dot + 1) >= sizeof entry->entry)
        return false;
    (void)snprintf(entry->menu, sizeof entry->menu, "%.*s", (int)(dot - key), key);
    (void)snprintf(entry->entry, sizeof entry->entry, "%s", dot + 1);
    return true;
}

bool avrspi_core_menu_entry(const struct avrspi_core *core, const char *board, size_t n,
                            struct avrspi_menu_entry *entry)
{
    char prefix[96];

    (void)snprintf(prefix, sizeof prefix, "%s.menu.", board);
    for (size_t i = 0; i < core->boards.count; i++) {
        const struct avrspi_property *property = &core->boards.items[i];
        const char *tail = avrspi_properties_tail(property, prefix);

        if (!tail || !take_apart(tail, entry) || n-- > 0)
            continue;
        entry->label = property->value;
        return true;
    }
    return false;
}
