/* SPDX-License-Identifier: MIT */
/* Flash and EEPROM of a simulated chip: reads, page buffers, writes, the erase, busy times. */
#include "sim_rig.h"

static void load_word(struct rig *rig, uint8_t word, uint8_t low, uint8_t high)
{
    (void)send(rig, 0x40, 0, word, low);
    (void)send(rig, 0x48, 0, word, high);
}

static void write_page(struct rig *rig, uint16_t word)
{
    (void)send(rig, 0x4C, (uint8_t)(word >> 8), (uint8_t)word, 0);
    wait_us(rig, 4500);
}

static uint8_t read_flash(struct rig *rig, uint16_t word, bool high)
{
    return send(rig, high ? 0x28 : 0x20, (uint8_t)(word >> 8), (uint8_t)word, 0);
}

static void erase(struct rig *rig)
{
    (void)send(rig, 0xAC, 0x80, 0, 0);
    wait_us(rig, 9000);
}

static void signature_read(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    assert_int_equal(send(&rig, 0x30, 0, 0, 0), 0x1E);
    assert_int_equal(send(&rig, 0x30, 0, 1, 0), 0x95);
    assert_int_equal(send(&rig, 0x30, 0, 2, 0), 0x0F);
    assert_no_violation(&rig);
    assert_int_equal(send(&rig, 0x30, 0, 3, 0), 0xFF);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 1);
    rig_close(&rig);
}

static void calibration_read(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    silicon(&rig)->calibration[0] = 0x7B;
    assert_int_equal(send(&rig, 0x38, 0, 0, 0), 0x7B);
    assert_no_violation(&rig);
    assert_int_equal(send(&rig, 0x38, 0, 1, 0), 0xFF);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 1);
    rig_close(&rig);
}

static void flash_page_written(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    load_word(&rig, 0, 0x12, 0x34);
    load_word(&rig, 63, 0x56, 0x78);
    write_page(&rig, 0x3FC0);
    assert_int_equal(read_flash(&rig, 0x3FC0, false), 0x12);
    assert_int_equal(read_flash(&rig, 0x3FC0, true), 0x34);
    assert_int_equal(read_flash(&rig, 0x3FC1, false), 0xFF);
    assert_int_equal(read_flash(&rig, 0x3FFF, true), 0x78);
    assert_int_equal(silicon(&rig)->page_writes, 1);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* The buffer is empty after a page write; address bits within the page are ignored. */
static void flash_buffer_emptied(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    load_word(&rig, 1, 0x12, 0x34);
    write_page(&rig, 0x0000);
    load_word(&rig, 2, 0x56, 0x78);
    write_page(&rig, 0x0045);
    assert_int_equal(read_flash(&rig, 0x41, false), 0xFF);
    assert_int_equal(read_flash(&rig, 0x42, true), 0x78);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void flash_buffer_by_erase(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    load_word(&rig, 1, 0x12, 0x34);
    erase(&rig);
    write_page(&rig, 0);
    assert_int_equal(read_flash(&rig, 1, false), 0xFF);
    rig_close(&rig);
}

static void flash_buffer_loaded_twice(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    load_word(&rig, 0, 0xF0, 0xFF);
    load_word(&rig, 0, 0x3C, 0x55);
    write_page(&rig, 0);
    assert_int_equal(read_flash(&rig, 0, false), 0x30);
    assert_int_equal(read_flash(&rig, 0, true), 0x55);
    rig_close(&rig);
}

static void flash_load_address_above_page(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    load_word(&rig, 0xC1, 0x12, 0x34);
    write_page(&rig, 0);
    assert_int_equal(read_flash(&rig, 1, true), 0x34);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void flash_high_before_low(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    (void)send(&rig, 0x48, 0, 3, 0x34);
    assert_violation(&rig, AVRSPI_VIOLATION_HIGH_BEFORE_LOW, 1);
    (void)send(&rig, 0x40, 0, 3, 0x12);
    write_page(&rig, 0);
    assert_int_equal(read_flash(&rig, 3, false), 0x12);
    assert_int_equal(read_flash(&rig, 3, true), 0xFF);
    assert_violation(&rig, AVRSPI_VIOLATION_HIGH_BEFORE_LOW, 1);
    rig_close(&rig);
}

static void flash_not_erased(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    load_word(&rig, 0, 0x0F, 0xFF);
    write_page(&rig, 0);
    load_word(&rig, 0, 0x0E, 0xFF);
    write_page(&rig, 0);
    assert_no_violation(&rig);
    load_word(&rig, 0, 0xFF, 0xFF);
    write_page(&rig, 0);
    assert_no_violation(&rig);
    load_word(&rig, 0, 0x1F, 0x11);
    write_page(&rig, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_NOT_ERASED, 1);
    assert_int_equal(read_flash(&rig, 0, false), 0x0E);
    rig_close(&rig);
}

static void flash_address_outside(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    assert_int_equal(read_flash(&rig, 0x4000, false), 0xFF);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 1);
    load_word(&rig, 0, 0x12, 0x34);
    write_page(&rig, 0x4000);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 2);
    assert_int_equal(silicon(&rig)->page_writes, 0);
    assert_int_equal(silicon(&rig)->flash[0], 0xFF);
    rig_close(&rig);
}

/* Flash above a ROM: its first cell has not address 0, and what is below is no flash. */
static void flash_above_rom(void **state)
{
    struct avrspi_chip chip = mega328p;
    struct rig rig;

    (void)state;
    chip.flash_start = 0x8000;
    chip.instruction[AVRSPI_LOAD_FLASH_LOW].address_mask[1] = 0xFF;
    rig = rig_entered(&chip);
    load_word(&rig, 0, 0x12, 0x34);
    write_page(&rig, 0x4000);
    assert_int_equal(silicon(&rig)->flash[0], 0x12);
    assert_int_equal(read_flash(&rig, 0x4000, true), 0x34);
    (void)send(&rig, 0x40, 0x40, 0x00, 0x12);
    assert_no_violation(&rig);
    assert_int_equal(read_flash(&rig, 0, false), 0xFF);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 1);
    (void)send(&rig, 0x40, 0x3F, 0x00, 0x12);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 2);
    (void)send(&rig, 0x40, 0x80, 0x00, 0x12);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 3);
    rig_close(&rig);
}

