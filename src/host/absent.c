/* SPDX-License-Identifier: MIT */
#include "host/absent.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "host/boot_config.h"
#include "host/files.h"
#include "host/host.h"

/* What is known of the device that is not there. */
struct search {
    const char *root;
    struct avrspi_host host;
    unsigned bus, select;
    char others[256];                  /* nodes that there are */
    char neighbour[32], elsewhere[32]; /* one on the same bus; the first on another one */
};

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool exists(const char *root, const char *path)
{
    char whole[PATH_MAX];

    (void)snprintf(whole, sizeof whole, "%s%s", root, path);
    return access(whole, F_OK) == 0;
}

static bool is_reserved_node(const struct avrspi_host *host, const char *node)
{
    return host->known && host->known->reserved && strcmp(node, host->known->reserved) == 0;
}

bool avrspi_host_is_reserved(const char *root, const char *path)
{
    char whole[PATH_MAX], real[PATH_MAX];
    struct avrspi_host host;

    (void)snprintf(whole, sizeof whole, "%s%s", root, path);
    return avrspi_host_detect(&host, root, NULL) == 0 &&
           is_reserved_node(&host, base_name(realpath(whole, real) ? real : path));
}

bool avrspi_host_without_sys(const char *root)
{
    return !exists(root, "/sys/class") && !exists(root, "/sys/bus");
}

/* The nodes of spidev in /dev that targets may be at. */
static void list_nodes(struct search *search)
{
    char pattern[PATH_MAX];
    size_t used = 0;
    glob_t found;

    (void)snprintf(pattern, sizeof pattern, "%s/dev/spidev*", search->root);
    if (glob(pattern, 0, NULL, &found) != 0)
        return;
    for (size_t n = 0; n < found.gl_pathc && used < sizeof search->others; n++) {
        const char *node = base_name(found.gl_pathv[n]);
        unsigned bus, select;

        if (is_reserved_node(&search->host, node) || !avrspi_host_spidev_name(node, &bus, &select))
            continue;
        used += (size_t)snprintf(search->others + used, sizeof search->others - used, "%s/dev/%s",
                                 used ? ", " : "", node);
        if (bus == search->bus)
            (void)snprintf(search->neighbour, sizeof search->neighbour, "/dev/%s", node);
        else if (!*search->elsewhere)
            (void)snprintf(search->elsewhere, sizeof search->elsewhere, "/dev/%s", node);
    }
    globfree(&found);
}

/* The SPI device is there, without its node in /dev: spidev is not its driver. */
static bool hint_for_driver(const struct search *search, struct avrspi_error *error)
{
    char path[128], driver[64];

    (void)snprintf(path, sizeof path, "/sys/bus/spi/devices/spi%u.%u", search->bus, search->select);
    if (!exists(search->root, path))
        return false;
    strcat(path, "/driver");
    avrspi_host_read_link(search->root, path, driver, sizeof driver);
    if (strcmp(driver, "spidev") == 0)
        return false;
    if (*driver)
        avrspi_hint(error,
                    "the kernel's driver '%s' has that device: take its overlay out of "
                    "config.txt",
                    driver);
    else
        avrspi_hint(error,
                    "no driver has that device:\n"
                    "echo spidev | sudo tee /sys/bus/spi/devices/spi%u.%u/driver_override\n"
                    "echo spi%u.%u | sudo tee /sys/bus/spi/drivers/spidev/bind",
                    search->bus, search->select, search->bus, search->select);
    if (*search->neighbour)
        avrspi_hint_add(error, "%s%s has the same SCK, MOSI and MISO: --port %s",
                        *driver ? "; " : "\nor: ", search->neighbour, search->neighbour);
    return true;
}

/* Whether a Raspberry Pi's firmware will make the devices of the first bus. */
static bool is_switched_on(const struct search *search)
{
    struct avrspi_host_boot_config config;
    bool on;

    if (avrspi_host_boot_config_read(&config, search->host.known, search->root, NULL) < 0)
        return false;
    on = search->bus == 0 && avrspi_host_boot_config_spi(&config);
    avrspi_host_boot_config_free(&config);
    return on;
}

static void hint_for_pi(const struct search *search, struct avrspi_error *error)
{
    if (!is_switched_on(search)) {
        avrspi_hint(error, "SPI is not enabled: 'sudo raspi-config nonint do_spi 0', or "
                           "'dtparam=spi=on' in config.txt, outside sections such as [cm5], and a "
                           "restart");
        return;
    }
    avrspi_hint(error, "config.txt enables SPI, but the computer was started before that");
    avrspi_advise(error, AVRSPI_ADVICE_RESTART, NULL);
}

static void hint_for_bus(const struct search *search, struct avrspi_error *error)
{
    static const char pi[] = "Raspberry Pi";

    if (avrspi_host_without_sys(search->root))
        avrspi_hint(error, "/sys is empty, as in a container: give it the devices, 'docker run "
                           "--device /dev/spidev0.0 --device /dev/gpiochip0', and /sys");
    else if (search->host.known && strncmp(search->host.known->name, pi, strlen(pi)) == 0)
        hint_for_pi(search, error);
    else if (exists(search->root, "/sys/class/spi_master") || search->host.known)
        avrspi_hint(error, "SPI is not enabled for programs: the board's overlay for 'spidev' does "
                           "that (Armbian: 'overlays=spi-spidev' in /boot/armbianEnv.txt)");
    else
        avrspi_hint(error, "this computer has no SPI that the kernel knows: avrspi runs on the "
                           "board that the target is wired to; sim:CHIP is a simulated target");
}

void avrspi_host_hint_absence(const char *root, const char *path, struct avrspi_error *error)
{
    struct search search = {.root = root};

    if (avrspi_host_detect(&search.host, root, NULL) < 0)
        return;
    if (!avrspi_host_spidev_name(base_name(path), &search.bus, &search.select)) {
        avrspi_hint(error, "'ls /dev/spidev*' shows the devices that there are");
        return;
    }
    list_nodes(&search);
    if (hint_for_driver(&search, error))
        return;
    if (!*search.others) {
        hint_for_bus(&search, error);
        return;
    }
    avrspi_hint(error, "there are: %s", search.others);
    if (!*search.neighbour)
        avrspi_hint_add(error, "; an overlay such as 'dtoverlay=spi1-1cs' in config.txt enables "
                               "another bus of a Raspberry Pi");
}

bool avrspi_host_other_bus(const char *root, const char *path, char node[32])
{
    struct search search = {.root = root};

    if (avrspi_host_detect(&search.host, root, NULL) < 0 ||
        !avrspi_host_spidev_name(base_name(path), &search.bus, &search.select))
        return false;
    list_nodes(&search);
    memcpy(node, search.elsewhere, sizeof search.elsewhere);
    return *node != '\0';
}
