/* SPDX-License-Identifier: MIT */
/* Reading, comparing, and how instructions travel in transfers. */
#include "rig.h"

enum {
    LOAD_EXT = 0x4D,
    READ_LOW = 0x20,
    READ_HIGH = 0x28,
};

static void start_with_flash(struct rig *rig, const char *name, uint32_t address, uint8_t *data,
                             size_t size)
{
    rig_fill(data, size, 1);
    memcpy(rig_new_chip(rig, name)->flash + address, data, size);
    rig_save(rig, name);
    rig_start(rig, name);
    wire_forget(rig->wire);
}

/* --- reading */

static void read_of_any_range(void **state)
{
    struct rig *rig = *state;
    uint8_t data[5000], found[5000];

    start_with_flash(rig, "atmega328p", 0, data, sizeof data);
    for (size_t size = 1; size < sizeof data; size = size * 3 + 1) {
        for (uint32_t address = 0; address + size <= sizeof data; address += 777) {
            memset(found, 0, sizeof found);
            rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, address, found, size));
            assert_memory_equal(found, data + address, size);
        }
    }
}

static void read_of_the_last_byte_of_each_memory(void **state)
{
    struct rig *rig = *state;
    struct avrspi_sim_silicon *silicon = rig_new_chip(rig, "atmega328p");
    uint8_t byte;

    silicon->flash[32767] = 0x11;
    silicon->eeprom[1023] = 0x22;
    silicon->calibration[0] = 0x33;
    rig_save(rig, "atmega328p");
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 32767, &byte, 1));
    assert_int_equal(byte, 0x11);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_EEPROM, 1023, &byte, 1));
    assert_int_equal(byte, 0x22);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_CALIBRATION, 0, &byte, 1));
    assert_int_equal(byte, 0x33);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_SIGNATURE, 2, &byte, 1));
    assert_int_equal(byte, 0x0F);
}

static void read_outside_a_memory(void **state)
{
    static const struct {
        enum avrspi_memory memory;
        uint32_t address;
        size_t size;
        const char *message;
    } rows[] = {
        {AVRSPI_MEMORY_FLASH, 32768, 1, "0x8000 to 0x8001 is not inside the 32768 bytes of flash"},
        {AVRSPI_MEMORY_FLASH, 0, 32769, "0x0 to 0x8001"},
        {AVRSPI_MEMORY_FLASH, 0xFFFFFFFF, 2, "0xFFFFFFFF to 0x100000001"},
        {AVRSPI_MEMORY_EEPROM, 1023, 2, "of the ATmega328P"},
        {AVRSPI_MEMORY_SIGNATURE, 3, 1, "3 bytes of signature"},
        {AVRSPI_MEMORY_CALIBRATION, 1, 1, "1 bytes of calibration"},
    };
    struct rig *rig = *state;
    uint8_t byte;

    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    for (size_t n = 0; n < LENGTH(rows); n++)
        rig_assert_error(rig, rig_read(rig, rows[n].memory, rows[n].address, &byte, rows[n].size),
                         AVRSPI_ERR_USAGE, rows[n].message, "");
    assert_int_equal(rig->wire->n_sent, 0);
}

static void read_of_nothing(void **state)
{
    struct rig *rig = *state;
    uint8_t byte;

    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 32768, &byte, 0));
    assert_int_equal(rig->wire->n_sent, 0);
}

static void read_across_the_border_of_64_ki_words(void **state)
{
    struct rig *rig = *state;
    uint8_t data[6000], found[6000];
    uint32_t address = 0x20000 - 3001;

    start_with_flash(rig, "atmega2560", address, data, sizeof data);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, address, found, sizeof found));
    assert_memory_equal(found, data, sizeof data);
    assert_int_equal(wire_count(rig->wire, LOAD_EXT), 2);
    assert_int_equal(wire_find(rig->wire, LOAD_EXT, 0)[2], 0);
    assert_int_equal(wire_find(rig->wire, LOAD_EXT, 1)[2], 1);
    /* what is latched is not loaded again */
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0x20000, found, 1));
    assert_int_equal(wire_count(rig->wire, LOAD_EXT), 2);
}

/* What was not sent is not latched. */
static void read_above_128_kib_after_a_link_that_broke(void **state)
{
    struct rig *rig = *state;
    uint8_t data[10], found[10];

    start_with_flash(rig, "atmega2560", 0x30000, data, sizeof data);
    rig->wire->broken_transfer = 1;
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0x30000, found, sizeof found),
                     AVRSPI_ERR_DEVICE, "the wire broke", "");
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0x30000, found, sizeof found));
    assert_memory_equal(found, data, sizeof data);
}

