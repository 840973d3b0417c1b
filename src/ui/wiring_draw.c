/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "ui/wiring.h"

enum {
    FIRST_PIN = 17, /* of the part of a Raspberry Pi's header that is drawn, at least up to 26 */
    LAST_PIN = 26,
    WIDTH = 40, /* columns */
};

/* --- the header */

static const char *signal_on(const struct ui_wiring *wiring, unsigned pin)
{
    for (int n = 0; n < AVRSPI_SIGNALS; n++)
        if (wiring->wires[n].number == pin)
            return n == AVRSPI_SIGNAL_XTAL1 ? "clock"
                   : n == AVRSPI_SIGNAL_VCC ? "3.3 V"
                                            : avrspi_signal_name((enum avrspi_signal)n);
    return "";
}

static void draw_header(struct ui *ui, const struct ui_wiring *wiring)
{
    const char *used = ui_is_utf8() ? "●" : "#", *free = ui_is_utf8() ? "○" : "o";
    unsigned first = FIRST_PIN, last = LAST_PIN;

    if (wiring->wires[AVRSPI_SIGNAL_MOSI].number == 0)
        return;
    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        const unsigned pin = wiring->wires[n].number;

        if (n == AVRSPI_SIGNAL_XTAL1 || pin == 0)
            continue;
        first = pin < first ? (pin - 1) / 2 * 2 + 1 : first;
        last = pin > last ? (pin + 1) / 2 * 2 : last;
    }
    ui_line(ui, "", "%s", "");
    ui_line(ui, "", "header, pins %u to %u", first, last);
    for (unsigned pin = first; pin < last; pin += 2) {
        const char *left = signal_on(wiring, pin), *right = signal_on(wiring, pin + 1);

        ui_line(ui, "", "%9s %3u %s %s %u%s%s", left, pin, *left ? used : free,
                *right ? used : free, pin + 1, *right ? " " : "", right);
    }
}

/* --- the plug */

static const char *signal_at(unsigned isp6)
{
    for (int n = 0; n < AVRSPI_SIGNALS; n++)
        if (ui_isp6((enum avrspi_signal)n) == isp6)
            return avrspi_signal_name((enum avrspi_signal)n);
    return "";
}

static void draw_plug(struct ui *ui)
{
    const char *dot = ui_is_utf8() ? "●" : "#";

    ui_line(ui, "", "%s", "");
    ui_line(ui, "", "ISP-6, the board's pins from above");
    for (unsigned pin = 1; pin < 6; pin += 2)
        ui_line(ui, "", "%9s %3u %s %s %u %s", signal_at(pin), pin, dot, dot, pin + 1,
                signal_at(pin + 1));
}

/* --- the chip */

/* Appends to a line of words, which is printed when it is full. */
static void add_word(struct ui *ui, char line[WIDTH + 1], const char *word)
{
    size_t used = strlen(line);

    if (used + 1 + strlen(word) > WIDTH) {
        ui_line(ui, "", "%s", line);
        used = (size_t)snprintf(line, WIDTH + 1, "   ");
    }
    (void)snprintf(line + used, WIDTH + 1 - used, " %s", word);
}

/* The pins of a side that have a signal, from the left. */
static void draw_row(struct ui *ui, const struct ui_wiring *wiring, const struct ui_shape *shape,
                     enum ui_side side)
{
    char line[WIDTH + 1], name[16], word[24];
    enum avrspi_signal signal;
    unsigned left = 0;

    for (unsigned n = 0; n < shape->per_side; n++)
        left += ui_wiring_signal(wiring, ui_shape_pin(shape, side, n), &signal, name);
    if (left == 0)
        return;
    (void)snprintf(line, sizeof line,
                   "  %s, from the left:", side == UI_SIDE_TOP ? "above" : "below");
    for (unsigned n = 0; n < shape->per_side; n++) {
        const unsigned pin = ui_shape_pin(shape, side, n);

        if (!ui_wiring_signal(wiring, pin, &signal, name))
            continue;
        (void)snprintf(word, sizeof word, "%u %s%s", pin, name, --left ? "," : "");
        add_word(ui, line, word);
    }
    ui_line(ui, "", "%s", line);
}

static void draw_sides(struct ui *ui, const struct ui_wiring *wiring, const struct ui_shape *shape)
{
    const bool utf8 = ui_is_utf8();
    bool skipped = false; /* what was left out has its mark */

    for (unsigned n = 0; n < shape->per_side; n++) {
        const unsigned left = ui_shape_pin(shape, UI_SIDE_LEFT, n);
        const unsigned right = ui_shape_pin(shape, UI_SIDE_RIGHT, n);
        char left_name[16] = "", right_name[16] = "";
        enum avrspi_signal signal;

        (void)ui_wiring_signal(wiring, left, &signal, left_name);
        (void)ui_wiring_signal(wiring, right, &signal, right_name);
        if (*left_name || *right_name || n == 0 || n == shape->per_side - 1) {
            ui_line(ui, "", "%9s %3u %s         %s %u%s%s", left_name, left, utf8 ? "┤" : "|",
                    utf8 ? "├" : "|", right, *right_name ? " " : "", right_name);
            skipped = false;
        } else if (!skipped) {
            ui_line(ui, "", "              %s         %s", utf8 ? "┊" : ":", utf8 ? "┊" : ":");
            skipped = true;
        }
    }
}

static void draw_chip(struct ui *ui, const struct ui_wiring *wiring)
{
    const bool utf8 = ui_is_utf8();
    struct ui_shape shape;

    if (!wiring->package || !ui_shape_of(wiring->package->name, &shape))
        return;
    ui_line(ui, "", "%s", "");
    ui_line(ui, "", "%s, %s from above", avrspi_chip_name(wiring->chip), wiring->package->name);
    if (shape.quad)
        draw_row(ui, wiring, &shape, UI_SIDE_TOP);
    ui_line(ui, "", "              %s",
            shape.quad ? (utf8 ? "┌─────────┐" : "+---------+")
            : utf8     ? "┌────∪────┐"
                       : "+----U----+");
    draw_sides(ui, wiring, &shape);
    ui_line(ui, "", "              %s", utf8 ? "└─────────┘" : "+---------+");
    if (shape.quad)
        draw_row(ui, wiring, &shape, UI_SIDE_BOTTOM);
}

void ui_wiring_draw(struct ui *ui, const struct ui_wiring *wiring)
{
    if (ui->plain)
        return; /* the tables say the same */
    draw_header(ui, wiring);
    if (!wiring->plug || wiring->plug->isp6)
        draw_plug(ui);
    draw_chip(ui, wiring);
}
