/* SPDX-License-Identifier: MIT */
/* Chips of one's own, from five facts: what is taken from built-in ones, what is found by asking.
 */
#include "rig.h"

enum {
    SIZE = 32768,
    PAGES = 256,
    POLL = 0xF0,
    WRITE_PAGE = 0x4C,
};

#define SECONDS(n) ((uint64_t)(n)*1000000000)

/* The simulated chip is an ATmega328P, also under a signature that no built-in chip has. */
static const char definitions[] =
    "[known]\nsignature = 1E 95 0F\nflash_size = 32768\nflash_page = 128\n"
    "fuse_masks = FF FF 07 3F\n"
    "[odd]\nsignature = 1E 95 AA\nflash_size = 32768\nflash_page = 128\n"
    "fuse_masks = FF FF 07 3F\n"
    "[odd-2M]\nsignature = 1E 95 AA\nflash_size = 32768\nflash_page = 128\n"
    "fuse_masks = FF FF 07 3F\nmax_sck = 2M\n"
    "[odd-500k]\nsignature = 1E 95 AA\nflash_size = 32768\nflash_page = 128\n"
    "fuse_masks = FF FF 07 3F\nmax_sck = 500k\n"
    "[odd-target]\nlike = ATmega328P\nsignature = 1E 95 AA\n";

static int open_chips(void **state)
{
    int result = rig_open_chips(state);

    if (result == 0)
        rig_add_chips(definitions);
    return result;
}

/* A chip with a crystal of 16 MHz, told to be 'name'; 'more' are words of the port. */
static void start_with(struct rig *rig, const char *name, const char *target, const char *more)
{
    char words[64];

    rig_new_fused(rig, target, (const uint8_t[]){0xFF, 0xD9, 0xFF, 0xFF});
    rig->config.chip = rig_chip(name);
    (void)snprintf(words, sizeof words, "%s,fcpu=16M%s", target, more);
    rig_start(rig, words);
}

static void start(struct rig *rig, const char *name, const char *target)
{
    start_with(rig, name, target, "");
}

/* Writes all of the flash, and verifies it; how long the session took. Never longer than the plan
 * has it. */
static uint64_t flash_all(struct rig *rig)
{
    static uint8_t data[SIZE];
    struct avrspi_request request = RIG_WRITE;
    struct avrspi_plan *plan;
    uint64_t at_most, took;

    request.flash = rig_filled_image(rig, data, sizeof data, 1);
    rig_assert_ok(rig, avrspi_job_plan(rig->session, &request, &plan, &rig->error));
    at_most = avrspi_plan_at_most_ns(plan);
    avrspi_plan_free(plan);
    took = avrspi_session_timing(rig->session).total_ns;
    wire_forget(rig->wire);
    rig_assert_ok(rig, avrspi_job_run(rig->session, &request, &rig->result, &rig->error));
    assert_true(rig->result.flash.verified);
    took = avrspi_session_timing(rig->session).total_ns - took;
    assert_true(took <= at_most);
    return took;
}

static void known_signature_is_as_fast_as_the_chip(void **state)
{
    struct rig *rig = *state;
    uint64_t took, built_in;

    start(rig, "known", "atmega328p");
    assert_int_equal(avrspi_session_sck(rig->session), 1999999);
    took = flash_all(rig);
    rig_unplug(rig);
    start(rig, "atmega328p", "atmega328p");
    built_in = flash_all(rig);
    assert_true(took < SECONDS(3));
    assert_true(took <= built_in);
}

static void unknown_signature_with_an_sck_of_the_file(void **state)
{
    struct rig *rig = *state;

    start(rig, "odd-2M", "odd-target");
    assert_int_equal(avrspi_session_sck(rig->session), 2000000);
    assert_true(flash_all(rig) < SECONDS(3));
    rig_unplug(rig);
    start(rig, "odd-500k", "odd-target"); /* a clock of 16 MHz that may be divided by 8 */
    assert_true(flash_all(rig) < SECONDS(8));
}

static void unknown_signature_stays_at_the_sck_of_entry(void **state)
{
    struct rig *rig = *state;

    rig->config.no_probe = true;
    start(rig, "odd", "odd-target");
    assert_int_equal(avrspi_session_sck(rig->session), 100000);
}

/* The clock is found by trials, and an eighth of it counts. A chip that follows no faster than its
 * datasheet promises proves 5.3 MHz: SCK is 166 kHz, and only a line 'max_sck' gives more. */
static void unknown_signature_with_trials(void **state)
{
    static const struct {
        const char *words;
        uint32_t least_sck, most_seconds;
    } rows[] = {{",sync=2.2", 440000, 7}, {",sync=3", 320000, 8}, {",sync=limit", 160000, 15}};
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        uint32_t sck;

        start_with(rig, "odd", "odd-target", rows[n].words);
        assert_true(flash_all(rig) < SECONDS(rows[n].most_seconds));
        sck = avrspi_session_sck(rig->session);
        assert_true(sck >= rows[n].least_sck && sck < 500000);
        rig_unplug(rig);
    }
}

