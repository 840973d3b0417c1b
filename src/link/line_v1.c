/* SPDX-License-Identifier: MIT */
/* A line by libgpiod 1.x (Debian 12). */
#include "link/line.h"

#include <stdlib.h>

#include <gpiod.h>

#include "base/error.h"
#include "link/again.h"
#include "link/find.h"

struct avrspi_line {
    struct gpiod_line *line; /* its chip is closed with it */
    int flags;               /* GPIOD_LINE_REQUEST_FLAG_..., without those of its bias */
    int bias;                /* these */
    bool was_active;
    struct avrspi_line_names names;
};

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

    self->flags = (words->active_high ? 0 : GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW) |
                  (words->open_drain ? GPIOD_LINE_REQUEST_FLAG_OPEN_DRAIN : 0);
    self->bias = words->active_high ? GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN
                                    : GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP;
    if (request(self, input, self->flags | self->bias) == 0)
        return 0;
    self->bias = 0; /* before Linux 5.5 there is none */
    return request(self, input, self->flags);
}

int avrspi_line_open(struct avrspi_line **line, const struct avrspi_line_words *words,
                     struct avrspi_error *error)
{
    struct avrspi_line *self = calloc(1, sizeof *self);
    struct avrspi_line_found found;
    int result;

    if (!self)
        return avrspi_fail_memory(error);
    result = avrspi_line_find(&found, words, error);
    if (result < 0)
        goto fail;
    self->line = gpiod_chip_get_line(found.chip, found.offset);
    self->names = found.names;
    self->was_active = !avrspi_line_use(words)->input && is_left_active(self->line, words);
    if (request_line(self, words) < 0) {
        result = avrspi_line_fail_found(&found, words, error);
        avrspi_line_drop(&found);
        goto fail;
    }
    *line = self;
    return 0;
fail:
    free(self);
    return result;
}

const struct avrspi_line_names *avrspi_line_names(const struct avrspi_line *line)
{
    return &line->names;
}

bool avrspi_line_was_active(const struct avrspi_line *line)
{
    return line->was_active;
}

int avrspi_line_set(struct avrspi_line *line, bool active, struct avrspi_error *error)
{
    int result;

    do {
        result = gpiod_line_set_value(line->line, active);
    } while (avrspi_call_again(result));
    if (result < 0)
        return avrspi_line_fail_drive(&line->names, error);
    return 0;
}

/* 1 or 0, as active or not; -1 with errno. */
static int read_value(const struct avrspi_line *line)
{
    int value;

    do {
        value = gpiod_line_get_value(line->line);
    } while (avrspi_call_again(value));
    return value;
}

int avrspi_line_get(struct avrspi_line *line, bool *active, struct avrspi_error *error)
{
    const int value = read_value(line);

    if (value < 0)
        return avrspi_line_fail_read(&line->names, error);
    *active = value == 1;
    return 0;
}

static bool configure(struct avrspi_line *line, int direction, int flags)
{
    int result;

    do {
        result = gpiod_line_set_config(line->line, direction, flags, 0);
    } while (avrspi_call_again(result));
    return result == 0;
}

/* Without its other flags: the kernel refuses an input that is an open drain. */
static bool become_input(struct avrspi_line *line, int bias)
{
    return configure(line, GPIOD_LINE_REQUEST_DIRECTION_INPUT, bias);
}

bool avrspi_line_let_go(struct avrspi_line *line, bool up)
{
    return become_input(line, up ? GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP
                                 : GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN);
}

bool avrspi_line_is_high(struct avrspi_line *line, bool *high)
{
    const int value = read_value(line);

    *high = value == 1;
    return value >= 0;
}

bool avrspi_line_take(struct avrspi_line *line)
{
    return configure(line, GPIOD_LINE_REQUEST_DIRECTION_OUTPUT, line->flags | line->bias);
}

bool avrspi_line_has_bias(const struct avrspi_line *line)
{
    return line->bias && line->names.default_pull;
}

/* Before Linux 5.5 a line that is held keeps its direction: a request of its own changes it. */
static void release_as_input(struct avrspi_line *line)
{
    const bool is_input = become_input(line, line->bias);

    gpiod_line_release(line->line);
    if (!is_input && gpiod_line_request_input(line->line, AVRSPI_LINE_CONSUMER) == 0)
        gpiod_line_release(line->line);
}

int avrspi_line_close(struct avrspi_line *line, struct avrspi_error *error)
{
    int result = 0;

    if (!line)
        return 0;
    if (!line->names.use->input)
        result = avrspi_line_set(line, false, error);
    release_as_input(line);
    gpiod_line_close_chip(line->line);
    free(line);
    return result;
}
