/* SPDX-License-Identifier: MIT */
/* The lines of a Raspberry Pi 4, and what their levels are. */
#include "gpio.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DIRECTION_FLAGS (GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_OUTPUT)

enum {
    LAST_PULLED_UP = 8, /* GPIO0 to GPIO8 have their pull-up on after power-up, others pull down */
    CE1 = 7,
    CE0 = 8,
};

/* arch/arm/boot/dts/broadcom/bcm2711-rpi-4-b.dts */
static const char *const names[BOARD_LINES] = {
    "ID_SDA",
    "ID_SCL",
    "GPIO2",
    "GPIO3",
    "GPIO4",
    "GPIO5",
    "GPIO6",
    "GPIO7",
    "GPIO8",
    "GPIO9",
    "GPIO10",
    "GPIO11",
    "GPIO12",
    "GPIO13",
    "GPIO14",
    "GPIO15",
    "GPIO16",
    "GPIO17",
    "GPIO18",
    "GPIO19",
    "GPIO20",
    "GPIO21",
    "GPIO22",
    "GPIO23",
    "GPIO24",
    "GPIO25",
    "GPIO26",
    "GPIO27",
    "RGMII_MDIO",
    "RGMIO_MDC",
    "CTS0",
    "RTS0",
    "TXD0",
    "RXD0",
    "SD1_CLK",
    "SD1_CMD",
    "SD1_DATA0",
    "SD1_DATA1",
    "SD1_DATA2",
    "SD1_DATA3",
    "PWM0_MISO",
    "PWM1_MOSI",
    "STATUS_LED_G_CLK",
    "SPIFLASH_CE_N",
    "SDA0",
    "SCL0",
    "RGMII_RXCLK",
    "RGMII_RXCTL",
    "RGMII_RXD0",
    "RGMII_RXD1",
    "RGMII_RXD2",
    "RGMII_RXD3",
    "RGMII_TXCLK",
    "RGMII_TXCTL",
    "RGMII_TXD0",
    "RGMII_TXD1",
    "RGMII_TXD2",
    "RGMII_TXD3",
};

static void hold(struct line *line, const char *consumer, uint64_t flags, bool high)
{
    line->flags = GPIO_V2_LINE_FLAG_USED | flags;
    line->driven = flags & GPIO_V2_LINE_FLAG_OUTPUT;
    line->high = high;
    (void)strncpy(line->consumer, consumer, sizeof line->consumer - 1);
}

struct gpio *gpio_open(const struct options *options, struct objects *objects,
                       struct target *target, struct trace *trace)
{
    struct gpio *gpio = calloc(1, sizeof *gpio);

    if (!gpio)
        return NULL;
    gpio->options = options;
    gpio->objects = objects;
    gpio->target = target;
    gpio->trace = trace;
    for (unsigned n = 0; n < BOARD_LINES; n++)
        gpio->line[n] = (struct line){.name = names[n], .flags = GPIO_V2_LINE_FLAG_INPUT};
    if (!options->no_spidev) {
        hold(&gpio->line[CE0], "spi0 CS0", GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_ACTIVE_LOW,
             true);
        hold(&gpio->line[CE1], "spi0 CS1", GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_ACTIVE_LOW,
             true);
    }
    if (options->busy)
        hold(&gpio->line[options->reset], options->busy, GPIO_V2_LINE_FLAG_INPUT, true);
    return gpio;
}

void gpio_close(struct gpio *gpio)
{
    free(gpio);
}

/* What pulls a line that nobody drives. RESET has a pull-up in the AVR, and mostly another one
 * on its board. */
static bool pulled(const struct gpio *gpio, unsigned offset)
{
    const struct line *line = &gpio->line[offset];

    if (offset == gpio->options->reset)
        return true;
    if (line->flags & GPIO_V2_LINE_FLAG_BIAS_PULL_UP)
        return true;
    if (line->flags & GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN)
        return false;
    return offset <= LAST_PULLED_UP;
}

