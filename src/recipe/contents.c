/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "chips/unknown.h"
#include "image/facts.h"
#include "image/place.h"
#include "recipe/recipe.h"

/* --- the chips */

const struct avrspi_chip *avrspi_recipe_chip(const struct avrspi_recipe *recipe,
                                             const struct avrspi_chips *chips, size_t n)
{
    return n < recipe->chips.count ? avrspi_chips_find(chips, recipe->chips.at[n].value) : NULL;
}

static bool is_signature_of(const uint8_t signature[3], const struct avrspi_chip *chip)
{
    return memcmp(signature, avrspi_chip_signature(chip), 3) == 0;
}

static int check_signature(const struct avrspi_recipe *recipe, const struct avrspi_chip *chip,
                           struct avrspi_error *error)
{
    const uint8_t *signature = recipe->signature, *known = avrspi_chip_signature(chip);

    if (recipe->signature_line == 0 || is_signature_of(signature, chip))
        return 0;
    return avrspi_fail_named(error, AVRSPI_ERR_INPUT, recipe->name,
                             ":%u: signature: expected %02X %02X %02X of the %s, found %02X %02X "
                             "%02X",
                             recipe->signature_line, known[0], known[1], known[2],
                             avrspi_chip_name(chip), signature[0], signature[1], signature[2]);
}

/* Which of several chips is there, its signature alone can tell. */
static int check_distinct(const struct avrspi_recipe *recipe, const struct avrspi_chips *chips,
                          size_t n, struct avrspi_error *error)
{
    const struct avrspi_recipe_line *line = &recipe->chips.at[n];
    const struct avrspi_chip *chip = avrspi_recipe_chip(recipe, chips, n);

    for (size_t other = 0; other < n; other++)
        if (is_signature_of(avrspi_chip_signature(avrspi_recipe_chip(recipe, chips, other)), chip))
            return avrspi_fail_named(
                error, AVRSPI_ERR_INPUT, recipe->name,
                ":%u: chip: expected chips of different signatures, found '%s' and '%s'",
                line->line, recipe->chips.at[other].value, line->value);
    return 0;
}

int avrspi_recipe_check_chips(const struct avrspi_recipe *recipe, const struct avrspi_chips *chips,
                              struct avrspi_error *error)
{
    int result = 0;

    for (size_t n = 0; result == 0 && n < recipe->chips.count; n++) {
        const struct avrspi_recipe_line *line = &recipe->chips.at[n];
        struct avrspi_error reason;

        if (!avrspi_recipe_chip(recipe, chips, n)) {
            (void)avrspi_chips_fail_unknown(chips, line->value, "", &reason);
            return avrspi_recipe_fail(error, recipe, line, &reason);
        }
        result = check_signature(recipe, avrspi_recipe_chip(recipe, chips, n), error);
        if (result == 0)
            result = check_distinct(recipe, chips, n, error);
    }
    return result;
}

/* --- the files */

/* What is being made, for one chip. */
struct making {
    const struct avrspi_recipe *recipe;
    const struct avrspi_chips *chips;
    const struct avrspi_chip *chip;
    struct avrspi_contents *contents;
};

/* A file that says for which chip it is. */
static int check_chip(const struct making *making, const struct avrspi_contents *file,
                      struct avrspi_error *error)
{
    const char *device = avrspi_contents_device(file);
    const struct avrspi_chip *named = device ? avrspi_chips_find(making->chips, device) : NULL;
    uint8_t found[3];

    if (named && !is_signature_of(avrspi_chip_signature(named), making->chip))
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "'%.80s' is built for %s, the recipe is for %s",
                           avrspi_contents_name(file), avrspi_chip_name(named),
                           avrspi_chip_name(making->chip));
    if (avrspi_contents_signature(file, found) && !is_signature_of(found, making->chip))
        return avrspi_fail(error, AVRSPI_ERR_INPUT,
                           "'%.80s' is for a chip with the signature %02X %02X %02X, the recipe is "
                           "for %s",
                           avrspi_contents_name(file), found[0], found[1], found[2],
                           avrspi_chip_name(making->chip));
    return 0;
}

/* Takes a memory of a file, or what can be programmed of all. */
static int add(struct making *making, const struct avrspi_contents *file, enum avrspi_memory memory,
               struct avrspi_error *error)
{
    int result = 0;

    for (int n = 0; result == 0 && n < AVRSPI_MEMORIES; n++) {
        const enum avrspi_memory other = (enum avrspi_memory)n;
        const bool all = memory == AVRSPI_MEMORIES && other != AVRSPI_MEMORY_USER_ROW;

        if (all || other == memory)
            result =
                avrspi_contents_add(making->contents, file, other, 0, UINT64_C(1) << 32, error);
    }
    return result;
}

