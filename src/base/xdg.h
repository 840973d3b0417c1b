/* SPDX-License-Identifier: MIT */
/* Where a user's own files are. Source: the XDG base directory specification. */
#ifndef AVRSPI_SRC_BASE_XDG_H
#define AVRSPI_SRC_BASE_XDG_H

#include "base/error.h"

/* The path of a file or folder of the user's configuration, $XDG_CONFIG_HOME/avrspi/NAME or else
 * $HOME/.config/avrspi/NAME; the caller frees it. A relative $XDG_CONFIG_HOME is ignored, as the
 * specification demands. NULL with result 0 for a user without a home. */
int avrspi_xdg_config(char **path, const char *name, struct avrspi_error *error);

/* A folder for what has to outlive a run that fails, made if it is not there: the first that can be
 * written to of $XDG_STATE_HOME/avrspi, $HOME/.local/state/avrspi and /var/lib/avrspi. The caller
 * frees it. AVRSPI_ERR_FAILURE when there is none. */
int avrspi_xdg_state(char **path, struct avrspi_error *error);

/* The first of these folders that is there and can be written to; the caller frees it. NULL when
 * there is none. */
char *avrspi_xdg_state_found(void);

#endif
