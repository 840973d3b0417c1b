/* SPDX-License-Identifier: MIT */
/* Reading. */
#include "rig.h"

enum {
    LOAD_EXT = 0x4D,
    READ_LOW = 0x20,
    READ_HIGH = 0x28,
};

/* --- reading */

static void read_of_any_range(void **state)
{
    struct rig *rig = *state;
    uint8_t data[5000], found[5000];

    rig_start_with_flash(rig, "atmega328p", 0, data, sizeof data);
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
        {AVRSPI_MEMORY_FLASH, 32768, 1,
         "0x8000:0x8001 is not inside the flash of the ATmega328P (0x0:0x8000)"},
        {AVRSPI_MEMORY_FLASH, 0, 32769, "0x0:0x8001"},
        {AVRSPI_MEMORY_FLASH, 0xFFFFFFFF, 2, "0xFFFFFFFF:0x100000001"},
        {AVRSPI_MEMORY_EEPROM, 1023, 2, "eeprom of the ATmega328P (0x0:0x400)"},
        {AVRSPI_MEMORY_SIGNATURE, 3, 1, "(0x0:0x3)"},
        {AVRSPI_MEMORY_CALIBRATION, 1, 1, "(0x0:0x1)"},
        {AVRSPI_MEMORY_FUSES, 2, 2, "(0x0:0x3)"},
        {AVRSPI_MEMORY_LOCK, 1, 1, "(0x0:0x1)"},
        {AVRSPI_MEMORY_USER_ROW, 0, 1, "the ATmega328P has no userrow"},
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

static void read_of_fuses_and_lock_bits(void **state)
{
    struct rig *rig = *state;
    uint8_t fuses[3], lock;

    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FUSES, 0, fuses, 3));
    assert_memory_equal(fuses, ((uint8_t[]){0x62, 0xD9, 0xFF}), 3);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FUSES, 1, fuses, 1));
    assert_int_equal(fuses[0], 0xD9);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_LOCK, 0, &lock, 1));
    assert_int_equal(lock, 0xFF);
    assert_int_equal(rig->wire->n_sent, 0); /* they are known since the chip was identified */
}

/* What the wire says of fuses is what the session knows of them. */
static void read_of_fuses_that_the_chip_does_not_show(void **state)
{
    struct rig *rig = *state;
    uint8_t byte;

    rig_start(rig, "at90s2313");
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_FUSES, 0, &byte, 1), AVRSPI_ERR_REFUSED,
                     "the AT90S2313 can't show its fuses over SPI", "");
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_LOCK, 0, &byte, 1), AVRSPI_ERR_REFUSED,
                     "the AT90S2313 can't show its lock over SPI", "");
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

    rig_start_with_flash(rig, "atmega2560", address, data, sizeof data);
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

    rig_start_with_flash(rig, "atmega2560", 0x30000, data, sizeof data);
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

    rig_start_with_flash(rig, "atmega1280", 0x1FFC0, data, sizeof data);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0x1FFC0, data, sizeof data));
    assert_int_equal(wire_count(rig->wire, LOAD_EXT), 0);
    assert_int_equal(wire_count(rig->wire, READ_LOW) + wire_count(rig->wire, READ_HIGH), 64);
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
    assert_true(rig->result.limit_ns <= timing.total_ns);
    assert_true(timing.total_ns < rig->result.limit_ns + rig->result.limit_ns / 20);
    assert_true(timing.host_ns < timing.total_ns / 100); /* a simulation has no host */
}

/* What was sent twice was not needed twice. */
static void limit_is_that_of_a_good_wire(void **state)
{
    struct rig *rig = *state;
    struct avrspi_timing good, bad;
    uint64_t good_limit_ns;
    uint8_t data[4096];
    struct avrspi_image *image;

    rig_fill(data, sizeof data, 3);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig->config.sck_hz = 100000; /* so slow that it is not slowed any more */
    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    good = avrspi_session_timing(rig->session);
    good_limit_ns = rig->result.limit_ns;
    rig_restart(rig, "atmega328p,fault=flip:2501");
    rig_assert_ok(rig, rig_flash(rig, image, RIG_WRITE));
    bad = avrspi_session_timing(rig->session);
    assert_int_not_equal(avrspi_session_retries(rig->session), 0);
    assert_true(bad.total_ns > good.total_ns + good.total_ns / 20);
    assert_in_range(rig->result.limit_ns, good_limit_ns - good_limit_ns / 100,
                    good_limit_ns + good_limit_ns / 100);
}

static void read_at_a_slow_sck_is_in_short_pieces(void **state)
{
    struct rig *rig = *state;
    uint8_t data[256];

    rig->config.sck_hz = 8000;
    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, data, sizeof data));
    assert_in_range(rig->wire->transfers, 3, 4);
    rig_assert_blank(data, sizeof data);
}

/* The extended address is in the third byte. */
static void load_other_bank(void *user, const uint8_t out[4], uint8_t in[4])
{
    unsigned *times = user;

    if (out[0] == 0x4D && (*times)++ == 0)
        in[3] ^= 0x01;
}

static void read_from_a_bank_that_arrived_changed_is_done_again(void **state)
{
    struct rig *rig = *state;
    unsigned times = 0;
    uint8_t data[16];

    rig_start(rig, "atmega2560");
    rig->wire->tamper = load_other_bank;
    rig->wire->user = &times;
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, data, sizeof data));
    assert_int_equal(times, 2);
    assert_int_equal(avrspi_session_retries(rig->session), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(limit_is_that_of_a_good_wire),
        RIG_TEST(read_at_a_slow_sck_is_in_short_pieces),
        RIG_TEST(read_of_any_range),
        RIG_TEST(read_of_the_last_byte_of_each_memory),
        RIG_TEST(read_outside_a_memory),
        RIG_TEST(read_of_fuses_and_lock_bits),
        RIG_TEST(read_of_fuses_that_the_chip_does_not_show),
        RIG_TEST(read_of_nothing),
        RIG_TEST(read_across_the_border_of_64_ki_words),
        RIG_TEST(read_above_128_kib_after_a_link_that_broke),
        RIG_TEST(read_of_a_small_chip_loads_no_extended_address),
        RIG_TEST(timing_adds_up),
        RIG_TEST(read_from_a_bank_that_arrived_changed_is_done_again),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
