/* SPDX-License-Identifier: MIT */
/* The files of the board: its devices in /dev, and what /sys and the device tree say of them. */
#include "board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define SOC         MODEL_SOC
#define DEVICE_TREE "firmware/devicetree/base"

enum {
    SPIDEV_MAJOR = 153,     /* assigned */
    FIRST_FREE_MAJOR = 254, /* the kernel gives these out from above */
    LAST_FREE_MAJOR = 234,
    TEXT = 256, /* of the paths and texts that are made up here */
    WORD = 16,
};

/* A path and a text with parts that differ from device to device: "$1" is the first of its words,
 * and so on. */
struct row {
    const char *path;
    const char *text;
    enum node_kind kind;
};

/* $1 the board's name */
static const struct row board_rows[] = {
    {"/sys/" DEVICE_TREE "/model", "$1", NODE_PROPERTY},
    {"/proc/device-tree", "/sys/" DEVICE_TREE, NODE_LINK},
};

/* $1 folder in /sys, $2 its name, $3 number, $4 name in the device tree, $5 "compatible" there,
 * $6 driver */
static const struct row bus_rows[] = {
    {"/sys/" DEVICE_TREE "/soc/$4/compatible", "$5", NODE_PROPERTY},
    {"/sys/$1/of_node", "../../../../" DEVICE_TREE "/soc/$4", NODE_LINK},
    {"/sys/$1/driver", "../../../../bus/platform/drivers/$6", NODE_LINK},
    {"/sys/$1/spi_master/spi$3/of_node", "../../../../../../" DEVICE_TREE "/soc/$4", NODE_LINK},
    {"/sys/$1/spi_master/spi$3/device", "../../../$2", NODE_LINK},
    {"/sys/bus/platform/drivers/$6/$2", "../../../../$1", NODE_LINK},
    {"/sys/class/spi_master/spi$3", "../../$1/spi_master/spi$3", NODE_LINK},
};

/* $1 folder in /sys, $2 "0.0", $3 minor number */
static const struct row spidev_rows[] = {
    {"/sys/$1/modalias", "spi:spidev\n", NODE_FILE},
    {"/sys/$1/subsystem", "../../../../../../../bus/spi", NODE_LINK},
    {"/sys/$1/driver", "../../../../../../../bus/spi/drivers/spidev", NODE_LINK},
    {"/sys/$1/spidev/spidev$2/dev", "153:$3\n", NODE_FILE},
    {"/sys/$1/spidev/spidev$2/uevent", "MAJOR=153\nMINOR=$3\nDEVNAME=spidev$2\n", NODE_FILE},
    {"/sys/$1/spidev/spidev$2/device", "../../../spi$2", NODE_LINK},
    {"/sys/$1/spidev/spidev$2/subsystem", "../../../../../../../../../class/spidev", NODE_LINK},
    {"/sys/bus/spi/devices/spi$2", "../../../$1", NODE_LINK},
    {"/sys/bus/spi/drivers/spidev/spi$2", "../../../../$1", NODE_LINK},
    {"/sys/class/spidev/spidev$2", "../../$1/spidev/spidev$2", NODE_LINK},
    {"/sys/dev/char/153:$3", "../../$1/spidev/spidev$2", NODE_LINK},
    {"/dev/spidev$2", "", NODE_DEVICE},
};

/* The same of a device that another driver has, $4. */
static const struct row taken_rows[] = {
    {"/sys/$1/modalias", "spi:$4\n", NODE_FILE},
    {"/sys/$1/subsystem", "../../../../../../../bus/spi", NODE_LINK},
    {"/sys/$1/driver", "../../../../../../../bus/spi/drivers/$4", NODE_LINK},
    {"/sys/bus/spi/devices/spi$2", "../../../$1", NODE_LINK},
    {"/sys/bus/spi/drivers/$4/spi$2", "../../../../$1", NODE_LINK},
};

