/* SPDX-License-Identifier: MIT */
/* Writes Intel HEX. What the records mean: see ihex.c. */
#include "format.h"

#include <stdio.h>

#include "base/error.h"
#include "records.h"

enum {
    DATA_SIZE = 16, /* of a record: what every tool writes, and every reader takes */
    DATA = 0x00,
    END = 0x01,
    LINEAR_BASE = 0x04,
    LINEAR_START = 0x05,
};

static void write_record(FILE *out, uint8_t type, uint16_t offset, const uint8_t *data, size_t size)
{
    uint8_t head[] = {(uint8_t)size, (uint8_t)(offset >> 8), (uint8_t)offset, type};
    char text[1 + 2 * (sizeof head + DATA_SIZE + 1) + 1], *at = text;
    unsigned sum = 0;

    *at++ = ':';
    for (size_t i = 0; i < sizeof head; i++) {
        at = avrspi_hex_encode(at, head[i]);
        sum += head[i];
    }
    for (size_t i = 0; i < size; i++) {
        at = avrspi_hex_encode(at, data[i]);
        sum += data[i];
    }
    at = avrspi_hex_encode(at, (uint8_t)(0x100U - (sum & 0xFFU)));
    *at++ = '\n';
    (void)fwrite(text, 1, (size_t)(at - text), out); /* the caller asks ferror() */
}

/* Writes a run; *upper is the half of the address that is in force. */
static void write_segment(FILE *out, const struct avrspi_segment *segment, uint32_t *upper)
{
    size_t done = 0;

    while (done < segment->size) {
        uint32_t address = segment->address + (uint32_t)done;
        size_t size = segment->size - done, to_border = 0x10000 - (address & 0xFFFF);

        if (address >> 16 != *upper) {
            *upper = address >> 16;
            write_record(out, LINEAR_BASE, 0,
                         (const uint8_t[]){(uint8_t)(*upper >> 8), (uint8_t)*upper}, 2);
        }
        size = size < DATA_SIZE ? size : DATA_SIZE;
        size = size < to_border ? size : to_border;
        write_record(out, DATA, (uint16_t)address, segment->data + done, size);
        done += size;
    }
}

static void write_image(FILE *out, const struct avrspi_image *image)
{
    struct avrspi_segment segment;
    uint64_t at = 0; /* wider than an address: a run may end with the last one */
    uint32_t upper = 0, start;

    while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
        write_segment(out, &segment, &upper);
        at = (uint64_t)segment.address + segment.size;
    }
    if (avrspi_image_start(image, &start)) {
        write_record(out, LINEAR_START, 0,
                     (const uint8_t[]){(uint8_t)(start >> 24), (uint8_t)(start >> 16),
                                       (uint8_t)(start >> 8), (uint8_t)start},
                     4);
    }
    write_record(out, END, 0, NULL, 0);
}

int avrspi_ihex_write(const struct avrspi_image *image, char **data, size_t *size,
                      struct avrspi_error *error)
{
    struct avrspi_text_out text;
    int result = avrspi_text_out_begin(&text, data, size, error);

    if (result < 0) {
        return result;
    }
    write_image(text.out, image);
    return avrspi_text_out_end(&text, error);
}
