/* SPDX-License-Identifier: MIT */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/fuse_text.h"
#include "cli/pins.h"
#include "base/error.h"
#include "chips/unknown.h"

/* Which chips to list. */
struct filter {
    const char *pattern;            /* name, wildcard or family; NULL: any */
    const struct avrspi_chip *chip; /* the one that -c would take for that name; NULL: none */
    bool by_signature;
    struct config_signature signature;
};

static bool matches(const struct filter *filter, const struct avrspi_chip *chip)
{
    if (filter->by_signature &&
        memcmp(filter->signature.bytes, avrspi_chip_signature(chip), 3) != 0)
        return false;
    if (filter->chip)
        return filter->chip == chip;
    return !filter->pattern || strcasecmp(filter->pattern, avrspi_chip_family(chip)) == 0 ||
           fnmatch(filter->pattern, avrspi_chip_name(chip), FNM_CASEFOLD) == 0 ||
           (strncmp(avrspi_chip_name(chip), "AT", 2) == 0 &&
            fnmatch(filter->pattern, avrspi_chip_name(chip) + 2, FNM_CASEFOLD) == 0);
}

static json_t *supply_json(const struct avrspi_supply *supply)
{
    json_t *points = json_array();

    for (size_t n = 0; n < supply->n_points; n++)
        (void)json_array_append_new(points, json_pack("{s:i, s:i}", "mv", (int)supply->points[n].mv,
                                                      "hz", (int)supply->points[n].hz));
    return json_pack("{s:i, s:i, s:o, s:b}", "min_mv", (int)supply->min_mv, "max_mv",
                     (int)supply->max_mv, "points", points, "steps", supply->steps);
}

static void add_supplies(json_t *object, const struct avrspi_chip *chip)
{
    const struct avrspi_supply *supply = avrspi_chip_supply(chip), *variant;
    const char *letter;

    if (supply)
        (void)json_object_set_new(object, "supply", supply_json(supply));
    variant = avrspi_chip_variant_supply(chip, &letter);
    if (!variant)
        return;
    (void)json_object_set_new(object, "variant", json_string(letter));
    (void)json_object_set_new(object, "supply_variant", supply_json(variant));
}

/* The keys are those of the chip files. */
static json_t *chip_json(const struct avrspi_chip *chip)
{
    char signature[UI_TEXT];
    json_t *object = json_pack(
        "{s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:b, s:b, s:i, s:i, s:i, s:i, s:i}", "name",
        avrspi_chip_name(chip), "signature", ui_signature(avrspi_chip_signature(chip), signature),
        "flash_size", (int)avrspi_memory_size(chip, AVRSPI_MEMORY_FLASH), "flash_page",
        (int)avrspi_memory_page(chip, AVRSPI_MEMORY_FLASH), "eeprom_size",
        (int)avrspi_memory_size(chip, AVRSPI_MEMORY_EEPROM), "eeprom_page",
        (int)avrspi_memory_page(chip, AVRSPI_MEMORY_EEPROM), "calibration_bytes",
        (int)avrspi_memory_size(chip, AVRSPI_MEMORY_CALIBRATION), "rdy_bsy",
        avrspi_chip_rdy_bsy(chip), "unverified", avrspi_chip_unverified(chip), "wait_flash",
        (int)avrspi_chip_wait_us(chip, AVRSPI_WAIT_FLASH), "wait_eeprom",
        (int)avrspi_chip_wait_us(chip, AVRSPI_WAIT_EEPROM), "wait_fuse",
        (int)avrspi_chip_wait_us(chip, AVRSPI_WAIT_FUSE), "wait_erase",
        (int)avrspi_chip_wait_us(chip, AVRSPI_WAIT_ERASE), "factory_clock",
        (int)avrspi_chip_factory_clock(chip));

    for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++) {
        char key[32];

        if (!avrspi_chip_fuse_mask(chip, (enum avrspi_fuse)fuse))
            continue;
        (void)snprintf(key, sizeof key, "%s_mask", avrspi_fuse_name((enum avrspi_fuse)fuse));
        (void)json_object_set_new(
            object, key, json_integer(avrspi_chip_fuse_mask(chip, (enum avrspi_fuse)fuse)));
        (void)snprintf(key, sizeof key, "%s_default", avrspi_fuse_name((enum avrspi_fuse)fuse));
        (void)json_object_set_new(
            object, key, json_integer(avrspi_chip_fuse_default(chip, (enum avrspi_fuse)fuse)));
    }
    add_supplies(object, chip);
    if (avrspi_chip_max_sck(chip))
        (void)json_object_set_new(object, "max_sck", json_integer(avrspi_chip_max_sck(chip)));
    if (*avrspi_chip_family(chip))
        (void)json_object_set_new(object, "family", ui_string(avrspi_chip_family(chip)));
    if (*avrspi_chip_pins(chip))
        (void)json_object_set_new(object, "pins", ui_string(avrspi_chip_pins(chip)));
    if (avrspi_chip_package(chip, 0))
        (void)json_object_set_new(object, "packages", pins_packages_json(chip));
    if (*avrspi_chip_note(chip))
        (void)json_object_set_new(object, "note", ui_string(avrspi_chip_note(chip)));
    if (*avrspi_chip_completed_from(chip))
        (void)json_object_set_new(object, "completed_from",
                                  ui_string(avrspi_chip_completed_from(chip)));
    return object;
}

