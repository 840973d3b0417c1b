/* SPDX-License-Identifier: MIT */
/* What a file holds, by memory. Which address means which: test_split.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "avrspi/contents.h"
#include "chips/record.h"

#define END ":00000001FF\n"
/* "ab" in flash, "cd" in EEPROM, fuses 62 D9, lock FC; the program starts at 0x10203 */
#define BOTH                                                                                       \
    ":0200000061623B\n"                                                                            \
    ":020000040081"                                                                                \
    "79\n:02000000636437\n"                                                                        \
    ":020000040082"                                                                                \
    "78\n:0200000062D9C3\n"                                                                        \
    ":020000040083"                                                                                \
    "77\n:01000000FC03\n"                                                                          \
    ":0400000500010203F1\n" END

static const struct avrspi_chip chip = {
    .name = "ATtest",
    .flash_size = 0x1000,
    .flash_start = 0x8000,
    .eeprom_size = 64,
};

static struct avrspi_contents *parse(const char *text, enum avrspi_format format,
                                     enum avrspi_memory memory)
{
    const struct avrspi_read_options options = {.format = format, .memory = memory};
    struct avrspi_contents *contents;
    struct avrspi_error error = {.message = ""};
    int result = avrspi_contents_parse(&contents, &options, "f", text, strlen(text), &error);

    assert_string_equal(error.message, "");
    assert_int_equal(result, 0);
    return contents;
}

static void assert_holds(const struct avrspi_contents *contents, enum avrspi_memory memory,
                         uint32_t address, const char *text)
{
    const struct avrspi_image *image = avrspi_contents_image(contents, memory);
    struct avrspi_segment segment;

    assert_non_null(image);
    assert_true(avrspi_image_next(image, 0, &segment));
    assert_int_equal(segment.address, address);
    assert_int_equal(segment.size, strlen(text));
    assert_memory_equal(segment.data, text, segment.size);
}

static void contents_free_null(void **state)
{
    (void)state;
    avrspi_contents_free(NULL);
}

static void contents_new_hold_nothing(void **state)
{
    struct avrspi_contents *contents = avrspi_contents_new("job");
    const struct avrspi_image *image;
    struct avrspi_fuses fuses;
    struct avrspi_error error;

    (void)state;
    for (int n = 0; n <= AVRSPI_MEMORIES; n++)
        assert_null(avrspi_contents_image(contents, (enum avrspi_memory)n));
    avrspi_contents_fuses(contents, &fuses);
    for (int n = 0; n < AVRSPI_FUSES; n++)
        assert_false(fuses.given[n]);
    assert_int_equal(avrspi_contents_check(contents, &chip, NULL), 0);
    assert_int_equal(avrspi_contents_require(contents, AVRSPI_MEMORY_FLASH, &image, &error),
                     AVRSPI_ERR_INPUT);
    assert_null(image);
    assert_string_equal(error.message, "job holds no data for flash; it has none at all");
    avrspi_contents_free(contents);
}

static void contents_put_bytes(void **state)
{
    struct avrspi_contents *contents = avrspi_contents_new("job");
    const struct avrspi_origin origin = {.kind = AVRSPI_ORIGIN_SECTION, .name = ".eeprom"};
    const uint8_t *data = (const uint8_t *)"abc";
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_contents_put(contents, AVRSPI_MEMORY_EEPROM, 4, data, 3, &origin, NULL),
                     0);
    assert_int_equal(avrspi_contents_put(contents, AVRSPI_MEMORY_EEPROM, 7, data, 1, NULL, NULL),
                     0);
    assert_int_equal(avrspi_contents_put(contents, AVRSPI_MEMORY_LOCK, 0, data, 0, NULL, NULL), 0);
    assert_holds(contents, AVRSPI_MEMORY_EEPROM, 4, "abca");
    assert_null(avrspi_contents_image(contents, AVRSPI_MEMORY_FLASH));
    assert_null(avrspi_contents_image(contents, AVRSPI_MEMORY_LOCK));
    assert_int_equal(avrspi_contents_put(contents, AVRSPI_MEMORY_EEPROM, 5, data, 1, NULL, &error),
                     AVRSPI_ERR_INPUT);
    assert_string_equal(error.message,
                        "expected 0x62 at address 0x0005, as in the image, found 0x61");
    assert_int_equal(avrspi_contents_put(contents, AVRSPI_MEMORIES, 0, data, 1, NULL, &error),
                     AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, "no such memory: 7");
    avrspi_contents_free(contents);
}

