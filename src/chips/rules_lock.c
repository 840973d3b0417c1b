/* SPDX-License-Identifier: MIT */
/*
 * What lock bits forbid a programmer: ATmega328P, DS40002061, 'Lock Bit Protection Modes'; other
 * chips have the same table. (LB2, LB1) is 11 in mode 1, 10 in mode 2, 00 in mode 3. 01 is in no
 * table, and is taken for mode 3. Boot lock bits bind SPM and LPM only.
 */
#include "avrspi/rules.h"
#include "chips/record.h"

enum {
    LB_UNDEFINED = 1,
    LB_MODE_2 = 2,
    LB_MODE_1 = 3,
    LB_BITS = 3,
};

/* LB2 and LB1, shifted down. In a chip file that names no field LB: the two lowest lock bits. */
static uint8_t lock_bits(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "LB");
    uint8_t mask = chip->fuse[AVRSPI_FUSE_LOCK].mask;
    unsigned shift = 0;

    if (field && field->fuse == AVRSPI_FUSE_LOCK)
        mask = field->mask;
    if (!fuses->given[AVRSPI_FUSE_LOCK] || !mask)
        return LB_MODE_1;
    while (!(mask >> shift & 1))
        shift++;
    return (uint8_t)(fuses->value[AVRSPI_FUSE_LOCK] | ~mask) >> shift & LB_BITS;
}

enum avrspi_lock_mode avrspi_lock_mode(const struct avrspi_chip *chip,
                                       const struct avrspi_fuses *fuses)
{
    switch (lock_bits(chip, fuses)) {
    case LB_MODE_1:
        return AVRSPI_LOCK_MODE_NONE;
    case LB_MODE_2:
        return AVRSPI_LOCK_MODE_WRITE;
    default:
        return AVRSPI_LOCK_MODE_READ;
    }
}

bool avrspi_lock_is_undefined(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    return lock_bits(chip, fuses) == LB_UNDEFINED;
}

static bool is_protected(enum avrspi_memory memory)
{
    return memory == AVRSPI_MEMORY_FLASH || memory == AVRSPI_MEMORY_EEPROM;
}

bool avrspi_lock_forbids_reading(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
                                 enum avrspi_memory memory)
{
    return is_protected(memory) && avrspi_lock_mode(chip, fuses) == AVRSPI_LOCK_MODE_READ;
}

bool avrspi_lock_forbids_writing(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
                                 enum avrspi_memory memory)
{
    return is_protected(memory) && avrspi_lock_mode(chip, fuses) != AVRSPI_LOCK_MODE_NONE;
}

bool avrspi_lock_forbids_fuse(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
                              enum avrspi_fuse fuse)
{
    enum avrspi_lock_mode mode = avrspi_lock_mode(chip, fuses);

    return fuse == AVRSPI_FUSE_LOCK ? mode == AVRSPI_LOCK_MODE_READ : mode != AVRSPI_LOCK_MODE_NONE;
}
