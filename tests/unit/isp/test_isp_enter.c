/* SPDX-License-Identifier: MIT */
/* Into programming mode and out of it; what is said when nobody answers. */
#include "rig.h"

static const uint8_t programming_enable[4] = {0xAC, 0x53, 0x00, 0x00};

static void assert_only_programming_enable(const struct wire *wire)
{
    for (size_t n = 0; n < wire->n_sent; n++)
        assert_memory_equal(wire->sent[n], programming_enable, 4);
}

/* --- speeds */

static void open_of_a_factory_fresh_chip_is_done_at_100_khz(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "atmega328p");
    rig_assert_ok(rig, rig_open(rig));
    assert_int_equal(avrspi_session_sck(rig->session), 100000);
    assert_int_equal(rig->wire->n_sent, 1);
    assert_only_programming_enable(rig->wire);
    assert_int_equal(avrspi_session_retries(rig->session), 0);
}

static void open_waits_20_ms_after_reset_went_low(void **state)
{
    struct rig *rig = *state;
    uint64_t before;

    rig_plug(rig, "atmega328p");
    before = avrspi_link_now(rig->link);
    rig_assert_ok(rig, rig_open(rig));
    assert_true(avrspi_link_now(rig->link) - before > 20000000);
    assert_true(avrspi_link_now(rig->link) - before < 30000000);
}

static void open_of_a_128_khz_chip_falls_to_20_khz(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE3, 0xD9, 0xFF, 0xFF});
    rig_plug(rig, "atmega328p");
    rig_assert_ok(rig, rig_open(rig));
    assert_int_equal(avrspi_session_sck(rig->session), 20000);
    assert_only_programming_enable(rig->wire);
    rig_assert_ok(rig, avrspi_session_identify(rig->session, &rig->error));
    assert_int_equal(avrspi_session_sck(rig->session), 23999); /* below 96 kHz / 4 */
}

static void open_of_a_watch_crystal_falls_to_4_khz(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE4, 0xD9, 0xFF, 0xFF});
    rig_plug(rig, "atmega328p,fcpu=32768");
    rig_assert_ok(rig, rig_open(rig));
    assert_int_equal(avrspi_session_sck(rig->session), 4000);
    rig_assert_ok(rig, avrspi_session_identify(rig->session, &rig->error));
    assert_int_equal(avrspi_session_sck(rig->session), 7999);
}

static void open_of_128_khz_divided_by_8_falls_to_1_khz(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "attiny13a", (const uint8_t[]){0x6B, 0xFF, 0xFF, 0xFF});
    rig_plug(rig, "attiny13a");
    rig_assert_ok(rig, rig_open(rig));
    assert_int_equal(avrspi_session_sck(rig->session), 1000);
    rig_assert_ok(rig, avrspi_session_identify(rig->session, &rig->error));
    assert_int_equal(avrspi_session_sck(rig->session), 2999);
}

static void open_with_a_speed_below_that_of_entry_begins_with_it(void **state)
{
    struct rig *rig = *state;

    rig->config.sck_hz = 2000;
    rig_plug(rig, "atmega328p");
    rig_assert_ok(rig, rig_identify(rig));
    assert_int_equal(avrspi_session_sck(rig->session), 2000);
    assert_int_equal(wire_count2(rig->wire, 0xAC, 0x53), 1);
}

static void open_with_a_high_speed_still_enters_slowly(void **state)
{
    struct rig *rig = *state;

    rig->config.sck_hz = 200000;
    rig_plug(rig, "atmega328p");
    rig_assert_ok(rig, rig_open(rig));
    assert_int_equal(avrspi_session_sck(rig->session), 100000);
    rig_assert_ok(rig, avrspi_session_identify(rig->session, &rig->error));
    assert_int_equal(avrspi_session_sck(rig->session), 200000);
}

/* --- once more */

