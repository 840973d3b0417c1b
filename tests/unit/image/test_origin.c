/* SPDX-License-Identifier: MIT */
/* Where the bytes of an image came from, and the sink that readers emit to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "image/image.h"
#include "image/origin.h"
#include "image/sink.h"

static struct avrspi_origin line(size_t number)
{
    return (struct avrspi_origin){.kind = AVRSPI_ORIGIN_LINE, .line = number};
}

static struct avrspi_origin section(const char *name)
{
    return (struct avrspi_origin){.kind = AVRSPI_ORIGIN_SECTION, .name = name};
}

static void origin_show_of_every_kind(void **state)
{
    const struct avrspi_origin none = {0}, twelve = line(12), eeprom = section(".eeprom");

    (void)state;
    assert_string_equal(avrspi_origin_show(&none).text, "the file");
    assert_string_equal(avrspi_origin_show(&twelve).text, "line 12");
    assert_string_equal(avrspi_origin_show(&eeprom).text, "section .eeprom");
}

static void fail_from_every_kind(void **state)
{
    const struct avrspi_origin origins[] = {{0}, line(12), section(".eeprom")};
    static const char *const messages[] = {"f: 7 is bad", "f:12: 7 is bad",
                                           "f: section .eeprom: 7 is bad"};
    struct avrspi_error error;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(avrspi_fail_from(&error, "f", &origins[i], "a hint", "%d is bad", 7),
                         AVRSPI_ERR_INPUT);
        assert_int_equal(error.code, AVRSPI_ERR_INPUT);
        assert_string_equal(error.message, messages[i]);
        assert_string_equal(error.hint, "a hint");
    }
}

/* However deep the folder is, what is wrong with the file is said. */
static void fail_from_a_long_name(void **state)
{
    const struct avrspi_origin twelve = line(12);
    struct avrspi_error error;
    char name[1000];

    (void)state;
    memset(name, 'x', sizeof name);
    memcpy(name + sizeof name - 10, "/last.hex", 10);
    (void)avrspi_fail_from(&error, name, &twelve, "a hint", "%d is bad", 7);
    assert_non_null(strstr(error.message, "/last.hex:12: 7 is bad"));
}

static void origins_of_nothing(void **state)
{
    struct avrspi_origins origins = {0};
    uint64_t end;

    (void)state;
    assert_int_equal(avrspi_origins_at(&origins, 0, &end).kind, AVRSPI_ORIGIN_NONE);
    assert_int_equal(end, UINT64_C(1) << 32);
    assert_int_equal(avrspi_origins_at(&origins, UINT32_MAX, NULL).kind, AVRSPI_ORIGIN_NONE);
    avrspi_origins_free(&origins);
}

static void origins_of_sections_are_copies(void **state)
{
    struct avrspi_origins origins = {0};
    char name[] = ".text";
    const struct avrspi_origin text = section(name);
    struct avrspi_origin found;
    uint64_t end;

    (void)state;
    assert_int_equal(avrspi_origins_add(&origins, 0, 8, &text, NULL), 0);
    assert_int_equal(avrspi_origins_add(&origins, 8, 8, &text, NULL), 0);
    name[1] = 'X';
    found = avrspi_origins_at(&origins, 3, &end);
    assert_int_equal(found.kind, AVRSPI_ORIGIN_SECTION);
    assert_string_equal(found.name, ".text");
    assert_int_equal(end, 16); /* neighbours of the same origin are one range */
    avrspi_origins_free(&origins);
}

/* What a large file is: lines one after the other, of which the last is shorter. */
static void origins_of_lines_of_one_length_are_one_item(void **state)
{
    struct avrspi_origins origins = {0};
    uint64_t end;

    (void)state;
    for (uint32_t n = 0; n < 100; n++) {
        const struct avrspi_origin now = line(7 + n);

        assert_int_equal(avrspi_origins_add(&origins, n * 16, n < 99 ? 16 : 5, &now, NULL), 0);
    }
    assert_int_equal(origins.count, 1);
    assert_int_equal(avrspi_origins_at(&origins, 0, &end).line, 7);
    assert_int_equal(end, 16);
    assert_int_equal(avrspi_origins_at(&origins, 1583, &end).line, 105);
    assert_int_equal(end, 1584);
    assert_int_equal(avrspi_origins_at(&origins, 1588, &end).line, 106);
    assert_int_equal(end, 1589);
    assert_int_equal(avrspi_origins_at(&origins, 1589, NULL).kind, AVRSPI_ORIGIN_NONE);
    avrspi_origins_free(&origins);
}

