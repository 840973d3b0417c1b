/* SPDX-License-Identifier: MIT */
/* Writes S-records. What they mean: see srec.c. */
#include "image/format.h"

#include "base/hex.h"

enum {
    DATA_SIZE = 16,
    MOST_COUNT = 4 + DATA_SIZE + 1, /* address, data, checksum */
    MOST_COUNTED = 0xFFFF,          /* records in an S5 */
};

/* The widths that an address may have, each with the types of its records. */
static const struct width {
    uint64_t end; /* of the addresses */
    unsigned bytes;
    char data, start;
} widths[] = {
    {0x10000, 2, '1', '9'},
    {0x1000000, 3, '2', '8'},
    {UINT64_C(1) << 32, 4, '3', '7'},
};

static void write_record(FILE *out, char type, unsigned address_size, uint32_t address,
                         const uint8_t *data, size_t size)
{
    char text[2 + 2 * (1 + MOST_COUNT) + 1], *at = text;
    unsigned count = address_size + (unsigned)size + 1, sum = count;

    *at++ = 'S';
    *at++ = type;
    at = avrspi_hex_encode(at, (uint8_t)count);
    for (unsigned n = address_size; n > 0; n--) {
        uint8_t byte = (uint8_t)(address >> 8 * (n - 1));

        at = avrspi_hex_encode(at, byte);
        sum += byte;
    }
    for (size_t n = 0; n < size; n++) {
        at = avrspi_hex_encode(at, data[n]);
        sum += data[n];
    }
    at = avrspi_hex_encode(at, (uint8_t)~sum);
    *at++ = '\n';
    (void)fwrite(text, 1, (size_t)(at - text), out); /* the caller asks ferror() */
}

/* Returns how many records. */
static uint32_t write_data(FILE *out, const struct avrspi_image *image, const struct width *width)
{
    struct avrspi_segment segment;
    uint32_t records = 0;
    uint64_t at = 0;

    while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
        for (size_t n = 0; n < segment.size; n += DATA_SIZE) {
            size_t size = segment.size - n < DATA_SIZE ? segment.size - n : DATA_SIZE;

            write_record(out, width->data, width->bytes, segment.address + (uint32_t)n,
                         segment.data + n, size);
            records++;
        }
        at = (uint64_t)segment.address + segment.size;
    }
    return records;
}

int avrspi_srec_write(const struct avrspi_image *image, char **data, size_t *size,
                      struct avrspi_error *error)
{
    const struct width *width = widths;
    struct avrspi_text_out text;
    uint32_t records, start = 0;
    int result = avrspi_text_out_begin(&text, data, size, error);

    if (result < 0)
        return result;
    while (avrspi_image_end(image) > width->end)
        width++;
    write_record(text.out, '0', 2, 0, NULL, 0);
    records = write_data(text.out, image, width);
    if (records <= MOST_COUNTED)
        write_record(text.out, '5', 2, records, NULL, 0);
    else
        write_record(text.out, '6', 3, records, NULL, 0);
    (void)avrspi_image_start(image, &start);
    write_record(text.out, width->start, width->bytes, start, NULL, 0);
    return avrspi_text_out_end(&text, error);
}
