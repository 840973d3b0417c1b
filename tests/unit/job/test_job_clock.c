/* SPDX-License-Identifier: MIT */
/* A faster clock for the time of a job. */
#include "rig.h"
#include "job/job.h"

static int turbo(struct rig *rig)
{
    return work_raise_clock(rig->session, NULL, &rig->error);
}

/* The same in a job that ends with that low byte. */
static int turbo_of_job(struct rig *rig, uint8_t low)
{
    const struct avrspi_fuses final = {
        .given[AVRSPI_FUSE_LOW] = true,
        .value[AVRSPI_FUSE_LOW] = low,
    };

    return work_raise_clock(rig->session, &final, &rig->error);
}

static int no_turbo(struct rig *rig)
{
    return avrspi_session_restore_clock(rig->session, &rig->error);
}

static void assert_low_fuse(struct rig *rig, uint8_t value)
{
    assert_int_equal(rig_load(rig, "atmega328p")->fuse[AVRSPI_FUSE_LOW], value);
}

static void turbo_raises_sck_and_sets_the_fuse_back(void **state)
{
    struct rig *rig = *state;
    uint8_t data[1000];

    rig_fill(data, sizeof data, 1);
    rig_start(rig, "atmega328p");
    assert_false(avrspi_session_clock_is_raised(rig->session));
    assert_int_equal(work_raised_sck(rig->session, NULL), 1799999);
    rig_assert_ok(rig, turbo(rig));
    assert_true(avrspi_session_clock_is_raised(rig->session));
    assert_int_equal(avrspi_session_sck(rig->session), 1799999);
    assert_int_equal(work_raised_sck(rig->session, NULL), 0);
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE));
    rig_assert_ok(rig, no_turbo(rig));
    assert_false(avrspi_session_clock_is_raised(rig->session));
    assert_int_equal(avrspi_session_fuses(rig->session).value[AVRSPI_FUSE_LOW], 0x62);
    rig_restart(rig, "atmega328p");
    assert_int_equal(avrspi_session_sck(rig->session), 224999);
    assert_memory_equal(rig_load(rig, "atmega328p")->flash, data, sizeof data);
}

/* 8 MHz needs 2.4 V (DS40002061, 'Speed Grades'). */
static void turbo_within_what_the_supply_allows(void **state)
{
    struct rig *rig = *state;

    rig->config.supply_mv = 2300;
    rig_start(rig, "atmega328p");
    assert_int_equal(work_raised_sck(rig->session, NULL), 0);
    rig_assert_ok(rig, turbo(rig));
    assert_false(avrspi_session_clock_is_raised(rig->session));
    rig_assert_error(rig, avrspi_session_raise_clock(rig->session, 0xE2, &rig->error),
                     AVRSPI_ERR_REFUSED, "not specified for 8000000 Hz at 2300 mV", "");
    rig_unplug(rig);
    rig->config.supply_mv = 2400;
    rig_start(rig, "atmega328p");
    assert_int_equal(work_raised_sck(rig->session, NULL), 1799999);
    rig_assert_ok(rig, turbo(rig));
    assert_true(avrspi_session_clock_is_raised(rig->session));
    rig_assert_ok(rig, no_turbo(rig));
}

static void turbo_twice_is_turbo_once(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, turbo(rig));
    wire_forget(rig->wire);
    rig_assert_ok(rig, turbo(rig));
    assert_int_equal(rig->wire->n_sent, 0);
    rig_assert_ok(rig, no_turbo(rig));
    rig_assert_ok(rig, no_turbo(rig));
    assert_low_fuse(rig, 0x62);
}

static void turbo_that_nobody_ends_ends_with_the_session(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, turbo(rig));
    assert_low_fuse(rig, 0x62);
}

/* Programming mode is entered anew, which forgets what Load Extended Address has latched. */
static void turbo_loads_the_extended_address_again(void **state)
{
    struct rig *rig = *state;
    uint8_t data[10], found[10];

    rig_fill(data, sizeof data, 4);
    memcpy(rig_new_chip(rig, "atmega2560")->flash + 0x30000, data, sizeof data);
    rig_save(rig, "atmega2560");
    rig_start(rig, "atmega2560");
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0x30000, found, sizeof found));
    rig_assert_ok(rig, turbo(rig));
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0x30000, found, sizeof found));
    assert_memory_equal(found, data, sizeof data);
    assert_int_equal(wire_count(rig->wire, 0x4D), 2);
}

