/* SPDX-License-Identifier: MIT */
#include "host/wires.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/host.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* --- headers */

/* Lines of a Raspberry Pi by their offset, supplies by their pin. */
struct bus {
    unsigned mosi, miso, sck, clock; /* lines */
    unsigned supply, ground;         /* pins */
};

/* The first chip select of SPI1 is GPIO18, which is why the clock is elsewhere. */
static const struct bus buses[] = {
    {.mosi = 10, .miso = 9, .sck = 11, .clock = 18, .supply = 17, .ground = 20},
    {.mosi = 20, .miso = 19, .sck = 21, .clock = 12, .supply = 17, .ground = 39},
};

static const char *const pin_names[] = {
    "",   "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",  "9",  "10", "11", "12", "13",
    "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27",
    "28", "29", "30", "31", "32", "33", "34", "35", "36", "37", "38", "39", "40",
};

static struct avrspi_host_wire wire_of(const struct avrspi_host_pin *pin)
{
    if (!pin)
        return (struct avrspi_host_wire){0};
    return (struct avrspi_host_wire){pin_names[pin->pin], pin->name, pin->pin};
}

static bool raspberry_pi_wires(const struct avrspi_host_model *model, unsigned bus,
                               struct avrspi_host_wire wires[AVRSPI_SIGNALS])
{
    const struct bus *pins = bus < LENGTH(buses) ? &buses[bus] : NULL;

    if (!pins || !avrspi_host_model_gpio(model, pins->mosi))
        return false;
    wires[AVRSPI_SIGNAL_MOSI] = wire_of(avrspi_host_model_gpio(model, pins->mosi));
    wires[AVRSPI_SIGNAL_MISO] = wire_of(avrspi_host_model_gpio(model, pins->miso));
    wires[AVRSPI_SIGNAL_SCK] = wire_of(avrspi_host_model_gpio(model, pins->sck));
    wires[AVRSPI_SIGNAL_XTAL1] = wire_of(avrspi_host_model_gpio(model, pins->clock));
    wires[AVRSPI_SIGNAL_VCC] = wire_of(avrspi_host_model_pin(model, pins->supply));
    wires[AVRSPI_SIGNAL_GND] = wire_of(avrspi_host_model_pin(model, pins->ground));
    return true;
}

bool avrspi_host_wire_of_line(const struct avrspi_host_model *model, unsigned line,
                              struct avrspi_host_wire *wire)
{
    *wire = wire_of(model ? avrspi_host_model_gpio(model, line) : NULL);
    return wire->pin;
}

/* Header P9. */
static const struct avrspi_host_wire beaglebone_black[AVRSPI_SIGNALS] = {
    [AVRSPI_SIGNAL_MOSI] = {"P9_18", "SPI0_D1", 0},  [AVRSPI_SIGNAL_MISO] = {"P9_21", "SPI0_D0", 0},
    [AVRSPI_SIGNAL_SCK] = {"P9_22", "SPI0_SCLK", 0}, [AVRSPI_SIGNAL_VCC] = {"P9_3", "3.3 V", 0},
    [AVRSPI_SIGNAL_GND] = {"P9_1", "GND", 0},
};

bool avrspi_host_wires(const struct avrspi_host_model *model, unsigned bus,
                       struct avrspi_host_wire wires[AVRSPI_SIGNALS])
{
    memset(wires, 0, AVRSPI_SIGNALS * sizeof *wires);
    if (model && model->header_pins)
        return raspberry_pi_wires(model, bus, wires);
    if (model && strcmp(model->compatible, "ti,am335x-bone-black") == 0)
        memcpy(wires, beaglebone_black, sizeof beaglebone_black);
    return true;
}

/* --- lines of this computer */

enum {
    LAST_PULLED_UP = 8, /* of a Raspberry Pi's lines; those after it are pulled down */
    LAST_LINE = 27,     /* of its header */
};

/* Whether the chip with that label has the lines that people call GPIOn. */
static bool is_raspberry_pi_chip(const char *root, const char *label)
{
    struct avrspi_host host;

    return avrspi_host_detect(&host, root, NULL) == 0 && host.known && host.known->soc->numbered &&
           strcmp(host.known->soc->gpio_label, label) == 0;
}

