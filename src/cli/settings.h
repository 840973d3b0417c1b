/* SPDX-License-Identifier: MIT */
/* What holds for every command: configuration file, environment, then options. */
#ifndef AVRSPI_SRC_CLI_SETTINGS_H
#define AVRSPI_SRC_CLI_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"
#include "ui/ui.h"

struct settings {
    char port[512];
    char reset[128];
    char chip[64];
    char chips_file[512];
    uint32_t sck_hz;  /* 0: auto */
    uint32_t fcpu_hz; /* 0: not known */
    enum ui_color color;
    bool dry_run, json, quiet, verbose, force;
};

/* /etc/avrspi/config and $XDG_CONFIG_HOME/avrspi/config ("port = ..." and so on: the long names
 * of the options), then $AVRSPI_PORT, $AVRSPI_RESET and $AVRSPI_CHIP, then the options. */
int settings_load(struct settings *settings, const struct options *options,
                  struct avrspi_error *error);

#endif
