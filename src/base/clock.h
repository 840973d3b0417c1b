/* SPDX-License-Identifier: MIT */
/* The computer's clock, CLOCK_MONOTONIC. */
#ifndef AVRSPI_SRC_BASE_CLOCK_H
#define AVRSPI_SRC_BASE_CLOCK_H

#include <stdint.h>

enum {
    AVRSPI_NS_PER_S = 1000000000,
};

/* Nanoseconds since some moment in the past; never goes back. */
uint64_t avrspi_clock_now(void);

/* Sleeps until that clock has reached a time, signals or not. */
void avrspi_clock_sleep_until(uint64_t ns);

#endif
