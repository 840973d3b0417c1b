/* SPDX-License-Identifier: MIT */
/* The names by which a board is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "host/model_names.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* The models that a name may mean, with commas between them. */
static const char *meant(const char *name, char text[1024])
{
    const struct avrspi_host_model *model;
    size_t used = 0;

    *text = '\0';
    for (size_t n = 0; (model = avrspi_host_model_named(name, n)) != NULL; n++)
        used += (size_t)snprintf(text + used, 1024 - used, "%s%s", n ? ", " : "", model->name);
    return text;
}

static void names_that_mean_one_model(void **state)
{
    static const struct {
        const char *name, *model;
    } rows[] = {
        {"pi0", "Raspberry Pi Zero"},
        {"pi zero", "Raspberry Pi Zero"},
        {"zero", "Raspberry Pi Zero"},
        {"pi0w", "Raspberry Pi Zero W"},
        {"zero-w", "Raspberry Pi Zero W"},
        {"zero2", "Raspberry Pi Zero 2"},
        {"pi02w", "Raspberry Pi Zero 2 W"},
        {"pi zero 2 w", "Raspberry Pi Zero 2 W"},
        {"zero2w", "Raspberry Pi Zero 2 W"},
        {"pi1", "Raspberry Pi Model B"},
        {"Pi 1 B+", "Raspberry Pi Model B Plus"},
        {"pi1a", "Raspberry Pi Model A"},
        {"pi model b", "Raspberry Pi Model B"},
        {"pi b", "Raspberry Pi Model B"},
        {"pi2", "Raspberry Pi 2 Model B"},
        {"pi3", "Raspberry Pi 3 Model B"},
        {"pi3a", "Raspberry Pi 3 Model A Plus"},
        {"pi3+", "Raspberry Pi 3 Model B Plus"},
        {"pi3b+", "Raspberry Pi 3 Model B Plus"},
        {"pi4", "Raspberry Pi 4 Model B"},
        {"rpi4", "Raspberry Pi 4 Model B"},
        {"raspi4b", "Raspberry Pi 4 Model B"},
        {"raspberry pi 4", "Raspberry Pi 4 Model B"},
        {"pi-400", "Raspberry Pi 400"},
        {"PI5", "Raspberry Pi 5 Model B"},
        {"pi500", "Raspberry Pi 500"},
        {"cm4", "Raspberry Pi Compute Module 4"},
        {"pi cm4s", "Raspberry Pi Compute Module 4S"},
        {"compute module", "Raspberry Pi Compute Module"},
        {"beaglebone", "TI AM335x BeagleBone Black"},
        {"bbb", "TI AM335x BeagleBone Black"},
        {"pocketbeagle", "TI AM335x PocketBeagle"},
        {"jetson", "NVIDIA Jetson"},
        {"rk3588", "Rockchip RK3588"},
    };
    char text[1024];

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++)
        if (strcmp(meant(rows[n].name, text), rows[n].model) != 0)
            fail_msg("'%s': expected %s, found '%s'", rows[n].name, rows[n].model, text);
    for (size_t n = 0; avrspi_host_model(n); n++)
        assert_string_equal(meant(avrspi_host_model(n)->name, text), avrspi_host_model(n)->name);
}

static void names_that_mean_several(void **state)
{
    static const struct {
        const char *name, *models;
    } rows[] = {
        {"compute module 3", "Raspberry Pi Compute Module 3"},
        {"w", "Raspberry Pi Zero W, Raspberry Pi Zero 2 W"},
        {"z", "Raspberry Pi Zero, Raspberry Pi Zero W, Raspberry Pi Zero 2, Raspberry Pi Zero 2 W"},
        {"a+", "Raspberry Pi Model A Plus, Raspberry Pi 3 Model A Plus"},
        {"am335x", "TI AM335x BeagleBone Black, TI AM335x PocketBeagle"},
    };
    char text[1024];

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++)
        assert_string_equal(meant(rows[n].name, text), rows[n].models);
    assert_non_null(avrspi_host_model_named("pi", 20));
    assert_null(avrspi_host_model_named("pi", 30));
}

static void names_that_mean_none(void **state)
{
    static const char *const names[] = {
        "",
        "-",
        "pi40",
        "pi9",
        "pi10",
        "pi14",
        "4",
        "5 model b",
        "ipad",
        "pizzeria",
        "pi1b2",
        "raspberry",
        "a name that is longer than any that is known, and than the room that there is for one",
        "cmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcmcm",
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(names); n++)
        if (avrspi_host_model_named(names[n], 0))
            fail_msg("'%s': found %s", names[n], avrspi_host_model_named(names[n], 0)->name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_mean_one_model),
        cmocka_unit_test(names_that_mean_several),
        cmocka_unit_test(names_that_mean_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
