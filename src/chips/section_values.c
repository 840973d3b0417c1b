/* SPDX-License-Identifier: MIT */
/* Sections [values NAME]: what the values of a fuse field are called and what they mean. */
#include "parse.h"

#include "base/number.h"
#include "base/text.h"

#include <string.h>

bool avrspi_values_section_begin(struct avrspi_parser *parser)
{
    if (avrspi_file_list(parser->file, parser->section_name)) {
        return avrspi_parse_expected(parser, parser->section_line, parser->section_name,
                                     "every list of values once in a file");
    }
    parser->n_values = 0;
    memset(parser->value_seen, 0, sizeof parser->value_seen);
    return true;
}

static bool inherit(struct avrspi_parser *parser, const char *name, bool first)
{
    const struct avrspi_list *list = avrspi_parse_list(parser, name);

    if (!first) {
        return avrspi_parse_expected(parser, parser->line, "like",
                                     "'like' as the first key of a section");
    }
    if (!list) {
        return avrspi_parse_expected(parser, parser->line, name,
                                     "'like' and a list of values from further up");
    }
    if (list->n_values > 0)
        memcpy(parser->values, list->values, list->n_values * sizeof *list->values);
    parser->n_values = list->n_values;
    return true;
}

/* "8M" or "3M-8M" */
static bool read_range(const char *text, size_t size, struct avrspi_clock *clock)
{
    const char *dash = memchr(text, '-', size);
    size_t low_size = dash ? (size_t)(dash - text) : size;

    if (!avrspi_number_parse_hz(text, low_size, 1, AVRSPI_HIGHEST_HZ, &clock->min_hz))
        return false;
    clock->max_hz = clock->min_hz;
    return !dash || avrspi_number_parse_hz(dash + 1, size - low_size - 1, clock->min_hz,
                                           AVRSPI_HIGHEST_HZ, &clock->max_hz);
}

/* "least 6.4M", at the end of a clock: how slow it can be. Nothing is fine too. */
static bool read_least(const char *text, struct avrspi_clock *clock)
{
    size_t size, extra;
    const char *word = avrspi_text_word(&text, &size);

    if (!word)
        return true;
    if (!avrspi_text_is(word, size, "least"))
        return false;
    word = avrspi_text_word(&text, &size);
    return word && avrspi_number_parse_hz(word, size, 1, clock->min_hz, &clock->least_hz) &&
           !avrspi_text_word(&text, &extra);
}

/* "internal 8M", "internal 8M least 6.4M", "external", "crystal 3M-8M", "crystal", "rc 900k-3M" */
static bool read_clock(const char *text, struct avrspi_clock *clock)
{
    size_t size;
    const char *word = avrspi_text_word(&text, &size);

    clock->source = word ? avrspi_clock_source_by_name(word, size) : AVRSPI_CLOCK_UNKNOWN;
    if (clock->source == AVRSPI_CLOCK_UNKNOWN)
        return false;
    word = avrspi_text_word(&text, &size);
    if (!word)
        return clock->source != AVRSPI_CLOCK_INTERNAL;
    return clock->source != AVRSPI_CLOCK_EXTERNAL && read_range(word, size, clock) &&
           read_least(text, clock);
}

/* A part of "NAME : words : clock": from *rest on, to the next " : " or to the end. */
static const char *next_part(const char **rest, size_t *size)
{
    const char *part = *rest, *end = part ? strstr(part, " : ") : NULL;

    if (!part)
        return NULL;
    *size = end ? (size_t)(end - part) : strlen(part);
    *rest = end ? end + 3 : NULL;
    while (*size > 0 && part[*size - 1] == ' ')
        (*size)--;
    while (*size > 0 && *part == ' ') {
        part++;
        (*size)--;
    }
    return part;
}

static bool read_value(struct avrspi_parser *parser, const char *text, struct avrspi_value *value)
{
    const char *rest = text, *name, *words, *clock;
    size_t name_size, words_size = 0, clock_size;

    name = next_part(&rest, &name_size);
    words = next_part(&rest, &words_size);
    clock = next_part(&rest, &clock_size);
    if (!avrspi_parse_is_name(name, name_size)) {
        return avrspi_parse_expected(parser, parser->line, text,
                                     "NAME : words, the name of letters, digits, '.', '_'");
    }
    if (clock && !read_clock(clock, &value->clock)) {
        return avrspi_parse_expected(parser, parser->line, clock,
                                     "a clock: 'internal HZ', 'external', 'crystal LOW-HIGH' "
                                     "or 'rc LOW-HIGH', and 'least HZ' after it");
    }
    value->name = avrspi_arena_text(&parser->file->arena, name, name_size);
    value->text = avrspi_arena_text(&parser->file->arena, words ? words : "", words_size);
    return value->name && value->text ? true : avrspi_parse_memory(parser);
}

static struct avrspi_value *find(struct avrspi_parser *parser, uint8_t number)
{
    for (size_t i = 0; i < parser->n_values; i++) {
        if (parser->values[i].value == number)
            return &parser->values[i];
    }
    return NULL;
}

static bool name_is_free(struct avrspi_parser *parser, const struct avrspi_value *value)
{
    for (size_t i = 0; i < parser->n_values; i++) {
        const struct avrspi_value *other = &parser->values[i];

        if (other->value != value->value && avrspi_text_equal(other->name, value->name)) {
            return avrspi_parse_expected(parser, parser->line, value->name,
                                         "a name that no other value of the list has");
        }
    }
    return true;
}

bool avrspi_values_section_key(struct avrspi_parser *parser, const char *key, const char *value,
                               bool first)
{
    struct avrspi_value row = {0}, *old;
    uint32_t number;

    if (strcmp(key, "like") == 0)
        return inherit(parser, value, first);
    if (!avrspi_number_parse_within(key, strlen(key), 0, AVRSPI_MAX_VALUES - 1, &number)) {
        return avrspi_parse_expected(parser, parser->line, key,
                                     "the value of a fuse field, 0x00 to 0xFF, or 'like'");
    }
    if (parser->value_seen[number / 32] >> number % 32 & 1)
        return avrspi_parse_expected(parser, parser->line, key, "every value of a list once");
    parser->value_seen[number / 32] |= 1U << number % 32;
    row.value = (uint8_t)number;
    old = find(parser, row.value);
    if (strcmp(value, "none") == 0) {
        if (!old) {
            return avrspi_parse_expected(parser, parser->line, key,
                                         "a value that the list inherits");
        }
        parser->n_values--;
        memmove(old, old + 1, (size_t)(&parser->values[parser->n_values] - old) * sizeof *old);
        return true;
    }
    if (!read_value(parser, value, &row) || !name_is_free(parser, &row))
        return false;
    *(old ? old : &parser->values[parser->n_values++]) = row;
    return true;
}

bool avrspi_values_section_end(struct avrspi_parser *parser)
{
    struct avrspi_arena *arena = &parser->file->arena;
    struct avrspi_list *list = avrspi_arena_alloc(arena, sizeof *list);

    if (!list)
        return avrspi_parse_memory(parser);
    list->name = avrspi_arena_text(arena, parser->section_name, strlen(parser->section_name));
    list->values =
        avrspi_arena_copy(arena, parser->values, parser->n_values * sizeof *parser->values);
    if (!list->name || !list->values)
        return avrspi_parse_memory(parser);
    list->n_values = parser->n_values;
    list->next = parser->file->lists;
    parser->file->lists = list;
    return true;
}
