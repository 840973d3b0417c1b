/* SPDX-License-Identifier: MIT */
/* The boot section over a chip erase: kept with 'keep_boot', and otherwise warned of. */
#include "rig.h"

#include <glob.h>
#include <unistd.h>

#include "base/file.h"
#include "isp/isp.h"

enum {
    PAGE = 128,
    PROGRAM = 2 * PAGE,
    FLASH = 32768,
    START = 0x7E00, /* ATmega328P with BOOTSZ = 11 */
    BOOT = FLASH - START,
    LOADER = 400, /* bytes of the bootloader */
};

static const uint8_t starts_in_boot_section[] = {0x62, 0xDE, 0xFF, 0xFF};
static const uint8_t starts_at_0[] = {0x62, 0xDF, 0xFF, 0xFF};
static const uint8_t locked[] = {0x62, 0xDE, 0xFF, 0xFC};

/* A chip with a program of 0x11 and a bootloader, which is stored in 'loader' too. */
static void new_chip(struct rig *rig, const uint8_t fuses[AVRSPI_FUSES], uint8_t loader[LOADER])
{
    struct avrspi_sim_silicon *chip = rig_new_chip(rig, "atmega328p");

    rig_fill(loader, LOADER, 9);
    memset(chip->flash, 0x11, PROGRAM);
    memcpy(chip->flash + START, loader, LOADER);
    memcpy(chip->fuse, fuses, AVRSPI_FUSES);
    rig_save(rig, "atmega328p");
}

static void free_images(struct rig *rig)
{
    for (; rig->n_images > 0; rig->n_images--)
        avrspi_image_free(rig->images[rig->n_images - 1]);
}

static int run(struct rig *rig, const struct avrspi_request *request)
{
    return avrspi_job_run(rig->session, request, &rig->result, &rig->error);
}

static void assert_boot(struct rig *rig, const uint8_t loader[LOADER])
{
    const uint8_t *flash;

    rig_unplug(rig);
    flash = rig_load(rig, "atmega328p")->flash;
    assert_memory_equal(flash + START, loader, LOADER);
    rig_assert_blank(flash + START + LOADER, BOOT - LOADER);
}

/* --- it is kept */

static void flash_keeps_it(void **state)
{
    struct rig *rig = *state;
    uint8_t loader[LOADER], program[PROGRAM];
    struct avrspi_request request = {.erase = true, .keep_boot = true};

    new_chip(rig, starts_in_boot_section, loader);
    request.flash = rig_filled_image(rig, program, sizeof program, 1);
    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_ok(rig, run(rig, &request));
    assert_int_equal(rig->result.boot_kept, LOADER);
    assert_true(rig->result.flash.verified);
    assert_int_equal(wire_count(rig->wire, 0x4C), 2 + 4); /* pages that are not blank */
    assert_boot(rig, loader);
    assert_memory_equal(rig_load(rig, "atmega328p")->flash, program, sizeof program);
}

static void erase_keeps_it(void **state)
{
    const struct avrspi_request request = {.erase = true, .keep_boot = true};
    struct rig *rig = *state;
    uint8_t loader[LOADER];

    new_chip(rig, starts_at_0, loader);
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, run(rig, &request));
    assert_int_equal(rig->result.boot_kept, LOADER);
    assert_boot(rig, loader);
    rig_assert_blank(rig_load(rig, "atmega328p")->flash, START);
}

/* An update reads the boot section only where it erases. */
static void update_keeps_it(void **state)
{
    static const struct {
        uint8_t program; /* over 0x11 */
        size_t kept;
    } rows[] = {{0x10, 0}, {0x22, LOADER}};
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        uint8_t loader[LOADER];
        struct avrspi_request request = {.update = true, .verify = true, .keep_boot = true};

        new_chip(rig, starts_in_boot_section, loader);
        request.flash = rig_image_of(rig, 0, &rows[n].program, 1);
        rig_start(rig, "atmega328p");
        rig_assert_ok(rig, run(rig, &request));
        assert_int_equal(rig->result.boot_kept, rows[n].kept);
        assert_boot(rig, loader);
        assert_int_equal(rig_load(rig, "atmega328p")->flash[0], rows[n].program);
    }
}

