/* SPDX-License-Identifier: MIT */
/* The simulated chip that the words of a port ask for: made, and kept in its file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "simhost/simhost.h"

int avrspi_sim_port_save(const struct avrspi_sim_port *port, struct avrspi_sim *sim,
                         struct avrspi_error *error)
{
    char *data;
    size_t size;
    int result;

    if (!port->state)
        return 0;
    result =
        avrspi_sim_file_format(avrspi_sim_silicon(sim), port->config.chip, &data, &size, error);
    if (result < 0)
        return result;
    result = avrspi_file_write(port->state, data, size, error);
    free(data);
    return result;
}

/* A file that is not there is made at once: should that fail, better now than after a job. */
static int load(const struct avrspi_sim_port *port, struct avrspi_sim *sim,
                struct avrspi_error *error)
{
    struct avrspi_error reading = {0};
    char *data;
    size_t size;
    int result;

    if (!port->state)
        return 0;
    result = avrspi_file_read(port->state, &data, &size, &reading);
    if (result < 0 && reading.sys_errno == ENOENT)
        return avrspi_sim_port_save(port, sim, error);
    if (result < 0) {
        if (error)
            *error = reading;
        return result;
    }
    result = avrspi_sim_file_parse(avrspi_sim_silicon(sim), port->config.chip, port->state, data,
                                   size, error);
    free(data);
    return result;
}

/* The signature of an ATmega8, or on that one an ATmega328P's. It is the board that is wrong,
 * not the chip: no part of its state. */
static void set_wrong_signature(uint8_t signature[3])
{
    static const uint8_t atmega8[3] = {0x1E, 0x93, 0x07};
    static const uint8_t atmega328p[3] = {0x1E, 0x95, 0x0F};

    memcpy(signature, memcmp(signature, atmega8, 3) == 0 ? atmega328p : atmega8, 3);
}

int avrspi_sim_port_make(const struct avrspi_sim_port *port, struct avrspi_sim **sim,
                         struct avrspi_error *error)
{
    struct avrspi_sim *made = malloc(avrspi_sim_size);
    int result;

    *sim = NULL;
    if (!made)
        return avrspi_fail_memory(error);
    avrspi_sim_init(made, &port->config);
    result = load(port, made, error);
    if (result < 0) {
        free(made);
        return result;
    }
    if (port->signature_given)
        memcpy(avrspi_sim_silicon(made)->signature, port->signature, sizeof port->signature);
    if (port->wrong_chip)
        set_wrong_signature(avrspi_sim_silicon(made)->signature);
    avrspi_sim_power_cycle(made);
    *sim = made;
    return 0;
}
