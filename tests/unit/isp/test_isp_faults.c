/* SPDX-License-Identifier: MIT */
/* What goes wrong: wires, power, cells. */
#include "rig.h"

enum {
    PAGE = 128,
    SIZE = 8 * PAGE,
    WRITE_PAGE = 0x4C,
};

/* The words of a port: an ATmega328P with "FAULT:N". */
static const char *with_fault(const char *fault, unsigned n, char words[64])
{
    (void)snprintf(words, 64, "atmega328p,fault=%s:%u", fault, n);
    return words;
}

/* --- wires and power */

static void no_crystal_where_the_fuses_want_one(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xFF, 0xD9, 0xFF, 0xFF});
    rig_plug(rig, "atmega328p,fault=no-crystal");
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, "no answer from a target", "");
    rig_unplug(rig);
    rig_start(rig, "atmega328p");
    assert_int_equal(avrspi_session_clock(rig->session).source, AVRSPI_CLOCK_CRYSTAL);
}

static void no_crystal_where_none_is_needed(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p,fault=no-crystal");
    assert_string_equal(avrspi_session_chip(rig->session)->name, "ATmega328P");
}

/* --- bits that flip on their way back */

/* A new chip with a wrong bit in every n-th byte that comes back, and an image for it that the
 * caller frees: bytes of rig_fill(), also in 'data'. */
static struct avrspi_image *start_with_flips(struct rig *rig, unsigned n, uint8_t *data,
                                             size_t size)
{
    struct avrspi_image *image = avrspi_image_new();
    char words[64];

    assert_non_null(image);
    rig_fill(data, size, n);
    rig_put(image, 0, data, size);
    (void)rig_new_chip(rig, "atmega328p");
    rig_save(rig, "atmega328p");
    rig_start(rig, with_fault("flip", n, words));
    return image;
}

/* Whatever bit it is, what ends up in the chip is right. */
static void write_while_every_nth_byte_has_a_wrong_bit(void **state)
{
    static const unsigned every[] = {2503, 2998, 4001, 4002, 4003, 4004, 7001, 9998, 20001};
    struct rig *rig = *state;
    unsigned retries = 0;

    for (size_t n = 0; n < LENGTH(every); n++) {
        uint8_t data[SIZE];
        struct avrspi_image *image = start_with_flips(rig, every[n], data, sizeof data);

        rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
        rig_assert_ok(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, false));
        retries += avrspi_session_retries(rig->session);
        if (avrspi_session_retries(rig->session))
            assert_true(avrspi_session_sck(rig->session) < 224999);
        rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
        avrspi_image_free(image);
    }
    assert_true(retries > LENGTH(every));
}

static void eeprom_while_every_nth_byte_has_a_wrong_bit(void **state)
{
    static const unsigned every[] = {501, 502, 503, 504, 1001, 2002, 4003};
    struct rig *rig = *state;
    int result;

    for (size_t n = 0; n < LENGTH(every); n++) {
        uint8_t data[64];
        struct avrspi_image *image = start_with_flips(rig, every[n], data, sizeof data);

        result = rig_eeprom(rig, image, true);
        if (result != 0) /* the echo of a write was disturbed, and its address with it */
            rig_assert_error(rig, result, AVRSPI_ERR_VERIFY, "may have changed", "");
        assert_memory_equal(rig_load(rig, "atmega328p")->eeprom, data, sizeof data);
        avrspi_image_free(image);
    }
}

static void write_over_a_wire_that_is_no_use_at_all(void **state)
{
    struct rig *rig = *state;
    uint8_t data[SIZE];

    rig_fill(data, sizeof data, 1);
    rig_start(rig, "atmega328p,fault=flip:101");
    rig_assert_error(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE),
                     AVRSPI_ERR_NO_TARGET, "the target stopped answering", "are the wires short");
    assert_int_equal(avrspi_session_sck(rig->session), 100000);
}

