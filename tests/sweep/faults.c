/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>

#include "sweep.h"

enum {
    LONGEST_CUT_MS = 20,
};

const char *kind_name(enum avrspi_sim_bit_fault_kind kind)
{
    static const char *const names[KINDS] = {
        [AVRSPI_BIT_MOSI] = "mosi",   [AVRSPI_BIT_MISO] = "miso", [AVRSPI_BIT_LOST] = "lost",
        [AVRSPI_BIT_EXTRA] = "extra", [AVRSPI_BIT_CUT] = "cut",
    };

    return names[kind];
}

void fault_write(const struct avrspi_sim_bit_fault *fault, char text[32])
{
    int used = snprintf(text, 32, "%s:%" PRIu64, kind_name(fault->kind), fault->at);

    if (fault->kind == AVRSPI_BIT_CUT)
        (void)snprintf(text + used, 32 - (size_t)used, ":%u", (unsigned)fault->cut_ms);
}

/* Mixes the bits of a number (Steele, Lea, Flood, 'Fast Splittable Pseudorandom Number
 * Generators', 2014). */
static uint64_t mix(uint64_t value)
{
    value += UINT64_C(0x9E3779B97F4A7C15);
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}

struct avrspi_sim_bit_fault fault_at(enum avrspi_sim_bit_fault_kind kind, uint64_t pulses,
                                     uint64_t count, uint64_t n, uint32_t seed)
{
    uint64_t from = pulses * n / count, to = pulses * (n + 1) / count;
    uint64_t random = mix(mix(seed) ^ mix((uint64_t)kind << 32 ^ n));

    return (struct avrspi_sim_bit_fault){
        .kind = kind,
        .at = from + random % (to - from),
        .cut_ms = kind == AVRSPI_BIT_CUT ? 1 + (uint32_t)(random >> 40) % LONGEST_CUT_MS : 0,
    };
}
