/* SPDX-License-Identifier: MIT */
#include "image/changes.h"

#include <string.h>

#define ADDRESS_END (UINT64_C(1) << 32)

/* What an image has from an address on: bytes up to 'end', or a gap up to there. */
struct stretch {
    const uint8_t *data; /* NULL: a gap */
    uint64_t end;
};

static struct stretch stretch_at(const struct avrspi_image *image, uint64_t address)
{
    struct avrspi_segment segment;

    if (!image || !avrspi_image_next(image, (uint32_t)address, &segment))
        return (struct stretch){NULL, ADDRESS_END};
    if (segment.address > address)
        return (struct stretch){NULL, segment.address};
    return (struct stretch){segment.data, (uint64_t)segment.address + segment.size};
}

/* How many of the bytes are the same, or with 'other' are not. */
static size_t run_length(const uint8_t *a, const uint8_t *b, size_t size, bool other)
{
    size_t n = 0;

    if (!other && memcmp(a, b, size) == 0)
        return size;
    while (n < size && (a[n] != b[n]) == other)
        n++;
    return n;
}

bool avrspi_image_next_change(const struct avrspi_image *first, const struct avrspi_image *second,
                              uint64_t address, struct avrspi_change *change)
{
    while (address < ADDRESS_END) {
        const struct stretch a = stretch_at(first, address), b = stretch_at(second, address);
        const uint64_t end = a.end < b.end ? a.end : b.end;
        const size_t size = (size_t)(end - address); /* of bytes; a gap may be larger */
        size_t same;

        if (a.data && b.data) {
            same = run_length(a.data, b.data, size, false);
            if (same < size) {
                *change = (struct avrspi_change){
                    AVRSPI_CHANGE_OTHER, (uint32_t)(address + same),
                    run_length(a.data + same, b.data + same, size - same, true)};
                return true;
            }
        } else if (a.data || b.data) {
            *change = (struct avrspi_change){a.data ? AVRSPI_CHANGE_ONLY_FIRST
                                                    : AVRSPI_CHANGE_ONLY_SECOND,
                                             (uint32_t)address, size};
            return true;
        }
        address = end;
    }
    return false;
}
