/* SPDX-License-Identifier: MIT */
/* No false alarm: each chip known, as it leaves the factory, named and not, at several speeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "chips/record.h"
#include "doctor/doctor.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

struct bench {
    const struct avrspi_chips *chips;
    char port[128];
    struct avrspi_link *link;
};

static int open_link(void *user, struct avrspi_bus *bus, struct avrspi_link **link,
                     struct avrspi_error *error)
{
    struct bench *bench = user;
    const struct avrspi_link_config config = {
        .port = bench->port, .chips = bench->chips, .bus = bus};
    int result = avrspi_link_open(&bench->link, &config, error);

    *link = bench->link;
    return result;
}

/* Several chips have the signature, and none was named: that is said, and is right. */
static bool is_expected(const struct avrspi_doctor_finding *finding, bool named)
{
    return !named && strcmp(finding->check, "chip") == 0 &&
           finding->seen.advice == AVRSPI_ADVICE_NAME_CHIP;
}

static void assert_no_alarm(const struct bench *bench, const struct avrspi_doctor_report *report,
                            bool named)
{
    char kinds[256];

    for (size_t n = 0; n < report->n_findings; n++) {
        const struct avrspi_doctor_finding *finding = &report->findings[n];

        if (finding->severity != AVRSPI_DOCTOR_OK && !is_expected(finding, named))
            fail_msg("%s, %s: %s: %s", bench->port, named ? "named" : "not named", finding->check,
                     finding->seen.message);
    }
    for (size_t n = 0; n < report->n_readings; n++)
        assert_int_equal(report->readings[n].wrong, 0);
    if (avrspi_link_violations(bench->link, kinds, sizeof kinds))
        fail_msg("%s, %s: violations: %s", bench->port, named ? "named" : "not named", kinds);
}

static void examine(const struct avrspi_chips *chips, const struct avrspi_chip *chip, bool named,
                    uint32_t sck_hz, const char *words)
{
    struct bench bench = {.chips = chips};
    const struct avrspi_doctor_config config = {
        .root = "/nowhere",
        .port = bench.port,
        .open_link = open_link,
        .user = &bench,
        .session = {.chips = chips, .chip = named ? chip : NULL, .sck_hz = sck_hz},
    };
    struct avrspi_doctor_report report;
    struct avrspi_error error;

    (void)snprintf(bench.port, sizeof bench.port, "sim:%s%s", chip->name, words);
    assert_int_equal(avrspi_doctor_run(&report, &config, &error), 0);
    assert_true(report.n_findings >= 6);
    assert_no_alarm(&bench, &report, named);
    assert_int_equal(avrspi_link_close(bench.link, &error), 0);
    avrspi_doctor_free(&report);
}

static void each_chip(void **state, bool named, uint32_t sck_hz, const char *words)
{
    const struct avrspi_chips *chips = *state;
    const struct avrspi_chip *chip;

    for (size_t n = 0; (chip = avrspi_chips_at(chips, n)) != NULL; n++)
        if (named || !chip->no_echo) /* nobody finds one of those by its signature */
            examine(chips, chip, named, sck_hz, words);
}

static void good_when_named(void **state)
{
    each_chip(state, true, 0, "");
}

static void good_when_not_named(void **state)
{
    each_chip(state, false, 0, "");
}

static void good_at_10_khz(void **state)
{
    each_chip(state, true, 10000, "");
}

static void good_with_promised_echo_and_pull_down(void **state)
{
    each_chip(state, true, 0, ",echo=promised,pull=down");
}

/* A clock from outside, where trials find it. */
static void good_at_each_clock(void **state)
{
    static const char *const words[] = {
        ",fcpu=32768", ",fcpu=1M",         ",fcpu=4M",           ",fcpu=8M",
        ",fcpu=12M",   ",fcpu=16M,sync=3", ",fcpu=20M,sync=2.2",
    };
    const struct avrspi_chips *chips = *state;

    for (size_t n = 0; n < LENGTH(words); n++) {
        examine(chips, avrspi_chips_find(chips, "AT90S8515"), true, 0, words[n]);
        examine(chips, avrspi_chips_find(chips, "ATmega328P"), true, 0, words[n]);
    }
}

static int set_up(void **state)
{
    struct avrspi_chips *chips = NULL;
    int result = avrspi_chips_open(&chips, NULL);

    *state = chips;
    return result;
}

static int tear_down(void **state)
{
    avrspi_chips_close(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_when_named),
        cmocka_unit_test(good_when_not_named),
        cmocka_unit_test(good_at_10_khz),
        cmocka_unit_test(good_with_promised_echo_and_pull_down),
        cmocka_unit_test(good_at_each_clock),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
