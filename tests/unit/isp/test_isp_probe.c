/* SPDX-License-Identifier: MIT */
/* Trials of the clock: when there are any, what they find, and what they gain. */
#include "rig.h"

#include "isp/isp.h"
#include "sim/sim_state.h"

enum {
    FULL_SWING = 0xF7, /* ATmega328P */
    KIB = 1024,
};

/* What the event said, and how often it came. */
struct found {
    unsigned events;
    uint32_t clock_hz, echo_hz, sck_hz;
    unsigned count;
};

static int on_event(void *user, const struct avrspi_event *event)
{
    struct found *found = user;

    if (event->kind == AVRSPI_EVENT_CLOCK) {
        found->events++;
        found->clock_hz = event->clock_hz;
        found->echo_hz = event->echo_hz;
        found->sck_hz = event->sck_hz;
        found->count = event->count;
    }
    return 0;
}

static void fuse(struct rig *rig, const char *name, uint8_t low, uint8_t high)
{
    struct avrspi_sim_silicon *chip = rig_new_chip(rig, name);

    chip->fuse[AVRSPI_FUSE_LOW] = low;
    if (high)
        chip->fuse[AVRSPI_FUSE_HIGH] = high;
    rig_save(rig, name);
}

/* Flashes so many bytes, and returns the time of the session. */
static uint64_t flash(struct rig *rig, const char *words, size_t size, struct found *found)
{
    static uint8_t data[128 * KIB];
    uint64_t ns;

    *found = (struct found){0};
    rig->config.event = on_event;
    rig->config.user = found;
    rig_start(rig, words);
    rig_assert_ok(rig, rig_flash(rig, rig_filled_image(rig, data, size, 1), RIG_WRITE));
    ns = avrspi_session_timing(rig->session).total_ns;
    return ns;
}

/* --- what trials gain: times in the simulation are exact */

struct board {
    const char *chip;
    uint8_t low, high;
    uint32_t mhz;
    size_t size;
    uint32_t percent[3]; /* of the time with --fcpu, by how far the chip follows */
};

/* The ATmega8 that follows to f/3 misses 125 % by the 25 ms of the first speed, with 8 KiB. */
static const struct board boards[] = {
    {"atmega328p", FULL_SWING, 0, 16, 32 * KIB, {112, 125, 150}},
    {"atmega328p", FULL_SWING, 0, 20, 32 * KIB, {125, 140, 160}},
    {"atmega328p", FULL_SWING, 0, 12, 32 * KIB, {112, 125, 0}},
    {"atmega328p", FULL_SWING, 0, 8, 32 * KIB, {112, 135, 0}},
    {"atmega328p", 0xE0, 0, 16, 32 * KIB, {112, 125, 150}}, /* a clock signal */
    {"atmega8", 0xEF, 0xC9, 8, 8 * KIB, {112, 127, 150}},
    {"atmega8", 0xEF, 0xC9, 16, 8 * KIB, {130, 130, 150}},
    {"atmega8", 0xEF, 0xC9, 12, 8 * KIB, {125, 125, 150}},
    {"atmega32", 0xEF, 0xC9, 16, 32 * KIB, {112, 125, 150}},
};

static void boards_are_nearly_as_fast_as_with_a_clock_that_is_told(void **state)
{
    static const char *const sync[] = {"2.2", "3", "limit"};
    struct rig *rig = *state;
    struct found found;
    char words[64];

    for (size_t n = 0; n < LENGTH(boards); n++) {
        const struct board *board = &boards[n];
        uint64_t told;

        fuse(rig, board->chip, board->low, board->high);
        (void)snprintf(words, sizeof words, "%s,fcpu=%uM", board->chip, (unsigned)board->mhz);
        rig->config.fcpu_hz = board->mhz * 1000000;
        told = flash(rig, words, board->size, &found);
        assert_int_equal(found.events, 0);
        rig_unplug(rig);
        rig->config.fcpu_hz = 0;
        for (int s = 0; s < 3; s++) {
            uint64_t took;

            (void)snprintf(words, sizeof words, "%s,fcpu=%uM,sync=%s", board->chip,
                           (unsigned)board->mhz, sync[s]);
            took = flash(rig, words, board->size, &found);
            assert_int_equal(found.events, 1);
            assert_true(found.clock_hz <= board->mhz * 1000000);
            rig_unplug(rig); /* without a violation */
            if (board->percent[s] && took * 100 > told * board->percent[s])
                fail_msg("%s: %.3f s, %.3f s with a clock that is told", words, (double)took / 1e9,
                         (double)told / 1e9);
            for (; rig->n_images > 0; rig->n_images--)
                avrspi_image_free(rig->images[rig->n_images - 1]);
        }
    }
}

/* --- what is found */

