/* SPDX-License-Identifier: MIT */
/* Faults of single pulses of SCK. The 32 pulses of Programming Enable come first. */
#include "sim_rig.h"

enum {
    FIRST = 32, /* the first pulse behind it */
};

static struct rig rig_disturbed(const struct avrspi_sim_bit_fault *faults, unsigned n)
{
    struct avrspi_sim_config config = {.chip = &mega328p, .fcpu_hz = 16000000, .n_bit_faults = n};

    memcpy(config.bit_fault, faults, n * sizeof *faults);
    return rig_open(&config);
}

static struct rig rig_with(enum avrspi_sim_bit_fault_kind kind, uint64_t at)
{
    const struct avrspi_sim_bit_fault fault = {.kind = kind, .at = at};

    return rig_disturbed(&fault, 1);
}

static struct rig entered_with(enum avrspi_sim_bit_fault_kind kind, uint64_t at)
{
    struct rig rig = rig_with(kind, at);

    enter(&rig);
    return rig;
}

static struct rig entered_with_cut(uint64_t at, uint32_t ms)
{
    const struct avrspi_sim_bit_fault fault = {.kind = AVRSPI_BIT_CUT, .at = at, .cut_ms = ms};
    struct rig rig = rig_disturbed(&fault, 1);

    enter(&rig);
    return rig;
}

static void mosi_data_bit(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_MOSI, FIRST + 31);

    (void)state;
    (void)send(&rig, 0xC0, 0x00, 0x05, 0x12);
    assert_memory_equal(rig.in, ((uint8_t[]){0x00, 0xC0, 0x00, 0x05}), 4);
    wait_us(&rig, 4000);
    assert_int_equal(silicon(&rig)->eeprom[5], 0x13);
    assert_int_equal(send(&rig, 0x30, 0x00, 0x01, 0x00), 0x95);
    assert_int_equal(rig.in[0], 0x13); /* the echo of what was heard */
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void mosi_within_enable(void **state)
{
    struct rig rig = rig_with(AVRSPI_BIT_MOSI, 8);

    (void)state;
    reset_low(&rig);
    (void)send(&rig, 0x30, 0x00, 0x00, 0x00); /* its pulses are not counted */
    assert_violation(&rig, AVRSPI_VIOLATION_NOT_ENABLED, 1);
    assert_false(enable(&rig));
    assert_int_equal(rig.in[2], 0xD3);
    assert_true(enable(&rig));
    assert_violation(&rig, AVRSPI_VIOLATION_NOT_ENABLED, 1);
    rig_close(&rig);
}

/* The pulses of a second entry are counted on. */
static void mosi_in_second_entry(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_MOSI, FIRST + 8);

    (void)state;
    reset_high(&rig);
    reset_low(&rig);
    assert_false(enable(&rig));
    assert_int_equal(rig.in[2], 0xD3);
    rig_close(&rig);
}

static void mosi_twice_at_one_pulse(void **state)
{
    const struct avrspi_sim_bit_fault faults[] = {
        {.kind = AVRSPI_BIT_MOSI, .at = FIRST + 31},
        {.kind = AVRSPI_BIT_MOSI, .at = FIRST + 31},
        {.kind = AVRSPI_BIT_MOSI, .at = FIRST + 24},
    };
    struct rig rig = rig_disturbed(faults, LENGTH(faults));

    (void)state;
    enter(&rig);
    (void)send(&rig, 0xC0, 0x00, 0x05, 0x12);
    wait_us(&rig, 4000);
    assert_int_equal(silicon(&rig)->eeprom[5], 0x92);
    rig_close(&rig);
}

static void miso_data_bit(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_MISO, FIRST + 24);

    (void)state;
    assert_int_equal(send(&rig, 0x30, 0x00, 0x00, 0x00), 0x1E ^ 0x80);
    assert_int_equal(send(&rig, 0x30, 0x00, 0x00, 0x00), 0x1E);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* One reading that is wrong is no excuse. */
