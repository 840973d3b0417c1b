/* SPDX-License-Identifier: MIT */
/* Recipes: every key, and a mistake in each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "known_chips.h"

#include "chips/record.h"
#include "recipe/recipe.h"
#include "recipe/write.h"

#define UNIT  "[unit]\nchip = ATmega328P\n"
#define FUSES "[fuses]\nlow = 0xFF\n"

static struct avrspi_recipe recipe;
static struct avrspi_error error;

static int parse(const char *text)
{
    return avrspi_recipe_parse(&recipe, "my.recipe", text, strlen(text), &error);
}

static void takes(const char *text)
{
    if (parse(text) < 0)
        fail_msg("%s", error.message);
}

static void every_key_is_taken(void **state)
{
    (void)state;
    takes("\xEF\xBB\xBF# a comment\n[unit]\nchip = ATmega328P, m328pb\nsignature = 1e 95 0F\n"
          "supply = 3.3 V\nclock = 16 MHz\nerase = yes\nkeep_eeprom = yes\nkeep_boot = no\n"
          "check_blank = yes\ncheck_calibration = 0x60-0xC0\nfirmware = a.elf\nfirmware = b.elf\n"
          "before = power 'on and on'\nafter = power off\n"
          "[flash]\nfile = a.hex\nfile = b.bin@0x7E00\n[eeprom]\nfile = c.eep\n"
          "[fuses]\nlow = 0xFF\nbrownout = 2.7V\n[lock]\nLB = mode3\n");
    assert_int_equal(recipe.chips.count, 2);
    assert_string_equal(recipe.chips.at[1].value, "m328pb");
    assert_int_equal(recipe.signature[2], 0x0F);
    assert_int_equal(recipe.supply_mv, 3300);
    assert_int_equal(recipe.clock_hz, 16000000);
    assert_true(recipe.erase && recipe.keep_eeprom && recipe.check_blank);
    assert_false(recipe.keep_boot);
    assert_int_equal(recipe.least_calibration, 0x60);
    assert_int_equal(recipe.most_calibration, 0xC0);
    assert_int_equal(recipe.firmware.count, 2);
    assert_string_equal(recipe.before.value, "power 'on and on'");
    assert_string_equal(recipe.flash.at[1].value, "b.bin@0x7E00");
    assert_int_equal(recipe.flash.at[1].line, 18);
    assert_string_equal(recipe.eeprom.at[0].value, "c.eep");
    assert_string_equal(recipe.fuses.at[1].key, "brownout");
    assert_string_equal(recipe.lock.at[0].value, "mode3");
    avrspi_recipe_free(&recipe);
}

/* What is wrong with a recipe, as far as its text shows. */
static const struct {
    const char *text, *message;
} mistakes[] = {
    {"", ": expected 'chip' in [unit], found none"},
    {FUSES, ": expected 'chip' in [unit], found none"},
    {UNIT, ": expected files, fuses, lock bits or 'erase = yes': there is nothing to do"},
    {"[unit]\nchip =\n", ":2: expected a chip for 'chip', found nothing"},
    {"[unit]\nchip = a b\n",
     ":2: expected names of chips with commas between for 'chip', found 'a b'"},
    {"[unit]\nchip = a,\n",
     ":2: expected names of chips with commas between for 'chip', found 'a,'"},
    {"[unit]\nchip = a,,b\n",
     ":2: expected names of chips with commas between for 'chip', found 'a,,b'"},
    {UNIT "signature = 1E 95\n",
     ":3: expected three bytes such as 1E 95 0F for 'signature', found '1E 95'"},
    {UNIT "signature = 1E 95 0F 00\n",
     ":3: expected three bytes such as 1E 95 0F for 'signature', found '1E 95 0F 00'"},
    {UNIT "signature =\n",
     ":3: expected three bytes such as 1E 95 0F for 'signature', found nothing"},
    {UNIT "supply = 33\n",
     ":3: expected volts from 0.5 to 6, such as 3.3 for 'supply', found '33'"},
    {UNIT "clock = fast\n", ":3: expected a frequency such as 16 MHz for 'clock', found 'fast'"},
    {UNIT "clock = 16 MHz 2\n",
     ":3: expected a frequency such as 16 MHz for 'clock', found '16 MHz 2'"},
    {UNIT "erase = 1\n", ":3: expected yes or no for 'erase', found '1'"},
    {UNIT "keep_eeprom = maybe\n", ":3: expected yes or no for 'keep_eeprom', found 'maybe'"},
    {UNIT "keep_boot =\n", ":3: expected yes or no for 'keep_boot', found nothing"},
    {UNIT "check_blank = Yes\n", ":3: expected yes or no for 'check_blank', found 'Yes'"},
    {UNIT "check_calibration = 0xC0-0x60\n",
     ":3: expected yes, no or a range such as 0x60-0xC0 for "
     "'check_calibration', found '0xC0-0x60'"},
    {UNIT "check_calibration = 0x60\n", ":3: expected yes, no or a range such as 0x60-0xC0 for "
                                        "'check_calibration', found '0x60'"},
    {UNIT "firmware =\n", ":3: expected a file for 'firmware', found nothing"},
    {UNIT "before = 'x\n",
     ":3: expected a program and its arguments (a closing ') for 'before', found ''x'"},
    {UNIT "after =\n", ":3: expected a program and its arguments (a program, found nothing) for "
                       "'after', found nothing"},
    {UNIT "[flash]\nfile =\n", ":4: expected a file for 'file', found nothing"},
    {UNIT "[eeprom]\nfile =\n", ":4: expected a file for 'file', found nothing"},
    {UNIT "[fuses]\nlow =\n", ":4: expected a value for 'low', found nothing"},
    {UNIT "[fuses]\nlow = 1\nLOW = 2\n", ":5: expected every key of a section once, found 'LOW'"},
    {UNIT "chip = ATmega8\n", ":3: expected every key of a section once, found 'chip'"},
    {UNIT "suply = 5\n", ":3: expected a key of [unit], found 'suply'"},
    {UNIT "[flash]\nfiles = a\n", ":4: expected a key of [flash], found 'files'"},
    {UNIT "[flsh]\nfile = a\n",
     ":3: expected [unit], [flash], [eeprom], [fuses], [lock] or [serial], found 'flsh'"},
    {"chip = a\n",
     ":1: expected [unit], [flash], [eeprom], [fuses], [lock] or [serial], found 'chip'"},
    {UNIT "nonsense\n", ":3: expected [SECTION], 'key = value' or a comment, found 'nonsense'"},
};