static void flash_ext_address(void **state)
{
    struct rig rig = rig_entered(&mega2560);

    (void)state;
    (void)send(&rig, 0x4D, 0, 1, 0);
    load_word(&rig, 0, 0x12, 0x34);
    write_page(&rig, 0x1200);
    assert_int_equal(silicon(&rig)->flash[0x22400], 0x12);
    assert_int_equal(read_flash(&rig, 0x1200, true), 0x34);
    (void)send(&rig, 0x4D, 0, 0, 0);
    assert_int_equal(read_flash(&rig, 0x1200, true), 0xFF);
    assert_no_violation(&rig);
    (void)send(&rig, 0x4D, 0, 2, 0);
    assert_int_equal(read_flash(&rig, 0, false), 0xFF);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 1);
    rig_close(&rig);
}

static void flash_ext_address_not_loaded(void **state)
{
    struct rig rig = rig_entered(&mega2560);

    (void)state;
    silicon(&rig)->flash[0] = 0x77;
    assert_int_equal(read_flash(&rig, 0, false), 0x77);
    assert_violation(&rig, AVRSPI_VIOLATION_EXT_ADDRESS, 1);
    (void)send(&rig, 0x4D, 0, 1, 0);
    enter_again(&rig);
    assert_int_equal(read_flash(&rig, 0, false), 0x77);
    assert_violation(&rig, AVRSPI_VIOLATION_EXT_ADDRESS, 2);
    rig_close(&rig);
}