static void proof_is_twice_the_sck_that_was_echoed(void **state)
{
    struct rig *rig = *state;
    struct found found;

    fuse(rig, "atmega328p", FULL_SWING, 0);
    (void)flash(rig, "atmega328p,fcpu=16M,sync=2.2", 32 * KIB, &found);
    assert_int_equal(found.echo_hz, 7200000);
    assert_int_equal(found.clock_hz, 14400000);
    assert_int_equal(found.sck_hz, 2399999); /* below a sixth from 12 MHz on */
    assert_int_equal(found.count, 1);
    assert_int_equal(avrspi_session_sck(rig->session), 2399999);
    assert_int_equal(avrspi_session_clock(rig->session).min_hz, 14400000);
    assert_int_equal(avrspi_session_clock(rig->session).max_hz, 20000000);
    assert_int_equal(avrspi_session_retries(rig->session), 0);
}

/* No more than the fuses allow: resonators from 400 to 900 kHz. */
static void proof_of_a_slow_range(void **state)
{
    struct rig *rig = *state;
    struct found found;

    fuse(rig, "atmega328p", 0xF8, 0);
    (void)flash(rig, "atmega328p,fcpu=900k,sync=2.2", 8 * KIB, &found);
    assert_int_equal(found.echo_hz, 405000);
    assert_int_equal(found.sck_hz, 202499);
}

/* 1 MHz: no speed that is tried is low enough, and the job is done as without trials. */
static void no_echo_leaves_sck_as_it_is(void **state)
{
    struct rig *rig = *state;
    struct found found;

    fuse(rig, "atmega328p", FULL_SWING, 0);
    (void)flash(rig, "atmega328p,fcpu=1M,sync=2.2", 8 * KIB, &found);
    assert_int_equal(found.events, 1);
    assert_int_equal(found.clock_hz, 0);
    assert_int_equal(found.count, 3);
    assert_int_equal(found.sck_hz, 99999);
}

/* The work's SCK is checked before anything is written: a wrong signature sends it back. */
static void spoil_signature(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct rig *rig = user;

    if (out[0] == 0x30 && avrspi_link_speed(rig->link) > 1000000)
        in[3] ^= 0x04;
}

static void wrong_signature_at_the_new_sck_falls_back(void **state)
{
    struct rig *rig = *state;
    struct found found = {0};
    uint8_t data[2 * KIB];
    struct avrspi_image *image = rig_filled_image(rig, data, sizeof data, 1);

    fuse(rig, "atmega328p", FULL_SWING, 0);
    rig->config.event = on_event;
    rig->config.user = &found;
    rig_plug(rig, "atmega328p,fcpu=16M,sync=2.2");
    rig->wire->tamper = spoil_signature;
    rig->wire->user = rig;
    rig_assert_ok(rig, rig_identify(rig));
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    assert_int_equal(found.clock_hz, 0);
    assert_int_equal(found.sck_hz, 99999);
    assert_int_equal(avrspi_session_clock(rig->session).min_hz, 400000);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

/* One echo may come by chance. */
static void spoil_second_echo(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct rig *rig = user;

    if (out[0] == 0xAC && out[1] == 0x53 && avrspi_link_speed(rig->link) > 7000000 &&
        ++rig->interrupt_countdown == 2)
        in[2] ^= 0x01;
}

static void one_echo_of_two_proves_nothing(void **state)
{
    struct rig *rig = *state;
    struct found found = {0};
    static uint8_t data[32 * KIB];
    struct avrspi_image *image = rig_filled_image(rig, data, sizeof data, 1);

    fuse(rig, "atmega328p", FULL_SWING, 0);
    rig->config.event = on_event;
    rig->config.user = &found;
    rig_plug(rig, "atmega328p,fcpu=16M,sync=2.2");
    rig->wire->tamper = spoil_second_echo;
    rig->wire->user = rig;
    rig_assert_ok(rig, rig_identify(rig));
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    assert_int_equal(rig->interrupt_countdown, 2);
    assert_int_equal(found.echo_hz, 3600000);
    assert_int_equal(found.count, 2);
}

/* A controller that makes 0.4 of what was asked proves 0.4 of it, and makes the whole later. */
static void proof_is_of_the_sck_that_was_made(void **state)
{
    struct rig *rig = *state;
    struct found found;

    fuse(rig, "atmega328p", FULL_SWING, 0);
    (void)flash(rig, "atmega328p,fcpu=8M,sync=2.2,idle_ms=300", 32 * KIB, &found);
    assert_int_equal(found.count, 1);
    assert_in_range(found.echo_hz, 2870000, 2882000);
    assert_in_range(found.sck_hz, 1435000, 1441000);
}

/* A fuse that selects another clock takes the proof away. */
static void proof_goes_with_its_fuses(void **state)
{
    struct rig *rig = *state;
    struct found found;

    fuse(rig, "atmega328p", FULL_SWING, 0);
    (void)flash(rig, "atmega328p,fcpu=16M,sync=2.2", 32 * KIB, &found);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xFD));
    assert_int_equal(avrspi_session_clock(rig->session).min_hz, 3000000);
}