static void assert_no_use(struct rig *rig, const char *chip)
{
    rig_start(rig, chip);
    wire_forget(rig->wire);
    assert_int_equal(work_raised_sck(rig->session, NULL), 0);
    rig_assert_ok(rig, turbo(rig));
    assert_false(avrspi_session_clock_is_raised(rig->session));
    assert_int_equal(rig->wire->n_sent, 0);
    rig_assert_ok(rig, no_turbo(rig));
    assert_int_equal(rig->wire->n_sent, 0);
}

static void turbo_of_a_clock_that_is_not_divided(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE2, 0xD9, 0xFF, 0xFF});
    assert_no_use(rig, "atmega328p");
}

static void turbo_of_a_chip_without_a_divider(void **state)
{
    assert_no_use(*state, "atmega8");
}

/* What is at the pins may not start without the divider, nor be good for it. */
static void turbo_of_a_divided_crystal(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0x7F, 0xD9, 0xFF, 0xFF});
    assert_no_use(rig, "atmega328p");
}

static void turbo_of_a_locked_chip(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0x62, 0xD9, 0xFF, 0xFE});
    assert_no_use(rig, "atmega328p");
}

/* Lines that a program moves are slower than many a clock allows. */
static void turbo_is_no_use_where_the_link_makes_no_more(void **state)
{
    static const struct avrspi_request request = {.raise_clock = true};
    struct rig *rig = *state;
    struct avrspi_target_state target;

    rig_start(rig, "atmega328p");
    avrspi_state_of(rig->session, &target);
    assert_int_equal(target.fastest_sck_hz, 0);
    assert_int_equal(avrspi_plan_sck_with(&target, 0xE2), 1799999);
    target.fastest_sck_hz = 300000;
    assert_int_equal(avrspi_plan_sck_with(&target, 0xE2), 300000);
    assert_int_equal(avrspi_plan_fastest_low(&request, &target), 0xE2);
    target.fastest_sck_hz = 14000;
    assert_int_equal(avrspi_plan_fastest_low(&request, &target), 0x62);
}

/* --- in a job that writes fuses */

static void turbo_with_the_fuses_that_the_job_ends_with(void **state)
{
    static const struct {
        const char *chip;
        uint8_t low;    /* as it is found */
        uint8_t final;  /* as the job leaves it */
        uint8_t raised; /* for the time of the job */
        uint32_t sck_hz;
    } rows[] = {
        {"atmega328p", 0x62, 0xE2, 0xE2, 1799999}, /* the job's own is as fast as any */
        {"atmega328p", 0x62, 0xFF, 0xE2, 1799999}, /* a crystal, which may not be there */
        {"atmega328p", 0x62, 0xE0, 0xE2, 1799999}, /* a clock from outside */
        {"atmega328p", 0x62, 0x42, 0xC2, 1799999}, /* with the job's start-up time */
        {"atmega328p", 0x63, 0x62, 0xE2, 1799999}, /* from 128 kHz / 8 */
        {"atmega8", 0xE1, 0xE4, 0xE4, 1599999},    /* no divider, but 8 MHz */
        {"attiny13a", 0x6B, 0x69, 0x79, 1079999},  /* 128 kHz / 8, 4.8 MHz / 8: 4.8 MHz */
        {"atmega8", 0xE1, 0xEF, 0xE1, 224999},     /* nothing to be gained */
        {"atmega8", 0xE4, 0xE1, 0xE4, 1599999},    /* slower in the end */
    };
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        rig_new_chip(rig, rows[n].chip)->fuse[AVRSPI_FUSE_LOW] = rows[n].low;
        rig_save(rig, rows[n].chip);
        rig_start(rig, rows[n].chip);
        rig_assert_ok(rig, turbo_of_job(rig, rows[n].final));
        assert_int_equal(avrspi_session_fuses(rig->session).value[AVRSPI_FUSE_LOW], rows[n].raised);
        assert_int_equal(avrspi_session_sck(rig->session), rows[n].sck_hz);
        assert_int_equal(avrspi_session_clock_is_raised(rig->session),
                         rows[n].raised != rows[n].low);
        rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, rows[n].final));
        assert_false(avrspi_session_clock_is_raised(rig->session));
        rig_unplug(rig);
        assert_int_equal(rig_load(rig, rows[n].chip)->fuse[AVRSPI_FUSE_LOW], rows[n].final);
        rig_new_chip(rig, rows[n].chip)->fuse[AVRSPI_FUSE_LOW] = rows[n].low;
        rig_save(rig, rows[n].chip);
        rig_start(rig, rows[n].chip);
        rig_assert_ok(rig, turbo_of_job(rig, rows[n].final));
        rig_unplug(rig); /* the job never came to its fuses */
        assert_int_equal(rig_load(rig, rows[n].chip)->fuse[AVRSPI_FUSE_LOW], rows[n].low);
    }
}

