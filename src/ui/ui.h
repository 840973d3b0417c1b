/* SPDX-License-Identifier: MIT */
/*
 * What the user sees. A command says each fact twice, in words and under a JSON key; which of
 * the two appears is decided here. With --json one object is printed at the end and nothing
 * before it.
 */
#ifndef AVRSPI_SRC_UI_UI_H
#define AVRSPI_SRC_UI_UI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "avrspi/error.h"
#include "avrspi/session.h"

enum ui_color {
    UI_COLOR_AUTO,
    UI_COLOR_ALWAYS,
    UI_COLOR_NEVER,
};

struct ui {
    bool json_mode;
    bool quiet;
    bool verbose;
    bool color;    /* on standard output */
    bool terminal; /* standard output is one that can redraw a line */
    json_t *root;
    const struct avrspi_link *link; /* whose clock times the progress; may be NULL */

    /* progress.c */
    uint64_t progress_started, progress_drawn;
    bool progress_shown;
};

void ui_begin(struct ui *ui);
void ui_set_color(struct ui *ui, enum ui_color color);
void ui_end(struct ui *ui);

/* A line of text, "label   text"; an empty label for a line of its own. Not with --json. */
__attribute__((format(printf, 3, 4))) void ui_line(struct ui *ui, const char *label,
                                                   const char *format, ...);

/* The same, but only with --verbose. */
__attribute__((format(printf, 3, 4))) void ui_detail(struct ui *ui, const char *label,
                                                     const char *format, ...);

/* A warning on standard error, "avrspi: warning: ..."; with --json in the list "warnings". */
__attribute__((format(printf, 2, 3))) void ui_warn(struct ui *ui, const char *format, ...);

/* A JSON string; '?' for each byte that is no UTF-8, as paths may have them. */
json_t *ui_string(const char *text);

/* A fact of the JSON object. 'value' is taken over. */
void ui_fact(struct ui *ui, const char *key, json_t *value);

/* An error: message and hint on standard error, or the JSON object's "error". */
void ui_fail(struct ui *ui, const struct avrspi_error *error, int exit_code);

/* Prints the JSON object, with --json. */
void ui_finish(struct ui *ui, const char *command, bool ok);

/* --- progress.c */

/* Draws a bar on a terminal; nothing elsewhere. */
void ui_progress(struct ui *ui, const struct avrspi_progress *progress);

/* Takes the bar away. */
void ui_progress_end(struct ui *ui);

/* --- units.c: numbers as people write them, into a caller's buffer */

enum {
    UI_TEXT = 64,
};

/* "225 kHz", "1 MHz", "7.3728 MHz" */
const char *ui_hertz(uint32_t hz, char text[UI_TEXT]);
/* "924 B", "32 KiB" */
const char *ui_bytes(uint64_t bytes, char text[UI_TEXT]);
/* "0.31 s", "850 us" */
const char *ui_seconds(uint64_t ns, char text[UI_TEXT]);
/* "1E 95 0F" */
const char *ui_signature(const uint8_t signature[3], char text[UI_TEXT]);
/* "internal 8 MHz / 8", "crystal 8 to 20 MHz", ... */
const char *ui_clock(const struct avrspi_clock *clock, unsigned divider, char text[UI_TEXT]);

#endif
