/* SPDX-License-Identifier: MIT */
#include "image/origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* --- words */

struct avrspi_origin_text avrspi_origin_show(const struct avrspi_origin *origin)
{
    struct avrspi_origin_text shown = {"the file"};

    if (origin->kind == AVRSPI_ORIGIN_LINE)
        (void)snprintf(shown.text, sizeof shown.text, "line %zu", origin->line);
    else if (origin->kind == AVRSPI_ORIGIN_SECTION)
        (void)snprintf(shown.text, sizeof shown.text, "section %s", origin->name);
    return shown;
}

int avrspi_fail_from_list(struct avrspi_error *error, const char *name,
                          const struct avrspi_origin *origin, const char *hint, const char *format,
                          va_list arguments)
{
    char message[sizeof error->message];

    (void)vsnprintf(message, sizeof message, format, arguments);
    if (origin->kind == AVRSPI_ORIGIN_LINE) /* as compilers have it, and editors understand */
        avrspi_fail_named(error, AVRSPI_ERR_INPUT, name, ":%zu: %s", origin->line, message);
    else if (origin->kind == AVRSPI_ORIGIN_SECTION)
        avrspi_fail_named(error, AVRSPI_ERR_INPUT, name, ": section %s: %s", origin->name, message);
    else
        avrspi_fail_named(error, AVRSPI_ERR_INPUT, name, ": %s", message);
    avrspi_hint(error, "%s", hint);
    return AVRSPI_ERR_INPUT;
}

int avrspi_fail_from(struct avrspi_error *error, const char *name,
                     const struct avrspi_origin *origin, const char *hint, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)avrspi_fail_from_list(error, name, origin, hint, format, arguments);
    va_end(arguments);
    return AVRSPI_ERR_INPUT;
}

/* --- names */

int avrspi_names_keep(struct avrspi_names *names, struct avrspi_origin *origin,
                      struct avrspi_error *error)
{
    char **larger, *copy;

    if (origin->kind != AVRSPI_ORIGIN_SECTION)
        return 0;
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], origin->name) == 0) {
            origin->name = names->items[i];
            return 0;
        }
    }
    larger = realloc(names->items, (names->count + 1) * sizeof *larger);
    if (!larger)
        return avrspi_fail_memory(error);
    names->items = larger;
    copy = strdup(origin->name);
    if (!copy)
        return avrspi_fail_memory(error);
    names->items[names->count++] = copy;
    origin->name = copy;
    return 0;
}

void avrspi_names_free(struct avrspi_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    *names = (struct avrspi_names){0};
}

/* --- origins by address */

static uint64_t item_end(const struct avrspi_origin_item *item)
{
    return item->address + item->size;
}

/* The index of the first item that ends behind an address. */
static size_t find(const struct avrspi_origins *origins, uint64_t address)
{
    size_t low = 0, high = origins->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (item_end(&origins->items[middle]) <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The direction in which a line goes on the lines of an item; 0 when it does not. */
static int direction(const struct avrspi_origin_item *item, size_t line)
{
    const size_t lines = (size_t)(item->size / item->step);

    if (item->direction >= 0 && line == item->origin.line + lines)
        return 1;
    return item->direction <= 0 && line + lines == item->origin.line ? -1 : 0;
}

/* Makes bytes right behind an item part of it, where they may be. */
static bool extend(struct avrspi_origin_item *item, uint32_t address, size_t size,
                   const struct avrspi_origin *origin)
{
    bool line = origin->kind == AVRSPI_ORIGIN_LINE;
    int way = line && item->step ? direction(item, origin->line) : 0;

    if (item_end(item) != address || item->origin.kind != origin->kind)
        return false;
    if (line ? way == 0 || item->size % item->step != 0 || size > item->step
             : item->origin.name != origin->name) /* names are kept once */
        return false;
    item->direction = way;
    item->size += size;
    return true;
}

static int reserve(struct avrspi_origins *origins, struct avrspi_error *error)
{
    size_t room = origins->room > 0 ? origins->room * 2 : 16;
    struct avrspi_origin_item *larger;

    if (origins->count < origins->room)
        return 0;
    larger = realloc(origins->items, room * sizeof *larger);
    if (!larger)
        return avrspi_fail_memory(error);
    origins->items = larger;
    origins->room = room;
    return 0;
}

int avrspi_origins_add(struct avrspi_origins *origins, uint32_t address, size_t size,
                       const struct avrspi_origin *origin, struct avrspi_error *error)
{
    struct avrspi_origin now = *origin;
    size_t index;

    if (origin->kind == AVRSPI_ORIGIN_NONE || size == 0)
        return 0;
    if (reserve(origins, error) < 0 || avrspi_names_keep(&origins->names, &now, error) < 0)
        return AVRSPI_ERR_FAILURE;
    index = find(origins, address);
    if (index > 0 && extend(&origins->items[index - 1], address, size, &now))
        return 0;
    if (index < origins->count)
        memmove(&origins->items[index + 1], &origins->items[index],
                (origins->count - index) * sizeof *origins->items);
    origins->items[index] = (struct avrspi_origin_item){
        .address = address,
        .step = now.kind == AVRSPI_ORIGIN_LINE ? (uint32_t)size : 0,
        .size = size,
        .origin = now,
    };
    origins->count++;
    return 0;
}

struct avrspi_origin avrspi_origins_at(const struct avrspi_origins *origins, uint32_t address,
                                       uint64_t *end)
{
    size_t index = find(origins, address);
    const struct avrspi_origin_item *item = index < origins->count ? &origins->items[index] : NULL;
    struct avrspi_origin origin = {0};
    uint64_t until = AVRSPI_ADDRESS_END;

    if (item && item->address > address) {
        until = item->address;
    } else if (item) {
        const size_t lines = item->step ? (address - item->address) / item->step : 0;

        origin = item->origin;
        origin.line = item->direction < 0 ? origin.line - lines : origin.line + lines;
        until = item->step ? item->address + (lines + UINT64_C(1)) * item->step : item_end(item);
        until = until < item_end(item) ? until : item_end(item);
    }
    if (end)
        *end = until;
    return origin;
}

void avrspi_origins_move(struct avrspi_origins *origins, uint32_t from, uint32_t to)
{
    for (size_t i = 0; i < origins->count; i++)
        origins->items[i].address += to - from;
}

void avrspi_origins_free(struct avrspi_origins *origins)
{
    free(origins->items);
    avrspi_names_free(&origins->names);
    *origins = (struct avrspi_origins){0};
}