/* Though it would be faster. */
static void turbo_is_never_a_byte_that_ends_programming(void **state)
{
    struct rig *rig = *state;

    rig_add_chips("[resetless]\nlike = ATmega8\nhigh.RSTDISBL = none\nlow.RSTDISBL = "
                  "0x80\nlow.BODLEVEL = none\n");
    rig_start(rig, "resetless");
    wire_forget(rig->wire);
    rig_assert_ok(rig, turbo_of_job(rig, 0x64));
    assert_false(avrspi_session_clock_is_raised(rig->session));
    assert_int_equal(rig->wire->n_sent, 0);
}

static void turbo_of_a_job_that_writes_other_fuses(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, turbo(rig));
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_HIGH, 0xD1));
    assert_true(avrspi_session_clock_is_raised(rig->session));
    rig_assert_ok(rig, no_turbo(rig));
    assert_low_fuse(rig, 0x62);
}

/* Lock bits would keep the low byte from being set back. */
static void turbo_ends_before_lock_bits(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, turbo(rig));
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOCK, 0xFC));
    assert_false(avrspi_session_clock_is_raised(rig->session));
    rig_unplug(rig);
    assert_int_equal(rig_load(rig, "atmega328p")->fuse[AVRSPI_FUSE_LOCK], 0xFC);
    assert_int_equal(rig_load(rig, "atmega328p")->fuse[AVRSPI_FUSE_LOW], 0x62);
}

/* --- when something comes in between */

static void interrupt_turbo_at_any_moment(struct rig *rig, uint8_t low)
{
    uint8_t data[500];
    struct avrspi_image *image;
    size_t interrupted = 0;

    rig_fill(data, sizeof data, 2);
    image = rig_image_of(rig, 0, data, sizeof data);
    for (size_t n = 1; n < 600; n += n < 60 ? 1 : 41) {
        int result;

        rig->interrupt = 0;
        rig_new_fused(rig, "atmega328p", (const uint8_t[]){low, 0xD9, 0xFF, 0xFF});
        rig_start(rig, "atmega328p");
        rig_interrupt_at(rig, n);
        result = turbo(rig);
        if (result == 0)
            result = rig_flash(rig, image, RIG_WRITE);
        if (result < 0) {
            rig_assert_error(rig, result, AVRSPI_ERR_INTERRUPTED, "interrupted", "");
            interrupted++;
        }
        if (n % 2)
            rig_assert_ok(rig, no_turbo(rig));
        assert_low_fuse(rig, low);
    }
    assert_true(interrupted > 50);
}

static void turbo_and_an_interrupt_at_any_moment(void **state)
{
    interrupt_turbo_at_any_moment(*state, 0x62);
}

/* 128 kHz / 8: the way in takes many tries, and the interrupt may come between two of them. */
static void turbo_of_a_slow_chip_and_an_interrupt_at_any_moment(void **state)
{
    interrupt_turbo_at_any_moment(*state, 0x63);
}

/* What is lost on the way out is found again at the clock that was before, and read no faster. */
static void turbo_and_a_bit_that_flips_at_any_moment(void **state)
{
    struct rig *rig = *state;
    uint8_t data[200];
    struct avrspi_image *image;

    rig_fill(data, sizeof data, 5);
    image = rig_image_of(rig, 0, data, sizeof data);
    for (unsigned n = 200; n < 1400; n += 17) {
        char words[64];

        (void)snprintf(words, sizeof words, "atmega328p,fault=flip:%u", n);
        (void)rig_new_chip(rig, "atmega328p");
        rig_save(rig, "atmega328p");
        rig_start(rig, words);
        rig_assert_ok(rig, turbo(rig));
        (void)rig_flash(rig, image, RIG_WRITE); /* may fail: what it reads is not what there is */
        rig_assert_ok(rig, no_turbo(rig));
        assert_low_fuse(rig, 0x62);
    }
}

