/* SPDX-License-Identifier: MIT */
/* A target that does not answer, and what is said of it. */
#include "rig.h"

/* --- each fault, with either pull of MISO: what is told, and where the cause stands in the list */

static void diagnose_each_fault(void **state)
{
    static const struct {
        const char *fault;
        const char *up, *up_cause; /* pull=up: the message, and the line of the hint */
        const char *down, *down_cause;
    } rows[] = {
        {"no-power", "all ones, and RESET is pulled down",
         "\n1. power:", "all zeros, and RESET is pulled down", "\n1. power:"},
        {"no-reset", "all ones, and RESET is not pulled",
         "\n1. RESET:", "all zeros, and RESET is not pulled", "\n1. RESET:"},
        {"swapped", "all ones, and RESET is pulled up", "\n1. MISO: it is open",
         "all zeros, and RESET is pulled up", "\n1. MISO: it is open"},
        {"no-sck", "all ones", "\n2. SCK:", "all zeros", "\n2. SCK:"},
        {"no-crystal", "all ones", "\n3. clock:", "all zeros", "\n3. clock:"},
        {"miso-high", "all ones", "\n5. MISO: it touches VCC",
         "all ones, though this board pulls it down", "\n1. MISO: it touches VCC"},
        {"miso-low", "all zeros, though this board pulls it up", "\n1. MISO: it touches GND",
         "all zeros", "\n5. MISO: it touches GND"},
        {"no-power+miso-low", "all zeros", "\n1. power:", "all zeros", "\n1. power:"},
        {"loopback", "what MOSI sends", "solder bridge", "what MOSI sends", "solder bridge"},
        {"inverted-reset", "an echo while it is high", "transistor", "an echo while it is high",
         "transistor"},
        {"inverted-reset+miso-low", "all zeros", "\n1. RESET:", "all zeros", "\n1. RESET:"},
        {"inverted-reset+no-sck", "all ones", "\n4. SCK:", "all zeros", "\n4. SCK:"},
        {"inverted-reset+loopback", "what MOSI sends", "", "what MOSI sends", ""},
    };
    struct rig *rig = *state;

    for (size_t n = 0; n < 2 * LENGTH(rows); n++) {
        bool down = n % 2;
        char words[96];

        rig_new_fused(rig, "atmega328p",
                      strcmp(rows[n / 2].fault, "no-crystal") == 0
                          ? (const uint8_t[]){0xFF, 0xD9, 0xFF, 0xFF}
                          : (const uint8_t[]){0x62, 0xD9, 0xFF, 0xFF});
        (void)snprintf(words, sizeof words, "atmega328p,fault=%s,pull=%s", rows[n / 2].fault,
                       down ? "down" : "up");
        rig_plug(rig, words);
        rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET,
                         down ? rows[n / 2].down : rows[n / 2].up,
                         down ? rows[n / 2].down_cause : rows[n / 2].up_cause);
        rig_unplug(rig); /* no violation */
    }
}

/* --- inverted RESET */

static size_t enables_with_reset_high(const struct rig *rig)
{
    return wire_count2(rig->wire, 0xAC, 0x53) - (4 * 3 + 1);
}

static void inverted_reset_is_tried_once(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "atmega328p,fault=inverted-reset");
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, "an echo while it is high",
                     "either a running program echoes what it hears, or a transistor");
    rig_assert_advice(rig, AVRSPI_ADVICE_RESET_INVERTED);
    assert_string_equal(rig->error.subject, "LINE,active-high");
    assert_int_equal(enables_with_reset_high(rig), 1);
    assert_int_equal(avrspi_link_speed(rig->link), 1000);
}

/* It is out of programming mode afterwards: zeros are no instruction to a chip that is not enabled,
 * and a violation to one that is. */
static void inverted_reset_is_let_go(void **state)
{
    struct rig *rig = *state;
    uint8_t zeros[4] = {0};

    rig_plug(rig, "atmega328p,fault=inverted-reset");
    for (int n = 0; n < 2; n++)
        rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, "an echo while it is high", "");
    avrspi_link_wait(rig->link, 21000000);
    rig_assert_ok(rig, avrspi_link_transfer(rig->link, zeros, zeros, 4, &rig->error));
}

static void no_probe_forbids_all_with_reset_high(void **state)
{
    struct rig *rig = *state;

    rig->config.no_probe = true;
    rig_plug(rig, "atmega328p,fault=inverted-reset");
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, "MISO reads all ones",
                     "\n1. RESET:");
    assert_int_equal(rig->wire->n_sent, 4 * 3 + 1);
}

static void answer(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)out;
    memcpy(in, user, 4);
}

