/* SPDX-License-Identifier: MIT */
#include "avrspi/chips.h"

#include "base/error.h"
#include "base/file.h"
#include "parse.h"
#include "set.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    SHORTEST_PART = 3, /* of a name that is looked for inside names */
    LONGEST_NAME = 48,
};

static void free_file(struct avrspi_chip_file *file)
{
    avrspi_arena_free(&file->arena);
    free(file);
}

void avrspi_chips_close(struct avrspi_chips *chips)
{
    if (!chips)
        return;
    while (chips->files) {
        struct avrspi_chip_file *file = chips->files;

        chips->files = file->next;
        free_file(file);
    }
    free(chips->entries);
    free(chips);
}

/* By name; of two with the same name the newer comes first. */
static int compare(const void *a, const void *b)
{
    const struct avrspi_entry *x = a, *y = b;
    int order = avrspi_text_order(x->definition->chip.name, y->definition->chip.name);

    if (order == 0) /* "x8" and "x08" differ */
        order = strcasecmp(x->definition->chip.name, y->definition->chip.name);
    return order ? order : (x->age < y->age) - (x->age > y->age);
}

static bool same_name(const struct avrspi_entry *a, const struct avrspi_entry *b)
{
    return avrspi_text_equal(a->definition->chip.name, b->definition->chip.name);
}

/* Sorts the entries, and drops those that newer ones replace. The chips stay in memory: someone may
 * hold them. */
static void sort(struct avrspi_chips *chips)
{
    size_t kept = 0;

    if (chips->count)
        qsort(chips->entries, chips->count, sizeof *chips->entries, compare);
    for (size_t i = 0; i < chips->count; i++) {
        if (kept == 0 || !same_name(&chips->entries[kept - 1], &chips->entries[i]))
            chips->entries[kept++] = chips->entries[i];
    }
    chips->count = kept;
}

/* Makes a file known; to be followed by sort(). */
static int append(struct avrspi_chips *chips, struct avrspi_chip_file *file,
                  struct avrspi_error *error)
{
    struct avrspi_entry *entries =
        realloc(chips->entries, (chips->count + file->n_definitions + 1) * sizeof *entries);

    if (!entries)
        return avrspi_fail_memory(error);
    chips->entries = entries;
    for (struct avrspi_definition *new = file->definitions; new; new = new->next)
        entries[chips->count++] = (struct avrspi_entry){.definition = new, .age = chips->added++};
    file->next = chips->files;
    chips->files = file;
    return 0;
}

static int add(struct avrspi_chips *chips, const char *name, const char *text, size_t size,
               bool built_in, struct avrspi_error *error)
{
    struct avrspi_chip_file *file = calloc(1, sizeof *file);
    int result;

    if (!file)
        return avrspi_fail_memory(error);
    file->built_in = built_in;
    result = avrspi_chips_parse(chips, file, name, text, size, error);
    if (result == 0)
        result = append(chips, file, error);
    if (result < 0)
        free_file(file);
    return result;
}

int avrspi_chips_add_text(struct avrspi_chips *chips, const char *name, const char *text,
                          size_t size, struct avrspi_error *error)
{
    int result = add(chips, name, text, size, false, error);

    if (result == 0)
        sort(chips);
    return result;
}

int avrspi_chips_open(struct avrspi_chips **chips, struct avrspi_error *error)
{
    struct avrspi_chips *new = calloc(1, sizeof *new);
    int result = 0;

    *chips = NULL;
    if (!new)
        return avrspi_fail_memory(error);
    for (size_t i = 0; result == 0 && i < avrspi_builtins_count; i++) {
        result = add(new, avrspi_builtins[i].name, avrspi_builtins[i].text, avrspi_builtins[i].size,
                     true, error);
    }
    if (result < 0) {
        avrspi_chips_close(new);
        return result;
    }
    sort(new);
    *chips = new;
    return 0;
}

int avrspi_chips_add_file(struct avrspi_chips *chips, const char *path, struct avrspi_error *error)
{
    char *text;
    size_t size;
    int result = avrspi_file_read(path, &text, &size, error);

    if (result < 0)
        return result;
    result = avrspi_chips_add_text(chips, path, text, size, error);
    free(text);
    return result;
}