static void spoil_some_echoes(void *user, const uint8_t out[4], uint8_t in[4])
{
    unsigned *left = user;

    (void)out;
    if (*left == 0)
        return;
    --*left;
    in[2] ^= 0x10;
}

static void open_without_an_echo_pulses_reset_and_tries_again(void **state)
{
    struct rig *rig = *state;
    unsigned spoiled = 2;

    rig_plug(rig, "atmega328p");
    rig->wire->tamper = spoil_some_echoes;
    rig->wire->user = &spoiled;
    rig_assert_ok(rig, rig_open(rig));
    assert_int_equal(avrspi_session_sck(rig->session), 100000);
    assert_int_equal(rig->wire->n_sent, 3);
}

static void open_without_any_answer_sends_nothing_but_programming_enable(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "atmega328p,fault=no-power");
    assert_int_equal(rig_open(rig), AVRSPI_ERR_NO_TARGET);
    assert_null(rig->session);
    /* once more after 300 ms, zeros with RESET high, and there Programming Enable too */
    assert_int_equal(rig->wire->n_sent, 4 * 3 + 1 + 1 + 1);
    assert_int_equal(wire_count2(rig->wire, 0xAC, 0x53), 4 * 3 + 1 + 1);
    assert_memory_equal(rig->wire->sent[4 * 3 + 1], ((uint8_t[4]){0}), 4);
}

static void open_of_a_chip_without_echo_needs_its_name(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "at90s1200");
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, "no echo of Programming Enable", "");
    rig->config.chip = rig_chip("at90s1200");
    rig_assert_ok(rig, rig_identify(rig));
    assert_string_equal(avrspi_session_chip(rig->session)->name, "AT90S1200");
}

/* --- RESET behind a large capacitor */

static int count_slow_resets(void *user, const struct avrspi_event *event)
{
    unsigned *count = user;

    *count += event->kind == AVRSPI_EVENT_WARNING && event->warning == AVRSPI_WARNING_SLOW_RESET;
    return 0;
}

static void open_with_a_reset_that_falls_slowly(void **state)
{
    static const unsigned fall_ms[] = {0, 1, 20, 30, 100, 250};
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(fall_ms); n++) {
        unsigned warnings = 0;
        char words[64];

        (void)snprintf(words, sizeof words, "atmega328p,reset_fall_ms=%u", fall_ms[n]);
        rig->config.event = count_slow_resets;
        rig->config.user = &warnings;
        rig_start(rig, words);
        assert_int_equal(warnings, fall_ms[n] > 0);
        assert_int_equal(rig->wire->sent[rig->wire->n_sent - 1][0], 0x30);
        assert_int_equal(avrspi_session_sck(rig->session), 224999);
        rig_unplug(rig);
    }
}

/* All but Programming Enable. */
static void spoil_work(void *user, const uint8_t out[4], uint8_t in[4])
{
    if (out[0] != 0xAC)
        spoil_some_echoes(user, out, in);
}

/* The width that it was found with is kept: no other try at 20 ms. */
static void resync_with_a_reset_that_falls_slowly(void **state)
{
    struct rig *rig = *state;
    unsigned warnings = 0, spoiled = 4;
    uint8_t data[16];

    rig->config.event = count_slow_resets;
    rig->config.user = &warnings;
    rig_start(rig, "atmega328p,reset_fall_ms=100");
    wire_forget(rig->wire);
    rig->wire->tamper = spoil_work;
    rig->wire->user = &spoiled;
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, data, sizeof data));
    assert_true(avrspi_session_retries(rig->session) > 0);
    assert_int_equal(wire_count2(rig->wire, 0xAC, 0x53), avrspi_session_retries(rig->session));
    rig_restart(rig, "atmega328p,reset_fall_ms=100");
    wire_forget(rig->wire);
    rig_assert_ok(rig, work_raise_clock(rig->session, NULL, &rig->error));
    rig_assert_ok(rig, avrspi_session_restore_clock(rig->session, &rig->error));
    assert_int_equal(wire_count2(rig->wire, 0xAC, 0x53), 2);
    assert_int_equal(avrspi_session_retries(rig->session), 0);
    assert_int_equal(warnings, 2);
}

