/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

static volatile sig_atomic_t signals;

static void count_signal(int number)
{
    (void)number;
    signals++;
}

static void now_is_monotonic_time(void **state)
{
    struct timespec time;
    uint64_t before = avrspi_clock_now(), between, after;

    (void)state;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &time), 0);
    between = (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
    after = avrspi_clock_now();
    assert_true(before <= between && between <= after);
}

static void sleep_until_a_time(void **state)
{
    uint64_t until = avrspi_clock_now() + 3000000;

    (void)state;
    avrspi_clock_sleep_until(until);
    assert_true(avrspi_clock_now() >= until);
}

static void sleep_until_the_past_returns_at_once(void **state)
{
    (void)state;
    avrspi_clock_sleep_until(0);
    avrspi_clock_sleep_until(avrspi_clock_now());
}

static void sleep_until_goes_on_after_signals(void **state)
{
    const struct sigaction action = {.sa_handler = count_signal}; /* no SA_RESTART */
    const struct itimerval every = {.it_interval.tv_usec = 2000, .it_value.tv_usec = 2000};
    uint64_t until;

    (void)state;
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &every, NULL), 0);
    until = avrspi_clock_now() + 20000000;
    avrspi_clock_sleep_until(until);
    assert_true(avrspi_clock_now() >= until);
    assert_int_equal(setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL), 0);
    assert_true(signals > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(now_is_monotonic_time),
        cmocka_unit_test(sleep_until_a_time),
        cmocka_unit_test(sleep_until_the_past_returns_at_once),
        cmocka_unit_test(sleep_until_goes_on_after_signals),
    };

    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
