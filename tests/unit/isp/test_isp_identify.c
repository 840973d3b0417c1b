/* SPDX-License-Identifier: MIT */
/* Which chip it is. */
#include "rig.h"

/* --- chips of every kind */

static void identify(struct rig *rig, const char *chip, const char *found)
{
    const struct avrspi_chip *expected = rig_chip(chip);
    uint8_t signature[3];

    rig_start(rig, chip);
    assert_string_equal(avrspi_session_chip(rig->session)->name, found);
    rig_assert_ok(rig, avrspi_session_signature(rig->session, signature, &rig->error));
    assert_memory_equal(signature, expected->signature, 3);
    assert_int_equal(avrspi_session_retries(rig->session), 0);
}

static void identify_atmega328p(void **state)
{
    identify(*state, "atmega328p", "ATmega328P");
}

static void identify_attiny85(void **state)
{
    identify(*state, "attiny85", "ATtiny85");
}

static void identify_attiny13a(void **state)
{
    identify(*state, "attiny13a", "ATtiny13");
}

static void identify_atmega8_without_a_poll(void **state)
{
    identify(*state, "atmega8", "ATmega8");
}

static void identify_atmega2560(void **state)
{
    identify(*state, "atmega2560", "ATmega2560");
}

static void identify_at90s2313_programmed_by_bytes(void **state)
{
    identify(*state, "at90s2313", "AT90S2313");
}

static void identify_reads_fuses_and_sends_nothing_else(void **state)
{
    struct rig *rig = *state;
    struct avrspi_fuses fuses;

    rig_start(rig, "atmega328p");
    fuses = avrspi_session_fuses(rig->session);
    assert_true(fuses.given[AVRSPI_FUSE_LOW] && fuses.given[AVRSPI_FUSE_HIGH]);
    assert_true(fuses.given[AVRSPI_FUSE_EXT] && fuses.given[AVRSPI_FUSE_LOCK]);
    assert_memory_equal(fuses.value, ((const uint8_t[]){0x62, 0xD9, 0xFF, 0xFF}), 4);
    assert_int_equal(rig->wire->n_sent,
                     wire_count2(rig->wire, 0xAC, 0x53) + wire_count(rig->wire, 0x30) +
                         wire_count(rig->wire, 0x50) + wire_count(rig->wire, 0x58));
}

/* --- several with one signature */

static void identify_of_candidates_names_the_others(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    assert_string_equal(avrspi_session_candidate(rig->session, 0)->name, "ATA6614Q");
    assert_null(avrspi_session_candidate(rig->session, 1));
}

static void identify_of_candidates_prefers_the_common_one(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "ata6614q");
    assert_string_equal(avrspi_session_chip(rig->session)->name, "ATmega328P");
}

static void identify_of_candidates_works_with_the_longer_waits(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_chip *chip;

    rig_add_chips("[TwinA]\nsignature = 1E 00 01\nflash_size = 1024\nflash_page = 32\n"
                  "fuse_masks = FF 00 00 03\nwait_flash = 5000\nwait_erase = 9000\n"
                  "[TwinB]\nlike = TwinA\nwait_flash = 7000\nwait_erase = 4000\n");
    rig_start(rig, "twinb");
    chip = avrspi_session_chip(rig->session);
    assert_string_equal(chip->name, "TwinA");
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_FLASH], 7000);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_ERASE], 9000);
}

/* What one of two definitions says does not hold where the other leaves it out. */
static void identify_of_candidates_is_as_careful_as_the_shorter_definition(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_chip *chip;

    rig_add_chips("[TripletA]\nsignature = 1E 00 03\nflash_size = 1024\nflash_page = 32\n"
                  "fuse_masks = FF 00 00 03\nrdy_bsy = yes\nlow.CKDIV8 = 0x80\nmax_sck = 2M\n"
                  "[TripletB]\nsignature = 1E 00 03\nflash_size = 1024\nflash_page = 32\n"
                  "fuse_masks = FF 00 00 03\n");
    rig_start(rig, "tripletb");
    chip = avrspi_session_chip(rig->session);
    assert_string_equal(chip->name, "TripletA");
    assert_false(chip->rdy_bsy);
    assert_true(chip->rdy_bsy_unknown);
    assert_true(chip->divider_unknown);
    assert_int_equal(chip->max_sck_hz, 0);
}

