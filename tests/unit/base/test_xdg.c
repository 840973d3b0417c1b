/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/xdg.h"

static void set(const char *name, const char *value)
{
    if (value)
        (void)setenv(name, value, 1);
    else
        (void)unsetenv(name);
}

static void config_by_the_environment(void **state)
{
    static const struct {
        const char *xdg_config_home, *home, *path; /* NULL: none */
    } rows[] = {
        {"/xdg", "/home/me", "/xdg/avrspi/config"},
        {"/xdg", NULL, "/xdg/avrspi/config"},
        {NULL, "/home/me", "/home/me/.config/avrspi/config"},
        {"", "/home/me", "/home/me/.config/avrspi/config"},
        {"relative", "/home/me", "/home/me/.config/avrspi/config"},
        {"./relative", NULL, NULL},
        {NULL, "", NULL},
        {NULL, NULL, NULL},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        char *path;

        set("XDG_CONFIG_HOME", rows[n].xdg_config_home);
        set("HOME", rows[n].home);
        assert_int_equal(avrspi_xdg_config(&path, "config", NULL), 0);
        if (rows[n].path)
            assert_string_equal(path, rows[n].path);
        else
            assert_null(path);
        free(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config_by_the_environment),
    };

    return cmocka_run_group_tests_name("xdg", tests, NULL, NULL);
}
