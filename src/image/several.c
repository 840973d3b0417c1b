/* SPDX-License-Identifier: MIT */
/* The contents of several files for one job. */
#include "avrspi/contents.h"

#include "image/image.h"
#include "image/origin.h"

/* Where two files differ, with the place in each. */
static int fail_conflict(const struct avrspi_contents *first, const struct avrspi_contents *second,
                         enum avrspi_memory memory, uint32_t address, struct avrspi_error *error)
{
    const struct avrspi_image *a = avrspi_contents_image(first, memory);
    const struct avrspi_image *b = avrspi_contents_image(second, memory);
    const struct avrspi_origin early = avrspi_image_origin(a, address);
    const struct avrspi_origin late = avrspi_image_origin(b, address);
    uint8_t expected, found;

    (void)avrspi_image_get(a, address, &expected, 1, 0xFF);
    (void)avrspi_image_get(b, address, &found, 1, 0xFF);
    return avrspi_fail_from(error, avrspi_contents_name(second), &late,
                            "the two files overlap: one is too large, or was linked for the wrong "
                            "address",
                            "expected 0x%02X at address 0x%04X, as %s of '%.150s' has it, found "
                            "0x%02X",
                            expected, (unsigned)address, avrspi_origin_show(&early).text,
                            avrspi_contents_name(first), found);
}

/* Whether each byte that both images have is the same. */
static bool agree(const struct avrspi_image *first, const struct avrspi_image *second,
                  uint32_t *where)
{
    struct avrspi_segment segment;
    uint64_t at = 0;

    while (at <= UINT32_MAX && avrspi_image_next(second, (uint32_t)at, &segment)) {
        if (avrspi_image_differs(first, segment.address, segment.data, segment.size, where))
            return false;
        at = (uint64_t)segment.address + segment.size;
    }
    return true;
}

int avrspi_contents_agree(const struct avrspi_contents *first, const struct avrspi_contents *second,
                          struct avrspi_error *error)
{
    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        enum avrspi_memory memory = (enum avrspi_memory)n;
        const struct avrspi_image *a = avrspi_contents_image(first, memory);
        const struct avrspi_image *b = avrspi_contents_image(second, memory);
        uint32_t where;

        if (a && b && !agree(a, b, &where))
            return fail_conflict(first, second, memory, where, error);
    }
    return 0;
}

/* Puts the part of a segment that is from 'start' up to 'end'. */
static int put_part(struct avrspi_contents *contents, enum avrspi_memory memory,
                    const struct avrspi_segment *segment, uint64_t start, uint64_t end,
                    struct avrspi_error *error)
{
    uint64_t from = segment->address > start ? segment->address : start;
    uint64_t to = (uint64_t)segment->address + segment->size;

    to = to < end ? to : end;
    if (from >= to)
        return 0;
    return avrspi_contents_put(contents, memory, (uint32_t)from,
                               segment->data + (from - segment->address), (size_t)(to - from), NULL,
                               error);
}

int avrspi_contents_add(struct avrspi_contents *contents, const struct avrspi_contents *other,
                        enum avrspi_memory memory, uint64_t start, uint64_t end,
                        struct avrspi_error *error)
{
    const struct avrspi_image *image = avrspi_contents_image(other, memory);
    struct avrspi_segment segment;
    uint64_t at = 0;
    int result = 0;

    while (image && result == 0 && at <= UINT32_MAX &&
           avrspi_image_next(image, (uint32_t)at, &segment)) {
        result = put_part(contents, memory, &segment, start, end, error);
        at = (uint64_t)segment.address + segment.size;
    }
    return result;
}
