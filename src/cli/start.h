/* SPDX-License-Identifier: MIT */
/* What begins the next unit of 'burn --repeat'. */
#ifndef AVRSPI_SRC_CLI_START_H
#define AVRSPI_SRC_CLI_START_H

enum loop_start {
    LOOP_ENTER,  /* a line on standard input: empty or 'G' for the next unit, 'Q' for the end */
    LOOP_CHIP,   /* a chip that appears, after the one before has gone */
    LOOP_BUTTON, /* the button of the bench */
};

#endif
