/* SPDX-License-Identifier: MIT */
/* A line by libgpiod 2.x (Debian 13). */
#include "link/line.h"

#include <stdlib.h>

#include <gpiod.h>

#include "base/error.h"
#include "link/again.h"
#include "link/find.h"

struct avrspi_line {
    struct gpiod_line_request *request;
    struct gpiod_line_settings *settings;
    struct gpiod_line_config *config;
    enum gpiod_line_bias bias;
    bool active_low, open_drain;
    unsigned offset;
    bool was_active;
    struct avrspi_line_names names;
};

static void free_line(struct avrspi_line *self)
{
    if (self->config)
        gpiod_line_config_free(self->config);
    if (self->settings)
        gpiod_line_settings_free(self->settings);
    free(self);
}

static struct avrspi_line *new_line(void)
{
    struct avrspi_line *self = calloc(1, sizeof *self);

    if (!self)
        return NULL;
    self->settings = gpiod_line_settings_new();
    self->config = gpiod_line_config_new();
    if (self->settings && self->config)
        return self;
    free_line(self);
    return NULL;
}

/* The settings become those of the line. */
static int use_settings(struct avrspi_line *self)
{
    gpiod_line_config_reset(self->config);
    return gpiod_line_config_add_line_settings(self->config, &self->offset, 1, self->settings);
}

/* True for an output at its active level that nobody holds. Only while it is requested, as it is,
 * does Linux tell direction and level in truth. */
static bool is_left_active(struct avrspi_line *self, struct gpiod_chip *chip,
                           struct gpiod_request_config *request)
{
    struct gpiod_line_request *held;
    struct gpiod_line_info *info;
    bool active;

    gpiod_line_settings_set_active_low(self->settings, self->active_low);
    if (use_settings(self) < 0)
        return false;
    held = gpiod_chip_request_lines(chip, request, self->config);
    if (!held)
        return false; /* the next request fails too, and is told of */
    info = gpiod_chip_get_line_info(chip, self->offset);
    active = info && gpiod_line_info_get_direction(info) == GPIOD_LINE_DIRECTION_OUTPUT &&
             gpiod_line_request_get_value(held, self->offset) == GPIOD_LINE_VALUE_ACTIVE;
    gpiod_line_info_free(info);
    gpiod_line_request_release(held);
    return active;
}

/* The request with that bias, or NULL with errno. */
static struct gpiod_line_request *request_with(struct avrspi_line *self, struct gpiod_chip *chip,
                                               struct gpiod_request_config *request,
                                               enum gpiod_line_bias bias)
{
    self->bias = bias;
    if (gpiod_line_settings_set_bias(self->settings, bias) < 0 || use_settings(self) < 0)
        return NULL;
    return gpiod_chip_request_lines(chip, request, self->config);
}

static int set_output(struct avrspi_line *self)
{
    gpiod_line_settings_set_active_low(self->settings, self->active_low);
    if (gpiod_line_settings_set_direction(self->settings, GPIOD_LINE_DIRECTION_OUTPUT) < 0 ||
        gpiod_line_settings_set_output_value(self->settings, GPIOD_LINE_VALUE_INACTIVE) < 0 ||
        gpiod_line_settings_set_drive(self->settings, self->open_drain
                                                          ? GPIOD_LINE_DRIVE_OPEN_DRAIN
                                                          : GPIOD_LINE_DRIVE_PUSH_PULL) < 0)
        return -1;
    return 0;
}

static int set_input(struct avrspi_line *self)
{
    gpiod_line_settings_set_active_low(self->settings, self->active_low);
    return gpiod_line_settings_set_direction(self->settings, GPIOD_LINE_DIRECTION_INPUT);
}

static int request_line(struct avrspi_line *self, struct gpiod_chip *chip,
                        struct gpiod_request_config *request, const struct avrspi_line_words *words)
{
    if ((avrspi_line_use(words)->input ? set_input(self) : set_output(self)) < 0)
        return -1;
    self->request =
        request_with(self, chip, request,
                     words->active_high ? GPIOD_LINE_BIAS_PULL_DOWN : GPIOD_LINE_BIAS_PULL_UP);
    if (!self->request) /* a driver may know no bias */
        self->request = request_with(self, chip, request, GPIOD_LINE_BIAS_AS_IS);
    return self->request ? 0 : -1;
}

