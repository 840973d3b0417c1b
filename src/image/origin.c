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

/* Names are kept once, so that equal ones are the same pointer. */
static bool same(const struct avrspi_origin *a, const struct avrspi_origin *b)
{
    return a->kind == b->kind && a->line == b->line && a->name == b->name;
}

/* The index of the first item at or after an address. */
static size_t find(const struct avrspi_origins *origins, uint64_t address)
{
    size_t low = 0, high = origins->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (origins->items[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The origin that holds in front of the item at 'index'. */
static struct avrspi_origin before(const struct avrspi_origins *origins, size_t index)
{
    return index > 0 ? origins->items[index - 1].origin : (struct avrspi_origin){0};
}

static int reserve(struct avrspi_origins *origins, size_t more, struct avrspi_error *error)
{
    size_t room = origins->room > 0 ? origins->room * 2 : 16;
    struct avrspi_origin_item *larger;

    if (origins->room - origins->count >= more)
        return 0;
    larger = realloc(origins->items, room * sizeof *larger);
    if (!larger)
        return avrspi_fail_memory(error);
    origins->items = larger;
    origins->room = room;
    return 0;
}

int avrspi_origins_set(struct avrspi_origins *origins, uint32_t address, size_t size,
                       const struct avrspi_origin *origin, struct avrspi_error *error)
{
    uint64_t end = (uint64_t)address + size;
    size_t first = find(origins, address), last = find(origins, end), used = 0;
    struct avrspi_origin head = before(origins, first), tail = before(origins, last), now = *origin;
    struct avrspi_origin_item fresh[2];

    if (reserve(origins, 2, error) < 0 || avrspi_names_keep(&origins->names, &now, error) < 0)
        return AVRSPI_ERR_FAILURE;
    if (!same(&head, &now))
        fresh[used++] = (struct avrspi_origin_item){address, now};
    if (last < origins->count && origins->items[last].address == end) {
        if (same(&origins->items[last].origin, &now))
            last++;
    } else if (!same(&tail, &now) && end < AVRSPI_ADDRESS_END) {
        fresh[used++] = (struct avrspi_origin_item){(uint32_t)end, tail};
    }
    if (last < origins->count)
        memmove(&origins->items[first + used], &origins->items[last],
                (origins->count - last) * sizeof *origins->items);
    if (used > 0)
        memcpy(&origins->items[first], fresh, used * sizeof *fresh);
    origins->count = origins->count - (last - first) + used;
    return 0;
}

struct avrspi_origin avrspi_origins_at(const struct avrspi_origins *origins, uint32_t address,
                                       uint64_t *end)
{
    size_t next = find(origins, (uint64_t)address + 1);

    if (end)
        *end = next < origins->count ? origins->items[next].address : AVRSPI_ADDRESS_END;
    return before(origins, next);
}

void avrspi_origins_free(struct avrspi_origins *origins)
{
    free(origins->items);
    avrspi_names_free(&origins->names);
    *origins = (struct avrspi_origins){0};
}
