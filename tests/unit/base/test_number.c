/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/number.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static void number_parse_of_numbers(void **state)
{
    static const struct {
        const char *text;
        uint64_t value;
    } rows[] = {
        {"0", 0},
        {"255", 255},
        {"007", 7},
        {"010", 10},
        {"0xFF", 255},
        {"0Xfe", 254},
        {"0x0", 0},
        {"0b0", 0},
        {"0b11111111", 255},
        {"0B101", 5},
        {"18446744073709551615", UINT64_MAX},
        {"0xFFFFFFFFFFFFFFFF", UINT64_MAX},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        uint64_t value = 0x12345678;

        assert_true(avrspi_number_parse(rows[n].text, strlen(rows[n].text), &value));
        assert_int_equal(value, rows[n].value);
    }
}

static void number_parse_of_any_other_text(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "x",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1k",
        "0x",
        "0xg",
        "0x-1",
        "0b",
        "0b2",
        "FF",
        "1.5",
        "0x0x10",
        "0b0b1",
        "0b0x1",
        "1e3",
        "0x 1",
        "18446744073709551616",
        "99999999999999999999999",
        "0x10000000000000000",
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(texts); n++) {
        uint64_t value = 42;

        assert_false(avrspi_number_parse(texts[n], strlen(texts[n]), &value));
        assert_int_equal(value, 42);
    }
}

static void number_parse_stops_at_the_size(void **state)
{
    uint64_t value;

    (void)state;
    assert_true(avrspi_number_parse("0x123", 4, &value));
    assert_int_equal(value, 0x12);
    assert_true(avrspi_number_parse("0x123", 1, &value));
    assert_int_equal(value, 0);
    assert_false(avrspi_number_parse("0x123", 2, &value));
    assert_false(avrspi_number_parse("1\0", 2, &value));
}

static void number_parse_digits_to_a_base(void **state)
{
    uint64_t value = 42;

    (void)state;
    assert_true(avrspi_number_parse_digits("0010", 4, 16, &value));
    assert_int_equal(value, 16);
    assert_true(avrspi_number_parse_digits("0010", 4, 10, &value));
    assert_int_equal(value, 10);
    assert_false(avrspi_number_parse_digits("0x10", 4, 10, &value));
    assert_false(avrspi_number_parse_digits("0x10", 4, 16, &value));
    assert_false(avrspi_number_parse_digits("", 0, 10, &value));
    assert_int_equal(value, 10);
}

static void number_parse_within_limits(void **state)
{
    uint32_t value = 42;

    (void)state;
    assert_true(avrspi_number_parse_within("4294967295", 10, 0, UINT32_MAX, &value));
    assert_int_equal(value, UINT32_MAX);
    assert_true(avrspi_number_parse_within("1", 1, 1, 4, &value));
    assert_true(avrspi_number_parse_within("4", 1, 1, 4, &value));
    assert_int_equal(value, 4);
    assert_false(avrspi_number_parse_within("0", 1, 1, 4, &value));
    assert_false(avrspi_number_parse_within("5", 1, 1, 4, &value));
    assert_false(avrspi_number_parse_within("4294967297", 10, 0, UINT32_MAX, &value));
    assert_false(avrspi_number_parse_within("x", 1, 0, UINT32_MAX, &value));
    assert_int_equal(value, 4);
}

static void number_parse_hz_of_frequencies(void **state)
{
    static const struct {
        const char *text;
        uint32_t hz;
    } rows[] = {
        {"1", 1},
        {"32768", 32768},
        {"125k", 125000},
        {"125K", 125000},
        {"128KHZ", 128000},
        {"2M", 2000000},
        {"16m", 16000000},
        {"16MHz", 16000000},
        {"16mhz", 16000000},
        {"32768Hz", 32768},
        {"7.3728M", 7372800},
        {"7.3728000000M", 7372800},
        {"0.5k", 500},
        {"32.768kHz", 32768},
        {"8.0", 8},
        {"1000M", 1000000000},
        {"4294.967295M", UINT32_MAX},
        {"0", 0},
        {"0M", 0},
        {"0.000M", 0},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        uint32_t hz = 42;

        assert_true(avrspi_number_parse_hz(rows[n].text, strlen(rows[n].text), 0, UINT32_MAX, &hz));
        assert_int_equal(hz, rows[n].hz);
    }
}

