/* SPDX-License-Identifier: MIT */
/* Whether an image fits a chip, and what is said where it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chips/record.h"
#include "image/check.h"
#include "image/image.h"

static const struct avrspi_chip chip = {
    .name = "ATtest",
    .flash_size = 0x1000,
    .eeprom_size = 64,
    .fuse = {[AVRSPI_FUSE_LOW] = {.mask = 0xFF}},
};

static const struct avrspi_chip above_rom = {
    .name = "ATrom", .flash_size = 0x1000, .flash_start = 0x8000};

static int set_up(void **state)
{
    *state = avrspi_image_new();
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    avrspi_image_free(*state);
    return 0;
}

/* Puts 'size' bytes from a line of the file, or from nowhere for line 0. */
static void put(struct avrspi_image *image, uint32_t address, size_t size, size_t line)
{
    static const uint8_t zeros[0x2000];
    const struct avrspi_origin origin = {line ? AVRSPI_ORIGIN_LINE : AVRSPI_ORIGIN_NONE, line,
                                         NULL};

    assert_int_equal(avrspi_image_put_from(image, address, zeros, size, &origin, NULL), 0);
}

static void assert_fits(const struct avrspi_image *image, const struct avrspi_chip *of,
                        enum avrspi_memory memory)
{
    struct avrspi_error error = {.message = ""};
    int result = avrspi_image_check(image, of, memory, "x.hex", &error);

    assert_string_equal(error.message, "");
    assert_int_equal(result, 0);
}

static void assert_refused(const struct avrspi_image *image, const struct avrspi_chip *of,
                           enum avrspi_memory memory, const char *message, const char *hint)
{
    struct avrspi_error error;

    assert_int_equal(avrspi_image_check(image, of, memory, "x.hex", &error), AVRSPI_ERR_INPUT);
    assert_int_equal(error.code, AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, message);
    assert_string_equal(error.hint, hint);
    assert_int_equal(avrspi_image_check(image, of, memory, "x.hex", NULL), AVRSPI_ERR_INPUT);
}

static void check_of_an_empty_image(void **state)
{
    assert_refused(*state, &chip, AVRSPI_MEMORY_FLASH, "x.hex holds no data", "");
}

static void check_of_a_full_memory(void **state)
{
    put(*state, 0, 0x1000, 1);
    assert_fits(*state, &chip, AVRSPI_MEMORY_FLASH);
}

static void check_of_a_memory_that_begins_above_0(void **state)
{
    put(*state, 0x8000, 0x1000, 1);
    assert_fits(*state, &above_rom, AVRSPI_MEMORY_FLASH);
    put(*state, 0x7FFF, 1, 7);
    assert_refused(
        *state, &above_rom, AVRSPI_MEMORY_FLASH,
        "x.hex:7: data from 0x7FFF to 0x8FFF begins before 0x8000, where the flash of the ATrom "
        "begins",
        "is it a file for another chip?");
}

static void check_names_the_first_byte_that_does_not_fit(void **state)
{
    put(*state, 0, 16, 1);
    put(*state, 0x0FF8, 8, 2);
    put(*state, 0x1000, 8, 3);
    put(*state, 0x1008, 8, 4);
    assert_refused(*state, &chip, AVRSPI_MEMORY_FLASH,
                   "x.hex:3: 16 bytes too many: 0x1000 is the first beyond the 4096 bytes of flash "
                   "of the ATtest",
                   "is it a file for another chip?");
}

static void check_names_a_line_that_crosses_the_end(void **state)
{
    put(*state, 0x0FF8, 16, 2);
    assert_refused(*state, &chip, AVRSPI_MEMORY_FLASH,
                   "x.hex:2: 8 bytes too many: 0x1000 is the first beyond the 4096 bytes of flash "
                   "of the ATtest",
                   "is it a file for another chip?");
}

static void check_without_an_origin(void **state)
{
    put(*state, 0x1000, 1, 0);
    assert_refused(
        *state, &chip, AVRSPI_MEMORY_FLASH,
        "x.hex: 1 byte too many: 0x1000 is the first beyond the 4096 bytes of flash of the ATtest",
        "is it a file for another chip?");
}

static void check_of_the_last_address(void **state)
{
    put(*state, 0xFFFFFFFF, 1, 3);
    assert_refused(*state, &chip, AVRSPI_MEMORY_FLASH,
                   "x.hex:3: 1 byte too many: 0xFFFFFFFF is the first beyond the 4096 bytes of "
                   "flash of the ATtest",
                   "is it a file for another chip?");
}

static void check_of_a_program_for_eeprom(void **state)
{
    put(*state, 0, 65, 1);
    assert_refused(
        *state, &chip, AVRSPI_MEMORY_EEPROM,
        "x.hex:1: 1 byte too many: 0x40 is the first beyond the 64 bytes of eeprom of the ATtest",
        "is it a file for another chip, or for another memory? it would fit flash");
}

static void check_of_too_many_fuses(void **state)
{
    put(*state, 0, 2, 1);
    assert_refused(
        *state, &chip, AVRSPI_MEMORY_FUSES,
        "x.hex:1: 1 byte too many: 0x1 is the first beyond the 1 byte of fuses of the ATtest",
        "is it a file for another chip?");
}

static void check_of_a_memory_that_the_chip_lacks(void **state)
{
    put(*state, 0, 1, 4);
    assert_refused(*state, &chip, AVRSPI_MEMORY_LOCK, "x.hex:4: the ATtest has no lock to write",
                   "is it a file for another chip?");
    assert_refused(*state, &above_rom, AVRSPI_MEMORY_EEPROM,
                   "x.hex:4: the ATrom has no eeprom to write", "is it a file for another chip?");
}

#define WITH_IMAGE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_IMAGE(check_of_an_empty_image),
        WITH_IMAGE(check_of_a_full_memory),
        WITH_IMAGE(check_of_a_memory_that_begins_above_0),
        WITH_IMAGE(check_names_the_first_byte_that_does_not_fit),
        WITH_IMAGE(check_names_a_line_that_crosses_the_end),
        WITH_IMAGE(check_without_an_origin),
        WITH_IMAGE(check_of_the_last_address),
        WITH_IMAGE(check_of_a_program_for_eeprom),
        WITH_IMAGE(check_of_too_many_fuses),
        WITH_IMAGE(check_of_a_memory_that_the_chip_lacks),
    };

    return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
