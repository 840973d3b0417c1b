/* SPDX-License-Identifier: MIT */
/*
 * Files of keys and values from anyone: what they say is handed out as text with rising line
 * numbers, or they are refused with a message that names a line. Seeds: chips/.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/ini.h"

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static int take(void *user, const struct avrspi_ini_entry *entry, struct avrspi_error *error)
{
    unsigned *line = user;

    (void)error;
    require(entry->line > *line && entry->section_line < entry->line);
    require(entry->section_line > 0 || entry->section[0] == '\0');
    require(strlen(entry->key) + strlen(entry->value) < AVRSPI_INI_LONGEST_LINE);
    *line = entry->line;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned line = 0;
    const struct avrspi_ini ini = {.name = "fuzz", .flat = size % 2, .take = take, .user = &line};
    struct avrspi_error error = {.message = ""};
    int result = avrspi_ini_read(&ini, (const char *)data, size, &error);

    require(result == 0 || (result == AVRSPI_ERR_INPUT && strncmp(error.message, "fuzz:", 5) == 0));
    return 0;
}
