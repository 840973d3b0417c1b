/* SPDX-License-Identifier: MIT */
#include "cli/burn.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "avrspi/backup.h"
#include "base/error.h"
#include "cli/boards.h"
#include "cli/done.h"
#include "cli/fuse_show.h"
#include "cli/hooks.h"
#include "cli/unit.h"

enum {
    MOST_CALIBRATION = 16, /* bytes; no chip has more than 4 */
};

/* --- before the job */

/* The calibration bytes in a file are those of the chip that it was read from: a clone of it has
 * others. */
static int compare_calibration(struct target *target, const struct avrspi_contents *contents,
                               struct avrspi_error *error)
{
    const struct avrspi_image *image = avrspi_contents_image(contents, AVRSPI_MEMORY_CALIBRATION);
    uint32_t size = avrspi_memory_size(target_chip(target), AVRSPI_MEMORY_CALIBRATION);
    uint8_t found[MOST_CALIBRATION], expected[MOST_CALIBRATION];
    int result;

    if (!image || size == 0 || size > MOST_CALIBRATION)
        return 0;
    result = avrspi_session_read(target->session, AVRSPI_MEMORY_CALIBRATION, 0, found, size, error);
    for (uint32_t n = 0; result == 0 && n < size; n++) {
        if (avrspi_image_get(image, n, &expected[n], 1, 0xFF) == 0 || expected[n] == found[n])
            continue;
        ui_warn(&target->cli->ui,
                "the file is from another chip of this kind: calibration byte %u is 0x%02X there, "
                "0x%02X here",
                n, expected[n], found[n]);
        break;
    }
    return result;
}

/* --- after a failure */

/* Whether the chip has every byte from 'first' to 'last' that was wanted, as far as is known. */
static bool has_fuses(const struct avrspi_chip *chip, const struct avrspi_fuses *wanted,
                      const struct avrspi_fuses *now, int first, int last)
{
    for (int n = first; n <= last; n++) {
        const uint8_t mask = avrspi_chip_fuse_mask(chip, (enum avrspi_fuse)n);

        if (wanted->given[n] && mask &&
            (!now->given[n] || ((wanted->value[n] ^ now->value[n]) & mask) != 0))
            return false;
    }
    return true;
}

static bool any_fuse(const struct avrspi_fuses *wanted)
{
    return wanted->given[AVRSPI_FUSE_LOW] || wanted->given[AVRSPI_FUSE_HIGH] ||
           wanted->given[AVRSPI_FUSE_EXT];
}

/* What the job was to write, and whether it has. */
struct part {
    const char *name;
    bool wanted, done;
};

static void list_parts(char *text, size_t size, const struct part *parts, size_t count, bool done)
{
    size_t used = 0;

    *text = '\0';
    for (size_t n = 0; n < count && used < size; n++)
        if (parts[n].wanted && parts[n].done == done)
            used +=
                (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "", parts[n].name);
}

/* Which step failed, and what the chip is like now. */
static void tell_state(struct target *target, const struct avrspi_request *request,
                       const struct avrspi_job_result *job, struct avrspi_error *error)
{
    const struct avrspi_chip *chip = target_chip(target);
    const struct avrspi_fuses *fuses = &request->fuses;
    const struct part parts[] = {
        {"erase", request->erase, job->erased},
        {"flash", request->flash != NULL, job->flash.verified},
        {"eeprom", request->eeprom != NULL, job->eeprom.verified},
        {"fuses", any_fuse(fuses),
         has_fuses(chip, fuses, &job->after, AVRSPI_FUSE_LOW, AVRSPI_FUSE_EXT)},
        {"lock", fuses->given[AVRSPI_FUSE_LOCK],
         has_fuses(chip, fuses, &job->after, AVRSPI_FUSE_LOCK, AVRSPI_FUSE_LOCK)},
    };
    const size_t count = sizeof parts / sizeof *parts;
    const char *step = avrspi_step_name(job->failed_step);
    const char *memory = avrspi_memory_name(job->failed_memory);
    const bool names =
        job->failed_step == AVRSPI_STEP_WRITE || job->failed_step == AVRSPI_STEP_VERIFY;
    char done[UI_TEXT], open[UI_TEXT];

    if (!job->failed)
        return;
    list_parts(done, sizeof done, parts, count, true);
    list_parts(open, sizeof open, parts, count, false);
    avrspi_hint_add(error, "%sstep that failed: %s%s%s; done: %s; not done: %s",
                    *error->hint ? "; " : "", step, names ? " " : "", names ? memory : "",
                    *done ? done : "nothing", *open ? open : "nothing");
    ui_fact(&target->cli->ui, "failed",
            json_pack("{s:s, s:s, s:s, s:s}", "step", step, "memory", names ? memory : "", "done",
                      done, "not_done", open));
}

/* --- the job */

