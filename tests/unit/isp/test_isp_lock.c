/* SPDX-License-Identifier: MIT */
/* What lock bits forbid, and the way out. */
#include "rig.h"

static void start_locked(struct rig *rig, uint8_t lock)
{
    struct avrspi_sim_silicon *silicon = rig_new_chip(rig, "atmega328p");

    rig_fill(silicon->flash, 256, 1);
    silicon->fuse[AVRSPI_FUSE_LOCK] = lock;
    rig_save(rig, "atmega328p");
    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
}

static void lock_bits_do_not_rise(void **state)
{
    struct rig *rig = *state;

    start_locked(rig, 0xCF);
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOCK, 0xFF), AVRSPI_ERR_REFUSED,
                     "lock bits can't go from 0xCF back to 0xFF: only a chip erase sets them",
                     "nothing was written");
    rig_assert_advice(rig, AVRSPI_ADVICE_ERASE);
    assert_int_equal(rig->wire->n_sent, 0);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOCK, 0xC3));
    rig_assert_ok(rig, avrspi_session_erase(rig->session, &rig->error));
    assert_int_equal(avrspi_session_fuses(rig->session).value[AVRSPI_FUSE_LOCK], 0xFF);
    rig_assert_ok(rig, avrspi_session_read_fuses(rig->session, &rig->error));
    assert_int_equal(avrspi_session_fuses(rig->session).value[AVRSPI_FUSE_LOCK], 0xFF);
}

/* Boot lock bits alone forbid a programmer nothing. */
static void boot_lock_bits_do_not_matter(void **state)
{
    struct rig *rig = *state;
    uint8_t byte;

    start_locked(rig, 0xC3);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1));
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2));
}

static void mode_2_forbids_writing(void **state)
{
    struct rig *rig = *state;
    struct avrspi_image *image = rig_image_of(rig, 0x1000, (const uint8_t[]){1}, 1);
    struct avrspi_image *eeprom = rig_image_of(rig, 0, (const uint8_t[]){1}, 1);
    uint8_t byte;

    start_locked(rig, 0xFE);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1));
    wire_forget(rig->wire);
    rig_assert_error(rig, rig_flash(rig, image, RIG_NO_ERASE), AVRSPI_ERR_REFUSED,
                     "the lock bits (0xFE) do not allow writing the flash",
                     "a chip erase clears them");
    rig_assert_advice(rig, AVRSPI_ADVICE_ERASE);
    rig_assert_error(rig, rig_eeprom(rig, eeprom, true), AVRSPI_ERR_REFUSED,
                     "do not allow writing the eeprom", "a chip erase clears them");
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2), AVRSPI_ERR_REFUSED,
                     "do not allow writing the low byte", "a chip erase clears them");
    assert_int_equal(rig->wire->n_sent, 0);
}

static void mode_2_may_become_mode_3(void **state)
{
    struct rig *rig = *state;

    start_locked(rig, 0xFE);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOCK, 0xFC));
    assert_int_equal(rig_load(rig, "atmega328p")->fuse[AVRSPI_FUSE_LOCK], 0xFC);
}

static void mode_2_update_of_what_is_there_reads_only(void **state)
{
    struct rig *rig = *state;
    uint8_t data[256];

    rig_fill(data, sizeof data, 1);
    start_locked(rig, 0xFE);
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_UPDATE));
    assert_int_equal(rig->report.pages_written, 0);
    assert_false(rig->result.erased);
}

/* A bit that only has to fall can't in mode 2: the erase is needed for the lock bits. */
static void mode_2_update_of_a_difference_erases(void **state)
{
    struct rig *rig = *state;
    uint8_t data[256];

    rig_fill(data, sizeof data, 1);
    data[5] = 0x00;
    start_locked(rig, 0xFE);
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_UPDATE));
    assert_true(rig->result.erased);
    assert_memory_equal(rig_load(rig, "atmega328p")->flash, data, sizeof data);
    assert_int_equal(rig->silicon->fuse[AVRSPI_FUSE_LOCK], 0xFF);
}

