/* SPDX-License-Identifier: MIT */
/* Boards of Arduino cores, and what burning their bootloaders comes to: tests/data/arduino. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arduino/core.h"

#define CORE DATA "/arduino/core/boards.txt"
#define BARE DATA "/arduino/bare/boards.txt"
#define TINY DATA "/arduino/packages/tiny/hardware/avr/1.5.2/boards.txt"
#define MINI DATA "/arduino/packages/mini/hardware/avr/3.0.2/boards.txt"

/* Works a board out; the result of whichever step fails. */
static int resolve(const char *boards, const char *board, const char *choices, const char *file,
                   struct avrspi_bootloader *bootloader, char conflict[128],
                   struct avrspi_error *error)
{
    struct avrspi_core core = {0};
    struct avrspi_properties merged = {0};
    int result = avrspi_core_open(&core, boards, error);

    if (result == 0)
        result =
            avrspi_core_select(&core, board, &choices, choices ? 1 : 0, &merged, conflict, error);
    if (result == 0)
        result = avrspi_core_bootloader(&core, &merged, file, bootloader, error);
    avrspi_properties_free(&merged);
    avrspi_core_close(&core);
    return result;
}

static const struct {
    const char *boards, *board, *choices, *chip;
    uint8_t low, high, ext, lock; /* 0xFF for lock: not given */
    const char *file;
} right[] = {
    {CORE, "plain", NULL, "atmega328p", 0xFF, 0xDE, 0xFC, 0x0F, "core/bootloaders/boot.hex"},
    {CORE, "test:avr:plain", "", "atmega328p", 0xFF, 0xDE, 0xFC, 0x0F, "boot.hex"},
    {CORE, "menus", NULL, "atmega328p", 0xFF, 0xDE, 0xFD, 0x0F, "sub/boot.hex"},
    {CORE, "menus:cpu=atmega168", NULL, "atmega168p", 0xFF, 0xDD, 0xFD, 0x0F, "sub/boot.hex"},
    {CORE, "menus", "cpu=atmega168,clock=1MHz_internal,bod=off", "atmega168p", 0x62, 0xDD, 0xFF,
     0x0F, "sub/boot.hex"},
    {CORE, "a:avr:menus:bod=off,clock=1MHz_internal", "cpu=atmega168", "atmega168p", 0x62, 0xDD,
     0xFF, 0x0F, "sub/boot.hex"},
    {CORE, "none", NULL, "attiny85", 0xE2, 0xDF, 0xFF, 0xFF, "empty.hex"},
    {CORE, "system", NULL, "atmega328p", 0xE2, 0xD9, 0xFF, 0x0F, "boot.hex"},
    {BARE, "old", NULL, "atmega328p", 0xFF, 0xDA, 0x05, 0x0F, "bare/bootloaders/optiboot/boot.hex"},
    {TINY, "x5", NULL, "attiny85", 0xE2, 0xD7, 0xFF, 0xFF, "1.5.2/bootloaders/empty/empty85.hex"},
    {TINY, "x5:chip=45,clock=1internal", "eesave=erase,bod=2v7", "attiny45", 0x62, 0xDD, 0xFF, 0xFF,
     "empty/empty45.hex"},
    {MINI, "328", NULL, "atmega328p", 0xF7, 0xD6, 0xFD, 0x0F,
     "3.0.2/bootloaders/uart/16000000.hex"},
    {MINI, "mini:avr:328:clock=1MHz_internal,variant=modelPB,bootloader=none,eeprom=erase", NULL,
     "atmega328pb", 0x62, 0xDF, 0xF5, 0xFF, "3.0.2/bootloaders/empty.hex"},
};

