/* SPDX-License-Identifier: MIT */
/*
 * Hex dumps: an address, two blanks, bytes of two hex digits, and behind '|' the same as text,
 * which is for people. A line '*' stands for lines that repeat the one before it.
 */
#include "image/dump.h"

#include <string.h>

#include "image/format.h"
#include "image/records.h"

enum {
    PER_LINE = 16,
    MOST_BYTES = 64, /* in a line that is read */
    PIECE = 4096,    /* that many bytes at most are repeated at once */
    LEAST_DIGITS = 4,
    MOST_DIGITS = 8,                  /* of an address */
    MOST_REPEATED = 16 * 1024 * 1024, /* bytes of a file, by '*': no AVR has more */
};

/* --- reading */

struct reader {
    struct avrspi_sink *sink;
    uint8_t bytes[MOST_BYTES]; /* of the last line */
    size_t size;
    uint64_t end;      /* its address */
    bool repeat;       /* '*' was read behind it */
    uint64_t repeated; /* bytes so far */
};

/* How many digits of an address a text begins with; 0 when there is none. */
static size_t address_of(const char *text, size_t size, uint32_t *address)
{
    size_t digits = 0;

    *address = 0;
    while (digits < size && digits <= MOST_DIGITS && avrspi_hex_digit(text[digits]) >= 0)
        *address = *address << 4 | (uint32_t)avrspi_hex_digit(text[digits++]);
    return digits >= LEAST_DIGITS && digits <= MOST_DIGITS ? digits : 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static int fail(const struct reader *reader, const struct avrspi_text_line *line, size_t at,
                const char *expected, struct avrspi_error *error)
{
    return avrspi_fail_at(error, reader->sink->name, line->number,
                          "the file was damaged or edited: read the chip again",
                          "expected %s in column %zu, found %s", expected, line->column + at,
                          at < line->size ? avrspi_show(line->text[at]).text
                                          : "the end of the line");
}

/* The bytes of a line from 'at' on, into reader->bytes. */
static int take_bytes(struct reader *reader, const struct avrspi_text_line *line, size_t at,
                      struct avrspi_error *error)
{
    reader->size = 0;
    while (at < line->size && line->text[at] != '|') {
        if (is_blank(line->text[at])) {
            at++;
            continue;
        }
        if (line->size - at < 2 || avrspi_hex_digit(line->text[at]) < 0 ||
            avrspi_hex_digit(line->text[at + 1]) < 0 ||
            (line->size - at > 2 && !is_blank(line->text[at + 2]) && line->text[at + 2] != '|'))
            return fail(reader, line, at, "a byte of two hex digits", error);
        if (reader->size == MOST_BYTES)
            return fail(reader, line, at, "at most 64 bytes in a line", error);
        (void)avrspi_hex_decode(line->text + at, 2, &reader->bytes[reader->size++]);
        at += 2;
    }
    return 0;
}

/* Repeats the last line up to an address. */
static int repeat(struct reader *reader, const struct avrspi_text_line *line, uint32_t address,
                  struct avrspi_error *error)
{
    const struct avrspi_origin origin = {.kind = AVRSPI_ORIGIN_LINE, .line = line->number - 1};
    uint8_t piece[PIECE];
    size_t filled = 0;

    if (address <= reader->end || address - reader->end > MOST_REPEATED - reader->repeated)
        return fail(reader, line, 0, "an address behind the repeated line, 16 MiB in all at most",
                    error);
    reader->repeated += address - reader->end;
    while (filled + reader->size <= sizeof piece) {
        memcpy(piece + filled, reader->bytes, reader->size);
        filled += reader->size;
    }
    while (reader->end < address) {
        uint64_t left = address - reader->end;
        size_t size = left < filled ? (size_t)left : filled;
        int result =
            avrspi_sink_emit(reader->sink, (uint32_t)reader->end, piece, size, &origin, error);

        if (result < 0)
            return result;
        reader->end += size;
    }
    reader->repeat = false;
    return 0;
}

static int take_line(void *context, const struct avrspi_text_line *line, struct avrspi_error *error)
{
    struct reader *reader = context;
    const struct avrspi_origin origin = {.kind = AVRSPI_ORIGIN_LINE, .line = line->number};
    uint32_t address;
    size_t digits = address_of(line->text, line->size, &address);
    int result = 0;

    if (line->size == 1 && line->text[0] == '*' && reader->size > 0) {
        reader->repeat = true;
        return 0;
    }
    if (digits == 0 || (digits < line->size && !is_blank(line->text[digits])))
        return fail(reader, line, digits, "an address of four to eight hex digits", error);
    if (reader->repeat)
        result = repeat(reader, line, address, error);
    if (result == 0)
        result = take_bytes(reader, line, digits, error);
    if (result == 0)
        result =
            avrspi_sink_emit(reader->sink, address, reader->bytes, reader->size, &origin, error);
    reader->end = (uint64_t)address + reader->size;
    return result;
}

int avrspi_dump_read(struct avrspi_sink *sink, struct avrspi_source *source,
                     struct avrspi_error *error)
{
    struct reader reader = {.sink = sink};
    size_t lines;
    int result = avrspi_text_each_line(source, take_line, &reader, &lines, error);

    if (result == 0 && reader.repeat)
        return avrspi_fail_at(
            error, sink->name, lines, "the file was cut off: read the chip again",
            "expected a line with an address behind '*', found the end of the file");
    return result;
}

bool avrspi_dump_recognise(const char *data, size_t size)
{
    size_t at = avrspi_text_skip_comments(data, size), digits;
    uint32_t address;

    digits = address_of(data + at, size - at, &address);
    at += digits;
    return digits && size - at >= 4 && data[at] == ' ' && data[at + 1] == ' ' &&
           avrspi_hex_digit(data[at + 2]) >= 0 && avrspi_hex_digit(data[at + 3]) >= 0;
}

/* --- writing */

static void print_line(FILE *out, uint32_t address, const uint8_t *data, size_t size)
{
    (void)fprintf(out, "%06X ", (unsigned)address);
    for (size_t n = 0; n < PER_LINE; n++) {
        if (n % 8 == 0)
            (void)fputc(' ', out);
        if (n < size)
            (void)fprintf(out, "%02X ", data[n]);
        else
            (void)fputs("   ", out);
    }
    (void)fputs(" |", out);
    for (size_t n = 0; n < size; n++)
        (void)fputc(data[n] >= 0x20 && data[n] < 0x7F ? data[n] : '.', out);
    (void)fputs("|\n", out);
}

void avrspi_dump_print(FILE *out, uint32_t address, const uint8_t *data, size_t size)
{
    bool starred = false;

    for (size_t n = 0; n < size; n += PER_LINE) {
        size_t length = size - n < PER_LINE ? size - n : PER_LINE;
        bool last = n + length == size;

        if (n > 0 && !last && length == PER_LINE &&
            memcmp(data + n, data + n - PER_LINE, PER_LINE) == 0) {
            if (!starred)
                (void)fputs("*\n", out);
            starred = true;
            continue;
        }
        starred = false;
        print_line(out, address + (uint32_t)n, data + n, length);
    }
}

int avrspi_dump_write(const struct avrspi_image *image, char **data, size_t *size,
                      struct avrspi_error *error)
{
    struct avrspi_segment segment;
    struct avrspi_text_out text;
    uint64_t at = 0;
    int result = avrspi_text_out_begin(&text, data, size, error);

    if (result < 0)
        return result;
    while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
        avrspi_dump_print(text.out, segment.address, segment.data, segment.size);
        at = (uint64_t)segment.address + segment.size;
    }
    return avrspi_text_out_end(&text, error);
}
