/* SPDX-License-Identifier: MIT */
/* Intel HEX, read and written. tests/data/image has whole files, some of them by objcopy. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "avrspi/image.h"

#define END ":00000001FF\n"

static struct avrspi_image *parse_bytes(const char *text, size_t size)
{
    struct avrspi_image *image;
    struct avrspi_error error = {.message = ""};
    int result = avrspi_image_parse(&image, AVRSPI_FORMAT_IHEX, "f", text, size, &error);

    assert_string_equal(error.message, "");
    assert_int_equal(result, 0);
    return image;
}

static struct avrspi_image *parse(const char *text)
{
    return parse_bytes(text, strlen(text));
}

/* Asserts that the image has a run of exactly these bytes at an address. */
static void assert_run(const struct avrspi_image *image, uint32_t address, const char *bytes)
{
    struct avrspi_segment segment;

    assert_true(avrspi_image_next(image, address, &segment));
    assert_int_equal(segment.address, address);
    assert_int_equal(segment.size, strlen(bytes));
    assert_memory_equal(segment.data, bytes, segment.size);
}

static void assert_reads(const char *text, uint32_t address, const char *bytes)
{
    struct avrspi_image *image = parse(text);

    assert_run(image, address, bytes);
    assert_int_equal(avrspi_image_size(image), strlen(bytes));
    avrspi_image_free(image);
}

static void assert_refused_bytes(const char *text, size_t size, const char *message,
                                 const char *hint)
{
    struct avrspi_image *image;
    struct avrspi_error error;

    assert_int_equal(avrspi_image_parse(&image, AVRSPI_FORMAT_IHEX, "f", text, size, &error),
                     AVRSPI_ERR_INPUT);
    assert_null(image);
    assert_int_equal(error.code, AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, message);
    assert_non_null(strstr(error.hint, hint));
}

static void assert_refused(const char *text, const char *message, const char *hint)
{
    assert_refused_bytes(text, strlen(text), message, hint);
}

static void ihex_parse_line_ends(void **state)
{
    (void)state;
    assert_reads(":01000000619E\n:01000100629C\n:00000001FF\n", 0, "ab");
    assert_reads(":01000000619E\r\n:01000100629C\r\n:00000001FF\r\n", 0, "ab");
    assert_reads(":01000000619E\r:01000100629C\r:00000001FF\r", 0, "ab");
    assert_reads(":01000000619E\n:01000100629C\r\n:00000001FF", 0, "ab");
}

static void ihex_parse_blank_space(void **state)
{
    (void)state;
    assert_reads("\n\r\n \t\n:01000000619E\n\n\n" END "\n \r\r\n\t", 0, "a");
    assert_reads(" :01000000619E\t \n\t" END, 0, "a");
}

static void ihex_parse_byte_order_mark(void **state)
{
    (void)state;
    assert_reads("\xEF\xBB\xBF:01000000619E\n" END, 0, "a");
    assert_refused("\xEF\xBB\xBF", "f: expected records of Intel HEX, found an empty file", "");
}

static void ihex_parse_digits_of_both_cases(void **state)
{
    (void)state;
    assert_reads(":01000000AB54\n:0100010061"
                 "9d\n:00000001fF\n",
                 0,
                 "\xAB"
                 "a");
    assert_reads(":01000000ab54\n" END, 0, "\xAB");
}

static void ihex_parse_any_order(void **state)
{
    (void)state;
    assert_reads(":01000100629C\n:01000000619E\n" END, 0, "ab");
}

static void ihex_parse_gap(void **state)
{
    struct avrspi_image *image = parse(":01000000619E\n:01800000631C\n" END);

    (void)state;
    assert_run(image, 0, "a");
    assert_run(image, 0x8000, "c");
    assert_int_equal(avrspi_image_size(image), 2);
    avrspi_image_free(image);
}

