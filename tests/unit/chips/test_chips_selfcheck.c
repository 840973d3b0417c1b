/* SPDX-License-Identifier: MIT */
/* Walks every chip built in: what must be true of each, whatever the facts are. */
#include "known_chips.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "chips/record.h"

/* Fields whose factory value has no row in their list. */
static const struct {
    const char *chip, *field, *reason;
} unknown_defaults[] = {
    {"ATmega32U6", "SUT_CKSEL", "CKSEL 0001 is reserved in its relatives; hardly made"},
    {"ATmega64HVE", "CKSEL", "an early version, whose sources name value 1 only"},
};

static void there_are_enough_of_them(void **state)
{
    (void)state;
    assert_true(avrspi_chips_count(chips) >= 200);
}

static void words_are_there(void **state)
{
    (void)state;
    FOR_EACH(chip)
    {
        EXPECT(chip->family[0], chip, "no family");
        for (size_t i = 0; i < chip->n_fields; i++) {
            const struct avrspi_field *field = &chip->fields[i];

            for (size_t j = 0; j < field->n_values; j++)
                EXPECT(field->values[j].name[0] && !strpbrk(field->values[j].name, " :"), chip,
                       "%s: bad name '%s'", field->name, field->values[j].name);
        }
    }
}

static bool is_known_exception(const struct avrspi_chip *chip, const struct avrspi_field *field)
{
    for (size_t i = 0; i < sizeof unknown_defaults / sizeof *unknown_defaults; i++)
        if (strcmp(unknown_defaults[i].chip, chip->name) == 0 &&
            strcmp(unknown_defaults[i].field, field->name) == 0)
            return true;
    return false;
}

static void default_values_have_a_row(void **state)
{
    size_t exceptions = 0;

    (void)state;
    FOR_EACH(chip)
    {
        for (size_t i = 0; i < chip->n_fields; i++) {
            const struct avrspi_field *field = &chip->fields[i];
            uint8_t value = avrspi_field_get(field, chip->fuse[field->fuse].default_value);

            if (field->n_values == 0 || avrspi_field_value(field, value))
                continue;
            EXPECT(is_known_exception(chip, field), chip, "%s: no row for its default 0x%02X",
                   field->name, value);
            exceptions++;
        }
    }
    assert_int_equal(exceptions, sizeof unknown_defaults / sizeof *unknown_defaults);
}

static void values_fit_and_differ(void **state)
{
    (void)state;
    FOR_EACH(chip)
    {
        for (size_t i = 0; i < chip->n_fields; i++) {
            const struct avrspi_field *field = &chip->fields[i];

            for (size_t a = 0; a < field->n_values; a++) {
                uint8_t value = field->values[a].value;

                EXPECT(avrspi_field_get(field, avrspi_field_set(field, 0, value)) == value, chip,
                       "%s: value 0x%02X does not fit", field->name, value);
                for (size_t b = 0; b < a; b++)
                    EXPECT(field->values[b].value != value &&
                               strcasecmp(field->values[b].name, field->values[a].name) != 0,
                           chip, "%s: '%s' twice", field->name, field->values[a].name);
            }
        }
    }
}

static void fields_lie_apart_in_their_bytes(void **state)
{
    (void)state;
    FOR_EACH(chip)
    {
        uint8_t bits[AVRSPI_FUSES] = {0};

        for (size_t i = 0; i < chip->n_fields; i++) {
            const struct avrspi_field *field = &chip->fields[i];

            EXPECT(!(field->mask & ~chip->fuse[field->fuse].mask) &&
                       !(bits[field->fuse] & field->mask) && (field->mask >> field->shift & 1),
                   chip, "%s: mask 0x%02X", field->name, field->mask);
            bits[field->fuse] |= field->mask;
            EXPECT(i == 0 || field->fuse >= field[-1].fuse, chip, "%s is not with its byte",
                   field->name);
        }
    }
}

/* Fields with a bit that is the same in all their named values: bits that a device file counts in,
 * though nothing uses them, look like that. Each that is right has a row with its source. */
