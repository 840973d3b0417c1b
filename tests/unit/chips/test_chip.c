/* SPDX-License-Identifier: MIT */
/* include/avrspi/chip.h: what needs no chip file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "avrspi/chip.h"
#include "avrspi/chips.h"
#include "chips/record.h"

static const struct avrspi_value bit_values[] = {
    {.value = 0, .name = "programmed", .text = ""},
    {.value = 1, .name = "unprogrammed", .text = ""},
};

static const struct avrspi_value clock_values[] = {
    {2, "INTRC", "", {.source = AVRSPI_CLOCK_INTERNAL, .min_hz = 8000000, .max_hz = 8000000}},
    {0, "EXTCLK", "", {.source = AVRSPI_CLOCK_EXTERNAL, .min_hz = 0, .max_hz = 0}},
    {15, "XTAL", "", {.source = AVRSPI_CLOCK_CRYSTAL, .min_hz = 8000000, .max_hz = 20000000}},
    {4, "ULP", "", {.source = AVRSPI_CLOCK_UNKNOWN, .min_hz = 0, .max_hz = 0}},
};

static const struct avrspi_value ulp_values[] = {
    {1, "32KHZ", "", {.source = AVRSPI_CLOCK_INTERNAL, .min_hz = 32000, .max_hz = 32000}},
};

enum {
    CKDIV8,
    SUT_CKSEL,
    SPIEN,
    ULPOSCSEL,
    BLB1,
    BLB0,
    LB,
    FIELDS,
};

static const struct avrspi_field fields[FIELDS] = {
    [CKDIV8] = {AVRSPI_FUSE_LOW, 0x80, 7, "CKDIV8", bit_values, 2},
    [SUT_CKSEL] = {AVRSPI_FUSE_LOW, 0x0F, 0, "SUT_CKSEL", clock_values, 4},
    [SPIEN] = {AVRSPI_FUSE_HIGH, 0x20, 5, "SPIEN", bit_values, 2},
    [ULPOSCSEL] = {AVRSPI_FUSE_EXT, 0x60, 5, "ULPOSCSEL", ulp_values, 1},
    [BLB1] = {AVRSPI_FUSE_LOCK, 0x30, 4, "BLB_1", NULL, 0},
    [BLB0] = {AVRSPI_FUSE_LOCK, 0x0C, 2, "BLB_0", NULL, 0},
    [LB] = {AVRSPI_FUSE_LOCK, 0x03, 0, "LB", NULL, 0},
};

static const struct avrspi_chip chip = {.name = "ATtest", .fields = fields, .n_fields = FIELDS};

static void fuse_name_of_every_byte(void **state)
{
    (void)state;
    assert_string_equal(avrspi_fuse_name(AVRSPI_FUSE_LOW), "low");
    assert_string_equal(avrspi_fuse_name(AVRSPI_FUSE_HIGH), "high");
    assert_string_equal(avrspi_fuse_name(AVRSPI_FUSE_EXT), "ext");
    assert_string_equal(avrspi_fuse_name(AVRSPI_FUSE_LOCK), "lock");
    assert_string_equal(avrspi_fuse_name(AVRSPI_FUSES), "");
}

static void instruction_name_of_every_id(void **state)
{
    (void)state;
    for (unsigned a = 0; a < AVRSPI_INSTRUCTIONS; a++) {
        const char *name = avrspi_instruction_name((enum avrspi_instruction_id)a);

        assert_true(name[0] != '\0');
        for (unsigned b = 0; b < a; b++)
            assert_string_not_equal(name, avrspi_instruction_name((enum avrspi_instruction_id)b));
    }
    assert_string_equal(avrspi_instruction_name(AVRSPI_WRITE_LOCK), "write_lock");
    assert_string_equal(avrspi_instruction_name(AVRSPI_INSTRUCTIONS), "");
}

static void fuse_ids_of_every_byte(void **state)
{
    (void)state;
    assert_int_equal(avrspi_fuse_read_id(AVRSPI_FUSE_LOW), AVRSPI_READ_LOW);
    assert_int_equal(avrspi_fuse_read_id(AVRSPI_FUSE_HIGH), AVRSPI_READ_HIGH);
    assert_int_equal(avrspi_fuse_read_id(AVRSPI_FUSE_EXT), AVRSPI_READ_EXT);
    assert_int_equal(avrspi_fuse_read_id(AVRSPI_FUSE_LOCK), AVRSPI_READ_LOCK);
    assert_int_equal(avrspi_fuse_write_id(AVRSPI_FUSE_LOW), AVRSPI_WRITE_LOW);
    assert_int_equal(avrspi_fuse_write_id(AVRSPI_FUSE_HIGH), AVRSPI_WRITE_HIGH);
    assert_int_equal(avrspi_fuse_write_id(AVRSPI_FUSE_EXT), AVRSPI_WRITE_EXT);
    assert_int_equal(avrspi_fuse_write_id(AVRSPI_FUSE_LOCK), AVRSPI_WRITE_LOCK);
}

static void chip_field_by_whole_name(void **state)
{
    (void)state;
    assert_ptr_equal(avrspi_chip_field(&chip, "SUT_CKSEL"), &fields[SUT_CKSEL]);
    assert_ptr_equal(avrspi_chip_field(&chip, "sut_cksel"), &fields[SUT_CKSEL]);
    assert_ptr_equal(avrspi_chip_field(&chip, "Lb"), &fields[LB]);
}

static void chip_field_by_part_of_name(void **state)
{
    (void)state;
    assert_null(avrspi_chip_field(&chip, "CKSEL"));
    assert_null(avrspi_chip_field(&chip, "sut"));
    assert_null(avrspi_chip_field(&chip, "1"));
    assert_null(avrspi_chip_field(&chip, "BLB"));
}

static void chip_field_unknown(void **state)
{
    (void)state;
    assert_null(avrspi_chip_field(&chip, "SPI"));
    assert_null(avrspi_chip_field(&chip, "SPIENX"));
    assert_null(avrspi_chip_field(&chip, ""));
    assert_null(avrspi_chip_field(&(struct avrspi_chip){.name = "bare"}, "SPIEN"));
}

static void field_get_shifts_down(void **state)
{
    (void)state;
    assert_int_equal(avrspi_field_get(&fields[BLB1], 0xEF), 2);
    assert_int_equal(avrspi_field_get(&fields[CKDIV8], 0x80), 1);
    assert_int_equal(avrspi_field_get(&fields[CKDIV8], 0x7F), 0);
}

static void field_set_leaves_other_bits(void **state)
{
    (void)state;
    assert_int_equal(avrspi_field_set(&fields[BLB1], 0xFF, 1), 0xDF);
    assert_int_equal(avrspi_field_set(&fields[BLB1], 0x00, 3), 0x30);
    assert_int_equal(avrspi_field_set(&fields[BLB1], 0x00, 0xFF), 0x30);
}

static void field_of_scattered_bits(void **state)
{
    /* ATtiny26: PLLCK_SUT_CKSEL, with CKOPT in between */
    static const struct avrspi_field field = {.mask = 0xBF, .shift = 0, .name = "X"};

    (void)state;
    assert_int_equal(avrspi_field_get(&field, 0xE1), 0xA1);
    assert_int_equal(avrspi_field_set(&field, 0x40, 0x84), 0xC4);
    assert_int_equal(avrspi_field_set(&field, 0xFF, 0x01), 0x41);
}

