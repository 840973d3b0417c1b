/* SPDX-License-Identifier: MIT */
/* 'burn --boards': the boards of an Arduino core, and the bootloader of one. */
#ifndef AVRSPI_SRC_CLI_BOARDS_H
#define AVRSPI_SRC_CLI_BOARDS_H

#include "cli/cli.h"

/* --list: every board with its menus. */
int boards_list(struct cli *cli, struct avrspi_error *error);

/* --show: what burning the bootloader of the board in the first argument does, as a recipe. */
int boards_show(struct cli *cli, struct avrspi_error *error);

/*
 * What is to be burned for the board in the first argument, as the contents of a file. Its chip
 * becomes that of the command; another one named with -c is AVRSPI_ERR_USAGE. *erase: the chip is
 * erased before. The caller frees *contents.
 */
int boards_read(struct cli *cli, struct avrspi_contents **contents, bool *erase,
                struct avrspi_error *error);

#endif