/* Such a chip stays enabled, and works at the SCK that its clock is known to allow. */
static void no_trials_where_reset_is_held_low(void **state)
{
    struct rig *rig = *state;
    struct found found;

    fuse(rig, "atmega328p", FULL_SWING, 0);
    (void)flash(rig, "atmega328p,fcpu=16M,sync=2.2,fault=reset-low", 32 * KIB, &found);
    assert_int_equal(found.count, 0);
    assert_int_equal(avrspi_session_retries(rig->session), 0);
}

/* --- the rules of src/isp/probe.c, each alone */

static void assert_no_trials(struct rig *rig, const char *words)
{
    struct found found;

    (void)flash(rig, words, 4 * KIB, &found);
    assert_int_equal(found.events, 0);
    rig_unplug(rig);
}

static void no_trials_where_they_are_forbidden(void **state)
{
    struct rig *rig = *state;

    fuse(rig, "atmega328p", FULL_SWING, 0);
    rig->config.no_probe = true;
    assert_no_trials(rig, "atmega328p,fcpu=16M,sync=2.2");
}

static void no_trials_where_sck_or_clock_is_told(void **state)
{
    struct rig *rig = *state;

    fuse(rig, "atmega328p", FULL_SWING, 0);
    rig->config.sck_hz = 100000;
    assert_no_trials(rig, "atmega328p,fcpu=16M,sync=2.2");
    rig->config.sck_hz = 0;
    rig->config.fcpu_hz = 1000000;
    assert_no_trials(rig, "atmega328p,fcpu=16M,sync=2.2");
}

/* CKDIV8 is programmed, and the program has set the divider to 1: before Programming Enable the
 * chip is eight times faster than after it. */
static void no_trials_with_a_divided_clock(void **state)
{
    struct rig *rig = *state;

    fuse(rig, "atmega328p", FULL_SWING & 0x7F, 0);
    assert_no_trials(rig, "atmega328p,fcpu=16M,sync=2.2,clkpr=1");
}

/* The program has set the divider to 256: its chip hears 20 kHz, not 100 kHz. */
static void no_trials_where_entry_took_more_than_one_try(void **state)
{
    struct rig *rig = *state;

    fuse(rig, "atmega328p", FULL_SWING, 0);
    assert_no_trials(rig, "atmega328p,fcpu=16M,sync=2.2,clkpr=256");
}

static void no_trials_of_a_clock_that_the_fuses_tell(void **state)
{
    struct rig *rig = *state;

    fuse(rig, "atmega328p", 0xE2, 0);
    assert_no_trials(rig, "atmega328p,sync=2.2");
    fuse(rig, "atmega328p", 0xE5, 0); /* watch crystal */
    assert_no_trials(rig, "atmega328p,fcpu=32768,sync=2.2");
}

static void no_trials_where_a_program_may_switch_the_clock(void **state)
{
    static const char *const names[] = {"attiny87",  "attiny167",  "attiny441",  "attiny841",
                                        "attiny828", "attiny1634", "atmega16u4", "atmega32u4"};
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(names); n++) {
        const struct avrspi_chip *chip = rig_chip(names[n]);
        char words[64];

        assert_true(chip->switches_clock);
        /* an external clock, not divided */
        fuse(rig, names[n], strncmp(names[n], "attiny828", 9) == 0 ? 0xEC : 0xE0, 0);
        rig->config.chip = chip;
        (void)snprintf(words, sizeof words, "%s,fcpu=8M,sync=2.2", names[n]);
        assert_no_trials(rig, words);
    }
}

static void no_trials_without_an_echo(void **state)
{
    struct rig *rig = *state;

    (void)rig_new_chip(rig, "at90s1200");
    rig_save(rig, "at90s1200");
    rig->config.chip = rig_chip("at90s1200");
    rig_start(rig, "at90s1200,fcpu=12M,sync=2.2");
    assert_int_equal(avrspi_isp_probe_hz(rig->session, 100000), 0);
}

/* No transfer of this port is long enough to tell SCK. */
static void no_trials_without_a_measurement(void **state)
{
    struct rig *rig = *state;
    struct found found;

    fuse(rig, "atmega328p", FULL_SWING, 0);
    (void)flash(rig, "atmega328p,fcpu=16M,sync=2.2,bufsiz=256", 4 * KIB, &found);
    assert_int_equal(found.events, 0);
    assert_int_equal(avrspi_session_sck(rig->session), 99999);
}

