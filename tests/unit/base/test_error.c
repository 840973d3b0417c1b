/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static void err_name_of_every_code(void **state)
{
    (void)state;
    assert_string_equal(avrspi_err_name(AVRSPI_OK), "ok");
    assert_string_equal(avrspi_err_name(AVRSPI_ERR_FAILURE), "failure");
    assert_string_equal(avrspi_err_name(AVRSPI_ERR_USAGE), "usage");
    assert_string_equal(avrspi_err_name(AVRSPI_ERR_NO_TARGET), "no-target");
    assert_string_equal(avrspi_err_name(AVRSPI_ERR_SIGNATURE), "signature");
    assert_string_equal(avrspi_err_name(AVRSPI_ERR_VERIFY), "verify");
    assert_string_equal(avrspi_err_name(AVRSPI_ERR_DEVICE), "device");
    assert_string_equal(avrspi_err_name(AVRSPI_ERR_INPUT), "input");
    assert_string_equal(avrspi_err_name(AVRSPI_ERR_REFUSED), "refused");
    assert_string_equal(avrspi_err_name(AVRSPI_ERR_INTERRUPTED), "interrupted");
}

static void err_name_of_no_code(void **state)
{
    (void)state;
    assert_string_equal(avrspi_err_name((enum avrspi_err) - 10), "failure");
    assert_string_equal(avrspi_err_name((enum avrspi_err)1), "failure");
}

static void fail_fills_the_error(void **state)
{
    struct avrspi_error error;

    (void)state;
    memset(&error, 0x55, sizeof error);
    assert_int_equal(avrspi_fail(&error, AVRSPI_ERR_VERIFY, "expected %d, found '%s'", 1, "x"),
                     AVRSPI_ERR_VERIFY);
    assert_int_equal(error.code, AVRSPI_ERR_VERIFY);
    assert_int_equal(error.sys_errno, 0);
    assert_string_equal(error.message, "expected 1, found 'x'");
    assert_string_equal(error.hint, "");
}

static void fail_without_an_error(void **state)
{
    (void)state;
    assert_int_equal(avrspi_fail(NULL, AVRSPI_ERR_INPUT, "%d", 1), AVRSPI_ERR_INPUT);
    assert_int_equal(avrspi_fail_errno(NULL, AVRSPI_ERR_DEVICE, "%d", 1), AVRSPI_ERR_DEVICE);
    assert_int_equal(avrspi_fail_memory(NULL), AVRSPI_ERR_FAILURE);
    avrspi_hint(NULL, "%d", 1);
}

static void fail_message_too_long(void **state)
{
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_fail(&error, AVRSPI_ERR_INPUT, "%1000d", 1), AVRSPI_ERR_INPUT);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
}

static void fail_errno_adds_its_text(void **state)
{
    struct avrspi_error error;

    (void)state;
    errno = ENOENT;
    assert_int_equal(avrspi_fail_errno(&error, AVRSPI_ERR_DEVICE, "can't open '%s'", "x"),
                     AVRSPI_ERR_DEVICE);
    assert_int_equal(error.code, AVRSPI_ERR_DEVICE);
    assert_int_equal(error.sys_errno, ENOENT);
    assert_string_equal(error.message, "can't open 'x': No such file or directory");
    assert_string_equal(error.hint, "");
}

static void fail_errno_message_too_long(void **state)
{
    struct avrspi_error error;

    (void)state;
    errno = ENOENT;
    assert_int_equal(avrspi_fail_errno(&error, AVRSPI_ERR_DEVICE, "%1000d", 1), AVRSPI_ERR_DEVICE);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    errno = ENOENT;
    (void)avrspi_fail_errno(&error, AVRSPI_ERR_DEVICE, "%*d", (int)sizeof error.message - 5, 1);
    assert_string_equal(error.message + sizeof error.message - 28, ": No such file or directory");
}

static void fail_memory_fills_the_error(void **state)
{
    struct avrspi_error error;

    (void)state;
    assert_int_equal(avrspi_fail_memory(&error), AVRSPI_ERR_FAILURE);
    assert_int_equal(error.code, AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message, "out of memory");
}

static void hint_keeps_the_rest(void **state)
{
    struct avrspi_error error;

    (void)state;
    (void)avrspi_fail(&error, AVRSPI_ERR_INPUT, "message");
    avrspi_hint(&error, "try %d", 2);
    assert_string_equal(error.hint, "try 2");
    assert_string_equal(error.message, "message");
    assert_int_equal(error.code, AVRSPI_ERR_INPUT);
}

static void fail_clears_an_old_hint(void **state)
{
    struct avrspi_error error;

    (void)state;
    (void)avrspi_fail(&error, AVRSPI_ERR_INPUT, "one");
    avrspi_hint(&error, "hint");
    (void)avrspi_fail(&error, AVRSPI_ERR_USAGE, "two");
    assert_string_equal(error.hint, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(err_name_of_every_code),
        cmocka_unit_test(err_name_of_no_code),
        cmocka_unit_test(fail_fills_the_error),
        cmocka_unit_test(fail_without_an_error),
        cmocka_unit_test(fail_message_too_long),
        cmocka_unit_test(fail_errno_adds_its_text),
        cmocka_unit_test(fail_errno_message_too_long),
        cmocka_unit_test(fail_memory_fills_the_error),
        cmocka_unit_test(hint_keeps_the_rest),
        cmocka_unit_test(fail_clears_an_old_hint),
    };

    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
