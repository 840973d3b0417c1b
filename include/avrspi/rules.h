/* SPDX-License-Identifier: MIT */
/*
 * What fuses and lock bits decide: what they forbid, and what may follow from writing them. Pure
 * functions of a chip and its fuses, without a target. What is refused is refused by these rules,
 * and warnings are these rules in words.
 */
#ifndef AVRSPI_RULES_H
#define AVRSPI_RULES_H

#include "avrspi/api.h"
#include "avrspi/chip.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- lock bits */

/* The protection that the lock bits give, as datasheets number its modes. */
enum avrspi_lock_mode {
    AVRSPI_LOCK_MODE_NONE = 1,
    AVRSPI_LOCK_MODE_WRITE = 2, /* no further programming */
    AVRSPI_LOCK_MODE_READ = 3,  /* nor reading */
};

/* The mode in force: AVRSPI_LOCK_MODE_NONE where the lock bits are not given, and
 * AVRSPI_LOCK_MODE_READ for a value that datasheets do not define. */
AVRSPI_API enum avrspi_lock_mode avrspi_lock_mode(const struct avrspi_chip *chip,
                                                  const struct avrspi_fuses *fuses);

/* True for LB = 01, which no datasheet defines. */
AVRSPI_API bool avrspi_lock_is_undefined(const struct avrspi_chip *chip,
                                         const struct avrspi_fuses *fuses);

/* True where the lock bits forbid a programmer to read, or to write, flash or EEPROM; false for
 * other memories, which they do not protect. */
AVRSPI_API bool avrspi_lock_forbids_reading(const struct avrspi_chip *chip,
                                            const struct avrspi_fuses *fuses,
                                            enum avrspi_memory memory);
AVRSPI_API bool avrspi_lock_forbids_writing(const struct avrspi_chip *chip,
                                            const struct avrspi_fuses *fuses,
                                            enum avrspi_memory memory);

/* True where they forbid to change a fuse byte. Mode 2 leaves the lock bits open for mode 3. */
AVRSPI_API bool avrspi_lock_forbids_fuse(const struct avrspi_chip *chip,
                                         const struct avrspi_fuses *fuses, enum avrspi_fuse fuse);

/* --- the boot section */

/* Its size in bytes, and the byte address where it starts; 0 where the fuses that say so are not
 * given or the chip file does not tell. */
AVRSPI_API uint32_t avrspi_boot_size(const struct avrspi_chip *chip,
                                     const struct avrspi_fuses *fuses);
AVRSPI_API uint32_t avrspi_boot_start(const struct avrspi_chip *chip,
                                      const struct avrspi_fuses *fuses);

/* --- the chip erase */

/* True when a chip erase leaves the EEPROM alone: EESAVE is programmed. */
AVRSPI_API bool avrspi_erase_keeps_eeprom(const struct avrspi_chip *chip,
                                          const struct avrspi_fuses *fuses);

/* --- writing fuses */

/* What the fuses are once those wanted are written over those before: reserved bits 1, and given
 * where either is. */
AVRSPI_API struct avrspi_fuses avrspi_fuses_after(const struct avrspi_chip *chip,
                                                  const struct avrspi_fuses *before,
                                                  const struct avrspi_fuses *wanted);

/* Bits of a byte wanted that the chip does not have, and that are 0 there: they are written as 1,
 * and are not compared. 0 for a byte that is not wanted, or that the chip does not have at all. */
AVRSPI_API uint8_t avrspi_fuse_missing_bits(const struct avrspi_chip *chip,
                                            const struct avrspi_fuses *wanted,
                                            enum avrspi_fuse fuse);

/* Why a fuse byte can't be written, whoever insists. */
enum avrspi_fuse_obstacle {
    AVRSPI_OBSTACLE_NONE,
    AVRSPI_OBSTACLE_NO_BYTE,        /* the chip has no such byte, and 0xFF is not wanted of it */
    AVRSPI_OBSTACLE_NO_INSTRUCTION, /* it can't be written over SPI */
    AVRSPI_OBSTACLE_LOCK_BITS_RISE, /* a lock bit would go from 0 to 1: only a chip erase does that
                                     */
    AVRSPI_OBSTACLE_LOCKED,         /* the lock bits forbid it */
};

/* What stands against writing one of the bytes wanted over those before. AVRSPI_OBSTACLE_NONE also
 * for a byte that is not wanted, for 0xFF in one that the chip does not have (nothing is written),
 * and, under lock bits, for one that would not change. */
