/* SPDX-License-Identifier: MIT */
/* What commands say they exclude and need, and that it is enforced. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/cli.h"
#include "cli/dispatch.h"
#include "cli/target.h"

static bool ran;

static int run(struct cli *cli, struct avrspi_error *error)
{
    (void)cli;
    (void)error;
    ran = true;
    return 0;
}

static const struct command cmd_chip = {
    .name = "wiring",
    .arguments = "",
    .summary = "a command that needs a chip",
    .needs = NEED_CHIP,
    .run = run,
};

static const struct command cmd_nothing = {
    .name = "nothing",
    .arguments = "",
    .summary = "a command that needs nothing",
    .run = run,
};

static char file[] = "file.hex", empty[] = "", extra[] = "extra", dash[] = "-";
static char *one[] = {file, NULL}, *two[] = {file, extra, NULL};
static char *none_named[] = {empty, empty, NULL};

/* As many arguments as it wants. */
static struct cli cli_of(const struct command *command)
{
    return (struct cli){
        .config = config_begin(),
        .command = command,
        .n_arguments = command->least_arguments,
        .arguments = command->least_arguments > 1 ? two : one,
    };
}

static const struct command *find(const char *name)
{
    const struct command *command = NULL;

    assert_int_equal(command_find(name, &command, NULL), 0);
    return command;
}

static void assert_refused(const struct cli *cli, const char *message)
{
    struct avrspi_error error = {0};

    assert_int_equal(dispatch_check(cli, &error), AVRSPI_ERR_USAGE);
    assert_int_equal(error.code, AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, message);
}

static void check_of_every_command_alone(void **state)
{
    (void)state;
    for (size_t n = 0; commands[n]; n++) {
        struct cli cli = cli_of(commands[n]);

        assert_int_equal(dispatch_check(&cli, NULL), 0);
    }
}

static void check_of_too_many_arguments(void **state)
{
    struct cli cli = cli_of(find("read"));

    (void)state;
    cli.n_arguments = 2;
    cli.arguments = two;
    assert_refused(&cli, "unexpected argument 'extra'");
}

static void check_of_too_few_arguments(void **state)
{
    struct cli cli = cli_of(find("read"));

    (void)state;
    cli.n_arguments = 0;
    assert_refused(&cli, "'read' needs MEMORY");
}

static void check_of_a_file_without_a_name(void **state)
{
    (void)state;
    for (size_t n = 0; commands[n]; n++) {
        struct cli cli = cli_of(commands[n]);

        cli.arguments = none_named;
        if (commands[n]->needs & NEED_FILE)
            assert_refused(&cli, "expected the name of a file for FILE, found ''");
    }
}

/* Gives an option what it needs beside it. */
static void give_partner(struct cli *cli, enum option_id id)
{
    for (const struct option_need *need = cli->command->option_needs; need->option != OPT_END;
         need++)
        if (need->option == id && need->one_of[0] != OPT_END)
            cli->config.source[need->one_of[0]] = FROM_COMMAND_LINE;
}

/* Each pair of each set. */
static void check_of_every_conflict(void **state)
{
    size_t pairs = 0;

    (void)state;
    for (size_t n = 0; commands[n]; n++) {
        const struct command *command = commands[n];

        for (size_t i = 0; command->conflicts[i][0] != OPT_END; i++) {
            const enum option_id *set = command->conflicts[i];

            for (size_t a = 0; set[a] != OPT_END; a++) {
                for (size_t b = a + 1; set[b] != OPT_END; b++) {
                    struct cli cli = cli_of(command);
                    char message[80];

                    (void)snprintf(message, sizeof message, "--%s and --%s exclude each other",
                                   option_rows[set[a]].name, option_rows[set[b]].name);
                    cli.config.source[set[a]] = FROM_COMMAND_LINE;
                    cli.config.source[set[b]] = FROM_COMMAND_LINE;
                    give_partner(&cli, set[a]);
                    assert_refused(&cli, message);
                    cli.config.source[set[b]] = FROM_FILE; /* a default gives way */
                    assert_int_equal(dispatch_check(&cli, NULL), 0);
                    pairs++;
                }
            }
        }
    }
    assert_int_equal(pairs, 35); /* a conflict more or less is a decision */
}

