/* SPDX-License-Identifier: MIT */
/* What is the matter, from the board to the chip: the findings of src/doctor as lines and as JSON.
 */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/advice.h"
#include "cli/target.h"
#include "doctor/doctor.h"

enum {
    NAME_WIDTH = 10, /* of a check */
    BAR = 32,        /* of the chart, where the terminal has room for it */
    LEAST_BAR = 8,
    BESIDE_BAR = 44, /* what stands to the left and right of it */
    FULL_BAR = 10,   /* per cent: more is not told apart */
};

struct run {
    struct cli *cli;
    struct target target;
};

static int open_link(void *user, struct avrspi_bus *bus, struct avrspi_link **link,
                     struct avrspi_error *error)
{
    struct run *run = user;
    int result = target_open_link(&run->target, run->cli, bus, error);

    *link = run->target.link;
    return result;
}

/* --- a finding as it is made */

static void show_advice(struct ui *ui, const char *text)
{
    while (*text) {
        int length = (int)strcspn(text, "\n");

        ui_line(ui, "", "%*s%.*s", NAME_WIDTH + 9, "", length, text);
        text += length + (text[length] == '\n');
    }
}

static void show(void *user, const struct avrspi_doctor_finding *finding)
{
    const struct run *run = user;
    struct ui *ui = &run->cli->ui;
    char advice[sizeof finding->seen.hint];

    ui_line(ui, avrspi_doctor_severity_name(finding->severity), "%-*s %s", NAME_WIDTH,
            finding->check, finding->seen.message);
    if (finding->severity == AVRSPI_DOCTOR_OK && !run->cli->config.verbose)
        return;
    advice_text(&finding->seen, advice, sizeof advice);
    show_advice(ui, advice);
}

static json_t *finding_json(const struct avrspi_doctor_finding *finding)
{
    char advice[sizeof finding->seen.hint];
    json_t *object;

    advice_text(&finding->seen, advice, sizeof advice);
    object = json_pack("{s:s, s:s, s:o, s:o, s:s}", "check", finding->check, "severity",
                       avrspi_doctor_severity_name(finding->severity), "seen",
                       ui_string(finding->seen.message), "advice", ui_string(advice), "code",
                       avrspi_err_name(finding->seen.code));
    ui_add_causes(object, &finding->seen);
    return object;
}

/* --- the readings */

static double percent_wrong(const struct avrspi_isp_readings *readings)
{
    return readings->done ? 100.0 * readings->wrong / readings->done : 0;
}

/* A bar of 'width' columns; one that is not empty shows. */
static void draw_bar(const struct avrspi_isp_readings *readings, int width, char text[4 * BAR + 1])
{
    const char *full = ui_is_utf8() ? "\u2588" : "#", *empty = ui_is_utf8() ? "\u00b7" : ".";
    double part = percent_wrong(readings) / FULL_BAR;
    int filled = (int)(part >= 1 ? width : part * width);

    if (readings->wrong && filled == 0)
        filled = 1;
    *text = '\0';
    for (int n = 0; n < width; n++)
        (void)strcat(text, n < filled ? full : empty);
}

static void draw_rows(struct ui *ui, const struct avrspi_isp_readings *rows, size_t n_rows,
                      const char *what)
{
    int width = ui_columns() - BESIDE_BAR;

    width = width > BAR ? BAR : width < LEAST_BAR ? LEAST_BAR : width;
    for (size_t n = 0; n < n_rows; n++) {
        char bar[4 * BAR + 1], hz[UI_TEXT];

        draw_bar(&rows[n], width, bar);
        ui_line(ui, "", "        %11s  %s  %4.1f %% %s of %u", ui_hertz(rows[n].hz, hz), bar,
                percent_wrong(&rows[n]), what, rows[n].done);
    }
}

/* The share of wrong readings at each SCK. Nothing where all are right. */
static void draw_chart(struct ui *ui, const struct avrspi_doctor_report *report)
{
    unsigned wrong = 0;

    for (size_t n = 0; n < report->n_readings; n++)
        wrong += report->readings[n].wrong;
    if (wrong == 0 && !ui->verbose)
        return;
    draw_rows(ui, report->readings, report->n_readings, "wrong");
    if (report->n_enables)
        ui_line(ui, "", "        Programming Enable alone, faster than the chip's clock allows:");
    draw_rows(ui, report->enables, report->n_enables, "silent");
}

