/* SPDX-License-Identifier: MIT */
/*
 * SPI controllers, and the SCK that each makes of its clock. spidev does not report it: the numbers
 * follow the formulas of the kernel's drivers. Not measured on a board.
 */
#ifndef AVRSPI_SRC_HOST_CONTROLLERS_H
#define AVRSPI_SRC_HOST_CONTROLLERS_H

#include <stdint.h>

enum avrspi_host_controller {
    AVRSPI_HOST_CONTROLLER_UNKNOWN,
    AVRSPI_HOST_CONTROLLER_BCM2835,     /* SPI0, and SPI3 to SPI6, of Raspberry Pi 1 to 4 */
    AVRSPI_HOST_CONTROLLER_BCM2835_AUX, /* SPI1 and SPI2 of Raspberry Pi 1 to 4 */
    AVRSPI_HOST_CONTROLLER_DW_APB_SSI,  /* of RP1 on Raspberry Pi 5, and of other chips */
    AVRSPI_HOST_CONTROLLERS,
};

/* By an entry of 'compatible' in the device tree, or by the name of the kernel's driver: both
 * may be "". AVRSPI_HOST_CONTROLLER_UNKNOWN for any other. */
enum avrspi_host_controller avrspi_host_controller_find(const char *compatible, const char *driver);

/* The driver's name, "unknown" for none. */
const char *avrspi_host_controller_name(enum avrspi_host_controller controller);

/*
 * SCK in Hz, rounded down, that the driver makes when it is asked for 'wanted_hz' and the
 * controller runs on 'clock_hz'. It is at or below what is wanted, unless that is below
 * avrspi_host_sck_slowest(); there it may be many times faster. 0 when it is not known (an
 * unknown controller, or one of the frequencies is 0) or SCK would stand still.
 *
 * The clock of a Raspberry Pi 1 to 4 drops while the processor idles, and SCK with it.
 */
uint32_t avrspi_host_sck(enum avrspi_host_controller controller, uint32_t clock_hz,
                         uint32_t wanted_hz);

/* The slowest SCK in Hz, rounded down; 0 when it is not known. */
uint32_t avrspi_host_sck_slowest(enum avrspi_host_controller controller, uint32_t clock_hz);

#endif