/*
 * Where the wires of buses are that an overlay can enable, spi3-1cs say: MISO, MOSI and SCK are
 * three lines in a row. By the pin groups of the kernel's device trees, bcm2711-rpi-4-b.dts and
 * rp1.dtsi of raspberrypi/linux. Those on a Compute Module alone are not among them.
 */
static const struct bus_lines {
    const char *label; /* of the GPIO chip; NULL: that of any Raspberry Pi */
    unsigned bus, miso;
} bus_lines[] = {
    {NULL, 0, 9},
    {NULL, 1, 19},
    {"pinctrl-bcm2711", 3, 1},
    {"pinctrl-bcm2711", 4, 5},
    {"pinctrl-bcm2711", 5, 13},
    {"pinctrl-bcm2711", 6, 19},
    {"pinctrl-rp1", 2, 1},
    {"pinctrl-rp1", 3, 5},
    {"pinctrl-rp1", 4, 9},
    {"pinctrl-rp1", 5, 13},
};

static bool has_line(const struct bus_lines *lines, const char *label, unsigned offset)
{
    return (!lines->label || strcmp(lines->label, label) == 0) && offset >= lines->miso &&
           offset <= lines->miso + 2;
}

static bool is_enabled(const char *root, unsigned bus)
{
    char path[PATH_MAX];

    (void)snprintf(path, sizeof path, "%s/sys/class/spi_master/spi%u", root, bus);
    return access(path, F_OK) == 0;
}

int avrspi_host_bus_on(const char *root, const char *label, unsigned offset)
{
    for (size_t n = 0; n < LENGTH(bus_lines) && is_raspberry_pi_chip(root, label); n++)
        if (has_line(&bus_lines[n], label, offset) && is_enabled(root, bus_lines[n].bus))
            return (int)bus_lines[n].bus;
    return -1;
}

/* Of the first bus, in their order: overlays/README of raspberrypi/linux. */
static const struct {
    unsigned line;
    const char *freed_by;
} selects[] = {
    {8, "dtoverlay=spi0-0cs"},
    {7, "dtoverlay=spi0-1cs"},
};

int avrspi_host_chip_select(unsigned line)
{
    for (unsigned n = 0; n < LENGTH(selects); n++)
        if (selects[n].line == line)
            return (int)n;
    return -1;
}

const char *avrspi_host_frees_select(unsigned bus, unsigned select)
{
    return bus == 0 && select < LENGTH(selects) ? selects[select].freed_by : NULL;
}

int avrspi_host_default_pull(const char *root, const char *label, unsigned offset)
{
    if (offset > LAST_LINE || !is_raspberry_pi_chip(root, label))
        return 0;
    return offset <= LAST_PULLED_UP ? 1 : -1;
}

/* --- Arduino boards */

#define PINS(mosi, miso, sck)                                                                      \
    {                                                                                              \
        [AVRSPI_SIGNAL_MOSI] = (mosi), [AVRSPI_SIGNAL_MISO] = (miso), [AVRSPI_SIGNAL_SCK] = (sck), \
        [AVRSPI_SIGNAL_RESET] = "RESET", [AVRSPI_SIGNAL_VCC] = "5V", [AVRSPI_SIGNAL_GND] = "GND"   \
    }

static const struct avrspi_host_plug plugs[] = {
    {"uno", "Arduino Uno", "ATmega328P", PINS("D11", "D12", "D13"), true, true},
    {"nano", "Arduino Nano", "ATmega328P", PINS("D11", "D12", "D13"), true, true},
    {"mega", "Arduino Mega 2560", "ATmega2560", PINS("D51", "D50", "D52"), true, true},
    {"leonardo", "Arduino Leonardo", "ATmega32U4", PINS(NULL, NULL, NULL), true, true},
    {"trinket",
     "Adafruit Trinket",
     "ATtiny85",
     {[AVRSPI_SIGNAL_MOSI] = "#0",
      [AVRSPI_SIGNAL_MISO] = "#1",
      [AVRSPI_SIGNAL_SCK] = "#2",
      [AVRSPI_SIGNAL_RESET] = "RST",
      [AVRSPI_SIGNAL_VCC] = "5V",
      [AVRSPI_SIGNAL_GND] = "GND"},
     false,
     true},
};

const struct avrspi_host_plug *avrspi_host_plug(size_t n)
{
    return n < LENGTH(plugs) ? &plugs[n] : NULL;
}
