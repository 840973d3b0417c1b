/* SPDX-License-Identifier: MIT */
#include "cli/dispatch.h"

#include <stdio.h>
#include <string.h>

#include "cli/settings.h"
#include "cli/words.h"
#include "cli/xtal.h"
#include "base/error.h"
#include "chips/unknown.h"

/* Settings and environment are defaults: only what stands in the command line can conflict. */
static bool on_command_line(const struct cli *cli, enum option_id id)
{
    return cli->config.source[id] == FROM_COMMAND_LINE;
}

/* --- what the command line alone shows */

static int check_arguments(const struct cli *cli, struct avrspi_error *error)
{
    const struct command *command = cli->command;

    if (cli->n_arguments >= command->least_arguments && cli->n_arguments <= command->most_arguments)
        return 0;
    if (cli->n_arguments > command->most_arguments)
        avrspi_fail(error, AVRSPI_ERR_USAGE, "unexpected argument '%.200s'",
                    cli->arguments[command->most_arguments]);
    else
        avrspi_fail(error, AVRSPI_ERR_USAGE, "'%s' needs %s", command->name, command->arguments);
    avrspi_hint(error, "usage: avrspi %s [options]%s%s", command->name,
                *command->arguments ? " " : "", command->arguments);
    return AVRSPI_ERR_USAGE;
}

/* An empty name is a script's variable that is not set. */
static int check_file(const struct cli *cli, struct avrspi_error *error)
{
    int empty = 0;

    while (empty < cli->n_arguments && *cli->arguments[empty])
        empty++;
    if (!(dispatch_needs(cli) & NEED_FILE) || empty == cli->n_arguments)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected the name of a file for FILE, found ''");
    avrspi_hint(error, "- is standard input");
    return AVRSPI_ERR_USAGE;
}

static int check_conflict(const struct cli *cli, const enum option_id *set,
                          struct avrspi_error *error)
{
    enum option_id first = OPT_END;

    for (; *set != OPT_END; set++) {
        if (!on_command_line(cli, *set))
            continue;
        if (first != OPT_END)
            return avrspi_fail(error, AVRSPI_ERR_USAGE, "--%s and --%s exclude each other",
                               option_rows[first].name, option_rows[*set].name);
        first = *set;
    }
    return 0;
}

static int check_conflicts(const struct cli *cli, struct avrspi_error *error)
{
    const struct command *command = cli->command;

    for (size_t n = 0; command->conflicts[n][0] != OPT_END; n++)
        if (check_conflict(cli, command->conflicts[n], error) < 0)
            return AVRSPI_ERR_USAGE;
    return 0;
}

/* The JSON object and the bytes of "-o -" can't both have standard output. */
static int check_output(const struct cli *cli, struct avrspi_error *error)
{
    for (const struct option_use *use = cli->command->options; use->id != OPT_END; use++) {
        const struct option_row *row = &option_rows[use->id];
        const char *path = NULL;

        if (row->type != OPTION_OUTPUT)
            continue;
        memcpy(&path, (const char *)&cli->config + row->offset, sizeof path);
        if (cli->config.form != UI_FORM_TEXT && path && strcmp(path, "-") == 0)
            return avrspi_fail(error, AVRSPI_ERR_USAGE,
                               "--json and '%s%.*s -' both write to standard output",
                               row->letter ? "-" : "--", row->letter ? 1 : (int)strlen(row->name),
                               row->letter ? &row->letter : row->name);
    }
    return 0;
}

/* Standard output has what the command prints; a trace must not come between its lines. */
static int check_trace(const struct cli *cli, struct avrspi_error *error)
{
    if (!cli->config.trace || strcmp(cli->config.trace, "-") != 0)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected the name of a file for --trace, found '-'");
    avrspi_hint(error, "/dev/stderr is standard error");
    return AVRSPI_ERR_USAGE;
}

static int check_partners(const struct cli *cli, const struct option_need *need,
                          struct avrspi_error *error)
{
    static const struct words_style style = {"--", "", " or "};
    const char *names[MOST_PARTNERS];
    char list[200];
    size_t count = 0;

    if (need->one_of[0] == OPT_END)
        return 0;
    for (const enum option_id *id = need->one_of; *id != OPT_END; id++) {
        if (on_command_line(cli, *id))
            return 0;
        names[count++] = option_rows[*id].name;
    }
    words_list(names, count, &style, list, sizeof list);
    return avrspi_fail(error, AVRSPI_ERR_USAGE, "--%s needs %s", option_rows[need->option].name,
                       list);
}