static void identify_of_candidates_that_differ_wants_a_name(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "at90usb82");
    rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_SIGNATURE,
                     "1E 93 82 is that of several chips that differ: AT90USB82", "");
    rig_assert_advice(rig, AVRSPI_ADVICE_NAME_CHIP);
    assert_null(avrspi_session_chip(rig->session));
    (void)avrspi_session_close(rig->session, NULL);
    rig->config.chip = rig_chip("at90usb82");
    rig_assert_ok(rig, rig_identify(rig));
    assert_string_equal(avrspi_session_chip(rig->session)->name, "AT90USB82");
    assert_null(avrspi_session_candidate(rig->session, 0));
}

/* --- not the one expected */

static void identify_of_another_chip_than_expected(void **state)
{
    struct rig *rig = *state;

    rig->config.chip = rig_chip("attiny85");
    rig_plug(rig, "atmega328p");
    rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_SIGNATURE,
                     "expected ATtiny85 (1E 93 0B), found 1E 95 0F (ATmega328P", "nothing");
    assert_null(avrspi_session_chip(rig->session));
    assert_int_equal(wire_count(rig->wire, 0x50), 0);
}

static void identify_of_the_wrong_chip_on_the_board(void **state)
{
    struct rig *rig = *state;

    rig->config.chip = rig_chip("atmega328p");
    rig_plug(rig, "atmega328p,fault=wrong-chip");
    rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_SIGNATURE, "found 1E 93 07 (ATmega8", "");
}

static void identify_by_force_takes_the_chip_named(void **state)
{
    struct rig *rig = *state;
    uint8_t signature[3];

    rig->config.chip = rig_chip("atmega328p");
    rig->config.force = true;
    rig_start(rig, "atmega328p,fault=wrong-chip");
    assert_string_equal(avrspi_session_chip(rig->session)->name, "ATmega328P");
    rig_assert_ok(rig, avrspi_session_signature(rig->session, signature, &rig->error));
    assert_memory_equal(signature, ((const uint8_t[]){0x1E, 0x93, 0x07}), 3);
}

/* --- signatures that say nothing */

static void answer_signature(void *user, const uint8_t out[4], uint8_t in[4])
{
    const uint8_t *signature = user;

    if (out[0] == 0x30)
        in[3] = signature[out[2] & 3];
}

static void plug_with_signature(struct rig *rig, const uint8_t signature[3])
{
    rig_plug(rig, "atmega328p");
    rig->wire->tamper = answer_signature;
    rig->wire->user = (void *)(uintptr_t)signature;
}

static void identify_of_an_unknown_signature(void **state)
{
    static const uint8_t unknown[3] = {0x1E, 0xFE, 0xFE};
    struct rig *rig = *state;

    plug_with_signature(rig, unknown);
    rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_SIGNATURE, "unknown signature 1E FE FE",
                     "");
    rig_assert_advice(rig, AVRSPI_ADVICE_DESCRIBE_CHIP);
    (void)avrspi_session_close(rig->session, NULL);
    rig->config.chip = rig_chip("atmega328p");
    rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_SIGNATURE,
                     "expected ATmega328P (1E 95 0F), found 1E FE FE (an unknown chip)", "");
    (void)avrspi_session_close(rig->session, NULL);
    rig->config.force = true;
    rig_assert_ok(rig, rig_identify(rig));
    assert_string_equal(avrspi_session_chip(rig->session)->name, "ATmega328P");
}

/* One or two bits from a signature that is known: the wires first, and at a very low SCK the chip.
 */
