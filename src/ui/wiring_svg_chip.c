/* SPDX-License-Identifier: MIT */
/* The chip in its package, and how wires come to its pins. */
#include "ui/wiring_svg.h"

/* Pixels. */
enum {
    DUAL_WIDTH = 130, /* of a body with two rows of pins */
    DUAL_PITCH = 22,
    QUAD_PITCH = 15,
    MARGIN = 12, /* from the body's corner to its first pin */
    LEG = 10,    /* length of a pin */
    NAME = 66,   /* of a pin below the body, and its leg */
    LANE = 9,    /* between wires that go around the chip */
};

int ui_chip_height(const struct ui_shape *shape)
{
    return 2 * MARGIN + (int)shape->per_side * (shape->quad ? QUAD_PITCH : DUAL_PITCH);
}

int ui_chip_width(const struct ui_shape *shape)
{
    return shape->quad ? ui_chip_height(shape) : DUAL_WIDTH;
}

static const struct ui_point outwards[UI_SIDES] = {
    [UI_SIDE_LEFT] = {-1, 0},
    [UI_SIDE_BOTTOM] = {0, 1},
    [UI_SIDE_RIGHT] = {1, 0},
    [UI_SIDE_TOP] = {0, -1},
};

/* Where the n-th pin of a side leaves the body. */
static struct ui_point chip_pin(const struct ui_shape *shape, enum ui_side side, unsigned n)
{
    const int pitch = shape->quad ? QUAD_PITCH : DUAL_PITCH;
    const int along = MARGIN + (int)n * pitch + pitch / 2;

    switch (side) {
    case UI_SIDE_LEFT:
        return (struct ui_point){UI_CHIP_X, UI_TOP + along};
    case UI_SIDE_RIGHT:
        return (struct ui_point){UI_CHIP_X + ui_chip_width(shape), UI_TOP + along};
    case UI_SIDE_TOP:
        return (struct ui_point){UI_CHIP_X + along, UI_TOP};
    case UI_SIDE_BOTTOM:
    case UI_SIDES:
        break;
    }
    return (struct ui_point){UI_CHIP_X + along, UI_TOP + ui_chip_height(shape)};
}

/* Number inside the body, name outside. */
static void label_pin(FILE *out, enum ui_side side, struct ui_point at, unsigned pin,
                      const char *name, const char *color)
{
    const bool flat = side == UI_SIDE_LEFT || side == UI_SIDE_RIGHT;
    const struct ui_point away = outwards[side];

    (void)fprintf(out,
                  "<g transform=\"translate(%d %d)%s\"><text x=\"%d\" y=\"3\" font-size=\"9\" "
                  "text-anchor=\"%s\" fill=\"#555555\">%u</text>",
                  at.x, at.y, flat ? "" : " rotate(-90)",
                  side == UI_SIDE_LEFT || side == UI_SIDE_BOTTOM ? 4 : -4,
                  side == UI_SIDE_LEFT || side == UI_SIDE_BOTTOM ? "start" : "end", pin);
    if (*name)
        (void)fprintf(out,
                      "<text x=\"%d\" y=\"4\" text-anchor=\"%s\" fill=\"%s\" " UI_HALO ">%s</text>",
                      (away.x + (flat ? 0 : -away.y)) * (LEG + 6),
                      away.x < 0 || away.y > 0 ? "end" : "start", color, name);
    (void)fputs("</g>\n", out);
}

/* Where the wire of a pin comes in. Those of the right side go around the chip, the upper half
 * above it; each in a lane of its own. */
