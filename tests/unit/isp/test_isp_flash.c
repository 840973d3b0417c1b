/* SPDX-License-Identifier: MIT */
/* Writing flash. */
#include "rig.h"

enum {
    ERASED = 6, /* cells that are looked at when a chip was erased */
    LOOK = 64,  /* bytes of EEPROM that are looked at before, at this SCK */
    PAGE = 128, /* of an ATmega328P */
    PAGES = 256,
    LOAD_LOW = 0x40,
    LOAD_HIGH = 0x48,
    WRITE_PAGE = 0x4C,
    LOAD_EXT = 0x4D,
    POLL = 0xF0,
    READ_LOW = 0x20,
    READ_HIGH = 0x28,
};

/* --- every kind of chip */

/* Writes, verifies and reads a program that fills half of the chip's flash but for a byte. */
static void write_half(struct rig *rig, const char *name)
{
    const struct avrspi_chip *chip = rig_chip(name);
    size_t size = chip->flash_size / 2 - 1;
    uint8_t *data = malloc(size), *found = malloc(size);
    struct avrspi_image *image;

    assert_true(data && found);
    rig_fill(data, size, 1);
    image = rig_image_of(rig, chip->flash_start, data, size);
    rig_start(rig, name);
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    assert_int_equal(rig->report.bytes, size);
    assert_true(rig->result.erased && rig->report.verified);
    rig_assert_ok(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, true));
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, chip->flash_start, found, size));
    assert_memory_equal(found, data, size);
    rig_assert_flash(rig, name, 0, data, size);
    rig_assert_blank(rig->silicon->flash + size, chip->flash_size - size);
    free(data);
    free(found);
}

static void write_atmega328p(void **state)
{
    struct rig *rig = *state;

    write_half(rig, "atmega328p");
    assert_int_equal(rig->report.pages, PAGES);
    assert_int_equal(rig->report.pages_written, PAGES / 2);
    assert_int_equal(rig->report.bytes_written, 16384);
}

static void write_attiny85(void **state)
{
    write_half(*state, "attiny85");
}

static void write_attiny13a(void **state)
{
    write_half(*state, "attiny13a");
}

static void write_atmega8_without_a_poll(void **state)
{
    write_half(*state, "atmega8");
}

static void write_atmega2560(void **state)
{
    write_half(*state, "atmega2560");
}

static void write_at90s2313_by_bytes(void **state)
{
    struct rig *rig = *state;

    write_half(rig, "at90s2313");
    assert_int_equal(rig->report.pages, 2048);
    assert_int_equal(rig->report.pages_written, 1023);
}

static void write_at90s1200_without_an_echo(void **state)
{
    struct rig *rig = *state;

    rig->config.chip = rig_chip("at90s1200");
    write_half(rig, "at90s1200");
}

static void write_flash_that_begins_behind_rom(void **state)
{
    struct rig *rig = *state;
    struct avrspi_image *image = rig_image_of(rig, 0x100, (const uint8_t[]){1}, 1);

    rig->config.chip = rig_chip("ata5831");
    write_half(rig, "ata5831");
    rig_start(rig, "ata5831");
    rig_assert_error(rig, rig_flash(rig, image, RIG_WRITE), AVRSPI_ERR_INPUT, "from 0x100 to 0x100",
                     "");
}

static void write_at_the_slow_clock_of_128_khz(void **state)
{
    struct rig *rig = *state;
    uint8_t data[3 * PAGE];
    struct avrspi_image *image;

    rig_fill(data, sizeof data, 2);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE3, 0xD9, 0xFF, 0xFF});
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

static void write_with_a_16_mhz_crystal(void **state)
{
    struct rig *rig = *state;
    uint8_t data[3 * PAGE];
    struct avrspi_image *image;

    rig_fill(data, sizeof data, 3);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xFF, 0xD9, 0xFF, 0xFF});
    rig->config.fcpu_hz = 16000000;
    rig_start(rig, "atmega328p,fcpu=16M");
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

/* --- more than 64 Ki words */

