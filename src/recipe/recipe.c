/* SPDX-License-Identifier: MIT */
#include "recipe/recipe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/ini.h"
#include "base/number.h"
#include "base/text.h"
#include "base/words.h"

enum {
    HIGHEST_HZ = 100000000,
};

/* A recipe that is being read. */
struct reading {
    struct avrspi_recipe *recipe;
    const struct avrspi_ini_entry *entry;
    struct avrspi_error *error;
};

struct key {
    const char *section, *name;
    int (*take)(const struct reading *reading, void *place);
    size_t place; /* in struct avrspi_recipe */
    bool many;    /* it may stand several times */
};

/* --- values */

/* "NAME:12: expected ... for 'supply', found '...'" */
static int expected(const struct reading *reading, const char *what)
{
    const struct avrspi_ini_entry *entry = reading->entry;
    char text[160];

    (void)snprintf(text, sizeof text, "%s for '%.40s'", what, entry->key);
    return avrspi_ini_expected(reading->error, reading->recipe->name, entry->line,
                               *entry->value ? entry->value : NULL, text);
}

static int keep(const struct reading *reading, struct avrspi_recipe_line *line, const char *value,
                size_t size)
{
    line->line = reading->entry->line;
    line->key = strdup(reading->entry->key);
    line->value = strndup(value, size);
    return line->key && line->value ? 0 : avrspi_fail_memory(reading->error);
}

static int add(const struct reading *reading, struct avrspi_recipe_lines *lines, const char *value,
               size_t size)
{
    struct avrspi_recipe_line *more = realloc(lines->at, (lines->count + 1) * sizeof *lines->at);

    if (!more)
        return avrspi_fail_memory(reading->error);
    lines->at = more;
    lines->at[lines->count] = (struct avrspi_recipe_line){0};
    return keep(reading, &lines->at[lines->count++], value, size);
}

static int take_line(const struct reading *reading, void *place)
{
    const char *value = reading->entry->value;

    return *value ? add(reading, place, value, strlen(value)) : expected(reading, "a value");
}

static int take_file(const struct reading *reading, void *place)
{
    return *reading->entry->value ? take_line(reading, place) : expected(reading, "a file");
}

/* "ATmega328P, ATmega328PB" */
static int take_chips(const struct reading *reading, void *place)
{
    const char *rest = reading->entry->value, *word;
    size_t size;

    while ((word = avrspi_text_word(&rest, &size)) != NULL) {
        const bool comma = word[size - 1] == ',';
        const size_t length = comma ? size - 1 : size;

        if (length == 0 || memchr(word, ',', length) || (comma && !*(rest + strspn(rest, " \t"))))
            return expected(reading, "names of chips with commas between");
        if (!comma && *(rest + strspn(rest, " \t")))
            return expected(reading, "names of chips with commas between");
        if (add(reading, place, word, length) < 0)
            return AVRSPI_ERR_FAILURE;
    }
    return ((struct avrspi_recipe_lines *)place)->count ? 0 : expected(reading, "a chip");
}

static int take_text(const struct reading *reading, void *place)
{
    const char *value = reading->entry->value;

    return *value ? keep(reading, place, value, strlen(value)) : expected(reading, "a file");
}

/* Keys of [serial] are those of its rule. */
static int take_serial(const struct reading *reading, void *place)
{
    struct avrspi_recipe *recipe = place;
    const struct avrspi_ini_entry *entry = reading->entry;
    struct avrspi_error reason;
    bool unknown;
    int result =
        avrspi_serial_rule_set(&recipe->serial, entry->key, entry->value, &unknown, &reason);

    if (result < 0)
        return avrspi_fail_named(reading->error,
                                 result == AVRSPI_ERR_INPUT ? result : AVRSPI_ERR_FAILURE,
                                 recipe->name, ":%u: %s%s%s", entry->line,
                                 unknown ? "" : entry->key, unknown ? "" : ": ", reason.message);
    return recipe->serial_at.line ? 0 : keep(reading, &recipe->serial_at, "", 0);
}