static void show_row(struct cli *cli, const struct avrspi_chip *chip)
{
    char signature[UI_TEXT], flash[UI_TEXT], eeprom[UI_TEXT];

    ui_line(&cli->ui, "", "%-16s %s  flash %-9s EEPROM %*s%s", avrspi_chip_name(chip),
            ui_signature(avrspi_chip_signature(chip), signature),
            ui_bytes(avrspi_memory_size(chip, AVRSPI_MEMORY_FLASH), flash),
            avrspi_chip_unverified(chip) ? -7 : 0,
            ui_bytes(avrspi_memory_size(chip, AVRSPI_MEMORY_EEPROM), eeprom),
            avrspi_chip_unverified(chip) ? "  (not verified)" : "");
}

static void show_memory(struct cli *cli, const char *label, uint32_t size, uint32_t page)
{
    char bytes[UI_TEXT];

    if (size == 0)
        ui_line(&cli->ui, label, "none");
    else if (page)
        ui_line(&cli->ui, label, "%s, %u pages of %u B", ui_bytes(size, bytes), size / page, page);
    else
        ui_line(&cli->ui, label, "%s, written byte by byte", ui_bytes(size, bytes));
}

/* "1.8 V to 5.5 V: 4 MHz at 1.8 V, 10 MHz at 2.7 V, 20 MHz at 4.5 V" */
static void show_supply(struct cli *cli, const char *name, const struct avrspi_supply *supply)
{
    char text[256];
    size_t used;

    used = (size_t)snprintf(text, sizeof text, "%s%s%g V to %g V", name, *name ? " " : "",
                            supply->min_mv / 1e3, supply->max_mv / 1e3);
    for (size_t n = 0; n < supply->n_points && used < sizeof text; n++) {
        char hz[UI_TEXT];

        used += (size_t)snprintf(text + used, sizeof text - used, "%s %s %s %g V", n ? "," : ":",
                                 ui_hertz(supply->points[n].hz, hz), supply->steps ? "from" : "at",
                                 supply->points[n].mv / 1e3);
    }
    ui_line(&cli->ui, "supply", "%s", text);
}

static void show_supplies(struct cli *cli, const struct avrspi_chip *chip)
{
    const struct avrspi_supply *supply = avrspi_chip_supply(chip), *variant;
    const char *letter;
    char name[UI_TEXT];

    if (supply)
        show_supply(cli, "", supply);
    variant = avrspi_chip_variant_supply(chip, &letter);
    if (!variant)
        return;
    (void)snprintf(name, sizeof name, "%s%s", avrspi_chip_name(chip), letter);
    show_supply(cli, name, variant);
}