static void ihex_parse_segment_base(void **state)
{
    (void)state;
    assert_reads(":020000021000EC\n:01000000619E\n" END, 0x10000, "a");
    assert_reads(":02000002FFFFFE\n:01FFFF0061A0\n" END, 0x10FFEF, "a");
}

static void ihex_parse_segment_wraps(void **state)
{
    struct avrspi_image *image = parse(":020000021000EC\n:04FFFE006162636475\n" END);

    (void)state;
    assert_run(image, 0x10000, "cd");
    assert_run(image, 0x1FFFE, "ab");
    assert_int_equal(avrspi_image_size(image), 4);
    avrspi_image_free(image);
}

static void ihex_parse_linear_base(void **state)
{
    (void)state;
    assert_reads(":020000040001F9\n:01000000619E\n" END, 0x10000, "a");
    assert_reads(":020000040001F9\n:020000040000FA\n:01000000619E\n" END, 0, "a");
}

static void ihex_parse_linear_does_not_wrap(void **state)
{
    (void)state;
    assert_reads(":020000040001F9\n:04FFFE006162636475\n" END, 0x1FFFE, "abcd");
    assert_reads(":04FFFE006162636475\n" END, 0xFFFE, "abcd");
}

static void ihex_parse_linear_base_ends_segment(void **state)
{
    (void)state;
    assert_reads(":020000021000EC\n:020000040001F9\n:04FFFE006162636475\n" END, 0x1FFFE, "abcd");
    assert_reads(":02000004FFFFFC\n:020000021000EC\n:01000000619E\n" END, 0x10000, "a");
}

static void ihex_parse_last_address(void **state)
{
    (void)state;
    assert_reads(":02000004FFFFFC\n:04FFFC006162636477\n" END, 0xFFFFFFFC, "abcd");
}

static void ihex_parse_beyond_the_last_address(void **state)
{
    (void)state;
    assert_refused(":02000004FFFFFC\n:04FFFD006162636476\n" END,
                   "f:2: expected addresses below 4 GiB, found 4 bytes at 0xFFFFFFFD", "type 04");
}

static void assert_start(const char *text, uint32_t expected)
{
    struct avrspi_image *image = parse(text);
    uint32_t start = 0;

    assert_true(avrspi_image_start(image, &start));
    assert_int_equal(start, expected);
    avrspi_image_free(image);
}

static void ihex_parse_start(void **state)
{
    struct avrspi_image *image = parse(":01000000619E\n" END);
    uint32_t start;

    (void)state;
    assert_false(avrspi_image_start(image, &start));
    avrspi_image_free(image);
    assert_start(":0400000310000102E6\n:01000000619E\n" END, 0x10102);
    assert_start(":01000000619E\n:0400000500010203F1\n" END, 0x10203);
    /* the last one counts, and an extended address has no part in it */
    assert_start(":020000040001F9\n:0400000310000102E6\n:0400000500007E0079\n:01000000619E\n" END,
                 0x7E00);
}

static void ihex_parse_longest_record(void **state)
{
    char text[600], zeros[2 * 0xFF + 1] = "";
    struct avrspi_image *image;

    (void)state;
    memset(zeros, '0', sizeof zeros - 1);
    (void)snprintf(text, sizeof text, ":FF000000%s01\n" END, zeros);
    image = parse(text);
    assert_int_equal(avrspi_image_size(image), 0xFF);
    avrspi_image_free(image);
}

static void ihex_parse_record_without_data(void **state)
{
    (void)state;
    assert_reads(":00001000F0\n:01000000619E\n" END, 0, "a");
}

static void ihex_parse_equal_overlap(void **state)
{
    (void)state;
    assert_reads(":0200000061623B\n:02000100626338\n:0200000061623B\n" END, 0, "abc");
}