static void contents_parse_of_every_memory(void **state)
{
    struct avrspi_contents *contents = parse(BOTH, AVRSPI_FORMAT_AUTO, AVRSPI_MEMORY_FLASH);
    uint32_t start = 0;

    (void)state;
    assert_holds(contents, AVRSPI_MEMORY_FLASH, 0, "ab");
    assert_holds(contents, AVRSPI_MEMORY_EEPROM, 0, "cd");
    assert_holds(contents, AVRSPI_MEMORY_FUSES, 0, "\x62\xD9");
    assert_holds(contents, AVRSPI_MEMORY_LOCK, 0, "\xFC");
    assert_true(avrspi_image_start(avrspi_contents_image(contents, AVRSPI_MEMORY_FLASH), &start));
    assert_int_equal(start, 0x10203);
    avrspi_contents_free(contents);
}

static void contents_parse_for_eeprom(void **state)
{
    struct avrspi_contents *contents =
        parse(":0200000061623B\n" END, AVRSPI_FORMAT_AUTO, AVRSPI_MEMORY_EEPROM);

    (void)state;
    assert_holds(contents, AVRSPI_MEMORY_EEPROM, 0, "ab");
    assert_null(avrspi_contents_image(contents, AVRSPI_MEMORY_FLASH));
    avrspi_contents_free(contents);
    /* a file that names its memories means flash by 0 */
    contents = parse(BOTH, AVRSPI_FORMAT_AUTO, AVRSPI_MEMORY_EEPROM);
    assert_holds(contents, AVRSPI_MEMORY_FLASH, 0, "ab");
    assert_holds(contents, AVRSPI_MEMORY_EEPROM, 0, "cd");
    avrspi_contents_free(contents);
}

static void contents_parse_large_raw(void **state)
{
    static const char zeros[0x800002];
    const struct avrspi_read_options options = {.format = AVRSPI_FORMAT_RAW};
    struct avrspi_contents *contents;
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_contents_parse(&contents, &options, "f", zeros, sizeof zeros, &error),
                     0);
    avrspi_contents_place(contents, &chip);
    assert_int_equal(avrspi_contents_check(contents, &chip, &error), AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "f: 8384514 bytes too many: 0x9000 is the first beyond the "
                                       "4096 bytes of flash of the ATtest");
    avrspi_contents_free(contents);
}

static void contents_parse_for_an_unknown_memory(void **state)
{
    const struct avrspi_read_options options = {.memory = AVRSPI_MEMORIES};
    struct avrspi_contents *contents = (struct avrspi_contents *)state;
    struct avrspi_error error;

    assert_int_equal(avrspi_contents_parse(&contents, &options, "f", END, strlen(END), &error),
                     AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, "no such memory: 7");
    assert_null(contents);
}

static void contents_fuses_of_a_file(void **state)
{
    struct avrspi_contents *contents = parse(BOTH, AVRSPI_FORMAT_AUTO, AVRSPI_MEMORY_FLASH);
    struct avrspi_fuses fuses;

    (void)state;
    avrspi_contents_fuses(contents, &fuses);
    assert_true(fuses.given[AVRSPI_FUSE_LOW] && fuses.value[AVRSPI_FUSE_LOW] == 0x62);
    assert_true(fuses.given[AVRSPI_FUSE_HIGH] && fuses.value[AVRSPI_FUSE_HIGH] == 0xD9);
    assert_false(fuses.given[AVRSPI_FUSE_EXT]);
    assert_int_equal(fuses.value[AVRSPI_FUSE_EXT], 0xFF);
    assert_true(fuses.given[AVRSPI_FUSE_LOCK] && fuses.value[AVRSPI_FUSE_LOCK] == 0xFC);
    avrspi_contents_free(contents);
}

static void contents_require_a_memory(void **state)
{
    struct avrspi_contents *contents = parse(BOTH, AVRSPI_FORMAT_AUTO, AVRSPI_MEMORY_FLASH);
    const struct avrspi_image *image;
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_contents_require(contents, AVRSPI_MEMORY_EEPROM, &image, NULL), 0);
    assert_ptr_equal(image, avrspi_contents_image(contents, AVRSPI_MEMORY_EEPROM));
    assert_int_equal(avrspi_contents_require(contents, AVRSPI_MEMORY_SIGNATURE, &image, &error),
                     AVRSPI_ERR_INPUT);
    assert_int_equal(error.code, AVRSPI_ERR_INPUT);
    assert_string_equal(error.message,
                        "f holds no data for signature; it has flash, eeprom, fuses, lock");
    avrspi_contents_free(contents);
}