static void identify_of_a_signature_that_is_nearly_known(void **state)
{
    static const struct {
        const char *words, *expected; /* the chip that is named; NULL: none */
        uint32_t sck_hz;
        const char *message, *hint;
        enum avrspi_advice advice;
    } rows[] = {
        {"atmega328p,signature=1E954F", NULL, 0, "unknown signature 1E 95 4F",
         "1 bit from the ATmega328P (1E 95 0F): more likely the wires than another chip",
         AVRSPI_ADVICE_READ_SLOWLY},
        {"atmega328p,signature=1F954F", NULL, 0, "unknown signature 1F 95 4F",
         "2 bits from the ATmega328P (1E 95 0F)", AVRSPI_ADVICE_READ_SLOWLY},
        {"atmega328p,signature=1E954F", "atmega328p", 0, "found 1E 95 4F (an unknown chip)",
         "1 bit from the ATmega328P (1E 95 0F)", AVRSPI_ADVICE_READ_SLOWLY},
        {"atmega328p,signature=1E954F", "attiny85", 0, "found 1E 95 4F (an unknown chip)",
         "1 bit from the ATmega328P (1E 95 0F)", AVRSPI_ADVICE_READ_SLOWLY},
        {"atmega328p,signature=1E954F", NULL, 10000, "unknown signature 1E 95 4F", "",
         AVRSPI_ADVICE_DESCRIBE_CHIP},
        {"atmega328p,signature=1E954F", "atmega328p", 10000, "found 1E 95 4F (an unknown chip)",
         "nothing was changed", AVRSPI_ADVICE_ANY_CHIP},
        {"atmega328p,signature=3EB54F", NULL, 0, "unknown signature 3E B5 4F", "",
         AVRSPI_ADVICE_DESCRIBE_CHIP},
        /* what is known is no matter of the wires, however near it is to what was expected */
        {"atmega8,signature=1E9307", "atmega8515", 0, "found 1E 93 07 (ATmega8",
         "nothing was changed", AVRSPI_ADVICE_ANY_CHIP},
    };
    struct rig *rig = *state;

    for (size_t n = 0; n < LENGTH(rows); n++) {
        char name[16];

        (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(rows[n].words, ","), rows[n].words);
        (void)rig_new_chip(rig, name);
        rig_save(rig, name);
        rig->config.chip = rows[n].expected ? rig_chip(rows[n].expected) : NULL;
        rig->config.sck_hz = rows[n].sck_hz;
        rig_plug(rig, rows[n].words);
        rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_SIGNATURE, rows[n].message,
                         rows[n].hint);
        rig_assert_advice(rig, rows[n].advice);
        rig_unplug(rig);
    }
}

static void signature_of_an_empty_bus(void **state)
{
    static const uint8_t ones[3] = {0xFF, 0xFF, 0xFF}, zeros[3] = {0x00, 0x00, 0x00};
    struct rig *rig = *state;
    uint8_t signature[3];

    plug_with_signature(rig, ones);
    rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_NO_TARGET, "signature reads FF FF FF",
                     "supply");
    rig_assert_error(rig, avrspi_session_signature(rig->session, signature, &rig->error),
                     AVRSPI_ERR_NO_TARGET, "signature reads FF FF FF", "");
    rig->wire->user = (void *)(uintptr_t)zeros;
    rig_assert_error(rig, avrspi_session_signature(rig->session, signature, &rig->error),
                     AVRSPI_ERR_NO_TARGET, "signature reads 00 00 00", "");
    rig->wire->tamper = NULL;
    rig_assert_ok(rig, avrspi_session_signature(rig->session, signature, &rig->error));
    assert_memory_equal(signature, ((const uint8_t[]){0x1E, 0x95, 0x0F}), 3);
}

static void count_up(void *user, const uint8_t out[4], uint8_t in[4])
{
    unsigned *count = user;

    if (out[0] == 0x30)
        in[3] = (uint8_t)++ * count;
}

