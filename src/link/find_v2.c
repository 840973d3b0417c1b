/* SPDX-License-Identifier: MIT */
/* Finding a line by libgpiod 2.x (Debian 13), which leaves the search to its user. */
#include "link/find.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <gpiod.h>

/* What is looked for on each chip: true when it is there, and where. */
typedef bool (*has_line)(struct gpiod_chip *chip, const char *text, unsigned *offset);

static struct gpiod_chip *open_chip(const char *name)
{
    char path[80];

    (void)snprintf(path, sizeof path, "/dev/%s", name);
    return gpiod_chip_open(path);
}

static bool has_name(struct gpiod_chip *chip, const char *name, unsigned *offset)
{
    int found = gpiod_chip_get_line_offset_from_name(chip, name);

    if (found >= 0)
        *offset = (unsigned)found;
    return found >= 0;
}

static bool has_label(struct gpiod_chip *chip, const char *label, unsigned *offset)
{
    struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
    bool same = info && strcmp(gpiod_chip_info_get_label(info), label) == 0;

    (void)offset;
    if (info)
        gpiod_chip_info_free(info);
    return same;
}

/* The first chip that has what 'text' says; *offset tells where. */
static struct gpiod_chip *find_chip(has_line has, const char *text, unsigned *offset)
{
    DIR *folder = opendir("/dev");
    struct gpiod_chip *chip = NULL;
    struct dirent *entry;
    int denied = 0;

    if (!folder)
        return NULL;
    while (!chip && (entry = readdir(folder)) != NULL) {
        if (strncmp(entry->d_name, "gpiochip", 8) != 0 || strlen(entry->d_name) > 64)
            continue;
        chip = open_chip(entry->d_name);
        if (!chip) {
            if (errno == EACCES || errno == EPERM)
                denied = errno;
            continue;
        }
        if (!has(chip, text, offset)) {
            gpiod_chip_close(chip);
            chip = NULL;
        }
    }
    (void)closedir(folder);
    errno = chip ? 0 : denied ? denied : ENOENT;
    return chip;
}

static struct gpiod_chip *find_at(const struct avrspi_line_at *at, unsigned *offset)
{
    *offset = at->offset;
    return *at->label ? find_chip(has_label, at->label, offset)
                      : find_chip(has_name, at->name, offset);
}

static struct gpiod_chip *find(const struct avrspi_line_words *words, struct avrspi_line_at *at,
                               unsigned *offset)
{
    struct gpiod_chip *chip = NULL;
    size_t next = 0;

    errno = 0;
    *offset = words->offset;
    if (!*words->name)
        return open_chip(words->chip);
    while (!chip && avrspi_line_next(at, &next, words, ""))
        chip = find_at(at, offset);
    return chip;
}

bool avrspi_line_look(struct avrspi_line_found *found, const struct avrspi_line_words *words,
                      struct avrspi_line_at *at)
{
    struct gpiod_chip_info *info;

    found->chip = find(words, at, &found->offset);
    if (!found->chip)
        return false;
    info = gpiod_chip_get_info(found->chip);
    if (!info)
        return true;
    (void)snprintf(found->chip_name, sizeof found->chip_name, "%s", gpiod_chip_info_get_name(info));
    (void)snprintf(found->label, sizeof found->label, "%s", gpiod_chip_info_get_label(info));
    gpiod_chip_info_free(info);
    return true;
}

bool avrspi_line_is_held(const struct avrspi_line_found *found)
{
    struct gpiod_line_info *info = gpiod_chip_get_line_info(found->chip, found->offset);
    bool held = info && gpiod_line_info_is_used(info);

    gpiod_line_info_free(info);
    return held;
}

/* The consumer is asked only when the line is busy. */
int avrspi_line_fail_found(const struct avrspi_line_found *found,
                           const struct avrspi_line_words *words, struct avrspi_error *error)
{
    int sys_errno = errno, result;
    struct gpiod_line_info *info =
        sys_errno == EBUSY ? gpiod_chip_get_line_info(found->chip, found->offset) : NULL;
    const struct avrspi_line_holder holder = {
        .consumer = info ? gpiod_line_info_get_consumer(info) : NULL,
        .label = found->label,
        .offset = found->offset,
    };

    errno = sys_errno;
    result = avrspi_line_fail_request(words, &holder, error);
    gpiod_line_info_free(info);
    return result;
}