static void eeprom_is_kept_too(void **state)
{
    const struct avrspi_request request = {.erase = true, .keep_boot = true, .keep_eeprom = true};
    struct rig *rig = *state;
    uint8_t loader[LOADER];

    new_chip(rig, starts_in_boot_section, loader);
    rig->silicon->eeprom[3] = 0x33;
    rig_save(rig, "atmega328p");
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, run(rig, &request));
    assert_boot(rig, loader);
    assert_int_equal(rig_load(rig, "atmega328p")->eeprom[3], 0x33);
}

/* --- what the image has there */

static void image_with_the_same_bytes(void **state)
{
    struct rig *rig = *state;
    uint8_t loader[LOADER];
    struct avrspi_request request = {.erase = true, .keep_boot = true};

    new_chip(rig, starts_in_boot_section, loader);
    request.flash = rig_image_of(rig, START + 100, loader + 100, 50);
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, run(rig, &request));
    assert_boot(rig, loader);
}

static void image_with_other_bytes(void **state)
{
    static const struct avrspi_request rows[] = {
        {.erase = true, .keep_boot = true},
        {.update = true, .keep_boot = true},
        {.keep_boot = true},
    };
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        uint8_t loader[LOADER], text[64];
        struct avrspi_request request = rows[n];
        char message[80];

        new_chip(rig, starts_in_boot_section, loader);
        request.flash = rig_image_of(rig, START + 7, (const uint8_t[]){loader[7] & 0x10}, 1);
        (void)snprintf(message, sizeof message, "0x%02X at 0x7E07, where the boot section",
                       loader[7] & 0x10);
        rig_start(rig, "atmega328p");
        wire_forget(rig->wire);
        rig_assert_error(rig, run(rig, &request), AVRSPI_ERR_REFUSED, message, "left as it is");
        rig_assert_advice(rig, AVRSPI_ADVICE_REPLACE_BOOT);
        assert_int_equal(wire_count(rig->wire, 0xAC), 0);
        assert_boot(rig, loader);
        memset(text, 0x11, sizeof text);
        assert_memory_equal(rig_load(rig, "atmega328p")->flash, text, sizeof text);
    }
}

/* --- what is refused */

static void chip_without_a_boot_section(void **state)
{
    const struct avrspi_request request = {.erase = true, .keep_boot = true};
    struct rig *rig = *state;

    rig_start(rig, "attiny85");
    rig_assert_error(rig, run(rig, &request), AVRSPI_ERR_REFUSED,
                     "the ATtiny85 has no boot section", "nothing was written");
}

static void locked_chip(void **state)
{
    const struct avrspi_request request = {.erase = true, .keep_boot = true};
    struct rig *rig = *state;
    uint8_t loader[LOADER];

    new_chip(rig, locked, loader);
    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_error(rig, run(rig, &request), AVRSPI_ERR_REFUSED, "do not allow reading", "");
    assert_int_equal(wire_count(rig->wire, 0xAC), 0);
    assert_boot(rig, loader);
}

/* --- the copy */

static int count_notes(void *user, const struct avrspi_event *event)
{
    unsigned *count = user;

    *count +=
        event->kind == AVRSPI_EVENT_WARNING && event->warning == AVRSPI_WARNING_BOOT_NOT_RESTORED;
    return 0;
}

static void copy_outlives_a_power_loss(void **state)
{
    char folder[] = "/tmp/test-boot-XXXXXX", pattern[64];
    const struct avrspi_request request = {.erase = true, .keep_boot = true};
    struct rig *rig = *state;
    uint8_t loader[LOADER], found[BOOT];
    struct avrspi_image *image;
    unsigned notes = 0;
    glob_t files;

    assert_non_null(mkdtemp(folder));
    (void)snprintf(pattern, sizeof pattern, "%s/boot-*.hex", folder);
    rig->config.notes_folder = folder;
    new_chip(rig, starts_in_boot_section, loader);
    rig_start(rig, "atmega328p,fault=power-loss:4800"); /* the erase is over */
    assert_int_equal(run(rig, &request), AVRSPI_ERR_NO_TARGET);
    assert_true(rig->result.erased);
    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    assert_int_equal(avrspi_image_read(&image, AVRSPI_FORMAT_AUTO, files.gl_pathv[0], &rig->error),
                     0);
    assert_int_equal(avrspi_image_get(image, START, found, BOOT, 0), BOOT);
    assert_memory_equal(found, loader, LOADER);
    avrspi_image_free(image);
    rig->config.event = count_notes;
    rig->config.user = &notes;
    rig_restart(rig, "atmega328p,fault=power-loss:4800");
    assert_int_equal(notes, 1);
    avrspi_note_forget(files.gl_pathv[0]);
    assert_int_equal(rmdir(folder), 0);
    globfree(&files);
}

