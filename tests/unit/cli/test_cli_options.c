/* SPDX-License-Identifier: MIT */
/* Options on the command line, and the table they come from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/options.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

enum {
    MOST_WORDS = 16,
};

static const enum option_id extra[] = {OPT_LOW, OPT_OUTPUT, OPT_FULL, OPT_END};

struct parsed {
    struct options options;
    struct avrspi_error error;
    char *argv[MOST_WORDS];
    int result, rest;
};

/* 'words' ends with NULL. */
static void parse(struct parsed *parsed, bool stop, const char *const *words)
{
    static char program[] = "avrspi";
    int argc = 1;

    *parsed = (struct parsed){.argv[0] = program};
    for (; words[argc - 1]; argc++)
        parsed->argv[argc] = (char *)(uintptr_t)words[argc - 1];
    parsed->result = options_parse(&parsed->options, stop ? NULL : extra, stop, argc, parsed->argv,
                                   &parsed->rest, &parsed->error);
}

#define PARSE(parsed, stop, ...) parse(parsed, stop, (const char *const[]){__VA_ARGS__, NULL})

/* --- the table */

static void rows_are_complete(void **state)
{
    (void)state;
    for (int id = 0; id < OPTIONS; id++) {
        const struct option_row *row = &option_rows[id];

        assert_non_null(row->name);
        assert_non_null(row->help);
        assert_true(strlen(row->name) > 1 && strlen(row->help) > 3);
        assert_true(row->help[strlen(row->help) - 1] != '.');
    }
}

static void rows_do_not_repeat_one_another(void **state)
{
    (void)state;
    for (int a = 0; a < OPTIONS; a++) {
        for (int b = a + 1; b < OPTIONS; b++) {
            assert_string_not_equal(option_rows[a].name, option_rows[b].name);
            if (option_rows[a].letter)
                assert_int_not_equal(option_rows[a].letter, option_rows[b].letter);
        }
    }
}

/* Every option in both spellings, with '=' and without. */
static void parse_of_every_row(void **state)
{
    (void)state;
    for (int id = 0; id < OPTIONS; id++) {
        const struct option_row *row = &option_rows[id];
        const enum option_id only[] = {(enum option_id)id, OPT_END};
        char program[] = "avrspi", name[32], joined[32], letter[3] = {'-', row->letter, '\0'};
        char value[] = "value";
        char *separate[] = {program, name, row->argument ? value : NULL, NULL};
        char *one[] = {program, joined, NULL};
        char *shorter[] = {program, letter, row->argument ? value : NULL, NULL};
        struct options options = {0};
        int argc = row->argument ? 3 : 2, rest = 0;

        (void)snprintf(name, sizeof name, "--%s", row->name);
        (void)snprintf(joined, sizeof joined, "--%s=value", row->name);
        assert_int_equal(options_parse(&options, id > OPT_LAST_GLOBAL ? only : NULL, false, argc,
                                       separate, &rest, NULL),
                         0);
        assert_string_equal(options.value[id], row->argument ? "value" : "");
        assert_int_equal(rest, argc);
        if (row->argument) {
            options = (struct options){0};
            assert_int_equal(options_parse(&options, id > OPT_LAST_GLOBAL ? only : NULL, false, 2,
                                           one, &rest, NULL),
                             0);
            assert_string_equal(options.value[id], "value");
        }
        if (row->letter) {
            options = (struct options){0};
            assert_int_equal(options_parse(&options, id > OPT_LAST_GLOBAL ? only : NULL, false,
                                           argc, shorter, &rest, NULL),
                             0);
            assert_string_equal(options.value[id], row->argument ? "value" : "");
        }
    }
}

/* --- parsing */

static void parse_of_nothing(void **state)
{
    struct parsed parsed;

    (void)state;
    parse(&parsed, true, (const char *const[]){NULL});
    assert_int_equal(parsed.result, 0);
    assert_int_equal(parsed.rest, 1);
    for (int id = 0; id < OPTIONS; id++)
        assert_null(parsed.options.value[id]);
}

static void parse_stops_at_the_command(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, true, "-p", "sim:x", "flash", "-q", "--nonsense");
    assert_int_equal(parsed.result, 0);
    assert_int_equal(parsed.rest, 3);
    assert_string_equal(parsed.options.value[OPT_PORT], "sim:x");
    assert_null(parsed.options.value[OPT_QUIET]);
}

static void parse_finds_options_behind_arguments(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "file.hex", "--low", "0x62", "-v");
    assert_int_equal(parsed.result, 0);
    assert_string_equal(parsed.options.value[OPT_LOW], "0x62");
    assert_string_equal(parsed.options.value[OPT_VERBOSE], "");
    assert_int_equal(parsed.rest, 4);
    assert_string_equal(parsed.argv[4], "file.hex");
}

