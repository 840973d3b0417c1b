/* SPDX-License-Identifier: MIT */
/* The parts of the picture of 'wiring': the header on the left, the chip or the plug on the right,
 * wires between. */
#ifndef AVRSPI_SRC_UI_WIRING_SVG_H
#define AVRSPI_SRC_UI_WIRING_SVG_H

#include <stdio.h>

#include "ui/wiring.h"

/* Pixels. */
enum {
    UI_TOP = 70,     /* of the header's first pin, and of the body on the right */
    UI_CHIP_X = 520, /* of that body */
};

/* A text that a wire may cross. */
#define UI_HALO "paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"4\""

extern const char *const ui_signal_colors[AVRSPI_SIGNALS];

struct ui_point {
    int x, y;
};

/* How a wire comes to its end. */
struct ui_wire_end {
    struct ui_point at;
    struct ui_point leaves; /* towards where it comes from */
    int around;             /* y of the way around the chip; 0: straight */
    int middle;             /* x of the chip's middle, for that way */
};

/* --- wiring_svg_header.c */

int ui_header_height(const struct ui_wiring *wiring);
void ui_draw_header_body(FILE *out, const struct ui_wiring *wiring);
void ui_draw_header_pins(FILE *out, const struct ui_wiring *wiring);

/* The wire that a signal of the chip hangs on. */
enum avrspi_signal ui_wire_of(enum avrspi_signal signal);

/* Draws it from the header, where that has it. */
void ui_draw_wire(FILE *out, const struct ui_wiring *wiring, enum avrspi_signal signal,
                  const struct ui_wire_end *end);

/* --- wiring_svg_chip.c */

int ui_chip_height(const struct ui_shape *shape);
int ui_chip_width(const struct ui_shape *shape);
void ui_draw_chip_wires(FILE *out, const struct ui_wiring *wiring, const struct ui_shape *shape);
void ui_draw_chip(FILE *out, const struct ui_wiring *wiring, const struct ui_shape *shape);

#endif
