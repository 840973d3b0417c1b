/* SPDX-License-Identifier: MIT */
/* The sparse image, the table of formats, and raw binary. Intel HEX: test_ihex.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "avrspi/image.h"

static const uint8_t counting[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

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

/* Puts the bytes begin..end, each with its own address as value. */
static void put(struct avrspi_image *image, uint32_t begin, uint32_t end)
{
    assert_int_equal(avrspi_image_put(image, begin, counting + begin, end - begin, NULL), 0);
}

/* The runs of an image in words, "0-3 5-9". */
static const char *runs(const struct avrspi_image *image)
{
    static char text[256];
    struct avrspi_segment segment;
    uint64_t at = 0;
    size_t used = 0;

    text[0] = '\0';
    while (at <= UINT32_MAX && avrspi_image_next(image, (uint32_t)at, &segment)) {
        at = (uint64_t)segment.address + segment.size;
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s%llX-%llX", used > 0 ? " " : "",
                             (unsigned long long)segment.address, (unsigned long long)at);
        for (size_t i = 0; segment.address < sizeof counting && i < segment.size; i++) {
            assert_int_equal(segment.data[i], segment.address + i);
        }
    }
    return text;
}

static void image_free_null(void **state)
{
    (void)state;
    avrspi_image_free(NULL);
}

static void image_new_is_empty(void **state)
{
    struct avrspi_segment segment;
    uint32_t start;

    assert_int_equal(avrspi_image_size(*state), 0);
    assert_int_equal(avrspi_image_end(*state), 0);
    assert_int_equal(avrspi_image_count(*state, 0, SIZE_MAX), 0);
    assert_false(avrspi_image_next(*state, 0, &segment));
    assert_false(avrspi_image_start(*state, &start));
}

static void image_put_nothing(void **state)
{
    assert_int_equal(avrspi_image_put(*state, 5, NULL, 0, NULL), 0);
    assert_string_equal(runs(*state), "");
}

static void image_put_apart(void **state)
{
    put(*state, 8, 10);
    put(*state, 0, 3);
    put(*state, 12, 13);
    put(*state, 4, 6);
    put(*state, 14, 16);
    assert_string_equal(runs(*state), "0-3 4-6 8-A C-D E-10");
    assert_int_equal(avrspi_image_size(*state), 10);
    assert_int_equal(avrspi_image_end(*state), 16);
}

static void image_put_behind_joins(void **state)
{
    put(*state, 2, 4);
    put(*state, 4, 7);
    assert_string_equal(runs(*state), "2-7");
}

static void image_put_before_joins(void **state)
{
    put(*state, 4, 7);
    put(*state, 2, 4);
    assert_string_equal(runs(*state), "2-7");
}

static void image_put_between_joins(void **state)
{
    put(*state, 0, 4);
    put(*state, 6, 9);
    put(*state, 4, 6);
    assert_string_equal(runs(*state), "0-9");
}

static void image_put_inside_changes_nothing(void **state)
{
    put(*state, 0, 16);
    put(*state, 3, 5);
    put(*state, 0, 16);
    assert_string_equal(runs(*state), "0-10");
}

static void image_put_over_many_joins(void **state)
{
    put(*state, 0, 1);
    put(*state, 2, 4);
    put(*state, 6, 7);
    put(*state, 9, 12);
    put(*state, 14, 15);
    put(*state, 3, 10);
    assert_string_equal(runs(*state), "0-1 2-C E-F");
}

static void image_put_over_later_ones_joins(void **state)
{
    put(*state, 3, 4);
    put(*state, 6, 8);
    put(*state, 1, 7);
    assert_string_equal(runs(*state), "1-8");
}

static void image_put_every_pair_of_ranges(void **state)
{
    (void)state;
    for (uint32_t code = 0; code < 9 * 9 * 9 * 9; code++) {
        uint32_t a = code % 9, b = a + code / 9 % 9, c = code / 81 % 9, d = c + code / 729;
        struct avrspi_image *image = avrspi_image_new();
        char expected[64] = "";

        if (b > 9 || d > 9) {
            avrspi_image_free(image);
            continue;
        }
        put(image, a, b);
        put(image, c, d);
        for (uint32_t i = 0, from = 0; i <= 10; i++) {
            if ((i >= a && i < b) || (i >= c && i < d)) {
                continue;
            }
            if (from < i) {
                (void)snprintf(expected + strlen(expected), sizeof expected - strlen(expected),
                               "%s%X-%X", expected[0] ? " " : "", from, i);
            }
            from = i + 1;
        }
        assert_string_equal(runs(image), expected);
        avrspi_image_free(image);
    }
}

