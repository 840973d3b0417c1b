/* SPDX-License-Identifier: MIT */
/* Whether an image looks like a program of an AVR. */
#include "avrspi/contents.h"

#include "image/jump.h"

enum {
    FUSE_BYTES = 3,      /* a file for one of them has it at 0, or at its place of three */
    LEAST_READ_OUT = 32, /* bytes; fewer could be a table of one's own */
};

/* What a part whose lock bits forbid reading shows as its flash: the low byte of each word's
 * address. No datasheet says so; files like that are what people have. */
static bool is_locked_read_out(const struct avrspi_image *image, uint32_t start)
{
    struct avrspi_segment segment;
    uint64_t at = 0;

    while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
        for (size_t n = 0; n < segment.size; n++) {
            uint32_t address = segment.address + (uint32_t)n - start;

            if (segment.data[n] != (uint8_t)(address / 2))
                return false;
        }
        at = (uint64_t)segment.address + segment.size;
    }
    return avrspi_image_size(image) >= LEAST_READ_OUT;
}

/* Every program has a jump to its beginning at the reset vector. A blank one belongs to a part that
 * starts elsewhere. */
static bool has_vector(const struct avrspi_image *image, uint32_t start)
{
    uint8_t bytes[2];

    if (avrspi_image_get(image, start, bytes, sizeof bytes, 0xFF) < sizeof bytes)
        return true;
    return avrspi_is_jump(bytes) || (bytes[0] == 0xFF && bytes[1] == 0xFF);
}

enum avrspi_doubt avrspi_program_doubt(const struct avrspi_image *image,
                                       const struct avrspi_chip *chip)
{
    uint32_t start = avrspi_memory_start(chip, AVRSPI_MEMORY_FLASH);

    if (avrspi_image_size(image) == 1 && avrspi_image_end(image) - start <= FUSE_BYTES)
        return AVRSPI_DOUBT_ONE_BYTE;
    if (is_locked_read_out(image, start))
        return AVRSPI_DOUBT_LOCKED_READ_OUT;
    return has_vector(image, start) ? AVRSPI_DOUBT_NONE : AVRSPI_DOUBT_NO_VECTOR;
}
