/* SPDX-License-Identifier: MIT */
#include "arduino/properties.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

void avrspi_properties_free(struct avrspi_properties *properties)
{
    for (size_t n = 0; n < properties->count; n++) {
        free(properties->items[n].key);
        free(properties->items[n].value);
    }
    free(properties->items);
    free(properties->index);
    *properties = (struct avrspi_properties){0};
}

/* Where the index has a key, or has room for it. FNV-1a; collisions go to the next place. */
static size_t *place_of(const struct avrspi_properties *properties, const char *key)
{
    const size_t length = 2 * properties->room;
    uint32_t hash = 2166136261U;
    size_t place;

    for (const char *at = key; *at; at++)
        hash = (hash ^ (uint8_t)*at) * 16777619U;
    place = hash % length;
    while (properties->index[place] &&
           strcmp(properties->items[properties->index[place] - 1].key, key) != 0)
        place = (place + 1) % length;
    return &properties->index[place];
}

static struct avrspi_property *find(const struct avrspi_properties *properties, const char *key)
{
    const size_t found = properties->count ? *place_of(properties, key) : 0;

    return found ? &properties->items[found - 1] : NULL;
}

const struct avrspi_property *avrspi_properties_find(const struct avrspi_properties *properties,
                                                     const char *key)
{
    return find(properties, key);
}

const char *avrspi_properties_tail(const struct avrspi_property *property, const char *prefix)
{
    size_t length = strlen(prefix);

    return strncmp(property->key, prefix, length) == 0 ? property->key + length : NULL;
}

int avrspi_properties_fail(struct avrspi_error *error, const struct avrspi_property *property,
                           const char *format, ...)
{
    char message[256];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return avrspi_fail_named(error, AVRSPI_ERR_INPUT, property->file, ":%zu: %s", property->line,
                             message);
}

/* --- setting */

static bool make_room(struct avrspi_properties *properties)
{
    const size_t room = properties->room ? 2 * properties->room : 64;
    struct avrspi_property *larger = realloc(properties->items, room * sizeof *larger);
    size_t *index;

    if (!larger)
        return false;
    properties->items = larger;
    index = calloc(2 * room, sizeof *index);
    if (!index)
        return false;
    free(properties->index);
    properties->index = index;
    properties->room = room;
    for (size_t n = 0; n < properties->count; n++)
        *place_of(properties, larger[n].key) = n + 1;
    return true;
}

/* A new key, at the end; NULL when out of memory. */
static struct avrspi_property *append(struct avrspi_properties *properties, const char *key)
{
    struct avrspi_property *new;

    if (properties->count == properties->room && !make_room(properties))
        return NULL;
    new = &properties->items[properties->count];
    *new = (struct avrspi_property){.key = strdup(key), .file = ""};
    if (!new->key)
        return NULL;
    *place_of(properties, key) = ++properties->count;
    return new;
}

static int set(struct avrspi_properties *properties, const char *key, const char *value,
               const struct avrspi_property *from, struct avrspi_error *error)
{
    struct avrspi_property *there = find(properties, key);
    char *copy = strdup(value);

    if (!copy)
        return avrspi_fail_memory(error);
    if (!there)
        there = append(properties, key);
    if (!there) {
        free(copy);
        return avrspi_fail_memory(error);
    }
    free(there->value);
    there->value = copy;
    there->file = from ? from->file : "";
    there->line = from ? from->line : 0;
    there->for_linux = from && from->for_linux;
    return 0;
}

int avrspi_properties_set(struct avrspi_properties *properties, const char *key, const char *value,
                          const struct avrspi_property *from, struct avrspi_error *error)
{
    return set(properties, key, value, from, error);
}

int avrspi_properties_copy(struct avrspi_properties *to, const struct avrspi_properties *from,
                           const char *prefix, struct avrspi_error *error)
{
    int result = 0;

    for (size_t n = 0; result == 0 && n < from->count; n++) {
        const struct avrspi_property *property = &from->items[n];
        const char *tail = avrspi_properties_tail(property, prefix);

        if (tail)
            result = set(to, tail, property->value, property, error);
    }
    return result;
}

/* --- reading */

static bool ends_with(const char *key, const char *tail)
{
    size_t length = strlen(key), size = strlen(tail);

    return length > size && strcmp(key + length - size, tail) == 0;
}

/* What is for this system goes before what is for all; what is for another one is left out. */
static int set_for_system(struct avrspi_properties *properties, char *key, const char *value,
                          const struct avrspi_property *from, struct avrspi_error *error)
{
    struct avrspi_property now = *from;
    const struct avrspi_property *there;

    if (ends_with(key, ".windows") || ends_with(key, ".macosx"))
        return 0;
    now.for_linux = ends_with(key, ".linux");
    if (now.for_linux)
        key[strlen(key) - strlen(".linux")] = '\0';
    there = find(properties, key);
    if (there && there->for_linux && !now.for_linux && there->file == now.file)
        return 0;
    return set(properties, key, value, &now, error);
}

