/* SPDX-License-Identifier: MIT */
/* flash and eeprom: the same but for the memory. */
#include "cli/cli.h"
#include "base/error.h"

struct job {
    enum avrspi_memory memory;
    const char *label;
    int (*write)(struct avrspi_session *session, const struct avrspi_image *image,
                 const struct avrspi_write_options *options, struct avrspi_write_report *report,
                 struct avrspi_error *error);
};

static void report_text(struct cli *cli, const char *label,
                        const struct avrspi_write_report *report, bool bytewise)
{
    const char *verified = report->verified ? ", verified" : "";

    if (report->pages_written == 0)
        ui_line(&cli->ui, label, "%zu B, %s%s", report->bytes,
                report->erased ? "all blank" : "nothing differs: nothing written", verified);
    else
        ui_line(&cli->ui, label, "%zu B, %zu of %zu %s%s", report->bytes, report->pages_written,
                report->pages, bytewise ? "bytes" : "pages", verified);
}

static void report_json(struct cli *cli, const struct avrspi_write_report *report)
{
    ui_fact(&cli->ui, "bytes", json_integer((json_int_t)report->bytes));
    ui_fact(&cli->ui, "bytes_written", json_integer((json_int_t)report->bytes_written));
    ui_fact(&cli->ui, "pages", json_integer((json_int_t)report->pages));
    ui_fact(&cli->ui, "pages_written", json_integer((json_int_t)report->pages_written));
    ui_fact(&cli->ui, "erased", json_boolean(report->erased));
    ui_fact(&cli->ui, "verified", json_boolean(report->verified));
}

static void dry_run(struct cli *cli, const char *label, const struct avrspi_image *image,
                    const struct avrspi_write_options *options)
{
    if (options->erase && !options->update)
        ui_line(&cli->ui, "erase", "left out (--dry-run)");
    ui_line(&cli->ui, label, "%zu B fit, nothing was written (--dry-run)",
            avrspi_image_size(image));
    ui_fact(&cli->ui, "bytes", json_integer((json_int_t)avrspi_image_size(image)));
}

static int program(struct cli *cli, const struct job *job, struct avrspi_contents *contents,
                   struct avrspi_error *error)
{
    const struct avrspi_write_options options = {
        .verify = !cli->config.no_verify,
        .erase = job->memory == AVRSPI_MEMORY_FLASH && !cli->config.no_erase,
        .update = cli->config.update,
        .full = cli->config.full,
    };
    const struct avrspi_chip *chip = avrspi_session_chip(cli->session);
    const struct avrspi_image *image = avrspi_contents_image(contents, job->memory);
    struct avrspi_write_report report = {0};
    int result = target_place_contents(chip, contents, error);

    if (result < 0)
        return result;
    if (cli->config.dry_run) {
        dry_run(cli, job->label, image, &options);
        return 0;
    }
    result = target_turbo(cli, error);
    if (result == 0)
        result = job->write(cli->session, image, &options, &report, error);
    report_json(cli, &report);
    if (result < 0)
        return result;
    report_text(cli, job->label, &report, avrspi_memory_page(chip, job->memory) == 0);
    job_done(cli, report.bytes_written);
    return 0;
}

static int run_job(struct cli *cli, const struct job *job, struct avrspi_error *error)
{
    struct avrspi_contents *contents = NULL;
    int result = target_read_contents(cli, cli->arguments[0], job->memory, &contents, error);

    if (result == 0)
        result = target_identify(cli, error);
    if (result == 0)
        result = program(cli, job, contents, error);
    avrspi_contents_free(contents);
    return result;
}

static int run_flash(struct cli *cli, struct avrspi_error *error)
{
    static const struct job job = {AVRSPI_MEMORY_FLASH, "flash", avrspi_session_write_flash};

    return run_job(cli, &job, error);
}

static int run_eeprom(struct cli *cli, struct avrspi_error *error)
{
    static const struct job job = {AVRSPI_MEMORY_EEPROM, "eeprom", avrspi_session_write_eeprom};

    return run_job(cli, &job, error);
}

const struct command cmd_flash = {
    .name = "flash",
    .arguments = "FILE",
    .summary = "erase, write a file to flash, and verify it",
    .help = "Pages that are blank in the file are not written; every page written is read back\n"
            "(--verify is the default), with --full blank ones too. --update writes only pages\n"
            "that differ, and erases only if a bit has to become 1 again. FILE may be - for\n"
            "standard input.",
    .least_arguments = 1,
    .most_arguments = 1,
    .needs = NEED_TARGET | NEED_FILE,
    .options =
        {
            {.id = OPT_VERIFY, .help = "read back every page that was written (the default)"},
            {.id = OPT_NO_VERIFY},
            {.id = OPT_FULL, .help = "read back the pages that have to be blank too"},
            {.id = OPT_NO_ERASE},
            {.id = OPT_UPDATE},
            {.id = OPT_TURBO},
            {.id = OPT_FORMAT},
        },
    /* what --no-erase refuses leaves the target untouched: --turbo would write a fuse before */
    .conflicts =
        {
            {OPT_VERIFY, OPT_NO_VERIFY},
            {OPT_UPDATE, OPT_NO_ERASE},
            {OPT_FULL, OPT_NO_ERASE},
            {OPT_FULL, OPT_NO_VERIFY},
            {OPT_TURBO, OPT_NO_ERASE},
        },
    .run = run_flash,
};

const struct command cmd_eeprom = {
    .name = "eeprom",
    .arguments = "FILE",
    .summary = "write a file to EEPROM, and verify it",
    .help = "What is right already is not written. FILE may be - for standard input.",
    .least_arguments = 1,
    .most_arguments = 1,
    .needs = NEED_TARGET | NEED_FILE,
    .options =
        {
            {.id = OPT_VERIFY, .help = "read back every byte that was written (the default)"},
            {.id = OPT_NO_VERIFY},
            {.id = OPT_TURBO},
            {.id = OPT_FORMAT},
        },
    .conflicts = {{OPT_VERIFY, OPT_NO_VERIFY}},
    .run = run_eeprom,
};
