/* SPDX-License-Identifier: MIT */
/* Chip files: every key, and every way to get one wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "avrspi/chips.h"
#include "chips/record.h"

/* The five facts of the least definition: lines 1 to 5. */
#define LEAST                                                                                      \
    "[Least]\nsignature = 1E 42 0B\nflash_size = 8192\nflash_page = 64\n"                          \
    "fuse_masks = FF FF 01 03\n"
#define BYTEWISE                                                                                   \
    "[Old]\nsignature = 1E 42 01\nflash_size = 2048\nflash_page = 0\nfuse_masks = 21 00 00 06\n"

#define PINS_8 "MOSI 5, MISO 6, SCK 7, RESET 1, VCC 8, GND 4"

static struct avrspi_chips *chips;
static struct avrspi_error error;

static int setup(void **state)
{
    (void)state;
    return avrspi_chips_open(&chips, &error);
}

static int teardown(void **state)
{
    (void)state;
    avrspi_chips_close(chips);
    return 0;
}

static const struct avrspi_chip *parsed(const char *text, const char *name)
{
    const struct avrspi_chip *chip;

    if (avrspi_chips_add_text(chips, "my.conf", text, strlen(text), &error) < 0)
        fail_msg("%s", error.message);
    chip = avrspi_chips_find(chips, name);
    assert_non_null(chip);
    return chip;
}

static void encodes(const struct avrspi_chip *chip, enum avrspi_instruction_id id, uint32_t address,
                    uint8_t data, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    const uint8_t expected[4] = {a, b, c, d};
    uint8_t out[4];

    assert_true(chip->instruction[id].defined);
    avrspi_instruction_encode(&chip->instruction[id], address, data, out);
    assert_memory_equal(out, expected, 4);
}

static void packages_are_taken(void **state)
{
    const struct avrspi_chip *chip =
        parsed(LEAST "ports = MOSI PE0 PDI, MISO PE1, SCK - SCK_A, RESET PC6\n"
                     "pin.PDIP-8 = MOSI 5, MISO 6, SCK 7, RESET 1, VCC 8, GND 3(UGND) 4\n"
                     "pin.UFBGA-15 = MOSI A1, MISO A2, SCK A3, RESET B1, VCC B2, GND B3, PAD EP\n"
                     "[Other]\nlike = Least\npins = one of mine\npins_of = Least\n"
                     "[Without]\nlike = Least\n[ATmega328P]\nlike = ATmega328P\n",
               "Least");
    const struct avrspi_chip *other = avrspi_chips_find(chips, "Other");

    (void)state;
    assert_string_equal(avrspi_chip_package(chip, 1)->name, "UFBGA-15");
    assert_string_equal(avrspi_chip_package(chip, 1)->pins[AVRSPI_SIGNAL_PAD], "EP");
    assert_null(avrspi_chip_package(chip, 2));
    assert_string_equal(avrspi_chip_package(chip, 0)->pins[AVRSPI_SIGNAL_GND], "3(UGND) 4");
    assert_string_equal(avrspi_chip_package(chip, 0)->pins[AVRSPI_SIGNAL_AVCC], "");
    assert_string_equal(avrspi_chip_port(chip, AVRSPI_SIGNAL_MOSI), "PE0");
    assert_string_equal(avrspi_chip_signal_alias(chip, AVRSPI_SIGNAL_MOSI), "PDI");
    assert_string_equal(avrspi_chip_signal_alias(chip, AVRSPI_SIGNAL_MISO), "");
    assert_string_equal(avrspi_chip_port(chip, AVRSPI_SIGNAL_SCK), "");
    assert_string_equal(avrspi_chip_signal_alias(chip, AVRSPI_SIGNAL_SCK), "SCK_A");
    assert_string_equal(
        chip->pins, "PDIP-8: MOSI to PDI 5, MISO 6, SCK to SCK_A 7, RESET 1, VCC 8, GND 3 and 4");
    assert_string_equal(other->pins, "one of mine");
    assert_string_equal(avrspi_chip_package(other, 0)->name, "PDIP-8");
    assert_null(avrspi_chip_package(avrspi_chips_find(chips, "Without"), 0));
    assert_string_equal(avrspi_chips_find(chips, "Without")->pins, "");
    /* one that mends a chip is that chip */
    assert_string_equal(avrspi_chip_package(avrspi_chips_find(chips, "ATmega328P"), 0)->name,
                        "PDIP-28");
}

static void five_facts_make_a_chip(void **state)
{
    const struct avrspi_chip *chip = parsed(LEAST, "least");

    (void)state;
    assert_string_equal(chip->name, "Least");
    assert_string_equal(chip->family, "");
    assert_string_equal(chip->note, "");
    assert_memory_equal(chip->signature, ((uint8_t[]){0x1E, 0x42, 0x0B}), 3);
    assert_int_equal(chip->flash_size, 8192);
    assert_int_equal(chip->flash_page, 64);
    assert_int_equal(chip->flash_start, 0);
    assert_int_equal(chip->eeprom_size, 0);
    assert_int_equal(chip->eeprom_page, 0);
    assert_int_equal(chip->calibration_bytes, 1);
    assert_false(chip->rdy_bsy || chip->no_echo || chip->pulse_after_erase || chip->power_cycle ||
                 chip->unverified);
    assert_int_equal(chip->factory_clock, 0);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_FLASH], 20000);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_EEPROM], 20000);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_FUSE], 20000);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_ERASE], 112000);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_EXT].mask, 0x01);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_LOCK].mask, 0x03);
    for (size_t i = 0; i < AVRSPI_FUSES; i++)
        assert_int_equal(chip->fuse[i].default_value, 0xFF);
    assert_int_equal(chip->n_fields, 0);
}