/* The bit of a poll that says ready, while the write goes on. */
struct liar {
    unsigned countdown, times;
};

static void say_ready(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct liar *liar = user;

    if (out[0] != 0xF0 || !(in[3] & 1))
        return;
    if (liar->countdown) {
        liar->countdown--;
    } else if (liar->times) {
        liar->times--;
        in[3] &= 0xFE;
    }
}

static void poll_that_is_wrong_once_does_not_end_the_wait(void **state)
{
    struct rig *rig = *state;
    uint8_t data[SIZE];
    struct avrspi_image *image;

    image = rig_filled_image(rig, data, sizeof data, 2);
    for (unsigned n = 0; n < 20; n++) {
        struct liar liar = {.countdown = n, .times = 1};

        rig_start(rig, "atmega328p");
        rig->wire->tamper = say_ready;
        rig->wire->user = &liar;
        rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
        assert_int_equal(avrspi_session_retries(rig->session), 0);
        rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
    }
}

static void say_busy(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    if (out[0] == 0xF0)
        in[3] |= 1;
}

static void target_that_stays_busy(void **state)
{
    struct rig *rig = *state;
    uint64_t before;

    rig_start(rig, "atmega328p");
    rig->wire->tamper = say_busy;
    before = avrspi_link_now(rig->link);
    rig_assert_error(rig, avrspi_session_erase(rig->session, &rig->error), AVRSPI_ERR_NO_TARGET,
                     "it is busy for longer than a write can take", "");
    assert_true(avrspi_link_now(rig->link) - before < 1000000000);
}

/* --- power */

static void power_loss_at_any_moment_of_a_write(void **state)
{
    struct rig *rig = *state;
    uint8_t data[SIZE];
    struct avrspi_image *image;

    image = rig_filled_image(rig, data, sizeof data, 3);
    /* 84 bytes to identify, 4 to erase, polls, then 516 and more a page */
    for (unsigned n = 90; n < 8000; n += 397) {
        char words[64];

        rig_start(rig, with_fault("power-loss", n, words));
        rig_assert_error(rig, rig_flash(rig, image, RIG_WRITE), AVRSPI_ERR_NO_TARGET,
                         "the target stopped answering", "is its power steady");
        rig_restart(rig, "atmega328p");
        rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
        rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
    }
}

struct stuck {
    uint8_t from; /* the first byte of the instruction from which on MISO is stuck */
    bool now;
};

static void stick_low(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct stuck *stuck = user;

    stuck->now = stuck->now || out[0] == stuck->from;
    if (stuck->now)
        memset(in, 0, 4);
}

/* At low addresses a MISO of zeros passes for echoes, and for a write that is over. */
static void write_without_verify_to_a_target_that_is_gone(void **state)
{
    struct rig *rig = *state;
    uint8_t data[PAGE];
    struct avrspi_image *image;
    struct stuck stuck = {.from = 0x40};

    image = rig_filled_image(rig, data, sizeof data, 4);
    rig_start(rig, "atmega8"); /* keeps the wait, whatever is polled */
    rig->wire->tamper = stick_low;
    rig->wire->user = &stuck;
    rig_assert_error(rig, rig_flash(rig, image, (struct avrspi_request){.erase = true}),
                     AVRSPI_ERR_NO_TARGET, "the target stopped answering", "");
    rig_restart(rig, "atmega8");
    stuck = (struct stuck){.from = 0xC0};
    rig->wire->tamper = stick_low;
    rig->wire->user = &stuck;
    rig_assert_error(rig, rig_eeprom(rig, image, false), AVRSPI_ERR_NO_TARGET,
                     "the target stopped answering", "");
}

static void power_loss_while_the_chip_is_identified(void **state)
{
    struct rig *rig = *state;

    for (unsigned n = 4; n < 60; n += 5) {
        char words[64];

        rig_plug(rig, with_fault("power-loss", n, words));
        rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_NO_TARGET, "the target ", "");
        rig_unplug(rig);
    }
}

