/* SPDX-License-Identifier: MIT */
/* Comparing a memory with an image. */
#include "rig.h"

enum {
    READ_LOW = 0x20,
    READ_HIGH = 0x28,
};

static void verify_of_what_is_there(void **state)
{
    struct rig *rig = *state;
    uint8_t data[500];
    size_t differences = 1;

    rig_start_with_flash(rig, "atmega328p", 100, data, sizeof data);
    rig_assert_ok(rig, work_verify(rig->session, AVRSPI_MEMORY_FLASH,
                                   rig_image_of(rig, 100, data, sizeof data), false, &differences,
                                   &rig->error));
    assert_int_equal(differences, 0);
    assert_int_equal(rig->wire->n_sent, sizeof data + 2);
}

static void verify_names_the_first_difference_and_counts_all(void **state)
{
    struct rig *rig = *state;
    uint8_t data[500];
    size_t differences = 0;
    int result;

    rig_start_with_flash(rig, "atmega328p", 0, data, sizeof data);
    data[290] = (uint8_t)~data[290];
    data[17] = (uint8_t)~data[17];
    data[499] = (uint8_t)~data[499];
    result = work_verify(rig->session, AVRSPI_MEMORY_FLASH, rig_image_of(rig, 0, data, sizeof data),
                         false, &differences, &rig->error);
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

    rig_start_with_flash(rig, "atmega328p", 0, data, sizeof data);
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

    rig_start_with_flash(rig, "atmega2560", 0, data, sizeof data);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig_assert_ok(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, true));
    assert_int_equal(wire_count(rig->wire, READ_LOW) + wire_count(rig->wire, READ_HIGH), 262144);
}

static void verify_of_all_of_flash_that_begins_behind_rom(void **state)
{
    struct rig *rig = *state;
    uint8_t data[100];

    rig->config.chip = rig_chip("ata5831");
    rig_start_with_flash(rig, "ata5831", 0, data, sizeof data);
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

/* A wrong bit of the data, which no echo shows, is not a wrong cell: two readings say so. */
static void verify_reads_again_what_differs(void **state)
{
    struct rig *rig = *state;
    uint8_t data[600];
    struct avrspi_image *image;
    struct flips flips = {.countdown = 333, .times = 1};

    rig_start_with_flash(rig, "atmega328p", 0, data, sizeof data);
    image = rig_image_of(rig, 0, data, sizeof data);
    rig->wire->tamper = flip_data;
    rig->wire->user = &flips;
    rig_assert_ok(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, false));
    assert_int_equal(flips.times, 0);
    assert_int_equal(wire_count(rig->wire, READ_LOW) + wire_count(rig->wire, READ_HIGH),
                     600 + 2 * 256);
    assert_int_equal(avrspi_session_retries(rig->session), 0);
}

static void verify_over_a_bad_wire_counts_as_lost(void **state)
{
    struct rig *rig = *state;
    uint8_t data[10];
    struct avrspi_image *image;
    struct flips flips = {.countdown = 10, .times = 3}; /* of 10, 20 and 21 */

    rig_start_with_flash(rig, "atmega328p", 0, data, sizeof data);
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

    rig_start_with_flash(rig, "atmega328p", 0, data, sizeof data);
    data[3] ^= 1;
    image = rig_image_of(rig, 0, data, sizeof data);
    for (unsigned n = 1; n <= 2; n++) {
        rig->wire->broken_transfer = n;
        rig_assert_error(rig, rig_verify(rig, AVRSPI_MEMORY_FLASH, image, false), AVRSPI_ERR_DEVICE,
                         "the wire broke", "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