/* A program and its arguments; that they can be split is known from here on. */
static int take_program(const struct reading *reading, void *place)
{
    struct avrspi_error reason;
    char **words;

    if (avrspi_words_split(&words, reading->entry->value, &reason) < 0) {
        char what[80];

        (void)snprintf(what, sizeof what, "a program and its arguments (%.30s)",
                       reason.message + strcspn(reason.message, " ") + 1);
        return expected(reading, what);
    }
    free(words);
    return keep(reading, place, reading->entry->value, strlen(reading->entry->value));
}

static int take_flag(const struct reading *reading, void *place)
{
    const bool yes = strcmp(reading->entry->value, "yes") == 0;

    if (!yes && strcmp(reading->entry->value, "no") != 0)
        return expected(reading, "yes or no");
    *(bool *)place = yes;
    return 0;
}

static int take_signature(const struct reading *reading, void *place)
{
    const char *rest = reading->entry->value, *word;
    size_t size;

    for (int n = 0; n < 3; n++) {
        word = avrspi_text_word(&rest, &size);
        if (!word || !avrspi_hex_byte(word, size, (uint8_t *)place + n))
            return expected(reading, "three bytes such as 1E 95 0F");
    }
    if (avrspi_text_word(&rest, &size))
        return expected(reading, "three bytes such as 1E 95 0F");
    reading->recipe->signature_line = reading->entry->line;
    return 0;
}

/* "16 MHz" for "16MHz": a space between number and unit is how people write it. */
static void join_unit(const char *value, char text[32])
{
    const size_t number = strcspn(value, " ");

    (void)snprintf(text, 32, "%.*s%s", (int)number, value, value[number] ? value + number + 1 : "");
}

static int take_supply(const struct reading *reading, void *place)
{
    char text[32];

    join_unit(reading->entry->value, text);
    return avrspi_number_parse_mv(text, strlen(text), place)
               ? 0
               : expected(reading, "volts from 0.5 to 6, such as 3.3");
}

static int take_clock(const struct reading *reading, void *place)
{
    char text[32];

    join_unit(reading->entry->value, text);
    return avrspi_number_parse_hz(text, strlen(text), 1, HIGHEST_HZ, place)
               ? 0
               : expected(reading, "a frequency such as 16 MHz");
}

/* "yes": neither 0x00 nor 0xFF; or a range, "0x60-0xC0". */
static int take_calibration(const struct reading *reading, void *place)
{
    struct avrspi_recipe *recipe = place;
    const char *value = reading->entry->value, *dash = strchr(value, '-');
    uint32_t least = 0x01, most = 0xFE;
    const bool yes = strcmp(value, "yes") == 0;

    if (!yes && strcmp(value, "no") != 0 &&
        (!dash || !avrspi_number_parse_within(value, (size_t)(dash - value), 0, 0xFF, &least) ||
         !avrspi_number_parse_within(dash + 1, strlen(dash + 1), least, 0xFF, &most)))
        return expected(reading, "yes, no or a range such as 0x60-0xC0");
    recipe->check_calibration = yes || dash;
    recipe->least_calibration = (uint8_t)least;
    recipe->most_calibration = (uint8_t)most;
    return 0;
}

/* --- keys */

#define AT(member) offsetof(struct avrspi_recipe, member)

static const struct key keys[] = {
    {"unit", "chip", take_chips, AT(chips), false},
    {"unit", "signature", take_signature, AT(signature), false},
    {"unit", "supply", take_supply, AT(supply_mv), false},
    {"unit", "clock", take_clock, AT(clock_hz), false},
    {"unit", "erase", take_flag, AT(erase), false},
    {"unit", "keep_eeprom", take_flag, AT(keep_eeprom), false},
    {"unit", "keep_boot", take_flag, AT(keep_boot), false},
    {"unit", "check_blank", take_flag, AT(check_blank), false},
    {"unit", "check_calibration", take_calibration, 0, false},
    {"unit", "firmware", take_file, AT(firmware), true},
    {"unit", "before", take_program, AT(before), false},
    {"unit", "after", take_program, AT(after), false},
    {"unit", "record", take_text, AT(record), false},
    {"unit", "log", take_text, AT(log), false},
    {"flash", "file", take_file, AT(flash), true},
    {"eeprom", "file", take_file, AT(eeprom), true},
    {"fuses", NULL, take_line, AT(fuses), false},
    {"lock", NULL, take_line, AT(lock), false},
    {"serial", NULL, take_serial, 0, false},
};

