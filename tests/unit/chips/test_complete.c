/* SPDX-License-Identifier: MIT */
/* What a definition of five facts gets from the built-in chips of its signature. */
#include "known_chips.h"

#include <stdio.h>
#include <string.h>

#include "chips/record.h"

static const char five_of_328p[] = "signature = 1E 95 0F\nflash_size = 32768\nflash_page = 128\n"
                                   "fuse_masks = FF FF 07 3F\n";
static const char five_unknown[] = "signature = 1E 95 AA\nflash_size = 32768\nflash_page = 128\n"
                                   "fuse_masks = FF FF 07 3F\n";

/* A chip of that name from lines of a definition. */
static const struct avrspi_chip *define(const char *name, const char *lines, const char *more)
{
    struct avrspi_error error = {0};
    char text[512];

    (void)snprintf(text, sizeof text, "[%s]\n%s%s", name, lines, more);
    if (avrspi_chips_add_text(chips, "mine.conf", text, strlen(text), &error) < 0)
        fail_msg("%s", error.message);
    return find_chip(name);
}

/* Name, signature, sizes and masks of a built-in chip. */
static const struct avrspi_chip *define_as(const struct avrspi_chip *chip)
{
    char lines[512];

    (void)snprintf(lines, sizeof lines,
                   "signature = %02X %02X %02X\nflash_size = %u\nflash_page = %u\n"
                   "flash_start = %u\neeprom_size = %u\neeprom_page = %u\n"
                   "fuse_masks = %02X %02X %02X %02X\n",
                   chip->signature[0], chip->signature[1], chip->signature[2], chip->flash_size,
                   chip->flash_page, chip->flash_start, chip->eeprom_size, chip->eeprom_page,
                   chip->fuse[0].mask, chip->fuse[1].mask, chip->fuse[2].mask, chip->fuse[3].mask);
    return define("five", lines, "");
}

static void five_facts_with_a_known_signature(void **state)
{
    const struct avrspi_chip *known = find_chip("ATmega328P"),
                             *chip = define("mine", five_of_328p, "");

    (void)state;
    assert_string_equal(avrspi_chip_completed_from(chip), "ATmega328P, ATA6614Q");
    for (int wait = 0; wait < AVRSPI_WAITS; wait++)
        assert_int_equal(chip->wait_us[wait], known->wait_us[wait]);
    assert_true(chip->rdy_bsy);
    assert_true(chip->instruction[AVRSPI_POLL_RDY_BSY].defined);
    assert_int_equal(chip->n_fields, known->n_fields);
    assert_non_null(avrspi_chip_field(chip, "CKDIV8"));
    assert_non_null(avrspi_chip_field_or_part(chip, "CKSEL"));
    assert_int_equal(chip->fuse[AVRSPI_FUSE_LOW].default_value, 0x62);
    assert_int_equal(chip->factory_clock, 1000000);
    assert_int_equal(chip->eeprom_size, 0);
    assert_false(avrspi_chip_leaves_out(chip, AVRSPI_GAP_CLOCK));
    assert_false(avrspi_chip_leaves_out(chip, AVRSPI_GAP_RDY_BSY));
}

static void facts_of_the_file_win(void **state)
{
    const struct avrspi_chip *chip =
        define("mine", five_of_328p,
               "rdy_bsy = no\nwait_flash = 7000\nlow_default = 0xFF\nfactory_clock = external\n"
               "max_sck = 1M\nlow.CKSEL = 0x0F\nwrite_lock = AC E0 00 11iiiiii\n");

    (void)state;
    assert_false(chip->rdy_bsy);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_FLASH], 7000);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_EEPROM], 3600);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_LOW].default_value, 0xFF);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_HIGH].default_value, 0xD9);
    assert_int_equal(chip->factory_clock, 0);
    assert_int_equal(chip->max_sck_hz, 1000000);
    assert_int_equal(chip->instruction[AVRSPI_WRITE_LOCK].data_mask[3], 0x3F);
    /* SUT_CKSEL has bits of it */
    assert_null(avrspi_chip_field(chip, "SUT_CKSEL"));
    assert_int_equal(avrspi_chip_field(chip, "CKSEL")->mask, 0x0F);
    assert_false(avrspi_chip_leaves_out(chip, AVRSPI_GAP_RDY_BSY));
}

