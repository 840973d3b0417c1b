/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli.h"
#include "error.h"

static size_t count_used(const uint8_t *data, uint32_t size)
{
    size_t count = 0;

    for (uint32_t n = 0; n < size; n++)
        count += data[n] != 0xFF;
    return count;
}

/* Puts the bytes of a saved EEPROM back that an erase has taken. */
static int restore(struct cli *cli, const uint8_t *saved, uint32_t size, struct avrspi_error *error)
{
    const struct avrspi_write_options options = {.verify = true};
    struct avrspi_image *image = avrspi_image_new();
    int result = image ? avrspi_image_put(image, 0, saved, size, error) : avrspi_fail_memory(error);

    if (result == 0)
        result = avrspi_session_write_eeprom(cli->session, image, &options, NULL, error);
    avrspi_image_free(image);
    if (result == 0)
        ui_line(&cli->ui, "eeprom", "restored, %zu of %u B were not blank", count_used(saved, size),
                size);
    return result;
}

/* When the target is gone between the two, the bytes are in no chip any more: to a file. */
static void rescue(struct cli *cli, const uint8_t *saved, uint32_t size)
{
    char path[] = "eeprom-XXXXXX.bin";
    int fd = mkostemps(path, 4, O_CLOEXEC);

    if (fd < 0 || write(fd, saved, size) != (ssize_t)size)
        ui_warn(&cli->ui, "the EEPROM was not restored, and its content could not be saved");
    else
        ui_warn(&cli->ui, "the EEPROM was not restored; its content is in '%s': 'avrspi eeprom %s'",
                path, path);
    if (fd >= 0)
        (void)close(fd);
}

static int erase_keeping(struct cli *cli, uint32_t size, struct avrspi_error *error)
{
    uint8_t *saved = malloc(size);
    int result;

    if (!saved)
        return avrspi_fail_memory(error);
    result = avrspi_session_read(cli->session, AVRSPI_MEMORY_EEPROM, 0, saved, size, error);
    if (result == 0) {
        result = avrspi_session_erase(cli->session, error);
        if (result == 0)
            result = restore(cli, saved, size, error);
        if (result < 0 && count_used(saved, size))
            rescue(cli, saved, size);
    }
    free(saved);
    return result;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    int result = target_identify(cli, error);
    uint32_t eeprom;
    bool keep;

    if (result < 0)
        return result;
    eeprom = avrspi_session_chip(cli->session)->eeprom_size;
    keep = given(cli, OPT_KEEP_EEPROM) && eeprom;
    if (avrspi_session_eeprom_survives(cli->session)) {
        ui_line(&cli->ui, "eeprom", "kept by EESAVE");
        keep = false;
    }
    if (cli->settings.dry_run) {
        ui_line(&cli->ui, "erase", "left out (--dry-run)");
        ui_fact(&cli->ui, "dry_run", json_true());
        return 0;
    }
    result = keep ? erase_keeping(cli, eeprom, error) : avrspi_session_erase(cli->session, error);
    if (result == 0)
        job_done(cli, 0);
    return result;
}

static const enum option_id options[] = {OPT_KEEP_EEPROM, OPT_END};

const struct command cmd_erase = {
    .name = "erase",
    .arguments = "",
    .summary = "erase flash, EEPROM and lock bits",
    .help = "The EEPROM stays where the fuse EESAVE is programmed, or with --keep-eeprom.",
    .options = options,
    .run = run,
};