static void flash_weak_cell(void **state)
{
    struct rig rig = rig_open(
        &(struct avrspi_sim_config){.chip = &mega328p, .weak_cell = true, .weak_address = 3});

    (void)state;
    enter(&rig);
    load_word(&rig, 1, 0x00, 0x00);
    write_page(&rig, 0);
    assert_int_equal(read_flash(&rig, 1, false), 0x00);
    assert_int_equal(read_flash(&rig, 1, true), 0x01);
    assert_int_equal(silicon(&rig)->flash[3], 0x01);
    silicon(&rig)->flash[3] = 0x22;
    assert_int_equal(read_flash(&rig, 1, true), 0x23);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void flash_bytes(void **state)
{
    struct rig rig = rig_entered(&at90s);

    (void)state;
    (void)send(&rig, 0x48, 0x01, 0xFF, 0x34);
    wait_us(&rig, 4000);
    (void)send(&rig, 0x40, 0x01, 0xFF, 0x12);
    wait_us(&rig, 4000);
    assert_int_equal(read_flash(&rig, 0x1FF, false), 0x12);
    assert_int_equal(read_flash(&rig, 0x1FF, true), 0x34);
    assert_int_equal(silicon(&rig)->page_writes, 2);
    assert_no_violation(&rig);
    (void)send(&rig, 0x40, 0x01, 0xFF, 0x52);
    wait_us(&rig, 4000);
    assert_violation(&rig, AVRSPI_VIOLATION_NOT_ERASED, 1);
    assert_int_equal(read_flash(&rig, 0x1FF, false), 0x12);
    rig_close(&rig);
}

static void flash_bytes_outside(void **state)
{
    struct rig rig = rig_entered(&at90s);

    (void)state;
    (void)send(&rig, 0x40, 0x02, 0x00, 0x12);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 1);
    rig_close(&rig);
}

/* A page size that is no part of the flash, or no page buffer holds: no pages, no overrun. */
static void flash_page_absurd(void **state)
{
    static const uint32_t pages[] = {3, 1024, 65536};

    (void)state;
    for (size_t i = 0; i < LENGTH(pages); i++) {
        struct avrspi_chip chip = mega328p;
        struct rig rig;

        chip.flash_page = pages[i];
        chip.eeprom_page = pages[i];
        rig = rig_entered(&chip);
        (void)send(&rig, 0x40, 0, 0xFF, 0);
        (void)send(&rig, 0xC1, 0, 0xFF, 0);
        (void)send(&rig, 0x4C, 0, 0xFF, 0);
        (void)send(&rig, 0xC2, 0, 0xFF, 0);
        assert_violation(&rig, AVRSPI_VIOLATION_UNKNOWN, 4);
        rig_close(&rig);
    }
}

static void flash_larger_than_simulated(void **state)
{
    struct avrspi_chip chip = mega2560;
    struct rig rig;

    (void)state;
    chip.flash_size = 16777216;
    chip.eeprom_size = 65536;
    rig = rig_entered(&chip);
    erase(&rig);
    (void)send(&rig, 0x4D, 0, 2, 0);
    (void)read_flash(&rig, 0, false);
    (void)send(&rig, 0xA0, 0xFF, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 2);
    rig_close(&rig);
}

static void eeprom_bytes(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    (void)send(&rig, 0xC0, 0x03, 0xFF, 0x12);
    wait_us(&rig, 3600);
    assert_int_equal(send(&rig, 0xA0, 0x03, 0xFF, 0), 0x12);
    (void)send(&rig, 0xC0, 0x03, 0xFF, 0xED);
    wait_us(&rig, 3600);
    assert_int_equal(send(&rig, 0xA0, 0x03, 0xFF, 0), 0xED);
    assert_no_violation(&rig);
    assert_int_equal(send(&rig, 0xA0, 0x04, 0x00, 0), 0xFF);
    (void)send(&rig, 0xC0, 0x04, 0x00, 0xED);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 2);
    rig_close(&rig);
}

static void eeprom_page(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    memcpy(silicon(&rig)->eeprom + 8, "\x01\x02\x03\x04", 4);
    (void)send(&rig, 0xC1, 0, 1, 0xF0);
    (void)send(&rig, 0xC1, 0, 7, 0x55);
    (void)send(&rig, 0xC2, 0, 9, 0);
    wait_us(&rig, 3600);
    assert_memory_equal(silicon(&rig)->eeprom + 8, "\x01\xF0\x03\x55", 4);
    (void)send(&rig, 0xC2, 0, 12, 0);
    wait_us(&rig, 3600);
    assert_memory_equal(silicon(&rig)->eeprom + 12, "\xFF\xFF\xFF\xFF", 4);
    assert_no_violation(&rig);
    (void)send(&rig, 0xC2, 0x04, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_ADDRESS, 1);
    rig_close(&rig);
}