static void write_across_the_border_of_64_ki_words(void **state)
{
    struct rig *rig = *state;
    uint8_t data[4 * 256];
    uint32_t address = 0x20000 - 2 * 256;
    struct avrspi_image *image;

    rig_fill(data, sizeof data, 4);
    image = rig_image_of(rig, address, data, sizeof data);
    rig_start(rig, "atmega2560");
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    /* 0 before the first page, 1 before the third, and again 0 and 1 for what is read back of
     * the second while the third is loaded */
    assert_true(wire_count(rig->wire, LOAD_EXT) <= 12);
    rig_assert_flash(rig, "atmega2560", address, data, sizeof data);
    rig_assert_blank(rig->silicon->flash, address);
}

static void write_above_128_kib_only(void **state)
{
    struct rig *rig = *state;
    uint8_t data[300], found[300];
    struct avrspi_image *image;

    rig_fill(data, sizeof data, 5);
    image = rig_image_of(rig, 0x3FF00 - 44, data, sizeof data); /* up to the last byte */
    rig_start(rig, "atmega2560");
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0x3FF00 - 44, found, sizeof found));
    assert_memory_equal(found, data, sizeof data);
    rig_assert_flash(rig, "atmega2560", 0x3FF00 - 44, data, sizeof data);
    rig_assert_blank(rig->silicon->flash + 0x1FF00 - 44, 300); /* the same without the 17th bit */
}

struct spoiler {
    uint8_t first;   /* of the instruction whose echo is spoiled */
    unsigned before; /* how many of them are left alone */
    unsigned times;  /* and how many are spoiled then */
};

static void spoil(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct spoiler *spoiler = user;

    if (out[0] != spoiler->first)
        return;
    if (spoiler->before)
        spoiler->before--;
    else if (spoiler->times && spoiler->times--)
        in[2] ^= 0x01;
}

/* Load Extended Address is forgotten when programming mode is entered anew. */
static void write_above_128_kib_when_the_target_is_lost(void **state)
{
    struct rig *rig = *state;
    struct spoiler spoiler = {.first = LOAD_HIGH, .before = 200, .times = 1};
    uint8_t data[1024];
    struct avrspi_image *image;

    rig_fill(data, sizeof data, 6);
    image = rig_image_of(rig, 0x30000, data, sizeof data);
    rig_start(rig, "atmega2560");
    rig->wire->tamper = spoil;
    rig->wire->user = &spoiler;
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    assert_int_equal(avrspi_session_retries(rig->session), 1);
    rig_assert_flash(rig, "atmega2560", 0x30000, data, sizeof data);
}

/* --- no more than is needed */

static void write_skips_blank_pages(void **state)
{
    struct rig *rig = *state;
    struct avrspi_image *image = rig_image(rig);
    uint8_t data[PAGE], blank[PAGE];

    rig_fill(data, sizeof data, 7);
    memset(blank, 0xFF, sizeof blank);
    rig_put(image, 0, data, 1);
    rig_put(image, 2 * PAGE, blank, sizeof blank);
    rig_put(image, 5 * PAGE + 3, data, 10);
    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    assert_int_equal(rig->report.pages_written, 2);
    assert_int_equal(wire_count(rig->wire, WRITE_PAGE), 2);
    assert_int_equal(wire_count(rig->wire, LOAD_LOW), PAGE);
    assert_int_equal(wire_count(rig->wire, LOAD_HIGH), PAGE);
}

/* A blank page that the image names is as an erase leaves it: neither written nor read back. */
static void write_reads_back_only_what_it_wrote(void **state)
{
    struct rig *rig = *state;
    struct avrspi_image *image = rig_image(rig);
    uint8_t blank[PAGE];

    memset(blank, 0xFF, sizeof blank);
    rig_put(image, 0, (const uint8_t[]){0x12}, 1);
    rig_put(image, 2 * PAGE, blank, sizeof blank);
    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    assert_int_equal(wire_count(rig->wire, READ_LOW), ERASED / 2 + PAGE / 2);
    assert_int_equal(wire_count(rig->wire, READ_HIGH), ERASED / 2 + PAGE / 2);
    assert_true(rig->report.verified);
}

