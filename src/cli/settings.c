/* SPDX-License-Identifier: MIT */
#include "cli/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "cli/numbers.h"
#include "base/error.h"

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
    FILE *file;
    int line;
    int failed; /* the line that 'error' is about, or 0 */
    struct avrspi_error error;
};

static void skip_line(FILE *file)
{
    int c;

    do {
        c = fgetc(file);
    } while (c != '\n' && c != EOF);
}

/* Gives inih a line, and none behind one that was refused. */
static char *next_line(char *line, int room, void *user)
{
    struct reading *reading = user;
    char first;

    if (reading->failed || !fgets(line, room, reading->file))
        return NULL;
    reading->line++;
    if (strchr(line, '\n') || feof(reading->file))
        return line;
    first = line[strspn(line, " \t")];
    if (first == '#' || first == ';') {
        skip_line(reading->file);
        line[room - 2] = '\n'; /* inih goes by that too */
        return line;
    }
    reading->failed = reading->line; /* inih would take the rest for a line of its own */
    avrspi_fail(&reading->error, AVRSPI_ERR_USAGE, "expected a line of at most %d characters",
                room - 2);
    return NULL;
}

static int on_line(void *user, const char *section, const char *name, const char *value)
{
    struct reading *reading = user;
    int result = *section
                     ? avrspi_fail(&reading->error, AVRSPI_ERR_USAGE,
                                   "there are no sections, found [%s]", section)
                     : avrspi_fail(&reading->error, AVRSPI_ERR_USAGE, "'%s' is no setting", name);

    avrspi_hint(&reading->error,
                "settings are 'name = value', and port, reset, chip, chips, speed, "
                "fcpu and color are their names");
    for (size_t n = 0; *section == '\0' && n < CONFIGURABLE; n++)
        if (strcmp(option_rows[configurable[n]].name, name) == 0)
            result = set(reading->settings, configurable[n], value, &reading->error);
    if (result < 0)
        reading->failed = reading->line;
    return result == 0;
}

static int load_file(struct settings *settings, const char *path, struct avrspi_error *error)
{
    struct reading reading = {.settings = settings, .file = fopen(path, "re")};
    int line;

    if (!reading.file)
        return 0;
    line = ini_parse_stream(next_line, &reading, on_line, &reading);
    (void)fclose(reading.file);
    if (line == 0)
        line = reading.failed;
    if (line == 0)
        return 0;
    if (line < 0)
        return avrspi_fail_memory(error);
    avrspi_fail(error, AVRSPI_ERR_INPUT, "%s:%d: %.200s", path, line,
                line == reading.failed ? reading.error.message : "expected 'name = value'");
    if (line == reading.failed)
        avrspi_hint(error, "%s", reading.error.hint);
    return AVRSPI_ERR_INPUT;
}

static int load_files(struct settings *settings, struct avrspi_error *error)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    char path[4096] = "";
    int result = load_file(settings, "/etc/avrspi/config", error);

    if (config && *config)
        (void)snprintf(path, sizeof path, "%s/avrspi/config", config);
    else if (home && *home)
        (void)snprintf(path, sizeof path, "%s/.config/avrspi/config", home);
    if (result == 0 && *path)
        result = load_file(settings, path, error);
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
