/* SPDX-License-Identifier: MIT */
/* All memories of a chip in one job: from files that name their memories, from a recipe, or as the
 * bootloader of an Arduino board. */
#include <string.h>

#include "base/error.h"
#include "cli/boards.h"
#include "cli/burn.h"
#include "cli/golden.h"
#include "cli/loop.h"
#include "cli/recipe_check.h"

/* --- what was given */

static int fail_board(const char *message, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "%s", message);
    avrspi_hint(error, "usage: avrspi burn --boards FILE [--menu MENU=ENTRY,...] BOARD");
    return AVRSPI_ERR_USAGE;
}

static int check_from_target(const struct cli *cli, struct avrspi_error *error)
{
    if (cli->n_arguments == 0 && cli->config.output && strcmp(cli->config.output, "-") != 0)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_USAGE, "'burn --from-target' needs -o RECIPE, and no file");
    avrspi_hint(error, "usage: avrspi burn --from-target -o RECIPE");
    return AVRSPI_ERR_USAGE;
}

/* The arguments are one board, a recipe, or files. */
static int check_arguments(const struct cli *cli, struct avrspi_error *error)
{
    const struct config *config = &cli->config;

    for (int n = 0; n < cli->n_arguments; n++)
        if (!*cli->arguments[n])
            return avrspi_fail(error, AVRSPI_ERR_USAGE,
                               "expected the name of a file or board, found ''");
    if (config->from_target)
        return check_from_target(cli, error);
    if (config_given(config, OPT_COUNT) && config->count == 0)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected a number from 1 on for --count, found 0");
    if (config->repeat && config->dry_run)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "--repeat and --dry-run exclude each other");
    if (!config->boards && cli->n_arguments == 0) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "'burn' needs FILE... or RECIPE");
        avrspi_hint(error, "usage: avrspi burn [options] FILE...");
        return AVRSPI_ERR_USAGE;
    }
    if (!config->boards)
        return 0;
    if (config->list && cli->n_arguments > 0)
        return fail_board("--list takes no board", error);
    if (!config->list && cli->n_arguments != 1)
        return fail_board("expected one board with --boards", error);
    return 0;
}

/* --- where it is burned */

static int read_bench(struct avrspi_bench *bench, const struct config *config,
                      struct avrspi_error *error)
{
    int result = 0;

    *bench = (struct avrspi_bench){0};
    if (config->bench)
        result = avrspi_bench_read(bench, config->bench, error);
    for (size_t n = 0; result == 0 && n < config->stations.count; n++)
        result = avrspi_bench_add(bench, config->stations.at[n], error);
    return result;
}

static int check_bench(const struct cli *cli, const struct avrspi_bench *bench,
                       struct avrspi_error *error)
{
    if (cli->config.start == LOOP_BUTTON && !bench->start) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "--start button needs a bench file with a button");
        avrspi_hint(error, "'start = GPIO5' in [bench], for example; see avrspi-bench(5)");
        return AVRSPI_ERR_USAGE;
    }
    for (int n = 0; n < cli->n_arguments && bench->n_stations > 1; n++)
        if (strcmp(cli->arguments[n], "-") == 0)
            return avrspi_fail(error, AVRSPI_ERR_USAGE,
                               "expected a file: several stations can't read standard input");
    return 0;
}

static int say_nothing(struct cli *cli)
{
    ui_line(&cli->ui, "burn", "nothing in the file, nothing written");
    return 0;
}

static int burn_at_bench(struct cli *cli, const struct avrspi_bench *bench,
                         struct avrspi_error *error)
{
    struct panel *panel = NULL;
    struct gang *gang = NULL;
    int result = gang_open(&gang, cli, bench, error);

    if (result == 0)
        result = panel_open(&panel, bench, error);
    if (result == 0)
        result = gang_has_work(gang) ? loop_run(gang, panel, cli, error) : say_nothing(cli);
    panel_close(panel);
    gang_close(gang);
    return result;
}

static int burn_here(struct cli *cli, struct avrspi_error *error)
{
    struct burn burn;
    int result = burn_open(&burn, cli, error);

    if (result < 0)
        return result;
    if (cli->config.check)
        result = recipe_check(&burn, cli, error);
    else
        result = burn_has_work(&burn) ? burn_unit(&burn, cli, error) : say_nothing(cli);
    burn_close(&burn);
    return result;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    const struct config *config = &cli->config;
    struct avrspi_bench bench;
    int result = check_arguments(cli, error);

    if (result < 0)
        return result;
    if (config->list || config->show)
        return (config->list ? boards_list : boards_show)(cli, error);
    if (config->from_target)
        return golden_read(cli, error);
    result = read_bench(&bench, config, error);
    if (result == 0)
        result = check_bench(cli, &bench, error);
    if (result == 0)
        result = config->check || !(config->repeat || bench.n_stations)
                     ? burn_here(cli, error)
                     : burn_at_bench(cli, &bench, error);
    avrspi_bench_free(&bench);
    return result;
}

