/* SPDX-License-Identifier: MIT */
#include "cli/target.h"

/* All chips with the signature, for people and for JSON. */
static void list_chips(struct cli *cli, const uint8_t signature[3])
{
    const struct avrspi_chip *chip;
    json_t *names = json_array();

    for (size_t n = 0; (chip = avrspi_chips_by_signature(cli->chips, signature, n)) != NULL; n++)
        (void)json_array_append_new(names, ui_string(avrspi_chip_name(chip)));
    ui_fact(&cli->ui, "chips", names);
}

static void list_candidates(const struct target *target)
{
    const struct avrspi_chip *candidate;

    if (target->cli->config.verbose)
        return; /* told already, when the chip was identified */
    for (size_t n = 0; (candidate = avrspi_session_candidate(target->session, n)) != NULL; n++)
        ui_line(&target->cli->ui, "", "  %s has the same signature", avrspi_chip_name(candidate));
}

static int read_signature(struct target *target, struct avrspi_error *error)
{
    uint8_t signature[3];
    char text[UI_TEXT];
    int result = avrspi_session_signature(target->session, signature, error);

    if (result < 0)
        return result;
    ui_fact(&target->cli->ui, "signature", ui_string(ui_signature(signature, text)));
    list_chips(target->cli, signature);
    result = avrspi_session_identify(target->session, error);
    if (result == 0)
        list_candidates(target);
    return result;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct target target = {0};
    int result = target_open(&target, cli, error);

    if (result == 0)
        result = read_signature(&target, error);
    return target_close(&target, result, error);
}

const struct command cmd_sig = {
    .name = "sig",
    .arguments = "",
    .summary = "read the signature, and name the chips that have it",
    .help = "With -c NAME: exit 0 when the target is that chip, 4 when it is another.",
    .needs = NEED_TARGET,
    .examples =
        {
            {"avrspi sig", "which chip is there"},
            {"avrspi -c atmega328p sig", "exit 0 if it is that chip, 4 if not"},
            {"avrspi --json sig", "the same for a program"},
        },
    .run = run,
};