static void image_put_overlap_that_differs(void **state)
{
    static const uint8_t other[] = {2, 3, 4, 0x55, 0x66, 7, 8, 9, 10};
    struct avrspi_error error;

    put(*state, 0, 4);
    put(*state, 5, 9);
    assert_int_equal(avrspi_image_put(*state, 2, other, sizeof other, &error), AVRSPI_ERR_INPUT);
    assert_int_equal(error.code, AVRSPI_ERR_INPUT);
    assert_string_equal(error.message,
                        "expected 0x05 at address 0x0005, as in the image, found 0x55");
    assert_string_equal(runs(*state), "0-4 5-9");
    assert_int_equal(avrspi_image_put(*state, 2, other, sizeof other, NULL), AVRSPI_ERR_INPUT);
}

static void image_put_overlap_that_differs_inside(void **state)
{
    struct avrspi_error error;

    put(*state, 0, 9);
    assert_int_equal(avrspi_image_put(*state, 3, (const uint8_t *)"\3\4\5\7", 4, &error),
                     AVRSPI_ERR_INPUT);
    assert_string_equal(error.message,
                        "expected 0x06 at address 0x0006, as in the image, found 0x07");
    assert_string_equal(runs(*state), "0-9");
}

static void image_put_last_address(void **state)
{
    struct avrspi_segment segment;

    assert_int_equal(avrspi_image_put(*state, 0xFFFFFFFE, counting, 2, NULL), 0);
    assert_int_equal(avrspi_image_put(*state, 0, counting, 1, NULL), 0);
    assert_int_equal(avrspi_image_end(*state), UINT64_C(1) << 32);
    assert_string_equal(runs(*state), "0-1 FFFFFFFE-100000000");
    assert_true(avrspi_image_next(*state, 0xFFFFFFFF, &segment));
    assert_int_equal(segment.size, 1);
    assert_int_equal(segment.data[0], 1);
}

static void image_put_beyond_the_last_address(void **state)
{
    struct avrspi_error error;

    assert_int_equal(avrspi_image_put(*state, 0xFFFFFFFE, counting, 3, &error), AVRSPI_ERR_INPUT);
    assert_string_equal(error.message,
                        "expected addresses below 4 GiB, found 3 bytes at 0xFFFFFFFE");
    assert_int_equal(avrspi_image_size(*state), 0);
}

static void image_get_fills_gaps(void **state)
{
    static const uint8_t expected[] = {0xFF, 2, 3, 0xFF, 0xFF, 6, 7};
    uint8_t out[sizeof expected];

    put(*state, 2, 4);
    put(*state, 6, 9);
    assert_int_equal(avrspi_image_get(*state, 1, out, sizeof out, 0xFF), 4);
    assert_memory_equal(out, expected, sizeof out);
    assert_int_equal(avrspi_image_get(*state, 1, NULL, 0, 0xFF), 0);
}

static void image_get_beyond_the_last_address(void **state)
{
    uint8_t out[4];

    assert_int_equal(avrspi_image_put(*state, 0xFFFFFFFF, counting + 1, 1, NULL), 0);
    assert_int_equal(avrspi_image_get(*state, 0xFFFFFFFE, out, sizeof out, 0xEE), 1);
    assert_memory_equal(out, "\xEE\x01\xEE\xEE", sizeof out);
}

static void image_count_of_ranges(void **state)
{
    put(*state, 2, 4);
    put(*state, 6, 9);
    assert_int_equal(avrspi_image_count(*state, 0, 2), 0);
    assert_int_equal(avrspi_image_count(*state, 3, 4), 2);
    assert_int_equal(avrspi_image_count(*state, 4, 2), 0);
    assert_int_equal(avrspi_image_count(*state, 0, 16), 5);
    assert_int_equal(avrspi_image_count(*state, 7, SIZE_MAX), 2);
    assert_int_equal(avrspi_image_count(*state, 9, SIZE_MAX), 0);
    assert_int_equal(avrspi_image_count(*state, 2, 0), 0);
}

static void image_next_inside_a_run(void **state)
{
    struct avrspi_segment segment;

    put(*state, 2, 4);
    put(*state, 6, 9);
    assert_true(avrspi_image_next(*state, 7, &segment));
    assert_int_equal(segment.address, 7);
    assert_int_equal(segment.size, 2);
    assert_int_equal(segment.data[0], 7);
    assert_true(avrspi_image_next(*state, 4, &segment));
    assert_int_equal(segment.address, 6);
    assert_false(avrspi_image_next(*state, 9, &segment));
}

