/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "chips/record.h"
#include "recipe/recipe.h"

/* "low" and so on: a whole byte. */
static bool find_byte(const char *key, int first, int last, int *fuse)
{
    for (int n = first; n <= last; n++)
        if (strcmp(avrspi_fuse_name((enum avrspi_fuse)n), key) == 0) {
            *fuse = n;
            return true;
        }
    return false;
}

static int set_byte(struct avrspi_fuses *fuses, const struct avrspi_chip *chip,
                    const struct avrspi_recipe_line *line, int fuse, struct avrspi_error *error)
{
    uint32_t value;

    if (avrspi_chip_fuse_mask(chip, (enum avrspi_fuse)fuse) == 0)
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "the %s has no such byte",
                           avrspi_chip_name(chip));

    if (!avrspi_number_parse_within(line->value, strlen(line->value), 0, 0xFF, &value))
        return avrspi_fail(error, AVRSPI_ERR_INPUT,
                           "expected a number from 0 to 0xFF, found '%.40s'", line->value);
    fuses->given[fuse] = true;
    fuses->value[fuse] = (uint8_t)value;
    return 0;
}

/* A field changes no byte but those of its section, and none of which the rest is not known. */
static int check_bytes(const struct avrspi_chip *chip, const struct avrspi_fuses *before,
                       const struct avrspi_fuses *after, int first, int last,
                       struct avrspi_error *error)
{
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        if (!after->given[n] || before->given[n])
            continue;
        if (n < first || n > last)
            return avrspi_fail(error, AVRSPI_ERR_INPUT, "is in the %s byte: it belongs in [%s]",
                               avrspi_fuse_name((enum avrspi_fuse)n),
                               n == AVRSPI_FUSE_LOCK ? "lock" : "fuses");
        if (n != AVRSPI_FUSE_LOCK && !avrspi_factory_fuses_known(chip))
            return avrspi_fail(error, AVRSPI_ERR_INPUT,
                               "expected '%s = ' with the whole byte: the factory value of the %s "
                               "is not known",
                               avrspi_fuse_name((enum avrspi_fuse)n), avrspi_chip_name(chip));
    }
    return 0;
}

static int set_field(struct avrspi_fuses *fuses, const struct avrspi_chip *chip,
                     const struct avrspi_recipe_line *line, int first, int last,
                     struct avrspi_error *error)
{
    const struct avrspi_fuses before = *fuses;
    char assignment[256];
    int result, byte;

    if (find_byte(line->key, AVRSPI_FUSE_LOW, AVRSPI_FUSE_LOCK, &byte))
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "belongs in [%s]",
                           byte == AVRSPI_FUSE_LOCK ? "lock" : "fuses");
    (void)snprintf(assignment, sizeof assignment, "%.100s=%.100s", line->key, line->value);
    result = avrspi_fuses_set(chip, assignment, fuses, error);
    return result < 0 ? result : check_bytes(chip, &before, fuses, first, last, error);
}

/* Whole bytes of a section, or its fields. */
static int set_section(const struct avrspi_recipe *recipe, const struct avrspi_recipe_lines *lines,
                       bool bytes, const struct avrspi_chip *chip, int first, int last,
                       struct avrspi_fuses *fuses, struct avrspi_error *error)
{
    for (size_t n = 0; n < lines->count; n++) {
        const struct avrspi_recipe_line *line = &lines->at[n];
        struct avrspi_error reason;
        int fuse, result;

        if (find_byte(line->key, first, last, &fuse) != bytes)
            continue;
        result = bytes ? set_byte(fuses, chip, line, fuse, &reason)
                       : set_field(fuses, chip, line, first, last, &reason);
        if (result < 0)
            return avrspi_recipe_fail(error, recipe, line, &reason);
    }
    return 0;
}

int avrspi_recipe_fuses(const struct avrspi_recipe *recipe, const struct avrspi_chip *chip,
                        struct avrspi_fuses *fuses, struct avrspi_error *error)
{
    int result = 0;

    *fuses = (struct avrspi_fuses){.value[AVRSPI_FUSE_LOCK] = 0xFF};
    for (int n = 0; n < AVRSPI_FUSE_LOCK; n++)
        fuses->value[n] = avrspi_chip_fuse_default(chip, (enum avrspi_fuse)n);
    for (int bytes = 1; result == 0 && bytes >= 0; bytes--) {
        result = set_section(recipe, &recipe->fuses, bytes, chip, AVRSPI_FUSE_LOW, AVRSPI_FUSE_EXT,
                             fuses, error);
        if (result == 0)
            result = set_section(recipe, &recipe->lock, bytes, chip, AVRSPI_FUSE_LOCK,
                                 AVRSPI_FUSE_LOCK, fuses, error);
    }
    return result;
}