static void five_facts_give_the_standard_instructions(void **state)
{
    const struct avrspi_chip *chip = parsed(LEAST, "least");

    (void)state;
    encodes(chip, AVRSPI_PROGRAMMING_ENABLE, 0, 0, 0xAC, 0x53, 0, 0);
    encodes(chip, AVRSPI_CHIP_ERASE, 0, 0, 0xAC, 0x80, 0, 0);
    encodes(chip, AVRSPI_LOAD_FLASH_LOW, 0x12F3, 0xA5, 0x40, 0, 0x13, 0xA5);
    encodes(chip, AVRSPI_LOAD_FLASH_HIGH, 0x12F3, 0xA5, 0x48, 0, 0x13, 0xA5);
    encodes(chip, AVRSPI_WRITE_FLASH_PAGE, 0x12F3, 0xA5, 0x4C, 0x12, 0xE0, 0);
    encodes(chip, AVRSPI_READ_FLASH_LOW, 0x12F3, 0xA5, 0x20, 0x12, 0xF3, 0);
    encodes(chip, AVRSPI_READ_FLASH_HIGH, 0x12F3, 0xA5, 0x28, 0x12, 0xF3, 0);
    encodes(chip, AVRSPI_READ_SIGNATURE, 2, 0, 0x30, 0, 2, 0);
    encodes(chip, AVRSPI_READ_CALIBRATION, 3, 0, 0x38, 0, 3, 0);
    encodes(chip, AVRSPI_READ_LOW, 0, 0, 0x50, 0, 0, 0);
    encodes(chip, AVRSPI_READ_HIGH, 0, 0, 0x58, 0x08, 0, 0);
    encodes(chip, AVRSPI_READ_EXT, 0, 0, 0x50, 0x08, 0, 0);
    encodes(chip, AVRSPI_READ_LOCK, 0, 0, 0x58, 0, 0, 0);
    encodes(chip, AVRSPI_WRITE_LOW, 0, 0xA5, 0xAC, 0xA0, 0, 0xA5);
    encodes(chip, AVRSPI_WRITE_HIGH, 0, 0xA5, 0xAC, 0xA8, 0, 0xA5);
    encodes(chip, AVRSPI_WRITE_EXT, 0, 0xA5, 0xAC, 0xA4, 0, 0xA5);
    encodes(chip, AVRSPI_WRITE_LOCK, 0, 0xA5, 0xAC, 0xE0, 0, 0xA5);
    assert_true(chip->instruction[AVRSPI_POLL_RDY_BSY].defined); /* it will be asked with it */
    assert_false(chip->instruction[AVRSPI_LOAD_EXT_ADDRESS].defined);
    assert_false(chip->instruction[AVRSPI_WRITE_FLASH_LOW].defined);
    assert_false(chip->instruction[AVRSPI_READ_EEPROM].defined);
    assert_false(chip->instruction[AVRSPI_WRITE_EEPROM].defined);
}

static void bytewise_chip_has_other_instructions(void **state)
{
    const struct avrspi_chip *chip =
        parsed(BYTEWISE "eeprom_size = 128\ncalibration_bytes = 0\n", "old");

    (void)state;
    encodes(chip, AVRSPI_WRITE_FLASH_LOW, 0x3F3, 0xA5, 0x40, 0x03, 0xF3, 0xA5);
    encodes(chip, AVRSPI_WRITE_FLASH_HIGH, 0x3F3, 0xA5, 0x48, 0x03, 0xF3, 0xA5);
    encodes(chip, AVRSPI_READ_EEPROM, 0x7F, 0, 0xA0, 0, 0x7F, 0);
    encodes(chip, AVRSPI_WRITE_EEPROM, 0x7F, 0xA5, 0xC0, 0, 0x7F, 0xA5);
    assert_false(chip->instruction[AVRSPI_LOAD_FLASH_LOW].defined);
    assert_false(chip->instruction[AVRSPI_LOAD_FLASH_HIGH].defined);
    assert_false(chip->instruction[AVRSPI_WRITE_FLASH_PAGE].defined);
    assert_false(chip->instruction[AVRSPI_LOAD_EEPROM_PAGE].defined);
    assert_false(chip->instruction[AVRSPI_WRITE_EEPROM_PAGE].defined);
    assert_false(chip->instruction[AVRSPI_READ_CALIBRATION].defined);
    assert_false(chip->instruction[AVRSPI_READ_HIGH].defined);
    assert_false(chip->instruction[AVRSPI_WRITE_EXT].defined);
}

