/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/cli.h"
#include "base/error.h"

/* All chips with the signature, for people and for JSON. */
static void list_chips(struct cli *cli, const uint8_t signature[3])
{
    const struct avrspi_chip *chip;
    json_t *names = json_array();

    for (size_t n = 0; (chip = avrspi_chips_by_signature(cli->chips, signature, n)) != NULL; n++)
        (void)json_array_append_new(names, ui_string(avrspi_chip_name(chip)));
    ui_fact(&cli->ui, "chips", names);
}

static void list_candidates(struct cli *cli)
{
    const struct avrspi_chip *candidate;

    if (cli->config.verbose)
        return; /* target_print_chip() has named them */
    for (size_t n = 0; (candidate = avrspi_session_candidate(cli->session, n)) != NULL; n++)
        ui_line(&cli->ui, "", "%s  has the same signature", avrspi_chip_name(candidate));
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    uint8_t signature[3];
    char text[UI_TEXT];
    int result = target_open(cli, error);

    if (result == 0)
        result = avrspi_session_signature(cli->session, signature, error);
    if (result < 0)
        return result;
    ui_fact(&cli->ui, "signature", ui_string(ui_signature(signature, text)));
    list_chips(cli, signature);
    result = avrspi_session_identify(cli->session, error);
    if (result < 0)
        return result;
    target_print_chip(cli);
    list_candidates(cli);
    return 0;
}

const struct command cmd_sig = {
    .name = "sig",
    .arguments = "",
    .summary = "read the signature, and name the chips that have it",
    .help = "With -c NAME: exit 0 when the target is that chip, 4 when it is another.",
    .needs = NEED_TARGET,
    .run = run,
};