/* $1 folder in /sys, $2 the way up from there, $3 number of the chip, $4 major number */
static const struct row gpio_rows[] = {
    {"/sys/$1/dev", "$4:$3\n", NODE_FILE},
    {"/sys/$1/uevent", "MAJOR=$4\nMINOR=$3\nDEVNAME=gpiochip$3\n", NODE_FILE},
    {"/sys/$1/subsystem", "$2bus/gpio", NODE_LINK},
    {"/sys/bus/gpio/devices/gpiochip$3", "../../../$1", NODE_LINK},
    {"/sys/dev/char/$4:$3", "../../$1", NODE_LINK},
    {"/dev/gpiochip$3", "", NODE_DEVICE},
};

/* $1 base, $2 lines, $3 label */
static const struct row number_rows[] = {
    {"/sys/class/gpio/gpiochip$1/base", "$1\n", NODE_FILE},
    {"/sys/class/gpio/gpiochip$1/ngpio", "$2\n", NODE_FILE},
    {"/sys/class/gpio/gpiochip$1/label", "$3\n", NODE_FILE},
};

static const struct row pwm_rows[] = {
    {MODEL_PWM_FOLDER "/npwm", "2\n", NODE_FILE},
    {MODEL_PWM_FOLDER "/export", "", NODE_ATTRIBUTE},
    {MODEL_PWM_FOLDER "/unexport", "", NODE_ATTRIBUTE},
    {MODEL_PWM_FOLDER "/device", "../../../fe20c000.pwm", NODE_LINK},
    {"/sys/class/pwm/pwmchip0", "../../" MODEL_PWM, NODE_LINK},
};

/* $1 number of the channel */
static const struct row channel_rows[] = {
    {MODEL_PWM_FOLDER "/pwm$1/period", "0\n", NODE_ATTRIBUTE},
    {MODEL_PWM_FOLDER "/pwm$1/duty_cycle", "0\n", NODE_ATTRIBUTE},
    {MODEL_PWM_FOLDER "/pwm$1/enable", "0\n", NODE_ATTRIBUTE},
};

/* What the old interface is told; $1 the number of a line. */
static const struct row control_rows[] = {
    {"/sys/class/gpio/export", "", NODE_ATTRIBUTE},
    {"/sys/class/gpio/unexport", "", NODE_ATTRIBUTE},
};

static const struct row line_rows[] = {
    {"/sys/class/gpio/gpio$1/direction", "in\n", NODE_ATTRIBUTE},
    {"/sys/class/gpio/gpio$1/value", "0\n", NODE_ATTRIBUTE},
};

/* Folders of the machine that are not shown, nor what is in them: its own SPI, GPIO and device
 * tree. */
static const char *const hidden_folders[] = {
    "/sys/bus/spi",
    "/sys/bus/gpio",
    "/sys/class/spidev",
    "/sys/class/spi_master",
    "/sys/firmware/devicetree",
    "/sys/module/spidev",
    "/sys/class/gpio",
    "/sys/class/pwm",
    "/sys/" SOC "/fe20c000.pwm",
    "/sys/" SOC "/fe204000.spi",
    "/sys/" SOC "/fe215080.spi",
    "/sys/" SOC "/fe200000.gpio",
    "/sys/" SOC "/soc:firmware/soc:firmware:gpio",
};

static const char *const hidden_devices[] = {"/dev/spidev", "/dev/gpiochip"};

struct tree {
    struct node **node;
    size_t n;
};

