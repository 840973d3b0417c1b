/* SPDX-License-Identifier: MIT */
#include "image/used.h"

#include <stdbool.h>

/* Words of 0xFF at the end of a row are erased cells. */
static size_t used_of(const uint8_t *row, size_t length)
{
    while (length >= 2 && row[length - 1] == 0xFF && row[length - 2] == 0xFF)
        length -= 2;
    return length == 1 && row[0] == 0xFF ? 0 : length;
}

static bool is_blank(const uint8_t *data, size_t size)
{
    while (size > 0 && data[size - 1] == 0xFF)
        size--;
    return size == 0;
}

size_t avrspi_used_length(const uint8_t *data, size_t size, size_t n)
{
    const size_t length = size - n < AVRSPI_USED_ROW ? size - n : AVRSPI_USED_ROW;
    const size_t next = size - n - length;
    const bool goes_on =
        next && used_of(data + n + length, next < AVRSPI_USED_ROW ? next : AVRSPI_USED_ROW) > 0;
    const size_t used = used_of(data + n, length);

    if (used == 0 && !next && is_blank(data, size))
        return length;
    return goes_on && used ? length : used;
}
