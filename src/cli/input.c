/* SPDX-License-Identifier: MIT */
#include "cli/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/folder.h"
#include "image/place.h"

/* --- reading */

/* By --memory, or by the name's ending. */
static enum avrspi_memory memory_of(const struct cli *cli, const char *path)
{
    const char *dot = strrchr(path, '.');

    if (config_given(&cli->config, OPT_MEMORY) || !dot)
        return cli->config.memory;
    return avrspi_text_equal(dot, ".eep") ? AVRSPI_MEMORY_EEPROM : AVRSPI_MEMORY_FLASH;
}

int input_options(const struct cli *cli, const char *argument, struct avrspi_read_options *options,
                  char **path, struct avrspi_error *error)
{
    int result;

    *options = (struct avrspi_read_options){
        .format = cli->config.format,
        .first_image = cli->config.first_image,
        .has_at = config_given(&cli->config, OPT_AT),
        .at = cli->config.at,
    };
    result = avrspi_place_parse("", argument, options, path, error);
    if (result == 0)
        options->memory = memory_of(cli, *path);
    return result;
}

size_t input_range_text(char *text, size_t size, uint32_t begin, uint64_t end)
{
    int used = end - begin > 1 ? snprintf(text, size, " 0x%04X-0x%04llX", (unsigned)begin,
                                          (unsigned long long)(end - 1))
                               : snprintf(text, size, " 0x%04X", (unsigned)begin);

    return (size_t)used < size ? (size_t)used : size - 1;
}

static int read_file(struct input *input, const struct cli *cli, const char *argument,
                     struct avrspi_error *error)
{
    struct avrspi_read_options options;
    char *path = NULL;
    int result;

    if (input->use == INPUT_BURN && folder_is(argument))
        return folder_read(argument, cli->chip, input->files, &input->n_files, error);
    result = input_options(cli, argument, &options, &path, error);
    if (result < 0)
        return result;
    if (input->use != INPUT_BURN) /* an .eep has the EEPROM from 0 on */
        options.memory = input->memory;
    options.chip = cli->chip;
    options.may_be_empty = input->memory == AVRSPI_MEMORY_EEPROM || input->use == INPUT_BURN;
    result = avrspi_contents_read(&input->files[input->n_files], &options, path, error);
    free(path);
    if (result == 0)
        input->n_files++;
    return result;
}

static bool is_empty(const struct avrspi_contents *file)
{
    for (int n = 0; n < AVRSPI_MEMORIES; n++)
        if (avrspi_contents_image(file, (enum avrspi_memory)n))
            return false;
    return true;
}

/* An empty file for EEPROM is no error: the Arduino IDE writes one for each program. */
static int require(const struct input *input, const struct avrspi_contents *file,
                   struct avrspi_error *error)
{
    const struct avrspi_image *image;

    if (input->use == INPUT_BURN || (input->memory == AVRSPI_MEMORY_EEPROM && is_empty(file)))
        return 0;
    return avrspi_contents_require(file, input->memory, &image, error);
}

static int check_agreement(const struct input *input, struct avrspi_error *error)
{
    int result = 0;

    for (size_t a = 0; a < input->n_files; a++)
        for (size_t b = a + 1; result == 0 && b < input->n_files; b++)
            result = avrspi_contents_agree(input->files[a], input->files[b], error);
    return result;
}

/* --- what is said of the files */

/* Whether bytes for a memory are programmed, or compared with the chip. */
static bool is_taken(const struct input *input, enum avrspi_memory memory)
{
    return input->use == INPUT_BURN ? memory != AVRSPI_MEMORY_USER_ROW : memory == input->memory;
}

/* What a file has beside the memory that is asked for is named, not dropped in silence. */
static void tell_left_out(struct cli *cli, const struct input *input)
{
    char text[UI_TEXT * 2] = "";
    json_t *sizes = json_object();
    size_t used = 0;

    for (int n = 0; n < AVRSPI_MEMORIES && used < sizeof text; n++) {
        enum avrspi_memory memory = (enum avrspi_memory)n;
        size_t size = 0;

        for (size_t i = 0; i < input->n_files && !is_taken(input, memory); i++) {
            const struct avrspi_image *image = avrspi_contents_image(input->files[i], memory);

            size += image ? avrspi_image_size(image) : 0;
        }
        if (size == 0)
            continue;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %zu B", used ? ", " : "",
                                 avrspi_memory_name(memory), size);
        (void)json_object_set_new(sizes, avrspi_memory_name(memory),
                                  json_integer((json_int_t)size));
    }
    if (used) {
        ui_line(&cli->ui, "file", "%s left out%s", text,
                input->use == INPUT_BURN ? ": SPI does not reach it" : "");
        ui_fact(&cli->ui, "left_out", json_incref(sizes));
    }
    json_decref(sizes);
}

static void tell_remark(struct cli *cli, const struct avrspi_contents *file, const char *text,
                        bool warning)
{
    (warning ? ui_warn : ui_note)(&cli->ui, "%.100s: %s", avrspi_contents_name(file), text);
}

