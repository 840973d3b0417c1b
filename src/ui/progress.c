/* SPDX-License-Identifier: MIT */
/* A bar that is drawn over itself: share done, bytes, rate, time left, as far as there is room. */
#include "ui/ui.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "ui/live.h"

enum {
    LABEL_WIDTH = 8,
    BAR_WIDTH = 24, /* where there is room for more */
    LEAST_BAR = 8,
    REDRAW_NS = 50 * 1000000,      /* often enough for the eye */
    LEAST_TIME_NS = 200 * 1000000, /* from which on a rate means something */
};

static const char *label_of(const struct avrspi_event *event)
{
    switch (event->stage) {
    case AVRSPI_STAGE_READ:
        return "read";
    case AVRSPI_STAGE_VERIFY:
        return "verify";
    case AVRSPI_STAGE_WRITE:
        return avrspi_memory_name(event->memory);
    }
    return "";
}

/* What stands after the bar: of the three parts as many as 'wanted'. */
static int tail(const struct avrspi_event *progress, uint64_t spent, int wanted, char text[UI_BAR])
{
    const size_t done = progress->done, total = progress->total;
    int used = snprintf(text, UI_BAR, " %3u %%", (unsigned)((uint64_t)done * 100 / total));

    if (wanted > 1)
        used += snprintf(text + used, UI_BAR - (size_t)used, "   %zu of %zu B", done, total);
    if (wanted > 2 && done && spent >= LEAST_TIME_NS) {
        char rate[UI_TEXT];

        used += snprintf(text + used, UI_BAR - (size_t)used, ", %s, %.1f s left",
                         ui_rate(done, spent, rate),
                         (double)spent / 1e9 * (double)(total - done) / (double)done);
    }
    return used;
}

void ui_bar(const struct avrspi_event *progress, uint64_t spent, int width, char text[UI_BAR])
{
    char after[UI_BAR];
    int wanted = 3, bar = width - tail(progress, spent, wanted, after), filled;

    while (bar < LEAST_BAR && wanted > 1)
        bar = width - tail(progress, spent, --wanted, after);
    bar = bar > BAR_WIDTH ? BAR_WIDTH : bar < LEAST_BAR ? 0 : bar;
    filled = (int)((uint64_t)progress->done * (unsigned)bar / progress->total);
    memset(text, '#', (size_t)filled);
    memset(text + filled, '.', (size_t)(bar - filled));
    (void)snprintf(text + bar, UI_BAR - (size_t)bar, "%s", bar ? after : after + 1);
}

static void draw(struct ui *ui, const struct avrspi_event *progress)
{
    char text[UI_BAR];

    ui_live_draw(ui);
    /* the last column stays free: a terminal may begin a new line there */
    ui_bar(progress, progress->time_ns - ui->progress_started, ui_columns() - LABEL_WIDTH - 1,
           text);
    (void)printf("\r%s%-*s%s%s\033[K", ui_style_begin(ui->color, UI_LABEL), LABEL_WIDTH,
                 label_of(progress), ui_style_end(ui->color), text);
    (void)fflush(stdout);
}

void ui_progress(struct ui *ui, const struct avrspi_event *event)
{
    uint64_t now;

    if (!ui->terminal || ui_is_json(ui) || ui->quiet || event->total <= 1)
        return;
    now = avrspi_clock_now();
    if (!ui->progress_shown) {
        ui->progress_started = event->time_ns;
        ui->progress_shown = true;
    } else if (now - ui->progress_drawn < REDRAW_NS && event->done != event->total) {
        return;
    }
    ui->progress_drawn = now;
    draw(ui, event);
}

void ui_progress_end(struct ui *ui)
{
    if (!ui->progress_shown)
        return;
    (void)printf("\r\033[K");
    ui_live_erase(ui);
    ui->progress_shown = false;
}
