/* SPDX-License-Identifier: MIT */
/* A Raspberry Pi's config.txt: what its firmware was told about SPI and the header's lines. */
#ifndef AVRSPI_SRC_HOST_BOOT_CONFIG_H
#define AVRSPI_SRC_HOST_BOOT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/error.h"
#include "host/models.h"

/* A setting, such as "dtparam=spi=on" or "dtoverlay=mcp2515-can0,interrupt=25". */
struct avrspi_host_setting {
    const char *key;   /* "dtparam" */
    const char *value; /* "spi=on" */
};

struct avrspi_host_boot_config {
    const char *path; /* without the root; NULL: there is none that can be read */
    char *text;       /* of the file, cut in pieces */
    struct avrspi_host_setting *settings;
    size_t n_settings;
};

/*
 * Reads /boot/firmware/config.txt or /boot/config.txt below a root, "" for the real one. Settings
 * in sections for other models than 'model' (NULL is allowed) are left out, and so are those of
 * sections that depend on what no file tells, such as the level of a line. AVRSPI_ERR_FAILURE when
 * out of memory. avrspi_host_boot_config_free() frees what is in it.
 */
int avrspi_host_boot_config_read(struct avrspi_host_boot_config *config,
                                 const struct avrspi_host_model *model, const char *root,
                                 struct avrspi_error *error);
void avrspi_host_boot_config_free(struct avrspi_host_boot_config *config);

/* Whether the first SPI bus is switched on there; the last word on it counts. */
bool avrspi_host_boot_config_spi(const struct avrspi_host_boot_config *config);

/* The number of a setting, "core_freq_min"; the last one counts. False where there is none. */
bool avrspi_host_boot_config_number(const struct avrspi_host_boot_config *config, const char *key,
                                    uint32_t *number);

/* Of a setting's value: the value of a parameter in a list, "spi=on,i2c=off", "" where it stands
 * alone; NULL for none. */
const char *avrspi_host_parameter(const char *list, const char *name, char value[32]);
/* Whether that is "on", in any of its words. */
bool avrspi_host_is_on(const char *value);

/* --- overlays.c */

/* Whether a setting is that overlay. */
bool avrspi_host_overlay_is(const struct avrspi_host_setting *setting, const char *name);

/* The lines of the header that the n-th setting takes, if it is an overlay; bit n is GPIOn. By the
 * overlays' documentation: there are others. */
uint32_t avrspi_host_overlay_lines(const struct avrspi_host_boot_config *config, size_t n);

/* Whether it is an overlay that puts a device on the first SPI bus. */
bool avrspi_host_overlay_has_device(const struct avrspi_host_setting *setting);

/* --- taken.c */

/* What takes a line of the header, or the wires of the first bus, away from its user. */
struct avrspi_host_taken {
    struct avrspi_host_setting by; /* "dtoverlay", "sdio" */
    bool bus;                      /* it puts a device on the first SPI bus */
    unsigned line;                 /* else: the first line that is taken, GPIOn */
    const char *instead;           /* the setting that leaves it free; NULL: without 'by' it is */
};

/* The n-th setting, from 0, that takes SCK, MOSI or MISO of the first bus, puts another device on
 * it, or takes line 'reset' (-1: none). False after the last. */
bool avrspi_host_boot_config_taken(const struct avrspi_host_boot_config *config, int reset,
                                   size_t n, struct avrspi_host_taken *taken);

#endif