static void field_value_known_and_not(void **state)
{
    (void)state;
    assert_ptr_equal(avrspi_field_value(&fields[SUT_CKSEL], 15), &clock_values[2]);
    assert_null(avrspi_field_value(&fields[SUT_CKSEL], 7));
    assert_null(avrspi_field_value(&fields[LB], 0));
}

static struct avrspi_clock clock_of(uint8_t low, uint8_t ext)
{
    const uint8_t fuses[AVRSPI_FUSES] = {low, 0xDF, ext, 0xFF};

    return avrspi_chip_clock(&chip, fuses);
}

static void chip_clock_internal(void **state)
{
    struct avrspi_clock clock = clock_of(0x82, 0xFF);

    (void)state;
    assert_int_equal(clock.source, AVRSPI_CLOCK_INTERNAL);
    assert_int_equal(clock.min_hz, 8000000);
    assert_int_equal(clock.max_hz, 8000000);
}

static void chip_clock_divided(void **state)
{
    struct avrspi_clock clock = clock_of(0x02, 0xFF);

    (void)state;
    assert_int_equal(clock.min_hz, 1000000);
    clock = clock_of(0x0F, 0xFF);
    assert_int_equal(clock.source, AVRSPI_CLOCK_CRYSTAL);
    assert_int_equal(clock.min_hz, 1000000);
    assert_int_equal(clock.max_hz, 2500000);
}

