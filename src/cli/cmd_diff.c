/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/diff.h"
#include "cli/input.h"

static int read_side(const struct cli *cli, struct diff *diff, int side, struct avrspi_error *error)
{
    struct avrspi_read_options options;
    char *path;
    int result = input_options(cli, diff->names[side], &options, &path, error);

    if (result < 0)
        return result;
    options.chip = cli->chip;
    options.may_be_empty = true;
    result = avrspi_contents_read(&diff->contents[side], &options, path, error);
    free(path);
    if (result == 0 && cli->chip)
        avrspi_contents_place(diff->contents[side], cli->chip);
    return result;
}

/* What was read where the file has a byte, or where there is more than an erased cell. */
static int take(struct avrspi_contents *contents, const struct avrspi_image *of_file,
                enum avrspi_memory memory, uint32_t address, const uint8_t *data, size_t size,
                struct avrspi_error *error)
{
    int result = 0;

    for (size_t n = 0, end; result == 0 && n < size; n = end) {
        const size_t from = n;

        while (n < size && data[n] == 0xFF &&
               avrspi_image_count(of_file, address + (uint32_t)n, 1) == 0)
            n++;
        for (end = n; end < size && (data[end] != 0xFF ||
                                     avrspi_image_count(of_file, address + (uint32_t)end, 1));)
            end++;
        if (end > n)
            result = avrspi_contents_put(contents, memory, address + (uint32_t)n, data + n, end - n,
                                         NULL, error);
        else if (n == from)
            end++;
    }
    return result;
}

/* Reads what the file spans of a memory. */
static int read_memory(struct target *target, const struct avrspi_image *of_file,
                       enum avrspi_memory memory, struct avrspi_contents *contents,
                       struct avrspi_error *error)
{
    struct avrspi_request request = {.read_memory = memory};
    struct avrspi_segment first;
    int result;

    if (!avrspi_image_next(of_file, 0, &first))
        return 0;
    request.read_address = first.address;
    request.read_size = (uint32_t)(avrspi_image_end(of_file) - first.address);
    request.read_data = malloc(request.read_size);
    if (!request.read_data)
        return avrspi_fail_memory(error);
    result = target_read_job(target, &request, NULL, error);
    if (result == 0)
        result = take(contents, of_file, memory, request.read_address, request.read_data,
                      request.read_size, error);
    free(request.read_data);
    return result;
}

static int read_target(struct cli *cli, struct diff *diff, struct avrspi_error *error)
{
    struct avrspi_contents *file = diff->contents[1 - diff->target];
    struct target target = {0};
    int result = target_identify(&target, cli, error);

    diff->contents[diff->target] = avrspi_contents_new("target");
    if (result == 0 && !diff->contents[diff->target])
        result = avrspi_fail_memory(error);
    if (result == 0) {
        avrspi_contents_place(file, target_chip(&target));
        result = avrspi_contents_check(file, target_chip(&target), error);
    }
    for (int n = 0; result == 0 && n < AVRSPI_MEMORIES; n++) {
        const enum avrspi_memory memory = (enum avrspi_memory)n;
        const struct avrspi_image *image = avrspi_contents_image(file, memory);

        if (image && diff_has(cli, diff, memory))
            result = read_memory(&target, image, memory, diff->contents[diff->target], error);
    }
    return target_close(&target, result, error);
}

static bool is_target(const char *argument)
{
    return strcmp(argument, "target") == 0;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct diff diff = {.target = DIFF_SIDES};
    int result = 0;

    for (int side = 0; side < DIFF_SIDES; side++) {
        diff.names[side] = cli->arguments[side];
        if (is_target(diff.names[side]))
            diff.target = side;
    }
    if (is_target(diff.names[0]) && is_target(diff.names[1]))
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected a file and 'target', found it twice");
    for (int side = 0; result == 0 && side < DIFF_SIDES; side++)
        if (side != diff.target)
            result = read_side(cli, &diff, side, error);
    if (result == 0 && diff.target < DIFF_SIDES)
        result = read_target(cli, &diff, error);
    if (result == 0)
        result = diff_show(cli, &diff, error);
    for (int side = 0; side < DIFF_SIDES; side++)
        avrspi_contents_free(diff.contents[side]);
    return result;
}

const struct command cmd_diff = {
    .name = "diff",
    .arguments = "A B",
    .summary = "show what differs between two files, or a file and the target",
    .help = "A and B are files, or one of them is 'target': then the flash and EEPROM that the\n"
            "file spans are read. Shows changed ranges with old and new bytes, and the bytes that\n"
            "only one has; 0xFF counts as an erased cell. Exit 0 when equal, 5 when not.",
    .least_arguments = 2,
    .most_arguments = 2,
    .needs = NEED_TARGET | NEED_FILE,
    .options =
        {
            {.id = OPT_MEMORY, .help = "only flash, or only eeprom"},
            {.id = OPT_FORMAT},
            {.id = OPT_AT},
            {.id = OPT_FIRST_IMAGE},
            {.id = OPT_TURBO},
        },
    .examples =
        {
            {"avrspi -c atmega328p diff old.hex new.hex", "two files"},
            {"avrspi diff program.hex target", "a file and the chip"},
        },
    .run = run,
};