static void contents_parse_failures(void **state)
{
    static const char overlap[] = ":020000040081"
                                  "79\n:02000000636437\n:01000100659"
                                  "9\n" END;
    const struct avrspi_read_options options = {.memory = AVRSPI_MEMORY_FLASH};
    struct avrspi_contents *contents = (struct avrspi_contents *)state;
    struct avrspi_error error;

    assert_int_equal(
        avrspi_contents_parse(&contents, &options, "f", overlap, strlen(overlap), &error),
        AVRSPI_ERR_INPUT);
    assert_string_equal(error.message,
                        "f:3: expected 0x64 at address 0x810001, as line 2 has it, found 0x65");
    assert_null(contents);
}

/* A file that is too large overlaps in consequence, if its addresses wrap: the first cause is said,
 * as soon as the chip is known. */
static void contents_parse_too_large_before_overlap(void **state)
{
    static const char file[] = ":01900000610E\n"
                               ":01F0000061AE\n"
                               ":01900000620D\n" END;
    struct avrspi_read_options options = {.memory = AVRSPI_MEMORY_FLASH};
    struct avrspi_contents *contents;
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_contents_parse(&contents, &options, "f", file, strlen(file), &error),
                     AVRSPI_ERR_INPUT);
    assert_non_null(strstr(error.message, "as line 1 has it"));
    options.chip = &chip;
    assert_int_equal(avrspi_contents_parse(&contents, &options, "f", file, strlen(file), &error),
                     AVRSPI_ERR_INPUT);
    assert_non_null(strstr(error.message, "too many"));
}

static void contents_parse_remarks_what_is_left_out(void **state)
{
    static const char data[] = ":0100000062"
                               "9D\n:02000004008"
                               "07A\n:01010000619D\n" END;
    const struct avrspi_read_options options = {.memory = AVRSPI_MEMORY_FLASH};
    struct avrspi_contents *contents;
    bool warning = true;

    (void)state;
    assert_int_equal(avrspi_contents_parse(&contents, &options, "f", data, strlen(data), NULL), 0);
    assert_holds(contents, AVRSPI_MEMORY_FLASH, 0, "b");
    assert_string_equal(avrspi_contents_remark(contents, 0, &warning),
                        "1 B at 0x800000 left out (from line 3 on): data memory (RAM)");
    assert_null(avrspi_contents_remark(contents, 1, &warning));
    avrspi_contents_free(contents);
}

static void contents_parse_of_nothing(void **state)
{
    struct avrspi_read_options options = {.memory = AVRSPI_MEMORY_EEPROM};
    struct avrspi_contents *contents;

    (void)state;
    assert_int_equal(avrspi_contents_parse(&contents, &options, "f", END, strlen(END), NULL),
                     AVRSPI_ERR_INPUT);
    options.may_be_empty = true;
    assert_int_equal(avrspi_contents_parse(&contents, &options, "f", END, strlen(END), NULL), 0);
    assert_null(avrspi_contents_image(contents, AVRSPI_MEMORY_EEPROM));
    avrspi_contents_free(contents);
}

static void contents_parse_at_an_address(void **state)
{
    struct avrspi_read_options options = {
        .memory = AVRSPI_MEMORY_EEPROM, .has_at = true, .at = 0x40, .format = AVRSPI_FORMAT_RAW};
    struct avrspi_contents *contents;
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_contents_parse(&contents, &options, "f", "abc", 3, NULL), 0);
    avrspi_contents_place(contents, &chip); /* it is placed already */
    assert_holds(contents, AVRSPI_MEMORY_EEPROM, 0x40, "abc");
    avrspi_contents_free(contents);
    options.format = AVRSPI_FORMAT_AUTO;
    assert_int_equal(
        avrspi_contents_parse(&contents, &options, "f", ":01000000619E\n" END, 26, &error),
        AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, "f has addresses of its own: it is Intel HEX");
}

