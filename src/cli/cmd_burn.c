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

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct burn burn;
    int result = check_arguments(cli, error);

    if (result < 0)
        return result;
    if (cli->config.list || cli->config.show)
        return (cli->config.list ? boards_list : boards_show)(cli, error);
    if (cli->config.from_target)
        return golden_read(cli, error);
    result = burn_open(&burn, cli, error);
    if (result < 0)
        return result;
    if (cli->config.check)
        result = recipe_check(&burn, cli, error);
    else if (!burn_has_work(&burn))
        ui_line(&cli->ui, "burn", "nothing in the file, nothing written");
    else
        result = (cli->config.repeat ? loop_run : burn_unit)(&burn, cli, error);
    burn_close(&burn);
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
            {.id = OPT_CHECK},
            {.id = OPT_FROM_TARGET},
            {.id = OPT_OUTPUT, .help = "the recipe that --from-target writes"},
        },
    .conflicts = {{OPT_LIST, OPT_SHOW},
                  {OPT_BOARDS, OPT_FORMAT},
                  {OPT_BOARDS, OPT_FIRST_IMAGE},
                  {OPT_BOARDS, OPT_CHECK, OPT_FROM_TARGET}},
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
    .run = run,
};