/* A name of a key or section that is near, as a hint. */
static void hint_nearest(const struct reading *reading, const char *section, const char *word)
{
    struct avrspi_nearest nearest = avrspi_nearest_begin(word);

    for (size_t n = 0; n < sizeof keys / sizeof *keys; n++)
        if (!section)
            (void)avrspi_nearest_offer(&nearest, keys[n].section);
        else if (keys[n].name && strcmp(keys[n].section, section) == 0)
            (void)avrspi_nearest_offer(&nearest, keys[n].name);
    if (nearest.name)
        avrspi_hint(reading->error, "did you mean '%s'?", nearest.name);
}

static int fail_unknown(const struct reading *reading)
{
    const struct avrspi_ini_entry *entry = reading->entry;
    const char *name = reading->recipe->name;
    char what[80];

    for (size_t n = 0; n < sizeof keys / sizeof *keys; n++) {
        if (strcmp(keys[n].section, entry->section) != 0)
            continue;
        (void)snprintf(what, sizeof what, "a key of [%s]", keys[n].section);
        (void)avrspi_ini_expected(reading->error, name, entry->line, entry->key, what);
        hint_nearest(reading, entry->section, entry->key);
        return AVRSPI_ERR_INPUT;
    }
    (void)avrspi_ini_expected(reading->error, name,
                              entry->section_line ? entry->section_line : entry->line,
                              *entry->section ? entry->section : entry->key,
                              "[unit], [flash], [eeprom], [fuses], [lock] or [serial]");
    hint_nearest(reading, NULL, entry->section);
    return AVRSPI_ERR_INPUT;
}

/* Keys that have been, each by its section and name. */
struct seen {
    char *text;
    struct seen *next;
};

struct taking {
    struct reading reading;
    struct seen *seen;
};

static int note_once(struct taking *taking, const struct avrspi_ini_entry *entry)
{
    char text[AVRSPI_INI_LONGEST_LINE + 64];
    struct seen *more;

    (void)snprintf(text, sizeof text, "%s.%s", entry->section, entry->key);
    for (const struct seen *seen = taking->seen; seen; seen = seen->next)
        if (avrspi_text_equal(seen->text, text))
            return avrspi_ini_expected(taking->reading.error, taking->reading.recipe->name,
                                       entry->line, entry->key, "every key of a section once");
    more = malloc(sizeof *more);
    if (!more)
        return avrspi_fail_memory(taking->reading.error);
    *more = (struct seen){strdup(text), taking->seen};
    taking->seen = more;
    return more->text ? 0 : avrspi_fail_memory(taking->reading.error);
}

static int take(void *user, const struct avrspi_ini_entry *entry, struct avrspi_error *error)
{
    struct taking *taking = user;
    struct reading *reading = &taking->reading;

    reading->entry = entry;
    reading->error = error;
    for (size_t n = 0; n < sizeof keys / sizeof *keys; n++) {
        const struct key *key = &keys[n];

        if (strcmp(key->section, entry->section) != 0 ||
            (key->name && strcmp(key->name, entry->key) != 0))
            continue;
        if (!key->many && note_once(taking, entry) < 0)
            return AVRSPI_ERR_INPUT;
        return key->take(reading, (char *)reading->recipe + key->place);
    }
    return fail_unknown(reading);
}

/* --- the whole */

static int check_serial(const struct avrspi_recipe *recipe, struct avrspi_error *error)
{
    struct avrspi_error reason;

    if (!recipe->serial_at.line)
        return 0;
    if (avrspi_serial_rule_check(&recipe->serial, &reason) < 0)
        return avrspi_fail_named(error, AVRSPI_ERR_INPUT, recipe->name, ":%u: [serial]: %s",
                                 recipe->serial_at.line, reason.message);
    return 0;
}