static void number_parse_hz_of_any_other_text(void **state)
{
    static const char *const texts[] = {
        "",      "fast",    "-1",          "+1",
        ".5M",   " 1",      "1 ",          "1G",
        "1kk",   "1 k",     "nan",         "inf",
        "1e6",   "k",       "Hz",          "kHz",
        "M",     ".M",      "1.",          "1.M",
        "1..5M", "1.5.5M",  "0x10",        "0b1",
        "16Mh",  "16M Hz",  "16HzM",       "1.5",
        "0.5Hz", "1.2345k", "1.23456789M", "10HzHz",
        "1,5M",  "1.-5M",   "99999999999", "4294.967296M",
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(texts); n++) {
        uint32_t hz = 42;

        if (avrspi_number_parse_hz(texts[n], strlen(texts[n]), 0, UINT32_MAX, &hz))
            fail_msg("'%s' was taken for %u Hz", texts[n], (unsigned)hz);
        assert_int_equal(hz, 42);
    }
}

static void number_parse_hz_within_limits(void **state)
{
    uint32_t hz = 42;

    (void)state;
    assert_true(avrspi_number_parse_hz("100M", 4, 1, 100000000, &hz));
    assert_false(avrspi_number_parse_hz("100.000001M", 11, 1, 100000000, &hz));
    assert_false(avrspi_number_parse_hz("100001k", 7, 1, 100000000, &hz));
    assert_false(avrspi_number_parse_hz("100000001", 9, 1, 100000000, &hz));
    assert_false(avrspi_number_parse_hz("0", 1, 1, 100000000, &hz));
    assert_false(avrspi_number_parse_hz("0.0M", 4, 1, 100000000, &hz));
    assert_int_equal(hz, 100000000);
    assert_true(avrspi_number_parse_hz("3M-8M", 2, 1, 100000000, &hz));
    assert_int_equal(hz, 3000000);
}

static void parse_mv_of_every_spelling(void **state)
{
    static const struct {
        const char *text;
        uint32_t mv; /* 0: none */
    } rows[] = {
        {"3.3", 3300},  {"5", 5000},    {"1.62V", 1620}, {"3V3", 3300},
        {"1v62", 1620}, {"3V3V", 0},    {"V3", 0},       {"3.3V3", 0},
        {"3VV3", 0},    {"2.7v", 2700}, {"0.5", 500},    {"6", 6000},
        {"0.499", 0},   {"6.001", 0},   {"", 0},         {"V", 0},
        {"3.", 0},      {".3", 0},      {"3,3", 0},      {"-3", 0},
        {"3.3VV", 0},   {"0x3", 0},     {"3.3001", 0},   {"99999999999999999999", 0},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        uint32_t mv = 1;
        bool parsed = avrspi_number_parse_mv(rows[n].text, strlen(rows[n].text), &mv);

        if (parsed != (rows[n].mv != 0) || mv != (rows[n].mv ? rows[n].mv : 1))
            fail_msg("'%s': %u", rows[n].text, mv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_mv_of_every_spelling),
        cmocka_unit_test(number_parse_of_numbers),
        cmocka_unit_test(number_parse_of_any_other_text),
        cmocka_unit_test(number_parse_stops_at_the_size),
        cmocka_unit_test(number_parse_digits_to_a_base),
        cmocka_unit_test(number_parse_within_limits),
        cmocka_unit_test(number_parse_hz_of_frequencies),
        cmocka_unit_test(number_parse_hz_of_any_other_text),
        cmocka_unit_test(number_parse_hz_within_limits),
    };

    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