static void image_start_is_kept(void **state)
{
    uint32_t start = 0;

    avrspi_image_set_start(*state, 0x7E00);
    assert_true(avrspi_image_start(*state, &start));
    assert_int_equal(start, 0x7E00);
}

static void format_by_name_of_every_choice(void **state)
{
    enum avrspi_format format;
    size_t n = 0;

    (void)state;
    for (; avrspi_format_choice(n); n++) {
        assert_true(avrspi_format_by_name(avrspi_format_choice(n), &format));
        assert_string_equal(avrspi_format_name(format), avrspi_format_choice(n));
    }
    assert_int_equal(n, 9);
    assert_null(avrspi_format_choice(n + 1));
    assert_string_equal(avrspi_format_name(AVRSPI_FORMAT_AUTO), "auto");
    assert_string_equal(avrspi_format_name(AVRSPI_FORMAT_IHEX), "hex");
    assert_string_equal(avrspi_format_name(AVRSPI_FORMAT_RAW), "raw");
    assert_true(avrspi_format_by_name("ihex", &format));
    assert_int_equal(format, AVRSPI_FORMAT_IHEX);
    assert_true(avrspi_format_by_name("bin", &format));
    assert_int_equal(format, AVRSPI_FORMAT_RAW);
}

static void format_by_name_unknown(void **state)
{
    enum avrspi_format format = AVRSPI_FORMAT_RAW;

    (void)state;
    assert_false(avrspi_format_by_name("he", &format));
    assert_false(avrspi_format_by_name("", &format));
    assert_int_equal(format, AVRSPI_FORMAT_RAW);
    assert_null(avrspi_format_name((enum avrspi_format)99));
}

static void format_by_path_extensions(void **state)
{
    (void)state;
    assert_int_equal(avrspi_format_by_path("a.hex"), AVRSPI_FORMAT_IHEX);
    assert_int_equal(avrspi_format_by_path("a.ihx"), AVRSPI_FORMAT_IHEX);
    assert_int_equal(avrspi_format_by_path("a.ihex"), AVRSPI_FORMAT_IHEX);
    assert_int_equal(avrspi_format_by_path("/tmp/a.b.EEP"), AVRSPI_FORMAT_IHEX);
    assert_int_equal(avrspi_format_by_path("./a.bin"), AVRSPI_FORMAT_RAW);
    assert_int_equal(avrspi_format_by_path("A.RAW"), AVRSPI_FORMAT_RAW);
    assert_int_equal(avrspi_format_by_path("a.hexagon"), AVRSPI_FORMAT_AUTO);
    assert_int_equal(avrspi_format_by_path("a.he"), AVRSPI_FORMAT_AUTO);
    assert_int_equal(avrspi_format_by_path("a."), AVRSPI_FORMAT_AUTO);
    assert_int_equal(avrspi_format_by_path("hex"), AVRSPI_FORMAT_AUTO);
    assert_int_equal(avrspi_format_by_path("a.bin/b"), AVRSPI_FORMAT_AUTO);
    assert_int_equal(avrspi_format_by_path("-"), AVRSPI_FORMAT_AUTO);
    assert_int_equal(avrspi_format_by_path(""), AVRSPI_FORMAT_AUTO);
}

static void assert_parsed(enum avrspi_format format, const char *name, const char *data,
                          size_t size, const char *expected)
{
    struct avrspi_image *image;
    struct avrspi_error error = {.message = ""};
    struct avrspi_segment segment;
    int result = avrspi_image_parse(&image, format, name, data, size, &error);

    assert_string_equal(error.message, "");
    assert_int_equal(result, 0);
    assert_true(avrspi_image_next(image, 0, &segment));
    assert_int_equal(segment.address, 0);
    assert_int_equal(segment.size, strlen(expected));
    assert_memory_equal(segment.data, expected, strlen(expected));
    avrspi_image_free(image);
}

static void assert_refused(enum avrspi_format format, const char *name, const void *data,
                           size_t size, const char *message, const char *hint)
{
    struct avrspi_image *image = (struct avrspi_image *)&size;
    struct avrspi_error error;

    assert_int_equal(avrspi_image_parse(&image, format, name, data, size, &error),
                     AVRSPI_ERR_INPUT);
    assert_null(image);
    assert_int_equal(error.code, AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, message);
    assert_non_null(strstr(error.hint, hint));
    assert_int_equal(avrspi_image_parse(&image, format, name, data, size, NULL), AVRSPI_ERR_INPUT);
}

#define HEX "\r\n :0200000061623B\n:00000001FF\n"