/* The keys of the object's top level are those of one memory, as 'flash' has them. */
static json_t *report_json(const struct avrspi_write_report *report)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:b}", "bytes", (json_int_t)report->bytes,
                     "bytes_written", (json_int_t)report->bytes_written, "pages",
                     (json_int_t)report->pages, "pages_written", (json_int_t)report->pages_written,
                     "verified", (int)report->verified);
}

static void tell_reports(struct cli *cli, const struct avrspi_request *request,
                         const struct avrspi_job_result *job)
{
    json_t *memories = json_object();

    if (request->flash)
        (void)json_object_set_new(memories, "flash", report_json(&job->flash));
    if (request->eeprom)
        (void)json_object_set_new(memories, "eeprom", report_json(&job->eeprom));
    ui_fact(&cli->ui, "written", memories);
}

static size_t written(const struct avrspi_job_result *job)
{
    return job->flash.bytes_written + job->eeprom.bytes_written;
}

void burn_request(const struct burn *burn, const struct cli *cli,
                  const struct avrspi_contents *contents, struct avrspi_request *request)
{
    avrspi_contents_request(contents, request);
    request->erase |= burn->erase;
    request->raise_blank = true;
    request->full = cli->config.full;
    request->keep_eeprom = cli->config.keep_eeprom || burn->recipe.keep_eeprom;
    request->keep_boot = burn->recipe.keep_boot;
}

static void tell_result(struct target *target, const struct avrspi_request *request,
                        const struct avrspi_fuses *before, const struct avrspi_job_result *job)
{
    struct cli *cli = target->cli;
    const struct avrspi_chip *chip = target_chip(target);

    if (avrspi_fuses_any(&request->fuses))
        fuse_show_changes(cli, chip, before, &request->fuses);
    if (avrspi_chip_power_cycle(chip) && any_fuse(&request->fuses) && !cli->config.dry_run)
        ui_line(&cli->ui, "", "new fuses of the %s take effect after a power cycle only",
                avrspi_chip_name(chip));
    if (!cli->config.dry_run)
        tell_reports(cli, request, job);
    job_done(target, job, written(job));
}

static int burn_target(struct burn *burn, struct unit *unit, struct target *target,
                       struct input *input, struct avrspi_error *error)
{
    const struct avrspi_fuses before = avrspi_session_fuses(target->session);
    const struct avrspi_contents *contents;
    struct avrspi_request request;
    struct avrspi_job_result job = {0};
    int result = input_fit_whole(input, target->cli, target_chip(target), &contents, error);

    if (result == 0)
        result = compare_calibration(target, contents, error);
    if (result == 0 && unit)
        result = unit_number(unit, target, contents, &contents, error);
    if (result < 0)
        return result;
    burn_request(burn, target->cli, contents, &request);
    result = target_job(target, &request, &job, error);
    if (result < 0)
        tell_state(target, &request, &job, error);
    else
        tell_result(target, &request, &before, &job);
    return result;
}

/* --- what is burned */

static int read_recipe(struct burn *burn, struct cli *cli, struct avrspi_error *error)
{
    const struct avrspi_recipe *recipe = &burn->recipe;
    const struct avrspi_chip *chip;
    int result = avrspi_recipe_check_chips(recipe, cli->chips, error);

    for (size_t n = 0; result == 0 && (chip = avrspi_recipe_chip(recipe, cli->chips, n)) != NULL;
         n++) {
        struct avrspi_contents *contents;

        if (cli->chip && cli->chip != chip)
            continue;
        if (burn->n_inputs == BURN_MOST_CHIPS)
            return avrspi_fail_named(error, AVRSPI_ERR_INPUT, recipe->name,
                                     ": expected at most %d chips", BURN_MOST_CHIPS);
        result = avrspi_recipe_contents(recipe, cli->chips, chip, &contents, error);
        if (result < 0)
            break;
        burn->chips[burn->n_inputs] = chip;
        burn->inputs[burn->n_inputs] = input_of(contents, AVRSPI_MEMORY_FLASH, INPUT_BURN);
        input_tell_new_remarks(cli, burn->inputs, burn->n_inputs++);
    }
    if (result == 0 && burn->n_inputs == 0)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "the recipe is for %s, -c names the %s",
                           recipe->chips.at[0].value, avrspi_chip_name(cli->chip));
    return result;
}

/* What the recipe says of the target counts where the command line says nothing. */
static void apply_recipe(struct burn *burn, struct cli *cli)
{
    const struct avrspi_recipe *recipe = &burn->recipe;
    struct config *config = &cli->config;

    if (recipe->supply_mv && config->source[OPT_VCC] != FROM_COMMAND_LINE)
        config->supply_mv = recipe->supply_mv;
    if (recipe->clock_hz && config->source[OPT_FCPU] != FROM_COMMAND_LINE)
        config->fcpu_hz = recipe->clock_hz;
    burn->erase = recipe->erase;
    if (burn->n_inputs == 1)
        cli->chip = burn->chips[0];
}

