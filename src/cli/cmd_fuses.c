/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/error.h"
#include "chips/record.h"
#include "cli/fuse_show.h"
#include "cli/target.h"

/* --- what is wanted */

static bool any_value(const struct config *config)
{
    return config->defaults || config->sets.count || avrspi_fuses_any(&config->fuses);
}

/* The factory values; lock bits are not fuses, and only an erase clears them. */
static int add_defaults(const struct avrspi_chip *chip, struct avrspi_fuses *wanted,
                        struct avrspi_error *error)
{
    if (!avrspi_factory_fuses_known(chip))
        return avrspi_fail(error, AVRSPI_ERR_REFUSED, "the factory fuses of the %s are not known",
                           avrspi_chip_name(chip));
    for (int n = 0; n < AVRSPI_FUSE_LOCK; n++) {
        if (!avrspi_chip_fuse_mask(chip, (enum avrspi_fuse)n))
            continue;
        wanted->given[n] = true;
        wanted->value[n] = avrspi_chip_fuse_default(chip, (enum avrspi_fuse)n);
    }
    return 0;
}

/* Factory values first, then whole bytes, then single fields, each over what is there ('base'). */
static int apply(const struct config *config, const struct avrspi_chip *chip,
                 const struct avrspi_fuses *base, struct avrspi_fuses *wanted,
                 struct avrspi_error *error)
{
    int result = 0;

    *wanted = (struct avrspi_fuses){0};
    memcpy(wanted->value, base->value, sizeof wanted->value);
    if (config->defaults)
        result = add_defaults(chip, wanted, error);
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        if (!config->fuses.given[n])
            continue;
        wanted->given[n] = true;
        wanted->value[n] = config->fuses.value[n];
    }
    for (size_t n = 0; result == 0 && n < config->sets.count; n++)
        result = avrspi_fuses_set(chip, config->sets.at[n], wanted, error);
    return result;
}

/* What is there, with a value for the bytes that can't be read. */
static struct avrspi_fuses supposing(const struct avrspi_fuses *base, uint8_t unknown)
{
    struct avrspi_fuses all = *base;

    for (int n = 0; n < AVRSPI_FUSES; n++)
        if (!base->given[n])
            all.value[n] = unknown;
    return all;
}

/* No bit is made up: 'zeros' and 'ones' are what is wanted over what is there, with bytes that
 * can't be read supposed to be all 0 and all 1. Where they differ, the values do not say what is
 * meant. */
static int check_known(const struct avrspi_chip *chip, const struct avrspi_fuses *zeros,
                       const struct avrspi_fuses *ones, struct avrspi_error *error)
{
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        enum avrspi_fuse fuse = (enum avrspi_fuse)n;
        int open = (zeros->value[n] ^ ones->value[n]) & avrspi_chip_fuse_mask(chip, fuse);

        if (!ones->given[n] || !open)
            continue;
        avrspi_fail(error, AVRSPI_ERR_REFUSED,
                    "the %s byte of the %s can't be read, and --set leaves its bits 0x%02X open",
                    avrspi_fuse_name(fuse), avrspi_chip_name(chip), (unsigned)open);
        avrspi_hint(error, "nothing was written; --%s takes the whole byte",
                    avrspi_fuse_name(fuse));
        return AVRSPI_ERR_REFUSED;
    }
    return 0;
}

static int make_wanted(const struct config *config, const struct avrspi_chip *chip,
                       const struct avrspi_fuses *base, struct avrspi_fuses *wanted,
                       struct avrspi_error *error)
{
    const struct avrspi_fuses zeros = supposing(base, 0x00), ones = supposing(base, 0xFF);
    struct avrspi_fuses over_zeros;
    int result = apply(config, chip, &zeros, &over_zeros, error);

    if (result < 0)
        return result;
    result = apply(config, chip, &ones, wanted, error);
    return result < 0 ? result : check_known(chip, &over_zeros, wanted, error);
}

/* What numbers were taken for, before anything is written by them. */
static void show_meanings(struct cli *cli, const struct avrspi_chip *chip,
                          const struct avrspi_fuses *wanted)
{
    json_t *meanings = json_array();
    char text[320];

    for (size_t n = 0; n < cli->config.sets.count; n++) {
        if (!avrspi_fuses_meaning(chip, cli->config.sets.at[n], wanted, text, sizeof text))
            continue;
        ui_line(&cli->ui, "", "%s", text);
        (void)json_array_append_new(meanings, ui_string(text));
    }
    if (json_array_size(meanings) > 0)
        ui_fact(&cli->ui, "meanings", meanings);
    else
        json_decref(meanings);
}

/* --- with a target */

static int verify(struct target *target, const struct avrspi_fuses *wanted,
                  struct avrspi_error *error)
{
    const struct avrspi_fuses found = avrspi_session_fuses(target->session);
    struct avrspi_request request = {.compare = true, .fuses = *wanted};
    struct ui *ui = &target->cli->ui;
    int result;

