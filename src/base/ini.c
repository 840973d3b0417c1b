/* SPDX-License-Identifier: MIT */
#include "base/ini.h"

#include "base/text.h"

#include <ini.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    LONGEST_FOUND = 80,   /* of what was found, so that a message stays readable */
    LONGEST_SECTION = 49, /* what inih holds of a section's name */
};

/* A text that is read line by line. */
struct lines {
    const char *rest, *end;
    unsigned line; /* the line read last, from 1 */
};

struct reader {
    const struct avrspi_ini *ini;
    struct avrspi_error *error;
    struct lines lines;
    unsigned header_line; /* the line of the last header */
    unsigned entry_line;  /* the line of the last entry's header */
    int result;           /* negative after an error */
};

int avrspi_ini_expected(struct avrspi_error *error, const char *name, unsigned line,
                        const char *found, const char *expected)
{
    if (!found) {
        return avrspi_fail_named(error, AVRSPI_ERR_INPUT, name, ":%u: expected %s, found nothing",
                                 line, expected);
    }
    return avrspi_fail_named(error, AVRSPI_ERR_INPUT, name, ":%u: expected %s, found '%.*s'", line,
                             expected, LONGEST_FOUND, found);
}

/* The reader's own errors; 'found' NULL: found nothing. */
static int expected(struct reader *reader, unsigned line, const char *found, size_t size,
                    const char *what)
{
    char text[LONGEST_FOUND + 1] = "";

    if (found)
        memcpy(text, found, size < LONGEST_FOUND ? size : LONGEST_FOUND);
    reader->result =
        avrspi_ini_expected(reader->error, reader->ini->name, line, found ? text : NULL, what);
    return reader->result;
}

/* The next line, without its end, its indentation and a byte order mark. */
static const char *take_line(struct lines *lines, size_t *size)
{
    const char *line = lines->rest;
    const char *end = memchr(line, '\n', (size_t)(lines->end - line));

    lines->rest = end ? end + 1 : lines->end;
    lines->line++;
    if (!end)
        end = lines->end;
    if (end > line && end[-1] == '\r')
        end--;
    if (lines->line == 1)
        line += avrspi_text_mark_size(line, (size_t)(end - line));
    /* inih takes an indented line for more of the value above it */
    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    *size = (size_t)(end - line);
    return line;
}

static int check_characters(struct reader *reader, const char *line, size_t size)
{
    char found[sizeof "a byte order mark"] = "a byte order mark";

    /* inih would skip it, and what follows would be a line that was not checked */
    if (reader->lines.line == 1 && avrspi_text_mark_size(line, size) > 0)
        return expected(reader, 1, found, strlen(found), "a line of text");
    for (size_t i = 0; i < size; i++) {
        uint8_t c = (uint8_t)line[i];

        if ((c < ' ' && c != '\t') || c == 0x7F) {
            (void)snprintf(found, sizeof found, "byte 0x%02X", c);
            return expected(reader, reader->lines.line, found, strlen(found), "a line of text");
        }
    }
    return 0;
}

static int check_size(struct reader *reader, const char *line, size_t size, size_t room)
{
    char what[64];

    if (size <= AVRSPI_INI_LONGEST_LINE && size + sizeof "\n" <= room)
        return 0;
    (void)snprintf(what, sizeof what, "a line of at most %d characters", AVRSPI_INI_LONGEST_LINE);
    return expected(reader, reader->lines.line, line, size, what);
}

/* inih does not tell of a header without keys: called where its keys must be over. */
static int check_header_has_keys(struct reader *reader)
{
    if (reader->header_line == reader->entry_line)
        return 0;
    return expected(reader, reader->header_line, NULL, 0, "keys below the section header");
}

static const char *syntax(const struct reader *reader)
{
    return reader->ini->flat ? "'name = value' or a comment"
                             : "[SECTION], 'key = value' or a comment";
}

/* What inih would cut or leave out of a header; one without an end is left to it. */
static int check_header(struct reader *reader, const char *line, size_t size)
{
    const char *close = memchr(line, ']', size), *end = line + size, *rest = close;
    char what[64];

    if (!close)
        return 0;
    do {
        rest++;
    } while (rest < end && (*rest == ' ' || *rest == '\t'));
    if (rest < end && *rest != ';' && *rest != '#') {
        return expected(reader, reader->lines.line, rest, (size_t)(end - rest),
                        "the end of the line after a section header");
    }
    if (close - line - 1 <= LONGEST_SECTION)
        return 0;
    (void)snprintf(what, sizeof what, "a section's name of at most %d characters", LONGEST_SECTION);
    return expected(reader, reader->lines.line, line + 1, (size_t)(close - line - 1), what);
}

static int note_header(struct reader *reader, const char *line, size_t size)
{
    if (reader->ini->flat)
        return expected(reader, reader->lines.line, line, size, syntax(reader));
    if (check_header_has_keys(reader) < 0 || check_header(reader, line, size) < 0)
        return reader->result;
    reader->header_line = reader->lines.line;
    return 0;
}

/* Gives inih a line as fgets() would; none after an error. */
static char *next_line(char *line, int room, void *user)
{
    struct reader *reader = user;
    const char *text;
    size_t size;

    if (reader->result < 0 || reader->lines.rest == reader->lines.end)
        return NULL;
    text = take_line(&reader->lines, &size);
    if (check_characters(reader, text, size) < 0)
        return NULL;
    if (size > 0 && (*text == '#' || *text == ';'))
        size = 0; /* a comment may be longer than what inih holds */
    if (check_size(reader, text, size, (size_t)room) < 0)
        return NULL;
    if (size > 0 && *text == '[' && note_header(reader, text, size) < 0)
        return NULL;
    memcpy(line, text, size);
    line[size] = '\n';
    line[size + 1] = '\0';
    return line;
}

/* Called by inih for every key; 0 is failure there. */
static int handle_key(void *user, const char *section, const char *key, const char *value)
{
    struct reader *reader = user;
    const struct avrspi_ini_entry entry = {
        .section = section,
        .key = key,
        .value = value,
        .line = reader->lines.line,
        .section_line = reader->header_line,
    };

    if (reader->result < 0)
        return 0;
    reader->entry_line = reader->header_line;
    reader->result = reader->ini->take(reader->ini->user, &entry, reader->error);
    return reader->result == 0;
}

/* A line that inih could not read. */
static void syntax_error(struct reader *reader, const char *text, unsigned line)
{
    struct lines lines = {.rest = text, .end = reader->lines.end};
    const char *start;
    size_t size;

    do {
        start = take_line(&lines, &size);
    } while (lines.line < line);
    (void)expected(reader, line, start, size, syntax(reader));
}

int avrspi_ini_read(const struct avrspi_ini *ini, const char *text, size_t size,
                    struct avrspi_error *error)
{
    struct reader reader = {
        .ini = ini,
        .error = error,
        .lines = {.rest = text, .end = text + size},
    };
    int line = ini_parse_stream(next_line, &reader, handle_key, &reader);

    if (line < 0)
        return avrspi_fail_memory(error);
    /* inih names its first bad line when it has seen all the others */
    if (line > 0 && (reader.result == 0 || (unsigned)line < reader.lines.line))
        syntax_error(&reader, text, (unsigned)line);
    else if (reader.result == 0)
        (void)check_header_has_keys(&reader);
    return reader.result;
}
