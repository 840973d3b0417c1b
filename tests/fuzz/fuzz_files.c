/* SPDX-License-Identifier: MIT */
/*
 * Files from anyone, of the format that CMakeLists.txt says, or of one that is to be recognized:
 * they are refused with a message, or read. What was read is the same once it has been written in
 * any format that keeps addresses and read again. Seeds: seeds.sh.
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

static void require_same_start(const struct avrspi_image *left, const struct avrspi_image *right)
{
    uint32_t a = 0, b = 0;

    require(avrspi_image_start(left, &a) == avrspi_image_start(right, &b) && a == b);
}

static void write_and_read(const struct avrspi_image *image, enum avrspi_format format)
{
    struct avrspi_image *again;
    size_t size;
    char *text;

    require(avrspi_image_format(image, format, &text, &size, NULL) == 0);
    require(avrspi_image_parse(&again, AVRSPI_FORMAT_AUTO, "again", text, size, NULL) == 0);
    require_equal(image, again);
    if (format == AVRSPI_FORMAT_IHEX) /* S-record has no way to say that there is none */
        require_same_start(image, again);
    free(text);
    avrspi_image_free(again);
}

/* Bytes that the file does not spell out come from the '*' of a hex dump only: 16 MiB for each. */
static void check_image(const struct avrspi_image *image, size_t file_size)
{
    size_t size = avrspi_image_size(image), end = (size_t)avrspi_image_end(image);

    require(size > 0 && size <= end);
    if (size > file_size) {
        require(FUZZ_FORMAT == AVRSPI_FORMAT_AUTO || FUZZ_FORMAT == AVRSPI_FORMAT_DUMP);
        return;
    }
    write_and_read(image, AVRSPI_FORMAT_IHEX);
    write_and_read(image, AVRSPI_FORMAT_SREC);
    write_and_read(image, AVRSPI_FORMAT_DUMP);
}

/* The memories together have every byte of the file, but for those that a remark names. */
static void check_split(const struct avrspi_contents *contents, const uint8_t *data, size_t size)
{
    struct avrspi_image *whole;
    size_t held = 0;
    bool warning;

    require(avrspi_image_parse(&whole, FUZZ_FORMAT, "fuzz.bin", data, size, NULL) == 0);
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        const struct avrspi_image *image = avrspi_contents_image(contents, (enum avrspi_memory)n);

        held += image ? avrspi_image_size(image) : 0;
    }
    require(held <= avrspi_image_size(whole));
    require(held == avrspi_image_size(whole) || avrspi_contents_remark(contents, 0, &warning));
    avrspi_image_free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct avrspi_read_options options = {.format = FUZZ_FORMAT,
                                                .memory = AVRSPI_MEMORY_FLASH};
    struct avrspi_contents *contents;
    struct avrspi_error error;

    if (avrspi_contents_parse(&contents, &options, "fuzz.bin", data, size, &error) < 0) {
        require(!contents && error.message[0] && error.hint[0]);
        require(error.code == AVRSPI_ERR_INPUT);
        return 0;
    }
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        const struct avrspi_image *image = avrspi_contents_image(contents, (enum avrspi_memory)n);

        if (image)
            check_image(image, size);
    }
    check_split(contents, data, size);
    avrspi_contents_free(contents);
    return 0;
}