static void read_of_a_small_chip_loads_no_extended_address(void **state)
{
    struct rig *rig = *state;
    uint8_t data[64];

    start_with_flash(rig, "atmega1280", 0x1FFC0, data, sizeof data);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0x1FFC0, data, sizeof data));
    assert_int_equal(wire_count(rig->wire, LOAD_EXT), 0);
    assert_int_equal(wire_count(rig->wire, READ_LOW) + wire_count(rig->wire, READ_HIGH), 64);
}

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
    /* 1022 reads each, with room for Load Extended Address and the proof */
    assert_int_equal(rig->wire->transfers, 33);
    assert_int_equal(rig->wire->n_sent, 32768 + 33);
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

    start_with_flash(rig, "atmega328p", 0, data, sizeof data);
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
                     "'--speed' with a lower frequency");
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
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, data, sizeof data),
                     AVRSPI_ERR_NO_TARGET,
                     "the target stopped answering: its signature reads 00 in place of 95", "");
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_EEPROM, 0, data, sizeof data),
                     AVRSPI_ERR_NO_TARGET, "the target stopped answering", "");
}

static void fuses_of_zeros_are_not_believed(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "at90s4434"); /* the second byte of both of its fuse reads is 0x00 */
    rig->wire->tamper = stick_low;
    rig_assert_error(rig, avrspi_session_read_fuses(rig->session, &rig->error),
                     AVRSPI_ERR_NO_TARGET, "the target stopped answering", "");
}

/* --- comparing */

static void verify_of_what_is_there(void **state)
{
    struct rig *rig = *state;
    uint8_t data[500];
    size_t differences = 1;

    start_with_flash(rig, "atmega328p", 100, data, sizeof data);
    rig_assert_ok(rig, avrspi_session_verify(rig->session, AVRSPI_MEMORY_FLASH,
                                             rig_image_of(rig, 100, data, sizeof data), false,
                                             &differences, &rig->error));
    assert_int_equal(differences, 0);
    assert_int_equal(rig->wire->n_sent, sizeof data + 1);
}

static void verify_names_the_first_difference_and_counts_all(void **state)
{
    struct rig *rig = *state;
    uint8_t data[500];
    size_t differences = 0;
    int result;

    start_with_flash(rig, "atmega328p", 0, data, sizeof data);
    data[290] = (uint8_t)~data[290];
    data[17] = (uint8_t)~data[17];
    data[499] = (uint8_t)~data[499];
    result = avrspi_session_verify(rig->session, AVRSPI_MEMORY_FLASH,
                                   rig_image_of(rig, 0, data, sizeof data), false, &differences,
                                   &rig->error);
    rig_assert_error(rig, result, AVRSPI_ERR_VERIFY, "flash differs at 0x0011: expected 0x", "");
    rig_assert_error(rig, result, AVRSPI_ERR_VERIFY, "(3 bytes in all)", "");
    assert_int_equal(differences, 3);
}

static void verify_tells_which_way_bits_are_wrong(void **state)
{
    static const uint8_t there[3] = {0x0F, 0x0F, 0x0F}, wanted[3] = {0x0E, 0x1F, 0xF0};
    static const char *const hints[3] = {"bits that should be 0 are 1", "only an erase", ""};
    struct rig *rig = *state;

    memcpy(rig_new_chip(rig, "atmega328p")->eeprom, there, 3);
    rig_save(rig, "atmega328p");
    rig_start(rig, "atmega328p");
    for (uint32_t n = 0; n < 3; n++)
        rig_assert_error(
            rig, rig_verify(rig, AVRSPI_MEMORY_EEPROM, rig_image_of(rig, n, wanted + n, 1), false),
            AVRSPI_ERR_VERIFY, "found 0x0F (1 byte in all)", hints[n]);
    assert_string_equal(rig->error.hint, "");
}

static void verify_of_gaps_only_when_all_is_asked_for(void **state)
{
    struct rig *rig = *state;
    uint8_t data[100];
    struct avrspi_image *image = rig_image(rig);

    start_with_flash(rig, "atmega328p", 0, data, sizeof data);
    rig_put(image, 0, data, 50);
    rig_put(image, 51, data + 51, 49);
    rig_assert_ok(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, false));
    assert_int_equal(wire_count(rig->wire, READ_LOW) + wire_count(rig->wire, READ_HIGH), 99);
    rig_assert_error(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, true), AVRSPI_ERR_VERIFY,
                     "flash differs at 0x0032: expected 0xFF", "");
}

static void verify_of_all_of_a_blank_chip_and_a_program(void **state)
{
    struct rig *rig = *state;
    uint8_t data[100];
    struct avrspi_image *image;

    start_with_flash(rig, "atmega2560", 0, data, sizeof data);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig_assert_ok(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, true));
    assert_int_equal(wire_count(rig->wire, READ_LOW) + wire_count(rig->wire, READ_HIGH), 262144);
}