static void mode_3_forbids_reading_too(void **state)
{
    struct rig *rig = *state;
    struct avrspi_image *image = rig_image_of(rig, 0, (const uint8_t[]){1}, 1);
    const char *erase = "a chip erase clears them, and all the chip holds";
    uint8_t byte;

    start_locked(rig, 0xFC);
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1), AVRSPI_ERR_REFUSED,
                     "the lock bits (0xFC) do not allow reading: flash would read as junk", erase);
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_EEPROM, 0, &byte, 1), AVRSPI_ERR_REFUSED,
                     "eeprom would read as junk", erase);
    rig_assert_error(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, false), AVRSPI_ERR_REFUSED,
                     "do not allow reading", erase);
    rig_assert_error(rig, rig_flash(rig, image, RIG_UPDATE), AVRSPI_ERR_REFUSED,
                     "do not allow reading", erase);
    rig_assert_error(rig, rig_flash(rig, image, RIG_NO_ERASE), AVRSPI_ERR_REFUSED,
                     "do not allow writing the flash", erase);
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOCK, 0xC0), AVRSPI_ERR_REFUSED,
                     "do not allow writing the lock byte", erase);
    assert_int_equal(rig->wire->n_sent, 0);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_SIGNATURE, 0, &byte, 1));
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_CALIBRATION, 0, &byte, 1));
}

/* LB = 01 is in no table of a datasheet: taken as the most locked. */
static void undefined_bits_forbid_what_mode_3_does(void **state)
{
    struct rig *rig = *state;
    struct avrspi_image *image = rig_image_of(rig, 0, (const uint8_t[]){1}, 1);
    uint8_t byte;

    start_locked(rig, 0xFD);
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1), AVRSPI_ERR_REFUSED,
                     "the lock bits (0xFD) do not allow reading: flash would read as junk",
                     "a chip erase clears them");
    rig_assert_advice(rig, AVRSPI_ADVICE_ERASE);
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_EEPROM, 0, &byte, 1), AVRSPI_ERR_REFUSED,
                     "eeprom would read as junk", "");
    rig_assert_error(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, false), AVRSPI_ERR_REFUSED,
                     "do not allow reading", "");
    rig_assert_error(rig, rig_flash(rig, image, RIG_UPDATE), AVRSPI_ERR_REFUSED,
                     "do not allow reading", "");
    rig_assert_error(rig, rig_flash(rig, image, RIG_NO_ERASE), AVRSPI_ERR_REFUSED,
                     "do not allow writing the flash", "");
    rig_assert_error(rig, rig_eeprom(rig, image, true), AVRSPI_ERR_REFUSED,
                     "do not allow writing the eeprom", "");
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2), AVRSPI_ERR_REFUSED,
                     "do not allow writing the low byte", "");
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOCK, 0xFC), AVRSPI_ERR_REFUSED,
                     "do not allow writing the lock byte", "");
    assert_int_equal(rig->wire->n_sent, 0);
}

static void undefined_bits_are_not_written(void **state)
{
    struct rig *rig = *state;

    start_locked(rig, 0xFF);
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOCK, 0xFD), AVRSPI_ERR_REFUSED,
                     "no datasheet defines LB = 01: 11 is mode 1 (no lock), 10 mode 2 "
                     "(no writing), 00 mode 3 (no writing, no reading)",
                     "nothing was written");
    rig_assert_advice(rig, AVRSPI_ADVICE_FORCE);
    assert_int_equal(rig->wire->n_sent, 0);
    assert_int_equal(rig_load(rig, "atmega328p")->fuse[AVRSPI_FUSE_LOCK], 0xFF);
}

static void undefined_bits_are_written_by_who_insists(void **state)
{
    struct rig *rig = *state;
    uint8_t byte;

    rig->config.force = true;
    start_locked(rig, 0xFF);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOCK, 0xFD));
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1), AVRSPI_ERR_REFUSED,
                     "do not allow reading", "");
    rig_assert_ok(rig, avrspi_session_erase(rig->session, &rig->error));
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1));
    assert_int_equal(byte, 0xFF);
}

static void erase_unlocks(void **state)
{
    struct rig *rig = *state;
    uint8_t byte = 0;

    start_locked(rig, 0xFC);
    rig_assert_ok(rig, avrspi_session_erase(rig->session, &rig->error));
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1));
    assert_int_equal(byte, 0xFF);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2));
}

static void write_with_an_erase_unlocks(void **state)
{
    struct rig *rig = *state;
    uint8_t data[200];

    rig_fill(data, sizeof data, 2);
    start_locked(rig, 0xFC);
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE));
    assert_memory_equal(rig_load(rig, "atmega328p")->flash, data, sizeof data);
}

/* A chip of which only the five facts are known: no field is named LB. */
static void lock_bits_of_a_chip_without_fields(void **state)
{
    struct rig *rig = *state;
    uint8_t byte;

    rig_add_chips("[Plain]\nsignature = 1E 00 02\nflash_size = 1024\nflash_page = 32\n"
                  "fuse_masks = FF 00 00 03\n");
    rig_new_chip(rig, "plain")->fuse[AVRSPI_FUSE_LOCK] = 0xFC;
    rig_save(rig, "plain");
    rig_start(rig, "plain");
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1), AVRSPI_ERR_REFUSED,
                     "do not allow reading", "");
}

