/* SPDX-License-Identifier: MIT */
/* Instructions as the AVR Instruction Set Manual encodes them. */
#include "image/jump.h"

enum {
    NOP = 0x0000,
    RETI = 0x9518,
    ERASED = 0xFFFF,
    SMALL_FLASH = 8192, /* up to here a vector is one word, enough for rjmp; from there on two */
};

/* The word at an address, low byte first; false where the image does not hold it. */
static bool word_at(const struct avrspi_image *image, uint32_t address, unsigned *word)
{
    uint8_t bytes[2];

    if (address > UINT32_MAX - 1 || avrspi_image_get(image, address, bytes, 2, 0xFF) < 2)
        return false;
    *word = bytes[0] | (unsigned)bytes[1] << 8;
    return true;
}

static bool is_rjmp(unsigned word)
{
    return (word & 0xF000) == 0xC000;
}

static bool is_jmp(unsigned word)
{
    return (word & 0xFE0E) == 0x940C;
}

bool avrspi_is_jump(const uint8_t bytes[2])
{
    unsigned word = bytes[0] | (unsigned)bytes[1] << 8;

    return is_rjmp(word) || is_jmp(word);
}

/* rjmp goes from -2048 to 2047 words relative to the next instruction, and beyond an end of a small
 * flash it goes on at the other. */
static uint32_t rjmp_target(const struct avrspi_chip *chip, uint32_t address, unsigned word)
{
    uint32_t start = avrspi_memory_start(chip, AVRSPI_MEMORY_FLASH);
    int64_t size = avrspi_memory_size(chip, AVRSPI_MEMORY_FLASH);
    int64_t distance = (word & 0x0FFF) * 2 - ((word & 0x0800) ? 0x2000 : 0);
    int64_t target = ((int64_t)address - start + 2 + distance) % size;

    return start + (uint32_t)(target < 0 ? target + size : target);
}

bool avrspi_jump_at(const struct avrspi_image *image, const struct avrspi_chip *chip,
                    uint32_t address, struct avrspi_jump *jump)
{
    unsigned first, second;

    if (!word_at(image, address, &first))
        return false;
    if (is_rjmp(first)) {
        *jump = (struct avrspi_jump){"rjmp", 2, rjmp_target(chip, address, first)};
        return true;
    }
    if (!is_jmp(first) || address > UINT32_MAX - 3 || !word_at(image, address + 2, &second))
        return false;
    *jump = (struct avrspi_jump){
        "jmp", 4, ((uint32_t)(first & 0x01F0) << 13 | (uint32_t)(first & 1) << 16 | second) * 2};
    return true;
}

/* One vector: a jump or reti, with nothing behind it in its place. */
static bool is_vector(const struct avrspi_image *image, uint32_t address, uint32_t size)
{
    unsigned first, second;

    if (!word_at(image, address, &first))
        return false;
    if (size == 2)
        return is_rjmp(first) || first == RETI;
    if (address > UINT32_MAX - 3 || !word_at(image, address + 2, &second))
        return false;
    return is_jmp(first) ||
           ((is_rjmp(first) || first == RETI) && (second == NOP || second == ERASED));
}

bool avrspi_vectors_at(const struct avrspi_image *image, const struct avrspi_chip *chip,
                       uint32_t address, struct avrspi_vectors *vectors)
{
    uint32_t size = avrspi_memory_size(chip, AVRSPI_MEMORY_FLASH) > SMALL_FLASH ? 4 : 2;
    uint32_t count = 0;

    while (address <= UINT32_MAX - (count + 1) * size &&
           is_vector(image, address + count * size, size))
        count++;
    *vectors = (struct avrspi_vectors){address, count * size, count};
    return count >= 2;
}
