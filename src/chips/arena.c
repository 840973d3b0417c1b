/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_SIZE = 32 * 1024, /* a built-in file needs one or two */
};

struct avrspi_arena_block {
    struct avrspi_arena_block *next;
    size_t used, size;
    max_align_t data[];
};

static struct avrspi_arena_block *add_block(struct avrspi_arena *arena, size_t size)
{
    struct avrspi_arena_block *block = calloc(1, sizeof *block + size);

    if (block) {
        block->size = size;
        block->next = arena->blocks;
        arena->blocks = block;
    }
    return block;
}

/* From a multiple of 'alignment' on. */
static void *take(struct avrspi_arena *arena, size_t size, size_t alignment)
{
    struct avrspi_arena_block *block = arena->blocks;
    size_t place = block ? (block->used + alignment - 1) / alignment * alignment : 0;

    if (!block || place > block->size || block->size - place < size) {
        block = add_block(arena, size > BLOCK_SIZE ? size : BLOCK_SIZE);
        place = 0;
    }
    if (!block)
        return NULL;
    block->used = place + size;
    return (char *)block->data + place;
}

void *avrspi_arena_alloc(struct avrspi_arena *arena, size_t size)
{
    return take(arena, size, alignof(max_align_t));
}

void *avrspi_arena_copy(struct avrspi_arena *arena, const void *data, size_t size)
{
    void *copy = avrspi_arena_alloc(arena, size);

    if (copy && size > 0)
        memcpy(copy, data, size);
    return copy;
}

char *avrspi_arena_text(struct avrspi_arena *arena, const char *text, size_t size)
{
    char *copy = take(arena, size + 1, 1);

    if (copy)
        memcpy(copy, text, size);
    return copy;
}

void avrspi_arena_free(struct avrspi_arena *arena)
{
    while (arena->blocks) {
        struct avrspi_arena_block *block = arena->blocks;

        arena->blocks = block->next;
        free(block);
    }
}
