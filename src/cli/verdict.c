/* SPDX-License-Identifier: MIT */
#include "cli/verdict.h"

#include <stdio.h>

#include "base/error.h"
#include "cli/advice.h"

enum {
    BLOCK_COLUMNS = 34,
    BLOCK_ROWS = 5,
};

/* Letters of five rows, large enough to be read from across a room. */
static const char *const pass_block[BLOCK_ROWS] = {
    "PPPPPP    AAAA    SSSSS   SSSSS ", "PP   PP  AA  AA  SS      SS     ",
    "PPPPPP   AAAAAA   SSSS    SSSS  ", "PP       AA  AA      SS      SS ",
    "PP       AA  AA  SSSSS   SSSSS  ",
};

static const char *const fail_block[BLOCK_ROWS] = {
    "FFFFFFF   AAAA   IIIIII  LL     ", "FF       AA  AA    II    LL     ",
    "FFFFF    AAAAAA    II    LL     ", "FF       AA  AA    II    LL     ",
    "FF       AA  AA  IIIIII  LLLLLL ",
};

static void show_letters(struct ui *ui, bool good)
{
    const char *const *block = good ? pass_block : fail_block;

    if (ui_is_json(ui))
        return;
    if (!ui->terminal || ui_columns() < BLOCK_COLUMNS) {
        (void)printf("%s\n", good ? "PASS" : "FAIL");
        return;
    }
    for (int n = 0; n < BLOCK_ROWS; n++)
        (void)printf("%s  %s%s\n", ui_style_begin(ui->color, good ? UI_PASS : UI_ERROR), block[n],
                     ui_style_end(ui->color));
}

static void show_reason(struct ui *ui, const char *station, const struct avrspi_error *error)
{
    struct avrspi_error named = *error;
    char hint[sizeof error->hint];

    if (ui_is_json(ui))
        return;
    if (station)
        (void)avrspi_fail_named(&named, error->code, station, ": %s", error->message);
    advice_text(error, hint, sizeof hint);
    ui_fail(ui, &named, hint, -(int)error->code);
}

void verdict_show(struct ui *ui, int result, const struct avrspi_error *error)
{
    if (result < 0)
        show_reason(ui, NULL, error);
    show_letters(ui, result == 0);
}

void verdict_explain(struct ui *ui, const struct cli *unit, int result,
                     const struct avrspi_error *error)
{
    if (ui_is_json(ui))
        return;
    ui_pass_on(ui, &unit->ui, unit->station);
    if (result < 0)
        show_reason(ui, unit->station, error);
}

json_t *verdict_json(const struct cli *unit, uint32_t n, int result,
                     const struct avrspi_error *error)
{
    const bool failed = result < 0;
    char hint[sizeof error->hint] = "";
    json_t *object;

    if (failed)
        advice_text(error, hint, sizeof hint);
    object = json_pack("{s:I, s:s, s:s, s:o, s:o}", "unit", (json_int_t)n, "verdict",
                       failed ? "fail" : "pass", "reason",
                       failed ? avrspi_err_name((enum avrspi_err)result) : "", "message",
                       ui_string(failed ? error->message : ""), "hint", ui_string(hint));
    if (failed)
        ui_add_causes(object, error);
    if (unit->station)
        (void)json_object_set_new(object, "station", ui_string(unit->station));
    if (unit->ui.group)
        (void)json_object_set_new(object, "facts", json_deep_copy(unit->ui.root));
    return object;
}
