/* SPDX-License-Identifier: MIT */
/* The computer: which board it is, what its firmware was told, and its SPI device. */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/check.h"
#include "host/absent.h"
#include "host/access.h"
#include "host/pwm.h"
#include "link/line.h"

enum {
    LEAST_BUFSIZ = 1024, /* below, the calls take longer than the bytes */
};

static bool is_raspberry_pi(const struct avrspi_doctor *doctor)
{
    static const char maker[] = "Raspberry Pi ";

    return doctor->host.known && strncmp(doctor->host.known->name, maker, strlen(maker)) == 0;
}

int avrspi_look_at_model(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const struct avrspi_host *host = &doctor->host;

    if (host->known)
        return AVRSPI_LOOKS_RIGHT(seen, "%s (%s)", host->model, host->known->soc->name);
    return AVRSPI_LOOKS_RIGHT(seen,
                              "%s: none of the boards known, so that the SCK that its controller "
                              "makes and the names of its lines are not known",
                              *host->model ? host->model : "no device tree");
}

/* --- config.txt */

int avrspi_look_at_boot_config(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const struct avrspi_host_boot_config *boot = &doctor->boot;
    unsigned bus = 0, select;

    if (!is_raspberry_pi(doctor) || !boot->path)
        return AVRSPI_LOOK_NOTHING;
    (void)avrspi_host_spidev_name(strrchr(doctor->port.device, '/') + 1, &bus, &select);
    if (bus > 0 || avrspi_host_boot_config_spi(boot))
        return AVRSPI_LOOKS_RIGHT(seen, bus > 0 ? "%s was read" : "%s has dtparam=spi=on",
                                  boot->path);
    (void)avrspi_fail(seen, AVRSPI_OK, "%s does not have dtparam=spi=on", boot->path);
    avrspi_advise(seen, AVRSPI_ADVICE_ENABLE_SPI, NULL);
    return AVRSPI_LOOK_WARN;
}

/* GPIOn of the reset line, by its chip's usual name too; -1 where it is given otherwise. */
static int reset_number(const struct avrspi_doctor *doctor)
{
    struct avrspi_line_words words;

    if (avrspi_port_parse_reset(&words, &doctor->port, doctor->config->reset, NULL) < 0)
        return -1;
    if (!*words.chip)
        return (int)words.number;
    return avrspi_host_model_usual_chip(doctor->host.known, words.chip) ? (int)words.offset : -1;
}

int avrspi_look_at_overlays(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const struct avrspi_host_boot_config *boot = &doctor->boot;
    struct avrspi_host_taken taken;
    char setting[sizeof seen->subject];

    if (!is_raspberry_pi(doctor) || !boot->path)
        return AVRSPI_LOOK_NOTHING;
    if (!avrspi_host_boot_config_taken(boot, reset_number(doctor), 0, &taken))
        return AVRSPI_LOOKS_RIGHT(seen, "none that is known to take the lines of SPI or RESET");
    (void)snprintf(setting, sizeof setting, "%s=%s", taken.by.key, taken.by.value);
    if (taken.bus)
        (void)avrspi_fail(seen, AVRSPI_OK, "'%s' in %s puts another device on the SPI bus", setting,
                          boot->path);
    else
        (void)avrspi_fail(seen, AVRSPI_OK, "'%s' in %s takes GPIO%u", setting, boot->path,
                          taken.line);
    if (taken.instead)
        avrspi_hint(seen, "with '%s' there it is free, after a restart", taken.instead);
    else
        avrspi_advise(seen, AVRSPI_ADVICE_REMOVE_SETTING, setting);
    return AVRSPI_LOOK_WARN;
}

/* --- the device */

static int fail_absent(const struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    avrspi_fail(seen, AVRSPI_ERR_DEVICE, "there is no '%s'", doctor->port.device);
    avrspi_host_hint_absence(doctor->config->root, doctor->port.device, seen);
    return AVRSPI_ERR_DEVICE;
}

