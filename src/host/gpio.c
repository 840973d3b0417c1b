/* SPDX-License-Identifier: MIT */
#include "host/gpio.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "host/files.h"

#define FOLDER "/sys/class/gpio"

struct chip {
    uint32_t base, lines;
    char label[AVRSPI_HOST_LABEL];
};

static bool read_chip(const char *root, const char *name, struct chip *chip)
{
    char path[512];

    if (strncmp(name, "gpiochip", strlen("gpiochip")) != 0)
        return false;
    (void)snprintf(path, sizeof path, FOLDER "/%s/label", name);
    (void)avrspi_host_read_line(root, path, chip->label, sizeof chip->label, NULL);
    (void)snprintf(path, sizeof path, FOLDER "/%s/base", name);
    if (!avrspi_host_read_number(root, path, &chip->base))
        return false;
    (void)snprintf(path, sizeof path, FOLDER "/%s/ngpio", name);
    return avrspi_host_read_number(root, path, &chip->lines);
}

/* The chip with that label, or with 'label' NULL the one with that number. */
static bool find(const char *root, const char *label, uint32_t number, struct chip *chip)
{
    char path[PATH_MAX];
    const struct dirent *entry;
    bool found = false;
    DIR *folder;

    (void)snprintf(path, sizeof path, "%s" FOLDER, root);
    folder = opendir(path);
    while (folder && !found && (entry = readdir(folder)) != NULL)
        found = read_chip(root, entry->d_name, chip) &&
                (label ? strcmp(chip->label, label) == 0
                       : number >= chip->base && number - chip->base < chip->lines);
    if (folder)
        (void)closedir(folder);
    return found;
}

bool avrspi_host_gpio_find(const char *root, uint32_t number, char label[AVRSPI_HOST_LABEL],
                           unsigned *offset)
{
    struct chip chip;

    if (!find(root, NULL, number, &chip))
        return false;
    memcpy(label, chip.label, sizeof chip.label);
    *offset = number - chip.base;
    return true;
}

bool avrspi_host_gpio_number(const char *root, const char *label, unsigned offset, uint32_t *number)
{
    struct chip chip;

    if (!find(root, label, 0, &chip))
        return false;
    *number = chip.base + offset;
    return true;
}
