/* SPDX-License-Identifier: MIT */
#include "ui/group.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum {
    LONGEST = 512,
    LEAST_BAR = 16, /* columns that a bar and its numbers take at least */
    REDRAW_NS = 50 * 1000000,
};

struct line {
    const char *name;     /* NULL: it takes no part */
    char before[UI_TEXT]; /* "PASS  ", or which chip is burned */
    char text[LONGEST];
    enum ui_style style; /* of 'before' */
    uint64_t began_ns;   /* of the step that is running */
};

struct ui_group {
    pthread_mutex_t mutex; /* for all below, and for standard output */
    struct ui *ui;
    size_t count;
    int drawn; /* lines on the screen */
    uint64_t drawn_ns;
    struct line line[];
};

struct ui_group *ui_group_new(struct ui *ui, size_t count)
{
    struct ui_group *group = calloc(1, sizeof *group + count * sizeof *group->line);

    if (!group)
        return NULL;
    (void)pthread_mutex_init(&group->mutex, NULL);
    group->ui = ui;
    group->count = count;
    return group;
}

void ui_group_free(struct ui_group *group)
{
    if (!group)
        return;
    (void)pthread_mutex_destroy(&group->mutex);
    free(group);
}

/* --- on the screen */

static int name_width(const struct ui_group *group)
{
    size_t width = 0;

    for (size_t n = 0; n < group->count; n++)
        if (group->line[n].name && strlen(group->line[n].name) > width)
            width = strlen(group->line[n].name);
    return (int)width;
}

/* At most 'columns' bytes of the text: a line that wraps could not be drawn over. */
static void print_line(const struct ui_group *group, const struct line *line, size_t columns)
{
    const bool color = group->ui->color;
    const int width = name_width(group);
    const size_t used = (size_t)width + 2 + strlen(line->before);
    size_t size = strlen(line->text);

    if (used + size > columns)
        size = columns > used ? columns - used : 0;
    (void)printf("%s%-*s%s  %s%s%s", ui_style_begin(color, UI_LABEL), width, line->name,
                 ui_style_end(color), ui_style_begin(color, line->style), line->before,
                 ui_style_end(color));
    ui_visible(stdout, line->text, size);
}

static void draw(struct ui_group *group)
{
    const size_t columns = (size_t)ui_columns() - 1;

    if (group->drawn)
        (void)printf("\033[%dA", group->drawn);
    group->drawn = 0;
    for (size_t n = 0; n < group->count; n++) {
        if (!group->line[n].name)
            continue;
        (void)putchar('\r');
        print_line(group, &group->line[n], columns);
        (void)printf("\033[K\n");
        group->drawn++;
    }
    group->drawn_ns = avrspi_clock_now();
    (void)fflush(stdout);
}

static bool is_live(const struct ui_group *group)
{
    return group->ui->terminal && !ui_is_json(group->ui) && !group->ui->quiet;
}

static void draw_if(struct ui_group *group, bool at_once)
{
    if (is_live(group) && (at_once || avrspi_clock_now() - group->drawn_ns >= REDRAW_NS))
        draw(group);
}

/* --- what happens */

void ui_group_begin(struct ui_group *group, size_t n, const char *name)
{
    (void)pthread_mutex_lock(&group->mutex);
    group->line[n] = (struct line){.name = name};
    draw_if(group, true);
    (void)pthread_mutex_unlock(&group->mutex);
}

/* "write flash" */
static void show_step(struct line *line, const struct avrspi_event *event)
{
    const struct avrspi_step *step = event->step;
    const bool names = step->kind == AVRSPI_STEP_WRITE || step->kind == AVRSPI_STEP_VERIFY ||
                       step->kind == AVRSPI_STEP_READ;

    line->began_ns = event->time_ns;
    (void)snprintf(line->text, LONGEST, "%s%s%s", avrspi_step_name(step->kind), names ? " " : "",
                   names ? avrspi_memory_name(step->memory) : "");
}

static void show_progress(const struct ui_group *group, struct line *line,
                          const struct avrspi_event *event)
{
    const char *memory = avrspi_memory_name(event->memory);
    const int used = name_width(group) + (int)strlen(line->before) + (int)strlen(memory) + 4;
    const int room = ui_columns() - 1 - used;
    char bar[UI_BAR];

    ui_bar(event, event->time_ns - line->began_ns, room < LEAST_BAR ? LEAST_BAR : room, bar);
    (void)snprintf(line->text, LONGEST, "%s %s", memory, bar);
}

void ui_group_event(struct ui_group *group, size_t n, const struct avrspi_event *event)
{
    struct line *line = &group->line[n];

    (void)pthread_mutex_lock(&group->mutex);
    if (event->chip)
        (void)snprintf(line->before, sizeof line->before, "%s  ", avrspi_chip_name(event->chip));
    if (event->kind == AVRSPI_EVENT_STEP_BEGIN)
        show_step(line, event);
    else if (event->kind == AVRSPI_EVENT_PROGRESS && event->total > 1)
        show_progress(group, line, event);
    draw_if(group, event->kind == AVRSPI_EVENT_STEP_BEGIN);
    (void)pthread_mutex_unlock(&group->mutex);
}

void ui_group_end(struct ui_group *group, size_t n, bool good, const char *text)
{
    struct line *line = &group->line[n];

    (void)pthread_mutex_lock(&group->mutex);
    line->style = good ? UI_PASS : UI_ERROR;
    strcpy(line->before, good ? "PASS  " : "FAIL  ");
    (void)snprintf(line->text, LONGEST, "%s", text);
    if (is_live(group)) {
        draw(group);
    } else if (!ui_is_json(group->ui)) {
        print_line(group, line, LONGEST);
        (void)putchar('\n');
        ui_flush(group->ui);
    }
    (void)pthread_mutex_unlock(&group->mutex);
}

void ui_group_leave(struct ui_group *group)
{
    (void)pthread_mutex_lock(&group->mutex);
    group->drawn = 0;
    for (size_t n = 0; n < group->count; n++)
        group->line[n].name = NULL;
    (void)pthread_mutex_unlock(&group->mutex);
}
