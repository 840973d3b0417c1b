/* SPDX-License-Identifier: MIT */
/* Events as lines of text. */
#include "ui/live.h"

#include <string.h>

static void identified(struct ui *ui, const struct avrspi_event *event)
{
    const struct avrspi_session *session = event->session;
    const struct avrspi_chip *chip = avrspi_session_chip(session), *candidate;
    char signature[UI_TEXT], clock[UI_TEXT], sck[UI_TEXT];

    (void)ui_signature(avrspi_session_signature_bytes(session), signature);
    (void)ui_session_clock(session, clock);
    (void)ui_sck(avrspi_session_sck(session), avrspi_link_asked_speed(avrspi_session_link(session)),
                 sck);
    if (ui->plain) {
        ui_line(ui, "chip", "%s", avrspi_chip_name(chip));
        ui_line(ui, "signature", "%s", signature);
        ui_line(ui, "CPU clock", "%s", clock);
        ui_line(ui, "SCK", "%s", sck);
        ui_line(ui, "port", "%s", avrspi_link_name(avrspi_session_link(session)));
    } else {
        ui_line(ui, "", "%s  %s   %s, SCK %s   %s", avrspi_chip_name(chip), signature, clock, sck,
                avrspi_link_name(avrspi_session_link(session)));
    }
    for (size_t n = 0; (candidate = avrspi_session_candidate(session, n)) != NULL; n++)
        ui_detail(ui, "", "  %s has the same signature", avrspi_chip_name(candidate));
}

static void plan(struct ui *ui, const struct avrspi_event *event)
{
    if (event->planned)
        ui_plan_text(ui, event->chip, event->plan);
}

/* Whether an erase of the plan has made the memory blank. */
static bool was_blank(const struct avrspi_event *event)
{
    const struct avrspi_step *step;

    for (size_t n = 0; (step = avrspi_plan_step(event->plan, n)) != NULL; n++)
        if (step->kind == AVRSPI_STEP_ERASE)
            return event->step->memory == AVRSPI_MEMORY_FLASH || !step->keeps_eeprom;
    return false;
}

static void wrote_data(struct ui *ui, const struct avrspi_event *event)
{
    const struct avrspi_step *step = event->step;
    const char *label = avrspi_memory_name(step->memory);
    const char *verified = step->verify ? ", verified" : "";

    if (step->pages == 0)
        ui_line(ui, label, "%u B, %s%s", step->data_bytes,
                was_blank(event) ? "all blank" : "nothing differs: nothing written", verified);
    else
        ui_line(ui, label, "%u B, %u of %u %s%s", step->data_bytes, step->pages, step->total_pages,
                step->page_size > 1 ? "pages" : "bytes", verified);
}

static void kept_boot(struct ui *ui, const struct avrspi_event *event)
{
    if (event->result->boot_kept)
        ui_line(ui, "boot", "kept, %zu B were not blank", event->result->boot_kept);
    else
        ui_line(ui, "boot", "was blank");
}

/* Pages of a file, of the boot section that is kept, or of both. */
static void wrote(struct ui *ui, const struct avrspi_event *event)
{
    if (event->step->data_bytes)
        wrote_data(ui, event);
    if (event->step->memory == AVRSPI_MEMORY_FLASH && event->request->keep_boot &&
        event->result->erased)
        kept_boot(ui, event);
}

static void compared(struct ui *ui, const struct avrspi_event *event)
{
    const struct avrspi_step *step = event->step;

    if (step->whole)
        ui_line(ui, "verify", "%u B equal, all else blank", step->data_bytes);
    else if (step->data_bytes)
        ui_line(ui, "verify", "%u B equal", step->data_bytes);
}

static void step_end(struct ui *ui, const struct avrspi_event *event)
{
    const struct avrspi_step *step = event->step;
    char sck[UI_TEXT];

    ui_progress_end(ui);
    ui_live_end(ui, event);
    switch (step->kind) {
    case AVRSPI_STEP_RAISE_CLOCK:
        ui_line(ui, "clock", "raised for this job, SCK %s", ui_hertz(step->sck_hz, sck));
        break;
    case AVRSPI_STEP_ERASE:
        ui_line(ui, "erase", "done");
        ui_loss_text(ui, step, false);
        break;
    case AVRSPI_STEP_WRITE:
        wrote(ui, event);
        break;
    case AVRSPI_STEP_RESTORE_EEPROM:
        ui_line(ui, "eeprom", "restored, %zu of %u B were not blank", event->result->eeprom_kept,
                step->total_pages * step->page_size);
        break;
    case AVRSPI_STEP_VERIFY:
        compared(ui, event);
        break;
    default:
        break;
    }
}

/* "at least 14.4 MHz, found: Programming Enable echoed at 7.2 MHz; SCK 2.4 MHz" */
static void clock_found(struct ui *ui, const struct avrspi_event *event)
{
    char clock[UI_TEXT], echo[UI_TEXT], sck[UI_TEXT];

    (void)ui_hertz(event->clock_hz, clock);
    (void)ui_hertz(event->echo_hz, echo);
    (void)ui_hertz(event->sck_hz, sck);
    if (event->clock_hz)
        ui_line(ui, "clock", "at least %s, found: Programming Enable echoed at %s; SCK %s", clock,
                echo, sck);
    else
        ui_detail(ui, "clock", "not found in %u trial%s, SCK %s", event->count,
                  event->count == 1 ? "" : "s", sck);
}

static void progress(struct ui *ui, const struct avrspi_event *event)
{
    ui_live_progress(ui, event);
    ui_progress(ui, event);
    if (event->done == event->total)
        ui_progress_end(ui);
}

void ui_text_event(struct ui *ui, const struct avrspi_event *event)
{
    static void (*const show[AVRSPI_EVENTS])(struct ui * ui, const struct avrspi_event *event) = {
        [AVRSPI_EVENT_IDENTIFIED] = identified,    [AVRSPI_EVENT_PLAN] = plan,
        [AVRSPI_EVENT_PROGRESS] = progress,        [AVRSPI_EVENT_STEP_END] = step_end,
        [AVRSPI_EVENT_WARNING] = ui_warning,       [AVRSPI_EVENT_CLOCK] = clock_found,
        [AVRSPI_EVENT_STEP_BEGIN] = ui_live_begin,
    };

    if (show[event->kind])
        show[event->kind](ui, event);
}
