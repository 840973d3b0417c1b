/* SPDX-License-Identifier: MIT */
/* The picture of 'wiring': see wiring_svg.h. Without a chip, the ISP-6 plug is on the right. */
#include "ui/svg.h"
#include "ui/wiring_svg.h"

/* Pixels. */
enum {
    PLUG_PITCH = 40,
    RIGHT = 120, /* of the chip */
    LEAST_WIDTH = 760,
    FOOT = 66,
    LINE = 17, /* of text */
};

/* --- the plug */

static struct ui_point plug_pin(unsigned pin)
{
    return (struct ui_point){UI_CHIP_X + PLUG_PITCH / 2 + (pin % 2 ? 0 : PLUG_PITCH),
                             UI_TOP + PLUG_PITCH / 2 + (int)(pin - 1) / 2 * PLUG_PITCH};
}

static void draw_plug_wires(FILE *out, const struct ui_wiring *wiring)
{
    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        const unsigned pin = ui_isp6((enum avrspi_signal)n);
        const struct ui_wire_end end = {.at = plug_pin(pin), .leaves = {pin % 2 ? -140 : -80, 20}};

        if (pin)
            ui_draw_wire(out, wiring, (enum avrspi_signal)n, &end);
    }
}

static void draw_plug(FILE *out)
{
    (void)fprintf(out,
                  "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"#e8ecef\" "
                  "fill-opacity=\"0.6\" stroke=\"#555555\"/><text x=\"%d\" y=\"%d\" "
                  "text-anchor=\"middle\">ISP-6, the board's pins from above</text>\n",
                  UI_CHIP_X, UI_TOP, 2 * PLUG_PITCH, 3 * PLUG_PITCH, UI_CHIP_X + PLUG_PITCH,
                  UI_TOP + 3 * PLUG_PITCH + 22);
    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        const unsigned pin = ui_isp6((enum avrspi_signal)n);
        const struct ui_point at = plug_pin(pin);

        if (pin)
            (void)fprintf(out,
                          "<circle cx=\"%d\" cy=\"%d\" r=\"8\" fill=\"%s\"/><text x=\"%d\" "
                          "y=\"%d\" text-anchor=\"%s\" fill=\"%s\" " UI_HALO ">%u %s</text>\n",
                          at.x, at.y, ui_signal_colors[n],
                          pin % 2 ? UI_CHIP_X - 8 : UI_CHIP_X + 2 * PLUG_PITCH + 8, at.y - 6,
                          pin % 2 ? "end" : "start", ui_signal_colors[n], pin,
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
    (void)fprintf(out, "%s%s%s%s</text>\n", wiring->chip ? " to " : "",
                  wiring->chip ? avrspi_chip_name(wiring->chip) : "", wiring->plug ? " of " : "",
                  wiring->plug ? wiring->plug->title : "");
}

/* What the wires are called on an Arduino board. */
static void name_plug(FILE *out, const struct avrspi_host_plug *plug, int y)
{
    const char *comma = "";

    (void)fprintf(out, "<text x=\"24\" y=\"%d\">%s: ", y, plug->title);
    for (int n = 0; n < AVRSPI_SIGNALS; n++)
        if (plug->pins[n]) {
            (void)fprintf(out, "%s%s is %s", comma, avrspi_signal_name((enum avrspi_signal)n),
                          plug->pins[n]);
            comma = ", ";
        }
    (void)fprintf(out, "%s</text>\n",
                  plug->pins[AVRSPI_SIGNAL_MOSI] ? "" : "; all of them are on its ISP-6 plug");
}

static void finish(FILE *out, const struct ui_wiring *wiring, int height)
{
    (void)fprintf(
        out, "<text x=\"24\" y=\"%d\">Pins of one colour are joined. %s</text>\n",
        height - 16 - LINE,
        wiring->plug && wiring->plug->five_volt
            ? "3.3 V feed the board's 5V pin while it is programmed, and nothing else does"
            : "3.3 V for the chip while it is programmed; 100 nF from each VCC and AVCC "
              "pin to GND");
    if (ui_wiring_has_clock(wiring) && wiring->wires[AVRSPI_SIGNAL_XTAL1].pin)
        (void)fprintf(out,
                      "<text x=\"24\" y=\"%d\">Dashed: a clock, only for a chip without the "
                      "crystal that its fuses select</text>\n",
                      height - 16);
    if (wiring->plug)
        name_plug(out, wiring->plug, height - 16);
    (void)fprintf(out, "</svg>\n");
}

static void draw(FILE *out, const void *what)
{
    const struct ui_wiring *wiring = what;
    const int header = UI_TOP + ui_header_height(wiring);
    struct ui_shape shape = {0};
    const bool chip = wiring->package && ui_shape_of(wiring->package->name, &shape);
    const int body = UI_TOP + (chip ? ui_chip_height(&shape) + 70 : 4 * PLUG_PITCH);
    const int right = UI_CHIP_X + (chip ? ui_chip_width(&shape) : 2 * PLUG_PITCH) + RIGHT;
    const int height = (header > body ? header : body) + FOOT;

    begin(out, wiring, right > LEAST_WIDTH ? right : LEAST_WIDTH, height);
    ui_draw_header_body(out, wiring);
    if (chip)
        ui_draw_chip_wires(out, wiring, &shape);
    else
        draw_plug_wires(out, wiring);
    ui_draw_header_pins(out, wiring);
    if (chip)
        ui_draw_chip(out, wiring, &shape);
    else
        draw_plug(out);
    finish(out, wiring, height);
}

int ui_wiring_svg(const struct ui_wiring *wiring, const char *path, struct avrspi_error *error)
{
    return ui_svg_write(path, draw, wiring, error);
}