const struct command cmd_burn = {
    .name = "burn",
    .arguments = "RECIPE|FILE...|BOARD",
    .summary = "whole jobs: flash, EEPROM, fuses, lock bits",
    .help =
        "RECIPE says all of a product: chip, files, fuses, lock bits, checks; see\n"
        "avrspi-recipe(5). --check reads it and all its files, and needs no target;\n"
        "--from-target writes one of a unit that is as it should be.\n"
        "--repeat burns one unit after another; --station or --bench several side by side,\n"
        "see avrspi-bench(5).\n"
        "FILE is ELF, or Intel HEX or S-record with the addresses of avr-gcc, such as a\n"
        "backup that 'avrspi read all' or avrdude has written, or the folder of one. A\n"
        "signature in it has to be the chip's. The order is erase, flash, EEPROM, fuses,\n"
        "lock bits, each verified. A memory of which the files have nothing stays as it is;\n"
        "only the erase clears the EEPROM, unless EESAVE or --keep-eeprom keeps it.\n"
        "With --boards it burns the bootloader of an Arduino core's BOARD (\"uno\",\n"
        "\"mega:cpu=atmega2560\", \"arduino:avr:nano:cpu=atmega328\"), fuses and lock bits, as\n"
        "the recipes in platform.txt beside that file do.",
    .least_arguments = 0,
    .most_arguments = MOST_FILES,
    .needs = NEED_TARGET,
    .options =
        {
            {.id = OPT_FULL, .help = "also read back the pages that must be blank"},
            {.id = OPT_KEEP_EEPROM},
            {.id = OPT_TURBO},
            {.id = OPT_FORMAT},
            {.id = OPT_FIRST_IMAGE},
            {.id = OPT_BOARDS},
            {.id = OPT_MENU},
            {.id = OPT_BOOT_FILE},
            {.id = OPT_LIST, .help = "every board with its menus; needs no target"},
            {.id = OPT_SHOW},
            {.id = OPT_RECORD},
            {.id = OPT_LOG},
            {.id = OPT_REPEAT},
            {.id = OPT_COUNT},
            {.id = OPT_START},
            {.id = OPT_STATION},
            {.id = OPT_BENCH},
            {.id = OPT_CHECK},
            {.id = OPT_FROM_TARGET},
            {.id = OPT_OUTPUT, .help = "the recipe that --from-target writes"},
        },
    .conflicts = {{OPT_LIST, OPT_SHOW},
                  {OPT_BOARDS, OPT_FORMAT},
                  {OPT_BOARDS, OPT_FIRST_IMAGE},
                  {OPT_BOARDS, OPT_CHECK, OPT_FROM_TARGET},
                  {OPT_STATION, OPT_BENCH, OPT_PORT},
                  {OPT_STATION, OPT_FROM_TARGET},
                  {OPT_BENCH, OPT_FROM_TARGET},
                  {OPT_STATION, OPT_TRACE},
                  {OPT_BENCH, OPT_TRACE},
                  {OPT_STATION, OPT_DRY_RUN},
                  {OPT_BENCH, OPT_DRY_RUN}},
    .option_needs =
        {
            {.option = OPT_LIST, .needs = NEED_FILE, .one_of = {OPT_BOARDS}},
            {.option = OPT_SHOW, .needs = NEED_FILE, .one_of = {OPT_BOARDS}},
            {.option = OPT_COUNT, .one_of = {OPT_REPEAT}},
            {.option = OPT_START, .one_of = {OPT_REPEAT}},
            {.option = OPT_CHECK, .needs = NEED_FILE},
            {.option = OPT_OUTPUT, .one_of = {OPT_FROM_TARGET}},
            {.option = OPT_MENU, .one_of = {OPT_BOARDS}},
            {.option = OPT_BOOT_FILE, .one_of = {OPT_BOARDS}},
        },
    .examples =
        {
            {"avrspi burn board.recipe", "a product's whole job"},
            {"avrspi burn backup.hex", "what 'read all' has saved"},
            {"avrspi burn --boards boards.txt uno", "the bootloader of an Arduino board"},
            {"avrspi burn --repeat unit.recipe", "one unit after another"},
        },
    .run = run,
};
