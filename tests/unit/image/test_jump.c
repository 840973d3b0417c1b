/* SPDX-License-Identifier: MIT */
/* Jumps and vector tables, encoded as the AVR Instruction Set Manual has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chips/record.h"
#include "image/jump.h"

static const struct avrspi_chip small = {.name = "small", .flash_size = 8192};
static const struct avrspi_chip large = {.name = "large", .flash_size = 0x40000};
static const struct avrspi_chip above_rom = {
    .name = "rom", .flash_size = 0x5000, .flash_start = 0x8000};

static struct avrspi_image *image_of(uint32_t address, const uint8_t *bytes, size_t size)
{
    struct avrspi_image *image = avrspi_image_new();

    assert_non_null(image);
    assert_int_equal(avrspi_image_put(image, address, bytes, size, NULL), 0);
    return image;
}

static void jump_of_each_kind(void **state)
{
    static const struct {
        const struct avrspi_chip *chip;
        uint32_t address;
        uint8_t bytes[4];
        const char *instruction; /* NULL: none */
        uint32_t target;
    } rows[] = {
        {&small, 0, {0x19, 0xC0, 0, 0}, "rjmp", 0x34},
        {&small, 0x100, {0xFF, 0xCF, 0, 0}, "rjmp", 0x100},
        {&small, 0, {0x00, 0xC8, 0, 0}, "rjmp", 0x1002}, /* back over the beginning */
        {&above_rom, 0x8000, {0x19, 0xC0, 0, 0}, "rjmp", 0x8034},
        {&large, 0x2000, {0xFF, 0xCF, 0, 0}, "rjmp", 0x2000},
        {&large, 0, {0x0C, 0x94, 0x34, 0x00}, "jmp", 0x68},
        {&large, 0, {0x0D, 0x94, 0x00, 0xFC}, "jmp", 0x3F800},
        {&large, 0, {0x1C, 0x94, 0x00, 0x00}, "jmp", 0x40000},
        {&large, 0, {0x0E, 0x94, 0x34, 0x00}, NULL, 0}, /* call */
        {&large, 0, {0x11, 0x24, 0x1F, 0xBE}, NULL, 0},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct avrspi_image *image = image_of(rows[n].address, rows[n].bytes, 4);
        struct avrspi_jump jump;
        bool is_jump = avrspi_jump_at(image, rows[n].chip, rows[n].address, &jump);

        assert_int_equal(is_jump, rows[n].instruction != NULL);
        if (is_jump) {
            assert_string_equal(jump.instruction, rows[n].instruction);
            assert_int_equal(jump.target, rows[n].target);
        }
        avrspi_image_free(image);
    }
}

static void jump_that_is_cut_off(void **state)
{
    static const uint8_t jmp[] = {0x0C, 0x94, 0x34, 0x00};
    struct avrspi_jump jump;

    (void)state;
    for (size_t size = 1; size < sizeof jmp; size++) {
        struct avrspi_image *image = image_of(0, jmp, size);

        assert_false(avrspi_jump_at(image, &large, 0, &jump));
        avrspi_image_free(image);
    }
}

static void vectors_of_small_and_large_chips(void **state)
{
    static const uint8_t words[] = {0x19, 0xC0, 0x18, 0x95, 0x17, 0xC0, 0x11, 0x24};
    static const uint8_t pairs[] = {0x0C, 0x94, 0x34, 0x00, 0x18, 0x95, 0x00, 0x00,
                                    0x20, 0xC0, 0x00, 0x00, 0x11, 0x24, 0x1F, 0xBE};
    struct avrspi_image *image = image_of(0, words, sizeof words);
    struct avrspi_vectors vectors;

    (void)state;
    assert_true(avrspi_vectors_at(image, &small, 0, &vectors));
    assert_int_equal(vectors.count, 3);
    assert_int_equal(vectors.size, 6);
    assert_false(avrspi_vectors_at(image, &large, 0, &vectors));
    assert_false(avrspi_vectors_at(image, &small, 4, &vectors)); /* one jump is no table */
    avrspi_image_free(image);
    image = image_of(0x100, pairs, sizeof pairs);
    assert_true(avrspi_vectors_at(image, &large, 0x100, &vectors));
    assert_int_equal(vectors.address, 0x100);
    assert_int_equal(vectors.count, 3);
    assert_int_equal(vectors.size, 12);
    avrspi_image_free(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jump_of_each_kind),
        cmocka_unit_test(jump_that_is_cut_off),
        cmocka_unit_test(vectors_of_small_and_large_chips),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
