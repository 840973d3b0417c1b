/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "cli/info.h"
#include "cli/input.h"

static void set(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

/* --- reading */

/* The bytes of the file are kept: checksums are of them, and standard input is there once only. */
static int read_file(const struct cli *cli, const char *argument, struct info *info,
                     struct avrspi_error *error)
{
    struct avrspi_read_options options;
    char *path;
    int result = input_options(cli, argument, &options, &path, error);

    if (result < 0)
        return result;
    options.may_be_empty = true;
    result = avrspi_file_read(path, &info->data, &info->size, error);
    if (result == 0)
        result = avrspi_contents_parse(&info->contents, &options, avrspi_file_title(path),
                                       info->data, info->size, error);
    free(path);
    return result;
}

/* -c on the command line decides, then the file, by the name or the signature in it, then a
 * default. */
static void choose_chip(const struct cli *cli, struct info *info)
{
    const char *device = avrspi_contents_device(info->contents);
    uint8_t signature[3];

    info->chip = cli->chip;
    if (cli->chip && cli->config.source[OPT_CHIP] == FROM_COMMAND_LINE)
        return;
    if (device && avrspi_chips_find(cli->chips, device))
        info->chip = avrspi_chips_find(cli->chips, device);
    else if (avrspi_contents_signature(info->contents, signature) &&
             avrspi_chips_by_signature(cli->chips, signature, 0))
        info->chip = avrspi_chips_by_signature(cli->chips, signature, 0);
    info->by_file = info->chip != cli->chip;
}

/* --- showing */

/* "ATmega328P, -c: flash 924 of 32768 B (2 %), eeprom 4 of 1024 B (0 %)" */
static void show_fit(struct cli *cli, const struct info *info)
{
    static const enum avrspi_memory memories[] = {AVRSPI_MEMORY_FLASH, AVRSPI_MEMORY_EEPROM};
    char text[2 * UI_TEXT] = "";
    size_t used = 0;

    for (size_t n = 0; n < sizeof memories / sizeof *memories; n++) {
        const struct avrspi_image *image = avrspi_contents_image(info->contents, memories[n]);
        const uint32_t total = avrspi_memory_size(info->chip, memories[n]);

        if (image && total)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s %zu of %u B (%u %%)",
                                     used ? ", " : ": ", avrspi_memory_name(memories[n]),
                                     avrspi_image_size(image), (unsigned)total,
                                     (unsigned)((uint64_t)avrspi_image_size(image) * 100 / total));
    }
    ui_line(&cli->ui, "fits", "%s%s", avrspi_chip_name(info->chip), text);
}

/* AVRSPI_ERR_INPUT where it does not. */
static int check_fit(struct cli *cli, struct info *info, struct avrspi_error *error)
{
    int result;

    if (!info->chip) {
        ui_line(&cli->ui, "fits", "not known: -c CHIP tells, and draws the map");
        return 0;
    }
    result = avrspi_contents_check(info->contents, info->chip, error);
    set(info->json, "chip", ui_string(avrspi_chip_name(info->chip)));
    set(info->json, "fits", json_boolean(result == 0));
    if (result == 0)
        show_fit(cli, info);
    else
        ui_line(&cli->ui, "fits", "not %s", avrspi_chip_name(info->chip));
    return result;
}

static int draw(struct cli *cli, struct info *info, const struct ui_map *map,
                struct avrspi_error *error)
{
    char title[2 * UI_TEXT];

    ui_map_show(&cli->ui, map);
    if (!cli->config.svg)
        return 0;
    (void)snprintf(title, sizeof title, "%.80s, flash of %.30s", info->name,
                   avrspi_chip_name(info->chip));
    return ui_map_svg(map, title, cli->config.svg, error);
}

