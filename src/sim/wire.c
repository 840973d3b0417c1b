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

enum {
    NOISY_BYTES = 41,
    OTHER_BYTE = 0x5A, /* of another device on the bus: any values do */
    OTHER_STEP = 0x35,
};

static bool listens(const struct avrspi_sim *sim)
{
    return sim->powered && sim->in_reset;
}

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

/*
 * Whether a chip that is not enabled loses bits. Until it decodes Programming Enable it runs at the
 * clock that its program has divided by CLKPR; then CKDIV8 decides again (not measured).
 */
static bool loses_bits(const struct avrspi_sim *sim)
{
    uint32_t clock = sim->clock_hz; /* times 8 at most, which still fits */
    uint64_t tenths = sim->config.follows_tenths;

    if (sim->config.clkpr)
        clock = clock * avrspi_chip_divider(sim->config.chip, sim->latched) / sim->config.clkpr;
    if (tenths == 0)
        tenths = clock < 12000000 ? 40 : 60;
    return tenths * sim->sck_hz >= UINT64_C(10) * clock;
}

static bool is_early(const struct avrspi_sim *sim, uint64_t began_ns, uint64_t since_ns)
{
    return !avrspi_sim_excused(sim, AVRSPI_VIOLATION_EARLY_ENABLE) &&
           began_ns < since_ns + AVRSPI_SIM_REST_MS * UINT64_C(1000000);
}

/* What may befall a chip that waits for Programming Enable while a byte comes in. What begins with
 * 0 is not that, and so is not early. Nor can a programmer know that RESET follows its line late:
 * then the chip is deaf, and nothing is counted. */
static void check_ready(struct avrspi_sim *sim, uint64_t began_ns, uint8_t mosi)
{
    const uint8_t first = sim->n_bytes ? sim->bytes[0] : mosi;

    if (first && is_early(sim, began_ns, sim->low_ns)) {
        if (sim->config.reset_fall_ms == 0 || is_early(sim, began_ns, sim->active_ns))
            avrspi_sim_count(sim, AVRSPI_VIOLATION_EARLY_ENABLE);
        sim->listening = AVRSPI_SIM_DEAF;
    } else if (loses_bits(sim)) {
        sim->listening = AVRSPI_SIM_SLIPPED;
    }
}

/* What may befall the interface while a byte comes in. That a programmer tries Programming
 * Enable too fast, once after a pulse on RESET, is not a violation: the programmer can't know the
 * clock before the chip has answered. After that it is one for each time that step is lost, however
 * many bytes follow. What comes less than 20 ms after a loss of power was not measured: here the
 * chip hears it, and so echoes what it does not execute. */
void avrspi_sim_check_timing(struct avrspi_sim *sim, uint64_t began_ns, uint8_t mosi)
{
    if (!listens(sim))
        return;
    if (sim->listening == AVRSPI_SIM_READY)
        check_ready(sim, began_ns, mosi);
    if (sim->listening == AVRSPI_SIM_ENABLED && too_fast(sim)) {
        avrspi_sim_count(sim, AVRSPI_VIOLATION_SCK_TOO_FAST);
        sim->listening = AVRSPI_SIM_SLIPPED;
    }
}

/* Zeros are no instruction, however many bits are lost of them or added: a programmer may send
 * them to see MISO, or to measure SCK. */
static bool are_zeros(const uint8_t bytes[4])
{
    return !(bytes[0] | bytes[1] | bytes[2] | bytes[3]);
}

/* Only its signature shows whether a chip was enabled that never echoes. */
static bool asks_whether_enabled(const struct avrspi_sim *sim)
{
    return sim->config.chip->no_echo &&
           avrspi_sim_decodes_as(sim, sim->bytes, AVRSPI_READ_SIGNATURE);
}

/* Four bytes came in before Programming Enable was accepted. */
static void knock(struct avrspi_sim *sim)
{
    bool enables = avrspi_sim_decodes_as(sim, sim->bytes, AVRSPI_PROGRAMMING_ENABLE);
    bool again = sim->was_knocked;

    sim->was_knocked = true;
    if (are_zeros(sim->bytes)) {
        if (sim->listening == AVRSPI_SIM_READY && too_fast(sim))
            sim->listening = AVRSPI_SIM_SLIPPED;
        return;
    }
    if (!enables && sim->config.faults & AVRSPI_FAULT_NO_MOSI)
        return; /* not what was sent */
    if (asks_whether_enabled(sim))
        return;
    if (!enables)
        avrspi_sim_count(sim, AVRSPI_VIOLATION_NOT_ENABLED);
    else if (again && too_fast(sim))
        avrspi_sim_count(sim, AVRSPI_VIOLATION_SCK_TOO_FAST);
    else if (too_fast(sim))
        sim->trials++;
    if (enables && sim->listening != AVRSPI_SIM_READY)
        sim->silicon.failed_enables++;
    if (enables && sim->listening == AVRSPI_SIM_READY) {
        sim->listening = AVRSPI_SIM_ENABLED;
        sim->was_enabled = true;
        sim->ext_loaded = false;
        sim->ext_address = 0;
    }
}