static void parse_of_letters_together(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "-nvcatmega8", "-ofile");
    assert_int_equal(parsed.result, 0);
    assert_non_null(parsed.options.value[OPT_DRY_RUN]);
    assert_non_null(parsed.options.value[OPT_VERBOSE]);
    assert_string_equal(parsed.options.value[OPT_CHIP], "atmega8");
    assert_string_equal(parsed.options.value[OPT_OUTPUT], "file");
}

static void parse_of_an_option_twice_takes_the_last(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "--low", "1", "--low", "2");
    assert_int_equal(parsed.result, 0);
    assert_string_equal(parsed.options.value[OPT_LOW], "2");
}

static void parse_of_set_keeps_them_all(void **state)
{
    static const enum option_id sets[] = {OPT_SET, OPT_END};
    char program[] = "avrspi", set[] = "--set", value[] = "A=1", other[] = "B=2";
    char *argv[67] = {program};
    struct options options = {0};
    struct avrspi_error error = {0};
    int rest;

    (void)state;
    for (int n = 1; n < 67; n += 2) {
        argv[n] = set;
        argv[n + 1] = n == 3 ? other : value;
    }
    assert_int_equal(options_parse(&options, sets, false, 65, argv, &rest, NULL), 0);
    assert_int_equal(options.n_set, 32);
    assert_string_equal(options.set[0], "A=1");
    assert_string_equal(options.set[1], "B=2");
    options = (struct options){0};
    assert_int_equal(options_parse(&options, sets, false, 67, argv, &rest, &error),
                     AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, "--set can be given 32 times at most");
}

static void parse_ends_at_two_dashes(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "-v", "--", "--low");
    assert_int_equal(parsed.result, 0);
    assert_null(parsed.options.value[OPT_LOW]);
    assert_int_equal(parsed.rest, 3);
}

static void parse_of_a_dash_is_an_argument(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "-");
    assert_int_equal(parsed.result, 0);
    assert_int_equal(parsed.rest, 1);
}

static void parse_of_what_is_not_known(void **state)
{
    static const struct {
        const char *words[3];
        const char *message;
    } rows[] = {
        {{"--nonsense"}, "option '--nonsense' is not known here"},
        {{"-x"}, "option '-x' is not known here"},
        {{"-vx"}, "option '-x' is not known here"},
        {{"--update"}, "option '--update' is not known here"}, /* of another command */
        {{"-m", "flash"}, "option '-m' is not known here"},
        {{"-\xC3\xA9"}, "option '-?' is not known here"},
        {{"--full=1"}, "option '--full=1' takes no argument"},
        {{"--ver"}, "option '--ver' is not known here"}, /* --verbose or --version? */
        {{"--low"}, "option '--low' needs an argument"},
        {{"-o"}, "option '-o' needs an argument"},
        {{"-p"}, "option '-p' needs an argument"},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        struct parsed parsed;

        parse(&parsed, false, rows[n].words);
        assert_int_equal(parsed.result, AVRSPI_ERR_USAGE);
        assert_int_equal(parsed.error.code, AVRSPI_ERR_USAGE);
        assert_string_equal(parsed.error.message, rows[n].message);
        assert_non_null(strstr(parsed.error.hint, "avrspi help COMMAND"));
    }
}

static void parse_of_an_option_cut_short(void **state)
{
    struct parsed parsed;

    (void)state;
    PARSE(&parsed, false, "--verb", "--out=x");
    assert_int_equal(parsed.result, 0);
    assert_non_null(parsed.options.value[OPT_VERBOSE]);
    assert_string_equal(parsed.options.value[OPT_OUTPUT], "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_complete),
        cmocka_unit_test(rows_do_not_repeat_one_another),
        cmocka_unit_test(parse_of_every_row),
        cmocka_unit_test(parse_of_nothing),
        cmocka_unit_test(parse_stops_at_the_command),
        cmocka_unit_test(parse_finds_options_behind_arguments),
        cmocka_unit_test(parse_of_letters_together),
        cmocka_unit_test(parse_of_an_option_twice_takes_the_last),
        cmocka_unit_test(parse_of_set_keeps_them_all),
        cmocka_unit_test(parse_ends_at_two_dashes),
        cmocka_unit_test(parse_of_a_dash_is_an_argument),
        cmocka_unit_test(parse_of_what_is_not_known),
        cmocka_unit_test(parse_of_an_option_cut_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