static void every_key_lands_in_its_place(void **state)
{
    const struct avrspi_chip *chip = parsed("; all of them\n"
                                            "[Full]\n"
                                            "signature = 0x1e 98 0x01\n"
                                            "flash_size = 0x40000\n"
                                            "flash_page = 256\n"
                                            "flash_start = 0\n"
                                            "eeprom_size = 4096\n"
                                            "eeprom_page = 8\n"
                                            "calibration_bytes = 4\n"
                                            "low_mask = 0b11111111\n"
                                            "high_mask = 254\n"
                                            "ext_mask = 0x0F\n"
                                            "lock_mask = 0x3F\n"
                                            "low_default = 0x62\n"
                                            "high_default = 0x99\n"
                                            "ext_default = 0xF5\n"
                                            "rdy_bsy = yes\n"
                                            "no_echo = yes\n"
                                            "pulse_after_erase = yes\n"
                                            "power_cycle = yes\n"
                                            "unverified = yes\n"
                                            "wait_flash = 1\n"
                                            "wait_eeprom = 2\n"
                                            "wait_fuse = 3\n"
                                            "wait_erase = 1000000\n"
                                            "factory_clock = 1.2M\n"
                                            "family = some words\n"
                                            "note = a sentence: with '=' in it ; not a comment's\n",
                                            "full");

    (void)state;
    assert_memory_equal(chip->signature, ((uint8_t[]){0x1E, 0x98, 0x01}), 3);
    assert_int_equal(chip->flash_size, 262144);
    assert_int_equal(chip->eeprom_size, 4096);
    assert_int_equal(chip->eeprom_page, 8);
    assert_int_equal(chip->calibration_bytes, 4);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_LOW].mask, 0xFF);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_HIGH].mask, 0xFE);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_EXT].mask, 0x0F);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_LOCK].mask, 0x3F);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_LOW].default_value, 0x62);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_HIGH].default_value, 0x99);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_EXT].default_value, 0xF5);
    assert_int_equal(chip->fuse[AVRSPI_FUSE_LOCK].default_value, 0xFF);
    assert_true(chip->rdy_bsy && chip->no_echo && chip->pulse_after_erase && chip->power_cycle &&
                chip->unverified);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_FLASH], 1);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_EEPROM], 2);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_FUSE], 3);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_ERASE], 1000000);
    assert_int_equal(chip->factory_clock, 1200000);
    assert_string_equal(chip->family, "some words");
    assert_string_equal(chip->note, "a sentence: with '=' in it");
    encodes(chip, AVRSPI_POLL_RDY_BSY, 0xFFFF, 0xFF, 0xF0, 0, 0, 0);
    assert_int_equal(avrspi_instruction_answer(&chip->instruction[AVRSPI_POLL_RDY_BSY], 0), 0xFE);
    encodes(chip, AVRSPI_LOAD_EXT_ADDRESS, 0x1FFFF, 0, 0x4D, 0, 0x01, 0);
    encodes(chip, AVRSPI_LOAD_EEPROM_PAGE, 0xFFF, 0xA5, 0xC1, 0, 0x07, 0xA5);
    encodes(chip, AVRSPI_WRITE_EEPROM_PAGE, 0xFFF, 0xA5, 0xC2, 0x0F, 0xF8, 0);
}

static void like_inherits_and_overrides(void **state)
{
    const struct avrspi_chip *chip = parsed("[Child]\n"
                                            "like = ATmega328P\n"
                                            "signature = 1E 01 02\n"
                                            "flash_page = 64\n"
                                            "factory_clock = external\n"
                                            "ext.BODLEVEL = none\n"
                                            "high.EESAVE = 0x08 CKDIV8\n"
                                            "low.ckdiv8 = 0x80\n"
                                            "ext.NEW = 0x03\n",
                                            "child");
    const struct avrspi_chip *parent = avrspi_chips_find(chips, "ATmega328P");

    (void)state;
    assert_int_equal(chip->flash_size, parent->flash_size);
    assert_int_equal(chip->factory_clock, 0);
    assert_int_equal(chip->wait_us[AVRSPI_WAIT_EEPROM], 3600);
    encodes(chip, AVRSPI_LOAD_FLASH_LOW, 0xFFFF, 0, 0x40, 0, 0x1F, 0);
    assert_null(avrspi_chip_field(chip, "BODLEVEL"));
    assert_int_equal(chip->n_fields, parent->n_fields);
    assert_string_equal(chip->fields[0].name, "ckdiv8"); /* in the place of the old one */
    assert_string_equal(chip->fields[10].name, "NEW");
    assert_int_equal(avrspi_chip_field(chip, "NEW")->n_values, 0);
}

static bool sets(const struct avrspi_chip *chip, const char *assignment, uint8_t low)
{
    struct avrspi_fuses fuses = {.value = {0xFF, 0xFF, 0xFF, 0xFF}};

    return avrspi_fuses_set(chip, assignment, &fuses, NULL) == 0 &&
           fuses.value[AVRSPI_FUSE_LOW] == low;
}

static void parts_written_and_inherited(void **state)
{
    const struct avrspi_chip *chip = parsed(LEAST "low.A_B = 0x0F\n"
                                                  "low.A = 0x0E in A_B\n"
                                                  "low.B = 0x01 in A_B\n"
                                                  "[Child]\nlike = Least\nlow.C = 0x80\n",
                                            "child");
    const struct avrspi_field *field = avrspi_chip_field(chip, "A_B");

    (void)state;
    assert_string_equal(avrspi_field_name(avrspi_chip_part_at(chip, field, 0)), "A");
    assert_string_equal(avrspi_field_name(avrspi_chip_part_at(chip, field, 1)), "B");
    assert_null(avrspi_chip_part_at(chip, field, 2));
    assert_null(avrspi_chip_part_at(chip, avrspi_chip_field(chip, "C"), 0));
    assert_true(sets(chip, "A=5", 0xFB));
    assert_true(sets(chip, "B=on", 0xFE));
    assert_true(sets(chip, "A2=0", 0xF7));
    assert_false(sets(chip, "A3=0", 0xFF));
}

static void parts_go_with_their_field(void **state)
{
    const struct avrspi_chip *chip = parsed("[Child]\nlike = ATtiny13\nlow.SUT_CKSEL = 0x07\n"
                                            "[Less]\nlike = ATtiny13\nlow.SUT = none\n"
                                            "[Bare]\nlike = ATtiny13\nlow.SUT_CKSEL = none\n",
                                            "child");

    (void)state;
    assert_int_equal(chip->n_parts, 0);
    assert_int_equal(avrspi_chips_find(chips, "less")->n_parts, 1);
    assert_int_equal(avrspi_chips_find(chips, "bare")->n_parts, 0);
}

static void parts_of_six_bits_are_known(void **state)
{
    const struct avrspi_chip *chip = parsed(LEAST "low.SUT_CKSEL = 0x3F\n", "least");

    (void)state;
    assert_true(sets(chip, "SUT=2", 0xEF));
    assert_true(sets(chip, "CKSEL=0b0010", 0xF2));
}

static void like_shares_fields_that_do_not_change(void **state)
{
    const struct avrspi_chip *chip = parsed("[Twin]\nlike = mega8\n", "twin");

    (void)state;
    assert_ptr_equal(chip->fields, avrspi_chips_find(chips, "ATmega8")->fields);
}