static void open_of_a_slow_chip_with_a_reset_that_falls_slowly(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE4, 0xD9, 0xFF, 0xFF});
    rig_plug(rig, "atmega328p,fcpu=32768,reset_fall_ms=50");
    rig_assert_ok(rig, rig_open(rig));
    assert_int_equal(avrspi_session_sck(rig->session), 4000);
}

/* --- what ends it */

static void open_when_interrupted_while_it_looks_for_the_cause(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "atmega328p,fault=no-power");
    rig_interrupt_at(rig, 4 * 3 + 1);
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_INTERRUPTED, "interrupted", "");
    assert_int_equal(rig->wire->n_sent, 4 * 3 + 1);
}

static void open_when_interrupted(void **state)
{
    struct rig *rig = *state;

    rig->interrupt = 1;
    rig_plug(rig, "atmega328p");
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_INTERRUPTED, "interrupted", "");
    assert_null(rig->session);
    assert_int_equal(rig->wire->n_sent, 0);
}

static void open_with_a_broken_link(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "atmega328p");
    rig->wire->broken_transfer = 1;
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_DEVICE, "the wire broke", "");
    rig->wire->broken_speed = 1;
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_DEVICE, "the wire broke", "");
    for (unsigned n = 1; n <= 2; n++) { /* high, low */
        rig->wire->broken_reset = n;
        rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_DEVICE, "the wire broke", "");
    }
    rig_assert_ok(rig, rig_open(rig));
}

static void open_of_a_port_without_room_for_an_instruction(void **state)
{
    struct rig *rig = *state;

    rig_plug_limited(rig, "atmega328p", 3);
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_DEVICE, "4 bytes in a transfer, found 3", "");
    assert_int_equal(rig->wire->n_sent, 0);
}

static void close_of_nothing(void **state)
{
    struct rig *rig = *state;

    (void)avrspi_session_close(NULL, NULL);
    rig_plug(rig, "atmega328p");
    assert_int_equal(avrspi_link_counts(rig->link).transfers, 0);
}

static void close_lets_the_chip_run_and_open_again(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    for (int n = 0; n < 3; n++) {
        (void)avrspi_session_close(rig->session, NULL);
        rig->session = NULL;
        rig_assert_ok(rig, rig_identify(rig));
    }
    assert_string_equal(avrspi_session_chip(rig->session)->name, "ATmega328P");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(open_of_a_factory_fresh_chip_is_done_at_100_khz),
        RIG_TEST(open_waits_20_ms_after_reset_went_low),
        RIG_TEST(open_of_a_128_khz_chip_falls_to_20_khz),
        RIG_TEST(open_of_a_watch_crystal_falls_to_4_khz),
        RIG_TEST(open_of_128_khz_divided_by_8_falls_to_1_khz),
        RIG_TEST(open_with_a_speed_below_that_of_entry_begins_with_it),
        RIG_TEST(open_with_a_high_speed_still_enters_slowly),
        RIG_TEST(open_without_an_echo_pulses_reset_and_tries_again),
        RIG_TEST(open_without_any_answer_sends_nothing_but_programming_enable),
        RIG_TEST(open_of_a_chip_without_echo_needs_its_name),
        RIG_TEST(open_when_interrupted),
        RIG_TEST(open_with_a_broken_link),
        RIG_TEST(open_of_a_port_without_room_for_an_instruction),
        RIG_TEST(close_of_nothing),
        RIG_TEST(close_lets_the_chip_run_and_open_again),
        RIG_TEST(open_with_a_reset_that_falls_slowly),
        RIG_TEST(resync_with_a_reset_that_falls_slowly),
        RIG_TEST(open_of_a_slow_chip_with_a_reset_that_falls_slowly),
        RIG_TEST(open_when_interrupted_while_it_looks_for_the_cause),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