static void bootloader_of_each_board_that_is_right(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof right / sizeof *right; n++) {
        struct avrspi_bootloader bootloader;
        struct avrspi_error error = {.message = ""};
        char conflict[128];
        int result = resolve(right[n].boards, right[n].board, right[n].choices, NULL, &bootloader,
                             conflict, &error);
        const uint8_t *value = bootloader.fuses.value;

        assert_string_equal(error.message, "");
        assert_int_equal(result, 0);
        assert_string_equal(conflict, "");
        assert_string_equal(bootloader.chip, right[n].chip);
        assert_true(bootloader.erase);
        assert_int_equal(value[AVRSPI_FUSE_LOW], right[n].low);
        assert_int_equal(value[AVRSPI_FUSE_HIGH], right[n].high);
        assert_int_equal(value[AVRSPI_FUSE_EXT], right[n].ext);
        assert_int_equal(bootloader.fuses.given[AVRSPI_FUSE_LOCK], right[n].lock != 0xFF);
        if (right[n].lock != 0xFF)
            assert_int_equal(value[AVRSPI_FUSE_LOCK], right[n].lock);
        assert_non_null(strstr(bootloader.flash, right[n].file));
        assert_null(bootloader.eeprom);
        avrspi_bootloader_free(&bootloader);
    }
}

static const struct {
    const char *boards, *board, *choices;
    int result;
    const char *message; /* a part of it */
} wrong[] = {
    {CORE, "plane", NULL, AVRSPI_ERR_USAGE, "unknown board 'plane'"},
    {CORE, "menus:cpu=atmega88", NULL, AVRSPI_ERR_USAGE, "the board 'menus' has no 'cpu=atmega88'"},
    {CORE, "menus", "cpu=hidden", AVRSPI_ERR_USAGE, "the board 'menus' has no 'cpu=hidden'"},
    {CORE, "menus", "speed=8", AVRSPI_ERR_USAGE, "the board 'menus' has no 'speed=8'"},
    {CORE, "menus:cpu=atmega168:bod=off", NULL, AVRSPI_ERR_USAGE,
     "expected menus with commas between, found ':' before 'bod=off'"},
    {CORE, "menus", "cpu", AVRSPI_ERR_USAGE, "expected MENU=ENTRY, found 'cpu'"},
    {CORE, "missing", NULL, AVRSPI_ERR_INPUT, "not-there.hex' is not there"},
    {CORE, "outside", NULL, AVRSPI_ERR_INPUT, "is outside of the core's folder"},
    {CORE, "beside", NULL, AVRSPI_ERR_INPUT, "is outside of the core's folder"},
    {CORE, "stranger", NULL, AVRSPI_ERR_INPUT,
     "the core of 'stranger', which has the tool 'avrdude2', is not there"},
    {CORE, "twice", NULL, AVRSPI_ERR_INPUT, "expected one file for flash, found two"},
    {CORE, "unset", NULL, AVRSPI_ERR_INPUT,
     "boards.txt:91: 'bootloader.low_fuses' needs 'bootloader.nothing', which nothing sets"},
    {CORE, "loop", NULL, AVRSPI_ERR_INPUT,
     "boards.txt:101: 'bootloader.low_fuses' refers to itself"},
    {CORE, "number", NULL, AVRSPI_ERR_INPUT,
     "boards.txt:111: expected a number from 0 to 255 for 'bootloader.low_fuses', found '0x1FF'"},
    {CORE, "other", NULL, AVRSPI_ERR_USAGE, "expected avrdude as the tool, found 'pymcuprog'"},
    {CORE, "nowhere", NULL, AVRSPI_ERR_INPUT,
     "platform.txt has no 'tools.pickle.bootloader.pattern'"},
    {BARE, "number", NULL, AVRSPI_ERR_INPUT,
     "boards.txt:12: expected a number from 0 to 255 for 'bootloader.low_fuses', found 'FF'"},
    {BARE, "file", NULL, AVRSPI_ERR_INPUT, "expected 'bootloader.file' for the board, found none"},
    {BARE, "mcu", NULL, AVRSPI_ERR_INPUT, "expected 'build.mcu' for the board, found none"},
    {DATA "/arduino/none/boards.txt", "x", NULL, AVRSPI_ERR_INPUT, "No such file"},
};

