/* SPDX-License-Identifier: MIT */
/* A faster clock for the time of a job. */
#include "rig.h"

static int turbo(struct rig *rig)
{
    return avrspi_session_turbo_begin(rig->session, &rig->error);
}

static int no_turbo(struct rig *rig)
{
    return avrspi_session_turbo_end(rig->session, &rig->error);
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
    assert_false(avrspi_session_turbo_active(rig->session));
    rig_assert_ok(rig, turbo(rig));
    assert_true(avrspi_session_turbo_active(rig->session));
    assert_int_equal(avrspi_session_sck(rig->session), 1799999);
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE));
    rig_assert_ok(rig, no_turbo(rig));
    assert_false(avrspi_session_turbo_active(rig->session));
    assert_int_equal(avrspi_session_fuses(rig->session).value[AVRSPI_FUSE_LOW], 0x62);
    rig_restart(rig, "atmega328p");
    assert_int_equal(avrspi_session_sck(rig->session), 224999);
    assert_memory_equal(rig_load(rig, "atmega328p")->flash, data, sizeof data);
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
    rig_assert_ok(rig, turbo(rig));
    assert_false(avrspi_session_turbo_active(rig->session));
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

/* --- when something comes in between */

struct interrupter {
    volatile sig_atomic_t *flag;
    size_t countdown; /* of instructions */
};

static void interrupt(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct interrupter *interrupter = user;

    (void)out;
    (void)in;
    if (interrupter->countdown && --interrupter->countdown == 0)
        *interrupter->flag = 1;
}

static void turbo_and_an_interrupt_at_any_moment(void **state)
{
    struct rig *rig = *state;
    uint8_t data[500];
    struct avrspi_image *image;
    struct interrupter interrupter = {.flag = &rig->interrupt};
    size_t interrupted = 0;

    rig_fill(data, sizeof data, 2);
    image = rig_image_of(rig, 0, data, sizeof data);
    for (size_t n = 1; n < 600; n += n < 30 ? 1 : 41) {
        int result;

        rig->interrupt = 0;
        rig_start(rig, "atmega328p");
        interrupter.countdown = n;
        rig->wire->tamper = interrupt;
        rig->wire->user = &interrupter;
        result = turbo(rig);
        if (result == 0)
            result = rig_flash(rig, image, RIG_WRITE);
        if (result < 0) {
            rig_assert_error(rig, result, AVRSPI_ERR_INTERRUPTED, "interrupted", "");
            interrupted++;
        }
        if (n % 2)
            rig_assert_ok(rig, no_turbo(rig));
        assert_low_fuse(rig, 0x62);
    }
    assert_true(interrupted > 30);
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
                     "the low fuse was raised for speed, and could not be set back to 0x62",
                     "'avrspi fuses --low 0x62'");
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
        RIG_TEST(turbo_twice_is_turbo_once),
        RIG_TEST(turbo_that_nobody_ends_ends_with_the_session),
        RIG_TEST(turbo_loads_the_extended_address_again),
        RIG_TEST(turbo_of_a_clock_that_is_not_divided),
        RIG_TEST(turbo_of_a_chip_without_a_divider),
        RIG_TEST(turbo_of_a_divided_crystal),
        RIG_TEST(turbo_of_a_locked_chip),
        RIG_TEST(turbo_and_an_interrupt_at_any_moment),
        RIG_TEST(turbo_when_the_power_is_lost_says_what_is_left),
        RIG_TEST(turbo_over_a_link_that_breaks),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
