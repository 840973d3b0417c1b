/* SPDX-License-Identifier: MIT */
/* Memory that is allocated piece by piece and freed all at once. */
#ifndef AVRSPI_SRC_CHIPS_ARENA_H
#define AVRSPI_SRC_CHIPS_ARENA_H

#include <stddef.h>

struct avrspi_arena_block;

struct avrspi_arena {
    struct avrspi_arena_block *blocks; /* NULL: an empty arena */
};

/* 'size' bytes of zeros, aligned for anything; NULL when out of memory. They belong to the
 * arena. */
void *avrspi_arena_alloc(struct avrspi_arena *arena, size_t size);

/* Copies of 'size' bytes, and of a text with a NUL after it; NULL when out of memory. */
void *avrspi_arena_copy(struct avrspi_arena *arena, const void *data, size_t size);
char *avrspi_arena_text(struct avrspi_arena *arena, const char *text, size_t size);

/* Frees everything that the arena gave. */
void avrspi_arena_free(struct avrspi_arena *arena);

#endif