static void chip_clock_external(void **state)
{
    struct avrspi_clock clock = clock_of(0x00, 0xFF);

    (void)state;
    assert_int_equal(clock.source, AVRSPI_CLOCK_EXTERNAL);
    assert_int_equal(clock.min_hz, 0);
    assert_int_equal(clock.max_hz, 0);
}

static void chip_clock_asks_the_next_field(void **state)
{
    struct avrspi_clock clock = clock_of(0x84, 0x20);

    (void)state;
    assert_int_equal(clock.source, AVRSPI_CLOCK_INTERNAL);
    assert_int_equal(clock.min_hz, 32000);
    /* but not when the first has decided */
    assert_int_equal(clock_of(0x80, 0x20).source, AVRSPI_CLOCK_EXTERNAL);
}

static void chip_clock_unknown(void **state)
{
    static const uint8_t fuses[AVRSPI_FUSES] = {0x84, 0, 0, 0};
    const struct avrspi_chip bare = {.name = "bare"};

    (void)state;
    assert_int_equal(clock_of(0x84, 0xFF).source, AVRSPI_CLOCK_UNKNOWN);
    assert_int_equal(clock_of(0x87, 0xFF).source, AVRSPI_CLOCK_UNKNOWN);
    assert_int_equal(avrspi_chip_clock(&bare, fuses).source, AVRSPI_CLOCK_UNKNOWN);
}

static void chip_divider_by_ckdiv8(void **state)
{
    static const uint8_t divided[AVRSPI_FUSES] = {0x62, 0, 0, 0},
                         not [AVRSPI_FUSES] = {0xE2, 0, 0, 0};
    const struct avrspi_chip bare = {.name = "bare"};

    (void)state;
    assert_int_equal(avrspi_chip_divider(&chip, divided), 8);
    assert_int_equal(avrspi_chip_divider(&chip, not ), 1);
    assert_int_equal(avrspi_chip_divider(&bare, divided), 1);
}

static void instruction_encode_address(void **state)
{
    static const struct avrspi_instruction read_flash = {
        .defined = true,
        .fixed = {0x20, 0, 0, 0},
        .address_mask = {0, 0xFF, 0xFF, 0},
        .address_shift = {0, 8, 0, 0},
    };
    static const struct avrspi_instruction load_ext_address = {
        .defined = true,
        .fixed = {0x4D, 0, 0, 0},
        .address_mask = {0, 0, 0xFF, 0},
        .address_shift = {0, 0, 16, 0},
    };
    uint8_t out[4];

    (void)state;
    avrspi_instruction_encode(&read_flash, 0x1A2B3, 0xFF, out);
    assert_memory_equal(out, ((uint8_t[]){0x20, 0xA2, 0xB3, 0x00}), 4);
    avrspi_instruction_encode(&load_ext_address, 0x1A2B3, 0xFF, out);
    assert_memory_equal(out, ((uint8_t[]){0x4D, 0x00, 0x01, 0x00}), 4);
}

