/* SPDX-License-Identifier: MIT */
#include "host/host.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/number.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* /proc/device-tree is a link to the second, and may be hidden in a container. */
static const char *const device_trees[] = {"/proc/device-tree", "/sys/firmware/devicetree/base"};

/* A file below the root, whole: 'data' stays NULL where it can't be read. */
static int read_file(const char *root, const char *path, char **data, size_t *size,
                     struct avrspi_error *error)
{
    char *whole = NULL;
    int result;

    *data = NULL;
    *size = 0;
    if (asprintf(&whole, "%s%s", root, path) < 0)
        return avrspi_fail_memory(error);
    result = avrspi_file_read(whole, data, size, NULL);
    free(whole);
    if (result == AVRSPI_ERR_INPUT)
        return 0;
    return result < 0 ? avrspi_fail_memory(error) : 0;
}

/* The first line or string of a file; "" where it can't be read. */
static int read_line(const char *root, const char *path, char *line, size_t room,
                     struct avrspi_error *error)
{
    char *data;
    size_t size;
    int result = read_file(root, path, &data, &size, error);

    *line = '\0';
    if (data)
        (void)snprintf(line, room, "%.*s", (int)strcspn(data, "\n"), data);
    free(data);
    return result;
}

static int read_device_tree(struct avrspi_host *host, const char *root, const char *tree,
                            struct avrspi_error *error)
{
    char path[64], *compatible;
    size_t size;
    int result;

    (void)snprintf(path, sizeof path, "%s/model", tree);
    result = read_line(root, path, host->model, sizeof host->model, error);
    if (result < 0)
        return result;
    (void)snprintf(path, sizeof path, "%s/compatible", tree);
    result = read_file(root, path, &compatible, &size, error);
    if (result < 0)
        return result;
    host->known = avrspi_host_model_find(host->model, compatible ? compatible : "", size);
    free(compatible);
    return 0;
}

int avrspi_host_detect(struct avrspi_host *host, const char *root, struct avrspi_error *error)
{
    int result = 0;

    *host = (struct avrspi_host){0};
    for (size_t n = 0; n < LENGTH(device_trees) && result == 0 && !*host->model; n++)
        result = read_device_tree(host, root, device_trees[n], error);
    return result;
}

uint32_t avrspi_host_bufsiz(const char *root)
{
    char line[32];
    uint32_t size;

    (void)read_line(root, "/sys/module/spidev/parameters/bufsiz", line, sizeof line, NULL);
    return avrspi_number_parse_within(line, strlen(line), 0, UINT32_MAX, &size) ? size : 0;
}

/* The name of what a link below the root leads to; "" where there is none. */
static void read_link(const char *root, const char *path, char *name, size_t room)
{
    char whole[PATH_MAX], target[PATH_MAX];
    const char *slash;
    ssize_t length;

    *name = '\0';
    (void)snprintf(whole, sizeof whole, "%s%s", root, path);
    length = readlink(whole, target, sizeof target - 1);
    if (length < 0)
        return;
    target[length] = '\0';
    slash = strrchr(target, '/');
    (void)snprintf(name, room, "%.*s", (int)room - 1, slash ? slash + 1 : target);
}

static bool parse_number(const char **text, char last, unsigned *number)
{
    const char *end = strchr(*text, last);
    uint64_t value;

    if (!end || !avrspi_number_parse_digits(*text, (size_t)(end - *text), 10, &value) ||
        value > INT_MAX)
        return false;
    *number = (unsigned)value;
    *text = *end ? end + 1 : end;
    return true;
}

bool avrspi_host_spidev_name(const char *name, unsigned *bus, unsigned *chip_select)
{
    static const char prefix[] = "spidev";

    if (strncmp(name, prefix, strlen(prefix)) != 0)
        return false;
    name += strlen(prefix);
    return parse_number(&name, '.', bus) && parse_number(&name, '\0', chip_select);
}

/* Bus and chip select by the name of the node, with links resolved. */
static bool parse_node(struct avrspi_host_spi *spi, const char *root, const char *node)
{
    const char *path = strchr(node, '/');
    char whole[PATH_MAX], real[PATH_MAX];

    if (!path || (size_t)snprintf(whole, sizeof whole, "%s%s", root, path) >= sizeof whole)
        return false;
    path = realpath(whole, real) ? real : whole;
    return avrspi_host_spidev_name(strrchr(path, '/') + 1, &spi->bus, &spi->chip_select);
}

bool avrspi_host_spi(struct avrspi_host_spi *spi, const struct avrspi_host *host, const char *root,
                     const char *node)
{
    char path[128];

    *spi = (struct avrspi_host_spi){0};
    if (!parse_node(spi, root, node))
        return false;
    (void)snprintf(path, sizeof path, "/sys/bus/spi/devices/spi%u.%u/../of_node/compatible",
                   spi->bus, spi->chip_select);
    (void)read_line(root, path, spi->compatible, sizeof spi->compatible, NULL);
    (void)snprintf(path, sizeof path, "/sys/class/spi_master/spi%u/device/driver", spi->bus);
    read_link(root, path, spi->driver, sizeof spi->driver);
    spi->controller = avrspi_host_controller_find(spi->compatible, spi->driver);
    if (!*spi->compatible && !*spi->driver && spi->bus == 0 && host->known)
        spi->controller = host->known->soc->spi;
    spi->clock_hz = avrspi_host_model_clock(host->known, spi->controller);
    spi->slowest_hz = avrspi_host_sck_slowest(spi->controller, spi->clock_hz);
    return true;
}

uint32_t avrspi_host_slowest_of(const char *root, const char *port)
{
    struct avrspi_host host;
    struct avrspi_host_spi spi;

    if (avrspi_host_detect(&host, root, NULL) == 0 && avrspi_host_spi(&spi, &host, root, port) &&
        spi.slowest_hz)
        return spi.slowest_hz;
    return avrspi_host_common_floor();
}
