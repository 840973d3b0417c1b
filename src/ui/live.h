/* SPDX-License-Identifier: MIT */
/* The map of a job that writes flash. */
#ifndef AVRSPI_SRC_UI_LIVE_H
#define AVRSPI_SRC_UI_LIVE_H

#include "ui/map.h"

/* The map of a step that writes, before it does: what it would write, and what it skips. The caller
 * frees it; false when out of memory. */
bool ui_step_map(struct ui_map *map, const struct avrspi_chip *chip, const struct avrspi_plan *plan,
                 const struct avrspi_step *step);

/* On a terminal, with --verbose: a map from the beginning of such a step to its end. Each does
 * nothing where there is none. */
void ui_live_begin(struct ui *ui, const struct avrspi_event *event);
void ui_live_progress(struct ui *ui, const struct avrspi_event *event);
void ui_live_end(struct ui *ui, const struct avrspi_event *event);

/* Draws the map above the line that has the cursor at its beginning, over the one that it drew
 * last; erases that one; frees the map. */
void ui_live_draw(struct ui *ui);
void ui_live_erase(struct ui *ui);
void ui_live_free(struct ui *ui);

#endif
