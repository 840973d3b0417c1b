/* SPDX-License-Identifier: MIT */
/* Fuses: what is written, and what is refused. */
#include "rig.h"

enum {
    WRITE_LOW = 0xA0, /* the second byte, after 0xAC */
    WRITE_HIGH = 0xA8,
    WRITE_EXT = 0xA4,
    WRITE_LOCK = 0xE0,
};

static const uint8_t second_byte[AVRSPI_FUSES] = {WRITE_LOW, WRITE_HIGH, WRITE_EXT, WRITE_LOCK};

static size_t writes(const struct rig *rig)
{
    size_t count = 0;

    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++)
        count += wire_count2(rig->wire, 0xAC, second_byte[fuse]);
    return count;
}

static int write_all(struct rig *rig, const struct avrspi_fuses *fuses)
{
    return avrspi_session_write_fuses(rig->session, fuses, &rig->error);
}

static void start(struct rig *rig)
{
    rig_start(rig, "atmega328p");
    wire_forget(rig->wire);
}

/* --- writing */

static void write_each_alone(void **state)
{
    static const uint8_t values[AVRSPI_FUSES] = {0xE2, 0xD8, 0xFD, 0xEF};
    struct rig *rig = *state;

    start(rig);
    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++) {
        wire_forget(rig->wire);
        rig_assert_ok(rig, rig_write_fuse(rig, (enum avrspi_fuse)fuse, values[fuse]));
        assert_int_equal(writes(rig), 1);
        assert_int_equal(wire_count2(rig->wire, 0xAC, second_byte[fuse]), 1);
        assert_int_equal(wire_find(rig->wire, 0xAC, 0)[3], values[fuse]);
        assert_int_equal(avrspi_session_fuses(rig->session).value[fuse], values[fuse]);
    }
    assert_memory_equal(rig_load(rig, "atmega328p")->fuse, values, AVRSPI_FUSES);
}

static void write_of_0_is_a_value_like_any_other(void **state)
{
    struct rig *rig = *state;

    start(rig);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0x00));
    assert_int_equal(rig_load(rig, "atmega328p")->fuse[AVRSPI_FUSE_LOW], 0x00);
}

static void write_of_equal_values_sends_nothing(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_fuses same = {.given = {true, true, true, true},
                                      .value = {0x62, 0xD9, 0xFF, 0xFF}};

    start(rig);
    rig_assert_ok(rig, write_all(rig, &same));
    assert_int_equal(rig->wire->n_sent, 0);
}

static void write_of_nothing_given_sends_nothing(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_fuses none = {.value = {0x12, 0x34, 0x56, 0x78}};

    start(rig);
    rig_assert_ok(rig, write_all(rig, &none));
    assert_int_equal(rig->wire->n_sent, 0);
}

static void write_of_all_goes_ext_high_low_and_lock_last(void **state)
{
    static const uint8_t order[] = {WRITE_EXT, WRITE_HIGH, WRITE_LOW, WRITE_LOCK};
    struct rig *rig = *state;
    const struct avrspi_fuses all = {.given = {true, true, true, true},
                                     .value = {0xE2, 0xD1, 0xFC, 0xFC}};

    start(rig);
    rig_assert_ok(rig, write_all(rig, &all));
    assert_int_equal(wire_count(rig->wire, 0xAC), LENGTH(order));
    for (size_t n = 0; n < LENGTH(order); n++)
        assert_int_equal(wire_find(rig->wire, 0xAC, n)[1], order[n]);
    assert_memory_equal(rig_load(rig, "atmega328p")->fuse, all.value, AVRSPI_FUSES);
}

static void write_sends_reserved_bits_as_1(void **state)
{
    struct rig *rig = *state;

    start(rig);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_EXT, 0x05));
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOCK, 0x0F));
    assert_int_equal(wire_find(rig->wire, 0xAC, 0)[3], 0xFD);
    assert_int_equal(wire_find(rig->wire, 0xAC, 1)[3], 0xCF);
    assert_int_equal(avrspi_session_fuses(rig->session).value[AVRSPI_FUSE_EXT], 0xFD);
}

static void write_of_values_that_differ_in_reserved_bits_only(void **state)
{
    struct rig *rig = *state;

    start(rig);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_EXT, 0x07));
    assert_int_equal(rig->wire->n_sent, 0);
}

static void write_takes_effect_when_the_session_ends(void **state)
{
    struct rig *rig = *state;

    start(rig);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2));
    assert_int_equal(avrspi_session_sck(rig->session), 224999);
    rig_restart(rig, "atmega328p");
    assert_int_equal(avrspi_session_sck(rig->session), 1799999);
}

