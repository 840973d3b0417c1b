/* SPDX-License-Identifier: MIT */
/*
 * Reads Motorola S-records: 'S', a type, then in hex digits the number of bytes that follow, an
 * address of two to four bytes, the data and a checksum, the ones' complement of the sum of all
 * (M68000 Family Programmer's Reference Manual, appendix C).
 */
#include "image/format.h"

#include <ctype.h>

#include "base/error.h"
#include "image/records.h"

enum {
    HEAD_CHARS = 2,   /* "S1" */
    LEAST_DIGITS = 8, /* count, an address of two bytes, checksum */
};

static const struct avrspi_record_form form = {
    .mark = HEAD_CHARS,
    .uncounted = 1,
    .least = LEAST_DIGITS / 2 - 1,
    .counted = "bytes",
};

struct reader {
    struct avrspi_sink *sink;
    uint8_t bytes[AVRSPI_RECORD_BYTES]; /* of a line: the count, then what it counts */
    uint32_t records;                   /* with data, of this image */
    bool counted;                       /* the last record counts them, and is right */
    size_t first_line;                  /* of the image, 0 before it */
    size_t end_line;                    /* of the last image, 0 before it */
};

struct record {
    size_t line;
    uint32_t address;
    const uint8_t *data;
    size_t size;
};

static int take_header(struct reader *reader, const struct record *record,
                       struct avrspi_error *error)
{
    (void)reader;
    (void)record;
    (void)error;
    return 0;
}

static int take_data(struct reader *reader, const struct record *record, struct avrspi_error *error)
{
    const struct avrspi_origin origin = {.kind = AVRSPI_ORIGIN_LINE, .line = record->line};

    reader->records++;
    reader->counted = false;
    return avrspi_sink_emit(reader->sink, record->address, record->data, record->size, &origin,
                            error);
}

/* Every checksum is right, so what was counted wrongly is whole: files that were joined, or cut. */
static int take_count(struct reader *reader, const struct record *record,
                      struct avrspi_error *error)
{
    reader->counted = record->address == reader->records;
    if (reader->counted)
        return 0;
    return avrspi_facts_warn(&reader->sink->facts, error,
                             "line %zu counts %u data records, there are %u before it: were files "
                             "joined or edited?",
                             record->line, (unsigned)record->address, (unsigned)reader->records);
}

static int take_end(struct reader *reader, const struct record *record, struct avrspi_error *error)
{
    (void)error;
    if (record->address) /* 0 is written by all who do not know it */
        avrspi_sink_start(reader->sink, record->address);
    avrspi_sink_end_image(reader->sink, reader->first_line, record->line);
    reader->end_line = record->line;
    reader->first_line = 0;
    return 0;
}

static const struct record_type {
    size_t address; /* bytes */
    bool has_data;
    int (*take)(struct reader *reader, const struct record *record, struct avrspi_error *error);
} types[] = {
    {2, true, take_header}, {2, true, take_data},   {3, true, take_data},   {4, true, take_data},
    {0, false, NULL},       {2, false, take_count}, {3, false, take_count}, {4, false, take_end},
    {3, false, take_end},   {2, false, take_end},
};

/* The type of a line's record; NULL with the error filled where it has none. */
static const struct record_type *find_type(const struct reader *reader,
                                           const struct avrspi_text_line *line,
                                           struct avrspi_error *error)
{
    char digit = ' ';
    const struct record_type *type;

    if (line->size >= HEAD_CHARS)
        digit = line->text[1];
    if (line->text[0] != 'S' && line->text[0] != 's') {
        (void)avrspi_fail_at(error, reader->sink->name, line->number, avrspi_record_damaged,
                             "expected 'S' at the start of a record, found %s",
                             avrspi_show(line->text[0]).text);
        return NULL;
    }
    type = digit >= '0' && digit <= '9' ? &types[digit - '0'] : NULL;
    if (type && type->take)
        return type;
    (void)avrspi_fail_at(error, reader->sink->name, line->number, avrspi_record_damaged,
                         "expected a record type from S0 to S9, but S4, found S%c",
                         isprint((unsigned char)digit) ? digit : '?');
    return NULL;
}

static int check(const struct reader *reader, const struct avrspi_text_line *line,
                 const struct record_type *type, struct avrspi_error *error)
{
    const uint8_t *bytes = reader->bytes;
    unsigned count = bytes[0], least = (unsigned)type->address + 1;
    uint8_t sum = 0;

    if (count < least || (count > least && !type->has_data))
        return avrspi_fail_at(error, reader->sink->name, line->number,
                              "what wrote the file is wrong",
                              "expected %s%u bytes in a record S%c, found %u",
                              type->has_data ? "at least " : "", least, line->text[1], count);
    for (unsigned n = 0; n < count; n++)
        sum = (uint8_t)(sum + bytes[n]);
    sum = (uint8_t)~sum;
    if (sum != bytes[count])
        return avrspi_fail_at(error, reader->sink->name, line->number, avrspi_record_damaged,
                              "expected checksum 0x%02X, found 0x%02X", sum, bytes[count]);
    return 0;
}

static int begin_image(struct reader *reader, size_t line, struct avrspi_error *error)
{
    reader->first_line = line;
    reader->records = 0;
    reader->counted = false;
    return reader->end_line > 0 ? avrspi_sink_begin_image(reader->sink, error) : 0;
}

static int take_line(void *context, const struct avrspi_text_line *line, struct avrspi_error *error)
{
    struct reader *reader = context;
    const struct record_type *type;
    struct record record = {.line = line->number};
    int result;

    type = find_type(reader, line, error);
    if (!type)
        return AVRSPI_ERR_INPUT;
    result = avrspi_record_decode(&form, line, reader->bytes, reader->sink->name, error);
    if (result == 0)
        result = check(reader, line, type, error);
    if (result == 0 && reader->first_line == 0)
        result = begin_image(reader, line->number, error);
    if (result < 0)
        return result;
    record.address = avrspi_big_endian(reader->bytes + 1, type->address);
    record.data = reader->bytes + 1 + type->address;
    record.size = reader->bytes[0] - type->address - 1;
    result = type->take(reader, &record, error);
    return result < 0 ? result : reader->sink->first_only && reader->end_line > 0;
}

/* srec_cat writes an end record only where it has an address for it: a right count ends a file as
 * well. */
static int check_whole(const struct reader *reader, size_t lines, struct avrspi_error *error)
{
    if (reader->first_line == 0 ? reader->end_line > 0 : reader->counted && reader->records > 0)
        return 0;
    return avrspi_fail_at(error, reader->sink->name, lines,
                          "the file was cut off: build or download it again",
                          "expected an end record (S7, S8 or S9), found the end of the file");
}

int avrspi_srec_read(struct avrspi_sink *sink, struct avrspi_source *source,
                     struct avrspi_error *error)
{
    struct reader reader = {.sink = sink};
    size_t lines;
    int result = avrspi_text_each_line(source, take_line, &reader, &lines, error);

    if (result < 0 || (sink->first_only && reader.end_line > 0))
        return result;
    return check_whole(&reader, lines, error);
}

bool avrspi_srec_recognise(const char *data, size_t size)
{
    size_t at = avrspi_text_skip_comments(data, size);

    return size - at >= HEAD_CHARS + LEAST_DIGITS && (data[at] == 'S' || data[at] == 's') &&
           isdigit((unsigned char)data[at + 1]) && isxdigit((unsigned char)data[at + 2]) &&
           isxdigit((unsigned char)data[at + 3]);
}