static void miso_excuses_nothing(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_MISO, FIRST + 24);

    (void)state;
    (void)send(&rig, 0x30, 0x00, 0x00, 0x00);
    (void)send(&rig, 0xFE, 0x00, 0x00, 0x00);
    assert_violation(&rig, AVRSPI_VIOLATION_UNKNOWN, 1);
    rig_close(&rig);
}

/* MISO stays MOSI of eight pulses before: the echo is right, only answers are not. */
static void lost_echo_stays(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_LOST, FIRST);

    (void)state;
    assert_int_equal(send(&rig, 0x30, 0x00, 0x01, 0x77), 0x01);
    assert_memory_equal(rig.in, ((uint8_t[]){0x00, 0x30, 0x00}), 3);
    (void)send(&rig, 0x30, 0x00, 0x01, 0x00);
    assert_memory_equal(rig.in, ((uint8_t[]){0x77, 0x30, 0x00, 0x01}), 4);
    assert_no_violation(&rig);
    enter_again(&rig);
    assert_int_equal(send(&rig, 0x30, 0x00, 0x01, 0x00), 0x95);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* C0 02 04 13, one pulse late. */
static void lost_executes_shifted(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_LOST, FIRST);

    (void)state;
    (void)send(&rig, 0x60, 0x01, 0x02, 0x09);
    wait_us(&rig, 4000);
    assert_int_equal(silicon(&rig)->eeprom[0x204], 0xFF);
    send_bytes(&rig, (const uint8_t[]){0x80}, 1);
    wait_us(&rig, 4000);
    assert_int_equal(silicon(&rig)->eeprom[0x204], 0x13);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* The answer 95 comes a pulse late too: 30 00 01 x, one pulse late. */
static void lost_answers_late(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_LOST, FIRST);

    (void)state;
    assert_int_equal(send(&rig, 0x18, 0x00, 0x00, 0x80), 0x95 >> 1);
    (void)send(&rig, 0x00, 0x00, 0x00, 0x00);
    assert_int_equal(rig.in[0] & 0x80, (0x95 << 7) & 0x80);
    rig_close(&rig);
}

/* C0 02 05 13, one pulse early. */
static void extra_executes_shifted(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_EXTRA, FIRST);

    (void)state;
    (void)send(&rig, 0x80, 0x04, 0x0A, 0x26);
    assert_memory_equal(rig.in, ((uint8_t[]){0x01, 0x80, 0x04, 0x0A}), 4);
    wait_us(&rig, 4000);
    assert_int_equal(silicon(&rig)->eeprom[0x205], 0x13);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* A pulse too many makes up for one too few. */
static void lost_and_extra_in_step(void **state)
{
    const struct avrspi_sim_bit_fault faults[] = {
        {.kind = AVRSPI_BIT_LOST, .at = FIRST + 3},
        {.kind = AVRSPI_BIT_EXTRA, .at = FIRST + 13},
    };
    struct rig rig = rig_disturbed(faults, LENGTH(faults));

    (void)state;
    enter(&rig);
    (void)send(&rig, 0x00, 0x00, 0x00, 0x00);
    assert_int_equal(send(&rig, 0x30, 0x00, 0x01, 0x00), 0x95);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* Time is that of the pulses: a write begins in the middle of a byte. */
static void lost_takes_time(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_LOST, FIRST);
    uint64_t began_ns = avrspi_sim_now(rig.sim);

    (void)state;
    rig.hz = 30000; /* whose byte is no multiple of 8 ns */
    (void)send(&rig, 0x60, 0x01, 0x02, 0x09);
    assert_int_equal(avrspi_sim_now(rig.sim) - began_ns, 4 * (UINT64_C(8000000000) / 30000));
    rig_close(&rig);
}

