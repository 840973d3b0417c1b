/* SPDX-License-Identifier: MIT */
#include "job/job.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "isp/isp.h"

int avrspi_pages_init(struct avrspi_pages *pages, const struct avrspi_chip *chip,
                      enum avrspi_memory memory, struct avrspi_error *error)
{
    *pages = (struct avrspi_pages){
        .memory = memory,
        .start = avrspi_memory_start(chip, memory),
        .size = avrspi_memory_size(chip, memory),
        .unit = avrspi_unit_size(chip, memory),
    };
    pages->units = pages->size / pages->unit;
    pages->wanted = malloc(pages->size);
    pages->read = calloc(pages->units, sizeof *pages->read);
    pages->write = calloc(pages->units, sizeof *pages->write);
    pages->check = calloc(pages->units, sizeof *pages->check);
    if (pages->wanted && pages->read && pages->write && pages->check)
        return 0;
    avrspi_pages_free(pages);
    return avrspi_fail_memory(error);
}

void avrspi_pages_free(struct avrspi_pages *pages)
{
    free(pages->wanted);
    free(pages->read);
    free(pages->write);
    free(pages->check);
    *pages = (struct avrspi_pages){0};
}

static const uint8_t *unit_at(const struct avrspi_pages *pages, uint32_t n)
{
    return pages->wanted + (size_t)n * pages->unit;
}

static bool is_blank(const uint8_t *data, size_t size)
{
    for (size_t n = 0; n < size; n++)
        if (data[n] != 0xFF)
            return false;
    return true;
}

/* The memory is blank: what is blank need not be written. */
static void mark_not_blank(struct avrspi_pages *pages, bool full)
{
    for (uint32_t n = 0; n < pages->units; n++) {
        pages->write[n] = !is_blank(unit_at(pages, n), pages->unit);
        pages->check[n] = full && !pages->write[n];
    }
}

void avrspi_pages_fill(struct avrspi_pages *pages, const struct avrspi_image *image, bool full)
{
    memset(pages->wanted, 0xFF, pages->size);
    if (image)
        (void)avrspi_image_get(image, pages->start, pages->wanted, pages->size, 0xFF);
    pages->current = NULL;
    mark_not_blank(pages, full);
}

void avrspi_pages_lay(struct avrspi_pages *pages, const struct avrspi_range *range,
                      const uint8_t *data, bool full)
{
    memcpy(pages->wanted + (range->address - pages->start), data, range->size);
    mark_not_blank(pages, full);
}

void avrspi_pages_restore(struct avrspi_pages *pages)
{
    pages->current = NULL;
    mark_not_blank(pages, false);
}

/* Puts what the image has into 'wanted'. */
static void overlay(struct avrspi_pages *pages, const struct avrspi_image *image)
{
    struct avrspi_segment segment;
    uint64_t at = 0;

    while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
        memcpy(pages->wanted + (segment.address - pages->start), segment.data, segment.size);
        at = (uint64_t)segment.address + segment.size;
    }
}

bool avrspi_pages_overlay(struct avrspi_pages *pages, const struct avrspi_image *image,
                          const uint8_t *current, bool full, uint32_t *address)
{
    bool possible = true;

    if (full)
        memset(pages->wanted, 0xFF, pages->size);
    else
        memcpy(pages->wanted, current, pages->size);
    overlay(pages, image);
    pages->current = current;
    for (uint32_t n = 0; n < pages->size; n++) {
        if (pages->wanted[n] == current[n])
            continue;
        pages->write[n / pages->unit] = true;
        if (possible && (pages->wanted[n] & current[n]) != pages->wanted[n]) {
            *address = pages->start + n;
            possible = false;
        }
    }
    for (uint32_t n = 0; n < pages->units; n++)
        pages->check[n] = pages->read[n] && !pages->write[n];
    return possible;
}

bool avrspi_pages_need_erase(const struct avrspi_pages *pages, const struct avrspi_image *image,
                             const uint8_t *current, uint32_t n, bool full)
{
    for (uint32_t i = n * pages->unit; i < (n + 1) * pages->unit; i++) {
        uint8_t wanted = full ? 0xFF : current[i];

        (void)avrspi_image_get(image, pages->start + i, &wanted, 1, wanted);
        if ((wanted & current[i]) != wanted)
            return true;
    }
    return false;
}

size_t avrspi_pages_marked(const struct avrspi_pages *pages, const bool *marks)
{
    size_t count = 0;

    for (uint32_t n = 0; n < pages->units; n++)
        count += marks[n];
    return count;
}

bool avrspi_pages_range(const struct avrspi_pages *pages, const bool *marks, size_t n,
                        struct avrspi_range *range)
{
    uint32_t first = 0, end;

    for (;; first = end) {
        while (first < pages->units && !marks[first])
            first++;
        if (first == pages->units)
            return false;
        for (end = first; end < pages->units && marks[end]; end++)
            continue;
        if (n-- == 0)
            break;
    }
    range->address = pages->start + first * pages->unit;
    range->size = (end - first) * pages->unit;
    return true;
}
