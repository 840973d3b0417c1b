/* SPDX-License-Identifier: MIT */
/* The life of a simulated chip: power, RESET, time. */
#include "sim/sim_state.h"

#include <string.h>

const unsigned long avrspi_sim_size = sizeof(struct avrspi_sim);

enum {
    TWO_SECONDS = 2000000000, /* in nanoseconds */
    FIRST_SCK = 100000,       /* until a transfer says otherwise */
    CALIBRATION = 0xA1,       /* of the first oscillator; any value does */
};

static uint32_t at_most(uint32_t value, size_t limit)
{
    return value < limit ? value : (uint32_t)limit;
}

/* A page outside the memory would be an index out of range. */
static uint32_t page_of(uint32_t page, uint32_t size)
{
    return page && page <= AVRSPI_SIM_PAGE_MAX && size % page == 0 ? page : 0;
}

static void leave_factory(struct avrspi_sim_silicon *silicon, const struct avrspi_chip *chip)
{
    memset(silicon->flash, 0xFF, sizeof silicon->flash);
    memset(silicon->eeprom, 0xFF, sizeof silicon->eeprom);
    for (unsigned fuse = 0; fuse < AVRSPI_FUSES; fuse++)
        silicon->fuse[fuse] = chip->fuse[fuse].default_value | (uint8_t)~chip->fuse[fuse].mask;
    for (unsigned i = 0; i < sizeof silicon->calibration; i++)
        silicon->calibration[i] = (uint8_t)(CALIBRATION + i);
    memcpy(silicon->signature, chip->signature, sizeof silicon->signature);
}

void avrspi_sim_init(struct avrspi_sim *sim, const struct avrspi_sim_config *config)
{
    const struct avrspi_chip *chip = config->chip;

    memset(sim, 0, sizeof *sim);
    sim->config = *config;
    sim->flash_size = at_most(chip->flash_size, sizeof sim->silicon.flash) & ~UINT32_C(1);
    sim->flash_page = page_of(chip->flash_page, sim->flash_size);
    sim->eeprom_size = at_most(chip->eeprom_size, sizeof sim->silicon.eeprom);
    sim->eeprom_page = page_of(chip->eeprom_page, sim->eeprom_size);
    sim->bytes_to_flip = config->flip_every;
    sim->sck_hz = FIRST_SCK;
    sim->byte_ns = UINT64_C(8000000000) / FIRST_SCK;
    avrspi_sim_decode_init(sim);
    avrspi_sim_bits_init(sim);
    leave_factory(&sim->silicon, chip);
    avrspi_sim_power_cycle(sim);
}

struct avrspi_sim_silicon *avrspi_sim_silicon(struct avrspi_sim *sim)
{
    return &sim->silicon;
}

/* DS 'Serial Programming Algorithm', step 3: a pulse on RESET must be at least two CPU clock
 * cycles long. A shorter one leaves the interface as deaf as it was (not measured). */
static bool pulse_seen(const struct avrspi_sim *sim)
{
    return sim->clock_hz && sim->now_ns - sim->high_ns >= TWO_SECONDS / sim->clock_hz;
}

static void enter_reset(struct avrspi_sim *sim, bool heard)
{
    sim->in_reset = true;
    sim->low_ns = sim->now_ns;
    sim->listening = heard && sim->serial && sim->clock_hz ? AVRSPI_SIM_READY : AVRSPI_SIM_DEAF;
    sim->was_enabled = false;
    sim->was_knocked = false;
    sim->wants_pulse = false;
    sim->n_bytes = 0;
    sim->n_bits = 0;
    sim->shift = 0xFF; /* not measured */
    avrspi_sim_buffer_clear(&sim->flash_buffer);
    avrspi_sim_buffer_clear(&sim->eeprom_buffer);
}

/* An instruction that was broken off has done nothing, but its programmer is out of step. A poll
 * may be broken off. */
static bool is_cut_short(const struct avrspi_sim *sim)
{
    if (sim->listening != AVRSPI_SIM_ENABLED || sim->n_bytes == 0)
        return false;
    return sim->n_bytes == 1 || !avrspi_sim_decodes_as(sim, sim->bytes, AVRSPI_POLL_RDY_BSY);
}

