/* SPDX-License-Identifier: MIT */
/* Fuse fields of a chip section: "low.CKDIV8 = 0x80", "high.BODLEVEL = 0x07 bodlevel-mega". */
#include "parse.h"

#include "base/number.h"
#include "base/text.h"

#include <string.h>

/* What the values of a single bit are called where a chip file has no words for them. */
static const struct avrspi_value bit_values[] = {
    {.value = 0, .name = "programmed", .text = ""},
    {.value = 1, .name = "unprogrammed", .text = ""},
};

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

static struct avrspi_field *find(struct avrspi_parser *parser, const char *name)
{
    for (size_t i = 0; i < parser->n_fields; i++) {
        if (avrspi_text_equal(parser->fields[i].name, name))
            return &parser->fields[i];
    }
    return NULL;
}

/* Puts a new field after those of its byte, low, high, ext, lock. */
static bool insert(struct avrspi_parser *parser, const struct avrspi_field *field)
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
    parser->n_fields--;
    memmove(field, field + 1, (size_t)(&parser->fields[parser->n_fields] - field) * sizeof *field);
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
        field->values = bit_values;
        field->n_values = sizeof bit_values / sizeof *bit_values;
    }
    return true;
}

static bool read_mask(struct avrspi_parser *parser, const char *text, struct avrspi_field *field)
{
    const char *rest = text, *word, *list_name;
    size_t size, list_size, extra;
    char name[AVRSPI_MAX_NAME + 1] = "";
    uint32_t mask;

    word = avrspi_text_word(&rest, &size);
    if (!word || !avrspi_number_parse_within(word, size, 1, 0xFF, &mask)) {
        return avrspi_parse_expected(parser, parser->line, text,
                                     "the field's bits, 0x01 to 0xFF, or 'none'");
    }
    field->mask = (uint8_t)mask;
    while (!(field->mask >> field->shift & 1))
        field->shift++;
    list_name = avrspi_text_word(&rest, &list_size);
    if (list_name) {
        if (!avrspi_parse_is_name(list_name, list_size) || avrspi_text_word(&rest, &extra)) {
            return avrspi_parse_expected(parser, parser->line, text,
                                         "a mask and the name of a section [values NAME]");
        }
        memcpy(name, list_name, list_size);
    }
    return give_values(parser, field, list_name ? name : NULL);
}

bool avrspi_field_key(struct avrspi_parser *parser, const char *key, const char *value)
{
    const char *dot = strchr(key, '.');
    struct avrspi_field field = {0}, *old;

    if (!read_fuse(key, (size_t)(dot - key), &field.fuse)) {
        return avrspi_parse_expected(parser, parser->line, key,
                                     "'low.', 'high.', 'ext.' or 'lock.' and a field");
    }
    if (!avrspi_parse_is_name(dot + 1, strlen(dot + 1)))
        return avrspi_parse_expected(parser, parser->line, key, "a field's name after the dot");
    old = find(parser, dot + 1);
    parser->own_fields = true;
    if (strcmp(value, "none") == 0)
        return take_out(parser, old && old->fuse == field.fuse ? old : NULL, key);
    field.name = avrspi_arena_text(&parser->file->arena, dot + 1, strlen(dot + 1));
    if (!field.name)
        return avrspi_parse_memory(parser);
    if (!read_mask(parser, value, &field))
        return false;
    if (!old)
        return insert(parser, &field);
    *old = field;
    return true;
}