static void like_keeps_instructions_of_its_own(void **state)
{
    const struct avrspi_chip *chip =
        parsed(BYTEWISE "write_lock = AC 11100ii0 00 00\nread_low = none\n"
                        "[Newer]\nlike = Old\nfuse_masks = 2F 00 00 06\n",
               "newer");

    (void)state;
    encodes(chip, AVRSPI_WRITE_LOCK, 0, 0xFB, 0xAC, 0xE2, 0, 0);
    assert_false(chip->instruction[AVRSPI_READ_LOW].defined);
    encodes(chip, AVRSPI_WRITE_LOW, 0, 0xA5, 0xAC, 0xA0, 0, 0xA5);
}

static void instruction_of_every_notation(void **state)
{
    const struct avrspi_chip *chip = parsed(LEAST "load_ext_address = 4D AX AH AL\n"
                                                  "read_signature = 30 1x0aaaaa 0xxxxxxa DO\n"
                                                  "read_low = 58 00 00 00o0000o\n"
                                                  "read_lock = 58 00 00 BC000000\n"
                                                  "write_low = AC 1011111i 00 00\n"
                                                  "write_high = none\n"
                                                  "chip_erase=AC  8F\t00 00\n"
                                                  "write_lock = AC E0 DI 10xxiiii\n",
                                            "least");

    (void)state;
    encodes(chip, AVRSPI_LOAD_EXT_ADDRESS, 0x123456, 0, 0x4D, 0x12, 0x34, 0x56);
    encodes(chip, AVRSPI_READ_SIGNATURE, 0xFF, 0xFF, 0x30, 0x9F, 0x01, 0);
    encodes(chip, AVRSPI_WRITE_LOW, 0, 0xFE, 0xAC, 0xBE, 0, 0);
    encodes(chip, AVRSPI_CHIP_ERASE, 0, 0, 0xAC, 0x8F, 0, 0);
    encodes(chip, AVRSPI_WRITE_LOCK, 0, 0xA5, 0xAC, 0xE0, 0xA5, 0x85);
    assert_false(chip->instruction[AVRSPI_WRITE_HIGH].defined);
    assert_int_equal(avrspi_instruction_answer(&chip->instruction[AVRSPI_READ_LOW], 0), 0xDE);
    assert_int_equal(avrspi_instruction_answer(&chip->instruction[AVRSPI_READ_LOCK], 0x40), 0xFD);
}

static void values_of_fields(void **state)
{
    const struct avrspi_chip *chip =
        parsed("[values level]\n"
               "0b11 = off : no reset\n"
               "2 = 2.7V   :   reset at 2.7 V  :  internal 500k-1M  least 400k\n"
               "0x01 = EXT_1 : odd: words\n"
               "0 = bare\n"
               "[values more]\n"
               "like = LEVEL\n"
               "0 = none\n"
               "2 = 2.8V : now : crystal\n"
               "[values ONE]\n"
               "1 = one : its own list : external\n" LEAST "low.A = 0x03 level\n"
               "low.B = 0x0C more\n"
               "low.ONE = 0x10\n"
               "low.BIT = 0x20\n"
               "low.LONG = 0xC0\n",
               "least");
    const struct avrspi_field *field = chip->fields;

    (void)state;
    assert_int_equal(field[0].n_values, 4);
    assert_string_equal(field[0].values[0].name, "off");
    assert_int_equal(field[0].values[1].clock.min_hz, 500000);
    assert_int_equal(field[0].values[1].clock.max_hz, 1000000);
    assert_int_equal(field[0].values[1].clock.least_hz, 400000);
    assert_string_equal(field[0].values[1].text, "reset at 2.7 V");
    assert_string_equal(field[0].values[3].text, "");
    assert_int_equal(field[1].n_values, 3);
    assert_int_equal(field[1].shift, 2);
    assert_string_equal(avrspi_field_value(&field[1], 2)->name, "2.8V");
    assert_int_equal(avrspi_field_value(&field[1], 2)->clock.source, AVRSPI_CLOCK_CRYSTAL);
    assert_int_equal(avrspi_field_value(&field[1], 2)->clock.max_hz, 0);
    assert_string_equal(field[2].values[0].text, "its own list");
    assert_int_equal(field[2].values[0].clock.source, AVRSPI_CLOCK_EXTERNAL);
    assert_string_equal(field[3].values[0].name, "programmed");
    assert_int_equal(field[4].n_values, 0);
}

static void lines_of_many_shapes(void **state)
{
    const struct avrspi_chip *chip = parsed("\xEF\xBB\xBF# with a byte order mark\r\n"
                                            "\r\n"
                                            "  [Shapes]  \r\n"
                                            "\tsignature=1E 01 02\r\n"
                                            "    flash_size : 8192 ; in bytes\r\n"
                                            "    # indented\r\n"
                                            "flash_page\t=\t64\r\n"
                                            "fuse_masks = FF FF 00 03",
                                            "shapes");

    (void)state;
    assert_int_equal(chip->flash_size, 8192);
    assert_int_equal(chip->flash_page, 64);
}

static void eeprom_only_chip(void **state)
{
    const struct avrspi_chip *chip = parsed("[Rom]\nsignature = 1E 01 02\nflash_size = 0\n"
                                            "flash_page = 0\neeprom_size = 64\n"
                                            "fuse_masks = 00 00 00 00\n",
                                            "rom");

    (void)state;
    assert_false(chip->instruction[AVRSPI_READ_FLASH_LOW].defined);
    assert_false(chip->instruction[AVRSPI_WRITE_FLASH_LOW].defined);
    assert_false(chip->instruction[AVRSPI_READ_LOCK].defined);
    assert_true(chip->instruction[AVRSPI_WRITE_EEPROM].defined);
}

