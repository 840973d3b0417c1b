/* SPDX-License-Identifier: MIT */
/* The clock at XTAL1: for the time of a command (--xtal), and of 'clock'. */
#ifndef AVRSPI_SRC_CLI_XTAL_H
#define AVRSPI_SRC_CLI_XTAL_H

#include "cli/cli.h"

/* The pin that --xtal-pin names, else the usual one beside the SPI bus of the port, found in the
 * kernel's files. */
int xtal_find(struct avrspi_pwm_place *place, const struct cli *cli, struct avrspi_error *error);

/* AVRSPI_ERR_USAGE when that pin is a line of the command's port, or its reset line;
 * AVRSPI_ERR_DEVICE when it is a wire of an SPI bus that is enabled. */
int xtal_check_pin(const struct cli *cli, const struct avrspi_pwm_place *place,
                   struct avrspi_error *error);

/* Says what a clock is and where, in text and in JSON: 'end' stands behind it. */
void xtal_tell(struct cli *cli, const struct avrspi_pwm_place *place,
               const struct avrspi_pwm_rate *rate, const char *end);

/* Where it is: "GPIO18 (pin 12)". */
const char *xtal_place_text(const struct avrspi_pwm_place *place, char text[UI_TEXT]);

/* Says it of the clock of --xtal, if there is one. */
void xtal_tell_running(struct cli *cli);

/* Warns where the clock of --xtal, if there is one and the chip runs by it, is beyond the chip's
 * speed grade. */
void xtal_check_chip(struct cli *cli, const struct avrspi_event *identified);

/*
 * With --xtal, and a command that has a target: lets the clock run (cli->xtal), and sets --fcpu by
 * it unless that was given beside it. Names a clock that an earlier run left running. Signals are
 * held until the end.
 */
int xtal_begin(struct cli *cli, struct avrspi_error *error);

/* Undoes that, after an error too; 'result' is the command's. Returns the result of both. */
int xtal_end(struct cli *cli, int result, struct avrspi_error *error);

#endif
