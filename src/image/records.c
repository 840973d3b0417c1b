/* SPDX-License-Identifier: MIT */
#include "records.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static size_t mark_size(const char *text, size_t size)
{
    size_t mark = sizeof byte_order_mark - 1;

    return size >= mark && memcmp(text, byte_order_mark, mark) == 0 ? mark : 0;
}

size_t avrspi_text_begin(const char *text, size_t size)
{
    size_t at = mark_size(text, size);

    while (at < size && (is_blank(text[at]) || is_line_end(text[at]))) {
        at++;
    }
    return at;
}

void avrspi_text_lines_start(struct avrspi_text_lines *lines, const char *text, size_t size)
{
    size_t mark = mark_size(text, size);

    *lines = (struct avrspi_text_lines){.at = text + mark, .end = text + size};
}

/* The line at lines->at, trimmed; moves on behind its end. */
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
    char message[sizeof error->message], number[24] = "";
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (line > 0) {
        (void)snprintf(number, sizeof number, ":%zu", line);
    }
    avrspi_fail(error, AVRSPI_ERR_INPUT, "%s%s: %s", name, number, message);
    avrspi_hint(error, "%s", hint);
    return AVRSPI_ERR_INPUT;
}

int avrspi_records_add(struct avrspi_records *records, const struct avrspi_record *record,
                       struct avrspi_error *error)
{
    if (records->count == records->room) {
        size_t room = records->room > 0 ? records->room * 2 : 64;
        struct avrspi_record *larger = realloc(records->items, room * sizeof *larger);

        if (!larger) {
            return avrspi_fail_memory(error);
        }
        records->items = larger;
        records->room = room;
    }
    records->items[records->count++] = *record;
    return 0;
}

/* qsort() is not stable: the line keeps the result the same everywhere. */
static int compare(const void *left, const void *right)
{
    const struct avrspi_record *a = left, *b = right;

    if (a->address != b->address) {
        return a->address < b->address ? -1 : 1;
    }
    return (a->line > b->line) - (a->line < b->line);
}

/* records->items[index] and some record before it differ at 'address'. */
static int fail_overlap(const struct avrspi_records *records, size_t index, uint32_t address,
                        const char *name, struct avrspi_error *error)
{
    const struct avrspi_record *late = &records->items[index], *early = records->items;

    while (address - early->address >= early->size) { /* those before all begin at or below it */
        early++;
    }
    if (early->line > late->line) {
        const struct avrspi_record *swap = early;

        early = late;
        late = swap;
    }
    return avrspi_fail_at(
        error, name, late->line,
        "two parts of it overlap: one is too large, or was linked for the wrong address",
        "expected 0x%02X at address 0x%04X, as line %zu has it, found 0x%02X",
        early->data[address - early->address], (unsigned)address, early->line,
        late->data[address - late->address]);
}

int avrspi_records_put(struct avrspi_records *records, struct avrspi_image *image, const char *name,
                       struct avrspi_error *error)
{
    uint64_t end = 0;

    if (records->count > 0) {
        qsort(records->items, records->count, sizeof *records->items, compare);
    }
    for (size_t i = 0; i < records->count; i++) {
        const struct avrspi_record *record = &records->items[i];
        uint32_t where;
        int result = avrspi_image_put(image, record->address, record->data, record->size, error);

        if (result == AVRSPI_ERR_INPUT &&
            avrspi_image_differs(image, record->address, record->data, record->size, &where)) {
            return fail_overlap(records, i, where, name, error);
        }
        if (result < 0) {
            return result;
        }
        if (record->size > 0 && (uint64_t)record->address + record->size > end) {
            end = (uint64_t)record->address + record->size;
            avrspi_image_set_end_line(image, record->line);
        }
    }
    return 0;
}

void avrspi_records_free(struct avrspi_records *records)
{
    free(records->items);
    *records = (struct avrspi_records){0};
}
