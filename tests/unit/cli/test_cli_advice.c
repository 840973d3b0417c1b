/* SPDX-License-Identifier: MIT */
/* Advice in words of the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cli/advice.h"
#include "base/error.h"

static void words_exist_for_every_advice(void **state)
{
    (void)state;
    for (int n = AVRSPI_ADVICE_NONE + 1; n < AVRSPI_ADVICES; n++) {
        const char *words = advice_words((enum avrspi_advice)n);

        assert_non_null(words);
        if (!*words)
            fail_msg("advice %d has no words", n);
        for (int other = AVRSPI_ADVICE_NONE + 1; other < n; other++)
            assert_string_not_equal(words, advice_words((enum avrspi_advice)other));
    }
}

static void words_are_empty_for_none_and_unknown(void **state)
{
    (void)state;
    assert_string_equal(advice_words(AVRSPI_ADVICE_NONE), "");
    assert_string_equal(advice_words(AVRSPI_ADVICES), "");
}

static void words_have_no_full_stop(void **state)
{
    (void)state;
    for (int n = AVRSPI_ADVICE_NONE + 1; n < AVRSPI_ADVICES; n++) {
        const char *words = advice_words((enum avrspi_advice)n);

        assert_int_not_equal(words[strlen(words) - 1], '.');
        assert_null(strchr(words, '\n'));
    }
}

static void assert_text(const char *hint, enum avrspi_advice advice, const char *subject,
                        const char *expected)
{
    struct avrspi_error error = {0};
    char text[200];

    (void)avrspi_fail(&error, AVRSPI_ERR_REFUSED, "refused");
    if (hint)
        avrspi_hint(&error, "%s", hint);
    avrspi_advise(&error, advice, subject);
    advice_text(&error, text, sizeof text);
    assert_string_equal(text, expected);
}

static void text_joins_hint_and_advice(void **state)
{
    (void)state;
    assert_text(NULL, AVRSPI_ADVICE_NONE, NULL, "");
    assert_text("nothing was written", AVRSPI_ADVICE_NONE, NULL, "nothing was written");
    assert_text(NULL, AVRSPI_ADVICE_LIST_CHIPS, NULL, "'avrspi chips' lists them all");
    assert_text("nothing was written", AVRSPI_ADVICE_LIST_CHIPS, NULL,
                "nothing was written; 'avrspi chips' lists them all");
    assert_text("is it another?", AVRSPI_ADVICE_LIST_CHIPS, NULL,
                "is it another? 'avrspi chips' lists them all");
    assert_text("the first:\n1. this\n2. that", AVRSPI_ADVICE_LIST_CHIPS, NULL,
                "the first:\n1. this\n2. that\n'avrspi chips' lists them all");
}

static void text_names_the_subject(void **state)
{
    (void)state;
    assert_text("set it back", AVRSPI_ADVICE_RESTORE_LOW_FUSE, "0x62",
                "set it back; 'avrspi fuses --low 0x62'");
}

static void text_that_is_too_long_is_cut(void **state)
{
    struct avrspi_error error = {0};
    char text[12];

    (void)state;
    (void)avrspi_fail(&error, AVRSPI_ERR_REFUSED, "refused");
    avrspi_advise(&error, AVRSPI_ADVICE_LIST_CHIPS, NULL);
    advice_text(&error, text, sizeof text);
    assert_string_equal(text, "'avrspi chi");
    avrspi_hint(&error, "nothing was written");
    advice_text(&error, text, sizeof text);
    assert_string_equal(text, "nothing was");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_exist_for_every_advice),
        cmocka_unit_test(words_are_empty_for_none_and_unknown),
        cmocka_unit_test(words_have_no_full_stop),
        cmocka_unit_test(text_joins_hint_and_advice),
        cmocka_unit_test(text_names_the_subject),
        cmocka_unit_test(text_that_is_too_long_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