static void write_to_a_chip_that_can_t_show_them(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "at90s2313");
    assert_false(avrspi_session_fuses(rig->session).given[AVRSPI_FUSE_LOCK]);
    wire_forget(rig->wire);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOCK, 0xFD));
    assert_int_equal(wire_count(rig->wire, 0xAC), 1);
    assert_int_equal(rig_load(rig, "at90s2313")->fuse[AVRSPI_FUSE_LOCK], 0xFD);
}

static void write_through_the_old_encoding(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "at90s4434");
    assert_true(avrspi_session_fuses(rig->session).given[AVRSPI_FUSE_LOW]);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xDE));
    assert_int_equal(rig_load(rig, "at90s4434")->fuse[AVRSPI_FUSE_LOW], 0xDE);
}

/* --- reading back */

static void read_other(void *user, const uint8_t out[4], uint8_t in[4])
{
    (void)user;
    if (out[0] == 0x50 && out[1] == 0x00)
        in[3] = 0x62;
}

static void write_that_reads_back_wrong(void **state)
{
    struct rig *rig = *state;

    start(rig);
    rig->wire->tamper = read_other;
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2), AVRSPI_ERR_VERIFY,
                     "the low byte was written as 0xE2, but reads 0x62", "");
}

struct flips {
    uint8_t first, second;
    unsigned left;
};

static void flip_answer(void *user, const uint8_t out[4], uint8_t in[4])
{
    struct flips *flips = user;

    if (out[0] == flips->first && out[1] == flips->second && flips->left) {
        flips->left--;
        in[3] ^= 0x04;
    }
}

static void read_until_two_readings_agree(void **state)
{
    struct rig *rig = *state;
    struct flips flips = {0x58, 0x08, 1};

    start(rig);
    rig->wire->tamper = flip_answer;
    rig->wire->user = &flips;
    rig_assert_ok(rig, avrspi_session_read_fuses(rig->session, &rig->error));
    assert_int_equal(avrspi_session_fuses(rig->session).value[AVRSPI_FUSE_HIGH], 0xD9);
    assert_int_equal(avrspi_session_retries(rig->session), 1);
    assert_int_equal(avrspi_session_sck(rig->session), 112499);
}

static void flip_always(void *user, const uint8_t out[4], uint8_t in[4])
{
    unsigned *count = user;

    if (out[0] == 0x58 && out[1] == 0x08)
        in[3] ^= (uint8_t)(++*count & 1);
}

static void read_that_never_agrees(void **state)
{
    struct rig *rig = *state;
    unsigned count = 0;

    start(rig);
    rig->wire->tamper = flip_always;
    rig->wire->user = &count;
    rig_assert_error(rig, avrspi_session_read_fuses(rig->session, &rig->error),
                     AVRSPI_ERR_NO_TARGET, "two readings of the same fuse byte differ",
                     "are the wires short?");
    rig_assert_advice(rig, AVRSPI_ADVICE_SLOWER);
    assert_int_equal(avrspi_session_sck(rig->session), 100000);
}

static void spoil_echo(void *user, const uint8_t out[4], uint8_t in[4])
{
    unsigned *left = user;

    if (out[0] == 0xAC && out[1] == WRITE_LOW && *left) {
        --*left;
        in[2] ^= 0x01;
    }
}

static void write_whose_echo_is_wrong_is_done_again(void **state)
{
    struct rig *rig = *state;
    unsigned spoiled = 1;

    start(rig);
    rig->wire->tamper = spoil_echo;
    rig->wire->user = &spoiled;
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2));
    assert_int_equal(wire_count2(rig->wire, 0xAC, WRITE_LOW), 2);
    assert_int_equal(avrspi_session_retries(rig->session), 1);
    assert_int_equal(rig_load(rig, "atmega328p")->fuse[AVRSPI_FUSE_LOW], 0xE2);
}

static void write_over_a_link_that_breaks(void **state)
{
    struct rig *rig = *state;

    start(rig);
    rig->wire->broken_transfer = 1;
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2), AVRSPI_ERR_DEVICE,
                     "the wire broke", "");
    rig->wire->broken_transfer = 3; /* the poll, after what is learned and the write: it goes on */
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xE2), AVRSPI_ERR_DEVICE,
                     "the wire broke", "");
    rig_assert_ok(rig, avrspi_session_read_fuses(rig->session, &rig->error));
    assert_int_equal(avrspi_session_fuses(rig->session).value[AVRSPI_FUSE_LOW], 0xE2);
}