/* What is in flash, where the chip is known. */
static int show_flash(struct cli *cli, struct info *info, struct avrspi_error *error)
{
    const struct avrspi_image *image = avrspi_contents_image(info->contents, AVRSPI_MEMORY_FLASH);
    const uint32_t boot = info->chip && image ? info_boot_start(info) : 0;
    struct ui_map map;
    int result;

    if (!info->chip || !image) {
        if (!cli->config.svg)
            return 0;
        avrspi_fail(error, AVRSPI_ERR_USAGE, "a map needs %s",
                    image ? "to know the chip" : "bytes for flash, and the file has none");
        if (image)
            avrspi_hint(error, "name it with -c");
        return AVRSPI_ERR_USAGE;
    }
    if (!ui_map_begin(&map, info->chip, UI_PAGE_EMPTY))
        return avrspi_fail_memory(error);
    if (boot)
        ui_map_mark(&map, boot, UINT32_MAX, UI_PAGE_BOOT_EMPTY);
    ui_map_mark_image(&map, image, boot);
    info_show_program(cli, info, &map);
    result = draw(cli, info, &map, error);
    ui_map_free(&map);
    return result;
}

static int show(struct cli *cli, struct info *info, struct avrspi_error *error)
{
    struct avrspi_error misfit;
    char built_for[UI_TEXT] = "";
    int fits, result;

    choose_chip(cli, info);
    if (info->chip)
        avrspi_contents_place(info->contents, info->chip);
    info_show_file(cli, info);
    if (info->chip)
        input_foreign_chip(cli, info->contents, info->chip, built_for);
    if (*built_for)
        ui_note(&cli->ui, "%.100s is built for %s; -c names the %s", info->name, built_for,
                avrspi_chip_name(info->chip));
    info_show_memories(cli, info);
    fits = check_fit(cli, info, &misfit);
    result = show_flash(cli, info, error);
    if (result == 0 && fits < 0)
        *error = misfit;
    return result < 0 ? result : fits;
}

static int read_and_show(struct cli *cli, const char *name, json_t *files,
                         struct avrspi_error *error)
{
    struct info info = {.name = name, .json = json_pack("{s:o}", "file", ui_string(name))};
    int result = read_file(cli, name, &info, error);

    if (result == 0)
        result = show(cli, &info, error);
    (void)json_array_append_new(files, info.json);
    avrspi_contents_free(info.contents);
    free(info.data);
    return result;
}

/* What is wrong with a file is no reason to be silent about the next one. The first error is that
 * of the command. */
static int run(struct cli *cli, struct avrspi_error *error)
{
    json_t *files;
    int result = 0;

    if (cli->config.svg && cli->n_arguments > 1)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "--svg draws one file, found %d",
                           cli->n_arguments);
    files = json_array();
    for (int n = 0; n < cli->n_arguments; n++) {
        struct avrspi_error own;
        int done;

        if (n > 0)
            ui_line(&cli->ui, "", "%s", "");
        done = read_and_show(cli, cli->arguments[n], files, &own);
        if (done < 0 && result < 0)
            ui_warn(&cli->ui, "%s", own.message);
        if (done == 0 || result < 0)
            continue;
        *error = own;
        result = done;
    }
    ui_fact(&cli->ui, "files", files);
    return result;
}

const struct command cmd_info = {
    .name = "info",
    .arguments = "FILE...",
    .summary = "show what is in a file, and whether it fits a chip",
    .help =
        "Format, checksums, memories and sections; for a chip (that of -c, or the one that the\n"
        "file names) whether it fits, where its program begins, how it lies to the boot\n"
        "section, and a map of the flash. Needs no target. Exit 7 when it does not fit.",
    .least_arguments = 1,
    .most_arguments = 100,
    .needs = NEED_FILE,
    .options =
        {
            {.id = OPT_SVG},
            {.id = OPT_MEMORY, .help = "what a file without addresses is for"},
            {.id = OPT_FORMAT},
            {.id = OPT_AT},
            {.id = OPT_FIRST_IMAGE},
        },
    .examples =
        {
            {"avrspi info program.elf", "what is in it, by memory"},
            {"avrspi -c atmega328p info program.hex", "whether it fits that chip"},
            {"avrspi info program.hex --svg map.svg", "the map as a picture"},
        },
    .run = run,
};