/* Cuts blank space off both ends, in place. */
static char *trim(char *text)
{
    size_t length;

    text += strspn(text, " \t");
    length = strlen(text);
    while (length > 0 && strchr(" \t\r", text[length - 1]))
        text[--length] = '\0';
    return text;
}

static int take_line(struct avrspi_properties *properties, char *line,
                     const struct avrspi_property *from, struct avrspi_error *error)
{
    char *text = trim(line), *equals;

    if (*text == '\0' || *text == '#')
        return 0;
    equals = strchr(text, '=');
    if (!equals || equals == text) {
        (void)avrspi_properties_fail(error, from, "expected key=value, found '%.60s'", text);
        avrspi_hint(error, "is it a boards.txt or platform.txt of an Arduino core?");
        return AVRSPI_ERR_INPUT;
    }
    *equals = '\0';
    return set_for_system(properties, trim(text), trim(equals + 1), from, error);
}

int avrspi_properties_parse(struct avrspi_properties *properties, const char *file,
                            const char *text, size_t size, struct avrspi_error *error)
{
    size_t mark = avrspi_text_mark_size(text, size);
    char *copy = strndup(text + mark, size - mark), *rest = copy;
    struct avrspi_property from = {.file = file};
    int result = copy ? 0 : avrspi_fail_memory(error);

    while (result == 0 && rest) {
        char *line = strsep(&rest, "\n");

        from.line++;
        result = take_line(properties, line, &from, error);
    }
    free(copy);
    return result;
}

int avrspi_properties_read(struct avrspi_properties *properties, const char *file, bool optional,
                           struct avrspi_error *error)
{
    size_t size;
    char *text;
    int result;

    if (optional && access(file, F_OK) != 0)
        return 0;
    result = avrspi_file_read(file, &text, &size, error);
    if (result < 0)
        return result;
    result = avrspi_properties_parse(properties, file, text, size, error);
    free(text);
    return result;
}

/* --- expanding */

enum {
    DEEPEST = 20,        /* references in references */
    LONGEST = 64 * 1024, /* characters that a value may grow to */
};

struct expansion {
    const struct avrspi_properties *properties;
    const struct avrspi_property *property; /* the one that was asked for */
    const char *prefix;
    char *text;
    size_t size, room;
};

static int add(struct expansion *expansion, const char *text, size_t length,
               struct avrspi_error *error)
{
    if (expansion->size + length >= LONGEST)
        return avrspi_properties_fail(error, expansion->property, "'%.60s' expands without end",
                                      expansion->property->key);
    if (expansion->size + length + 1 > expansion->room) {
        size_t room = 2 * (expansion->size + length) + 64;
        char *larger = realloc(expansion->text, room);

        if (!larger)
            return avrspi_fail_memory(error);
        expansion->text = larger;
        expansion->room = room;
    }
    memcpy(expansion->text + expansion->size, text, length);
    expansion->size += length;
    expansion->text[expansion->size] = '\0';
    return 0;
}

static const struct avrspi_property *look_up(const struct expansion *expansion, const char *name,
                                             size_t length)
{
    char key[256];
    const struct avrspi_property *found = NULL;

    if (*expansion->prefix && (size_t)snprintf(key, sizeof key, "%s%.*s", expansion->prefix,
                                               (int)length, name) < sizeof key)
        found = find(expansion->properties, key);
    if (!found && (size_t)snprintf(key, sizeof key, "%.*s", (int)length, name) < sizeof key)
        found = find(expansion->properties, key);
    return found;
}

/* What is wrong is said of the property in which it stands, which may be one that is referred to.
 */
static int expand(struct expansion *expansion, const struct avrspi_property *property,
                  unsigned depth, struct avrspi_error *error)
{
    const char *value = property->value;
    int result = 0;

    while (result == 0 && *value) {
        const char *open = strchr(value, '{'), *close = open ? strchr(open, '}') : NULL;
        const struct avrspi_property *other;

        if (!close)
            return add(expansion, value, strlen(value), error);
        result = add(expansion, value, (size_t)(open - value), error);
        if (result < 0)
            return result;
        value = close + 1;
        other = look_up(expansion, open + 1, (size_t)(close - open - 1));
        if (!other)
            return avrspi_properties_fail(error, property,
                                          "'%.60s' needs '%.*s', which nothing sets", property->key,
                                          (int)(close - open - 1), open + 1);
        if (depth == DEEPEST)
            return avrspi_properties_fail(error, property, "'%.60s' refers to itself",
                                          property->key);
        result = expand(expansion, other, depth + 1, error);
    }
    return result;
}

int avrspi_properties_expand(const struct avrspi_properties *properties,
                             const struct avrspi_property *property, const char *prefix,
                             char **text, struct avrspi_error *error)
{
    struct expansion expansion = {
        .properties = properties,
        .property = property,
        .prefix = prefix,
    };
    int result = add(&expansion, "", 0, error);

    if (result == 0)
        result = expand(&expansion, property, 0, error);
    if (result < 0) {
        free(expansion.text);
        expansion.text = NULL;
    }
    *text = expansion.text;
    return result;
}
