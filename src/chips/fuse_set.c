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
#include "chips/intent.h"

enum {
    LONGEST = 128,
};

/* "2V7", as device files write it, is 2.7 V. */
static void spell_out_volts(char *word)
{
    size_t digits = strspn(word, "0123456789");
    const char *rest = word + digits + 1;

    if (digits && word[digits] == 'V' && *rest && rest[strspn(rest, "0123456789")] == '\0')
        word[digits] = '.';
}

/* Letters, digits and points only, all upper case: "2.7 V" and "2v7" are the same. */
static void normalize(const char *text, char out[LONGEST])
{
    size_t n = 0;

    for (; *text && n < LONGEST - 1; text++)
        if (isalnum((unsigned char)*text) || *text == '.')
            out[n++] = (char)toupper((unsigned char)*text);
    out[n] = '\0';
    spell_out_volts(out);
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

/* The bits of a field, shifted down. A few fields have gaps between them. */
static unsigned bits_of(const struct avrspi_field *field)
{
    return (unsigned)field->mask >> field->shift;
}

/* A number without a bit that the field does not have. */
static bool number_value(const struct avrspi_field *field, const char *text, uint8_t *value)
{
    uint32_t number;

    if (!avrspi_number_parse_within(text, strlen(text), 0, bits_of(field), &number) ||
        (number & ~bits_of(field)))
        return false;
    *value = (uint8_t)number;
    return true;
}

static bool is_number(const char *text)
{
    uint32_t number;

    return avrspi_number_parse_within(text, strlen(text), 0, UINT32_MAX, &number);
}

/* How well a value's name or words fit what was typed. Nothing is looked for inside of them: "8"
 * must not find 1.8 V. */
enum fit {
    FIT_NONE,
    FIT_WORDS, /* the words begin with it */
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
    return strncmp(text, word, strlen(word)) == 0 ? FIT_WORDS : FIT_NONE;
}

/* The value that fits best; NULL when none fits, or two fit equally well. */
static const struct avrspi_value *best_fit(const struct avrspi_field *field, const char *word)
{
    const struct avrspi_value *best = NULL;
    enum fit best_so_far = FIT_NONE;
    bool tie = false;

    for (size_t n = 0; *word && field->values && n < field->n_values; n++) {
        enum fit this = fit(&field->values[n], word);

        if (this == FIT_NONE || this < best_so_far)
            continue;
        tie = this == best_so_far;
        best_so_far = this;
        best = &field->values[n];
    }
    return tie ? NULL : best;
}

/* The value of that name; the field's own name may stand in front, as in LB_MODE_3. */
static const struct avrspi_value *named_value(const struct avrspi_field *field, const char *text)
{
    const struct avrspi_value *found;
    char word[LONGEST], name[LONGEST];

    normalize(text, word);
    normalize(field->name, name);
    found = best_fit(field, word);
    if (!found && strncmp(word, name, strlen(name)) == 0)
        found = best_fit(field, word + strlen(name));
    return found;
}

static void list_values(const struct avrspi_field *field, struct avrspi_error *error)
{
    avrspi_hint(error, "%s is one of:", field->name);
    for (size_t n = 0; n < field->n_values; n++) {
        const struct avrspi_value *value = &field->values[n];

        avrspi_hint_add(error, "\n0x%02X  %-24s %s", value->value, value->name, value->text);
    }
}

/* What a field takes whose values have no names. */
static void say_numbers(const struct avrspi_field *field, struct avrspi_error *error)
{
    unsigned bits = bits_of(field);
    bool has_gaps = (bits & (bits + 1)) != 0;

    avrspi_hint(error,
                has_gaps ? "%s takes a number of which no bit outside 0x%X is set"
                         : "%s takes a number from 0 to 0x%X",
                field->name, bits);
}

static int parse_value(const struct avrspi_field *field, const char *text, uint8_t *value,
                       struct avrspi_error *error)
{
    const struct avrspi_value *named;
    char word[LONGEST];

    normalize(text, word);
    if (switch_value(field, word, value) || number_value(field, text, value))
        return 0;
    named = is_number(text) ? NULL : named_value(field, text);
    if (named) {
        *value = named->value;
        return 0;
    }
    avrspi_fail(error, AVRSPI_ERR_USAGE, "unknown value '%.64s' of %s", text, field->name);
    if (field->n_values > 0)
        list_values(field, error);
    else
        say_numbers(field, error);
    return AVRSPI_ERR_USAGE;
}

/* --- the field of a name */

/* What an assignment is about: a field, a part of one, or a single bit of either. */
struct place {
    struct avrspi_field field;
    char bit_name[LONGEST];
};

/* "CKSEL0", "BODLEVEL1", "BLB12": a bit of a field. Datasheets number those of lock fields from
 * 1. */
static bool find_bit(const struct avrspi_chip *chip, const char *name, struct place *place)
{
    const struct avrspi_field *field;
    size_t length = strlen(name);
    unsigned bit;

    if (length < 2 || length >= LONGEST || !isdigit((unsigned char)name[length - 1]))
        return false;
    memcpy(place->bit_name, name, length - 1);
    place->bit_name[length - 1] = '\0';
    field = avrspi_chip_field_or_part(chip, place->bit_name);
    if (!field || (field->mask & (field->mask - 1)) == 0)
        return false;
    bit = (unsigned)(name[length - 1] - '0') - (field->fuse == AVRSPI_FUSE_LOCK) + field->shift;
    if (bit >= 8 || !(field->mask >> bit & 1))
        return false;
    memcpy(place->bit_name, name, length + 1);
    place->field = (struct avrspi_field){
        .fuse = field->fuse,
        .mask = (uint8_t)(1U << bit),
        .shift = (uint8_t)bit,
        .values = avrspi_bit_values,
        .n_values = sizeof avrspi_bit_values / sizeof *avrspi_bit_values,
    };
    return true;
}

static bool begins_with(const char *name, const char *start)
{
    return strlen(name) > strlen(start) && avrspi_text_is(name, strlen(start), start);
}

/* The n-th name that '--set' takes: those of fields, then those of parts. */
static const struct avrspi_field *name_at(const struct avrspi_chip *chip, size_t n)
{
    if (n < chip->n_fields)
        return &chip->fields[n];
    n -= chip->n_fields;
    return n < chip->n_parts ? &chip->parts[n] : NULL;
}

/* How many names begin with a text, and the last of them. */
static size_t count_beginnings(const struct avrspi_chip *chip, const char *start,
                               const struct avrspi_field **found)
{
    const struct avrspi_field *field;
    size_t count = 0;

    for (size_t n = 0; (field = name_at(chip, n)) != NULL; n++) {
        if (!begins_with(field->name, start))
            continue;
        *found = field;
        count++;
    }
    return count;
}

static bool find_place(const struct avrspi_chip *chip, const char *name, struct place *place)
{
    const struct avrspi_field *field = avrspi_chip_field_or_part(chip, name);

    if (!field && find_bit(chip, name, place)) {
        place->field.name = place->bit_name;
        return true;
    }
    if (!field && count_beginnings(chip, name, &field) != 1)
        return false;
    place->field = *field;
    return true;
}

/* Whether the name begins several fields' names, is mistyped, or neither. */
static void say_which(const struct avrspi_chip *chip, const char *name, struct avrspi_error *error)
{
    struct avrspi_nearest nearest = avrspi_nearest_begin(name);
    const struct avrspi_field *field = NULL;

    for (size_t n = 0; (field = name_at(chip, n)) != NULL; n++)
        (void)avrspi_nearest_offer(&nearest, field->name);
    if (count_beginnings(chip, name, &field) > 1)
        avrspi_fail(error, AVRSPI_ERR_USAGE, "'%.64s' begins more than one field of the %s", name,
                    chip->name);
    else if (nearest.name)
        avrspi_fail(error, AVRSPI_ERR_USAGE, "unknown fuse '%.64s'; did you mean '%s'?", name,
                    nearest.name);
    else
        avrspi_fail(error, AVRSPI_ERR_USAGE, "unknown fuse '%.64s'", name);
}

static int fail_field(const struct avrspi_chip *chip, const char *name, struct avrspi_error *error)
{
    const struct avrspi_field *field;

    say_which(chip, name, error);
    if (chip->n_fields == 0) {
        avrspi_hint(error, "the fields of the %s are not known", chip->name);
        avrspi_advise(error, AVRSPI_ADVICE_FUSE_BYTES, NULL);
        return AVRSPI_ERR_USAGE;
    }
    avrspi_hint(error, "the fields of the %s:", chip->name);
    for (size_t n = 0; (field = name_at(chip, n)) != NULL; n++)
        avrspi_hint_choice(error, field->name);
    return AVRSPI_ERR_USAGE;
}

/* The value's text, after the '='; NULL for a text that is no assignment. */
static const char *split(const char *assignment, char name[LONGEST])
{
    const char *equals = strchr(assignment, '=');

    if (!equals || equals == assignment || equals - assignment >= LONGEST)
        return NULL;
    memcpy(name, assignment, (size_t)(equals - assignment));
    name[equals - assignment] = '\0';
    return equals + 1;
}

int avrspi_fuses_set(const struct avrspi_chip *chip, const char *assignment,
                     struct avrspi_fuses *fuses, struct avrspi_error *error)
{
    struct place place;
    char name[LONGEST];
    const char *text = split(assignment, name);
    uint8_t value;

    if (!text)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected FIELD=VALUE, as in BODLEVEL=2.7V, found '%.64s'", assignment);
    if (avrspi_is_intent(name) && !avrspi_chip_field_or_part(chip, name))
        return avrspi_intent_set(chip, name, text, fuses, error);
    if (!find_place(chip, name, &place))
        return fail_field(chip, name, error);
    if (parse_value(&place.field, text, &value, error) < 0)
        return AVRSPI_ERR_USAGE;
    avrspi_fuses_put(fuses, &place.field, value);
    return 0;
}

/* --- what a bare number means */

static const char *words_for(const struct avrspi_field *field, uint8_t number, char *out,
                             size_t size)
{
    const struct avrspi_value *value = avrspi_field_value(field, number);

    if (!value)
        return "a value that the datasheet does not describe";
    if (!*value->text)
        return value->name;
    if (!avrspi_field_is_switch(field))
        return value->text;
    (void)snprintf(out, size, "%s: %s", value->name, value->text);
    return out;
}

bool avrspi_fuses_meaning(const struct avrspi_chip *chip, const char *assignment,
                          const struct avrspi_fuses *fuses, char *text, size_t size)
{
    const struct avrspi_field *whole;
    char name[LONGEST], words[LONGEST + 32];
    struct place place;
    uint8_t number, byte;
    const char *given = split(assignment, name);

    if (!given || !is_number(given) || avrspi_is_intent(name) || !find_place(chip, name, &place))
        return false;
    byte = fuses->value[place.field.fuse];
    whole = avrspi_field_whole(chip, &place.field);
    number = avrspi_field_get(&place.field, byte);
    if (!whole || whole->mask == place.field.mask)
        (void)snprintf(text, size, "%s=%s is %s", place.field.name, given,
                       words_for(&place.field, number, words, sizeof words));
    else
        (void)snprintf(text, size, "%s=%s makes %s 0x%02X: %s", place.field.name, given,
                       whole->name, avrspi_field_get(whole, byte),
                       words_for(whole, avrspi_field_get(whole, byte), words, sizeof words));
    return true;
}
