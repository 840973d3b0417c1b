/* SPDX-License-Identifier: MIT */
/* Fuses and lock bits, and what they decide. A programmed bit reads 0. */
#include "sim/sim_state.h"

#include <string.h>

enum {
    UNKNOWN_CLOCK = 1000000, /* of a chip of which nothing is known: what most leave with */
};

/* Whether a one-bit field is programmed in those fuse bytes; false when there is none. */
static bool programmed(const struct avrspi_chip *chip, const uint8_t *fuses, const char *name)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, name);

    return field && !(fuses[field->fuse] & field->mask);
}

static uint32_t outside_clock(const struct avrspi_sim *sim)
{
    if (sim->fed_hz)
        return sim->fed_hz;
    return sim->config.faults & AVRSPI_FAULT_NO_CRYSTAL ? 0 : sim->config.fcpu_hz;
}

/* A crystal, a resonator, an RC pair or a clock signal: whatever is outside is taken as what
 * the fuses ask for. A crystal out of the range selected may not start; not modelled. */
static uint32_t select_clock(const struct avrspi_sim *sim)
{
    const struct avrspi_chip *chip = sim->config.chip;
    struct avrspi_clock clock = avrspi_chip_clock(chip, sim->latched);
    uint32_t outside = outside_clock(sim);

    if (clock.source == AVRSPI_CLOCK_INTERNAL && clock.min_hz)
        return clock.min_hz;
    if (clock.source == AVRSPI_CLOCK_INTERNAL || clock.source == AVRSPI_CLOCK_UNKNOWN) {
        if (outside)
            return outside;
        return chip->factory_clock ? chip->factory_clock : (uint32_t)UNKNOWN_CLOCK;
    }
    return outside / avrspi_chip_divider(chip, sim->latched);
}

/* DS 'Latching of Fuses': when the device enters programming mode; changes take effect once it
 * has left it. */
void avrspi_sim_latch(struct avrspi_sim *sim)
{
    const struct avrspi_chip *chip = sim->config.chip;

    memcpy(sim->latched, sim->silicon.fuse, sizeof sim->latched);
    sim->clock_hz = select_clock(sim);
    sim->reset_pin =
        !programmed(chip, sim->latched, "RSTDISBL") && !programmed(chip, sim->latched, "DWEN");
    sim->serial = !avrspi_chip_field(chip, "SPIEN") || programmed(chip, sim->latched, "SPIEN");
}

void avrspi_sim_feed(struct avrspi_sim *sim, uint32_t hz)
{
    sim->fed_hz = hz;
    sim->clock_hz = select_clock(sim);
    if (!sim->clock_hz)
        sim->listening = AVRSPI_SIM_DEAF;
}

/* LB2 and LB1, shifted down. Of a chip whose file names no fields: the two lowest lock bits. Not by
 * avrspi/rules.h: the simulator is the judge of those, in test_sim_rules. */
static uint8_t lock_mode(const struct avrspi_sim *sim)
{
    const struct avrspi_field *field = avrspi_chip_field(sim->config.chip, "LB");
    uint8_t mask = sim->config.chip->fuse[AVRSPI_FUSE_LOCK].mask;
    uint8_t bits = sim->silicon.fuse[AVRSPI_FUSE_LOCK] | (uint8_t)~mask;
    unsigned shift = 0;

    if (!mask)
        return 3;
    if (field)
        return bits >> field->shift & 3;
    while (!(mask >> shift & 1))
        shift++;
    return bits >> shift & 3;
}

/* DS 'Lock Bit Protection Modes': 11 nothing, 10 no further programming, 00 no reading either.
 * 01 is not in the table: taken as 00. */
bool avrspi_sim_writing_locked(const struct avrspi_sim *sim)
{
    return lock_mode(sim) != 3;
}

bool avrspi_sim_reading_locked(const struct avrspi_sim *sim)
{
    return !(lock_mode(sim) & 2);
}

/* DS 'Latching of Fuses': EESAVE takes effect as soon as it is programmed. */
bool avrspi_sim_keeps_eeprom(const struct avrspi_sim *sim)
{
    return programmed(sim->config.chip, sim->silicon.fuse, "EESAVE");
}

uint8_t avrspi_sim_read_fuse(const struct avrspi_sim *sim, enum avrspi_fuse fuse)
{
    return sim->silicon.fuse[fuse] | (uint8_t)~sim->config.chip->fuse[fuse].mask;
}

/* Bits of the byte that serial programming can't write: SPIEN (DS 'Fuse Bits', "not accessible
 * in serial programming mode"), except on the ATtiny12 and ATtiny15. A chip file has no key for
 * those two, so that their names decide. */
static uint8_t kept_bits(const struct avrspi_chip *chip, enum avrspi_fuse fuse)
{
    const struct avrspi_field *spien = avrspi_chip_field(chip, "SPIEN");

    if (!spien || spien->fuse != fuse || strcmp(chip->name, "ATtiny12") == 0 ||
        strcmp(chip->name, "ATtiny15") == 0)
        return 0;
    return spien->mask;
}

/* Reserved bits that an instruction carries as data, or has as a constant 1, and were sent
 * as 0. */
static bool clears_reserved(const struct avrspi_sim *sim, enum avrspi_fuse fuse)
{
    const struct avrspi_instruction *instruction =
        &sim->config.chip->instruction[avrspi_fuse_write_id(fuse)];
    uint8_t reserved =
        avrspi_sim_carried(instruction) & (uint8_t)~sim->config.chip->fuse[fuse].mask;

    return (reserved & ~avrspi_sim_data(instruction, sim->bytes)) ||
           (instruction->fixed[3] & ~sim->bytes[3]);
}

/* DS 'Lock Bit Protection Modes': the fuses are locked in modes 2 and 3, and in mode 3 the
 * boot lock bits too. Lock bits can be programmed only; a chip erase makes them 1. */
static bool is_locked(const struct avrspi_sim *sim, enum avrspi_fuse fuse, uint8_t new)
{
    if (fuse == AVRSPI_FUSE_LOCK)
        return avrspi_sim_reading_locked(sim) && new != sim->silicon.fuse[fuse];
    return avrspi_sim_writing_locked(sim);
}

void avrspi_sim_write_fuse(struct avrspi_sim *sim, enum avrspi_fuse fuse)
{
    const struct avrspi_chip *chip = sim->config.chip;
    const struct avrspi_instruction *instruction = &chip->instruction[avrspi_fuse_write_id(fuse)];
    uint8_t data = avrspi_sim_data(instruction, sim->bytes);
    uint8_t old = sim->silicon.fuse[fuse];
    uint8_t changes =
        avrspi_sim_carried(instruction) & chip->fuse[fuse].mask & (uint8_t)~kept_bits(chip, fuse);
    uint8_t new = (uint8_t)((old & ~changes) | (data & changes));

    if (fuse == AVRSPI_FUSE_LOCK)
        new &= old;
    if (clears_reserved(sim, fuse))
        avrspi_sim_count(sim, AVRSPI_VIOLATION_RESERVED_BIT);
    if (is_locked(sim, fuse, new)) {
        avrspi_sim_count(sim, AVRSPI_VIOLATION_LOCKED);
        return;
    }
    sim->write.data[0] = new;
    avrspi_sim_begin_write(sim, AVRSPI_SIM_FUSE, fuse, 1, AVRSPI_WAIT_FUSE);
}