/* --- what would end serial programming */

static const struct {
    uint8_t high;
    const char *message;
} lockouts[] = {
    {0x59, "RSTDISBL would be programmed: RESET becomes a port pin"},
    {0x99, "DWEN would be programmed: RESET becomes debugWIRE"},
    {0xF9, "SPIEN would be unprogrammed: SPI programming ends"},
};

static void write_that_ends_serial_programming_is_refused(void **state)
{
    struct rig *rig = *state;

    start(rig);
    for (size_t n = 0; n < LENGTH(lockouts); n++) {
        rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_HIGH, lockouts[n].high),
                         AVRSPI_ERR_REFUSED, lockouts[n].message, "nothing was written");
        rig_assert_advice(rig, AVRSPI_ADVICE_FORCE);
    }
    assert_int_equal(rig->wire->n_sent, 0);
}

static void refused_value_keeps_the_others_from_being_written(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_fuses wanted = {.given = {true, true, true, false},
                                        .value = {0xE2, 0x59, 0xFD, 0xFF}};

    start(rig);
    rig_assert_error(rig, write_all(rig, &wanted), AVRSPI_ERR_REFUSED, "RSTDISBL", "");
    assert_int_equal(rig->wire->n_sent, 0);
}

static void forced_rstdisbl_ends_serial_programming(void **state)
{
    struct rig *rig = *state;

    rig->config.force = true;
    start(rig);
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_HIGH, 0x59));
    rig_unplug(rig);
    rig_plug(rig, "atmega328p");
    rig_assert_error(rig, rig_open(rig), AVRSPI_ERR_NO_TARGET, "MISO reads all ones",
                     "fuses: RSTDISBL or DWEN is programmed");
}

/* Over SPI the bit can't be written: what is read back tells. */
static void forced_spien_stays_and_is_noticed(void **state)
{
    struct rig *rig = *state;

    rig->config.force = true;
    start(rig);
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_HIGH, 0xF9), AVRSPI_ERR_VERIFY,
                     "the high byte was written as 0xF9, but reads 0xD9", "");
}

/* --- what can't be written at all */

static void write_of_a_byte_the_chip_does_not_have(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "attiny13a");
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_EXT, 0xFE), AVRSPI_ERR_REFUSED,
                     "has no ext byte", "");
    rig_assert_ok(rig, rig_write_fuse(rig, AVRSPI_FUSE_EXT, 0xFF)); /* nothing to write */
}

static void write_of_a_byte_that_spi_can_t_reach(void **state)
{
    struct rig *rig = *state;

    rig_start(rig, "at90s2313");
    rig_assert_error(rig, rig_write_fuse(rig, AVRSPI_FUSE_LOW, 0xDE), AVRSPI_ERR_REFUSED,
                     "the low byte of the AT90S2313 can't be written over SPI", "high-voltage");
}

/* --- without a target */

static void check_of_values_that_are_there_already(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_chip *chip = rig_chip("atmega328p");
    const struct avrspi_fuses dwen = {.given = {false, true}, .value = {0, 0x99}};
    const struct avrspi_fuses unknown = {0};

    rig_assert_ok(rig, avrspi_fuses_check(chip, &dwen, &dwen, false, &rig->error));
    rig_assert_error(rig, avrspi_fuses_check(chip, &unknown, &dwen, false, &rig->error),
                     AVRSPI_ERR_REFUSED, "DWEN", "");
    rig_assert_ok(rig, avrspi_fuses_check(chip, &unknown, &dwen, true, &rig->error));
}

static void check_of_a_locked_chip(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_chip *chip = rig_chip("atmega328p");
    struct avrspi_fuses now = {.given = {true, true, true, true},
                               .value = {0x62, 0xD9, 0xFF, 0xFE}};
    const struct avrspi_fuses same = {.given = {true}, .value = {0x62}};
    const struct avrspi_fuses low = {.given = {true}, .value = {0xE2}};
    const struct avrspi_fuses lock = {.given = {[AVRSPI_FUSE_LOCK] = true},
                                      .value = {[AVRSPI_FUSE_LOCK] = 0xFC}};

    rig_assert_ok(rig, avrspi_fuses_check(chip, &now, &same, false, &rig->error));
    rig_assert_ok(rig, avrspi_fuses_check(chip, &now, &lock, false, &rig->error));
    rig_assert_error(rig, avrspi_fuses_check(chip, &now, &low, true, &rig->error),
                     AVRSPI_ERR_REFUSED, "the lock bits (0xFE) do not allow writing the low byte",
                     "erase");
    now.value[AVRSPI_FUSE_LOCK] = 0xFC;
    rig_assert_ok(rig, avrspi_fuses_check(chip, &now, &lock, false, &rig->error));
}

