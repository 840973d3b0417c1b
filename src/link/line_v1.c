/* SPDX-License-Identifier: MIT */
/* A line by libgpiod 1.x (Debian 12). */
#include "link/line.h"

#include <errno.h>
#include <stdlib.h>

#include <gpiod.h>

#include "base/error.h"

struct avrspi_line {
    struct gpiod_line *line; /* its chip is closed with it */
    int bias;                /* GPIOD_LINE_REQUEST_FLAG_BIAS_... */
    bool was_active;
    struct avrspi_line_names names;
};

/* The line of a chip (NULL is allowed), which is closed where there is none. */
static struct gpiod_line *get_line(struct gpiod_chip *chip, unsigned offset)
{
    struct gpiod_line *line;

    if (!chip)
        return NULL;
    line = gpiod_chip_get_line(chip, offset);
    if (!line) {
        int sys_errno = errno;

        gpiod_chip_close(chip);
        errno = sys_errno;
    }
    return line;
}

static struct gpiod_line *find_at(const struct avrspi_line_at *at)
{
    return *at->label ? get_line(gpiod_chip_open_by_label(at->label), at->offset)
                      : gpiod_line_find(at->name);
}

static struct gpiod_line *find(const struct avrspi_line_words *words, struct avrspi_line_at *at)
{
    struct gpiod_line *line = NULL;
    size_t next = 0;

    errno = 0;
    if (!*words->name)
        return get_line(gpiod_chip_open_by_name(words->chip), words->offset);
    while (!line && avrspi_line_next(at, &next, words, ""))
        line = find_at(at);
    return line;
}

/* True for an output at its active level that nobody holds. Only while it is requested, as it is,
 * does Linux tell direction and level in truth. */
static bool is_left_active(struct gpiod_line *line, const struct avrspi_line_words *words)
{
    const struct gpiod_line_request_config config = {
        .consumer = AVRSPI_LINE_CONSUMER,
        .request_type = GPIOD_LINE_REQUEST_DIRECTION_AS_IS,
        .flags = words->active_high ? 0 : GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW,
    };
    bool active;

    if (gpiod_line_request(line, &config, 0) < 0)
        return false; /* the next request fails too, and is told of */
    active = gpiod_line_direction(line) == GPIOD_LINE_DIRECTION_OUTPUT &&
             gpiod_line_get_value(line) == 1;
    gpiod_line_release(line);
    return active;
}

static int request(struct avrspi_line *self, bool input, int flags)
{
    if (input)
        return gpiod_line_request_input_flags(self->line, AVRSPI_LINE_CONSUMER, flags);
    return gpiod_line_request_output_flags(self->line, AVRSPI_LINE_CONSUMER, flags, 0);
}

static int request_line(struct avrspi_line *self, const struct avrspi_line_words *words)
{
    const bool input = avrspi_line_use(words)->input;
    int flags = 0;

    if (!words->active_high)
        flags |= GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW;
    if (words->open_drain)
        flags |= GPIOD_LINE_REQUEST_FLAG_OPEN_DRAIN;
    self->bias = words->active_high ? GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN
                                    : GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
    if (request(self, input, flags | self->bias) == 0)
        return 0;
    self->bias = 0; /* before Linux 5.5 there is none */
    return request(self, input, flags);
}

static int fail_request(struct gpiod_line *line, const struct avrspi_line_words *words,
                        struct avrspi_error *error)
{
    const struct avrspi_line_holder holder = {
        .consumer = gpiod_line_consumer(line),
        .label = gpiod_chip_label(gpiod_line_get_chip(line)),
        .offset = gpiod_line_offset(line),
    };

    return avrspi_line_fail_request(words, &holder, error);
}

int avrspi_line_open(struct avrspi_line **line, const struct avrspi_line_words *words,
                     struct avrspi_error *error)
{
    struct avrspi_line *self = calloc(1, sizeof *self);
    struct avrspi_line_at at = {.name = ""};
    int result;

    if (!self)
        return avrspi_fail_memory(error);
    self->line = find(words, &at);
    if (!self->line) {
        result = avrspi_line_fail_find(words, error);
        goto fail;
    }
    self->was_active = !avrspi_line_use(words)->input && is_left_active(self->line, words);
    if (request_line(self, words) < 0) {
        result = fail_request(self->line, words, error);
        gpiod_line_close_chip(self->line);
        goto fail;
    }
    avrspi_line_say(&self->names, words, &at, gpiod_chip_name(gpiod_line_get_chip(self->line)),
                    gpiod_line_offset(self->line));
    *line = self;
    return 0;
fail:
    free(self);
    return result;
}

const char *avrspi_line_name(const struct avrspi_line *line)
{
    return line->names.name;
}

const char *avrspi_line_place(const struct avrspi_line *line)
{
    return line->names.place;
}

const char *avrspi_line_key(const struct avrspi_line *line)
{
    return line->names.key;
}

bool avrspi_line_was_active(const struct avrspi_line *line)
{
    return line->was_active;
}

int avrspi_line_set(struct avrspi_line *line, bool active, struct avrspi_error *error)
{
    if (gpiod_line_set_value(line->line, active) < 0)
        return avrspi_line_fail_drive(&line->names, error);
    return 0;
}

int avrspi_line_get(struct avrspi_line *line, bool *active, struct avrspi_error *error)
{
    const int value = gpiod_line_get_value(line->line);

    if (value < 0)
        return avrspi_line_fail_read(&line->names, error);
    *active = value == 1;
    return 0;
}

int avrspi_line_close(struct avrspi_line *line, struct avrspi_error *error)
{
    int result = 0;

    if (!line)
        return 0;
    if (!line->names.use->input)
        result = avrspi_line_set(line, false, error);
    /* without its other flags: the kernel refuses an input that is an open drain */
    (void)gpiod_line_set_config(line->line, GPIOD_LINE_REQUEST_DIRECTION_INPUT, line->bias, 0);
    gpiod_line_release(line->line);
    gpiod_line_close_chip(line->line);
    free(line);
    return result;
}