static void verify_of_all_of_flash_that_begins_behind_rom(void **state)
{
    struct rig *rig = *state;
    uint8_t data[100];

    rig->config.chip = rig_chip("ata5831");
    start_with_flash(rig, "ata5831", 0, data, sizeof data);
    rig_assert_ok(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH,
                                  rig_image_of(rig, 0x8000, data, sizeof data), true));
    assert_int_equal(wire_count(rig->wire, READ_LOW) + wire_count(rig->wire, READ_HIGH), 20480);
}

static void verify_of_an_image_that_does_not_fit(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_error(rig,
                     rig_verify(rig, AVRSPI_MEMORY_EEPROM,
                                rig_image_of(rig, 1024, (const uint8_t[]){1}, 1), false),
                     AVRSPI_ERR_INPUT, "beyond the 1024 bytes of eeprom", "");
}

struct flips {
    size_t countdown;
    unsigned times;
};

static void flip_data(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct flips *flips = user;

    if ((out[0] & 0xF7) != READ_LOW || flips->countdown == 0 || --flips->countdown > 0)
        return;
    in[3] ^= 0x40;
    if (--flips->times)
        flips->countdown = 1;
}

/* A wrong bit of the data, which no echo shows, is no wrong cell. */
static void verify_reads_again_what_differs(void **state)
{
    struct rig *rig = *state;
    uint8_t data[600];
    struct avrspi_image *image;
    struct flips flips = {.countdown = 333, .times = 1};

    start_with_flash(rig, "atmega328p", 0, data, sizeof data);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig->wire->tamper = flip_data;
    rig->wire->user = &flips;
    rig_assert_ok(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, false));
    assert_int_equal(flips.times, 0);
    assert_int_equal(wire_count(rig->wire, READ_LOW) + wire_count(rig->wire, READ_HIGH), 600 + 256);
    assert_int_equal(avrspi_session_retries(rig->session), 0);
}

static void verify_over_a_bad_wire_counts_as_lost(void **state)
{
    struct rig *rig = *state;
    uint8_t data[10];
    struct avrspi_image *image;
    struct flips flips = {.countdown = 10, .times = 3}; /* of 10, 20 and 21 */

    start_with_flash(rig, "atmega328p", 0, data, sizeof data);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig->wire->tamper = flip_data;
    rig->wire->user = &flips;
    rig_assert_ok(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, false));
    assert_int_equal(flips.times, 0);
    assert_int_equal(avrspi_session_retries(rig->session), 1);
}

static void verify_over_a_link_that_breaks(void **state)
{
    struct rig *rig = *state;
    uint8_t data[10];
    struct avrspi_image *image;

    start_with_flash(rig, "atmega328p", 0, data, sizeof data);
    data[3] ^= 1;
    image = rig_image_of(rig, 0, data, sizeof data);
    for (unsigned n = 1; n <= 3; n++) {
        rig->wire->broken_transfer = n;
        rig_assert_error(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, false), AVRSPI_ERR_DEVICE,
                         "the wire broke", "");
    }
}

/* --- where the time went */

static void timing_adds_up(void **state)
{
    struct rig *rig = *state;
    struct avrspi_timing timing;
    uint64_t sum;
    uint8_t data[4096];

    rig_fill(data, sizeof data, 3);
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, rig_flash(rig, rig_image_of(rig, 0, data, sizeof data), RIG_WRITE));
    timing = avrspi_session_timing(rig->session);
    sum = timing.wire_ns + timing.wait_ns + timing.host_ns;
    assert_in_range(sum, timing.total_ns, timing.total_ns + timing.total_ns / 1000); /* rounded */
    assert_true(timing.limit_ns <= timing.total_ns);
    assert_true(timing.total_ns < timing.limit_ns + timing.limit_ns / 20);
    assert_true(timing.host_ns < timing.total_ns / 100); /* a simulation has no host */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(read_of_any_range),
        RIG_TEST(read_of_the_last_byte_of_each_memory),
        RIG_TEST(read_outside_a_memory),
        RIG_TEST(read_of_nothing),
        RIG_TEST(read_across_the_border_of_64_ki_words),
        RIG_TEST(read_above_128_kib_after_a_link_that_broke),
        RIG_TEST(read_of_a_small_chip_loads_no_extended_address),
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
        RIG_TEST(verify_of_what_is_there),
        RIG_TEST(verify_names_the_first_difference_and_counts_all),
        RIG_TEST(verify_tells_which_way_bits_are_wrong),
        RIG_TEST(verify_of_gaps_only_when_all_is_asked_for),
        RIG_TEST(verify_of_all_of_a_blank_chip_and_a_program),
        RIG_TEST(verify_of_all_of_flash_that_begins_behind_rom),
        RIG_TEST(verify_of_an_image_that_does_not_fit),
        RIG_TEST(verify_reads_again_what_differs),
        RIG_TEST(verify_over_a_bad_wire_counts_as_lost),
        RIG_TEST(verify_over_a_link_that_breaks),
        RIG_TEST(timing_adds_up),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
