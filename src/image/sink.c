/* SPDX-License-Identifier: MIT */
#include "image/sink.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "image/image.h"

/* Makes room for 'needed' items of 'size' bytes, by doubling; NULL when out of memory. */
static void *grow(void *items, size_t needed, size_t *room, size_t size)
{
    size_t larger = *room > 0 ? *room : 64;
    void *grown;

    if (items && needed <= *room)
        return items;
    while (larger < needed)
        larger *= 2;
    grown = realloc(items, larger * size);
    if (grown)
        *room = larger;
    return grown;
}

static int reserve(struct avrspi_sink *sink, size_t size, struct avrspi_error *error)
{
    void *records = grow(sink->records, sink->count + 1, &sink->room, sizeof *sink->records);
    void *bytes;

    if (!records) {
        (void)avrspi_fail_memory(error);
        return AVRSPI_ERR_FAILURE;
    }
    sink->records = records;
    bytes = grow(sink->bytes, sink->bytes_used + size, &sink->bytes_room, 1);
    if (!bytes)
        return avrspi_fail_memory(error);
    sink->bytes = bytes;
    return 0;
}

/* Whether a record is for the addresses in front of one that was kept, and its line behind it. */
static bool goes_before(const struct avrspi_record *last, uint32_t address, size_t size,
                        const struct avrspi_origin *origin)
{
    return last->origin.kind == AVRSPI_ORIGIN_LINE && origin->kind == AVRSPI_ORIGIN_LINE &&
           size == last->step && (uint64_t)address + size == last->address &&
           origin->line == last->origin.line + last->size / last->step;
}

/* For later, when all are sorted. */
static int keep(struct avrspi_sink *sink, uint32_t address, const void *data, size_t size,
                const struct avrspi_origin *origin, struct avrspi_error *error)
{
    struct avrspi_record record = {
        .at = sink->bytes_used,
        .size = size,
        .step = size,
        .address = address,
        .number = sink->count,
        .origin = *origin,
    };

    if (reserve(sink, size, error) < 0 ||
        avrspi_names_keep(&sink->names, &record.origin, error) < 0)
        return AVRSPI_ERR_FAILURE;
    memcpy(sink->bytes + sink->bytes_used, data, size);
    sink->bytes_used += size;
    if (sink->count > 0 && goes_before(&sink->records[sink->count - 1], address, size, origin)) {
        sink->records[sink->count - 1].address = address;
        sink->records[sink->count - 1].size += size;
        return 0;
    }
    sink->records[sink->count++] = record;
    return 0;
}

int avrspi_sink_emit(struct avrspi_sink *sink, uint32_t address, const void *data, size_t size,
                     const struct avrspi_origin *origin, struct avrspi_error *error)
{
    static const struct avrspi_origin none = {0};

    if (size == 0)
        return 0;
    origin = origin ? origin : &none;
    if (size > AVRSPI_ADDRESS_END - address)
        return avrspi_fail_from(error, sink->name, origin, "an address in it is wrong",
                                "expected addresses below 4 GiB, found %zu bytes at 0x%08X", size,
                                (unsigned)address);
    if (address >= avrspi_image_end(sink->image))
        return avrspi_image_put_from(sink->image, address, data, size, origin, error);
    return keep(sink, address, data, size, origin, error);
}

void avrspi_sink_start(struct avrspi_sink *sink, uint32_t address)
{
    avrspi_image_set_start(sink->image, address);
}

void avrspi_sink_no_addresses(struct avrspi_sink *sink)
{
    avrspi_image_set_placeable(sink->image);
}

/* --- what did not come in ascending order */

