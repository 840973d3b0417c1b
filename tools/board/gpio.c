/* SPDX-License-Identifier: MIT */
/* The lines of a GPIO chip, and what their levels are. */
#include "gpio.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIRECTION_FLAGS (GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_OUTPUT)

static void hold(struct line *line, const char *consumer, uint64_t flags, bool high)
{
    line->flags = GPIO_V2_LINE_FLAG_USED | flags;
    line->driven = flags & GPIO_V2_LINE_FLAG_OUTPUT;
    line->high = high;
    (void)snprintf(line->consumer, sizeof line->consumer, "%s", consumer);
}

/* The lines that the kernel, or somebody, holds from the beginning. */
static void hold_all(struct gpio *gpio)
{
    const struct options *options = gpio->options;
    const struct chip_options *first = &options->chip[0];

    for (unsigned n = 0; n < MODEL_SPIDEVS && gpio->number == 0; n++) {
        const struct spidev_model *model = &model_spidev[n];
        char consumer[GPIO_MAX_NAME_SIZE];

        if (!options_has_bus(options, model->bus)) /* also where another driver has the device */
            continue;
        (void)snprintf(consumer, sizeof consumer, "spi%u CS%u", model->bus, model->select);
        hold(&gpio->line[model->line], consumer,
             GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_ACTIVE_LOW, true);
    }
    if (options->busy && gpio->number == first->gpiochip)
        hold(&gpio->line[first->reset], options->busy, GPIO_V2_LINE_FLAG_INPUT, true);
}

struct gpio *gpio_open(const struct options *options, unsigned number, struct objects *objects,
                       struct wires *wires, struct trace *trace)
{
    struct gpio *gpio = calloc(1, sizeof *gpio);

    if (!gpio)
        return NULL;
    gpio->options = options;
    gpio->model = &model_gpiochip[number];
    gpio->number = number;
    gpio->objects = objects;
    gpio->wires = wires;
    gpio->trace = trace;
    for (unsigned n = 0; n < gpio->model->n_lines; n++) {
        gpio->line[n] = (struct line){
            .name = options->no_line_names ? "" : gpio->model->names[n],
            .flags = GPIO_V2_LINE_FLAG_INPUT,
            .pull = n < gpio->model->pulled_up ? PULL_UP : PULL_DOWN,
        };
    }
    hold_all(gpio);
    return gpio;
}

void gpio_close(struct gpio *gpio)
{
    free(gpio);
}

static bool is_reset(const struct gpio *gpio, unsigned chip, unsigned offset)
{
    const struct chip_options *options = &gpio->options->chip[chip];

    return options->gpiochip == gpio->number && options->reset == offset;
}

static bool drives(const struct line *line)
{
    return line->driven && !(line->flags & GPIO_V2_LINE_FLAG_OPEN_DRAIN && line->high) &&
           !(line->flags & GPIO_V2_LINE_FLAG_OPEN_SOURCE && !line->high);
}

/* The line at the other end of the jumper, where it is driven there; else NULL. */
static const struct line *driven_by(const struct gpio *gpio, unsigned offset)
{
    const struct options *options = gpio->options;
    const struct line *other;

    if (!options->has_jumper || gpio->number != 0 ||
        (offset != options->jumper[0] && offset != options->jumper[1]))
        return NULL;
    other = &gpio->line[options->jumper[offset == options->jumper[0]]];
    return drives(other) ? other : NULL;
}

/* What pulls a line that nobody drives: a target is stronger than the pin's own bias. */
static bool pulled(const struct gpio *gpio, unsigned offset)
{
    for (unsigned chip = 0; chip < gpio->options->n_chips; chip++) {
        int pull =
            is_reset(gpio, chip, offset) ? target_pulls_reset(wires_target(gpio->wires, chip)) : 0;

        if (pull)
            return pull > 0;
    }
    return gpio->line[offset].pull == PULL_UP;
}

/* Whether chips drive a line as their MISO; of two levels low is the stronger. */
static bool answered(const struct gpio *gpio, unsigned offset, bool *high)
{
    bool driven = false, level;

    *high = true;
    for (unsigned chip = 0; chip < gpio->options->n_chips && gpio->number == 0; chip++) {
        if (gpio->options->chip[chip].miso == offset && wires_miso(gpio->wires, chip, &level)) {
            driven = true;
            *high &= level;
        }
    }
    return driven;
}

