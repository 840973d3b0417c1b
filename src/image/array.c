/* SPDX-License-Identifier: MIT */
/* Writes an array in C, for programs that carry an image with them. */
#include "image/format.h"

#include <stdlib.h>

#include "base/error.h"

enum {
    PER_LINE = 12,
    LARGEST = 16 * 1024 * 1024, /* gaps are filled */
    FILL = 0xFF,
};

static void print(FILE *out, const uint8_t *bytes, size_t size, uint32_t address)
{
    (void)fprintf(out, "/* %zu bytes, from address 0x%06X on */\n", size, (unsigned)address);
    (void)fprintf(out, "const unsigned char data[%zu] = {", size);
    for (size_t n = 0; n < size; n++)
        (void)fprintf(out, "%s0x%02X,", n % PER_LINE == 0 ? "\n    " : " ", bytes[n]);
    (void)fputs("\n};\n", out);
}

int avrspi_array_write(const struct avrspi_image *image, char **data, size_t *size,
                       struct avrspi_error *error)
{
    struct avrspi_segment first = {0};
    struct avrspi_text_out text;
    uint64_t length;
    uint8_t *bytes;
    int result;

    (void)avrspi_image_next(image, 0, &first);
    length = avrspi_image_end(image) - first.address;
    if (length > LARGEST)
        return avrspi_fail(error, AVRSPI_ERR_INPUT,
                           "expected at most 16 MiB from the first byte to the last for a C array, "
                           "found %llu bytes",
                           (unsigned long long)length);
    bytes = malloc((size_t)length + 1);
    if (!bytes)
        return avrspi_fail_memory(error);
    (void)avrspi_image_get(image, first.address, bytes, (size_t)length, FILL);
    result = avrspi_text_out_begin(&text, data, size, error);
    if (result == 0) {
        print(text.out, bytes, (size_t)length, first.address);
        result = avrspi_text_out_end(&text, error);
    }
    free(bytes);
    return result;
}
