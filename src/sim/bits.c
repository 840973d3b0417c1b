/* SPDX-License-Identifier: MIT */
/*
 * Faults of single pulses of SCK: which pulse each befalls next. Most bytes are far from all of
 * them, and cost one comparison.
 */
#include "sim/sim_state.h"

enum {
    MOST_RATE = 0x40000000, /* twice that, less 1, has 31 bits */
};

static void find_next(struct avrspi_sim *sim)
{
    sim->next_fault = UINT64_MAX;
    for (unsigned i = 0; i < sim->config.n_bit_faults; i++) {
        if (sim->fault_at[i] < sim->next_fault)
            sim->next_fault = sim->fault_at[i];
    }
}

/* Xorshift: G. Marsaglia, 'Xorshift RNGs', Journal of Statistical Software 8 (2003). */
static uint32_t next_random(uint32_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 17;
    *random ^= *random << 5;
    return *random;
}

/* From one pulse of a random fault to the next: 1 to 2 * rate - 1, each as likely as the others. */
static uint64_t distance(struct avrspi_sim *sim, unsigned i)
{
    uint32_t rate = sim->config.bit_fault[i].rate;

    if (rate > MOST_RATE)
        rate = MOST_RATE;
    return 1 + next_random(&sim->random[i]) % (2 * rate - 1);
}

void avrspi_sim_bits_init(struct avrspi_sim *sim)
{
    for (unsigned i = 0; i < sim->config.n_bit_faults; i++) {
        const struct avrspi_sim_bit_fault *fault = &sim->config.bit_fault[i];

        /* small seeds give numbers that are far apart; 0 would give only 0 */
        sim->random[i] = fault->seed * UINT32_C(2654435761) ^ UINT32_C(0x9E3779B9);
        if (sim->random[i] == 0)
            sim->random[i] = 1;
        sim->fault_at[i] = fault->at;
        if (fault->rate)
            sim->fault_at[i] += distance(sim, i) - 1;
    }
    find_next(sim);
}

static void strike(struct avrspi_sim *sim, const struct avrspi_sim_bit_fault *fault, uint8_t bit,
                   struct avrspi_sim_flaws *flaws)
{
    switch (fault->kind) {
    case AVRSPI_BIT_MOSI:
        flaws->mosi ^= bit;
        break;
    case AVRSPI_BIT_MISO:
        flaws->miso ^= bit;
        return;
    case AVRSPI_BIT_LOST:
        flaws->lost |= bit;
        break;
    case AVRSPI_BIT_EXTRA:
        flaws->extra |= bit;
        break;
    case AVRSPI_BIT_CUT:
        flaws->cut |= bit;
        flaws->cut_ms = fault->cut_ms;
        break;
    }
    avrspi_sim_excuse(sim, fault->kind == AVRSPI_BIT_CUT);
}

struct avrspi_sim_flaws avrspi_sim_bits_next(struct avrspi_sim *sim)
{
    struct avrspi_sim_flaws flaws = {0};
    uint64_t first = sim->pulses;

    sim->pulses += 8;
    for (unsigned i = 0; i < sim->config.n_bit_faults; i++) {
        const struct avrspi_sim_bit_fault *fault = &sim->config.bit_fault[i];

        while (sim->fault_at[i] < sim->pulses) {
            strike(sim, fault, (uint8_t)(0x80 >> (sim->fault_at[i] - first)), &flaws);
            sim->fault_at[i] = fault->rate ? sim->fault_at[i] + distance(sim, i) : UINT64_MAX;
        }
    }
    find_next(sim);
    return flaws;
}
