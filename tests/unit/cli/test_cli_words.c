/* SPDX-License-Identifier: MIT */
/* Words that are not one of those expected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/command.h"
#include "cli/words.h"

static const char *const words[] = {"flash", "fuses", "verify", "verbose", "dry-run"};

enum {
    COUNT = sizeof words / sizeof *words,
};

static void nearest_of_a_slip(void **state)
{
    (void)state;
    assert_string_equal(words_nearest("flahs", words, COUNT), "flash");
    assert_string_equal(words_nearest("fuse", words, COUNT), "fuses");
    assert_string_equal(words_nearest("verfy", words, COUNT), "verify");
    assert_string_equal(words_nearest("dryrun", words, COUNT), "dry-run");
    assert_string_equal(words_nearest("FLASH", words, COUNT), "flash");
}

static void nearest_of_a_beginning(void **state)
{
    (void)state;
    assert_string_equal(words_nearest("dry", words, COUNT), "dry-run");
    assert_string_equal(words_nearest("ver", words, COUNT), "verify");
    assert_string_equal(words_nearest("verb", words, COUNT), "verbose");
}

static void nearest_of_what_is_far(void **state)
{
    char text[300];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_null(words_nearest("", words, COUNT));
    assert_null(words_nearest("rom", words, COUNT));
    assert_null(words_nearest(text, words, COUNT));
    assert_null(words_nearest("flash", words, 0));
}

static void list_of_words(void **state)
{
    static const struct words_style style = {"--", "!", " or "};
    static const char *const few[] = {"a", "b", "c"};
    static const char *const lists[] = {"", "--a!", "--a! or --b!", "--a!, --b! or --c!"};
    char text[32];

    (void)state;
    for (size_t count = 0; count < sizeof lists / sizeof *lists; count++) {
        words_list(few, count, &style, text, sizeof text);
        assert_string_equal(text, lists[count]);
    }
}

static void list_that_does_not_fit(void **state)
{
    static const struct words_style style = {"", "", " and "};
    static const char *const few[] = {"abc", "def", "ghi"};
    char text[8];

    (void)state;
    words_list(few, 3, &style, text, sizeof text);
    assert_string_equal(text, "abc, de");
}

static void fail_unknown_of_a_long_word(void **state)
{
    struct avrspi_error error = {0};
    char text[300];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(words_fail_unknown("option", "--", text, words, COUNT, &error),
                     AVRSPI_ERR_USAGE);
    assert_int_equal(strlen(error.message), strlen("unknown option '--'") + 64);
}

static void find_of_a_command(void **state)
{
    struct avrspi_error error = {0};
    const struct command *command = NULL;

    (void)state;
    assert_int_equal(command_find("flash", &command, NULL), 0);
    assert_string_equal(command->name, "flash");
    assert_int_equal(command_find("flahs", &command, &error), AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, "unknown command 'flahs'; did you mean 'flash'?");
    assert_int_equal(command_find("Flash", &command, &error), AVRSPI_ERR_USAGE);
    assert_int_equal(command_find("nonsense", &command, &error), AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, "unknown command 'nonsense'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nearest_of_a_slip),      cmocka_unit_test(nearest_of_a_beginning),
        cmocka_unit_test(nearest_of_what_is_far), cmocka_unit_test(fail_unknown_of_a_long_word),
        cmocka_unit_test(find_of_a_command),      cmocka_unit_test(list_of_words),
        cmocka_unit_test(list_that_does_not_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
