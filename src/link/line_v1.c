/* SPDX-License-Identifier: MIT */
/* The reset line by libgpiod 1.x (Debian 12). */
#include "link/line.h"

#include <errno.h>
#include <stdlib.h>

#include <gpiod.h>

#include "base/error.h"

struct avrspi_line {
    struct gpiod_line *line; /* its chip is closed with it */
    char place[AVRSPI_LINE_PLACE];
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

static struct gpiod_line *find_by_name(const char *name, char place[AVRSPI_LINE_PLACE])
{
    struct gpiod_line *line = gpiod_line_find(name);
    struct avrspi_line_at at;

    if (line || !avrspi_line_on_header(&at, name, ""))
        return line;
    line = get_line(gpiod_chip_open_by_label(at.label), at.offset);
    if (line)
        avrspi_line_say_place(place, &at);
    return line;
}

static struct gpiod_line *find(struct avrspi_line *self, const struct avrspi_line_words *words)
{
    errno = 0;
    if (*words->name)
        return find_by_name(words->name, self->place);
    return get_line(gpiod_chip_open_by_name(words->chip), words->offset);
}

int avrspi_line_open(struct avrspi_line **line, const struct avrspi_line_words *words,
                     struct avrspi_error *error)
{
    struct avrspi_line *self = calloc(1, sizeof *self);
    int flags = 0;
    int result;

    if (!self)
        return avrspi_fail_memory(error);
    self->line = find(self, words);
    if (!self->line) {
        result = avrspi_line_fail_find(words, error);
        goto fail;
    }
    if (!words->active_high)
        flags |= GPIOD_LINE_REQUEST_FLAG_ACTIVE_LOW;
    if (words->open_drain)
        flags |= GPIOD_LINE_REQUEST_FLAG_OPEN_DRAIN;
    if (gpiod_line_request_output_flags(self->line, AVRSPI_LINE_CONSUMER, flags, 0) < 0) {
        result = avrspi_line_fail_request(words, gpiod_line_consumer(self->line), error);
        gpiod_line_close_chip(self->line);
        goto fail;
    }
    *line = self;
    return 0;
fail:
    free(self);
    return result;
}

const char *avrspi_line_place(const struct avrspi_line *line)
{
    return line->place;
}

int avrspi_line_set(struct avrspi_line *line, bool active, struct avrspi_error *error)
{
    if (gpiod_line_set_value(line->line, active) < 0)
        return avrspi_fail_errno(error, AVRSPI_ERR_DEVICE, "can't drive the reset line");
    return 0;
}

int avrspi_line_close(struct avrspi_line *line, struct avrspi_error *error)
{
    int result;

    if (!line)
        return 0;
    result = avrspi_line_set(line, false, error);
    /* without the flags it has: the kernel refuses an input that is an open drain */
    (void)gpiod_line_set_config(line->line, GPIOD_LINE_REQUEST_DIRECTION_INPUT, 0, 0);
    gpiod_line_release(line->line);
    gpiod_line_close_chip(line->line);
    free(line);
    return result;
}