static int check_whole(const struct avrspi_recipe *recipe, struct avrspi_error *error)
{
    const bool writes = recipe->firmware.count || recipe->flash.count || recipe->eeprom.count ||
                        recipe->fuses.count || recipe->lock.count || recipe->erase ||
                        recipe->serial_at.line;

    if (recipe->chips.count == 0)
        return avrspi_fail_named(error, AVRSPI_ERR_INPUT, recipe->name,
                                 ": expected 'chip' in [unit], found none");
    if (!writes)
        return avrspi_fail_named(error, AVRSPI_ERR_INPUT, recipe->name,
                                 ": expected files, fuses, lock bits or 'erase = yes': there is "
                                 "nothing to do");
    return check_serial(recipe, error);
}

/* "products/" of "products/board.recipe" */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return strndup(path, slash ? (size_t)(slash - path) + 1 : 0);
}

static void free_seen(struct seen *seen)
{
    while (seen) {
        struct seen *next = seen->next;

        free(seen->text);
        free(seen);
        seen = next;
    }
}

int avrspi_recipe_parse(struct avrspi_recipe *recipe, const char *name, const char *text,
                        size_t size, struct avrspi_error *error)
{
    struct taking taking = {.reading = {.recipe = recipe}};
    struct avrspi_ini ini = {.name = name, .take = take, .user = &taking};
    int result;

    *recipe = (struct avrspi_recipe){.name = strdup(name), .folder = folder_of(name)};
    if (!recipe->name || !recipe->folder)
        return avrspi_fail_memory(error);
    result = avrspi_ini_read(&ini, text, size, error);
    free_seen(taking.seen);
    return result < 0 ? result : check_whole(recipe, error);
}

int avrspi_recipe_read(struct avrspi_recipe *recipe, const char *path, struct avrspi_error *error)
{
    char *text;
    size_t size;
    int result = avrspi_file_read(path, &text, &size, error);

    *recipe = (struct avrspi_recipe){0};
    if (result < 0)
        return result;
    result = avrspi_recipe_parse(recipe, path, text, size, error);
    free(text);
    return result;
}

static void free_line(struct avrspi_recipe_line *line)
{
    free(line->key);
    free(line->value);
}

static void free_lines(struct avrspi_recipe_lines *lines)
{
    for (size_t n = 0; n < lines->count; n++)
        free_line(&lines->at[n]);
    free(lines->at);
}

void avrspi_recipe_free(struct avrspi_recipe *recipe)
{
    free_lines(&recipe->chips);
    free_lines(&recipe->firmware);
    free_lines(&recipe->flash);
    free_lines(&recipe->eeprom);
    free_lines(&recipe->fuses);
    free_lines(&recipe->lock);
    free_line(&recipe->before);
    free_line(&recipe->after);
    free_line(&recipe->record);
    free_line(&recipe->log);
    free_line(&recipe->serial_at);
    avrspi_serial_rule_free(&recipe->serial);
    free(recipe->name);
    free(recipe->folder);
    *recipe = (struct avrspi_recipe){0};
}

bool avrspi_recipe_is_one(const char *text, size_t size)
{
    const char *end = text + size;

    text += avrspi_text_mark_size(text, size);
    while (text < end) {
        const char *line = text, *stop = memchr(text, '\n', (size_t)(end - text));

        text = stop ? stop + 1 : end;
        while (line < text && strchr(" \t\r\n", *line))
            line++;
        if (line < text && *line != '#' && *line != ';')
            return *line == '[';
    }
    return false;
}

char *avrspi_recipe_path(const struct avrspi_recipe *recipe, const char *path)
{
    const size_t size = strlen(recipe->folder) + strlen(path) + 1;
    char *whole = malloc(size);

    if (whole)
        (void)snprintf(whole, size, "%s%s", *path == '/' ? "" : recipe->folder, path);
    return whole;
}

int avrspi_recipe_fail(struct avrspi_error *error, const struct avrspi_recipe *recipe,
                       const struct avrspi_recipe_line *line, const struct avrspi_error *reason)
{
    const enum avrspi_err code = reason->code == AVRSPI_ERR_USAGE ? AVRSPI_ERR_INPUT : reason->code;

    avrspi_fail_named(error, code, recipe->name, ":%u: %s: %s", line->line, line->key,
                      reason->message);
    avrspi_hint(error, "%s", reason->hint);
    if (reason->advice)
        avrspi_advise(error, reason->advice, reason->subject);
    return code;
}
