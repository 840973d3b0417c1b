/* SPDX-License-Identifier: MIT */
/*
 * The wires from a computer's header to a chip.
 *
 *     wiring.c        as tables
 *     wiring_draw.c   as drawings of text: the header, the ISP-6 plug, the chip
 *     wiring_svg.c    as a picture, its parts in wiring_svg_header.c and wiring_svg_chip.c
 *     package.c       where the pins of a package are
 */
#ifndef AVRSPI_SRC_UI_WIRING_H
#define AVRSPI_SRC_UI_WIRING_H

#include "avrspi/chip.h"
#include "host/wires.h"
#include "ui/ui.h"

/* What is wired. What it points to must outlive it. */
struct ui_wiring {
    const char *board;                             /* "Raspberry Pi 4 Model B" */
    struct avrspi_host_wire wires[AVRSPI_SIGNALS]; /* of its header */
    const struct avrspi_chip *chip;                /* NULL: the plug alone */
    const struct avrspi_host_plug *plug;           /* an Arduino board; NULL: a chip on its own */
    const struct avrspi_package *package;          /* the one that is drawn; NULL: none */
};

/* The pin of a signal on the six- and the ten-pin ISP plug; 0: it has none. */
unsigned ui_isp6(enum avrspi_signal signal);
unsigned ui_isp10(enum avrspi_signal signal);

/* Whether a clock can be wired: XTAL1 of the chip is known, and an Arduino board has it on a pin.
 */
bool ui_wiring_has_clock(const struct ui_wiring *wiring);

/* The tables: a row for each wire, and a row for each package. */
void ui_wiring_tables(struct ui *ui, const struct ui_wiring *wiring);

/* The drawings, as wide as 40 columns allow. */
void ui_wiring_draw(struct ui *ui, const struct ui_wiring *wiring);

/* The picture, as SVG into a file, "-" for standard output. */
int ui_wiring_svg(const struct ui_wiring *wiring, const char *path, struct avrspi_error *error);

/* --- package.c */

enum ui_side {
    UI_SIDE_LEFT,
    UI_SIDE_BOTTOM,
    UI_SIDE_RIGHT,
    UI_SIDE_TOP,
    UI_SIDES,
};

/* Seen from above, pin 1 at the upper left, or at the top in the middle (PLCC). */
struct ui_shape {
    unsigned pins;
    unsigned per_side;
    unsigned first; /* the pin at the upper end of the left side */
    bool quad;      /* pins on all four sides */
};

/* The shape of a package by its name; false for balls and for pins in two rows. */
bool ui_shape_of(const char *package, struct ui_shape *shape);

/* The pin at a place: 'n' counts from the top, or from the left. */
unsigned ui_shape_pin(const struct ui_shape *shape, enum ui_side side, unsigned n);

/* The signal on a pin of the package that is drawn, and what the pin is called, "MOSI", "UVCC",
 * "MOSI/PDI"; false for a pin that programming does not need. */
bool ui_wiring_signal(const struct ui_wiring *wiring, unsigned pin, enum avrspi_signal *signal,
                      char name[16]);

#endif
