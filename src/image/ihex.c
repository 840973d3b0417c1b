/* SPDX-License-Identifier: MIT */
/*
 * Reads Intel HEX as Intel's "Hexadecimal Object File Format Specification", revision A of 1988
 * has it: ':', then a length, a 16-bit offset, a type, the data and a checksum, in hex digits.
 * Stricter than many readers, as what is read here goes into a chip: a file that was cut off,
 * joined or edited is an error.
 */
#include "format.h"

#include <stdlib.h>

#include "base/error.h"
#include "records.h"

enum {
    HEAD_SIZE = 4, /* length, offset, type */
    CHECKSUM_SIZE = 1,
    LEAST_DIGITS = 2 * (HEAD_SIZE + CHECKSUM_SIZE),
    ANY_LENGTH = -1,
    END_TYPE = 0x01,
};

struct reader {
    struct avrspi_sink *sink;
    uint8_t *bytes; /* of a line, decoded; as large as any line of the file needs */
    size_t lines;   /* that are not blank */
    uint32_t base;
    bool segmented;  /* 'base' is that of a segment: offsets wrap within its 64 KiB */
    size_t end_line; /* of the end record, 0 before it */
};

struct record {
    size_t line;
    uint8_t length;
    uint16_t offset;
    uint8_t type;
    const uint8_t *data;
};

static uint32_t big_endian(const uint8_t *data, size_t size)
{
    uint32_t value = 0;

    for (size_t i = 0; i < size; i++) {
        value = value << 8 | data[i];
    }
    return value;
}

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
    reader->end_line = record->line;
    return 0;
}

static int take_segment_base(struct reader *reader, const struct record *record,
                             struct avrspi_error *error)
{
    (void)error;
    reader->base = big_endian(record->data, 2) << 4;
    reader->segmented = true;
    return 0;
}

static int take_segment_start(struct reader *reader, const struct record *record,
                              struct avrspi_error *error)
{
    (void)error;
    avrspi_sink_start(reader->sink,
                      (big_endian(record->data, 2) << 4) + big_endian(record->data + 2, 2));
    return 0;
}

static int take_linear_base(struct reader *reader, const struct record *record,
                            struct avrspi_error *error)
{
    (void)error;
    reader->base = big_endian(record->data, 2) << 16;
    reader->segmented = false;
    return 0;
}

static int take_linear_start(struct reader *reader, const struct record *record,
                             struct avrspi_error *error)
{
    (void)error;
    avrspi_sink_start(reader->sink, big_endian(record->data, 4));
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

static const char damaged[] = "the file was damaged or edited: build or download it again";

/* Checks the text of a record, and decodes it. */
static int decode(struct reader *reader, const struct avrspi_text_line *line, struct record *record,
                  struct avrspi_error *error)
{
    const char *text = line->text + 1;
    size_t digits = line->size - 1, good, expected;
    uint8_t *bytes = reader->bytes, checksum = 0;

    if (line->text[0] != ':') {
        return avrspi_fail_at(error, reader->sink->name, line->number, damaged,
                              "expected ':' at the start of a record, found %s",
                              avrspi_show(line->text[0]).text);
    }
    good = avrspi_hex_decode(text, digits, bytes);
    if (good < digits) {
        return avrspi_fail_at(error, reader->sink->name, line->number, damaged,
                              "expected a hex digit in column %zu, found %s",
                              line->column + 1 + good, avrspi_show(text[good]).text);
    }
    expected = LEAST_DIGITS + 2 * (digits >= 2 ? bytes[0] : 0U);
    if (digits != expected) {
        return avrspi_fail_at(error, reader->sink->name, line->number, damaged,
                              "expected %zu digits in a record of %zu data bytes, found %zu",
                              expected, (expected - LEAST_DIGITS) / 2, digits);
    }
    *record = (struct record){
        .line = line->number,
        .length = bytes[0],
        .offset = (uint16_t)big_endian(bytes + 1, 2),
        .type = bytes[3],
        .data = bytes + HEAD_SIZE,
    };
    reader->lines++;
    for (size_t i = 0; i < HEAD_SIZE + (size_t)record->length; i++) {
        checksum = (uint8_t)(checksum - bytes[i]);
    }
    if (checksum != record->data[record->length]) {
        return avrspi_fail_at(error, reader->sink->name, line->number, damaged,
                              "expected checksum 0x%02X, found 0x%02X", checksum,
                              record->data[record->length]);
    }
    return 0;
}

static int take_line(struct reader *reader, const struct avrspi_text_line *line,
                     struct avrspi_error *error)
{
    struct record record = {0};
    const struct record_type *type;

