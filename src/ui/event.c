/* SPDX-License-Identifier: MIT */
#include "ui/ui.h"

static void print_line(struct ui *ui, const struct avrspi_event *event)
{
    json_t *line = ui_json_line(event);

    if (!line)
        return;
    (void)json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(12));
    (void)putchar('\n');
    ui_flush(ui);
    json_decref(line);
}

int ui_event(void *user, const struct avrspi_event *event)
{
    struct ui *ui = user;

    if (!ui_is_json(ui)) {
        ui_text_event(ui, event);
        return 0;
    }
    ui_json_event(ui, event);
    if (ui->form == UI_FORM_LINES)
        print_line(ui, event);
    return 0;
}