static void write_of_a_blank_image_only_erases(void **state)
{
    struct rig *rig = *state;
    uint8_t data[2 * PAGE], blank[2 * PAGE];

    rig_fill(data, sizeof data, 8);
    memset(blank, 0xFF, sizeof blank);
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE));
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, blank, sizeof blank), RIG_WRITE));
    assert_int_equal(rig->report.pages_written, 0);
    assert_true(rig->result.erased && rig->report.verified);
    rig_assert_flash(rig, "atmega328p", 0, blank, sizeof blank);
}

/* Load, write and read-back of the page before in one transfer, and one burst of polls. */
static void write_needs_few_transfers(void **state)
{
    struct rig *rig = *state;
    uint8_t data[PAGES * PAGE];
    struct avrspi_image *image;

    rig_fill(data, sizeof data, 9);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    assert_true(rig->wire->transfers <= 3 * PAGES);
    assert_int_equal(wire_count(rig->wire, WRITE_PAGE), PAGES);
    assert_int_equal(wire_count2(rig->wire, 0xAC, 0x80), 1);
    /* load, write and read; erase, its proof and the look before it; presence checks */
    assert_in_range(rig->wire->n_sent - wire_count(rig->wire, POLL), PAGES * (2 * PAGE + 1),
                    PAGES * (2 * PAGE + 1) + 2 * PAGES + ERASED + LOOK + 32);
    assert_true(wire_count(rig->wire, POLL) < 6 * PAGES);
}

static void write_without_a_poll_needs_one_transfer_a_page(void **state)
{
    struct rig *rig = *state;
    uint8_t data[128 * 64];
    struct avrspi_image *image;

    rig_fill(data, sizeof data, 10);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig_start(rig, "atmega8");
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    assert_in_range(rig->wire->transfers, 1 + 128 + 1, 1 + 128 + 1 + 8); /* proof of the erase */
    assert_int_equal(wire_count(rig->wire, POLL), 0);
}

static void write_without_verify_reads_nothing(void **state)
{
    struct rig *rig = *state;
    uint8_t data[3 * PAGE];
    struct avrspi_image *image;

    rig_fill(data, sizeof data, 11);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_flash(rig, image, (struct avrspi_request){.erase = true}));
    assert_false(rig->report.verified);
    assert_int_equal(wire_count(rig->wire, READ_LOW) + wire_count(rig->wire, READ_HIGH), ERASED);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

/* On an AT90S1200 a read between the bytes of a word could spoil it. */
static void write_by_bytes_reads_back_when_all_is_written(void **state)
{
    struct rig *rig = *state;
    uint8_t data[64];
    struct avrspi_image *image;
    size_t written = 0;

    rig_fill(data, sizeof data, 12);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig_start(rig, "at90s2313");
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    for (size_t n = 0; n < rig->wire->n_sent; n++) {
        uint8_t first = rig->wire->sent[n][0];
        bool reads = first == READ_LOW || first == READ_HIGH;

        written += first == LOAD_LOW || first == LOAD_HIGH;
        if (written > 0 && written < sizeof data)
            assert_false(reads);
    }
    assert_int_equal(written, sizeof data);
    assert_int_equal(wire_count(rig->wire, READ_LOW) + wire_count(rig->wire, READ_HIGH),
                     ERASED + sizeof data);
}

static void write_without_a_report(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_request options = RIG_WRITE;
    struct avrspi_image *image = rig_image_of(rig, 0, (const uint8_t[]){0x42}, 1);

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, work_flash(rig->session, image, &options, NULL, &rig->error));
    assert_int_equal(rig_load(rig, "atmega328p")->flash[0], 0x42);
}

/* --- images that are refused */

static void write_of_an_empty_image(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_error(rig, rig_flash(rig, rig_image(rig), RIG_WRITE), AVRSPI_ERR_INPUT,
                     "the image holds no data", "");
    assert_int_equal(rig->wire->n_sent, 0);
}