static void update_after_a_power_loss_writes_the_rest(void **state)
{
    struct rig *rig = *state;
    uint8_t data[SIZE];
    struct avrspi_image *image;

    image = rig_filled_image(rig, data, sizeof data, 4);
    rig_start(rig, "atmega328p,fault=power-loss:5000");
    rig_assert_error(rig, rig_flash(rig, image, RIG_WRITE), AVRSPI_ERR_NO_TARGET, "stopped", "");
    rig_restart(rig, "atmega328p");
    rig_assert_ok(rig, rig_flash(rig, image, RIG_UPDATE));
    assert_true(rig->report.pages_written > 0 && rig->report.pages_written < 8);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

/* --- cells */

static void weak_cell_in_the_middle(void **state)
{
    struct rig *rig = *state;
    uint8_t data[SIZE];

    rig_fill(data, sizeof data, 5);
    data[0x123] = 0x44;
    rig_start(rig, "atmega328p,fault=weak-cell:0x123");
    rig_assert_error(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE),
                     AVRSPI_ERR_VERIFY,
                     "flash at 0x0123, page 2, does not hold what was written: 0x44 reads as 0x45 "
                     "each time (1 byte in all)",
                     "the supply is too low for a write, or the cell is worn out");
    assert_false(rig->report.verified);
    assert_int_equal(avrspi_session_retries(rig->session), 0);
    assert_int_equal(avrspi_session_sck(rig->session), 224999);
}

static void weak_cell_in_the_last_page(void **state)
{
    struct rig *rig = *state;
    uint8_t data[SIZE];

    rig_fill(data, sizeof data, 6);
    data[SIZE - 1] = 0x44;
    rig_start(rig, "atmega328p,fault=weak-cell:0x3FF");
    rig_assert_error(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE),
                     AVRSPI_ERR_VERIFY, "flash at 0x03FF, page 7, does not hold",
                     "the cell is worn");
}

static void weak_cell_of_a_chip_that_is_programmed_by_bytes(void **state)
{
    struct rig *rig = *state;
    uint8_t data[64];

    rig_fill(data, sizeof data, 7);
    data[33] = 0x00;
    rig_start(rig, "at90s2313,fault=weak-cell:33");
    rig_assert_error(
        rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE), AVRSPI_ERR_VERIFY,
        "flash at 0x0021 does not hold what was written: 0x00 reads as 0x01", "the cell is worn");
}

static void weak_cell_without_verify(void **state)
{
    struct rig *rig = *state;
    uint8_t data[64] = {0};
    struct avrspi_image *image = rig_image_of(rig, 0, data, sizeof data);

    rig_start(rig, "atmega328p,fault=weak-cell:33");
    rig_assert_ok(rig, rig_flash(rig, image, (struct avrspi_request){.erase = true}));
    rig_assert_error(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, false), AVRSPI_ERR_VERIFY,
                     "0x0021", "");
}

/* A wire that is too long for the SCK chosen, as far as one word in 64 goes. */
struct long_wire {
    const struct rig *rig;
    uint8_t opcode, address; /* of the instruction */
    uint32_t most_hz;
    unsigned warnings;
};

static void blur(void *user, const uint8_t out[4], uint8_t in[4])
{
    const struct long_wire *wire = user;

    if (out[0] == wire->opcode && (out[2] & 0x3F) == wire->address &&
        avrspi_link_speed(wire->rig->link) > wire->most_hz)
        in[3] ^= 0x10;
}

static int count_misreadings(void *user, const struct avrspi_event *event)
{
    struct long_wire *wire = user;

    if (event->kind == AVRSPI_EVENT_WARNING && event->warning == AVRSPI_WARNING_MISREAD) {
        assert_true(event->sck_hz > wire->most_hz);
        wire->warnings++;
    }
    return 0;
}

