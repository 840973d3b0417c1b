/* SPDX-License-Identifier: MIT */
/* Pin by pin from this computer's header to the chip. Needs no target. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/header.h"
#include "cli/pins.h"
#include "cli/words.h"
#include "chips/unknown.h"
#include "ui/wiring.h"

enum {
    MOST_NAMES = 40,
};

/* --- the target */

static int find_plug(struct cli *cli, struct ui_wiring *wiring, struct avrspi_error *error)
{
    static const struct words_style style = {"", "", " or "};
    const char *names[MOST_NAMES];
    char list[200];
    size_t n = 0;

    if (!cli->config.plug)
        return 0;
    while (n < MOST_NAMES && (wiring->plug = avrspi_host_plug(n)) != NULL) {
        if (avrspi_text_equal(wiring->plug->name, cli->config.plug)) {
            if (!wiring->plug->pins[AVRSPI_SIGNAL_XTAL1]) /* its crystal is on the board */
                wiring->wires[AVRSPI_SIGNAL_XTAL1] = (struct avrspi_host_wire){.pin = NULL};
            return 0;
        }
        names[n++] = wiring->plug->name;
    }
    words_list(names, n, &style, list, sizeof list);
    return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected %s for --plug, found '%.40s'", list,
                       cli->config.plug);
}

/* -c on the command line is no default for the chip that is named otherwise. */
static int check_same(const struct cli *cli, const struct ui_wiring *wiring,
                      struct avrspi_error *error)
{
    if (!cli->chip || cli->config.source[OPT_CHIP] != FROM_COMMAND_LINE ||
        cli->chip == wiring->chip)
        return 0;
    if (cli->n_arguments)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "the argument names the %s, -c names the %s",
                           avrspi_chip_name(wiring->chip), avrspi_chip_name(cli->chip));
    return avrspi_fail(error, AVRSPI_ERR_USAGE, "the %s has an %s, -c names the %s",
                       wiring->plug->title, wiring->plug->chip, avrspi_chip_name(cli->chip));
}

/* The chip of the argument, of the Arduino board, or of -c. */
static int find_chip(struct cli *cli, struct ui_wiring *wiring, struct avrspi_error *error)
{
    const char *named = cli->n_arguments ? cli->arguments[0] : NULL;
    const char *name = named ? named : wiring->plug ? wiring->plug->chip : NULL;

    wiring->chip = cli->chip;
    if (name)
        wiring->chip = avrspi_chips_find(cli->chips, name);
    if (name && !wiring->chip)
        return avrspi_chips_fail_unknown(cli->chips, name, "", error);
    if (named && wiring->plug &&
        !avrspi_text_equal(avrspi_chip_name(wiring->chip), wiring->plug->chip))
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "the %s has an %s, not an %s",
                           wiring->plug->title, wiring->plug->chip, avrspi_chip_name(wiring->chip));
    return check_same(cli, wiring, error);
}

/* Whether a package is meant: "tqfp-32", "TQFP". */
static bool is_meant(const struct avrspi_package *package, const char *name)
{
    const size_t kind = strcspn(package->name, "-");

    return avrspi_text_equal(package->name, name) || avrspi_text_is(package->name, kind, name);
}

static int find_package(struct cli *cli, struct ui_wiring *wiring, struct avrspi_error *error)
{
    static const struct words_style style = {"", "", " or "};
    const char *wanted = cli->config.package, *names[MOST_NAMES];
    char list[200];
    size_t count = 0;

    if (!wiring->chip)
        return wanted ? avrspi_fail(error, AVRSPI_ERR_USAGE, "--package needs a chip") : 0;
    wiring->package = avrspi_chip_package(wiring->chip, 0);
    if (!wanted)
        return 0;
    while ((wiring->package = avrspi_chip_package(wiring->chip, count)) != NULL) {
        if (is_meant(wiring->package, wanted))
            return 0;
        names[count++] = wiring->package->name;
    }
    if (count == 0)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "no package of the %s is known for certain",
                           avrspi_chip_name(wiring->chip));
    words_list(names, count, &style, list, sizeof list);
    return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected %s for --package, found '%.40s'", list,
                       wanted);
}

/* --- what is said beside the drawings */

static bool has_other_pins(const struct avrspi_chip *chip)
{
    return strcmp(avrspi_chip_signal_alias(chip, AVRSPI_SIGNAL_MOSI), "PDI") == 0;
}

static void advise(struct cli *cli, const char *text)
{
    ui_note(&cli->ui, "%s", text);
}