static void empty_file(void **state)
{
    (void)state;
    assert_int_equal(avrspi_chips_add_text(chips, "my.conf", "", 0, &error), 0);
    assert_int_equal(avrspi_chips_add_text(chips, "my.conf", "\n# x\n", 5, &error), 0);
}

static const struct {
    const char *text, *message;
} errors[] = {
    /* lines */
    {"x = 1\n", "1: expected a section such as [ATmega328P], found 'x'"},
    {"[A]\nrubbish\n", "2: expected [SECTION], 'key = value' or a comment, found 'rubbish'"},
    {"[A\n", "1: expected [SECTION], 'key = value' or a comment, found '[A'"},
    {"[A]\n\n[B]\nx = 1\n", "1: expected keys below the section header, found nothing"},
    {LEAST "[Last]\n", "6: expected keys below the section header, found nothing"},
    {"[A]\nrubbish\nflash_size = x\n",
     "2: expected [SECTION], 'key = value' or a comment, found 'rubbish'"},
    {"[A]\nflash_size = x\nrubbish\n",
     "2: expected flash_size to be a number from 0 to 262144, found 'x'"},
    {"[A]\nnote = \x01\n", "2: expected a line of text, found 'byte 0x01'"},
    {"[A]\nnote = \x7F\n", "2: expected a line of text, found 'byte 0x7F'"},
    {"[]\nnote = x\n", "1: expected [NAME OF A CHIP] or [values NAME], found ''"},
    {"[A B]\nnote = x\n", "1: expected [NAME OF A CHIP] or [values NAME], found 'A B'"},
    {"[values]\n1 = x\n", "1: expected [NAME OF A CHIP] or [values NAME], found 'values'"},
    {"[values ]\n1 = x\n", "1: expected [NAME OF A CHIP] or [values NAME], found 'values '"},
    {"[values A B]\n1 = x\n", "1: expected [NAME OF A CHIP] or [values NAME], found 'values A B'"},
    {"[A2345678901234567890123456789012345678901]\nnote = x\n",
     "1: expected [NAME OF A CHIP] or [values NAME], found "
     "'A2345678901234567890123456789012345678901'"},
    {"[A]\nnote = x\nNOTE = y\n", "3: expected every key of a section once, found 'NOTE'"},
    /* keys of chips */
    {"[A]\nflashsize = 1\n",
     "2: expected a key of a chip (nearest: 'flash_size'), found 'flashsize'"},
    {"[A]\nlik = 1\n", "2: expected a key of a chip (nearest: 'like'), found 'lik'"},
    {"[A]\nwritelock = 1\n",
     "2: expected a key of a chip (nearest: 'write_lock'), found 'writelock'"},
    {"[A]\nlike = B\n", "2: expected 'like' and a chip from further up or built in, found 'B'"},
    {"[A]\nlike = A\n", "2: expected 'like' and a chip from further up or built in, found 'A'"},
    {"[A]\nnote = x\nlike = ATmega8\n",
     "3: expected 'like' as the first key of a section, found 'like'"},
    {LEAST "[least]\nnote = x\n", "6: expected every chip once in a file, found 'least'"},
    {"[A]\nsignature = 1E 95\n", "2: expected signature to be three bytes such as '1E 95 0F', "
                                 "found '1E 95'"},
    {"[A]\nsignature = 1E 95 0F 00\n",
     "2: expected signature to be three bytes such as '1E 95 0F', found '1E 95 0F 00'"},
    {"[A]\nsignature = 1E 95 G0\n",
     "2: expected signature to be three bytes such as '1E 95 0F', found '1E 95 G0'"},
    {"[A]\nflash_size = 262145\n",
     "2: expected flash_size to be a number from 0 to 262144, found '262145'"},
    {"[A]\nflash_size =\n", "2: expected flash_size to be a number from 0 to 262144, found ''"},
    {"[A]\nflash_size = -1\n",
     "2: expected flash_size to be a number from 0 to 262144, found '-1'"},
    {"[A]\nflash_page = 1024\n",
     "2: expected flash_page to be a number from 0 to 512, found '1024'"},
    {"[A]\nflash_start = x\n",
     "2: expected flash_start to be a number from 0 to 262144, found 'x'"},
    {"[A]\neeprom_size = 9000\n",
     "2: expected eeprom_size to be a number from 0 to 8192, found '9000'"},
    {"[A]\neeprom_page = 257\n",
     "2: expected eeprom_page to be a number from 0 to 256, found '257'"},
    {"[A]\ncalibration_bytes = 5\n",
     "2: expected calibration_bytes to be a number from 0 to 4, found '5'"},
    {"[A]\nfuse_masks = FF FF 07\n",
     "2: expected fuse_masks to be four bytes: low, high, ext, lock, found 'FF FF 07'"},
    {"[A]\nfuse_defaults = 62 D9 FF FF\n",
     "2: expected fuse_defaults to be three bytes: low, high, ext, found '62 D9 FF FF'"},
    {"[A]\nlow_mask = 256\n", "2: expected low_mask to be a number from 0 to 255, found '256'"},
    {"[A]\nrdy_bsy = maybe\n", "2: expected rdy_bsy to be 'yes' or 'no', found 'maybe'"},
    {"[A]\nwait_erase = 1000001\n",
     "2: expected wait_erase to be a number from 0 to 1000000, found '1000001'"},
    {"[A]\nports = MOZI PB3\n", "2: expected a signal: MOSI, MISO, SCK, RESET, XTAL1, VCC, AVCC, "
                                "GND or PAD, found 'MOZI PB3'"},
    {"[A]\nports = MOSI\n", "2: expected what has the signal, found 'MOSI'"},
    {"[A]\nports = MOSI , MISO PB4\n", "2: expected what has the signal, found 'MOSI '"},
    {"[A]\nports = MOSI -\n",
     "2: expected a port pin, and perhaps its name, as in 'PE0 PDI', found '-'"},
    {"[A]\nports = MOSI PB3 DI DO\n",
     "2: expected a port pin, and perhaps its name, as in 'PE0 PDI', found 'PB3 DI DO'"},
    {"[A]\npin.DIP = " PINS_8 "\n",
     "2: expected a package and its number of pins ('PDIP-28'), found 'DIP'"},
    {"[A]\npin.-8 = " PINS_8 "\n",
     "2: expected a package and its number of pins ('PDIP-28'), found '-8'"},
    {"[A]\npin.PDIP-2 = " PINS_8 "\n",
     "2: expected a package and its number of pins ('PDIP-28'), found 'PDIP-2'"},
    {"[A]\npin.PDIP-8 = MOSI 5, MISO 6, SCK 7, RESET 1, VCC 8\n",
     "2: expected pin.PDIP-8 to have GND, found nothing"},
    {"[A]\npin.PDIP-8 = MOSI 9\n", "2: expected a pin that the package has, found '9'"},
    {"[A]\npin.PDIP-8 = MOSI 0\n", "2: expected a pin that the package has, found '0'"},
    {"[A]\npin.PDIP-8 = MOSI A1\n", "2: expected a pin that the package has, found 'A1'"},
    {"[A]\npin.UFBGA-15 = MOSI 3\n", "2: expected a pin that the package has, found '3'"},
    {"[A]\npin.PDIP-8 = MOSI 5, MISO 5\n", "2: expected every pin once in a package, found '5'"},
    {"[A]\npin.PDIP-8 = MOSI 5, MOSI 6\n",
     "2: expected every signal once in a package, found 'MOSI'"},
    {"[A]\npin.PDIP-8 = VCC 3(UVCC\n",
     "2: expected a name in brackets, as in '3(UVCC)', found '3(UVCC'"},
    {"[A]\npin.PDIP-8 = VCC 3()\n", "2: expected a name in brackets, as in '3(UVCC)', found '3()'"},
    {"[A]\npin.PDIP-8 = " PINS_8 "\npin.PDIP-8 = " PINS_8 "\n",
     "3: expected every key of a section once, found 'pin.PDIP-8'"},
    {"[A]\npin.A-8 = " PINS_8 "\npin.B-8 = " PINS_8 "\npin.C-8 = " PINS_8 "\npin.D-8 = " PINS_8
     "\npin.E-8 = " PINS_8 "\npin.F-8 = " PINS_8 "\npin.G-8 = " PINS_8 "\npin.H-8 = " PINS_8
     "\npin.I-8 = " PINS_8 "\n",
     "10: expected no more than 8 packages, found 'I-8'"},
    {"[A]\npins_of = ATmega9\n",
     "2: expected a chip from further up or built in, with pins, found 'ATmega9'"},
    {"[A]\npins_of = ATA5790\n",
     "2: expected a chip from further up or built in, with pins, found 'ATA5790'"},
    {"[A]\nfactory_clock = fast\n", "2: expected factory_clock to be a frequency such as '1M' or "
                                    "'128k', or 'external', found 'fast'"},
    {"[A]\nfactory_clock = 0\n", "2: expected factory_clock to be a frequency such as '1M' or "
                                 "'128k', or 'external', found '0'"},
    /* instructions */
    {"[A]\nwrite_lock = AC E0 00\n", "2: expected write_lock to be four bytes such as "
                                     "'AC E0 00 DI', or 'none', found '00'"},
    {"[A]\nwrite_lock =\n", "2: expected write_lock to be four bytes such as 'AC E0 00 DI', or "
                            "'none', found ''"},
    {"[A]\nwrite_lock = AC E0 00 DI 00\n", "2: expected write_lock to be four bytes such as "
                                           "'AC E0 00 DI', or 'none', found '00'"},
    {"[A]\nread_low = 50 DO 00 00\n", "2: expected read_low to be four bytes such as "
                                      "'AC E0 00 DI', or 'none', found 'DO 00 00'"},
    {"[A]\nread_low = 50 0000000o 00 00\n", "2: expected read_low to be four bytes such as "
                                            "'AC E0 00 DI', or 'none', found '0000000o 00 00'"},
    {"[A]\nread_low = 50 00 00 AAAAAAAA\n", "2: expected read_low to be four bytes such as "
                                            "'AC E0 00 DI', or 'none', found 'AAAAAAAA'"},
    {"[A]\nread_low = 50 00 00 I0000000\n", "2: expected read_low to be four bytes such as "
                                            "'AC E0 00 DI', or 'none', found 'I0000000'"},
    {"[A]\nread_low = 50 00 00 000\n", "2: expected read_low to be four bytes such as "
                                       "'AC E0 00 DI', or 'none', found '000'"},
    {"[A]\nread_low = 50 0G 00 DO\n", "2: expected read_low to be four bytes such as "
                                      "'AC E0 00 DI', or 'none', found '0G 00 DO'"},
    /* fields */
    {"[A]\nmiddle.X = 1\n",
     "2: expected 'low.', 'high.', 'ext.' or 'lock.' and a field, found 'middle.X'"},
    {"[A]\nlow. = 1\n", "2: expected a field's name after the dot, found 'low.'"},
    {"[A]\nlow.A B = 1\n", "2: expected a field's name after the dot, found 'low.A B'"},
    {"[A]\nlow.X = 0\n", "2: expected the field's bits, 0x01 to 0xFF, or 'none', found '0'"},
    {"[A]\nlow.X = 256\n", "2: expected the field's bits, 0x01 to 0xFF, or 'none', found '256'"},
    {"[A]\nlow.X =\n", "2: expected the field's bits, 0x01 to 0xFF, or 'none', found ''"},
    {"[A]\nlow.X = 1 nothing\n",
     "2: expected the name of a section [values NAME] further up, found 'nothing'"},
    {"[A]\nlow.X = 1 LB LB\n",
     "2: expected a mask and the name of a section [values NAME], found '1 LB LB'"},
    {"[A]\nlow.X = 1 ?\n",
     "2: expected a mask and the name of a section [values NAME], found '1 ?'"},
    {"[A]\nlow.X = none\n", "2: expected a field that the chip inherits, found 'low.X'"},
    {"[A]\nlike = ATmega8\nlow.SPIEN = none\n",
     "3: expected a field that the chip inherits, found 'low.SPIEN'"},
    /* values */
    {"[values A]\n256 = X\n",
     "2: expected the value of a fuse field, 0x00 to 0xFF, or 'like', found '256'"},
    {"[values A]\nX = 1\n",
     "2: expected the value of a fuse field, 0x00 to 0xFF, or 'like', found 'X'"},
    {"[values A]\n1 = X\n0x01 = Y\n", "3: expected every value of a list once, found '0x01'"},
    {"[values A]\n1 = X\n2 = x\n",
     "3: expected a name that no other value of the list has, found 'x'"},
    {"[values A]\n1 = none\n", "2: expected a value that the list inherits, found '1'"},
    {"[values A]\n1 = two words\n", "2: expected NAME : words, the name of letters, digits, '.', "
                                    "'_', found 'two words'"},
    {"[values A]\n1 =\n", "2: expected NAME : words, the name of letters, digits, '.', '_', "
                          "found ''"},
    {"[values A]\nlike = B\n",
     "2: expected 'like' and a list of values from further up, found 'B'"},
    {"[values A]\n1 = X\nlike = LB\n",
     "3: expected 'like' as the first key of a section, found 'like'"},
    {"[values A]\n1 = X\n[values a]\n1 = X\n",
     "3: expected every list of values once in a file, found 'a'"},
#define CLOCK_ERROR                                                                                \
    "2: expected a clock: 'internal HZ', 'external', 'crystal LOW-HIGH' or 'rc LOW-HIGH', and "    \
    "'least HZ' after it, found "
    {"[values A]\n1 = X : x : fast\n", CLOCK_ERROR "'fast'"},
    {"[values A]\n1 = X : x : internal\n", CLOCK_ERROR "'internal'"},
    {"[values A]\n1 = X : x : internal 0\n", CLOCK_ERROR "'internal 0'"},
    {"[values A]\n1 = X : x : external 1M\n", CLOCK_ERROR "'external 1M'"},
    {"[values A]\n1 = X : x : crystal 8M-1M\n", CLOCK_ERROR "'crystal 8M-1M'"},
    {"[values A]\n1 = X : x : crystal 1M-\n", CLOCK_ERROR "'crystal 1M-'"},
    {"[values A]\n1 = X : x : rc 1M-2M 3M\n", CLOCK_ERROR "'rc 1M-2M 3M'"},
    {"[values A]\n1 = X : x : internal 8M 6M\n", CLOCK_ERROR "'internal 8M 6M'"},
    {"[values A]\n1 = X : x : internal 8M least\n", CLOCK_ERROR "'internal 8M least'"},
    {"[values A]\n1 = X : x : internal 8M least 9M\n", CLOCK_ERROR "'internal 8M least 9M'"},
    {"[values A]\n1 = X : x : internal 8M least 6M x\n", CLOCK_ERROR "'internal 8M least 6M x'"},
    {"[A]\nmax_sck = fast\n",
     "2: expected max_sck to be a frequency such as '225k' or '2M', or 'none', found 'fast'"},
    {"[A]\nmax_sck = 0\n",
     "2: expected max_sck to be a frequency such as '225k' or '2M', or 'none', found '0'"},
    {"[values A]\n1 = X : x :\n", NULL}, /* words may end in a colon */
    {LEAST "low.A_B = 0x03\nlow.A = 0x04 in A_B\n",
     "7: expected a field of the chip, further up, that has these bits, found 'A_B'"},
    {LEAST "high.A_B = 0x03\nlow.A = 0x01 in A_B\n",
     "7: expected a field of the chip, further up, that has these bits, found 'A_B'"},
    {LEAST "low.A = 0x01 in A_B\n",
     "6: expected a field of the chip, further up, that has these bits, found 'A_B'"},
    {LEAST "low.A_B = 0x03\nlow.A = 0x01 in A_B x\n",
     "7: expected a mask, 'in' and the name of a field, found '0x01 in A_B x'"},
    {LEAST "low.A_B = 0x03\nlow.A = 0x01 in A_B\nhigh.A = 0x01\n",
     "1: expected the parts of a field to differ from the fields in name, found 'A'"},

    /* the whole chip */
    {"\n[A]\nnote = x\n", "2: expected A to have 'signature', found nothing"},
    {"[A]\nsignature = 1E 01 02\n", "1: expected A to have 'flash_size', found nothing"},
    {"[A]\nsignature = 1E 01 02\nflash_size = 64\n",
     "1: expected A to have 'flash_page', found nothing"},
    {"[A]\nsignature = 1E 01 02\nflash_size = 64\nflash_page = 0\n",
     "1: expected A to have 'fuse_masks', found nothing"},
    {"[A]\nlike = ATmega8\nsignature = FF FF FF\n",
     "1: expected the signature of A to be that of a chip, found 'FF FF FF'"},
    {"[A]\nlike = ATmega8\nsignature = 00 00 00\n",
     "1: expected the signature of A to be that of a chip, found '00 00 00'"},
    {"[A]\nlike = ATmega8\nflash_size = 0\nflash_page = 0\neeprom_size = 0\n",
     "1: expected A to have flash or EEPROM, found nothing"},
    {"[A]\nlike = ATmega8\nflash_size = 8191\n",
     "1: expected flash_size of A to be a number of whole words, found '8191'"},
    {"[A]\nlike = ATmega8\nflash_start = 262144\n",
     "1: expected the flash of A to end at or below 262144, found '270336'"},
    {"[A]\nlike = ATmega8\nflash_start = 96\n",
     "1: expected flash_start of A to be a multiple of 64, found '96'"},
    {"[A]\nlike = ATmega8\nflash_page = 0\nflash_start = 3\n",
     "1: expected flash_start of A to be a multiple of 2, found '3'"},
    {"[A]\nlike = ATmega8\nflash_page = 48\n",
     "1: expected flash_page of A to be a power of two, at least 2, that divides flash_size "
     "(8192), found '48'"},
    {"[A]\nlike = ATmega8\nflash_page = 1\n",
     "1: expected flash_page of A to be a power of two, at least 2, that divides flash_size "
     "(8192), found '1'"},
    {"[A]\nlike = ATmega8\nflash_size = 96\n",
     "1: expected flash_page of A to be a power of two, at least 2, that divides flash_size (96), "
     "found '64'"},
    {"[A]\nlike = ATmega8\neeprom_page = 3\n",
     "1: expected eeprom_page of A to be a power of two that divides eeprom_size (512), found "
     "'3'"},
    {"[A]\nlike = ATmega8\nhigh_mask = 0x7F\n",
     "1: expected the fields of A to be inside the high mask 0x7F, found 'RSTDISBL'"},
    {LEAST "low.X = 0x03\nlow.Y = 0x06\n",
     "1: expected the fields of Least not to share bits, found 'Y'"},
    {"[values v]\n1 = a\n2 = b\n" LEAST "low.X = 0x01 v\n",
     "4: expected values of low.X of Least that fit in its bits, found 'b'"},
    {LEAST "chip_erase = none\n", "1: expected Least to have chip_erase, found 'none'"},
    {LEAST "programming_enable = none\n",
     "1: expected Least to have programming_enable, found 'none'"},
    {LEAST "write_flash_low = 40 AH AL DI\n",
     "1: expected the instructions of Least to differ from load_flash_low, found "
     "'write_flash_low'"},
    {LEAST "write_low = AC iiiiiiii 00 00\n",
     "1: expected the instructions of Least to differ from programming_enable, found "
     "'write_low'"},
    {LEAST "read_low = 30 00 000000aa DO\n",
     "1: expected the instructions of Least to differ from read_signature, found 'read_low'"},
};

