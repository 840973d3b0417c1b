/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/hex.h"

static void hex_digit_of_every_character(void **state)
{
    static const char digits[] = "0123456789abcdef", capitals[] = "0123456789ABCDEF";

    (void)state;
    for (int c = 0; c < 256; c++) {
        const char *found = c ? strchr(digits, c) : NULL, *capital = c ? strchr(capitals, c) : NULL;
        int expected = found ? (int)(found - digits) : capital ? (int)(capital - capitals) : -1;

        assert_int_equal(avrspi_hex_digit((char)c), expected);
    }
}

static void hex_byte_of_two_digits(void **state)
{
    uint8_t byte = 0;

    (void)state;
    assert_true(avrspi_hex_byte("1E", 2, &byte));
    assert_int_equal(byte, 0x1E);
    assert_true(avrspi_hex_byte("0xfFz", 4, &byte));
    assert_int_equal(byte, 0xFF);
    assert_true(avrspi_hex_byte("0X00", 4, &byte));
    assert_int_equal(byte, 0);
}

static void hex_byte_of_what_is_none(void **state)
{
    static const char *const texts[] = {"", "1", "1E9", "G0", "0G", "0x", "0x1", "0x1G", "1x1E"};
    uint8_t byte = 42;

    (void)state;
    for (size_t n = 0; n < sizeof texts / sizeof *texts; n++)
        assert_false(avrspi_hex_byte(texts[n], strlen(texts[n]), &byte));
    assert_int_equal(byte, 42);
}

static void hex_decode_up_to_what_is_no_digit(void **state)
{
    uint8_t bytes[3] = {0};

    (void)state;
    assert_int_equal(avrspi_hex_decode("1E950f", 6, bytes), 6);
    assert_memory_equal(bytes, ((const uint8_t[]){0x1E, 0x95, 0x0F}), 3);
    assert_int_equal(avrspi_hex_decode("A", 1, bytes), 1);
    assert_int_equal(bytes[0], 0xA0);
    assert_int_equal(avrspi_hex_decode("1 2", 3, bytes), 1);
    assert_int_equal(avrspi_hex_decode(":1", 2, bytes), 0);
    assert_int_equal(avrspi_hex_decode("", 0, bytes), 0);
}

static void hex_encode_every_byte(void **state)
{
    (void)state;
    for (unsigned value = 0; value < 256; value++) {
        char text[3] = "..", *end = avrspi_hex_encode(text, (uint8_t)value);
        uint8_t byte;

        assert_ptr_equal(end, text + 2);
        assert_int_equal(*end, '\0');
        assert_true(avrspi_hex_byte(text, 2, &byte));
        assert_int_equal(byte, value);
        assert_null(strpbrk(text, "abcdef"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_digit_of_every_character),
        cmocka_unit_test(hex_byte_of_two_digits),
        cmocka_unit_test(hex_byte_of_what_is_none),
        cmocka_unit_test(hex_decode_up_to_what_is_no_digit),
        cmocka_unit_test(hex_encode_every_byte),
    };

    return cmocka_run_group_tests_name("hex", tests, NULL, NULL);
}
