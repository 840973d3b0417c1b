/* SPDX-License-Identifier: MIT */
/*
 * Reads Intel HEX as Intel's "Hexadecimal Object File Format Specification", revision A of 1988
 * has it: ':', then a length, a 16-bit offset, a type, the data and a checksum, in hex digits.
 * Stricter than many readers, as what is read here goes into a chip: a file that was cut off,
 * joined or edited is an error.
 */
#include "format.h"

#include "base/error.h"
#include "records.h"

enum {
    HEAD_SIZE = 4, /* length, offset, type */
    CHECKSUM_SIZE = 1,
    LEAST_DIGITS = 2 * (HEAD_SIZE + CHECKSUM_SIZE),
    ANY_LENGTH = -1,
    END_TYPE = 0x01,
};

static const struct avrspi_record_form form = {
    .mark = 1,
    .uncounted = HEAD_SIZE + CHECKSUM_SIZE,
    .counted = "data bytes",
};

struct reader {
    struct avrspi_sink *sink;
    uint8_t bytes[AVRSPI_RECORD_BYTES]; /* of a line, decoded */
    uint32_t base;
    bool segmented;    /* 'base' is that of a segment: offsets wrap within its 64 KiB */
    size_t first_line; /* of the image, 0 before it */
    size_t end_line;   /* of the end record of the last image, 0 before it */
};

struct record {
    size_t line;
    uint8_t length;
    uint16_t offset;
    uint8_t type;
    const uint8_t *data;
};

static int add_data(struct reader *reader, const struct record *record, uint32_t address,
                    size_t from, size_t size, struct avrspi_error *error)
{
    const struct avrspi_origin origin = {.kind = AVRSPI_ORIGIN_LINE, .line = record->line};

    return avrspi_sink_emit(reader->sink, address, record->data + from, size, &origin, error);
}

static int take_data(struct reader *reader, const struct record *record, struct avrspi_error *error)
{
    uint32_t address = reader->base + record->offset;
    size_t size = record->length, to_wrap = 0x10000U - record->offset;

    if (size == 0) {
        return 0;
    }
    if (reader->segmented && size > to_wrap) {
        int result = add_data(reader, record, address, 0, to_wrap, error);

        if (result < 0) {
            return result;
        }
        return add_data(reader, record, reader->base, to_wrap, size - to_wrap, error);
    }
    if (size > AVRSPI_ADDRESS_END - address) {
        return avrspi_fail_at(error, reader->sink->name, record->line,
                              "the extended linear address (type 04) before it is wrong",
                              "expected addresses below 4 GiB, found %zu bytes at 0x%08X", size,
                              (unsigned)address);
    }
    return add_data(reader, record, address, 0, size, error);
}

static int take_end(struct reader *reader, const struct record *record, struct avrspi_error *error)
{
    (void)error;
    avrspi_sink_end_image(reader->sink, reader->first_line, record->line);
    reader->end_line = record->line;
    reader->first_line = 0;
    return 0;
}

static int take_segment_base(struct reader *reader, const struct record *record,
                             struct avrspi_error *error)
{
    (void)error;
    reader->base = avrspi_big_endian(record->data, 2) << 4;
    reader->segmented = true;
    return 0;
}

static int take_segment_start(struct reader *reader, const struct record *record,
                              struct avrspi_error *error)
{
    (void)error;
    avrspi_sink_start(reader->sink, (avrspi_big_endian(record->data, 2) << 4) +
                                        avrspi_big_endian(record->data + 2, 2));
    return 0;
}

static int take_linear_base(struct reader *reader, const struct record *record,
                            struct avrspi_error *error)
{
    (void)error;
    reader->base = avrspi_big_endian(record->data, 2) << 16;
    reader->segmented = false;
    return 0;
}

static int take_linear_start(struct reader *reader, const struct record *record,
                             struct avrspi_error *error)
{
    (void)error;
    avrspi_sink_start(reader->sink, avrspi_big_endian(record->data, 4));
    return 0;
}

static const struct record_type {
    const char *name;
    int length;
    int (*take)(struct reader *reader, const struct record *record, struct avrspi_error *error);
} types[] = {
    [0x00] = {"a data record", ANY_LENGTH, take_data},
    [END_TYPE] = {"an end record", 0, take_end},
    [0x02] = {"an extended segment address", 2, take_segment_base},
    [0x03] = {"a start segment address", 4, take_segment_start},
    [0x04] = {"an extended linear address", 2, take_linear_base},
    [0x05] = {"a start linear address", 4, take_linear_start},
};

