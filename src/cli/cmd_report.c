/* SPDX-License-Identifier: MIT */
/* What was burned: sums over a record, as text, JSON, CSV or a page. Needs no target. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/cli.h"
#include "cli/report_html.h"
#include "record/report.h"

/* --- as text */

static void show_group(struct cli *cli, const char *label, const struct avrspi_report_group *group)
{
    char unfinished[48] = "";

    if (group->unfinished)
        (void)snprintf(unfinished, sizeof unfinished, ", %zu unfinished", group->unfinished);
    ui_line(&cli->ui, label, "%zu good, %zu failed%s, yield %.1f %%%s%s", group->good,
            group->failed, unfinished, 100 * avrspi_report_yield(group), *group->name ? "  " : "",
            group->name);
}

static void show_groups(struct cli *cli, const char *label,
                        const struct avrspi_report_groups *groups)
{
    for (size_t n = 0; groups->count > 1 && n < groups->count; n++)
        show_group(cli, n == 0 ? label : " ", &groups->at[n]);
}

static void show(struct cli *cli, const struct avrspi_report *report)
{
    show_group(cli, "units", &report->all);
    for (size_t n = 0; n < report->reasons.count; n++)
        ui_line(&cli->ui, n == 0 ? "reasons" : " ", "%zu %s", report->reasons.at[n].failed,
                report->reasons.at[n].name);
    if (report->n_seconds)
        ui_line(&cli->ui, "times",
                "%.2f s half of the good units, %.2f s nine of ten, %.2f s at most",
                avrspi_report_seconds(report, 0.5), avrspi_report_seconds(report, 0.9),
                avrspi_report_seconds(report, 1));
    show_groups(cli, "days", &report->days);
    show_groups(cli, "stations", &report->stations);
    show_groups(cli, "jobs", &report->jobs);
}

/* --- as JSON */

static json_t *group_json(const struct avrspi_report_group *group)
{
    return json_pack("{s:o, s:I, s:I, s:I, s:f}", "name", ui_string(group->name), "good",
                     (json_int_t)group->good, "failed", (json_int_t)group->failed, "unfinished",
                     (json_int_t)group->unfinished, "yield", avrspi_report_yield(group));
}

static json_t *groups_json(const struct avrspi_report_groups *groups)
{
    json_t *list = json_array();

    for (size_t n = 0; n < groups->count; n++)
        (void)json_array_append_new(list, group_json(&groups->at[n]));
    return list;
}

static void tell(struct cli *cli, const struct avrspi_report *report)
{
    struct ui *ui = &cli->ui;

    ui_fact(ui, "units", group_json(&report->all));
    ui_fact(ui, "reasons", groups_json(&report->reasons));
    ui_fact(ui, "days", groups_json(&report->days));
    ui_fact(ui, "stations", groups_json(&report->stations));
    ui_fact(ui, "jobs", groups_json(&report->jobs));
    ui_fact(ui, "cycle",
            json_pack("{s:f, s:f, s:f}", "median", avrspi_report_seconds(report, 0.5),
                      "nine_of_ten", avrspi_report_seconds(report, 0.9), "most",
                      avrspi_report_seconds(report, 1)));
}

/* --- as CSV */

/* RFC 4180: in quotes, with quotes doubled. A text that a spreadsheet would take for a formula gets
 * an apostrophe. */
static void print_field(const char *text, bool last)
{
    (void)putchar('"');
    if (*text && strchr("=+-@", *text))
        (void)putchar('\'');
    for (; *text; text++) {
        if (*text == '"')
            (void)putchar('"');
        (void)putchar(*text);
    }
    (void)printf("\"%s", last ? "\r\n" : ",");
}

static int print_row(void *user, const struct avrspi_unit *unit)
{
    const char *const texts[] = {
        unit->began,        unit->host,        unit->station,     unit->job,    unit->chip,
        unit->signature,    unit->serial,      unit->verdict,     unit->reason, unit->message,
        unit->fuses_before, unit->fuses_after, unit->calibration, unit->steps,  unit->digests,
    };
    const size_t count = sizeof texts / sizeof *texts;

    (void)user;
    (void)printf("%lld,%.6f,%d,", (long long)unit->id, unit->seconds, unit->exit_code);
    for (size_t n = 0; n < count; n++)
        print_field(texts[n], n + 1 == count);
    return 0;
}

static int print_csv(struct cli *cli, struct avrspi_record *record, struct avrspi_error *error)
{
    (void)printf("unit,seconds,exit,began,host,station,job,chip,signature,serial,verdict,reason,"
                 "message,fuses_before,fuses_after,calibration,steps,digests\r\n");
    return avrspi_record_units(record, cli->config.port_of_report, cli->config.since,
                               cli->config.until, print_row, NULL, error);
}

/* --- the command */

static int sum_up(struct cli *cli, struct avrspi_record *record, struct avrspi_error *error)
{
    struct avrspi_report report = {0};
    int result = avrspi_record_units(record, cli->config.port_of_report, cli->config.since,
                                     cli->config.until, avrspi_report_add, &report, error);

    if (result < 0 && report.out_of_memory)
        result = avrspi_fail_memory(error);
    avrspi_report_finish(&report);
    if (result == 0 && cli->config.html)
        result = report_html(&report, cli->config.html, error);
    else if (result == 0) {
        show(cli, &report);
        tell(cli, &report);
    }
    avrspi_report_free(&report);
    return result;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    const char *path = cli->n_arguments ? cli->arguments[0] : cli->config.record;
    struct avrspi_record *record;
    int result;

    if (!path) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "expected a record, found none");
        avrspi_hint(error, "usage: avrspi report FILE; or $AVRSPI_RECORD");
        return AVRSPI_ERR_USAGE;
    }
    result = avrspi_record_open_to_read(&record, path, error);
    if (result < 0)
        return result;
    result = cli->config.csv ? print_csv(cli, record, error) : sum_up(cli, record, error);
    avrspi_record_close(record);
    return result;
}

const struct command cmd_report = {
    .name = "report",
    .arguments = "[RECORD]",
    .summary = "what was burned: yield, reasons, times",
    .help = "RECORD is the file of 'burn --record', or of 'record =' in a recipe; without it\n"
            "$AVRSPI_RECORD. A unit is good when its job was done and RESET let go; one whose\n"
            "process ended in between is unfinished.",
    .least_arguments = 0,
    .most_arguments = 1,
    .options =
        {
            {.id = OPT_SINCE},
            {.id = OPT_UNTIL},
            {.id = OPT_OF_STATION},
            {.id = OPT_CSV},
            {.id = OPT_HTML},
        },
    .conflicts = {{OPT_CSV, OPT_HTML}},
    .examples =
        {
            {"avrspi report units.db", "yield, reasons and times"},
            {"avrspi report units.db --since 2026-11-01 --csv", "a row for each unit"},
            {"avrspi report units.db --html units.html", "a page with charts"},
        },
    .run = run,
};