static void signature_that_never_reads_the_same(void **state)
{
    struct rig *rig = *state;
    unsigned count = 0;

    rig_plug(rig, "atmega328p");
    rig->wire->tamper = count_up;
    rig->wire->user = &count;
    rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_NO_TARGET,
                     "reads differently each time (1D 1E 1F, then 20 21 22)", "wiring");
    rig_assert_advice(rig, AVRSPI_ADVICE_SLOWER);
}

static void flip_first(void *user, const uint8_t out[4], uint8_t in[4])
{
    unsigned *left = user;

    if (out[0] == 0x30 && *left) {
        --*left;
        in[3] ^= 0x80;
    }
}

static void signature_is_read_until_two_readings_agree(void **state)
{
    struct rig *rig = *state;
    unsigned flips = 1;

    rig_plug(rig, "atmega328p");
    rig->wire->tamper = flip_first;
    rig->wire->user = &flips;
    rig_assert_ok(rig, rig_identify(rig));
    assert_string_equal(avrspi_session_chip(rig->session)->name, "ATmega328P");
    assert_int_equal(wire_count(rig->wire, 0x30), 2 * 7 + 2); /* and around the fuses */
}

static void flip_echo(void *user, const uint8_t out[4], uint8_t in[4])
{
    unsigned *left = user;

    if (out[0] == 0x30 && *left) {
        --*left;
        in[2] ^= 0x80;
    }
}

/* A loss at the speed of entry says nothing about the speed of the work. */
static void a_loss_while_identifying_does_not_slow_the_work(void **state)
{
    struct rig *rig = *state;
    unsigned flips = 1;

    rig_plug(rig, "atmega328p");
    rig->wire->tamper = flip_echo;
    rig->wire->user = &flips;
    rig_assert_ok(rig, rig_identify(rig));
    assert_int_equal(avrspi_session_retries(rig->session), 1);
    assert_int_equal(avrspi_session_sck(rig->session), 224999);
}

static void signature_is_read_once(void **state)
{
    struct rig *rig = *state;
    uint8_t signature[3];

    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_ok(rig, avrspi_session_signature(rig->session, signature, &rig->error));
    assert_int_equal(rig->wire->n_sent, 0);
}

/* A chip that lost a bit of Programming Enable is not enabled, and sends 00 01 02: no lock bits. */
static void identify_with_any_bit_disturbed(void **state)
{
    static const char *const kinds[] = {"mosi", "miso", "lost", "extra"};
    struct rig *rig = *state;

    for (int n = 0; n < 64 * (int)LENGTH(kinds); n++) {
        char words[48];

        (void)snprintf(words, sizeof words, "atmega328p,fault=%s:%d", kinds[n / 64], n % 64);
        rig_plug(rig, words);
        rig_assert_ok(rig, rig_identify(rig));
        assert_string_equal(avrspi_session_chip(rig->session)->name, "ATmega328P");
        rig_unplug(rig);
    }
}

/* An old chip in lock mode 3 hides who it is; an erase brings it back. */
static void identify_of_a_hidden_signature(void **state)
{
    struct rig *rig = *state;

    rig_new_fused(rig, "at90s2313", (const uint8_t[]){0xDF, 0xFF, 0xFF, 0xF9});
    rig_plug(rig, "at90s2313");
    rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_SIGNATURE, "unknown signature 00 01 02",
                     "lock bits hide its signature");
    rig_assert_advice(rig, AVRSPI_ADVICE_ERASE_HIDDEN);
    (void)avrspi_session_close(rig->session, NULL);
    assert_string_equal(rig->error.subject, "CHIP");
    rig->config.chip = rig_chip("at90s2313");
    rig_assert_error(rig, rig_identify(rig), AVRSPI_ERR_SIGNATURE,
                     "expected AT90S2313 (1E 91 01), found 00 01 02 (a hidden signature)",
                     "lock bits hide its signature");
    rig_assert_advice(rig, AVRSPI_ADVICE_ERASE_HIDDEN);
    assert_string_equal(rig->error.subject, "AT90S2313");
    (void)avrspi_session_close(rig->session, NULL);
    rig->config.force = true;
    rig_assert_ok(rig, rig_identify(rig));
    rig_assert_ok(rig, avrspi_session_erase(rig->session, &rig->error));
    rig_unplug(rig);
    rig->config.chip = NULL;
    rig->config.force = false;
    rig_start(rig, "at90s2313");
    assert_string_equal(avrspi_session_chip(rig->session)->name, "AT90S2313");
}

