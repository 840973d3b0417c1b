/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "base/error.h"

static int compare(struct cli *cli, enum avrspi_memory memory, struct avrspi_contents *contents,
                   struct avrspi_error *error)
{
    const struct avrspi_image *image = avrspi_contents_image(contents, memory);
    bool full = cli->config.full;
    size_t differences = 0;
    int result = target_identify(cli, error);

    if (result == 0)
        result = target_place_contents(avrspi_session_chip(cli->session), contents, error);
    if (result < 0)
        return result;
    result = target_turbo(cli, error);
    if (result < 0)
        return result;
    result = avrspi_session_verify(cli->session, memory, image, full, &differences, error);
    ui_fact(&cli->ui, "bytes", json_integer((json_int_t)avrspi_image_size(image)));
    if (result == 0 || result == AVRSPI_ERR_VERIFY)
        ui_fact(&cli->ui, "differences", json_integer((json_int_t)differences));
    if (result == 0) {
        ui_line(&cli->ui, "verify", "%zu B equal%s", avrspi_image_size(image),
                full ? ", all else blank" : "");
        job_done(cli, full ? avrspi_memory_size(avrspi_session_chip(cli->session), memory)
                           : avrspi_image_size(image));
    }
    return result;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    enum avrspi_memory memory = cli->config.memory;
    struct avrspi_contents *contents = NULL;
    int result = target_read_contents(cli, cli->arguments[0], memory, &contents, error);

    if (result < 0)
        return result;
    result = compare(cli, memory, contents, error);
    avrspi_contents_free(contents);
    return result;
}

const struct command cmd_verify = {
    .name = "verify",
    .arguments = "FILE",
    .summary = "compare flash or EEPROM with a file",
    .help = "Compares the bytes that the file names; with --full every other byte of the memory\n"
            "has to be 0xFF too. Exit 5 when something differs.",
    .least_arguments = 1,
    .most_arguments = 1,
    .needs = NEED_TARGET | NEED_FILE,
    .options =
        {
            {.id = OPT_MEMORY},
            {.id = OPT_FULL, .help = "every other byte of the memory has to be 0xFF"},
            {.id = OPT_TURBO},
            {.id = OPT_FORMAT},
        },
    .run = run,
};