static void no_try_at_the_other_level_unless_silent(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "atmega328p");
    rig->wire->tamper = answer;
    rig->wire->user = (uint8_t[4]){0x12, 0x34, 0x56, 0x78};
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, "no echo", "");
    assert_int_equal(enables_with_reset_high(rig), 0);
}

/* --- what the answers look like */

static void diagnose_each_sign(void **state)
{
    static const struct {
        uint8_t bytes[4];
        const char *message, *hint;
    } rows[] = {
        {{0xFF, 0xFF, 0xFF, 0xFF}, "MISO reads all ones", "power: measure VCC"},
        {{0x00, 0x00, 0x00, 0x00}, "MISO reads all zeros", "MISO: it is open, or exchanged"},
        {{0xAC, 0x53, 0x00, 0x00}, "MISO shows what MOSI sends", "the two touch each other"},
        {{0xFF, 0xFE, 0xB1, 0x4C}, "the echo of Programming Enable is shifted", "100 ohm"},
        {{0xFF, 0x56, 0x29, 0x80}, "the echo of Programming Enable is shifted", "100 ohm"},
        {{0x12, 0x34, 0x56, 0x78}, "MISO shows no echo of Programming Enable", "SCK: it has to"},
        {{0xFF, 0xFF, 0xFF, 0x00}, "MISO shows no echo of Programming Enable", "another device"},
    };
    struct rig *rig = *state;

    rig_plug(rig, "atmega328p");
    for (size_t n = 0; n < LENGTH(rows); n++) {
        uint8_t bytes[4];

        memcpy(bytes, rows[n].bytes, 4);
        rig->wire->tamper = answer;
        rig->wire->user = bytes;
        rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, rows[n].message, rows[n].hint);
        if (!strstr(rig->error.message, "no answer from a target on sim:atmega328p,state="))
            fail_msg("'%s' does not name the port", rig->error.message);
    }
}

/* A program pulls MISO low while it runs. */
static void low_while_reset_is_high(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    memset(in, out[0] == 0x00 ? 0x00 : 0xFF, 4);
}

static void miso_that_follows_reset(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "atmega328p,fault=no-sck");
    rig->wire->tamper = low_while_reset_is_high;
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET,
                     "MISO changes its level with RESET, but shows no echo", "\n1. SCK:");
}

/* --- the chip that is expected */

static void chip_with_other_pins(void **state)
{
    struct rig *rig = *state;

    rig->config.chip = rig_chip("atmega128");
    rig_plug(rig, "atmega128,fault=swapped");
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, "MISO reads all ones",
                     "\n1. pins: the ATmega128 is programmed on PDI and PDO (TQFP-64: MOSI to "
                     "PDI 2, MISO to PDO 3");
}

static void chip_without_echo_is_named_where_something_moves(void **state)
{
    struct rig *rig = *state;

    rig_plug(rig, "at90s1200");
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, "no echo of Programming Enable", "");
    rig_assert_advice(rig, AVRSPI_ADVICE_NO_ECHO_CHIP);
    rig->config.chip = rig_chip("atmega328p");
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, "no echo of Programming Enable", "");
    rig_assert_advice(rig, AVRSPI_ADVICE_DOCTOR);
}

/* --- a target that answered before */

static void lost_target_is_not_looked_at_with_reset_high(void **state)
{
    struct rig *rig = *state;
    uint8_t data[16];

    rig_start(rig, "atmega328p");
    rig->wire->tamper = answer;
    rig->wire->user = (uint8_t[4]){0, 0, 0, 0};
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, data, sizeof data),
                     AVRSPI_ERR_NO_TARGET, "the target stopped answering", "");
    wire_forget(rig->wire);
    rig_assert_error(rig, rig_read(rig, AVRSPI_MEMORY_FLASH, 0, data, sizeof data),
                     AVRSPI_ERR_NO_TARGET, "MISO reads all zeros", "");
    assert_int_equal(wire_count2(rig->wire, 0xAC, 0x53), 4 * 3);
    assert_int_equal(rig->wire->n_sent, 4 * 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(diagnose_each_fault),
        RIG_TEST(inverted_reset_is_tried_once),
        RIG_TEST(inverted_reset_is_let_go),
        RIG_TEST(no_probe_forbids_all_with_reset_high),
        RIG_TEST(no_try_at_the_other_level_unless_silent),
        RIG_TEST(diagnose_each_sign),
        RIG_TEST(miso_that_follows_reset),
        RIG_TEST(chip_with_other_pins),
        RIG_TEST(chip_without_echo_is_named_where_something_moves),
        RIG_TEST(lost_target_is_not_looked_at_with_reset_high),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