/* What was joined is split again as it was. */
static void contents_join_of_all_memories(void **state)
{
    const struct avrspi_read_options options = {.memory = AVRSPI_MEMORY_FLASH};
    struct avrspi_contents *contents = parse(BOTH, AVRSPI_FORMAT_AUTO, AVRSPI_MEMORY_FLASH), *again;
    struct avrspi_image *image;
    struct avrspi_segment segment;
    char *text;
    size_t size;

    (void)state;
    assert_int_equal(avrspi_contents_put(contents, AVRSPI_MEMORY_SIGNATURE, 0,
                                         (const uint8_t *)"\x1E\x95\x0F", 3, NULL, NULL),
                     0);
    assert_int_equal(avrspi_contents_put(contents, AVRSPI_MEMORY_CALIBRATION, 0,
                                         (const uint8_t *)"\xA1", 1, NULL, NULL),
                     0);
    assert_int_equal(avrspi_contents_join(contents, &image, NULL), 0);
    assert_true(avrspi_image_next(image, 0x840000, &segment));
    assert_int_equal(segment.address, 0x840000);
    assert_int_equal(segment.size, 4);
    assert_int_equal(avrspi_image_format(image, AVRSPI_FORMAT_IHEX, &text, &size, NULL), 0);
    assert_int_equal(avrspi_contents_parse(&again, &options, "f", text, size, NULL), 0);
    assert_holds(again, AVRSPI_MEMORY_FLASH, 0, "ab");
    assert_holds(again, AVRSPI_MEMORY_EEPROM, 0, "cd");
    assert_holds(again, AVRSPI_MEMORY_FUSES, 0, "\x62\xD9");
    assert_holds(again, AVRSPI_MEMORY_LOCK, 0, "\xFC");
    assert_holds(again, AVRSPI_MEMORY_SIGNATURE, 0, "\x1E\x95\x0F");
    assert_holds(again, AVRSPI_MEMORY_CALIBRATION, 0, "\xA1");
    free(text);
    avrspi_image_free(image);
    avrspi_contents_free(again);
    avrspi_contents_free(contents);
}

/* They are compared, or out of reach: that the chip has less of them is no error. */
static void contents_check_leaves_out_what_is_not_programmed(void **state)
{
    struct avrspi_contents *contents = avrspi_contents_new("f");
    static const enum avrspi_memory memories[] = {
        AVRSPI_MEMORY_SIGNATURE, AVRSPI_MEMORY_CALIBRATION, AVRSPI_MEMORY_USER_ROW};

    (void)state;
    for (size_t n = 0; n < sizeof memories / sizeof *memories; n++)
        assert_int_equal(
            avrspi_contents_put(contents, memories[n], 20, (const uint8_t *)"x", 1, NULL, NULL), 0);
    assert_int_equal(avrspi_contents_check(contents, &chip, NULL), 0);
    assert_int_equal(
        avrspi_contents_put(contents, AVRSPI_MEMORY_FUSES, 20, (const uint8_t *)"x", 1, NULL, NULL),
        0);
    assert_int_equal(avrspi_contents_check(contents, &chip, NULL), AVRSPI_ERR_INPUT);
    avrspi_contents_free(contents);
}

static void contents_signature_in_either_order(void **state)
{
    struct avrspi_contents *contents = avrspi_contents_new("f");
    uint8_t signature[3];

    (void)state;
    assert_false(avrspi_contents_signature(contents, signature));
    assert_int_equal(avrspi_contents_put(contents, AVRSPI_MEMORY_SIGNATURE, 0,
                                         (const uint8_t *)"\x0F\x95\x1E", 3, NULL, NULL),
                     0);
    assert_true(avrspi_contents_signature(contents, signature));
    assert_memory_equal(signature, "\x1E\x95\x0F", 3);
    avrspi_contents_free(contents);
    contents = avrspi_contents_new("f");
    assert_int_equal(avrspi_contents_put(contents, AVRSPI_MEMORY_SIGNATURE, 0,
                                         (const uint8_t *)"\x1E\x95\x0F", 3, NULL, NULL),
                     0);
    assert_true(avrspi_contents_signature(contents, signature));
    assert_memory_equal(signature, "\x1E\x95\x0F", 3);
    avrspi_contents_free(contents);
}

static void contents_place_of_raw(void **state)
{
    struct avrspi_contents *contents = parse("raw", AVRSPI_FORMAT_RAW, AVRSPI_MEMORY_FLASH);

    (void)state;
    assert_holds(contents, AVRSPI_MEMORY_FLASH, 0, "raw");
    avrspi_contents_place(contents, &chip);
    assert_holds(contents, AVRSPI_MEMORY_FLASH, 0x8000, "raw");
    assert_int_equal(avrspi_contents_check(contents, &chip, NULL), 0);
    avrspi_contents_free(contents);
    contents = parse("raw", AVRSPI_FORMAT_RAW, AVRSPI_MEMORY_EEPROM);
    avrspi_contents_place(contents, &chip);
    assert_holds(contents, AVRSPI_MEMORY_EEPROM, 0, "raw");
    avrspi_contents_free(contents);
}