static void check_of_reserved_values(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_chip *chip = rig_chip("atmega328p");
    const struct avrspi_fuses unknown = {0}, low = {.given = {true}, .value = {0xE1}};
    const struct avrspi_fuses ends = {.given = {true, true}, .value = {0xE1, 0x99}};
    const struct avrspi_fuses lock = {.given = {[AVRSPI_FUSE_LOCK] = true},
                                      .value = {[AVRSPI_FUSE_LOCK] = 0xFD}};

    rig_assert_error(rig, avrspi_fuses_check(chip, &unknown, &low, false, &rig->error),
                     AVRSPI_ERR_REFUSED, "0x21 is a reserved value of SUT_CKSEL",
                     "nothing was written");
    rig_assert_ok(rig, avrspi_fuses_check(chip, &unknown, &low, true, &rig->error));
    rig_assert_ok(rig, avrspi_fuses_check_leniently(chip, &unknown, &low, &rig->error));
    rig_assert_ok(rig, avrspi_fuses_check_leniently(chip, &unknown, &lock, &rig->error));
    rig_assert_error(rig, avrspi_fuses_check_leniently(chip, &unknown, &ends, &rig->error),
                     AVRSPI_ERR_REFUSED, "DWEN", "");
}

/* High and low in each other's place is a common slip. */
static void check_of_bytes_that_are_exchanged(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_chip *chip = rig_chip("atmega328p");
    const struct avrspi_fuses unknown = {0};
    const struct avrspi_fuses exchanged = {.given = {true, true}, .value = {0xDE, 0xE2}};
    const struct avrspi_fuses wrong = {.given = {true, true}, .value = {0xE1, 0xD9}};

    rig_assert_error(rig, avrspi_fuses_check(chip, &unknown, &exchanged, false, &rig->error),
                     AVRSPI_ERR_REFUSED, "SPIEN", "are the low and the high byte exchanged?");
    rig_assert_error(rig, avrspi_fuses_check(chip, &unknown, &wrong, false, &rig->error),
                     AVRSPI_ERR_REFUSED, "SUT_CKSEL", "nothing was written");
    assert_null(strstr(rig->error.hint, "exchanged"));
}

static void check_without_an_error_to_fill(void **state)
{
    struct rig *rig = *state;
    const struct avrspi_fuses dwen = {.given = {false, true}, .value = {0, 0x99}};
    const struct avrspi_fuses unknown = {0};

    assert_int_equal(avrspi_fuses_check(rig_chip("atmega328p"), &unknown, &dwen, false, NULL),
                     AVRSPI_ERR_REFUSED);
    assert_int_equal(rig->error.code, AVRSPI_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(write_each_alone),
        RIG_TEST(write_of_0_is_a_value_like_any_other),
        RIG_TEST(write_of_equal_values_sends_nothing),
        RIG_TEST(write_of_nothing_given_sends_nothing),
        RIG_TEST(write_of_all_goes_ext_high_low_and_lock_last),
        RIG_TEST(write_sends_reserved_bits_as_1),
        RIG_TEST(write_of_values_that_differ_in_reserved_bits_only),
        RIG_TEST(write_takes_effect_when_the_session_ends),
        RIG_TEST(write_to_a_chip_that_can_t_show_them),
        RIG_TEST(write_through_the_old_encoding),
        RIG_TEST(write_that_reads_back_wrong),
        RIG_TEST(read_until_two_readings_agree),
        RIG_TEST(read_that_never_agrees),
        RIG_TEST(write_whose_echo_is_wrong_is_done_again),
        RIG_TEST(write_over_a_link_that_breaks),
        RIG_TEST(write_that_ends_serial_programming_is_refused),
        RIG_TEST(refused_value_keeps_the_others_from_being_written),
        RIG_TEST(forced_rstdisbl_ends_serial_programming),
        RIG_TEST(forced_spien_stays_and_is_noticed),
        RIG_TEST(write_of_a_byte_the_chip_does_not_have),
        RIG_TEST(write_of_a_byte_that_spi_can_t_reach),
        RIG_TEST(check_of_values_that_are_there_already),
        RIG_TEST(check_of_a_locked_chip),
        RIG_TEST(check_of_reserved_values),
        RIG_TEST(check_of_bytes_that_are_exchanged),
        RIG_TEST(check_without_an_error_to_fill),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