static void errors_name_file_line_expected_and_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        size_t count = avrspi_chips_count(chips);
        int result =
            avrspi_chips_add_text(chips, "my.conf", errors[i].text, strlen(errors[i].text), &error);

        if (!errors[i].message) {
            assert_int_equal(result, 0);
            continue;
        }
        assert_int_equal(result, AVRSPI_ERR_INPUT);
        assert_int_equal(error.code, AVRSPI_ERR_INPUT);
        assert_non_null(strstr(error.hint, "chips/README.md"));
        assert_int_equal(strncmp(error.message, "my.conf:", 8), 0);
        assert_string_equal(error.message + 8, errors[i].message);
        assert_int_equal(avrspi_chips_count(chips), count);
    }
}

static void line_too_long(void **state)
{
    static const char start[] = "[A]\nnote = ";
    char text[400];

    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text, start, sizeof start - 1);
    assert_int_equal(avrspi_chips_add_text(chips, "my.conf", text, 250, &error), AVRSPI_ERR_INPUT);
    assert_int_equal(strncmp(error.message,
                             "my.conf:2: expected a line of at most 190 characters, "
                             "found 'note = xxx",
                             67),
                     0);
    assert_true(strlen(error.message) < 160);
}

static void byte_zero_in_the_text(void **state)
{
    static const char text[] = "[A]\nnote = \0x\n";

    (void)state;
    assert_int_equal(avrspi_chips_add_text(chips, "my.conf", text, sizeof text - 1, &error),
                     AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "my.conf:2: expected a line of text, found 'byte 0x00'");
}

