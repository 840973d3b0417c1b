/* SPDX-License-Identifier: MIT */
/* System calls that a signal interrupted. */
#ifndef AVRSPI_SRC_LINK_AGAIN_H
#define AVRSPI_SRC_LINK_AGAIN_H

#include <errno.h>
#include <stdbool.h>

/* Whether a call has to be made again: it failed because a signal came, and did nothing. A level, a
 * configuration and a message of spidev may all be asked for again. */
static inline bool avrspi_call_again(int result)
{
    return result < 0 && errno == EINTR;
}

#endif
