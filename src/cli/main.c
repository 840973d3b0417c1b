/* SPDX-License-Identifier: MIT */
/* From argv to the exit code. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "avrspi/version.h"
#include "cli/advice.h"
#include "cli/cli.h"
#include "cli/dispatch.h"
#include "cli/signals.h"
#include "base/error.h"

/* As a shell reports a program that a signal has ended. */
static int exit_code_of(enum avrspi_err code)
{
    return code == AVRSPI_ERR_INTERRUPTED ? 128 + (interrupted ? interrupted : SIGINT) : -(int)code;
}

/* --- the steps of a run */

/* The command's name, its options and its arguments. */
static int parse_command(struct cli *cli, int argc, char **argv, struct avrspi_error *error)
{
    static const struct option_use none[] = {{.id = OPT_END}};
    int rest = 0, result = command_find(argv[0], &cli->command, error);

    if (result < 0) {
        (void)options_parse(&cli->config, none, argc, argv, &rest, NULL); /* for --json */
        return result;
    }
    result = options_parse(&cli->config, cli->command->options, argc, argv, &rest, error);
    cli->n_arguments = argc - rest;
    cli->arguments = argv + rest;
    return result;
}

static int fail_without_command(struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "a command is missing");
    avrspi_hint(error, "the first ones to know:\n"
                       "avrspi wiring atmega328p   the wires to a chip, pin by pin\n"
                       "avrspi doctor              what is the matter, from board to chip\n"
                       "avrspi sig                 which chip is there\n"
                       "avrspi fuses               its fuses, in words\n"
                       "avrspi flash program.hex   erase, write and verify\n"
                       "'avrspi --help' lists all commands");
    return AVRSPI_ERR_USAGE;
}

/* What --version and --help print; false when neither was given. */
static bool show_information(const struct cli *cli)
{
    if (cli->config.version)
        (void)printf("avrspi %s\n", avrspi_version());
    else if (cli->config.help && cli->command)
        help_command(cli->command);
    else if (cli->config.help)
        help_overview();
    else
        return false;
    return true;
}

/* Parses everything; true in *run when there is a command to run. */
static int prepare(struct cli *cli, int argc, char **argv, bool *run, struct avrspi_error *error)
{
    int rest = 0, result = options_parse(&cli->config, NULL, argc, argv, &rest, error);

    *run = false;
    if (result < 0) {
        if (rest < argc) /* --json may stand after the command */
            (void)parse_command(cli, argc - rest, argv + rest, NULL);
        return result;
    }
    for (; rest < argc && strcmp(argv[rest], "help") == 0; rest++)
        cli->config.help = true;
    if (rest < argc)
        result = parse_command(cli, argc - rest, argv + rest, error);
    if (result < 0 || show_information(cli))
        return result;
    if (!cli->command)
        return fail_without_command(error);
    result = dispatch_check(cli, error);
    *run = result == 0;
    return result;
}

static void say_interrupted(struct avrspi_error *error)
{
    if (error->code == AVRSPI_ERR_INTERRUPTED && !*error->hint)
        avrspi_hint(error, "RESET is released; the job is not complete");
}

/* A standard stream that is closed must not become the device or a state file, by being the
 * first descriptor free: what takes its place fails to read or write as the stream would. */
static void keep_streams_apart(void)
{
    static const int modes[] = {
        [STDIN_FILENO] = O_WRONLY,
        [STDOUT_FILENO] = O_RDONLY,
        [STDERR_FILENO] = O_RDONLY,
    };

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", modes[fd]);
}

/* Output that is lost is a failure. Silent when the reader closed the pipe. */
static bool lost_output(struct ui *ui)
{
    ui_flush(ui);
    if (ui->lost == 0 && !ferror(stdout))
        return false;
    if (ui->lost != EPIPE)
        (void)fprintf(stderr, "avrspi: can't write to standard output%s%s\n", ui->lost ? ": " : "",
                      ui->lost ? strerror(ui->lost) : "");
    return true;
}

static void fail(struct ui *ui, const struct avrspi_error *error, int code)
{
    char hint[sizeof error->hint];

    advice_text(error, hint, sizeof hint);
    ui_fail(ui, error, hint, code);
}

int main(int argc, char **argv)
{
    struct cli cli = {.config = config_begin()};
    struct avrspi_error error = {0};
    bool run;
    int result, code;

    keep_streams_apart();
    (void)prctl(PR_SET_TIMERSLACK, 1UL); /* sleeps end 50 us late by default: much beside a poll */
    ui_begin(&cli.ui);
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that went away must not end a job */
    result = prepare(&cli, argc, argv, &run, &error);
    if (run)
        result = dispatch_run(&cli, &error);
    code = exit_code_of((enum avrspi_err)result);
    cli.ui.form = cli.config.form; /* also for errors before the settings are known */
    say_interrupted(&error);
    if (result < 0 && error.sys_errno != EPIPE) /* whoever closed the pipe wants no more */
        fail(&cli.ui, &error, code);
    if (run || result < 0)
        ui_finish(&cli.ui, cli.command ? cli.command->name : "", result == 0);
    avrspi_chips_close(cli.chips);
    config_free(&cli.config);
    ui_end(&cli.ui);
    if (lost_output(&cli.ui) && code == 0)
        code = exit_code_of(AVRSPI_ERR_FAILURE);
    return code;
}
