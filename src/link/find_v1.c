/* SPDX-License-Identifier: MIT */
/* Finding a line by libgpiod 1.x (Debian 12). */
#include "link/find.h"

#include <errno.h>
#include <stdio.h>

#include <gpiod.h>

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

bool avrspi_line_look(struct avrspi_line_found *found, const struct avrspi_line_words *words,
                      struct avrspi_line_at *at)
{
    struct gpiod_line *line = find(words, at);

    if (!line)
        return false;
    found->chip = gpiod_line_get_chip(line);
    found->offset = gpiod_line_offset(line);
    (void)snprintf(found->chip_name, sizeof found->chip_name, "%s", gpiod_chip_name(found->chip));
    (void)snprintf(found->label, sizeof found->label, "%s", gpiod_chip_label(found->chip));
    return true;
}

bool avrspi_line_is_held(const struct avrspi_line_found *found)
{
    struct gpiod_line *line = gpiod_chip_get_line(found->chip, found->offset);

    return line && gpiod_line_update(line) == 0 && gpiod_line_is_used(line);
}

int avrspi_line_fail_found(const struct avrspi_line_found *found,
                           const struct avrspi_line_words *words, struct avrspi_error *error)
{
    int sys_errno = errno;
    struct gpiod_line *line = gpiod_chip_get_line(found->chip, found->offset);
    const struct avrspi_line_holder holder = {
        .consumer = line ? gpiod_line_consumer(line) : NULL,
        .label = found->label,
        .offset = found->offset,
    };

    errno = sys_errno;
    return avrspi_line_fail_request(words, &holder, error);
}