/* How many polls were sent before the n-th page write. */
static size_t polls_before(const struct wire *wire, size_t page)
{
    size_t polls = 0, pages = 0;

    for (size_t n = 0; n < wire->n_sent && pages < page; n++) {
        polls += wire->sent[n][0] == POLL;
        pages += wire->sent[n][0] == WRITE_PAGE;
    }
    return polls;
}

/* Two polls at each end of the first four writes, and polls until the end of the others. */
static void rdy_bsy_that_works_is_trusted_after_four_writes(void **state)
{
    struct rig *rig = *state;
    struct avrspi_timing timing;

    start(rig, "odd-2M", "odd-target");
    (void)flash_all(rig);
    timing = avrspi_session_timing(rig->session);
    assert_int_equal(polls_before(rig->wire, 5), 4 * 4);
    assert_true(polls_before(rig->wire, 6) > 4 * 4 + 2);
    /* the erase, four waits of 20 ms, and pages of 4.5 ms */
    assert_true(timing.wait_ns > 192000000 && timing.wait_ns < 192000000 + 252 * 4600000ULL);
    assert_true(avrspi_session_wait_seen_ns(rig->session, AVRSPI_WAIT_FLASH) < 10000000);
}

static void always_ready(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    if (out[0] == POLL)
        in[3] &= 0xFE;
}

static void always_busy(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    if (out[0] == POLL)
        in[3] |= 1;
}

/* A chip that does not know the instruction; MISO that is pulled to a level. */
static void rdy_bsy_that_does_not_work_is_asked_no_more(void **state)
{
    static const struct {
        void (*tamper)(void *user, const uint8_t out[4], uint8_t in[4]);
        size_t polls;
    } rows[] = {{always_ready, 2 * 2}, {always_busy, 2 * 4}};
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        start(rig, "odd-2M", "odd-target");
        rig->wire->tamper = rows[n].tamper;
        assert_true(flash_all(rig) > PAGES * 20000000ULL);
        assert_int_equal(wire_count(rig->wire, POLL), rows[n].polls);
        assert_int_equal(avrspi_session_wait_seen_ns(rig->session, AVRSPI_WAIT_FLASH), 20000000);
        rig_unplug(rig);
    }
}

/* It is simulated as one that has RDY/BSY. */
static void a_simulated_chip_of_the_file(void **state)
{
    struct rig *rig = *state;

    start(rig, "odd-2M", "odd-2M");
    assert_true(flash_all(rig) < SECONDS(7)); /* writes last for 20 ms */
    assert_true(wire_count(rig->wire, POLL) > PAGES);
}

/* Also where the fuses of the chip can't be read. */
static void sck_of_the_file_without_fuses(void **state)
{
    struct rig *rig = *state;

    rig_add_chips("[odd-dumb]\nsignature = 1E 95 AA\nflash_size = 32768\nflash_page = 128\n"
                  "fuse_masks = 00 00 00 03\nmax_sck = 300k\n");
    start(rig, "odd-dumb", "odd-target");
    assert_int_equal(avrspi_session_sck(rig->session), 300000);
}

/* Nothing is asked of a chip whose file tells. */
static void rdy_bsy_of_the_file(void **state)
{
    struct rig *rig = *state;

    rig_add_chips("[odd-no]\nsignature = 1E 95 AA\nflash_size = 32768\nflash_page = 128\n"
                  "fuse_masks = FF FF 07 3F\nmax_sck = 2M\nrdy_bsy = no\nwait_flash = 4500\n");
    start(rig, "odd-no", "odd-target");
    assert_true(flash_all(rig) < SECONDS(3));
    assert_int_equal(wire_count(rig->wire, POLL), 0);
}

/* --- the note */

static bool noted;

static int note(void *user, const struct avrspi_event *event)
{
    (void)user;
    noted |= event->kind == AVRSPI_EVENT_WARNING && event->warning == AVRSPI_WARNING_COMPLETED;
    return 0;
}

static void what_is_taken_from_built_in_chips_is_said(void **state)
{
    struct rig *rig = *state;

    rig->config.event = note;
    noted = false;
    start(rig, "known", "atmega328p");
    assert_true(noted);
    rig_unplug(rig);
    noted = false;
    start(rig, "odd", "odd-target");
    assert_false(noted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(known_signature_is_as_fast_as_the_chip),
        RIG_TEST(unknown_signature_with_an_sck_of_the_file),
        RIG_TEST(unknown_signature_stays_at_the_sck_of_entry),
        RIG_TEST(unknown_signature_with_trials),
        RIG_TEST(rdy_bsy_that_works_is_trusted_after_four_writes),
        RIG_TEST(rdy_bsy_that_does_not_work_is_asked_no_more),
        RIG_TEST(a_simulated_chip_of_the_file),
        RIG_TEST(sck_of_the_file_without_fuses),
        RIG_TEST(rdy_bsy_of_the_file),
        RIG_TEST(what_is_taken_from_built_in_chips_is_said),
    };

    return cmocka_run_group_tests(tests, open_chips, rig_close_chips);
}
