/* SPDX-License-Identifier: MIT */
/* SCK and MOSI driven as lines. */
#include "sim_rig.h"

enum {
    SLOW_NS = 5000, /* half a period at 100 kHz */
};

/* A level of SCK that lasts so long. */
static bool level(struct rig *rig, bool sck, bool mosi, uint64_t ns)
{
    bool miso;

    avrspi_sim_pins(rig->sim, sck, mosi);
    miso = avrspi_sim_miso(rig->sim);
    avrspi_sim_advance(rig->sim, ns);
    assert_int_equal(avrspi_sim_miso(rig->sim), miso);
    return miso;
}

/* Four bytes, MISO taken while SCK is high; 'low_ns' and 'high_ns' are how long SCK is so. Returns
 * the fourth. */
static uint8_t toggle(struct rig *rig, const uint8_t bytes[4], uint64_t low_ns, uint64_t high_ns)
{
    for (unsigned n = 0; n < 4; n++) {
        rig->in[n] = 0;
        for (unsigned bit = 0x80; bit; bit >>= 1) {
            (void)level(rig, false, bytes[n] & bit, low_ns);
            rig->in[n] = (uint8_t)(rig->in[n] << 1 | level(rig, true, bytes[n] & bit, high_ns));
        }
    }
    (void)level(rig, false, bytes[3] & 1, 0);
    return rig->in[3];
}

static const uint8_t enable_bytes[] = {0xAC, 0x53, 0x12, 0x34};
static const uint8_t signature_bytes[] = {0x30, 0x00, 0x01, 0x00};

static struct rig rig_toggled(void)
{
    struct rig rig = rig_of(&mega328p); /* as delivered: 1 MHz */

    reset_low(&rig);
    (void)toggle(&rig, enable_bytes, SLOW_NS, SLOW_NS);
    assert_memory_equal(rig.in, ((uint8_t[]){0xFF, 0xAC, 0x53, 0x12}), 4);
    return rig;
}

