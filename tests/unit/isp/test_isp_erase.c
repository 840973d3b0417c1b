/* SPDX-License-Identifier: MIT */
/* An erase is believed when it is proven: by the lock bits and a few bytes of the flash. */
#include "rig.h"

enum {
    LAST_WORD = 0x3FFF, /* of an ATmega328P */
    READ_LOW = 0x20,
    READ_HIGH = 0x28,
    READ_LOCK = 0x58,
};

/* What the target answers to an instruction, some times. */
struct remains {
    uint8_t instruction[3];
    uint8_t byte;
    unsigned times;
};

static void answer(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct remains *remains = user;

    if (remains->times == 0 || memcmp(out, remains->instruction, 3) != 0)
        return;
    remains->times--;
    in[3] = remains->byte;
}

static int erase(struct rig *rig, struct remains *remains)
{
    rig->wire->tamper = answer;
    rig->wire->user = remains;
    return avrspi_session_erase(rig->session, &rig->error);
}

static void erase_that_leaves_flash(void **state)
{
    static const struct {
        struct remains remains;
        const char *message;
    } rows[] = {
        {{{READ_LOW, 0, 0}, 0x12, 2}, "flash at 0x0000 reads 0x12, expected 0xFF"},
        {{{READ_HIGH, 0, 0}, 0xFE, 2}, "flash at 0x0001 reads 0xFE, expected 0xFF"},
        {{{READ_LOW, 0x1F, 0xFF}, 0x12, 2}, "flash at 0x3FFE reads 0x12, expected 0xFF"},
        {{{READ_HIGH, LAST_WORD >> 8, LAST_WORD & 0xFF}, 0x7F, 2},
         "flash at 0x7FFF reads 0x7F, expected 0xFF"},
    };
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct remains remains = rows[n].remains;

        rig_start(rig, "atmega328p");
        rig_assert_error(rig, erase(rig, &remains), AVRSPI_ERR_VERIFY,
                         "the chip is not erased: ", "is the supply steady");
        assert_non_null(strstr(rig->error.message, rows[n].message));
        assert_int_equal(remains.times, 0);
        assert_int_equal(avrspi_session_retries(rig->session), 0);
        rig_unplug(rig);
    }
}

static void erase_that_leaves_lock_bits(void **state)
{
    struct rig *rig = *state;
    struct remains remains = {{READ_LOCK, 0, 0}, 0xFC, 2};

    rig_start(rig, "atmega328p");
    rig_assert_error(rig, erase(rig, &remains), AVRSPI_ERR_VERIFY,
                     "the chip is not erased: the lock bits read 0xFC, expected 0xFF",
                     "is the supply steady");
    assert_int_equal(remains.times, 0);
}

/* Bits that the lock byte does not have may read as anything. */
static void erase_of_a_chip_whose_lock_byte_has_unused_bits(void **state)
{
    struct rig *rig = *state;
    struct remains remains = {{READ_LOCK, 0, 0}, 0x03, 2};

    rig_start(rig, "attiny13a");
    rig_assert_ok(rig, erase(rig, &remains));
    assert_int_equal(remains.times, 1);
}

/* A wrong bit on the wire, not a cell. */
static void erase_whose_proof_reads_differently_each_time(void **state)
{
    struct rig *rig = *state;
    struct remains remains = {{READ_LOW, 0, 0}, 0xFE, 1};

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, erase(rig, &remains));
    assert_int_equal(remains.times, 0);
    assert_int_equal(avrspi_session_retries(rig->session), 1);
    assert_int_equal(wire_count2(rig->wire, 0xAC, 0x80), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(erase_that_leaves_flash),
        RIG_TEST(erase_that_leaves_lock_bits),
        RIG_TEST(erase_of_a_chip_whose_lock_byte_has_unused_bits),
        RIG_TEST(erase_whose_proof_reads_differently_each_time),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
