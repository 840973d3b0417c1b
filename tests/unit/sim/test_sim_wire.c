/* SPDX-License-Identifier: MIT */
/* The wires, RESET and time of a simulated chip. */
#include "sim_rig.h"

/* Without a chip in the state to answer, MISO floats: no error of the programmer. */
static void transfer_reset_high(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    assert_int_equal(send(&rig, 0xAC, 0x53, 0x12, 0x34), 0xFF);
    assert_int_equal(rig.in[2], 0xFF);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void transfer_pulled_down(void **state)
{
    struct rig rig =
        rig_open(&(struct avrspi_sim_config){.chip = &mega328p, .miso_pull_down = true});

    (void)state;
    assert_int_equal(send(&rig, 0xAC, 0x53, 0x12, 0x34), 0x00);
    rig_close(&rig);
}

static void transfer_enable_echoed(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    reset_low(&rig);
    (void)send(&rig, 0xAC, 0x53, 0x12, 0x34);
    assert_memory_equal(rig.in, ((uint8_t[]){0xFF, 0xAC, 0x53, 0x12}), 4);
    assert_int_equal(silicon(&rig)->failed_enables, 0);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void transfer_read_echoed(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    assert_int_equal(send(&rig, 0x30, 0x00, 0x01, 0x77), 0x95);
    assert_memory_equal(rig.in, ((uint8_t[]){0x00, 0x30, 0x00}), 3);
    assert_int_equal(send(&rig, 0x40, 0x00, 0x05, 0x99), 0x05);
    assert_memory_equal(rig.in, ((uint8_t[]){0x77, 0x40, 0x00}), 3);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void transfer_in_place_or_nowhere(void **state)
{
    struct rig rig = rig_entered(&mega328p);
    uint8_t bytes[8] = {0x30, 0, 0, 0, 0x30, 0, 2, 0};

    (void)state;
    avrspi_sim_transfer(rig.sim, bytes, NULL, 8, rig.hz);
    avrspi_sim_transfer(rig.sim, bytes, bytes, 8, rig.hz);
    assert_int_equal(bytes[3], 0x1E);
    assert_int_equal(bytes[7], 0x0F);
    rig_close(&rig);
}

static void transfer_no_echo_chip(void **state)
{
    struct rig rig = rig_of(&at90s);

    (void)state;
    reset_low(&rig);
    assert_false(enable(&rig));
    assert_int_equal(send(&rig, 0x30, 0, 1, 0), 0x90);
    assert_int_equal(rig.in[2], 0);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void transfer_enable_early(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    avrspi_sim_reset(rig.sim, true);
    wait_us(&rig, 19999);
    assert_false(enable(&rig));
    assert_violation(&rig, AVRSPI_VIOLATION_EARLY_ENABLE, 1);
    wait_us(&rig, 50000);
    assert_false(enable(&rig));
    assert_int_equal(silicon(&rig)->failed_enables, 2);
    reset_high(&rig);
    enter(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_EARLY_ENABLE, 1);
    rig_close(&rig);
}

static void transfer_before_enable(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    reset_low(&rig);
    assert_int_equal(send(&rig, 0x30, 0x00, 0x01, 0x00), 0x01);
    assert_violation(&rig, AVRSPI_VIOLATION_NOT_ENABLED, 1);
    (void)send(&rig, 0xAC, 0x80, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_NOT_ENABLED, 2);
    assert_int_equal(silicon(&rig)->erases, 0);
    (void)send(&rig, 0, 0, 0, 0); /* no instruction */
    assert_violation(&rig, AVRSPI_VIOLATION_NOT_ENABLED, 2);
    enter_again(&rig);
    rig_close(&rig);
}

/* 1 MHz: SCK has to stay below 250 kHz. */
static void transfer_enable_too_fast(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    assert_int_equal(avrspi_sim_clock(rig.sim), 1000000);
    reset_low(&rig);
    rig.hz = 250000;
    assert_false(enable(&rig));
    rig.hz = 100000;
    assert_false(enable(&rig));
    assert_int_equal(silicon(&rig)->failed_enables, 2);
    reset_high(&rig);
    reset_low(&rig);
    rig.hz = 249999;
    assert_true(enable(&rig));
    assert_int_equal(send(&rig, 0x30, 0, 2, 0), 0x0F);
    assert_int_equal(silicon(&rig)->failed_enables, 2);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void transfer_other_than_enable_too_fast(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    reset_low(&rig);
    rig.hz = 1000000;
    (void)send(&rig, 0x30, 0, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_NOT_ENABLED, 1);
    rig_close(&rig);
}

static void transfer_too_fast(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    rig.hz = 500000;
    (void)send(&rig, 0xC0, 0x00, 0x05, 0x12);
    assert_int_not_equal(rig.in[2], 0x00);
    assert_violation(&rig, AVRSPI_VIOLATION_SCK_TOO_FAST, 1);
    rig.hz = 100000;
    (void)send(&rig, 0x30, 0x00, 0x01, 0x00);
    assert_int_not_equal(rig.in[1], 0x30);
    wait_us(&rig, 10000);
    assert_false(enable(&rig));
    assert_int_equal(silicon(&rig)->eeprom[5], 0xFF);
    assert_violation(&rig, AVRSPI_VIOLATION_SCK_TOO_FAST, 1);
    enter_again(&rig);
    assert_int_equal(send(&rig, 0x30, 0, 0, 0), 0x1E);
    rig_close(&rig);
}

/* From 12 MHz on an SCK of a sixth is the limit. */
static void transfer_sixth_of_fast_clock(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    set_fuse(&rig, AVRSPI_FUSE_LOW, 0xFF);
    assert_int_equal(avrspi_sim_clock(rig.sim), 16000000);
    rig.hz = 2666666;
    enter(&rig);
    rig.hz = 2666667;
    (void)send(&rig, 0x30, 0, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_SCK_TOO_FAST, 1);
    rig_close(&rig);
}

/* --- a chip that is not enabled, as fast as trials of its clock are */

static struct rig rig_following(uint8_t tenths, uint16_t clkpr, uint8_t low)
{
    struct rig rig = rig_open(&(struct avrspi_sim_config){
        .chip = &mega328p, .fcpu_hz = 16000000, .follows_tenths = tenths, .clkpr = clkpr});

    set_fuse(&rig, AVRSPI_FUSE_LOW, low);
    return rig;
}

static bool echoes_at(struct rig *rig, uint32_t hz)
{
    reset_high(rig);
    reset_low(rig);
    rig->hz = hz;
    return enable(rig);
}

static void enable_is_followed_beyond_what_is_promised(void **state)
{
    static const struct {
        uint8_t tenths;
        uint32_t hz; /* at which there is no echo any more */
    } rows[] = {{0, 2666667}, {30, 5333334}, {22, 7272728}};

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct rig rig = rig_following(rows[n].tenths, 0, 0xFF);

        assert_true(echoes_at(&rig, rows[n].hz - 1));
        assert_false(echoes_at(&rig, rows[n].hz));
        assert_int_equal(avrspi_sim_trials(rig.sim), rows[n].tenths ? 2 : 1);
        assert_no_violation(&rig);
        rig_close(&rig);
    }
}

static void second_instruction_too_fast_is_a_violation(void **state)
{
    struct rig rig = rig_following(22, 0, 0xFF);

    (void)state;
    assert_true(echoes_at(&rig, 7000000));
    (void)send(&rig, 0x30, 0, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_SCK_TOO_FAST, 1);
    assert_false(echoes_at(&rig, 8000000));
    (void)enable(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_SCK_TOO_FAST, 2);
    rig_close(&rig);
}

/* CKDIV8 is programmed, and the program has set the divider to 1; and to 64 where it is not. */
static void enable_is_heard_at_the_clock_of_the_program(void **state)
{
    struct rig fast = rig_following(0, 1, 0x7F), slow = rig_following(0, 64, 0xFF);

    (void)state;
    assert_true(echoes_at(&fast, 2666666));
    assert_int_equal(avrspi_sim_clock(fast.sim), 2000000);
    (void)send(&fast, 0x30, 0, 0, 0);
    assert_violation(&fast, AVRSPI_VIOLATION_SCK_TOO_FAST, 1);
    assert_false(echoes_at(&slow, 62500));
    assert_true(echoes_at(&slow, 62499));
    slow.hz = 2666666;
    assert_int_equal(send(&slow, 0x30, 0, 0, 0), 0x1E);
    assert_no_violation(&slow);
    rig_close(&fast);
    rig_close(&slow);
}

static void zeros_are_let_pass_and_leave_the_chip_deaf(void **state)
{
    static const uint8_t zeros[400];
    struct rig rig = rig_following(22, 0, 0xFF);

    (void)state;
    avrspi_sim_reset(rig.sim, true);
    rig.hz = 7000000;
    avrspi_sim_transfer(rig.sim, zeros, NULL, sizeof zeros, rig.hz);
    wait_us(&rig, 20000);
    assert_no_violation(&rig);
    rig.hz = 100000;
    assert_false(enable(&rig));
    assert_true(echoes_at(&rig, 100000));
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void transfer_takes_time(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    assert_int_equal(avrspi_sim_now(rig.sim), 0);
    (void)send(&rig, 0, 0, 0, 0);
    assert_int_equal(avrspi_sim_now(rig.sim), 320000);
    rig.hz = 3;
    send_bytes(&rig, (const uint8_t[]){0}, 1);
    assert_int_equal(avrspi_sim_now(rig.sim), 320000 + 2666666666);
    rig.hz = 3000000000;
    (void)send(&rig, 0, 0, 0, 0);
    assert_int_equal(avrspi_sim_now(rig.sim), 320000 + 2666666666);
    rig.hz = 0; /* as before */
    (void)send(&rig, 0, 0, 0, 0);
    assert_int_equal(avrspi_sim_now(rig.sim), 320000 + 2666666666);
    rig_close(&rig);
}

static void reset_same_level(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    avrspi_sim_reset(rig.sim, true);
    assert_int_equal(send(&rig, 0x30, 0, 0, 0), 0x1E);
    rig_close(&rig);
}

/* A pulse of two clock cycles: 2 us at 1 MHz. */
static void reset_short_pulse(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    avrspi_sim_reset(rig.sim, false);
    avrspi_sim_advance(rig.sim, 1999);
    reset_low(&rig);
    assert_false(enable(&rig));
    avrspi_sim_reset(rig.sim, false);
    avrspi_sim_advance(rig.sim, 2000);
    reset_low(&rig);
    assert_true(enable(&rig));
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* A capacitor holds RESET for 30 ms: nothing is heard until then, nor for 20 ms after, and neither
 * is the programmer's fault. */
static void reset_that_falls_late(void **state)
{
    struct rig rig = rig_open(&(struct avrspi_sim_config){.chip = &mega328p, .reset_fall_ms = 30});

    (void)state;
    reset_low(&rig);
    assert_false(enable(&rig));
    wait_us(&rig, 20000);
    assert_false(enable(&rig));
    wait_us(&rig, 100000);
    assert_false(enable(&rig)); /* it was too early before */
    reset_high(&rig);
    avrspi_sim_reset(rig.sim, true);
    wait_us(&rig, 50000);
    assert_true(enable(&rig));
    assert_no_violation(&rig);
    reset_high(&rig);
    avrspi_sim_reset(rig.sim, true);
    wait_us(&rig, 29000);
    reset_high(&rig); /* it never fell */
    wait_us(&rig, 50000);
    assert_false(enable(&rig));
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* The programmer's own haste counts as ever. */
static void reset_that_falls_late_and_enable_early(void **state)
{
    struct rig rig = rig_open(&(struct avrspi_sim_config){.chip = &mega328p, .reset_fall_ms = 5});

    (void)state;
    avrspi_sim_reset(rig.sim, true);
    wait_us(&rig, 19000);
    assert_false(enable(&rig));
    assert_violation(&rig, AVRSPI_VIOLATION_EARLY_ENABLE, 1);
    rig_close(&rig);
}

/* Whether or not the power comes back while the line holds it in reset. */
static void reset_inverted(void **state)
{
    struct rig rig = rig_with_fault(&mega328p, AVRSPI_FAULT_INVERTED_RESET);

    (void)state;
    reset_low(&rig);
    assert_false(enable(&rig));
    for (int n = 0; n < 2; n++) {
        reset_high(&rig);
        wait_us(&rig, 20000);
        assert_true(enable(&rig));
        assert_int_equal(send(&rig, 0x30, 0, 0, 0), 0x1E);
        avrspi_sim_power_cycle(rig.sim);
        wait_us(&rig, 20000);
        assert_true(enable(&rig));
        reset_low(&rig);
        assert_false(enable(&rig));
    }
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void reset_inverted_without_a_wire(void **state)
{
    struct rig rig = rig_with_fault(&mega328p, AVRSPI_FAULT_INVERTED_RESET | AVRSPI_FAULT_NO_RESET);

    (void)state;
    wait_us(&rig, 20000);
    assert_false(enable(&rig));
    reset_low(&rig);
    assert_false(enable(&rig));
    rig_close(&rig);
}

static void reset_within_instruction(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    send_bytes(&rig, (const uint8_t[]){0x30}, 1);
    reset_high(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_CUT_SHORT, 1);
    enter(&rig);
    send_bytes(&rig, (const uint8_t[]){0xC0, 0x00, 0x00}, 3);
    reset_high(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_CUT_SHORT, 2);
    assert_int_equal(silicon(&rig)->eeprom[0], 0xFF);
    rig_close(&rig);
}

static void reset_within_poll(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    send_bytes(&rig, (const uint8_t[]){0xF0, 0x00}, 2);
    reset_high(&rig);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void reset_within_enable(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    reset_low(&rig);
    send_bytes(&rig, (const uint8_t[]){0xAC, 0x53}, 2);
    reset_high(&rig);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* Loads a page that counts up from 1, and begins to write it at 0x100. */
static void begin_page(struct rig *rig)
{
    for (uint8_t word = 0; word < 64; word++) {
        (void)send(rig, 0x40, 0x00, word, (uint8_t)(word * 2 + 1));
        (void)send(rig, 0x48, 0x00, word, (uint8_t)(word * 2 + 2));
    }
    (void)send(rig, 0x4C, 0x00, 0x80, 0x00);
}

static void reset_during_page_write(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    begin_page(&rig);
    wait_us(&rig, 4000);
    reset_high(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_RESET_BUSY, 1);
    wait_us(&rig, 10000);
    assert_int_equal(silicon(&rig)->flash[0x100], 1);
    assert_int_equal(silicon(&rig)->flash[0x13F], 64);
    assert_int_equal(silicon(&rig)->flash[0x140], 0xFF);
    rig_close(&rig);
}

static void reset_after_page_write(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    begin_page(&rig);
    wait_us(&rig, 4500);
    reset_high(&rig);
    assert_no_violation(&rig);
    assert_int_equal(silicon(&rig)->flash[0x17F], 128);
    rig_close(&rig);
}

static void reset_during_byte_write(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    (void)send(&rig, 0xC0, 0, 7, 0x12);
    reset_high(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_RESET_BUSY, 1);
    assert_int_equal(silicon(&rig)->eeprom[7], 0xF2);
    rig_close(&rig);
}

static void reset_during_erase(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    memset(silicon(&rig)->flash, 0, mega328p.flash_size);
    silicon(&rig)->eeprom[0] = 0;
    silicon(&rig)->fuse[AVRSPI_FUSE_LOCK] = 0xFC;
    enter(&rig);
    (void)send(&rig, 0xAC, 0x80, 0, 0);
    reset_high(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_RESET_BUSY, 1);
    assert_int_equal(silicon(&rig)->flash[0x3FFF], 0xFF);
    assert_int_equal(silicon(&rig)->flash[0x4000], 0x00);
    assert_int_equal(silicon(&rig)->eeprom[0], 0x00);
    assert_int_equal(silicon(&rig)->fuse[AVRSPI_FUSE_LOCK], 0xFC);
    rig_close(&rig);
}

static void power_cycle_in_reset(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    avrspi_sim_power_cycle(rig.sim);
    wait_us(&rig, 20000);
    (void)send(&rig, 0x30, 0, 0, 0);
    assert_violation(&rig, AVRSPI_VIOLATION_NOT_ENABLED, 1);
    assert_true(enable(&rig));
    rig_close(&rig);
}

/* A pin that is no RESET pin any more, or a part that does not listen. */
static void assert_deaf(uint8_t high_fuse)
{
    struct rig rig = rig_of(&mega328p);

    set_fuse(&rig, AVRSPI_FUSE_HIGH, high_fuse);
    reset_low(&rig);
    assert_false(enable(&rig));
    assert_memory_equal(rig.in, ((uint8_t[]){0xFF, 0xFF, 0xFF, 0xFF}), 4);
    reset_high(&rig);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void reset_with_rstdisbl(void **state)
{
    (void)state;
    assert_deaf(0x59);
}

static void reset_with_dwen(void **state)
{
    (void)state;
    assert_deaf(0x99);
}

static void reset_without_spien(void **state)
{
    (void)state;
    assert_deaf(0xF9);
}

static void transfer_without_clock(void **state)
{
    struct rig rig = rig_with_fault(&mega328p, AVRSPI_FAULT_NO_CRYSTAL);

    (void)state;
    enter(&rig);
    reset_high(&rig);
    set_fuse(&rig, AVRSPI_FUSE_LOW, 0xFF);
    assert_int_equal(avrspi_sim_clock(rig.sim), 0);
    reset_low(&rig);
    assert_false(enable(&rig));
    assert_int_equal(rig.in[2], 0xFF);
    assert_int_equal(silicon(&rig)->failed_enables, 1);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* At once, but the chip has missed the edge of RESET while it had no clock. */
static void clock_that_comes_and_goes(void **state)
{
    struct rig rig = rig_with_fault(&mega328p, AVRSPI_FAULT_NO_CRYSTAL);

    (void)state;
    set_fuse(&rig, AVRSPI_FUSE_LOW, 0xFF);
    avrspi_sim_power_cycle(rig.sim);
    avrspi_sim_feed(rig.sim, 1000000);
    assert_int_equal(avrspi_sim_clock(rig.sim), 1000000);
    enter(&rig);
    avrspi_sim_feed(rig.sim, 0);
    assert_int_equal(avrspi_sim_clock(rig.sim), 0);
    (void)send(&rig, 0x30, 0, 1, 0);
    assert_int_equal(rig.in[1], 0xFF);
    avrspi_sim_feed(rig.sim, 1000000);
    reset_high(&rig);
    enter(&rig);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* Faults of the wires: what an attempt to enter reads. */
static void assert_answer(unsigned fault, const uint8_t expected[4])
{
    struct rig rig = rig_with_fault(&mega328p, fault);

    reset_low(&rig);
    (void)send(&rig, 0xAC, 0x53, 0x12, 0x34);
    assert_memory_equal(rig.in, expected, 4);
    reset_high(&rig);
    avrspi_sim_power_cycle(rig.sim);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static const uint8_t ones[4] = {0xFF, 0xFF, 0xFF, 0xFF};
static const uint8_t zeros[4] = {0, 0, 0, 0};

static void transfer_no_power(void **state)
{
    (void)state;
    assert_answer(AVRSPI_FAULT_NO_POWER, ones);
}

static void transfer_miso_high(void **state)
{
    (void)state;
    assert_answer(AVRSPI_FAULT_MISO_HIGH, ones);
}

static void transfer_miso_low(void **state)
{
    (void)state;
    assert_answer(AVRSPI_FAULT_MISO_LOW, zeros);
}

static void transfer_no_reset(void **state)
{
    (void)state;
    assert_answer(AVRSPI_FAULT_NO_RESET, ones);
}

static void transfer_swapped(void **state)
{
    (void)state;
    assert_answer(AVRSPI_FAULT_SWAPPED, ones);
}

static void transfer_loopback(void **state)
{
    (void)state;
    assert_answer(AVRSPI_FAULT_LOOPBACK, (const uint8_t[]){0xAC, 0x53, 0x12, 0x34});
}

static void transfer_no_sck(void **state)
{
    (void)state;
    assert_answer(AVRSPI_FAULT_NO_SCK, ones);
}

static void transfer_flipped(void **state)
{
    struct rig rig = rig_open(&(struct avrspi_sim_config){.chip = &mega328p, .flip_every = 6});

    (void)state;
    (void)send(&rig, 0, 0, 0, 0);
    assert_memory_equal(rig.in, ones, 4);
    (void)send(&rig, 0, 0, 0, 0);
    assert_memory_equal(rig.in, ((uint8_t[]){0xFF, 0xFE, 0xFF, 0xFF}), 4);
    (void)send(&rig, 0, 0, 0, 0);
    assert_memory_equal(rig.in, ((uint8_t[]){0xFF, 0xFF, 0xFF, 0xFD}), 4);
    rig_close(&rig);
}

static void transfer_power_lost(void **state)
{
    struct rig rig = rig_open(
        &(struct avrspi_sim_config){.chip = &mega328p, .power_lost_after = 4 + 128 * 4 + 4 + 2});

    (void)state;
    enter(&rig);
    begin_page(&rig);
    (void)send(&rig, 0xF0, 0, 0, 0);
    assert_memory_equal(rig.in, ((uint8_t[]){0x00, 0xF0, 0x00, 0x00}), 4);
    wait_us(&rig, 10000);
    reset_high(&rig);
    reset_low(&rig);
    (void)send(&rig, 0xAC, 0x53, 0, 0);
    assert_memory_equal(rig.in, zeros, 4);
    assert_int_equal(silicon(&rig)->flash[0x13F], 64);
    assert_int_equal(silicon(&rig)->flash[0x140], 0xFF);
    assert_no_violation(&rig);
    avrspi_sim_power_cycle(rig.sim);
    reset_high(&rig);
    enter(&rig);
    assert_int_equal(send(&rig, 0x20, 0, 0x80, 0), 1);
    rig_close(&rig);
}

static void drives_miso_by_state(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    (void)send(&rig, 0xAC, 0x53, 0, 0);
    assert_false(avrspi_sim_drives_miso(rig.sim)); /* RESET is high */
    reset_low(&rig);
    (void)send(&rig, 0xAC, 0x53, 0, 0);
    assert_true(avrspi_sim_drives_miso(rig.sim));
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void assert_drives(unsigned fault, bool expected)
{
    struct rig rig = rig_open(&(struct avrspi_sim_config){.chip = &mega328p, .faults = fault});

    reset_low(&rig);
    (void)send(&rig, 0xAC, 0x53, 0, 0);
    assert_int_equal(avrspi_sim_drives_miso(rig.sim), expected);
    rig_close(&rig);
}

static void drives_miso_by_fault(void **state)
{
    (void)state;
    assert_drives(AVRSPI_FAULT_NO_POWER, false);
    assert_drives(AVRSPI_FAULT_NO_RESET, false);
    assert_drives(AVRSPI_FAULT_SWAPPED, false);
    assert_drives(AVRSPI_FAULT_NO_SCK, false);
    assert_drives(AVRSPI_FAULT_MISO_HIGH, true);
    assert_drives(AVRSPI_FAULT_MISO_LOW, true);
    assert_drives(AVRSPI_FAULT_LOOPBACK, true);
}

static void violation_name_every_kind(void **state)
{
    (void)state;
    for (int kind = 0; kind < AVRSPI_VIOLATIONS; kind++) {
        const char *name = avrspi_sim_violation_name((enum avrspi_sim_violation)kind);

        assert_non_null(name);
        assert_null(strpbrk(name, " ,"));
        for (int other = 0; other < kind; other++)
            assert_string_not_equal(name,
                                    avrspi_sim_violation_name((enum avrspi_sim_violation)other));
    }
    assert_null(avrspi_sim_violation_name(AVRSPI_VIOLATIONS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transfer_reset_high),
        cmocka_unit_test(transfer_pulled_down),
        cmocka_unit_test(transfer_enable_echoed),
        cmocka_unit_test(transfer_read_echoed),
        cmocka_unit_test(transfer_in_place_or_nowhere),
        cmocka_unit_test(transfer_no_echo_chip),
        cmocka_unit_test(transfer_enable_early),
        cmocka_unit_test(transfer_before_enable),
        cmocka_unit_test(transfer_enable_too_fast),
        cmocka_unit_test(transfer_other_than_enable_too_fast),
        cmocka_unit_test(transfer_too_fast),
        cmocka_unit_test(transfer_sixth_of_fast_clock),
        cmocka_unit_test(enable_is_followed_beyond_what_is_promised),
        cmocka_unit_test(second_instruction_too_fast_is_a_violation),
        cmocka_unit_test(enable_is_heard_at_the_clock_of_the_program),
        cmocka_unit_test(zeros_are_let_pass_and_leave_the_chip_deaf),
        cmocka_unit_test(transfer_takes_time),
        cmocka_unit_test(reset_same_level),
        cmocka_unit_test(reset_short_pulse),
        cmocka_unit_test(reset_that_falls_late),
        cmocka_unit_test(reset_that_falls_late_and_enable_early),
        cmocka_unit_test(reset_inverted),
        cmocka_unit_test(reset_inverted_without_a_wire),
        cmocka_unit_test(reset_within_instruction),
        cmocka_unit_test(reset_within_poll),
        cmocka_unit_test(reset_within_enable),
        cmocka_unit_test(reset_during_page_write),
        cmocka_unit_test(reset_after_page_write),
        cmocka_unit_test(reset_during_byte_write),
        cmocka_unit_test(reset_during_erase),
        cmocka_unit_test(power_cycle_in_reset),
        cmocka_unit_test(reset_with_rstdisbl),
        cmocka_unit_test(reset_with_dwen),
        cmocka_unit_test(reset_without_spien),
        cmocka_unit_test(transfer_without_clock),
        cmocka_unit_test(clock_that_comes_and_goes),
        cmocka_unit_test(transfer_no_power),
        cmocka_unit_test(transfer_miso_high),
        cmocka_unit_test(transfer_miso_low),
        cmocka_unit_test(transfer_no_reset),
        cmocka_unit_test(transfer_swapped),
        cmocka_unit_test(transfer_loopback),
        cmocka_unit_test(transfer_no_sck),
        cmocka_unit_test(transfer_flipped),
        cmocka_unit_test(transfer_power_lost),
        cmocka_unit_test(drives_miso_by_state),
        cmocka_unit_test(drives_miso_by_fault),
        cmocka_unit_test(violation_name_every_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
