/* SPDX-License-Identifier: MIT */
/* From argv to the exit code. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "base/error.h"

extern const struct command cmd_sig, cmd_erase, cmd_fuses, cmd_flash, cmd_eeprom, cmd_verify,
    cmd_read, cmd_chips;

const struct command *const commands[] = {
    &cmd_sig,    &cmd_erase, &cmd_fuses, &cmd_flash, &cmd_eeprom,
    &cmd_verify, &cmd_read,  &cmd_chips, NULL,
};

int exit_code_of(enum avrspi_err code)
{
    return code == AVRSPI_ERR_INTERRUPTED ? 130 : -(int)code;
}

const struct command *command_find(const char *name)
{
    for (size_t n = 0; commands[n]; n++)
        if (strcmp(commands[n]->name, name) == 0)
            return commands[n];
    return NULL;
}

/* --- the steps of a run */

static int find_command(struct cli *cli, const char *name, struct avrspi_error *error)
{
    cli->command = command_find(name);
    if (cli->command)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_USAGE, "'%s' is no command", name);
    avrspi_hint(error, "'avrspi --help' lists them");
    return AVRSPI_ERR_USAGE;
}

static int check_arguments(const struct cli *cli, struct avrspi_error *error)
{
    const struct command *command = cli->command;

    if (cli->n_arguments >= command->least_arguments && cli->n_arguments <= command->most_arguments)
        return 0;
    if (cli->n_arguments > command->most_arguments)
        avrspi_fail(error, AVRSPI_ERR_USAGE, "'%s' is one argument too many for '%s'",
                    cli->arguments[command->most_arguments], command->name);
    else
        avrspi_fail(error, AVRSPI_ERR_USAGE, "'%s' needs %s", command->name, command->arguments);
    avrspi_hint(error, "usage: avrspi %s [options]%s%s", command->name,
                *command->arguments ? " " : "", command->arguments);
    return AVRSPI_ERR_USAGE;
}

static int load_chips(struct cli *cli, struct avrspi_error *error)
{
    int result = avrspi_chips_open(&cli->chips, error);

    if (result == 0)
        result = avrspi_chips_add_search_path(cli->chips, error);
    if (result == 0 && *cli->settings.chips_file)
        result = avrspi_chips_add_file(cli->chips, cli->settings.chips_file, error);
    return result;
}

static int find_chip(struct cli *cli, struct avrspi_error *error)
{
    const char *name = cli->settings.chip, *nearest;

    if (!*name && given(cli, OPT_CHIP)) { /* a script's variable that is not set */
        avrspi_fail(error, AVRSPI_ERR_USAGE, "--chip needs a name, found ''");
        avrspi_hint(error, "without --chip the target is taken for what its signature says");
        return AVRSPI_ERR_USAGE;
    }
    if (!*name)
        return 0;
    cli->chip = avrspi_chips_find(cli->chips, name);
    if (cli->chip)
        return 0;
    nearest = avrspi_chips_nearest(cli->chips, name);
    avrspi_fail(error, AVRSPI_ERR_USAGE, "'%s' is no chip known", name);
    if (nearest)
        avrspi_hint(error, "did you mean '%s'? 'avrspi chips' lists them all", nearest);
    else
        avrspi_hint(error, "'avrspi chips' lists those that are");
    return AVRSPI_ERR_USAGE;
}

static void apply_settings(struct cli *cli)
{
    cli->ui.json_mode = cli->settings.json;
    cli->ui.quiet = cli->settings.quiet;
    cli->ui.verbose = cli->settings.verbose;
    ui_set_color(&cli->ui, cli->settings.color);
    if (cli->settings.dry_run)
        ui_fact(&cli->ui, "dry_run", json_true());
}

/* Parses everything; true in *run when there is a command to run. */
static int prepare(struct cli *cli, int argc, char **argv, bool *run, struct avrspi_error *error)
{
    int rest = 0, result = options_parse(&cli->options, NULL, true, argc, argv, &rest, error);

    *run = false;
    if (result < 0)
        return result;
    if (given(cli, OPT_VERSION)) {
        (void)printf("avrspi %s\n", AVRSPI_VERSION);
        return 0;
    }
    if (rest < argc && strcmp(argv[rest], "help") == 0) {
        cli->options.value[OPT_HELP] = "";
        rest++;
    }
    if (rest == argc && given(cli, OPT_HELP)) {
        help_overview();
        return 0;
    }
    if (rest == argc) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "a command is missing");
        avrspi_hint(error, "'avrspi --help' lists them");
        return AVRSPI_ERR_USAGE;
    }
    result = find_command(cli, argv[rest], error);
    if (result < 0)
        return result;
    argc -= rest;
    argv += rest;
    result = options_parse(&cli->options, cli->command->options, false, argc, argv, &rest, error);
    if (result < 0)
        return result;
    if (given(cli, OPT_HELP)) {
        help_command(cli->command);
        return 0;
    }
    cli->n_arguments = argc - rest;
    cli->arguments = argv + rest;
    result = check_arguments(cli, error);
    *run = result == 0;
    return result;
}

/* What closing says matters when all else went well, and otherwise comes as a warning. */
static int close_target(struct cli *cli, int result, struct avrspi_error *error)
{
    struct avrspi_error closing = {0};
    int closed = target_close(cli, &closing);

    if (closed == 0)
        return result;
    if (result == 0) {
        *error = closing;
        return closed;
    }
    ui_warn(&cli->ui, "%.200s; %.200s", closing.message, closing.hint);
    return result;
}

/* Runs the command. */
static int run_command(struct cli *cli, struct avrspi_error *error)
{
    int result = settings_load(&cli->settings, &cli->options, error);

    if (result < 0)
        return result;
    apply_settings(cli);
    result = load_chips(cli, error);
    if (result == 0)
        result = find_chip(cli, error);
    if (result == 0)
        result = cli->command->run(cli, error);
    return close_target(cli, result, error);
}

static void say_interrupted(struct avrspi_error *error)
{
    if (error->code == AVRSPI_ERR_INTERRUPTED)
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

/* Output that is lost is a failure. Not worth a word when its reader went away: it knows. */
static bool lost_output(void)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return false;
    if (errno != EPIPE)
        (void)fprintf(stderr, "avrspi: can't write to standard output%s%s\n", errno ? ": " : "",
                      errno ? strerror(errno) : "");
    return true;
}

int main(int argc, char **argv)
{
    struct cli cli = {0};
    struct avrspi_error error = {0};
    bool run;
    int result, code;

    keep_streams_apart();
    ui_begin(&cli.ui);
    (void)signal(SIGPIPE, SIG_IGN); /* a reader that went away must not end a job */
    result = prepare(&cli, argc, argv, &run, &error);
    if (run)
        result = run_command(&cli, &error);
    code = exit_code_of((enum avrspi_err)result);
    if (given(&cli, OPT_JSON))
        cli.ui.json_mode = true; /* also for errors before the settings are known */
    say_interrupted(&error);
    if (result < 0)
        ui_fail(&cli.ui, &error, code);
    if (run || result < 0)
        ui_finish(&cli.ui, cli.command ? cli.command->name : "", result == 0);
    avrspi_chips_close(cli.chips);
    ui_end(&cli.ui);
    if (lost_output() && code == 0)
        code = exit_code_of(AVRSPI_ERR_FAILURE);
    return code;
}