int avrspi_look_at_device(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const char *device = doctor->port.device;
    char whole[PATH_MAX + 64];
    struct stat status;

    (void)snprintf(whole, sizeof whole, "%s%s", doctor->config->root, device);
    if (stat(whole, &status) < 0)
        return fail_absent(doctor, seen);
    doctor->has_device = avrspi_host_spi(&doctor->spi, &doctor->host, doctor->config->root, device);
    if (access(whole, R_OK | W_OK) == 0)
        return AVRSPI_LOOKS_RIGHT(seen, "%s is there, and may be opened", device);
    avrspi_fail(seen, AVRSPI_ERR_DEVICE, "'%s' may not be opened by this user", device);
    avrspi_host_hint_status(&avrspi_host_spidev_nodes, device, &status, seen);
    return AVRSPI_ERR_DEVICE;
}

/* --- the controller behind it */

int avrspi_look_at_controller(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const struct avrspi_host_spi *spi = &doctor->spi;
    const char *name = *spi->driver ? spi->driver : *spi->compatible ? spi->compatible : "unknown";

    if (!spi->slowest_hz)
        return AVRSPI_LOOKS_RIGHT(seen, "%s: the SCK that it makes is not known", name);
    return AVRSPI_LOOKS_RIGHT(seen, "%s on %s: SCK of %s and more; 100 kHz asked is %s made", name,
                              avrspi_doctor_hz(spi->clock_hz).text,
                              avrspi_doctor_hz(spi->slowest_hz).text,
                              avrspi_doctor_hz(avrspi_host_choose_sck(spi, 100000).made_hz).text);
}

/* The core clock drives the SPI controllers of Raspberry Pi 1 to 4. */
int avrspi_look_at_core_clock(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const enum avrspi_host_controller controller = doctor->spi.controller;
    uint32_t mhz = 0;

    if (!is_raspberry_pi(doctor) || (controller != AVRSPI_HOST_CONTROLLER_BCM2835 &&
                                     controller != AVRSPI_HOST_CONTROLLER_BCM2835_AUX))
        return AVRSPI_LOOK_NOTHING;
    if (avrspi_host_boot_config_number(&doctor->boot, "force_turbo", &mhz) && mhz == 1)
        return AVRSPI_LOOKS_RIGHT(seen, "kept up by force_turbo=1");
    if (avrspi_host_boot_config_number(&doctor->boot, "core_freq_min", &mhz) &&
        mhz >= doctor->spi.clock_hz / 1000000)
        return AVRSPI_LOOKS_RIGHT(seen, "kept at %u MHz by core_freq_min", (unsigned)mhz);
    return AVRSPI_LOOKS_RIGHT(seen, "may sink while the processor idles, and SCK with it");
}

int avrspi_look_at_bufsiz(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    uint32_t bufsiz = avrspi_host_bufsiz(doctor->config->root);

    if (bufsiz == 0)
        return AVRSPI_LOOK_NOTHING;
    (void)avrspi_fail(seen, AVRSPI_OK, "spidev carries %u byte%s in a transfer", (unsigned)bufsiz,
                      bufsiz == 1 ? "" : "s");
    if (bufsiz >= LEAST_BUFSIZ)
        return AVRSPI_LOOK_OK;
    avrspi_advise(seen, AVRSPI_ADVICE_RAISE_BUFSIZ, NULL);
    return AVRSPI_LOOK_WARN;
}

/* A clock at XTAL1 that a process runs is meant; another one was left. */
int avrspi_look_at_pwm_clock(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    struct avrspi_pwm_found found;
    int looked = AVRSPI_LOOK_NOTHING;

    for (size_t n = 0;
         looked != AVRSPI_LOOK_WARN && avrspi_pwm_running(&found, doctor->config->root, n); n++) {
        (void)avrspi_fail(seen, AVRSPI_OK, "a clock of %s runs at %s%s",
                          avrspi_doctor_hz(found.hz).text, found.place.name,
                          found.held ? "" : ", by 'clock --keep' or a run that was killed");
        looked = found.held ? AVRSPI_LOOK_OK : AVRSPI_LOOK_WARN;
    }
    if (looked == AVRSPI_LOOK_WARN)
        avrspi_advise(seen, AVRSPI_ADVICE_CLOCK_OFF, NULL);
    return looked;
}