static void bootloader_of_each_board_that_is_wrong(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof wrong / sizeof *wrong; n++) {
        struct avrspi_bootloader bootloader;
        struct avrspi_error error = {.message = ""};
        char conflict[128];

        assert_int_equal(resolve(wrong[n].boards, wrong[n].board, wrong[n].choices, NULL,
                                 &bootloader, conflict, &error),
                         wrong[n].result);
        assert_int_equal(error.code, wrong[n].result);
        if (!strstr(error.message, wrong[n].message))
            fail_msg("expected '%s' in '%s'", wrong[n].message, error.message);
    }
}

static void bootloader_with_another_file(void **state)
{
    struct avrspi_bootloader bootloader;
    char conflict[128];

    (void)state;
    assert_int_equal(resolve(CORE, "missing", NULL, "mine.hex", &bootloader, conflict, NULL), 0);
    assert_string_equal(bootloader.flash, "mine.hex");
    avrspi_bootloader_free(&bootloader);
    assert_int_equal(resolve(BARE, "empty", NULL, "mine.hex", &bootloader, conflict, NULL), 0);
    assert_string_equal(bootloader.flash, "mine.hex");
    avrspi_bootloader_free(&bootloader);
    assert_int_equal(resolve(CORE, "erased", NULL, "mine.hex", &bootloader, conflict, NULL),
                     AVRSPI_ERR_USAGE);
}

/* Without a platform.txt too, an empty value is none. */
static void bootloader_with_empty_values(void **state)
{
    struct avrspi_bootloader bootloader;
    char conflict[128];

    (void)state;
    assert_int_equal(resolve(BARE, "short", NULL, NULL, &bootloader, conflict, NULL), 0);
    assert_false(bootloader.fuses.given[AVRSPI_FUSE_EXT]);
    assert_true(bootloader.fuses.given[AVRSPI_FUSE_HIGH]);
    avrspi_bootloader_free(&bootloader);
    assert_int_equal(resolve(BARE, "empty", NULL, NULL, &bootloader, conflict, NULL), 0);
    assert_null(bootloader.flash);
    assert_true(bootloader.erase);
    avrspi_bootloader_free(&bootloader);
}

/* The file's order of menus decides, and the user is told. */
static void two_menus_that_set_one_key(void **state)
{
    struct avrspi_bootloader bootloader;
    char conflict[128];

    (void)state;
    assert_int_equal(resolve(CORE, "menus:bod=odd", NULL, NULL, &bootloader, conflict, NULL), 0);
    assert_string_equal(conflict, "bootloader.ckdiv_bit");
    assert_int_equal(bootloader.fuses.value[AVRSPI_FUSE_LOW], 0x7F);
    avrspi_bootloader_free(&bootloader);
}

static void boards_and_menus_are_listed(void **state)
{
    struct avrspi_core core = {0};
    struct avrspi_menu_entry entry;
    char id[64];
    size_t n = 0;

    (void)state;
    assert_int_equal(avrspi_core_open(&core, CORE, NULL), 0);
    assert_string_equal(avrspi_core_board(&core, 0, id)->value, "Plain board");
    assert_string_equal(id, "plain");
    while (avrspi_core_board(&core, n, id))
        n++;
    assert_int_equal(n, 18);
    for (n = 0; avrspi_core_menu_entry(&core, "menus", n, &entry); n++)
        assert_string_not_equal(entry.entry, "hidden"); /* it has no label */
    assert_int_equal(n, 7);
    assert_true(avrspi_core_menu_entry(&core, "menus", 2, &entry));
    assert_string_equal(entry.menu, "clock");
    assert_string_equal(entry.entry, "16MHz_external");
    assert_string_equal(entry.label, "16 MHz external");
    assert_false(avrspi_core_menu_entry(&core, "plain", 0, &entry));
    avrspi_core_close(&core);
}

static int parse(struct avrspi_properties *properties, const char *text, struct avrspi_error *error)
{
    return avrspi_properties_parse(properties, "f", text, strlen(text), error);
}

static void assert_value(const struct avrspi_properties *properties, const char *key,
                         const char *value, size_t line)
{
    const struct avrspi_property *property = avrspi_properties_find(properties, key);

    assert_non_null(property);
    assert_string_equal(property->value, value);
    assert_int_equal(property->line, line);
}

