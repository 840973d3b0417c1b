/* SPDX-License-Identifier: MIT */
/* "BODLEVEL=2.7V": a field and a value of it, in any spelling that can mean only one. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "avrspi/chips.h"
#include "chips/record.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

enum {
    LONGEST = 128,
};

/* Letters and digits only, all upper case: "2.7 V" and "2v7-" differ no more than they should. */
static void normalize(const char *text, char out[LONGEST])
{
    size_t n = 0;

    for (; *text && n < LONGEST - 1; text++)
        if (isalnum((unsigned char)*text) || *text == '.')
            out[n++] = (char)toupper((unsigned char)*text);
    out[n] = '\0';
}

static bool is_one_of(const char *word, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

/* On and off, where a field is a switch: a fuse is programmed when its bit is 0. */
static bool switch_value(const struct avrspi_field *field, const char *word, uint8_t *value)
{
    static const char *const on[] = {"ON", "YES", "TRUE", "ENABLED", "PROGRAMMED", NULL};
    static const char *const off[] = {"OFF", "NO", "FALSE", "DISABLED", "UNPROGRAMMED", NULL};

    if (!avrspi_field_is_switch(field) || (!is_one_of(word, on) && !is_one_of(word, off)))
        return false;
    *value = is_one_of(word, off);
    return true;
}

/* A number that the field has room for. */
static bool number_value(const struct avrspi_field *field, const char *text, uint8_t *value)
{
    uint32_t number, most = (uint32_t)(field->mask >> field->shift);

    if (!avrspi_number_parse_within(text, strlen(text), 0, most, &number))
        return false;
    *value = (uint8_t)number;
    return true;
}

/* How well a value's name or words fit what was typed. */
enum fit {
    FIT_NONE,
    FIT_WORDS, /* somewhere in the words */
    FIT_PART,  /* somewhere in the name */
    FIT_START, /* the name begins with it */
    FIT_WHOLE,
};

static enum fit fit(const struct avrspi_value *value, const char *word)
{
    char name[LONGEST], text[LONGEST];

    normalize(value->name, name);
    normalize(value->text, text);
    if (strcmp(name, word) == 0 || strcmp(text, word) == 0)
        return FIT_WHOLE;
    if (strncmp(name, word, strlen(word)) == 0)
        return FIT_START;
    if (strstr(name, word))
        return FIT_PART;
    return strstr(text, word) ? FIT_WORDS : FIT_NONE;
}

/* The one value that fits best; NULL when none does, or two do equally well. */
static const struct avrspi_value *best_fit(const struct avrspi_field *field, const char *word)
{
    const struct avrspi_value *best = NULL;
    enum fit best_so_far = FIT_NONE;
    bool tie = false;

    for (size_t n = 0; *word && n < field->n_values; n++) {
        enum fit this = fit(&field->values[n], word);

        if (this == FIT_NONE || this < best_so_far)
            continue;
        tie = this == best_so_far;
        best_so_far = this;
        best = &field->values[n];
    }
    return tie ? NULL : best;
}

static void list_values(const struct avrspi_field *field, struct avrspi_error *error)
{
    size_t used;

    if (!error)
        return;
    avrspi_hint(error, "%s is one of:", field->name);
    used = strlen(error->hint);
    for (size_t n = 0; n < field->n_values && used < sizeof error->hint; n++) {
        const struct avrspi_value *value = &field->values[n];
        int length = snprintf(error->hint + used, sizeof error->hint - used, "\n0x%02X  %-24s %s",
                              value->value, value->name, value->text);

        used += (size_t)length;
    }
}

static int parse_value(const struct avrspi_field *field, const char *text, uint8_t *value,
                       struct avrspi_error *error)
{
    const struct avrspi_value *named;
    char word[LONGEST];

    normalize(text, word);
    if (switch_value(field, word, value) || number_value(field, text, value))
        return 0;
    named = best_fit(field, word);
    if (named) {
        *value = named->value;
        return 0;
    }
    avrspi_fail(error, AVRSPI_ERR_USAGE, "'%.64s' does not say which value of %s is meant", text,
                field->name);
    list_values(field, error);
    return AVRSPI_ERR_USAGE;
}

/* A name that is part of several fields' names, or mistyped, or neither. */
static void say_which(const struct avrspi_chip *chip, const char *name, struct avrspi_error *error)
{
    struct avrspi_nearest nearest = avrspi_nearest_begin(name);
    bool ambiguous = false;

    for (size_t n = 0; n < chip->n_fields; n++) {
        ambiguous |= avrspi_text_contains(chip->fields[n].name, name);
        (void)avrspi_nearest_offer(&nearest, chip->fields[n].name);
    }
    if (ambiguous)
        avrspi_fail(error, AVRSPI_ERR_USAGE, "'%.64s' stands for more than one fuse of the %s",
                    name, chip->name);
    else if (nearest.name)
        avrspi_fail(error, AVRSPI_ERR_USAGE, "unknown fuse '%.64s'; did you mean '%s'?", name,
                    nearest.name);
    else
        avrspi_fail(error, AVRSPI_ERR_USAGE, "unknown fuse '%.64s'", name);
}

static int fail_field(const struct avrspi_chip *chip, const char *name, struct avrspi_error *error)
{
    size_t used;

    say_which(chip, name, error);
    if (!error)
        return AVRSPI_ERR_USAGE;
    avrspi_hint(error, chip->n_fields ? "the %s has" : "the fields of the %s are not known",
                chip->name);
    if (chip->n_fields == 0)
        avrspi_advise(error, AVRSPI_ADVICE_FUSE_BYTES, NULL);
    used = strlen(error->hint);
    for (size_t n = 0; n < chip->n_fields && used < sizeof error->hint; n++)
        used += (size_t)snprintf(error->hint + used, sizeof error->hint - used, "%s %s",
                                 n ? "," : "", chip->fields[n].name);
    return AVRSPI_ERR_USAGE;
}

int avrspi_fuses_set(const struct avrspi_chip *chip, const char *assignment,
                     struct avrspi_fuses *fuses, struct avrspi_error *error)
{
    const char *equals = strchr(assignment, '=');
    const struct avrspi_field *field;
    char name[LONGEST];
    uint8_t value;

    if (!equals || equals == assignment || (size_t)(equals - assignment) >= sizeof name)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected FIELD=VALUE, as in BODLEVEL=2.7V, found '%.64s'", assignment);
    memcpy(name, assignment, (size_t)(equals - assignment));
    name[equals - assignment] = '\0';
    field = avrspi_chip_field(chip, name);
    if (!field)
        return fail_field(chip, name, error);
    if (parse_value(field, equals + 1, &value, error) < 0)
        return AVRSPI_ERR_USAGE;
    fuses->value[field->fuse] = avrspi_field_set(field, fuses->value[field->fuse], value);
    fuses->given[field->fuse] = true;
    return 0;
}