static void write_beyond_the_flash(void **state)
{
    struct rig *rig = *state;
    uint8_t data[4] = {1, 2, 3, 4};

    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_error(
        rig, rig_flash(rig, rig_image_of(rig, 0x7FFE, data, 4), RIG_WRITE), AVRSPI_ERR_INPUT,
        "2 bytes too many: 0x8000 is the first beyond the 32768 bytes of flash", "another chip");
    rig_assert_error(rig, rig_flash(rig, rig_image_of(rig, 0xFFFFFFFC, data, 4), RIG_WRITE),
                     AVRSPI_ERR_INPUT, "0xFFFFFFFC is the first beyond", "");
    assert_int_equal(rig->wire->n_sent, 0);
}

/* --- progress */

struct progress {
    size_t calls, done, total;
    enum avrspi_memory memory;
};

struct seen {
    struct progress stage[3];
    size_t steps[AVRSPI_STEPS];
};

static int on_event(void *user, const struct avrspi_event *event)
{
    struct seen *seen = user;

    if (event->kind == AVRSPI_EVENT_STEP_END)
        seen->steps[event->step->kind]++;
    if (event->kind != AVRSPI_EVENT_PROGRESS)
        return 0;
    assert_true(event->done <= event->total);
    seen->stage[event->stage] = (struct progress){seen->stage[event->stage].calls + 1, event->done,
                                                  event->total, event->memory};
    return 0;
}

static void write_reports_progress(void **state)
{
    struct rig *rig = *state;
    struct seen seen = {0};
    const struct progress *write = &seen.stage[AVRSPI_STAGE_WRITE];
    uint8_t data[4 * PAGE];

    rig_fill(data, sizeof data, 17);
    rig->config.event = on_event;
    rig->config.user = &seen;
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE));
    assert_int_equal(seen.steps[AVRSPI_STEP_ERASE], 1);
    assert_int_equal(seen.steps[AVRSPI_STEP_WRITE], 1);
    assert_int_equal(write->calls, 4);
    assert_int_equal(write->done, sizeof data);
    assert_int_equal(write->total, sizeof data);
    assert_int_equal(write->memory, AVRSPI_MEMORY_FLASH);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, data, sizeof data));
    assert_int_equal(seen.stage[AVRSPI_STAGE_READ].done, sizeof data);
}

/* A computer whose sleeps end late has soon learned to wake up earlier. */
static void sleeps_that_end_late_are_made_up_for(void **state)
{
    struct rig *rig = *state;
    struct avrspi_timing timing;
    uint8_t data[128 * PAGE];

    rig_fill(data, sizeof data, 21);
    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE2, 0xD9, 0xFF, 0xFF});
    rig_start(rig, "atmega328p");
    rig->wire->late_ns = 500000; /* 6 % of a page */
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE));
    timing = avrspi_session_timing(rig->session);
    assert_true(timing.total_ns < rig->result.limit_ns + rig->result.limit_ns * 3 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(sleeps_that_end_late_are_made_up_for),
        RIG_TEST(write_atmega328p),
        RIG_TEST(write_attiny85),
        RIG_TEST(write_attiny13a),
        RIG_TEST(write_atmega8_without_a_poll),
        RIG_TEST(write_atmega2560),
        RIG_TEST(write_at90s2313_by_bytes),
        RIG_TEST(write_at90s1200_without_an_echo),
        RIG_TEST(write_flash_that_begins_behind_rom),
        RIG_TEST(write_at_the_slow_clock_of_128_khz),
        RIG_TEST(write_with_a_16_mhz_crystal),
        RIG_TEST(write_across_the_border_of_64_ki_words),
        RIG_TEST(write_above_128_kib_only),
        RIG_TEST(write_above_128_kib_when_the_target_is_lost),
        RIG_TEST(write_skips_blank_pages),
        RIG_TEST(write_reads_back_only_what_it_wrote),
        RIG_TEST(write_of_a_blank_image_only_erases),
        RIG_TEST(write_needs_few_transfers),
        RIG_TEST(write_without_a_poll_needs_one_transfer_a_page),
        RIG_TEST(write_without_verify_reads_nothing),
        RIG_TEST(write_by_bytes_reads_back_when_all_is_written),
        RIG_TEST(write_without_a_report),
        RIG_TEST(write_of_an_empty_image),
        RIG_TEST(write_beyond_the_flash),
        RIG_TEST(write_reports_progress),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