static void ihex_parse_overlap_that_differs(void **state)
{
    (void)state;
    assert_refused(":0200000061623B\n:01800000631C\n:02000100616339\n" END,
                   "f:3: expected 0x62 at address 0x0001, as line 1 has it, found 0x61", "overlap");
    /* neither the record before the two nor one that agrees is blamed */
    assert_refused(":01000000619E\n:01000100629C\n:02000100626338\n:02000100616339\n" END,
                   "f:4: expected 0x62 at address 0x0001, as line 2 has it, found 0x61", "overlap");
    /* named in the order of the file, whatever the order of the addresses */
    assert_refused("\n:02000100616339\n:01800000631C\n:0200000061623B\n" END,
                   "f:4: expected 0x61 at address 0x0001, as line 2 has it, found 0x62", "overlap");
}

static void ihex_parse_notes_the_line_of_every_byte(void **state)
{
    struct avrspi_image *image = parse("\n:01000100629C\n:01800000631C\n:01000000619E\n" END);

    (void)state;
    assert_int_equal(avrspi_image_origin(image, 1).kind, AVRSPI_ORIGIN_LINE);
    assert_int_equal(avrspi_image_origin(image, 1).line, 2);
    assert_int_equal(avrspi_image_origin(image, 0x8000).line, 3);
    assert_int_equal(avrspi_image_origin(image, 0).line, 4);
    assert_int_equal(avrspi_image_origin(image, 2).kind, AVRSPI_ORIGIN_NONE);
    avrspi_image_free(image);
}

static void ihex_parse_no_colon(void **state)
{
    (void)state;
    assert_refused(":01000000619E\n  hello\n" END,
                   "f:2: expected ':' at the start of a record, found 'h'", "damaged");
    assert_refused("\x01", "f:1: expected ':' at the start of a record, found byte 0x01",
                   "damaged");
}

static void ihex_parse_bad_digit(void **state)
{
    (void)state;
    assert_refused(":01000000619E\r\n:0100010G629C\n" END,
                   "f:2: expected a hex digit in column 9, found 'G'", "damaged");
    assert_refused("  :0100010062 9C\n" END, "f:1: expected a hex digit in column 14, found ' '",
                   "damaged");
    assert_refused(":01000000619E\r\r:00000001FF;", /* CR twice: a blank line */
                   "f:3: expected a hex digit in column 12, found ';'", "damaged");
    assert_refused(":\xFF", "f:1: expected a hex digit in column 2, found byte 0xFF", "damaged");
    assert_refused_bytes(":01000000\0\n", 11,
                         "f:1: expected a hex digit in column 10, found byte 0x00", "damaged");
}

static void ihex_parse_wrong_length(void **state)
{
    (void)state;
    assert_refused(":0200000061623\n" END,
                   "f:1: expected 14 digits in a record of 2 data bytes, found 13", "damaged");
    assert_refused(":0200000061623B00\n" END,
                   "f:1: expected 14 digits in a record of 2 data bytes, found 16", "damaged");
    assert_refused(":0\n", "f:1: expected 10 digits in a record of 0 data bytes, found 1",
                   "damaged");
    assert_refused(":", "f:1: expected 10 digits in a record of 0 data bytes, found 0", "damaged");
    assert_refused(":00000001", "f:1: expected 10 digits in a record of 0 data bytes, found 8",
                   "damaged");
}

static void ihex_parse_wrong_checksum(void **state)
{
    (void)state;
    assert_refused(":01000000619F\n" END, "f:1: expected checksum 0x9E, found 0x9F", "damaged");
    assert_refused(":01000000619E\n:0000000100\n", "f:2: expected checksum 0xFF, found 0x00",
                   "damaged");
}

static void ihex_parse_unknown_type(void **state)
{
    (void)state;
    assert_refused(":00000006FA\n" END, "f:1: expected a record type from 00 to 05, found 06",
                   "no other types");
    assert_refused(":00000012EE\n" END, "f:1: expected a record type from 00 to 05, found 12",
                   "no other types");
}

