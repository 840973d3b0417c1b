/* SPDX-License-Identifier: MIT */
/* The header on the left, the chip on the right (without one, the ISP-6 plug), wires between. */
#include <stdio.h>
#include <string.h>

#include "ui/svg.h"
#include "ui/wiring.h"

/* Pixels. */
enum {
    PITCH = 20,       /* of the header */
    HEADER_X = 130,   /* of its left column */
    TOP = 70,         /* of its first pin */
    CHIP_X = 520,     /* of the chip's body */
    DUAL_WIDTH = 130, /* of a body with two rows of pins */
    DUAL_PITCH = 22,
    QUAD_PITCH = 15,
    MARGIN = 12, /* from the body's corner to its first pin */
    LEG = 10,    /* length of a pin */
    PLUG_PITCH = 40,
    LANE = 9,    /* between wires that go around the chip */
    RIGHT = 120, /* of the chip */
    LEAST_WIDTH = 760,
    FOOT = 66,
    LINE = 17, /* of text */
};

/* A text that a wire may cross. */
#define HALO "paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"4\""

/* From the palette of Okabe and Ito, which colour-blind people can tell apart. */
static const char *const colors[AVRSPI_SIGNALS] = {
    [AVRSPI_SIGNAL_MOSI] = "#0072b2",  [AVRSPI_SIGNAL_MISO] = "#009e73",
    [AVRSPI_SIGNAL_SCK] = "#e69f00",   [AVRSPI_SIGNAL_RESET] = "#cc79a7",
    [AVRSPI_SIGNAL_XTAL1] = "#56b4e9", [AVRSPI_SIGNAL_VCC] = "#d55e00",
    [AVRSPI_SIGNAL_AVCC] = "#d55e00",  [AVRSPI_SIGNAL_GND] = "#000000",
    [AVRSPI_SIGNAL_PAD] = "#000000",
};

struct point {
    int x, y;
};

/* The wire that a signal of the chip hangs on. */
static enum avrspi_signal wire_of(enum avrspi_signal signal)
{
    if (signal == AVRSPI_SIGNAL_AVCC)
        return AVRSPI_SIGNAL_VCC;
    return signal == AVRSPI_SIGNAL_PAD ? AVRSPI_SIGNAL_GND : signal;
}

/* --- the header */

static struct point header_pin(unsigned pin)
{
    return (struct point){HEADER_X + (pin % 2 ? 0 : PITCH), TOP + (int)((pin - 1) / 2) * PITCH};
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
    const struct point at = header_pin(pin);
    const char *fill = "#ffffff";

    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        if (wiring->wires[n].number != pin)
            continue;
        fill = colors[n];
        (void)fprintf(out,
                      "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\" " HALO ">%s</text>\n",
                      pin % 2 ? at.x - 32 : at.x + 32, at.y + 4, pin % 2 ? "end" : "start", fill,
                      label_of((enum avrspi_signal)n));
    }
    (void)fprintf(out,
                  "<circle cx=\"%d\" cy=\"%d\" r=\"6\" fill=\"%s\" stroke=\"#555555\"/>"
                  "<text x=\"%d\" y=\"%d\" font-size=\"9\" text-anchor=\"%s\" "
                  "fill=\"#555555\">%u</text>\n",
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

static struct point named_pin(const struct ui_wiring *wiring, int signal)
{
    return (struct point){HEADER_X + PITCH, TOP + (int)row_of(wiring, signal) * 2 * PITCH};
}

static void draw_named_pins(FILE *out, const struct ui_wiring *wiring)
{
    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        const struct avrspi_host_wire *wire = &wiring->wires[n];
        const struct point at = named_pin(wiring, n);

        if (wire->pin && !wire->number)
            (void)fprintf(out,
                          "<circle cx=\"%d\" cy=\"%d\" r=\"6\" fill=\"%s\" stroke=\"#555555\"/>"
                          "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"%s\">%s %s</text>\n",
                          at.x, at.y, colors[n], at.x - 12, at.y + 4, colors[n], wire->pin,
                          wire->line);
    }
}

/* --- any header */

static bool has_numbers(const struct ui_wiring *wiring)
{
    return wiring->wires[AVRSPI_SIGNAL_MOSI].number != 0;
}