static void properties_parse_lines(void **state)
{
    struct avrspi_properties properties = {0};
    struct avrspi_error error;

    (void)state;
    assert_int_equal(parse(&properties,
                           "\xEF\xBB\xBF# a comment\r\n\r\na = b # no comment\r\nempty=\na.b=c=d\n"
                           "a=later\nx.linux=1\nx=2\ny=2\ny.linux=1\nz.macosx=1\n  last = 5",
                           NULL),
                     0);
    assert_value(&properties, "a", "later", 6);
    assert_value(&properties, "empty", "", 4);
    assert_value(&properties, "a.b", "c=d", 5);
    assert_value(&properties, "x", "1", 7);
    assert_value(&properties, "y", "1", 10);
    assert_value(&properties, "last", "5", 12);
    assert_null(avrspi_properties_find(&properties, "z"));
    assert_string_equal(properties.items[0].key, "a"); /* it keeps its place */
    assert_int_equal(parse(&properties, "\nno equals sign\n", &error), AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "f:2: expected key=value, found 'no equals sign'");
    avrspi_properties_free(&properties);
}

/* More than there is room for at first, each set twice. */
static void properties_of_a_large_file(void **state)
{
    struct avrspi_properties properties = {0};
    char line[64], key[32];

    (void)state;
    for (unsigned n = 0; n < 2 * 5000; n++) {
        (void)snprintf(line, sizeof line, "board%u.menu.cpu=%u\n", n % 5000, n);
        assert_int_equal(parse(&properties, line, NULL), 0);
    }
    assert_int_equal(properties.count, 5000);
    for (unsigned n = 0; n < 5000; n++) {
        const struct avrspi_property *property;

        (void)snprintf(key, sizeof key, "board%u.menu.cpu", n);
        property = avrspi_properties_find(&properties, key);
        assert_ptr_equal(property, &properties.items[n]);
        assert_int_equal(strtoul(property->value, NULL, 10), 5000 + n);
    }
    assert_null(avrspi_properties_find(&properties, "board5000.menu.cpu"));
    avrspi_properties_free(&properties);
}

static void properties_expand_references(void **state)
{
    struct avrspi_properties properties = {0};
    char *text;

    (void)state;
    assert_int_equal(
        parse(&properties,
              "word={a}-{b}\na=1{c}\nb=\nc=2\ntool.a=own\nopen={a\nendless={a}{endless}\n", NULL),
        0);
    assert_int_equal(avrspi_properties_expand(
                         &properties, avrspi_properties_find(&properties, "word"), "", &text, NULL),
                     0);
    assert_string_equal(text, "12-");
    free(text);
    assert_int_equal(avrspi_properties_expand(&properties,
                                              avrspi_properties_find(&properties, "word"), "tool.",
                                              &text, NULL),
                     0);
    assert_string_equal(text, "own-");
    free(text);
    assert_int_equal(avrspi_properties_expand(
                         &properties, avrspi_properties_find(&properties, "open"), "", &text, NULL),
                     0);
    assert_string_equal(text, "{a");
    free(text);
    assert_int_equal(avrspi_properties_expand(&properties,
                                              avrspi_properties_find(&properties, "endless"), "",
                                              &text, NULL),
                     AVRSPI_ERR_INPUT);
    assert_null(text);
    avrspi_properties_free(&properties);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(properties_parse_lines),
        cmocka_unit_test(properties_of_a_large_file),
        cmocka_unit_test(properties_expand_references),
        cmocka_unit_test(boards_and_menus_are_listed),
        cmocka_unit_test(bootloader_of_each_board_that_is_right),
        cmocka_unit_test(bootloader_of_each_board_that_is_wrong),
        cmocka_unit_test(bootloader_with_another_file),
        cmocka_unit_test(bootloader_with_empty_values),
        cmocka_unit_test(two_menus_that_set_one_key),
    };

    return cmocka_run_group_tests_name("arduino_core", tests, NULL, NULL);
}