/* The 32 pulses of Programming Enable, one of them lost: the chip is not enabled. */
static void lost_within_enable(void **state)
{
    struct rig rig = rig_with(AVRSPI_BIT_LOST, 0);

    (void)state;
    reset_low(&rig);
    (void)enable(&rig);
    assert_int_equal(send(&rig, 0x30, 0x00, 0x01, 0x00), 0x01);
    enter_again(&rig);
    assert_int_equal(send(&rig, 0x30, 0x00, 0x01, 0x00), 0x95);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void lost_without_chip(void **state)
{
    struct avrspi_sim_config config = {
        .chip = &mega328p,
        .fcpu_hz = 16000000,
        .faults = AVRSPI_FAULT_NO_SCK,
        .bit_fault = {{.kind = AVRSPI_BIT_LOST, .at = 3}, {.kind = AVRSPI_BIT_MISO, .at = 7}},
        .n_bit_faults = 2,
    };
    struct rig rig = rig_open(&config);

    (void)state;
    reset_low(&rig);
    (void)send(&rig, 0xAC, 0x53, 0x00, 0x00);
    assert_memory_equal(rig.in, ((uint8_t[]){0xFE, 0xFF, 0xFF, 0xFF}), 4);
    rig_close(&rig);
}

static void extra_while_sck_too_fast(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_EXTRA, FIRST + 2);

    (void)state;
    rig.hz = 500000;
    (void)send(&rig, 0xC0, 0x00, 0x05, 0x12);
    assert_violation(&rig, AVRSPI_VIOLATION_SCK_TOO_FAST, 1);
    wait_us(&rig, 4000);
    assert_int_equal(silicon(&rig)->eeprom[5], 0xFF);
    rig_close(&rig);
}

/* --- power */

static void cut_within_write(void **state)
{
    struct rig rig = entered_with_cut(FIRST + 32 + 4, 5);

    (void)state;
    (void)send(&rig, 0xC0, 0x00, 0x07, 0x12);
    (void)send(&rig, 0xF0, 0x00, 0x00, 0x00);
    assert_memory_equal(rig.in, ((uint8_t[]){0x10, 0x00, 0x00, 0x00}), 4);
    assert_int_equal(silicon(&rig)->eeprom[7], 0xF2);
    assert_false(avrspi_sim_clock(rig.sim) == 0);
    rig_close(&rig);
}

