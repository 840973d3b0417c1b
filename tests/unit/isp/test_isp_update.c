/* SPDX-License-Identifier: MIT */
/* Writing flash without an erase at the beginning: --update and --no-erase. */
#include "rig.h"

enum {
    PAGE = 128, /* of an ATmega328P */
    PAGES = 256,
    LOAD_LOW = 0x40,
    WRITE_PAGE = 0x4C,
    READ_LOW = 0x20,
};

/* --- update */

/* A chip with a program, as a test of --update or --no-erase finds it. */
static void start_with(struct rig *rig, uint8_t *data, size_t size)
{
    rig_fill(data, size, 13);
    memcpy(rig_new_chip(rig, "atmega328p")->flash, data, size);
    rig_save(rig, "atmega328p");
    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
}

static void update_without_a_difference_writes_nothing(void **state)
{
    struct rig *rig = *state;
    uint8_t data[4 * PAGE + 5];

    start_with(rig, data, sizeof data);
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_UPDATE));
    assert_int_equal(rig->report.pages_written, 0);
    assert_false(rig->result.erased);
    assert_true(rig->report.verified);
    assert_int_equal(wire_count(rig->wire, 0xAC), 0);
    assert_int_equal(wire_count(rig->wire, WRITE_PAGE), 0);
    assert_int_equal(wire_count(rig->wire, LOAD_LOW), 0);
}

static void update_that_clears_a_bit_writes_one_page(void **state)
{
    struct rig *rig = *state;
    uint8_t data[4 * PAGE];

    start_with(rig, data, sizeof data);
    data[2 * PAGE + 7] &= (uint8_t)(data[2 * PAGE + 7] - 1);
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_UPDATE));
    assert_int_equal(rig->report.pages_written, 1);
    assert_false(rig->result.erased);
    assert_int_equal(wire_count(rig->wire, 0xAC), 0);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

static void update_that_sets_a_bit_erases(void **state)
{
    struct rig *rig = *state;
    uint8_t data[4 * PAGE];

    start_with(rig, data, sizeof data);
    data[PAGE] = 0x00;
    data[2 * PAGE + 7] = (uint8_t)~data[2 * PAGE + 7];
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_UPDATE));
    assert_true(rig->result.erased);
    assert_int_equal(rig->report.pages_written, 4);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

static void update_keeps_what_the_image_does_not_name(void **state)
{
    struct rig *rig = *state;
    uint8_t data[4 * PAGE];

    start_with(rig, data, sizeof data);
    data[PAGE + 10] = 0x00;
    rig_assert_ok(rig,
                  rig_flash(rig, rig_image_of(rig, PAGE + 10, data + PAGE + 10, 1), RIG_UPDATE));
    assert_int_equal(rig->report.pages_written, 1);
    assert_int_equal(wire_count(rig->wire, READ_LOW), PAGE); /* before, and back */
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

static void update_with_several_runs_in_a_page(void **state)
{
    struct rig *rig = *state;
    uint8_t data[4 * PAGE];
    struct avrspi_image *image = rig_image(rig);

    start_with(rig, data, sizeof data);
    for (size_t n = 3; n < sizeof data; n += 50) {
        data[n] = 0x00;
        rig_put(image, (uint32_t)n, data + n, 1);
    }
    rig_assert_ok(rig, rig_flash(rig, image, RIG_UPDATE));
    assert_int_equal(rig->report.pages_written, 4);
    assert_int_equal(wire_count(rig->wire, READ_LOW), 4 * PAGE);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

static void update_up_to_the_last_byte(void **state)
{
    struct rig *rig = *state;
    uint8_t data[PAGES * PAGE];

    start_with(rig, data, sizeof data);
    data[sizeof data - 1] = 0x00;
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_UPDATE));
    assert_int_equal(rig->report.pages_written, 1);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

/* --- full: gaps are to be blank */

#define FULL ((struct avrspi_request){.verify = true, .erase = true, .full = true})
#define FULL_UPDATE                                                                                \
    ((struct avrspi_request){.verify = true, .erase = true, .update = true, .full = true})

/* A cell beyond the image that no erase clears. */
static void stuck_cell(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    if (out[0] == READ_LOW && (out[1] << 8 | out[2]) == 200 * PAGE / 2)
        in[3] = 0xFE;
}

static void full_reads_blank_pages_back(void **state)
{
    struct rig *rig = *state;
    uint8_t data[4 * PAGE];

    start_with(rig, data, sizeof data);
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), FULL));
    assert_int_equal(rig->report.pages_written, 4);
    /* every word once, and the proof of the erase */
    assert_int_equal(wire_count(rig->wire, READ_LOW), PAGES * PAGE / 2 + 3);
    rig->wire->tamper = stuck_cell;
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE));
    rig_assert_error(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), FULL),
                     AVRSPI_ERR_VERIFY, "differs at 0x6400: expected 0xFF, found 0xFE", "");
}

