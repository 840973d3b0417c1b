/* SPDX-License-Identifier: MIT */
/* A target that misses a pulse of SCK, or counts one twice: it is out of step by a bit. */
#include "rig.h"

#include "isp/isp.h"

enum {
    READ_SIGNATURE = 0x30,
};

/* --- what a slip would write */

/* The instruction at 'place' of what was sent, as a target takes it that has missed the last pulse
 * of its first byte. */
static void arrived_early(const struct wire *wire, size_t place, uint8_t arrived[4])
{
    const uint8_t *bytes = wire->sent[place];

    for (size_t n = 0; n < 4; n++)
        arrived[n] = (uint8_t)(bytes[n] << 1 | bytes[n + 1] >> 7);
    arrived[0] = bytes[0];
}

static void enable_that_slips(struct rig *rig, const char *chip, const uint8_t fuses[AVRSPI_FUSES],
                              enum avrspi_fuse fuse)
{
    uint8_t arrived[4];
    size_t place = 0;

    rig_new_fused(rig, chip, fuses);
    rig_start(rig, chip);
    wire_forget(rig->wire);
    rig_assert_ok(rig, avrspi_isp_learn_echo(rig->session, &rig->error));
    while (rig->wire->sent[place][1] != 0x53)
        place++;
    assert_true(place + 1 < rig->wire->n_sent);
    arrived_early(rig->wire, place, arrived);
    assert_int_equal(arrived[1], 0xA6);
    assert_int_equal(arrived[3], fuses[fuse]);
}

static void programming_enable_that_slips_writes_a_fuse_as_it_is(void **state)
{
    struct rig *rig = *state;

    enable_that_slips(rig, "atmega328p", (const uint8_t[]){0x62, 0xD9, 0xFD, 0xFF},
                      AVRSPI_FUSE_EXT);
    rig_unplug(rig);
    enable_that_slips(rig, "atmega328p", (const uint8_t[]){0x62, 0xD9, 0xFC, 0xFF},
                      AVRSPI_FUSE_EXT);
    rig_unplug(rig);
    enable_that_slips(rig, "attiny13a", (const uint8_t[]){0x79, 0xFF, 0xFF, 0xFF}, AVRSPI_FUSE_LOW);
}

/* --- finding it */

/* An ATmega328P that is identified, and to which that happens with the next pulses. */
static void start_out_of_step(struct rig *rig, const char *fault)
{
    char words[96];
    size_t pulses;

    rig_start(rig, "atmega328p");
    pulses = rig->wire->n_sent * 32;
    rig_unplug(rig);
    (void)snprintf(words, sizeof words, fault, (unsigned)pulses, (unsigned)pulses + 1);
    rig_start(rig, words);
    assert_int_equal(rig->wire->n_sent * 32, pulses);
    assert_int_equal(avrspi_isp_check_presence(rig->session, &rig->error), AVRSPI_ERR_NO_TARGET);
}

static void find_slip_after_a_lost_pulse(void **state)
{
    struct rig *rig = *state;

    start_out_of_step(rig, "atmega328p,fault=lost:%u");
    assert_true(rig->session->mirrored);
    assert_true(avrspi_isp_find_slip(rig->session));
    assert_int_equal(rig->session->slip, 1);
    rig_assert_ok(rig, avrspi_session_read_fuses(rig->session, &rig->error));
    assert_int_equal(avrspi_session_retries(rig->session), 0);
}

static void find_slip_after_a_pulse_that_was_counted_twice(void **state)
{
    struct rig *rig = *state;

    start_out_of_step(rig, "atmega328p,fault=extra:%u");
    assert_true(rig->session->mirrored);
    assert_true(avrspi_isp_find_slip(rig->session));
    assert_int_equal(rig->session->slip, 31);
    rig_assert_ok(rig, avrspi_session_read_fuses(rig->session, &rig->error));
    assert_int_equal(avrspi_session_retries(rig->session), 0);
}

static void find_slip_after_two_lost_pulses(void **state)
{
    struct rig *rig = *state;

    start_out_of_step(rig, "atmega328p,fault=lost:%u,fault=lost:%u");
    assert_false(avrspi_isp_find_slip(rig->session));
    assert_int_equal(rig->session->slip, 0);
}

/* --- a chip that echoes the second byte only */

static void slip_of_a_chip_that_echoes_less_is_seen(void **state)
{
    static const char *const words[] = {"atmega328p,echo=promised,fault=lost:%u",
                                        "atmega328p,echo=promised,fault=extra:%u"};
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(words); n++) {
        start_out_of_step(rig, words[n]);
        (void)avrspi_isp_check_presence(rig->session, NULL);
        assert_false(rig->session->mirrored);
        assert_true(avrspi_isp_shows_slip(rig->session));
        assert_true(avrspi_isp_find_slip(rig->session));
        rig_unplug(rig);
    }
}