static void ihex_parse_wrong_length_of_a_type(void **state)
{
    (void)state;
    assert_refused(":01000001619D\n",
                   "f:1: expected 0 data bytes in an end record (type 01), found 1",
                   "program that wrote");
    assert_refused(":01000002619C\n" END,
                   "f:1: expected 2 data bytes in an extended segment address (type 02), found 1",
                   "program that wrote");
    assert_refused(":02000003616238\n" END,
                   "f:1: expected 4 data bytes in a start segment address (type 03), found 2",
                   "program that wrote");
    assert_refused(":03000004616263D3\n" END,
                   "f:1: expected 2 data bytes in an extended linear address (type 04), found 3",
                   "program that wrote");
    assert_refused(":010000056199\n" END,
                   "f:1: expected 4 data bytes in a start linear address (type 05), found 1",
                   "program that wrote");
}

static void ihex_parse_no_end(void **state)
{
    (void)state;
    assert_refused(":01000000619E\n:01000100629C\n",
                   "f:2: expected an end record (:00000001FF), found the end of the file",
                   "cut off");
}

static void ihex_parse_two_images(void **state)
{
    (void)state;
    assert_refused(":01000000619E\n" END "\n:01000100629C\n" END,
                   "f:4: expected one image, found 2: lines 1 to 2, and lines 4 to 5",
                   "which do not overlap");
    assert_refused(":01000000619E\n" END ":01000000619E\n" END,
                   "f:3: expected one image, found 2: lines 1 to 2, and lines 3 to 4",
                   "two files were joined");
    assert_refused(":01000000619E\n" END "hello\n" END,
                   "f:3: expected ':' at the start of a record, found 'h'", "damaged");
}

/* Images without bytes are none. */
static void ihex_parse_second_end_record(void **state)
{
    (void)state;
    assert_reads(":01000000619E\n" END END, 0, "a");
    assert_reads(END ":01000000619E\n" END, 0, "a");
}

/* Some systems fill the end of a file. */
static void ihex_parse_padding_behind_the_end(void **state)
{
    struct avrspi_image *image;

    (void)state;
    assert_reads(":01000000619E\n" END "\x1A", 0, "a");
    assert_reads(":01000000619E\n:00000001FF\x1A\x1A", 0, "a");
    image = parse_bytes(":01000000619E\n:00000001FF\n\0\0\0\0", 30);
    avrspi_image_free(image);
    assert_refused(":01000000619E\n\x1A\n" END,
                   "f:2: expected ':' at the start of a record, found byte 0x1A", "damaged");
}

static void ihex_parse_comments(void **state)
{
    (void)state;
    assert_reads("; made by hand\n# twice\n// so\n:01000000619E\n" END, 0, "a");
    assert_reads(":01000000619E // 00000> 61\n:01000100629C\t; b\n" END, 0, "ab");
    assert_refused(":01000000619E; no blank\n" END,
                   "f:1: expected a hex digit in column 14, found ';'", "damaged");
}

static void ihex_parse_empty_file(void **state)
{
    static const char message[] = "f: expected records of Intel HEX, found an empty file";

    (void)state;
    assert_refused("", message, "failed");
    assert_refused(" \n\r\n", message, "failed");
    assert_refused_bytes(NULL, 0, message, "failed");
}

static void ihex_parse_no_data(void **state)
{
    static const char message[] = "f: expected data records, found none";

    (void)state;
    assert_refused(END, message, "section");
    assert_refused(":020000040001F9\n:0000000000\n:0400000500010203F1\n" END, message, "section");
}

/* Calls 'visit' with the path of each file in tests/data/image/FOLDER. */
static size_t for_each_file(const char *folder, void (*visit)(const char *path))
{
    char path[512];
    DIR *directory;
    size_t count = 0;

    (void)snprintf(path, sizeof path, "%s/image/%s", TEST_DATA, folder);
    directory = opendir(path);
    assert_non_null(directory);
    for (struct dirent *entry = readdir(directory); entry; entry = readdir(directory)) {
        if (strstr(entry->d_name, ".hex")) {
            (void)snprintf(path, sizeof path, "%s/image/%s/%s", TEST_DATA, folder, entry->d_name);
            visit(path);
            count++;
        }
    }
    (void)closedir(directory);
    return count;
}

