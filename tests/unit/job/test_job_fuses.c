/* SPDX-License-Identifier: MIT */
/* Jobs that write fuses: what is refused of values that the user chose, and of a file's; and the
 * warning of a chip that would start in a blank boot section. */
#include "rig.h"

static int job(struct rig *rig, uint8_t low, uint8_t high, uint8_t lock, bool lenient)
{
    const struct avrspi_request request = {
        .fuses = {.given = {true, true, false, true}, .value = {low, high, 0xFF, lock}},
        .lenient = lenient,
    };

    return avrspi_job_run(rig->session, &request, &rig->result, &rig->error);
}

static void assert_fuses(struct rig *rig, uint8_t low, uint8_t high, uint8_t lock)
{
    const uint8_t *fuse;

    rig_unplug(rig);
    fuse = rig_load(rig, "atmega328p")->fuse;
    assert_int_equal(fuse[AVRSPI_FUSE_LOW], low);
    assert_int_equal(fuse[AVRSPI_FUSE_HIGH], high);
    assert_int_equal(fuse[AVRSPI_FUSE_LOCK], lock);
}

static void job_with_reserved_values(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_error(rig, job(rig, 0x61, 0xD9, 0xFF, false), AVRSPI_ERR_REFUSED,
                     "0x21 is a reserved value of SUT_CKSEL", "nothing was written");
    rig_assert_error(rig, job(rig, 0x62, 0xD9, 0xFD, false), AVRSPI_ERR_REFUSED, "LB = 01", "");
    assert_fuses(rig, 0x62, 0xD9, 0xFF);
}

static void lenient_job_with_reserved_values(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, job(rig, 0x61, 0xD9, 0xFD, true));
    assert_fuses(rig, 0x61, 0xD9, 0xFD);
}

static void lenient_job_that_ends_programming(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_error(rig, job(rig, 0x61, 0x99, 0xFF, true), AVRSPI_ERR_REFUSED, "DWEN", "");
    assert_fuses(rig, 0x62, 0xD9, 0xFF);
}

/* What one job may do the next may not. */
static void lenient_job_before_another(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, job(rig, 0x62, 0xD9, 0xFF, true));
    rig_assert_error(rig, job(rig, 0x61, 0xD9, 0xFF, false), AVRSPI_ERR_REFUSED, "SUT_CKSEL", "");
    assert_fuses(rig, 0x62, 0xD9, 0xFF);
}

/* The request decides, whatever the session was opened with; the next call is on its own. */
static void forced_job(void **state)
{
    const struct avrspi_request request = {
        .fuses = {.given = {true}, .value = {0x61}},
        .force = true,
    };
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, avrspi_job_run(rig->session, &request, &rig->result, &rig->error));
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0x71), AVRSPI_ERR_REFUSED,
                     "SUT_CKSEL", "");
    assert_fuses(rig, 0x61, 0xD9, 0xFF);
}

/* --- BOOTRST, and what is in the boot section */

/* ATmega328P with BOOTSZ = 11: 256 words from here on. */
enum {
    BOOT_START = 0x7E00,
};

static int count_blank_boots(void *user, const struct avrspi_event *event)
{
    unsigned *count = user;

    if (event->kind == AVRSPI_EVENT_WARNING && event->warning == AVRSPI_WARNING_BOOT_BLANK) {
        assert_int_equal(event->hazard->address, BOOT_START);
        ++*count;
    }
    return 0;
}

/* Whether the flash had a bootloader, which jobs write a page elsewhere, and which warn. */
static void boot_section_that_is_blank_or_not(void **state)
{
    static const struct {
        bool bootloader;
        struct avrspi_request request;
        uint32_t written; /* address of the page */
        unsigned warnings;
    } rows[] = {
        {false, {.erase = true}, 0, 1},
        {false, {.update = true}, 0, 1},
        {false, {0}, 0, 1},
        {true, {.erase = true}, 0, 1},
        {true, {.update = true}, 0, 0},
        {true, {0}, 0, 0},
        {false, {.erase = true}, BOOT_START, 0},
        {false, {.update = true}, BOOT_START, 0},
        {false, {0}, BOOT_START, 0},
    };
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_request request = rows[n].request;
        unsigned warnings = 0;

        request.flash = rig_image_of(rig, rows[n].written, (const uint8_t[]){0x0C, 0x94}, 2);
        request.fuses.given[AVRSPI_FUSE_HIGH] = true;
        request.fuses.value[AVRSPI_FUSE_HIGH] = 0xDE;
        if (rows[n].bootloader)
            memset(rig_new_chip(rig, "atmega328p")->flash + BOOT_START, 0x0C, 2);
        else
            (void)rig_new_chip(rig, "atmega328p");
        rig_save(rig, "atmega328p");
        rig->config.event = count_blank_boots;
        rig->config.user = &warnings;
        rig_start(rig, "atmega328p");
        rig_assert_ok(rig, avrspi_job_run(rig->session, &request, &rig->result, &rig->error));
        rig_unplug(rig);
        if (warnings != rows[n].warnings)
            fail_msg("row %zu: %u warnings, expected %u", n, warnings, rows[n].warnings);
        for (; rig->n_images > 0; rig->n_images--)
            avrspi_image_free(rig->images[rig->n_images - 1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(job_with_reserved_values),
        RIG_TEST(lenient_job_with_reserved_values),
        RIG_TEST(lenient_job_that_ends_programming),
        RIG_TEST(lenient_job_before_another),
        RIG_TEST(forced_job),
        RIG_TEST(boot_section_that_is_blank_or_not),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
