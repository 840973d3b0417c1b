/* SPDX-License-Identifier: MIT */
/* 'burn --check': what a recipe would do, without a target. */
#ifndef AVRSPI_SRC_CLI_RECIPE_CHECK_H
#define AVRSPI_SRC_CLI_RECIPE_CHECK_H

#include "cli/burn.h"

/* Checks what is to be burned against each chip that it is for, as it left the factory, and says
 * what would be done. AVRSPI_ERR_REFUSED, and all errors of files and fuses. */
int recipe_check(struct burn *burn, struct cli *cli, struct avrspi_error *error);

#endif
