/* SPDX-License-Identifier: MIT */
/* Which address means which memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "image/image.h"
#include "image/split.h"

struct files {
    struct avrspi_image *file;
    struct avrspi_contents *contents;
    struct avrspi_facts facts;
};

static int set_up(void **state)
{
    static struct files files;

    files.file = avrspi_image_new();
    files.contents = avrspi_contents_new("x.hex");
    files.facts = (struct avrspi_facts){0};
    *state = &files;
    return files.file && files.contents ? 0 : -1;
}

static int tear_down(void **state)
{
    struct files *files = *state;

    avrspi_image_free(files->file);
    avrspi_contents_free(files->contents);
    avrspi_facts_free(&files->facts);
    return 0;
}

static void put(struct files *files, uint32_t address, const char *text, size_t line)
{
    const struct avrspi_origin origin = {.kind = AVRSPI_ORIGIN_LINE, .line = line};

    assert_int_equal(avrspi_image_put_from(files->file, address, (const uint8_t *)text,
                                           strlen(text), &origin, NULL),
                     0);
}

static void split(struct files *files)
{
    struct avrspi_error error = {.message = ""};
    int result = avrspi_split(files->file, "x.hex", files->contents, &files->facts, &error);

    assert_string_equal(error.message, "");
    assert_int_equal(result, 0);
}

/* A memory has these bytes from an address on, from a line, and nothing else. */
static void assert_memory(const struct files *files, enum avrspi_memory memory, uint32_t address,
                          const char *text, size_t line)
{
    const struct avrspi_image *image = avrspi_contents_image(files->contents, memory);
    struct avrspi_segment segment;

    assert_non_null(image);
    assert_int_equal(avrspi_image_size(image), strlen(text));
    assert_true(avrspi_image_next(image, 0, &segment));
    assert_int_equal(segment.address, address);
    assert_int_equal(segment.size, strlen(text));
    assert_memory_equal(segment.data, text, segment.size);
    assert_int_equal(avrspi_image_origin(image, address).line, line);
}

static void assert_refused(struct files *files, const char *message, const char *hint)
{
    struct avrspi_error error;

    assert_int_equal(avrspi_split(files->file, "x.hex", files->contents, &files->facts, &error),
                     AVRSPI_ERR_INPUT);
    assert_int_equal(error.code, AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, message);
    assert_non_null(strstr(error.hint, hint));
}

static void split_of_every_window(void **state)
{
    put(*state, 0x000010, "flash", 1);
    put(*state, 0x810020, "eeprom", 2);
    put(*state, 0x820000, "lhe", 3);
    put(*state, 0x830000, "l", 4);
    put(*state, 0x840000, "sig", 5);
    put(*state, 0x840003, "cal", 7);
    put(*state, 0x850030, "user", 6);
    split(*state);
    assert_memory(*state, AVRSPI_MEMORY_FLASH, 0x10, "flash", 1);
    assert_memory(*state, AVRSPI_MEMORY_EEPROM, 0x20, "eeprom", 2);
    assert_memory(*state, AVRSPI_MEMORY_FUSES, 0, "lhe", 3);
    assert_memory(*state, AVRSPI_MEMORY_LOCK, 0, "l", 4);
    assert_memory(*state, AVRSPI_MEMORY_SIGNATURE, 0, "sig", 5);
    assert_memory(*state, AVRSPI_MEMORY_USER_ROW, 0x30, "user", 6);
    assert_memory(*state, AVRSPI_MEMORY_CALIBRATION, 0, "cal", 7);
}

static void split_at_the_last_address_of_a_window(void **state)
{
    put(*state, 0x7FFFFF, "f", 1);
    put(*state, 0x81FFFF, "ef", 2); /* goes on into the fuses */
    put(*state, 0x85FFFF, "u", 3);
    split(*state);
    assert_memory(*state, AVRSPI_MEMORY_FLASH, 0x7FFFFF, "f", 1);
    assert_memory(*state, AVRSPI_MEMORY_EEPROM, 0xFFFF, "e", 2);
    assert_memory(*state, AVRSPI_MEMORY_FUSES, 0, "f", 2);
    assert_memory(*state, AVRSPI_MEMORY_USER_ROW, 0xFFFF, "u", 3);
}

static void split_needed_above_flash(void **state)
{
    const struct files *files = *state;

    assert_false(avrspi_split_needed(files->file));
    put(*state, 0x7FFFFF, "a", 1);
    assert_false(avrspi_split_needed(files->file));
    put(*state, 0x800000, "a", 1);
    assert_true(avrspi_split_needed(files->file));
}

static void split_keeps_the_line_of_every_byte(void **state)
{
    struct files *files = *state;
    const struct avrspi_image *image;

    put(files, 0x810000, "ab", 7);
    put(files, 0x810002, "cd", 8);
    split(files);
    assert_memory(files, AVRSPI_MEMORY_EEPROM, 0, "abcd", 7);
    image = avrspi_contents_image(files->contents, AVRSPI_MEMORY_EEPROM);
    assert_int_equal(avrspi_image_origin(image, 1).line, 7);
    assert_int_equal(avrspi_image_origin(image, 2).line, 8);
}

/* What a linker puts there is not for programming: the rest of the file is. */
static void split_leaves_data_memory_out(void **state)
{
    const struct files *files = *state;

    put(*state, 0, "program", 1);
    put(*state, 0x800100, "ab", 9);
    put(*state, 0x800200, "c", 10);
    put(*state, 0x910000, "mmcu", 11);
    split(*state);
    assert_memory(*state, AVRSPI_MEMORY_FLASH, 0, "program", 1);
    assert_int_equal(files->facts.n_remarks, 2);
    assert_string_equal(files->facts.remarks[0].text,
                        "3 B at 0x800000 left out (from line 9 on): data memory (RAM)");
    assert_string_equal(files->facts.remarks[1].text,
                        "4 B at 0x910000 left out (from line 11 on): facts for debuggers (.mmcu)");
}

static void split_of_another_processor(void **state)
{
    put(*state, 0x08000000, "arm", 2);
    assert_refused(*state, "x.hex:2: address 0x8000000 belongs to no memory of an AVR", "ARM");
}

static void split_of_an_address_of_no_memory(void **state)
{
    put(*state, 0x86FFFF, "ab", 2);
    assert_refused(*state, "x.hex:2: address 0x870000 belongs to no memory of an AVR",
                   "eeprom at 0x810000");
}

static void split_of_the_last_address(void **state)
{
    put(*state, 0xFFFFFFFF, "a", 2);
    assert_refused(*state, "x.hex:2: address 0xFFFFFFFF belongs to no memory of an AVR",
                   "userrow at 0x850000");
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FILES(split_of_every_window),
        WITH_FILES(split_at_the_last_address_of_a_window),
        WITH_FILES(split_needed_above_flash),
        WITH_FILES(split_keeps_the_line_of_every_byte),
        WITH_FILES(split_leaves_data_memory_out),
        WITH_FILES(split_of_another_processor),
        WITH_FILES(split_of_an_address_of_no_memory),
        WITH_FILES(split_of_the_last_address),
    };

    return cmocka_run_group_tests_name("split", tests, NULL, NULL);
}