static void image_parse_auto_hex(void **state)
{
    (void)state;
    assert_parsed(AVRSPI_FORMAT_AUTO, "a", HEX, strlen(HEX), "ab");
    assert_parsed(AVRSPI_FORMAT_AUTO, "a.bin", HEX, strlen(HEX), "ab");
    assert_parsed(AVRSPI_FORMAT_AUTO, "a", "\xEF\xBB\xBF" HEX, 3 + strlen(HEX), "ab");
    assert_refused(AVRSPI_FORMAT_AUTO, "a", ":02\n", 4,
                   "a:1: expected 14 digits in a record of 2 data bytes, found 2", "damaged");
}

static void image_parse_auto_raw_by_name(void **state)
{
    (void)state;
    assert_parsed(AVRSPI_FORMAT_AUTO, "a.bin", "ab\xC0", 3, "ab\xC0");
    assert_parsed(AVRSPI_FORMAT_AUTO, "a.RAW", "\x0C\x94", 2, "\x0C\x94");
}

static void image_parse_auto_raw_that_begins_with_a_colon(void **state)
{
    (void)state;
    /* rjmp .+116, as the first vector of a small AVR may well have it */
    assert_parsed(AVRSPI_FORMAT_AUTO, "a.bin", "\x3A\xC0\x40\xC0", 4, "\x3A\xC0\x40\xC0");
    assert_refused(AVRSPI_FORMAT_AUTO, "a", "\x3A\xC0\x40\xC0", 4,
                   "a: expected Intel HEX, S-record or ELF, found ':' at the start",
                   "'.bin' or '.raw'");
}

static void image_parse_auto_unknown(void **state)
{
    (void)state;
    assert_refused(AVRSPI_FORMAT_AUTO, "a.txt", " hello\n", 7,
                   "a.txt: expected a firmware file, found text that begins with 'h'",
                   "recognized by what they hold");
    assert_refused(AVRSPI_FORMAT_AUTO, "a.hex", "\0\0", 2,
                   "a.hex: expected Intel HEX, S-record or ELF, found byte 0x00 at the start",
                   "'.bin'");
    assert_refused(AVRSPI_FORMAT_AUTO, "a.bin", "Start", 5,
                   "a.bin: expected a firmware file, found text that begins with 'S'",
                   "recognized by what they hold");
}

static void image_parse_auto_empty(void **state)
{
    static const char message[] = "a: expected Intel HEX, found an empty file";

    (void)state;
    assert_refused(AVRSPI_FORMAT_AUTO, "a", NULL, 0, message, "failed");
    assert_refused(AVRSPI_FORMAT_AUTO, "a", " \r\n\t\n", 5, message, "failed");
    assert_refused(AVRSPI_FORMAT_AUTO, "a", "\xEF\xBB\xBF", 3, message, "failed");
    assert_refused(AVRSPI_FORMAT_AUTO, "a.bin", "\n", 1,
                   "a.bin: expected Intel HEX, found an empty file", "failed");
    assert_refused(AVRSPI_FORMAT_RAW, "a.bin", NULL, 0, "a.bin: expected data, found an empty file",
                   "failed");
}

static void image_parse_raw_asked_for(void **state)
{
    struct avrspi_image *image;

    (void)state;
    assert_parsed(AVRSPI_FORMAT_RAW, "a.hex", ":0", 2, ":0");
    assert_int_equal(avrspi_image_parse(&image, AVRSPI_FORMAT_RAW, "a", "\0\1", 2, NULL), 0);
    assert_int_equal(avrspi_image_size(image), 2);
    avrspi_image_free(image);
}

static void image_parse_unknown_format(void **state)
{
    struct avrspi_image *image;
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_image_parse(&image, (enum avrspi_format)99, "a", "", 0, &error),
                     AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, "no such image format: 99");
    assert_null(image);
}

static void image_format_raw_fills_gaps(void **state)
{
    char *data;
    size_t size;

    put(*state, 1, 2);
    put(*state, 4, 6);
    assert_int_equal(avrspi_image_format(*state, AVRSPI_FORMAT_RAW, &data, &size, NULL), 0);
    assert_int_equal(size, 6);
    assert_memory_equal(data, "\xFF\x01\xFF\xFF\x04\x05", size);
    free(data);
}

static void image_format_raw_empty(void **state)
{
    char *data;
    size_t size = 1;

    assert_int_equal(avrspi_image_format(*state, AVRSPI_FORMAT_RAW, &data, &size, NULL), 0);
    assert_int_equal(size, 0);
    assert_non_null(data);
    free(data);
}

