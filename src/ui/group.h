/* SPDX-License-Identifier: MIT */
/* Units that are burned side by side: a line each, which is drawn over itself on a terminal. */
#ifndef AVRSPI_SRC_UI_GROUP_H
#define AVRSPI_SRC_UI_GROUP_H

#include <stddef.h>

#include "ui/ui.h"

struct ui_group;

/* A group of 'count' lines, shown as 'ui' says. The caller frees it; NULL when out of memory. All
 * other functions may be called in several threads at once. */
struct ui_group *ui_group_new(struct ui *ui, size_t count);
void ui_group_free(struct ui_group *group);

/* The unit of line n begins; 'name' is its station's, and must outlive the group. */
void ui_group_begin(struct ui_group *group, size_t n, const char *name);

/* What happens to it. */
void ui_group_event(struct ui_group *group, size_t n, const struct avrspi_event *event);

/* How it ended. */
void ui_group_end(struct ui_group *group, size_t n, bool good, const char *text);

/* The lines stay as they are; what comes next is below them. */
void ui_group_leave(struct ui_group *group);

#endif
