/* SPDX-License-Identifier: MIT */
#include "link/spi_bus.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>

#include "base/error.h"
#include "host/host.h"

/* --- which nodes there are */

/* Two names of one device, or of one file. */
static bool same_node(const struct stat *a, const struct stat *b)
{
    if (S_ISCHR(a->st_mode) && S_ISCHR(b->st_mode))
        return a->st_rdev == b->st_rdev;
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The number of a device's bus, by the name of its node in the folder; -1: it has none there. */
static long find_number(const char *folder, const struct stat *device)
{
    DIR *listing = opendir(folder);
    const struct dirent *entry;
    unsigned number, select;
    long found = -1;

    while (listing && found < 0 && (entry = readdir(listing)) != NULL) {
        struct stat status;

        if (avrspi_host_spidev_name(entry->d_name, &number, &select) &&
            fstatat(dirfd(listing), entry->d_name, &status, 0) == 0 && same_node(&status, device))
            found = (long)number;
    }
    if (listing)
        (void)closedir(listing);
    return found;
}

static int compare(const void *a, const void *b)
{
    const unsigned *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

/* The chip selects of a bus, lowest first. */
static size_t list_selects(const struct avrspi_spi_bus *bus, unsigned selects[AVRSPI_SPI_NODES])
{
    DIR *listing = bus->number < 0 ? NULL : opendir(bus->folder);
    const struct dirent *entry;
    unsigned number, select;
    size_t n = 0;

    while (listing && n < AVRSPI_SPI_NODES && (entry = readdir(listing)) != NULL)
        if (avrspi_host_spidev_name(entry->d_name, &number, &select) && (long)number == bus->number)
            selects[n++] = select;
    if (listing)
        (void)closedir(listing);
    qsort(selects, n, sizeof *selects, compare);
    return n;
}

/* --- locking them */

static int fail_held(const char *node, const char *path, bool is_device, struct avrspi_error *error)
{
    if (is_device)
        avrspi_fail(error, AVRSPI_ERR_DEVICE, "'%s' is held by another avrspi", path);
    else
        avrspi_fail(error, AVRSPI_ERR_DEVICE,
                    "'%s', which has the same wires as '%s', is held by another avrspi", node,
                    path);
    avrspi_hint(error, "wait for it to end; 'fuser %s' shows its process", node);
    return AVRSPI_ERR_DEVICE;
}

/* Opens a node and locks it; 'path' is the device that the bus is opened for. */
static int add(struct avrspi_spi_bus *bus, const char *node, const char *path,
               struct avrspi_error *error)
{
    struct avrspi_spi_node *added = &bus->node[bus->n_nodes];
    struct stat device;
    bool is_device;
    int result;

    if (stat(node, &added->status) < 0)
        return node == path ? avrspi_spidev_fail_open(path, error) : 0;
    is_device = stat(path, &device) == 0 && same_node(&added->status, &device);
    result = avrspi_spidev_open(&added->spi, node, is_device ? error : NULL);
    if (result < 0)
        return is_device ? result : 0;
    if (is_device && S_ISCHR(device.st_mode) && avrspi_spidev_check(&added->spi, error) < 0) {
        avrspi_spidev_close(&added->spi);
        return AVRSPI_ERR_DEVICE;
    }
    /* a file system without locks is not an error */
    if (flock(added->spi.fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
        avrspi_spidev_close(&added->spi);
        return fail_held(node, path, is_device, error);
    }
    added->links = 0;
    bus->n_nodes++;
    return 0;
}

int avrspi_spi_bus_lock(struct avrspi_spi_bus *bus, const char *folder, const char *path,
                        struct avrspi_error *error)
{
    unsigned selects[AVRSPI_SPI_NODES];
    size_t n_selects;
    int result = 0;

    *bus = (struct avrspi_spi_bus){.folder = folder};
    if (stat(path, &bus->device) < 0)
        return avrspi_spidev_fail_open(path, error);
    bus->number = find_number(folder, &bus->device);
    if (bus->number < 0)
        return add(bus, path, path, error);
    n_selects = list_selects(bus, selects);
    for (size_t n = 0; n < n_selects && result == 0; n++) {
        char node[PATH_MAX];

        (void)snprintf(node, sizeof node, "%s/spidev%ld.%u", folder, bus->number, selects[n]);
        result = add(bus, node, path, error);
    }
    if (result < 0)
        avrspi_spi_bus_unlock(bus);
    return result;
}

void avrspi_spi_bus_unlock(struct avrspi_spi_bus *bus)
{
    while (bus->n_nodes > 0)
        avrspi_spidev_close(&bus->node[--bus->n_nodes].spi);
}

bool avrspi_spi_bus_has(const struct avrspi_spi_bus *bus, const char *path)
{
    struct stat status;

    if (stat(path, &status) < 0)
        return false;
    return same_node(&status, &bus->device) ||
           (bus->number >= 0 && find_number(bus->folder, &status) == bus->number);
}

/* --- using them */

static struct avrspi_spi_node *find_node(struct avrspi_spi_bus *bus, const char *path)
{
    struct stat status;

    if (stat(path, &status) < 0)
        return NULL;
    for (size_t n = 0; n < bus->n_nodes; n++)
        if (same_node(&bus->node[n].status, &status))
            return &bus->node[n];
    return NULL;
}

int avrspi_spi_bus_use(struct avrspi_spi_bus *bus, const char *path, struct avrspi_spidev **spi,
                       struct avrspi_error *error)
{
    struct avrspi_spi_node *node = find_node(bus, path);
    int result;

    if (!node && bus->n_nodes < AVRSPI_SPI_NODES) { /* it could not be opened before, or is new */
        result = add(bus, path, path, error);
        if (result < 0)
            return result;
        node = find_node(bus, path);
    }
    if (!node)
        return avrspi_fail(error, AVRSPI_ERR_DEVICE, "can't open '%s' on this bus", path);
    if (node->links == 0) {
        result = avrspi_spidev_claim(&node->spi, error);
        if (result < 0)
            return result;
    }
    node->links++;
    *spi = &node->spi;
    return 0;
}

void avrspi_spi_bus_release(struct avrspi_spi_bus *bus, const struct avrspi_spidev *spi)
{
    for (size_t n = 0; n < bus->n_nodes; n++)
        if (&bus->node[n].spi == spi && --bus->node[n].links == 0)
            avrspi_spidev_restore(&bus->node[n].spi);
}
