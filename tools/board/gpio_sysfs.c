/* SPDX-License-Identifier: MIT */
/*
 * The old interface to GPIO lines, /sys/class/gpio, by the rules of drivers/gpio/gpiolib-sysfs.c: a
 * number written to 'export' lets a folder gpioN be there, whose files are the line. What can be
 * read in them is written anew after each change.
 */
#include "gpio.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER   "/sys/class/gpio"
#define CONSUMER "sysfs"

enum {
    LONGEST = 16, /* of what is written */
};

/* A line by its number, which is counted over all chips from the base on; 'gpio' NULL: none. */
struct place {
    unsigned long number;
    struct gpio *gpio;
    unsigned offset;
};

static struct place find_line(const struct paths *paths, unsigned long number)
{
    struct place place = {.number = number};
    unsigned long at = number - paths->options->gpio_base; /* below the base: a large one */

    for (unsigned n = 0; n < MODEL_GPIOCHIPS && !place.gpio; n++) {
        if (at < model_gpiochip[n].n_lines) {
            place.gpio = paths->devices->gpio[n];
            place.offset = (unsigned)at;
        } else {
            at -= model_gpiochip[n].n_lines;
        }
    }
    return place;
}

static struct line *line_of(const struct place *place)
{
    return &place->gpio->line[place->offset];
}

static void write_file(const struct paths *paths, const struct place *place, const char *file,
                       const char *text)
{
    char path[64];

    (void)snprintf(path, sizeof path, FOLDER "/gpio%lu/%s", place->number, file);
    tree_write(paths->tree, path, text);
}

static void show_value(const struct paths *paths, const struct place *place)
{
    struct line *line = line_of(place);

    line->shown = gpio_get(place->gpio, place->offset);
    write_file(paths, place, "value", line->shown ? "1\n" : "0\n");
}

static void show_direction(const struct paths *paths, const struct place *place)
{
    const bool output = line_of(place)->flags & GPIO_V2_LINE_FLAG_OUTPUT;

    write_file(paths, place, "direction", output ? "out\n" : "in\n");
}

/* One line may move others: MISO answers to SCK. */
static void show_moved(const struct paths *paths)
{
    struct place place = find_line(paths, paths->options->gpio_base);

    for (; place.gpio; place = find_line(paths, place.number + 1)) {
        if (strcmp(line_of(&place)->consumer, CONSUMER) == 0 &&
            line_of(&place)->shown != gpio_get(place.gpio, place.offset))
            show_value(paths, &place);
    }
}

static int64_t export(const struct paths *paths, const struct place *place, bool wanted)
{
    char path[64];

    if (!place->gpio)
        return -EINVAL;
    if (wanted && !gpio_hold(place->gpio, place->offset, CONSUMER))
        return -EBUSY;
    if (!wanted && strcmp(line_of(place)->consumer, CONSUMER) != 0)
        return -EINVAL;
    if (!wanted)
        gpio_let_go(place->gpio, place->offset);
    (void)snprintf(path, sizeof path, FOLDER "/gpio%lu", place->number);
    tree_show(paths->tree, path, wanted);
    if (wanted) {
        show_direction(paths, place);
        show_value(paths, place);
    }
    return 0;
}

static int64_t set_direction(const struct paths *paths, const struct place *place, const char *text)
{
    static const struct {
        const char *text;
        uint64_t flag;
        bool high;
    } directions[] = {
        {"in", GPIO_V2_LINE_FLAG_INPUT, false},
        {"out", GPIO_V2_LINE_FLAG_OUTPUT, false},
        {"low", GPIO_V2_LINE_FLAG_OUTPUT, false},
        {"high", GPIO_V2_LINE_FLAG_OUTPUT, true},
    };
    const struct lines lines = {.n = 1, .offset = {place->offset}};

    for (size_t n = 0; n < sizeof directions / sizeof *directions; n++) {
        if (strcmp(text, directions[n].text) == 0) {
            gpio_configure(place->gpio, &lines, 0, directions[n].flag, directions[n].high);
            show_direction(paths, place);
            return 0;
        }
    }
    return -EINVAL;
}

static int64_t set_value(const struct place *place, const char *text)
{
    char *end;
    const long value = strtol(text, &end, 0);

    if (!(line_of(place)->flags & GPIO_V2_LINE_FLAG_OUTPUT))
        return -EPERM;
    if (end == text || *end)
        return -EINVAL;
    gpio_set(place->gpio, place->offset, value != 0);
    return 0;
}

static int64_t take(const struct paths *paths, const char *file, const char *text)
{
    struct place place;
    char *end;

    if (strcmp(file, "export") == 0 || strcmp(file, "unexport") == 0) {
        place = find_line(paths, strtoul(text, NULL, 10));
        return export(paths, &place, *file == 'e');
    }
    place = find_line(paths, strtoul(file + strlen("gpio"), &end, 10));
    if (!place.gpio || strcmp(line_of(&place)->consumer, CONSUMER) != 0)
        return -ENODEV;
    return strcmp(end, "/value") == 0 ? set_value(&place, text)
                                      : set_direction(paths, &place, text);
}

int64_t gpio_sysfs_write(const struct paths *paths, const struct call *call,
                         const struct node *node)
{
    const char *file = node->path + sizeof FOLDER;
    const size_t size = (size_t)call->arg[2];
    char text[LONGEST] = "";
    int64_t result;

    if (size == 0 || size >= sizeof text || !memory_read(call, call->arg[1], text, size))
        return -EINVAL;
    text[strcspn(text, "\n")] = '\0';
    trace_count_gpio(paths->trace);
    wires_catch_up(paths->devices->gpio[0]->wires);
    result = take(paths, file, text);
    show_moved(paths);
    trace_call(paths->trace, call, result, "gpio %s %s", file, text);
    return result < 0 ? result : (int64_t)size;
}

bool gpio_sysfs_has(const struct node *node)
{
    return strncmp(node->path, FOLDER "/", sizeof FOLDER) == 0;
}
