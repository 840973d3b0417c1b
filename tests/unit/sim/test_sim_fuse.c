/* SPDX-License-Identifier: MIT */
/* Fuses and lock bits of a simulated chip, when they take effect and what they select. */
#include "sim_rig.h"

static void write_byte(struct rig *rig, uint8_t second, uint8_t data)
{
    (void)send(rig, 0xAC, second, 0, data);
    wait_us(rig, 4500);
}

static uint8_t read_low(struct rig *rig)
{
    return send(rig, 0x50, 0x00, 0, 0);
}

static uint8_t read_high(struct rig *rig)
{
    return send(rig, 0x58, 0x08, 0, 0);
}

static uint8_t read_lock(struct rig *rig)
{
    return send(rig, 0x58, 0x00, 0, 0);
}

static void fuse_read_each(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    memcpy(silicon(&rig)->fuse, ((uint8_t[]){0x62, 0xDA, 0xFD, 0xEF}), 4);
    enter(&rig);
    assert_int_equal(read_low(&rig), 0x62);
    assert_int_equal(read_high(&rig), 0xDA);
    assert_int_equal(send(&rig, 0x50, 0x08, 0, 0), 0xFD);
    assert_int_equal(read_lock(&rig), 0xEF);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void fuse_read_reserved_bits(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    memset(silicon(&rig)->fuse, 0x00, 4);
    silicon(&rig)->fuse[AVRSPI_FUSE_HIGH] = 0xC0;
    avrspi_sim_power_cycle(rig.sim);
    enter(&rig);
    assert_int_equal(send(&rig, 0x50, 0x08, 0, 0), 0xF8);
    assert_int_equal(read_lock(&rig), 0xC0);
    rig_close(&rig);
}

/* Old parts answer fuses and lock bits with one instruction. */
static void fuse_read_shared_instruction(void **state)
{
    struct rig rig = rig_of(&at90s);

    (void)state;
    silicon(&rig)->fuse[AVRSPI_FUSE_LOW] = 0xDE;  /* FSTRT, SPIEN programmed */
    silicon(&rig)->fuse[AVRSPI_FUSE_LOCK] = 0xFD; /* LB1 programmed */
    enter(&rig);
    assert_int_equal(send(&rig, 0x58, 0, 0, 0), 0x80);
    silicon(&rig)->fuse[AVRSPI_FUSE_LOW] = 0xFF;
    silicon(&rig)->fuse[AVRSPI_FUSE_LOCK] = 0xFB;
    assert_int_equal(send(&rig, 0x58, 0, 0, 0), 0x40 | 0x20 | 0x01);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void fuse_written(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    write_byte(&rig, 0xA0, 0xE2);
    write_byte(&rig, 0xA8, 0xD2);
    write_byte(&rig, 0xA4, 0xFD);
    assert_memory_equal(silicon(&rig)->fuse, ((uint8_t[]){0xE2, 0xD2, 0xFD, 0xFF}), 4);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void fuse_written_within_byte_2(void **state)
{
    struct rig rig = rig_entered(&at90s);

    (void)state;
    write_byte(&rig, 0xBE, 0x00);
    assert_int_equal(silicon(&rig)->fuse[AVRSPI_FUSE_LOW], 0xDE);
    write_byte(&rig, 0xBF, 0x00);
    assert_int_equal(silicon(&rig)->fuse[AVRSPI_FUSE_LOW], 0xDF);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void fuse_reserved_bit_cleared(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    write_byte(&rig, 0xA4, 0x05);
    assert_violation(&rig, AVRSPI_VIOLATION_RESERVED_BIT, 1);
    assert_int_equal(silicon(&rig)->fuse[AVRSPI_FUSE_EXT], 0xFD);
    write_byte(&rig, 0xE0, 0x3F); /* bits 7 and 6 are constants of the instruction */
    assert_violation(&rig, AVRSPI_VIOLATION_RESERVED_BIT, 2);
    assert_int_equal(read_lock(&rig), 0xFF);
    rig_close(&rig);
}

/* A break in a fuse write leaves a value that nobody wanted. */
static void fuse_write_broken_off(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    (void)send(&rig, 0xAC, 0xA0, 0, 0xFF);
    reset_high(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_RESET_BUSY, 1);
    assert_int_equal(silicon(&rig)->fuse[AVRSPI_FUSE_LOW], 0x6F);
    rig_close(&rig);
}

static void spien_kept(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    write_byte(&rig, 0xA8, 0xFF);
    assert_int_equal(read_high(&rig), 0xDF);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void spien_written_on_attiny12(void **state)
{
    struct avrspi_chip chip = mega328p;
    struct rig rig;

    (void)state;
    chip.name = "ATtiny12";
    rig = rig_entered(&chip);
    write_byte(&rig, 0xA8, 0xFF);
    assert_int_equal(read_high(&rig), 0xFF);
    reset_high(&rig);
    reset_low(&rig);
    assert_false(enable(&rig));
    rig_close(&rig);
}

static void spien_of_no_field(void **state)
{
    struct avrspi_chip chip = mega328p;
    struct rig rig;

    (void)state;
    chip.n_fields = 0;
    rig = rig_of(&chip);
    set_fuse(&rig, AVRSPI_FUSE_HIGH, 0xFF);
    enter(&rig);
    write_byte(&rig, 0xA8, 0x00);
    assert_int_equal(read_high(&rig), 0x00);
    rig_close(&rig);
}

static void latch_when_leaving(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    write_byte(&rig, 0xA0, 0xE2);
    assert_int_equal(avrspi_sim_clock(rig.sim), 1000000);
    write_byte(&rig, 0xA8, 0x59); /* RSTDISBL */
    assert_int_equal(read_high(&rig), 0x59);
    reset_high(&rig);
    assert_int_equal(avrspi_sim_clock(rig.sim), 8000000);
    reset_low(&rig);
    assert_false(enable(&rig));
    rig_close(&rig);
}

static void latch_at_power_cycle(void **state)
{
    struct avrspi_chip chip = mega328p;
    struct rig rig;

    (void)state;
    chip.power_cycle = true;
    rig = rig_entered(&chip);
    write_byte(&rig, 0xA0, 0xE2);
    reset_high(&rig);
    assert_int_equal(avrspi_sim_clock(rig.sim), 1000000);
    avrspi_sim_power_cycle(rig.sim);
    assert_int_equal(avrspi_sim_clock(rig.sim), 8000000);
    rig_close(&rig);
}

static void clock_of_each_source(void **state)
{
    static const struct {
        uint8_t low;
        uint32_t hz;
    } clocks[] = {
        {0xE2, 8000000}, {0x62, 1000000},  {0xE3, 128000},  {0x63, 16000},    {0xFF, 16000000},
        {0x7F, 2000000}, {0xC0, 16000000}, {0x40, 2000000}, {0xC1, 16000000},
    };
    struct rig rig = rig_of(&mega328p);

    (void)state;
    for (size_t i = 0; i < LENGTH(clocks); i++) {
        set_fuse(&rig, AVRSPI_FUSE_LOW, clocks[i].low);
        assert_int_equal(avrspi_sim_clock(rig.sim), clocks[i].hz);
    }
    rig_close(&rig);
}

static void clock_unknown(void **state)
{
    struct avrspi_chip chip = mega328p;
    struct rig rig;

    (void)state;
    chip.n_fields = 0;
    rig = rig_of(&chip);
    assert_int_equal(avrspi_sim_clock(rig.sim), 16000000);
    rig_close(&rig);
    chip.factory_clock = 1200000;
    rig = rig_with_fault(&chip, AVRSPI_FAULT_NO_CRYSTAL);
    assert_int_equal(avrspi_sim_clock(rig.sim), 1200000);
    rig_close(&rig);
    chip.factory_clock = 0;
    rig = rig_with_fault(&chip, AVRSPI_FAULT_NO_CRYSTAL);
    assert_int_equal(avrspi_sim_clock(rig.sim), 1000000);
    rig_close(&rig);
}

/* Tries whatever the lock bits may forbid. */
static void try_all(struct rig *rig)
{
    (void)send(rig, 0x40, 0, 0, 0x12);
    (void)send(rig, 0x4C, 0, 0, 0);
    wait_us(rig, 4500);
    (void)send(rig, 0xC0, 0, 0, 0x34);
    wait_us(rig, 3600);
    (void)send(rig, 0xC1, 0, 0, 0x34);
    (void)send(rig, 0xC2, 0, 0, 0);
    wait_us(rig, 3600);
    write_byte(rig, 0xA0, 0xE2);
}

static void lock_mode_1(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    try_all(&rig);
    assert_int_equal(send(&rig, 0x20, 0, 0, 0), 0x12);
    assert_int_equal(send(&rig, 0xA0, 0, 0, 0), 0x34);
    assert_int_equal(read_low(&rig), 0xE2);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void lock_mode_2(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    silicon(&rig)->flash[0x20] = 0x77;
    write_byte(&rig, 0xE0, 0xFE);
    try_all(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 4);
    assert_int_equal(send(&rig, 0x20, 0, 0, 0), 0xFF);
    assert_int_equal(send(&rig, 0x20, 0, 0x10, 0), 0x77);
    assert_int_equal(send(&rig, 0xA0, 0, 0, 0), 0xFF);
    assert_int_equal(read_low(&rig), 0x62);
    write_byte(&rig, 0xE0, 0xEE); /* a boot lock bit, still allowed */
    assert_int_equal(read_lock(&rig), 0xEE);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 4);
    rig_close(&rig);
}

static void lock_mode_3(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    silicon(&rig)->flash[0x20] = 0x77;
    write_byte(&rig, 0xE0, 0xFC);
    try_all(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 4);
    assert_int_equal(send(&rig, 0x20, 0, 0x10, 0), 0x10);
    assert_int_equal(send(&rig, 0xA0, 0, 0x23, 0), 0x23);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 6);
    write_byte(&rig, 0xE0, 0xEC);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 7);
    assert_int_equal(read_lock(&rig), 0xFC);
    write_byte(&rig, 0xE0, 0xFF);
    assert_int_equal(send(&rig, 0x30, 0, 1, 0), 0x95);
    assert_int_equal(read_low(&rig), 0x62);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 7);
    (void)send(&rig, 0xAC, 0x80, 0, 0);
    wait_us(&rig, 9000);
    assert_int_equal(read_lock(&rig), 0xFF);
    try_all(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 7);
    rig_close(&rig);
}

/* LB = 01 is in no table. */
static void lock_mode_undocumented(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    set_fuse(&rig, AVRSPI_FUSE_LOCK, 0xFD);
    enter(&rig);
    try_all(&rig);
    (void)send(&rig, 0x20, 0, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 5);
    rig_close(&rig);
}

static void lock_bits_cleared_only(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    write_byte(&rig, 0xE0, 0xEF);
    write_byte(&rig, 0xE0, 0xFB);
    assert_int_equal(read_lock(&rig), 0xEB);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* Before page programming: bits 2 and 1, and a signature that hides. */
static void lock_of_old_parts(void **state)
{
    struct rig rig = rig_entered(&at90s);

    (void)state;
    write_byte(&rig, 0xFD, 0x00); /* mode 2: LB2 1, LB1 0 */
    assert_int_equal(silicon(&rig)->fuse[AVRSPI_FUSE_LOCK], 0xFD);
    (void)send(&rig, 0x40, 0, 0, 0x12);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 1);
    assert_int_equal(send(&rig, 0x30, 0, 1, 0), 0x90);
    write_byte(&rig, 0xF9, 0x00);
    assert_int_equal(silicon(&rig)->fuse[AVRSPI_FUSE_LOCK], 0xF9);
    assert_int_equal(send(&rig, 0x30, 0, 0, 0), 0x00);
    assert_int_equal(send(&rig, 0x30, 0, 1, 0), 0x01);
    assert_int_equal(send(&rig, 0x30, 0, 2, 0), 0x02);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 1);
    rig_close(&rig);
}

/* A chip file of five facts names no fields: the two lowest lock bits are LB. */
static void lock_of_no_field(void **state)
{
    struct avrspi_chip chip = at90s;
    struct rig rig;

    (void)state;
    chip.n_fields = 0;
    rig = rig_of(&chip);
    set_fuse(&rig, AVRSPI_FUSE_LOCK, 0xFD);
    enter(&rig);
    (void)send(&rig, 0xC0, 0, 0, 0x12);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 1);
    (void)send(&rig, 0x20, 0, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_LOCKED, 1);
    rig_close(&rig);
}