static void a_mistake_is_named_with_its_line(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof mistakes / sizeof *mistakes; n++) {
        char expected[256];

        (void)snprintf(expected, sizeof expected, "my.recipe%s", mistakes[n].message);
        assert_int_equal(parse(mistakes[n].text), AVRSPI_ERR_INPUT);
        assert_string_equal(error.message, expected);
        avrspi_recipe_free(&recipe);
    }
    assert_int_equal(parse(UNIT "suply = 5\n"), AVRSPI_ERR_INPUT);
    assert_string_equal(error.hint, "did you mean 'supply'?");
    avrspi_recipe_free(&recipe);
}

/* --- fuses */

static int fuses_of(const char *text, const char *chip, struct avrspi_fuses *fuses)
{
    int result;

    takes(text);
    result = avrspi_recipe_fuses(&recipe, find_chip(chip), fuses, &error);
    avrspi_recipe_free(&recipe);
    return result;
}

static void fields_are_set_in_what_is_given_else_in_the_factory_value(void **state)
{
    struct avrspi_fuses fuses;

    (void)state;
    /* a byte after its field counts just the same */
    assert_int_equal(fuses_of(UNIT "[fuses]\nCKDIV8 = programmed\nlow = 0xFF\nEESAVE = "
                                   "programmed\n[lock]\nLB = mode2\n",
                              "ATmega328P", &fuses),
                     0);
    assert_true(fuses.given[AVRSPI_FUSE_LOW] && fuses.given[AVRSPI_FUSE_HIGH]);
    assert_false(fuses.given[AVRSPI_FUSE_EXT]);
    assert_int_equal(fuses.value[AVRSPI_FUSE_LOW], 0x7F);
    assert_int_equal(fuses.value[AVRSPI_FUSE_HIGH], 0xD1);
    assert_int_equal(fuses.value[AVRSPI_FUSE_LOCK], 0xFE);
    /* without any field of a byte that byte stays as it is */
    assert_int_equal(fuses_of(UNIT "[lock]\nlock = 0xCF\n", "ATmega328P", &fuses), 0);
    assert_false(fuses.given[AVRSPI_FUSE_LOW]);
    assert_int_equal(fuses.value[AVRSPI_FUSE_LOCK], 0xCF);
}

static void refuses(const char *text, const char *message)
{
    struct avrspi_fuses fuses;

    assert_int_equal(fuses_of(text, "ATmega328P", &fuses), AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, message);
}

