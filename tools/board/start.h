/* SPDX-License-Identifier: MIT */
/* The program as a process: started under the filter, and what it leaves behind. */
#ifndef AVRSPI_TOOLS_BOARD_START_H
#define AVRSPI_TOOLS_BOARD_START_H

#include <stdbool.h>
#include <sys/types.h>

#include "avrspi/error.h"

struct started {
    pid_t pid;
    pid_t session;
    int listener;
};

/* Holds back the signals that concern the board, and returns a descriptor to read them from. */
int start_signals(void);

/* Starts the program. Returns 0, or the exit status of a board that could not: 127 when there is
 * no such program, 126 when it can't be run, 125 otherwise. */
int start_program(struct started *started, char **program, struct avrspi_error *error);

/* Sends a signal to the processes that the program left behind, with 'strays' only to those that
 * left its session. Returns whether there was one. */
bool start_end_rest(const struct started *started, int signal, bool strays);

/* Waits for the processes that are ending. */
void start_bury(void);

#endif
