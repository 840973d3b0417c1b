/* SPDX-License-Identifier: MIT */
/* What a CPU clock means for SCK, and for what must be outside the chip. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "avrspi/chip.h"

static uint32_t limit(enum avrspi_clock_source source, uint32_t min_hz, uint32_t max_hz)
{
    const struct avrspi_clock clock = {.source = source, .min_hz = min_hz, .max_hz = max_hz};

    return avrspi_sck_limit(&clock);
}

static void sck_limit_of_an_unknown_clock_is_0(void **state)
{
    (void)state;
    assert_int_equal(limit(AVRSPI_CLOCK_UNKNOWN, 0, 0), 0);
    assert_int_equal(limit(AVRSPI_CLOCK_EXTERNAL, 0, 0), 0);
    assert_int_equal(limit(AVRSPI_CLOCK_EXTERNAL, 0, 20000000), 0);
}

/* SCK stays below a quarter of the clock, not at it. */
static void sck_limit_below_12_mhz_is_less_than_a_quarter(void **state)
{
    (void)state;
    assert_int_equal(limit(AVRSPI_CLOCK_CRYSTAL, 32768, 32768), 8191);
    assert_int_equal(limit(AVRSPI_CLOCK_EXTERNAL, 1000000, 1000000), 249999);
    assert_int_equal(limit(AVRSPI_CLOCK_EXTERNAL, 1000001, 1000001), 250000);
    assert_int_equal(limit(AVRSPI_CLOCK_CRYSTAL, 7372800, 7372800), 1843199);
    assert_int_equal(limit(AVRSPI_CLOCK_CRYSTAL, 1, 1), 0);
}

static void sck_limit_from_12_mhz_on_is_less_than_a_sixth(void **state)
{
    (void)state;
    assert_int_equal(limit(AVRSPI_CLOCK_EXTERNAL, 11999999, 11999999), 2999999);
    assert_int_equal(limit(AVRSPI_CLOCK_EXTERNAL, 12000000, 12000000), 1999999);
    assert_int_equal(limit(AVRSPI_CLOCK_CRYSTAL, 16000000, 16000000), 2666666);
    assert_int_equal(limit(AVRSPI_CLOCK_CRYSTAL, 20000000, 20000000), 3333333);
}

static void sck_limit_of_an_internal_oscillator_allows_for_10_percent(void **state)
{
    (void)state;
    assert_int_equal(limit(AVRSPI_CLOCK_INTERNAL, 1000000, 1000000), 224999);
    assert_int_equal(limit(AVRSPI_CLOCK_INTERNAL, 8000000, 8000000), 1799999);
    assert_int_equal(limit(AVRSPI_CLOCK_INTERNAL, 128000, 128000), 28799);
    assert_int_equal(limit(AVRSPI_CLOCK_INTERNAL, 16000000, 16000000), 2399999);
    /* 11 MHz could be 12.1 MHz, where the sixth begins */
    assert_int_equal(limit(AVRSPI_CLOCK_INTERNAL, 11000000, 11000000), 1999999);
}

static void sck_limit_of_a_range_is_safe_at_every_frequency_in_it(void **state)
{
    (void)state;
    assert_int_equal(limit(AVRSPI_CLOCK_CRYSTAL, 3000000, 8000000), 749999);
    assert_int_equal(limit(AVRSPI_CLOCK_CRYSTAL, 8000000, 20000000), 1999999);
    assert_int_equal(limit(AVRSPI_CLOCK_CRYSTAL, 11000000, 20000000), 1999999);
    assert_int_equal(limit(AVRSPI_CLOCK_CRYSTAL, 11000000, 12000000), 1999999);
    assert_int_equal(limit(AVRSPI_CLOCK_CRYSTAL, 11000000, 11999999), 2749999);
    assert_int_equal(limit(AVRSPI_CLOCK_CRYSTAL, 400000, 20000000), 99999);
}

/* Whatever the nominal value: an oscillator that is not calibrated, or divided. */
static void sck_limit_of_a_clock_with_a_least_is_that_of_it(void **state)
{
    struct avrspi_clock clock = {
        .source = AVRSPI_CLOCK_INTERNAL, .min_hz = 8000000, .max_hz = 8000000, .least_hz = 6400000};

    (void)state;
    assert_int_equal(avrspi_sck_limit(&clock), 1599999);
    clock.least_hz = 7600000;
    assert_int_equal(avrspi_sck_limit(&clock), 1899999);
    clock = (struct avrspi_clock){
        .source = AVRSPI_CLOCK_CRYSTAL, .min_hz = 32768, .max_hz = 32768, .least_hz = 32000};
    assert_int_equal(avrspi_sck_limit(&clock), 7999);
}

static void sck_limit_is_never_above_what_the_chip_file_allows(void **state)
{
    struct avrspi_clock clock = {.max_sck_hz = 225000};

    (void)state;
    assert_int_equal(avrspi_sck_limit(&clock), 225000);
    clock.source = AVRSPI_CLOCK_EXTERNAL;
    clock.min_hz = clock.max_hz = 800000;
    assert_int_equal(avrspi_sck_limit(&clock), 199999);
    clock.min_hz = clock.max_hz = 8000000;
    assert_int_equal(avrspi_sck_limit(&clock), 225000);
}

static void clock_is_outside_for_each_source(void **state)
{
    (void)state;
    assert_false(avrspi_clock_is_outside(AVRSPI_CLOCK_UNKNOWN));
    assert_false(avrspi_clock_is_outside(AVRSPI_CLOCK_INTERNAL));
    assert_true(avrspi_clock_is_outside(AVRSPI_CLOCK_EXTERNAL));
    assert_true(avrspi_clock_is_outside(AVRSPI_CLOCK_CRYSTAL));
    assert_true(avrspi_clock_is_outside(AVRSPI_CLOCK_RC));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sck_limit_of_an_unknown_clock_is_0),
        cmocka_unit_test(sck_limit_below_12_mhz_is_less_than_a_quarter),
        cmocka_unit_test(sck_limit_from_12_mhz_on_is_less_than_a_sixth),
        cmocka_unit_test(sck_limit_of_an_internal_oscillator_allows_for_10_percent),
        cmocka_unit_test(sck_limit_of_a_range_is_safe_at_every_frequency_in_it),
        cmocka_unit_test(sck_limit_of_a_clock_with_a_least_is_that_of_it),
        cmocka_unit_test(sck_limit_is_never_above_what_the_chip_file_allows),
        cmocka_unit_test(clock_is_outside_for_each_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
