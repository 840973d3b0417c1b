/* SPDX-License-Identifier: MIT */
/* Other programs: started without a shell, waited for, ended in time. */
#ifndef AVRSPI_SRC_BASE_PROGRAM_H
#define AVRSPI_SRC_BASE_PROGRAM_H

#include <signal.h>
#include <stddef.h>

#include "avrspi/error.h"

struct avrspi_program {
    char *const *words;             /* its name, with or without a path, and arguments; then NULL */
    const char *const *environment; /* "NAME=value", beside that of this process; then NULL */
    const char *folder;             /* where it runs; NULL: here */
    unsigned timeout_ms;            /* 0: as long as it takes */
    const volatile sig_atomic_t *interrupt; /* not 0: it is to end; NULL: never */
};

/*
 * Runs a program to its end. It has no standard input, and no files of this process but standard
 * error; its output goes there, or, where 'output' is not NULL, is stored (at most size - 1 bytes,
 * and a NUL). After the timeout or an interrupt it gets SIGTERM, two seconds later SIGKILL.
 * AVRSPI_ERR_FAILURE when it can't be started, does not exit with 0, takes too long, or has more
 * output than fits; AVRSPI_ERR_INTERRUPTED after an interrupt.
 */
int avrspi_program_run(const struct avrspi_program *program, char *output, size_t size,
                       struct avrspi_error *error);

#endif
