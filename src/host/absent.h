/* SPDX-License-Identifier: MIT */
/* Why a spidev device is not there, and what to do about it. */
#ifndef AVRSPI_SRC_HOST_ABSENT_H
#define AVRSPI_SRC_HOST_ABSENT_H

#include <stdbool.h>

#include "avrspi/error.h"

/* Gives an error, filled, the hint for a device that does not exist, by what the files below
 * 'root' ("" for the real ones) show of SPI. */
void avrspi_host_hint_absence(const char *root, const char *path, struct avrspi_error *error);

/* The first spidev device on another bus than that of a device, "/dev/spidev1.0"; false where there
 * is none, and for what is no spidev device. */
bool avrspi_host_other_bus(const char *root, const char *path, char node[32]);

/* True where /sys has nothing to show, as in a container. */
bool avrspi_host_without_sys(const char *root);

/* True for a device that is not for targets: the bus of a Raspberry Pi 5's boot EEPROM. */
bool avrspi_host_is_reserved(const char *root, const char *path);

#endif