static void contents_place_leaves_addresses(void **state)
{
    struct avrspi_contents *contents = parse(BOTH, AVRSPI_FORMAT_AUTO, AVRSPI_MEMORY_FLASH);
    struct avrspi_error error;

    (void)state;
    avrspi_contents_place(contents, &chip);
    assert_holds(contents, AVRSPI_MEMORY_FLASH, 0, "ab");
    assert_int_equal(avrspi_contents_check(contents, &chip, &error), AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "f:1: data from 0x0 to 0x1 begins before 0x8000, where the "
                                       "flash of the ATtest begins");
    avrspi_contents_free(contents);
}

static void contents_check_of_every_memory(void **state)
{
    static const char beyond[] = ":020000040081"
                                 "79\n:02003F006364F8\n" END;
    struct avrspi_contents *contents = parse(beyond, AVRSPI_FORMAT_AUTO, AVRSPI_MEMORY_FLASH);
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_contents_check(contents, &chip, &error), AVRSPI_ERR_INPUT);
    assert_int_equal(error.code, AVRSPI_ERR_INPUT);
    assert_string_equal(
        error.message,
        "f:2: 1 byte too many: 0x40 is the first beyond the 64 bytes of eeprom of the ATtest");
    avrspi_contents_free(contents);
}

static void contents_read_files(void **state)
{
    const struct avrspi_read_options options = {.memory = AVRSPI_MEMORY_FLASH};
    struct avrspi_contents *contents;
    struct avrspi_error error;

    (void)state;
    assert_int_equal(
        avrspi_contents_read(&contents, &options, TEST_DATA "/image/good/blink.hex", NULL), 0);
    assert_non_null(avrspi_contents_image(contents, AVRSPI_MEMORY_FLASH));
    avrspi_contents_free(contents);
    assert_int_equal(avrspi_contents_read(&contents, &options, "/nonexistent/a.hex", &error),
                     AVRSPI_ERR_INPUT);
    assert_string_equal(error.message,
                        "can't open '/nonexistent/a.hex': No such file or directory");
    assert_null(contents);
}

static void contents_read_standard_input(void **state)
{
    const struct avrspi_read_options options = {.memory = AVRSPI_MEMORY_EEPROM};
    static const char text[] = ":0100400061"
                               "5E\n" END;
    struct avrspi_contents *contents;
    struct avrspi_error error;
    int ends[2], saved = dup(STDIN_FILENO), result;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    (void)close(ends[1]);
    (void)dup2(ends[0], STDIN_FILENO);
    (void)close(ends[0]);
    result = avrspi_contents_read(&contents, &options, "-", &error);
    (void)dup2(saved, STDIN_FILENO);
    (void)close(saved);
    assert_int_equal(result, 0);
    assert_int_equal(avrspi_contents_check(contents, &chip, &error), AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "standard input:1: 1 byte too many: 0x40 is the first "
                                       "beyond the 64 bytes of eeprom of the ATtest");
    avrspi_contents_free(contents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contents_free_null),
        cmocka_unit_test(contents_new_hold_nothing),
        cmocka_unit_test(contents_put_bytes),
        cmocka_unit_test(contents_parse_of_every_memory),
        cmocka_unit_test(contents_parse_for_eeprom),
        cmocka_unit_test(contents_parse_large_raw),
        cmocka_unit_test(contents_parse_for_an_unknown_memory),
        cmocka_unit_test(contents_fuses_of_a_file),
        cmocka_unit_test(contents_require_a_memory),
        cmocka_unit_test(contents_parse_failures),
        cmocka_unit_test(contents_parse_too_large_before_overlap),
        cmocka_unit_test(contents_parse_remarks_what_is_left_out),
        cmocka_unit_test(contents_parse_of_nothing),
        cmocka_unit_test(contents_parse_at_an_address),
        cmocka_unit_test(contents_join_of_all_memories),
        cmocka_unit_test(contents_check_leaves_out_what_is_not_programmed),
        cmocka_unit_test(contents_signature_in_either_order),
        cmocka_unit_test(contents_place_of_raw),
        cmocka_unit_test(contents_place_leaves_addresses),
        cmocka_unit_test(contents_check_of_every_memory),
        cmocka_unit_test(contents_read_files),
        cmocka_unit_test(contents_read_standard_input),
    };

    return cmocka_run_group_tests_name("contents", tests, NULL, NULL);
}
