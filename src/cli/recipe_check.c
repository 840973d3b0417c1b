/* SPDX-License-Identifier: MIT */
#include "cli/recipe_check.h"

#include <stdio.h>

#include "avrspi/backup.h"
#include "base/error.h"
#include "cli/fuse_text.h"

enum {
    ENTRY_HZ = 100000,
    TRANSFER = 4096, /* spidev's bufsiz by default */
};

/* A chip as delivered; SCK, so that a time can be told. */
static struct avrspi_target_state fresh_state(const struct avrspi_chip *const *chip,
                                              const struct config *config)
{
    struct avrspi_target_state state = {
        .chip = *chip,
        .candidates = chip,
        .n_candidates = 1,
        .sck_hz = ENTRY_HZ,
        .asked_sck_hz = config->sck_hz,
        .supply_mv = config->supply_mv,
        .fcpu_hz = config->fcpu_hz,
        .entry_sck_hz = ENTRY_HZ,
        .max_transfer = TRANSFER,
        .look = {.done = true},
    };

    for (int n = 0; n < AVRSPI_FUSES; n++) {
        const enum avrspi_fuse fuse = (enum avrspi_fuse)n;

        state.fuses.given[n] = avrspi_chip_fuse_mask(*chip, fuse) != 0;
        state.fuses.value[n] =
            fuse == AVRSPI_FUSE_LOCK ? 0xFF : avrspi_chip_fuse_default(*chip, fuse);
    }
    return state;
}

/* --- what is said */

static void show_memory(struct cli *cli, json_t *object, const struct avrspi_chip *chip,
                        enum avrspi_memory memory, const struct avrspi_image *image)
{
    char size[UI_TEXT];

    if (!image)
        return;
    ui_line(&cli->ui, avrspi_memory_name(memory), "%zu B of %s", avrspi_image_size(image),
            ui_bytes(avrspi_memory_size(chip, memory), size));
    (void)json_object_set_new(object, avrspi_memory_name(memory),
                              json_integer((json_int_t)avrspi_image_size(image)));
}

static void show_fuses(struct cli *cli, json_t *object, const struct avrspi_chip *chip,
                       const struct avrspi_fuses *fuses)
{
    for (int n = 0; n < AVRSPI_FUSES; n++) {
        const enum avrspi_fuse fuse = (enum avrspi_fuse)n;
        char words[1024];

        if (!fuses->given[n])
            continue;
        fuse_text(chip, fuse, fuses->value[n], words, sizeof words);
        ui_line(&cli->ui, avrspi_fuse_name(fuse), "0x%02X  %s", fuses->value[n], words);
        (void)json_object_set_new(object, avrspi_fuse_name(fuse), json_integer(fuses->value[n]));
    }
}

static void warn_of_hazards(struct cli *cli, const struct avrspi_chip *chip,
                            const struct avrspi_plan *plan)
{
    const struct avrspi_hazard *hazard;

    for (size_t n = 0; (hazard = avrspi_plan_hazard(plan, n)) != NULL; n++) {
        const struct avrspi_event event = {
            .kind = AVRSPI_EVENT_WARNING,
            .warning = AVRSPI_WARNING_HAZARD,
            .chip = chip,
            .hazard = hazard,
            .planned = true,
        };

        ui_warning(&cli->ui, &event);
    }
}

static void show(struct cli *cli, const struct avrspi_chip *chip,
                 const struct avrspi_request *request, const struct avrspi_plan *plan,
                 json_t *checked)
{
    json_t *object = json_pack("{s:s}", "chip", avrspi_chip_name(chip));
    char signature[UI_TEXT];

    ui_line(&cli->ui, "chip", "%s  %s", avrspi_chip_name(chip),
            ui_signature(avrspi_chip_signature(chip), signature));
    show_memory(cli, object, chip, AVRSPI_MEMORY_FLASH, request->flash);
    show_memory(cli, object, chip, AVRSPI_MEMORY_EEPROM, request->eeprom);
    show_fuses(cli, object, chip, &request->fuses);
    if (plan)
        warn_of_hazards(cli, chip, plan);
    (void)json_array_append_new(checked, object);
}

/* --- the check */

/* With a number that stands for any: whether there is room for it. */
static int check_serial(const struct burn *burn, const struct avrspi_chip *chip,
                        const struct avrspi_contents *contents, struct avrspi_error *error)
{
    const struct avrspi_serial_rule *rule = &burn->recipe.serial;
    struct avrspi_contents *with;
    char number[AVRSPI_SERIAL_LONGEST] = "";
    int result;

    if (!burn->recipe.serial_at.line)
        return 0;
    (void)snprintf(number, sizeof number, "%llu", (unsigned long long)rule->start);
    result = avrspi_recipe_serial(&burn->recipe, chip, contents, number, 1, &with, error);
    avrspi_contents_free(with);
    return result;
}

static int check_chip(struct burn *burn, struct cli *cli, size_t n, json_t *checked,
                      struct avrspi_error *error)
{
    const struct avrspi_chip *chip = burn->chips[n];
    const struct avrspi_target_state state = fresh_state(&chip, &cli->config);
    const struct avrspi_contents *contents;
    struct avrspi_request request;
    struct avrspi_plan *plan;
    int result = input_fit_whole(&burn->inputs[n], cli, chip, &contents, error);

    if (result < 0)
        return result;
    result = check_serial(burn, chip, contents, error);
    if (result < 0)
        return result;
    burn_request(burn, cli, contents, &request);
    result = avrspi_plan_make(&plan, &request, &state, error);
    if (result < 0)
        return result;
    show(cli, chip, &request, plan, checked);
    avrspi_plan_free(plan);
    return 0;
}

int recipe_check(struct burn *burn, struct cli *cli, struct avrspi_error *error)
{
    json_t *checked = json_array();
    int result = 0;

    if (!burn->has_recipe) {
        json_decref(checked);
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "expected a recipe for --check, found '%.200s'",
                           cli->arguments[0]);
    }
    for (size_t n = 0; result == 0 && n < burn->n_inputs; n++)
        result = check_chip(burn, cli, n, checked, error);
    if (result == 0) {
        ui_line(&cli->ui, "check", "nothing is wrong with the recipe and its files");
        ui_fact(&cli->ui, "checked", json_incref(checked));
    }
    json_decref(checked);
    return result;
}