static json_t *readings_json(const struct avrspi_isp_readings *rows, size_t n_rows)
{
    json_t *list = json_array();

    for (size_t n = 0; n < n_rows; n++)
        (void)json_array_append_new(list,
                                    json_pack("{s:i, s:i, s:i}", "sck_hz", (int)rows[n].hz, "count",
                                              (int)rows[n].done, "wrong", (int)rows[n].wrong));
    return list;
}

/* --- what comes of it */

/* What a finding comes to, and the next thing to do, in a sentence each. */
static void summarize(const struct avrspi_doctor_finding *finding, struct avrspi_error *error)
{
    struct avrspi_error first = finding->seen;

    avrspi_hint_first(&finding->seen, first.hint, sizeof first.hint);
    /* the advice follows the last of its lines, but one is a cause of its own */
    if (strchr(finding->seen.hint, '\n') && first.advice != AVRSPI_ADVICE_NO_ECHO_CHIP)
        first.advice = AVRSPI_ADVICE_NONE;
    *error = first;
}

static int conclude(struct cli *cli, const struct avrspi_doctor_report *report,
                    struct avrspi_error *error)
{
    const struct avrspi_doctor_finding *verdict = avrspi_doctor_verdict(report);
    struct avrspi_error summary;
    char next[sizeof summary.hint];

    if (!verdict) {
        ui_line(&cli->ui, "done", "nothing is wrong, as far as it can be seen from here");
        ui_fact(&cli->ui, "next", ui_string(""));
        return 0;
    }
    summarize(verdict, &summary);
    advice_text(&summary, next, sizeof next);
    ui_fact(&cli->ui, "next", ui_string(next));
    if (verdict->severity == AVRSPI_DOCTOR_WARN) {
        ui_line(&cli->ui, "next", "%s: %s%s%s", verdict->check, summary.message, *next ? "; " : "",
                next);
        return 0;
    }
    if (error)
        *error = summary;
    return (int)summary.code;
}

static void tell_json(struct cli *cli, const struct avrspi_doctor_report *report)
{
    json_t *checks = json_array();

    for (size_t n = 0; n < report->n_findings; n++)
        (void)json_array_append_new(checks, finding_json(&report->findings[n]));
    ui_fact(&cli->ui, "checks", checks);
    ui_fact(&cli->ui, "readings", readings_json(report->readings, report->n_readings));
    ui_fact(&cli->ui, "enables", readings_json(report->enables, report->n_enables));
}

/* Events of the session are told as findings. */
static int ignore(void *user, const struct avrspi_event *event)
{
    (void)user;
    (void)event;
    return 0;
}

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct run run = {.cli = cli};
    struct avrspi_doctor_config config = {
        .root = "",
        .port = cli->config.port,
        .reset = cli->config.reset,
        .open_link = open_link,
        .found = show,
        .user = &run,
        .session = target_session(cli),
    };
    struct avrspi_doctor_report report;
    int result;

    config.session.event = ignore;
    result = avrspi_doctor_run(&report, &config, error);
    draw_chart(&cli->ui, &report);
    tell_json(cli, &report);
    result = target_close(&run.target, result, error);
    if (result == 0)
        result = conclude(cli, &report, error);
    avrspi_doctor_free(&report);
    return result;
}

const struct command cmd_doctor = {
    .name = "doctor",
    .arguments = "",
    .summary = "check board, port, wires and chip, and say what to do",
    .help = "Each check is ok, warn or fail. Nothing is written to the chip: it is sent zeros,\n"
            "Programming Enable and reading instructions. The exit code is that of the first\n"
            "failure. -c NAME helps to tell what a chip that is silent may lack.",
    .needs = NEED_TARGET,
    .examples =
        {
            {"avrspi doctor", "all that can be checked from here"},
            {"avrspi -c atmega328p --vcc 5 doctor", "with what is known of the chip"},
            {"avrspi -p sim:atmega328p,fault=swapped doctor", "what it says of exchanged wires"},
        },
    .run = run,
};
