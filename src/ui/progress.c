/* SPDX-License-Identifier: MIT */
/* A bar that is drawn over itself: share done, bytes, rate, time left. */
#include "ui/ui.h"

#include "base/clock.h"

enum {
    BAR_WIDTH = 24,
    REDRAW_NS = 50 * 1000000, /* often enough for the eye */
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

static void draw(const struct ui *ui, const struct avrspi_event *progress)
{
    uint64_t spent = progress->time_ns - ui->progress_started;
    double still = (double)(progress->total - progress->done);
    double left = progress->done ? (double)spent / 1e9 * still / (double)progress->done : 0;
    int filled = (int)(progress->done * BAR_WIDTH / progress->total);
    char bar[BAR_WIDTH + 1], rate[UI_TEXT];

    for (int n = 0; n < BAR_WIDTH; n++)
        bar[n] = n < filled ? '#' : '.';
    bar[BAR_WIDTH] = '\0';
    (void)printf("\r%s%-7s%s %s %3u %%   %zu of %zu B, %s, %.1f s left\033[K",
                 ui->color ? "\033[1m" : "", label_of(progress), ui->color ? "\033[0m" : "", bar,
                 (unsigned)(progress->done * 100 / progress->total), progress->done,
                 progress->total, ui_rate(progress->done, spent, rate), left);
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
    ui->progress_shown = false;
}
