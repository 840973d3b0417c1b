/* SPDX-License-Identifier: MIT */
/* Events as JSON: what each adds to the object at the end, and each as a line of its own. */
#include "ui/ui.h"

#include <string.h>

static void set(json_t *object, const char *key, json_t *value)
{
    (void)json_object_set_new(object, key, value);
}

static void set_count(json_t *object, const char *key, size_t count)
{
    set(object, key, json_integer((json_int_t)count));
}

/* --- the target */

static void add_target(json_t *object, const struct avrspi_session *session)
{
    const struct avrspi_chip *chip = avrspi_session_chip(session);
    struct avrspi_clock clock = avrspi_session_clock(session);
    char text[UI_TEXT];

    set(object, "chip", ui_string(avrspi_chip_name(chip)));
    set(object, "signature",
        ui_string(ui_signature(avrspi_session_signature_bytes(session), text)));
    set(object, "clock", ui_string(ui_session_clock(session, text)));
    set(object, "clock_hz", json_integer(clock.min_hz));
    set(object, "clock_source", ui_string(avrspi_clock_source_name(clock.source)));
}

static void add_clock_found(json_t *object, const struct avrspi_event *event)
{
    char text[UI_TEXT];

    set(object, "clock", ui_string(ui_session_clock(event->session, text)));
    set(object, "clock_hz", json_integer(avrspi_session_clock(event->session).min_hz));
    set(object, "clock_trials",
        json_pack("{s:I, s:I, s:I}", "at_least_hz", (json_int_t)event->clock_hz, "echo_hz",
                  (json_int_t)event->echo_hz, "count", (json_int_t)event->count));
}

/* --- what was written */

static void add_report(json_t *object, const struct avrspi_write_report *report, bool erased)
{
    set_count(object, "bytes", report->bytes);
    set_count(object, "bytes_written", report->bytes_written);
    set_count(object, "pages", report->pages);
    set_count(object, "pages_written", report->pages_written);
    set(object, "erased", json_boolean(erased));
    set(object, "verified", json_boolean(report->verified));
}

static void add_result(json_t *object, const struct avrspi_event *event)
{
    const struct avrspi_job_result *result = event->result;

    if (event->request->compare)
        return;
    if (event->request->keep_boot && result->erased)
        set_count(object, "boot_kept", result->boot_kept);
    if (result->loss != AVRSPI_EEPROM_LOSS_NONE)
        set(object, "eeprom_erased", ui_string(ui_loss_word(result->loss)));
    if (event->request->flash)
        add_report(object, &result->flash, result->erased);
    else if (event->request->eeprom)
        add_report(object, &result->eeprom, result->erased);
}

/* --- the object at the end */

void ui_json_event(struct ui *ui, const struct avrspi_event *event)
{
    switch (event->kind) {
    case AVRSPI_EVENT_IDENTIFIED:
        add_target(ui->root, event->session);
        break;
    case AVRSPI_EVENT_CLOCK:
        add_clock_found(ui->root, event);
        break;
    case AVRSPI_EVENT_PLAN:
        if (event->planned)
            ui_fact(ui, "plan", ui_plan_json(event->plan));
        break;
    case AVRSPI_EVENT_WARNING:
        ui_warning(ui, event);
        break;
    case AVRSPI_EVENT_RESULT:
        add_result(ui->root, event);
        break;
    default:
        break;
    }
}

/* --- a line of its own */

static const char *const names[AVRSPI_EVENTS] = {
    [AVRSPI_EVENT_IDENTIFIED] = "identified", [AVRSPI_EVENT_PLAN] = "plan",
    [AVRSPI_EVENT_STEP_BEGIN] = "step-begin", [AVRSPI_EVENT_PROGRESS] = "progress",
    [AVRSPI_EVENT_STEP_END] = "step-end",     [AVRSPI_EVENT_WARNING] = "warning",
    [AVRSPI_EVENT_RESYNC] = "resync",         [AVRSPI_EVENT_CLOCK] = "clock",
};

static void add_progress(json_t *line, const struct avrspi_event *event)
{
    static const char *const stages[] = {
        [AVRSPI_STAGE_READ] = "read",
        [AVRSPI_STAGE_WRITE] = "write",
        [AVRSPI_STAGE_VERIFY] = "verify",
    };

    set(line, "stage", ui_string(stages[event->stage]));
    set(line, "memory", ui_string(avrspi_memory_name(event->memory)));
    set_count(line, "done", event->done);
    set_count(line, "total", event->total);
}

/* Beside SCK, where it is not what was asked for. */
static void add_asked(json_t *line, const struct avrspi_link *link)
{
    if (avrspi_link_asked_speed(link) != avrspi_link_speed(link))
        set(line, "sck_asked_hz", json_integer(avrspi_link_asked_speed(link)));
}

static void add_details(json_t *line, const struct avrspi_event *event)
{
    char text[512];

    switch (event->kind) {
    case AVRSPI_EVENT_IDENTIFIED:
        add_target(line, event->session);
        set(line, "sck_hz", json_integer(avrspi_session_sck(event->session)));
        add_asked(line, avrspi_session_link(event->session));
        break;
    case AVRSPI_EVENT_CLOCK:
        add_clock_found(line, event);
        set(line, "sck_hz", json_integer(event->sck_hz));
        break;
    case AVRSPI_EVENT_PLAN:
        set(line, "plan", ui_plan_json(event->plan));
        break;
    case AVRSPI_EVENT_STEP_BEGIN:
    case AVRSPI_EVENT_STEP_END:
        (void)json_object_update_new(line, ui_step_json(event->plan, event->step));
        if (event->kind == AVRSPI_EVENT_STEP_END)
            set(line, "took", ui_json_seconds(event->step->took_ns));
        break;
    case AVRSPI_EVENT_PROGRESS:
        add_progress(line, event);
        break;
    case AVRSPI_EVENT_WARNING:
        ui_warning_text(event, text, sizeof text);
        set(line, "message", ui_string(text));
        break;
    case AVRSPI_EVENT_RESYNC:
        set(line, "sck_hz", json_integer(event->sck_hz));
        set_count(line, "count", event->count);
        break;
    default:
        break;
    }
}

json_t *ui_json_line(const struct avrspi_event *event)
{
    json_t *line;

    if (!names[event->kind])
        return NULL;
    line = json_pack("{s:s}", "event",
                     event->kind == AVRSPI_EVENT_WARNING && ui_is_note(event) ? "note"
                                                                              : names[event->kind]);
    if (*event->station)
        set(line, "station", ui_string(event->station));
    set(line, "at", ui_json_seconds(event->time_ns));
    add_details(line, event);
    return line;
}
