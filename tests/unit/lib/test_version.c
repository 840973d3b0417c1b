/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "avrspi/avrspi.h"

static void version_of_the_headers(void **state)
{
    char numbers[32];

    (void)state;
    (void)snprintf(numbers, sizeof numbers, "%d.%d.%d", AVRSPI_VERSION_MAJOR, AVRSPI_VERSION_MINOR,
                   AVRSPI_VERSION_PATCH);
    assert_string_equal(AVRSPI_VERSION_STRING, numbers);
    assert_string_equal(avrspi_version(), AVRSPI_VERSION_STRING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version_of_the_headers),
    };

    return cmocka_run_group_tests_name("version", tests, NULL, NULL);
}