/* Three AT90PWM with two lists of clocks; two ATmega16HVB of which one has a CKDIV8. */
static void facts_in_which_chips_differ_are_not_taken(void **state)
{
    const struct avrspi_chip *chip = define_as(find_chip("AT90PWM2B"));

    (void)state;
    assert_null(avrspi_chip_field(chip, "SUT_CKSEL"));
    assert_non_null(avrspi_chip_field(chip, "CKDIV8"));
    assert_false(chip->divider_unknown);
    chip = define_as(find_chip("ATmega16HVB"));
    assert_null(avrspi_chip_field(chip, "CKDIV8"));
    assert_true(chip->divider_unknown);
    assert_int_equal(chip->max_sck_hz, 225000);
    assert_false(avrspi_chip_leaves_out(chip, AVRSPI_GAP_CLOCK));
}

static void encodings_of_old_chips(void **state)
{
    static const char *const names[] = {"ATtiny12", "ATtiny26", "AT90S8515", "AT90S1200"};

    (void)state;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        const struct avrspi_chip *known = find_chip(names[n]), *chip = define_as(known);

        EXPECT(memcmp(&chip->instruction[AVRSPI_READ_LOW], &known->instruction[AVRSPI_READ_LOW],
                      8 * sizeof *chip->instruction) == 0,
               known, "fuses and lock bits are read or written in another way");
        EXPECT(chip->no_echo == known->no_echo, known, "no_echo");
        EXPECT(chip->pulse_after_erase == known->pulse_after_erase, known, "pulse_after_erase");
    }
}

static void five_facts_with_an_unknown_signature(void **state)
{
    const struct avrspi_chip *chip = define("mine", five_unknown, "");

    (void)state;
    assert_string_equal(avrspi_chip_completed_from(chip), "");
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_FLASH], 20000);
    assert_false(chip->rdy_bsy);
    assert_true(chip->instruction[AVRSPI_POLL_RDY_BSY].defined); /* to be asked with */
    assert_true(chip->rdy_bsy_unknown);
    assert_true(chip->divider_unknown);
    assert_true(avrspi_chip_leaves_out(chip, AVRSPI_GAP_CLOCK));
    assert_true(avrspi_chip_leaves_out(chip, AVRSPI_GAP_RDY_BSY));
    chip = define("mine", five_unknown, "low.CKDIV8 = 0x80\nrdy_bsy = no\n");
    assert_false(chip->divider_unknown);
    assert_false(chip->rdy_bsy_unknown);
    assert_false(chip->instruction[AVRSPI_POLL_RDY_BSY].defined);
    chip = define("mine", five_unknown, "max_sck = 2M\n");
    assert_false(avrspi_chip_leaves_out(chip, AVRSPI_GAP_CLOCK));
    assert_true(chip->divider_unknown);
}

/* One that is like a built-in chip leaves nothing out. One that is like a short definition is short
 * too, and has what that one says itself: fields taken from elsewhere are not in the way. */
static void definitions_that_are_like_another(void **state)
{
    const struct avrspi_chip *chip = define("mine", "like = ATmega8\nsignature = 1E 95 0F\n", "");

    (void)state;
    assert_string_equal(avrspi_chip_completed_from(chip), "");
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_FLASH],
                     find_chip("ATmega8")->wait_us[AVRSPI_WAIT_FLASH]);
    assert_false(chip->rdy_bsy_unknown);
    assert_false(chip->divider_unknown);
    (void)define("mine", five_of_328p, "wait_fuse = 6000\nlow.CKDIV8 = 0x80\n");
    chip = define("mine2", "like = mine\nlow.CKOUT2 = 0x40\nlow.CKSEL = 0x03\n", "");
    assert_string_equal(avrspi_chip_completed_from(chip), "ATmega328P, ATA6614Q");
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_FUSE], 6000);
    assert_true(chip->rdy_bsy);
    assert_non_null(avrspi_chip_field(chip, "CKDIV8"));
    assert_null(avrspi_chip_field(chip, "CKOUT"));
    assert_null(avrspi_chip_field(chip, "SUT_CKSEL"));
    chip = define("mine2", "like = mine\nsignature = 1E 95 AA\n", "");
    assert_string_equal(avrspi_chip_completed_from(chip), "");
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_FLASH], 20000);
    assert_true(chip->rdy_bsy_unknown);
    assert_false(chip->divider_unknown);
}

