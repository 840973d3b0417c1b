/* SPDX-License-Identifier: MIT */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arduino/core.h"
#include "base/error.h"

/* Where the core of another package is, for one of the same architecture: beside this one as a
 * folder of "hardware", beside it as the boards manager puts them, and where Debian's are. */
static const struct {
    const char *from; /* of this core's folder; NULL: anywhere */
    const char *package, *architecture, *rest;
} places[] = {
    {"/../../", "", "/", "/platform.txt"},
    {"/../../../../", "", "/hardware/", "/*/platform.txt"},
    {NULL, "/usr/share/arduino/hardware/", "/", "/platform.txt"},
};

/* "avr" of ".../hardware/avr" and of ".../hardware/avr/1.8.6": the last part that is no version. */
static const char *architecture_of(const char *folder, int *length)
{
    const char *end = folder + strlen(folder), *begin;

    do {
        for (begin = end; begin > folder && begin[-1] != '/'; begin--)
            ;
        *length = (int)(end - begin);
        end = begin > folder ? begin - 1 : folder;
    } while (strchr("0123456789", *begin) && end > folder);
    return begin;
}

/* The newest of what fits a pattern. */
static int newest(const char *pattern, char **path)
{
    const char *best = NULL;
    glob_t found;
    int result = glob(pattern, 0, NULL, &found);

    *path = NULL;
    if (result != 0)
        return result == GLOB_NOSPACE ? AVRSPI_ERR_FAILURE : 0;
    for (size_t n = 0; n < found.gl_pathc; n++)
        if (!best || strverscmp(found.gl_pathv[n], best) > 0)
            best = found.gl_pathv[n];
    *path = best ? strdup(best) : NULL;
    globfree(&found);
    return best && !*path ? AVRSPI_ERR_FAILURE : 0;
}

/* The platform.txt of another package; *path is NULL where there is none. */
static int find_platform(const struct avrspi_core *core, const char *package, int package_length,
                         char **path, struct avrspi_error *error)
{
    int length;
    const char *architecture = architecture_of(core->folder, &length);

    *path = NULL;
    for (size_t n = 0; !*path && n < sizeof places / sizeof *places; n++) {
        const char *from = places[n].from;
        char *pattern;
        int result;

        if (asprintf(&pattern, "%s%s%s%.*s%s%.*s%s", from ? core->folder : "", from ? from : "",
                     places[n].package, package_length, package, places[n].architecture, length,
                     architecture, places[n].rest) < 0)
            return avrspi_fail_memory(error);
        result = newest(pattern, path);
        free(pattern);
        if (result < 0)
            return avrspi_fail_memory(error);
    }
    return 0;
}

/* Takes what another core's platform.txt has for a tool. */
static int borrow(struct avrspi_properties *merged, const struct avrspi_property *property,
                  const char *prefix, const char *path, struct avrspi_error *error)
{
    struct avrspi_properties other = {0};
    int result = avrspi_properties_read(&other, path, false, error);

    for (size_t n = 0; result == 0 && n < other.count; n++) {
        other.items[n].file = property->file; /* 'path' does not last */
        other.items[n].line = property->line;
        if (avrspi_properties_tail(&other.items[n], prefix))
            result = avrspi_properties_set(merged, other.items[n].key, other.items[n].value,
                                           &other.items[n], error);
    }
    avrspi_properties_free(&other);
    return result;
}

static int fail_package(const struct avrspi_property *property, int length,
                        struct avrspi_error *error)
{
    (void)avrspi_properties_fail(error, property,
                                 "the core of '%.*s', which has the tool '%.60s', is not there",
                                 length, property->value, property->value + length + 1);
    avrspi_hint(error, "it belongs into the folder '%.*s' beside that of this core's package",
                length, property->value);
    return AVRSPI_ERR_INPUT;
}

/* "PACKAGE:avrdude"; where the package is not there, this core's own tool of that name does. */
static int find_package(const struct avrspi_core *core, struct avrspi_properties *merged,
                        const struct avrspi_property *property, const char *prefix,
                        const char *pattern, struct avrspi_error *error)
{
    const int length = (int)strcspn(property->value, ":");
    char *path;
    int result = find_platform(core, property->value, length, &path, error);

    if (result < 0)
        return result;
    if (path)
        result = borrow(merged, property, prefix, path, error);
    if (result == 0 && !avrspi_properties_find(merged, pattern))
        result = path
                     ? avrspi_properties_fail(error, property, "no '%s' in '%.160s'", pattern, path)
                     : fail_package(property, length, error);
    free(path);
    return result;
}

int avrspi_core_tool(const struct avrspi_core *core, struct avrspi_properties *merged,
                     const struct avrspi_property *property, char prefix[AVRSPI_CORE_TOOL],
                     struct avrspi_error *error)
{
    const char *colon = strchr(property->value, ':'), *tool = colon ? colon + 1 : property->value;
    char pattern[AVRSPI_CORE_TOOL + 32];

    (void)snprintf(prefix, AVRSPI_CORE_TOOL, "tools.%.80s.", tool);
    (void)snprintf(pattern, sizeof pattern, "%sbootloader.pattern", prefix);
    if (colon)
        return find_package(core, merged, property, prefix, pattern, error);
    if (!avrspi_properties_find(merged, pattern))
        return avrspi_properties_fail(error, property, "platform.txt has no '%s'", pattern);
    return 0;
}
