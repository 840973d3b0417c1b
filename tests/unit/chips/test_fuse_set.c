/* SPDX-License-Identifier: MIT */
/* 'FIELD=VALUE': which fuses it sets, and what it says of a value that a field
 * does not have. */
#include "known_chips.h"

#include <stdio.h>
#include <string.h>

#include "chips/record.h"

/* What is typed, what the low, high, ext or lock byte becomes from 0xFF (-1: an
 * error), and what a bare number is said to mean. */
static void names_are_whole_or_a_beginning(void **state)
{
    static const struct {
        const char *chip, *text;
        enum avrspi_fuse fuse;
        int value;
        const char *meaning;
    } rows[] = {
        {"ATmega328P", "SUT=2", AVRSPI_FUSE_LOW, 0xEF,
         "SUT=2 makes SUT_CKSEL 0x2F: crystal 8 MHz and up, start-up 16K CK + "
         "4.1 ms"},
        {"ATmega328P", "cksel=0xF", AVRSPI_FUSE_LOW, 0xFF,
         "CKSEL=0xF makes SUT_CKSEL 0x3F: crystal 8 MHz and up, start-up 16K CK "
         "+ 65 ms"},
        {"ATmega328P", "SUT_C=2", AVRSPI_FUSE_LOW, 0xC2,
         "SUT_CKSEL=2 is internal RC oscillator 8 MHz, start-up 6 CK"},
        {"ATmega328P", "LB=3", AVRSPI_FUSE_LOCK, 0xFF, "LB=3 is mode 1: no lock"},
        {"ATmega328P", "LB=mode3", AVRSPI_FUSE_LOCK, 0xFC, NULL},
        {"ATmega328P", "LB=read", AVRSPI_FUSE_LOCK, 0xFC, NULL},
        {"ATmega328P", "LB=1", AVRSPI_FUSE_LOCK, 0xFD,
         "LB=1 is a value that the datasheet does not describe"},
        {"ATmega328P", "BLB12=0", AVRSPI_FUSE_LOCK, 0xDF,
         "BLB12=0 makes BLB1 0x01: mode 4: LPM in the application section may "
         "not read the boot "
         "section"},
        {"ATmega328P", "EESAVE=0", AVRSPI_FUSE_HIGH, 0xF7,
         "EESAVE=0 is programmed: EEPROM kept by chip erase"},
        {"ATmega328P", "BODLEVEL=2V7", AVRSPI_FUSE_EXT, 0xFD, NULL},
        {"ATmega328P", "BODLEVEL=2.7 V", AVRSPI_FUSE_EXT, 0xFD, NULL},
        {"ATmega328P", "BODL=4", AVRSPI_FUSE_EXT, 0xFC, "BODLEVEL=4 is brown-out reset at 4.3 V"},
        {"ATtiny26", "PLLCK=on", AVRSPI_FUSE_LOW, 0x7F, NULL},
        {"ATtiny88", "SUT_CKSEL=0x12", AVRSPI_FUSE_LOW, 0xDE,
         "SUT_CKSEL=0x12 is internal RC oscillator 8 MHz, start-up 6 CK + 4.1 "
         "ms"},
        {"ATtiny88", "SUT_CKSEL=4", 0, -1, NULL}, /* a gap between SUT and CKSEL */
        {"ATtiny26", "PLLCK_SUT_CKSEL=0x41", 0, -1, NULL},
        {"ATmega328P", "SU=2", 0, -1, NULL},
        {"ATmega328P", "KSEL=2", 0, -1, NULL},
        {"ATmega328P", "CKSEL=16", 0, -1, NULL},
        {"ATmega328P", "CKSEL4=0", 0, -1, NULL},
        {"ATmega328P", "CKSEL=INTRC_8MHZ_6CK_65MS", 0, -1, NULL},
        {"ATmega328P", "BODLEVEL=8", 0, -1, NULL},
        {"ATmega328P", "BODLEVEL=.7V", 0, -1, NULL},
        {"ATmega328P", "BODLEVEL=", 0, -1, NULL},
        {"ATmega328P", "BOOTSZ=256", 0, -1, NULL},
        {"ATmega328P", "LB=locked", 0, -1, NULL},
        {"ATmega328P", "BLB=3", 0, -1, NULL},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        const struct avrspi_chip *chip = find_chip(rows[n].chip);
        struct avrspi_fuses fuses = {.value = {0xFF, 0xFF, 0xFF, 0xFF}};
        struct avrspi_error error = {0};
        int result = avrspi_fuses_set(chip, rows[n].text, &fuses, &error);
        char meaning[320] = "";

        assert_int_equal(result, rows[n].value < 0 ? AVRSPI_ERR_USAGE : 0);
        assert_int_equal(error.code, result);
        if (rows[n].value < 0)
            continue;
        assert_int_equal(fuses.value[rows[n].fuse], rows[n].value);
        assert_int_equal(avrspi_fuses_meaning(chip, rows[n].text, &fuses, meaning, sizeof meaning),
                         rows[n].meaning != NULL);
        assert_string_equal(meaning, rows[n].meaning ? rows[n].meaning : "");
    }
}