static void erase_all(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    memset(silicon(&rig)->flash, 0, mega328p.flash_size);
    memset(silicon(&rig)->eeprom, 0, mega328p.eeprom_size);
    set_fuse(&rig, AVRSPI_FUSE_LOCK, 0xFC);
    enter(&rig);
    erase(&rig);
    assert_int_equal(silicon(&rig)->flash[0], 0xFF);
    assert_int_equal(silicon(&rig)->flash[0x7FFF], 0xFF);
    assert_int_equal(silicon(&rig)->eeprom[0], 0xFF);
    assert_int_equal(silicon(&rig)->eeprom[1023], 0xFF);
    assert_memory_equal(silicon(&rig)->fuse, ((uint8_t[]){0x62, 0xD9, 0xFF, 0xFF}), 4);
    assert_int_equal(silicon(&rig)->erases, 1);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void erase_with_eesave(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    silicon(&rig)->flash[0] = 0;
    silicon(&rig)->eeprom[0] = 0x42;
    set_fuse(&rig, AVRSPI_FUSE_HIGH, 0xD1);
    enter(&rig);
    erase(&rig);
    assert_int_equal(silicon(&rig)->flash[0], 0xFF);
    assert_int_equal(silicon(&rig)->eeprom[0], 0x42);
    rig_close(&rig);
}

static void erase_wants_pulse(void **state)
{
    struct rig rig = rig_entered(&at90s);

    (void)state;
    erase(&rig);
    (void)send(&rig, 0x30, 0, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_NO_PULSE, 1);
    reset_high(&rig);
    reset_low(&rig);
    (void)enable(&rig);
    assert_int_equal(send(&rig, 0x30, 0, 0, 0), 0x1E);
    assert_violation(&rig, AVRSPI_VIOLATION_NO_PULSE, 1);
    rig_close(&rig);
}

static void poll_until_ready(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    assert_int_equal(send(&rig, 0xF0, 0, 0, 0), 0);
    (void)send(&rig, 0xC0, 0, 0, 0x12);
    wait_us(&rig, 3000);
    assert_int_equal(send(&rig, 0xF0, 0, 0, 0), 1);
    wait_us(&rig, 600);
    assert_int_equal(send(&rig, 0xF0, 0, 0, 0), 0);
    assert_int_equal(send(&rig, 0xA0, 0, 0, 0), 0x12);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void busy_other_instruction(void **state)
{
    static const uint8_t instructions[][4] = {
        {0xC0, 0, 1, 0x34}, {0xA0, 0, 0, 0},    {0x30, 0, 0, 0},
        {0xAC, 0x80, 0, 0}, {0xAC, 0x53, 0, 0}, {0x99, 0, 0, 0},
    };
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    (void)send(&rig, 0xC0, 0, 0, 0x12);
    for (size_t i = 0; i < LENGTH(instructions); i++)
        send_bytes(&rig, instructions[i], 4);
    assert_violation(&rig, AVRSPI_VIOLATION_BUSY, LENGTH(instructions));
    wait_us(&rig, 10000);
    assert_int_equal(silicon(&rig)->eeprom[1], 0xFF);
    assert_int_equal(silicon(&rig)->erases, 0);
    assert_int_equal(send(&rig, 0xA0, 0, 0, 0), 0x12);
    rig_close(&rig);
}

/* An instruction that begins while the chip is busy is lost, even when it ends after it. */
static void busy_until_the_wait(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    rig.hz = 200000;
    (void)send(&rig, 0xC0, 0, 0, 0x12);
    wait_us(&rig, 3599);
    (void)send(&rig, 0xA0, 0, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_BUSY, 1);
    (void)send(&rig, 0xC0, 0, 0, 0x34);
    wait_us(&rig, 3600);
    assert_int_equal(send(&rig, 0xA0, 0, 0, 0), 0x34);
    assert_violation(&rig, AVRSPI_VIOLATION_BUSY, 1);
    rig_close(&rig);
}

static void busy_of_each_kind(void **state)
{
    static const struct {
        uint8_t bytes[4];
        uint32_t us;
    } writes[] = {
        {{0x4C, 0, 0, 0}, 4500},       {{0xC0, 0, 0, 0}, 3600},    {{0xC2, 0, 0, 0}, 3600},
        {{0xAC, 0xA0, 0, 0x62}, 4500}, {{0xAC, 0x80, 0, 0}, 9000}, {{0xAC, 0xE0, 0, 0xFF}, 4500},
        {{0xAC, 0xA4, 0, 0xFF}, 4500},
    };
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    for (size_t i = 0; i < LENGTH(writes); i++) {
        send_bytes(&rig, writes[i].bytes, 4);
        wait_us(&rig, writes[i].us - 500);
        assert_int_equal(send(&rig, 0xF0, 0, 0, 0), 1);
        wait_us(&rig, 500);
        assert_int_equal(send(&rig, 0xF0, 0, 0, 0), 0);
    }
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void busy_no_wait_known(void **state)
{
    struct avrspi_chip chip = mega328p;
    struct rig rig;

    (void)state;
    chip.wait_us[AVRSPI_WAIT_EEPROM] = 0;
    rig = rig_entered(&chip);
    (void)send(&rig, 0xC0, 0, 0, 0x12);
    assert_int_equal(send(&rig, 0xA0, 0, 0, 0), 0x12);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void poll_without_rdy_bsy(void **state)
{
    struct avrspi_chip chip = mega328p;
    struct rig rig;

    (void)state;
    chip.rdy_bsy = false;
    rig = rig_entered(&chip);
    (void)send(&rig, 0xF0, 0, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_UNKNOWN, 1);
    (void)send(&rig, 0xC0, 0, 0, 0);
    (void)send(&rig, 0xF0, 0, 0, 0);
    assert_int_equal(avrspi_sim_violation(rig.sim, AVRSPI_VIOLATION_BUSY), 1);
    rig_close(&rig);
}

/* What the datasheets of parts without RDY/BSY offer in its place. */
static void poll_by_value(void **state)
{
    struct rig rig = rig_entered(&at90s);

    (void)state;
    (void)send(&rig, 0x48, 0, 5, 0x34);
    assert_int_equal(read_flash(&rig, 5, true), 0xFF);
    assert_no_violation(&rig);
    (void)read_flash(&rig, 5, false);
    assert_violation(&rig, AVRSPI_VIOLATION_BUSY, 1);
    (void)send(&rig, 0xA0, 0, 5, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_BUSY, 2);
    wait_us(&rig, 4000);
    assert_int_equal(read_flash(&rig, 5, true), 0x34);
    (void)send(&rig, 0xC0, 0, 5, 0x12);
    assert_int_equal(send(&rig, 0xA0, 0, 5, 0), 0xFF);
    (void)send(&rig, 0x30, 0, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_BUSY, 3);
    rig_close(&rig);
}

static void unknown_instruction(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    (void)send(&rig, 0x4D, 0, 0, 0);
    (void)send(&rig, 0x00, 0, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_UNKNOWN, 2);
    rig_close(&rig);
}

static void enable_again(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    assert_true(enable(&rig));
    assert_int_equal(send(&rig, 0x30, 0, 0, 0), 0x1E);
    assert_no_violation(&rig);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signature_read),
        cmocka_unit_test(calibration_read),
        cmocka_unit_test(flash_page_written),
        cmocka_unit_test(flash_buffer_emptied),
        cmocka_unit_test(flash_buffer_by_erase),
        cmocka_unit_test(flash_buffer_loaded_twice),
        cmocka_unit_test(flash_load_address_above_page),
        cmocka_unit_test(flash_high_before_low),
        cmocka_unit_test(flash_not_erased),
        cmocka_unit_test(flash_address_outside),
        cmocka_unit_test(flash_above_rom),
        cmocka_unit_test(flash_ext_address),
        cmocka_unit_test(flash_ext_address_not_loaded),
        cmocka_unit_test(flash_weak_cell),
        cmocka_unit_test(flash_bytes),
        cmocka_unit_test(flash_bytes_outside),
        cmocka_unit_test(flash_page_absurd),
        cmocka_unit_test(flash_larger_than_simulated),
        cmocka_unit_test(eeprom_bytes),
        cmocka_unit_test(eeprom_page),
        cmocka_unit_test(erase_all),
        cmocka_unit_test(erase_with_eesave),
        cmocka_unit_test(erase_wants_pulse),
        cmocka_unit_test(poll_until_ready),
        cmocka_unit_test(busy_other_instruction),
        cmocka_unit_test(busy_until_the_wait),
        cmocka_unit_test(busy_of_each_kind),
        cmocka_unit_test(busy_no_wait_known),
        cmocka_unit_test(poll_without_rdy_bsy),
        cmocka_unit_test(poll_by_value),
        cmocka_unit_test(unknown_instruction),
        cmocka_unit_test(enable_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
