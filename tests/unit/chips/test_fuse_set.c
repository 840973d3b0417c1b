/* SPDX-License-Identifier: MIT */
/* 'FIELD=VALUE': which fuses it sets. */
#include "known_chips.h"

#include <stdio.h>
#include <string.h>

#include "chips/record.h"

/* What is typed, what the low, high, ext or lock byte becomes from 0xFF (-1: an error), and what a
 * bare number is said to mean. */
static void names_are_whole_or_a_beginning(void **state)
{
    static const struct {
        const char *chip, *text;
        enum avrspi_fuse fuse;
        int value;
        const char *meaning;
    } rows[] = {
        {"ATmega328P", "SUT=2", AVRSPI_FUSE_LOW, 0xEF,
         "SUT=2 makes SUT_CKSEL 0x2F: crystal 8 MHz and up, start-up 16K CK + 4.1 ms"},
        {"ATmega328P", "cksel=0xF", AVRSPI_FUSE_LOW, 0xFF,
         "CKSEL=0xF makes SUT_CKSEL 0x3F: crystal 8 MHz and up, start-up 16K CK + 65 ms"},
        {"ATmega328P", "SUT_C=2", AVRSPI_FUSE_LOW, 0xC2,
         "SUT_CKSEL=2 is internal RC oscillator 8 MHz, start-up 6 CK"},
        {"ATmega328P", "LB=3", AVRSPI_FUSE_LOCK, 0xFF, "LB=3 is mode 1: no lock"},
        {"ATmega328P", "LB=mode3", AVRSPI_FUSE_LOCK, 0xFC, NULL},
        {"ATmega328P", "LB=read", AVRSPI_FUSE_LOCK, 0xFC, NULL},
        {"ATmega328P", "LB=1", AVRSPI_FUSE_LOCK, 0xFD,
         "LB=1 is a value that the datasheet does not describe"},
        {"ATmega328P", "BLB12=0", AVRSPI_FUSE_LOCK, 0xDF,
         "BLB12=0 makes BLB1 0x01: mode 4: LPM in the application section may not read the boot "
         "section"},
        {"ATmega328P", "EESAVE=0", AVRSPI_FUSE_HIGH, 0xF7,
         "EESAVE=0 is programmed: EEPROM kept by chip erase"},
        {"ATmega328P", "BODLEVEL=2V7", AVRSPI_FUSE_EXT, 0xFD, NULL},
        {"ATmega328P", "BODLEVEL=2.7 V", AVRSPI_FUSE_EXT, 0xFD, NULL},
        {"ATmega328P", "BODL=4", AVRSPI_FUSE_EXT, 0xFC, "BODLEVEL=4 is brown-out reset at 4.3 V"},
        {"ATtiny26", "PLLCK=on", AVRSPI_FUSE_LOW, 0x7F, NULL},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_whole_or_a_beginning),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