/* What a file in descending order is. */
static void origins_of_falling_lines_are_one_item(void **state)
{
    struct avrspi_origins origins = {0};
    uint64_t end;

    (void)state;
    for (uint32_t n = 0; n < 100; n++) {
        const struct avrspi_origin now = line(200 - n);

        assert_int_equal(avrspi_origins_add(&origins, n * 16, n < 99 ? 16 : 5, &now, NULL), 0);
    }
    assert_int_equal(origins.count, 1);
    assert_int_equal(avrspi_origins_at(&origins, 0, &end).line, 200);
    assert_int_equal(end, 16);
    assert_int_equal(avrspi_origins_at(&origins, 1583, NULL).line, 102);
    assert_int_equal(avrspi_origins_at(&origins, 1588, &end).line, 101);
    assert_int_equal(end, 1589);
    avrspi_origins_free(&origins);
}

static void origins_that_turn_are_another_item(void **state)
{
    static const size_t lines[] = {1, 2, 3, 2, 1, 2};
    struct avrspi_origins origins = {0};

    (void)state;
    for (uint32_t n = 0; n < 6; n++) {
        const struct avrspi_origin now = line(lines[n]);

        assert_int_equal(avrspi_origins_add(&origins, n, 1, &now, NULL), 0);
    }
    for (uint32_t n = 0; n < 6; n++)
        assert_int_equal(avrspi_origins_at(&origins, n, NULL).line, lines[n]);
    assert_int_equal(origins.count, 3);
    avrspi_origins_free(&origins);
}

static void origins_behind_a_short_line_are_another_item(void **state)
{
    struct avrspi_origins origins = {0};
    const struct avrspi_origin one = line(1), two = line(2), three = line(3), nine = line(9);

    (void)state;
    assert_int_equal(avrspi_origins_add(&origins, 0, 16, &one, NULL), 0);
    assert_int_equal(avrspi_origins_add(&origins, 16, 4, &two, NULL), 0);
    assert_int_equal(avrspi_origins_add(&origins, 20, 16, &three, NULL), 0);
    assert_int_equal(avrspi_origins_add(&origins, 36, 16, &nine, NULL), 0);
    assert_int_equal(origins.count, 3);
    assert_int_equal(avrspi_origins_at(&origins, 19, NULL).line, 2);
    assert_int_equal(avrspi_origins_at(&origins, 20, NULL).line, 3);
    assert_int_equal(avrspi_origins_at(&origins, 36, NULL).line, 9);
    avrspi_origins_free(&origins);
}

static void origins_move_with_their_bytes(void **state)
{
    struct avrspi_origins origins = {0};
    const struct avrspi_origin one = line(1), five = line(5);

    (void)state;
    assert_int_equal(avrspi_origins_add(&origins, 0, 4, &one, NULL), 0);
    assert_int_equal(avrspi_origins_add(&origins, 4, 4, &five, NULL), 0);
    avrspi_origins_move(&origins, 0, 0x100);
    assert_int_equal(avrspi_origins_at(&origins, 3, NULL).kind, AVRSPI_ORIGIN_NONE);
    assert_int_equal(avrspi_origins_at(&origins, 0x103, NULL).line, 1);
    assert_int_equal(avrspi_origins_at(&origins, 0x104, NULL).line, 5);
    avrspi_origins_free(&origins);
}

static void origins_up_to_the_last_address(void **state)
{
    struct avrspi_origins origins = {0};
    const struct avrspi_origin one = line(1);
    uint64_t end;

    (void)state;
    assert_int_equal(avrspi_origins_add(&origins, 0xFFFFFFF0, 16, &one, NULL), 0);
    assert_int_equal(avrspi_origins_at(&origins, 0xFFFFFFEF, &end).line, 0);
    assert_int_equal(end, 0xFFFFFFF0);
    assert_int_equal(avrspi_origins_at(&origins, 0xFFFFFFFF, &end).line, 1);
    assert_int_equal(end, UINT64_C(1) << 32);
    avrspi_origins_free(&origins);
}