    fuse_show_found(target->cli, wanted, &found);
    result = target_read_job(target, &request, NULL, error);
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        enum avrspi_fuse fuse = (enum avrspi_fuse)n;
        uint8_t mask = avrspi_chip_fuse_mask(target_chip(target), fuse);

        if (!wanted->given[n] || (!mask && wanted->value[n] == 0xFF))
            continue;
        if (!found.given[n] || ((wanted->value[n] ^ found.value[n]) & mask) != 0)
            return result; /* the first that differs is the error's */
        ui_line(ui, "", "%-4s 0x%02X  as expected", avrspi_fuse_name(fuse), found.value[n]);
    }
    return result;
}

/* What a write that failed half way has left behind: bytes that read otherwise than before. */
static void show_written(const struct target *target, const struct avrspi_fuses *before)
{
    struct avrspi_fuses now = avrspi_session_fuses(target->session);

    for (int n = 0; n < AVRSPI_FUSES; n++)
        now.given[n] = before->given[n] && now.value[n] != before->value[n];
    fuse_show_changes(target->cli, target_chip(target), before, &now);
}

static int write_fuses(struct target *target, const struct avrspi_fuses *wanted,
                       struct avrspi_error *error)
{
    const struct avrspi_chip *chip = target_chip(target);
    const struct avrspi_fuses before = avrspi_session_fuses(target->session);
    struct avrspi_request request = {.fuses = *wanted};
    struct cli *cli = target->cli;
    int result = target_job(target, &request, NULL, error);

    if (result < 0) {
        show_written(target, &before);
        return result;
    }
    fuse_show_changes(target->cli, target_chip(target), &before, wanted);
    if (avrspi_chip_power_cycle(chip) && !cli->config.dry_run)
        ui_line(&cli->ui, "", "new fuses of the %s take effect after a power cycle only",
                avrspi_chip_name(chip));
    return 0;
}

static int with_target(struct target *target, struct avrspi_error *error)
{
    struct cli *cli = target->cli;
    struct avrspi_fuses now = avrspi_session_fuses(target->session), wanted;
    struct avrspi_clock clock = avrspi_session_clock(target->session);
    int result;

    if (!any_value(&cli->config)) {
        fuse_show(cli, target_chip(target), &now, &clock);
        return 0;
    }
    result = make_wanted(&cli->config, target_chip(target), &now, &wanted, error);
    if (result < 0)
        return result;
    show_meanings(cli, target_chip(target), &wanted);
    return (cli->config.verify ? verify : write_fuses)(target, &wanted, error);
}

/* --- without one */

static json_t *values_json(struct cli *cli, const struct avrspi_field *field)
{
    const struct avrspi_value *value;
    json_t *values = json_array();

    for (size_t i = 0; (value = avrspi_field_value_at(field, i)) != NULL; i++) {
        ui_line(&cli->ui, "", "  0x%02X  %-24s %s", value->value, value->name, value->text);
        (void)json_array_append_new(values,
                                    json_pack("{s:i, s:s, s:o}", "value", (int)value->value, "name",
                                              value->name, "text", ui_string(value->text)));
    }
    return values;
}

/* The fields that are combined in one: SUT and CKSEL in SUT_CKSEL. */
static json_t *parts_json(struct cli *cli, const struct avrspi_field *field)
{
    const struct avrspi_field *part;
    json_t *parts = json_array();

    for (size_t n = 0; (part = avrspi_chip_part_at(cli->chip, field, n)) != NULL; n++) {
        int mask = avrspi_field_mask(part);

        ui_line(&cli->ui, "", "  %s  part of it, mask 0x%02X", avrspi_field_name(part),
                (unsigned)mask);
        (void)json_array_append_new(
            parts, json_pack("{s:s, s:i}", "name", avrspi_field_name(part), "mask", mask));
    }
    return parts;
}

static int list_fields(struct cli *cli)
{
    const struct avrspi_field *field;
    json_t *list = json_array();

    for (size_t n = 0; (field = avrspi_chip_field_at(cli->chip, n)) != NULL; n++) {
        const char *name = avrspi_field_name(field);
        const char *fuse = avrspi_fuse_name(avrspi_field_fuse(field));
        int mask = avrspi_field_mask(field);
        json_t *parts;

        ui_line(&cli->ui, "", "%s  %s, mask 0x%02X", name, fuse, (unsigned)mask);
        parts = parts_json(cli, field);
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:o, s:o}", "name", name,
                                                    "fuse", fuse, "mask", mask, "parts", parts,
                                                    "values", values_json(cli, field)));
    }
    if (json_array_size(list) == 0)
        ui_line(&cli->ui, "", "the fields of the %s are not known", avrspi_chip_name(cli->chip));
    ui_fact(&cli->ui, "chip", ui_string(avrspi_chip_name(cli->chip)));
    ui_fact(&cli->ui, "fields", list);
    return 0;
}