static const struct {
    const char *chip; /* "" for all */
    const char *field;
    uint8_t bits;
    const char *source;
} shared_bits[] = {
    {"", "BODLEVEL", 0x04,
     "ATmega328P, DS40002061, table 'BODLEVEL Fuse Coding': 000-011 reserved"},
    {"ATtiny80", "SUT_CKSEL", 0x0C, "the device file alone, as in ATtiny88's; never sold"},
    {"ATtiny840", "SUT_CKSEL", 0x0C, "as ATtiny80"},
    {"ATtiny43U", "SUT_CKSEL", 0x0C, "no crystal: CKSEL3 and CKSEL2 are 0 in what is left"},
    {"ATmega16HVB", "OSCSEL", 0x03, "datasheet 8042, table 'OSCSEL': 01 is the only setting"},
    {"ATmega16HVBrevB", "OSCSEL", 0x03, "as ATmega16HVB"},
    {"ATmega32HVB", "OSCSEL", 0x03, "as ATmega16HVB"},
    {"ATmega32HVBrevB", "OSCSEL", 0x03, "as ATmega16HVB"},
    {"ATmega32HVE2", "CKSEL", 0x01, "the device file alone: one setting"},
    {"ATmega64HVE", "CKSEL", 0x01, "as ATmega32HVE2"},
};

static bool may_share_bits(const struct avrspi_chip *chip, const struct avrspi_field *field,
                           uint8_t bits, bool used[])
{
    for (size_t i = 0; i < sizeof shared_bits / sizeof *shared_bits; i++)
        if ((!*shared_bits[i].chip || strcmp(shared_bits[i].chip, chip->name) == 0) &&
            strcmp(shared_bits[i].field, field->name) == 0 && shared_bits[i].bits == bits)
            return used[i] = true;
    return false;
}

static void named_values_use_every_bit(void **state)
{
    bool used[sizeof shared_bits / sizeof *shared_bits] = {false};

    (void)state;
    FOR_EACH(chip)
    {
        for (size_t i = 0; i < chip->n_fields; i++) {
            const struct avrspi_field *field = &chip->fields[i];
            uint8_t ones = 0, zeros = 0, all = field->mask >> field->shift;

            for (size_t n = 0; n < field->n_values; n++) {
                ones |= field->values[n].value;
                zeros |= (uint8_t)~field->values[n].value;
            }
            all &= (uint8_t) ~(ones & zeros);
            EXPECT(field->n_values == 0 || !all || may_share_bits(chip, field, all, used), chip,
                   "%s: bits 0x%02X are the same in all values", field->name, all);
        }
    }
    for (size_t i = 0; i < sizeof used / sizeof *used; i++)
        assert_true(used[i]);
}

/* SUT_CKSEL has SUT and CKSEL, each with bits of its own, and together all of them. */
static void combined_fields_have_their_parts(void **state)
{
    (void)state;
    FOR_EACH(chip)
    {
        for (size_t i = 0; i < chip->n_fields; i++) {
            const struct avrspi_field *field = &chip->fields[i], *part;
            uint8_t bits = 0;

            for (size_t n = 0; (part = avrspi_chip_part_at(chip, field, n)) != NULL; n++) {
                EXPECT((bits & part->mask) == 0, chip, "%s shares bits", part->name);
                EXPECT(strstr(field->name, part->name), chip, "%s in %s", part->name, field->name);
                bits |= part->mask;
            }
            EXPECT(strchr(field->name, '_') ? bits == field->mask : bits == 0, chip,
                   "parts of %s: 0x%02X", field->name, bits);
        }
    }
}

/* The address and data that make the most of an instruction's bits differ from another's. */
static void encode(const struct avrspi_chip *chip, unsigned id, uint32_t address, unsigned data,
                   uint8_t out[4])
{
    avrspi_instruction_encode(&chip->instruction[id], address, (uint8_t)data, out);
}

static bool is_read(unsigned id)
{
    return id == AVRSPI_READ_LOW || id == AVRSPI_READ_LOCK;
}

/* All the second bytes that data can make, and some addresses, tried against one another. */
static void instructions_are_told_apart(void **state)
{
    static const uint32_t addresses[] = {0x0000, 0x0800, 0x0808, 0x5300, 0xFFFF, 0x1FFFF};
    static const size_t count = sizeof addresses / sizeof *addresses;

    (void)state;
    FOR_EACH(chip)
    {
        for (unsigned a = 0; a < AVRSPI_INSTRUCTIONS; a++) {
            for (unsigned b = 0; b < a; b++) {
                if (!chip->instruction[a].defined || !chip->instruction[b].defined ||
                    (is_read(a) && is_read(b)))
                    continue;
                for (size_t i = 0; i < 16 * count; i++) {
                    uint8_t one[4], two[4];

                    encode(chip, a, addresses[i % count], (unsigned)(i / count) * 0x11, one);
                    encode(chip, b, addresses[i % count], (unsigned)(i / count) * 0x11, two);
                    EXPECT(memcmp(one, two, 4) != 0, chip, "%s looks like %s",
                           avrspi_instruction_name((enum avrspi_instruction_id)a),
                           avrspi_instruction_name((enum avrspi_instruction_id)b));
                }
            }
        }
    }
}

