/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hex.h"
#include "cli/done.h"
#include "cli/read_all.h"
#include "cli/sck.h"
#include "cli/signals.h"
#include "cli/words.h"
#include "image/dump.h"
#include "image/format.h"
#include "image/split.h"
#include "image/used.h"

enum {
    READABLE = AVRSPI_MEMORY_USER_ROW, /* those before it; no chip shows that one over SPI */
};

/* What is read. */
struct bytes {
    enum avrspi_memory memory;
    uint32_t address;
    uint32_t size;
    uint8_t *data;
};

static int parse_memory(const char *name, enum avrspi_memory *memory, struct avrspi_error *error)
{
    const char *names[READABLE + 1];

    if (avrspi_memory_by_name(name, memory) && *memory != AVRSPI_MEMORY_USER_ROW)
        return 0;
    for (int n = 0; n < READABLE; n++)
        names[n] = avrspi_memory_name((enum avrspi_memory)n);
    names[READABLE] = "all";
    return words_fail_choice("MEMORY", name, names, READABLE + 1, error);
}

static bool is_large(const struct bytes *bytes)
{
    return bytes->memory == AVRSPI_MEMORY_FLASH || bytes->memory == AVRSPI_MEMORY_EEPROM;
}

/* Where the bytes are in a file: fuses, lock bits and what is like them have addresses that name
 * their memory. An EEPROM's file begins at 0, as others write it. */
static uint32_t file_address(const struct bytes *bytes)
{
    return bytes->address + (is_large(bytes) ? 0 : avrspi_split_base(bytes->memory));
}

/* An image of what was read; erased cells are left out by rows, unless asked for. */
static int make_image(const struct cli *cli, const struct bytes *bytes, struct avrspi_image **image,
                      struct avrspi_error *error)
{
    bool all = !is_large(bytes) || cli->config.full;
    int result = 0;

    *image = avrspi_image_new();
    if (!*image)
        return avrspi_fail_memory(error);
    if (all)
        return avrspi_image_put(*image, file_address(bytes), bytes->data, bytes->size, error);
    for (size_t n = 0; result == 0 && n < bytes->size; n += AVRSPI_USED_ROW) {
        size_t length = avrspi_used_length(bytes->data, bytes->size, n);

        if (length)
            result = avrspi_image_put(*image, file_address(bytes) + (uint32_t)n, bytes->data + n,
                                      length, error);
    }
    return result;
}

static int write_file(const struct cli *cli, const struct bytes *bytes, enum avrspi_format format,
                      struct avrspi_error *error)
{
    const char *path = cli->config.output;
    struct avrspi_image *image = NULL;
    char *text = NULL;
    size_t size = 0;
    int result;

    if (format == AVRSPI_FORMAT_RAW) /* no addresses: exactly the bytes that were read */
        return avrspi_file_write(path, bytes->data, bytes->size, error);
    result = make_image(cli, bytes, &image, error);
    if (result == 0)
        result = avrspi_image_format(image, format, &text, &size, error);
    if (result == 0)
        result = avrspi_file_write(path, text, size, error);
    free(text);
    avrspi_image_free(image);
    return result;
}

static void show_json(struct cli *cli, const struct bytes *bytes)
{
    char *hex = malloc((size_t)bytes->size * 2 + 1), *at = hex;

    if (!hex)
        return;
    for (size_t n = 0; n < bytes->size; n++)
        at = avrspi_hex_encode(at, bytes->data[n]);
    *at = '\0';
    ui_fact(&cli->ui, "data", ui_string(hex));
    free(hex);
}

static enum avrspi_format format_of(const struct cli *cli)
{
    return config_given(&cli->config, OPT_FORMAT) || !cli->config.output
               ? cli->config.format
               : avrspi_format_by_path(cli->config.output);
}

static int deliver(struct cli *cli, const struct bytes *bytes, const struct job_end *end,
                   struct avrspi_error *error)
{
    const char *path = cli->config.output;
    int result;

    ui_fact(&cli->ui, "memory", ui_string(avrspi_memory_name(bytes->memory)));
    ui_fact(&cli->ui, "address", json_integer(bytes->address));
    ui_fact(&cli->ui, "bytes", json_integer((json_int_t)bytes->size));
    if (!path) {
        if (ui_is_json(&cli->ui))
            show_json(cli, bytes);
        else
            avrspi_dump_print(stdout, bytes->address, bytes->data, bytes->size);
        return 0;
    }
    result = write_file(cli, bytes, format_of(cli), error);
    if (result == 0 && strcmp(path, "-") != 0) {
        ui_line(&cli->ui, "read", "%u B of %s, written to %s", bytes->size,
                avrspi_memory_name(bytes->memory), path);
        ui_fact(&cli->ui, "file", ui_string(path));
        job_show(cli, end, bytes->size);
    }
    return result;
}