/* "refused: RSTDISBL would be programmed: ..." and what a chip has no place for, as a warning. */
static void warn_of_refusal(struct cli *cli, const struct avrspi_error *refusal)
{
    static const char prefix[] = "refused: ";
    size_t skip = strncmp(refusal->message, prefix, strlen(prefix)) == 0 ? strlen(prefix) : 0;

    ui_warn(&cli->ui, "writing this would be refused: %s", refusal->message + skip);
}

/* What would follow from writing them to a chip that has its factory values. */
static void show_hazards(struct cli *cli, const struct avrspi_fuses *factory,
                         const struct avrspi_fuses *wanted)
{
    const struct config *config = &cli->config;
    struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
    struct avrspi_error refusal;
    size_t count = avrspi_fuse_hazards(cli->chip, factory, wanted, hazards);

    count = avrspi_supply_hazards(cli->chip, factory, wanted, config->supply_mv, config->fcpu_hz,
                                  hazards, count);
    if (avrspi_fuses_check(cli->chip, factory, wanted, false, &refusal) < 0)
        warn_of_refusal(cli, &refusal);
    for (size_t n = 0; n < count; n++) {
        const struct avrspi_event event = {
            .kind = AVRSPI_EVENT_WARNING,
            .warning = AVRSPI_WARNING_HAZARD,
            .chip = cli->chip,
            .hazard = &hazards[n],
            .planned = true,
        };

        if (!hazards[n].refused)
            ui_warning(&cli->ui, &event);
    }
}

static int calculate(struct cli *cli, struct avrspi_error *error)
{
    struct avrspi_fuses base = {0}, asked, wanted;
    struct avrspi_clock clock;
    int result;

    for (int n = 0; n < AVRSPI_FUSES; n++) {
        base.given[n] = true;
        base.value[n] = avrspi_chip_fuse_default(cli->chip, (enum avrspi_fuse)n);
    }
    result = make_wanted(&cli->config, cli->chip, &base, &asked, error);
    if (result < 0)
        return result;
    show_meanings(cli, cli->chip, &asked);
    wanted = asked;
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        uint8_t mask = avrspi_chip_fuse_mask(cli->chip, (enum avrspi_fuse)n);

        wanted.value[n] |= (uint8_t)~mask;
        if (!any_value(&cli->config))
            wanted.given[n] = mask != 0;
    }
    clock = avrspi_chip_clock(cli->chip, wanted.value);
    ui_fact(&cli->ui, "chip", ui_string(avrspi_chip_name(cli->chip)));
    fuse_show(cli, cli->chip, &wanted, &clock);
    show_hazards(cli, &base, &asked);
    return 0;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct target target = {0};
    int result;

    if (cli->config.list)
        return list_fields(cli);
    if (cli->config.calc)
        return calculate(cli, error);
    result = target_identify(&target, cli, error);
    if (result == 0)
        result = with_target(&target, error);
    return target_close(&target, result, error);
}

const struct command cmd_fuses = {
    .name = "fuses",
    .arguments = "",
    .summary = "read, explain, write or compare fuses and lock bits",
    .help = "Without values: reads and explains. With values: writes those only, and reads them\n"
            "back; with --verify compares only. Reserved bits are always written as 1. What\n"
            "would end SPI programming is refused unless --force is given, and so are clocks and\n"
            "brown-out levels that the datasheet reserves, and lock bits that it does not define.\n"
            "--set takes the datasheet's names, or clock=, brownout=, boot= and start=.\n"
            "--list and --calc need a chip's name (-c), but no target.",
    .needs = NEED_TARGET,
    .options =
        {
            {.id = OPT_LOW},
            {.id = OPT_HIGH},
            {.id = OPT_EXT},
            {.id = OPT_LOCK},
            {.id = OPT_SET},
            {.id = OPT_DEFAULT},
            {.id = OPT_VERIFY, .help = "compare with what was given, write nothing"},
            {.id = OPT_LIST},
            {.id = OPT_CALC},
        },
    .conflicts =
        {
            {OPT_LIST, OPT_CALC, OPT_VERIFY},
            {OPT_LIST, OPT_LOW},
            {OPT_LIST, OPT_HIGH},
            {OPT_LIST, OPT_EXT},
            {OPT_LIST, OPT_LOCK},
            {OPT_LIST, OPT_SET},
            {OPT_LIST, OPT_DEFAULT},
        },
    .option_needs =
        {
            {.option = OPT_LIST, .needs = NEED_CHIP},
            {.option = OPT_CALC, .needs = NEED_CHIP},
            {
                .option = OPT_VERIFY,
                .one_of = {OPT_LOW, OPT_HIGH, OPT_EXT, OPT_LOCK, OPT_SET, OPT_DEFAULT},
            },
        },
    .examples =
        {
            {"avrspi fuses", "read them, and explain each field"},
            {"avrspi fuses --set clock=internal-8MHz", "by what it is for"},
            {"avrspi fuses --low 0xE2 --high 0xD9", "whole bytes"},
            {"avrspi -c attiny85 fuses --calc --low 0x62", "explain numbers, without a target"},
        },
    .run = run,
};