int avrspi_line_open(struct avrspi_line **line, const struct avrspi_line_words *words,
                     struct avrspi_error *error)
{
    struct avrspi_line *self = new_line();
    struct gpiod_request_config *request = gpiod_request_config_new();
    struct avrspi_line_found found = {.chip = NULL};
    int result;

    if (!self || !request) {
        result = avrspi_fail_memory(error);
        goto out;
    }
    result = avrspi_line_find(&found, words, error);
    if (result < 0)
        goto out;
    self->offset = found.offset;
    self->names = found.names;
    self->active_low = !words->active_high;
    self->open_drain = words->open_drain;
    gpiod_request_config_set_consumer(request, AVRSPI_LINE_CONSUMER);
    self->was_active = !avrspi_line_use(words)->input && is_left_active(self, found.chip, request);
    if (request_line(self, found.chip, request, words) < 0) {
        result = avrspi_line_fail_found(&found, words, error);
        goto out;
    }
    *line = self;
    self = NULL;
    result = 0;
out:
    avrspi_line_drop(&found);
    if (request)
        gpiod_request_config_free(request);
    if (self)
        free_line(self);
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
    const enum gpiod_line_value value =
        active ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    int result;

    do {
        result = gpiod_line_request_set_value(line->request, line->offset, value);
    } while (avrspi_call_again(result));
    if (result < 0)
        return avrspi_line_fail_drive(&line->names, error);
    return 0;
}

/* GPIOD_LINE_VALUE_ERROR, which is -1, with errno. */
static enum gpiod_line_value read_value(const struct avrspi_line *line)
{
    enum gpiod_line_value value;

    do {
        value = gpiod_line_request_get_value(line->request, line->offset);
    } while (avrspi_call_again((int)value));
    return value;
}

int avrspi_line_get(struct avrspi_line *line, bool *active, struct avrspi_error *error)
{
    const enum gpiod_line_value value = read_value(line);

    if (value == GPIOD_LINE_VALUE_ERROR)
        return avrspi_line_fail_read(&line->names, error);
    *active = value == GPIOD_LINE_VALUE_ACTIVE;
    return 0;
}

/* The request becomes what the settings say, with that bias. */
static bool reconfigure(struct avrspi_line *line, enum gpiod_line_bias bias)
{
    int result;

    if (gpiod_line_settings_set_bias(line->settings, bias) < 0 || use_settings(line) < 0)
        return false;
    do {
        result = gpiod_line_request_reconfigure_lines(line->request, line->config);
    } while (avrspi_call_again(result));
    return result == 0;
}

/* Without its other settings: the kernel refuses an input that is an open drain. */
static bool become_input(struct avrspi_line *line, enum gpiod_line_bias bias)
{
    gpiod_line_settings_reset(line->settings);
    return gpiod_line_settings_set_direction(line->settings, GPIOD_LINE_DIRECTION_INPUT) == 0 &&
           reconfigure(line, bias);
}

bool avrspi_line_let_go(struct avrspi_line *line, bool up)
{
    return become_input(line, up ? GPIOD_LINE_BIAS_PULL_UP : GPIOD_LINE_BIAS_PULL_DOWN);
}

bool avrspi_line_is_high(struct avrspi_line *line, bool *high)
{
    const enum gpiod_line_value value = read_value(line);

    *high = value == GPIOD_LINE_VALUE_ACTIVE;
    return value != GPIOD_LINE_VALUE_ERROR;
}

bool avrspi_line_take(struct avrspi_line *line)
{
    gpiod_line_settings_reset(line->settings);
    return set_output(line) == 0 && reconfigure(line, line->bias);
}

bool avrspi_line_has_bias(const struct avrspi_line *line)
{
    return line->bias != GPIOD_LINE_BIAS_AS_IS && line->names.default_pull;
}

int avrspi_line_close(struct avrspi_line *line, struct avrspi_error *error)
{
    int result = 0;

    if (!line)
        return 0;
    if (!line->names.use->input)
        result = avrspi_line_set(line, false, error);
    (void)become_input(line, line->bias);
    gpiod_line_request_release(line->request);
    free_line(line);
    return result;
}