static void assert_file_reads(const char *path)
{
    struct avrspi_image *image;
    struct avrspi_error error = {.message = ""};
    int result = avrspi_image_read(&image, AVRSPI_FORMAT_AUTO, path, &error);

    assert_string_equal(error.message, "");
    assert_int_equal(result, 0);
    avrspi_image_free(image);
}

static void image_read_good_files(void **state)
{
    (void)state;
    assert_true(for_each_file("good", assert_file_reads) > 0);
}

static void assert_file_refused(const char *path)
{
    struct avrspi_image *image;
    struct avrspi_error error;

    assert_int_equal(avrspi_image_read(&image, AVRSPI_FORMAT_AUTO, path, &error), AVRSPI_ERR_INPUT);
    assert_null(image);
    assert_memory_equal(error.message, path, strlen(path));
    assert_int_equal(error.message[strlen(path)], ':');
    assert_true(error.hint[0] != '\0');
}

static void image_read_bad_files(void **state)
{
    (void)state;
    assert_true(for_each_file("bad", assert_file_refused) > 0);
}

static struct avrspi_image *read_file(const char *name)
{
    struct avrspi_image *image;
    char path[512];

    (void)snprintf(path, sizeof path, "%s/image/good/%s", TEST_DATA, name);
    assert_int_equal(avrspi_image_read(&image, AVRSPI_FORMAT_AUTO, path, NULL), 0);
    return image;
}

static void assert_same_text(const struct avrspi_image *left, const struct avrspi_image *right,
                             enum avrspi_format format)
{
    char *left_data, *right_data;
    size_t left_size, right_size;

    assert_int_equal(avrspi_image_format(left, format, &left_data, &left_size, NULL), 0);
    assert_int_equal(avrspi_image_format(right, format, &right_data, &right_size, NULL), 0);
    assert_int_equal(left_size, right_size);
    assert_memory_equal(left_data, right_data, left_size);
    free(left_data);
    free(right_data);
}

static void image_read_agrees_with_objcopy(void **state)
{
    struct avrspi_image *hex = read_file("blink.hex"), *raw = read_file("blink.bin");

    (void)state;
    assert_same_text(hex, raw, AVRSPI_FORMAT_RAW);
    avrspi_image_free(hex);
    avrspi_image_free(raw);
}

static void image_read_objcopy_of_both_address_kinds(void **state)
{
    static const char text[] = "avrspi reads what objcopy writes, over the border of 64 KiB";
    struct avrspi_image *segments = read_file("segments.hex"), *linear = read_file("linear.hex");
    uint32_t start = 0;

    (void)state;
    assert_run(segments, 0x1FFE0, text);
    assert_true(avrspi_image_start(segments, &start));
    assert_int_equal(start, 0x1FFE0);
    assert_run(linear, 0x8100FFE0, text);
    assert_true(avrspi_image_start(linear, &start));
    assert_int_equal(start, 0x8100FFE0);
    avrspi_image_free(segments);
    avrspi_image_free(linear);
}

static void assert_written(const struct avrspi_image *image, const char *expected)
{
    char *data;
    size_t size;

    assert_int_equal(avrspi_image_format(image, AVRSPI_FORMAT_IHEX, &data, &size, NULL), 0);
    assert_string_equal(data, expected);
    assert_int_equal(size, strlen(expected));
    free(data);
}

static struct avrspi_image *image_of(uint32_t address, size_t size)
{
    struct avrspi_image *image = avrspi_image_new();
    uint8_t data[64];

    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (uint8_t)i;
    }
    assert_int_equal(avrspi_image_put(image, address, data, size, NULL), 0);
    return image;
}

