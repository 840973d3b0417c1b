/* SPDX-License-Identifier: MIT */
#include "arena.h"

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

void *avrspi_arena_alloc(struct avrspi_arena *arena, size_t size)
{
    struct avrspi_arena_block *block = arena->blocks;
    void *data;

    size = (size + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!block || block->size - block->used < size)
        block = add_block(arena, size > BLOCK_SIZE ? size : BLOCK_SIZE);
    if (!block)
        return NULL;
    data = (char *)block->data + block->used;
    block->used += size;
    return data;
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
    char *copy = avrspi_arena_alloc(arena, size + 1);

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
