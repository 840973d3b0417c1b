/* SPDX-License-Identifier: MIT */
/* Splitting a program and its arguments, and running it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/program.h"
#include "base/words.h"

static struct avrspi_error error;

/* Words with '|' after each. */
static void splits(const char *text, const char *expected)
{
    char joined[256] = "", **words;

    assert_int_equal(avrspi_words_split(&words, text, &error), 0);
    for (size_t n = 0; words[n]; n++) {
        strcat(joined, words[n]);
        strcat(joined, "|");
    }
    free(words);
    assert_string_equal(joined, expected);
}

static void fails(const char *text, const char *expected)
{
    char **words;

    assert_int_equal(avrspi_words_split(&words, text, &error), AVRSPI_ERR_INPUT);
    assert_null(words);
    assert_string_equal(error.message, expected);
}

static void words_are_split_as_a_shell_does(void **state)
{
    (void)state;
    splits("a", "a|");
    splits("  power \t on  ", "power|on|");
    splits("psql -At -c \"select nextval('unit')\"", "psql|-At|-c|select nextval('unit')|");
    splits("a'b c'd", "ab cd|");
    splits("'' \"\"", "||");
    splits("a\\ b \\' \\\\", "a b|'|\\|");
    splits("\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d|");
    splits("'a\\b'", "a\\b|");
    splits("$HOME *.hex | ;", "$HOME|*.hex|||;|");
}

static void words_that_do_not_end_are_refused(void **state)
{
    (void)state;
    fails("", "expected a program, found nothing");
    fails(" \t", "expected a program, found nothing");
    fails("a 'b", "expected a closing '");
    fails("a \"b", "expected a closing \"");
    fails("a\\", "expected a character after the last '\\'");
}

static int run(const char *text, char *output, size_t size, unsigned timeout_ms,
               const volatile sig_atomic_t *interrupt)
{
    static const char *const environment[] = {"AVRSPI_TEST=of the test", NULL};
    struct avrspi_program program = {
        .environment = environment, .timeout_ms = timeout_ms, .interrupt = interrupt};
    char **words;
    int result;

    assert_int_equal(avrspi_words_split(&words, text, &error), 0);
    program.words = words;
    result = avrspi_program_run(&program, output, size, &error);
    free(words);
    return result;
}

static void a_program_gives_its_output(void **state)
{
    char output[64];

    (void)state;
    assert_int_equal(run("echo 'a  b'", output, sizeof output, 0, NULL), 0);
    assert_string_equal(output, "a  b\n");
    assert_int_equal(run("sh -c 'echo $AVRSPI_TEST'", output, sizeof output, 0, NULL), 0);
    assert_string_equal(output, "of the test\n");
    assert_int_equal(run("cat", output, sizeof output, 0, NULL), 0); /* no standard input */
    assert_string_equal(output, "");
    assert_int_equal(run("true", NULL, 0, 0, NULL), 0);
}

static void a_program_that_fails_is_an_error(void **state)
{
    char output[4];

    (void)state;
    assert_int_equal(run("sh -c 'exit 3'", NULL, 0, 0, NULL), AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message, "'sh' failed: exit 3");
    assert_int_equal(run("sh -c 'kill -9 $$'", NULL, 0, 0, NULL), AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message, "'sh' was ended by signal 9");
    assert_int_equal(run("./no-such-program", NULL, 0, 0, NULL), AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message, "can't run './no-such-program': No such file or directory");
    assert_int_equal(run("echo abcd", output, sizeof output, 0, NULL), AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message, "'echo' has more than 3 bytes of output");
}

static void a_program_that_hangs_is_ended(void **state)
{
    static const volatile sig_atomic_t interrupted = 1;
    const uint64_t began = avrspi_clock_now();
    char output[8];

    (void)state;
    assert_int_equal(run("sleep 60", output, sizeof output, 1000, NULL), AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message, "'sleep' took longer than 1 s");
    assert_int_equal(run("sleep 60", NULL, 0, 0, &interrupted), AVRSPI_ERR_INTERRUPTED);
    /* one that does not hear SIGTERM, and one whose child goes on */
    assert_int_equal(
        run("sh -c 'trap \"\" TERM; while :; do sleep 1; done'", NULL, 0, 0, &interrupted),
        AVRSPI_ERR_INTERRUPTED);
    assert_int_equal(run("sh -c 'sleep 3 & echo x'", output, sizeof output, 0, NULL), 0);
    assert_string_equal(output, "x\n");
    assert_true(avrspi_clock_now() - began < UINT64_C(20) * AVRSPI_NS_PER_S);
}

static void a_program_has_no_files_of_this_one(void **state)
{
    char output[256];
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(run("sh -c 'ls /proc/self/fd | wc -l'", output, sizeof output, 0, NULL), 0);
    assert_string_equal(output, "4\n"); /* three, and the folder that ls reads */
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_split_as_a_shell_does),
        cmocka_unit_test(words_that_do_not_end_are_refused),
        cmocka_unit_test(a_program_gives_its_output),
        cmocka_unit_test(a_program_that_fails_is_an_error),
        cmocka_unit_test(a_program_that_hangs_is_ended),
        cmocka_unit_test(a_program_has_no_files_of_this_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
