/* SPDX-License-Identifier: MIT */
/* What is concluded from what was seen of a target that does not answer. */
#include "rig.h"

#include "isp/finding.h"

#define ONES    AVRSPI_LEVEL_ONES
#define ZEROS   AVRSPI_LEVEL_ZEROS
#define MIXED   AVRSPI_LEVEL_MIXED
#define UNKNOWN AVRSPI_LEVEL_UNKNOWN

static void conclude_from_each_evidence(void **state)
{
    static const struct {
        struct avrspi_isp_evidence evidence;
        enum avrspi_isp_finding finding;
        enum avrspi_isp_cause first;
    } rows[] = {
        {{.low = ONES, .high = ONES}, AVRSPI_FINDING_ONES, AVRSPI_CAUSE_RESET_WIRE},
        {{.low = ONES, .high = UNKNOWN}, AVRSPI_FINDING_ONES, AVRSPI_CAUSE_RESET_WIRE},
        {{.low = ZEROS, .high = ZEROS}, AVRSPI_FINDING_ZEROS, AVRSPI_CAUSE_POWER},
        {{.low = ZEROS, .high = UNKNOWN}, AVRSPI_FINDING_ZEROS, AVRSPI_CAUSE_POWER},
        {{.low = ONES, .high = ZEROS}, AVRSPI_FINDING_FOLLOWS_RESET, AVRSPI_CAUSE_SCK_WIRE},
        {{.low = ONES, .high = MIXED}, AVRSPI_FINDING_FOLLOWS_RESET, AVRSPI_CAUSE_SCK_WIRE},
        {{.low = ZEROS, .high = ONES}, AVRSPI_FINDING_FOLLOWS_RESET, AVRSPI_CAUSE_SCK_WIRE},
        {{.low = ZEROS, .high = MIXED}, AVRSPI_FINDING_FOLLOWS_RESET, AVRSPI_CAUSE_SCK_WIRE},
        {{.low = MIXED, .high = ONES}, AVRSPI_FINDING_ONLY_IN_RESET, AVRSPI_CAUSE_SLOW_CLOCK},
        {{.low = MIXED, .high = ZEROS}, AVRSPI_FINDING_ONLY_IN_RESET, AVRSPI_CAUSE_SLOW_CLOCK},
        {{.low = ONES, .high = ONES, .pull = ONES}, AVRSPI_FINDING_ONES, AVRSPI_CAUSE_RESET_WIRE},
        {{.low = ONES, .high = ONES, .pull = ZEROS},
         AVRSPI_FINDING_HELD_HIGH,
         AVRSPI_CAUSE_MISO_HIGH},
        {{.low = ONES, .high = ZEROS, .pull = ZEROS},
         AVRSPI_FINDING_FOLLOWS_RESET,
         AVRSPI_CAUSE_SCK_WIRE},
        {{.low = ZEROS, .high = ZEROS, .pull = ZEROS}, AVRSPI_FINDING_ZEROS, AVRSPI_CAUSE_POWER},
        {{.low = ZEROS, .high = ZEROS, .pull = ONES}, AVRSPI_FINDING_HELD_LOW, AVRSPI_CAUSE_POWER},
        {{.low = MIXED, .high = MIXED}, AVRSPI_FINDING_JUNK, AVRSPI_CAUSE_OTHER_DEVICE},
        {{.low = MIXED, .high = UNKNOWN}, AVRSPI_FINDING_JUNK, AVRSPI_CAUSE_OTHER_DEVICE},
        {{.low = MIXED, .high = ZEROS, .looped = true}, AVRSPI_FINDING_LOOPED, AVRSPI_CAUSE_BRIDGE},
        {{.low = MIXED, .high = ONES, .shifted = true}, AVRSPI_FINDING_SHIFTED, AVRSPI_CAUSE_NOISE},
        {{.low = ONES, .high = ONES, .other_level = true},
         AVRSPI_FINDING_INVERTED,
         AVRSPI_CAUSE_INVERTED},
        {{.low = ZEROS, .high = ONES, .other_level = true, .active_high = true},
         AVRSPI_FINDING_NOT_INVERTED,
         AVRSPI_CAUSE_NOT_INVERTED},
        {{.low = ONES, .high = ONES, .active_high = true},
         AVRSPI_FINDING_ONES,
         AVRSPI_CAUSE_RESET_WIRE},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_isp_diagnosis diagnosis;

        avrspi_isp_conclude(&diagnosis, &rows[n].evidence, NULL);
        if (diagnosis.finding != rows[n].finding || diagnosis.causes[0] != rows[n].first)
            fail_msg("row %zu: finding %d, first cause %d", n, (int)diagnosis.finding,
                     (int)diagnosis.causes[0]);
        for (size_t i = 0; i < diagnosis.n_causes; i++) {
            assert_int_not_equal(diagnosis.causes[i], AVRSPI_CAUSE_NONE);
            for (size_t k = 0; k < i; k++)
                assert_int_not_equal(diagnosis.causes[i], diagnosis.causes[k]);
        }
    }
}