static int open_recipe(struct burn *burn, struct cli *cli, struct avrspi_error *error)
{
    int result = avrspi_recipe_read(&burn->recipe, cli->arguments[0], error);

    burn->has_recipe = true;
    if (result == 0)
        result = read_recipe(burn, cli, error);
    if (result == 0)
        apply_recipe(burn, cli);
    ui_fact(&cli->ui, "file", ui_string(cli->arguments[0]));
    return result;
}

static int open_board(struct burn *burn, struct cli *cli, struct avrspi_error *error)
{
    struct avrspi_contents *contents;
    int result = boards_read(cli, &contents, &burn->erase, error);

    if (result < 0)
        return result;
    burn->inputs[0] = input_of(contents, AVRSPI_MEMORY_FLASH, INPUT_BURN);
    burn->n_inputs = 1;
    return 0;
}

static int open_files(struct burn *burn, struct cli *cli, struct avrspi_error *error)
{
    int result = input_read(&burn->inputs[0], cli, AVRSPI_MEMORY_FLASH, INPUT_BURN, error);

    burn->n_inputs = result == 0;
    return result;
}

/* Whether an argument is a recipe; a folder, a pipe or a missing file is none. */
static bool is_recipe(const struct cli *cli)
{
    struct stat status;
    char begin[4096];
    FILE *file;
    size_t size;

    if (cli->n_arguments != 1 || stat(cli->arguments[0], &status) < 0 || !S_ISREG(status.st_mode))
        return false;
    file = fopen(cli->arguments[0], "r");
    if (!file)
        return false;
    size = fread(begin, 1, sizeof begin, file);
    (void)fclose(file);
    return avrspi_recipe_is_one(begin, size);
}

int burn_open(struct burn *burn, struct cli *cli, struct avrspi_error *error)
{
    int result;

    *burn = (struct burn){0};
    if (cli->config.boards)
        result = open_board(burn, cli, error);
    else if (is_recipe(cli))
        result = open_recipe(burn, cli, error);
    else
        result = open_files(burn, cli, error);
    if (result < 0)
        burn_close(burn);
    return result;
}

bool burn_has_work(const struct burn *burn)
{
    return burn->erase || burn->recipe.serial_at.line || input_has_bytes(&burn->inputs[0]);
}

void burn_close(struct burn *burn)
{
    for (size_t n = 0; n < burn->n_inputs; n++)
        input_free(&burn->inputs[n]);
    avrspi_recipe_free(&burn->recipe);
    *burn = (struct burn){0};
}

/* --- a unit */

/* Of a recipe for several chips, what is for the one that was found: by its signature. */
static int find_input(struct burn *burn, struct target *target, struct input **input,
                      struct avrspi_error *error)
{
    const struct avrspi_chip *found = target_chip(target);
    char names[UI_TEXT * 2] = "", signature[UI_TEXT];

    *input = &burn->inputs[0];
    if (!burn->chips[0])
        return 0;
    for (size_t n = 0; n < burn->n_inputs; n++) {
        const size_t used = strlen(names);

        *input = &burn->inputs[n];
        if (memcmp(avrspi_chip_signature(burn->chips[n]), avrspi_chip_signature(found), 3) == 0)
            return 0;
        (void)snprintf(names + used, sizeof names - used, "%s%.40s", used ? ", " : "",
                       avrspi_chip_name(burn->chips[n]));
    }
    return avrspi_fail(error, AVRSPI_ERR_SIGNATURE,
                       "the target is an %s (%s), the recipe is for %s", avrspi_chip_name(found),
                       ui_signature(avrspi_chip_signature(found), signature), names);
}

static int burn_one(struct burn *burn, struct unit *unit, struct cli *cli,
                    struct avrspi_error *error)
{
    struct target target = {
        .takes_notes = cli->config.supply_mv || burn->recipe.keep_eeprom || burn->recipe.keep_boot,
    };
    struct input *input;
    int result = target_identify(&target, cli, error);

    if (result == 0)
        result = find_input(burn, &target, &input, error);
    if (result == 0 && burn->has_recipe)
        result = hooks_check(&burn->recipe, &target, error);
    if (result == 0)
        result = burn_target(burn, unit, &target, input, error);
    return target_close(&target, result, error);
}

/* With the recipe's programs around it. */
static int burn_between(struct burn *burn, struct unit *unit, struct cli *cli,
                        struct avrspi_error *error)
{
    int result;

    if (!burn->has_recipe)
        return burn_one(burn, unit, cli, error);
    result = hooks_before(&burn->recipe, cli, error);
    if (result < 0)
        return result;
    result = burn_one(burn, unit, cli, error);
    return hooks_after(&burn->recipe, unit_serial(unit), cli, result, error);
}

int burn_unit(struct burn *burn, struct cli *cli, struct avrspi_error *error)
{
    struct unit *unit = NULL;
    int result;

    if (cli->config.dry_run)
        return burn_one(burn, NULL, cli, error);
    result = unit_begin(&unit, burn, cli, error);
    if (result == 0)
        result = burn_between(burn, unit, cli, error);
    return unit_end(unit, result, error);
}