static void instructions_suit_the_memories(void **state)
{
    (void)state;
    FOR_EACH(chip)
    {
        const struct avrspi_instruction *instruction = chip->instruction;
        bool flash = chip->flash_size > 0, paged = chip->flash_page > 0;

        EXPECT(instruction[AVRSPI_LOAD_FLASH_LOW].defined == (flash && paged), chip, "load");
        EXPECT(instruction[AVRSPI_LOAD_FLASH_HIGH].defined == (flash && paged), chip, "load");
        EXPECT(instruction[AVRSPI_WRITE_FLASH_PAGE].defined == (flash && paged), chip, "page");
        EXPECT(instruction[AVRSPI_WRITE_FLASH_LOW].defined == (flash && !paged), chip, "byte");
        EXPECT(instruction[AVRSPI_WRITE_FLASH_HIGH].defined == (flash && !paged), chip, "byte");
        EXPECT(instruction[AVRSPI_READ_FLASH_LOW].defined == flash, chip, "read");
        EXPECT(instruction[AVRSPI_READ_EEPROM].defined && instruction[AVRSPI_WRITE_EEPROM].defined,
               chip, "EEPROM");
        EXPECT(instruction[AVRSPI_WRITE_EEPROM_PAGE].defined == (chip->eeprom_page > 0), chip,
               "EEPROM page");
        EXPECT(instruction[AVRSPI_READ_CALIBRATION].defined == (chip->calibration_bytes > 0), chip,
               "calibration");
        EXPECT(instruction[AVRSPI_POLL_RDY_BSY].defined == chip->rdy_bsy, chip, "poll");
        EXPECT(instruction[AVRSPI_READ_SIGNATURE].defined, chip, "signature");
        for (unsigned fuse = AVRSPI_FUSE_HIGH; fuse < AVRSPI_FUSE_LOCK; fuse++) {
            bool is = chip->fuse[fuse].mask != 0;

            EXPECT(instruction[avrspi_fuse_read_id((enum avrspi_fuse)fuse)].defined == is &&
                       instruction[avrspi_fuse_write_id((enum avrspi_fuse)fuse)].defined == is,
                   chip, "fuse byte %u", fuse);
        }
    }
}

static void boot_sections_end_with_the_flash(void **state)
{
    (void)state;
    FOR_EACH(chip)
    {
        const struct avrspi_field *field = avrspi_chip_field(chip, "BOOTSZ");

        for (size_t i = 0; field && i < field->n_values; i++) {
            unsigned words, size, start;

            EXPECT(sscanf(field->values[i].name, "%uW", &words) == 1 &&
                       sscanf(field->values[i].text, "boot section %u words, from word 0x%X", &size,
                              &start) == 2 &&
                       words == size && (start + size) * 2 == chip->flash_size,
                   chip, "BOOTSZ '%s'", field->values[i].text);
        }
    }
}

/* As delivered, the fuses select the clock that the chip is said to be delivered with. */
static void factory_clock_follows_from_the_fuses(void **state)
{
    size_t known = 0;

    (void)state;
    FOR_EACH(chip)
    {
        uint8_t fuses[AVRSPI_FUSES];
        struct avrspi_clock clock;

        for (size_t i = 0; i < AVRSPI_FUSES; i++)
            fuses[i] = chip->fuse[i].default_value;
        clock = avrspi_chip_clock(chip, fuses);
        if (chip->factory_clock == 0) {
            EXPECT(clock.source != AVRSPI_CLOCK_INTERNAL || chip->unverified, chip, "clock");
        } else if (clock.source != AVRSPI_CLOCK_UNKNOWN) {
            EXPECT(clock.source == AVRSPI_CLOCK_INTERNAL && clock.min_hz <= chip->factory_clock &&
                       clock.max_hz == chip->factory_clock,
                   chip, "factory_clock %u, but its fuses select %u", (unsigned)chip->factory_clock,
                   (unsigned)clock.max_hz);
            known++;
        }
    }
    assert_true(known > 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_enough_of_them),
        cmocka_unit_test(words_are_there),
        cmocka_unit_test(default_values_have_a_row),
        cmocka_unit_test(values_fit_and_differ),
        cmocka_unit_test(fields_lie_apart_in_their_bytes),
        cmocka_unit_test(named_values_use_every_bit),
        cmocka_unit_test(combined_fields_have_their_parts),
        cmocka_unit_test(instructions_are_told_apart),
        cmocka_unit_test(instructions_suit_the_memories),
        cmocka_unit_test(boot_sections_end_with_the_flash),
        cmocka_unit_test(factory_clock_follows_from_the_fuses),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
