/* SPDX-License-Identifier: MIT */
/* SCK from what is known about the CPU clock. */
#include "rig.h"

#include "isp/isp.h"

static void sck_of_a_factory_fresh_chip(void **state)
{
    struct rig *rig = *state;
    struct avrspi_clock clock;

    rig_start(rig, "atmega328p");
    clock = avrspi_session_clock(rig->session);
    assert_int_equal(clock.source, AVRSPI_CLOCK_INTERNAL);
    assert_int_equal(clock.min_hz, 1000000);
    assert_int_equal(avrspi_session_sck(rig->session), 224999);
}

static void sck_of_an_undivided_internal_oscillator(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE2, 0xD9, 0xFF, 0xFF});
    rig_start(rig, "atmega328p");
    assert_int_equal(avrspi_session_sck(rig->session), 1799999);
}

static void sck_of_a_16_mhz_crystal_that_is_not_told(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xFF, 0xD9, 0xFF, 0xFF});
    rig_start(rig, "atmega328p,fcpu=16M");
    assert_int_equal(avrspi_session_clock(rig->session).source, AVRSPI_CLOCK_CRYSTAL);
    assert_int_equal(avrspi_session_sck(rig->session), 1999999); /* 8 to 20 MHz */
}

static void sck_of_a_16_mhz_crystal_that_is_told(void **state)
{
    struct rig *rig = *state;

    rig->config.fcpu_hz = 16000000;
    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xFF, 0xD9, 0xFF, 0xFF});
    rig_start(rig, "atmega328p,fcpu=16M");
    assert_int_equal(avrspi_session_sck(rig->session), 2666666);
}

static void sck_of_a_crystal_that_is_divided(void **state)
{
    struct rig *rig = *state;

    rig->config.fcpu_hz = 16000000;
    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0x7F, 0xD9, 0xFF, 0xFF});
    rig_start(rig, "atmega328p,fcpu=16M");
    assert_int_equal(avrspi_session_sck(rig->session), 499999);
}

static void sck_of_an_external_clock_that_is_not_told_stays_that_of_entry(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE0, 0xD9, 0xFF, 0xFF});
    rig_start(rig, "atmega328p,fcpu=1M");
    assert_int_equal(avrspi_session_clock(rig->session).source, AVRSPI_CLOCK_EXTERNAL);
    assert_int_equal(avrspi_session_sck(rig->session), 100000);
}

static void sck_of_an_external_clock_that_is_told(void **state)
{
    struct rig *rig = *state;

    rig->config.fcpu_hz = 1000000;
    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE0, 0xD9, 0xFF, 0xFF});
    rig_start(rig, "atmega328p,fcpu=1M");
    assert_int_equal(avrspi_session_sck(rig->session), 249999);
}

/* No fuse tells the clock of a battery monitor; its chip file has a limit. */
static void sck_of_a_chip_file_where_the_clock_is_not_known(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega16hva");
    assert_int_equal(avrspi_session_clock(rig->session).source, AVRSPI_CLOCK_UNKNOWN);
    assert_int_equal(avrspi_session_sck(rig->session), 225000);
    rig_unplug(rig);
    rig_start(rig, "atmega16hva,fcpu=64k"); /* not as the chip file has it */
    assert_int_equal(avrspi_session_sck(rig->session), 4000);
}

/* What is at the pins does not matter to a chip that runs from its own oscillator. */
static void sck_of_an_internal_oscillator_whatever_is_told(void **state)
{
    struct rig *rig = *state;

    rig->config.fcpu_hz = 16000000;
    rig_start(rig, "atmega328p");
    assert_int_equal(avrspi_session_sck(rig->session), 224999);
}

static void sck_of_a_chip_whose_fuses_can_t_be_read(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "at90s2313");
    assert_int_equal(avrspi_session_clock(rig->session).source, AVRSPI_CLOCK_UNKNOWN);
    assert_int_equal(avrspi_session_sck(rig->session), 100000);
    rig_unplug(rig);
    rig->config.fcpu_hz = 4000000;
    rig_start(rig, "at90s2313");
    assert_int_equal(avrspi_session_clock(rig->session).source, AVRSPI_CLOCK_EXTERNAL);
    assert_int_equal(avrspi_session_sck(rig->session), 999999);
}

static void sck_that_the_user_wants(void **state)
{
    struct rig *rig = *state;

    rig->config.sck_hz = 125000;
    rig_start(rig, "atmega328p");
    assert_int_equal(avrspi_session_sck(rig->session), 125000);
}

static void sck_that_the_user_wants_holds_from_the_signature_on(void **state)
{
    struct rig *rig = *state;
    uint8_t signature[3];

    rig->config.sck_hz = 200000;
    rig_plug(rig, "atmega328p");
    rig_assert_ok(rig, rig_open(rig));
    assert_int_equal(avrspi_session_sck(rig->session), 100000);
    rig_assert_ok(rig, avrspi_session_signature(rig->session, signature, &rig->error));
    assert_int_equal(avrspi_session_sck(rig->session), 200000);
}

static void sck_that_the_link_can_t_set(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "atmega328p");
    rig->wire->broken_speed = 2; /* after that of entry */
    rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_DEVICE, "the wire broke", "");
}

/* The fuses allow 225 kHz; what the user names is taken as it is. */
static void sck_of_a_controller_that_is_faster_than_it_says(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "atmega328p");
    rig_assert_ok(rig, rig_open(rig));
    rig->session->sck_factor = 1.5;
    rig_assert_ok(rig, avrspi_session_identify(rig->session, &rig->error));
    assert_int_equal(avrspi_session_sck(rig->session), 149999);
    rig_unplug(rig);

    rig->config.sck_hz = 200000;
    rig_plug(rig, "atmega328p");
    rig_assert_ok(rig, rig_open(rig));
    rig->session->sck_factor = 1.5;
    rig_assert_ok(rig, avrspi_session_identify(rig->session, &rig->error));
    assert_int_equal(avrspi_session_sck(rig->session), 200000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(sck_of_a_factory_fresh_chip),
        RIG_TEST(sck_of_an_undivided_internal_oscillator),
        RIG_TEST(sck_of_a_16_mhz_crystal_that_is_not_told),
        RIG_TEST(sck_of_a_16_mhz_crystal_that_is_told),
        RIG_TEST(sck_of_a_crystal_that_is_divided),
        RIG_TEST(sck_of_an_external_clock_that_is_not_told_stays_that_of_entry),
        RIG_TEST(sck_of_an_external_clock_that_is_told),
        RIG_TEST(sck_of_a_chip_file_where_the_clock_is_not_known),
        RIG_TEST(sck_of_an_internal_oscillator_whatever_is_told),
        RIG_TEST(sck_of_a_chip_whose_fuses_can_t_be_read),
        RIG_TEST(sck_that_the_user_wants),
        RIG_TEST(sck_that_the_user_wants_holds_from_the_signature_on),
        RIG_TEST(sck_that_the_link_can_t_set),
        RIG_TEST(sck_of_a_controller_that_is_faster_than_it_says),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