static bool under(const char *path, const char *folder)
{
    size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

bool tree_hides(const struct tree *tree, const char *path)
{
    bool hides = false;

    for (size_t n = 0; n < sizeof hidden_devices / sizeof *hidden_devices; n++)
        hides |= strncmp(path, hidden_devices[n], strlen(hidden_devices[n])) == 0;
    for (size_t n = 0; n < sizeof hidden_folders / sizeof *hidden_folders; n++)
        hides |= under(path, hidden_folders[n]);
    return hides && !tree_find(tree, path);
}

struct node *tree_find(const struct tree *tree, const char *path)
{
    for (size_t n = 0; n < tree->n; n++) {
        if (!tree->node[n]->absent && strcmp(tree->node[n]->path, path) == 0)
            return tree->node[n];
    }
    return NULL;
}

struct node *tree_device(const struct tree *tree, enum object_kind kind, unsigned number)
{
    for (size_t n = 0; n < tree->n; n++) {
        struct node *node = tree->node[n];

        if (node->kind == NODE_DEVICE && node->object == kind && node->number == number)
            return node;
    }
    return NULL;
}

static struct node *new_node(struct tree *tree, const char *path, size_t length,
                             enum node_kind kind)
{
    struct node **longer = realloc(tree->node, (tree->n + 1) * sizeof(struct node *));
    struct node *node;

    if (!longer)
        return NULL;
    tree->node = longer;
    node = calloc(1, sizeof *node);
    if (!node)
        return NULL;
    longer[tree->n++] = node; /* freed with the tree from here on */
    node->kind = kind;
    node->memory = -1;
    node->path = strndup(path, length);
    return node->path ? node : NULL;
}

/* One of the board's alone: because the machine's is not shown, or has none. */
static bool is_opaque(const char *path)
{
    for (size_t n = 0; n < sizeof hidden_folders / sizeof *hidden_folders; n++) {
        if (under(path, hidden_folders[n]))
            return true;
    }
    return access(path, F_OK) != 0;
}

/* A node, and the folders on the way to it. */
static struct node *add(struct tree *tree, const char *path, enum node_kind kind, const char *text)
{
    struct node *node;

    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        size_t length = (size_t)(slash - path);
        char *folder = strndup(path, length);
        bool known = folder && tree_find(tree, folder);

        free(folder);
        if (known)
            continue;
        node = new_node(tree, path, length, NODE_FOLDER);
        if (!node)
            return NULL;
        node->opaque = is_opaque(node->path);
    }
    node = new_node(tree, path, strlen(path), kind);
    if (!node)
        return NULL;
    node->text = strdup(text);
    node->size = strlen(text) + (kind == NODE_PROPERTY);
    return node->text ? node : NULL;
}

/* Puts the words in their places; what is too long is cut off. */
static void expand(const char *from, const char *const words[], char text[TEXT])
{
    size_t used = 0;

    for (; *from && used + 1 < TEXT; from++) {
        if (*from == '$') {
            (void)snprintf(text + used, TEXT - used, "%s", words[*++from - '1']);
            used += strlen(text + used);
        } else {
            text[used++] = *from;
        }
    }
    text[used] = '\0';
}

/* The files of a device; 'device' is what its node in /dev says, NULL where it has none. */
static bool add_rows(struct tree *tree, const struct row *rows, size_t count,
                     const char *const words[], const struct node *device)
{
    char path[TEXT], text[TEXT];

    for (size_t n = 0; n < count; n++) {
        struct node *node;

        expand(rows[n].path, words, path);
        expand(rows[n].text, words, text);
        node = add(tree, path, rows[n].kind, text);
        if (!node)
            return false;
        if (device && node->kind == NODE_DEVICE) {
            node->device = device->device;
            node->object = device->object;
            node->number = device->number;
        }
    }
    return true;
}

/* A major number that no device of this machine has: libgpiod tells a GPIO chip by it. */
static unsigned free_major(void)
{
    unsigned major;
    char path[TEXT];

    for (major = FIRST_FREE_MAJOR; major > LAST_FREE_MAJOR; major--) {
        (void)snprintf(path, sizeof path, "/sys/dev/char/%u:0", major);
        if (access(path, F_OK) != 0)
            break;
    }
    return major;
}

static bool add_gpio(struct tree *tree, unsigned number, unsigned major)
{
    char folder[TEXT], up[TEXT] = "../", chip[WORD], major_text[WORD];
    const char *const words[] = {folder, up, chip, major_text};
    const struct node device = {
        .device = makedev(major, number), .object = OBJECT_GPIOCHIP, .number = number};

    (void)snprintf(folder, sizeof folder, SOC "/%s/gpiochip%u", model_gpiochip[number].folder,
                   number);
    for (const char *at = strchr(folder, '/'); at; at = strchr(at + 1, '/'))
        memcpy(up + strlen(up), "../", sizeof "../");
    (void)snprintf(chip, sizeof chip, "%u", number);
    (void)snprintf(major_text, sizeof major_text, "%u", major);
    return add_rows(tree, gpio_rows, sizeof gpio_rows / sizeof *gpio_rows, words, &device);
}

