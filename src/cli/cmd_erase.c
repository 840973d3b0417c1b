/* SPDX-License-Identifier: MIT */
#include "cli/done.h"

static int erase(struct target *target, struct avrspi_error *error)
{
    struct cli *cli = target->cli;
    struct avrspi_request request = {
        .erase = true,
        .keep_eeprom = cli->config.keep_eeprom,
        .keep_boot = cli->config.keep_boot,
        .verify = true,
    };
    struct avrspi_fuses fuses = avrspi_session_fuses(target->session);
    struct avrspi_job_result job;
    int result;

    if (avrspi_erase_keeps_eeprom(target_chip(target), &fuses))
        ui_line(&cli->ui, "eeprom", "kept by EESAVE");
    result = target_job(target, &request, &job, error);
    if (result == 0)
        job_done(target, &job, 0);
    return result;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct target target = {0};
    int result = target_identify(&target, cli, error);

    if (result == 0)
        result = erase(&target, error);
    return target_close(&target, result, error);
}

const struct command cmd_erase = {
    .name = "erase",
    .arguments = "",
    .summary = "erase flash, EEPROM and lock bits",
    .help = "The EEPROM stays where the fuse EESAVE is programmed, or with --keep-eeprom;\n"
            "with --keep-boot the boot section stays.",
    .needs = NEED_TARGET,
    .options = {{.id = OPT_KEEP_EEPROM}, {.id = OPT_KEEP_BOOT}},
    .examples =
        {
            {"avrspi erase", "flash, EEPROM and lock bits"},
            {"avrspi erase --keep-eeprom", "save the EEPROM, and bring it back"},
        },
    .run = run,
};