static void more_fields_than_bits(void **state)
{
    char text[2048] = LEAST;

    (void)state;
    for (unsigned i = 0; i < 33; i++) {
        char line[32];

        (void)snprintf(line, sizeof line, "low.F%u = 0x01\n", i);
        strcat(text, line);
    }
    assert_int_equal(avrspi_chips_add_text(chips, "my.conf", text, strlen(text), &error),
                     AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "my.conf:38: expected at most 32 fields, found 'F32'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(packages_are_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(five_facts_make_a_chip, setup, teardown),
        cmocka_unit_test_setup_teardown(five_facts_give_the_standard_instructions, setup, teardown),
        cmocka_unit_test_setup_teardown(bytewise_chip_has_other_instructions, setup, teardown),
        cmocka_unit_test_setup_teardown(every_key_lands_in_its_place, setup, teardown),
        cmocka_unit_test_setup_teardown(like_inherits_and_overrides, setup, teardown),
        cmocka_unit_test_setup_teardown(parts_written_and_inherited, setup, teardown),
        cmocka_unit_test_setup_teardown(parts_go_with_their_field, setup, teardown),
        cmocka_unit_test_setup_teardown(parts_of_six_bits_are_known, setup, teardown),
        cmocka_unit_test_setup_teardown(like_shares_fields_that_do_not_change, setup, teardown),
        cmocka_unit_test_setup_teardown(like_keeps_instructions_of_its_own, setup, teardown),
        cmocka_unit_test_setup_teardown(instruction_of_every_notation, setup, teardown),
        cmocka_unit_test_setup_teardown(values_of_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(lines_of_many_shapes, setup, teardown),
        cmocka_unit_test_setup_teardown(eeprom_only_chip, setup, teardown),
        cmocka_unit_test_setup_teardown(empty_file, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_name_file_line_expected_and_found, setup, teardown),
        cmocka_unit_test_setup_teardown(line_too_long, setup, teardown),
        cmocka_unit_test_setup_teardown(byte_zero_in_the_text, setup, teardown),
        cmocka_unit_test_setup_teardown(more_fields_than_bits, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
