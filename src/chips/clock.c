/* SPDX-License-Identifier: MIT */
/*
 * Sources of the CPU clock, and SCK from what the fuses say about it.
 *
 * SCK has to stay low and high for more than two CPU clocks each, from 12 MHz on for more than
 * three (ATmega328P: DS40002061, 'Serial Downloading'): below f_cpu / 4, and below f_cpu / 6.
 */
#include "chips/record.h"

#include "base/text.h"

enum {
    THREE_CLOCKS_HZ = 12000000,
    LARGEST_DIVIDER = 8, /* of a fuse */
};

static const char *const source_names[] = {
    [AVRSPI_CLOCK_UNKNOWN] = "unknown",
    [AVRSPI_CLOCK_INTERNAL] = "internal",
    [AVRSPI_CLOCK_EXTERNAL] = "external",
    [AVRSPI_CLOCK_CRYSTAL] = "crystal",
    [AVRSPI_CLOCK_RC] = "rc",
};

enum {
    SOURCES = sizeof source_names / sizeof *source_names,
};

const char *avrspi_clock_source_name(enum avrspi_clock_source source)
{
    return (unsigned)source < SOURCES ? source_names[source] : "";
}

enum avrspi_clock_source avrspi_clock_source_by_name(const char *word, size_t size)
{
    for (unsigned n = AVRSPI_CLOCK_UNKNOWN + 1; n < SOURCES; n++)
        if (avrspi_text_is(word, size, source_names[n]))
            return (enum avrspi_clock_source)n;
    return AVRSPI_CLOCK_UNKNOWN;
}

struct avrspi_clock avrspi_chip_clock_at(const struct avrspi_chip *chip,
                                         const uint8_t fuses[AVRSPI_FUSES], uint32_t pins_hz)
{
    struct avrspi_clock clock = avrspi_chip_clock(chip, fuses);

    if (pins_hz == 0 || clock.source == AVRSPI_CLOCK_INTERNAL)
        return clock;
    if (clock.source == AVRSPI_CLOCK_UNKNOWN)
        clock.source = AVRSPI_CLOCK_EXTERNAL;
    clock.min_hz = clock.max_hz = pins_hz / avrspi_chip_divider(chip, fuses);
    clock.least_hz = 0;
    return clock;
}

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
    if (clock->least_hz)
        low = clock->least_hz;
    limit = limit_at(low);
    /* a range that reaches past 12 MHz, or has no upper end, meets the stricter rule there */
    if (low < THREE_CLOCKS_HZ && (high >= THREE_CLOCKS_HZ || high < low) &&
        limit > limit_at(THREE_CLOCKS_HZ))
        limit = limit_at(THREE_CLOCKS_HZ);
    if (clock->max_sck_hz && (limit == 0 || limit > clock->max_sck_hz))
        limit = clock->max_sck_hz;
    return limit;
}

bool avrspi_clock_is_outside(enum avrspi_clock_source source)
{
    return source == AVRSPI_CLOCK_EXTERNAL || source == AVRSPI_CLOCK_CRYSTAL ||
           source == AVRSPI_CLOCK_RC;
}

uint32_t avrspi_chip_enabled_clock(const struct avrspi_chip *chip, uint32_t proven_hz)
{
    return chip->divider_unknown ? proven_hz / LARGEST_DIVIDER : proven_hz;
}
