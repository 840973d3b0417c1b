/* SPDX-License-Identifier: MIT */
/* How instructions travel: transfers of any size, their echoes, and the proof of life. */
#include "rig.h"

enum {
    READ_LOW = 0x20,
};

/* --- transfers */

static void work_with_transfers_of(struct rig *rig, const char *chip, size_t max_transfer)
{
    struct avrspi_image *flash, *eeprom;
    uint8_t data[3 * 256 + 17], some[20], found[sizeof data];
    char words[64];

    rig_fill(data, sizeof data, (unsigned)max_transfer);
    rig_fill(some, sizeof some, (unsigned)max_transfer + 1);
    flash = rig_image_of(rig, 5, data, sizeof data);
    eeprom = rig_image_of(rig, 3, some, sizeof some);
    (void)rig_new_chip(rig, chip);
    rig_save(rig, chip);
    (void)snprintf(words, sizeof words, "%s,bufsiz=65536", chip);
    rig_plug_limited(rig, words, max_transfer);
    rig_assert_ok(rig, rig_identify(rig));
    rig_assert_ok(rig, rig_flash(rig, flash, RIG_WRITE));
    rig_assert_ok(rig, rig_eeprom(rig, eeprom, true));
    rig_assert_ok(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, flash, true));
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 5, found, sizeof found));
    assert_memory_equal(found, data, sizeof data);
    rig_assert_ok(rig, avrspi_session_read_fuses(rig->session, &rig->error));
    assert_true(rig->wire->largest <= max_transfer);
    assert_int_equal(avrspi_session_retries(rig->session), 0);
    assert_memory_equal(rig_load(rig, chip)->flash + 5, data, sizeof data);
    assert_memory_equal(rig->silicon->eeprom + 3, some, sizeof some);
}

static void work_with_transfers_of_4_bytes(void **state)
{
    work_with_transfers_of(*state, "atmega328p", 4);
    work_with_transfers_of(*state, "atmega2560", 4);
}

static void work_with_transfers_of_128_bytes(void **state)
{
    work_with_transfers_of(*state, "atmega328p", 128);
    work_with_transfers_of(*state, "atmega2560", 128);
}

static void work_with_transfers_of_256_bytes(void **state)
{
    work_with_transfers_of(*state, "atmega328p", 256);
    work_with_transfers_of(*state, "atmega2560", 256);
}

static void work_with_transfers_of_an_odd_size(void **state)
{
    work_with_transfers_of(*state, "atmega328p", 1023);
    work_with_transfers_of(*state, "atmega2560", 1999);
}

static void work_with_transfers_of_4_kib(void **state)
{
    work_with_transfers_of(*state, "atmega328p", 4096);
    work_with_transfers_of(*state, "atmega2560", 4096);
}

static void work_with_transfers_of_64_kib(void **state)
{
    work_with_transfers_of(*state, "atmega328p", 65536);
    work_with_transfers_of(*state, "atmega2560", 65536);
}

static void read_fills_every_transfer(void **state)
{
    struct rig *rig = *state;
    uint8_t *found = malloc(32768);

    assert_non_null(found);
    rig_start(rig, "atmega328p,bufsiz=4096");
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, found, 32768));
    /* 1021 reads each, with room for Load Extended Address and two presence checks */
    assert_int_equal(rig->wire->transfers, 33);
    assert_int_equal(rig->wire->n_sent, 32768 + 2 * 33);
    free(found);
}

/* --- echoes */

struct spoiler {
    size_t countdown; /* to the instruction whose echo is spoiled; 0: none */
};

static void spoil(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct spoiler *spoiler = user;

    (void)out;
    if (spoiler->countdown && --spoiler->countdown == 0)
        in[2] ^= 0x80;
}

