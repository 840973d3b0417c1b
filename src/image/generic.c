/* SPDX-License-Identifier: MIT */
/*
 * Reads Atmel generic, as the AVR assembler writes it: a word of flash a line, its word address in
 * six hex digits, ':', and the word in four. In flash the low byte of a word comes first.
 */
#include "image/format.h"

#include <string.h>

#include "image/records.h"

enum {
    ADDRESS_DIGITS = 6,
    LENGTH = ADDRESS_DIGITS + 1 + 4,
};

/* Whether a text begins with a line of the format; *good: how many of its characters are right. */
static bool decode(const char *text, size_t size, uint8_t address[3], uint8_t word[2], size_t *good)
{
    *good = avrspi_hex_decode(text, size < ADDRESS_DIGITS ? size : ADDRESS_DIGITS, address);
    if (*good < ADDRESS_DIGITS || size <= ADDRESS_DIGITS || text[ADDRESS_DIGITS] != ':')
        return false;
    *good = ADDRESS_DIGITS + 1;
    *good += avrspi_hex_decode(text + *good, size < LENGTH ? size - *good : 4, word);
    return *good == LENGTH;
}

static int take_line(void *context, const struct avrspi_text_line *line, struct avrspi_error *error)
{
    struct avrspi_sink *sink = context;
    const struct avrspi_origin origin = {.kind = AVRSPI_ORIGIN_LINE, .line = line->number};
    uint8_t address[3], word[2];
    size_t good;
    uint32_t at;

    if (!decode(line->text, line->size, address, word, &good) || line->size != LENGTH)
        return avrspi_fail_at(
            error, sink->name, line->number,
            "the file was damaged or edited: build or download it again",
            "expected six hex digits, ':' and four hex digits, found %s in column %zu",
            good < line->size ? avrspi_show(line->text[good]).text : "the end of the line",
            line->column + good);
    at = (uint32_t)address[0] << 16 | (uint32_t)address[1] << 8 | address[2];
    return avrspi_sink_emit(sink, 2 * at, (const uint8_t[]){word[1], word[0]}, 2, &origin, error);
}

int avrspi_generic_read(struct avrspi_sink *sink, struct avrspi_source *source,
                        struct avrspi_error *error)
{
    size_t lines;

    return avrspi_text_each_line(source, take_line, sink, &lines, error);
}

bool avrspi_generic_recognise(const char *data, size_t size)
{
    size_t at = avrspi_text_skip_comments(data, size), good;
    uint8_t address[3], word[2];

    return decode(data + at, size - at, address, word, &good) &&
           (size - at == LENGTH || strchr("\r\n \t", data[at + LENGTH]));
}