/* Everything known of one chip. */
static void show_chip(struct cli *cli, const struct avrspi_chip *chip)
{
    char signature[UI_TEXT], clock[UI_TEXT];

    ui_line(&cli->ui, "", "%s  %s%s%s%s", avrspi_chip_name(chip),
            ui_signature(avrspi_chip_signature(chip), signature),
            *avrspi_chip_family(chip) ? "  " : "", avrspi_chip_family(chip),
            avrspi_chip_unverified(chip) ? "  (facts not verified)" : "");
    show_memory(cli, "flash", avrspi_memory_size(chip, AVRSPI_MEMORY_FLASH),
                avrspi_memory_page(chip, AVRSPI_MEMORY_FLASH));
    show_memory(cli, "eeprom", avrspi_memory_size(chip, AVRSPI_MEMORY_EEPROM),
                avrspi_memory_page(chip, AVRSPI_MEMORY_EEPROM));
    ui_line(&cli->ui, "busy", "%s",
            avrspi_chip_rdy_bsy(chip) ? "polled (RDY/BSY)"
            : avrspi_chip_leaves_out(chip, AVRSPI_GAP_RDY_BSY)
                ? "waited for until RDY/BSY proves to work"
                : "waited for");
    ui_line(
        &cli->ui, "waits", "flash %u us, EEPROM %u us, fuses %u us, erase %u us",
        avrspi_chip_wait_us(chip, AVRSPI_WAIT_FLASH), avrspi_chip_wait_us(chip, AVRSPI_WAIT_EEPROM),
        avrspi_chip_wait_us(chip, AVRSPI_WAIT_FUSE), avrspi_chip_wait_us(chip, AVRSPI_WAIT_ERASE));
    if (avrspi_chip_factory_clock(chip))
        ui_line(&cli->ui, "clock", "%s as delivered",
                ui_hertz(avrspi_chip_factory_clock(chip), clock));
    if (avrspi_chip_max_sck(chip))
        ui_line(&cli->ui, "sck", "at most %s", ui_hertz(avrspi_chip_max_sck(chip), clock));
    show_supplies(cli, chip);
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        enum avrspi_fuse fuse = (enum avrspi_fuse)n;
        char words[1024];

        if (!avrspi_chip_fuse_mask(chip, (enum avrspi_fuse)n))
            continue;
        fuse_text(chip, fuse, avrspi_chip_fuse_default(chip, (enum avrspi_fuse)n), words,
                  sizeof words);
        ui_line(&cli->ui, avrspi_fuse_name(fuse), "mask 0x%02X, default 0x%02X%s%s",
                avrspi_chip_fuse_mask(chip, (enum avrspi_fuse)n),
                avrspi_chip_fuse_default(chip, (enum avrspi_fuse)n), *words ? "  " : "", words);
    }
    if (*avrspi_chip_pins(chip))
        ui_line(&cli->ui, "pins", "%s", avrspi_chip_pins(chip));
    if (*avrspi_chip_note(chip))
        ui_line(&cli->ui, "note", "%s", avrspi_chip_note(chip));
    if (*avrspi_chip_completed_from(chip))
        ui_line(&cli->ui, "rest", "what the definition leaves out is taken from the built-in %s",
                avrspi_chip_completed_from(chip));
}

static int fail_none(const struct cli *cli, const struct filter *filter, struct avrspi_error *error)
{
    if (filter->pattern) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "no known chip matches '%s'", filter->pattern);
        avrspi_chips_suggest(cli->chips, filter->pattern, error);
    } else {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "no known chip has that signature");
        avrspi_advise(error, AVRSPI_ADVICE_LIST_CHIPS, NULL);
    }
    return AVRSPI_ERR_USAGE;
}

/* The argument, or -c; one of the settings is no choice of what to list. */
static int take_pattern(const struct cli *cli, struct filter *filter, struct avrspi_error *error)
{
    const bool named = cli->chip && cli->config.source[OPT_CHIP] == FROM_COMMAND_LINE;

    if (named && cli->n_arguments && avrspi_chips_find(cli->chips, cli->arguments[0]) != cli->chip)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected one name, found '%s' and -c %s",
                           cli->arguments[0], avrspi_chip_name(cli->chip));
    filter->pattern = named              ? avrspi_chip_name(cli->chip)
                      : cli->n_arguments ? cli->arguments[0]
                                         : NULL;
    if (filter->pattern)
        filter->chip = avrspi_chips_find(cli->chips, filter->pattern);
    return 0;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct filter filter = {
        .by_signature = config_given(&cli->config, OPT_SIGNATURE),
        .signature = cli->config.signature,
    };
    const struct avrspi_chip *only = NULL;
    json_t *list = json_array();
    size_t count = 0;
    int result = take_pattern(cli, &filter, error);

    ui_fact(&cli->ui, "chips", list);
    if (result < 0)
        return result;
    for (size_t n = 0; n < avrspi_chips_count(cli->chips); n++) {
        const struct avrspi_chip *chip = avrspi_chips_at(cli->chips, n);

        if (!matches(&filter, chip))
            continue;
        only = count++ ? NULL : chip;
        (void)json_array_append_new(list, chip_json(chip));
    }
    if (count == 0)
        return fail_none(cli, &filter, error);
    if (only && filter.pattern) {
        show_chip(cli, only);
        return 0;
    }
    for (size_t n = 0; n < avrspi_chips_count(cli->chips); n++)
        if (matches(&filter, avrspi_chips_at(cli->chips, n)))
            show_row(cli, avrspi_chips_at(cli->chips, n));
    return 0;
}

const struct command cmd_chips = {
    .name = "chips",
    .arguments = "[NAME]",
    .summary = "list the known chips, or show one in full",
    .help = "NAME may be a wildcard ('atmega*8*') or a family.",
    .most_arguments = 1,
    .options = {{.id = OPT_SIGNATURE}},
    .examples =
        {
            {"avrspi chips", "all of them"},
            {"avrspi chips 'atmega*8*'", "by a wildcard"},
            {"avrspi chips atmega328p", "one in full"},
            {"avrspi chips --signature '1E 95 0F'", "by signature"},
        },
    .run = run,
};
