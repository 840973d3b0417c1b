/* SPDX-License-Identifier: MIT */
/* The files of the board: its devices in /dev, and what /sys says of them. */
#include "board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define SOC    "devices/platform/soc"
#define SPI    SOC "/fe204000.spi/spi_master/spi0/spi0.0"
#define SPIDEV SPI "/spidev/spidev0.0"
#define GPIO   SOC "/fe200000.gpio/gpiochip0"

enum {
    SPIDEV_MAJOR = 153,     /* assigned */
    FIRST_FREE_MAJOR = 254, /* the kernel gives these out from above */
    LAST_FREE_MAJOR = 234,
    CONTENT = 64, /* of the texts that are made up here */
};

struct row {
    const char *path;
    const char *text;
    enum node_kind kind;
    bool spi; /* belongs to spidev */
};

static const struct row rows[] = {
    {"/sys/" SPI "/modalias", "spi:spidev\n", NODE_FILE, true},
    {"/sys/" SPI "/subsystem", "../../../../../../../bus/spi", NODE_LINK, true},
    {"/sys/" SPI "/driver", "../../../../../../../bus/spi/drivers/spidev", NODE_LINK, true},
    {"/sys/" SPIDEV "/dev", "153:0\n", NODE_FILE, true},
    {"/sys/" SPIDEV "/uevent", "MAJOR=153\nMINOR=0\nDEVNAME=spidev0.0\n", NODE_FILE, true},
    {"/sys/" SPIDEV "/device", "../../../spi0.0", NODE_LINK, true},
    {"/sys/" SPIDEV "/subsystem", "../../../../../../../../../class/spidev", NODE_LINK, true},
    {"/sys/bus/spi/devices/spi0.0", "../../../" SPI, NODE_LINK, true},
    {"/sys/bus/spi/drivers/spidev/spi0.0", "../../../../" SPI, NODE_LINK, true},
    {"/sys/class/spidev/spidev0.0", "../../" SPIDEV, NODE_LINK, true},
    {"/sys/dev/char/153:0", "../../" SPIDEV, NODE_LINK, true},
    {"/sys/" GPIO "/subsystem", "../../../../../bus/gpio", NODE_LINK, false},
    {"/sys/bus/gpio/devices/gpiochip0", "../../../" GPIO, NODE_LINK, false},
};

/* Folders of the machine that are not shown, nor what is in them: its own SPI and GPIO. */
static const char *const hidden_folders[] = {
    "/sys/bus/spi",
    "/sys/bus/gpio",
    "/sys/class/spidev",
    "/sys/module/spidev",
    "/sys/class/gpio",
    "/sys/" SOC "/fe204000.spi",
    "/sys/" SOC "/fe200000.gpio",
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
        if (strcmp(tree->node[n]->path, path) == 0)
            return tree->node[n];
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
    node->text = strdup(text ? text : "");
    return node->text ? node : NULL;
}

static bool add_device(struct tree *tree, const char *path, dev_t device, enum object_kind object)
{
    struct node *node = add(tree, path, NODE_DEVICE, NULL);

    if (!node)
        return false;
    node->device = device;
    node->object = object;
    return true;
}

/* A major number that no device of this machine has: libgpiod tells a GPIO chip by it. */
static unsigned free_major(void)
{
    unsigned major;
    char path[CONTENT];

    for (major = FIRST_FREE_MAJOR; major > LAST_FREE_MAJOR; major--) {
        (void)snprintf(path, sizeof path, "/sys/dev/char/%u:0", major);
        if (access(path, F_OK) != 0)
            break;
    }
    return major;
}

static bool add_gpio(struct tree *tree)
{
    unsigned major = free_major();
    char path[CONTENT], text[CONTENT];

    (void)snprintf(path, sizeof path, "/sys/dev/char/%u:0", major);
    if (!add_device(tree, "/dev/gpiochip0", makedev(major, 0), OBJECT_GPIOCHIP) ||
        !add(tree, path, NODE_LINK, "../../" GPIO))
        return false;
    (void)snprintf(text, sizeof text, "%u:0\n", major);
    if (!add(tree, "/sys/" GPIO "/dev", NODE_FILE, text))
        return false;
    (void)snprintf(text, sizeof text, "MAJOR=%u\nMINOR=0\nDEVNAME=gpiochip0\n", major);
    return add(tree, "/sys/" GPIO "/uevent", NODE_FILE, text) != NULL;
}

static bool add_spidev(struct tree *tree, const struct options *options)
{
    char text[CONTENT];

    (void)snprintf(text, sizeof text, "%u\n", options->bufsiz);
    return add_device(tree, "/dev/spidev0.0", makedev(SPIDEV_MAJOR, 0), OBJECT_SPIDEV) &&
           add(tree, "/sys/module/spidev/parameters/bufsiz", NODE_FILE, text) != NULL;
}

struct tree *tree_open(const struct options *options)
{
    struct tree *tree = calloc(1, sizeof *tree);

    if (!tree)
        return NULL;
    if (!add_gpio(tree) || (!options->no_spidev && !add_spidev(tree, options)))
        goto fail;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        if (!(rows[n].spi && options->no_spidev) &&
            !add(tree, rows[n].path, rows[n].kind, rows[n].text))
            goto fail;
    }
    return tree;
fail:
    tree_close(tree);
    return NULL;
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

const struct node *tree_child(const struct tree *tree, const struct node *folder, size_t n)
{
    size_t length = strlen(folder->path);

    for (size_t i = 0; i < tree->n; i++) {
        const char *path = tree->node[i]->path;

        if (strncmp(path, folder->path, length) == 0 && path[length] == '/' &&
            !strchr(path + length + 1, '/') && n-- == 0)
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