/* The files of a line, which are there once it is exported. */
static bool add_line(struct tree *tree, uint32_t line)
{
    char number[WORD], folder[TEXT];
    const char *const words[] = {number};

    (void)snprintf(number, sizeof number, "%u", line);
    (void)snprintf(folder, sizeof folder, "/sys/class/gpio/gpio%u", line);
    if (!add_rows(tree, line_rows, sizeof line_rows / sizeof *line_rows, words, NULL))
        return false;
    tree_show(tree, folder, false);
    return true;
}

/* The old interface: one number for each line of all chips. */
static bool add_numbers(struct tree *tree, uint32_t base)
{
    if (!add_rows(tree, control_rows, sizeof control_rows / sizeof *control_rows, NULL, NULL))
        return false;
    for (unsigned n = 0; n < MODEL_GPIOCHIPS; base += model_gpiochip[n++].n_lines) {
        char base_text[WORD], lines[WORD];
        const char *const words[] = {base_text, lines, model_gpiochip[n].label};

        (void)snprintf(base_text, sizeof base_text, "%u", base);
        (void)snprintf(lines, sizeof lines, "%u", model_gpiochip[n].n_lines);
        if (!add_rows(tree, number_rows, sizeof number_rows / sizeof *number_rows, words, NULL))
            return false;
        for (unsigned line = 0; line < model_gpiochip[n].n_lines; line++) {
            if (!add_line(tree, base + line))
                return false;
        }
    }
    return true;
}

static bool add_bus(struct tree *tree, const struct bus_model *model, unsigned number)
{
    char folder[TEXT], number_text[WORD];
    const char *const words[] = {folder,      model->folder,     number_text,
                                 model->node, model->compatible, model->driver};

    (void)snprintf(folder, sizeof folder, SOC "/%s", model->folder);
    (void)snprintf(number_text, sizeof number_text, "%u", number);
    return add_rows(tree, bus_rows, sizeof bus_rows / sizeof *bus_rows, words, NULL);
}

/* 'driver' is the one that has the device in place of spidev; NULL: none. */
static bool add_spidev(struct tree *tree, unsigned number, const char *driver)
{
    const struct spidev_model *model = &model_spidev[number];
    char folder[TEXT], name[WORD], minor[WORD];
    const char *const words[] = {folder, name, minor, driver};
    const struct node device = {
        .device = makedev(SPIDEV_MAJOR, number), .object = OBJECT_SPIDEV, .number = number};

    (void)snprintf(name, sizeof name, "%u.%u", model->bus, model->select);
    (void)snprintf(folder, sizeof folder, SOC "/%s/spi_master/spi%u/spi%s",
                   model_bus[model->bus].folder, model->bus, name);
    (void)snprintf(minor, sizeof minor, "%u", number);
    if (driver)
        return add_rows(tree, taken_rows, sizeof taken_rows / sizeof *taken_rows, words, NULL);
    return add_rows(tree, spidev_rows, sizeof spidev_rows / sizeof *spidev_rows, words, &device);
}

/* Channels are there once they are exported. */
static bool add_pwm(struct tree *tree)
{
    if (!add_rows(tree, pwm_rows, sizeof pwm_rows / sizeof *pwm_rows, NULL, NULL))
        return false;
    for (unsigned n = 0; n < MODEL_PWMS; n++) {
        char number[WORD], folder[TEXT];
        const char *const words[] = {number};

        (void)snprintf(number, sizeof number, "%u", n);
        if (!add_rows(tree, channel_rows, sizeof channel_rows / sizeof *channel_rows, words, NULL))
            return false;
        (void)snprintf(folder, sizeof folder, MODEL_PWM_FOLDER "/pwm%u", n);
        tree_show(tree, folder, false);
    }
    return true;
}

/* The firmware's settings, a line each. */
static bool add_config(struct tree *tree, const char *settings)
{
    char text[TEXT];
    struct node *node;

    (void)snprintf(text, sizeof text, "%s\n", settings);
    for (char *plus = strchr(text, '+'); plus; plus = strchr(plus, '+'))
        *plus = '\n';
    node = add(tree, "/boot/firmware/config.txt", NODE_FILE, text);
    return node != NULL;
}