static void a_fuse_that_is_wrong_is_named_with_its_line(void **state)
{
    (void)state;
    refuses(UNIT "[fuses]\nlow = 256\n",
            "my.recipe:4: low: expected a number from 0 to 0xFF, found '256'");
    refuses(UNIT "[fuses]\nlow = FF\n",
            "my.recipe:4: low: expected a number from 0 to 0xFF, found 'FF'");
    refuses(UNIT "[lock]\nlock = x\n",
            "my.recipe:4: lock: expected a number from 0 to 0xFF, found 'x'");
    refuses(UNIT "[fuses]\nLB = mode3\n",
            "my.recipe:4: LB: is in the lock byte: it belongs in [lock]");
    refuses(UNIT "[lock]\nCKDIV8 = off\n",
            "my.recipe:4: CKDIV8: is in the low byte: it belongs in [fuses]");
    refuses(UNIT "[fuses]\nlock = 0xFF\n", "my.recipe:4: lock: belongs in [lock]");
}

/* --- chips */

static void chips_have_to_be_told_apart(void **state)
{
    (void)state;
    takes("[unit]\nchip = ATmega328P, ATmega328PB\nerase = yes\n");
    assert_int_equal(avrspi_recipe_check_chips(&recipe, chips, &error), 0);
    avrspi_recipe_free(&recipe);
    takes("[unit]\nchip = ATmega328P, ATmega9\nerase = yes\n");
    assert_int_equal(avrspi_recipe_check_chips(&recipe, chips, &error), AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "my.recipe:2: chip: unknown chip 'ATmega9'");
    avrspi_recipe_free(&recipe);
    takes("[unit]\nchip = ATmega328P, ATA6614Q\nerase = yes\n");
    assert_int_equal(avrspi_recipe_check_chips(&recipe, chips, &error), AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "my.recipe:2: chip: expected chips of different signatures, "
                                       "found 'ATmega328P' and 'ATA6614Q'");
    avrspi_recipe_free(&recipe);
    takes("[unit]\nchip = ATmega328P\nsignature = 1E 95 14\nerase = yes\n");
    assert_int_equal(avrspi_recipe_check_chips(&recipe, chips, &error), AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "my.recipe:3: signature: expected 1E 95 0F of the "
                                       "ATmega328P, found 1E 95 14");
    avrspi_recipe_free(&recipe);
}

/* --- text */

static void a_recipe_that_is_written_is_read(void **state)
{
    const uint8_t signature[3] = {0x1E, 0x95, 0x0F};
    const struct avrspi_recipe_text wanted = {
        .title = "one",
        .chip = "ATmega328P",
        .signature = signature,
        .erase = true,
        .flash = "a.hex",
        .eeprom = "b.hex",
        .fuses = {.given = {true, false, true, true}, .value = {0xFF, 0, 0xFD, 0xCF}},
    };
    struct avrspi_fuses fuses;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    avrspi_recipe_print(out, &wanted);
    assert_int_equal(fclose(out), 0);
    takes(text);
    assert_true(avrspi_recipe_is_one(text, size));
    free(text);
    assert_true(recipe.erase);
    assert_memory_equal(recipe.signature, signature, 3);
    assert_string_equal(recipe.flash.at[0].value, "a.hex");
    assert_string_equal(recipe.eeprom.at[0].value, "b.hex");
    assert_int_equal(avrspi_recipe_fuses(&recipe, find_chip("ATmega328P"), &fuses, &error), 0);
    assert_memory_equal(fuses.given, wanted.fuses.given, sizeof fuses.given);
    assert_int_equal(fuses.value[AVRSPI_FUSE_EXT], 0xFD);
    avrspi_recipe_free(&recipe);
}

static void a_recipe_is_told_from_firmware(void **state)
{
    (void)state;
    assert_true(avrspi_recipe_is_one("\xEF\xBB\xBF\r\n ; x\n# y\n [unit]\n", 22));
    assert_false(avrspi_recipe_is_one("", 0));
    assert_false(avrspi_recipe_is_one("; only\n# comments", 17));
    assert_false(avrspi_recipe_is_one(":00000001FF\n", 12));
    assert_false(avrspi_recipe_is_one("; intel hex\n:00000001FF\n", 24));
    assert_false(avrspi_recipe_is_one("\x7F"
                                      "ELF[",
                                      5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_taken),
        cmocka_unit_test(a_mistake_is_named_with_its_line),
        cmocka_unit_test(fields_are_set_in_what_is_given_else_in_the_factory_value),
        cmocka_unit_test(a_fuse_that_is_wrong_is_named_with_its_line),
        cmocka_unit_test(chips_have_to_be_told_apart),
        cmocka_unit_test(a_recipe_that_is_written_is_read),
        cmocka_unit_test(a_recipe_is_told_from_firmware),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