static void image_format_raw_at_the_limit(void **state)
{
    char *data;
    size_t size;
    struct avrspi_error error;

    assert_int_equal(avrspi_image_put(*state, 0xFFFFFF, counting, 1, NULL), 0);
    assert_int_equal(avrspi_image_format(*state, AVRSPI_FORMAT_RAW, &data, &size, NULL), 0);
    assert_int_equal(size, 0x1000000);
    free(data);

    assert_int_equal(avrspi_image_put(*state, 0x1000000, counting, 1, NULL), 0);
    assert_int_equal(avrspi_image_format(*state, AVRSPI_FORMAT_RAW, &data, &size, &error),
                     AVRSPI_ERR_INPUT);
    assert_string_equal(error.message,
                        "expected an image that ends at or below 0x01000000 for raw binary, "
                        "found its end at 0x01000001");
    assert_int_equal(error.advice, AVRSPI_ADVICE_FORMAT_HEX);
    assert_null(data);
}

static void image_format_auto_is_hex(void **state)
{
    char *data;
    size_t size;

    put(*state, 1, 2);
    assert_int_equal(avrspi_image_format(*state, AVRSPI_FORMAT_AUTO, &data, &size, NULL), 0);
    assert_string_equal(data, ":0100010001FD\n:00000001FF\n");
    assert_int_equal(size, strlen(data));
    free(data);
}

static void image_format_unknown_format(void **state)
{
    struct avrspi_error error;
    char *data;
    size_t size;

    assert_int_equal(avrspi_image_format(*state, (enum avrspi_format)99, &data, &size, &error),
                     AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, "no such image format: 99");
    assert_null(data);
}

static void image_read_missing_file(void **state)
{
    struct avrspi_image *image;
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_image_read(&image, AVRSPI_FORMAT_AUTO, "/nonexistent/a.hex", &error),
                     AVRSPI_ERR_INPUT);
    assert_string_equal(error.message,
                        "can't open '/nonexistent/a.hex': No such file or directory");
    assert_null(image);
}

static void image_read_standard_input(void **state)
{
    struct avrspi_image *image;
    struct avrspi_error error;
    int ends[2], saved = dup(STDIN_FILENO);

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "hello", 5), 5);
    (void)close(ends[1]);
    (void)dup2(ends[0], STDIN_FILENO);
    (void)close(ends[0]);
    assert_int_equal(avrspi_image_read(&image, AVRSPI_FORMAT_AUTO, "-", &error), AVRSPI_ERR_INPUT);
    (void)dup2(saved, STDIN_FILENO);
    (void)close(saved);
    assert_string_equal(
        error.message, "standard input: expected a firmware file, found text that begins with 'h'");
}

#define WITH_IMAGE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(image_free_null),
        WITH_IMAGE(image_new_is_empty),
        WITH_IMAGE(image_put_nothing),
        WITH_IMAGE(image_put_apart),
        WITH_IMAGE(image_put_behind_joins),
        WITH_IMAGE(image_put_before_joins),
        WITH_IMAGE(image_put_between_joins),
        WITH_IMAGE(image_put_inside_changes_nothing),
        WITH_IMAGE(image_put_over_many_joins),
        WITH_IMAGE(image_put_over_later_ones_joins),
        cmocka_unit_test(image_put_every_pair_of_ranges),
        WITH_IMAGE(image_put_overlap_that_differs),
        WITH_IMAGE(image_put_overlap_that_differs_inside),
        WITH_IMAGE(image_put_last_address),
        WITH_IMAGE(image_put_beyond_the_last_address),
        WITH_IMAGE(image_get_fills_gaps),
        WITH_IMAGE(image_get_beyond_the_last_address),
        WITH_IMAGE(image_count_of_ranges),
        WITH_IMAGE(image_next_inside_a_run),
        WITH_IMAGE(image_start_is_kept),
        cmocka_unit_test(format_by_name_of_every_choice),
        cmocka_unit_test(format_by_name_unknown),
        cmocka_unit_test(format_by_path_extensions),
        cmocka_unit_test(image_parse_auto_hex),
        cmocka_unit_test(image_parse_auto_raw_by_name),
        cmocka_unit_test(image_parse_auto_raw_that_begins_with_a_colon),
        cmocka_unit_test(image_parse_auto_unknown),
        cmocka_unit_test(image_parse_auto_empty),
        cmocka_unit_test(image_parse_raw_asked_for),
        cmocka_unit_test(image_parse_unknown_format),
        WITH_IMAGE(image_format_raw_fills_gaps),
        WITH_IMAGE(image_format_raw_empty),
        WITH_IMAGE(image_format_raw_at_the_limit),
        WITH_IMAGE(image_format_auto_is_hex),
        WITH_IMAGE(image_format_unknown_format),
        cmocka_unit_test(image_read_missing_file),
        cmocka_unit_test(image_read_standard_input),
    };

    return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