/* An image of pieces in any order: the origin of a byte is that of the piece that brought it. */
static void image_origins_agree_with_a_plain_array(void **state)
{
    enum {
        SIZE = 64
    };
    uint32_t seed = 7;

    (void)state;
    for (int round = 0; round < 200; round++) {
        struct avrspi_image *image = avrspi_image_new();
        static const uint8_t zeros[SIZE];
        size_t plain[SIZE] = {0};

        for (size_t step = 0; step < 12; step++) {
            uint32_t from, size;
            struct avrspi_origin now;

            seed = seed * 1664525U + 1013904223U;
            from = (seed >> 8) % SIZE;
            size = 1 + (seed >> 16) % (SIZE - from);
            size = size > 9 ? 9 : size;
            now = (seed >> 28) < 2 ? (struct avrspi_origin){0} : line(1 + step);
            assert_int_equal(avrspi_image_put_from(image, from, zeros, size, &now, NULL), 0);
            for (uint32_t n = from; n < from + size; n++)
                plain[n] = plain[n] ? plain[n] : now.line ? now.line : SIZE;
        }
        for (uint32_t n = 0; n < SIZE; n++)
            assert_int_equal(avrspi_image_origin(image, n).line, plain[n] == SIZE ? 0 : plain[n]);
        avrspi_image_free(image);
    }
}

static struct avrspi_sink sink_of(struct avrspi_image *image)
{
    return (struct avrspi_sink){.name = "f", .image = image};
}

static void sink_finish_keeps_origins(void **state)
{
    struct avrspi_image *image = avrspi_image_new();
    struct avrspi_sink sink = sink_of(image);
    const struct avrspi_origin one = line(1), text = section(".text");

    (void)state;
    assert_int_equal(avrspi_sink_emit(&sink, 8, "\3\4", 2, &one, NULL), 0);
    assert_int_equal(avrspi_sink_emit(&sink, 6, "\1\2", 2, &text, NULL), 0);
    assert_int_equal(avrspi_sink_emit(&sink, 20, "\5", 1, NULL, NULL), 0);
    assert_int_equal(avrspi_sink_emit(&sink, 30, "", 0, &one, NULL), 0);
    assert_int_equal(avrspi_sink_finish(&sink, NULL), 0);
    avrspi_sink_free(&sink);
    assert_string_equal(avrspi_image_origin(image, 7).name, ".text");
    assert_int_equal(avrspi_image_origin(image, 8).line, 1);
    assert_int_equal(avrspi_image_origin(image, 20).kind, AVRSPI_ORIGIN_NONE);
    assert_int_equal(avrspi_image_size(image), 5);
    avrspi_image_free(image);
}

/* Each in front of the one before: they are kept as one, and are the same as one by one. */
static void sink_finish_of_falling_records(void **state)
{
    struct avrspi_image *image = avrspi_image_new();
    struct avrspi_sink sink = sink_of(image);
    struct avrspi_segment segment;

    (void)state;
    for (uint32_t n = 0; n < 4; n++) {
        const uint8_t bytes[] = {(uint8_t)(6 - 2 * n), (uint8_t)(7 - 2 * n)};
        const struct avrspi_origin now = line(1 + n);

        assert_int_equal(avrspi_sink_emit(&sink, 6 - 2 * n, bytes, 2, &now, NULL), 0);
    }
    assert_int_equal(sink.count, 1); /* the first of all went into the image */
    assert_int_equal(avrspi_sink_finish(&sink, NULL), 0);
    avrspi_sink_free(&sink);
    assert_true(avrspi_image_next(image, 0, &segment));
    assert_int_equal(segment.size, 8);
    for (uint32_t n = 0; n < 8; n++) {
        assert_int_equal(segment.data[n], n);
        assert_int_equal(avrspi_image_origin(image, n).line, 4 - n / 2);
    }
    avrspi_image_free(image);
}

static void sink_finish_of_falling_records_that_overlap(void **state)
{
    struct avrspi_image *image = avrspi_image_new();
    struct avrspi_sink sink = sink_of(image);
    const struct avrspi_origin one = line(1), two = line(2), three = line(3), four = line(4);

    (void)state;
    assert_int_equal(avrspi_sink_emit(&sink, 4, "\4\5", 2, &one, NULL), 0);
    assert_int_equal(avrspi_sink_emit(&sink, 2, "\2\3", 2, &two, NULL), 0);
    assert_int_equal(avrspi_sink_emit(&sink, 0, "\0\1", 2, &three, NULL), 0);
    assert_int_equal(avrspi_sink_emit(&sink, 3, "\7", 1, &four, NULL), 0);
    assert_int_equal(avrspi_sink_finish(&sink, NULL), 0);
    assert_true(sink.facts.overlaps);
    assert_string_equal(sink.facts.overlap.message, "f:4: expected 0x03 at address 0x0003, as "
                                                    "line 2 has it, found 0x07");
    avrspi_sink_free(&sink);
    avrspi_facts_free(&sink.facts);
    avrspi_image_free(image);
}

