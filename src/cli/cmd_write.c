/* SPDX-License-Identifier: MIT */
/* flash and eeprom: the same code for two memories. */
#include "cli/done.h"
#include "cli/input.h"

static int write_memory(struct target *target, enum avrspi_memory memory, struct input *input,
                        struct avrspi_error *error)
{
    const struct config *config = &target->cli->config;
    bool flash = memory == AVRSPI_MEMORY_FLASH;
    struct avrspi_request request = {
        .erase = flash && !config->no_erase && !config->update,
        .update = flash && config->update,
        .keep_eeprom = config->keep_eeprom,
        .keep_boot = config->keep_boot,
        .verify = !config->no_verify,
        .full = config->full,
    };
    const struct avrspi_image *image;
    struct avrspi_job_result job;
    int result = input_fit(input, target->cli, target_chip(target), &image, error);

    if (result < 0)
        return result;
    *(flash ? &request.flash : &request.eeprom) = image;
    result = target_job(target, &request, &job, error);
    if (result == 0)
        job_done(target, &job, (flash ? &job.flash : &job.eeprom)->bytes_written);
    return result;
}

static int run(struct cli *cli, enum avrspi_memory memory, struct avrspi_error *error)
{
    struct target target = {0};
    struct input input;
    int result = input_read(&input, cli, memory, INPUT_WRITE, error);

    if (result < 0)
        return result;
    if (!input_has_bytes(&input)) {
        ui_line(&cli->ui, avrspi_memory_name(memory), "nothing in the file, nothing written");
        input_free(&input);
        return 0;
    }
    result = target_identify(&target, cli, error);
    if (result == 0)
        result = write_memory(&target, memory, &input, error);
    input_free(&input);
    return target_close(&target, result, error);
}

static int run_flash(struct cli *cli, struct avrspi_error *error)
{
    return run(cli, AVRSPI_MEMORY_FLASH, error);
}

static int run_eeprom(struct cli *cli, struct avrspi_error *error)
{
    return run(cli, AVRSPI_MEMORY_EEPROM, error);
}

const struct command cmd_flash = {
    .name = "flash",
    .arguments = "FILE...",
    .summary = "erase, write a file to flash, and verify it",
    .help = "Pages that are blank in the file are not written; every page written is read back\n"
            "(--verify is the default), with --full blank ones too. --update writes only pages\n"
            "that differ, and erases only if a bit must become 1 again. FILE may be - for\n"
            "standard input; several files, of which none contradicts another, are written in\n"
            "one job. FILE@ADDRESS says where raw binary begins.",
    .least_arguments = 1,
    .most_arguments = MOST_FILES,
    .needs = NEED_TARGET | NEED_FILE,
    .options =
        {
            {.id = OPT_VERIFY, .help = "read back every page that was written (the default)"},
            {.id = OPT_NO_VERIFY},
            {.id = OPT_FULL, .help = "also read back the pages that must be blank"},
            {.id = OPT_NO_ERASE},
            {.id = OPT_UPDATE},
            {.id = OPT_KEEP_EEPROM},
            {.id = OPT_KEEP_BOOT},
            {.id = OPT_TURBO},
            {.id = OPT_FORMAT},
            {.id = OPT_AT},
            {.id = OPT_RANGE, .help = "only these bytes of the file; END is left out"},
            {.id = OPT_FIRST_IMAGE},
        },
    /* what --no-erase refuses leaves the target untouched: --turbo would write a fuse before */
    .conflicts =
        {
            {OPT_VERIFY, OPT_NO_VERIFY},
            {OPT_UPDATE, OPT_NO_ERASE},
            {OPT_FULL, OPT_NO_ERASE},
            {OPT_FULL, OPT_NO_VERIFY},
            {OPT_TURBO, OPT_NO_ERASE},
            {OPT_KEEP_EEPROM, OPT_NO_ERASE},
            {OPT_KEEP_BOOT, OPT_NO_ERASE},
            {OPT_KEEP_BOOT, OPT_NO_VERIFY},
            {OPT_KEEP_BOOT, OPT_FULL},
        },
    .examples =
        {
            {"avrspi flash program.hex", "erase, write, verify"},
            {"avrspi flash program.hex --update", "write only what differs"},
            {"avrspi flash program.hex --keep-eeprom", "bring the EEPROM back after the erase"},
            {"avrspi -n flash program.hex", "show what would be written"},
        },
    .run = run_flash,
};

const struct command cmd_eeprom = {
    .name = "eeprom",
    .arguments = "FILE",
    .summary = "write a file to EEPROM, and verify it",
    .help = "Bytes that are already right are not written. FILE may be - for standard input.",
    .least_arguments = 1,
    .most_arguments = 1,
    .needs = NEED_TARGET | NEED_FILE,
    .options =
        {
            {.id = OPT_VERIFY, .help = "read back every byte that was written (the default)"},
            {.id = OPT_NO_VERIFY},
            {.id = OPT_TURBO},
            {.id = OPT_FORMAT},
            {.id = OPT_AT},
            {.id = OPT_RANGE, .help = "only these bytes of the file; END is left out"},
            {.id = OPT_FIRST_IMAGE},
        },
    .conflicts = {{OPT_VERIFY, OPT_NO_VERIFY}},
    .examples =
        {
            {"avrspi eeprom settings.eep", "write what is not right already"},
            {"avrspi eeprom serial.bin --at 0x10", "raw bytes from address 0x10 on"},
        },
    .run = run_eeprom,
};
