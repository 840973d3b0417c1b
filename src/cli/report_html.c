/* SPDX-License-Identifier: MIT */
#include "cli/report_html.h"

#include <stdio.h>

#include "ui/svg.h"

/* Pixels. */
enum {
    LEFT = 260, /* of the bars */
    BAR = 380,  /* the longest */
    ROW = 22,
    BINS = 24, /* of the chart of times */
    HEIGHT = 120,
};

/* From the palette of Okabe and Ito, which colour-blind people can tell apart; failed ones are
 * hatched too. */
static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Units burned</title>\n"
    "<style>body{font:15px/1.45 sans-serif;max-width:52em;margin:2em auto;padding:0 1em;color:#222}"
    "table{border-collapse:collapse}td,th{padding:.2em .9em;text-align:right;"
    "border-bottom:1px solid #ddd}td:first-child,th:first-child{text-align:left}"
    "svg{max-width:100%}.sum{font-size:1.3em}</style></head><body>\n"
    "<svg width=\"0\" height=\"0\" style=\"position:absolute\"><defs><pattern id=\"hatch\" "
    "width=\"6\" "
    "height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect "
    "width=\"6\" "
    "height=\"6\" fill=\"#d55e00\"/><line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"#ffffff\" "
    "stroke-width=\"2\"/></pattern></defs></svg>\n";

static void print_row(FILE *out, const struct avrspi_report_group *group, const char *name)
{
    (void)fputs("<tr><td>", out);
    ui_svg_text(out, name);
    (void)fprintf(out, "</td><td>%zu</td><td>%zu</td><td>%zu</td><td>%.1f %%</td></tr>\n",
                  group->good, group->failed, group->unfinished, 100 * avrspi_report_yield(group));
}

static void print_bar(FILE *out, const struct avrspi_report_group *group, size_t most, size_t n)
{
    const int y = (int)n * ROW;
    const int good = (int)(group->good * BAR / most), failed = (int)(group->failed * BAR / most);

    (void)fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", LEFT - 8, y + ROW - 7);
    ui_svg_text(out, group->name);
    (void)fprintf(out,
                  "</text><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#0072b2\"/>"
                  "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"url(#hatch)\"/>"
                  "<text x=\"%d\" y=\"%d\">%zu, %zu failed</text>\n",
                  LEFT, y + 3, good, ROW - 6, LEFT + good, y + 3, failed, ROW - 6,
                  LEFT + good + failed + 8, y + ROW - 7, group->good, group->failed);
}

/* A chart with a bar for each group, and the numbers as a table. */
static void print_groups(FILE *out, const char *title, const struct avrspi_report_groups *groups)
{
    size_t most = 1;

    if (groups->count == 0)
        return;
    for (size_t n = 0; n < groups->count; n++)
        if (groups->at[n].good + groups->at[n].failed > most)
            most = groups->at[n].good + groups->at[n].failed;
    (void)fprintf(out,
                  "<h2>%s</h2>\n<svg role=\"img\" width=\"%d\" height=\"%zu\" font-size=\"12\" "
                  "font-family=\"sans-serif\">\n",
                  title, LEFT + BAR + 140, groups->count * ROW);
    for (size_t n = 0; n < groups->count; n++)
        print_bar(out, &groups->at[n], most, n);
    (void)fprintf(out,
                  "</svg>\n<table><tr><th>%s</th><th>good</th><th>failed</th><th>unfinished</th>"
                  "<th>yield</th></tr>\n",
                  title);
    for (size_t n = 0; n < groups->count; n++)
        print_row(out, &groups->at[n], groups->at[n].name);
    (void)fputs("</table>\n", out);
}

static void print_reasons(FILE *out, const struct avrspi_report *report)
{
    if (report->reasons.count == 0)
        return;
    (void)fputs("<h2>Reasons</h2>\n<table><tr><th>error</th><th>units</th></tr>\n", out);
    for (size_t n = 0; n < report->reasons.count; n++) {
        (void)fputs("<tr><td>", out);
        ui_svg_text(out, report->reasons.at[n].name);
        (void)fprintf(out, "</td><td>%zu</td></tr>\n", report->reasons.at[n].failed);
    }
    (void)fputs("</table>\n", out);
}

/* How many good units took how long. */
static void print_times(FILE *out, const struct avrspi_report *report)
{
    const double least = avrspi_report_seconds(report, 0), most = avrspi_report_seconds(report, 1);
    const double width = most > least ? (most - least) / BINS : 1;
    size_t bins[BINS] = {0}, highest = 1;

    if (report->n_seconds == 0)
        return;
    for (size_t n = 0; n < report->n_seconds; n++) {
        size_t bin = (size_t)((report->seconds[n] - least) / width);

        bin = bin < BINS ? bin : BINS - 1;
        if (++bins[bin] > highest)
            highest = bins[bin];
    }
    (void)fprintf(out,
                  "<h2>Times of good units</h2>\n<p>Half took at most %.2f s, nine of ten %.2f s, "
                  "all %.2f s.</p>\n<svg role=\"img\" width=\"%d\" height=\"%d\" font-size=\"12\" "
                  "font-family=\"sans-serif\">\n",
                  avrspi_report_seconds(report, 0.5), avrspi_report_seconds(report, 0.9), most,
                  LEFT + BAR + 20, HEIGHT + 24);
    for (int n = 0; n < BINS; n++) {
        const int height = (int)(bins[n] * HEIGHT / highest);

        (void)fprintf(out,
                      "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#0072b2\"/>\n",
                      20 + n * (BAR + LEFT - 20) / BINS, HEIGHT - height,
                      (BAR + LEFT - 20) / BINS - 2, height);
    }
    (void)fprintf(out,
                  "<text x=\"20\" y=\"%d\">%.2f s</text><text x=\"%d\" y=\"%d\" "
                  "text-anchor=\"end\">%.2f s</text></svg>\n",
                  HEIGHT + 18, least, BAR + LEFT, HEIGHT + 18, most);
}

static void draw(FILE *out, const void *what)
{
    const struct avrspi_report *report = what;
    const struct avrspi_report_group *all = &report->all;

    (void)fputs(head, out);
    (void)fprintf(out,
                  "<h1>Units burned</h1>\n<p class=\"sum\">%zu good, %zu failed, %zu unfinished: "
                  "yield %.1f %%</p>\n",
                  all->good, all->failed, all->unfinished, 100 * avrspi_report_yield(all));
    print_reasons(out, report);
    print_times(out, report);
    print_groups(out, "Day", &report->days);
    print_groups(out, "Station", &report->stations);
    print_groups(out, "Job", &report->jobs);
    (void)fputs("</body></html>\n", out);
}

int report_html(const struct avrspi_report *report, const char *path, struct avrspi_error *error)
{
    return ui_svg_write(path, draw, report, error);
}
