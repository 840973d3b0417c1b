/* SPDX-License-Identifier: MIT */
#include "cli/done.h"
#include "cli/input.h"

static int compare(struct target *target, struct input *input, struct avrspi_error *error)
{
    struct cli *cli = target->cli;
    const enum avrspi_memory memory = cli->config.memory;
    struct avrspi_request request = {
        .compare = true,
        .full = cli->config.full,
        .read_twice = cli->config.twice,
    };
    const struct avrspi_image *image;
    struct avrspi_job_result job;
    int result = input_fit(input, cli, target_chip(target), &image, error);

    if (result < 0)
        return result;
    *(memory == AVRSPI_MEMORY_FLASH ? &request.flash : &request.eeprom) = image;
    result = target_read_job(target, &request, &job, error);
    ui_fact(&cli->ui, "bytes", json_integer((json_int_t)avrspi_image_size(image)));
    if (result == 0 || result == AVRSPI_ERR_VERIFY)
        ui_fact(&cli->ui, "differences", json_integer((json_int_t)job.differences));
    if (result == 0)
        job_done(target, &job, job.compared);
    return result;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct target target = {0};
    struct input input;
    int result = input_read(&input, cli, cli->config.memory, INPUT_COMPARE, error);

    if (result < 0)
        return result;
    result = target_identify(&target, cli, error);
    if (result == 0)
        result = compare(&target, &input, error);
    input_free(&input);
    return target_close(&target, result, error);
}

const struct command cmd_verify = {
    .name = "verify",
    .arguments = "FILE...",
    .summary = "compare flash or EEPROM with a file",
    .help = "Compares the bytes that the file names; with --full every other byte of the memory\n"
            "must be 0xFF too. Exit 5 when something differs.",
    .least_arguments = 1,
    .most_arguments = MOST_FILES,
    .needs = NEED_TARGET | NEED_FILE,
    .options =
        {
            {.id = OPT_MEMORY},
            {.id = OPT_FULL, .help = "every other byte of the memory must be 0xFF"},
            {.id = OPT_TWICE, .help = "compare once more what is found equal"},
            {.id = OPT_TURBO},
            {.id = OPT_FORMAT},
            {.id = OPT_AT},
            {.id = OPT_RANGE, .help = "only these bytes of the file; END is left out"},
            {.id = OPT_FIRST_IMAGE},
        },
    .examples =
        {
            {"avrspi verify program.hex", "the bytes that the file names"},
            {"avrspi verify --full program.hex", "every byte of the flash, gaps too"},
            {"avrspi verify -m eeprom settings.eep", "the EEPROM"},
        },
    .run = run,
};
