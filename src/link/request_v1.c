/* SPDX-License-Identifier: MIT */
/* Lines requested together by libgpiod 1.x (Debian 12). */
#include "link/request.h"

#include <stdlib.h>

#include <gpiod.h>

#include "link/again.h"
#include "link/line.h"

struct avrspi_request {
    struct gpiod_line_bulk lines;
    bool are_outputs;
};

const bool avrspi_request_is_mixed = false;

static int request_lines(struct avrspi_request *self)
{
    static const int low[AVRSPI_REQUEST_LINES];

    return self->are_outputs
               ? gpiod_line_request_bulk_output(&self->lines, AVRSPI_LINE_CONSUMER, low)
               : gpiod_line_request_bulk_input(&self->lines, AVRSPI_LINE_CONSUMER);
}

static bool get_lines(struct avrspi_request *self, struct gpiod_chip *chip,
                      const struct avrspi_request_words *words)
{
    const unsigned n = self->are_outputs ? words->n_outputs : words->n_inputs;
    const unsigned *offsets = self->are_outputs ? words->outputs : words->inputs;

    gpiod_line_bulk_init(&self->lines);
    for (unsigned at = 0; at < n; at++) {
        struct gpiod_line *line = gpiod_chip_get_line(chip, offsets[at]);

        if (!line)
            return false;
        gpiod_line_bulk_add(&self->lines, line);
    }
    return true;
}

bool avrspi_request_open(struct avrspi_request **request, struct gpiod_chip *chip,
                         const struct avrspi_request_words *words)
{
    struct avrspi_request *self = calloc(1, sizeof *self);

    if (!self)
        return false;
    self->are_outputs = words->n_outputs > 0;
    if (!get_lines(self, chip, words) || request_lines(self) < 0) {
        free(self);
        return false;
    }
    *request = self;
    return true;
}

bool avrspi_request_set(struct avrspi_request *request, const bool *values)
{
    int levels[AVRSPI_REQUEST_LINES];

    for (unsigned n = 0; n < request->lines.num_lines; n++)
        levels[n] = values[n];
    return gpiod_line_set_value_bulk(&request->lines, levels) == 0;
}

int avrspi_request_get(struct avrspi_request *request)
{
    return gpiod_line_get_value(request->lines.lines[0]);
}

static bool make_inputs(struct avrspi_request *request)
{
    int result;

    do {
        result = gpiod_line_set_config_bulk(&request->lines, GPIOD_LINE_REQUEST_DIRECTION_INPUT, 0,
                                            NULL);
    } while (avrspi_call_again(result));
    return result == 0;
}

/* Before Linux 5.5 lines that are held keep their direction: a request of its own changes it. */
void avrspi_request_close(struct avrspi_request *request)
{
    bool as_they_are;

    if (!request)
        return;
    as_they_are = !request->are_outputs || make_inputs(request);
    gpiod_line_release_bulk(&request->lines);
    if (!as_they_are && gpiod_line_request_bulk_input(&request->lines, AVRSPI_LINE_CONSUMER) == 0)
        gpiod_line_release_bulk(&request->lines);
    free(request);
}
