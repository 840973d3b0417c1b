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
    assert_int_equal(rig->wire->n_sent, 4 * 3);
    assert_only_programming_enable(rig->wire);
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

/* --- what ends it */

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

/* --- diagnosis: what the answers to Programming Enable look like */

static void answer(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)out;
    memcpy(in, user, 4);
}

static void diagnose(struct rig *rig, const uint8_t bytes[4], const char *message, const char *hint)
{
    uint8_t copy[4];

    memcpy(copy, bytes, 4);
    rig->wire->tamper = answer;
    rig->wire->user = copy;
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, message, hint);
    if (!strstr(rig->error.message, "no answer from a target on sim:atmega328p,state="))
        fail_msg("'%s' does not name the port", rig->error.message);
}

static void diagnose_each_sign(void **state)
{
    static const struct {
        uint8_t bytes[4];
        const char *message, *hint;
    } rows[] = {
        {{0xFF, 0xFF, 0xFF, 0xFF}, "MISO reads all ones", "is the chip powered"},
        {{0x00, 0x00, 0x00, 0x00}, "MISO reads all zeros", "MISO pin wired to MISO"},
        {{0xAC, 0x53, 0x00, 0x00}, "MISO shows what MOSI sends", "the two touch each other"},
        {{0xFF, 0xFE, 0xB1, 0x4C}, "the echo of Programming Enable is shifted", "100 ohm"},
        {{0xFF, 0x56, 0x29, 0x80}, "the echo of Programming Enable is shifted", "100 ohm"},
        {{0x12, 0x34, 0x56, 0x78}, "MISO shows no echo of Programming Enable", "check SCK"},
        {{0xFF, 0xFF, 0xFF, 0x00}, "MISO shows no echo of Programming Enable", "crystal"},
    };
    struct rig *rig = *state;

    rig_plug(rig, "atmega328p");
    for (size_t n = 0; n < LENGTH(rows); n++)
        diagnose(rig, rows[n].bytes, rows[n].message, rows[n].hint);
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
        RIG_TEST(diagnose_each_sign),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
