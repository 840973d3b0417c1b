/* SPDX-License-Identifier: MIT */
#include "link/port.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "host/host.h"

static int fail_unknown(const char *text, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected a port, found '%.200s'", text);
    avrspi_hint(error, "a device such as /dev/spidev0.0, gpio:sck=LINE,mosi=LINE,miso=LINE for any "
                       "lines, or sim:CHIP for a simulated target");
    return AVRSPI_ERR_USAGE;
}

/* Before it is opened: that may wait for the other end of the cable. */
static int fail_serial(const char *path, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_DEVICE,
                "expected a spidev device, found the serial port '%.200s'", path);
    avrspi_hint(error,
                "avrspi drives the target's SPI pins and RESET itself, from this computer; a "
                "programmer at a serial port (Arduino as ISP, STK500) is for 'avrdude -P %.200s'",
                path);
    avrspi_advise(error, AVRSPI_ADVICE_PORT, NULL);
    return AVRSPI_ERR_DEVICE;
}

static const char *after(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);

    return strncmp(text, prefix, length) == 0 ? text + length : text;
}

/* Where a GPIO chip begins that stands behind the device; NULL where there is none. */
static const char *find_chip(const char *text)
{
    for (const char *colon = strchr(text, ':'); colon; colon = strchr(colon + 1, ':'))
        if (strncmp(after(colon + 1, "/dev/"), "gpiochip", strlen("gpiochip")) == 0)
            return after(colon + 1, "/dev/");
    return NULL;
}

static bool is_serial(const char *path)
{
    const char *slash = strrchr(path, '/');

    return strncmp(slash ? slash + 1 : path, "tty", 3) == 0;
}

int avrspi_port_parse(struct avrspi_port *port, const char *text, struct avrspi_error *error)
{
    const char *path = after(text, "spi:"), *chip = find_chip(path);
    size_t length = chip ? strcspn(path, ":") : strlen(path);
    unsigned bus, select;

    *port = (struct avrspi_port){.kind = AVRSPI_PORT_SPIDEV};
    if (strncmp(text, "sim:", 4) == 0) {
        port->kind = AVRSPI_PORT_SIM;
        port->words = text + 4;
        return 0;
    }
    if (strncmp(text, "gpio:", 5) == 0) {
        port->kind = AVRSPI_PORT_GPIO;
        return avrspi_port_parse_wires(port->wire, text + 5, error);
    }
    if (length + sizeof "/dev/" > sizeof port->device ||
        (chip && strlen(chip) + sizeof ":" > sizeof port->line))
        return fail_unknown(text, error);
    memcpy(port->device, path, length);
    if (is_serial(port->device))
        return fail_serial(port->device, error);
    if (avrspi_host_spidev_name(port->device, &bus, &select))
        (void)snprintf(port->device, sizeof port->device, "/dev/%.*s", (int)length, path);
    if (port->device[0] != '/')
        return fail_unknown(text, error);
    if (chip)
        (void)snprintf(port->line, sizeof port->line, "%s%s", chip, strchr(chip, ':') ? "" : ":");
    return 0;
}

bool avrspi_port_has_line(const struct avrspi_port *port)
{
    return *port->line && strchr(port->line, ':')[1];
}

int avrspi_port_parse_reset(struct avrspi_line_words *words, const struct avrspi_port *port,
                            const char *reset, struct avrspi_error *error)
{
    size_t chip = strcspn(port->line, ":");
    int result;

    if (!reset && avrspi_port_has_line(port))
        reset = port->line;
    if (!reset)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected a reset line beside the port");
    result = avrspi_line_parse(words, reset, error);
    if (result < 0 || !*port->line || words->number < 0)
        return result;
    (void)snprintf(words->chip, sizeof words->chip, "%.*s", (int)chip, port->line);
    words->name[0] = '\0';
    words->offset = (unsigned)words->number;
    return 0;
}
