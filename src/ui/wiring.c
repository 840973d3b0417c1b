/* SPDX-License-Identifier: MIT */
#include "ui/wiring.h"

#include <stdio.h>
#include <string.h>

enum {
    WIDE = 64,       /* columns that the table of packages takes */
    HEADER = 10,     /* those of "header pin" ... */
    ALL_OTHERS = 30, /* ... and of what is beside it in the table of wires */
    PIN = 32,        /* room for a pin and its line */
};

unsigned ui_isp6(enum avrspi_signal signal)
{
    static const unsigned pins[AVRSPI_SIGNALS] = {
        [AVRSPI_SIGNAL_MISO] = 1, [AVRSPI_SIGNAL_VCC] = 2,   [AVRSPI_SIGNAL_SCK] = 3,
        [AVRSPI_SIGNAL_MOSI] = 4, [AVRSPI_SIGNAL_RESET] = 5, [AVRSPI_SIGNAL_GND] = 6,
    };

    return pins[signal];
}

unsigned ui_isp10(enum avrspi_signal signal)
{
    static const unsigned pins[AVRSPI_SIGNALS] = {
        [AVRSPI_SIGNAL_MOSI] = 1, [AVRSPI_SIGNAL_VCC] = 2,  [AVRSPI_SIGNAL_RESET] = 5,
        [AVRSPI_SIGNAL_SCK] = 7,  [AVRSPI_SIGNAL_MISO] = 9, [AVRSPI_SIGNAL_GND] = 10,
    };

    return pins[signal];
}

static const char *number(unsigned n, char text[4])
{
    (void)snprintf(text, 4, n ? "%u" : "-", n % 1000);
    return text;
}

/* "PB3", "PE0 PDI", "VCC, AVCC" */
static void say_chip(const struct ui_wiring *wiring, enum avrspi_signal signal, char text[32])
{
    const struct avrspi_package *package =
        wiring->chip ? avrspi_chip_package(wiring->chip, 0) : NULL;
    const char *port = wiring->chip ? avrspi_chip_port(wiring->chip, signal) : "";
    const char *alias = wiring->chip ? avrspi_chip_signal_alias(wiring->chip, signal) : "";

    if (*port || *alias)
        (void)snprintf(text, 32, "%s%s%s", port, *port && *alias ? " " : "", alias);
    else if (signal == AVRSPI_SIGNAL_VCC && package && *package->pins[AVRSPI_SIGNAL_AVCC])
        (void)snprintf(text, 32, "VCC, AVCC");
    else
        (void)snprintf(text, 32, "%s", avrspi_signal_name(signal));
}

bool ui_wiring_has_clock(const struct ui_wiring *wiring)
{
    const struct avrspi_package *package =
        wiring->chip ? avrspi_chip_package(wiring->chip, 0) : NULL;

    return package && *package->pins[AVRSPI_SIGNAL_XTAL1] &&
           (!wiring->plug || wiring->plug->pins[AVRSPI_SIGNAL_XTAL1]);
}

/* The same as a row of the table, with the column's name before each pin. */
static void say_wire(struct ui *ui, const struct ui_wiring *wiring, enum avrspi_signal signal)
{
    const struct avrspi_host_wire *wire = &wiring->wires[signal];
    const char *plug = wiring->plug ? wiring->plug->pins[signal] : NULL;
    const char *name = avrspi_signal_name(signal);
    char chip[32];

    say_chip(wiring, signal, chip);
    if (wire->pin)
        ui_line(ui, name, "header pin %s, %s", wire->pin, wire->line);
    if (ui_isp6(signal) && (!wiring->plug || wiring->plug->isp6))
        ui_line(ui, name, "ISP-6 pin %u, ISP-10 pin %u", ui_isp6(signal), ui_isp10(signal));
    if (plug)
        ui_line(ui, name, "%s pin %s", wiring->plug->name, plug);
    if (wiring->chip)
        ui_line(ui, name, "%s %s%s", avrspi_chip_name(wiring->chip),
                *avrspi_chip_port(wiring->chip, signal) ? "port " : "", chip);
}

/* "19 GPIO10" */
static void say_pin(const struct avrspi_host_wire *wire, char text[PIN])
{
    (void)snprintf(text, PIN, "%s%s%s", wire->pin ? wire->pin : "-", wire->line ? " " : "",
                   wire->line ? wire->line : "");
}

/* How wide the column of pins is; with the names of the lines where there is room for them. */
static int header_width(const struct ui_wiring *wiring)
{
    int width = HEADER;

    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        char text[PIN];

        say_pin(&wiring->wires[n], text);
        if ((int)strlen(text) > width)
            width = (int)strlen(text);
    }
    return width + ALL_OTHERS <= ui_columns() ? width : HEADER;
}