static void a_built_in_chip_that_is_replaced_is_still_taken_from(void **state)
{
    const struct avrspi_chip *chip = define("ATmega2560",
                                            "signature = 1E 98 01\nflash_size = 262144\n"
                                            "flash_page = 256\nfuse_masks = FF FF 07 3F\n",
                                            "");

    (void)state;
    assert_string_equal(avrspi_chip_completed_from(chip), "ATmega2560");
    assert_true(chip->rdy_bsy);
}

/* Whether the short definition is as careful as the chip that it may be. */
static void check_as_careful(const struct avrspi_chip *chip, const struct avrspi_chip *five)
{
    uint8_t fuses[AVRSPI_FUSES];

    for (int wait = 0; wait < AVRSPI_WAITS; wait++)
        EXPECT(five->wait_us[wait] >= chip->wait_us[wait], chip, "wait %d", wait);
    EXPECT(!five->rdy_bsy || chip->rdy_bsy, chip, "RDY/BSY");
    EXPECT(five->no_echo >= chip->no_echo && five->power_cycle >= chip->power_cycle &&
               five->pulse_after_erase >= chip->pulse_after_erase,
           chip, "a flag");
    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++)
        fuses[fuse] = chip->fuse[fuse].default_value;
    for (unsigned low = 0; low < 0x100; low++) {
        struct avrspi_clock clock, own;

        fuses[AVRSPI_FUSE_LOW] = (uint8_t)low;
        clock = avrspi_chip_clock(chip, fuses);
        own = avrspi_chip_clock(five, fuses);
        EXPECT(avrspi_sck_limit(&own) <= avrspi_sck_limit(&clock), chip, "low 0x%02X: %u Hz", low,
               avrspi_sck_limit(&own));
        EXPECT(five->divider_unknown ||
                   avrspi_chip_divider(five, fuses) == avrspi_chip_divider(chip, fuses),
               chip, "low 0x%02X: divider", low);
    }
}

static void every_chip_in_five_facts(void **state)
{
    static const struct avrspi_chip *all[512];
    const size_t count = avrspi_chips_count(chips);

    (void)state;
    assert_true(count < sizeof all / sizeof *all);
    for (size_t n = 0; n < count; n++)
        all[n] = avrspi_chips_at(chips, n);
    for (size_t n = 0; n < count; n++) {
        if (strcmp(all[n]->name, "five") == 0 || strcmp(all[n]->name, "mine") == 0)
            continue;
        assert_false(all[n]->divider_unknown && all[n]->rdy_bsy);
        check_as_careful(all[n], define_as(all[n]));
    }
}

static void built_in_chips_leave_nothing_out(void **state)
{
    (void)state;
    FOR_EACH(chip)
    {
        EXPECT(!chip->divider_unknown && !chip->rdy_bsy_unknown &&
                   !*avrspi_chip_completed_from(chip),
               chip, "is taken for a user's");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(built_in_chips_leave_nothing_out), /* before others are added */
        cmocka_unit_test(five_facts_with_a_known_signature),
        cmocka_unit_test(facts_of_the_file_win),
        cmocka_unit_test(facts_in_which_chips_differ_are_not_taken),
        cmocka_unit_test(encodings_of_old_chips),
        cmocka_unit_test(five_facts_with_an_unknown_signature),
        cmocka_unit_test(definitions_that_are_like_another),
        cmocka_unit_test(a_built_in_chip_that_is_replaced_is_still_taken_from),
        cmocka_unit_test(every_chip_in_five_facts),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
