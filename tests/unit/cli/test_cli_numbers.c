/* SPDX-License-Identifier: MIT */
/* Numbers as users type them: messages and limits. What a number is, test_number.c has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/numbers.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static void assert_usage(const struct avrspi_error *error, int result, const char *message)
{
    assert_int_equal(result, AVRSPI_ERR_USAGE);
    assert_int_equal(error->code, AVRSPI_ERR_USAGE);
    if (!strstr(error->message, message))
        fail_msg("expected '%s' in '%s'", message, error->message);
}

static void number_parse_of_a_number(void **state)
{
    uint32_t value;

    (void)state;
    assert_int_equal(number_parse("--x", "0xFFFFFFFF", UINT32_MAX, &value, NULL), 0);
    assert_int_equal(value, UINT32_MAX);
}

static void number_parse_of_any_other_text(void **state)
{
    struct avrspi_error error = {0};
    uint32_t value;

    (void)state;
    assert_usage(&error, number_parse("--low", "FF", UINT32_MAX, &value, &error),
                 "expected a number for --low (255, 0xFF, 0b11111111), found 'FF'");
}

static void number_parse_beyond_the_limit(void **state)
{
    struct avrspi_error error = {0};
    uint32_t value;

    (void)state;
    assert_int_equal(number_parse("--low", "255", 255, &value, &error), 0);
    assert_usage(&error, number_parse("--low", "256", 255, &value, &error),
                 "--low is at most 0xFF, found '256'");
    assert_usage(&error, number_parse("--low", "0x100000000", UINT32_MAX, &value, &error),
                 "at most 0xFFFFFFFF, found '0x100000000'");
}

static void hertz_parse_up_to_the_limit(void **state)
{
    uint32_t hz;

    (void)state;
    assert_int_equal(hertz_parse("--speed", "1", &hz, NULL), 0);
    assert_int_equal(hz, 1);
    assert_int_equal(hertz_parse("--speed", "1000M", &hz, NULL), 0);
    assert_int_equal(hz, 1000000000);
}

static void hertz_parse_of_any_other_text(void **state)
{
    static const char *const texts[] = {"", "0", "fast", "1001M"};

    (void)state;
    for (size_t n = 0; n < LENGTH(texts); n++) {
        struct avrspi_error error = {0};
        uint32_t hz;

        assert_usage(&error, hertz_parse("--speed", texts[n], &hz, &error),
                     "expected a frequency for --speed (8000, 125k, 2M), found '");
    }
}

static void range_parse_of_ranges(void **state)
{
    uint32_t start, end;

    (void)state;
    assert_int_equal(range_parse("0:1", &start, &end, NULL), 0);
    assert_int_equal(start, 0);
    assert_int_equal(end, 1);
    assert_int_equal(range_parse("0x7E00:0x8000", &start, &end, NULL), 0);
    assert_int_equal(start, 0x7E00);
    assert_int_equal(end, 0x8000);
    assert_int_equal(range_parse("0b1:0xFFFFFFFF", &start, &end, NULL), 0);
    assert_int_equal(end, UINT32_MAX);
}

static void range_parse_of_any_other_text(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"", "expected START:END for --range"},
        {"5", "expected START:END for --range (0x7E00:0x8000), found '5'"},
        {":", "expected a number for the start of --range"},
        {":5", "expected a number for the start of --range"},
        {"5:", "expected a number for the end of --range"},
        {"1:2:3", "expected a number for the end of --range"},
        {"5:5", "the end of --range must be greater than its start, found '5:5'"},
        {"6:5", "the end of --range must be greater than its start"},
        {"0:0x100000000", "at most 0xFFFFFFFF"},
        {"00000000000000000000000000000000000:1", "expected START:END"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_error error = {0};
        uint32_t start, end;

        assert_usage(&error, range_parse(rows[n].text, &start, &end, &error), rows[n].message);
    }
}

static void signature_parse_in_any_notation(void **state)
{
    static const char *const texts[] = {
        "1E950F",         "1e950f",   "1E 95 0F", "0x1E,0x95,0x0F",
        "0x1E 0x95 0x0F", "1E:95:0F", "1E-95-0F", "0x1e950f",
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(texts); n++) {
        uint8_t signature[3] = {0};

        assert_int_equal(signature_parse(texts[n], signature, NULL), 0);
        assert_memory_equal(signature, ((const uint8_t[]){0x1E, 0x95, 0x0F}), 3);
    }
}

static void signature_parse_of_any_other_text(void **state)
{
    static const char *const texts[] = {"", "1E95", "1E950F00", "1E95G0", "ATmega8", "1E_95_0F"};

    (void)state;
    for (size_t n = 0; n < LENGTH(texts); n++) {
        struct avrspi_error error = {0};
        uint8_t signature[3];

        assert_usage(&error, signature_parse(texts[n], signature, &error),
                     "expected three bytes for --signature (1E950F), found '");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_parse_of_a_number),
        cmocka_unit_test(number_parse_of_any_other_text),
        cmocka_unit_test(number_parse_beyond_the_limit),
        cmocka_unit_test(hertz_parse_up_to_the_limit),
        cmocka_unit_test(hertz_parse_of_any_other_text),
        cmocka_unit_test(range_parse_of_ranges),
        cmocka_unit_test(range_parse_of_any_other_text),
        cmocka_unit_test(signature_parse_in_any_notation),
        cmocka_unit_test(signature_parse_of_any_other_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
