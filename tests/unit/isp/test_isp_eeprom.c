/* SPDX-License-Identifier: MIT */
/* Writing EEPROM, and what a chip erase leaves of it. */
#include "rig.h"

enum {
    WRITE_BYTE = 0xC0,
    LOAD = 0xC1,
    WRITE_PAGE = 0xC2,
    READ = 0xA0,
};

/* --- every kind of chip */

static void write_all(struct rig *rig, const char *name)
{
    uint32_t size = rig_chip(name)->eeprom_size;
    uint8_t *data = malloc(size), *found = malloc(size);
    struct avrspi_image *image;

    assert_true(data && found);
    rig_fill(data, size, 1);
    image = rig_image_of(rig, 0, data, size);
    rig_start(rig, name);
    rig_assert_ok(rig, rig_eeprom(rig, image, true));
    assert_true(rig->report.verified);
    assert_false(rig->result.erased);
    assert_int_equal(rig->report.bytes, size);
    assert_int_equal(rig->report.bytes_written, size);
    rig_assert_ok(rig, rig_verify(rig, AVRSPI_MEMORY_EEPROM, image, true));
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_EEPROM, 0, found, size));
    assert_memory_equal(found, data, size);
    assert_memory_equal(rig_load(rig, name)->eeprom, data, size);
    free(data);
    free(found);
}

static void write_atmega328p_by_pages(void **state)
{
    struct rig *rig = *state;

    write_all(rig, "atmega328p");
    assert_int_equal(rig->report.pages, 256);
    assert_int_equal(rig->report.pages_written, 256);
}

static void write_atmega8_by_bytes_without_a_poll(void **state)
{
    struct rig *rig = *state;

    write_all(rig, "atmega8");
    assert_int_equal(rig->report.pages, 512);
    assert_int_equal(rig->report.pages_written, 512);
}

static void write_atmega2560(void **state)
{
    write_all(*state, "atmega2560");
}

static void write_attiny85(void **state)
{
    write_all(*state, "attiny85");
}

static void write_at90s2313(void **state)
{
    write_all(*state, "at90s2313");
}

static void write_of_a_rom_part(void **state)
{
    struct rig *rig = *state;

    rig->config.chip = rig_chip("ata5832");
    write_all(rig, "ata5832");
}

/* --- only what differs */

static void start_with(struct rig *rig, const char *name, uint8_t *data, size_t size)
{
    rig_fill(data, size, 2);
    memcpy(rig_new_chip(rig, name)->eeprom, data, size);
    rig_save(rig, name);
    rig_start(rig, name);
    wire_forget(rig->wire);
}

static void write_of_what_is_there_writes_nothing(void **state)
{
    struct rig *rig = *state;
    uint8_t data[100];

    start_with(rig, "atmega328p", data, sizeof data);
    rig_assert_ok(rig, rig_eeprom(rig, rig_image_of(rig, 0, data, sizeof data), true));
    assert_int_equal(rig->report.pages_written, 0);
    assert_int_equal(rig->report.bytes_written, 0);
    assert_true(rig->report.verified);
    assert_int_equal(wire_count(rig->wire, LOAD) + wire_count(rig->wire, WRITE_PAGE) +
                         wire_count(rig->wire, WRITE_BYTE),
                     0);
    assert_int_equal(wire_count(rig->wire, READ), 2 * 100); /* nothing is right on one reading */
}

static void write_of_a_page_loads_the_bytes_that_differ(void **state)
{
    struct rig *rig = *state;
    uint8_t data[100];

    start_with(rig, "atmega328p", data, sizeof data);
    data[10] ^= 0xFF; /* bits rise too: no erase is needed */
    data[11] ^= 0x01;
    data[50] ^= 0x80;
    rig_assert_ok(rig, rig_eeprom(rig, rig_image_of(rig, 0, data, sizeof data), true));
    assert_int_equal(rig->report.pages_written, 2);
    assert_int_equal(wire_count(rig->wire, LOAD), 3);
    assert_int_equal(wire_count(rig->wire, WRITE_PAGE), 2);
    assert_int_equal(wire_find(rig->wire, LOAD, 0)[3], data[10]);
    assert_memory_equal(rig_load(rig, "atmega328p")->eeprom, data, sizeof data);
}

static void write_by_bytes_of_those_that_differ(void **state)
{
    struct rig *rig = *state;
    uint8_t data[100];

    start_with(rig, "atmega8", data, sizeof data);
    data[99] ^= 0xFF;
    rig_assert_ok(rig, rig_eeprom(rig, rig_image_of(rig, 0, data, sizeof data), true));
    assert_int_equal(rig->report.pages_written, 1);
    assert_int_equal(wire_count(rig->wire, WRITE_BYTE), 1);
    assert_int_equal(wire_find(rig->wire, WRITE_BYTE, 0)[2], 99);
    assert_memory_equal(rig_load(rig, "atmega8")->eeprom, data, sizeof data);
}