void input_tell_remarks(struct cli *cli, const struct avrspi_contents *file)
{
    const char *text;
    bool warning;

    for (size_t n = 0; (text = avrspi_contents_remark(file, n, &warning)) != NULL; n++)
        tell_remark(cli, file, text, warning);
}

/* Whether one of the inputs before has the same remark. */
static bool was_told(const struct input *inputs, size_t count, const char *text)
{
    const char *other;
    bool warning;

    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; (other = avrspi_contents_remark(inputs[i].files[0], n, &warning)); n++)
            if (strcmp(other, text) == 0)
                return true;
    return false;
}

void input_tell_new_remarks(struct cli *cli, const struct input *inputs, size_t last)
{
    const char *text;
    bool warning;

    for (size_t n = 0; (text = avrspi_contents_remark(inputs[last].files[0], n, &warning)); n++)
        if (!was_told(inputs, last, text))
            tell_remark(cli, inputs[last].files[0], text, warning);
}

static void tell_files(struct cli *cli, const struct input *input)
{
    json_t *names = json_array();

    for (size_t n = 0; n < input->n_files; n++)
        input_tell_remarks(cli, input->files[n]);
    for (int n = 0; n < cli->n_arguments; n++)
        (void)json_array_append_new(names, ui_string(cli->arguments[n]));
    ui_fact(&cli->ui, "file", ui_string(cli->arguments[0]));
    if (cli->n_arguments > 1)
        ui_fact(&cli->ui, "files", json_incref(names));
    json_decref(names);
    tell_left_out(cli, input);
}

/* --- whether a file is for the chip */

static bool is_signature_of(const uint8_t signature[3], const struct avrspi_chip *chip)
{
    return memcmp(signature, avrspi_chip_signature(chip), 3) == 0;
}

void input_foreign_chip(const struct cli *cli, const struct avrspi_contents *file,
                        const struct avrspi_chip *chip, char text[UI_TEXT])
{
    const char *device = avrspi_contents_device(file);
    const struct avrspi_chip *named = device ? avrspi_chips_find(cli->chips, device) : NULL;
    uint8_t signature[3];
    char bytes[UI_TEXT];

    text[0] = '\0';
    if (named && !is_signature_of(avrspi_chip_signature(named), chip))
        (void)snprintf(text, UI_TEXT, "%.40s (%s)", avrspi_chip_name(named),
                       ui_signature(avrspi_chip_signature(named), bytes));
    else if (avrspi_contents_signature(file, signature) && !is_signature_of(signature, chip))
        (void)snprintf(text, UI_TEXT, "a chip with the signature %s",
                       ui_signature(signature, bytes));
}

/* Who names the connected chip on the command line insists: programs for an ATmega328P run on an
 * ATmega328PB. */
static int check_chip(struct input *input, struct cli *cli, const struct avrspi_contents *file,
                      const struct avrspi_chip *chip, struct avrspi_error *error)
{
    char built_for[UI_TEXT];

    input_foreign_chip(cli, file, chip, built_for);
    if (!*built_for)
        return 0;
    if (cli->chip && cli->config.source[OPT_CHIP] == FROM_COMMAND_LINE) {
        if (!input->told)
            ui_note(&cli->ui, "%.100s is built for %s; -c names the %s", avrspi_contents_name(file),
                    built_for, avrspi_chip_name(chip));
        return 0;
    }
    avrspi_fail_named(error, AVRSPI_ERR_SIGNATURE, avrspi_contents_name(file),
                      " is built for %s, the target is %s", built_for, avrspi_chip_name(chip));
    avrspi_hint(error, "nothing was changed");
    avrspi_advise(error, AVRSPI_ADVICE_INSIST_ON_CHIP, avrspi_chip_name(chip));
    return AVRSPI_ERR_SIGNATURE;
}

/* --- whether the bytes are a program */

static int check_program(struct input *input, struct cli *cli, const struct avrspi_image *image,
                         const struct avrspi_chip *chip, struct avrspi_error *error)
{
    const char *name = avrspi_contents_name(input->files[0]);

    switch (avrspi_program_doubt(image, chip)) {
    case AVRSPI_DOUBT_NONE:
        return 0;
    case AVRSPI_DOUBT_NO_VECTOR:
        if (!input->told)
            ui_warn(&cli->ui,
                    "%.100s has no jump at the reset vector, as programs for AVR do: is it one?",
                    name);
        return 0;
    case AVRSPI_DOUBT_ONE_BYTE:
        avrspi_fail_named(error, AVRSPI_ERR_INPUT, name,
                          " holds one byte for flash: it looks like a fuse byte");
        avrspi_advise(error, AVRSPI_ADVICE_FUSE_FILE, NULL);
        return AVRSPI_ERR_INPUT;
    case AVRSPI_DOUBT_LOCKED_READ_OUT:
        break;
    }
    avrspi_fail_named(error, AVRSPI_ERR_INPUT, name,
                      " is what a locked chip shows as its flash: it holds no program");
    avrspi_hint(error, "lock bits forbade the reading: the program can't be had from that chip");
    return AVRSPI_ERR_INPUT;
}

