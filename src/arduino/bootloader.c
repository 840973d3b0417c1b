/* SPDX-License-Identifier: MIT */
#include "arduino/core.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arduino/avrdude.h"
#include "base/error.h"
#include "base/number.h"

void avrspi_bootloader_free(struct avrspi_bootloader *bootloader)
{
    free(bootloader->chip);
    free(bootloader->flash);
    free(bootloader->eeprom);
    *bootloader = (struct avrspi_bootloader){0};
}

/* --- what only the IDE sets */

static const struct {
    const char *key, *value;
} of_the_ide[] = {
    {"erase.verbose", ""},
    {"erase.verify", ""},
    {"bootloader.verbose", ""},
    {"bootloader.verify", ""},
    {"program.verbose", ""},
    {"program.verify", ""},
    {"upload.verbose", ""},
    {"upload.verify", ""},
    {"program.extra_params", ""},
    {"serial.port", ""},
    {"serial.port.file", ""},
    {"protocol", "linuxspi"},
    {"runtime.ide.version", "10819"},
    {"runtime.ide.path", ""},
    {"runtime.os", "linux"},
};

/* {runtime.tools.NAME.path}: where the IDE has put a tool, which is not used here. */
static int set_tool_paths(struct avrspi_properties *merged, const char *value,
                          struct avrspi_error *error)
{
    static const char begin[] = "{runtime.tools.";
    int result = 0;

    while (result == 0 && (value = strstr(value, begin)) != NULL) {
        size_t length = strcspn(++value, "}");
        char key[128];

        if ((size_t)snprintf(key, sizeof key, "%.*s", (int)length, value) < sizeof key &&
            !avrspi_properties_find(merged, key))
            result = avrspi_properties_set(merged, key, "", NULL, error);
    }
    return result;
}

static int set_all_tool_paths(struct avrspi_properties *merged, struct avrspi_error *error)
{
    const size_t count = merged->count; /* those that are added refer to none */
    int result = 0;

    for (size_t n = 0; result == 0 && n < count; n++) {
        char *value = strdup(merged->items[n].value); /* the items may move */

        result = value ? set_tool_paths(merged, value, error) : avrspi_fail_memory(error);
        free(value);
    }
    return result;
}

static int set_what_the_ide_sets(const struct avrspi_core *core, struct avrspi_properties *merged,
                                 struct avrspi_error *error)
{
    int result = avrspi_properties_set(merged, "runtime.platform.path", core->folder, NULL, error);

    for (size_t n = 0; result == 0 && n < sizeof of_the_ide / sizeof *of_the_ide; n++)
        result = avrspi_properties_set(merged, of_the_ide[n].key, of_the_ide[n].value, NULL, error);
    return result;
}

/* --- values */

static int require(const struct avrspi_core *core, const struct avrspi_properties *merged,
                   const char *key, const struct avrspi_property **property,
                   struct avrspi_error *error)
{
    *property = avrspi_properties_find(merged, key);
    if (*property)
        return 0;
    return avrspi_fail_named(error, AVRSPI_ERR_INPUT, core->files[0],
                             ": expected '%s' for the board, found none", key);
}

/* What a recipe, or the usual order, is carried out with. */
struct reader {
    const struct avrspi_core *core;
    struct avrspi_properties *merged;
    const char *other_file;
    struct avrspi_bootloader *bootloader;
};

/* A file inside the core's folder. */
static int find_file(const struct avrspi_core *core, const struct avrspi_property *property,
                     const char *path, char **file, struct avrspi_error *error)
{
    char *real = realpath(path, NULL);
    size_t length = strlen(core->folder);

    if (!real) {
        (void)avrspi_properties_fail(error, property, "the file '%.160s' is not there", path);
        avrspi_advise(error, AVRSPI_ADVICE_OTHER_FILE, NULL);
        return AVRSPI_ERR_INPUT;
    }
    if (strncmp(real, core->folder, length) != 0 || real[length] != '/') {
        free(real);
        return avrspi_properties_fail(error, property, "'%.160s' is outside of the core's folder",
                                      path);
    }
    *file = real;
    return 0;
}

static int take_file(const struct reader *reader, const struct avrspi_property *property,
                     enum avrspi_memory memory, const char *path, struct avrspi_error *error)
{
    struct avrspi_bootloader *bootloader = reader->bootloader;
    char **file = memory == AVRSPI_MEMORY_FLASH ? &bootloader->flash : &bootloader->eeprom;

    if (*file)
        return avrspi_properties_fail(error, property, "expected one file for %s, found two",
                                      memory == AVRSPI_MEMORY_FLASH ? "flash" : "EEPROM");
    if (memory != AVRSPI_MEMORY_FLASH)
        return find_file(reader->core, property, path, file, error);
    if (!reader->other_file) {
        const struct avrspi_property *name =
            avrspi_properties_find(reader->merged, "bootloader.file");

        return find_file(reader->core, name ? name : property, path, file, error);
    }
    *file = strdup(reader->other_file);
    return *file ? 0 : avrspi_fail_memory(error);
}