/* All of the memory, unless a range was asked for. */
static int read_bytes(struct target *target, struct bytes *bytes, struct job_end *end,
                      struct avrspi_error *error)
{
    const struct avrspi_chip *chip = target_chip(target);
    uint32_t size = avrspi_memory_size(chip, bytes->memory);
    struct avrspi_request request = {
        .read_memory = bytes->memory,
        .read_twice = target->cli->config.twice,
    };
    struct avrspi_job_result job;
    int result;

    if (bytes->size == 0) {
        bytes->address = avrspi_memory_start(chip, bytes->memory);
        bytes->size = size;
    }
    bytes->data = malloc((size_t)size + 1); /* enough: a range that is larger is refused */
    if (!bytes->data)
        return avrspi_fail_memory(error);
    request.read_data = bytes->data;
    request.read_address = bytes->address;
    request.read_size = bytes->size;
    result = target_read_job(target, &request, &job, error);
    *end = job_end(target, &job);
    if (result == 0)
        sck_warn_slow(target, end->timing.total_ns, end->limit_ns);
    return result;
}

/* Where the bytes go: to a pipe when a format is given and no file. */
static int choose_output(struct cli *cli, struct avrspi_error *error)
{
    struct config *config = &cli->config;
    bool given = config_given(config, OPT_FORMAT) && config->format != AVRSPI_FORMAT_AUTO;

    if (given && !avrspi_format_can(config->format, true))
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "%s can't be written, only read",
                           avrspi_format_title(config->format));
    if (config->output)
        return given ? 0 : avrspi_format_check_path(config->output, error);
    if (!given)
        return 0;
    if (ui_is_json(&cli->ui))
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "--json and --format without -o both write to standard output");
    if (config->format == AVRSPI_FORMAT_RAW && isatty(STDOUT_FILENO) == 1) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "raw bytes are not for a terminal");
        avrspi_hint(error, "-o FILE writes them to a file; without --format they are shown as a "
                           "hex dump");
        return AVRSPI_ERR_USAGE;
    }
    config->output = "-";
    return 0;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct bytes bytes = {
        .address = cli->config.range.start,
        .size = cli->config.range.end - cli->config.range.start,
    };
    const char *path;
    struct target target = {0};
    struct job_end end;
    int result;

    if (strcmp(cli->arguments[0], "all") == 0)
        return read_all(cli, error);
    result = parse_memory(cli->arguments[0], &bytes.memory, error);
    if (result == 0)
        result = choose_output(cli, error);
    path = cli->config.output;

    if (result == 0 && bytes.size &&
        (bytes.memory == AVRSPI_MEMORY_FUSES || bytes.memory == AVRSPI_MEMORY_LOCK))
        result = avrspi_fail(error, AVRSPI_ERR_USAGE, "--range is not for fuses and lock bits");
    if (result == 0 && path) /* not after seconds of reading */
        result = avrspi_file_check_writable(path, error);
    if (result < 0)
        return result;
    if (!path || strcmp(path, "-") == 0)
        cli->ui.quiet = true; /* standard output is for the bytes */
    result = target_identify(&target, cli, error);
    if (result == 0)
        result = read_bytes(&target, &bytes, &end, error);
    /* whoever takes the bytes may be slow: the target is released first */
    result = target_close(&target, result, error);
    result = signals_check(result, error); /* too late for the session to heed it */
    if (result == 0)
        result = deliver(cli, &bytes, &end, error);
    free(bytes.data);
    return result;
}

const struct command cmd_read = {
    .name = "read",
    .arguments = "MEMORY",
    .summary = "read flash, eeprom, fuses, lock, signature, calibration or all",
    .help = "Prints a hex dump, or writes a file with -o; its name or --format selects the kind.\n"
            "With --format alone the file goes to standard output.\n"
            "Intel HEX leaves out rows of 0xFF, which is what erased cells read as, unless\n"
            "--full is given; raw binary is exactly the bytes of the range.\n"
            "'all' with -o saves the whole chip in one file, or in a folder (-o NAME/), each\n"
            "memory read until two readings agree; 'avrspi burn' brings it back.",
    .least_arguments = 1,
    .most_arguments = 1,
    .needs = NEED_TARGET,
    .options =
        {
            {.id = OPT_OUTPUT},
            {.id = OPT_FORMAT},
            {.id = OPT_RANGE},
            {.id = OPT_TWICE},
            {.id = OPT_FULL, .help = "erased cells too, in Intel HEX"},
            {.id = OPT_TURBO},
        },
    /* a hex dump is always of every byte */
    .option_needs =
        {
            {.option = OPT_FULL, .one_of = {OPT_OUTPUT, OPT_FORMAT}},
        },
    .examples =
        {
            {"avrspi read flash -o back.hex", "to a file, of a kind by its name"},
            {"avrspi read eeprom --range 0:0x20", "a hex dump of 32 bytes"},
            {"avrspi read all -o backup/", "the whole chip, as a folder"},
            {"avrspi read eeprom --twice -o data.bin", "until two readings agree"},
        },
    .run = run,
};
