/* SPDX-License-Identifier: MIT */
/* A GPIO chip: one table of lines behind both interfaces, whose flags are those of version 2. */
#ifndef AVRSPI_TOOLS_BOARD_GPIO_H
#define AVRSPI_TOOLS_BOARD_GPIO_H

#include "board.h"

#include <linux/gpio.h>

/* The bias of a pin, which stays when its line is released. */
enum pull {
    PULL_OFF,
    PULL_UP,
    PULL_DOWN,
};

struct line {
    const char *name;
    uint64_t flags; /* GPIO_V2_LINE_FLAG_... as Linux shows them; with USED somebody holds it */
    bool driven;    /* an output in fact: a line released shows the direction it had */
    bool high;      /* what it drives as an output */
    bool shown;     /* its value in /sys/class/gpio */
    enum pull pull;
    char consumer[GPIO_MAX_NAME_SIZE];
};

struct gpio {
    const struct options *options;
    const struct gpiochip_model *model;
    unsigned number;
    struct objects *objects;
    struct wires *wires;
    struct trace *trace;
    uint32_t calls; /* on lines, since one was interrupted */
    struct line line[MODEL_MOST_LINES];
};

enum lines_kind {
    LINES_V1,
    LINES_V1_EVENT,
    LINES_V2,
};

/* The lines of a request that was granted; the data of an OBJECT_LINES. */
struct lines {
    enum lines_kind kind;
    unsigned n;
    unsigned offset[GPIO_V2_LINES_MAX];
};

/* What a program wants of lines, in either interface. Values are logical: true is active. */
struct wanted {
    struct lines lines;
    uint64_t flags[GPIO_V2_LINES_MAX];
    bool value[GPIO_V2_LINES_MAX];
    char consumer[GPIO_MAX_NAME_SIZE];
};

/* Takes the lines: returns a descriptor to be given away and closed, or -errno. */
int gpio_request(struct gpio *gpio, const struct wanted *wanted, struct object **object);
/* Takes a line as it is, for 'consumer'; false when somebody has it. Lets one go. */
bool gpio_hold(struct gpio *gpio, unsigned offset, const char *consumer);
void gpio_let_go(struct gpio *gpio, unsigned offset);
/* Changes the line that is number 'n' of a request. */
void gpio_configure(struct gpio *gpio, const struct lines *lines, unsigned n, uint64_t flags,
                    bool value);
bool gpio_get(const struct gpio *gpio, unsigned offset);
void gpio_set(struct gpio *gpio, unsigned offset, bool value);

#endif
