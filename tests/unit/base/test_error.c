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

static void fail_named_keeps_the_end_of_a_long_name(void **state)
{
    struct avrspi_error error;
    char name[1000];

    (void)state;
    assert_int_equal(avrspi_fail_named(&error, AVRSPI_ERR_INPUT, "a/b.hex", ":%d: bad", 3),
                     AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "a/b.hex:3: bad");
    memset(name, 'x', sizeof name);
    memcpy(name + sizeof name - 10, "/last.hex", 10);
    (void)avrspi_fail_named(&error, AVRSPI_ERR_INPUT, name, ":%d: bad", 3);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_memory_equal(error.message, "...xxx", 6);
    assert_string_equal(error.message + sizeof error.message - 17, "/last.hex:3: bad");
}

static void fail_named_cuts_no_character(void **state)
{
    struct avrspi_error error;
    char name[1000] = "";

    (void)state;
    for (size_t n = 0; n + 2 < sizeof name; n += 2)
        memcpy(name + n, "\xC3\xA4", 3);
    for (int extra = 1; extra <= 2; extra++) {
        (void)avrspi_fail_named(&error, AVRSPI_ERR_INPUT, name, "%*d", extra, 1);
        assert_memory_equal(error.message, "...\xC3\xA4", 5);
    }
}

static void fail_named_with_a_long_message(void **state)
{
    struct avrspi_error error;
    char name[100];

    (void)state;
    memset(name, 'x', sizeof name);
    memcpy(name + sizeof name - 10, "/last.hex", 10);
    (void)avrspi_fail_named(&error, AVRSPI_ERR_INPUT, name, ": %1000d", 1);
    assert_int_equal(strlen(error.message), sizeof error.message - 1);
    assert_non_null(strstr(error.message, "/last.hex: "));
    assert_int_equal(avrspi_fail_named(NULL, AVRSPI_ERR_INPUT, name, "%d", 1), AVRSPI_ERR_INPUT);
}

static void hint_add_goes_on(void **state)
{
    struct avrspi_error error;

    (void)state;
    (void)avrspi_fail(&error, AVRSPI_ERR_INPUT, "message");
    avrspi_hint(&error, "one of:");
    avrspi_hint_choice(&error, "a");
    avrspi_hint_choice(&error, "b");
    assert_string_equal(error.hint, "one of: a, b");
    avrspi_hint_add(&error, " or %d", 7);
    assert_string_equal(error.hint, "one of: a, b or 7");
    avrspi_hint_add(&error, "%10000d", 1);
    assert_int_equal(strlen(error.hint), sizeof error.hint - 1);
    avrspi_hint_add(&error, "more");
    assert_int_equal(strlen(error.hint), sizeof error.hint - 1);
    avrspi_hint_add(NULL, "%d", 1);
    avrspi_hint_choice(NULL, "a");
}

static void hint_has_causes(void **state)
{
    struct avrspi_error error = {0};
    char text[32] = "";

    (void)state;
    avrspi_fail(&error, AVRSPI_ERR_NO_TARGET, "silence");
    avrspi_hint(&error, "what to do\nthen");
    assert_false(avrspi_hint_nth(&error, 1, text, sizeof text));
    avrspi_hint_first(&error, text, sizeof text);
    assert_string_equal(text, "what to do");
    avrspi_hint(&error, "the likeliest first:");
    for (unsigned n = 1; n <= 11; n++)
        avrspi_hint_cause(&error, n, n == 1 ? "power" : n == 11 ? "the eleventh" : "a wire");
    avrspi_hint_add(&error, "\nand advice");
    avrspi_hint_first(&error, text, sizeof text);
    assert_string_equal(text, "power");
    assert_true(avrspi_hint_nth(&error, 11, text, sizeof text));
    assert_string_equal(text, "the eleventh");
    assert_false(avrspi_hint_nth(&error, 12, text, sizeof text));
    assert_true(avrspi_hint_nth(&error, 11, text, 4));
    assert_string_equal(text, "the");
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
        cmocka_unit_test(fail_named_keeps_the_end_of_a_long_name),
        cmocka_unit_test(fail_named_cuts_no_character),
        cmocka_unit_test(fail_named_with_a_long_message),
        cmocka_unit_test(hint_add_goes_on),
        cmocka_unit_test(hint_has_causes),
        cmocka_unit_test(fail_memory_fills_the_error),
        cmocka_unit_test(hint_keeps_the_rest),
        cmocka_unit_test(fail_clears_an_old_hint),
    };

    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
