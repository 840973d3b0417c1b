/* SPDX-License-Identifier: MIT */
#include "cli/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hex.h"
#include "cli/input.h"
#include "image/changes.h"

enum {
    ROW = 16,
    SHOWN_RANGES = 4,
};

static const char *const kinds[AVRSPI_CHANGES] = {
    [AVRSPI_CHANGE_OTHER] = "changed",
    [AVRSPI_CHANGE_ONLY_FIRST] = "only-first",
    [AVRSPI_CHANGE_ONLY_SECOND] = "only-second",
};

/* What is different in one memory. */
struct memory {
    enum avrspi_memory memory;
    const struct avrspi_image *images[DIFF_SIDES]; /* NULL: no bytes */
    size_t bytes[AVRSPI_CHANGES];
    size_t fill[DIFF_SIDES]; /* bytes of 0xFF that only this side has */
};

/* --- what differs */

static bool is_erasable(enum avrspi_memory memory)
{
    return memory == AVRSPI_MEMORY_FLASH || memory == AVRSPI_MEMORY_EEPROM;
}

static const struct avrspi_image *holder(const struct memory *memory,
                                         const struct avrspi_change *change)
{
    return memory->images[change->kind == AVRSPI_CHANGE_ONLY_SECOND];
}

/* Bytes of 0xFF that only one side has are what the other has as well, once it is on a chip. */
static bool is_fill(const struct memory *memory, const struct avrspi_change *change)
{
    struct avrspi_segment segment;

    if (change->kind == AVRSPI_CHANGE_OTHER || !is_erasable(memory->memory) ||
        !avrspi_image_next(holder(memory, change), change->address, &segment))
        return false;
    for (size_t n = 0; n < change->size; n++)
        if (segment.data[n] != 0xFF)
            return false;
    return true;
}

/* The first real change at or after an address. */
static bool next_change(const struct memory *memory, uint64_t at, struct avrspi_change *change)
{
    while (avrspi_image_next_change(memory->images[0], memory->images[1], at, change)) {
        if (!is_fill(memory, change))
            return true;
        at = (uint64_t)change->address + change->size;
    }
    return false;
}

static uint64_t end_of(const struct avrspi_change *change)
{
    return (uint64_t)change->address + change->size;
}

static void count(struct memory *memory)
{
    struct avrspi_change change;

    for (uint64_t at = 0;
         avrspi_image_next_change(memory->images[0], memory->images[1], at, &change);
         at = end_of(&change)) {
        if (is_fill(memory, &change))
            memory->fill[change.kind == AVRSPI_CHANGE_ONLY_SECOND] += change.size;
        else
            memory->bytes[change.kind] += change.size;
    }
}

static size_t total(const struct memory *memory)
{
    size_t sum = 0;

    for (int kind = 0; kind < AVRSPI_CHANGES; kind++)
        sum += memory->bytes[kind];
    return sum;
}

/* --- text */

/* "20 B changed: 0x0012-0x0013 0x0040-0x0051 ..." */
static void show_kind(struct cli *cli, const struct diff *diff, const struct memory *memory,
                      enum avrspi_change_kind kind)
{
    struct avrspi_change change;
    char ranges[160] = "";
    size_t used = 0;
    int shown = 0;

    if (memory->bytes[kind] == 0)
        return;
    for (uint64_t at = 0; next_change(memory, at, &change); at = end_of(&change)) {
        if (change.kind != kind)
            continue;
        if (shown++ == SHOWN_RANGES) {
            (void)snprintf(ranges + used, sizeof ranges - used, " ...");
            break;
        }
        used +=
            (size_t)snprintf(ranges + used, sizeof ranges - used, " 0x%04X-0x%04llX",
                             (unsigned)change.address, (unsigned long long)(end_of(&change) - 1));
    }
    ui_line(&cli->ui, avrspi_memory_name(memory->memory), "%zu B %s%s:%s", memory->bytes[kind],
            kind == AVRSPI_CHANGE_OTHER ? "changed" : "only in ",
            kind == AVRSPI_CHANGE_OTHER ? "" : diff->names[kind == AVRSPI_CHANGE_ONLY_SECOND],
            ranges);
}

/* A byte of a side in a row. Of the second side only what differs: the rest is as above it. */
static const char *byte_text(const struct memory *memory, uint32_t address, int side, char text[4])
{
    uint8_t bytes[DIFF_SIDES] = {0};
    bool has[DIFF_SIDES];

    for (int n = 0; n < DIFF_SIDES; n++)
        has[n] =
            memory->images[n] && avrspi_image_get(memory->images[n], address, &bytes[n], 1, 0) == 1;
    if (!has[side])
        return side == 1 && has[0] ? " --" : "   ";
    if (side == 1 && has[0] && bytes[0] == bytes[1])
        return "   ";
    (void)snprintf(text, 4, " %02X", bytes[side]);
    return text;
}

/* A row of a side, with the address where it is the first one there; false where the side has no
 * byte of it. */