/* 0: it is none of them. */
static size_t place_of(const struct avrspi_isp_diagnosis *diagnosis, enum avrspi_isp_cause cause)
{
    for (size_t n = 0; n < diagnosis->n_causes; n++)
        if (diagnosis->causes[n] == cause)
            return n + 1;
    return 0;
}

static void conclude_for_the_chip_that_is_expected(void **state)
{
    static const struct {
        const char *chip;
        enum avrspi_isp_cause cause;
        size_t place;
    } rows[] = {
        {"atmega128", AVRSPI_CAUSE_PINS, 1},
        {"atmega64", AVRSPI_CAUSE_PINS, 1},
        {"atmega1281", AVRSPI_CAUSE_PINS, 1},
        {"atmega2561", AVRSPI_CAUSE_PINS, 1},
        {"at90can128", AVRSPI_CAUSE_PINS, 1},
        {"atmega2560", AVRSPI_CAUSE_PINS, 0},
        {"atmega328p", AVRSPI_CAUSE_PINS, 0},
        {"atmega2560", AVRSPI_CAUSE_RESET_FUSES, 0}, /* it has neither */
        {"attiny85", AVRSPI_CAUSE_RESET_FUSES, 6},
        {"at90s2313", AVRSPI_CAUSE_CLOCK, 1}, /* it has no oscillator of its own */
        {"attiny85", AVRSPI_CAUSE_CLOCK, 5},
    };
    const struct avrspi_isp_evidence silence = {.low = ZEROS, .high = ZEROS};

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct avrspi_isp_diagnosis diagnosis;
        size_t place;

        avrspi_isp_conclude(&diagnosis, &silence, rig_chip(rows[n].chip));
        place = place_of(&diagnosis, rows[n].cause);
        if (place != rows[n].place)
            fail_msg("row %zu (%s): place %zu", n, rows[n].chip, place);
    }
}

/* What pulls RESET moves two causes, and rules out none. */
static void conclude_from_the_pull_of_reset(void **state)
{
    static const struct {
        enum avrspi_reset_pull pull;
        size_t power, reset_wire;
        bool told;
    } rows[] = {
        {AVRSPI_RESET_PULL_UNKNOWN, 2, 1, false},
        {AVRSPI_RESET_PULLED_UP, 8, 7, true},
        {AVRSPI_RESET_PULLED_DOWN, 1, 8, true},
        {AVRSPI_RESET_NOT_PULLED, 2, 1, true},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        const struct avrspi_isp_evidence ones = {.low = ONES, .high = ONES, .reset = rows[n].pull};
        const struct avrspi_isp_evidence bridge = {
            .low = MIXED, .high = ONES, .looped = true, .reset = rows[n].pull};
        struct avrspi_isp_diagnosis diagnosis;

        avrspi_isp_conclude(&diagnosis, &ones, NULL);
        assert_int_equal(diagnosis.n_causes, 8);
        assert_int_equal(place_of(&diagnosis, AVRSPI_CAUSE_POWER), rows[n].power);
        assert_int_equal(place_of(&diagnosis, AVRSPI_CAUSE_RESET_WIRE), rows[n].reset_wire);
        assert_int_equal(diagnosis.by_reset, rows[n].told);
        /* what is told by more than that stays */
        avrspi_isp_conclude(&diagnosis, &ones, rig_chip("atmega128"));
        assert_int_equal(place_of(&diagnosis, AVRSPI_CAUSE_PINS),
                         rows[n].pull == AVRSPI_RESET_PULLED_DOWN ||
                                 rows[n].pull == AVRSPI_RESET_NOT_PULLED
                             ? 2
                             : 1);
        avrspi_isp_conclude(&diagnosis, &bridge, NULL);
        assert_int_equal(diagnosis.n_causes, 1);
        assert_false(diagnosis.by_reset);
    }
}

static void words_exist_for_all(void **state)
{
    (void)state;
    for (int n = 0; n < AVRSPI_FINDINGS; n++)
        assert_true(*avrspi_isp_finding_words((enum avrspi_isp_finding)n));
    for (int n = AVRSPI_CAUSE_NONE + 1; n < AVRSPI_CAUSES; n++)
        assert_true(*avrspi_isp_cause_words((enum avrspi_isp_cause)n));
    assert_string_equal(avrspi_isp_finding_words(AVRSPI_FINDINGS), "");
    assert_string_equal(avrspi_isp_cause_words(AVRSPI_CAUSE_NONE), "");
    assert_string_equal(avrspi_isp_cause_words(AVRSPI_CAUSES), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RIG_TEST(conclude_from_each_evidence),
        RIG_TEST(conclude_for_the_chip_that_is_expected),
        RIG_TEST(conclude_from_the_pull_of_reset),
        RIG_TEST(words_exist_for_all),
    };

    return cmocka_run_group_tests(tests, rig_open_chips, rig_close_chips);
}
