/* SPDX-License-Identifier: MIT */
/* The looks after a disturbance: at what it may have reached, and at nothing else. */
#include "rig.h"

#include "isp/isp.h"
#include "job/job.h"

enum {
    PAGE = 128,
    PAGES = 256,
    READ_LOW = 0x20,
    READ_EEPROM = 0xA0,
};

/* A job that knows nothing of the memories. */
static const struct avrspi_plan nothing_known;

static int audit(struct rig *rig, const struct avrspi_plan *plan, bool erased, unsigned reached)
{
    rig->session->reached = reached;
    wire_forget(rig->wire);
    return avrspi_job_audit(rig->session, plan, erased, &rig->error);
}

/* --- where it looks */

static void audit_of_nothing_reached(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, audit(rig, &nothing_known, false, 0));
    assert_int_equal(rig->wire->n_sent, 0);
}

static void audit_of_fuses_looks_at_no_memory(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, audit(rig, &nothing_known, true, AVRSPI_REACHED_FUSES));
    assert_int_equal(wire_count(rig->wire, READ_LOW), 0);
    assert_int_equal(wire_count(rig->wire, READ_EEPROM), 0);
}

static void audit_of_flash_looks_at_no_eeprom(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, audit(rig, &nothing_known, true, AVRSPI_REACHED_FLASH));
    assert_int_equal(wire_count(rig->wire, READ_LOW), PAGE * PAGES / 2);
    assert_int_equal(wire_count(rig->wire, READ_EEPROM), 0);
}

static void audit_of_eeprom_looks_at_no_flash(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, audit(rig, &nothing_known, true, AVRSPI_REACHED_EEPROM));
    assert_int_equal(wire_count(rig->wire, READ_LOW), 0);
    assert_int_equal(wire_count(rig->wire, READ_EEPROM), 1024);
}

static void audit_of_what_the_job_never_read(void **state)
{
    struct rig *rig = *state;

    for (int n = 0; n < 2; n++) {
        rig_new_chip(rig, "atmega328p")->flash[0] = n ? 0xFF : 0x0C;
        rig_save(rig, "atmega328p");
        rig_start(rig, "atmega328p");
        rig_assert_error(
            rig, audit(rig, &nothing_known, false, AVRSPI_REACHED_FLASH | AVRSPI_REACHED_EEPROM),
            AVRSPI_ERR_VERIFY, "flash and eeprom may have changed",
            n ? "flash begins blank now: the chip may have been erased"
              : "compare the chip with what should be there");
        assert_int_equal(wire_count(rig->wire, READ_LOW), 32);
        assert_int_equal(wire_count(rig->wire, READ_EEPROM), 0);
        rig_unplug(rig); /* no violation */
    }
}

/* --- what it finds: the first thing that is wrong ends it */

/* A low fuse of 0x60. */
static void say_other_fuse(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    if (out[0] == 0x50 && out[1] == 0x00)
        in[3] = 0x60;
}

static void audit_of_a_fuse_that_changed(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig->wire->tamper = say_other_fuse;
    rig_assert_error(rig, audit(rig, &nothing_known, false, AVRSPI_REACHED_ALL), AVRSPI_ERR_VERIFY,
                     "the low byte was changed by a disturbance on the wires: it reads 0x60, "
                     "expected 0x62",
                     "");
    assert_int_equal(wire_count(rig->wire, READ_LOW), 0);
    assert_int_equal(wire_count(rig->wire, READ_EEPROM), 0);
}

static void audit_of_flash_that_changed(void **state)
{
    struct rig *rig = *state;

    rig_new_chip(rig, "atmega328p")->flash[0x1234] = 0x7F;
    rig_save(rig, "atmega328p");
    rig_start(rig, "atmega328p");
    rig_assert_error(rig, audit(rig, &nothing_known, true, AVRSPI_REACHED_ALL), AVRSPI_ERR_VERIFY,
                     "flash differs at 0x1234: expected 0xFF, found 0x7F (1 byte in all)", "");
    assert_int_equal(wire_count(rig->wire, READ_EEPROM), 0);
}

/* --- its progress */

struct seen {
    size_t events, done, total;
};

static int watch(void *user, const struct avrspi_event *event)
{
    struct seen *seen = user;

    if (event->kind != AVRSPI_EVENT_PROGRESS)
        return 0;
    assert_int_equal(event->stage, AVRSPI_STAGE_VERIFY);
    assert_true(event->done > seen->done);
    assert_true(seen->events == 0 || event->total == seen->total);
    *seen = (struct seen){.events = seen->events + 1, .done = event->done, .total = event->total};
    return 0;
}

/* Every second page is known: they are one progress. */
static void progress_of_an_audit(void **state)
{
    struct rig *rig = *state;
    uint8_t *content = malloc(PAGES * PAGE);
    bool known[PAGES];
    const struct avrspi_plan plan = {.flash = {.wanted = content, .read = known}};
    struct seen seen = {0};

    assert_non_null(content);
    memset(content, 0xFF, PAGES * PAGE);
    for (size_t n = 0; n < PAGES; n++)
        known[n] = n % 2;
    rig->config.event = watch;
    rig->config.user = &seen;
    rig_start(rig, "atmega328p");
    rig_assert_error(rig, audit(rig, &plan, false, AVRSPI_REACHED_FLASH), AVRSPI_ERR_VERIFY,
                     "flash may have changed", "");
    assert_int_equal(seen.total, PAGES * PAGE / 2);
    assert_int_equal(seen.done, seen.total);
    free(content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(audit_of_nothing_reached),          RIG_TEST(audit_of_fuses_looks_at_no_memory),
        RIG_TEST(audit_of_flash_looks_at_no_eeprom), RIG_TEST(audit_of_eeprom_looks_at_no_flash),
        RIG_TEST(audit_of_what_the_job_never_read),  RIG_TEST(audit_of_a_fuse_that_changed),
        RIG_TEST(audit_of_flash_that_changed),       RIG_TEST(progress_of_an_audit),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
