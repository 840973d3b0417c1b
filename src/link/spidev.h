/* SPDX-License-Identifier: MIT */
/* One /dev/spidev device, by the kernel's ioctls. */
#ifndef AVRSPI_SRC_LINK_SPIDEV_H
#define AVRSPI_SRC_LINK_SPIDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/error.h"

struct avrspi_spidev {
    char *path; /* by which it was opened, for messages */
    int fd;
    uint32_t saved_mode; /* as it was found */
    bool no_cs;          /* the controller keeps its chip select still */
};

/* Opens a device, and changes nothing of it. AVRSPI_ERR_DEVICE. */
int avrspi_spidev_open(struct avrspi_spidev *spi, const char *path, struct avrspi_error *error);

/* Why it could not be opened, by errno, and what to do about it. */
int avrspi_spidev_fail_open(const char *path, struct avrspi_error *error);

/* Whether it is a spidev at all. */
int avrspi_spidev_check(struct avrspi_spidev *spi, struct avrspi_error *error);

/* Sets mode 0, most significant bit first, without chip select where the controller can do that;
 * whoever calls holds the lock of the bus. AVRSPI_ERR_DEVICE, also when it is not a spidev device.
 */
int avrspi_spidev_claim(struct avrspi_spidev *spi, struct avrspi_error *error);

/* Sets the mode that avrspi_spidev_claim() found. */
void avrspi_spidev_restore(const struct avrspi_spidev *spi);

/* Sends and receives 'size' bytes in one transfer. */
int avrspi_spidev_transfer(const struct avrspi_spidev *spi, const uint8_t *out, uint8_t *in,
                           size_t size, uint32_t hz, struct avrspi_error *error);

void avrspi_spidev_close(struct avrspi_spidev *spi);

/* The largest transfer that spidev takes: its parameter 'bufsiz'. A transfer is rounded up to
 * 128 bytes before it is compared with it (on arm64), so this is a multiple of 128. */
size_t avrspi_spidev_bufsiz(void);

#endif
