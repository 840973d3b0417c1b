/* SPDX-License-Identifier: MIT */
#include "cli/boards.h"

#include <stdio.h>
#include <string.h>

#include "arduino/core.h"
#include "base/error.h"
#include "chips/unknown.h"
#include "cli/input.h"
#include "recipe/write.h"

/* --- the list */

static json_t *entry_json(const struct avrspi_menu_entry *entry)
{
    return json_pack("{s:o, s:o, s:o}", "menu", ui_string(entry->menu), "entry",
                     ui_string(entry->entry), "label", ui_string(entry->label));
}

static void list_board(struct cli *cli, const struct avrspi_core *core, const char *id,
                       const char *name, json_t *boards)
{
    struct avrspi_menu_entry entry;
    json_t *menus = json_array();

    if (!ui_is_json(&cli->ui))
        (void)printf("%-20s %s\n", id, name);
    for (size_t n = 0; avrspi_core_menu_entry(core, id, n, &entry); n++) {
        (void)json_array_append_new(menus, entry_json(&entry));
        if (!ui_is_json(&cli->ui))
            (void)printf("  %s=%-*s %s\n", entry.menu, 17 - (int)strlen(entry.menu), entry.entry,
                         entry.label);
    }
    (void)json_array_append_new(boards, json_pack("{s:o, s:o, s:o}", "board", ui_string(id), "name",
                                                  ui_string(name), "menus", menus));
}

int boards_list(struct cli *cli, struct avrspi_error *error)
{
    const struct avrspi_property *name;
    struct avrspi_core core = {0};
    json_t *boards = json_array();
    char id[64];
    int result = avrspi_core_open(&core, cli->config.boards, error);

    for (size_t n = 0; result == 0 && (name = avrspi_core_board(&core, n, id)) != NULL; n++)
        list_board(cli, &core, id, name->value, boards);
    if (result == 0)
        ui_fact(&cli->ui, "boards", json_incref(boards));
    json_decref(boards);
    avrspi_core_close(&core);
    return result;
}

/* --- one board */

static int work_out(struct cli *cli, struct avrspi_bootloader *bootloader,
                    struct avrspi_error *error)
{
    const struct config *config = &cli->config;
    struct avrspi_core core = {0};
    struct avrspi_properties merged = {0};
    char conflict[128] = "";
    int result = avrspi_core_open(&core, config->boards, error);

    if (result == 0)
        result = avrspi_core_select(&core, cli->arguments[0], config->menus.at, config->menus.count,
                                    &merged, conflict, error);
    if (result == 0 && *conflict)
        ui_warn(&cli->ui, "two menus of '%.60s' set '%s': the later one in the file counts",
                cli->arguments[0], conflict);
    if (result == 0)
        result = avrspi_core_bootloader(&core, &merged, config->boot_file, bootloader, error);
    avrspi_properties_free(&merged);
    avrspi_core_close(&core);
    return result;
}

/* Leaves out fuse bytes that the chip does not have, as avrdude does. */
static void drop_bytes(struct cli *cli, struct avrspi_fuses *fuses)
{
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        const enum avrspi_fuse fuse = (enum avrspi_fuse)n;

        if (!fuses->given[n] || avrspi_chip_fuse_mask(cli->chip, fuse) != 0)
            continue;
        fuses->given[n] = false;
        ui_note(&cli->ui, "the %s has no %s byte: 0x%02X is left out", avrspi_chip_name(cli->chip),
                avrspi_fuse_name(fuse), fuses->value[n]);
    }
}

static int find_chip(struct cli *cli, const char *name, struct avrspi_error *error)
{
    const struct avrspi_chip *chip = avrspi_chips_find(cli->chips, name);

    if (!chip)
        return avrspi_chips_fail_unknown(cli->chips, name, " (build.mcu)", error);
    if (cli->chip && cli->chip != chip)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "the board has an %s, -c names the %s",
                           avrspi_chip_name(chip), avrspi_chip_name(cli->chip));
    cli->chip = chip;
    return 0;
}

static void tell_bootloader(struct cli *cli, const struct avrspi_bootloader *bootloader)
{
    ui_fact(&cli->ui, "chip", ui_string(bootloader->chip));
    ui_fact(&cli->ui, "erase", json_boolean(bootloader->erase));
    for (int n = 0; n < AVRSPI_FUSES; n++)
        if (bootloader->fuses.given[n])
            ui_fact(&cli->ui, avrspi_fuse_name((enum avrspi_fuse)n),
                    json_integer(bootloader->fuses.value[n]));
    if (bootloader->flash)
        ui_fact(&cli->ui, "flash", ui_string(bootloader->flash));
    if (bootloader->eeprom)
        ui_fact(&cli->ui, "eeprom", ui_string(bootloader->eeprom));
}

