/* SPDX-License-Identifier: MIT */
/* Which instruction the bytes are that a simulated chip receives. */
#include "sim_rig.h"

#include "avrspi/chips.h"
#include "sim/sim_state.h"

static enum avrspi_instruction_id decode(const struct rig *rig, uint8_t a, uint8_t b)
{
    return avrspi_sim_decode(rig->sim, (const uint8_t[]){a, b});
}

/* What avrspi sends is what the chip takes it for, whatever the address and the data. */
static void assert_round_trip(const struct avrspi_chip *chip)
{
    struct rig rig = rig_of(chip);

    for (unsigned id = 0; id < AVRSPI_INSTRUCTIONS; id++) {
        const struct avrspi_instruction *instruction = &chip->instruction[id];
        static const uint32_t addresses[] = {0, 0x155, 0xAAAA, 0x1FFFF};

        for (size_t i = 0; instruction->defined && i < 2 * LENGTH(addresses); i++) {
            uint8_t bytes[4];

            avrspi_instruction_encode(instruction, addresses[i / 2], i % 2 ? 0xFF : 0x00, bytes);
            assert_true(avrspi_sim_decodes_as(rig.sim, bytes, (enum avrspi_instruction_id)id));
            if (avrspi_sim_decode(rig.sim, bytes) != id)
                assert_true(id == AVRSPI_READ_HIGH || id == AVRSPI_READ_EXT ||
                            id == AVRSPI_READ_LOCK);
        }
    }
    rig_close(&rig);
}

static void decode_every_instruction(void **state)
{
    (void)state;
    assert_round_trip(&mega328p);
    assert_round_trip(&mega2560);
    assert_round_trip(&at90s);
}

/* The bits that the datasheets' tables mark with 'x' may be anything. */
static void decode_dont_care_bits(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    for (unsigned x = 0; x < 0x20; x++) {
        assert_int_equal(decode(&rig, 0xAC, (uint8_t)(0x80 | x)), AVRSPI_CHIP_ERASE);
        assert_int_equal(decode(&rig, 0xAC, (uint8_t)(0xE0 | x)), AVRSPI_WRITE_LOCK);
        assert_int_equal(decode(&rig, 0x30, (uint8_t)x), AVRSPI_READ_SIGNATURE);
    }
    rig_close(&rig);
}

static void decode_families(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    assert_int_equal(decode(&rig, 0xAC, 0xA0), AVRSPI_WRITE_LOW);
    assert_int_equal(decode(&rig, 0xAC, 0xA4), AVRSPI_WRITE_EXT);
    assert_int_equal(decode(&rig, 0xAC, 0xA8), AVRSPI_WRITE_HIGH);
    assert_int_equal(decode(&rig, 0x50, 0x00), AVRSPI_READ_LOW);
    assert_int_equal(decode(&rig, 0x50, 0x08), AVRSPI_READ_EXT);
    assert_int_equal(decode(&rig, 0x58, 0x00), AVRSPI_READ_LOCK);
    assert_int_equal(decode(&rig, 0x58, 0x08), AVRSPI_READ_HIGH);
    rig_close(&rig);
}

/* Programming Enable is what it is to the last bit; and there is much that is nothing. */
static void decode_nothing(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    for (unsigned b = 0; b < 0x80; b++)
        assert_int_equal(decode(&rig, 0xAC, (uint8_t)b),
                         b == 0x53 ? AVRSPI_PROGRAMMING_ENABLE : AVRSPI_INSTRUCTIONS);
    assert_int_equal(decode(&rig, 0xAC, 0xC0), AVRSPI_INSTRUCTIONS);
    assert_int_equal(decode(&rig, 0x4D, 0x00), AVRSPI_INSTRUCTIONS);
    assert_int_equal(decode(&rig, 0x00, 0x00), AVRSPI_INSTRUCTIONS);
    assert_int_equal(decode(&rig, 0xFF, 0xFF), AVRSPI_INSTRUCTIONS);
    rig_close(&rig);
}