/* qsort() is not stable: the number keeps the result the same everywhere. */
static int compare(const void *left, const void *right)
{
    const struct avrspi_record *a = left, *b = right;

    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

/* A record and what the image holds differ at 'address'. The first such pair is noted. */
static void note_overlap(struct avrspi_sink *sink, const struct avrspi_record *record,
                         uint32_t address)
{
    struct avrspi_origin early = avrspi_image_origin(sink->image, address), late = record->origin;
    uint8_t expected, found = sink->bytes[record->at + (address - record->address)];

    if (sink->facts.overlaps)
        return;
    (void)avrspi_image_get(sink->image, address, &expected, 1, 0xFF);
    if (early.line > late.line) {
        const struct avrspi_origin origin = early;
        const uint8_t byte = expected;

        early = late;
        late = origin;
        expected = found;
        found = byte;
    }
    sink->facts.overlaps = true;
    (void)avrspi_fail_from(
        &sink->facts.overlap, sink->name, &late,
        "two parts of it overlap: one is too large, or was linked for the wrong address",
        "expected 0x%02X at address 0x%04X, as %s has it, found 0x%02X", expected,
        (unsigned)address, avrspi_origin_show(&early).text, found);
}

/* One record of the file. */
static int put_one(struct avrspi_sink *sink, const struct avrspi_record *record,
                   struct avrspi_error *error)
{
    const uint8_t *data = sink->bytes + record->at;
    uint32_t where;

    if (!avrspi_image_differs(sink->image, record->address, data, record->size, &where))
        return avrspi_image_put_from(sink->image, record->address, data, record->size,
                                     &record->origin, error);
    note_overlap(sink, record, where);
    return 0;
}

/* The records of the file, the one with the lowest address first, which is the last. */
static int put_record(struct avrspi_sink *sink, const struct avrspi_record *record,
                      struct avrspi_error *error)
{
    struct avrspi_record one = *record;
    size_t count = record->size / record->step;
    int result = 0;

    one.size = record->step;
    while (result == 0 && count-- > 0) {
        one.at = record->at + count * record->step;
        one.origin.line = record->origin.line + count;
        result = put_one(sink, &one, error);
        one.address += (uint32_t)record->step;
    }
    return result;
}

static int put_kept(struct avrspi_sink *sink, struct avrspi_error *error)
{
    int result = 0;

    if (sink->count > 0)
        qsort(sink->records, sink->count, sizeof *sink->records, compare);
    for (size_t i = 0; result == 0 && i < sink->count; i++)
        result = put_record(sink, &sink->records[i], error);
    if (result < 0)
        return result;
    sink->count = 0;
    sink->bytes_used = 0;
    return 0;
}

/* --- more than one image */

void avrspi_sink_end_image(struct avrspi_sink *sink, size_t first, size_t end)
{
    if (sink->images < 2) {
        sink->first_line[sink->images] = first;
        sink->end_line[sink->images] = end;
    }
    sink->images++;
}

int avrspi_sink_begin_image(struct avrspi_sink *sink, struct avrspi_error *error)
{
    struct avrspi_image *image;
    int result = put_kept(sink, error);

    if (result == 0 && avrspi_image_size(sink->image) == 0) /* no bytes: it does not count */
        sink->images--;
    if (result < 0 || sink->images != 1 || sink->first) /* the second is still empty */
        return result;
    image = avrspi_image_new();
    if (!image)
        return avrspi_fail_memory(error);
    sink->first = sink->image;
    sink->image = image;
    return 0;
}

/* Whether both images of the file have bytes for one address. */
static bool images_meet(const struct avrspi_sink *sink)
{
    struct avrspi_segment segment;
    uint64_t at = 0;

    while (at <= UINT32_MAX && avrspi_image_next(sink->image, (uint32_t)at, &segment)) {
        if (avrspi_image_count(sink->first, segment.address, segment.size) > 0)
            return true;
        at = (uint64_t)segment.address + segment.size;
    }
    return false;
}

static int fail_images(const struct avrspi_sink *sink, struct avrspi_error *error)
{
    const struct avrspi_origin begin = {.kind = AVRSPI_ORIGIN_LINE, .line = sink->first_line[1]};
    bool meet = images_meet(sink);

    (void)avrspi_fail_from(error, sink->name, &begin,
                           meet ? "two files were joined, or the second image is for another chip"
                                : "two files were joined, which do not overlap",
                           "expected one image, found %zu: lines %zu to %zu, and lines %zu to %zu",
                           sink->images, sink->first_line[0], sink->end_line[0],
                           sink->first_line[1], sink->end_line[1]);
    avrspi_advise(error, meet ? AVRSPI_ADVICE_FIRST_IMAGE : AVRSPI_ADVICE_TWO_FILES, NULL);
    return AVRSPI_ERR_INPUT;
}

int avrspi_sink_finish(struct avrspi_sink *sink, struct avrspi_error *error)
{
    int result = put_kept(sink, error);

    if (result < 0 || sink->images < 2)
        return result;
    if (avrspi_image_size(sink->image) > 0)
        return fail_images(sink, error);
    avrspi_image_free(sink->image); /* only an end record: it does not count */
    sink->image = sink->first;
    sink->first = NULL;
    return 0;
}

void avrspi_sink_free(struct avrspi_sink *sink)
{
    free(sink->records);
    free(sink->bytes);
    avrspi_names_free(&sink->names);
    avrspi_image_free(sink->first);
    sink->first = NULL;
}
