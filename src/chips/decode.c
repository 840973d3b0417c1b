/* SPDX-License-Identifier: MIT */
#include "chips/decode.h"

/* The bits of a byte that are the same in each instruction of that kind. */
static uint8_t constant_bits(const struct avrspi_instruction *instruction, unsigned byte)
{
    if (byte == 3 && avrspi_instruction_answers(instruction))
        return 0;
    return (uint8_t) ~(instruction->address_mask[byte] | instruction->data_mask[byte]);
}

/* The constant bits of a byte that are not as the table has them. */
static uint8_t other_bits(const struct avrspi_instruction *instruction, const uint8_t bytes[4],
                          unsigned byte)
{
    return (bytes[byte] ^ instruction->fixed[byte]) & constant_bits(instruction, byte);
}

static bool matches(const struct avrspi_instruction *instruction, const uint8_t bytes[4])
{
    for (unsigned n = 0; n < 4; n++)
        if (other_bits(instruction, bytes, n))
            return false;
    return instruction->defined;
}

static unsigned exact(const struct avrspi_chip *chip, const uint8_t bytes[4])
{
    unsigned id = 0;

    while (id < AVRSPI_INSTRUCTIONS && !matches(&chip->instruction[id], bytes))
        id++;
    return id;
}

/*
 * What a chip takes the bytes for that ignores each bit it may: the first byte decides, and the
 * three upper bits of the second, as in AC 100x xxxx (Chip Erase) and AC 111x xxxx (lock bits); of
 * several whose second byte is nearest (AC A0, AC A4, AC A8). Programming Enable has no such bits
 * there.
 */
static unsigned nearest(const struct avrspi_chip *chip, const uint8_t bytes[4])
{
    enum {
        FAMILY = 0xE0,
        BITS = 8,
    };
    unsigned found = AVRSPI_INSTRUCTIONS;
    int fewest = BITS + 1;

    for (unsigned id = 0; id < AVRSPI_INSTRUCTIONS; id++) {
        const struct avrspi_instruction *instruction = &chip->instruction[id];
        const uint8_t others = other_bits(instruction, bytes, 1);
        const int count = __builtin_popcount(others);

        if (!instruction->defined || other_bits(instruction, bytes, 0) || (others & FAMILY) ||
            (id == AVRSPI_PROGRAMMING_ENABLE && others) || count >= fewest)
            continue;
        found = id;
        fewest = count;
    }
    return found;
}

static uint32_t address_of(const struct avrspi_instruction *instruction, const uint8_t bytes[4])
{
    uint32_t address = 0;

    for (unsigned n = 0; n < 4; n++)
        address |= (uint32_t)(bytes[n] & instruction->address_mask[n])
                   << instruction->address_shift[n];
    return address;
}

static uint8_t data_of(const struct avrspi_instruction *instruction, const uint8_t bytes[4])
{
    uint8_t data = 0;

    for (unsigned n = 0; n < 4; n++)
        data |= bytes[n] & instruction->data_mask[n];
    return data;
}

/* How many addresses an instruction has: words of flash, bytes of all else. */
static uint32_t addresses(const struct avrspi_chip *chip, enum avrspi_instruction_id id)
{
    enum {
        EXTENDED = 0x10000, /* Load Extended Address carries the bits from there on */
        SIGNATURE = 3,
    };

    switch (id) {
    case AVRSPI_READ_FLASH_LOW:
    case AVRSPI_READ_FLASH_HIGH:
    case AVRSPI_WRITE_FLASH_LOW:
    case AVRSPI_WRITE_FLASH_HIGH:
    case AVRSPI_WRITE_FLASH_PAGE:
        return chip->flash_size / 2;
    case AVRSPI_LOAD_FLASH_LOW:
    case AVRSPI_LOAD_FLASH_HIGH:
        return chip->flash_page / 2;
    case AVRSPI_LOAD_EXT_ADDRESS:
        return (chip->flash_size / 2 + EXTENDED - 1) / EXTENDED * EXTENDED;
    case AVRSPI_READ_EEPROM:
    case AVRSPI_WRITE_EEPROM:
    case AVRSPI_WRITE_EEPROM_PAGE:
        return chip->eeprom_size;
    case AVRSPI_LOAD_EEPROM_PAGE:
        return chip->eeprom_page;
    case AVRSPI_READ_SIGNATURE:
        return SIGNATURE;
    case AVRSPI_READ_CALIBRATION:
        return chip->calibration_bytes;
    default:
        return UINT32_MAX;
    }
}

struct avrspi_decoded avrspi_instruction_decode(const struct avrspi_chip *chip,
                                                const uint8_t bytes[4])
{
    struct avrspi_decoded decoded = {.id = AVRSPI_INSTRUCTIONS, .lasting = true};
    const struct avrspi_instruction *instruction;
    unsigned id = exact(chip, bytes);

    decoded.exact = id < AVRSPI_INSTRUCTIONS;
    if (!decoded.exact)
        id = nearest(chip, bytes);
    if (id == AVRSPI_INSTRUCTIONS)
        return decoded;
    instruction = &chip->instruction[id];
    decoded.id = (enum avrspi_instruction_id)id;
    decoded.address = address_of(instruction, bytes);
    decoded.data = data_of(instruction, bytes);
    decoded.inside = decoded.address < addresses(chip, decoded.id);
    decoded.lasting = !avrspi_instruction_answers(instruction) &&
                      decoded.id != AVRSPI_PROGRAMMING_ENABLE &&
                      decoded.id != AVRSPI_LOAD_EXT_ADDRESS;
    return decoded;
}

bool avrspi_instruction_is_harmless(const struct avrspi_decoded *decoded)
{
    return decoded->exact && decoded->inside && !decoded->lasting;
}
