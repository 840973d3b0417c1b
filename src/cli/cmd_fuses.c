/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/fuse_text.h"
#include "cli/numbers.h"
#include "error.h"

static const enum option_id fuse_option[AVRSPI_FUSES] = {
    [AVRSPI_FUSE_LOW] = OPT_LOW,
    [AVRSPI_FUSE_HIGH] = OPT_HIGH,
    [AVRSPI_FUSE_EXT] = OPT_EXT,
    [AVRSPI_FUSE_LOCK] = OPT_LOCK,
};

static int parse_wanted(const struct cli *cli, struct avrspi_fuses *wanted, bool *any,
                        struct avrspi_error *error)
{
    *wanted = (struct avrspi_fuses){0};
    *any = false;
    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++) {
        const char *text = cli->options.value[fuse_option[fuse]];
        char what[16];
        uint32_t value;
        int result;

        if (!text)
            continue;
        (void)snprintf(what, sizeof what, "--%s", avrspi_fuse_name((enum avrspi_fuse)fuse));
        result = number_parse(what, text, 0xFF, &value, error);
        if (result < 0)
            return result;
        wanted->given[fuse] = *any = true;
        wanted->value[fuse] = (uint8_t)value;
    }
    return 0;
}

/* Every byte the chip shows, with its fields in words. */
static void show(struct cli *cli)
{
    const struct avrspi_chip *chip = avrspi_session_chip(cli->session);
    struct avrspi_fuses fuses = avrspi_session_fuses(cli->session);
    json_t *object = json_object();

    for (int n = 0; n < AVRSPI_FUSES; n++) {
        enum avrspi_fuse fuse = (enum avrspi_fuse)n;
        char words[1024];

        if (!fuses.given[n])
            continue;
        fuse_text(chip, fuse, fuses.value[n], words, sizeof words);
        ui_line(&cli->ui, "", "%-4s 0x%02X  %s", avrspi_fuse_name(fuse), fuses.value[n], words);
        (void)json_object_set_new(object, avrspi_fuse_name(fuse),
                                  fuse_json(chip, fuse, fuses.value[n]));
    }
    ui_fact(&cli->ui, "fuses", object);
}

static void show_clock(struct cli *cli)
{
    struct avrspi_clock clock = avrspi_session_clock(cli->session);
    uint32_t limit = avrspi_sck_limit(&clock);
    char cpu[UI_TEXT], sck[UI_TEXT];

    if (!limit)
        return;
    ui_line(&cli->ui, "", "CPU %s, SCK up to %s",
            clock.source == AVRSPI_CLOCK_INTERNAL ? ui_hertz(clock.max_hz, cpu)
                                                  : ui_clock(&clock, 1, cpu),
            ui_hertz(limit, sck));
}

/* Only the bits that exist count. */
static bool equal(const struct avrspi_chip *chip, int fuse, uint8_t a, uint8_t b)
{
    return ((a ^ b) & chip->fuse[fuse].mask) == 0;
}

static int verify(struct cli *cli, const struct avrspi_fuses *wanted, struct avrspi_error *error)
{
    const struct avrspi_chip *chip = avrspi_session_chip(cli->session);
    struct avrspi_fuses found = avrspi_session_fuses(cli->session);

    for (int n = 0; n < AVRSPI_FUSES; n++) {
        const char *name = avrspi_fuse_name((enum avrspi_fuse)n);

        if (!wanted->given[n])
            continue;
        if (!found.given[n])
            return avrspi_fail(error, AVRSPI_ERR_REFUSED,
                               "the %s byte of the %s can't be read over SPI", name, chip->name);
        if (!equal(chip, n, wanted->value[n], found.value[n]))
            return avrspi_fail(error, AVRSPI_ERR_VERIFY,
                               "the %s byte is 0x%02X, expected 0x%02X", name, found.value[n],
                               wanted->value[n]);
        ui_line(&cli->ui, "", "%-4s 0x%02X  as expected", name, found.value[n]);
    }
    return 0;
}

/* "low 0x62 -> 0xFF" for each byte that changes. */
static void show_changes(struct cli *cli, const struct avrspi_fuses *before,
                         const struct avrspi_fuses *wanted)
{
    const struct avrspi_chip *chip = avrspi_session_chip(cli->session);

    for (int n = 0; n < AVRSPI_FUSES; n++) {
        const char *name = avrspi_fuse_name((enum avrspi_fuse)n);
        uint8_t value = (uint8_t)(wanted->value[n] | ~chip->fuse[n].mask);
        const char *not_done = cli->settings.dry_run ? " (not written: --dry-run)" : "";

        if (!wanted->given[n])
            continue;
        if (!before->given[n])
            ui_line(&cli->ui, "", "%-4s -> 0x%02X, which can't be read back%s", name, value,
                    not_done);
        else if (before->value[n] == value)
            ui_line(&cli->ui, "", "%-4s 0x%02X already", name, value);
        else
            ui_line(&cli->ui, "", "%-4s 0x%02X -> 0x%02X%s", name, before->value[n], value,
                    not_done);
    }
}

static int write_fuses(struct cli *cli, const struct avrspi_fuses *wanted,
                       struct avrspi_error *error)
{
    struct avrspi_fuses before = avrspi_session_fuses(cli->session);
    int result = avrspi_fuses_check(avrspi_session_chip(cli->session), &before, wanted,
                                    cli->settings.force, error);

    if (result == 0 && !cli->settings.dry_run)
        result = avrspi_session_write_fuses(cli->session, wanted, error);
    if (result < 0)
        return result;
    show_changes(cli, &before, wanted);
    if (cli->settings.dry_run)
        ui_fact(&cli->ui, "dry_run", json_true());
    return 0;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct avrspi_fuses wanted;
    bool any;
    int result = parse_wanted(cli, &wanted, &any, error);

    if (result < 0)
        return result;
    if (given(cli, OPT_VERIFY) && !any)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "--verify needs a value to compare with, such as --low 0xFF");
    result = target_identify(cli, error);
    if (result == 0 && any)
        result = given(cli, OPT_VERIFY) ? verify(cli, &wanted, error)
                                        : write_fuses(cli, &wanted, error);
    if (result < 0)
        return result;
    show(cli);
    if (!any)
        show_clock(cli);
    return 0;
}

static const enum option_id options[] = {
    OPT_LOW, OPT_HIGH, OPT_EXT, OPT_LOCK, OPT_VERIFY, OPT_END,
};

const struct command cmd_fuses = {
    .name = "fuses",
    .arguments = "",
    .summary = "read, explain, write or compare fuses and lock bits",
    .help = "Without values: reads and explains. With values: writes those only, and reads them\n"
            "back; with --verify compares only. Reserved bits are always written as 1. What\n"
            "would end SPI programming is refused unless --force is given.",
    .options = options,
    .run = run,
};