/* A single bit of the echo that is wrong, and MISO at one level. */
static void disturb_echo(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    (void)out;
    in[2] ^= 0x80;
}

static void stick_low(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    (void)out;
    memset(in, 0x00, 4);
}

static void stick_high(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    (void)out;
    memset(in, 0xFF, 4);
}

static void no_slip_of_a_chip_that_echoes_less_is_seen(void **state)
{
    static void (*const tampers[])(void *, const uint8_t[4], uint8_t[4]) = {disturb_echo, stick_low,
                                                                            stick_high};
    struct rig *rig = *state;

    rig_start(rig, "atmega328p,echo=promised");
    for (size_t n = 0; n < LENGTH(tampers); n++) {
        rig->wire->tamper = tampers[n];
        assert_int_equal(avrspi_isp_check_presence(rig->session, NULL), AVRSPI_ERR_NO_TARGET);
        assert_false(avrspi_isp_shows_slip(rig->session));
    }
    rig->wire->tamper = NULL;
}

/* --- what a target that is out of step answers is no signature */

static void answer(void *user, const uint8_t out[4], uint8_t in[4])
{
    const uint8_t *byte = user;

    if (out[0] == READ_SIGNATURE)
        in[3] = *byte;
}

static void assert_absent(struct rig *rig, uint8_t byte, const char *message, bool mirrored)
{
    rig->wire->tamper = answer;
    rig->wire->user = &byte;
    rig_assert_error(rig, avrspi_isp_check_presence(rig->session, &rig->error),
                     AVRSPI_ERR_NO_TARGET, message, "");
    assert_int_equal(rig->session->mirrored, mirrored);
    rig->wire->tamper = NULL;
}

static void presence_check_that_shows_itself(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    assert_absent(rig, 0x55, "its signature reads 55 in place of 95", true);
}

/* 0x01 is a second signature byte of old chips that are locked, and of no other. */
static void presence_check_of_a_chip_that_hides_nothing(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    assert_absent(rig, 0x01, "its signature reads 01 in place of 95", false);
    rig_unplug(rig);
    (void)rig_new_chip(rig, "at90s2313");
    rig_save(rig, "at90s2313");
    rig_start(rig, "at90s2313");
    assert_absent(rig, 0x01, "its signature reads 01 in place of 91", false);
}

/* --- a chip that hides its signature behind 00 01 02 while its lock bits forbid reading */

static void presence_check_of_a_chip_that_locks_itself(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "at90s2313");
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOCK, 0xF9));
    wire_forget(rig->wire);
    rig_assert_ok(rig, avrspi_isp_check_presence(rig->session, &rig->error));
    assert_int_equal(rig->wire->n_sent, 1);
    assert_int_equal(avrspi_session_retries(rig->session), 0);
}

static void presence_check_of_a_chip_that_was_found_locked(void **state)
{
    struct rig *rig = *state;

    rig_new_chip(rig, "at90s2313")->fuse[AVRSPI_FUSE_LOCK] = 0xF9;
    rig_save(rig, "at90s2313");
    rig->config.chip = rig_chip("at90s2313");
    rig->config.force = true;
    rig_start(rig, "at90s2313");
    assert_int_equal(avrspi_session_signature_bytes(rig->session)[1], 0x01);
    rig_assert_ok(rig, avrspi_isp_check_presence(rig->session, &rig->error));
    rig_assert_ok(rig, avrspi_session_erase(rig->session, &rig->error)); /* it shows from now on */
    rig_assert_ok(rig, avrspi_isp_check_presence(rig->session, &rig->error));
    assert_int_equal(avrspi_session_retries(rig->session), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(programming_enable_that_slips_writes_a_fuse_as_it_is),
        RIG_TEST(find_slip_after_a_lost_pulse),
        RIG_TEST(find_slip_after_a_pulse_that_was_counted_twice),
        RIG_TEST(find_slip_after_two_lost_pulses),
        RIG_TEST(slip_of_a_chip_that_echoes_less_is_seen),
        RIG_TEST(no_slip_of_a_chip_that_echoes_less_is_seen),
        RIG_TEST(presence_check_that_shows_itself),
        RIG_TEST(presence_check_of_a_chip_that_hides_nothing),
        RIG_TEST(presence_check_of_a_chip_that_locks_itself),
        RIG_TEST(presence_check_of_a_chip_that_was_found_locked),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