/* The byte was written before the interrupt: it is the job's own, and stays. */
static void turbo_and_an_interrupt_behind_the_final_low_byte(void **state)
{
    const struct avrspi_fuses final = {
        .given[AVRSPI_FUSE_LOW] = true,
        .value[AVRSPI_FUSE_LOW] = 0xFF,
        .given[AVRSPI_FUSE_LOCK] = true,
        .value[AVRSPI_FUSE_LOCK] = 0xFC,
    };
    struct rig *rig = *state;
    bool after = false;

    for (size_t n = 1; !after; n++) {
        uint8_t left;
        int result;

        rig->interrupt = 0;
        (void)rig_new_chip(rig, "atmega328p");
        rig_save(rig, "atmega328p");
        rig_start(rig, "atmega328p,fcpu=16000000");
        rig_assert_ok(rig, turbo(rig));
        rig_interrupt_at(rig, n);
        result = avrspi_session_write_fuses(rig->session, &final, &rig->error);
        after = result == 0;
        if (!after)
            rig_assert_error(rig, result, AVRSPI_ERR_INTERRUPTED, "interrupted", "");
        left = avrspi_session_fuses(rig->session).value[AVRSPI_FUSE_LOW] == 0xFF ? 0xFF : 0x62;
        rig_assert_ok(rig, no_turbo(rig));
        assert_low_fuse(rig, left);
    }
}

static void turbo_when_the_power_is_lost_says_what_is_left(void **state)
{
    struct rig *rig = *state;
    uint8_t data[2000];

    rig_fill(data, sizeof data, 3);
    rig_start(rig, "atmega328p,fault=power-loss:3000");
    rig_assert_ok(rig, turbo(rig));
    rig_assert_error(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE),
                     AVRSPI_ERR_NO_TARGET, "stopped answering", "");
    rig_assert_error(rig, no_turbo(rig), AVRSPI_ERR_NO_TARGET,
                     "the low fuse was raised for speed, and could not be set back to 0x62", "");
    rig_assert_advice(rig, AVRSPI_ADVICE_RESTORE_LOW_FUSE);
    assert_string_equal(rig->error.subject, "0x62");
    assert_low_fuse(rig, 0xE2);
}

static void turbo_over_a_link_that_breaks(void **state)
{
    struct rig *rig = *state;

    for (unsigned n = 1; n <= 5; n++) {
        int result;

        rig_start(rig, "atmega328p");
        rig->wire->broken_transfer = n;
        result = turbo(rig);
        if (result < 0)
            rig_assert_error(rig, result, AVRSPI_ERR_DEVICE, "the wire broke", "");
        rig->wire->broken_transfer = 0;
        assert_low_fuse(rig, 0x62);
    }
    rig_start(rig, "atmega328p");
    rig->wire->broken_reset = 1;
    rig_assert_error(rig, turbo(rig), AVRSPI_ERR_DEVICE, "the wire broke", "");
    assert_low_fuse(rig, 0x62);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(turbo_raises_sck_and_sets_the_fuse_back),
        RIG_TEST(turbo_within_what_the_supply_allows),
        RIG_TEST(turbo_twice_is_turbo_once),
        RIG_TEST(turbo_that_nobody_ends_ends_with_the_session),
        RIG_TEST(turbo_loads_the_extended_address_again),
        RIG_TEST(turbo_of_a_clock_that_is_not_divided),
        RIG_TEST(turbo_of_a_chip_without_a_divider),
        RIG_TEST(turbo_of_a_divided_crystal),
        RIG_TEST(turbo_of_a_locked_chip),
        RIG_TEST(turbo_is_no_use_where_the_link_makes_no_more),
        RIG_TEST(turbo_with_the_fuses_that_the_job_ends_with),
        RIG_TEST(turbo_is_never_a_byte_that_ends_programming),
        RIG_TEST(turbo_of_a_job_that_writes_other_fuses),
        RIG_TEST(turbo_ends_before_lock_bits),
        RIG_TEST(turbo_and_an_interrupt_at_any_moment),
        RIG_TEST(turbo_of_a_slow_chip_and_an_interrupt_at_any_moment),
        RIG_TEST(turbo_and_a_bit_that_flips_at_any_moment),
        RIG_TEST(turbo_and_an_interrupt_behind_the_final_low_byte),
        RIG_TEST(turbo_when_the_power_is_lost_says_what_is_left),
        RIG_TEST(turbo_over_a_link_that_breaks),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