static int header_height(const struct ui_wiring *wiring)
{
    if (has_numbers(wiring))
        return (int)header_size(wiring) / 2 * PITCH;
    return (int)row_of(wiring, AVRSPI_SIGNALS) * 2 * PITCH;
}

static void draw_header_body(FILE *out, const struct ui_wiring *wiring)
{
    if (has_numbers(wiring))
        (void)fprintf(out,
                      "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" "
                      "fill=\"#f4f4f4\" stroke=\"#999999\"/>\n",
                      HEADER_X - 28, TOP - 14, PITCH + 56, header_height(wiring) + 8);
}

static void draw_header_pins(FILE *out, const struct ui_wiring *wiring)
{
    draw_named_pins(out, wiring);
    for (unsigned pin = 1; has_numbers(wiring) && pin <= header_size(wiring); pin++)
        draw_header_pin(out, wiring, pin);
}

/* --- a wire */

/* How a wire comes to its end. */
struct end {
    struct point at;
    struct point leaves; /* towards where it comes from */
    int around;          /* y of the way around the chip; 0: straight */
    int middle;          /* x of the chip's middle, for that way */
};

/* From the left column between two rows, not across the pins of the right one. */
static struct point leave_header(FILE *out, const struct ui_wiring *wiring, enum avrspi_signal wire)
{
    const unsigned pin = wiring->wires[wire].number;
    const struct point at = pin ? header_pin(pin) : named_pin(wiring, (int)wire);
    const struct point left = {HEADER_X + PITCH + 20, at.y + PITCH / 2};

    if (pin % 2)
        (void)fprintf(out, "<path d=\"M%d %d L%d %d ", at.x, at.y, left.x, left.y);
    else
        (void)fprintf(out, "<path d=\"M%d %d ", at.x, at.y);
    return pin % 2 ? left : at;
}

static void draw_wire(FILE *out, const struct ui_wiring *wiring, enum avrspi_signal signal,
                      const struct end *end)
{
    const enum avrspi_signal wire = wire_of(signal);
    struct point from;

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
    (void)fprintf(out, "\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>\n", colors[wire],
                  signal == AVRSPI_SIGNAL_XTAL1 ? " stroke-dasharray=\"6 4\"" : "");
}

/* --- the chip */

static int body_height(const struct ui_shape *shape)
{
    return 2 * MARGIN + (int)shape->per_side * (shape->quad ? QUAD_PITCH : DUAL_PITCH);
}

static int body_width(const struct ui_shape *shape)
{
    return shape->quad ? body_height(shape) : DUAL_WIDTH;
}

static const struct point outwards[UI_SIDES] = {
    [UI_SIDE_LEFT] = {-1, 0},
    [UI_SIDE_BOTTOM] = {0, 1},
    [UI_SIDE_RIGHT] = {1, 0},
    [UI_SIDE_TOP] = {0, -1},
};

/* Where the n-th pin of a side leaves the body. */
static struct point chip_pin(const struct ui_shape *shape, enum ui_side side, unsigned n)
{
    const int pitch = shape->quad ? QUAD_PITCH : DUAL_PITCH;
    const int along = MARGIN + (int)n * pitch + pitch / 2;

    switch (side) {
    case UI_SIDE_LEFT:
        return (struct point){CHIP_X, TOP + along};
    case UI_SIDE_RIGHT:
        return (struct point){CHIP_X + body_width(shape), TOP + along};
    case UI_SIDE_TOP:
        return (struct point){CHIP_X + along, TOP};
    case UI_SIDE_BOTTOM:
    case UI_SIDES:
        break;
    }
    return (struct point){CHIP_X + along, TOP + body_height(shape)};
}