AVRSPI_API enum avrspi_fuse_obstacle avrspi_fuse_obstacle(const struct avrspi_chip *chip,
                                                          const struct avrspi_fuses *before,
                                                          const struct avrspi_fuses *wanted,
                                                          enum avrspi_fuse fuse);

/* What may follow from writing fuses, in the order in which it is told. */
enum avrspi_hazard_kind {
    AVRSPI_HAZARD_ENDS_PROGRAMMING, /* RSTDISBL, DWEN or SPIEN: SPI programming ends */
    AVRSPI_HAZARD_LOCK_INVALID,     /* lock bits that no datasheet defines */
    AVRSPI_HAZARD_RESERVED,         /* a clock or brown-out level that the datasheet reserves */
    AVRSPI_HAZARD_UNLISTED,         /* a value of another field, or a start-up time, that no list
                                       has: it may work all the same */
    AVRSPI_HAZARD_NEEDS_CLOCK,      /* the clock will come from outside the chip */
    AVRSPI_HAZARD_SLOW_CLOCK,       /* SCK limit so low that not every controller reaches it */
    AVRSPI_HAZARD_CLOCK_OUTPUT,     /* CKOUT: the clock goes out on a pin */
    AVRSPI_HAZARD_LOCKS_WRITING,    /* lock mode 2 */
    AVRSPI_HAZARD_LOCKS_READING,    /* lock mode 3, or bits that behave as if */
    AVRSPI_HAZARD_BOOT_START,       /* the chip will start in the boot section */
    AVRSPI_HAZARD_BROWN_OUT,        /* the brown-out level is above the supply: no start */
    AVRSPI_HAZARD_TOO_FAST,         /* the clock may be beyond the speed grade at that supply */
    AVRSPI_HAZARD_SUPPLY,           /* the supply is outside of what the chip is specified for */
};

struct avrspi_hazard {
    enum avrspi_hazard_kind kind;
    bool refused;  /* not to be written unless the user insists */
    bool assumed;  /* BROWN_OUT, TOO_FAST: nobody said what the supply is */
    uint8_t value; /* RESERVED, UNLISTED: of the field, shifted down */
    /* that decides; NULL of NEEDS_CLOCK, SLOW_CLOCK, TOO_FAST and SUPPLY, and where the chip file
     * names none */
    const struct avrspi_field *field;
    enum avrspi_clock_source source; /* NEEDS_CLOCK, SLOW_CLOCK, TOO_FAST: of the clock to come */
    uint32_t sck_hz;                 /* SLOW_CLOCK: the SCK limit to come, Hz */
    uint32_t address;                /* BOOT_START: byte address */
    uint32_t supply_mv;              /* BROWN_OUT, TOO_FAST, SUPPLY: given, or assumed */
    uint32_t level_mv; /* BROWN_OUT: the level; TOO_FAST: what the clock takes; 0: none */
    uint32_t hz;       /* TOO_FAST: the clock, or the upper end of its range */
};

enum {
    AVRSPI_MAX_HAZARDS = 32, /* room for every kind, and some fields of RESERVED and UNLISTED */
};

/*
 * Stores the hazards of writing 'wanted' over 'before', and returns how many there are. Only what
 * changes is a hazard; a byte that is not given in 'before' may be anything, so that each of its
 * fields counts as changed.
 */
AVRSPI_API size_t avrspi_fuse_hazards(const struct avrspi_chip *chip,
                                      const struct avrspi_fuses *before,
                                      const struct avrspi_fuses *wanted,
                                      struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS]);

/* --- the supply */

enum {
    AVRSPI_ASSUMED_SUPPLY_MV = 3300, /* where nobody says what it is */
};

/*
 * Adds to the first 'count' of 'hazards' what may follow from writing 'wanted' over 'before' at a
 * supply in millivolts (0: not known, and assumed) and with a frequency in Hz at the chip's clock
 * pins (0: not known), and returns how many there are then.
 */
AVRSPI_API size_t avrspi_supply_hazards(const struct avrspi_chip *chip,
                                        const struct avrspi_fuses *before,
                                        const struct avrspi_fuses *wanted, uint32_t supply_mv,
                                        uint32_t pins_hz,
                                        struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS],
                                        size_t count);

/* Whether the chip is specified for that clock at that supply: true where one of them is not
 * known. */
AVRSPI_API bool avrspi_supply_allows(const struct avrspi_chip *chip,
                                     const struct avrspi_clock *clock, uint32_t supply_mv);

#ifdef __cplusplus
}
#endif
#endif