static void full_update_erases_what_is_in_a_gap(void **state)
{
    struct rig *rig = *state;
    uint8_t data[4 * PAGE], found[4 * PAGE];

    start_with(rig, data, sizeof data);
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, 3 * PAGE), FULL_UPDATE));
    assert_true(rig->result.erased);
    assert_int_equal(rig->report.pages_written, 3);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, found, sizeof found));
    assert_memory_equal(found, data, 3 * PAGE);
    rig_assert_blank(found + 3 * PAGE, PAGE);
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, 3 * PAGE), FULL_UPDATE));
    assert_false(rig->result.erased);
    assert_int_equal(rig->report.pages_written, 0);
    assert_int_equal(wire_count(rig->wire, READ_LOW), 2 * PAGES * PAGE / 2); /* twice */
}

/* --- by bytes */

static void update_by_bytes_writes_only_those(void **state)
{
    struct rig *rig = *state;
    uint8_t data[64];

    rig_fill(data, sizeof data, 14);
    memcpy(rig_new_chip(rig, "at90s2313")->flash, data, sizeof data);
    rig_save(rig, "at90s2313");
    rig_start(rig, "at90s2313");
    data[11] = 0x00;
    data[40] = 0x00;
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_UPDATE));
    assert_int_equal(rig->report.pages_written, 2);
    rig_assert_flash(rig, "at90s2313", 0, data, sizeof data);
}

/* --- without an erase */

static void no_erase_into_blank_flash(void **state)
{
    struct rig *rig = *state;
    uint8_t data[4 * PAGE], more[PAGE];

    start_with(rig, data, sizeof data);
    rig_fill(more, sizeof more, 15);
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 5 * PAGE + 1, more, 9), RIG_NO_ERASE));
    assert_false(rig->result.erased);
    assert_int_equal(wire_count(rig->wire, 0xAC), 0);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
    assert_memory_equal(rig->silicon->flash + 5 * PAGE + 1, more, 9);
    rig_assert_blank(rig->silicon->flash + 5 * PAGE + 10, PAGE);
}

static void no_erase_where_a_bit_would_have_to_rise(void **state)
{
    struct rig *rig = *state;
    uint8_t data[4 * PAGE], before = 0x0F, after = 0x1F;

    rig_fill(data, sizeof data, 16);
    data[3 * PAGE] = before;
    memcpy(rig_new_chip(rig, "atmega328p")->flash, data, sizeof data);
    rig_save(rig, "atmega328p");
    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_error(rig, rig_flash(rig, rig_image_of(rig, 3 * PAGE, &after, 1), RIG_NO_ERASE),
                     AVRSPI_ERR_REFUSED,
                     "flash at 0x0180 holds 0x0F, which can't become 0x1F without an erase",
                     "nothing was written");
    assert_int_equal(wire_count(rig->wire, WRITE_PAGE) + wire_count(rig->wire, 0xAC), 0);
    assert_false(rig->report.verified);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(update_without_a_difference_writes_nothing),
        RIG_TEST(update_that_clears_a_bit_writes_one_page),
        RIG_TEST(update_that_sets_a_bit_erases),
        RIG_TEST(update_keeps_what_the_image_does_not_name),
        RIG_TEST(update_with_several_runs_in_a_page),
        RIG_TEST(update_up_to_the_last_byte),
        RIG_TEST(full_reads_blank_pages_back),
        RIG_TEST(full_update_erases_what_is_in_a_gap),
        RIG_TEST(update_by_bytes_writes_only_those),
        RIG_TEST(no_erase_into_blank_flash),
        RIG_TEST(no_erase_where_a_bit_would_have_to_rise),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