/* The byte in 'bytes' that came last decides what goes out next: the byte itself, as far as a chip
 * shows more than the datasheets promise (not measured; what it shows instead neither), or an
 * answer. */
static void take(struct avrspi_sim *sim)
{
    const struct avrspi_chip *chip = sim->config.chip;
    bool enabled = sim->listening == AVRSPI_SIM_ENABLED;

    sim->shift = sim->bytes[sim->n_bytes - 1];
    if (sim->config.promised_echo && sim->n_bytes != 2)
        sim->shift = 0xFF;
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

/* Whether an instruction comes while a write is going on is decided when it begins. */
static void begin_instruction(struct avrspi_sim *sim)
{
    if (sim->n_bytes == 0 && sim->n_bits == 0)
        sim->began_busy = avrspi_sim_busy(sim);
}

/* MISO while the next byte comes in. Once SCK was too fast the chip is a bit ahead; which bit comes
 * last was not measured: here one that makes every echo wrong. */
uint8_t avrspi_sim_shown(const struct avrspi_sim *sim)
{
    if (sim->power_lost) /* its pins are clamped to ground by their protection diodes */
        return 0x00;
    if (!listens(sim) || sim->listening == AVRSPI_SIM_DEAF)
        return floating(sim);
    if (sim->listening == AVRSPI_SIM_SLIPPED)
        return (uint8_t)(sim->shift << 1 | !(sim->shift & 0x80));
    return sim->shift;
}

/* A byte at the pins of a chip in step; returns MISO. */
static uint8_t move_byte(struct avrspi_sim *sim, uint8_t mosi)
{
    uint64_t began_ns = sim->now_ns;
    uint8_t miso;

    begin_instruction(sim);
    avrspi_sim_advance(sim, sim->byte_ns);
    avrspi_sim_check_timing(sim, began_ns, mosi);
    miso = avrspi_sim_shown(sim);
    if (listens(sim)) {
        sim->bytes[sim->n_bytes++] = mosi;
        take(sim);
    }
    return miso;
}

/* A pulse of SCK at the chip's pins. */
void avrspi_sim_clock_in(struct avrspi_sim *sim, bool mosi)
{
    if (!listens(sim))
        return;
    begin_instruction(sim);
    sim->partial = (uint8_t)(sim->partial << 1 | mosi);
    if (++sim->n_bits < 8)
        return;
    sim->n_bits = 0;
    sim->bytes[sim->n_bytes++] = sim->partial;
    take(sim);
}

static void lose_power(struct avrspi_sim *sim)
{
    avrspi_sim_break_write(sim);
    sim->powered = false;
    sim->falls = false;
    sim->power_lost = true;
}

void avrspi_sim_cut_power(struct avrspi_sim *sim, uint32_t ms)
{
    if (!sim->powered)
        return;
    lose_power(sim);
    sim->power_back_ns = sim->now_ns + ms * UINT64_C(1000000);
}

/* The level of MISO when SCK rises. It changes when SCK falls: one pulse that the chip does not
 * see leaves it as it is, of two pulses in place of one the programmer sees the first. */
static bool move_bit(struct avrspi_sim *sim, uint8_t mosi, uint8_t bit,
                     const struct avrspi_sim_flaws *flaws)
{
    bool miso;

    avrspi_sim_check_timing(sim, sim->now_ns, mosi);
    miso = avrspi_sim_shown(sim) >> (7 - sim->n_bits) & 1;
    if (!(flaws->lost & bit))
        avrspi_sim_clock_in(sim, mosi & bit);
    if (flaws->extra & bit)
        avrspi_sim_clock_in(sim, mosi & bit);
    return miso;
}

/* The same as move_byte(), pulse by pulse. */
static uint8_t move_bits(struct avrspi_sim *sim, uint8_t mosi, const struct avrspi_sim_flaws *flaws)
{
    uint64_t began_ns = sim->now_ns;
    uint8_t miso = 0;

    for (unsigned n = 0; n < 8; n++) {
        uint8_t bit = (uint8_t)(0x80 >> n);

        if (flaws->cut & bit)
            avrspi_sim_cut_power(sim, flaws->cut_ms);
        if (move_bit(sim, mosi, bit, flaws))
            miso |= bit;
        avrspi_sim_advance(sim, began_ns + sim->byte_ns * (n + 1) / 8 - sim->now_ns);
    }
    return miso;
}

static uint8_t move(struct avrspi_sim *sim, uint8_t mosi, const struct avrspi_sim_flaws *flaws)
{
    mosi ^= flaws->mosi;
    if (sim->n_bits || sim->power_back_ns || flaws->lost || flaws->extra || flaws->cut)
        return move_bits(sim, mosi, flaws);
    return move_byte(sim, mosi);
}

uint8_t avrspi_sim_other_byte(const struct avrspi_sim *sim)
{
    return (uint8_t)(OTHER_BYTE + OTHER_STEP * sim->bytes_moved);
}

/* What comes back over wires that may be at fault. */
static uint8_t move_over_wires(struct avrspi_sim *sim, uint8_t mosi,
                               const struct avrspi_sim_flaws *flaws)
{
    unsigned faults = sim->config.faults;
    uint8_t miso;

    if (faults & AVRSPI_FAULT_NO_MOSI) /* an open input: here it reads 1s */
        mosi = 0xFF;
    /* Exchanged, the chip's MOSI pin is on the programmer's input, and nobody drives either:
     * the chip sees only 1s, which are not an instruction. Without SCK it sees nothing. */
    if (faults & (AVRSPI_FAULT_SWAPPED | AVRSPI_FAULT_NO_SCK)) {
        avrspi_sim_advance(sim, sim->byte_ns);
        miso = floating(sim);
    } else {
        miso = move(sim, mosi, flaws);
    }
    if (faults & AVRSPI_FAULT_NO_MISO)
        miso = floating(sim);
    if (faults & AVRSPI_FAULT_OTHER_DEVICE)
        miso = avrspi_sim_other_byte(sim);
    if (faults & AVRSPI_FAULT_LOOPBACK)
        miso = mosi;
    if (faults & AVRSPI_FAULT_MISO_HIGH)
        miso = 0xFF;
    if (faults & AVRSPI_FAULT_MISO_LOW)
        miso = 0x00;
    return miso ^ flaws->miso;
}

static uint8_t flip(struct avrspi_sim *sim, uint8_t miso)
{
    if (sim->config.flip_every == 0 || sim->power_lost || --sim->bytes_to_flip > 0)
        return miso;
    sim->bytes_to_flip = sim->config.flip_every;
    return miso ^ (uint8_t)(1U << (sim->flips++ & 7));
}

/* Long wires: the edges of a fast SCK reach what lies beside them. */
static uint8_t disturb(struct avrspi_sim *sim, uint8_t miso)
{
    if (sim->config.noisy_above_hz == 0 || sim->sck_hz <= sim->config.noisy_above_hz ||
        ++sim->noise < NOISY_BYTES)
        return miso;
    sim->noise = 0;
    return miso ^ (uint8_t)(1U << (sim->flips++ & 7));
}

uint8_t avrspi_sim_spoil(struct avrspi_sim *sim, uint8_t miso)
{
    return disturb(sim, flip(sim, miso));
}

/* 8e9 / hz without a 64-bit division, which not every kernel has. */
void avrspi_sim_set_sck(struct avrspi_sim *sim, uint32_t hz)
{
    const uint32_t quarter = 2000000000;

    if (hz == 0 || hz == sim->sck_hz)
        return;
    sim->sck_hz = hz;
    sim->byte_ns = UINT64_C(4) * (quarter / hz);
    if (hz <= UINT32_MAX / 4)
        sim->byte_ns += 4 * (quarter % hz) / hz;
}

/* The first byte of the first Programming Enable is where pulses are counted from. */
static bool begins_run(const struct avrspi_sim *sim, uint8_t mosi)
{
    return listens(sim) && sim->n_bytes == 0 &&
           mosi == sim->config.chip->instruction[AVRSPI_PROGRAMMING_ENABLE].fixed[0];
}

struct avrspi_sim_flaws avrspi_sim_next_flaws(struct avrspi_sim *sim, uint8_t mosi)
{
    static const struct avrspi_sim_flaws none;

    if (sim->config.n_bit_faults == 0)
        return none;
    sim->counts_pulses = sim->counts_pulses || begins_run(sim, mosi);
    if (!sim->counts_pulses)
        return none;
    if (sim->pulses + 8 > sim->next_fault)
        return avrspi_sim_bits_next(sim);
    sim->pulses += 8; /* none of them is near */
    return none;
}

void avrspi_sim_byte_moved(struct avrspi_sim *sim)
{
    if (++sim->bytes_moved == sim->config.power_lost_after)
        lose_power(sim);
}

void avrspi_sim_transfer(struct avrspi_sim *sim, const uint8_t *out, uint8_t *in,
                         unsigned long size, uint32_t sck_hz)
{
    avrspi_sim_set_sck(sim, sck_hz);
    for (unsigned long i = 0; i < size; i++) {
        struct avrspi_sim_flaws flaws = avrspi_sim_next_flaws(sim, out[i]);
        uint8_t miso;

        avrspi_sim_settle(sim);
        miso = avrspi_sim_spoil(sim, move_over_wires(sim, out[i], &flaws));
        if (in)
            in[i] = miso;
        avrspi_sim_byte_moved(sim);
    }
}

bool avrspi_sim_drives_miso(const struct avrspi_sim *sim)
{
    unsigned faults = sim->config.faults;

    /* a chip without power pulls every pin to ground through its protection diodes */
    if (sim->power_lost || faults & (AVRSPI_FAULT_LOOPBACK | AVRSPI_FAULT_OTHER_DEVICE |
                                     AVRSPI_FAULT_MISO_HIGH | AVRSPI_FAULT_MISO_LOW))
        return true;
    if (faults & (AVRSPI_FAULT_SWAPPED | AVRSPI_FAULT_NO_SCK | AVRSPI_FAULT_NO_MISO))
        return false;
    return sim->powered && sim->in_reset && sim->listening != AVRSPI_SIM_DEAF;
}
