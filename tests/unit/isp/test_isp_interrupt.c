/* SPDX-License-Identifier: MIT */
/* Jobs that end early: the user interrupts, the link breaks. */
#include "rig.h"

enum {
    PAGE = 128,
    SIZE = 8 * PAGE,
};

/* --- interrupts */

static int interrupt_half_way(void *user, const struct avrspi_event *event)
{
    struct rig *rig = user;

    if (event->kind == AVRSPI_EVENT_PROGRESS && event->stage == AVRSPI_STAGE_WRITE &&
        event->done >= event->total / 2)
        rig->interrupt = 1;
    return 0;
}

static int stop_half_way(void *user, const struct avrspi_event *event)
{
    (void)user;
    return event->kind == AVRSPI_EVENT_PROGRESS && event->stage == AVRSPI_STAGE_WRITE &&
           event->done >= event->total / 2;
}

static void stop_half_way_with(struct rig *rig, avrspi_event_callback event)
{
    uint8_t data[SIZE];
    struct avrspi_image *image;

    image = rig_filled_image(rig, data, sizeof data, 9);
    rig->config.event = event;
    rig->config.user = rig;
    rig_start(rig, "atmega328p");
    rig_assert_error(rig, rig_flash(rig, image, RIG_WRITE), AVRSPI_ERR_INTERRUPTED, "interrupted",
                     "");
    assert_int_equal(rig->report.pages_written, 4);
    assert_false(rig->report.verified);
    rig_unplug(rig);
    rig->config.event = NULL;
    rig->interrupt = 0;
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, rig_flash(rig, image, RIG_UPDATE));
    assert_int_equal(rig->report.pages_written, 4);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

static void interrupt_from_an_event(void **state)
{
    stop_half_way_with(*state, interrupt_half_way);
}

static void event_callback_stops_the_work(void **state)
{
    stop_half_way_with(*state, stop_half_way);
}

/* Also while a write goes on: RESET is not released before it is over. */
static void interrupt_at_any_moment(void **state)
{
    struct rig *rig = *state;
    uint8_t data[SIZE];
    struct avrspi_image *image;

    image = rig_filled_image(rig, data, sizeof data, 10);
    for (size_t n = 1; n < 2000; n += 61) {
        rig->interrupt = 0;
        rig_start(rig, "atmega328p");
        rig_interrupt_at(rig, n);
        rig_assert_error(rig, rig_flash(rig, image, RIG_WRITE), AVRSPI_ERR_INTERRUPTED,
                         "interrupted", "");
        rig_unplug(rig);
    }
    rig->interrupt = 0;
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

/* The session may go on afterwards: it waits for what the interrupted call left behind. */
static void work_after_an_interrupt(void **state)
{
    struct rig *rig = *state;
    uint8_t data[SIZE], byte;
    struct avrspi_image *image;

    image = rig_filled_image(rig, data, sizeof data, 11);
    rig_start(rig, "atmega328p");
    rig_interrupt_at(rig, 1);
    rig_assert_error(rig, rig_flash(rig, image, RIG_WRITE), AVRSPI_ERR_INTERRUPTED, "", "");
    rig->interrupt = 0;
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1));
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

/* --- links */

static int write_flash(struct rig *rig, const struct avrspi_image *image)
{
    return rig_flash(rig, image, RIG_WRITE);
}

static int write_eeprom(struct rig *rig, const struct avrspi_image *image)
{
    return rig_eeprom(rig, image, true);
}

/* Breaks the link at each of the first transfers, and then lets the write come to its end. */
static void break_each_of(unsigned transfers, struct rig *rig, const struct avrspi_image *image,
                          int (*write)(struct rig *rig, const struct avrspi_image *image))
{
    for (unsigned n = 1; n <= transfers; n++) {
        rig_start(rig, "atmega328p");
        rig->wire->broken_transfer = n;
        rig_assert_error(rig, write(rig, image), AVRSPI_ERR_DEVICE, "the wire broke", "");
        rig_unplug(rig);
    }
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, write(rig, image));
}

static void write_over_a_link_that_breaks(void **state)
{
    struct rig *rig = *state;
    uint8_t data[SIZE];

    break_each_of(19, rig, rig_filled_image(rig, data, sizeof data, 12), write_flash);
    rig_assert_flash(rig, "atmega328p", 0, data, sizeof data);
}

static void eeprom_over_a_link_that_breaks(void **state)
{
    struct rig *rig = *state;
    uint8_t data[12];

    break_each_of(4, rig, rig_filled_image(rig, data, sizeof data, 13), write_eeprom);
    assert_memory_equal(rig_load(rig, "atmega328p")->eeprom, data, sizeof data);
}

static void find_again_over_a_link_that_breaks(void **state)
{
    struct rig *rig = *state;
    uint8_t byte;

    rig_start(rig, "atmega328p,fault=power-loss:100");
    rig->wire->broken_reset = 1;
    for (int n = 0; n < 20; n++) {
        int result = rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1);

        if (result == 0)
            continue;
        rig_assert_error(rig, result, AVRSPI_ERR_DEVICE, "the wire broke", "");
        return;
    }
    fail_msg("the power was not lost");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(interrupt_from_an_event),
        RIG_TEST(event_callback_stops_the_work),
        RIG_TEST(interrupt_at_any_moment),
        RIG_TEST(work_after_an_interrupt),
        RIG_TEST(write_over_a_link_that_breaks),
        RIG_TEST(eeprom_over_a_link_that_breaks),
        RIG_TEST(find_again_over_a_link_that_breaks),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
