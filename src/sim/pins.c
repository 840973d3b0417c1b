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

/* What comes of the byte up to this edge decides: Programming Enable is told by its first bit. */
static void check_edge(struct avrspi_sim *sim, bool rises, bool mosi)
{
    uint8_t begun = (uint8_t)(sim->partial & ((1U << sim->n_bits) - 1));

    if (rises)
        begun = (uint8_t)(begun << 1 | mosi);
    avrspi_sim_check_timing(sim, sim->now_ns, begun);
}

/* The bit of the byte that is moved with this pulse. */
static uint8_t this_bit(const struct avrspi_sim *sim)
{
    return (uint8_t)(0x80 >> sim->n_pulses);
}

/* Of a byte that may begin Programming Enable only the first bit is known. */
static void begin_byte(struct avrspi_sim *sim, bool mosi)
{
    const uint8_t first = sim->config.chip->instruction[AVRSPI_PROGRAMMING_ENABLE].fixed[0];

    sim->flaws = avrspi_sim_next_flaws(sim, mosi ? first : 0);
    sim->flaws.miso ^= avrspi_sim_spoil(sim, 0);
}

/* What the chip makes of a pulse; MISO stays as it was when SCK rose. */
static void pulse(struct avrspi_sim *sim, bool mosi)
{
    const uint8_t bit = this_bit(sim);

    if (sim->config.faults & AVRSPI_FAULT_NO_MOSI) /* an open input: here it reads 1s */
        mosi = true;
    mosi = mosi != ((sim->flaws.mosi & bit) != 0);
    if (sim->flaws.cut & bit)
        avrspi_sim_cut_power(sim, sim->flaws.cut_ms);
    sim->miso_high = next_bit(sim);
    check_edge(sim, true, mosi);
    if (!(sim->flaws.lost & bit))
        avrspi_sim_clock_in(sim, mosi);
    if (sim->flaws.extra & bit)
        avrspi_sim_clock_in(sim, mosi);
}

static void rise(struct avrspi_sim *sim, bool mosi)
{
    if (sim->n_pulses == 0)
        begin_byte(sim, mosi);
    if (!is_cut_off(sim))
        pulse(sim, mosi);
}

/* The end of a pulse, and with the eighth that of a byte. */
static void fall(struct avrspi_sim *sim)
{
    if (!is_cut_off(sim))
        check_edge(sim, false, false);
    sim->n_pulses = (sim->n_pulses + 1) % 8;
    if (sim->n_pulses == 0)
        avrspi_sim_byte_moved(sim);
}

void avrspi_sim_pins(struct avrspi_sim *sim, bool sck, bool mosi)
{
    sim->mosi_high = mosi;
    if (sck == sim->sck_high)
        return;
    avrspi_sim_settle(sim);
    note_level(sim);
    sim->sck_high = sck;
    if (sck)
        rise(sim, mosi);
    else
        fall(sim);
}

static bool level_of_miso(const struct avrspi_sim *sim)
{
    const unsigned faults = sim->config.faults;

    if (faults & AVRSPI_FAULT_MISO_LOW)
        return false;
    if (faults & AVRSPI_FAULT_MISO_HIGH)
        return true;
    if (faults & AVRSPI_FAULT_LOOPBACK)
        return sim->mosi_high;
    if (faults & AVRSPI_FAULT_OTHER_DEVICE)
        return avrspi_sim_other_byte(sim) & this_bit(sim);
    if (is_cut_off(sim) || faults & AVRSPI_FAULT_NO_MISO)
        return !sim->config.miso_pull_down;
    return sim->sck_high ? sim->miso_high : next_bit(sim);
}

bool avrspi_sim_miso(const struct avrspi_sim *sim)
{
    const bool spoiled = sim->sck_high && sim->flaws.miso & this_bit(sim);

    return level_of_miso(sim) != spoiled;
}