static void instruction_encode_data(void **state)
{
    static const struct avrspi_instruction write_lock = {
        .defined = true,
        .fixed = {0xAC, 0xF9, 0, 0},
        .data_mask = {0, 0x06, 0, 0},
    };
    uint8_t out[4];

    (void)state;
    avrspi_instruction_encode(&write_lock, 0xFFFFFFFF, 0xFD, out);
    assert_memory_equal(out, ((uint8_t[]){0xAC, 0xFD, 0x00, 0x00}), 4);
    avrspi_instruction_encode(&write_lock, 0, 0x00, out);
    assert_memory_equal(out, ((uint8_t[]){0xAC, 0xF9, 0x00, 0x00}), 4);
}

static void instruction_answer_moves_bits(void **state)
{
    static const struct avrspi_instruction whole = {.answer_bit = {0, 1, 2, 3, 4, 5, 6, 7}};
    /* AT90S2323: lock bit 1 is bit 7 of the answer, lock bit 2 is bit 6 */
    static const struct avrspi_instruction lock = {.answer_bit = {-1, 7, 6, -1, -1, -1, -1, -1}};

    (void)state;
    assert_int_equal(avrspi_instruction_answer(&whole, 0xA5), 0xA5);
    assert_int_equal(avrspi_instruction_answer(&lock, 0xFF), 0xFF);
    assert_int_equal(avrspi_instruction_answer(&lock, 0x7F), 0xFD);
    assert_int_equal(avrspi_instruction_answer(&lock, 0xBF), 0xFB);
    assert_int_equal(avrspi_instruction_answer(&lock, 0x00), 0xF9);
}

static void fuses_set_by_number(void **state)
{
    static const struct {
        const char *text;
        int value; /* -1: no value of the field's four bits */
    } rows[] = {
        {"SUT_CKSEL=9", 9},   {"SUT_CKSEL=0xB", 11}, {"SUT_CKSEL=0B11", 3}, {"SUT_CKSEL=010", 10},
        {"SUT_CKSEL=16", -1}, {"SUT_CKSEL=0b", -1},  {"SUT_CKSEL=-1", -1},  {"SUT_CKSEL=1e0", -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct avrspi_fuses fuses = {.value = {0xF0}};
        struct avrspi_error error = {0};
        int result = avrspi_fuses_set(&chip, rows[i].text, &fuses, &error);

        assert_int_equal(result, rows[i].value < 0 ? AVRSPI_ERR_USAGE : 0);
        assert_int_equal(error.code, result);
        assert_int_equal(fuses.value[AVRSPI_FUSE_LOW],
                         0xF0 | (rows[i].value < 0 ? 0 : rows[i].value));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fuse_name_of_every_byte),
        cmocka_unit_test(instruction_name_of_every_id),
        cmocka_unit_test(fuse_ids_of_every_byte),
        cmocka_unit_test(chip_field_by_whole_name),
        cmocka_unit_test(chip_field_by_part_of_name),
        cmocka_unit_test(chip_field_unknown),
        cmocka_unit_test(field_get_shifts_down),
        cmocka_unit_test(field_set_leaves_other_bits),
        cmocka_unit_test(field_of_scattered_bits),
        cmocka_unit_test(field_value_known_and_not),
        cmocka_unit_test(chip_clock_internal),
        cmocka_unit_test(chip_clock_divided),
        cmocka_unit_test(chip_clock_external),
        cmocka_unit_test(chip_clock_asks_the_next_field),
        cmocka_unit_test(chip_clock_unknown),
        cmocka_unit_test(chip_divider_by_ckdiv8),
        cmocka_unit_test(instruction_encode_address),
        cmocka_unit_test(instruction_encode_data),
        cmocka_unit_test(instruction_answer_moves_bits),
        cmocka_unit_test(fuses_set_by_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