static int check_option_needs(const struct cli *cli, struct avrspi_error *error)
{
    const struct option_need *need = cli->command->option_needs;

    for (; need->option != OPT_END; need++)
        if (on_command_line(cli, need->option) && check_partners(cli, need, error) < 0)
            return AVRSPI_ERR_USAGE;
    return 0;
}

int dispatch_check(const struct cli *cli, struct avrspi_error *error)
{
    static int (*const checks[])(const struct cli *cli, struct avrspi_error *error) = {
        check_arguments, check_conflicts, check_option_needs, check_output, check_trace, check_file,
    };

    for (size_t n = 0; n < sizeof checks / sizeof *checks; n++) {
        int result = checks[n](cli, error);

        if (result < 0)
            return result;
    }
    return 0;
}

/* --- what a command needs */

/* The option that sets what the command needs; OPT_END: it is the command itself. */
static const struct option_need *decisive(const struct cli *cli)
{
    const struct option_need *need = cli->command->option_needs;

    while (need->option != OPT_END && !(need->needs && on_command_line(cli, need->option)))
        need++;
    return need;
}

unsigned dispatch_needs(const struct cli *cli)
{
    const struct option_need *need = decisive(cli);

    return need->option != OPT_END ? need->needs : cli->command->needs;
}

static int load_chips(struct cli *cli, struct avrspi_error *error)
{
    int result = avrspi_chips_open(&cli->chips, error);

    if (result == 0)
        result = avrspi_chips_add_search_path(cli->chips, error);
    if (result == 0 && cli->config.chips_file)
        result = avrspi_chips_add_file(cli->chips, cli->config.chips_file, error);
    return result;
}

/* Where the name of the chip comes from, when it is not from the command line. */
static const char *origin_of_chip(const struct cli *cli)
{
    static const char *const origins[] = {
        [FROM_NOWHERE] = "",
        [FROM_FILE] = " in the configuration file",
        [FROM_ENVIRONMENT] = " in $AVRSPI_CHIP",
        [FROM_COMMAND_LINE] = "",
    };

    return origins[cli->config.source[OPT_CHIP]];
}

static int find_chip(struct cli *cli, struct avrspi_error *error)
{
    const char *name = cli->config.chip;

    if (!name)
        return 0;
    cli->chip = avrspi_chips_find(cli->chips, name);
    return cli->chip ? 0 : avrspi_chips_fail_unknown(cli->chips, name, origin_of_chip(cli), error);
}

static int check_chip(const struct cli *cli, struct avrspi_error *error)
{
    const struct option_need *need = decisive(cli);
    const char *name = cli->command->name, *option = option_rows[need->option].name;
    bool is_option = need->option != OPT_END;

    if (cli->chip || !(dispatch_needs(cli) & NEED_CHIP))
        return 0;
    if (is_option)
        avrspi_fail(error, AVRSPI_ERR_USAGE, "--%s needs to know the chip", option);
    else
        avrspi_fail(error, AVRSPI_ERR_USAGE, "'%s' needs to know the chip", name);
    avrspi_hint(error, "name it with -c, as in 'avrspi -c atmega328p %s%s%s'", name,
                is_option ? " --" : "", is_option ? option : "");
    return AVRSPI_ERR_USAGE;
}

/* --- the run */

static void apply_settings(struct cli *cli)
{
    cli->ui.form = cli->config.form;
    cli->ui.quiet = cli->config.quiet;
    cli->ui.verbose = cli->config.verbose;
    ui_set_color(&cli->ui, cli->config.color);
    if (cli->config.plain)
        ui_set_plain(&cli->ui);
    if (cli->config.dry_run)
        ui_fact(&cli->ui, "dry_run", json_true());
}

int dispatch_run(struct cli *cli, struct avrspi_error *error)
{
    int result = settings_load(&cli->config, error);

    if (result < 0)
        return result;
    apply_settings(cli);
    result = load_chips(cli, error);
    if (result == 0)
        result = find_chip(cli, error);
    if (result == 0)
        result = check_chip(cli, error);
    if (result == 0)
        result = xtal_begin(cli, error);
    if (result == 0)
        result = cli->command->run(cli, error);
    return xtal_end(cli, result, error);
}
