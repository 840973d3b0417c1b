/* SPDX-License-Identifier: MIT */
/*
 * The computer that the board is a copy of: a Raspberry Pi 4, with the buses, the SPI devices and
 * the GPIO chips that Linux shows there.
 */
#ifndef AVRSPI_TOOLS_BOARD_MODEL_H
#define AVRSPI_TOOLS_BOARD_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum {
    MODEL_BUSES = 2,
    MODEL_SPIDEVS = 3,
    MODEL_GPIOCHIPS = 2,
    MODEL_PWMS = 2,
    MODEL_KERNELS = 3,     /* the first is the one where none is named */
    MODEL_MOST_LINES = 58, /* of a GPIO chip */
    MODEL_RESET = 25,      /* the line of gpiochip0 that leads to RESET unless told otherwise */
};

/* An SPI controller, with SCK, MOSI and MISO. */
struct bus_model {
    const char *folder; /* below /sys/devices/platform/soc */
    const char *node;   /* its name in the device tree, and what that says of it */
    const char *compatible;
    const char *driver;
    uint32_t modes;           /* SPI_... that its driver accepts */
    uint32_t largest_divisor; /* of the core clock; all even numbers up to it */
    unsigned sck, mosi, miso; /* lines of gpiochip0 */
    bool wraps;               /* of a larger one the lowest 16 bits are used */
};

/* A chip select of a bus, which is an SPI device. */
struct spidev_model {
    unsigned bus, select;
    unsigned line; /* of gpiochip0 */
};

struct gpiochip_model {
    const char *label;
    const char *folder; /* below /sys/devices/platform/soc */
    const char *const *names;
    unsigned n_lines;
    unsigned pulled_up; /* so many lines from 0 on have a pull-up after power-up */
};

/* What kernels do differently with GPIO lines. Of Linux 5.4 only the first interface is there, and
 * that without bias and without a change of what was requested. */
struct kernel_model {
    const char *name;
    bool keeps_level; /* an output that is released stays one: persist_gpio_outputs */
    bool first_interface_only;
};

/* The PWM of the header, in /sys. */
#define MODEL_SOC        "devices/platform/soc"
#define MODEL_PWM        MODEL_SOC "/fe20c000.pwm/pwm/pwmchip0"
#define MODEL_PWM_FOLDER "/sys/" MODEL_PWM

extern const struct bus_model model_bus[MODEL_BUSES];
/* In place of the first, on a Raspberry Pi 5. */
extern const struct bus_model model_dw;
extern const struct spidev_model model_spidev[MODEL_SPIDEVS];
extern const struct gpiochip_model model_gpiochip[MODEL_GPIOCHIPS];
extern const struct kernel_model model_kernel[MODEL_KERNELS];

#endif
