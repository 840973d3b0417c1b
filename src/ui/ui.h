/* SPDX-License-Identifier: MIT */
/*
 * What the user sees: the events of sessions, and what commands add to them, as text, as one JSON
 * object at the end, or as a JSON object a line.
 *
 *     ui.c        lines, facts, errors: what everything else is made of
 *     event.c     which event goes where
 *     text.c      events as lines of text
 *     json.c      events as JSON
 *     plan.c      a plan as text and as JSON
 *     warning.c   warnings in words
 *     progress.c  a bar that is drawn over itself
 *     group.h     units side by side, a line each
 *     map.h       a map of flash, as text, as a picture, and live
 *     units.c     numbers as people write them
 */
#ifndef AVRSPI_SRC_UI_UI_H
#define AVRSPI_SRC_UI_UI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#include "avrspi/event.h"
#include "avrspi/job.h"

enum ui_form {
    UI_FORM_TEXT,
    UI_FORM_JSON,  /* one object at the end, nothing before it */
    UI_FORM_LINES, /* an object for each event, and that object as the last one */
};

enum ui_color {
    UI_COLOR_AUTO,
    UI_COLOR_ALWAYS,
    UI_COLOR_NEVER,
};

struct ui {
    enum ui_form form;
    bool quiet;
    bool verbose;
    bool color;        /* on standard output */
    bool color_errors; /* on standard error */
    bool terminal;     /* standard output is one that can redraw a line */
    bool plain;        /* for a screen reader: a fact a line, nothing drawn */
    int lost;          /* errno of the first line that standard output did not take */
    json_t *root;      /* the object at the end */

    /* progress.c */
    uint64_t progress_started, progress_drawn;
    bool progress_shown;

    struct ui_live *live; /* live.c: the map of the step that is running, or NULL */

    /* of a unit that is burned beside others: who it is, and its line; else NULL */
    const char *station;
    struct ui_group *group;
    size_t line;
};

/* What a text means, which is what its colour says, beside words or signs. Meanings that stand
 * beside each other differ for people who can't tell red from green. */
enum ui_style {
    UI_PLAIN,
    UI_LABEL,
    UI_GOOD,
    UI_PASS, /* a whole word in large letters, which is read without colour too */
    UI_WARNING,
    UI_ERROR,
    UI_FAINT, /* there is nothing */
    UI_DATA,
    UI_BOOT,
    UI_OLD, /* of two contents */
    UI_NEW,
    UI_STYLES,
};

/* The escape sequences around such a text; "" where 'color' is not set. */
const char *ui_style_begin(bool color, enum ui_style style);
const char *ui_style_end(bool color);

/* The width of the terminal at standard output; elsewhere $COLUMNS, or 80. */
int ui_columns(void);

/* Whether standard output takes UTF-8, by locale and terminal. */
bool ui_is_utf8(void);

void ui_begin(struct ui *ui);
void ui_set_color(struct ui *ui, enum ui_color color);

/* No colour, no drawings, nothing that is drawn over; columns become "label: text, text". */
void ui_set_plain(struct ui *ui);
void ui_end(struct ui *ui);

/* True where standard output is for JSON. */
bool ui_is_json(const struct ui *ui);

/* Writes what standard output holds back. */
void ui_flush(struct ui *ui);

/* Prints a text; a control character in it, as the name of a file may have, does not become one of
 * the terminal. */
void ui_visible(FILE *out, const char *text, size_t size);

/* A line of text, "label   text"; an empty label for a line of its own. Not with JSON. */
__attribute__((format(printf, 3, 4))) void ui_line(struct ui *ui, const char *label,
                                                   const char *format, ...);

/* The same, but only with --verbose. */
__attribute__((format(printf, 3, 4))) void ui_detail(struct ui *ui, const char *label,
                                                     const char *format, ...);

/* A warning on standard error, "avrspi: warning: ..."; in JSON in the list "warnings". */
__attribute__((format(printf, 2, 3))) void ui_warn(struct ui *ui, const char *format, ...);

/* A note on standard error, "avrspi: note: ..."; in JSON in the list "notes". */
__attribute__((format(printf, 2, 3))) void ui_note(struct ui *ui, const char *format, ...);

/* Tells the warnings and notes that another has kept for its JSON object, each with a name before
 * it where that is not NULL; in JSON, adds all that the other's object has. */
