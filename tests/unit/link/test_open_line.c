/* SPDX-License-Identifier: MIT */
/*
 * What is told of a line's pull, with a pin that is made up here: a capacitor of 100 nF to ground,
 * the pin's own bias of 50 kOhm, and what the board has beside them.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "link/line.h"

#define FARAD 100e-9
#define BIAS  (1 / 50e3) /* siemens */

static struct {
    double up, down; /* what the board has, in siemens */
    double level;    /* 1 is the supply */
    bool driven, bias_up, broken;
    uint64_t now; /* ns */
} pin;

/* --- base/clock.h */

uint64_t avrspi_clock_now(void)
{
    return pin.now;
}

void avrspi_clock_sleep_until(uint64_t ns)
{
    double up = pin.up + (pin.bias_up ? BIAS : 0), down = pin.down + (pin.bias_up ? 0 : BIAS);
    double end = up / (up + down), seconds = (double)(ns - pin.now) / 1e9;

    if (!pin.driven)
        pin.level = end + (pin.level - end) * exp(-seconds * (up + down) / FARAD);
    pin.now = ns;
}

/* --- link/line.h */

bool avrspi_line_let_go(struct avrspi_line *line, bool up)
{
    (void)line;
    pin.driven = false;
    pin.bias_up = up;
    return true;
}

bool avrspi_line_is_high(struct avrspi_line *line, bool *high)
{
    (void)line;
    *high = pin.level > 0.5;
    return !pin.broken;
}

bool avrspi_line_take(struct avrspi_line *line)
{
    (void)line;
    pin.driven = true;
    pin.level = 1;
    return true;
}

bool avrspi_line_has_bias(const struct avrspi_line *line)
{
    (void)line;
    return true;
}

const struct avrspi_line_names *avrspi_line_names(const struct avrspi_line *line)
{
    (void)line;
    fail();
    return NULL;
}

int avrspi_line_fail_drive(const struct avrspi_line_names *names, struct avrspi_error *error)
{
    (void)names, (void)error;
    fail();
    return AVRSPI_ERR_DEVICE;
}

/* --- the tests */

static enum avrspi_reset_pull sensed(double up_ohm, double down_ohm, double level, bool held_only)
{
    enum avrspi_reset_pull pull;

    pin.up = up_ohm > 0 ? 1 / up_ohm : 0;
    pin.down = down_ohm > 0 ? 1 / down_ohm : 0;
    pin.level = level;
    pin.driven = true;
    pin.now = 0;
    assert_int_equal(avrspi_line_sense(NULL, held_only, &pull, NULL), 0);
    assert_true(pin.driven);
    assert_true(pin.now <= 2 * AVRSPI_LINE_SETTLE_NS);
    return pull;
}

static void a_capacitor_does_not_change_what_is_told(void **state)
{
    (void)state;
    for (int level = 0; level < 2; level++) {
        assert_int_equal(sensed(10e3, 0, level, false), AVRSPI_RESET_PULLED_UP);
        assert_int_equal(sensed(0, 10e3, level, false), AVRSPI_RESET_PULLED_DOWN);
        assert_int_equal(sensed(0, 1e3, level, false), AVRSPI_RESET_PULLED_DOWN);
        assert_int_equal(sensed(0, 0, level, false), AVRSPI_RESET_NOT_PULLED);
    }
}

/* The line was driven high before, and a capacitor alone keeps that: what pulls by less than the
 * bias is not waited for. */
static void a_line_that_is_held_low_shows_at_once(void **state)
{
    (void)state;
    assert_int_equal(sensed(0, 10, 1, true), AVRSPI_RESET_PULLED_DOWN);
    assert_int_equal(sensed(0, 1e3, 1, true), AVRSPI_RESET_PULLED_DOWN);
    for (int level = 0; level < 2; level++) {
        assert_int_equal(sensed(10e3, 0, level, true), AVRSPI_RESET_PULL_UNKNOWN);
        assert_true(pin.now <= 2000000);
        assert_int_equal(sensed(0, 0, level, true), AVRSPI_RESET_PULL_UNKNOWN);
    }
}

static void a_line_that_can_not_be_read_tells_nothing(void **state)
{
    (void)state;
    pin.broken = true;
    assert_int_equal(sensed(0, 10, 1, false), AVRSPI_RESET_PULL_UNKNOWN);
    assert_int_equal(sensed(0, 10, 1, true), AVRSPI_RESET_PULL_UNKNOWN);
    pin.broken = false;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_capacitor_does_not_change_what_is_told),
        cmocka_unit_test(a_line_that_is_held_low_shows_at_once),
        cmocka_unit_test(a_line_that_can_not_be_read_tells_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