static void no_trials_for_a_short_job(void **state)
{
    struct rig *rig = *state;
    struct found found;

    fuse(rig, "atmega328p", FULL_SWING, 0);
    (void)flash(rig, "atmega328p,fcpu=16M,sync=2.2", 256, &found);
    assert_int_equal(found.events, 0);
}

/* A chip of one's own, of which nobody says that it has no divider: an eighth of what was proven.
 */
static void unknown_divider_counts_as_eight(void **state)
{
    struct rig *rig = *state;
    struct found found;

    rig_add_chips("[Own1]\nsignature = 1E FE 01\nflash_size = 32768\nflash_page = 128\n"
                  "fuse_masks = FF FF 07 3F\nrdy_bsy = yes\n");
    assert_true(rig_chip("Own1")->divider_unknown);
    assert_false(rig_chip("atmega8")->divider_unknown);
    assert_false(rig_chip("at90s2313")->divider_unknown);
    (void)rig_new_chip(rig, "Own1");
    rig_save(rig, "Own1");
    (void)flash(rig, "Own1,fcpu=16M,sync=2.2", 32 * KIB, &found);
    assert_int_equal(found.echo_hz, 7200000);
    assert_int_equal(found.clock_hz, 1800000);
    assert_int_equal(found.sck_hz, 449999);
}

/* --- what goes over the wire */

/* Nothing but Programming Enable is sent too fast, one after each pulse on RESET: the simulation
 * counts all else. */
static void dry_run_makes_the_same_trials_and_writes_nothing(void **state)
{
    struct rig *rig = *state;
    struct found found = {0};
    uint8_t data[8 * KIB];
    const struct avrspi_request request = {
        .flash = rig_filled_image(rig, data, sizeof data, 1), .erase = true, .verify = true};
    struct avrspi_plan *plan;
    uint64_t forecast, took;

    fuse(rig, "atmega328p", FULL_SWING, 0);
    rig->config.event = on_event;
    rig->config.user = &found;
    rig_start(rig, "atmega328p,fcpu=16M,sync=3");
    rig_assert_ok(rig, avrspi_job_plan(rig->session, &request, &plan, &rig->error));
    forecast = avrspi_plan_at_most_ns(plan);
    assert_int_equal(avrspi_plan_step(plan, 0)->sck_hz, found.sck_hz);
    avrspi_plan_free(plan);
    assert_int_equal(found.events, 1);
    assert_int_equal(wire_count(rig->wire, 0xAC) + wire_count(rig->wire, 0x4C), 0);
    rig_unplug(rig);
    took = flash(rig, "atmega328p,fcpu=16M,sync=3", sizeof data, &found);
    assert_in_range(took, forecast - forecast * 3 / 100, forecast);
}

static void interrupt_within_trials_ends_them(void **state)
{
    struct rig *rig = *state;
    uint8_t data[8 * KIB];
    struct avrspi_image *image = rig_filled_image(rig, data, sizeof data, 1);

    fuse(rig, "atmega328p", FULL_SWING, 0);
    rig_start(rig, "atmega328p,fcpu=16M,sync=3");
    rig->interrupt = 1;
    rig_assert_error(rig, rig_flash(rig, image, RIG_WRITE), AVRSPI_ERR_INTERRUPTED, "interrupted",
                     "");
    rig->interrupt = 0;
    rig_assert_ok(rig, avrspi_session_read_fuses(rig->session, &rig->error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(boards_are_nearly_as_fast_as_with_a_clock_that_is_told),
        RIG_TEST(proof_is_twice_the_sck_that_was_echoed),
        RIG_TEST(proof_of_a_slow_range),
        RIG_TEST(no_echo_leaves_sck_as_it_is),
        RIG_TEST(wrong_signature_at_the_new_sck_falls_back),
        RIG_TEST(one_echo_of_two_proves_nothing),
        RIG_TEST(proof_is_of_the_sck_that_was_made),
        RIG_TEST(proof_goes_with_its_fuses),
        RIG_TEST(no_trials_where_reset_is_held_low),
        RIG_TEST(no_trials_where_they_are_forbidden),
        RIG_TEST(no_trials_where_sck_or_clock_is_told),
        RIG_TEST(no_trials_with_a_divided_clock),
        RIG_TEST(no_trials_where_entry_took_more_than_one_try),
        RIG_TEST(no_trials_of_a_clock_that_the_fuses_tell),
        RIG_TEST(no_trials_where_a_program_may_switch_the_clock),
        RIG_TEST(no_trials_without_an_echo),
        RIG_TEST(no_trials_without_a_measurement),
        RIG_TEST(no_trials_for_a_short_job),
        RIG_TEST(unknown_divider_counts_as_eight),
        RIG_TEST(dry_run_makes_the_same_trials_and_writes_nothing),
        RIG_TEST(interrupt_within_trials_ends_them),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