/* Number inside the body, name outside. */
static void label_pin(FILE *out, enum ui_side side, struct point at, unsigned pin, const char *name,
                      const char *color)
{
    const bool flat = side == UI_SIDE_LEFT || side == UI_SIDE_RIGHT;
    const struct point away = outwards[side];

    (void)fprintf(out,
                  "<g transform=\"translate(%d %d)%s\"><text x=\"%d\" y=\"3\" font-size=\"9\" "
                  "text-anchor=\"%s\" fill=\"#555555\">%u</text>",
                  at.x, at.y, flat ? "" : " rotate(-90)",
                  side == UI_SIDE_LEFT || side == UI_SIDE_BOTTOM ? 4 : -4,
                  side == UI_SIDE_LEFT || side == UI_SIDE_BOTTOM ? "start" : "end", pin);
    if (*name)
        (void)fprintf(out,
                      "<text x=\"%d\" y=\"4\" text-anchor=\"%s\" fill=\"%s\" " HALO ">%s</text>",
                      (away.x + (flat ? 0 : -away.y)) * (LEG + 6),
                      away.x < 0 || away.y > 0 ? "end" : "start", color, name);
    (void)fputs("</g>\n", out);
}

/* Where the wire of a pin comes in. Those of the right side go around the chip, the upper half
 * above it; each in a lane of its own. */
static struct end wire_end(const struct ui_shape *shape, enum ui_side side, unsigned n,
                           int lanes[2])
{
    const struct point at = chip_pin(shape, side, n), away = outwards[side];
    const bool below = n >= shape->per_side / 2;
    struct end end = {
        .at = {at.x + away.x * LEG, at.y + away.y * LEG},
        .leaves = {away.x * 140, away.y * 140},
        .middle = CHIP_X + body_width(shape) / 2,
    };

    if (side != UI_SIDE_RIGHT)
        return end;
    end.leaves = (struct point){90, 0};
    end.around =
        below ? TOP + body_height(shape) + 20 + lanes[1]++ * LANE : TOP - 14 - lanes[0]++ * LANE;
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
static void draw_wires(FILE *out, const struct ui_wiring *wiring, const struct ui_shape *shape)
{
    enum ui_side sides[UI_SIDES];
    const size_t count = sides_of(shape, sides);
    bool drawn[AVRSPI_SIGNALS] = {false};
    enum avrspi_signal signal;
    int lanes[2] = {0, 0};
    char name[16];

    for (size_t side = 0; side < count; side++)
        for (unsigned n = 0; n < shape->per_side; n++) {
            struct end end;

            if (!ui_wiring_signal(wiring, ui_shape_pin(shape, sides[side], n), &signal, name) ||
                (shape->quad && drawn[wire_of(signal)]))
                continue;
            end = wire_end(shape, sides[side], n, lanes);
            draw_wire(out, wiring, signal, &end);
            drawn[wire_of(signal)] = true;
        }
}

static void draw_chip_pin(FILE *out, const struct ui_wiring *wiring, const struct ui_shape *shape,
                          enum ui_side side, unsigned n)
{
    const unsigned pin = ui_shape_pin(shape, side, n);
    const struct point at = chip_pin(shape, side, n), away = outwards[side];
    enum avrspi_signal signal = AVRSPI_SIGNAL_MOSI;
    char name[16] = "";
    const bool used = ui_wiring_signal(wiring, pin, &signal, name);
    const char *color = used ? colors[signal] : "#999999";

    (void)fprintf(out,
                  "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" "
                  "stroke-width=\"4\"/>\n",
                  at.x, at.y, at.x + away.x * LEG, at.y + away.y * LEG, color);
    label_pin(out, side, at, pin, name, color);
}

static void draw_chip(FILE *out, const struct ui_wiring *wiring, const struct ui_shape *shape)
{
    enum ui_side sides[UI_SIDES];
    const size_t count = sides_of(shape, sides);

    (void)fprintf(out,
                  "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"#e8ecef\" "
                  "stroke=\"#555555\"/>\n<circle cx=\"%d\" cy=\"%d\" r=\"4\" fill=\"#999999\"/>\n",
                  CHIP_X, TOP, body_width(shape), body_height(shape),
                  CHIP_X + (shape->first == 1 ? 30 : body_width(shape) / 2), TOP + 30);
    (void)fprintf(out,
                  "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-weight=\"bold\">%s</text>"
                  "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                  CHIP_X + body_width(shape) / 2, TOP + body_height(shape) / 2 - 4,
                  avrspi_chip_name(wiring->chip), CHIP_X + body_width(shape) / 2,
                  TOP + body_height(shape) / 2 + 14, wiring->package->name);
    for (size_t side = 0; side < count; side++)
        for (unsigned n = 0; n < shape->per_side; n++)
            draw_chip_pin(out, wiring, shape, sides[side], n);
}

/* --- the plug */

static struct point plug_pin(unsigned pin)
{
    return (struct point){CHIP_X + PLUG_PITCH / 2 + (pin % 2 ? 0 : PLUG_PITCH),
                          TOP + PLUG_PITCH / 2 + (int)(pin - 1) / 2 * PLUG_PITCH};
}

static void draw_plug_wires(FILE *out, const struct ui_wiring *wiring)
{
    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        const unsigned pin = ui_isp6((enum avrspi_signal)n);
        const struct end end = {.at = plug_pin(pin), .leaves = {pin % 2 ? -140 : -80, 20}};

        if (pin)
            draw_wire(out, wiring, (enum avrspi_signal)n, &end);
    }
}

