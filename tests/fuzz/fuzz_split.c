/* SPDX-License-Identifier: MIT */
/*
 * Contents of two files, joined and checked against a chip as 'flash A B' does. The input is a
 * string of pieces, each for one of the files: a byte that says which file, which memory and how
 * many bytes, four bytes of address, the bytes. What both have and the result has is the same.
 */
#include <stdlib.h>
#include <string.h>

#include "avrspi/chips.h"
#include "avrspi/contents.h"

static void require(bool condition)
{
    if (!condition)
        abort();
}

static uint32_t address_of(const uint8_t *data)
{
    return (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

/* Takes a piece; returns its size in the input, 0 when there is none. */
static size_t put_piece(struct avrspi_contents *files[2], const uint8_t *data, size_t size)
{
    static const struct avrspi_origin line = {.kind = AVRSPI_ORIGIN_LINE, .line = 7};
    size_t length = size > 5 ? (data[0] & 0x0FU) + 1 : 0;
    enum avrspi_memory memory;
    struct avrspi_error error;
    uint32_t address;
    int result;

    if (length == 0 || size - 5 < length)
        return 0;
    memory = (enum avrspi_memory)((data[0] >> 4 & 7) % AVRSPI_MEMORIES);
    address = address_of(data + 1);
    result =
        avrspi_contents_put(files[data[0] >> 7], memory, address, data + 5, length, &line, &error);
    require(result == 0 || (result == AVRSPI_ERR_INPUT && error.message[0]));
    return 5 + length;
}

/* Bytes of 'part' from 'start' up to 'end' are all in 'whole'. */
static void require_within(const struct avrspi_image *part, const struct avrspi_image *whole,
                           uint64_t start, uint64_t end)
{
    struct avrspi_segment a, b;
    uint64_t at = start, stop;

    while (part && at < end && avrspi_image_next(part, (uint32_t)at, &a) && a.address < end) {
        stop = (uint64_t)a.address + a.size;
        stop = stop < end ? stop : end;
        require(whole && avrspi_image_next(whole, a.address, &b) && b.address == a.address);
        require(b.size >= stop - a.address);
        require(memcmp(a.data, b.data, (size_t)(stop - a.address)) == 0);
        at = stop;
    }
}

static void join(struct avrspi_contents *files[2], uint64_t start, uint64_t end)
{
    struct avrspi_contents *both = avrspi_contents_new("both");
    struct avrspi_error error;
    bool agree = avrspi_contents_agree(files[0], files[1], &error) == 0;

    require(both && (agree || (error.code == AVRSPI_ERR_INPUT && error.hint[0])));
    for (int n = 0; agree && n < AVRSPI_MEMORIES; n++) {
        enum avrspi_memory memory = (enum avrspi_memory)n;

        for (int file = 0; file < 2; file++)
            require(avrspi_contents_add(both, files[file], memory, start, end, &error) == 0);
        for (int file = 0; file < 2; file++)
            require_within(avrspi_contents_image(files[file], memory),
                           avrspi_contents_image(both, memory), start, end);
    }
    avrspi_contents_free(both);
}

static void check(struct avrspi_contents *contents, const struct avrspi_chip *chip)
{
    const struct avrspi_image *flash;
    struct avrspi_error error;
    struct avrspi_fuses fuses;
    uint8_t signature[3];

    avrspi_contents_place(contents, chip);
    avrspi_contents_fuses(contents, &fuses);
    (void)avrspi_contents_signature(contents, signature);
    flash = avrspi_contents_image(contents, AVRSPI_MEMORY_FLASH);
    if (avrspi_contents_check(contents, chip, &error) < 0)
        require(error.code == AVRSPI_ERR_INPUT && error.message[0]);
    else if (flash)
        (void)avrspi_program_doubt(flash, chip);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct avrspi_chips *chips;
    struct avrspi_contents *files[2] = {avrspi_contents_new("a"), avrspi_contents_new("b")};
    const struct avrspi_chip *chip;
    uint64_t start, end;
    size_t at = 5, piece;

    require(files[0] && files[1] && (chips || avrspi_chips_open(&chips, NULL) == 0));
    if (size >= at) {
        chip = avrspi_chips_at(chips, data[0] % avrspi_chips_count(chips));
        start = (uint64_t)data[1] << 8 | data[2];
        end = (uint64_t)address_of(data + 1) + 1;
        while ((piece = put_piece(files, data + at, size - at)) > 0)
            at += piece;
        join(files, start, end);
        check(files[0], chip);
        check(files[1], chip);
    }
    avrspi_contents_free(files[0]);
    avrspi_contents_free(files[1]);
    return 0;
}