static void decode_data_in_second_byte(void **state)
{
    struct rig rig = rig_of(&at90s);

    (void)state;
    assert_int_equal(decode(&rig, 0xAC, 0xF9), AVRSPI_WRITE_LOCK);
    assert_int_equal(decode(&rig, 0xAC, 0xFF), AVRSPI_WRITE_LOCK);
    assert_int_equal(decode(&rig, 0xAC, 0xBF), AVRSPI_WRITE_LOW);
    assert_int_equal(decode(&rig, 0xAC, 0x80), AVRSPI_CHIP_ERASE);
    rig_close(&rig);
}

static void unambiguous_pair_alike(void **state)
{
    struct avrspi_chip chip = mega328p;
    enum avrspi_instruction_id a, b;

    (void)state;
    assert_true(avrspi_sim_unambiguous(&chip, &a, &b));
    assert_true(avrspi_sim_unambiguous(&at90s, &a, &b));
    chip.instruction[AVRSPI_WRITE_EXT] = chip.instruction[AVRSPI_WRITE_HIGH];
    assert_false(avrspi_sim_unambiguous(&chip, &a, &b));
    assert_int_equal(a, AVRSPI_WRITE_HIGH);
    assert_int_equal(b, AVRSPI_WRITE_EXT);
}

/* Two fuse reads may be one instruction, but not with bits in common. */
static void unambiguous_answers_overlap(void **state)
{
    struct avrspi_chip chip = at90s;
    enum avrspi_instruction_id a, b;

    (void)state;
    chip.instruction[AVRSPI_READ_LOW].answer_bit[1] = 7;
    assert_false(avrspi_sim_unambiguous(&chip, &a, &b));
    assert_int_equal(a, AVRSPI_READ_LOW);
    assert_int_equal(b, AVRSPI_READ_LOCK);
}

static void unambiguous_every_chip(void **state)
{
    struct avrspi_chips *chips;

    (void)state;
    assert_int_equal(avrspi_chips_open(&chips, NULL), 0);
    for (size_t i = 0; i < avrspi_chips_count(chips); i++) {
        const struct avrspi_chip *chip = avrspi_chips_at(chips, i);
        enum avrspi_instruction_id a, b;

        if (!avrspi_sim_unambiguous(chip, &a, &b))
            fail_msg("%s: %s and %s", chip->name, avrspi_instruction_name(a),
                     avrspi_instruction_name(b));
        assert_round_trip(chip);
    }
    avrspi_chips_close(chips);
}

/* Every chip as it leaves the factory can be entered at 100 kHz or, when its clock is that
 * slow, at 1 kHz, and tells its signature. */
static void enter_every_chip(void **state)
{
    struct avrspi_chips *chips;

    (void)state;
    assert_int_equal(avrspi_chips_open(&chips, NULL), 0);
    for (size_t i = 0; i < avrspi_chips_count(chips); i++) {
        const struct avrspi_chip *chip = avrspi_chips_at(chips, i);
        struct rig rig = rig_of(chip);

        if (avrspi_sim_clock(rig.sim) <= 400000)
            rig.hz = 1000;
        enter(&rig);
        if (chip->instruction[AVRSPI_READ_SIGNATURE].defined) {
            for (uint8_t n = 0; n < 3; n++)
                assert_int_equal(send(&rig, 0x30, 0, n, 0), chip->signature[n]);
        }
        assert_no_violation(&rig);
        rig_close(&rig);
    }
    avrspi_chips_close(chips);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decode_every_instruction),
        cmocka_unit_test(decode_dont_care_bits),
        cmocka_unit_test(decode_families),
        cmocka_unit_test(decode_nothing),
        cmocka_unit_test(decode_data_in_second_byte),
        cmocka_unit_test(unambiguous_pair_alike),
        cmocka_unit_test(unambiguous_answers_overlap),
        cmocka_unit_test(unambiguous_every_chip),
        cmocka_unit_test(enter_every_chip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
