/* SPDX-License-Identifier: MIT */
#include "image/source.h"

#include <stdlib.h>
#include <string.h>

void avrspi_source_of_memory(struct avrspi_source *source, const void *data, size_t size)
{
    *source = (struct avrspi_source){
        .data = data ? data : "",
        .size = size,
        .ended = true,
        .fd = -1,
    };
}

int avrspi_source_open(struct avrspi_source *source, const char *path, struct avrspi_error *error)
{
    *source = (struct avrspi_source){.data = "", .path = path};
    return avrspi_file_open(path, &source->fd, error);
}

void avrspi_source_close(struct avrspi_source *source)
{
    if (source->fd >= 0)
        avrspi_file_close(source->fd);
    free(source->buffer.data);
    source->buffer = (struct avrspi_buffer){0};
}

/* Drops what was read already. */
static void move_down(struct avrspi_source *source)
{
    struct avrspi_buffer *buffer = &source->buffer;

    if (source->at == 0)
        return;
    buffer->size -= source->at;
    memmove(buffer->data, buffer->data + source->at, buffer->size);
    source->at = 0;
    source->size = buffer->size;
}

int avrspi_source_want(struct avrspi_source *source, size_t wanted, struct avrspi_error *error)
{
    int result = 0;

    if (source->ended || source->size - source->at >= wanted)
        return 0;
    move_down(source);
    while (result == 0 && !source->ended && source->buffer.size < wanted)
        result =
            avrspi_file_read_more(source->fd, source->path, &source->buffer, &source->ended, error);
    if (source->buffer.data)
        source->data = source->buffer.data;
    source->size = source->buffer.size;
    return result;
}
