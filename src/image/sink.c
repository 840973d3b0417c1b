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

    if (needed <= *room)
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

    if (!records)
        return avrspi_fail_memory(error);
    sink->records = records;
    bytes = grow(sink->bytes, sink->bytes_used + size, &sink->bytes_room, 1);
    if (!bytes)
        return avrspi_fail_memory(error);
    sink->bytes = bytes;
    return 0;
}

int avrspi_sink_emit(struct avrspi_sink *sink, uint32_t address, const void *data, size_t size,
                     const struct avrspi_origin *origin, struct avrspi_error *error)
{
    struct avrspi_record record = {
        .at = sink->bytes_used,
        .size = size,
        .address = address,
        .number = sink->count,
        .origin = origin ? *origin : (struct avrspi_origin){0},
    };

    if (size == 0)
        return 0;
    if (reserve(sink, size, error) < 0 ||
        avrspi_names_keep(&sink->names, &record.origin, error) < 0)
        return AVRSPI_ERR_FAILURE;
    memcpy(sink->bytes + sink->bytes_used, data, size);
    sink->bytes_used += size;
    sink->records[sink->count++] = record;
    return 0;
}

void avrspi_sink_start(struct avrspi_sink *sink, uint32_t address)
{
    sink->has_start = true;
    sink->start = address;
}

/* qsort() is not stable: the number keeps the result the same everywhere. */
static int compare(const void *left, const void *right)
{
    const struct avrspi_record *a = left, *b = right;

    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static uint8_t byte_at(const struct avrspi_sink *sink, const struct avrspi_record *record,
                       uint32_t address)
{
    return sink->bytes[record->at + (address - record->address)];
}

/* records[index] and some record before it differ at 'address'. */
static int fail_overlap(const struct avrspi_sink *sink, size_t index, uint32_t address,
                        struct avrspi_error *error)
{
    const struct avrspi_record *late = &sink->records[index], *early = sink->records;

    while (address - early->address >= early->size) /* those before all begin at or below it */
        early++;
    if (early->number > late->number) {
        const struct avrspi_record *swap = early;

        early = late;
        late = swap;
    }
    return avrspi_fail_from(
        error, sink->name, &late->origin,
        "two parts of it overlap: one is too large, or was linked for the wrong address",
        "expected 0x%02X at address 0x%04X, as %s has it, found 0x%02X",
        byte_at(sink, early, address), (unsigned)address, avrspi_origin_show(&early->origin).text,
        byte_at(sink, late, address));
}

int avrspi_sink_put(struct avrspi_sink *sink, struct avrspi_image *image,
                    struct avrspi_error *error)
{
    if (sink->count > 0)
        qsort(sink->records, sink->count, sizeof *sink->records, compare);
    for (size_t i = 0; i < sink->count; i++) {
        const struct avrspi_record *record = &sink->records[i];
        const uint8_t *data = sink->bytes + record->at;
        uint32_t where;
        int result = avrspi_image_put_from(image, record->address, data, record->size,
                                           &record->origin, error);

        if (result == AVRSPI_ERR_INPUT &&
            avrspi_image_differs(image, record->address, data, record->size, &where))
            return fail_overlap(sink, i, where, error);
        if (result < 0)
            return result;
    }
    if (sink->has_start)
        avrspi_image_set_start(image, sink->start);
    if (sink->no_addresses)
        avrspi_image_set_placeable(image);
    return 0;
}

void avrspi_sink_free(struct avrspi_sink *sink)
{
    free(sink->records);
    free(sink->bytes);
    avrspi_names_free(&sink->names);
    *sink = (struct avrspi_sink){0};
}
