/* SPDX-License-Identifier: MIT */
/* Lines requested together by libgpiod 2.x (Debian 13). */
#include "link/request.h"

#include <stdlib.h>

#include <gpiod.h>

#include "link/again.h"
#include "link/line.h"

struct avrspi_request {
    struct avrspi_request_words words;
    struct gpiod_line_settings *settings;
    struct gpiod_line_config *config;
    struct gpiod_line_request *lines;
};

const bool avrspi_request_is_mixed = true;

/* NULL is allowed. */
static void free_request(struct avrspi_request *self)
{
    if (!self)
        return;
    if (self->config)
        gpiod_line_config_free(self->config);
    if (self->settings)
        gpiod_line_settings_free(self->settings);
    free(self);
}

static struct avrspi_request *new_request(const struct avrspi_request_words *words)
{
    struct avrspi_request *self = calloc(1, sizeof *self);

    if (!self)
        return NULL;
    self->words = *words;
    self->settings = gpiod_line_settings_new();
    self->config = gpiod_line_config_new();
    if (self->settings && self->config)
        return self;
    free_request(self);
    return NULL;
}

/* Adds lines of one direction to the configuration; an output is low. */
static bool add_lines(struct avrspi_request *self, const unsigned *offsets, unsigned n,
                      enum gpiod_line_direction direction)
{
    gpiod_line_settings_reset(self->settings);
    return n == 0 ||
           (gpiod_line_settings_set_direction(self->settings, direction) == 0 &&
            gpiod_line_config_add_line_settings(self->config, offsets, n, self->settings) == 0);
}

static bool configure(struct avrspi_request *self, enum gpiod_line_direction of_outputs)
{
    const struct avrspi_request_words *words = &self->words;

    gpiod_line_config_reset(self->config);
    return add_lines(self, words->outputs, words->n_outputs, of_outputs) &&
           add_lines(self, words->inputs, words->n_inputs, GPIOD_LINE_DIRECTION_INPUT);
}

static struct gpiod_line_request *request_lines(struct avrspi_request *self,
                                                struct gpiod_chip *chip)
{
    struct gpiod_request_config *request = gpiod_request_config_new();
    struct gpiod_line_request *lines = NULL;

    if (!request)
        return NULL;
    gpiod_request_config_set_consumer(request, AVRSPI_LINE_CONSUMER);
    if (configure(self, GPIOD_LINE_DIRECTION_OUTPUT))
        lines = gpiod_chip_request_lines(chip, request, self->config);
    gpiod_request_config_free(request); /* free() leaves errno as it is */
    return lines;
}

bool avrspi_request_open(struct avrspi_request **request, struct gpiod_chip *chip,
                         const struct avrspi_request_words *words)
{
    struct avrspi_request *self = new_request(words);

    if (!self)
        return false;
    self->lines = request_lines(self, chip);
    if (!self->lines) {
        free_request(self);
        return false;
    }
    *request = self;
    return true;
}

bool avrspi_request_set(struct avrspi_request *request, const bool *values)
{
    enum gpiod_line_value levels[AVRSPI_REQUEST_LINES];

    for (unsigned n = 0; n < request->words.n_outputs; n++)
        levels[n] = values[n] ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    return gpiod_line_request_set_values_subset(request->lines, request->words.n_outputs,
                                                request->words.outputs, levels) == 0;
}

int avrspi_request_get(struct avrspi_request *request)
{
    return (int)gpiod_line_request_get_value(request->lines, request->words.inputs[0]);
}

static void make_inputs(struct avrspi_request *request)
{
    int result;

    if (!configure(request, GPIOD_LINE_DIRECTION_INPUT))
        return;
    do {
        result = gpiod_line_request_reconfigure_lines(request->lines, request->config);
    } while (avrspi_call_again(result));
}

void avrspi_request_close(struct avrspi_request *request)
{
    if (!request)
        return;
    if (request->words.n_outputs)
        make_inputs(request);
    gpiod_line_request_release(request->lines);
    free_request(request);
}
