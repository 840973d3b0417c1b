/* SPDX-License-Identifier: MIT */
/*
 * Intel HEX from anyone: it is read or refused, and what was read is the same once it has been
 * written and read again. Seeds: tests/data/image.
 */
#include <stdlib.h>
#include <string.h>

#include "avrspi/contents.h"

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void require_equal(const struct avrspi_image *left, const struct avrspi_image *right)
{
    struct avrspi_segment a, b;
    uint32_t a_start = 0, b_start = 0;
    uint64_t at = 0;

    require(avrspi_image_size(left) == avrspi_image_size(right));
    require(avrspi_image_end(left) == avrspi_image_end(right));
    require(avrspi_image_start(left, &a_start) == avrspi_image_start(right, &b_start));
    require(a_start == b_start);
    while (at <= UINT32_MAX && avrspi_image_next(left, (uint32_t)at, &a)) {
        require(avrspi_image_next(right, (uint32_t)at, &b));
        require(a.address == b.address && a.size == b.size);
        require(memcmp(a.data, b.data, a.size) == 0);
        at = (uint64_t)a.address + a.size;
    }
}

/* Its memories hold all of the image, or one of its addresses belongs to none. */
static void require_contents(const struct avrspi_image *image, const uint8_t *data, size_t size)
{
    const struct avrspi_read_options options = {.format = AVRSPI_FORMAT_IHEX,
                                                .memory = AVRSPI_MEMORY_EEPROM};
    struct avrspi_contents *contents;
    struct avrspi_error error;
    size_t held = 0;

    if (avrspi_contents_parse(&contents, &options, "fuzz", data, size, &error) < 0) {
        require(!contents && error.code == AVRSPI_ERR_INPUT && error.hint[0]);
        require(avrspi_image_end(image) > 0x800000);
        return;
    }
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        const struct avrspi_image *part = avrspi_contents_image(contents, (enum avrspi_memory)n);

        held += part ? avrspi_image_size(part) : 0;
    }
    require(held == avrspi_image_size(image));
    avrspi_contents_free(contents);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct avrspi_image *image, *again;
    struct avrspi_error error;
    char *text;
    size_t text_size;

    if (avrspi_image_parse(&image, AVRSPI_FORMAT_IHEX, "fuzz", data, size, &error) < 0) {
        require(!image && error.code == AVRSPI_ERR_INPUT && error.message[0] && error.hint[0]);
        return 0;
    }
    require(avrspi_image_size(image) > 0);
    require_contents(image, data, size);
    require(avrspi_image_format(image, AVRSPI_FORMAT_IHEX, &text, &text_size, &error) == 0);
    require(avrspi_image_parse(&again, AVRSPI_FORMAT_AUTO, "again", text, text_size, &error) == 0);
    require_equal(image, again);
    free(text);
    avrspi_image_free(image);
    avrspi_image_free(again);
    return 0;
}
