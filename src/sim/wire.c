/* SPDX-License-Identifier: MIT */
/*
 * The bytes on the wires.
 *
 * The chip's interface is a shift register: while a byte comes in on MOSI the one before it
 * goes out on MISO. So the third byte of an instruction returns the second (the echo by
 * which DS 'Serial Programming Algorithm', step 3, tells that the two are in step), and the
 * fourth returns what a read found.
 */
#include "sim/sim_state.h"

/* A MISO that nobody drives shows what the programmer's board pulls it to. */
static uint8_t floating(const struct avrspi_sim *sim)
{
    return sim->config.miso_pull_down ? 0x00 : 0xFF;
}

/* DS 'Serial Downloading': low and high periods of SCK are longer than 2 CPU clock cycles below
 * 12 MHz, longer than 3 from there on. Equal is not longer. */
static bool too_fast(const struct avrspi_sim *sim)
{
    uint64_t factor = sim->clock_hz < 12000000 ? 4 : 6;

    return factor * sim->sck_hz >= sim->clock_hz;
}

/* What may befall the interface while a byte comes in. That a programmer tries Programming
 * Enable too fast is not a violation: the programmer can't know the clock before the chip has
 * answered. After that it is one for each time that step is lost, however many bytes follow. */
static void check_timing(struct avrspi_sim *sim, uint64_t began_ns)
{
    if (sim->listening == AVRSPI_SIM_READY &&
        began_ns - sim->low_ns < AVRSPI_SIM_REST_MS * UINT64_C(1000000)) {
        avrspi_sim_count(sim, AVRSPI_VIOLATION_EARLY_ENABLE);
        sim->listening = AVRSPI_SIM_DEAF;
    }
    if ((sim->listening == AVRSPI_SIM_READY || sim->listening == AVRSPI_SIM_ENABLED) &&
        too_fast(sim)) {
        if (sim->listening == AVRSPI_SIM_ENABLED)
            avrspi_sim_count(sim, AVRSPI_VIOLATION_SCK_TOO_FAST);
        sim->listening = AVRSPI_SIM_SLIPPED;
    }
}

/* Four bytes came in before Programming Enable was accepted. */
static void knock(struct avrspi_sim *sim)
{
    bool enables = avrspi_sim_decodes_as(sim, sim->bytes, AVRSPI_PROGRAMMING_ENABLE);

    if (!enables) {
        avrspi_sim_count(sim, AVRSPI_VIOLATION_NOT_ENABLED);
    } else if (sim->listening != AVRSPI_SIM_READY) {
        sim->silicon.failed_enables++;
    }
    if (enables && sim->listening == AVRSPI_SIM_READY) {
        sim->listening = AVRSPI_SIM_ENABLED;
        sim->was_enabled = true;
        sim->ext_loaded = false;
        sim->ext_address = 0;
    }
}

/* The byte in 'bytes' that came last decides what goes out next. */
static void take(struct avrspi_sim *sim)
{
    const struct avrspi_chip *chip = sim->config.chip;
    bool enabled = sim->listening == AVRSPI_SIM_ENABLED;

    sim->shift = sim->bytes[sim->n_bytes - 1];
    switch (sim->n_bytes) {
    case 2:
        /* not measured what the AT90S1200 has in place of the echo */
        if (!enabled && chip->no_echo &&
            avrspi_sim_decodes_as(sim, sim->bytes, AVRSPI_PROGRAMMING_ENABLE))
            sim->shift = 0xFF;
        break;
    case 3:
        if (enabled)
            sim->shift = avrspi_sim_after_third(sim);
        break;
    case 4:
        if (enabled) {
            avrspi_sim_after_fourth(sim);
        } else if (!sim->was_enabled) {
            knock(sim);
        }
        sim->n_bytes = 0;
        break;
    default:
        break;
    }
}

/* A byte at the chip's pins; returns MISO. Once bits have slipped the chip is a bit ahead; which
 * bit comes last was not measured: here one that makes every echo wrong. */
