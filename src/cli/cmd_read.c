/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/hexdump.h"
#include "cli/words.h"
#include "base/error.h"
#include "base/file.h"
#include "base/hex.h"

enum {
    ROW = 16, /* blank rows are left out of a file with addresses */
};

/* What was read. */
struct bytes {
    uint32_t address;
    size_t size;
    uint8_t *data;
};

static bool is_fuses(enum avrspi_memory memory)
{
    return memory == AVRSPI_MEMORY_FUSES || memory == AVRSPI_MEMORY_LOCK;
}

static bool is_large(enum avrspi_memory memory)
{
    return memory == AVRSPI_MEMORY_FLASH || memory == AVRSPI_MEMORY_EEPROM;
}

static int parse_memory(const char *name, enum avrspi_memory *memory, struct avrspi_error *error)
{
    const char *names[AVRSPI_MEMORIES];

    if (avrspi_memory_by_name(name, memory))
        return 0;
    for (int n = 0; n < AVRSPI_MEMORIES; n++)
        names[n] = avrspi_memory_name((enum avrspi_memory)n);
    return words_fail_choice("MEMORY", name, names, AVRSPI_MEMORIES, error);
}

/* What --format says, else what the name of the file says. */
static enum avrspi_format format_of(const struct config *config)
{
    return config->output && !config_given(config, OPT_FORMAT)
               ? avrspi_format_by_path(config->output)
               : config->format;
}

/* 'bytes' has the range that is asked for; size 0: all. */
static int read_memory(struct cli *cli, enum avrspi_memory memory, struct bytes *bytes,
                       struct avrspi_error *error)
{
    const struct avrspi_chip *chip = avrspi_session_chip(cli->session);
    uint32_t size = avrspi_memory_size(chip, memory);

    if (size == 0)
        return avrspi_fail(error, AVRSPI_ERR_REFUSED, "the %s has no %s", avrspi_chip_name(chip),
                           avrspi_memory_name(memory));
    if (bytes->size == 0) {
        bytes->address = avrspi_memory_start(chip, memory);
        bytes->size = size;
    }
    bytes->data = malloc(size); /* enough: a range that is larger is refused */
    if (!bytes->data)
        return avrspi_fail_memory(error);
    return avrspi_session_read(cli->session, memory, bytes->address, bytes->data, bytes->size,
                               error);
}

/* How much of a row is worth a record: words of 0xFF at its end are erased cells. */
static size_t used_of(const uint8_t *row, size_t length)
{
    while (length >= 2 && row[length - 1] == 0xFF && row[length - 2] == 0xFF)
        length -= 2;
    return length == 1 && row[0] == 0xFF ? 0 : length;
}

/* An image of what was read; erased cells are left out by rows, unless asked for. */
static int make_image(const struct cli *cli, const struct bytes *bytes, bool sparse,
                      struct avrspi_image **image, struct avrspi_error *error)
{
    bool all = !sparse || cli->config.full;
    int result = 0;

    *image = avrspi_image_new();
    if (!*image)
        return avrspi_fail_memory(error);
    for (size_t n = 0; result == 0 && n < bytes->size; n += ROW) {
        size_t length = bytes->size - n < ROW ? bytes->size - n : ROW;
        size_t next = bytes->size - n - length;
        bool goes_on = next && used_of(bytes->data + n + length, next < ROW ? next : ROW);

        if (!all && (!goes_on || used_of(bytes->data + n, length) == 0))
            length = used_of(bytes->data + n, length);
        if (!all && length == 0 && !next && avrspi_image_size(*image) == 0)
            length = bytes->size - n; /* all is blank: a file without data is none */
        if (length)
            result = avrspi_image_put(*image, bytes->address + (uint32_t)n, bytes->data + n, length,
                                      error);
    }
    return result;
}

static int write_file(struct cli *cli, const struct bytes *bytes, enum avrspi_format format,
                      bool sparse, struct avrspi_error *error)
{
    const char *path = cli->config.output;
    struct avrspi_image *image = NULL;
    char *text = NULL;
    size_t size = 0;
    int result;

    if (format == AVRSPI_FORMAT_RAW) /* no addresses: exactly the bytes that were read */
        return avrspi_file_write(path, bytes->data, bytes->size, error);
    result = make_image(cli, bytes, sparse, &image, error);
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
    char *hex = malloc(bytes->size * 2 + 1), *end = hex;

    if (!hex)
        return;
    for (size_t n = 0; n < bytes->size; n++)
        end = avrspi_hex_encode(end, bytes->data[n]);
    *end = '\0';
    ui_fact(&cli->ui, "data", ui_string(hex));
    free(hex);
}

/* Whoever takes the bytes may be slow: the target is let go first. */
static int deliver(struct cli *cli, enum avrspi_memory memory, const struct bytes *bytes,
                   enum avrspi_format format, struct avrspi_error *error)
{
    const char *path = cli->config.output;
    const struct job_end end = job_end(cli);
    int result = target_close(cli, error);

    if (result < 0)
        return result;
    ui_fact(&cli->ui, "memory", ui_string(avrspi_memory_name(memory)));
    ui_fact(&cli->ui, "address", json_integer(bytes->address));
    ui_fact(&cli->ui, "bytes", json_integer((json_int_t)bytes->size));
    if (!path) {
        if (cli->ui.json_mode)
            show_json(cli, bytes);
        else
            hexdump(bytes->address, bytes->data, bytes->size);
        return 0;
    }
    result = write_file(cli, bytes, format, is_large(memory), error);
    if (result == 0 && strcmp(path, "-") != 0) {
        ui_line(&cli->ui, "read", "%zu B of %s, written to %s", bytes->size,
                avrspi_memory_name(memory), path);
        ui_fact(&cli->ui, "file", ui_string(path));
        job_show(cli, &end, bytes->size);
    }
    return result;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    const char *path = cli->config.output;
    const struct config_range *range = &cli->config.range;
    struct bytes bytes = {.address = range->start, .size = range->end - range->start};
    enum avrspi_memory memory = AVRSPI_MEMORY_FLASH;
    int result = parse_memory(cli->arguments[0], &memory, error);

    if (result < 0)
        return result;
    if (is_fuses(memory) && bytes.size)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "--range is not for fuses and lock bits");
    if (!path || strcmp(path, "-") == 0)
        cli->ui.quiet = true; /* standard output is for the bytes */
    result = target_identify(cli, error);
    if (result == 0 && is_large(memory))
        result = target_turbo(cli, error);
    if (result == 0)
        result = read_memory(cli, memory, &bytes, error);
    if (result == 0)
        result = deliver(cli, memory, &bytes, format_of(&cli->config), error);
    free(bytes.data);
    return result;
}

const struct command cmd_read = {
    .name = "read",
    .arguments = "MEMORY",
    .summary = "read flash, eeprom, fuses, lock, signature or calibration",
    .help = "Prints a hex dump, or writes a file with -o; its name or --format says of what kind.\n"
            "Intel HEX leaves out rows of 0xFF, which is what erased cells read as, unless\n"
            "--full is given; raw binary is exactly the bytes of the range.",
    .least_arguments = 1,
    .most_arguments = 1,
    .needs = NEED_TARGET,
    .options =
        {
            {.id = OPT_OUTPUT},
            {.id = OPT_FORMAT},
            {.id = OPT_RANGE},
            {.id = OPT_FULL, .help = "erased cells too, in Intel HEX"},
            {.id = OPT_TURBO},
        },
    .run = run,
};
