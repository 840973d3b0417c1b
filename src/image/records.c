/* SPDX-License-Identifier: MIT */
#include "records.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

enum {
    LEAST_PIECE = 4, /* of a file: a byte order mark and one byte more */
};

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

size_t avrspi_text_begin(const char *text, size_t size)
{
    size_t at = avrspi_text_mark_size(text, size);

    while (at < size && (is_blank(text[at]) || is_line_end(text[at]))) {
        at++;
    }
    return at;
}

static bool begins_comment(const char *text, size_t size)
{
    return size > 0 &&
           (text[0] == ';' || text[0] == '#' || (size >= 2 && text[0] == '/' && text[1] == '/'));
}

size_t avrspi_text_skip_comments(const char *text, size_t size)
{
    size_t at = avrspi_text_begin(text, size);

    while (begins_comment(text + at, size - at)) {
        while (at < size && !is_line_end(text[at]))
            at++;
        while (at < size && (is_blank(text[at]) || is_line_end(text[at])))
            at++;
    }
    return at;
}

void avrspi_text_lines_start(struct avrspi_text_lines *lines, struct avrspi_source *source)
{
    *lines = (struct avrspi_text_lines){.source = source};
}

/* Makes the whole next line available; *length is what is before its end. False at the end of the
 * text, where *length may be 0. */
static int find_end(struct avrspi_source *source, size_t *length, struct avrspi_error *error)
{
    size_t at = 0;

    for (;;) {
        size_t there = source->size - source->at;
        const char *text = source->data + source->at;
        int result;

        while (at < there && !is_line_end(text[at]))
            at++;
        *length = at;
        if (at < there || source->ended)
            return 0;
        result = avrspi_source_want(source, 2 * there + LEAST_PIECE, error);
        if (result < 0)
            return result;
    }
}

static bool is_padding(char c)
{
    return c == '\0' || c == 0x1A;
}

/* The line of 'length' characters at the source's place, without the blank space around it. */
static struct avrspi_text_line trim(const struct avrspi_source *source, size_t length)
{
    const char *begin = source->data + source->at, *first = begin, *end = begin + length;
    bool last = source->ended && source->at + length == source->size;

    while (first < end && is_blank(*first))
        first++;
    while (end > first && (is_blank(end[-1]) || (last && is_padding(end[-1]))))
        end--;
    return (struct avrspi_text_line){
        .text = first,
        .size = (size_t)(end - first),
        .column = (size_t)(first - begin) + 1,
    };
}

/* Goes behind the LF of a CRLF, and behind a byte order mark at the start. */
static int skip_marks(struct avrspi_text_lines *lines, struct avrspi_error *error)
{
    struct avrspi_source *source = lines->source;
    int result = avrspi_source_want(source, LEAST_PIECE, error);

    if (result < 0)
        return result;
    if (lines->after_cr && source->at < source->size && source->data[source->at] == '\n')
        source->at++;
    if (lines->number == 0)
        source->at += avrspi_text_mark_size(source->data + source->at, source->size - source->at);
    lines->after_cr = false;
    return 0;
}

int avrspi_text_lines_next(struct avrspi_text_lines *lines, struct avrspi_text_line *line,
                           struct avrspi_error *error)
{
    struct avrspi_source *source = lines->source;

    for (;;) {
        size_t length = 0;
        int result = skip_marks(lines, error);

        if (result == 0)
            result = find_end(source, &length, error);
        if (result < 0)
            return result;
        if (source->at == source->size)
            return 0;
        *line = trim(source, length);
        line->number = ++lines->number;
        source->at += length;
        if (source->at < source->size)
            lines->after_cr = source->data[source->at++] == '\r';
        if (line->size > 0)
            return 1;
    }
}

int avrspi_text_each_line(struct avrspi_source *source, avrspi_text_take *take, void *context,
                          size_t *lines, struct avrspi_error *error)
{
    struct avrspi_text_lines all;
    struct avrspi_text_line line;
    int result;

    avrspi_text_lines_start(&all, source);
    while ((result = avrspi_text_lines_next(&all, &line, error)) > 0) {
        result = begins_comment(line.text, line.size) ? 0 : take(context, &line, error);
        if (result != 0)
            break;
    }
    *lines = all.number;
    return result < 0 ? result : 0;
}

const char avrspi_record_damaged[] = "the file was damaged or edited: build or download it again";

int avrspi_record_decode(const struct avrspi_record_form *form, const struct avrspi_text_line *line,
                         uint8_t bytes[AVRSPI_RECORD_BYTES], const char *name,
                         struct avrspi_error *error)
{
    const size_t size = line->size - form->mark, most = 2 * (size_t)AVRSPI_RECORD_BYTES;
    const char *text = line->text + form->mark;
    const size_t good = avrspi_hex_decode(text, size < most ? size : most, bytes);
    const size_t counted = good >= 2 ? bytes[0] : form->least;
    const size_t expected = 2 * (form->uncounted + counted);

    if (good >= expected && (size == expected || is_blank(text[expected])))
        return 0;
    if (good < size && good < most)
        return avrspi_fail_at(error, name, line->number, avrspi_record_damaged,
                              "expected a hex digit in column %zu, found %s",
                              line->column + form->mark + good, avrspi_show(text[good]).text);
    return avrspi_fail_at(error, name, line->number, avrspi_record_damaged,
                          "expected %zu digits in a record of %zu %s, found %zu", expected, counted,
                          form->counted, size);
}

uint32_t avrspi_big_endian(const uint8_t *bytes, size_t size)
{
    uint32_t value = 0;

    for (size_t i = 0; i < size; i++)
        value = value << 8 | bytes[i];
    return value;
}

struct avrspi_shown avrspi_show(char c)
{
    struct avrspi_shown shown;
    bool printable = c >= ' ' && c <= '~';

    (void)snprintf(shown.text, sizeof shown.text, printable ? "'%c'" : "byte 0x%02X",
                   (unsigned char)c);
    return shown;
}

int avrspi_fail_at(struct avrspi_error *error, const char *name, size_t line, const char *hint,
                   const char *format, ...)
{
    const struct avrspi_origin origin = {
        .kind = line > 0 ? AVRSPI_ORIGIN_LINE : AVRSPI_ORIGIN_NONE,
        .line = line,
    };
    va_list arguments;

    va_start(arguments, format);
    (void)avrspi_fail_from_list(error, name, &origin, hint, format, arguments);
    va_end(arguments);
    return AVRSPI_ERR_INPUT;
}
