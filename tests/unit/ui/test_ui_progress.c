/* SPDX-License-Identifier: MIT */
/* The bar: in terminals of any width, and when it is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/ui.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static void bar_in_any_width(void **state)
{
    static const struct {
        size_t done, total;
        uint64_t ms;
        int width;
        const char *text;
    } rows[] = {
        {0, 32768, 0, 71, "........................   0 %   0 of 32768 B"},
        {128, 32768, 0, 71, "........................   0 %   128 of 32768 B"},
        {16384, 32768, 1000, 71,
         "###########............  50 %   16384 of 32768 B, 16.4 kB/s, 1.0 s left"},
        {32768, 32768, 2000, 71,
         "####################### 100 %   32768 of 32768 B, 16.4 kB/s, 0.0 s left"},
        {16384, 32768, 1000, 60, "######......  50 %   16384 of 32768 B, 16.4 kB/s, 1.0 s left"},
        {16384, 32768, 1000, 50, "############............  50 %   16384 of 32768 B"},
        {16384, 32768, 1000, 31, "############............  50 %"},
        {16384, 32768, 1000, 20, "#######.......  50 %"},
        {16384, 32768, 1000, 10, " 50 %"},
        {4294967295, 4294967295, 1000000000, 71,
         "############## 100 %   4294967295 of 4294967295 B, 4.3 kB/s, 0.0 s left"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        const struct avrspi_event event = {.done = rows[n].done, .total = rows[n].total};
        char text[UI_BAR];

        ui_bar(&event, rows[n].ms * 1000000, rows[n].width, text);
        assert_string_equal(text, rows[n].text);
    }
}

static void bar_never_wider_than_asked(void **state)
{
    (void)state;
    for (int width = 6; width < 200; width++) {
        for (size_t done = 0; done <= 1000000; done += 99999) {
            const struct avrspi_event event = {.done = done, .total = 1000000};
            char text[UI_BAR];

            ui_bar(&event, done * 1000, width, text);
            assert_true((int)strlen(text) <= width);
        }
    }
}

static bool is_shown(struct ui ui, size_t done, size_t total)
{
    const struct avrspi_event event = {.done = done, .total = total};

    ui_progress(&ui, &event);
    return ui.progress_shown;
}

static void progress_on_a_terminal_is_shown(void **state)
{
    (void)state;
    assert_true(is_shown((struct ui){.terminal = true}, 1, 2));
    assert_false(is_shown((struct ui){.terminal = false}, 1, 2));
    assert_false(is_shown((struct ui){.terminal = true, .quiet = true}, 1, 2));
    assert_false(is_shown((struct ui){.terminal = true, .form = UI_FORM_LINES}, 1, 2));
}

/* A single byte is done before anybody sees a bar. */
static void progress_of_a_single_byte_is_not_shown(void **state)
{
    (void)state;
    assert_false(is_shown((struct ui){.terminal = true}, 1, 1));
    assert_false(is_shown((struct ui){.terminal = true}, 0, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bar_in_any_width),
        cmocka_unit_test(bar_never_wider_than_asked),
        cmocka_unit_test(progress_on_a_terminal_is_shown),
        cmocka_unit_test(progress_of_a_single_byte_is_not_shown),
    };

    return cmocka_run_group_tests_name("ui_progress", tests, NULL, NULL);
}
