/* SPDX-License-Identifier: MIT */
#include "cli/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/words.h"
#include "base/error.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/xdg.h"

struct reading {
    struct config *config;
    const char *path;
};

/* "unknown setting 'colour'; did you mean 'color'?", and what the settings are. */
static int fail_unknown(const char *name, struct avrspi_error *error)
{
    static const struct words_style style = {"", "", ", "};
    const char *names[OPTIONS];
    char list[200];
    size_t count = 0;

    for (int id = OPT_END + 1; id < OPTIONS; id++)
        if (option_rows[id].setting)
            names[count++] = option_rows[id].name;
    words_list(names, count, &style, list, sizeof list);
    (void)words_fail_unknown("setting", "", name, names, count, error);
    avrspi_hint(error, "settings are 'name = value'; the names are %s", list);
    return AVRSPI_ERR_USAGE;
}

static int set_by_name(struct config *config, const char *name, const char *value,
                       struct avrspi_error *error)
{
    for (int id = OPT_END + 1; id < OPTIONS; id++) {
        const char *kept;

        if (!option_rows[id].setting || strcmp(option_rows[id].name, name) != 0)
            continue;
        kept = config_keep(config, value, error);
        return kept ? option_set(config, (enum option_id)id, FROM_FILE, kept, error)
                    : AVRSPI_ERR_FAILURE;
    }
    return fail_unknown(name, error);
}

static int take(void *user, const struct avrspi_ini_entry *entry, struct avrspi_error *error)
{
    const struct reading *reading = user;
    struct avrspi_error reason = {0};
    int result = set_by_name(reading->config, entry->key, entry->value, &reason);

    if (result == 0)
        return 0;
    avrspi_fail_named(error, AVRSPI_ERR_INPUT, reading->path, ":%u: %s", entry->line,
                      reason.message);
    avrspi_hint(error, "%s", reason.hint);
    return AVRSPI_ERR_INPUT;
}

static int load_file(struct config *config, const char *path, struct avrspi_error *error)
{
    struct reading reading = {.config = config, .path = path};
    const struct avrspi_ini ini = {.name = path, .flat = true, .take = take, .user = &reading};
    struct avrspi_error reason = {0};
    char *text;
    size_t size;
    int result = avrspi_file_read(path, &text, &size, &reason);

    if (result < 0 && avrspi_file_is_absent(path))
        return 0;
    if (result < 0) {
        if (error)
            *error = reason;
        return result;
    }
    result = avrspi_ini_read(&ini, text, size, error);
    free(text);
    return result;
}

static int load_files(struct config *config, struct avrspi_error *error)
{
    char *path = NULL;
    int result = load_file(config, "/etc/avrspi/config", error);

    if (result == 0)
        result = avrspi_xdg_config(&path, "config", error);
    if (result == 0 && path)
        result = load_file(config, path, error);
    free(path);
    return result;
}

static int load_environment(struct config *config, struct avrspi_error *error)
{
    for (int id = OPT_END + 1; id < OPTIONS; id++) {
        const char *name = option_rows[id].variable, *value = name ? getenv(name) : NULL;
        int result =
            value ? option_set(config, (enum option_id)id, FROM_ENVIRONMENT, value, error) : 0;

        if (result < 0)
            return result;
    }
    return 0;
}

int settings_load(struct config *config, struct avrspi_error *error)
{
    int result = load_files(config, error);

    return result == 0 ? load_environment(config, error) : result;
}