/* Back again it echoes, and executes nothing. */
static void cut_echoes_afterwards(void **state)
{
    struct rig rig = entered_with_cut(FIRST, 5);

    (void)state;
    (void)send(&rig, 0x30, 0x00, 0x01, 0x00);
    wait_us(&rig, 5000);
    (void)send(&rig, 0xC0, 0x00, 0x05, 0x12);
    assert_memory_equal(rig.in, ((uint8_t[]){0xFF, 0xC0, 0x00, 0x05}), 4);
    wait_us(&rig, 20000);
    assert_int_equal(silicon(&rig)->eeprom[5], 0xFF);
    assert_true(enable(&rig));
    assert_int_equal(send(&rig, 0x30, 0x00, 0x01, 0x00), 0x95);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* Back in the middle of a byte it is out of step. */
static void cut_ends_within_byte(void **state)
{
    struct rig rig = entered_with_cut(FIRST, 1);

    (void)state;
    for (int n = 0; n < 4; n++) /* 1 ms is 100 of these 128 pulses */
        (void)send(&rig, 0x00, 0x00, 0x00, 0x00);
    assert_memory_equal(rig.in, ((uint8_t[]){0x0F, 0xF0, 0x00, 0x00}), 4);
    (void)send(&rig, 0xAC, 0x53, 0x00, 0x00);
    (void)send(&rig, 0x30, 0x00, 0x01, 0x00);
    assert_int_equal(rig.in[3], 0x01);
    enter_again(&rig);
    assert_int_equal(send(&rig, 0x30, 0x00, 0x01, 0x00), 0x95);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void cut_latches_fuses(void **state)
{
    struct rig rig = entered_with_cut(FIRST + 32, 5);

    (void)state;
    (void)send(&rig, 0xAC, 0xA0, 0x00, 0xE2);
    wait_us(&rig, 5000);
    assert_int_equal(avrspi_sim_clock(rig.sim), 1000000);
    (void)send(&rig, 0x00, 0x00, 0x00, 0x00);
    wait_us(&rig, 5000);
    assert_int_equal(avrspi_sim_clock(rig.sim), 8000000);
    rig_close(&rig);
}

static void cut_while_reset_rises(void **state)
{
    struct rig rig = entered_with_cut(FIRST, 5);

    (void)state;
    (void)send(&rig, 0x00, 0x00, 0x00, 0x00);
    reset_high(&rig);
    (void)send(&rig, 0x00, 0x00, 0x00, 0x00);
    assert_int_equal(rig.in[0], 0x00);
    wait_us(&rig, 5000);
    (void)send(&rig, 0x00, 0x00, 0x00, 0x00);
    assert_int_equal(rig.in[0], 0xFF);
    enter(&rig);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* A second one comes when the power is away. */
static void cut_while_cut(void **state)
{
    const struct avrspi_sim_bit_fault faults[] = {
        {.kind = AVRSPI_BIT_CUT, .at = FIRST, .cut_ms = 2},
        {.kind = AVRSPI_BIT_CUT, .at = FIRST + 8, .cut_ms = 50},
    };
    struct rig rig = rig_disturbed(faults, LENGTH(faults));

    (void)state;
    enter(&rig);
    (void)send(&rig, 0x00, 0x00, 0x00, 0x00);
    wait_us(&rig, 2000 + 20000);
    assert_true(enable(&rig));
    rig_close(&rig);
}

/* --- at random */

static unsigned flips_in(uint32_t rate, uint32_t seed, uint8_t *bytes, size_t size)
{
    const struct avrspi_sim_bit_fault fault = {
        .kind = AVRSPI_BIT_MISO, .at = FIRST, .rate = rate, .seed = seed};
    struct rig rig = rig_disturbed(&fault, 1);
    unsigned count = 0;

    enter(&rig);
    reset_high(&rig); /* what floats reads as 1 */
    memset(bytes, 0, size);
    avrspi_sim_transfer(rig.sim, bytes, bytes, size, rig.hz);
    for (size_t n = 0; n < size; n++)
        count += 8 - (unsigned)__builtin_popcount(bytes[n]);
    rig_close(&rig);
    return count;
}

static void random_rate(void **state)
{
    uint8_t bytes[25000];

    (void)state;
    assert_in_range(flips_in(100, 1, bytes, sizeof bytes), 1900, 2100);
    assert_in_range(flips_in(10000, 2, bytes, sizeof bytes), 10, 30);
    assert_int_equal(flips_in(1, 3, bytes, sizeof bytes), 8 * sizeof bytes);
    assert_int_equal(flips_in(UINT32_MAX, 4, bytes, 8), 0);
}

static void random_seeds(void **state)
{
    uint8_t one[2500], again[2500], other[2500];

    (void)state;
    (void)flips_in(50, 7, one, sizeof one);
    (void)flips_in(50, 7, again, sizeof again);
    (void)flips_in(50, 8, other, sizeof other);
    assert_memory_equal(one, again, sizeof one);
    assert_memory_not_equal(one, other, sizeof one);
    /* the one seed that would give only zeros */
    (void)flips_in(50, UINT32_C(0x9E3779B9) * UINT32_C(0x0E8B2F51), other, sizeof other);
    assert_memory_not_equal(one, other, sizeof one);
}

/* --- what is not the programmer's fault */

static void mosi_excuses_until_pulse(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_MOSI, FIRST);

    (void)state;
    (void)send(&rig, 0x30, 0x00, 0x00, 0x00); /* B0 */
    (void)send(&rig, 0xFE, 0x00, 0x00, 0x00);
    assert_no_violation(&rig);
    reset_high(&rig);
    (void)send(&rig, 0xFE, 0x00, 0x00, 0x00);
    enter(&rig);
    (void)send(&rig, 0xFE, 0x00, 0x00, 0x00);
    assert_violation(&rig, AVRSPI_VIOLATION_UNKNOWN, 1);
    rig_close(&rig);
}

static void mosi_does_not_excuse_pins(void **state)
{
    struct rig rig = entered_with(AVRSPI_BIT_MOSI, FIRST + 31);

    (void)state;
    (void)send(&rig, 0xC0, 0x00, 0x05, 0x12);
    reset_high(&rig);
    assert_violation(&rig, AVRSPI_VIOLATION_RESET_BUSY, 1);
    rig_close(&rig);

    rig = entered_with(AVRSPI_BIT_MOSI, FIRST + 31);
    (void)send(&rig, 0x30, 0x00, 0x00, 0x00);
    rig.hz = 500000;
    (void)send(&rig, 0x30, 0x00, 0x00, 0x00);
    assert_violation(&rig, AVRSPI_VIOLATION_SCK_TOO_FAST, 1);
    rig_close(&rig);
}

/* --- the echo */

static void unknown_answers_third_byte(void **state)
{
    struct rig rig = rig_entered(&mega328p);

    (void)state;
    assert_int_equal(send(&rig, 0xFE, 0x12, 0x34, 0x56), 0x34);
    assert_violation(&rig, AVRSPI_VIOLATION_UNKNOWN, 1);
    rig_close(&rig);
}

static void promised_echo(void **state)
{
    struct rig rig =
        rig_open(&(struct avrspi_sim_config){.chip = &mega328p, .promised_echo = true});

    (void)state;
    reset_low(&rig);
    assert_true(enable(&rig));
    assert_memory_equal(rig.in, ((uint8_t[]){0xFF, 0xFF, 0x53, 0xFF}), 4);
    assert_int_equal(send(&rig, 0x30, 0x12, 0x01, 0x00), 0x95);
    assert_memory_equal(rig.in, ((uint8_t[]){0xFF, 0xFF, 0x12}), 3);
    assert_int_equal(send(&rig, 0x40, 0x00, 0x05, 0x99), 0xFF);
    assert_int_equal(send(&rig, 0xFE, 0x00, 0x05, 0x99), 0xFF);
    assert_violation(&rig, AVRSPI_VIOLATION_UNKNOWN, 1);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mosi_data_bit),
        cmocka_unit_test(mosi_within_enable),
        cmocka_unit_test(mosi_in_second_entry),
        cmocka_unit_test(mosi_twice_at_one_pulse),
        cmocka_unit_test(miso_data_bit),
        cmocka_unit_test(miso_excuses_nothing),
        cmocka_unit_test(lost_echo_stays),
        cmocka_unit_test(lost_executes_shifted),
        cmocka_unit_test(lost_answers_late),
        cmocka_unit_test(extra_executes_shifted),
        cmocka_unit_test(lost_and_extra_in_step),
        cmocka_unit_test(lost_takes_time),
        cmocka_unit_test(lost_within_enable),
        cmocka_unit_test(lost_without_chip),
        cmocka_unit_test(extra_while_sck_too_fast),
        cmocka_unit_test(cut_within_write),
        cmocka_unit_test(cut_echoes_afterwards),
        cmocka_unit_test(cut_ends_within_byte),
        cmocka_unit_test(cut_latches_fuses),
        cmocka_unit_test(cut_while_reset_rises),
        cmocka_unit_test(cut_while_cut),
        cmocka_unit_test(random_rate),
        cmocka_unit_test(random_seeds),
        cmocka_unit_test(mosi_excuses_until_pulse),
        cmocka_unit_test(mosi_does_not_excuse_pins),
        cmocka_unit_test(unknown_answers_third_byte),
        cmocka_unit_test(promised_echo),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