/* A file without data, as cores have it for "no bootloader". */
static bool is_empty_file(const char *path)
{
    const struct avrspi_read_options options = {
        .memory = AVRSPI_MEMORY_FLASH,
        .may_be_empty = true,
    };
    struct avrspi_contents *file = NULL;
    bool empty = avrspi_contents_read(&file, &options, path, NULL) == 0 &&
                 !avrspi_contents_image(file, AVRSPI_MEMORY_FLASH);

    avrspi_contents_free(file);
    return empty;
}

/* A recipe takes no file without data: it could be one that went wrong. */
static void print_recipe(const struct avrspi_bootloader *bootloader, const char *title)
{
    const bool empty = bootloader->flash && is_empty_file(bootloader->flash);
    const char *slash = empty ? strrchr(bootloader->flash, '/') : NULL;
    char remark[160];

    (void)snprintf(remark, sizeof remark, "nothing for flash: '%.80s' has no data",
                   slash ? slash + 1 : "");
    avrspi_recipe_print(stdout, &(struct avrspi_recipe_text){
                                    .title = title,
                                    .remark = empty ? remark : NULL,
                                    .chip = bootloader->chip,
                                    .erase = bootloader->erase,
                                    .flash = empty ? NULL : bootloader->flash,
                                    .eeprom = bootloader->eeprom,
                                    .fuses = bootloader->fuses,
                                });
}

int boards_show(struct cli *cli, struct avrspi_error *error)
{
    struct avrspi_bootloader bootloader = {0};
    int result = work_out(cli, &bootloader, error);

    if (result < 0)
        return result;
    result = find_chip(cli, bootloader.chip, error);
    if (result == 0) {
        drop_bytes(cli, &bootloader.fuses);
        tell_bootloader(cli, &bootloader);
    }
    if (result == 0 && !ui_is_json(&cli->ui))
        print_recipe(&bootloader, cli->arguments[0]);
    avrspi_bootloader_free(&bootloader);
    return result;
}

/* --- as contents */

/* Adds a file to the contents; one without data is none, as cores write it for "no bootloader". */
static int add_file(struct cli *cli, struct avrspi_contents *contents, const char *path,
                    enum avrspi_memory memory, struct avrspi_error *error)
{
    const struct avrspi_read_options options = {
        .memory = memory,
        .chip = cli->chip,
        .may_be_empty = true,
    };
    struct avrspi_contents *file = NULL;
    int result = avrspi_contents_read(&file, &options, path, error);

    if (result == 0) {
        avrspi_contents_place(file, cli->chip);
        input_tell_remarks(cli, file);
        result = avrspi_contents_check(file, cli->chip, error);
    }
    if (result < 0)
        avrspi_advise(error, AVRSPI_ADVICE_OTHER_FILE, NULL);
    else
        result = avrspi_contents_add(contents, file, memory, 0, UINT64_C(1) << 32, error);
    avrspi_contents_free(file);
    return result;
}

static int add_fuses(struct avrspi_contents *contents, const struct avrspi_fuses *fuses,
                     struct avrspi_error *error)
{
    int result = 0;

    for (int n = 0; result == 0 && n < AVRSPI_FUSES; n++) {
        bool lock = n == AVRSPI_FUSE_LOCK;

        if (fuses->given[n])
            result = avrspi_contents_put(contents, lock ? AVRSPI_MEMORY_LOCK : AVRSPI_MEMORY_FUSES,
                                         lock ? 0 : (uint32_t)n, &fuses->value[n], 1, NULL, error);
    }
    return result;
}

static int fill(struct cli *cli, const struct avrspi_bootloader *bootloader,
                struct avrspi_contents *contents, struct avrspi_error *error)
{
    int result = add_fuses(contents, &bootloader->fuses, error);

    if (result == 0 && bootloader->flash)
        result = add_file(cli, contents, bootloader->flash, AVRSPI_MEMORY_FLASH, error);
    if (result == 0 && bootloader->eeprom)
        result = add_file(cli, contents, bootloader->eeprom, AVRSPI_MEMORY_EEPROM, error);
    return result;
}

int boards_read(struct cli *cli, struct avrspi_contents **contents, bool *erase,
                struct avrspi_error *error)
{
    struct avrspi_bootloader bootloader = {0};
    int result = work_out(cli, &bootloader, error);

    *contents = NULL;
    if (result < 0)
        return result;
    *erase = bootloader.erase;
    result = find_chip(cli, bootloader.chip, error);
    if (result == 0) {
        drop_bytes(cli, &bootloader.fuses);
        *contents = avrspi_contents_new(cli->arguments[0]);
        result = *contents ? fill(cli, &bootloader, *contents, error) : avrspi_fail_memory(error);
    }
    avrspi_bootloader_free(&bootloader);
    if (result < 0) {
        avrspi_contents_free(*contents);
        *contents = NULL;
    }
    return result;
}