/* The keys of fuse bytes and lock bits in all cores. */
static const struct {
    const char *key;
    enum avrspi_fuse fuse;
} bytes[] = {
    {"bootloader.low_fuses", AVRSPI_FUSE_LOW},
    {"bootloader.high_fuses", AVRSPI_FUSE_HIGH},
    {"bootloader.extended_fuses", AVRSPI_FUSE_EXT},
    {"bootloader.lock_bits", AVRSPI_FUSE_LOCK},
};

static int fail_byte(const struct avrspi_property *property, const char *text,
                     struct avrspi_error *error)
{
    return avrspi_properties_fail(error, property,
                                  "expected a number from 0 to 255 for '%.60s', found '%.60s'",
                                  property->key, text);
}

/* --- by the recipes of platform.txt */

static int take_write(const struct reader *reader, const struct avrspi_property *property,
                      const struct avrspi_avrdude_write *write, struct avrspi_error *error)
{
    struct avrspi_fuses *fuses = &reader->bootloader->fuses;

    if (!write->immediate)
        return take_file(reader, property, write->memory, write->file, error);
    if (write->empty || (write->fuse == AVRSPI_FUSE_LOCK && (write->value | 0xC0) == 0xFF))
        return 0;
    fuses->given[write->fuse] = true;
    fuses->value[write->fuse] = write->value;
    return 0;
}

static bool writes_flash(const struct avrspi_avrdude *avrdude)
{
    for (size_t n = 0; n < avrdude->n_writes; n++)
        if (!avrdude->writes[n].immediate && avrdude->writes[n].memory == AVRSPI_MEMORY_FLASH)
            return true;
    return false;
}

/* avrdude erases by itself before it writes flash, unless -D forbids it. */
static int take_erase(const struct reader *reader, const struct avrspi_property *recipe,
                      const struct avrspi_avrdude *avrdude, struct avrspi_error *error)
{
    bool *erase = &reader->bootloader->erase;

    *erase |= avrdude->erase;
    if (*erase || !writes_flash(avrdude))
        return 0;
    if (avrdude->no_erase)
        return avrspi_properties_fail(error, recipe,
                                      "expected an erase (-e) before flash is written, found -D");
    *erase = true;
    return 0;
}

/* The board's property to which it is due that a command line is wrong: one whose value is no
 * byte. NULL: none. */
static const struct avrspi_property *find_culprit(const struct reader *reader)
{
    for (size_t n = 0; n < sizeof bytes / sizeof *bytes; n++) {
        const struct avrspi_property *property =
            avrspi_properties_find(reader->merged, bytes[n].key);
        uint32_t number;
        char *text = NULL;
        bool wrong;

        if (!property || avrspi_properties_expand(reader->merged, property, "", &text, NULL) < 0)
            continue;
        wrong = *text && !avrspi_number_parse_within(text, strlen(text), 0, 0xFF, &number);
        free(text);
        if (wrong)
            return property;
    }
    return NULL;
}

/* What is wrong with a command line gets the place of the board's property, else of the recipe. */
static int fail_command(const struct reader *reader, const struct avrspi_property *recipe,
                        const struct avrspi_error *inner, struct avrspi_error *error)
{
    const struct avrspi_property *culprit = find_culprit(reader);

    if (culprit)
        return fail_byte(culprit, culprit->value, error);
    (void)avrspi_properties_fail(error, recipe, "%.200s", inner->message);
    avrspi_hint(error, "%s", inner->hint);
    if (error)
        error->code = inner->code;
    return (int)inner->code;
}

/* Carries out a command line. */
static int take_command(const struct reader *reader, const struct avrspi_property *recipe,
                        const char *line, struct avrspi_error *error)
{
    struct avrspi_avrdude avrdude;
    struct avrspi_error inner = {0};
    int result = avrspi_avrdude_parse(&avrdude, line, &inner);

    if (result < 0)
        result = fail_command(reader, recipe, &inner, error);
    else
        result = take_erase(reader, recipe, &avrdude, error);
    for (size_t n = 0; result == 0 && n < avrdude.n_writes; n++)
        result = take_write(reader, recipe, &avrdude.writes[n], error);
    avrspi_avrdude_free(&avrdude);
    return result;
}

/* Some cores leave one of the two empty. */
static int take_recipe(const struct reader *reader, const struct avrspi_property *recipe,
                       const char *prefix, struct avrspi_error *error)
{
    char *line;
    int result = avrspi_properties_expand(reader->merged, recipe, prefix, &line, error);

    if (result < 0)
        return result;
    if (line[strspn(line, " \t")] != '\0')
        result = take_command(reader, recipe, line, error);
    free(line);
    return result;
}

