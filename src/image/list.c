/* SPDX-License-Identifier: MIT */
/*
 * Reads numbers from 0 to 255, as avrdude writes them (its formats h, d, o and b): "0x0c,0x94",
 * "12,148", "014,0224", "0b1100". Commas, blanks or line ends stand between them. They have no
 * addresses.
 */
#include "image/format.h"

#include <string.h>

#include "base/number.h"
#include "image/records.h"

enum {
    LONGEST = 12, /* "0b" and eight digits, with room for a wrong one */
};

static bool is_between(char c)
{
    return c == ',' || c == ' ' || c == '\t';
}

/* The length of the number that a text begins with. */
static size_t word_length(const char *text, size_t size)
{
    size_t length = 0;

    while (length < size && !is_between(text[length]) && text[length] != '\r' &&
           text[length] != '\n')
        length++;
    return length;
}

/* A leading 0 is octal, as in C. */
static bool parse(const char *text, size_t size, uint64_t *number)
{
    if (size > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9')
        return avrspi_number_parse_digits(text + 1, size - 1, 8, number);
    return avrspi_number_parse(text, size, number);
}

struct reader {
    struct avrspi_sink *sink;
    uint32_t address;
};

static int take_number(struct reader *reader, const struct avrspi_text_line *line, size_t at,
                       size_t length, struct avrspi_error *error)
{
    const struct avrspi_origin origin = {.kind = AVRSPI_ORIGIN_LINE, .line = line->number};
    const char *text = line->text + at;
    uint64_t number;

    if (!parse(text, length, &number) || number > UINT8_MAX)
        return avrspi_fail_at(
            error, reader->sink->name, line->number, "a list has one number for each byte",
            "expected a number from 0 to 255 in column %zu, found '%.*s%s'", line->column + at,
            (int)(length < LONGEST ? length : LONGEST), text, length > LONGEST ? "..." : "");
    return avrspi_sink_emit(reader->sink, reader->address++, &(uint8_t){(uint8_t)number}, 1,
                            &origin, error);
}

static int take_line(void *context, const struct avrspi_text_line *line, struct avrspi_error *error)
{
    struct reader *reader = context;
    size_t at = 0;
    int result = 0;

    while (result == 0 && at < line->size) {
        size_t length = word_length(line->text + at, line->size - at);

        if (length)
            result = take_number(reader, line, at, length, error);
        at += length ? length : 1;
    }
    return result;
}

int avrspi_list_read(struct avrspi_sink *sink, struct avrspi_source *source,
                     struct avrspi_error *error)
{
    struct reader reader = {.sink = sink};
    size_t lines;

    avrspi_sink_no_addresses(sink);
    return avrspi_text_each_line(source, take_line, &reader, &lines, error);
}

/* A line of numbers that begins with 0x or 0b, or has a comma behind its first: other text may have
 * numbers too. */
bool avrspi_list_recognise(const char *data, size_t size)
{
    size_t at = avrspi_text_skip_comments(data, size), first = at, length;
    bool marked = size - at > 2 && data[at] == '0' && strchr("xXbB", data[at + 1]);
    uint64_t number;

    while (at < size && data[at] != '\r' && data[at] != '\n') {
        length = word_length(data + at, size - at);
        if (at + length == size && at > first) /* the first bytes may end in a number */
            break;
        if (length && (!parse(data + at, length, &number) || number > UINT8_MAX))
            return false;
        at += length;
        if (at < size && data[at] == ',')
            marked = true;
        at += at < size && is_between(data[at]);
    }
    return marked && at > first;
}