static bool show_row(struct cli *cli, const struct memory *memory, uint64_t row, int side,
                     bool first)
{
    static const enum ui_style styles[DIFF_SIDES] = {UI_OLD, UI_NEW};
    char address[24] = "", text[3 * ROW + 1], byte[4];
    size_t length = 3 * (size_t)ROW;

    if (!memory->images[side] || avrspi_image_count(memory->images[side], (uint32_t)row, ROW) == 0)
        return false;
    (void)snprintf(address, sizeof address, "0x%04llX", (unsigned long long)row);
    for (uint32_t n = 0; n < ROW; n++)
        memcpy(text + 3 * n, byte_text(memory, (uint32_t)row + n, side, byte), 4);
    while (length && text[length - 1] == ' ')
        text[--length] = '\0';
    (void)printf("%-8s%s%c%s%s\n", first ? address : "",
                 ui_style_begin(cli->ui.color, styles[side]), "-+"[side], text,
                 ui_style_end(cli->ui.color));
    return true;
}

/* Every row that has a change, once. */
static void show_rows(struct cli *cli, const struct memory *memory)
{
    struct avrspi_change change;

    if (ui_is_json(&cli->ui) || cli->ui.quiet)
        return;
    for (uint64_t at = 0; next_change(memory, at, &change);) {
        const uint64_t row = (change.address > at ? change.address : at) / ROW * ROW;

        (void)show_row(cli, memory, row, 1, !show_row(cli, memory, row, 0, true));
        at = row + ROW;
    }
    ui_flush(&cli->ui);
}

static void show_fill(struct cli *cli, const struct diff *diff, const struct memory *memory)
{
    for (int side = 0; side < DIFF_SIDES; side++)
        if (memory->fill[side] && side != diff->target)
            ui_line(&cli->ui, avrspi_memory_name(memory->memory),
                    "%zu B of 0xFF only in %s: as erased cells are", memory->fill[side],
                    diff->names[side]);
}

/* --- JSON */

static json_t *hex_of(const struct avrspi_image *image, const struct avrspi_change *change)
{
    struct avrspi_segment segment;
    char *hex = malloc(2 * change->size + 1), *at = hex;
    json_t *json;

    if (!hex || !avrspi_image_next(image, change->address, &segment)) {
        free(hex);
        return NULL;
    }
    for (size_t n = 0; n < change->size; n++)
        at = avrspi_hex_encode(at, segment.data[n]);
    *at = '\0';
    json = json_string(hex);
    free(hex);
    return json;
}

static void add_changes(json_t *list, const struct memory *memory)
{
    static const char *const keys[DIFF_SIDES] = {"old", "new"};
    struct avrspi_change change;

    for (uint64_t at = 0; next_change(memory, at, &change); at = end_of(&change)) {
        json_t *object =
            json_pack("{s:s, s:I, s:I, s:s}", "memory", avrspi_memory_name(memory->memory),
                      "address", (json_int_t)change.address, "bytes", (json_int_t)change.size,
                      "change", kinds[change.kind]);

        for (int side = 0; side < DIFF_SIDES; side++)
            if (change.kind == AVRSPI_CHANGE_OTHER ||
                holder(memory, &change) == memory->images[side])
                (void)json_object_set_new(object, keys[side],
                                          hex_of(memory->images[side], &change));
        (void)json_array_append_new(list, object);
    }
}

/* --- both */

bool diff_has(const struct cli *cli, const struct diff *diff, enum avrspi_memory memory)
{
    return (diff->target == DIFF_SIDES || is_erasable(memory)) &&
           (!config_given(&cli->config, OPT_MEMORY) || cli->config.memory == memory);
}

int diff_show(struct cli *cli, const struct diff *diff, struct avrspi_error *error)
{
    json_t *changes = json_array();
    size_t different = 0, equal = 0;

    for (int n = 0; n < AVRSPI_MEMORIES; n++) {
        struct memory memory = {.memory = (enum avrspi_memory)n};

        for (int side = 0; side < DIFF_SIDES; side++)
            memory.images[side] = avrspi_contents_image(diff->contents[side], memory.memory);
        if (!diff_has(cli, diff, memory.memory) || !(memory.images[0] || memory.images[1]))
            continue;
        count(&memory);
        for (int kind = 0; kind < AVRSPI_CHANGES; kind++)
            show_kind(cli, diff, &memory, (enum avrspi_change_kind)kind);
        show_fill(cli, diff, &memory);
        show_rows(cli, &memory);
        add_changes(changes, &memory);
        different += total(&memory);
        equal += memory.images[0]
                     ? avrspi_image_size(memory.images[0]) - memory.bytes[AVRSPI_CHANGE_OTHER] -
                           memory.bytes[AVRSPI_CHANGE_ONLY_FIRST] - memory.fill[0]
                     : 0;
    }
    ui_fact(&cli->ui, "differences", json_integer((json_int_t)different));
    ui_fact(&cli->ui, "equal", json_integer((json_int_t)equal));
    ui_fact(&cli->ui, "changes", changes);
    if (different == 0) {
        ui_line(&cli->ui, "equal", "%zu B", equal);
        return 0;
    }
    return avrspi_fail(error, AVRSPI_ERR_VERIFY,
                       "%.100s and %.100s differ in %zu B, %zu B are equal", diff->names[0],
                       diff->names[1], different, equal);
}