static int by_recipes(const struct reader *reader, struct avrspi_error *error)
{
    static const char *const recipes[] = {"erase.pattern", "bootloader.pattern"};
    const struct avrspi_property *tool =
        avrspi_properties_find(reader->merged, "bootloader.tool.default");
    char prefix[AVRSPI_CORE_TOOL], key[AVRSPI_CORE_TOOL + 32];
    int result = tool ? 0 : require(reader->core, reader->merged, "bootloader.tool", &tool, error);

    if (result == 0)
        result = avrspi_core_tool(reader->core, reader->merged, tool, prefix, error);
    if (result == 0)
        result = set_all_tool_paths(reader->merged, error);
    for (size_t n = 0; result == 0 && n < sizeof recipes / sizeof *recipes; n++) {
        const struct avrspi_property *recipe;

        (void)snprintf(key, sizeof key, "%s%s", prefix, recipes[n]);
        recipe = avrspi_properties_find(reader->merged, key);
        if (recipe)
            result = take_recipe(reader, recipe, prefix, error);
    }
    return result;
}

/* --- without a platform.txt */

/* Cores leave the value empty where a chip has no such byte. */
static int take_byte(const struct reader *reader, const struct avrspi_property *property,
                     enum avrspi_fuse fuse, struct avrspi_error *error)
{
    struct avrspi_avrdude_write write = {.immediate = true, .fuse = fuse};
    uint32_t number;
    char *text;
    int result = avrspi_properties_expand(reader->merged, property, "", &text, error);

    if (result < 0)
        return result;
    write.empty = *text == '\0';
    if (write.empty) {
        result = take_write(reader, property, &write, error);
    } else if (avrspi_number_parse_within(text, strlen(text), 0, 0xFF, &number)) {
        write.value = (uint8_t)number;
        result = take_write(reader, property, &write, error);
    } else {
        result = fail_byte(property, text, error);
    }
    free(text);
    return result;
}

/* The value of a key, expanded; "" where nothing sets it. The caller frees *text. */
static int expand_key(const struct reader *reader, const char *key, char **text,
                      struct avrspi_error *error)
{
    const struct avrspi_property *property = avrspi_properties_find(reader->merged, key);

    if (property)
        return avrspi_properties_expand(reader->merged, property, "", text, error);
    *text = strdup("");
    return *text ? 0 : avrspi_fail_memory(error);
}

/* An empty name is no bootloader. Cores of before platform.txt have the file's folder in a key of
 * its own. */
static int take_usual_file(const struct reader *reader, const struct avrspi_property *property,
                           struct avrspi_error *error)
{
    char *folder, *name = NULL, *path = NULL;
    int result = expand_key(reader, "bootloader.path", &folder, error);

    if (result < 0)
        return result;
    result = avrspi_properties_expand(reader->merged, property, "", &name, error);
    if (result == 0 && (*name || reader->other_file)) {
        if (asprintf(&path, "%s/bootloaders/%s%s%s", reader->core->folder, folder,
                     *folder ? "/" : "", name) < 0)
            path = NULL;
        result = path ? take_file(reader, property, AVRSPI_MEMORY_FLASH, path, error)
                      : avrspi_fail_memory(error);
    }
    free(path);
    free(name);
    free(folder);
    return result;
}

static int by_usage(const struct reader *reader, struct avrspi_error *error)
{
    const struct avrspi_property *property;
    int result = 0;

    reader->bootloader->erase = true;
    for (size_t n = 0; result == 0 && n < sizeof bytes / sizeof *bytes; n++) {
        property = avrspi_properties_find(reader->merged, bytes[n].key);
        if (property)
            result = take_byte(reader, property, bytes[n].fuse, error);
    }
    if (result == 0)
        result = require(reader->core, reader->merged, "bootloader.file", &property, error);
    return result < 0 ? result : take_usual_file(reader, property, error);
}

int avrspi_core_bootloader(const struct avrspi_core *core, struct avrspi_properties *merged,
                           const char *other_file, struct avrspi_bootloader *bootloader,
                           struct avrspi_error *error)
{
    const struct reader reader = {core, merged, other_file, bootloader};
    const struct avrspi_property *chip;
    int result = set_what_the_ide_sets(core, merged, error);

    *bootloader = (struct avrspi_bootloader){0};
    if (result == 0)
        result = require(core, merged, "build.mcu", &chip, error);
    if (result == 0)
        result = avrspi_properties_expand(merged, chip, "", &bootloader->chip, error);
    if (result == 0)
        result = (core->has_platform ? by_recipes : by_usage)(&reader, error);
    if (result == 0 && other_file && !bootloader->flash)
        result = avrspi_fail(error, AVRSPI_ERR_USAGE,
                             "the board's recipes write no flash: there is no place for '%.160s'",
                             other_file);
    if (result < 0)
        avrspi_bootloader_free(bootloader);
    return result;
}