static void lock_of_no_bits(void **state)
{
    struct avrspi_chip chip = mega328p;
    struct rig rig;

    (void)state;
    chip.fuse[AVRSPI_FUSE_LOCK].mask = 0;
    rig = rig_of(&chip);
    set_fuse(&rig, AVRSPI_FUSE_LOCK, 0x00);
    enter(&rig);
    try_all(&rig);
    assert_no_violation(&rig);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fuse_read_each),
        cmocka_unit_test(fuse_read_reserved_bits),
        cmocka_unit_test(fuse_read_shared_instruction),
        cmocka_unit_test(fuse_written),
        cmocka_unit_test(fuse_written_within_byte_2),
        cmocka_unit_test(fuse_reserved_bit_cleared),
        cmocka_unit_test(fuse_write_broken_off),
        cmocka_unit_test(spien_kept),
        cmocka_unit_test(spien_written_on_attiny12),
        cmocka_unit_test(spien_of_no_field),
        cmocka_unit_test(latch_when_leaving),
        cmocka_unit_test(latch_at_power_cycle),
        cmocka_unit_test(clock_of_each_source),
        cmocka_unit_test(clock_unknown),
        cmocka_unit_test(lock_mode_1),
        cmocka_unit_test(lock_mode_2),
        cmocka_unit_test(lock_mode_3),
        cmocka_unit_test(lock_mode_undocumented),
        cmocka_unit_test(lock_bits_cleared_only),
        cmocka_unit_test(lock_of_old_parts),
        cmocka_unit_test(lock_of_no_field),
        cmocka_unit_test(lock_of_no_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
