/* SPDX-License-Identifier: MIT */
/* avrdude's command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arduino/avrdude.h"

static void parse_of_a_recipe_to_erase(void **state)
{
    struct avrspi_avrdude avrdude;

    (void)state;
    assert_int_equal(
        avrspi_avrdude_parse(&avrdude,
                             "\"/opt/a b/avrdude\" \"-C/opt/a b/avrdude.conf\" -v -v -patmega328p "
                             "-cstk500v1 -P /dev/ttyUSB0 -b19200 -e -Ulock:w:0x3F:m "
                             "-Uefuse:w:0xFD:m -U hfuse:w:0b11011110:m -U 'lfuse:w:255:m'",
                             NULL),
        0);
    assert_true(avrdude.erase);
    assert_false(avrdude.no_erase);
    assert_int_equal(avrdude.n_writes, 4);
    assert_int_equal(avrdude.writes[0].fuse, AVRSPI_FUSE_LOCK);
    assert_int_equal(avrdude.writes[0].value, 0x3F);
    assert_int_equal(avrdude.writes[2].fuse, AVRSPI_FUSE_HIGH);
    assert_int_equal(avrdude.writes[2].value, 0xDE);
    assert_int_equal(avrdude.writes[3].value, 0xFF);
    assert_true(avrdude.writes[3].immediate);
    avrspi_avrdude_free(&avrdude);
}

static void parse_of_an_empty_value(void **state)
{
    struct avrspi_avrdude avrdude;

    (void)state;
    assert_int_equal(avrspi_avrdude_parse(&avrdude, "avrdude -Uefuse:w::m", NULL), 0);
    assert_int_equal(avrdude.n_writes, 1);
    assert_true(avrdude.writes[0].empty);
    avrspi_avrdude_free(&avrdude);
}

static void parse_of_files(void **state)
{
    struct avrspi_avrdude avrdude;

    (void)state;
    assert_int_equal(avrspi_avrdude_parse(&avrdude,
                                          "avrdude6.3 -qqDV -pm8 \"-Uflash:w:/a b/c:d.hex:i\" "
                                          "-Ueeprom:w:e.eep -Uflash:v:x.hex:i",
                                          NULL),
                     0);
    assert_true(avrdude.no_erase);
    assert_int_equal(avrdude.n_writes, 2);
    assert_int_equal(avrdude.writes[0].memory, AVRSPI_MEMORY_FLASH);
    assert_string_equal(avrdude.writes[0].file, "/a b/c:d.hex");
    assert_int_equal(avrdude.writes[1].memory, AVRSPI_MEMORY_EEPROM);
    assert_string_equal(avrdude.writes[1].file, "e.eep");
    avrspi_avrdude_free(&avrdude);
}

static const struct {
    const char *line;
    int result;
    const char *message;
} wrong[] = {
    {"", AVRSPI_ERR_USAGE, "expected avrdude as the tool, found ''"},
    {"/usr/bin/openocd -f x", AVRSPI_ERR_USAGE, "expected avrdude as the tool, found 'openocd'"},
    {"avrdude -e -Z", AVRSPI_ERR_INPUT, "avrdude's option '-Z' has no meaning in a recipe"},
    {"avrdude -t", AVRSPI_ERR_INPUT, "avrdude's option '-t' has no meaning in a recipe"},
    {"avrdude -p", AVRSPI_ERR_INPUT, "avrdude's option '-p' needs an argument"},
    {"avrdude blink.hex", AVRSPI_ERR_INPUT, "expected an option of avrdude, found 'blink.hex'"},
    {"avrdude -U x.hex", AVRSPI_ERR_INPUT, "expected MEMORY:w:FILE:FORMAT in avrdude's '-U x.hex'"},
    {"avrdude -U flash:r:x.hex:i", AVRSPI_ERR_INPUT,
     "expected w, to write, in avrdude's '-U flash:r:x.hex:i'"},
    {"avrdude -U lfuse:w:low.hex:i", AVRSPI_ERR_INPUT,
     "expected a number from 0 to 255 in avrdude's '-U lfuse:w:low.hex:i'"},
    {"avrdude -U flash:w:1,2:m", AVRSPI_ERR_INPUT, "expected a file in avrdude's"},
    {"avrdude -U usersig:w:x:r", AVRSPI_ERR_INPUT,
     "expected flash, eeprom, a fuse or lock in avrdude's '-U usersig:w:x:r'"},
};

static void parse_of_what_is_wrong(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof wrong / sizeof *wrong; n++) {
        struct avrspi_avrdude avrdude;
        struct avrspi_error error = {.message = ""};

        assert_int_equal(avrspi_avrdude_parse(&avrdude, wrong[n].line, &error), wrong[n].result);
        if (!strstr(error.message, wrong[n].message))
            fail_msg("expected '%s' in '%s'", wrong[n].message, error.message);
        avrspi_avrdude_free(&avrdude);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_of_a_recipe_to_erase),
        cmocka_unit_test(parse_of_an_empty_value),
        cmocka_unit_test(parse_of_files),
        cmocka_unit_test(parse_of_what_is_wrong),
    };

    return cmocka_run_group_tests_name("arduino_avrdude", tests, NULL, NULL);
}
