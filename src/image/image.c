/* SPDX-License-Identifier: MIT */
/*
 * The sparse image: an array of runs, sorted by address, with a gap between any two. What is
 * put in ascending order only ever lets the last run grow; sink.c sorts the records of a file for
 * that reason.
 */
#include "image.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "image/origin.h"

struct run {
    uint32_t address;
    size_t size;
    size_t room;
    uint8_t *data;
};

struct avrspi_image {
    struct run *runs;
    size_t count;
    size_t room;
    bool has_start;
    uint32_t start;
    struct avrspi_origins origins;
    bool placeable; /* one run, whose address means nothing */
};

struct avrspi_image *avrspi_image_new(void)
{
    return calloc(1, sizeof(struct avrspi_image));
}

void avrspi_image_free(struct avrspi_image *image)
{
    if (!image) {
        return;
    }
    for (size_t i = 0; i < image->count; i++) {
        free(image->runs[i].data);
    }
    free(image->runs);
    avrspi_origins_free(&image->origins);
    free(image);
}

static uint64_t run_end(const struct run *run)
{
    return (uint64_t)run->address + run->size;
}

/* The address after 'size' bytes, at most that after the last one: 'size' may be SIZE_MAX. */
static uint64_t range_end(uint32_t address, size_t size)
{
    return size > AVRSPI_ADDRESS_END - address ? AVRSPI_ADDRESS_END : (uint64_t)address + size;
}