bool gpio_level(const struct gpio *gpio, unsigned offset)
{
    const struct line *line = &gpio->line[offset], *other = driven_by(gpio, offset);
    bool high;

    if (drives(line))
        return line->high;
    if (other)
        return other->high;
    return answered(gpio, offset, &high) ? high : pulled(gpio, offset);
}

static void changed(struct gpio *gpio, unsigned offset)
{
    for (unsigned chip = 0; chip < gpio->options->n_chips; chip++) {
        const struct chip_options *options = &gpio->options->chip[chip];

        if (is_reset(gpio, chip, offset))
            wires_reset(gpio->wires, chip, !gpio_level(gpio, offset));
        if (gpio->number == 0 && (offset == options->sck || offset == options->mosi))
            wires_pins(gpio->wires, chip, gpio_level(gpio, options->sck),
                       gpio_level(gpio, options->mosi));
    }
}

bool gpio_get(const struct gpio *gpio, unsigned offset)
{
    bool low_is_active = gpio->line[offset].flags & GPIO_V2_LINE_FLAG_ACTIVE_LOW;

    return gpio_level(gpio, offset) != low_is_active;
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

static void bias(struct line *line, uint64_t flags)
{
    static const struct {
        uint64_t flag;
        enum pull pull;
    } biases[] = {
        {GPIO_V2_LINE_FLAG_BIAS_PULL_UP, PULL_UP},
        {GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN, PULL_DOWN},
        {GPIO_V2_LINE_FLAG_BIAS_DISABLED, PULL_OFF},
    };

    for (size_t n = 0; n < sizeof biases / sizeof *biases; n++) {
        if (flags & biases[n].flag)
            line->pull = biases[n].pull;
    }
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
    bias(line, flags);
    if (asked && line->driven)
        drive(line, value);
    changed(gpio, lines->offset[n]);
}

/* The driver makes it an input; Linux goes on showing the direction that was asked for. */
void gpio_let_go(struct gpio *gpio, unsigned offset)
{
    struct line *line = &gpio->line[offset];

    line->flags &= DIRECTION_FLAGS;
    line->driven = line->driven && gpio->options->kernel->keeps_level;
    line->consumer[0] = '\0';
    changed(gpio, offset);
}

bool gpio_hold(struct gpio *gpio, unsigned offset, const char *consumer)
{
    struct line *line = &gpio->line[offset];

    if (line->flags & GPIO_V2_LINE_FLAG_USED)
        return false;
    line->flags = GPIO_V2_LINE_FLAG_USED |
                  (line->driven ? GPIO_V2_LINE_FLAG_OUTPUT : GPIO_V2_LINE_FLAG_INPUT);
    (void)snprintf(line->consumer, sizeof line->consumer, "%s", consumer);
    return true;
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

        if (lines->offset[n] >= gpio->model->n_lines)
            goto fail;
        line = &gpio->line[lines->offset[n]];
        if (line->flags & GPIO_V2_LINE_FLAG_USED) {
            result = -EBUSY;
            goto fail;
        }
        memcpy(line->consumer, wanted->consumer, sizeof line->consumer);
        gpio_configure(gpio, lines, n, wanted->flags[n], wanted->value[n]);
    }
    result = objects_add(gpio->objects, OBJECT_LINES, gpio->number, lines, object);
    if (result < 0)
        goto fail;
    return result;
fail:
    while (n > 0)
        gpio_let_go(gpio, lines->offset[--n]);
    free(lines);
    return result;
}

void gpio_lines_closed(struct gpio *gpio, struct object *object)
{
    struct lines *lines = object->data;

    wires_catch_up(gpio->wires);
    for (unsigned n = 0; n < lines->n; n++) {
        gpio_let_go(gpio, lines->offset[n]);
        trace_event(gpio->trace, "%s released", gpio->line[lines->offset[n]].name);
    }
    free(lines);
}

bool gpio_is_left_driven(const struct gpio *gpio, unsigned offset)
{
    const struct line *line = &gpio->line[offset];

    return line->driven && !(line->flags & GPIO_V2_LINE_FLAG_USED);
}

const char *gpio_pull(const struct gpio *gpio, unsigned offset)
{
    static const char *const names[] = {
        [PULL_OFF] = "off",
        [PULL_UP] = "up",
        [PULL_DOWN] = "down",
    };

    return names[gpio->line[offset].pull];
}

const char *gpio_owner(const struct gpio *gpio, unsigned offset)
{
    return gpio->line[offset].consumer;
}