/* Without a partner it is refused; with any of them it is not. */
static void check_of_every_option_that_needs_another(void **state)
{
    (void)state;
    for (size_t n = 0; commands[n]; n++) {
        const struct option_need *need = commands[n]->option_needs;

        for (; need->option != OPT_END; need++) {
            struct avrspi_error error = {0};
            struct cli cli = cli_of(commands[n]);

            cli.config.source[need->option] = FROM_COMMAND_LINE;
            if (need->one_of[0] == OPT_END) {
                assert_int_equal(dispatch_check(&cli, NULL), 0);
                continue;
            }
            assert_int_equal(dispatch_check(&cli, &error), AVRSPI_ERR_USAGE);
            assert_non_null(strstr(error.message, " needs --"));
            for (const enum option_id *id = need->one_of; *id != OPT_END; id++) {
                assert_non_null(strstr(error.message, option_rows[*id].name));
                cli.config.source[*id] = FROM_COMMAND_LINE;
                assert_int_equal(dispatch_check(&cli, NULL), 0);
                cli.config.source[*id] = FROM_NOWHERE;
            }
        }
    }
}

static void check_of_json_and_standard_output(void **state)
{
    struct cli cli = cli_of(find("read"));

    (void)state;
    cli.config.output = dash;
    assert_int_equal(dispatch_check(&cli, NULL), 0);
    cli.config.form = UI_FORM_JSON;
    assert_refused(&cli, "--json and '-o -' both write to standard output");
    cli.config.output = file;
    assert_int_equal(dispatch_check(&cli, NULL), 0);
}

static void needs_of_fuses_follow_its_options(void **state)
{
    struct cli cli = cli_of(find("fuses"));

    (void)state;
    assert_int_equal(dispatch_needs(&cli), NEED_TARGET);
    cli.config.source[OPT_VERIFY] = FROM_COMMAND_LINE;
    assert_int_equal(dispatch_needs(&cli), NEED_TARGET);
    cli.config.source[OPT_LIST] = FROM_COMMAND_LINE;
    assert_int_equal(dispatch_needs(&cli), NEED_CHIP);
}

static void run_without_the_chip_that_is_needed(void **state)
{
    struct avrspi_error error = {0};
    struct cli cli = cli_of(&cmd_chip);

    (void)state;
    ui_begin(&cli.ui);
    ran = false;
    assert_int_equal(dispatch_run(&cli, &error), AVRSPI_ERR_USAGE);
    assert_string_equal(error.message, "'wiring' needs to know the chip");
    assert_string_equal(error.hint, "name it with -c, as in 'avrspi -c atmega328p wiring'");
    assert_false(ran);
    avrspi_chips_close(cli.chips);
    cli.config.chip = "attiny85";
    assert_int_equal(dispatch_run(&cli, &error), 0);
    assert_true(ran);
    avrspi_chips_close(cli.chips);
    ui_end(&cli.ui);
}

static void run_with_an_option_that_needs_a_chip(void **state)
{
    static const struct {
        enum option_id id;
        const char *message, *hint;
    } rows[] = {
        {OPT_LIST, "--list needs to know the chip",
         "name it with -c, as in 'avrspi -c atmega328p fuses --list'"},
        {OPT_CALC, "--calc needs to know the chip",
         "name it with -c, as in 'avrspi -c atmega328p fuses --calc'"},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct avrspi_error error = {0};
        struct cli cli = cli_of(find("fuses"));

        ui_begin(&cli.ui);
        cli.config.source[rows[n].id] = FROM_COMMAND_LINE;
        assert_int_equal(dispatch_run(&cli, &error), AVRSPI_ERR_USAGE);
        assert_string_equal(error.message, rows[n].message);
        assert_string_equal(error.hint, rows[n].hint);
        avrspi_chips_close(cli.chips);
        ui_end(&cli.ui);
    }
}

static void open_for_a_command_that_needs_no_target(void **state)
{
    struct avrspi_error error = {0};
    struct cli cli = cli_of(&cmd_nothing);
    struct target target = {0};

    (void)state;
    cli.config.port = "sim:atmega328p";
    assert_int_equal(target_open(&target, &cli, &error), AVRSPI_ERR_FAILURE);
    assert_string_equal(error.message, "'nothing' is declared as a command without a target");
    assert_null(target.link);
}

static int set_up(void **state)
{
    (void)state;
    (void)unsetenv("AVRSPI_PORT");
    (void)unsetenv("AVRSPI_RESET");
    (void)unsetenv("AVRSPI_CHIP");
    (void)setenv("HOME", "/nonexistent", 1);
    return unsetenv("XDG_CONFIG_HOME");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_of_every_command_alone),
        cmocka_unit_test(check_of_too_many_arguments),
        cmocka_unit_test(check_of_too_few_arguments),
        cmocka_unit_test(check_of_a_file_without_a_name),
        cmocka_unit_test(check_of_every_conflict),
        cmocka_unit_test(check_of_every_option_that_needs_another),
        cmocka_unit_test(check_of_json_and_standard_output),
        cmocka_unit_test(needs_of_fuses_follow_its_options),
        cmocka_unit_test(run_without_the_chip_that_is_needed),
        cmocka_unit_test(run_with_an_option_that_needs_a_chip),
        cmocka_unit_test(open_for_a_command_that_needs_no_target),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
