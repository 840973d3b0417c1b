/* SPDX-License-Identifier: MIT */
/* Fuses and lock bits that are not what was written, or that a disturbance changed. */
#include "rig.h"

#include "isp/isp.h"

enum {
    READINGS = 2, /* of all bytes, in one transfer */
};

/* A byte of the fuses that reads otherwise than it is, in so many readings. */
struct lie {
    uint8_t instruction[2], byte;
    unsigned readings;
};

static const uint8_t read_low[] = {0x50, 0x00}, read_lock[] = {0x58, 0x00};

static void lie(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct lie *lie = user;

    if (lie->readings == 0 || memcmp(out, lie->instruction, 2) != 0)
        return;
    lie->readings--;
    in[3] = lie->byte;
}

/* 'times': how many times fuses are read that way. */
static void start(struct rig *rig, struct lie *told, const uint8_t instruction[2], uint8_t byte,
                  unsigned times)
{
    *told = (struct lie){.byte = byte, .readings = times * READINGS};
    memcpy(told->instruction, instruction, 2);
    rig_start(rig, "atmega328p");
    rig->wire->tamper = lie;
    rig->wire->user = told;
    wire_forget(rig->wire);
}

/* --- written and read back */

static void write_that_reads_back_wrong_once_is_done_again(void **state)
{
    struct rig *rig = *state;
    struct lie told;

    start(rig, &told, read_low, 0x60, 1);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2));
    assert_int_equal(told.readings, 0);
    assert_int_equal(wire_count2(rig->wire, 0xAC, 0xA0), 2);
    assert_int_equal(avrspi_session_fuses(rig->session).value[AVRSPI_FUSE_LOW], 0xE2);
}

static void write_that_reads_back_wrong_twice_is_not_done_again(void **state)
{
    struct rig *rig = *state;
    struct lie told;

    start(rig, &told, read_low, 0x60, 3);
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2), AVRSPI_ERR_VERIFY,
                     "the low byte was written as 0xE2, but reads 0x60", "try again");
    assert_int_equal(told.readings, READINGS);
    assert_int_equal(wire_count2(rig->wire, 0xAC, 0xA0), 2);
}

/* --- changed by a disturbance */

static void mending_of_what_is_right_writes_nothing(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_ok(rig, avrspi_isp_mend_fuses(rig->session, &rig->error));
    assert_int_equal(wire_count(rig->wire, 0xAC), 0);
}

static void mending_sets_a_fuse_back(void **state)
{
    struct rig *rig = *state;
    struct lie told;

    start(rig, &told, read_low, 0x60, 1);
    rig_assert_ok(rig, avrspi_isp_mend_fuses(rig->session, &rig->error));
    assert_int_equal(wire_count(rig->wire, 0xAC), 1);
    assert_memory_equal(wire_find(rig->wire, 0xAC, 0), ((const uint8_t[]){0xAC, 0xA0, 0x00, 0x62}),
                        4);
}

static void mending_of_a_fuse_that_stays_wrong(void **state)
{
    struct rig *rig = *state;
    struct lie told;

    start(rig, &told, read_low, 0x60, 2);
    rig_assert_error(rig, avrspi_isp_mend_fuses(rig->session, &rig->error), AVRSPI_ERR_VERIFY,
                     "a disturbance on the wires changed the low byte, and it can't be set "
                     "back: it reads 0x60, expected 0x62",
                     "is the supply steady");
}

/* A write only makes lock bits 0, so they can't be set back; and writing fuses may be locked too.
 */
static void mending_finds_other_lock_bits(void **state)
{
    struct rig *rig = *state;
    struct lie told;

    start(rig, &told, read_lock, 0xFC, 1);
    rig_assert_error(rig, avrspi_isp_mend_fuses(rig->session, &rig->error), AVRSPI_ERR_VERIFY,
                     "a disturbance on the wires changed the lock bits to 0xFC",
                     "a chip erase clears them");
    rig_assert_advice(rig, AVRSPI_ADVICE_ERASE);
    assert_int_equal(wire_count(rig->wire, 0xAC), 0);
}

static void mending_finds_lock_bits_that_were_being_written(void **state)
{
    struct rig *rig = *state;
    struct lie told;

    start(rig, &told, read_lock, 0xFC, 1);
    rig->session->is_writing = true;
    rig->session->writing = (struct avrspi_fuse_write){AVRSPI_FUSE_LOCK, 0xFC};
    rig_assert_ok(rig, avrspi_isp_mend_fuses(rig->session, &rig->error));
    assert_int_equal(told.readings, 0);
    rig->session->is_writing = false;
}

/* An erase that was disturbed has cleared them: no harm that is said of lock bits. */
static void mending_finds_fewer_lock_bits(void **state)
{
    static const uint8_t locked[AVRSPI_FUSES] = {0x62, 0xD9, 0xFF, 0xFE};
    struct rig *rig = *state;
    struct lie told;

    rig_new_fused(rig, "atmega328p", locked);
    start(rig, &told, read_lock, 0xFF, 1);
    rig_assert_ok(rig, avrspi_isp_mend_fuses(rig->session, &rig->error));
    assert_int_equal(told.readings, 0);
}

/* --- RESET stays low for as long as a write may go on that RDY/BSY never showed */

static uint64_t time_to_leave(struct rig *rig)
{
    uint64_t begun = avrspi_link_now(rig->link);

    rig_assert_ok(rig, avrspi_isp_leave(rig->session, &rig->error));
    return avrspi_link_now(rig->link) - begun;
}

static void write_that_never_said_busy_keeps_reset_low(void **state)
{
    struct rig *rig = *state;
    const uint64_t longest = (uint64_t)rig_chip("atmega328p")->wait_us[AVRSPI_WAIT_FUSE] * 1000;
    uint64_t begun;

    rig_start(rig, "atmega328p");
    begun = avrspi_link_now(rig->link);
    avrspi_busy_begin(rig->session, AVRSPI_WAIT_FUSE); /* of which the target knows nothing */
    rig_assert_ok(rig, avrspi_busy_end(rig->session, AVRSPI_WAIT_FUSE, &rig->error));
    assert_true(avrspi_link_now(rig->link) - begun < longest);
    assert_true(time_to_leave(rig) > 0);
    assert_true(avrspi_link_now(rig->link) - begun >= longest);
}

static void write_that_said_busy_ends_with_its_last_poll(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig->session->chip.wait_us[AVRSPI_WAIT_FUSE] += 4000; /* more than this chip takes */
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2));
    assert_true(rig->session->saw_busy[AVRSPI_WAIT_FUSE]);
    assert_int_equal(time_to_leave(rig), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(write_that_reads_back_wrong_once_is_done_again),
        RIG_TEST(write_that_reads_back_wrong_twice_is_not_done_again),
        RIG_TEST(mending_of_what_is_right_writes_nothing),
        RIG_TEST(mending_sets_a_fuse_back),
        RIG_TEST(mending_of_a_fuse_that_stays_wrong),
        RIG_TEST(mending_finds_other_lock_bits),
        RIG_TEST(mending_finds_lock_bits_that_were_being_written),
        RIG_TEST(mending_finds_fewer_lock_bits),
        RIG_TEST(write_that_never_said_busy_keeps_reset_low),
        RIG_TEST(write_that_said_busy_ends_with_its_last_poll),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