/* Calls a function with each field, and each part of one, that a chip has. */
static void for_each_field(const struct avrspi_chip *chip,
                           void (*check)(const struct avrspi_chip *chip,
                                         const struct avrspi_field *field))
{
    for (size_t n = 0; n < chip->n_fields; n++)
        check(chip, &chip->fields[n]);
    for (size_t n = 0; n < chip->n_parts; n++)
        check(chip, &chip->parts[n]);
}

/* The field's bits become the number and no other bit changes, or it is
 * refused. */
static void check_number(const struct avrspi_chip *chip, const struct avrspi_field *field,
                         unsigned number)
{
    const struct avrspi_fuses before = {.value = {0xA5, 0xA5, 0xA5, 0xA5}};
    struct avrspi_fuses fuses = before, expected = before;
    unsigned bits = number << field->shift;
    bool fits = (bits & ~(unsigned)field->mask) == 0;
    char text[64];

    if (fits) {
        expected.value[field->fuse] = (uint8_t)((0xA5 & ~field->mask) | bits);
        expected.given[field->fuse] = true;
    }
    (void)snprintf(text, sizeof text, "%s=%u", field->name, number);
    EXPECT((avrspi_fuses_set(chip, text, &fuses, NULL) == 0) == fits, chip, "%s", text);
    EXPECT(memcmp(&fuses, &expected, sizeof fuses) == 0, chip, "%s gives 0x%02X", text,
           fuses.value[field->fuse]);
}

static void check_numbers(const struct avrspi_chip *chip, const struct avrspi_field *field)
{
    for (unsigned number = 0; number < 256; number++)
        check_number(chip, field, number);
}

static void every_number_of_every_field(void **state)
{
    (void)state;
    FOR_EACH(chip)
    for_each_field(chip, check_numbers);
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);

    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

/* The hint names the values in order: it is whole where its end is. */
static void check_hint(const struct avrspi_chip *chip, const struct avrspi_field *field)
{
    const struct avrspi_value *last =
        field->n_values > 0 ? &field->values[field->n_values - 1] : NULL;
    struct avrspi_fuses fuses = {0};
    struct avrspi_error error;
    char text[64];

    (void)snprintf(text, sizeof text, "%s=?", field->name);
    assert_int_equal(avrspi_fuses_set(chip, text, &fuses, &error), AVRSPI_ERR_USAGE);
    EXPECT(!last || ends_with(error.hint, last->text), chip, "the values of %s are cut off",
           field->name);
}

static void every_value_of_every_field_is_in_the_hint(void **state)
{
    (void)state;
    FOR_EACH(chip)
    for_each_field(chip, check_hint);
}

static void every_field_of_a_chip_is_in_the_hint(void **state)
{
    (void)state;
    FOR_EACH(chip)
    {
        const struct avrspi_field *last = chip->n_parts    ? &chip->parts[chip->n_parts - 1]
                                          : chip->n_fields ? &chip->fields[chip->n_fields - 1]
                                                           : NULL;
        struct avrspi_fuses fuses = {0};
        struct avrspi_error error;

        assert_int_equal(avrspi_fuses_set(chip, "?=0", &fuses, &error), AVRSPI_ERR_USAGE);
        EXPECT(!last || ends_with(error.hint, last->name), chip, "the fields are cut off");
    }
}

static void numbers_of_a_field_without_names(void **state)
{
    static const struct {
        const char *chip, *text, *hint;
    } rows[] = {
        {"ATmega328P", "CKSEL=16", "CKSEL takes a number from 0 to 0xF"},
        {"AT90SCR100", "CKSEL=2", "CKSEL takes a number of which no bit outside 0x9 is set"},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct avrspi_fuses fuses = {0};
        struct avrspi_error error;

        assert_int_equal(avrspi_fuses_set(find_chip(rows[n].chip), rows[n].text, &fuses, &error),
                         AVRSPI_ERR_USAGE);
        assert_string_equal(error.hint, rows[n].hint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_whole_or_a_beginning),
        cmocka_unit_test(every_number_of_every_field),
        cmocka_unit_test(every_value_of_every_field_is_in_the_hint),
        cmocka_unit_test(every_field_of_a_chip_is_in_the_hint),
        cmocka_unit_test(numbers_of_a_field_without_names),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
