/* SPDX-License-Identifier: MIT */
/*
 * Instructions as chip files write them, and the set that nearly every AVR has: table "Serial
 * Programming Instruction Set" of any datasheet, such as DS40002061 (ATmega48A-328P).
 */
#include "parse.h"

#include "base/hex.h"
#include "base/text.h"

#include <string.h>

/* Bytes: beyond, word addresses have more than 16 bits, and need Load Extended Address. */
static const uint32_t LARGEST_16_BIT = 128 * 1024;

static const char *const standard_set[AVRSPI_INSTRUCTIONS] = {
    [AVRSPI_PROGRAMMING_ENABLE] = "AC 53 00 00",
    [AVRSPI_CHIP_ERASE] = "AC 80 00 00",
    [AVRSPI_POLL_RDY_BSY] = "F0 00 00 xxxxxxxo",
    [AVRSPI_LOAD_EXT_ADDRESS] = "4D 00 AX 00",
    [AVRSPI_LOAD_FLASH_LOW] = "40 00 AL DI",
    [AVRSPI_LOAD_FLASH_HIGH] = "48 00 AL DI",
    [AVRSPI_WRITE_FLASH_PAGE] = "4C AH AL 00",
    [AVRSPI_WRITE_FLASH_LOW] = "40 AH AL DI",
    [AVRSPI_WRITE_FLASH_HIGH] = "48 AH AL DI",
    [AVRSPI_READ_FLASH_LOW] = "20 AH AL DO",
    [AVRSPI_READ_FLASH_HIGH] = "28 AH AL DO",
    [AVRSPI_READ_EEPROM] = "A0 AH AL DO",
    [AVRSPI_WRITE_EEPROM] = "C0 AH AL DI",
    [AVRSPI_LOAD_EEPROM_PAGE] = "C1 00 AL DI",
    [AVRSPI_WRITE_EEPROM_PAGE] = "C2 AH AL 00",
    [AVRSPI_READ_SIGNATURE] = "30 00 xxxxxxaa DO",
    [AVRSPI_READ_CALIBRATION] = "38 00 xxxxxxaa DO",
    [AVRSPI_READ_LOW] = "50 00 00 DO",
    [AVRSPI_READ_HIGH] = "58 08 00 DO",
    [AVRSPI_READ_EXT] = "50 08 00 DO",
    [AVRSPI_READ_LOCK] = "58 00 00 DO",
    [AVRSPI_WRITE_LOW] = "AC A0 00 DI",
    [AVRSPI_WRITE_HIGH] = "AC A8 00 DI",
    [AVRSPI_WRITE_EXT] = "AC A4 00 DI",
    [AVRSPI_WRITE_LOCK] = "AC E0 00 DI",
};

static const struct avrspi_instruction empty = {
    .answer_bit = {-1, -1, -1, -1, -1, -1, -1, -1},
};

/* The words that stand for a whole byte. The answer is in the fourth byte alone. */
static bool read_word(const char *word, size_t byte, struct avrspi_instruction *instruction)
{
    if (memcmp(word, "AH", 2) == 0 || memcmp(word, "AL", 2) == 0 || memcmp(word, "AX", 2) == 0) {
        instruction->address_mask[byte] = 0xFF;
        instruction->address_shift[byte] = word[1] == 'L' ? 0 : word[1] == 'H' ? 8 : 16;
        return true;
    }
    if (memcmp(word, "DI", 2) == 0) {
        instruction->data_mask[byte] = 0xFF;
        return true;
    }
    if (memcmp(word, "DO", 2) == 0 && byte == 3) {
        for (int bit = 0; bit < 8; bit++)
            instruction->answer_bit[bit] = (int8_t)bit;
        return true;
    }
    return avrspi_hex_byte(word, 2, &instruction->fixed[byte]);
}

/* One bit of a byte that is written bit by bit. */
static bool read_bit(char symbol, unsigned place, size_t byte,
                     struct avrspi_instruction *instruction)
{
    uint8_t bit = (uint8_t)(1U << place);
    unsigned answer = symbol == 'o' ? place : (unsigned)(symbol - 'A');

    switch (symbol) {
    case '0':
    case 'x':
        return true;
    case '1':
        instruction->fixed[byte] |= bit;
        return true;
    case 'a':
        instruction->address_mask[byte] |= bit;
        return true;
    case 'i':
        instruction->data_mask[byte] |= bit;
        return true;
    default:
        if (answer > 7 || byte != 3 || instruction->answer_bit[answer] >= 0)
            return false;
        instruction->answer_bit[answer] = (int8_t)place;
        return true;
    }
}