static void write_keeps_what_the_image_does_not_name(void **state)
{
    struct rig *rig = *state;
    uint8_t data[1024];
    struct avrspi_image *image = rig_image(rig);

    start_with(rig, "atmega328p", data, sizeof data);
    data[5] = 0xFF;
    data[501] = 0x00;
    data[1023] = 0x55;
    rig_put(image, 5, data + 5, 1);
    rig_put(image, 501, data + 501, 1);
    rig_put(image, 1023, data + 1023, 1);
    rig_assert_ok(rig, rig_eeprom(rig, image, true));
    assert_int_equal(rig->report.pages_written, 3);
    assert_memory_equal(rig_load(rig, "atmega328p")->eeprom, data, sizeof data);
}

static void write_without_verify_reads_only_before(void **state)
{
    struct rig *rig = *state;
    uint8_t data[100];

    start_with(rig, "atmega328p", data, sizeof data);
    data[10] ^= 0xFF;
    rig_assert_ok(rig, rig_eeprom(rig, rig_image_of(rig, 0, data, sizeof data), false));
    assert_false(rig->report.verified);
    assert_int_equal(wire_count(rig->wire, READ), 100);
    assert_memory_equal(rig_load(rig, "atmega328p")->eeprom, data, sizeof data);
}

static void write_needs_no_report(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_request options = {.verify = true};
    struct avrspi_image *image = rig_image_of(rig, 7, (const uint8_t[]){0x42}, 1);

    rig_start(rig, "atmega328p");
    rig_assert_ok(rig, work_eeprom(rig->session, image, &options, NULL, &rig->error));
    assert_int_equal(rig_load(rig, "atmega328p")->eeprom[7], 0x42);
}

/* --- a chip erase */

static void erase_takes_the_eeprom(void **state)
{
    struct rig *rig = *state;
    uint8_t data[100], byte;

    start_with(rig, "atmega328p", data, sizeof data);
    assert_false(work_eeprom_survives(rig->session));
    rig_assert_ok(rig, avrspi_session_erase(rig->session, &rig->error));
    rig_assert_ok(rig, rig_read(rig, AVRSPI_MEMORY_EEPROM, 0, &byte, 1));
    assert_int_equal(byte, 0xFF);
}

static void erase_keeps_the_eeprom_where_eesave_is_programmed(void **state)
{
    struct rig *rig = *state;
    struct avrspi_sim_silicon *silicon = rig_new_chip(rig, "atmega328p");
    uint8_t data[1024];

    rig_fill(data, sizeof data, 3);
    memcpy(silicon->eeprom, data, sizeof data);
    silicon->fuse[AVRSPI_FUSE_HIGH] = 0xD1;
    silicon->flash[0] = 0x00;
    rig_save(rig, "atmega328p");
    rig_start(rig, "atmega328p");
    assert_true(work_eeprom_survives(rig->session));
    rig_assert_ok(rig, avrspi_session_erase(rig->session, &rig->error));
    assert_memory_equal(rig_load(rig, "atmega328p")->eeprom, data, sizeof data);
    assert_int_equal(rig->silicon->flash[0], 0xFF);
}

static void eeprom_of_a_chip_without_eesave_does_not_survive(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "at90s2313");
    assert_false(work_eeprom_survives(rig->session));
}

/* --- images that are refused */

static void write_beyond_the_eeprom(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
    rig_assert_error(
        rig, rig_eeprom(rig, rig_image_of(rig, 1023, (const uint8_t[]){1, 2}, 2), true),
        AVRSPI_ERR_INPUT, "1 byte too many: 0x400 is the first beyond the 1024 bytes of eeprom",
        "another memory");
    assert_int_equal(rig->wire->n_sent, 0);
}

static void write_of_an_empty_image(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "atmega328p");
    rig_assert_error(rig, rig_eeprom(rig, rig_image(rig), true), AVRSPI_ERR_INPUT,
                     "the image holds no data", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(write_atmega328p_by_pages),
        RIG_TEST(write_atmega8_by_bytes_without_a_poll),
        RIG_TEST(write_atmega2560),
        RIG_TEST(write_attiny85),
        RIG_TEST(write_at90s2313),
        RIG_TEST(write_of_a_rom_part),
        RIG_TEST(write_of_what_is_there_writes_nothing),
        RIG_TEST(write_of_a_page_loads_the_bytes_that_differ),
        RIG_TEST(write_by_bytes_of_those_that_differ),
        RIG_TEST(write_keeps_what_the_image_does_not_name),
        RIG_TEST(write_without_verify_reads_only_before),
        RIG_TEST(write_needs_no_report),
        RIG_TEST(erase_takes_the_eeprom),
        RIG_TEST(erase_keeps_the_eeprom_where_eesave_is_programmed),
        RIG_TEST(eeprom_of_a_chip_without_eesave_does_not_survive),
        RIG_TEST(write_beyond_the_eeprom),
        RIG_TEST(write_of_an_empty_image),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
