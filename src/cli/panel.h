/* SPDX-License-Identifier: MIT */
/* The GPIO lines of a bench: a button that begins a round, lamps and a buzzer. */
#ifndef AVRSPI_SRC_CLI_PANEL_H
#define AVRSPI_SRC_CLI_PANEL_H

#include <stdbool.h>

#include "recipe/bench.h"

struct panel;

/* Takes the lines of a bench; NULL is one without. AVRSPI_ERR_DEVICE when a line can't be had,
 * AVRSPI_ERR_USAGE when it is not written as a line is. The caller closes *panel. */
int panel_open(struct panel **panel, const struct avrspi_bench *bench, struct avrspi_error *error);

/* All off; the lines are inputs again. NULL is allowed. */
void panel_close(struct panel *panel);

bool panel_has_button(const struct panel *panel);

/* Until the button is pressed, having been released before, or until a signal. */
int panel_wait(struct panel *panel, struct avrspi_error *error);

/* A round begins: all lamps go off. */
void panel_begin(struct panel *panel);

/* How the unit of the n-th station ended. */
void panel_tell(struct panel *panel, size_t n, bool good);

/* How the round ended: 'good' where no unit failed. The buzzer sounds once, or three times. */
void panel_end(struct panel *panel, bool good);

#endif