static bool read_byte(const char *word, size_t size, size_t byte,
                      struct avrspi_instruction *instruction)
{
    if (size == 2)
        return read_word(word, byte, instruction);
    if (size != 8)
        return false;
    for (unsigned i = 0; i < 8; i++) {
        if (!read_bit(word[i], 7 - i, byte, instruction))
            return false;
    }
    return true;
}

bool avrspi_encoding_parse(const char *text, struct avrspi_instruction *instruction,
                           const char **wrong)
{
    const char *rest = text;
    size_t size;

    *instruction = empty;
    *wrong = text;
    if (avrspi_text_equal(text, "none"))
        return true;
    for (size_t byte = 0; byte < 4; byte++) {
        const char *word = avrspi_text_word(&rest, &size);

        if (!word)
            return false;
        *wrong = word;
        if (!read_byte(word, size, byte, instruction))
            return false;
    }
    instruction->defined = true;
    *wrong = avrspi_text_word(&rest, &size);
    return *wrong == NULL;
}

void avrspi_encoding_standard(struct avrspi_instruction standard[AVRSPI_INSTRUCTIONS])
{
    for (size_t id = 0; id < AVRSPI_INSTRUCTIONS; id++) {
        const char *wrong;

        (void)avrspi_encoding_parse(standard_set[id], &standard[id], &wrong);
    }
}

/* Whether a chip of that kind has an instruction at all. */
static bool has(const struct avrspi_chip *chip, enum avrspi_instruction_id id)
{
    bool flash = chip->flash_size > 0, paged = flash && chip->flash_page > 0;

    switch (id) {
    case AVRSPI_POLL_RDY_BSY:
        return chip->rdy_bsy || chip->rdy_bsy_unknown;
    case AVRSPI_LOAD_EXT_ADDRESS:
        return chip->flash_start + chip->flash_size > LARGEST_16_BIT;
    case AVRSPI_LOAD_FLASH_LOW:
    case AVRSPI_LOAD_FLASH_HIGH:
    case AVRSPI_WRITE_FLASH_PAGE:
        return paged;
    case AVRSPI_WRITE_FLASH_LOW:
    case AVRSPI_WRITE_FLASH_HIGH:
        return flash && !paged;
    case AVRSPI_READ_FLASH_LOW:
    case AVRSPI_READ_FLASH_HIGH:
        return flash;
    case AVRSPI_READ_EEPROM:
    case AVRSPI_WRITE_EEPROM:
        return chip->eeprom_size > 0;
    case AVRSPI_LOAD_EEPROM_PAGE:
    case AVRSPI_WRITE_EEPROM_PAGE:
        return chip->eeprom_size > 0 && chip->eeprom_page > 0;
    case AVRSPI_READ_CALIBRATION:
        return chip->calibration_bytes > 0;
    case AVRSPI_READ_LOW:
    case AVRSPI_READ_HIGH:
    case AVRSPI_READ_EXT:
    case AVRSPI_READ_LOCK:
        return chip->fuse[id - AVRSPI_READ_LOW].mask != 0;
    case AVRSPI_WRITE_LOW:
    case AVRSPI_WRITE_HIGH:
    case AVRSPI_WRITE_EXT:
    case AVRSPI_WRITE_LOCK:
        return chip->fuse[id - AVRSPI_WRITE_LOW].mask != 0;
    default:
        return true;
    }
}

/* The address bits inside a page go with the load, those above them with the write. */
static uint8_t address_bits(const struct avrspi_chip *chip, enum avrspi_instruction_id id)
{
    switch (id) {
    case AVRSPI_LOAD_FLASH_LOW:
    case AVRSPI_LOAD_FLASH_HIGH:
        return (uint8_t)(chip->flash_page / 2 - 1);
    case AVRSPI_WRITE_FLASH_PAGE:
        return (uint8_t) ~(chip->flash_page / 2 - 1);
    case AVRSPI_LOAD_EEPROM_PAGE:
        return (uint8_t)(chip->eeprom_page - 1);
    case AVRSPI_WRITE_EEPROM_PAGE:
        return (uint8_t) ~(chip->eeprom_page - 1);
    default:
        return 0xFF;
    }
}

void avrspi_encoding_derive(const struct avrspi_instruction standard[AVRSPI_INSTRUCTIONS],
                            struct avrspi_definition *definition)
{
    struct avrspi_chip *chip = &definition->chip;

    for (unsigned i = 0; i < AVRSPI_INSTRUCTIONS; i++) {
        enum avrspi_instruction_id id = (enum avrspi_instruction_id)i;

        if (definition->instructions >> i & 1)
            continue;
        chip->instruction[i] = has(chip, id) ? standard[i] : empty;
        chip->instruction[i].address_mask[2] &= address_bits(chip, id);
    }
}