/* --- a signature that the lock bits hide: nothing else of that chip is relied on */

static void start_hidden(struct rig *rig, const char *chip, const char *words)
{
    rig->config.chip = rig_chip(chip);
    rig->config.force = true;
    rig_start(rig, words);
    wire_forget(rig->wire);
}

static void a_hidden_signature_is_lock_mode_3(void **state)
{
    struct rig *rig = *state;
    struct avrspi_fuses fuses;
    uint8_t byte;

    rig_new_chip(rig, "at90s2313")->fuse[AVRSPI_FUSE_LOCK] = 0xF9;
    rig_save(rig, "at90s2313");
    start_hidden(rig, "at90s2313", "at90s2313");
    fuses = avrspi_session_fuses(rig->session);
    assert_true(fuses.given[AVRSPI_FUSE_LOCK]);
    assert_int_equal(fuses.value[AVRSPI_FUSE_LOCK], 0xF9);
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_EEPROM, 0, &byte, 1), AVRSPI_ERR_REFUSED,
                     "do not allow reading: eeprom would read as junk", "a chip erase clears them");
    assert_int_equal(rig->wire->n_sent, 0);
    rig_assert_ok(rig, avrspi_session_erase(rig->session, &rig->error));
    assert_memory_equal(avrspi_session_signature_bytes(rig->session),
                        rig_chip("at90s2313")->signature, 3);
    assert_false(avrspi_session_fuses(rig->session).given[AVRSPI_FUSE_LOCK]);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_EEPROM, 0, &byte, 1));
}

/* Fuses that read as 0 would be an EESAVE that keeps the EEPROM. */
static void a_hidden_signature_hides_the_fuses(void **state)
{
    struct rig *rig = *state;
    struct avrspi_fuses fuses;

    rig_new_chip(rig, "atmega328p")->fuse[AVRSPI_FUSE_HIGH] = 0xD1;
    rig_save(rig, "atmega328p");
    start_hidden(rig, "atmega328p", "atmega328p,signature=000102");
    fuses = avrspi_session_fuses(rig->session);
    assert_false(fuses.given[AVRSPI_FUSE_LOW] || fuses.given[AVRSPI_FUSE_HIGH]);
    assert_false(avrspi_erase_keeps_eeprom(avrspi_session_chip(rig->session), &fuses));
    rig_assert_error(rig, avrspi_session_erase(rig->session, &rig->error), AVRSPI_ERR_VERIFY,
                     "the signature still reads 00 01 02: whether the chip is erased is not known",
                     "supply");
}

/* Each of two chips that is named in place of the other: one that is waited for, one that polls. */
static void a_hidden_signature_shows_another_chip(void **state)
{
    static const char *const named[] = {"at90s8515", "atmega328p"};
    struct rig *rig = *state;

    for (size_t n = 0; n < sizeof named / sizeof *named; n++) {
        rig_new_chip(rig, "at90s2313")->fuse[AVRSPI_FUSE_LOCK] = 0xF9;
        rig_save(rig, "at90s2313");
        start_hidden(rig, named[n], "at90s2313");
        rig_assert_error(rig, avrspi_session_erase(rig->session, &rig->error), AVRSPI_ERR_SIGNATURE,
                         "the chip is erased, and shows 1E 91 01 now (AT90S2313): it is no AT",
                         "nothing else");
        rig_assert_advice(rig, AVRSPI_ADVICE_ANY_CHIP);
        rig_unplug(rig); /* no violation */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(lock_bits_do_not_rise),
        RIG_TEST(boot_lock_bits_do_not_matter),
        RIG_TEST(mode_2_forbids_writing),
        RIG_TEST(mode_2_may_become_mode_3),
        RIG_TEST(mode_2_update_of_what_is_there_reads_only),
        RIG_TEST(mode_2_update_of_a_difference_erases),
        RIG_TEST(mode_3_forbids_reading_too),
        RIG_TEST(undefined_bits_forbid_what_mode_3_does),
        RIG_TEST(undefined_bits_are_not_written),
        RIG_TEST(undefined_bits_are_written_by_who_insists),
        RIG_TEST(erase_unlocks),
        RIG_TEST(write_with_an_erase_unlocks),
        RIG_TEST(lock_bits_of_a_chip_without_fields),
        RIG_TEST(a_hidden_signature_is_lock_mode_3),
        RIG_TEST(a_hidden_signature_hides_the_fuses),
        RIG_TEST(a_hidden_signature_shows_another_chip),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
