/* SPDX-License-Identifier: MIT */
/* Where options come from beside the command line: configuration files and the environment. */
#ifndef AVRSPI_SRC_CLI_SETTINGS_H
#define AVRSPI_SRC_CLI_SETTINGS_H

#include "cli/config.h"

/* /etc/avrspi/config and $XDG_CONFIG_HOME/avrspi/config ("port = ..." and so on: the options whose
 * rows say that they are settings), then the environment variables that rows name. What the config
 * has from the command line stays; all is checked. */
int settings_load(struct config *config, struct avrspi_error *error);

#endif
