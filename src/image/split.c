/* SPDX-License-Identifier: MIT */
#include "image/split.h"

#include "base/error.h"
#include "image/image.h"
#include "image/origin.h"

enum {
    FLASH_END = 0x800000,
};

/* The output sections of avr-gcc's linker scripts (ldscripts/avr*.x of binutils). */
static const struct window {
    uint32_t begin, end;
    enum avrspi_memory memory;
    const char *left_out; /* why nothing is programmed there; NULL: something is */
} windows[] = {
    {0, FLASH_END, AVRSPI_MEMORY_FLASH, NULL},
    {0x800000, 0x810000, AVRSPI_MEMORIES, "data memory (RAM)"},
    {0x810000, 0x820000, AVRSPI_MEMORY_EEPROM, NULL},
    {0x820000, 0x830000, AVRSPI_MEMORY_FUSES, NULL},
    {0x830000, 0x840000, AVRSPI_MEMORY_LOCK, NULL},
    {0x840000, 0x840003, AVRSPI_MEMORY_SIGNATURE, NULL},
    {0x840003, 0x850000, AVRSPI_MEMORY_CALIBRATION, NULL}, /* as avrdude 8 has it in its backups */
    {0x850000, 0x860000, AVRSPI_MEMORY_USER_ROW, NULL},
    {0x860000, 0x870000, AVRSPI_MEMORIES, "boot row or user row of parts without SPI programming"},
    {0x910000, 0x920000, AVRSPI_MEMORIES, "facts for debuggers (.mmcu)"},
};

enum {
    WINDOWS = sizeof windows / sizeof *windows,
};

static const struct window *find_window(uint32_t address)
{
    for (size_t i = 0; i < WINDOWS; i++) {
        if (address >= windows[i].begin && address < windows[i].end)
            return &windows[i];
    }
    return NULL;
}

struct split {
    const char *name;
    struct avrspi_contents *contents;
    size_t left_out[WINDOWS];                /* bytes */
    struct avrspi_origin left_from[WINDOWS]; /* of the first */
};

/* Microcontrollers of other makers have their flash at addresses that no AVR has. */
static int fail_address(const struct split *split, const struct avrspi_origin *origin,
                        uint32_t address, struct avrspi_error *error)
{
    bool arm = address >= 0x08000000 && address < 0x09000000;

    return avrspi_fail_from(
        error, split->name, origin,
        arm ? "the flash of many ARM processors begins at 0x08000000: is it a file for one?"
            : "expected flash below 0x800000, eeprom at 0x810000, fuses at 0x820000, lock at "
              "0x830000, signature at 0x840000 or userrow at 0x850000",
        "address 0x%X belongs to no memory of an AVR", (unsigned)address);
}

/* Puts the first piece of a segment that is in one window and has one origin; returns its size,
 * or a negative error. */
static int64_t put_piece(const struct avrspi_image *file, struct split *split,
                         const struct avrspi_segment *segment, struct avrspi_error *error)
{
    const struct window *window = find_window(segment->address);
    uint64_t end = (uint64_t)segment->address + segment->size, same_until;
    struct avrspi_origin origin = avrspi_image_origin_until(file, segment->address, &same_until);
    size_t size;
    int result = 0;

    if (!window)
        return fail_address(split, &origin, segment->address, error);
    if (end > same_until)
        end = same_until;
    if (end > window->end)
        end = window->end;
    size = (size_t)(end - segment->address);
    if (window->left_out && split->left_out[window - windows] == 0)
        split->left_from[window - windows] = origin;
    if (window->left_out)
        split->left_out[window - windows] += size;
    else
        result =
            avrspi_contents_put(split->contents, window->memory, segment->address - window->begin,
                                segment->data, size, &origin, error);
    return result < 0 ? result : (int64_t)size;
}

static int remark(const struct split *split, struct avrspi_facts *facts, struct avrspi_error *error)
{
    int result = 0;

    for (size_t i = 0; result == 0 && i < WINDOWS; i++) {
        if (split->left_out[i] > 0 && windows[i].left_out)
            result = avrspi_facts_remark(facts, error, "%zu B at 0x%X left out (from %s on): %s",
                                         split->left_out[i], (unsigned)windows[i].begin,
                                         avrspi_origin_show(&split->left_from[i]).text,
                                         windows[i].left_out);
    }
    return result;
}

bool avrspi_split_needed(const struct avrspi_image *file)
{
    return avrspi_image_end(file) > FLASH_END;
}

int avrspi_split(const struct avrspi_image *file, const char *name,
                 struct avrspi_contents *contents, struct avrspi_facts *facts,
                 struct avrspi_error *error)
{
    struct split split = {.name = name, .contents = contents};
    struct avrspi_segment segment;
    uint64_t at = 0;

    while (at <= UINT32_MAX && avrspi_image_next(file, (uint32_t)at, &segment)) {
        int64_t size = put_piece(file, &split, &segment, error);

        if (size < 0)
            return (int)size;
        at = (uint64_t)segment.address + (uint64_t)size;
    }
    return remark(&split, facts, error);
}

/* --- the other way round */

uint32_t avrspi_split_base(enum avrspi_memory memory)
{
    for (size_t i = 0; i < WINDOWS; i++)
        if (windows[i].memory == memory && !windows[i].left_out)
            return windows[i].begin;
    return 0;
}

int avrspi_contents_join(const struct avrspi_contents *contents, struct avrspi_image **image,
                         struct avrspi_error *error)
{
    struct avrspi_image *all = avrspi_image_new();
    int result = all ? 0 : avrspi_fail_memory(error);

    *image = NULL;
    for (int n = 0; result == 0 && n < AVRSPI_MEMORIES; n++) {
        const uint32_t base = avrspi_split_base((enum avrspi_memory)n);
        const struct avrspi_image *memory = avrspi_contents_image(contents, (enum avrspi_memory)n);
        struct avrspi_segment segment;
        uint64_t at = 0;

        while (memory && result == 0 && at <= UINT32_MAX &&
               avrspi_image_next(memory, (uint32_t)at, &segment)) {
            result =
                avrspi_image_put(all, base + segment.address, segment.data, segment.size, error);
            at = (uint64_t)segment.address + segment.size;
        }
    }
    if (result < 0)
        avrspi_image_free(all);
    else
        *image = all;
    return result;
}