static struct ui_wire_end wire_end(const struct ui_shape *shape, enum ui_side side, unsigned n,
                                   int lanes[2])
{
    const struct ui_point at = chip_pin(shape, side, n), away = outwards[side];
    const bool below = n >= shape->per_side / 2;
    struct ui_wire_end end = {
        .at = {at.x + away.x * LEG, at.y + away.y * LEG},
        .leaves = {away.x * 140, away.y * 140},
        .middle = UI_CHIP_X + ui_chip_width(shape) / 2,
    };

    if (side == UI_SIDE_BOTTOM) { /* not under the body, and below the names */
        end.leaves = (struct ui_point){0, 60};
        end.middle = UI_CHIP_X - 130;
        end.around = UI_TOP + ui_chip_height(shape) + NAME + lanes[1]++ * LANE;
    }
    if (side != UI_SIDE_RIGHT)
        return end;
    end.leaves = (struct ui_point){90, 0};
    end.around =
        below ? UI_TOP + ui_chip_height(shape) + (shape->quad ? NAME : 20) + lanes[1]++ * LANE
              : UI_TOP - 14 - lanes[0]++ * LANE;
    return end;
}

/* The sides in the order in which they are drawn. */
static size_t sides_of(const struct ui_shape *shape, enum ui_side sides[UI_SIDES])
{
    sides[0] = UI_SIDE_LEFT;
    sides[1] = UI_SIDE_RIGHT;
    sides[2] = UI_SIDE_TOP;
    sides[3] = UI_SIDE_BOTTOM;
    return shape->quad ? UI_SIDES : 2;
}

/* Of several pins for one wire on four sides the first has it, and colours show the others. */
void ui_draw_chip_wires(FILE *out, const struct ui_wiring *wiring, const struct ui_shape *shape)
{
    enum ui_side sides[UI_SIDES];
    const size_t count = sides_of(shape, sides);
    bool drawn[AVRSPI_SIGNALS] = {false};
    enum avrspi_signal signal;
    int lanes[2] = {0, 0};
    char name[16];

    for (size_t side = 0; side < count; side++)
        for (unsigned n = 0; n < shape->per_side; n++) {
            struct ui_wire_end end;

            if (!ui_wiring_signal(wiring, ui_shape_pin(shape, sides[side], n), &signal, name) ||
                (shape->quad && drawn[ui_wire_of(signal)]))
                continue;
            end = wire_end(shape, sides[side], n, lanes);
            ui_draw_wire(out, wiring, signal, &end);
            drawn[ui_wire_of(signal)] = true;
        }
}

static void draw_chip_pin(FILE *out, const struct ui_wiring *wiring, const struct ui_shape *shape,
                          enum ui_side side, unsigned n)
{
    const unsigned pin = ui_shape_pin(shape, side, n);
    const struct ui_point at = chip_pin(shape, side, n), away = outwards[side];
    enum avrspi_signal signal = AVRSPI_SIGNAL_MOSI;
    char name[16] = "";
    const bool used = ui_wiring_signal(wiring, pin, &signal, name);
    const char *color = used ? ui_signal_colors[signal] : "#999999";

    (void)fprintf(out,
                  "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" "
                  "stroke-width=\"4\"/>\n",
                  at.x, at.y, at.x + away.x * LEG, at.y + away.y * LEG, color);
    label_pin(out, side, at, pin, name, color);
}

void ui_draw_chip(FILE *out, const struct ui_wiring *wiring, const struct ui_shape *shape)
{
    enum ui_side sides[UI_SIDES];
    const size_t count = sides_of(shape, sides);

    (void)fprintf(out,
                  "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"#e8ecef\" "
                  "stroke=\"#555555\"/>\n<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"#999999\"/>\n",
                  UI_CHIP_X, UI_TOP, ui_chip_width(shape), ui_chip_height(shape),
                  UI_CHIP_X + (shape->first == 1 ? 30 : ui_chip_width(shape) / 2), UI_TOP + 30);
    (void)fprintf(out,
                  "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-weight=\"bold\">%s</text>"
                  "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                  UI_CHIP_X + ui_chip_width(shape) / 2, UI_TOP + ui_chip_height(shape) / 2 - 4,
                  avrspi_chip_name(wiring->chip), UI_CHIP_X + ui_chip_width(shape) / 2,
                  UI_TOP + ui_chip_height(shape) / 2 + 14, wiring->package->name);
    for (size_t side = 0; side < count; side++)
        for (unsigned n = 0; n < shape->per_side; n++)
            draw_chip_pin(out, wiring, shape, sides[side], n);
}