static void leave_reset(struct avrspi_sim *sim)
{
    avrspi_sim_settle(sim);
    if (avrspi_sim_busy(sim))
        avrspi_sim_count(sim, AVRSPI_VIOLATION_RESET_BUSY);
    if (is_cut_short(sim))
        avrspi_sim_count(sim, AVRSPI_VIOLATION_CUT_SHORT);
    avrspi_sim_break_write(sim);
    sim->in_reset = false;
    sim->high_ns = sim->now_ns;
    sim->n_bytes = 0;
    sim->n_bits = 0;
    if (!sim->config.chip->power_cycle)
        avrspi_sim_latch(sim);
}

/* The reset line has the level that puts the chip in reset. */
static bool is_active(const struct avrspi_sim *sim)
{
    const unsigned faults = sim->config.faults;

    if (faults & AVRSPI_FAULT_RESET_LOW)
        return true;
    return !(faults & AVRSPI_FAULT_NO_RESET) &&
           sim->wire_low == !(faults & AVRSPI_FAULT_INVERTED_RESET);
}

static uint64_t fallen_ns(const struct avrspi_sim *sim)
{
    return sim->active_ns + sim->config.reset_fall_ms * UINT64_C(1000000);
}

/* RESET gets low, as far as it is a reset pin. */
static void fall(struct avrspi_sim *sim)
{
    sim->falls = false;
    sim->excused = 0;
    if (sim->reset_pin)
        enter_reset(sim, pulse_seen(sim));
}

void avrspi_sim_power_cycle(struct avrspi_sim *sim)
{
    avrspi_sim_break_write(sim);
    sim->powered = !(sim->config.faults & AVRSPI_FAULT_NO_POWER);
    sim->power_lost = false;
    sim->power_back_ns = 0;
    sim->in_reset = false;
    sim->n_bytes = 0;
    sim->n_bits = 0;
    sim->high_ns = sim->now_ns - TWO_SECONDS; /* it need not wait for a pulse after power-up */
    avrspi_sim_latch(sim);
    sim->falls = false;
    if (is_active(sim) && sim->reset_pin)
        enter_reset(sim, true);
}

void avrspi_sim_reset(struct avrspi_sim *sim, bool low)
{
    if (low == sim->wire_low ||
        sim->config.faults & (AVRSPI_FAULT_NO_RESET | AVRSPI_FAULT_RESET_LOW))
        return;
    sim->wire_low = low;
    sim->n_pulses = 0;
    sim->active_ns = sim->now_ns;
    if (!sim->powered)
        return;
    sim->falls = is_active(sim);
    if (sim->falls && sim->config.reset_fall_ms == 0)
        fall(sim);
    else if (!sim->falls && sim->in_reset)
        leave_reset(sim);
}

int avrspi_sim_pulls_reset(const struct avrspi_sim *sim)
{
    const unsigned faults = sim->config.faults;

    /* behind a transistor the resistor is not on the line */
    if (faults & (AVRSPI_FAULT_NO_RESET | AVRSPI_FAULT_INVERTED_RESET))
        return 0;
    return faults & AVRSPI_FAULT_RESET_LOW || !sim->powered ? -1 : 1;
}

/* What is due before that time, and the time itself. */
void avrspi_sim_advance(struct avrspi_sim *sim, uint64_t ns)
{
    uint64_t until = sim->now_ns + ns;

    if (sim->power_back_ns && until >= sim->power_back_ns) {
        sim->now_ns = sim->power_back_ns;
        avrspi_sim_power_cycle(sim);
    }
    if (sim->falls && until >= fallen_ns(sim)) {
        sim->now_ns = fallen_ns(sim);
        fall(sim);
    }
    sim->now_ns = until;
    avrspi_sim_settle(sim);
}

uint64_t avrspi_sim_now(const struct avrspi_sim *sim)
{
    return sim->now_ns;
}

uint32_t avrspi_sim_clock(const struct avrspi_sim *sim)
{
    return sim->clock_hz;
}