static void copy_is_gone_when_all_is_well(void **state)
{
    char folder[] = "/tmp/test-boot-XXXXXX";
    const struct avrspi_request request = {.erase = true, .keep_boot = true};
    struct rig *rig = *state;
    uint8_t loader[LOADER];

    assert_non_null(mkdtemp(folder));
    rig->config.notes_folder = folder;
    new_chip(rig, starts_in_boot_section, loader);
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, run(rig, &request));
    assert_int_equal(rmdir(folder), 0);
}

/* --- it is lost */

static int count_lost_boots(void *user, const struct avrspi_event *event)
{
    unsigned *count = user;

    if (event->kind == AVRSPI_EVENT_WARNING && event->warning == AVRSPI_WARNING_BOOT_LOST) {
        assert_int_equal(event->address, START);
        ++*count;
    }
    return 0;
}

static void warning_of_a_bootloader_that_is_lost(void **state)
{
    static const struct {
        const uint8_t *fuses;
        struct avrspi_request request;
        uint32_t address; /* of a byte that the image has; 0xFFFF: no image */
        uint8_t byte;
        unsigned warnings;
    } rows[] = {
        {starts_in_boot_section, {.erase = true}, 0, 0x22, 1},
        {starts_in_boot_section, {.update = true}, 0, 0x22, 1},
        {starts_in_boot_section, {.update = true}, 0, 0x10, 0}, /* no erase */
        {starts_in_boot_section, {.erase = true, .keep_boot = true}, 0, 0x22, 0},
        {starts_in_boot_section, {.erase = true}, START + 20, 0x22, 0},
        {starts_in_boot_section, {.erase = true}, 0xFFFF, 0, 0},
        {starts_at_0, {.erase = true}, 0, 0x22, 0},
        {locked, {.erase = true}, 0, 0x22, 0},
    };
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_request request = rows[n].request;
        uint8_t loader[LOADER];
        unsigned warnings = 0;

        new_chip(rig, rows[n].fuses, loader);
        if (rows[n].address != 0xFFFF)
            request.flash = rig_image_of(rig, rows[n].address, &rows[n].byte, 1);
        rig->config.event = count_lost_boots;
        rig->config.user = &warnings;
        rig_start(rig, "atmega328p");
        rig_assert_ok(rig, run(rig, &request));
        rig_unplug(rig);
        if (warnings != rows[n].warnings)
            fail_msg("row %zu: %u warnings, expected %u", n, warnings, rows[n].warnings);
        free_images(rig);
    }
}

static void no_warning_of_a_boot_section_that_is_blank(void **state)
{
    struct rig *rig = *state;
    struct avrspi_request request = {.erase = true};
    unsigned warnings = 0;

    rig_new_fused(rig, "atmega328p", starts_in_boot_section);
    request.flash = rig_image_of(rig, 0, (const uint8_t[]){0x22}, 1);
    rig->config.event = count_lost_boots;
    rig->config.user = &warnings;
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, run(rig, &request));
    assert_int_equal(warnings, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(flash_keeps_it),
        RIG_TEST(erase_keeps_it),
        RIG_TEST(update_keeps_it),
        RIG_TEST(eeprom_is_kept_too),
        RIG_TEST(image_with_the_same_bytes),
        RIG_TEST(image_with_other_bytes),
        RIG_TEST(chip_without_a_boot_section),
        RIG_TEST(locked_chip),
        RIG_TEST(copy_outlives_a_power_loss),
        RIG_TEST(copy_is_gone_when_all_is_well),
        RIG_TEST(warning_of_a_bootloader_that_is_lost),
        RIG_TEST(no_warning_of_a_boot_section_that_is_blank),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
