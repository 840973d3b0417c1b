/* SPDX-License-Identifier: MIT */
#include "cli/golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "avrspi/backup.h"
#include "base/error.h"
#include "base/file.h"
#include "cli/done.h"
#include "cli/target.h"
#include "recipe/write.h"

enum {
    FILES = 3,
};

/* The unit, and the files that are made of it. */
struct golden {
    struct avrspi_backup *backup;
    struct avrspi_contents *contents;
    const struct avrspi_chip *chip;
    struct job_end end;
    bool missing[AVRSPI_FUSES], unknown; /* what can't be read over SPI */
    char *path[FILES];                   /* flash, EEPROM, recipe */
};

enum {
    FLASH,
    EEPROM,
    RECIPE,
};

/* --- where it goes */

/* "board.recipe": board.flash.hex and board.eeprom.hex. */
static int name_files(const struct cli *cli, struct golden *golden, struct avrspi_error *error)
{
    static const char *const endings[FILES] = {".flash.hex", ".eeprom.hex", ""};
    const char *path = cli->config.output, *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    const size_t stem = dot && (!slash || dot > slash + 1) ? (size_t)(dot - path) : strlen(path);

    for (int n = 0; n < FILES; n++) {
        const size_t length = n == RECIPE ? strlen(path) : stem;
        const size_t size = length + strlen(endings[n]) + 1;

        golden->path[n] = malloc(size);
        if (!golden->path[n])
            return avrspi_fail_memory(error);
        (void)snprintf(golden->path[n], size, "%.*s%s", (int)length, path, endings[n]);
    }
    return 0;
}

static int check_files(const struct cli *cli, const struct golden *golden,
                       struct avrspi_error *error)
{
    for (int n = 0; n < FILES; n++) {
        int result = avrspi_file_check_writable(golden->path[n], error);

        if (result < 0)
            return result;
        if (cli->config.force || access(golden->path[n], F_OK) != 0)
            continue;
        avrspi_fail(error, AVRSPI_ERR_REFUSED, "'%.200s' exists", golden->path[n]);
        avrspi_advise(error, AVRSPI_ADVICE_FORCE, NULL);
        return AVRSPI_ERR_REFUSED;
    }
    return 0;
}

/* --- reading */

/* What a locked chip shows is not what it holds. */
static int check_open(const struct target *target, struct avrspi_error *error)
{
    const struct avrspi_fuses fuses = avrspi_session_fuses(target->session);

    if (avrspi_lock_mode(target_chip(target), &fuses) != AVRSPI_LOCK_MODE_READ)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_REFUSED,
                "lock bits forbid to read this unit: no recipe can be made of it");
    avrspi_hint(error, "take a unit before its lock bits are written, and give the recipe [lock]");
    return AVRSPI_ERR_REFUSED;
}

static int collect(struct target *target, struct golden *golden, struct avrspi_error *error)
{
    struct avrspi_request request;
    struct avrspi_job_result job;
    int result = check_open(target, error);

    if (result == 0)
        result = avrspi_backup_new(&golden->backup, target->session, error);
    if (result < 0)
        return result;
    avrspi_backup_request(golden->backup, &request);
    result = target_read_job(target, &request, &job, error);
    if (result < 0)
        return result;
    golden->chip = avrspi_chips_find(target->cli->chips, avrspi_chip_name(target_chip(target)));
    golden->end = job_end(target, &job);
    avrspi_backup_missing(golden->backup, golden->missing, &golden->unknown);
    return avrspi_backup_contents(golden->backup, target->cli->config.output, &golden->contents,
                                  error);
}

/* --- writing */

static int write_image(const struct golden *golden, int n, enum avrspi_memory memory,
                       struct avrspi_error *error)
{
    const struct avrspi_image *image = avrspi_contents_image(golden->contents, memory);
    char *text;
    size_t size;
    int result;

    if (!image)
        return 0;
    result = avrspi_image_format(image, AVRSPI_FORMAT_IHEX, &text, &size, error);
    if (result < 0)
        return result;
    result = avrspi_file_write(golden->path[n], text, size, error);
    free(text);
    return result;
}

/* A file is beside the recipe, so its name is enough. */
static const char *name_of(const struct golden *golden, int n, enum avrspi_memory memory)
{
    const char *slash = strrchr(golden->path[n], '/');

    if (!avrspi_contents_image(golden->contents, memory))
        return NULL;
    return slash ? slash + 1 : golden->path[n];
}

static int write_recipe(const struct golden *golden, struct avrspi_error *error)
{
    struct avrspi_recipe_text recipe = {
        .title = "from a unit; 'avrspi burn' makes others like it",
        .chip = avrspi_chip_name(golden->chip),
        .signature = avrspi_chip_signature(golden->chip),
        .erase = true,
        .flash = name_of(golden, FLASH, AVRSPI_MEMORY_FLASH),
        .eeprom = name_of(golden, EEPROM, AVRSPI_MEMORY_EEPROM),
    };
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    int result;

    if (!out)
        return avrspi_fail_memory(error);
    avrspi_contents_fuses(golden->contents, &recipe.fuses);
    avrspi_recipe_print(out, &recipe);
    result = fclose(out) == 0 ? avrspi_file_write(golden->path[RECIPE], text, size, error)
                              : avrspi_fail_memory(error);
    free(text);
    return result;
}

/* The recipe last: where it is, its files are. What was replaced is gone in any case. */
static int write_files(const struct cli *cli, const struct golden *golden,
                       struct avrspi_error *error)
{
    int result = write_image(golden, FLASH, AVRSPI_MEMORY_FLASH, error);

    if (result == 0)
        result = write_image(golden, EEPROM, AVRSPI_MEMORY_EEPROM, error);
    if (result == 0)
        result = write_recipe(golden, error);
    for (int n = 0; result < 0 && !cli->config.force && n < FILES; n++)
        (void)unlink(golden->path[n]);
    return result;
}

static void tell(struct cli *cli, const struct golden *golden)
{
    for (int n = 0; n < AVRSPI_FUSES; n++)
        if (golden->missing[n])
            ui_warn(&cli->ui,
                    "the %s byte can't be read over SPI: it is not in the recipe, add it by hand",
                    avrspi_fuse_name((enum avrspi_fuse)n));
    if (golden->unknown)
        ui_warn(&cli->ui, "fuses of the %s are not known: they are not in the recipe",
                avrspi_chip_name(golden->chip));
    ui_line(&cli->ui, "recipe", "%s, with its files beside it", golden->path[RECIPE]);
    ui_fact(&cli->ui, "file", ui_string(golden->path[RECIPE]));
    job_show(cli, &golden->end, avrspi_backup_bytes(golden->backup));
}

int golden_read(struct cli *cli, struct avrspi_error *error)
{
    struct target target = {0};
    struct golden golden = {0};
    int result = name_files(cli, &golden, error);

    if (result == 0)
        result = check_files(cli, &golden, error);
    if (result == 0)
        result = target_identify(&target, cli, error);
    if (result == 0)
        result = collect(&target, &golden, error);
    result = target_close(&target, result, error);
    if (result == 0)
        result = write_files(cli, &golden, error);
    if (result == 0)
        tell(cli, &golden);
    for (int n = 0; n < FILES; n++)
        free(golden.path[n]);
    avrspi_contents_free(golden.contents);
    avrspi_backup_free(golden.backup);
    return result;
}
