/* SPDX-License-Identifier: MIT */
#include "ui/live.h"

#include <stdlib.h>
#include <string.h>

/* A map, and the pages of its step in the order in which they are written. */
struct ui_live {
    struct ui_map map;
    const struct avrspi_plan *plan;
    const struct avrspi_step *step;
    size_t marked; /* bytes of the step that are marked already, at this stage */
    enum avrspi_stage stage;
    int lines; /* on the screen */
};

bool ui_step_map(struct ui_map *map, const struct avrspi_chip *chip, const struct avrspi_plan *plan,
                 const struct avrspi_step *step)
{
    struct avrspi_range range;

    if (!ui_map_begin(map, chip, UI_PAGE_SKIPPED))
        return false;
    for (size_t n = 0; avrspi_plan_range(plan, step, n, &range); n++)
        ui_map_mark(map, range.address, range.size, UI_PAGE_PLANNED);
    return true;
}

void ui_live_begin(struct ui *ui, const struct avrspi_event *event)
{
    const struct avrspi_step *step = event->step;

    ui_live_free(ui);
    if (!ui->terminal || !ui->verbose || ui->quiet || ui_is_json(ui) || step->pages == 0 ||
        step->kind != AVRSPI_STEP_WRITE || step->memory != AVRSPI_MEMORY_FLASH)
        return;
    ui->live = calloc(1, sizeof *ui->live);
    if (!ui->live)
        return;
    ui->live->plan = event->plan;
    ui->live->step = step;
    if (!ui_step_map(&ui->live->map, event->chip, event->plan, step))
        ui_live_free(ui);
}

/* Marks the bytes of the step from the first-th up to the last-th, in the order of its ranges. */
static void mark(struct ui_live *live, size_t first, size_t last, enum ui_page page)
{
    struct avrspi_range range;
    size_t before = 0;

    for (size_t n = 0; before < last && avrspi_plan_range(live->plan, live->step, n, &range); n++) {
        const size_t end = before + range.size;
        const size_t from = first > before ? first : before, to = last < end ? last : end;

        if (from < to)
            ui_map_mark(&live->map, range.address + (uint32_t)(from - before), to - from, page);
        before = end;
    }
}

void ui_live_progress(struct ui *ui, const struct avrspi_event *event)
{
    struct ui_live *live = ui->live;
    const size_t page = live ? live->step->page_size : 0;

    if (!live || event->memory != AVRSPI_MEMORY_FLASH || event->stage == AVRSPI_STAGE_READ)
        return;
    if (live->stage != event->stage)
        live->marked = 0;
    live->stage = event->stage;
    if (event->stage == AVRSPI_STAGE_VERIFY) {
        mark(live, live->marked, event->done, UI_PAGE_VERIFIED);
        live->marked = event->done;
    } else {
        mark(live, live->marked, event->done, UI_PAGE_WRITTEN);
        live->marked = event->done;
        /* a page's read-back travels with the next page; bytes are read back after all are written
         */
        if (live->step->verify && page > 1 && event->done > page)
            mark(live, event->done - 2 * page, event->done - page, UI_PAGE_VERIFIED);
    }
}

void ui_live_draw(struct ui *ui)
{
    const struct ui_map_look look = ui_map_look(ui);

    if (!ui->live)
        return;
    ui_live_erase(ui);
    ui->live->lines = ui_map_print(stdout, &ui->live->map, &look);
}

void ui_live_erase(struct ui *ui)
{
    if (!ui->live || ui->live->lines == 0)
        return;
    (void)printf("\r\033[%dA\033[J", ui->live->lines);
    ui->live->lines = 0;
}

/* The map stays on the screen. */
void ui_live_end(struct ui *ui, const struct avrspi_event *event)
{
    if (!ui->live)
        return;
    mark(ui->live, 0, event->step->bytes, event->step->verify ? UI_PAGE_VERIFIED : UI_PAGE_WRITTEN);
    ui_live_draw(ui);
    ui->live->lines = 0;
    ui_live_free(ui);
}

void ui_live_free(struct ui *ui)
{
    if (ui->live)
        ui_map_free(&ui->live->map);
    free(ui->live);
    ui->live = NULL;
}
