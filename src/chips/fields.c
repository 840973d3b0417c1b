/* SPDX-License-Identifier: MIT */
/* Fuse fields of a chip section: "low.CKDIV8 = 0x80", "high.BODLEVEL = 0x07 bodlevel-mega", and
 * parts of them: "low.SUT = 0x0C in SUT_CKSEL". */
#include "parse.h"

#include "base/number.h"
#include "base/text.h"

#include <string.h>

static bool read_fuse(const char *key, size_t size, enum avrspi_fuse *fuse)
{
    for (unsigned i = 0; i < AVRSPI_FUSES; i++) {
        const char *name = avrspi_fuse_name((enum avrspi_fuse)i);

        if (strlen(name) == size && memcmp(name, key, size) == 0) {
            *fuse = (enum avrspi_fuse)i;
            return true;
        }
    }
    return false;
}

static struct avrspi_field *find(struct avrspi_field *fields, size_t count, const char *name)
{
    const struct avrspi_field *found = avrspi_field_of(fields, count, name);

    return found ? &fields[found - fields] : NULL;
}

static void remove_at(struct avrspi_field *fields, size_t *count, size_t place)
{
    (*count)--;
    memmove(&fields[place], &fields[place + 1], (*count - place) * sizeof *fields);
}

/* A field that goes, or gets other bits, has other parts. */
static void drop_parts(struct avrspi_parser *parser, const struct avrspi_field *field)
{
    for (size_t i = parser->n_parts; i-- > 0;) {
        if (parser->parts[i].fuse == field->fuse && (parser->parts[i].mask & field->mask))
            remove_at(parser->parts, &parser->n_parts, i);
    }
}

bool avrspi_field_insert(struct avrspi_parser *parser, const struct avrspi_field *field)
{
    size_t place = 0;

    if (parser->n_fields == AVRSPI_MAX_FIELDS) {
        return avrspi_parse_expected(parser, parser->line, field->name, "at most %d fields",
                                     AVRSPI_MAX_FIELDS);
    }
    for (size_t i = 0; i < parser->n_fields; i++) {
        if (parser->fields[i].fuse <= field->fuse)
            place = i + 1;
    }
    memmove(&parser->fields[place + 1], &parser->fields[place],
            (parser->n_fields - place) * sizeof *field);
    parser->fields[place] = *field;
    parser->n_fields++;
    return true;
}

static bool take_out(struct avrspi_parser *parser, struct avrspi_field *field, const char *key)
{
    if (!field)
        return avrspi_parse_expected(parser, parser->line, key, "a field that the chip inherits");
    drop_parts(parser, field);
    remove_at(parser->fields, &parser->n_fields, (size_t)(field - parser->fields));
    return true;
}

static bool give_values(struct avrspi_parser *parser, struct avrspi_field *field, const char *name)
{
    const struct avrspi_list *list = avrspi_parse_list(parser, name ? name : field->name);

    if (name && !list) {
        return avrspi_parse_expected(parser, parser->line, name,
                                     "the name of a section [values NAME] further up");
    }
    if (list) {
        field->values = list->values;
        field->n_values = list->n_values;
    } else if ((field->mask >> field->shift) == 1) {
        field->values = avrspi_bit_values;
        field->n_values = sizeof avrspi_bit_values / sizeof *avrspi_bit_values;
    }
    return true;
}

static bool read_mask(struct avrspi_parser *parser, const char **text, struct avrspi_field *field)
{
    const char *all = *text, *word;
    uint32_t mask;
    size_t size;

    word = avrspi_text_word(text, &size);
    if (!word || !avrspi_number_parse_within(word, size, 1, 0xFF, &mask)) {
        return avrspi_parse_expected(parser, parser->line, all,
                                     "the field's bits, 0x01 to 0xFF, or 'none'");
    }
    field->mask = (uint8_t)mask;
    while (!(field->mask >> field->shift & 1))
        field->shift++;
    return true;
}

/* The last word of a value, at 'rest', if there is one. */
static bool read_name(struct avrspi_parser *parser, const char *value, const char *rest,
                      const char *expected, char name[AVRSPI_MAX_NAME + 1])
{
    const char *word;
    size_t size, extra;

    word = avrspi_text_word(&rest, &size);
    *name = '\0';
    if (!word)
        return true;
    if (!avrspi_parse_is_name(word, size) || avrspi_text_word(&rest, &extra))
        return avrspi_parse_expected(parser, parser->line, value, "%s", expected);
    memcpy(name, word, size);
    name[size] = '\0';
    return true;
}

/* --- parts of a field */

static bool is_part(const char *text)
{
    size_t size;
    const char *word = avrspi_text_word(&text, &size);

    return word && avrspi_text_is(word, size, "in") && avrspi_text_word(&text, &size);
}

