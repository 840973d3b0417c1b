/* SPDX-License-Identifier: MIT */
#include "parse.h"

#include "base/error.h"
#include "base/ini.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool avrspi_parse_expected(struct avrspi_parser *parser, unsigned line, const char *found,
                           const char *format, ...)
{
    char expected[256];
    va_list arguments;

    if (parser->failure != AVRSPI_OK)
        return false;
    va_start(arguments, format);
    (void)vsnprintf(expected, sizeof expected, format, arguments);
    va_end(arguments);
    parser->failure = AVRSPI_ERR_INPUT;
    avrspi_ini_expected(parser->error, parser->name, line, found, expected);
    return false;
}

bool avrspi_parse_memory(struct avrspi_parser *parser)
{
    if (parser->failure == AVRSPI_OK) {
        parser->failure = AVRSPI_ERR_FAILURE;
        avrspi_fail_memory(parser->error);
    }
    return false;
}

static bool may_be_in_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.' || c == '_';
}

bool avrspi_parse_is_name(const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (!may_be_in_name(text[i]))
            return false;
    }
    return size > 0 && size <= AVRSPI_MAX_NAME;
}

struct avrspi_definition *avrspi_file_definition(const struct avrspi_chip_file *file,
                                                 const char *name)
{
    struct avrspi_definition *definition = file->definitions;

    while (definition && !avrspi_text_equal(definition->chip.name, name))
        definition = definition->next;
    return definition;
}

const struct avrspi_definition *avrspi_parse_definition(const struct avrspi_parser *parser,
                                                        const char *name)
{
    const struct avrspi_definition *own = avrspi_file_definition(parser->file, name);

    return own ? own : avrspi_chips_definition(parser->known, name);
}

const struct avrspi_list *avrspi_file_list(const struct avrspi_chip_file *file, const char *name)
{
    const struct avrspi_list *list = file->lists;

    while (list && !avrspi_text_equal(list->name, name))
        list = list->next;
    return list;
}

const struct avrspi_list *avrspi_parse_list(const struct avrspi_parser *parser, const char *name)
{
    const struct avrspi_list *list = avrspi_file_list(parser->file, name);
    const struct avrspi_chip_file *file = parser->known->files;

    for (; !list && file; file = file->next)
        list = avrspi_file_list(file, name);
    return list;
}

static bool section_end(struct avrspi_parser *parser)
{
    enum avrspi_section section = parser->section;

    parser->section = AVRSPI_SECTION_NONE;
    if (section == AVRSPI_SECTION_CHIP)
        return avrspi_chip_section_end(parser);
    return section == AVRSPI_SECTION_VALUES ? avrspi_values_section_end(parser) : true;
}

static bool section_begin(struct avrspi_parser *parser, const char *header, unsigned line)
{
    static const char values[] = "values ";
    bool is_values = strncmp(header, values, sizeof values - 1) == 0;
    const char *name = is_values ? header + sizeof values - 1 : header;

    if (!section_end(parser))
        return false;
    parser->section_line = line;
    parser->seen = NULL;
    name += strspn(name, " \t");
    if (!avrspi_parse_is_name(name, strlen(name)) || strcmp(header, "values") == 0) {
        return avrspi_parse_expected(parser, parser->section_line, header,
                                     "[NAME OF A CHIP] or [values NAME]");
    }
    memcpy(parser->section_name, name, strlen(name) + 1);
    if (is_values ? !avrspi_values_section_begin(parser) : !avrspi_chip_section_begin(parser))
        return false;
    parser->section = is_values ? AVRSPI_SECTION_VALUES : AVRSPI_SECTION_CHIP;
    return true;
}

static bool note_key(struct avrspi_parser *parser, const char *key)
{
    struct avrspi_key_seen *seen;

    for (seen = parser->seen; seen; seen = seen->next) {
        if (avrspi_text_equal(seen->key, key))
            return avrspi_parse_expected(parser, parser->line, key, "every key of a section once");
    }
    seen = avrspi_arena_alloc(&parser->file->arena, sizeof *seen);
    if (seen)
        seen->key = avrspi_arena_text(&parser->file->arena, key, strlen(key));
    if (!seen || !seen->key)
        return avrspi_parse_memory(parser);
    seen->next = parser->seen;
    parser->seen = seen;
    return true;
}

static bool take_key(struct avrspi_parser *parser, const struct avrspi_ini_entry *entry)
{
    bool first;

    if (entry->section_line == 0) {
        return avrspi_parse_expected(parser, entry->line, entry->key,
                                     "a section such as [ATmega328P]");
    }
    if (entry->section_line != parser->section_line &&
        !section_begin(parser, entry->section, entry->section_line))
        return false;
    first = !parser->seen;
    if (!note_key(parser, entry->key))
        return false;
    if (parser->section == AVRSPI_SECTION_VALUES)
        return avrspi_values_section_key(parser, entry->key, entry->value, first);
    return avrspi_chip_section_key(parser, entry->key, entry->value, first);
}

static int take(void *user, const struct avrspi_ini_entry *entry, struct avrspi_error *error)
{
    struct avrspi_parser *parser = user;

    (void)error; /* the parser has it */
    parser->line = entry->line;
    return take_key(parser, entry) ? 0 : parser->failure;
}

int avrspi_chips_parse(const struct avrspi_chips *known, struct avrspi_chip_file *file,
                       const char *name, const char *text, size_t size, struct avrspi_error *error)
{
    struct avrspi_parser parser = {.known = known, .file = file, .error = error, .name = name};
    const struct avrspi_ini ini = {.name = name, .take = take, .user = &parser};
    int result;

    avrspi_encoding_standard(parser.standard);
    result = avrspi_ini_read(&ini, text, size, error);
    if (result == 0 && !section_end(&parser))
        result = parser.failure;
    if (result == AVRSPI_ERR_INPUT) {
        avrspi_hint(error, "none of the file's chips was used; chips/README.md describes the "
                           "format");
    }
    return result;
}
