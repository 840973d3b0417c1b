/* SPDX-License-Identifier: MIT */
#include "base/clock.h"

#include <errno.h>
#include <time.h>

uint64_t avrspi_clock_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * AVRSPI_NS_PER_S + (uint64_t)now.tv_nsec;
}

void avrspi_clock_sleep_until(uint64_t ns)
{
    const struct timespec until = {
        .tv_sec = (time_t)(ns / AVRSPI_NS_PER_S),
        .tv_nsec = (long)(ns % AVRSPI_NS_PER_S),
    };

    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
        continue;
}
