/* SPDX-License-Identifier: MIT */
/*
 * What the kernel's files say about this computer. Each function takes a root: the path before
 * /proc, /sys and /dev, "" for the real ones. A file that can't be read is not an error: what it
 * would have said stays unknown ("", 0, NULL).
 */
#ifndef AVRSPI_SRC_HOST_HOST_H
#define AVRSPI_SRC_HOST_HOST_H

#include "avrspi/error.h"
#include "host/models.h"

struct avrspi_host {
    char model[128]; /* as the device tree says it, "Raspberry Pi 4 Model B Rev 1.4" */
    const struct avrspi_host_model *known;
};

/* The SPI bus of a spidev device. */
struct avrspi_host_spi {
    unsigned bus, chip_select;
    char compatible[64]; /* the controller's first entry in the device tree, "brcm,bcm2835-spi" */
    char driver[64];     /* the kernel's for the controller, "spi-bcm2835" */
    enum avrspi_host_controller controller;
    uint32_t clock_hz;   /* of the controller, while the processor works */
    uint32_t slowest_hz; /* SCK */
};

/* Reads what there is. AVRSPI_ERR_FAILURE when out of memory. */
int avrspi_host_detect(struct avrspi_host *host, const char *root, struct avrspi_error *error);

/* The parameter bufsiz of spidev alone, as it stands; 0 when it is not known. */
uint32_t avrspi_host_bufsiz(const char *root);

/* Bus and chip select in the name of a device, "spidev0.1"; false for any other name. */
bool avrspi_host_spidev_name(const char *name, unsigned *bus, unsigned *chip_select);

/*
 * Looks at the controller of a spidev device ("/dev/spidev0.0", also with "spi:" before it, or a
 * link to it). Where the kernel does not name the controller, the first bus of a known board has
 * the one that the board's model says. False when the path is not that of a spidev device.
 */
bool avrspi_host_spi(struct avrspi_host_spi *spi, const struct avrspi_host *host, const char *root,
                     const char *node);

/* What to ask spidev for, and what the controller makes of it. */
struct avrspi_host_sck {
    uint32_t asked_hz; /* of the driver */
    uint32_t made_hz;  /* rounded up, so that who asks for that gets the same again; what is asked
                          where the controller is not known */
};

/* For an SCK of at most 'wanted_hz', at least 1. Below the slowest that the controller makes, that:
 * a driver may wrap round there, to an SCK that is much too fast. */
struct avrspi_host_sck avrspi_host_choose_sck(const struct avrspi_host_spi *spi,
                                              uint32_t wanted_hz);

/* The slowest SCK in Hz of a port's controller; where it is not known, the slowest that all known
 * controllers reach. */
uint32_t avrspi_host_slowest_of(const char *root, const char *port);

/* Why a port's SCK is faster than the 'asked' Hz, in words, and what helps. */
void avrspi_host_blame_fast_sck(const char *root, const char *port, uint32_t asked_hz,
                                const char **why, enum avrspi_advice *advice);

/* True where a port's MISO is a line that the board is known to pull down by default: GPIO9 and
 * GPIO19 of a Raspberry Pi, of its first and second bus. */
bool avrspi_host_pulls_miso_down(const char *root, const char *port);

#endif
