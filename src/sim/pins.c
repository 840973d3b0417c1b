/* SPDX-License-Identifier: MIT */
/*
 * SCK and MOSI as levels, for a programmer that drives them as lines. The chip takes MOSI when SCK
 * rises, and changes MISO when SCK falls (DS 'Serial Programming Waveforms').
 */
#include "sim/sim_state.h"

enum {
    HALF_SECOND = 500000000, /* in nanoseconds */
};

/* Without SCK, or with its input on the programmer's, the chip hears nothing and nobody hears it.
 */
static bool is_cut_off(const struct avrspi_sim *sim)
{
    return sim->config.faults & (AVRSPI_FAULT_SWAPPED | AVRSPI_FAULT_NO_SCK);
}

/* The SCK whose halves last as long as a level did: no less than 1, and without a 64-bit division,
 * which not every kernel has. */
static uint32_t hz_of(uint64_t level_ns)
{
    if (level_ns == 0)
        return HALF_SECOND;
    return level_ns < HALF_SECOND ? HALF_SECOND / (uint32_t)level_ns : 1;
}

/* Of an instruction the shortest level counts. */
static void note_level(struct avrspi_sim *sim)
{
    uint32_t hz = hz_of(sim->now_ns - sim->edge_ns);
    bool within = sim->n_bytes || sim->n_bits;

    if (!within || hz > sim->sck_hz)
        avrspi_sim_set_sck(sim, hz);
    sim->edge_ns = sim->now_ns;
}

static bool next_bit(const struct avrspi_sim *sim)
{
    return avrspi_sim_shown(sim) >> (7 - sim->n_bits) & 1;
}

void avrspi_sim_pins(struct avrspi_sim *sim, bool sck, bool mosi)
{
    uint8_t begun; /* what has come of the byte: Programming Enable is told by its first bit */

    sim->mosi_high = mosi;
    if (sck == sim->sck_high)
        return;
    avrspi_sim_settle(sim);
    note_level(sim);
    sim->sck_high = sck;
    sim->miso_high = next_bit(sim);
    if (is_cut_off(sim))
        return;
    begun = (uint8_t)(sim->partial & ((1U << sim->n_bits) - 1));
    if (sck)
        begun = (uint8_t)(begun << 1 | mosi);
    avrspi_sim_check_timing(sim, sim->now_ns, begun);
    if (sck)
        avrspi_sim_clock_in(sim, mosi);
}

bool avrspi_sim_miso(const struct avrspi_sim *sim)
{
    const unsigned faults = sim->config.faults;

    if (faults & AVRSPI_FAULT_MISO_LOW)
        return false;
    if (faults & AVRSPI_FAULT_MISO_HIGH)
        return true;
    if (faults & AVRSPI_FAULT_LOOPBACK)
        return sim->mosi_high;
    if (is_cut_off(sim))
        return !sim->config.miso_pull_down;
    return sim->sck_high ? sim->miso_high : next_bit(sim);
}
