/* SPDX-License-Identifier: MIT */
/* Signals while a target is open: the work ends at the next transfer, with RESET released. */
#ifndef AVRSPI_SRC_CLI_SIGNALS_H
#define AVRSPI_SRC_CLI_SIGNALS_H

#include <signal.h>

#include "avrspi/error.h"

/* The signal that came: SIGINT, SIGQUIT, SIGTERM or SIGHUP; 0: none. */
extern volatile sig_atomic_t interrupted;

/*
 * From here on these signals set 'interrupted' and do nothing else. Calls may be nested, in several
 * threads; with the last signals_release() the signals end the program again.
 */
void signals_hold(void);
void signals_release(void);

/* Waits for one of them, while they are held. */
void signals_wait(void);

/* AVRSPI_ERR_INTERRUPTED when one came and 'result' is no error, else 'result'. */
int signals_check(int result, struct avrspi_error *error);

#endif
