/* SPDX-License-Identifier: MIT */
/* Numbers as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/ui.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static void hertz_of_every_size(void **state)
{
    static const struct {
        uint32_t hz;
        const char *text;
    } rows[] = {
        {0, "0 Hz"},
        {1, "1 Hz"},
        {999, "999 Hz"},
        {1000, "1 kHz"},
        {3599, "3.6 kHz"},
        {8191, "8.2 kHz"},
        {28799, "28.8 kHz"},
        {100000, "100 kHz"},
        {112499, "112.5 kHz"},
        {224999, "225 kHz"},
        {999499, "999.5 kHz"},
        {999500, "0.9995 MHz"},
        {1000000, "1 MHz"},
        {1799999, "1.8 MHz"},
        {2666666, "2.6667 MHz"},
        {7372800, "7.3728 MHz"},
        {16000000, "16 MHz"},
        {20000000, "20 MHz"},
        {100000000, "100 MHz"},
        {4294967295, "4294.9673 MHz"},
    };
    char text[UI_TEXT];

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++)
        assert_string_equal(ui_hertz(rows[n].hz, text), rows[n].text);
}

static void bytes_of_every_size(void **state)
{
    static const struct {
        uint64_t bytes;
        const char *text;
    } rows[] = {
        {0, "0 B"},        {1, "1 B"},          {924, "924 B"},
        {1023, "1023 B"},  {1024, "1 KiB"},     {1025, "1025 B"},
        {32768, "32 KiB"}, {262144, "256 KiB"}, {UINT64_C(1) << 40, "1073741824 KiB"},
    };
    char text[UI_TEXT];

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++)
        assert_string_equal(ui_bytes(rows[n].bytes, text), rows[n].text);
}

static void seconds_of_every_size(void **state)
{
    static const struct {
        uint64_t ns;
        const char *text;
    } rows[] = {
        {0, "0 ms"},
        {400000, "0 ms"},
        {31000000, "31 ms"},
        {99000000, "99 ms"},
        {100000000, "0.10 s"},
        {310000000, "0.31 s"},
        {9990000000, "9.99 s"},
        {10000000000, "10.0 s"},
        {123456000000, "123.5 s"},
    };
    char text[UI_TEXT];

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++)
        assert_string_equal(ui_seconds(rows[n].ns, text), rows[n].text);
}

static void rate_of_every_size(void **state)
{
    static const struct {
        uint64_t bytes, ns;
        const char *text;
    } rows[] = {
        {0, 0, "0 B/s"},
        {1, 27000000, "37 B/s"},
        {999, 1000000000, "999 B/s"},
        {9995, 10000000000, "1.0 kB/s"},
        {32768, 2260000000, "14.5 kB/s"},
        {1, 1, "1000000.0 kB/s"},
    };
    char text[UI_TEXT];

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++)
        assert_string_equal(ui_rate(rows[n].bytes, rows[n].ns, text), rows[n].text);
}

static void time_above_the_least(void **state)
{
    static const struct {
        uint64_t ns, least_ns;
        const char *text;
    } rows[] = {
        {0, 0, "at the minimum"},
        {100, 0, "at the minimum"}, /* no minimum is known */
        {900, 1000, "at the minimum"},
        {1000, 1000, "at the minimum"},
        {1004, 1000, "at the minimum"},
        {1005, 1000, "1 % above the minimum"},
        {1014, 1000, "1 % above the minimum"},
        {2000, 1000, "100 % above the minimum"},
    };
    char text[UI_TEXT];

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++)
        assert_string_equal(ui_above(rows[n].ns, rows[n].least_ns, text), rows[n].text);
}

static void signature_in_hexadecimal(void **state)
{
    char text[UI_TEXT];

    (void)state;
    assert_string_equal(ui_signature((const uint8_t[]){0x1E, 0x95, 0x0F}, text), "1E 95 0F");
    assert_string_equal(ui_signature((const uint8_t[]){0x00, 0x01, 0x02}, text), "00 01 02");
}

static void clock_of_every_source(void **state)
{
    static const struct {
        enum avrspi_clock_source source;
        uint32_t min_hz, max_hz;
        unsigned divider;
        const char *text;
    } rows[] = {
        {AVRSPI_CLOCK_UNKNOWN, 0, 0, 1, "clock not known"},
        {AVRSPI_CLOCK_INTERNAL, 1000000, 1000000, 8, "internal 8 MHz / 8"},
        {AVRSPI_CLOCK_INTERNAL, 8000000, 8000000, 1, "internal 8 MHz"},
        {AVRSPI_CLOCK_EXTERNAL, 0, 0, 1, "external clock"},
        {AVRSPI_CLOCK_EXTERNAL, 0, 0, 8, "external clock / 8"},
        {AVRSPI_CLOCK_EXTERNAL, 16000000, 16000000, 1, "external clock 16 MHz"},
        {AVRSPI_CLOCK_CRYSTAL, 8000000, 20000000, 1, "crystal 8 MHz to 20 MHz"},
        {AVRSPI_CLOCK_CRYSTAL, 50000, 2500000, 8, "crystal 400 kHz to 20 MHz / 8"},
        {AVRSPI_CLOCK_RC, 900000, 3000000, 1, "external RC oscillator 900 kHz to 3 MHz"},
    };
    char text[UI_TEXT];

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        const struct avrspi_clock clock = {
            .source = rows[n].source, .min_hz = rows[n].min_hz, .max_hz = rows[n].max_hz};

        assert_string_equal(ui_clock(&clock, rows[n].divider, text), rows[n].text);
    }
}

static void sck_beside_what_was_asked(void **state)
{
    char text[UI_TEXT];

    (void)state;
    assert_string_equal(ui_sck(1798562, 1800000, text), "1.7986 MHz");
    assert_string_equal(ui_sck(100000, 100000, text), "100 kHz");
    assert_string_equal(ui_sck(7629, 4000, text), "7.6 kHz (4 kHz asked)");
    assert_string_equal(ui_sck(61035, 100000, text), "61 kHz (100 kHz asked)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sck_beside_what_was_asked), cmocka_unit_test(hertz_of_every_size),
        cmocka_unit_test(bytes_of_every_size),       cmocka_unit_test(seconds_of_every_size),
        cmocka_unit_test(signature_in_hexadecimal),  cmocka_unit_test(rate_of_every_size),
        cmocka_unit_test(time_above_the_least),      cmocka_unit_test(clock_of_every_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
