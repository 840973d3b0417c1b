/* SPDX-License-Identifier: MIT */
#include "ui/group.h"

static void print_line(struct ui *ui, const struct avrspi_event *event)
{
    json_t *line = ui_json_line(event);

    if (!line)
        return;
    if (ui->station)
        (void)json_object_set_new(line, "station", ui_string(ui->station));
    flockfile(stdout); /* the lines of several threads stay whole */
    (void)json_dumpf(line, stdout, JSON_COMPACT | JSON_REAL_PRECISION(12));
    (void)putchar('\n');
    ui_flush(ui);
    funlockfile(stdout);
    json_decref(line);
}

int ui_event(void *user, const struct avrspi_event *event)
{
    struct ui *ui = user;

    if (ui->group)
        ui_group_event(ui->group, ui->line, event);
    if (!ui_is_json(ui)) {
        ui_text_event(ui, event);
        return 0;
    }
    ui_json_event(ui, event);
    if (ui->form == UI_FORM_LINES)
        print_line(ui, event);
    return 0;
}
