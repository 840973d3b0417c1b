/* SPDX-License-Identifier: MIT */
#include "cli/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/numbers.h"
#include "base/error.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/xdg.h"

static int copy(char *to, size_t size, const char *what, const char *text,
                struct avrspi_error *error)
{
    if (strlen(text) >= size)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "%s is too long", what);
    strcpy(to, text);
    return 0;
}

static int set_color(struct settings *settings, const char *text, struct avrspi_error *error)
{
    if (strcmp(text, "auto") == 0)
        settings->color = UI_COLOR_AUTO;
    else if (strcmp(text, "always") == 0)
        settings->color = UI_COLOR_ALWAYS;
    else if (strcmp(text, "never") == 0)
        settings->color = UI_COLOR_NEVER;
    else
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected 'auto', 'always' or 'never' for --color, found '%s'", text);
    return 0;
}

static int set_speed(struct settings *settings, const char *text, struct avrspi_error *error)
{
    if (strcmp(text, "auto") == 0) {
        settings->sck_hz = 0;
        return 0;
    }
    return hertz_parse("--speed", text, &settings->sck_hz, error);
}

/* One setting by the id of its option. */
static int set(struct settings *settings, enum option_id id, const char *text,
               struct avrspi_error *error)
{
    switch (id) {
    case OPT_PORT:
        return copy(settings->port, sizeof settings->port, "the port", text, error);
    case OPT_RESET:
        return copy(settings->reset, sizeof settings->reset, "the reset line", text, error);
    case OPT_CHIP:
        return copy(settings->chip, sizeof settings->chip, "the chip's name", text, error);
    case OPT_CHIPS:
        return copy(settings->chips_file, sizeof settings->chips_file, "--chips", text, error);
    case OPT_SPEED:
        return set_speed(settings, text, error);
    case OPT_FCPU:
        return hertz_parse("--fcpu", text, &settings->fcpu_hz, error);
    case OPT_COLOR:
        return set_color(settings, text, error);
    default:
        return 0;
    }
}

/* The options that a configuration file may set. */
static const enum option_id configurable[] = {
    OPT_PORT, OPT_RESET, OPT_CHIP, OPT_CHIPS, OPT_SPEED, OPT_FCPU, OPT_COLOR,
};

enum {
    CONFIGURABLE = sizeof configurable / sizeof *configurable,
};

struct reading {
    struct settings *settings;
    const char *path;
};

static int take(void *user, const struct avrspi_ini_entry *entry, struct avrspi_error *error)
{
    const struct reading *reading = user;
    struct avrspi_error reason;
    int result = avrspi_fail(&reason, AVRSPI_ERR_USAGE, "'%s' is no setting", entry->key);

    avrspi_hint(&reason, "settings are 'name = value', and port, reset, chip, chips, speed, "
                         "fcpu and color are their names");
    for (size_t n = 0; n < CONFIGURABLE; n++)
        if (strcmp(option_rows[configurable[n]].name, entry->key) == 0)
            result = set(reading->settings, configurable[n], entry->value, &reason);
    if (result == 0)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_INPUT, "%s:%u: %.200s", reading->path, entry->line,
                reason.message);
    avrspi_hint(error, "%s", reason.hint);
    return AVRSPI_ERR_INPUT;
}

static int load_file(struct settings *settings, const char *path, struct avrspi_error *error)
{
    struct reading reading = {.settings = settings, .path = path};
    const struct avrspi_ini ini = {.name = path, .flat = true, .take = take, .user = &reading};
    struct avrspi_error reason = {0};
    char *text;
    size_t size;
    int result = avrspi_file_read(path, &text, &size, &reason);

    if (result < 0 && (reason.sys_errno == ENOENT || reason.sys_errno == ENOTDIR))
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

static int load_files(struct settings *settings, struct avrspi_error *error)
{
    char *path = NULL;
    int result = load_file(settings, "/etc/avrspi/config", error);

    if (result == 0)
        result = avrspi_xdg_config(&path, "config", error);
    if (result == 0 && path)
        result = load_file(settings, path, error);
    free(path);
    return result;
}

static int load_environment(struct settings *settings, struct avrspi_error *error)
{
    static const struct {
        const char *name;
        enum option_id id;
    } variables[] = {
        {"AVRSPI_PORT", OPT_PORT},
        {"AVRSPI_RESET", OPT_RESET},
        {"AVRSPI_CHIP", OPT_CHIP},
    };

    for (size_t n = 0; n < sizeof variables / sizeof *variables; n++) {
        const char *value = getenv(variables[n].name);
        int result = value && *value ? set(settings, variables[n].id, value, error) : 0;

        if (result < 0)
            return result;
    }
    return 0;
}

int settings_load(struct settings *settings, const struct options *options,
                  struct avrspi_error *error)
{
    int result;

    *settings = (struct settings){
        .port = "/dev/spidev0.0",
        .reset = "GPIO25",
        .dry_run = options->value[OPT_DRY_RUN],
        .json = options->value[OPT_JSON],
        .quiet = options->value[OPT_QUIET],
        .verbose = options->value[OPT_VERBOSE],
        .force = options->value[OPT_FORCE],
    };
    result = load_files(settings, error);
    if (result == 0)
        result = load_environment(settings, error);
    for (size_t n = 0; result == 0 && n < CONFIGURABLE; n++)
        if (options->value[configurable[n]])
            result = set(settings, configurable[n], options->value[configurable[n]], error);
    return result;
}
