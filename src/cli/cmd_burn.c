/* SPDX-License-Identifier: MIT */
/* All memories of a chip in one job, from files that name their memories. */
#include "avrspi/backup.h"
#include "base/error.h"
#include "cli/boards.h"
#include "cli/done.h"
#include "cli/fuse_show.h"
#include "cli/input.h"

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

static int burn(struct target *target, struct input *input, bool erase, struct avrspi_error *error)
{
    struct cli *cli = target->cli;
    const struct avrspi_fuses before = avrspi_session_fuses(target->session);
    const struct avrspi_contents *contents;
    struct avrspi_request request;
    struct avrspi_job_result job = {0};
    int result = input_fit_whole(input, cli, target_chip(target), &contents, error);

    if (result == 0)
        result = compare_calibration(target, contents, error);
    if (result < 0)
        return result;
    avrspi_contents_request(contents, &request);
    request.erase |= erase;
    request.full = cli->config.full;
    request.keep_eeprom = cli->config.keep_eeprom;
    result = target_job(target, &request, &job, error);
    if (result < 0) {
        tell_state(target, &request, &job, error);
        return result;
    }
    if (avrspi_fuses_any(&request.fuses))
        fuse_show_changes(cli, target_chip(target), &before, &request.fuses);
    if (avrspi_chip_power_cycle(target_chip(target)) && any_fuse(&request.fuses) &&
        !cli->config.dry_run)
        ui_line(&cli->ui, "", "new fuses of the %s take effect after a power cycle only",
                avrspi_chip_name(target_chip(target)));
    if (!cli->config.dry_run)
        tell_reports(cli, &request, &job);
    job_done(target, &job, written(&job));
    return 0;
}

/* --- what is burned */

static int fail_board(const char *message, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "%s", message);
    avrspi_hint(error, "usage: avrspi burn --boards FILE [--menu MENU=ENTRY,...] BOARD");
    return AVRSPI_ERR_USAGE;
}

/* The arguments are one board, or files. */
static int check_arguments(const struct cli *cli, struct avrspi_error *error)
{
    const struct config *config = &cli->config;

    for (int n = 0; n < cli->n_arguments; n++)
        if (!*cli->arguments[n])
            return avrspi_fail(error, AVRSPI_ERR_USAGE,
                               "expected the name of a file or board, found ''");
    if (!config->boards && cli->n_arguments == 0) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "'burn' needs FILE...");
        avrspi_hint(error, "usage: avrspi burn [options] FILE...");
        return AVRSPI_ERR_USAGE;
    }
    if (!config->boards)
        return 0;
    if (config->list && cli->n_arguments > 0)
        return fail_board("--list takes no board", error);
    if (!config->list && cli->n_arguments != 1)
        return fail_board("expected one board with --boards", error);
    return 0;
}

static int read_input(struct input *input, struct cli *cli, bool *erase, struct avrspi_error *error)
{
    struct avrspi_contents *contents;
    int result;

    *erase = false;
    if (!cli->config.boards)
        return input_read(input, cli, AVRSPI_MEMORY_FLASH, INPUT_BURN, error);
    result = boards_read(cli, &contents, erase, error);
    if (result == 0)
        *input = input_of(contents, AVRSPI_MEMORY_FLASH, INPUT_BURN);
    return result;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct target target = {0};
    struct input input;
    bool erase;
    int result = check_arguments(cli, error);

    if (result < 0)
        return result;
    if (cli->config.list || cli->config.show)
        return (cli->config.list ? boards_list : boards_show)(cli, error);
    result = read_input(&input, cli, &erase, error);
    if (result < 0)
        return result;
    if (!input_has_bytes(&input)) {
        ui_line(&cli->ui, "burn", "nothing in the file, nothing written");
        input_free(&input);
        return 0;
    }
    result = target_identify(&target, cli, error);
    if (result == 0)
        result = burn(&target, &input, erase, error);
    input_free(&input);
    return target_close(&target, result, error);
}

const struct command cmd_burn = {
    .name = "burn",
    .arguments = "FILE...|BOARD",
    .summary = "write all that files have: flash, EEPROM, fuses, lock bits",
    .help =
        "FILE is ELF, or Intel HEX or S-record with the addresses of avr-gcc, such as a\n"
        "backup that 'avrspi read all' or avrdude has written, or the folder of one. A\n"
        "signature in it has to be the chip's. The order is erase, flash, EEPROM, fuses,\n"
        "lock bits, each verified. A memory of which the files have nothing stays as it is;\n"
        "only the erase clears the EEPROM, unless EESAVE or --keep-eeprom keeps it.\n"
        "With --boards it burns the bootloader of an Arduino core's BOARD (\"uno\",\n"
        "\"mega:cpu=atmega2560\", \"arduino:avr:nano:cpu=atmega328\"), fuses and lock bits, as\n"
        "the recipes in platform.txt beside that file do.",
    .least_arguments = 0,
    .most_arguments = MOST_FILES,
    .needs = NEED_TARGET,
    .options =
        {
            {.id = OPT_FULL, .help = "also read back the pages that must be blank"},
            {.id = OPT_KEEP_EEPROM},
            {.id = OPT_TURBO},
            {.id = OPT_FORMAT},
            {.id = OPT_FIRST_IMAGE},
            {.id = OPT_BOARDS},
            {.id = OPT_MENU},
            {.id = OPT_BOOT_FILE},
            {.id = OPT_LIST, .help = "every board with its menus; needs no target"},
            {.id = OPT_SHOW},
        },
    .conflicts = {{OPT_LIST, OPT_SHOW}, {OPT_BOARDS, OPT_FORMAT}, {OPT_BOARDS, OPT_FIRST_IMAGE}},
    .option_needs =
        {
            {.option = OPT_LIST, .needs = NEED_FILE, .one_of = {OPT_BOARDS}},
            {.option = OPT_SHOW, .needs = NEED_FILE, .one_of = {OPT_BOARDS}},
            {.option = OPT_MENU, .one_of = {OPT_BOARDS}},
            {.option = OPT_BOOT_FILE, .one_of = {OPT_BOARDS}},
        },
    .run = run,
};
