/* SPDX-License-Identifier: MIT */
/* What the two interfaces to GPIO lines have in common. */
#ifndef AVRSPI_TOOLS_BOARD_GPIO_ABI_H
#define AVRSPI_TOOLS_BOARD_GPIO_ABI_H

#include "gpio.h"

/* The rules for flags of drivers/gpio/gpiolib-cdev.c: 0 or -errno. */
int gpio_check_flags(uint64_t flags);
/* Takes over a consumer's name; who gives none is "?". */
void gpio_name_consumer(struct wanted *wanted, const char consumer[GPIO_MAX_NAME_SIZE]);
/* Requests the lines for the program; *fd is their descriptor there. Returns 0 or -errno. */
int64_t gpio_grant(struct gpio *gpio, const struct call *call, const struct wanted *wanted,
                   int32_t *fd);
/* Writes the lines and their levels to the trace. */
void gpio_note_values(struct gpio *gpio, const struct call *call, const struct lines *lines,
                      const char *what);

int64_t gpio_v1_line_info(struct gpio *gpio, const struct call *call);
int64_t gpio_v1_request(struct gpio *gpio, const struct call *call);
int64_t gpio_v1_request_event(struct gpio *gpio, const struct call *call);
int64_t gpio_v1_lines_ioctl(struct gpio *gpio, const struct call *call, const struct lines *lines);

int64_t gpio_v2_line_info(struct gpio *gpio, const struct call *call);
int64_t gpio_v2_request(struct gpio *gpio, const struct call *call);
int64_t gpio_v2_lines_ioctl(struct gpio *gpio, const struct call *call, const struct lines *lines);

#endif
