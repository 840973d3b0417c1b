/* SPDX-License-Identifier: MIT */
#include "link/bus.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "link/link.h"

void avrspi_bus_lock(struct avrspi_bus *bus)
{
    (void)pthread_mutex_lock(&bus->mutex);
}

void avrspi_bus_unlock(struct avrspi_bus *bus)
{
    (void)pthread_mutex_unlock(&bus->mutex);
}

static int open_wires(struct avrspi_bus *bus, const struct avrspi_line_words words[AVRSPI_WIRES],
                      struct avrspi_error *error)
{
    int result = avrspi_wires_open(&bus->wires, words, error);

    if (result < 0)
        return result;
    result = avrspi_wires_measure(bus->wires, &bus->cost, error);
    if (result < 0)
        avrspi_wires_close(bus->wires);
    return result;
}

static int open_kind(struct avrspi_bus *bus, const char *port, struct avrspi_error *error)
{
    struct avrspi_port parsed;
    int result = avrspi_port_parse(&parsed, port, error);

    if (result < 0)
        return result;
    bus->kind = parsed.kind;
    bus->started_ns = avrspi_clock_now();
    switch (parsed.kind) {
    case AVRSPI_PORT_SPIDEV:
        return avrspi_spi_bus_lock(&bus->spi, "/dev", parsed.device, error);
    case AVRSPI_PORT_GPIO:
        return open_wires(bus, parsed.wire, error);
    default:
        return 0;
    }
}

int avrspi_bus_open(struct avrspi_bus **bus, const char *port, struct avrspi_error *error)
{
    struct avrspi_bus *made = calloc(1, sizeof *made);
    int result;

    *bus = NULL;
    if (!made)
        return avrspi_fail_memory(error);
    made->users = 1;
    made->port = strdup(port);
    result = made->port ? open_kind(made, port, error) : avrspi_fail_memory(error);
    if (result < 0) {
        free(made->port);
        free(made);
        return result;
    }
    (void)pthread_mutex_init(&made->mutex, NULL);
    *bus = made;
    return 0;
}

void avrspi_bus_close(struct avrspi_bus *bus)
{
    bool last;

    if (!bus)
        return;
    avrspi_bus_lock(bus);
    last = --bus->users == 0;
    avrspi_bus_unlock(bus);
    if (!last)
        return;
    avrspi_spi_bus_unlock(&bus->spi);
    avrspi_wires_close(bus->wires);
    (void)pthread_mutex_destroy(&bus->mutex);
    free(bus->port);
    free(bus);
}

/* The value of the last "bus=" in the words of a simulated port, and its length; "" for none. */
static const char *bus_word(const char *words, size_t *length)
{
    static const char key[] = "bus=";
    const char *found = "";

    while (words) {
        if (strncmp(words, key, strlen(key)) == 0)
            found = words + strlen(key);
        words = strchr(words, ',');
        if (words)
            words++;
    }
    *length = strcspn(found, ",");
    return found;
}

static bool same_sim_bus(const char *a, const char *b)
{
    size_t a_length, b_length;
    const char *a_name = bus_word(a, &a_length), *b_name = bus_word(b, &b_length);

    return a_length == b_length && memcmp(a_name, b_name, a_length) == 0;
}

bool avrspi_bus_has(struct avrspi_bus *bus, const char *port)
{
    struct avrspi_port parsed, own;
    bool has;

    if (avrspi_port_parse(&parsed, port, NULL) < 0 || parsed.kind != bus->kind)
        return false;
    if (parsed.kind == AVRSPI_PORT_SIM)
        return avrspi_port_parse(&own, bus->port, NULL) == 0 &&
               same_sim_bus(own.words, parsed.words);
    avrspi_bus_lock(bus);
    has = parsed.kind == AVRSPI_PORT_GPIO ? avrspi_wires_are(bus->wires, parsed.wire)
                                          : avrspi_spi_bus_has(&bus->spi, parsed.device);
    avrspi_bus_unlock(bus);
    return has;
}

int avrspi_bus_for(struct avrspi_bus **bus, const struct avrspi_link_config *config,
                   struct avrspi_error *error)
{
    *bus = NULL;
    if (!config->bus)
        return avrspi_bus_open(bus, config->port, error);
    if (!avrspi_bus_has(config->bus, config->port))
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "'%s' is not on the bus of '%s'", config->port,
                           config->bus->port);
    avrspi_bus_lock(config->bus);
    config->bus->users++;
    avrspi_bus_unlock(config->bus);
    *bus = config->bus;
    return 0;
}