static void every_echo_is_checked(void **state)
{
    struct rig *rig = *state;
    uint8_t data[16], found[16];
    struct spoiler spoiler = {0};

    rig_start_with_flash(rig, "atmega328p", 0, data, sizeof data);
    rig->wire->tamper = spoil;
    rig->wire->user = &spoiler;
    for (unsigned n = 1; n <= sizeof data + 1; n++) { /* and that of the proof */
        spoiler.countdown = n;
        rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, found, sizeof found));
        assert_memory_equal(found, data, sizeof data);
        assert_int_equal(avrspi_session_retries(rig->session), n);
    }
    assert_int_equal(avrspi_session_sck(rig->session), 100000);
}

static void lost_target_halves_sck_down_to_that_of_entry(void **state)
{
    struct rig *rig = *state;
    struct spoiler spoiler = {0};
    uint8_t byte;

    rig_new_fused(rig, "atmega328p", (const uint8_t[]){0xE2, 0xD9, 0xFF, 0xFF});
    rig_start(rig, "atmega328p");
    rig->wire->tamper = spoil;
    rig->wire->user = &spoiler;
    for (uint32_t hz = 1799999; hz > 100000; hz /= 2) {
        assert_int_equal(avrspi_session_sck(rig->session), hz);
        spoiler.countdown = 1;
        rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, &byte, 1));
    }
    assert_int_equal(avrspi_session_sck(rig->session), 100000);
}

static void spoil_reads(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    if (out[0] == READ_LOW)
        in[2] ^= 0x80;
}

static void echo_that_is_always_wrong_names_the_instruction(void **state)
{
    struct rig *rig = *state;
    uint8_t byte;

    rig_start(rig, "atmega328p");
    rig->wire->tamper = spoil_reads;
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0x202, &byte, 1), AVRSPI_ERR_NO_TARGET,
                     "the target stopped answering: instruction 20 01 01 00 was echoed as 81, "
                     "not 01, at 100000 Hz",
                     "are the wires short?");
    rig_assert_advice(rig, AVRSPI_ADVICE_SLOWER);
    assert_int_equal(avrspi_session_retries(rig->session), 8);
}

/* --- proof that the target is there */

static void stick_low(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    (void)out;
    memset(in, 0, 4);
}

/* Below 256 words a MISO that is stuck low echoes every read as it should be. */
static void read_of_zeros_is_not_believed(void **state)
{
    struct rig *rig = *state;
    uint8_t data[256];

    rig_start(rig, "atmega328p");
    rig->wire->tamper = stick_low;
    rig_assert_error(
        rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, data, sizeof data), AVRSPI_ERR_NO_TARGET,
        "the target stopped answering: instruction 30 15 55 00 was echoed as 00, not 30", "");
    /* and from now on it gets nothing but Programming Enable */
    wire_forget(rig->wire);
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_EEPROM, 0, data, sizeof data),
                     AVRSPI_ERR_NO_TARGET, "MISO reads all zeros", "");
    assert_int_equal(wire_count2(rig->wire, 0xAC, 0x53), rig->wire->n_sent);
}

static void fuses_of_zeros_are_not_believed(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "at90s4434"); /* the second byte of both of its fuse reads is 0x00 */
    rig->wire->tamper = stick_low;
    rig_assert_error(rig, avrspi_session_read_fuses(rig->session, &rig->error),
                     AVRSPI_ERR_NO_TARGET, "the target stopped answering", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(work_with_transfers_of_4_bytes),
        RIG_TEST(work_with_transfers_of_128_bytes),
        RIG_TEST(work_with_transfers_of_256_bytes),
        RIG_TEST(work_with_transfers_of_an_odd_size),
        RIG_TEST(work_with_transfers_of_4_kib),
        RIG_TEST(work_with_transfers_of_64_kib),
        RIG_TEST(read_fills_every_transfer),
        RIG_TEST(every_echo_is_checked),
        RIG_TEST(lost_target_halves_sck_down_to_that_of_entry),
        RIG_TEST(echo_that_is_always_wrong_names_the_instruction),
        RIG_TEST(read_of_zeros_is_not_believed),
        RIG_TEST(fuses_of_zeros_are_not_believed),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
