/* SPDX-License-Identifier: MIT */
/* The link on real hardware: a spidev device and a GPIO line for RESET. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "host/host.h"
#include "link/bus.h"
#include "link/line.h"
#include "link/link.h"

enum {
    RISEN_NS = 1000000, /* as long as the pulse of a session */
};

struct linux_link {
    struct avrspi_bus *bus;
    struct avrspi_spidev *spi; /* the bus keeps it */
    struct avrspi_line *line;
    struct avrspi_host_spi controller;
    uint32_t hz; /* what the driver is asked for */
};

static int linux_transfer(void *self, const uint8_t *out, uint8_t *in, size_t size,
                          struct avrspi_error *error)
{
    const struct linux_link *link = self;

    return avrspi_spidev_transfer(link->spi, out, in, size, link->hz, error);
}

static int linux_set_speed(void *self, uint32_t hz, uint32_t *actual, struct avrspi_error *error)
{
    struct linux_link *link = self;
    const struct avrspi_host_sck sck = avrspi_host_choose_sck(&link->controller, hz);

    (void)error;
    link->hz = sck.asked_hz; /* each transfer carries it; spidev does not report the rate it sets */
    *actual = sck.made_hz;
    return 0;
}

static int linux_set_reset(void *self, bool active, struct avrspi_error *error)
{
    struct linux_link *link = self;

    return avrspi_line_set(link->line, active, error);
}

static int use_device(struct linux_link *link, const char *device, struct avrspi_error *error)
{
    int result;

    avrspi_bus_lock(link->bus);
    result = avrspi_spi_bus_use(&link->bus->spi, device, &link->spi, error);
    avrspi_bus_unlock(link->bus);
    return result;
}

static void release_device(struct linux_link *link)
{
    avrspi_bus_lock(link->bus);
    avrspi_spi_bus_release(&link->bus->spi, link->spi);
    avrspi_bus_unlock(link->bus);
}

static int linux_sense_reset(void *self, bool held_only, enum avrspi_reset_pull *pull,
                             struct avrspi_error *error)
{
    struct linux_link *link = self;

    return avrspi_line_sense(link->line, held_only, pull, error);
}

static int linux_close(void *self, struct avrspi_error *error)
{
    struct linux_link *link = self;
    int result;

    /* who has the bus has the line too: so the bus is released last */
    release_device(link);
    result = avrspi_line_close(link->line, error);
    avrspi_bus_close(link->bus);
    free(link);
    return result;
}

static const struct avrspi_link_ops linux_ops = {
    .size = sizeof linux_ops,
    .transfer = linux_transfer,
    .set_speed = linux_set_speed,
    .set_reset = linux_set_reset,
    .wait = avrspi_link_real_wait,
    .now = avrspi_link_real_now,
    .close = linux_close,
    .sense_reset = linux_sense_reset,
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* What there is to know of the link. */
static void say_note(char *note, size_t size, const struct linux_link *self)
{
    size_t used = avrspi_line_say_left(self->line, note, size);

    if (!self->spi->no_cs)
        (void)snprintf(note + used, size - used,
                       "%sthe controller can't disable its chip select (no SPI_NO_CS): keep that "
                       "pin away from the target",
                       used ? "; " : "");
}

/* Which controller the device is of, and how it makes SCK; unknown where the kernel does not say.
 */
static void find_controller(struct linux_link *self, const char *device)
{
    struct avrspi_host host;

    if (avrspi_host_detect(&host, "", NULL) == 0)
        (void)avrspi_host_spi(&self->controller, &host, "", device);
}

static int make_link(struct avrspi_link **link, struct linux_link *self, const char *device,
                     const struct avrspi_line_words *words, struct avrspi_error *error)
{
    const char *line = avrspi_line_name(self->line), *place = avrspi_line_place(self->line);
    char name[512], note[512], identity[PATH_MAX + 128], real[PATH_MAX];
    const struct avrspi_link_info info = {
        .size = sizeof info,
        .max_transfer = avrspi_spidev_bufsiz(),
        .port = device,
        .reset = line,
        .name = name,
        .note = note,
        .identity = identity,
        .active_high = words->active_high,
        .open_drain = words->open_drain,
        .slowest_hz =
            self->controller.slowest_hz ? avrspi_host_choose_sck(&self->controller, 1).made_hz : 0,
        /* its pull is asked for when it matters: avrspi_host_pulls_miso_down() */
    };

    (void)snprintf(name, sizeof name, "%s + %s%s%s%s", base_name(device), line, *place ? " (" : "",
                   place, *place ? ")" : "");
    (void)snprintf(identity, sizeof identity, "%s %s", realpath(device, real) ? real : device,
                   avrspi_line_key(self->line));
    say_note(note, sizeof note, self);
    return avrspi_link_new(link, &linux_ops, self, &info, error);
}

int avrspi_link_open_linux(struct avrspi_link **link, const struct avrspi_port *port,
                           const struct avrspi_link_config *config, struct avrspi_error *error)
{
    struct avrspi_line_words words;
    struct linux_link *self;
    int result = avrspi_port_parse_reset(&words, port, config->reset, error);

    if (result < 0)
        return result;
    self = calloc(1, sizeof *self);
    if (!self)
        return avrspi_fail_memory(error);
    result = avrspi_bus_for(&self->bus, config, error);
    if (result < 0)
        goto free_self;
    /* the line first: whoever has it may be using the device in another mode */
    result = avrspi_line_open(&self->line, &words, error);
    if (result < 0)
        goto close_bus;
    /* whoever enters takes RESET to have been high since long ago */
    if (avrspi_line_was_active(self->line))
        avrspi_link_real_wait(self, RISEN_NS);
    result = use_device(self, port->device, error);
    if (result < 0)
        goto close_line;
    find_controller(self, port->device);
    result = make_link(link, self, port->device, &words, error);
    if (result < 0)
        goto release_device;
    return 0;
release_device:
    release_device(self);
close_line:
    (void)avrspi_line_close(self->line, NULL);
close_bus:
    avrspi_bus_close(self->bus);
free_self:
    free(self);
    return result;
}