static void tell_advice(struct cli *cli, const struct ui_wiring *wiring)
{
    char text[256];

    if (!wiring->wires[AVRSPI_SIGNAL_MOSI].pin)
        advise(cli, "the header of this board is not known here: take MOSI, MISO, SCLK and a free "
                    "GPIO line from its manual");
    if (wiring->plug && wiring->plug->five_volt) {
        (void)snprintf(
            text, sizeof text,
            "the %s runs from 5 V, and its RESET and MISO would drive 5 V into the "
            "header: feed its 5V pin from 3.3 V while it is programmed, with USB and any "
            "other supply off, or use a level shifter",
            wiring->plug->title);
        advise(cli, text);
    } else {
        advise(cli, "the lines are for 3.3 V: supply the chip from the header's 3.3 V while it is "
                    "programmed, or put a level shifter between");
    }
    if (ui_wiring_has_clock(wiring))
        advise(cli, "XTAL1 gets a wire only for 'avrspi clock' and --xtal, where a chip is without "
                    "the crystal that its fuses select");
    if (wiring->chip && has_other_pins(wiring->chip)) {
        (void)snprintf(text, sizeof text,
                       "the %s is programmed on PDI and PDO (%s, %s); the pins that are called "
                       "MOSI and MISO do not work",
                       avrspi_chip_name(wiring->chip),
                       avrspi_chip_port(wiring->chip, AVRSPI_SIGNAL_MOSI),
                       avrspi_chip_port(wiring->chip, AVRSPI_SIGNAL_MISO));
        advise(cli, text);
    }
    if (wiring->chip && *avrspi_chip_note(wiring->chip) && !has_other_pins(wiring->chip))
        advise(cli, avrspi_chip_note(wiring->chip));
    if (!wiring->plug)
        advise(cli, "100 nF from each VCC and AVCC pin to GND, close to the chip; every supply and "
                    "ground pin is connected; 10 kOhm from RESET to VCC");
}

/* --- as JSON */

static json_t *wire_json(const struct ui_wiring *wiring, enum avrspi_signal signal)
{
    const struct avrspi_host_wire *wire = &wiring->wires[signal];
    const char *plug = wiring->plug ? wiring->plug->pins[signal] : NULL;
    json_t *object = json_pack("{s:s}", "signal", avrspi_signal_name(signal));

    if (wire->pin) {
        (void)json_object_set_new(object, "header_pin", json_string(wire->pin));
        (void)json_object_set_new(object, "line", json_string(wire->line));
    }
    if (ui_isp6(signal) && (!wiring->plug || wiring->plug->isp6)) {
        (void)json_object_set_new(object, "isp6", json_integer(ui_isp6(signal)));
        (void)json_object_set_new(object, "isp10", json_integer(ui_isp10(signal)));
    }
    if (plug)
        (void)json_object_set_new(object, "plug", json_string(plug));
    if (wiring->chip && *avrspi_chip_port(wiring->chip, signal))
        (void)json_object_set_new(object, "port",
                                  json_string(avrspi_chip_port(wiring->chip, signal)));
    return object;
}

static void tell_json(struct cli *cli, const struct ui_wiring *wiring)
{
    json_t *wires = json_array();

    for (int n = 0; n <= AVRSPI_SIGNAL_GND; n++)
        if (n != AVRSPI_SIGNAL_AVCC)
            (void)json_array_append_new(wires, wire_json(wiring, (enum avrspi_signal)n));
    ui_fact(&cli->ui, "board", json_string(wiring->board));
    ui_fact(&cli->ui, "wires", wires);
    if (!wiring->chip)
        return;
    ui_fact(&cli->ui, "chip", json_string(avrspi_chip_name(wiring->chip)));
    ui_fact(&cli->ui, "packages", pins_packages_json(wiring->chip));
}

/* --- the command */

static int run(struct cli *cli, struct avrspi_error *error)
{
    struct ui_wiring wiring = {0};
    int result = header_find(&wiring, cli, error);

    if (result == 0)
        result = find_plug(cli, &wiring, error);
    if (result == 0)
        result = find_chip(cli, &wiring, error);
    if (result == 0)
        result = find_package(cli, &wiring, error);
    if (result < 0)
        return result;
    if (cli->config.svg)
        return ui_wiring_svg(&wiring, cli->config.svg, error);
    ui_line(&cli->ui, "", "%s%s%s", wiring.board, wiring.chip ? " to " : "",
            wiring.chip ? avrspi_chip_name(wiring.chip) : "");
    ui_wiring_tables(&cli->ui, &wiring);
    ui_wiring_draw(&cli->ui, &wiring);
    tell_json(cli, &wiring);
    tell_advice(cli, &wiring);
    return 0;
}

const struct command cmd_wiring = {
    .name = "wiring",
    .arguments = "[CHIP]",
    .summary = "show the wires, pin by pin, from this computer's header to the chip",
    .help = "Pins of the header, of the ISP-6 and ISP-10 plug, and of each package of the chip.\n"
            "-p and -r choose the bus and the reset line. Without CHIP: to the plug.",
    .least_arguments = 0,
    .most_arguments = 1,
    .options =
        {
            {.id = OPT_BOARD},
            {.id = OPT_PLUG},
            {.id = OPT_PACKAGE},
            {.id = OPT_SVG, .help = "draw the wires as a picture; - is standard output"},
        },
    .examples =
        {
            {"avrspi wiring atmega328p", "from this computer to the chip"},
            {"avrspi wiring --plug uno", "to an Arduino Uno"},
            {"avrspi wiring attiny85 --board pi4 --svg wires.svg",
             "of another computer, as a picture"},
        },
    .run = run,
};