size_t avrspi_chips_count(const struct avrspi_chips *chips)
{
    return chips->count;
}

const struct avrspi_chip *avrspi_chips_at(const struct avrspi_chips *chips, size_t n)
{
    return n < chips->count ? &chips->entries[n].definition->chip : NULL;
}

const char *avrspi_chip_short_name(const char *name)
{
    return (name[0] == 'A' || name[0] == 'a') && (name[1] == 'T' || name[1] == 't') ? name + 2
                                                                                    : name;
}

const struct avrspi_definition *avrspi_chips_definition(const struct avrspi_chips *chips,
                                                        const char *name)
{
    for (size_t i = 0; i < chips->count; i++) {
        if (avrspi_text_equal(chips->entries[i].definition->chip.name, name))
            return chips->entries[i].definition;
    }
    for (size_t i = 0; i < chips->count; i++) {
        if (avrspi_text_equal(avrspi_chip_short_name(chips->entries[i].definition->chip.name),
                              name))
            return chips->entries[i].definition;
    }
    return NULL;
}

/* "m328p" and "t85", as other tools call ATmega328P and ATtiny85: the long form, or NULL. */
static const char *long_form(const char *name, char text[LONGEST_NAME])
{
    const char *stem = *name == 'm' || *name == 'M'   ? "ATmega"
                       : *name == 't' || *name == 'T' ? "ATtiny"
                                                      : NULL;

    if (!stem || name[1] < '0' || name[1] > '9' || strlen(stem) + strlen(name) > LONGEST_NAME)
        return NULL;
    strcpy(text, stem);
    strcat(text, name + 1);
    return text;
}

static const struct avrspi_definition *find(const struct avrspi_chips *chips, const char *name)
{
    const struct avrspi_definition *definition = avrspi_chips_definition(chips, name);
    char text[LONGEST_NAME];

    if (!definition && long_form(name, text))
        definition = avrspi_chips_definition(chips, text);
    return definition;
}

/* A chip's own marking names speed and package too: "atmega328p-au", "ATtiny85-20PU". */
const struct avrspi_chip *avrspi_chips_find(const struct avrspi_chips *chips, const char *name)
{
    const struct avrspi_definition *definition = find(chips, name);
    size_t size = strcspn(name, "-");
    char part[LONGEST_NAME];

    if (!definition && name[size] && size < sizeof part) {
        memcpy(part, name, size);
        part[size] = '\0';
        definition = find(chips, part);
    }
    return definition ? &definition->chip : NULL;
}

/* The shortest name that has the one asked for as a part: "328p" means ATmega328P. */
static const char *containing(const struct avrspi_chips *chips, const char *name)
{
    const char *shortest = NULL;
    size_t least = SIZE_MAX;

    if (strlen(name) < SHORTEST_PART)
        return NULL;
    for (size_t i = 0; i < chips->count; i++) {
        const char *candidate = chips->entries[i].definition->chip.name;

        if (strlen(candidate) < least && avrspi_text_contains(candidate, name)) {
            shortest = candidate;
            least = strlen(candidate);
        }
    }
    return shortest;
}

const char *avrspi_chips_nearest(const struct avrspi_chips *chips, const char *name)
{
    const char *asked = avrspi_chip_short_name(name), *found = containing(chips, asked);
    struct avrspi_nearest nearest = avrspi_nearest_begin(asked);

    if (found)
        return found;
    for (size_t i = 0; i < chips->count; i++) {
        const char *candidate = chips->entries[i].definition->chip.name;

        if (avrspi_nearest_offer(&nearest, avrspi_chip_short_name(candidate)))
            found = candidate;
    }
    return found;
}

const struct avrspi_chip *avrspi_chips_by_signature(const struct avrspi_chips *chips,
                                                    const uint8_t signature[3], size_t n)
{
    for (size_t i = 0; i < chips->count; i++) {
        const struct avrspi_chip *chip = &chips->entries[i].definition->chip;

        if (memcmp(chip->signature, signature, sizeof chip->signature) == 0 && n-- == 0)
            return chip;
    }
    return NULL;
}