void ui_pass_on(struct ui *ui, const struct ui *other, const char *name);

/* A JSON string; '?' for each byte that is not UTF-8, as paths may have them. */
json_t *ui_string(const char *text);

/* Seconds as JSON, with microseconds. */
json_t *ui_json_seconds(uint64_t ns);

/* A fact of the JSON object. 'value' is taken over. */
void ui_fact(struct ui *ui, const char *key, json_t *value);

/* Adds "causes" to an object of an error: the likeliest first; nothing where its hint has none. */
void ui_add_causes(json_t *object, const struct avrspi_error *error);

/* An error: message and hint on standard error, or the JSON object's "error". 'hint' says what to
 * do, in words of the command line; "" for nothing. */
void ui_fail(struct ui *ui, const struct avrspi_error *error, const char *hint, int exit_code);

/* Prints the JSON object. */
void ui_finish(struct ui *ui, const char *command, bool ok);

/* --- event.c */

/* The callback of sessions; 'user' is a struct ui. */
int ui_event(void *user, const struct avrspi_event *event);

/* --- text.c, json.c */

void ui_text_event(struct ui *ui, const struct avrspi_event *event);

/* Adds what an event brings to the object at the end. */
void ui_json_event(struct ui *ui, const struct avrspi_event *event);

/* An event as an object of its own; NULL for one that says nothing. */
json_t *ui_json_line(const struct avrspi_event *event);

/* --- plan.c */

/* What an erase does to an EEPROM that is neither kept nor written; nothing where nothing is
 * lost. */
void ui_loss_text(struct ui *ui, const struct avrspi_step *step, bool planned);
/* The same in JSON: "not-blank", "not-looked-at", "" for nothing. */
const char *ui_loss_word(enum avrspi_eeprom_loss loss);

void ui_plan_text(struct ui *ui, const struct avrspi_chip *chip, const struct avrspi_plan *plan);
json_t *ui_plan_json(const struct avrspi_plan *plan);
json_t *ui_step_json(const struct avrspi_plan *plan, const struct avrspi_step *step);

/* --- warning.c */

/* A warning in words. */
void ui_warning_text(const struct avrspi_event *event, char *text, size_t size);

/* Whether it is told as a note: nothing is wrong. */
bool ui_is_note(const struct avrspi_event *event);

/* Shows it. */
void ui_warning(struct ui *ui, const struct avrspi_event *event);

/* --- progress.c */

enum {
    UI_BAR = 128,
};

/* Draws a bar on a terminal; nothing elsewhere. */
void ui_progress(struct ui *ui, const struct avrspi_event *event);

/* A bar and what stands after it, in at most 'width' columns; 'spent' nanoseconds so far. */
void ui_bar(const struct avrspi_event *progress, uint64_t spent, int width, char text[UI_BAR]);

/* Removes the bar. */
void ui_progress_end(struct ui *ui);

/* --- units.c: numbers as people write them, into a caller's buffer */

enum {
    UI_TEXT = 64,
};

/* "225 kHz", "1 MHz", "7.3728 MHz" */
const char *ui_hertz(uint32_t hz, char text[UI_TEXT]);
/* SCK, and what was asked for where that is clearly another: "7.6 kHz (4 kHz asked)" */
const char *ui_sck(uint32_t hz, uint32_t asked_hz, char text[UI_TEXT]);
/* "924 B", "32 KiB" */
const char *ui_bytes(uint64_t bytes, char text[UI_TEXT]);
/* "0.31 s", "85 ms" */
const char *ui_seconds(uint64_t ns, char text[UI_TEXT]);
/* "480 B/s", "14.5 kB/s" */
const char *ui_rate(uint64_t bytes, uint64_t ns, char text[UI_TEXT]);
/* "1E 95 0F" */
const char *ui_signature(const uint8_t signature[3], char text[UI_TEXT]);
/* "internal 8 MHz / 8", "crystal 8 to 20 MHz", ... */
const char *ui_clock(const struct avrspi_clock *clock, unsigned divider, char text[UI_TEXT]);
/* The same of the chip that a session has identified. */
const char *ui_session_clock(const struct avrspi_session *session, char text[UI_TEXT]);
/* "2 % above the minimum", "at the minimum": a time and the least that it could have been. */
const char *ui_above(uint64_t ns, uint64_t least_ns, char text[UI_TEXT]);

#endif
