/* SPDX-License-Identifier: MIT */
#include "records.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

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

void avrspi_text_lines_start(struct avrspi_text_lines *lines, const char *text, size_t size)
{
    size_t mark = avrspi_text_mark_size(text, size);

    *lines = (struct avrspi_text_lines){.at = text + mark, .end = text + size};
}

/* The line at lines->at, trimmed; moves on after its end. */
static struct avrspi_text_line cut_line(struct avrspi_text_lines *lines)
{
    const char *begin = lines->at, *first = begin, *end = begin;
    struct avrspi_text_line line = {.number = ++lines->number};

    while (end < lines->end && !is_line_end(*end)) {
        end++;
    }
    lines->at = end;
    if (lines->at < lines->end) {
        lines->at++;
        if (*end == '\r' && lines->at < lines->end && *lines->at == '\n') {
            lines->at++;
        }
    }
    while (first < end && is_blank(*first)) {
        first++;
    }
    while (end > first && is_blank(end[-1])) {
        end--;
    }
    line.text = first;
    line.size = (size_t)(end - first);
    line.column = (size_t)(first - begin) + 1;
    return line;
}

bool avrspi_text_lines_next(struct avrspi_text_lines *lines, struct avrspi_text_line *line)
{
    while (lines->at < lines->end) {
        *line = cut_line(lines);
        if (line->size > 0) {
            return true;
        }
    }
    return false;
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
