/* SPDX-License-Identifier: MIT */
/*
 * Files of any format from anyone: the first byte says which, or that the file is to be recognized.
 * What was read is the same once it has been written in any format and read again.
 */
#include <stdlib.h>
#include <string.h>

#include "avrspi/contents.h"

static void require(bool condition)
{
    if (!condition)
        abort();
}

/* Every byte of one image is in the other, at its address. */
static void require_equal(const struct avrspi_image *left, const struct avrspi_image *right)
{
    struct avrspi_segment a, b;
    uint64_t at = 0;

    require(avrspi_image_size(left) == avrspi_image_size(right));
    while (at <= UINT32_MAX && avrspi_image_next(left, (uint32_t)at, &a)) {
        require(avrspi_image_next(right, (uint32_t)at, &b));
        require(a.address == b.address && a.size == b.size && memcmp(a.data, b.data, a.size) == 0);
        at = (uint64_t)a.address + a.size;
    }
}

static void write_and_read(const struct avrspi_image *image, enum avrspi_format format)
{
    struct avrspi_image *again;
    size_t size;
    char *text;

    require(avrspi_image_format(image, format, &text, &size, NULL) == 0);
    require(avrspi_image_parse(&again, AVRSPI_FORMAT_AUTO, "again", text, size, NULL) == 0);
    require_equal(image, again);
    free(text);
    avrspi_image_free(again);
}

static void read_file(enum avrspi_format format, const uint8_t *data, size_t size)
{
    const struct avrspi_read_options options = {.format = format, .memory = AVRSPI_MEMORY_FLASH};
    struct avrspi_contents *contents;
    struct avrspi_error error;
    bool warning;

    if (avrspi_contents_parse(&contents, &options, "fuzz.bin", data, size, &error) < 0) {
        require(!contents && error.message[0] && error.code != AVRSPI_ERR_FAILURE);
        return;
    }
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        const struct avrspi_image *image = avrspi_contents_image(contents, (enum avrspi_memory)n);

        if (!image)
            continue;
        require(avrspi_image_size(image) <= 64 * 1024 * 1024);
        write_and_read(image, AVRSPI_FORMAT_IHEX);
        write_and_read(image, AVRSPI_FORMAT_SREC);
        write_and_read(image, AVRSPI_FORMAT_DUMP);
    }
    for (size_t n = 0; avrspi_contents_remark(contents, n, &warning); n++)
        ;
    avrspi_contents_free(contents);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum avrspi_format format;

    if (size == 0)
        return 0;
    format = (enum avrspi_format)(data[0] % (AVRSPI_FORMAT_DUMP + 1));
    if (format != AVRSPI_FORMAT_C)
        read_file(format, data + 1, size - 1);
    return 0;
}
