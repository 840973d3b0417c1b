/* SPDX-License-Identifier: MIT */
#include "parse.h"

#include "base/error.h"
#include "base/text.h"

#include <ini.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    /* What inih holds of a line, its own limit of 200 less the end of line and some room. */
    LONGEST_LINE = 190,
    LONGEST_FOUND = 80, /* of what was found, so that a message stays readable */
};

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
    if (found) {
        avrspi_fail(parser->error, AVRSPI_ERR_INPUT, "%s:%u: expected %s, found '%.*s'",
                    parser->name, line, expected, LONGEST_FOUND, found);
    } else {
        avrspi_fail(parser->error, AVRSPI_ERR_INPUT, "%s:%u: expected %s, found nothing",
                    parser->name, line, expected);
    }
    avrspi_hint(parser->error, "nothing of the file was taken over; chips/README.md describes the "
                               "format");
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

const struct avrspi_definition *avrspi_parse_definition(const struct avrspi_parser *parser,
                                                        const char *name)
{
    const struct avrspi_definition *definition = parser->file->definitions;

    for (; definition; definition = definition->next) {
        if (avrspi_text_equal(definition->chip.name, name))
            return definition;
    }
    return avrspi_chips_definition(parser->known, name);
}

static const struct avrspi_list *list_of(const struct avrspi_chip_file *file, const char *name)
{
    const struct avrspi_list *list = file->lists;

    while (list && !avrspi_text_equal(list->name, name))
        list = list->next;
    return list;
}

const struct avrspi_list *avrspi_parse_list(const struct avrspi_parser *parser, const char *name)
{
    const struct avrspi_list *list = list_of(parser->file, name);
    const struct avrspi_chip_file *file = parser->known->files;

    for (; !list && file; file = file->next)
        list = list_of(file, name);
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

/* Section headers are inih's business; but it does not tell of one without keys. */
static bool note_header(struct avrspi_parser *parser)
{
    if (parser->header_line != parser->section_line) {
        return avrspi_parse_expected(parser, parser->header_line, NULL,
                                     "keys below the section header");
    }
    parser->header_line = parser->line;
    return true;
}

static bool section_begin(struct avrspi_parser *parser, const char *header)
{
    static const char values[] = "values ";
    bool is_values = strncmp(header, values, sizeof values - 1) == 0;
    const char *name = is_values ? header + sizeof values - 1 : header;

    if (!section_end(parser))
        return false;
    parser->section_line = parser->header_line;
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

/* Called by inih for every key; 0 is failure there. */
static int handle_key(void *user, const char *header, const char *key, const char *value)
{
    struct avrspi_parser *parser = user;
    bool first;

    if (parser->failure != AVRSPI_OK)
        return 0;
    if (!key || !value)
        return 1;
    if (parser->header_line == 0)
        return avrspi_parse_expected(parser, parser->line, key, "a section such as [ATmega328P]");
    if (parser->header_line != parser->section_line && !section_begin(parser, header))
        return 0;
    first = !parser->seen;
    if (!note_key(parser, key))
        return 0;
    if (parser->section == AVRSPI_SECTION_VALUES)
        return avrspi_values_section_key(parser, key, value, first);
    return avrspi_chip_section_key(parser, key, value, first);
}

/* The line that the parser is at, without its end and its indentation. */
static const char *take_line(struct avrspi_parser *parser, size_t *size)
{
    const char *line = parser->rest;
    const char *end = memchr(line, '\n', (size_t)(parser->end - line));

    parser->rest = end ? end + 1 : parser->end;
    parser->line++;
    if (!end)
        end = parser->end;
    if (end > line && end[-1] == '\r')
        end--;
    /* inih takes an indented line for more of the value above it */
    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    *size = (size_t)(end - line);
    return line;
}

static bool check_line(struct avrspi_parser *parser, const char *line, size_t size, size_t room)
{
    char found[LONGEST_FOUND + 1] = "";

    for (size_t i = 0; i < size; i++) {
        if (((unsigned char)line[i] < ' ' && line[i] != '\t') || line[i] == 0x7F) {
            (void)snprintf(found, sizeof found, "byte 0x%02X", (unsigned char)line[i]);
            return avrspi_parse_expected(parser, parser->line, found, "a line of text");
        }
    }
    if (size <= LONGEST_LINE && size + 2 <= room)
        return true;
    memcpy(found, line, size < LONGEST_FOUND ? size : LONGEST_FOUND);
    return avrspi_parse_expected(parser, parser->line, found, "a line of at most %d characters",
                                 LONGEST_LINE);
}

/* Gives inih a line, as fgets() would. */
static char *next_line(char *line, int room, void *user)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    struct avrspi_parser *parser = user;
    const char *start, *text;
    size_t size;

    if (parser->failure != AVRSPI_OK || parser->rest == parser->end)
        return NULL;
    start = take_line(parser, &size);
    if (!check_line(parser, start, size, (size_t)room))
        return NULL;
    text = start;
    if (parser->line == 1 && size >= 3 && memcmp(start, byte_order_mark, 3) == 0)
        text += 3;
    size -= (size_t)(text - start);
    if (size > 0 && *text == '[' && !note_header(parser))
        return NULL;
    memcpy(line, text, size);
    line[size] = '\n';
    line[size + 1] = '\0';
    return line;
}

/* What inih could not read is neither a section header nor a key with a value. */
static void syntax_error(struct avrspi_parser *parser, const char *text, unsigned line)
{
    char found[LONGEST_FOUND + 1];
    const char *start;
    size_t size = 0;

    parser->rest = text;
    parser->line = 0;
    do {
        start = take_line(parser, &size);
    } while (parser->line < line && parser->rest < parser->end);
    (void)snprintf(found, sizeof found, "%.*s", (int)size, start);
    parser->failure = AVRSPI_OK;
    avrspi_parse_expected(parser, line, found, "[SECTION], 'key = value' or a comment");
}

int avrspi_chips_parse(const struct avrspi_chips *known, struct avrspi_chip_file *file,
                       const char *name, const char *text, size_t size, struct avrspi_error *error)
{
    struct avrspi_parser parser = {
        .known = known,
        .file = file,
        .error = error,
        .name = name,
        .rest = text,
        .end = text + size,
    };
    unsigned failed_line;
    int line;

    avrspi_encoding_standard(parser.standard);
    line = ini_parse_stream(next_line, &parser, handle_key, &parser);
    failed_line = parser.failure == AVRSPI_OK ? 0 : parser.line;
    if (line < 0) {
        avrspi_parse_memory(&parser);
    } else if (line > 0 && (failed_line == 0 || (unsigned)line < failed_line)) {
        syntax_error(&parser, text, (unsigned)line);
    } else if (parser.failure == AVRSPI_OK && note_header(&parser)) {
        (void)section_end(&parser);
    }
    return parser.failure;
}