/* The index of the first run that ends at or after 'end'. */
static size_t find(const struct avrspi_image *image, uint64_t end)
{
    size_t low = 0, high = image->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (run_end(&image->runs[middle]) < end) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool avrspi_image_next(const struct avrspi_image *image, uint32_t address,
                       struct avrspi_segment *segment)
{
    size_t index = find(image, (uint64_t)address + 1);
    const struct run *run;
    size_t skip;

    if (index == image->count) {
        return false;
    }
    run = &image->runs[index];
    skip = address > run->address ? address - run->address : 0;
    *segment = (struct avrspi_segment){
        .address = run->address + (uint32_t)skip,
        .size = run->size - skip,
        .data = run->data + skip,
    };
    return true;
}

/* Narrows *segment to the first bytes of the image in *address..end, and moves *address after
 * them. False when there are none. */
static bool next_within(const struct avrspi_image *image, uint64_t *address, uint64_t end,
                        struct avrspi_segment *segment)
{
    if (*address >= end || !avrspi_image_next(image, (uint32_t)*address, segment) ||
        segment->address >= end) {
        return false;
    }
    if (segment->size > end - segment->address) {
        segment->size = (size_t)(end - segment->address);
    }
    *address = (uint64_t)segment->address + segment->size;
    return true;
}

size_t avrspi_image_get(const struct avrspi_image *image, uint32_t address, uint8_t *out,
                        size_t size, uint8_t fill)
{
    uint64_t at = address, end = range_end(address, size);
    struct avrspi_segment segment;
    size_t held = 0;

    if (size > 0) {
        memset(out, fill, size);
    }
    while (next_within(image, &at, end, &segment)) {
        memcpy(out + (segment.address - address), segment.data, segment.size);
        held += segment.size;
    }
    return held;
}

size_t avrspi_image_count(const struct avrspi_image *image, uint32_t address, size_t size)
{
    uint64_t at = address, end = range_end(address, size);
    struct avrspi_segment segment;
    size_t held = 0;

    while (next_within(image, &at, end, &segment)) {
        held += segment.size;
    }
    return held;
}

void avrspi_image_set_placeable(struct avrspi_image *image)
{
    image->placeable = true;
}

bool avrspi_image_is_placeable(const struct avrspi_image *image)
{
    return image->placeable;
}

void avrspi_image_place(struct avrspi_image *image, uint32_t address)
{
    if (!image->placeable || image->count != 1)
        return;
    avrspi_origins_move(&image->origins, image->runs[0].address, address);
    image->runs[0].address = address;
}

void avrspi_image_settle(struct avrspi_image *image, uint32_t address)
{
    avrspi_image_place(image, address);
    image->placeable = false;
}

size_t avrspi_image_size(const struct avrspi_image *image)
{
    size_t size = 0;

    for (size_t i = 0; i < image->count; i++) {
        size += image->runs[i].size;
    }
    return size;
}

uint64_t avrspi_image_end(const struct avrspi_image *image)
{
    return image->count > 0 ? run_end(&image->runs[image->count - 1]) : 0;
}

bool avrspi_image_start(const struct avrspi_image *image, uint32_t *address)
{
    if (image->has_start) {
        *address = image->start;
    }
    return image->has_start;
}

void avrspi_image_set_start(struct avrspi_image *image, uint32_t address)
{
    image->has_start = true;
    image->start = address;
}

struct avrspi_origin avrspi_image_origin(const struct avrspi_image *image, uint32_t address)
{
    return avrspi_image_origin_until(image, address, NULL);
}

struct avrspi_origin avrspi_image_origin_until(const struct avrspi_image *image, uint32_t address,
                                               uint64_t *end)
{
    return avrspi_origins_at(&image->origins, address, end);
}

bool avrspi_image_differs(const struct avrspi_image *image, uint32_t address, const uint8_t *data,
                          size_t size, uint32_t *where)
{
    uint64_t at = address, end = range_end(address, size);
    struct avrspi_segment segment;

    while (next_within(image, &at, end, &segment)) {
        const uint8_t *other = data + (segment.address - address);
        size_t i = 0;

        if (memcmp(segment.data, other, segment.size) == 0) {
            continue;
        }
        while (segment.data[i] == other[i]) {
            i++;
        }
        *where = segment.address + (uint32_t)i;
        return true;
    }
    return false;
}

/* Makes room for one more run. */
static int reserve_run(struct avrspi_image *image, struct avrspi_error *error)
{
    size_t room = image->room > 0 ? image->room * 2 : 4;
    struct run *larger;

    if (image->count < image->room) {
        return 0;
    }
    larger = realloc(image->runs, room * sizeof *larger);
    if (!larger) {
        return avrspi_fail_memory(error);
    }
    image->runs = larger;
    image->room = room;
    return 0;
}

/* Grows by half, as most runs are built record by record. */
static bool grow_run(struct run *run, size_t size)
{
    if (!run->data || size > run->room) {
        size_t more = run->room + run->room / 2 + 16, room = size > more ? size : more;
        uint8_t *larger = realloc(run->data, room);

        if (!larger) {
            return false;
        }
        run->data = larger;
        run->room = room;
    }
    run->size = size;
    return true;
}

/* Makes one run of the bytes and of all runs that they overlap or touch. */
static int join(struct avrspi_image *image, uint32_t address, const uint8_t *data, size_t size,
                struct avrspi_error *error)
{
    uint64_t end = (uint64_t)address + size;
    size_t first = find(image, address), last = first;
    struct run run = {.address = address};
    bool extends; /* the first run goes on, rather than going into a new one */

    while (last < image->count && image->runs[last].address <= end) {
        last++;
    }
    extends = first < last && image->runs[first].address <= address;
    if (extends) {
        run = image->runs[first];
    }
    if (first < last && run_end(&image->runs[last - 1]) > end) {
        end = run_end(&image->runs[last - 1]);
    }
    if (!grow_run(&run, (size_t)(end - run.address))) {
        return avrspi_fail_memory(error);
    }
    memcpy(run.data + (address - run.address), data, size);
    for (size_t i = extends ? first + 1 : first; i < last; i++) {
        const struct run *part = &image->runs[i];

        memcpy(run.data + (part->address - run.address), part->data, part->size);
        free(part->data);
    }
    memmove(&image->runs[first + 1], &image->runs[last],
            (image->count - last) * sizeof *image->runs);
    image->runs[first] = run;
    image->count += first + 1 - last;
    return 0;
}

int avrspi_image_put(struct avrspi_image *image, uint32_t address, const uint8_t *data, size_t size,
                     struct avrspi_error *error)
{
    return avrspi_image_put_from(image, address, data, size, &(struct avrspi_origin){0}, error);
}

/* The bytes that the image does not hold yet are from 'origin'. */
static int add_origin(struct avrspi_image *image, uint32_t address, size_t size,
                      const struct avrspi_origin *origin, struct avrspi_error *error)
{
    uint64_t at = address, gap = address, end = range_end(address, size);
    struct avrspi_segment segment;
    int result = 0;

    while (result == 0 && next_within(image, &at, end, &segment)) {
        result = avrspi_origins_add(&image->origins, (uint32_t)gap, (size_t)(segment.address - gap),
                                    origin, error);
        gap = at;
    }
    if (result == 0 && gap < end)
        result =
            avrspi_origins_add(&image->origins, (uint32_t)gap, (size_t)(end - gap), origin, error);
    return result;
}

int avrspi_image_put_from(struct avrspi_image *image, uint32_t address, const uint8_t *data,
                          size_t size, const struct avrspi_origin *origin,
                          struct avrspi_error *error)
{
    uint32_t where;
    int result;

    if (size == 0) {
        return 0;
    }
    if (size > AVRSPI_ADDRESS_END - address) {
        return avrspi_fail(error, AVRSPI_ERR_INPUT,
                           "expected addresses below 4 GiB, found %zu bytes at 0x%08X", size,
                           (unsigned)address);
    }
    if (avrspi_image_differs(image, address, data, size, &where)) {
        uint8_t held = 0;

        (void)avrspi_image_get(image, where, &held, 1, 0);
        return avrspi_fail(error, AVRSPI_ERR_INPUT,
                           "expected 0x%02X at address 0x%04X, as in the image, found 0x%02X", held,
                           (unsigned)where, data[where - address]);
    }
    /* join() must not need room for a run once it has moved some */
    if (reserve_run(image, error) < 0) {
        return AVRSPI_ERR_FAILURE;
    }
    result = add_origin(image, address, size, origin, error);
    return result < 0 ? result : join(image, address, data, size, error);
}