/* --- calls that come too early */

static void work_before_identify(void **state)
{
    struct rig *rig = *state;
    struct avrspi_image *image = rig_image_of(rig, 0, (const uint8_t[]){1}, 1);
    const struct avrspi_fuses none = {0};
    const char *message = "call avrspi_session_identify() first";
    uint8_t byte;

    rig_plug(rig, "atmega328p");
    rig_assert_ok(rig, rig_open(rig));
    assert_null(avrspi_session_chip(rig->session));
    assert_null(avrspi_session_candidate(rig->session, 0));
    assert_false(work_eeprom_survives(rig->session));
    assert_int_equal(avrspi_session_clock(rig->session).source, AVRSPI_CLOCK_UNKNOWN);
    rig_assert_error(rig, rig_flash(rig, image, RIG_WRITE), AVRSPI_ERR_USAGE, message, "");
    rig_assert_error(rig, rig_eeprom(rig, image, true), AVRSPI_ERR_USAGE, message, "");
    rig_assert_error(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, false), AVRSPI_ERR_USAGE,
                     message, "");
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1), AVRSPI_ERR_USAGE,
                     message, "");
    rig_assert_error(rig, avrspi_session_erase(rig->session, &rig->error), AVRSPI_ERR_USAGE,
                     message, "");
    rig_assert_error(rig, avrspi_session_read_fuses(rig->session, &rig->error), AVRSPI_ERR_USAGE,
                     message, "");
    rig_assert_error(rig, avrspi_session_write_fuses(rig->session, &none, &rig->error),
                     AVRSPI_ERR_USAGE, message, "");
    rig_assert_error(rig, work_raise_clock(rig->session, NULL, &rig->error), AVRSPI_ERR_USAGE,
                     message, "");
    assert_int_equal(rig->wire->n_sent, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(identify_atmega328p),
        RIG_TEST(identify_attiny85),
        RIG_TEST(identify_attiny13a),
        RIG_TEST(identify_atmega8_without_a_poll),
        RIG_TEST(identify_atmega2560),
        RIG_TEST(identify_at90s2313_programmed_by_bytes),
        RIG_TEST(identify_reads_fuses_and_sends_nothing_else),
        RIG_TEST(identify_of_candidates_names_the_others),
        RIG_TEST(identify_of_candidates_prefers_the_common_one),
        RIG_TEST(identify_of_candidates_works_with_the_longer_waits),
        RIG_TEST(identify_of_candidates_is_as_careful_as_the_shorter_definition),
        RIG_TEST(identify_of_candidates_that_differ_wants_a_name),
        RIG_TEST(identify_of_another_chip_than_expected),
        RIG_TEST(identify_of_the_wrong_chip_on_the_board),
        RIG_TEST(identify_by_force_takes_the_chip_named),
        RIG_TEST(identify_of_an_unknown_signature),
        RIG_TEST(identify_of_a_signature_that_is_nearly_known),
        RIG_TEST(signature_of_an_empty_bus),
        RIG_TEST(signature_that_never_reads_the_same),
        RIG_TEST(signature_is_read_until_two_readings_agree),
        RIG_TEST(a_loss_while_identifying_does_not_slow_the_work),
        RIG_TEST(signature_is_read_once),
        RIG_TEST(identify_with_any_bit_disturbed),
        RIG_TEST(identify_of_a_hidden_signature),
        RIG_TEST(work_before_identify),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