bool avrspi_part_add(struct avrspi_parser *parser, const struct avrspi_field *part)
{
    struct avrspi_field *old = find(parser->parts, parser->n_parts, part->name);

    if (!old && parser->n_parts == AVRSPI_MAX_FIELDS) {
        return avrspi_parse_expected(parser, parser->line, part->name, "at most %d parts",
                                     AVRSPI_MAX_FIELDS);
    }
    *(old ? old : &parser->parts[parser->n_parts++]) = *part;
    return true;
}

/* "in SUT_CKSEL", after the bits */
static bool read_part(struct avrspi_parser *parser, const char *value, const char *rest,
                      struct avrspi_field *part)
{
    char name[AVRSPI_MAX_NAME + 1];
    const struct avrspi_field *whole;
    size_t size;

    (void)avrspi_text_word(&rest, &size);
    if (!read_name(parser, value, rest, "a mask, 'in' and the name of a field", name))
        return false;
    whole = find(parser->fields, parser->n_fields, name);
    if (!whole || whole->fuse != part->fuse || (part->mask & ~whole->mask)) {
        return avrspi_parse_expected(parser, parser->line, name,
                                     "a field of the chip, further up, that has these bits");
    }
    if (part->mask >> part->shift == 1) {
        part->values = avrspi_bit_values;
        part->n_values = sizeof avrspi_bit_values / sizeof *avrspi_bit_values;
    }
    return avrspi_part_add(parser, part);
}

/* All datasheets have the start-up time in bits 5 and 4 where clock and start-up time fill six
 * bits. */
bool avrspi_fields_end(struct avrspi_parser *parser)
{
    static const struct avrspi_field usual[] = {
        {.mask = 0x30, .shift = 4, .name = "SUT"},
        {.mask = 0x0F, .shift = 0, .name = "CKSEL"},
    };
    const struct avrspi_field *whole = find(parser->fields, parser->n_fields, "SUT_CKSEL");

    for (size_t i = 0; whole && whole->mask == 0x3F && i < sizeof usual / sizeof *usual; i++) {
        struct avrspi_field part = usual[i];

        part.fuse = whole->fuse;
        if (!find(parser->fields, parser->n_fields, part.name) &&
            !find(parser->parts, parser->n_parts, part.name) && !avrspi_part_add(parser, &part))
            return false;
    }
    for (size_t i = 0; i < parser->n_parts; i++) {
        const char *name = parser->parts[i].name;

        if (find(parser->fields, parser->n_fields, name)) {
            return avrspi_parse_expected(parser, parser->section_line, name,
                                         "the parts of a field to differ from the fields in name");
        }
    }
    return true;
}

/* --- a key */

static bool set_field(struct avrspi_parser *parser, const struct avrspi_field *field)
{
    struct avrspi_field *old = find(parser->fields, parser->n_fields, field->name);

    if (!old)
        return avrspi_field_insert(parser, field);
    if (old->fuse != field->fuse || old->mask != field->mask)
        drop_parts(parser, old);
    *old = *field;
    return true;
}

static bool remove_key(struct avrspi_parser *parser, const char *key, enum avrspi_fuse fuse,
                       const char *name)
{
    struct avrspi_field *field = find(parser->fields, parser->n_fields, name);
    struct avrspi_field *part = find(parser->parts, parser->n_parts, name);

    if (!field && part && part->fuse == fuse) {
        remove_at(parser->parts, &parser->n_parts, (size_t)(part - parser->parts));
        return true;
    }
    return take_out(parser, field && field->fuse == fuse ? field : NULL, key);
}

bool avrspi_field_key(struct avrspi_parser *parser, const char *key, const char *value)
{
    const char *dot = strchr(key, '.'), *rest = value;
    struct avrspi_field field = {0};
    char list[AVRSPI_MAX_NAME + 1];

    if (!read_fuse(key, (size_t)(dot - key), &field.fuse)) {
        return avrspi_parse_expected(parser, parser->line, key,
                                     "'low.', 'high.', 'ext.' or 'lock.' and a field");
    }
    if (!avrspi_parse_is_name(dot + 1, strlen(dot + 1)))
        return avrspi_parse_expected(parser, parser->line, key, "a field's name after the dot");
    parser->own_fields = true;
    if (strcmp(value, "none") == 0)
        return remove_key(parser, key, field.fuse, dot + 1);
    field.name = avrspi_arena_text(&parser->file->arena, dot + 1, strlen(dot + 1));
    if (!field.name)
        return avrspi_parse_memory(parser);
    if (!read_mask(parser, &rest, &field))
        return false;
    if (is_part(rest))
        return read_part(parser, value, rest, &field);
    return read_name(parser, value, rest, "a mask and the name of a section [values NAME]", list) &&
           give_values(parser, &field, *list ? list : NULL) && set_field(parser, &field);
}
