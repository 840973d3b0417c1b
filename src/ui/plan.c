/* SPDX-License-Identifier: MIT */
/* What a plan would do, as text and as JSON. */
#include "ui/live.h"

#include <string.h>

enum {
    SHOWN_RANGES = 4,
};

/* --- text */

/* "0x0000-0x01FF 0x7E00-0x7E7F ..." */
static void ranges_text(const struct avrspi_plan *plan, const struct avrspi_step *step, char *text,
                        size_t size)
{
    struct avrspi_range range;
    size_t used = 0;

    *text = '\0';
    for (size_t n = 0; avrspi_plan_range(plan, step, n, &range); n++) {
        if (n == SHOWN_RANGES) {
            (void)snprintf(text + used, size - used, " ...");
            return;
        }
        used += (size_t)snprintf(text + used, size - used, "%s0x%04X-0x%04X", n ? " " : "",
                                 range.address, range.address + (range.size - 1));
    }
}

static void write_text(struct ui *ui, const struct avrspi_plan *plan,
                       const struct avrspi_step *step)
{
    const char *label = avrspi_memory_name(step->memory);
    char ranges[160];

    if (step->data_bytes == 0) /* the boot section alone */
        return;
    if (step->pages == 0) {
        ui_line(ui, label, "%u B, nothing would be written", step->data_bytes);
        return;
    }
    ranges_text(plan, step, ranges, sizeof ranges);
    ui_line(ui, label, "%u B, %u of %u %s would be written%s: %s", step->data_bytes, step->pages,
            step->total_pages, step->page_size > 1 ? "pages" : "bytes",
            step->verify ? " and verified" : "", ranges);
}

static void show_map(struct ui *ui, const struct avrspi_chip *chip, const struct avrspi_plan *plan,
                     const struct avrspi_step *step)
{
    struct ui_map map;

    if (!ui->verbose || step->memory != AVRSPI_MEMORY_FLASH || step->pages == 0)
        return;
    if (ui_step_map(&map, chip, plan, step))
        ui_map_show(ui, &map);
    ui_map_free(&map);
}

void ui_loss_text(struct ui *ui, const struct avrspi_step *step, bool planned)
{
    const char *erased = planned ? "would be erased" : "erased";

    if (step->loss == AVRSPI_EEPROM_LOSS_CONTENT)
        ui_line(ui, "eeprom", "%s, it %s not blank", erased, planned ? "is" : "was");
    else if (step->loss == AVRSPI_EEPROM_LOSS_UNSEEN && step->looked_at)
        ui_line(ui, "eeprom", "%s, not looked at beyond its first %u B", erased, step->looked_at);
    else if (step->loss == AVRSPI_EEPROM_LOSS_UNSEEN)
        ui_line(ui, "eeprom", "%s, not looked at", erased);
}

static void step_text(struct ui *ui, const struct avrspi_chip *chip, const struct avrspi_plan *plan,
                      const struct avrspi_step *step)
{
    char sck[UI_TEXT];

    switch (step->kind) {
    case AVRSPI_STEP_RAISE_CLOCK:
        ui_line(ui, "clock", "would be raised for the job, SCK %s", ui_hertz(step->sck_hz, sck));
        break;
    case AVRSPI_STEP_KEEP_BOOT:
        ui_line(ui, "boot", "0x%04X-0x%04X would be kept", step->address,
                step->address + (step->bytes - 1));
        break;
    case AVRSPI_STEP_ERASE:
        ui_line(ui, "erase", "flash%s and lock bits would be erased",
                step->keeps_eeprom ? "" : ", EEPROM");
        ui_loss_text(ui, step, true);
        break;
    case AVRSPI_STEP_WRITE:
        write_text(ui, plan, step);
        show_map(ui, chip, plan, step);
        break;
    case AVRSPI_STEP_RESTORE_EEPROM:
        ui_line(ui, "eeprom", "%u of %u %s would be restored", step->pages, step->total_pages,
                step->page_size > 1 ? "pages" : "bytes");
        break;
    default:
        break;
    }
}