    if (reader->end_line > 0) {
        return avrspi_fail_at(error, reader->sink->name, line->number,
                              "if two files were joined, drop the end record between them",
                              "expected nothing after the end record in line %zu, found %s",
                              reader->end_line, avrspi_show(line->text[0]).text);
    }
    if (decode(reader, line, &record, error) < 0) {
        return AVRSPI_ERR_INPUT;
    }
    if (record.type >= TYPES) {
        return avrspi_fail_at(error, reader->sink->name, line->number,
                              "Intel HEX has no other types: what wrote the file?",
                              "expected a record type from 00 to 05, found %02X", record.type);
    }
    type = &types[record.type];
    if (type->length != ANY_LENGTH && type->length != record.length) {
        return avrspi_fail_at(error, reader->sink->name, line->number,
                              "the checksum is right: the program that wrote the file is wrong",
                              "expected %d data bytes in %s (type %02X), found %u", type->length,
                              type->name, record.type, record.length);
    }
    return type->take(reader, &record, error);
}

/* What is known only when all lines are read; 'lines' is their number. */
static int check_whole(const struct reader *reader, size_t lines, struct avrspi_error *error)
{
    if (reader->lines == 0) {
        return avrspi_fail_at(error, reader->sink->name, 0,
                              "the program that should have written it failed",
                              "expected records of Intel HEX, found an empty file");
    }
    if (reader->end_line == 0) {
        return avrspi_fail_at(error, reader->sink->name, lines,
                              "the file was cut off: build or download it again",
                              "expected an end record (:00000001FF), found the end of the file");
    }
    if (reader->sink->count == 0) {
        return avrspi_fail_at(error, reader->sink->name, 0,
                              "the section that it was made of is empty, or has another name",
                              "expected data records, found none");
    }
    return 0;
}

static int read_lines(struct reader *reader, const char *data, size_t size,
                      struct avrspi_error *error)
{
    struct avrspi_text_lines lines;
    struct avrspi_text_line line;

    avrspi_text_lines_start(&lines, data, size);
    while (avrspi_text_lines_next(&lines, &line)) {
        int result = take_line(reader, &line, error);

        if (result < 0) {
            return result;
        }
    }
    return check_whole(reader, lines.number, error);
}

/* ':' and then text: a raw binary may well begin with 3A C0, "rjmp .+116". */
bool avrspi_ihex_recognise(const char *data, size_t size)
{
    size_t begin = avrspi_text_begin(data, size), at = begin;

    if (at == size || data[at] != ':') {
        return false;
    }
    while (at < size && at < begin + LEAST_DIGITS && data[at] >= ' ' && data[at] <= '~') {
        at++;
    }
    return at == size || at == begin + LEAST_DIGITS || data[at] == '\r' || data[at] == '\n';
}

int avrspi_ihex_read(struct avrspi_sink *sink, const char *data, size_t size,
                     struct avrspi_error *error)
{
    struct reader reader = {.sink = sink};
    int result;

    reader.bytes = malloc(size / 2 + 1);
    if (!reader.bytes) {
        return avrspi_fail_memory(error);
    }
    result = read_lines(&reader, data, size, error);
    free(reader.bytes);
    return result;
}