static bool add_all(struct tree *tree, const struct options *options)
{
    const unsigned major = free_major();
    char bufsiz[WORD];

    if (!add_rows(tree, board_rows, sizeof board_rows / sizeof *board_rows, &options->model, NULL))
        return false;
    if (options->config && !add_config(tree, options->config))
        return false;
    for (unsigned n = 0; n < MODEL_GPIOCHIPS; n++) {
        if (!add_gpio(tree, n, major))
            return false;
    }
    if (options->gpio_base && !add_numbers(tree, options->gpio_base))
        return false;
    for (unsigned n = 0; n < MODEL_BUSES; n++) {
        if (options_has_bus(options, n) && !add_bus(tree, options_bus(options, n), n))
            return false;
    }
    for (unsigned n = 0; n < MODEL_SPIDEVS; n++) {
        const char *driver = n == 0 ? options->spi_driver : NULL;

        if ((driver || options_has_spidev(options, n)) && !add_spidev(tree, n, driver))
            return false;
    }
    if (options->pwm && !add_pwm(tree))
        return false;
    (void)snprintf(bufsiz, sizeof bufsiz, "%u\n", options->bufsiz);
    return options->no_spidev ||
           add(tree, "/sys/module/spidev/parameters/bufsiz", NODE_FILE, bufsiz);
}

struct tree *tree_open(const struct options *options)
{
    struct tree *tree = calloc(1, sizeof *tree);

    if (!tree)
        return NULL;
    if (!add_all(tree, options)) {
        tree_close(tree);
        return NULL;
    }
    return tree;
}

void tree_close(struct tree *tree)
{
    if (!tree)
        return;
    for (size_t n = 0; n < tree->n; n++) {
        if (tree->node[n]->memory >= 0)
            (void)close(tree->node[n]->memory);
        free(tree->node[n]->path);
        free(tree->node[n]->text);
        free(tree->node[n]);
    }
    free(tree->node);
    free(tree);
}

static void forget_memory(struct node *node)
{
    if (node->memory >= 0)
        (void)close(node->memory);
    node->memory = -1;
}

void tree_show(struct tree *tree, const char *folder, bool shown)
{
    const char *slash = strrchr(folder, '/');

    for (size_t n = 0; n < tree->n; n++) {
        struct node *node = tree->node[n];
        bool parent = strlen(node->path) == (size_t)(slash - folder) &&
                      strncmp(node->path, folder, strlen(node->path)) == 0;

        if (under(node->path, folder))
            node->absent = !shown;
        if (parent || under(node->path, folder))
            forget_memory(node);
    }
}

void tree_write(const struct tree *tree, const char *path, const char *text)
{
    struct node *node = tree_find(tree, path);
    char *copy = node ? strdup(text) : NULL;

    if (!copy)
        return;
    free(node->text);
    node->text = copy;
    node->size = strlen(copy);
    if (node->memory >= 0 && ftruncate(node->memory, 0) == 0)
        (void)!pwrite(node->memory, node->text, node->size, 0);
}

const struct node *tree_child(const struct tree *tree, const struct node *folder, size_t n)
{
    size_t length = strlen(folder->path);

    for (size_t i = 0; i < tree->n; i++) {
        const char *path = tree->node[i]->path;

        if (!tree->node[i]->absent && strncmp(path, folder->path, length) == 0 &&
            path[length] == '/' && !strchr(path + length + 1, '/') && n-- == 0)
            return tree->node[i];
    }
    return NULL;
}

struct node *tree_by_inode(const struct tree *tree, dev_t dev, ino_t ino)
{
    for (size_t n = 0; n < tree->n; n++) {
        if (tree->node[n]->memory >= 0 && tree->node[n]->ino == ino && tree->node[n]->dev == dev)
            return tree->node[n];
    }
    return NULL;
}

ino_t tree_inode(const struct tree *tree, const struct node *node)
{
    size_t n = 0;

    while (tree->node[n] != node)
        n++;
    return n + 1;
}
