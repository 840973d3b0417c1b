/* SPDX-License-Identifier: MIT */
/*
 * Colours of meanings that stand beside each other, as people see them who lack the receptors for
 * red or for green: they differ by more than red and green do for them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/ui.h"

struct rgb {
    double part[3]; /* linear, 0 to 1 */
};

/* Viénot, Brettel and Mollon 1999, "Digital video colourmaps for checking the legibility of
 * displays by dichromats". */
static const double dichromats[][3][3] = {
    {{0.11238, 0.88762, 0}, {0.11238, 0.88762, 0}, {0.00401, -0.00401, 1}},
    {{0.29275, 0.70725, 0}, {0.29275, 0.70725, 0}, {-0.02234, 0.02234, 1}},
};

/* xterm's colours 30 to 37; the brightness of all that is not 0 is the same. */
static struct rgb color_of(int code)
{
    const double on = 0.62; /* 205 of 255, by the power of 2.2 */
    const int bits = code - 30;

    return (struct rgb){{bits & 1 ? on : 0, bits & 2 ? on : 0, bits & 4 ? on : 0}};
}

/* Squared. */
static double distance(int a, int b, const double seen[3][3])
{
    const struct rgb one = color_of(a), two = color_of(b);
    double square = 0;

    for (int row = 0; row < 3; row++) {
        double difference = 0;

        for (int n = 0; n < 3; n++)
            difference += seen[row][n] * (one.part[n] - two.part[n]);
        square += difference * difference;
    }
    return square;
}

/* The number of the colour in "\033[1;36m". */
static int code_of(enum ui_style style)
{
    const char *text = ui_style_begin(true, style), *last = strrchr(text, ';');

    return (int)strtol(last ? last + 1 : text + 2, NULL, 10);
}

static void colors_differ_without_red_and_green(void **state)
{
    static const enum ui_style pairs[][2] = {
        {UI_GOOD, UI_ERROR}, {UI_GOOD, UI_WARNING}, {UI_WARNING, UI_ERROR},
        {UI_DATA, UI_BOOT},  {UI_OLD, UI_NEW},
    };
    const int red = 31, green = 32;

    (void)state;
    for (size_t kind = 0; kind < sizeof dichromats / sizeof *dichromats; kind++) {
        for (size_t n = 0; n < sizeof pairs / sizeof *pairs; n++) {
            const int a = code_of(pairs[n][0]), b = code_of(pairs[n][1]);

            assert_in_range(a, 30, 37);
            assert_in_range(b, 30, 37);
            if (distance(a, b, dichromats[kind]) < 1.4 * distance(red, green, dichromats[1]))
                fail_msg("colours %d and %d are too near", a, b);
        }
    }
}

static void no_color_where_none_is_wanted(void **state)
{
    struct ui ui;

    (void)state;
    ui_begin(&ui);
    ui_set_color(&ui, UI_COLOR_ALWAYS);
    assert_true(ui.color);
    ui_set_plain(&ui);
    assert_false(ui.color);
    assert_false(ui.color_errors);
    assert_string_equal(ui_style_begin(ui.color, UI_ERROR), "");
    ui_end(&ui);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colors_differ_without_red_and_green),
        cmocka_unit_test(no_color_where_none_is_wanted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
