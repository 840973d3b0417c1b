/* SPDX-License-Identifier: MIT */
/* The examples of each command are command lines that it takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/words.h"
#include "cli/cli.h"
#include "cli/dispatch.h"

enum {
    WIDTH = 72, /* with its indentation it fits every terminal that is not narrow */
};

/* As main() does it; the command that the line runs. */
static const struct command *parse(const char *line)
{
    struct cli cli = {.config = config_begin()};
    struct avrspi_error error = {0};
    char **words = NULL;
    int count = 0, rest = 0;

    assert_int_equal(avrspi_words_split(&words, line, NULL), 0);
    while (words[count])
        count++;
    assert_string_equal(words[0], "avrspi");
    if (options_parse(&cli.config, NULL, count, words, &rest, &error) < 0 || rest == count ||
        command_find(words[rest], &cli.command, &error) < 0)
        fail_msg("%s: %s", line, error.message);
    count -= rest;
    cli.arguments = words + rest;
    if (options_parse(&cli.config, cli.command->options, count, cli.arguments, &rest, &error) < 0)
        fail_msg("%s: %s", line, error.message);
    cli.n_arguments = count - rest;
    cli.arguments += rest;
    if (dispatch_check(&cli, &error) < 0)
        fail_msg("%s: %s", line, error.message);
    config_free(&cli.config);
    free(words);
    return cli.command;
}

static void examples_are_command_lines(void **state)
{
    (void)state;
    for (size_t n = 0; commands[n]; n++) {
        size_t count = 0, own = 0;

        for (; commands[n]->examples[count].line; count++) {
            const struct example *example = &commands[n]->examples[count];

            own += parse(example->line) == commands[n];
            assert_true(strlen(example->line) <= WIDTH);
            assert_true(*example->what != '\0');
        }
        if (count < LEAST_EXAMPLES || count > MOST_EXAMPLES || own < LEAST_EXAMPLES)
            fail_msg("'%s' has %zu examples, %zu of them its own", commands[n]->name, count, own);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_are_command_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
