/* SPDX-License-Identifier: MIT */
/*
 * SCK from what the fuses say about the CPU clock.
 *
 * SCK has to stay low and high for more than two CPU clocks each, from 12 MHz on for more than
 * three (ATmega328P: DS40002061, 'Serial Downloading'): below f_cpu / 4, and below f_cpu / 6.
 */
#include "avrspi/chip.h"

enum {
    THREE_CLOCKS_HZ = 12000000,
};

static uint32_t limit_at(uint32_t f_cpu)
{
    if (f_cpu == 0)
        return 0;
    return (f_cpu - 1) / (f_cpu < THREE_CLOCKS_HZ ? 4 : 6);
}

uint32_t avrspi_sck_limit(const struct avrspi_clock *clock)
{
    uint32_t low = clock->min_hz, high = clock->max_hz, limit;

    if (clock->source == AVRSPI_CLOCK_INTERNAL) {
        low -= low / 10;
        high += high / 10;
    }
    limit = limit_at(low);
    /* a range that reaches past 12 MHz meets the stricter rule there */
    if (low < THREE_CLOCKS_HZ && high >= THREE_CLOCKS_HZ && limit > limit_at(THREE_CLOCKS_HZ))
        limit = limit_at(THREE_CLOCKS_HZ);
    return limit;
}

bool avrspi_clock_is_outside(enum avrspi_clock_source source)
{
    return source == AVRSPI_CLOCK_EXTERNAL || source == AVRSPI_CLOCK_CRYSTAL ||
           source == AVRSPI_CLOCK_RC;
}
