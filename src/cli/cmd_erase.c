/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "base/error.h"

enum {
    READINGS = 3, /* pairs of them, before it is given up */
};

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

/* A copy that outlives whatever happens between the erase and the end. */
static int save(char *path, const uint8_t *data, uint32_t size, struct avrspi_error *error)
{
    int fd = mkostemps(path, (int)strlen(".bin"), O_CLOEXEC);
    bool written = fd >= 0 && write(fd, data, size) == (ssize_t)size && fsync(fd) == 0;

    if (!written) {
        avrspi_fail_errno(error, AVRSPI_ERR_FAILURE,
                          "can't keep a copy of the EEPROM in this folder");
        avrspi_hint(error, "nothing was erased; start it in a folder that you can write to");
    }
    if (fd >= 0)
        (void)close(fd);
    if (fd >= 0 && !written)
        (void)unlink(path);
    return written ? 0 : AVRSPI_ERR_FAILURE;
}

static int erase_and_restore(struct cli *cli, const uint8_t *saved, uint32_t size,
                             struct avrspi_error *error)
{
    char path[] = "eeprom-XXXXXX.bin";
    bool used = count_used(saved, size) > 0;
    int result = used ? save(path, saved, size, error) : 0;

    if (result < 0)
        return result;
    result = avrspi_session_erase(cli->session, error);
    if (result == 0)
        result = restore(cli, saved, size, error);
    if (result == 0 && used)
        (void)unlink(path);
    else if (used)
        ui_warn(&cli->ui,
                "the EEPROM may have lost its content; what it held is in '%s': 'avrspi eeprom %s'",
                path, path);
    return result;
}

/* Nothing else tells of a bit that is read wrong, so two readings have to agree. */
static int read_surely(struct cli *cli, uint8_t *data, uint8_t *again, uint32_t size,
                       struct avrspi_error *error)
{
    for (int n = 0; n < READINGS; n++) {
        int result = avrspi_session_read(cli->session, AVRSPI_MEMORY_EEPROM, 0, data, size, error);

        if (result == 0)
            result = avrspi_session_read(cli->session, AVRSPI_MEMORY_EEPROM, 0, again, size, error);
        if (result < 0 || memcmp(data, again, size) == 0)
            return result;
    }
    avrspi_fail(error, AVRSPI_ERR_VERIFY, "the EEPROM reads differently each time");
    avrspi_hint(error, "nothing was erased; the wiring is unreliable: shorten it, join the "
                       "grounds, or lower --speed");
    return AVRSPI_ERR_VERIFY;
}

static int erase_keeping(struct cli *cli, uint32_t size, struct avrspi_error *error)
{
    uint8_t *saved = calloc(2, size); /* and the second reading */
    int result;

    if (!saved)
        return avrspi_fail_memory(error);
    result = read_surely(cli, saved, saved + size, size, error);
    if (result == 0)
        result = erase_and_restore(cli, saved, size, error);
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
    eeprom = avrspi_memory_size(avrspi_session_chip(cli->session), AVRSPI_MEMORY_EEPROM);
    keep = cli->config.keep_eeprom && eeprom;
    if (avrspi_session_eeprom_survives(cli->session)) {
        ui_line(&cli->ui, "eeprom", "kept by EESAVE");
        keep = false;
    }
    if (cli->config.dry_run) {
        ui_line(&cli->ui, "erase", "left out (--dry-run)");
        return 0;
    }
    result = keep ? erase_keeping(cli, eeprom, error) : avrspi_session_erase(cli->session, error);
    if (result == 0)
        job_done(cli, 0);
    return result;
}

const struct command cmd_erase = {
    .name = "erase",
    .arguments = "",
    .summary = "erase flash, EEPROM and lock bits",
    .help = "The EEPROM stays where the fuse EESAVE is programmed, or with --keep-eeprom.",
    .needs = NEED_TARGET,
    .options = {{.id = OPT_KEEP_EEPROM}},
    .run = run,
};