static void pins_read_as_bytes_do(void **state)
{
    struct rig rig = rig_toggled();

    (void)state;
    assert_int_equal(toggle(&rig, signature_bytes, SLOW_NS, SLOW_NS), 0x95);
    assert_memory_equal(rig.in, ((uint8_t[]){0x34, 0x30, 0x00}), 3);
    /* in step with both ways of the same wires */
    assert_int_equal(send(&rig, 0x30, 0x00, 0x02, 0x00), 0x0F);
    assert_int_equal(toggle(&rig, signature_bytes, SLOW_NS, SLOW_NS), 0x95);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* Each level alone has to be longer than two cycles of the CPU clock. */
static void pins_too_fast_in_one_half(void **state)
{
    static const struct {
        uint64_t low_ns, high_ns;
        bool fast;
    } rows[] = {
        {2001, 2001, false}, {2000, 9000, true}, {9000, 2000, true},
        {2001, 9000, false}, {0, 9000, true},    {9000, 0, true},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct rig rig = rig_toggled();
        uint8_t read;

        (void)level(&rig, false, false, SLOW_NS);
        read = toggle(&rig, signature_bytes, rows[n].low_ns, rows[n].high_ns);
        assert_int_equal(read == 0x95, !rows[n].fast);
        assert_violation(&rig, AVRSPI_VIOLATION_SCK_TOO_FAST, rows[n].fast);
        rig_close(&rig);
    }
}

static void pins_enable_early(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    avrspi_sim_reset(rig.sim, true);
    wait_us(&rig, 19000);
    (void)toggle(&rig, enable_bytes, SLOW_NS, SLOW_NS);
    assert_int_not_equal(rig.in[2], 0x53);
    assert_violation(&rig, AVRSPI_VIOLATION_EARLY_ENABLE, 1);
    rig_close(&rig);
}

/* Zeros may come at any time, whatever came before the pulse on RESET. */
static void pins_zeros_early(void **state)
{
    static const uint8_t zeros[4] = {0};
    struct rig rig = rig_toggled();

    (void)state;
    (void)toggle(&rig, (const uint8_t[]){0x30, 0x00, 0x00, 0xFF}, SLOW_NS, SLOW_NS);
    reset_high(&rig);
    avrspi_sim_reset(rig.sim, true);
    (void)toggle(&rig, zeros, SLOW_NS, SLOW_NS);
    assert_no_violation(&rig);
    rig_close(&rig);
}

/* One try after a pulse on RESET is no violation, the second is. */
static void pins_try_the_clock(void **state)
{
    struct rig rig = rig_of(&mega328p);

    (void)state;
    reset_low(&rig);
    (void)toggle(&rig, enable_bytes, 300, 300);
    assert_int_not_equal(rig.in[2], 0x53);
    assert_int_equal(avrspi_sim_trials(rig.sim), 1);
    assert_no_violation(&rig);
    (void)toggle(&rig, enable_bytes, 300, 300);
    assert_violation(&rig, AVRSPI_VIOLATION_SCK_TOO_FAST, 1);
    rig_close(&rig);
}

static void pins_reset_in_the_middle(void **state)
{
    struct rig rig = rig_toggled();

    (void)state;
    for (unsigned n = 0; n < 3; n++) {
        (void)level(&rig, false, true, SLOW_NS);
        (void)level(&rig, true, true, SLOW_NS);
    }
    (void)level(&rig, false, false, SLOW_NS);
    reset_high(&rig);
    reset_low(&rig);
    (void)toggle(&rig, enable_bytes, SLOW_NS, SLOW_NS);
    assert_int_equal(rig.in[2], 0x53);
    assert_no_violation(&rig);
    rig_close(&rig);
}

static void pins_of_wires_at_fault(void **state)
{
    static const struct {
        unsigned faults;
        uint8_t third;
        bool drives;
    } rows[] = {
        {AVRSPI_FAULT_NO_POWER, 0xFF, false}, {AVRSPI_FAULT_NO_RESET, 0xFF, false},
        {AVRSPI_FAULT_SWAPPED, 0xFF, false},  {AVRSPI_FAULT_NO_SCK, 0xFF, false},
        {AVRSPI_FAULT_MISO_HIGH, 0xFF, true}, {AVRSPI_FAULT_MISO_LOW, 0x00, true},
        {AVRSPI_FAULT_LOOPBACK, 0x12, true},  {0, 0x53, true},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct rig rig = rig_with_fault(&mega328p, rows[n].faults);

        reset_low(&rig);
        (void)toggle(&rig, enable_bytes, SLOW_NS, SLOW_NS);
        assert_int_equal(rig.in[2], rows[n].third);
        assert_int_equal(avrspi_sim_drives_miso(rig.sim), rows[n].drives);
        assert_no_violation(&rig);
        rig_close(&rig);
    }
}

/* What is wrong with the wires, or with the chip's power. */
static const struct avrspi_sim_config disturbed[] = {
    {.faults = AVRSPI_FAULT_NO_MOSI},
    {.faults = AVRSPI_FAULT_NO_MISO},
    {.faults = AVRSPI_FAULT_NO_MISO, .miso_pull_down = true},
    {.faults = AVRSPI_FAULT_OTHER_DEVICE},
    {.faults = AVRSPI_FAULT_SWAPPED, .flip_every = 3},
    {.flip_every = 1},
    {.flip_every = 7},
    {.power_lost_after = 9},
    {.n_bit_faults = 1, .bit_fault = {{.kind = AVRSPI_BIT_MISO, .at = 0}}},
    {.n_bit_faults = 1, .bit_fault = {{.kind = AVRSPI_BIT_MISO, .at = 63}}},
    {.n_bit_faults = 1, .bit_fault = {{.kind = AVRSPI_BIT_MOSI, .at = 8}}},
    {.n_bit_faults = 1, .bit_fault = {{.kind = AVRSPI_BIT_MOSI, .at = 47}}},
    {.n_bit_faults = 1, .bit_fault = {{.kind = AVRSPI_BIT_LOST, .at = 35}}},
    {.n_bit_faults = 1, .bit_fault = {{.kind = AVRSPI_BIT_EXTRA, .at = 38}}},
    {.n_bit_faults = 1, .bit_fault = {{.kind = AVRSPI_BIT_CUT, .at = 50, .cut_ms = 100}}},
    {.n_bit_faults = 2,
     .bit_fault = {{.kind = AVRSPI_BIT_MISO, .rate = 20, .seed = 1},
                   {.kind = AVRSPI_BIT_MOSI, .rate = 90, .seed = 2}}},
};

static const uint8_t instructions[][4] = {
    {0xAC, 0x53, 0x12, 0x34}, {0x30, 0x00, 0x01, 0x00}, {0xC0, 0x00, 0x05, 0x12},
    {0xF0, 0x00, 0x00, 0x00}, {0x50, 0x00, 0xFF, 0x55}, {0x30, 0x00, 0x02, 0x00},
    {0xA0, 0x00, 0x05, 0x00}, {0x30, 0x00, 0x00, 0x00}, {0x58, 0x08, 0x00, 0x00},
    {0x28, 0x00, 0x10, 0x00}, {0x30, 0x00, 0x01, 0x00}, {0x50, 0x08, 0x00, 0x00},
};

static struct rig rig_disturbed(size_t row)
{
    struct avrspi_sim_config config = disturbed[row];
    struct rig rig;

    config.chip = &mega328p;
    config.fcpu_hz = 16000000;
    rig = rig_open(&config);
    reset_low(&rig);
    return rig;
}

/* Whatever befalls a byte befalls it also pulse by pulse. */
static void pins_disturbed_as_bytes_are(void **state)
{
    (void)state;
    for (size_t row = 0; row < LENGTH(disturbed); row++) {
        struct rig bytes = rig_disturbed(row), pins = rig_disturbed(row);

        for (size_t n = 0; n < LENGTH(instructions); n++) {
            const uint8_t *out = instructions[n];

            (void)send(&bytes, out[0], out[1], out[2], out[3]);
            (void)toggle(&pins, out, SLOW_NS, SLOW_NS);
            assert_memory_equal(pins.in, bytes.in, 4);
        }
        assert_int_equal(avrspi_sim_violations(pins.sim), avrspi_sim_violations(bytes.sim));
        assert_memory_equal(silicon(&pins)->eeprom, silicon(&bytes)->eeprom, 16);
        rig_close(&bytes);
        rig_close(&pins);
    }
}

/* How fast SCK is shows in the levels of a byte, not before. */
static void pins_of_long_wires(void **state)
{
    (void)state;
    for (uint32_t limit_hz = 90000; limit_hz <= 110000; limit_hz += 20000) {
        struct rig rig = rig_open(&(struct avrspi_sim_config){
            .chip = &mega328p, .fcpu_hz = 16000000, .noisy_above_hz = limit_hz});
        unsigned wrong = 0;

        reset_low(&rig);
        (void)toggle(&rig, enable_bytes, SLOW_NS, SLOW_NS);
        for (unsigned n = 0; n < 30; n++) {
            (void)toggle(&rig, signature_bytes, SLOW_NS, SLOW_NS);
            wrong += rig.in[1] != 0x30 || rig.in[2] != 0x00 || rig.in[3] != 0x95;
        }
        assert_int_equal(wrong > 0, limit_hz < 100000);
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pins_read_as_bytes_do),  cmocka_unit_test(pins_too_fast_in_one_half),
        cmocka_unit_test(pins_enable_early),      cmocka_unit_test(pins_zeros_early),
        cmocka_unit_test(pins_try_the_clock),     cmocka_unit_test(pins_reset_in_the_middle),
        cmocka_unit_test(pins_of_wires_at_fault), cmocka_unit_test(pins_disturbed_as_bytes_are),
        cmocka_unit_test(pins_of_long_wires),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