static void sink_finish_names_both_sections_of_an_overlap(void **state)
{
    struct avrspi_image *image = avrspi_image_new();
    struct avrspi_sink sink = sink_of(image);
    const struct avrspi_origin text = section(".text"), data = section(".data");

    (void)state;
    assert_int_equal(avrspi_sink_emit(&sink, 0, "\1\2\3", 3, &text, NULL), 0);
    assert_int_equal(avrspi_sink_emit(&sink, 2, "\4", 1, &data, NULL), 0);
    assert_int_equal(avrspi_sink_finish(&sink, NULL), 0);
    assert_true(sink.facts.overlaps);
    assert_string_equal(sink.facts.overlap.message,
                        "f: section .data: expected 0x03 at address 0x0002, as "
                        "section .text has it, found 0x04");
    avrspi_sink_free(&sink);
    avrspi_facts_free(&sink.facts);
    avrspi_image_free(image);
}

/* Whichever of them has come first into the image: the message has them in the order of the file.
 */
static void sink_finish_names_the_earlier_line_first(void **state)
{
    struct avrspi_image *image = avrspi_image_new();
    struct avrspi_sink sink = sink_of(image);
    const struct avrspi_origin one = line(1), two = line(2), three = line(3);

    (void)state;
    assert_int_equal(avrspi_sink_emit(&sink, 8, "\1", 1, &one, NULL), 0);
    assert_int_equal(avrspi_sink_emit(&sink, 6, "\2\2\1\2", 4, &two, NULL), 0);
    assert_int_equal(avrspi_sink_emit(&sink, 9, "\7", 1, &three, NULL), 0);
    assert_int_equal(avrspi_sink_finish(&sink, NULL), 0);
    assert_true(sink.facts.overlaps);
    assert_string_equal(sink.facts.overlap.message, "f:3: expected 0x02 at address 0x0009, as "
                                                    "line 2 has it, found 0x07");
    avrspi_sink_free(&sink);
    avrspi_facts_free(&sink.facts);
    avrspi_image_free(image);
}

static void sink_emit_beyond_the_last_address(void **state)
{
    struct avrspi_image *image = avrspi_image_new();
    struct avrspi_sink sink = sink_of(image);
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_sink_emit(&sink, 0xFFFFFFFF, "\1\2", 2, NULL, &error),
                     AVRSPI_ERR_INPUT);
    assert_string_equal(error.message,
                        "f: expected addresses below 4 GiB, found 2 bytes at 0xFFFFFFFF");
    avrspi_sink_free(&sink);
    avrspi_image_free(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(origin_show_of_every_kind),
        cmocka_unit_test(fail_from_every_kind),
        cmocka_unit_test(fail_from_a_long_name),
        cmocka_unit_test(origins_of_nothing),
        cmocka_unit_test(origins_of_sections_are_copies),
        cmocka_unit_test(origins_of_lines_of_one_length_are_one_item),
        cmocka_unit_test(origins_of_falling_lines_are_one_item),
        cmocka_unit_test(origins_that_turn_are_another_item),
        cmocka_unit_test(origins_behind_a_short_line_are_another_item),
        cmocka_unit_test(origins_move_with_their_bytes),
        cmocka_unit_test(origins_up_to_the_last_address),
        cmocka_unit_test(image_origins_agree_with_a_plain_array),
        cmocka_unit_test(sink_finish_keeps_origins),
        cmocka_unit_test(sink_finish_of_falling_records),
        cmocka_unit_test(sink_finish_of_falling_records_that_overlap),
        cmocka_unit_test(sink_finish_names_both_sections_of_an_overlap),
        cmocka_unit_test(sink_finish_names_the_earlier_line_first),
        cmocka_unit_test(sink_emit_beyond_the_last_address),
    };

    return cmocka_run_group_tests_name("origin", tests, NULL, NULL);
}
