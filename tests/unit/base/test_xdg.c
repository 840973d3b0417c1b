/* SPDX-License-Identifier: MIT */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/xdg.h"

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int remove_tree(const char *path)
{
    return nftw(path, remove_entry, 4, FTW_DEPTH | FTW_PHYS);
}

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

/* Looking for a folder does not make it. */
static void assert_not_found(const char *folder)
{
    char *path = avrspi_xdg_state_found();

    if (path) /* /var/lib/avrspi may be there */
        assert_string_not_equal(path, folder);
    free(path);
    assert_int_equal(access(folder, F_OK), -1);
}

/* Each row is a place that can be written to below the test's own folder. */
static void state_by_the_environment(void **state)
{
    static const struct {
        const char *xdg_state_home, *home, *folder;
    } rows[] = {
        {"state", "home", "state/avrspi"},
        {NULL, "home", "home/.local/state/avrspi"},
        {"/proc/none", "home", "home/.local/state/avrspi"},
    };
    char base[] = "/tmp/xdg-XXXXXX", text[2][64], wanted[64];

    (void)state;
    assert_non_null(mkdtemp(base));
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        const char *xdg = rows[n].xdg_state_home;
        char *path;

        (void)snprintf(text[0], sizeof text[0], "%s/%s", xdg && *xdg == '/' ? "" : base,
                       xdg ? xdg : "");
        (void)snprintf(text[1], sizeof text[1], "%s/%s", base, rows[n].home);
        (void)snprintf(wanted, sizeof wanted, "%s/%s", base, rows[n].folder);
        set("XDG_STATE_HOME", xdg ? text[0] : NULL);
        set("HOME", text[1]);
        assert_not_found(wanted);
        assert_int_equal(avrspi_xdg_state(&path, NULL), 0);
        assert_string_equal(path, wanted);
        assert_int_equal(access(path, W_OK), 0);
        free(path);
        path = avrspi_xdg_state_found();
        assert_string_equal(path, wanted);
        free(path);
        assert_int_equal(remove_tree(base), 0);
        assert_int_equal(mkdir(base, 0700), 0);
    }
    assert_int_equal(rmdir(base), 0);
}

/* The superuser can write to /var/lib. */
static void state_without_a_place(void **state)
{
    struct avrspi_error error;
    char *path;

    (void)state;
    if (access("/var/lib", W_OK) == 0 || access("/var/lib/avrspi", W_OK) == 0)
        skip();
    set("XDG_STATE_HOME", "/proc/none");
    set("HOME", "/proc/none");
    assert_int_equal(avrspi_xdg_state(&path, &error), AVRSPI_ERR_FAILURE);
    assert_null(path);
    assert_memory_equal(error.message, "no folder for notes can be written to: ", 39);
    assert_memory_equal(error.hint, "set XDG_STATE_HOME to a folder that you can write to", 52);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(config_by_the_environment),
        cmocka_unit_test(state_by_the_environment),
        cmocka_unit_test(state_without_a_place),
    };

    return cmocka_run_group_tests_name("xdg", tests, NULL, NULL);
}