enum {
    TYPES = sizeof types / sizeof *types,
};

/* Checks the text of a record, and decodes it. */
static int decode(struct reader *reader, const struct avrspi_text_line *line, struct record *record,
                  struct avrspi_error *error)
{
    const uint8_t *bytes = reader->bytes;
    uint8_t checksum = 0;

    if (line->text[0] != ':')
        return avrspi_fail_at(error, reader->sink->name, line->number, avrspi_record_damaged,
                              "expected ':' at the start of a record, found %s",
                              avrspi_show(line->text[0]).text);
    if (avrspi_record_decode(&form, line, reader->bytes, reader->sink->name, error) < 0)
        return AVRSPI_ERR_INPUT;
    *record = (struct record){
        .line = line->number,
        .length = bytes[0],
        .offset = (uint16_t)avrspi_big_endian(bytes + 1, 2),
        .type = bytes[3],
        .data = bytes + HEAD_SIZE,
    };
    for (size_t i = 0; i < HEAD_SIZE + (size_t)record->length; i++)
        checksum = (uint8_t)(checksum - bytes[i]);
    if (checksum != record->data[record->length])
        return avrspi_fail_at(error, reader->sink->name, line->number, avrspi_record_damaged,
                              "expected checksum 0x%02X, found 0x%02X", checksum,
                              record->data[record->length]);
    return 0;
}

static int check_type(const struct reader *reader, const struct record *record,
                      struct avrspi_error *error)
{
    const struct record_type *type = &types[record->type < TYPES ? record->type : 0];

    if (record->type >= TYPES)
        return avrspi_fail_at(error, reader->sink->name, record->line,
                              "Intel HEX has no other types: what wrote the file?",
                              "expected a record type from 00 to 05, found %02X", record->type);
    if (type->length != ANY_LENGTH && type->length != record->length)
        return avrspi_fail_at(error, reader->sink->name, record->line,
                              "the checksum is right: the program that wrote the file is wrong",
                              "expected %d data bytes in %s (type %02X), found %u", type->length,
                              type->name, record->type, record->length);
    return 0;
}

/* A record behind an end record begins another image, with addresses of its own. */
static int begin_image(struct reader *reader, size_t line, struct avrspi_error *error)
{
    reader->first_line = line;
    reader->base = 0;
    reader->segmented = false;
    return reader->end_line > 0 ? avrspi_sink_begin_image(reader->sink, error) : 0;
}

static int take_line(void *context, const struct avrspi_text_line *line, struct avrspi_error *error)
{
    struct reader *reader = context;
    struct record record = {0};
    int result = decode(reader, line, &record, error);

    if (result == 0)
        result = check_type(reader, &record, error);
    if (result == 0 && reader->first_line == 0)
        result = begin_image(reader, line->number, error);
    if (result == 0)
        result = types[record.type].take(reader, &record, error);
    return result < 0 ? result : reader->sink->first_only && reader->end_line > 0;
}

/* What is known only when all lines are read; 'lines' is their number. */
static int check_whole(const struct reader *reader, size_t lines, struct avrspi_error *error)
{
    if (reader->end_line == 0 && reader->first_line == 0)
        return avrspi_fail_at(error, reader->sink->name, 0,
                              "the program that should have written it failed",
                              "expected records of Intel HEX, found an empty file");
    if (reader->first_line > 0)
        return avrspi_fail_at(error, reader->sink->name, lines,
                              "the file was cut off: build or download it again",
                              "expected an end record (:00000001FF), found the end of the file");
    return 0;
}

int avrspi_ihex_read(struct avrspi_sink *sink, struct avrspi_source *source,
                     struct avrspi_error *error)
{
    struct reader reader = {.sink = sink};
    size_t lines;
    int result = avrspi_text_each_line(source, take_line, &reader, &lines, error);

    if (result < 0 || (sink->first_only && reader.end_line > 0))
        return result;
    return check_whole(&reader, lines, error);
}

/* ':' and then text: a raw binary may well begin with 3A C0, "rjmp .+116". */
bool avrspi_ihex_recognise(const char *data, size_t size)
{
    size_t begin = avrspi_text_skip_comments(data, size), at = begin;

    if (at == size || data[at] != ':') {
        return false;
    }
    while (at < size && at < begin + LEAST_DIGITS && data[at] >= ' ' && data[at] <= '~') {
        at++;
    }
    return at == size || at == begin + LEAST_DIGITS || data[at] == '\r' || data[at] == '\n';
}