void ui_plan_text(struct ui *ui, const struct avrspi_chip *chip, const struct avrspi_plan *plan)
{
    const struct avrspi_step *step;
    char seconds[UI_TEXT];

    for (size_t n = 0; (step = avrspi_plan_step(plan, n)) != NULL; n++)
        step_text(ui, chip, plan, step);
    ui_line(ui, "total", "at most %s; nothing was written (--dry-run)",
            ui_seconds(avrspi_plan_at_most_ns(plan), seconds));
}

/* --- JSON */

static json_t *ranges_json(const struct avrspi_plan *plan, const struct avrspi_step *step)
{
    json_t *list = json_array();
    struct avrspi_range range;

    for (size_t n = 0; avrspi_plan_range(plan, step, n, &range); n++)
        (void)json_array_append_new(list,
                                    json_pack("{s:I, s:I}", "address", (json_int_t)range.address,
                                              "bytes", (json_int_t)range.size));
    return list;
}

static json_t *fuses_json(const struct avrspi_step *step)
{
    json_t *bytes = json_object();

    for (int n = 0; n < AVRSPI_FUSES; n++) {
        json_t *change;

        if (!step->after.given[n])
            continue;
        change = json_pack("{s:i}", "after", (int)step->after.value[n]);
        if (step->before.given[n])
            (void)json_object_set_new(change, "before", json_integer(step->before.value[n]));
        (void)json_object_set_new(bytes, avrspi_fuse_name((enum avrspi_fuse)n), change);
    }
    return bytes;
}

const char *ui_loss_word(enum avrspi_eeprom_loss loss)
{
    static const char *const words[] = {
        [AVRSPI_EEPROM_LOSS_NONE] = "",
        [AVRSPI_EEPROM_LOSS_CONTENT] = "not-blank",
        [AVRSPI_EEPROM_LOSS_UNSEEN] = "not-looked-at",
    };

    return words[loss];
}

static bool has_memory(const struct avrspi_step *step)
{
    return step->kind == AVRSPI_STEP_READ || step->kind == AVRSPI_STEP_WRITE ||
           step->kind == AVRSPI_STEP_VERIFY || step->kind == AVRSPI_STEP_KEEP_BOOT ||
           step->kind == AVRSPI_STEP_KEEP_EEPROM || step->kind == AVRSPI_STEP_RESTORE_EEPROM ||
           step->kind == AVRSPI_STEP_LOOK_EEPROM;
}

json_t *ui_step_json(const struct avrspi_plan *plan, const struct avrspi_step *step)
{
    json_t *object = json_pack("{s:s}", "step", avrspi_step_name(step->kind));
    bool pages = step->kind == AVRSPI_STEP_WRITE || step->kind == AVRSPI_STEP_RESTORE_EEPROM;
    bool fuses = step->kind == AVRSPI_STEP_FUSES || step->kind == AVRSPI_STEP_LOCK ||
                 step->kind == AVRSPI_STEP_RAISE_CLOCK || step->kind == AVRSPI_STEP_RESTORE_CLOCK;

    if (has_memory(step)) {
        (void)json_object_set_new(object, "memory", json_string(avrspi_memory_name(step->memory)));
        (void)json_object_set_new(object, "bytes", json_integer(step->bytes));
    }
    if (pages) {
        (void)json_object_set_new(object, "pages", json_integer(step->pages));
        (void)json_object_set_new(object, "ranges", ranges_json(plan, step));
    }
    if (fuses)
        (void)json_object_set_new(object, "fuses", fuses_json(step));
    if (step->loss != AVRSPI_EEPROM_LOSS_NONE)
        (void)json_object_set_new(object, "eeprom_erased", json_string(ui_loss_word(step->loss)));
    (void)json_object_set_new(object, "sck_hz", json_integer(step->sck_hz));
    (void)json_object_set_new(object, "seconds", ui_json_seconds(step->at_most_ns));
    return object;
}

json_t *ui_plan_json(const struct avrspi_plan *plan)
{
    const struct avrspi_step *step;
    json_t *steps = json_array();

    for (size_t n = 0; (step = avrspi_plan_step(plan, n)) != NULL; n++)
        (void)json_array_append_new(steps, ui_step_json(plan, step));
    return json_pack("{s:o, s:o}", "seconds", ui_json_seconds(avrspi_plan_at_most_ns(plan)),
                     "steps", steps);
}