static void ihex_format_sixteen_bytes_a_record(void **state)
{
    struct avrspi_image *image = image_of(0, 17);

    (void)state;
    assert_written(image, ":10000000000102030405060708090A0B0C0D0E0F78\n:0100100010DF\n" END);
    avrspi_image_free(image);
}

static void ihex_format_gaps(void **state)
{
    struct avrspi_image *image = image_of(0, 1);

    (void)state;
    assert_int_equal(avrspi_image_put(image, 2, (const uint8_t *)"a", 1, NULL), 0);
    assert_written(image, ":0100000000FF\n:01000200619C\n" END);
    avrspi_image_free(image);
}

static void ihex_format_border_of_64k(void **state)
{
    struct avrspi_image *image = image_of(0xFFFE, 4);

    (void)state;
    assert_written(image, ":02FFFE00000100\n:020000040001F9\n:020000000203F9\n" END);
    avrspi_image_free(image);
}

static void ihex_format_high_addresses(void **state)
{
    struct avrspi_image *image = image_of(0x810000, 1);

    (void)state;
    assert_int_equal(avrspi_image_put(image, 0x810002, (const uint8_t *)"a", 1, NULL), 0);
    assert_int_equal(avrspi_image_put(image, 0xFFFFFFFF, (const uint8_t *)"a", 1, NULL), 0);
    assert_written(image, ":02000004008179\n:0100000000FF\n:01000200619C\n:02000004FFFFFC\n"
                          ":01FFFF0061A0\n" END);
    avrspi_image_free(image);
}

static void ihex_format_start(void **state)
{
    struct avrspi_image *image = image_of(0, 1);

    (void)state;
    avrspi_image_set_start(image, 0x10203);
    assert_written(image, ":0100000000FF\n:0400000500010203F1\n" END);
    avrspi_image_free(image);
}

static void ihex_format_empty_image(void **state)
{
    struct avrspi_image *image = avrspi_image_new();

    (void)state;
    assert_written(image, END);
    avrspi_image_free(image);
}

/* A generator of one's own: rand() differs from libc to libc. */
static uint32_t random_below(uint32_t *seed, uint32_t limit)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (uint32_t)((uint64_t)*seed * limit >> 32);
}

/* An image of runs with and without gaps, some far away, some up to the last address. */
static struct avrspi_image *random_image(uint32_t *seed)
{
    static const uint32_t places[] = {0, 0xFF00, 0x1FFF0, 0x80000000, 0xFFFFF000};
    struct avrspi_image *image = avrspi_image_new();
    uint8_t data[200];

    for (uint32_t i = 0, runs = 1 + random_below(seed, 40); i < runs; i++) {
        uint32_t address = places[random_below(seed, 5)] + random_below(seed, 0x1000 - 200);

        for (size_t j = 0; j < sizeof data; j++) {
            data[j] = (uint8_t)((address + j) * 37); /* of the address: overlaps agree */
        }
        assert_int_equal(
            avrspi_image_put(image, address, data, 1 + random_below(seed, sizeof data), NULL), 0);
    }
    return image;
}

/* The text's data records in another order, each with its extended address record before it. */
static char *shuffle(const char *text, uint32_t *seed)
{
    size_t count = 0, used = 0, room = 4 * strlen(text);
    char base[20] = ":020000040000FA\n", *shuffled = malloc(room);
    char(*items)[80] = calloc(strlen(text), sizeof *items);

    assert_non_null(shuffled);
    assert_non_null(items);
    for (const char *end; (end = strchr(text, '\n')); text = end + 1) {
        int size = (int)(end + 1 - text);

        if (memcmp(text + 7, "04", 2) == 0) {
            (void)snprintf(base, sizeof base, "%.*s", size, text);
        } else if (memcmp(text + 7, "00", 2) == 0) {
            (void)snprintf(items[count++], sizeof *items, "%s%.*s", base, size, text);
        }
    }
    for (size_t i = 0; i < count; i++) {
        size_t j = i + random_below(seed, (uint32_t)(count - i));

        used += (size_t)snprintf(shuffled + used, room - used, "%s", items[j]);
        memcpy(items[j], items[i], sizeof *items);
    }
    (void)snprintf(shuffled + used, room - used, "%s", END);
    free(items);
    return shuffled;
}