static int require(const struct avrspi_contents *file, enum avrspi_memory memory,
                   struct avrspi_error *error)
{
    const struct avrspi_image *image;

    return memory == AVRSPI_MEMORIES ? 0 : avrspi_contents_require(file, memory, &image, error);
}

static int read_file(struct making *making, const char *name, enum avrspi_memory memory,
                     struct avrspi_error *error)
{
    struct avrspi_read_options options = {
        .memory = memory == AVRSPI_MEMORIES ? AVRSPI_MEMORY_FLASH : memory,
        .chip = making->chip,
    };
    struct avrspi_contents *file = NULL;
    char *path;
    int result = avrspi_place_parse(making->recipe->folder, name, &options, &path, error);

    if (result == 0) {
        result = avrspi_contents_read(&file, &options, path, error);
        free(path);
    }
    if (result == 0) {
        avrspi_contents_place(file, making->chip);
        result = check_chip(making, file, error);
    }
    if (result == 0)
        result = avrspi_contents_check(file, making->chip, error);
    if (result == 0)
        result = require(file, memory, error);
    if (result == 0)
        result = avrspi_contents_agree(making->contents, file, error);
    if (result == 0)
        result = add(making, file, memory, error);
    if (result == 0)
        result = avrspi_contents_take_remarks(making->contents, file, name, error);
    avrspi_contents_free(file);
    return result;
}

/* 'memory' AVRSPI_MEMORIES: all that a file has. */
static int read_files(struct making *making, const struct avrspi_recipe_lines *lines,
                      enum avrspi_memory memory, struct avrspi_error *error)
{
    for (size_t n = 0; n < lines->count; n++) {
        struct avrspi_error reason;

        if (read_file(making, lines->at[n].value, memory, &reason) < 0)
            return avrspi_recipe_fail(error, making->recipe, &lines->at[n], &reason);
    }
    return 0;
}

/* --- the whole */

/* A file may have fuses too: then they are the same. */
static int check_fuses(const struct making *making, const struct avrspi_fuses *fuses,
                       struct avrspi_error *error)
{
    struct avrspi_fuses others;

    avrspi_contents_fuses(making->contents, &others);
    for (int n = 0; n < AVRSPI_FUSES; n++)
        if (fuses->given[n] && others.given[n] && fuses->value[n] != others.value[n])
            return avrspi_fail_named(error, AVRSPI_ERR_INPUT, making->recipe->name,
                                     ": the %s byte is 0x%02X by [%s], and 0x%02X in a file",
                                     avrspi_fuse_name((enum avrspi_fuse)n), fuses->value[n],
                                     n == AVRSPI_FUSE_LOCK ? "lock" : "fuses", others.value[n]);
    return 0;
}

static int put_fuses(struct making *making, struct avrspi_error *error)
{
    struct avrspi_fuses fuses;
    int result = avrspi_recipe_fuses(making->recipe, making->chip, &fuses, error);

    if (result == 0)
        result = check_fuses(making, &fuses, error);
    for (int n = 0; result == 0 && n < AVRSPI_FUSES; n++) {
        const bool lock = n == AVRSPI_FUSE_LOCK;

        if (fuses.given[n])
            result = avrspi_contents_put(making->contents,
                                         lock ? AVRSPI_MEMORY_LOCK : AVRSPI_MEMORY_FUSES,
                                         lock ? 0 : (uint32_t)n, &fuses.value[n], 1, NULL, error);
    }
    return result;
}

int avrspi_recipe_contents(const struct avrspi_recipe *recipe, const struct avrspi_chips *chips,
                           const struct avrspi_chip *chip, struct avrspi_contents **contents,
                           struct avrspi_error *error)
{
    struct making making = {recipe, chips, chip, avrspi_contents_new(recipe->name)};
    int result = making.contents ? 0 : avrspi_fail_memory(error);

    if (result == 0)
        result = read_files(&making, &recipe->firmware, AVRSPI_MEMORIES, error);
    if (result == 0)
        result = read_files(&making, &recipe->flash, AVRSPI_MEMORY_FLASH, error);
    if (result == 0)
        result = read_files(&making, &recipe->eeprom, AVRSPI_MEMORY_EEPROM, error);
    if (result == 0)
        result = put_fuses(&making, error);
    if (result < 0) {
        avrspi_contents_free(making.contents);
        making.contents = NULL;
    }
    *contents = making.contents;
    return result;
}
