/* SPDX-License-Identifier: MIT */
#include "image/split.h"

#include "image/image.h"
#include "image/origin.h"

enum {
    FLASH_END = 0x800000,
};

/* The output sections of avr-gcc's linker scripts (ldscripts/avr*.x of binutils). */
static const struct window {
    uint32_t begin, end;
    enum avrspi_memory memory;
    const char *problem; /* where nothing can be programmed there; else NULL */
    const char *hint;    /* what to do about it */
} windows[] = {
    {0, FLASH_END, AVRSPI_MEMORY_FLASH, NULL, NULL},
    {0x800000, 0x810000, AVRSPI_MEMORIES, "is in data memory (RAM), which can't be programmed",
     "leave it out: avr-objcopy -j .text -j .data"},
    {0x810000, 0x820000, AVRSPI_MEMORY_EEPROM, NULL, NULL},
    {0x820000, 0x830000, AVRSPI_MEMORY_FUSES, NULL, NULL},
    {0x830000, 0x840000, AVRSPI_MEMORY_LOCK, NULL, NULL},
    {0x840000, 0x850000, AVRSPI_MEMORY_SIGNATURE, NULL, NULL},
    {0x850000, 0x860000, AVRSPI_MEMORY_USER_ROW, NULL, NULL},
};

static const struct window *find_window(uint32_t address)
{
    static const struct window none = {
        .problem = "belongs to no memory of an AVR",
        .hint = "expected flash below 0x800000, eeprom at 0x810000, fuses at 0x820000, lock at "
                "0x830000, signature at 0x840000 or userrow at 0x850000",
    };

    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        if (address >= windows[i].begin && address < windows[i].end)
            return &windows[i];
    }
    return &none;
}

/* Puts the first piece of a segment that is in one window and has one origin; returns its size,
 * or a negative error. */
static int64_t put_piece(const struct avrspi_image *file, const char *name,
                         const struct avrspi_segment *segment, struct avrspi_contents *contents,
                         struct avrspi_error *error)
{
    const struct window *window = find_window(segment->address);
    uint64_t end = (uint64_t)segment->address + segment->size, same_until;
    struct avrspi_origin origin = avrspi_image_origin_until(file, segment->address, &same_until);
    size_t size;
    int result;

    if (window->problem)
        return avrspi_fail_from(error, name, &origin, window->hint, "address 0x%X %s",
                                (unsigned)segment->address, window->problem);
    if (end > same_until)
        end = same_until;
    if (end > window->end)
        end = window->end;
    size = (size_t)(end - segment->address);
    result = avrspi_contents_put(contents, window->memory, segment->address - window->begin,
                                 segment->data, size, &origin, error);
    return result < 0 ? result : (int64_t)size;
}

bool avrspi_split_needed(const struct avrspi_image *file)
{
    return avrspi_image_end(file) > FLASH_END;
}

int avrspi_split(const struct avrspi_image *file, const char *name,
                 struct avrspi_contents *contents, struct avrspi_error *error)
{
    struct avrspi_segment segment;
    uint64_t at = 0;

    while (at <= UINT32_MAX && avrspi_image_next(file, (uint32_t)at, &segment)) {
        int64_t size = put_piece(file, name, &segment, contents, error);

        if (size < 0)
            return (int)size;
        at = (uint64_t)segment.address + (uint64_t)size;
    }
    return 0;
}