static void ihex_round_trip_of_random_images(void **state)
{
    uint32_t seed = 20;

    (void)state;
    for (int i = 0; i < 50; i++) {
        struct avrspi_image *image = random_image(&seed), *again, *mixed;
        char *text, *shuffled;
        size_t size;

        assert_int_equal(avrspi_image_format(image, AVRSPI_FORMAT_IHEX, &text, &size, NULL), 0);
        again = parse(text);
        assert_same_text(image, again, AVRSPI_FORMAT_IHEX);
        shuffled = shuffle(text, &seed);
        mixed = parse(shuffled);
        assert_same_text(image, mixed, AVRSPI_FORMAT_IHEX);
        assert_int_equal(avrspi_image_size(image), avrspi_image_size(mixed));
        free(text);
        free(shuffled);
        avrspi_image_free(image);
        avrspi_image_free(again);
        avrspi_image_free(mixed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ihex_parse_line_ends),
        cmocka_unit_test(ihex_parse_blank_space),
        cmocka_unit_test(ihex_parse_byte_order_mark),
        cmocka_unit_test(ihex_parse_digits_of_both_cases),
        cmocka_unit_test(ihex_parse_any_order),
        cmocka_unit_test(ihex_parse_gap),
        cmocka_unit_test(ihex_parse_segment_base),
        cmocka_unit_test(ihex_parse_segment_wraps),
        cmocka_unit_test(ihex_parse_linear_base),
        cmocka_unit_test(ihex_parse_linear_does_not_wrap),
        cmocka_unit_test(ihex_parse_linear_base_ends_segment),
        cmocka_unit_test(ihex_parse_last_address),
        cmocka_unit_test(ihex_parse_beyond_the_last_address),
        cmocka_unit_test(ihex_parse_start),
        cmocka_unit_test(ihex_parse_longest_record),
        cmocka_unit_test(ihex_parse_record_without_data),
        cmocka_unit_test(ihex_parse_equal_overlap),
        cmocka_unit_test(ihex_parse_overlap_that_differs),
        cmocka_unit_test(ihex_parse_notes_the_line_of_every_byte),
        cmocka_unit_test(ihex_parse_no_colon),
        cmocka_unit_test(ihex_parse_bad_digit),
        cmocka_unit_test(ihex_parse_wrong_length),
        cmocka_unit_test(ihex_parse_wrong_checksum),
        cmocka_unit_test(ihex_parse_unknown_type),
        cmocka_unit_test(ihex_parse_wrong_length_of_a_type),
        cmocka_unit_test(ihex_parse_no_end),
        cmocka_unit_test(ihex_parse_two_images),
        cmocka_unit_test(ihex_parse_second_end_record),
        cmocka_unit_test(ihex_parse_padding_behind_the_end),
        cmocka_unit_test(ihex_parse_comments),
        cmocka_unit_test(ihex_parse_empty_file),
        cmocka_unit_test(ihex_parse_no_data),
        cmocka_unit_test(image_read_good_files),
        cmocka_unit_test(image_read_bad_files),
        cmocka_unit_test(image_read_agrees_with_objcopy),
        cmocka_unit_test(image_read_objcopy_of_both_address_kinds),
        cmocka_unit_test(ihex_format_sixteen_bytes_a_record),
        cmocka_unit_test(ihex_format_gaps),
        cmocka_unit_test(ihex_format_border_of_64k),
        cmocka_unit_test(ihex_format_high_addresses),
        cmocka_unit_test(ihex_format_start),
        cmocka_unit_test(ihex_format_empty_image),
        cmocka_unit_test(ihex_round_trip_of_random_images),
    };

    return cmocka_run_group_tests_name("ihex", tests, NULL, NULL);
}