/* --- all together */

/* Adds what a file has for the command. */
static int add_file(struct input *input, const struct avrspi_contents *file, uint64_t start,
                    uint64_t end, struct avrspi_error *error)
{
    int result = 0;

    for (int n = 0; result == 0 && n < AVRSPI_MEMORIES; n++)
        if (is_taken(input, (enum avrspi_memory)n))
            result = avrspi_contents_add(input->together, file, (enum avrspi_memory)n, start, end,
                                         error);
    return result;
}

/* Files that agree become one; --range takes a part. */
static int join(struct input *input, const struct cli *cli, struct avrspi_error *error)
{
    const struct config_range *range = &cli->config.range;
    uint64_t end = range->end ? range->end : UINT64_C(1) << 32;
    int result = 0;

    avrspi_contents_free(input->together);
    input->together = NULL;
    if (input->n_files == 1 && !range->end)
        return 0;
    input->together = avrspi_contents_new(avrspi_contents_name(input->files[0]));
    if (!input->together)
        return avrspi_fail_memory(error);
    for (size_t n = 0; result == 0 && n < input->n_files; n++)
        result = add_file(input, input->files[n], range->start, end, error);
    if (result == 0 && range->end && !avrspi_contents_image(input->together, input->memory))
        return avrspi_fail(error, AVRSPI_ERR_INPUT,
                           "expected bytes from 0x%X to 0x%X (--range), the file has none there",
                           (unsigned)range->start, (unsigned)range->end - 1);
    return result;
}

static const struct avrspi_contents *whole(const struct input *input)
{
    return input->together ? input->together : input->files[0];
}

static int fit(struct input *input, struct cli *cli, const struct avrspi_chip *chip,
               struct avrspi_error *error)
{
    int result = 0;

    for (size_t n = 0; result == 0 && n < input->n_files; n++) {
        avrspi_contents_place(input->files[n], chip);
        result = check_chip(input, cli, input->files[n], chip, error);
        if (result == 0)
            result = avrspi_contents_check(input->files[n], chip, error);
    }
    return result < 0 ? result : join(input, cli, error);
}

int input_fit(struct input *input, struct cli *cli, const struct avrspi_chip *chip,
              const struct avrspi_image **image, struct avrspi_error *error)
{
    int result = fit(input, cli, chip, error);

    if (result == 0)
        result = avrspi_contents_require(whole(input), input->memory, image, error);
    if (result == 0 && input->memory == AVRSPI_MEMORY_FLASH && input->use == INPUT_WRITE)
        result = check_program(input, cli, *image, chip, error);
    input->told = true;
    return result;
}

int input_fit_whole(struct input *input, struct cli *cli, const struct avrspi_chip *chip,
                    const struct avrspi_contents **contents, struct avrspi_error *error)
{
    int result = fit(input, cli, chip, error);
    const struct avrspi_image *flash = NULL;

    if (result == 0) {
        *contents = whole(input);
        flash = avrspi_contents_image(*contents, AVRSPI_MEMORY_FLASH);
    }
    if (flash)
        result = check_program(input, cli, flash, chip, error);
    input->told = true;
    return result;
}

bool input_has_bytes(const struct input *input)
{
    for (size_t n = 0; n < input->n_files; n++)
        for (int memory = 0; memory < AVRSPI_MEMORIES; memory++)
            if (is_taken(input, (enum avrspi_memory)memory) &&
                avrspi_contents_image(input->files[n], (enum avrspi_memory)memory))
                return true;
    return false;
}

/* Against the chip of -c, before there is a target. */
static int fit_named(struct input *input, struct cli *cli, struct avrspi_error *error)
{
    const struct avrspi_contents *contents;
    const struct avrspi_image *image;

    return input->use == INPUT_BURN ? input_fit_whole(input, cli, cli->chip, &contents, error)
                                    : input_fit(input, cli, cli->chip, &image, error);
}

int input_read(struct input *input, struct cli *cli, enum avrspi_memory memory, enum input_use use,
               struct avrspi_error *error)
{
    int result = 0;

    *input = (struct input){.memory = memory, .use = use};
    for (int n = 0; result == 0 && n < cli->n_arguments; n++)
        result = read_file(input, cli, cli->arguments[n], error);
    for (size_t n = 0; result == 0 && n < input->n_files; n++)
        result = require(input, input->files[n], error);
    if (result == 0)
        result = check_agreement(input, error);
    if (result == 0)
        tell_files(cli, input);
    if (result == 0 && cli->chip && input_has_bytes(input))
        result = fit_named(input, cli, error);
    if (result < 0)
        input_free(input);
    return result;
}

struct input input_of(struct avrspi_contents *contents, enum avrspi_memory memory,
                      enum input_use use)
{
    return (struct input){.memory = memory, .use = use, .files = {contents}, .n_files = 1};
}

void input_free(struct input *input)
{
    for (size_t n = 0; n < input->n_files; n++)
        avrspi_contents_free(input->files[n]);
    avrspi_contents_free(input->together);
    *input = (struct input){0};
}