static void show_wire(struct ui *ui, const struct ui_wiring *wiring, enum avrspi_signal signal)
{
    const int width = header_width(wiring);
    const char *plug = wiring->plug ? wiring->plug->pins[signal] : NULL;
    char header[PIN], isp6[4], isp10[4], chip[32];

    if (ui->plain) {
        say_wire(ui, wiring, signal);
        return;
    }
    say_pin(&wiring->wires[signal], header);
    if ((int)strlen(header) > width)
        (void)snprintf(header, sizeof header, "%s", wiring->wires[signal].pin);
    say_chip(wiring, signal, chip);
    if (wiring->plug)
        ui_line(ui, "", "%-6s %-*s %4s %5s  %-7s %s", avrspi_signal_name(signal), width, header,
                wiring->plug->isp6 ? number(ui_isp6(signal), isp6) : "-",
                wiring->plug->isp6 ? number(ui_isp10(signal), isp10) : "-", plug ? plug : "-",
                chip);
    else
        ui_line(ui, "", "%-6s %-*s %4s %5s  %s", avrspi_signal_name(signal), width, header,
                number(ui_isp6(signal), isp6), number(ui_isp10(signal), isp10), chip);
}

static void show_wires(struct ui *ui, const struct ui_wiring *wiring)
{
    static const enum avrspi_signal order[] = {
        AVRSPI_SIGNAL_MOSI, AVRSPI_SIGNAL_MISO, AVRSPI_SIGNAL_SCK,   AVRSPI_SIGNAL_RESET,
        AVRSPI_SIGNAL_VCC,  AVRSPI_SIGNAL_GND,  AVRSPI_SIGNAL_XTAL1,
    };

    if (!ui->plain && wiring->plug)
        ui_line(ui, "", "%-6s %-*s %4s %5s  %-7s %s", "", header_width(wiring), "header pin",
                "ISP6", "ISP10", wiring->plug->name, "chip");
    else if (!ui->plain)
        ui_line(ui, "", "%-6s %-*s %4s %5s  %s", "", header_width(wiring), "header pin", "ISP6",
                "ISP10", "chip");
    for (size_t n = 0; n < sizeof order / sizeof *order; n++)
        if (order[n] != AVRSPI_SIGNAL_XTAL1 || ui_wiring_has_clock(wiring))
            show_wire(ui, wiring, order[n]);
}

/* "8, 22" for "8 22" */
static void with_commas(const char *pins, char text[64])
{
    size_t used = 0;

    for (; *pins && used < 61; pins++) {
        text[used] = *pins;
        if (*pins == ' ')
            text[used] = ',';
        used++;
    }
    text[used] = '\0';
}

static void show_package_row(struct ui *ui, const struct avrspi_package *package)
{
    char pins[AVRSPI_SIGNALS][64];

    for (int n = 0; n < AVRSPI_SIGNALS; n++)
        with_commas(package->pins[n], pins[n]);
    ui_line(ui, "", "%-9s %4s %4s %4s %5s %5s  %-9s %-5s %s%s%s", package->name,
            pins[AVRSPI_SIGNAL_MOSI], pins[AVRSPI_SIGNAL_MISO], pins[AVRSPI_SIGNAL_SCK],
            pins[AVRSPI_SIGNAL_RESET], pins[AVRSPI_SIGNAL_XTAL1], pins[AVRSPI_SIGNAL_VCC],
            pins[AVRSPI_SIGNAL_AVCC], pins[AVRSPI_SIGNAL_GND],
            *pins[AVRSPI_SIGNAL_PAD] ? ", pad " : "", pins[AVRSPI_SIGNAL_PAD]);
}

/* A signal a line, where a row is too wide. */
static void show_package_list(struct ui *ui, const struct avrspi_package *package)
{
    ui_line(ui, "", "%s", package->name);
    for (int n = 0; n < AVRSPI_SIGNALS; n++)
        if (*package->pins[n])
            ui_line(ui, "", ui->plain ? "%s: pin %s" : "  %-6s %s",
                    avrspi_signal_name((enum avrspi_signal)n), package->pins[n]);
}

static void show_packages(struct ui *ui, const struct avrspi_chip *chip)
{
    const bool wide = ui_columns() >= WIDE && !ui->plain;
    const struct avrspi_package *package;

    ui_line(ui, "", "%s", "");
    if (!avrspi_chip_package(chip, 0)) {
        ui_line(ui, "", "the pins of the %s are not known for certain: see its datasheet",
                avrspi_chip_name(chip));
        return;
    }
    if (wide)
        ui_line(ui, "", "%-9s %4s %4s %4s %5s %5s  %-9s %-5s %s", "package", "MOSI", "MISO", "SCK",
                "RESET", "XTAL1", "VCC", "AVCC", "GND");
    for (size_t n = 0; (package = avrspi_chip_package(chip, n)) != NULL; n++)
        (wide ? show_package_row : show_package_list)(ui, package);
}

void ui_wiring_tables(struct ui *ui, const struct ui_wiring *wiring)
{
    show_wires(ui, wiring);
    if (wiring->chip)
        show_packages(ui, wiring->chip);
}
