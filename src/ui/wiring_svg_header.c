/* SPDX-License-Identifier: MIT */
/* The header of the board, and how a wire leaves it. */
#include "ui/wiring_svg.h"

enum {
    PITCH = 20,     /* of the header */
    HEADER_X = 130, /* of its left column */
};

/* From the palette of Okabe and Ito, which colour-blind people can tell apart. */
const char *const ui_signal_colors[AVRSPI_SIGNALS] = {
    [AVRSPI_SIGNAL_MOSI] = "#0072b2",  [AVRSPI_SIGNAL_MISO] = "#009e73",
    [AVRSPI_SIGNAL_SCK] = "#e69f00",   [AVRSPI_SIGNAL_RESET] = "#cc79a7",
    [AVRSPI_SIGNAL_XTAL1] = "#56b4e9", [AVRSPI_SIGNAL_VCC] = "#d55e00",
    [AVRSPI_SIGNAL_AVCC] = "#d55e00",  [AVRSPI_SIGNAL_GND] = "#000000",
    [AVRSPI_SIGNAL_PAD] = "#000000",
};

enum avrspi_signal ui_wire_of(enum avrspi_signal signal)
{
    if (signal == AVRSPI_SIGNAL_AVCC)
        return AVRSPI_SIGNAL_VCC;
    return signal == AVRSPI_SIGNAL_PAD ? AVRSPI_SIGNAL_GND : signal;
}

/* --- a header whose pins have numbers */

static struct ui_point header_pin(unsigned pin)
{
    return (struct ui_point){HEADER_X + (pin % 2 ? 0 : PITCH),
                             UI_TOP + (int)((pin - 1) / 2) * PITCH};
}

static unsigned header_size(const struct ui_wiring *wiring)
{
    for (int n = 0; n < AVRSPI_SIGNALS; n++)
        if (wiring->wires[n].number > 26)
            return 40;
    return 26;
}

static const char *label_of(enum avrspi_signal signal)
{
    return signal == AVRSPI_SIGNAL_XTAL1 ? "clock"
           : signal == AVRSPI_SIGNAL_VCC ? "3.3 V"
                                         : avrspi_signal_name(signal);
}

static void draw_header_pin(FILE *out, const struct ui_wiring *wiring, unsigned pin)
{
    const struct ui_point at = header_pin(pin);
    const char *fill = "#ffffff";

    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        if (wiring->wires[n].number != pin)
            continue;
        fill = ui_signal_colors[n];
        (void)fprintf(
            out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\" " UI_HALO ">%s</text>\n",
            pin % 2 ? at.x - 32 : at.x + 32, at.y + 4, pin % 2 ? "end" : "start", fill,
            label_of((enum avrspi_signal)n));
    }
    (void)fprintf(out,
                  "<circle cx=\"%d\" cy=\"%d\" r=\"6\" fill=\"%s\" stroke=\"#555555\"/>"
                  "<text x=\"%d\" y=\"%d\" font-size=\"9\" text-anchor=\"%s\" "
                  "fill=\"#555555\" " UI_HALO ">%u</text>\n",
                  at.x, at.y, fill, pin % 2 ? at.x - 10 : at.x + 10, at.y + 3,
                  pin % 2 ? "end" : "start", pin);
}

/* --- a header whose pins have names: those that are used, one below the other */

static unsigned row_of(const struct ui_wiring *wiring, int signal)
{
    unsigned row = 0;

    for (int n = 0; n < signal; n++)
        row += wiring->wires[n].pin != NULL;
    return row;
}

static struct ui_point named_pin(const struct ui_wiring *wiring, int signal)
{
    return (struct ui_point){HEADER_X + PITCH, UI_TOP + (int)row_of(wiring, signal) * 2 * PITCH};
}

static void draw_named_pins(FILE *out, const struct ui_wiring *wiring)
{
    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        const struct avrspi_host_wire *wire = &wiring->wires[n];
        const struct ui_point at = named_pin(wiring, n);

        if (wire->pin && !wire->number)
            (void)fprintf(out,
                          "<circle cx=\"%d\" cy=\"%d\" r=\"6\" fill=\"%s\" stroke=\"#555555\"/>"
                          "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"%s\">%s %s</text>\n",
                          at.x, at.y, ui_signal_colors[n], at.x - 12, at.y + 4, ui_signal_colors[n],
                          wire->pin, wire->line);
    }
}

/* --- any header */

static bool has_numbers(const struct ui_wiring *wiring)
{
    return wiring->wires[AVRSPI_SIGNAL_MOSI].number != 0;
}

int ui_header_height(const struct ui_wiring *wiring)
{
    if (has_numbers(wiring))
        return (int)header_size(wiring) / 2 * PITCH;
    return (int)row_of(wiring, AVRSPI_SIGNALS) * 2 * PITCH;
}

void ui_draw_header_body(FILE *out, const struct ui_wiring *wiring)
{
    if (has_numbers(wiring))
        (void)fprintf(out,
                      "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" "
                      "fill=\"#f4f4f4\" stroke=\"#999999\"/>\n",
                      HEADER_X - 28, UI_TOP - 14, PITCH + 56, ui_header_height(wiring) + 8);
}

void ui_draw_header_pins(FILE *out, const struct ui_wiring *wiring)
{
    draw_named_pins(out, wiring);
    for (unsigned pin = 1; has_numbers(wiring) && pin <= header_size(wiring); pin++)
        draw_header_pin(out, wiring, pin);
}

/* --- a wire */

/* From the left column between two rows, not across the pins of the right one. */
static struct ui_point leave_header(FILE *out, const struct ui_wiring *wiring,
                                    enum avrspi_signal wire)
{
    const unsigned pin = wiring->wires[wire].number;
    const struct ui_point at = pin ? header_pin(pin) : named_pin(wiring, (int)wire);
    const struct ui_point left = {HEADER_X + PITCH + 20, at.y + PITCH / 2};

    if (pin % 2)
        (void)fprintf(out, "<path d=\"M%d %d L%d %d ", at.x, at.y, left.x, left.y);
    else
        (void)fprintf(out, "<path d=\"M%d %d ", at.x, at.y);
    return pin % 2 ? left : at;
}

void ui_draw_wire(FILE *out, const struct ui_wiring *wiring, enum avrspi_signal signal,
                  const struct ui_wire_end *end)
{
    const enum avrspi_signal wire = ui_wire_of(signal);
    struct ui_point from;

    if (!wiring->wires[wire].pin)
        return;
    from = leave_header(out, wiring, wire);
    if (end->around)
        (void)fprintf(out, "C%d %d %d %d %d %d S%d %d %d %d", from.x + 160, from.y,
                      end->middle - 160, end->around, end->middle, end->around,
                      end->at.x + end->leaves.x, end->at.y + end->leaves.y, end->at.x, end->at.y);
    else
        (void)fprintf(out, "C%d %d %d %d %d %d", from.x + 160, from.y, end->at.x + end->leaves.x,
                      end->at.y + end->leaves.y, end->at.x, end->at.y);
    (void)fprintf(out, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>\n",
                  ui_signal_colors[wire],
                  signal == AVRSPI_SIGNAL_XTAL1 ? " stroke-dasharray=\"6 4\"" : "");
}
