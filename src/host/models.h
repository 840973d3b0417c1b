/* SPDX-License-Identifier: MIT */
/*
 * Board models: what the maker's device trees, drivers and manuals say of them. Not measured on
 * a board. The tool uses clocks and the lines of the header; pins, nodes and names are for the
 * diagnosis of wiring that is to come.
 */
#ifndef AVRSPI_SRC_HOST_MODELS_H
#define AVRSPI_SRC_HOST_MODELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/controllers.h"

/* What the models with one chip have in common. */
struct avrspi_host_soc {
    const char *name;
    enum avrspi_host_controller spi; /* of the header's first bus */
    enum avrspi_host_controller aux; /* of its second bus, on the same clock */
    uint32_t spi_hz;                 /* that clock while the processor works; 0: not known */
    const char *gpio_label;          /* of the GPIO chip with the header's lines; NULL: not known */
    unsigned gpio_lines;             /* of that chip; 0: not known */
    bool numbered;                   /* its line n is what people call GPIOn */
    const char *gpio_chips[2];       /* what it is called in /dev, by the kernel; then NULL */
    unsigned gpio_base; /* of its lines in /sys/class/gpio since Linux 6.6; 0: not known */
    const char *pwm;    /* in /sys the device of the PWM with pins on the header; NULL: not known */
    bool pwm_of_each;   /* each of these pins has a channel of its own, not one of two */
    uint32_t counter_hz; /* what that PWM counts */
};

struct avrspi_host_model {
    const char *name;       /* what /proc/device-tree/model begins with */
    const char *compatible; /* one entry of /proc/device-tree/compatible */
    const struct avrspi_host_soc *soc;
    unsigned header_pins;  /* 26 or 40 of a Raspberry Pi's header; 0: another header or none */
    const char *spidev[3]; /* the usual nodes in /dev, best first, then NULL */
    const char *reserved;  /* a node in /dev that is not for targets, or NULL */
};

/* A pin of a Raspberry Pi's header. */
struct avrspi_host_pin {
    uint8_t pin;            /* from 1 */
    int8_t gpio;            /* the line's offset on its chip; -1 for a supply */
    const char *name;       /* "GPIO25", "3.3 V", "5 V", "GND" */
    const char *other_name; /* what some kernels call the line, or NULL */
};

/* The n-th model; NULL after the last. */
const struct avrspi_host_model *avrspi_host_model(size_t n);

/*
 * The model with an entry of 'compatible' (strings, each with its NUL, 'size' bytes in all),
 * else the one with the longest name that 'text' begins with. NULL when there is none.
 */
const struct avrspi_host_model *avrspi_host_model_find(const char *text, const char *compatible,
                                                       size_t size);

/* The clock in Hz of a controller of that kind on a model (NULL is allowed); 0: not known. */
uint32_t avrspi_host_model_clock(const struct avrspi_host_model *model,
                                 enum avrspi_host_controller controller);

/* The offset of the line that is called 'name' ("GPIO25") on a model's header, by its number:
 * kernels give some lines other names or none. False when the model (NULL is allowed) has no
 * such line, or it is not known. */
bool avrspi_host_model_line(const struct avrspi_host_model *model, const char *name,
                            unsigned *offset);

/* A pin of the header by its number, by the line's offset, or by what some kernels call the line
 * ("SPI_CE0_N"); NULL when there is none. */
const struct avrspi_host_pin *avrspi_host_model_pin(const struct avrspi_host_model *model,
                                                    unsigned pin);
const struct avrspi_host_pin *avrspi_host_model_gpio(const struct avrspi_host_model *model,
                                                     unsigned offset);
const struct avrspi_host_pin *avrspi_host_model_named_pin(const struct avrspi_host_model *model,
                                                          const char *name);

/* Whether the chip with the lines of a model's header (NULL is allowed) is usually called 'chip' in
 * /dev ("gpiochip0"). Which one it is, its label alone tells. */
bool avrspi_host_model_usual_chip(const struct avrspi_host_model *model, const char *chip);

/* The slowest SCK in Hz of the first bus of the Raspberry Pis: it depends on the model. */
struct avrspi_host_floor {
    uint32_t lowest, highest;
};

struct avrspi_host_floor avrspi_host_raspberry_pi_floor(void);

/* The slowest SCK in Hz that every controller of every known model reaches. */
uint32_t avrspi_host_common_floor(void);

#endif
