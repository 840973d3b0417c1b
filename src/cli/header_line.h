/* SPDX-License-Identifier: MIT */
/* Which pin of a computer's header a line is on, in any of the forms that lines are written in. */
#ifndef AVRSPI_SRC_CLI_HEADER_LINE_H
#define AVRSPI_SRC_CLI_HEADER_LINE_H

#include "cli/cli.h"
#include "host/wires.h"
#include "link/line.h"

enum {
    HEADER_WHY = 512, /* room for the reason why a line has no pin */
};

/* The computer whose header is shown. */
struct header_board {
    const struct avrspi_host_model *model; /* NULL: not known */
    bool here; /* it is this computer, whose GPIO chips can be looked at */
};

/*
 * Finds the pin of a line: of GPIO0 to GPIO27 and of what some kernels call them by the model, of
 * any other name, of chip and offset, and of a number of /sys/class/gpio by this computer's GPIO
 * chips. Where these can't be looked at, the usual chip and the usual numbers of the model are
 * taken, which is said in a note. False where no pin is known, with the reason in 'why'.
 */
bool header_line(struct avrspi_host_wire *wire, struct cli *cli, const struct header_board *board,
                 const struct avrspi_line_words *words, char why[HEADER_WHY]);

/* Whether the line on a pin of the header is known to be held by nobody: false for the header of
 * another computer. */
bool header_line_is_free(const struct header_board *board, const struct avrspi_host_wire *wire);

#endif
