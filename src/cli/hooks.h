/* SPDX-License-Identifier: MIT */
/* What a recipe has done before and after each unit: programs, and checks of the chip. */
#ifndef AVRSPI_SRC_CLI_HOOKS_H
#define AVRSPI_SRC_CLI_HOOKS_H

#include "cli/target.h"
#include "recipe/recipe.h"

/* Runs the recipe's 'before'. */
int hooks_before(const struct avrspi_recipe *recipe, const struct cli *cli,
                 struct avrspi_error *error);

/* Runs its 'after', which gets the serial number ("": none) and the verdict on 'result' and 'error'
 * in its environment. Returns the result of both: a good unit fails with it. */
int hooks_after(const struct avrspi_recipe *recipe, const char *serial, struct cli *cli, int result,
                struct avrspi_error *error);

/* check_blank and check_calibration, on a chip that has been identified. */
int hooks_check(const struct avrspi_recipe *recipe, struct target *target,
                struct avrspi_error *error);

#endif