/* Pages that read wrong at the SCK in force only: their bytes are right, and SCK stays. */
static void write_that_reads_right_at_half_the_sck(void **state)
{
    static const struct {
        const char *chip;
        uint8_t opcode;
    } rows[] = {{"atmega328p", 0x20}, {"at90s2313", 0x28}};
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        uint8_t data[3 * PAGE];
        struct long_wire wire = {.rig = rig, .opcode = rows[n].opcode, .address = 5};
        uint32_t sck;

        rig_fill(data, sizeof data, 8);
        rig->config.event = count_misreadings;
        rig->config.user = &wire;
        (void)rig_new_chip(rig, rows[n].chip);
        rig_save(rig, rows[n].chip);
        rig_start(rig, rows[n].chip);
        sck = avrspi_session_sck(rig->session);
        wire.most_hz = sck - 1;
        rig->wire->tamper = blur;
        rig->wire->user = &wire;
        rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE));
        assert_true(rig->report.verified);
        assert_int_equal(avrspi_session_retries(rig->session), 0);
        assert_int_equal(avrspi_session_sck(rig->session), sck);
        assert_int_equal(wire.warnings, 1);
        rig_assert_flash(rig, rows[n].chip, 0, data, sizeof data);
    }
}

/* Wires can look like a cell: the hint says how to tell. */
static void write_that_reads_wrong_at_any_sck(void **state)
{
    struct rig *rig = *state;
    uint8_t data[2 * PAGE];
    struct long_wire wire = {.rig = rig, .opcode = 0x20, .address = 5};

    rig_fill(data, sizeof data, 8);
    rig_start(rig, "atmega328p");
    rig->wire->tamper = blur;
    rig->wire->user = &wire;
    rig_assert_error(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE),
                     AVRSPI_ERR_VERIFY, "flash at 0x000A, page 0, does not hold", "the wires");
}

/* Two readings that differ from what is wanted and from one another: the wire, not the cell. */
static void flip_two(void *user, const uint8_t out[4], uint8_t in[4])
{
    unsigned *count = user;

    if (out[0] == 0x20 && out[1] == 0 && out[2] == 5 && *count < 2)
        in[3] ^= (uint8_t)(1U << (*count)++);
}

static void write_whose_readings_differ_is_done_again(void **state)
{
    struct rig *rig = *state;
    uint8_t data[2 * PAGE];
    unsigned count = 0;

    rig_fill(data, sizeof data, 8);
    rig_start(rig, "atmega328p");
    rig->wire->tamper = flip_two;
    rig->wire->user = &count;
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE));
    assert_int_equal(avrspi_session_retries(rig->session), 1);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(no_crystal_where_the_fuses_want_one),
        RIG_TEST(no_crystal_where_none_is_needed),
        RIG_TEST(write_while_every_nth_byte_has_a_wrong_bit),
        RIG_TEST(eeprom_while_every_nth_byte_has_a_wrong_bit),
        RIG_TEST(write_over_a_wire_that_is_no_use_at_all),
        RIG_TEST(poll_that_is_wrong_once_does_not_end_the_wait),
        RIG_TEST(target_that_stays_busy),
        RIG_TEST(power_loss_at_any_moment_of_a_write),
        RIG_TEST(write_without_verify_to_a_target_that_is_gone),
        RIG_TEST(power_loss_while_the_chip_is_identified),
        RIG_TEST(update_after_a_power_loss_writes_the_rest),
        RIG_TEST(weak_cell_in_the_middle),
        RIG_TEST(weak_cell_in_the_last_page),
        RIG_TEST(weak_cell_of_a_chip_that_is_programmed_by_bytes),
        RIG_TEST(weak_cell_without_verify),
        RIG_TEST(write_that_reads_right_at_half_the_sck),
        RIG_TEST(write_that_reads_wrong_at_any_sck),
        RIG_TEST(write_whose_readings_differ_is_done_again),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