static bool level(const struct gpio *gpio, unsigned offset)
{
    const struct line *line = &gpio->line[offset];

    if (!line->driven || (line->flags & GPIO_V2_LINE_FLAG_OPEN_DRAIN && line->high) ||
        (line->flags & GPIO_V2_LINE_FLAG_OPEN_SOURCE && !line->high))
        return pulled(gpio, offset);
    return line->high;
}

static void changed(struct gpio *gpio, unsigned offset)
{
    if (offset == gpio->options->reset)
        target_reset(gpio->target, !level(gpio, offset));
}

bool gpio_get(const struct gpio *gpio, unsigned offset)
{
    bool low_is_active = gpio->line[offset].flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW;

    return level(gpio, offset) != low_is_active;
}

static void drive(struct line *line, bool value)
{
    bool low_is_active = line->flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW;

    line->high = value != low_is_active;
}

void gpio_set(struct gpio *gpio, unsigned offset, bool value)
{
    drive(&gpio->line[offset], value);
    changed(gpio, offset);
}

void gpio_configure(struct gpio *gpio, const struct lines *lines, unsigned n, uint64_t flags,
                    bool value)
{
    struct line *line = &gpio->line[lines->offset[n]];
    bool asked = flags & DIRECTION_FLAGS;

    if (!asked) /* it stays what it is */
        flags |= line->driven ? GPIO_V2_LINE_FLAG_OUTPUT : GPIO_V2_LINE_FLAG_INPUT;
    line->flags = flags | GPIO_V2_LINE_FLAG_USED;
    line->driven = flags & GPIO_V2_LINE_FLAG_OUTPUT;
    if (asked && line->driven)
        drive(line, value);
    changed(gpio, lines->offset[n]);
}

/* The driver makes it an input; Linux goes on showing the direction that was asked for. */
static void let_go(struct gpio *gpio, unsigned offset)
{
    struct line *line = &gpio->line[offset];

    line->flags &= DIRECTION_FLAGS;
    line->driven = line->driven && gpio->options->keep_level;
    line->consumer[0] = '\0';
    changed(gpio, offset);
}

int gpio_request(struct gpio *gpio, const struct wanted *wanted, struct object **object)
{
    struct lines *lines = malloc(sizeof *lines);
    unsigned n;
    int result = -EINVAL;

    if (!lines)
        return -ENOMEM;
    *lines = wanted->lines;
    /* like the kernel one after the other: those before one that is busy have moved */
    for (n = 0; n < lines->n; n++) {
        struct line *line;

        if (lines->offset[n] >= BOARD_LINES)
            goto fail;
        line = &gpio->line[lines->offset[n]];
        if (line->flags & GPIO_V2_LINE_FLAG_USED) {
            result = -EBUSY;
            goto fail;
        }
        memcpy(line->consumer, wanted->consumer, sizeof line->consumer);
        gpio_configure(gpio, lines, n, wanted->flags[n], wanted->value[n]);
    }
    result = objects_add(gpio->objects, OBJECT_LINES, lines, object);
    if (result < 0)
        goto fail;
    return result;
fail:
    while (n > 0)
        let_go(gpio, lines->offset[--n]);
    free(lines);
    return result;
}

void gpio_lines_closed(struct gpio *gpio, struct object *object)
{
    struct lines *lines = object->data;

    target_catch_up(gpio->target);
    for (unsigned n = 0; n < lines->n; n++) {
        let_go(gpio, lines->offset[n]);
        trace_event(gpio->trace, "%s let go", gpio->line[lines->offset[n]].name);
    }
    free(lines);
}

bool gpio_reset_level(const struct gpio *gpio)
{
    return level(gpio, gpio->options->reset);
}

const char *gpio_reset_owner(const struct gpio *gpio)
{
    return gpio->line[gpio->options->reset].consumer;
}
