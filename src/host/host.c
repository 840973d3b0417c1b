/* SPDX-License-Identifier: MIT */
#include "host/host.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "host/files.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* /proc/device-tree is a link to the second, and may be hidden in a container. */
static const char *const device_trees[] = {"/proc/device-tree", "/sys/firmware/devicetree/base"};

static int read_device_tree(struct avrspi_host *host, const char *root, const char *tree,
                            struct avrspi_error *error)
{
    char path[64], *compatible;
    size_t size;
    int result;

    (void)snprintf(path, sizeof path, "%s/model", tree);
    result = avrspi_host_read_line(root, path, host->model, sizeof host->model, error);
    if (result < 0)
        return result;
    (void)snprintf(path, sizeof path, "%s/compatible", tree);
    result = avrspi_host_read_file(root, path, &compatible, &size, error);
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
    uint32_t size;

    return avrspi_host_read_number(root, "/sys/module/spidev/parameters/bufsiz", &size) ? size : 0;
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
    (void)avrspi_host_read_line(root, path, spi->compatible, sizeof spi->compatible, NULL);
    (void)snprintf(path, sizeof path, "/sys/class/spi_master/spi%u/device/driver", spi->bus);
    avrspi_host_read_link(root, path, spi->driver, sizeof spi->driver);
    spi->controller = avrspi_host_controller_find(spi->compatible, spi->driver);
    if (!*spi->compatible && !*spi->driver && spi->bus == 0 && host->known)
        spi->controller = host->known->soc->spi;
    spi->clock_hz = avrspi_host_model_clock(host->known, spi->controller);
    spi->slowest_hz = avrspi_host_sck_slowest(spi->controller, spi->clock_hz);
    return true;
}

struct avrspi_host_sck avrspi_host_choose_sck(const struct avrspi_host_spi *spi, uint32_t wanted_hz)
{
    struct avrspi_host_sck sck = {wanted_hz, wanted_hz};
    uint32_t made;

    if (spi->slowest_hz && wanted_hz <= spi->slowest_hz)
        sck.asked_hz = spi->slowest_hz + 1; /* the number is rounded down */
    made = avrspi_host_sck(spi->controller, spi->clock_hz, sck.asked_hz);
    if (made)
        sck.made_hz = made;
    /* a frequency rounded down is below what makes it, and would get the next divider */
    if (made && avrspi_host_sck(spi->controller, spi->clock_hz, made) != made)
        sck.made_hz++;
    return sck;
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

/* The driver does not report SCK: a clock that follows the processor's makes it differ from what
 * the driver computes. */
void avrspi_host_blame_fast_sck(const char *root, const char *port, uint32_t asked_hz,
                                const char **why, enum avrspi_advice *advice)
{
    const bool too_slow = asked_hz < avrspi_host_slowest_of(root, port);

    *why = too_slow ? "the SPI controller can't go that slow"
                    : "the SPI controller's clock is faster than its driver assumes";
    *advice = too_slow ? AVRSPI_ADVICE_NONE : AVRSPI_ADVICE_FIX_CORE_CLOCK;
}

bool avrspi_host_pulls_miso_down(const char *root, const char *port)
{
    static const char maker[] = "Raspberry Pi ";
    struct avrspi_host host;
    struct avrspi_host_spi spi;

    return avrspi_host_detect(&host, root, NULL) == 0 && host.known &&
           strncmp(host.known->name, maker, sizeof maker - 1) == 0 &&
           avrspi_host_spi(&spi, &host, root, port) && spi.bus <= 1;
}