static void draw_plug(FILE *out)
{
    (void)fprintf(out,
                  "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"#e8ecef\" "
                  "fill-opacity=\"0.6\" stroke=\"#555555\"/><text x=\"%d\" y=\"%d\" "
                  "text-anchor=\"middle\">ISP-6, the board's pins from above</text>\n",
                  CHIP_X, TOP, 2 * PLUG_PITCH, 3 * PLUG_PITCH, CHIP_X + PLUG_PITCH,
                  TOP + 3 * PLUG_PITCH + 22);
    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        const unsigned pin = ui_isp6((enum avrspi_signal)n);
        const struct point at = plug_pin(pin);

        if (pin)
            (void)fprintf(out,
                          "<circle cx=\"%d\" cy=\"%d\" r=\"8\" fill=\"%s\"/><text x=\"%d\" "
                          "y=\"%d\" text-anchor=\"%s\" fill=\"%s\" " HALO ">%u %s</text>\n",
                          at.x, at.y, colors[n], pin % 2 ? CHIP_X - 8 : CHIP_X + 2 * PLUG_PITCH + 8,
                          at.y - 6, pin % 2 ? "end" : "start", colors[n], pin,
                          avrspi_signal_name((enum avrspi_signal)n));
    }
}

/* --- the picture */

static void begin(FILE *out, const struct ui_wiring *wiring, int width, int height)
{
    (void)fprintf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
                  "viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n"
                  "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"
                  "<text x=\"24\" y=\"26\" font-size=\"16\" font-weight=\"bold\">",
                  width, height, width, height);
    ui_svg_text(out, wiring->board);
    (void)fprintf(out, "%s%s</text>\n", wiring->chip ? " to " : "",
                  wiring->chip ? avrspi_chip_name(wiring->chip) : "");
}

static void finish(FILE *out, int height)
{
    (void)fprintf(out,
                  "<text x=\"24\" y=\"%d\">Pins of one colour are joined. 3.3 V for the chip "
                  "while it is programmed;</text>\n<text x=\"24\" y=\"%d\">100 nF from each VCC "
                  "and AVCC pin to GND, close to it</text>\n</svg>\n",
                  height - 16 - LINE, height - 16);
}

static void draw(FILE *out, const void *what)
{
    const struct ui_wiring *wiring = what;
    const int header = TOP + header_height(wiring);
    struct ui_shape shape = {0};
    const bool chip = wiring->package && ui_shape_of(wiring->package->name, &shape);
    const int body = TOP + (chip ? body_height(&shape) + 70 : 4 * PLUG_PITCH);
    const int right = CHIP_X + (chip ? body_width(&shape) : 2 * PLUG_PITCH) + RIGHT;
    const int height = (header > body ? header : body) + FOOT;

    begin(out, wiring, right > LEAST_WIDTH ? right : LEAST_WIDTH, height);
    draw_header_body(out, wiring);
    if (chip)
        draw_wires(out, wiring, &shape);
    else
        draw_plug_wires(out, wiring);
    draw_header_pins(out, wiring);
    if (chip)
        draw_chip(out, wiring, &shape);
    else
        draw_plug(out);
    finish(out, height);
}

int ui_wiring_svg(const struct ui_wiring *wiring, const char *path, struct avrspi_error *error)
{
    return ui_svg_write(path, draw, wiring, error);
}
