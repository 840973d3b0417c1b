/* SPDX-License-Identifier: MIT */
/* The numbers of GPIO lines in the old interface, /sys/class/gpio: base of the chip plus offset. A
 * Raspberry Pi's GPIO25 is 537 since Linux 6.6, and was 25 before. */
#ifndef AVRSPI_SRC_HOST_GPIO_H
#define AVRSPI_SRC_HOST_GPIO_H

#include <stdbool.h>
#include <stdint.h>

enum {
    AVRSPI_HOST_LABEL = 64,
};

/* The label of the chip, and the offset of the line there, of a number; false where no chip has
 * it, or the kernel does not show them. */
bool avrspi_host_gpio_find(const char *root, uint32_t number, char label[AVRSPI_HOST_LABEL],
                           unsigned *offset);

/* The number of a line, by the label of its chip; false where it is not known. */
bool avrspi_host_gpio_number(const char *root, const char *label, unsigned offset,
                             uint32_t *number);

#endif
