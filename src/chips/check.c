/* SPDX-License-Identifier: MIT */
/* Whether the facts of a definition go together. */
#include "parse.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* An error about the chip of the section as a whole. */
#define EXPECTED(parser, found, ...)                                                               \
    avrspi_parse_expected((parser), (parser)->section_line, (found), __VA_ARGS__)

/* What was found, for a message. */
struct found {
    char text[16];
};

static struct found number(uint32_t value)
{
    struct found found;

    (void)snprintf(found.text, sizeof found.text, "%" PRIu32, value);
    return found;
}

static struct found signature(const uint8_t bytes[3])
{
    struct found found;

    (void)snprintf(found.text, sizeof found.text, "%02X %02X %02X", bytes[0], bytes[1], bytes[2]);
    return found;
}

static bool is_power_of_two(uint32_t number)
{
    return number != 0 && (number & (number - 1)) == 0;
}

static bool check_facts(struct avrspi_parser *parser, const struct avrspi_definition *definition)
{
    static const struct {
        unsigned fact;
        const char *name;
    } facts[] = {
        {AVRSPI_FACT_SIGNATURE, "signature"},
        {AVRSPI_FACT_FLASH_SIZE, "flash_size"},
        {AVRSPI_FACT_FLASH_PAGE, "flash_page"},
        {AVRSPI_FACT_MASKS, "fuse_masks"},
    };
    const char *name = definition->chip.name;
    const uint8_t *bytes = definition->chip.signature;

    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        if (!(definition->facts & facts[i].fact))
            return EXPECTED(parser, NULL, "%s to have '%s'", name, facts[i].name);
    }
    /* as a bus without a chip reads */
    if (memcmp(bytes, (uint8_t[3]){0x00, 0x00, 0x00}, 3) == 0 ||
        memcmp(bytes, (uint8_t[3]){0xFF, 0xFF, 0xFF}, 3) == 0) {
        return EXPECTED(parser, signature(bytes).text, "the signature of %s to be that of a chip",
                        name);
    }
    return true;
}

static bool check_flash(struct avrspi_parser *parser, const struct avrspi_chip *chip)
{
    uint32_t unit = chip->flash_page > 0 ? chip->flash_page : 2;
    uint32_t end = chip->flash_start + chip->flash_size;

    if (chip->flash_size % 2 != 0) {
        return EXPECTED(parser, number(chip->flash_size).text,
                        "flash_size of %s to be a number of whole words", chip->name);
    }
    if (!is_power_of_two(unit) || unit < 2 || chip->flash_size % unit != 0) {
        return EXPECTED(parser, number(unit).text,
                        "flash_page of %s to be a power of two, at least 2, that divides "
                        "flash_size (%u)",
                        chip->name, (unsigned)chip->flash_size);
    }
    if (chip->flash_start % unit != 0) {
        return EXPECTED(parser, number(chip->flash_start).text,
                        "flash_start of %s to be a multiple of %u", chip->name, (unsigned)unit);
    }
    if (end > AVRSPI_LARGEST_FLASH) {
        return EXPECTED(parser, number(end).text, "the flash of %s to end at or below %d",
                        chip->name, AVRSPI_LARGEST_FLASH);
    }
    return true;
}

static bool check_eeprom(struct avrspi_parser *parser, const struct avrspi_chip *chip)
{
    if (chip->eeprom_page == 0 ||
        (is_power_of_two(chip->eeprom_page) && chip->eeprom_size % chip->eeprom_page == 0))
        return true;
    return EXPECTED(parser, number(chip->eeprom_page).text,
                    "eeprom_page of %s to be a power of two that divides eeprom_size (%u)",
                    chip->name, (unsigned)chip->eeprom_size);
}

static bool check_memories(struct avrspi_parser *parser, const struct avrspi_chip *chip)
{
    if (chip->flash_size == 0 && chip->eeprom_size == 0)
        return EXPECTED(parser, NULL, "%s to have flash or EEPROM", chip->name);
    return check_flash(parser, chip) && check_eeprom(parser, chip);
}

static bool check_values(struct avrspi_parser *parser, const struct avrspi_chip *chip,
                         const struct avrspi_field *field)
{
    for (size_t i = 0; i < field->n_values; i++) {
        const struct avrspi_value *value = &field->values[i];

        if ((unsigned)value->value << field->shift & ~(unsigned)field->mask) {
            return EXPECTED(parser, value->name, "values of %s.%s of %s that fit in its bits",
                            avrspi_fuse_name(field->fuse), field->name, chip->name);
        }
    }
    return true;
}

static bool check_fields(struct avrspi_parser *parser, const struct avrspi_chip *chip)
{
    uint8_t used[AVRSPI_FUSES] = {0};

    for (size_t i = 0; i < chip->n_fields; i++) {
        const struct avrspi_field *field = &chip->fields[i];

        if (field->mask & ~chip->fuse[field->fuse].mask) {
            return EXPECTED(parser, field->name, "the fields of %s to be inside the %s mask 0x%02X",
                            chip->name, avrspi_fuse_name(field->fuse),
                            chip->fuse[field->fuse].mask);
        }
        if (field->mask & used[field->fuse]) {
            return EXPECTED(parser, field->name, "the fields of %s not to share bits", chip->name);
        }
        used[field->fuse] |= field->mask;
        if (!check_values(parser, chip, field))
            return false;
    }
    return true;
}

/* Whether an address and data can make both instructions the same four bytes. Old chips answer
 * with fuses and lock bits to one and the same instruction: that is fine. */
static bool collide(const struct avrspi_instruction *a, const struct avrspi_instruction *b)
{
    uint8_t variable = 0;

    for (size_t i = 0; i < 4; i++) {
        uint8_t variable_a = a->address_mask[i] | a->data_mask[i];
        uint8_t variable_b = b->address_mask[i] | b->data_mask[i];

        if ((a->fixed[i] ^ b->fixed[i]) & ~(variable_a | variable_b))
            return false;
        variable |= variable_a | variable_b;
    }
    return !(avrspi_instruction_answers(a) && avrspi_instruction_answers(b) && !variable);
}

static bool check_instructions(struct avrspi_parser *parser, const struct avrspi_chip *chip)
{
    static const enum avrspi_instruction_id needed[] = {AVRSPI_PROGRAMMING_ENABLE,
                                                        AVRSPI_CHIP_ERASE};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!chip->instruction[needed[i]].defined) {
            return EXPECTED(parser, "none", "%s to have %s", chip->name,
                            avrspi_instruction_name(needed[i]));
        }
    }
    for (unsigned a = 0; a < AVRSPI_INSTRUCTIONS; a++) {
        for (unsigned b = a + 1; b < AVRSPI_INSTRUCTIONS; b++) {
            if (chip->instruction[a].defined && chip->instruction[b].defined &&
                collide(&chip->instruction[a], &chip->instruction[b])) {
                return EXPECTED(parser, avrspi_instruction_name((enum avrspi_instruction_id)b),
                                "the instructions of %s to differ from %s", chip->name,
                                avrspi_instruction_name((enum avrspi_instruction_id)a));
            }
        }
    }
    return true;
}

bool avrspi_definition_check(struct avrspi_parser *parser,
                             const struct avrspi_definition *definition)
{
    return check_facts(parser, definition) && check_memories(parser, &definition->chip) &&
           check_fields(parser, &definition->chip) && check_instructions(parser, &definition->chip);
}