static uint8_t move_byte(struct avrspi_sim *sim, uint8_t mosi, uint64_t began_ns)
{
    uint8_t miso;

    if (!sim->powered || !sim->in_reset)
        return floating(sim);
    check_timing(sim, began_ns);
    miso = sim->shift;
    if (sim->listening == AVRSPI_SIM_DEAF) {
        miso = floating(sim);
    } else if (sim->listening == AVRSPI_SIM_SLIPPED) {
        miso = (uint8_t)(miso << 1 | !(miso & 0x80));
    }
    sim->bytes[sim->n_bytes++] = mosi;
    take(sim);
    return miso;
}

/* What comes back over wires that may be at fault. */
static uint8_t move_over_wires(struct avrspi_sim *sim, uint8_t mosi, uint64_t began_ns)
{
    unsigned faults = sim->config.faults;
    uint8_t miso;

    /* Exchanged, the chip's MOSI pin is on the programmer's input, and nobody drives either:
     * the chip sees only 1s, which are not an instruction. Without SCK it sees nothing. */
    if (faults & (AVRSPI_FAULT_SWAPPED | AVRSPI_FAULT_NO_SCK)) {
        miso = floating(sim);
    } else {
        miso = move_byte(sim, mosi, began_ns);
    }
    if (faults & AVRSPI_FAULT_LOOPBACK)
        miso = mosi;
    if (faults & AVRSPI_FAULT_MISO_HIGH)
        miso = 0xFF;
    if (faults & AVRSPI_FAULT_MISO_LOW)
        miso = 0x00;
    return miso;
}

static uint8_t flip(struct avrspi_sim *sim, uint8_t miso)
{
    if (sim->config.flip_every == 0 || --sim->bytes_to_flip > 0)
        return miso;
    sim->bytes_to_flip = sim->config.flip_every;
    return miso ^ (uint8_t)(1U << (sim->flips++ & 7));
}

static void lose_power(struct avrspi_sim *sim)
{
    avrspi_sim_break_write(sim);
    sim->powered = false;
    sim->power_lost = true;
}

/* 8e9 / hz without a 64-bit division, which not every kernel has. */
static void set_sck(struct avrspi_sim *sim, uint32_t hz)
{
    const uint32_t quarter = 2000000000;

    if (hz == 0 || hz == sim->sck_hz)
        return;
    sim->sck_hz = hz;
    sim->byte_ns = UINT64_C(4) * (quarter / hz);
    if (hz <= UINT32_MAX / 4)
        sim->byte_ns += 4 * (quarter % hz) / hz;
}

void avrspi_sim_transfer(struct avrspi_sim *sim, const uint8_t *out, uint8_t *in,
                         unsigned long size, uint32_t sck_hz)
{
    set_sck(sim, sck_hz);
    for (unsigned long i = 0; i < size; i++) {
        uint64_t began_ns = sim->now_ns;
        uint8_t miso;

        avrspi_sim_settle(sim);
        if (sim->n_bytes == 0)
            sim->began_busy = avrspi_sim_busy(sim);
        avrspi_sim_advance(sim, sim->byte_ns);
        miso = sim->power_lost ? 0x00 : flip(sim, move_over_wires(sim, out[i], began_ns));
        if (in)
            in[i] = miso;
        if (++sim->bytes_moved == sim->config.power_lost_after)
            lose_power(sim);
    }
}

bool avrspi_sim_drives_miso(const struct avrspi_sim *sim)
{
    unsigned faults = sim->config.faults;

    /* a chip without power pulls every pin to ground through its protection diodes */
    if (sim->power_lost ||
        faults & (AVRSPI_FAULT_LOOPBACK | AVRSPI_FAULT_MISO_HIGH | AVRSPI_FAULT_MISO_LOW))
        return true;
    if (faults & (AVRSPI_FAULT_SWAPPED | AVRSPI_FAULT_NO_SCK))
        return false;
    return sim->powered && sim->in_reset && sim->listening != AVRSPI_SIM_DEAF;
}
