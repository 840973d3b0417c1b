/* SPDX-License-Identifier: MIT */
/* What is burned, the same for each unit: files, a recipe, or an Arduino board's bootloader. */
#ifndef AVRSPI_SRC_CLI_BURN_H
#define AVRSPI_SRC_CLI_BURN_H

#include "cli/input.h"
#include "recipe/recipe.h"

enum {
    BURN_MOST_CHIPS = 8, /* that one recipe is for */
};

struct burn {
    bool has_recipe;
    struct avrspi_recipe recipe; /* all zero without one */
    bool erase;                  /* also where there is nothing for flash */
    /* what each chip is to hold; chips[0] is NULL where that does not depend on the chip */
    const struct avrspi_chip *chips[BURN_MOST_CHIPS];
    struct input inputs[BURN_MOST_CHIPS];
    size_t n_inputs;
};

/* Reads everything that the arguments and options name, and checks it as far as that goes without a
 * target. The caller closes it after success. */
int burn_open(struct burn *burn, struct cli *cli, struct avrspi_error *error);
void burn_close(struct burn *burn);

/* False for files with nothing in them. */
bool burn_has_work(const struct burn *burn);

/* The request for a unit that is to hold 'contents', which must outlive it. */
void burn_request(const struct burn *burn, const struct cli *cli,
                  const struct avrspi_contents *contents, struct avrspi_request *request);

/* Burns one unit: opens the target, does the job, and closes it. May be called again and again. */
int burn_unit(struct burn *burn, struct cli *cli, struct avrspi_error *error);

#endif
