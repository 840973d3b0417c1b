/* SPDX-License-Identifier: MIT */
/*
 * A simulated AVR in serial programming mode, as strict as its datasheet.
 *
 * The model sees what the chip's pins see: power, RESET, and bytes on MOSI at some SCK
 * frequency; it answers on MISO. Its time moves only when a byte is transferred or
 * avrspi_sim_advance() is called. Nothing here allocates, prints or reads a clock, and
 * <string.h> is the only part of the C library that is used: the same code serves the tool's
 * "sim:" port, the virtual board, and a kernel module.
 *
 * What the datasheet forbids is not an error of the simulator but a violation: it is counted by
 * kind, and the chip then does what a chip would do (loses a write, answers junk).
 */
#ifndef AVRSPI_SRC_SIM_SIM_H
#define AVRSPI_SRC_SIM_SIM_H

#include "chips/record.h"

enum avrspi_sim_violation {
    AVRSPI_VIOLATION_BUSY,        /* an instruction other than the poll while a write is going on */
    AVRSPI_VIOLATION_NOT_ENABLED, /* an instruction before Programming Enable was accepted */
    AVRSPI_VIOLATION_EARLY_ENABLE,    /* Programming Enable less than 20 ms after RESET went low */
    AVRSPI_VIOLATION_SCK_TOO_FAST,    /* SCK periods shorter than the CPU clock in force allows */
    AVRSPI_VIOLATION_HIGH_BEFORE_LOW, /* high byte of a word loaded without its low byte before */
    AVRSPI_VIOLATION_ADDRESS,         /* an address outside the memory or the page */
    AVRSPI_VIOLATION_EXT_ADDRESS,     /* flash of more than 128 KiB without Load Extended Address */
    AVRSPI_VIOLATION_NOT_ERASED,      /* a write that would have to turn a 0 into a 1 */
    AVRSPI_VIOLATION_LOCKED,          /* a read or a write that the lock bits forbid */
    AVRSPI_VIOLATION_RESERVED_BIT,    /* a reserved fuse or lock bit written as 0 */
    AVRSPI_VIOLATION_UNKNOWN,         /* an instruction that the chip does not have */
    AVRSPI_VIOLATION_RESET_BUSY,      /* RESET released while a write was going on */
    AVRSPI_VIOLATION_CUT_SHORT,       /* RESET moved in the middle of an instruction */
    AVRSPI_VIOLATION_NO_PULSE,        /* no pulse on RESET after a chip erase that wants one */
    AVRSPI_VIOLATIONS,
};

/* What can be wrong with a target or its wires; bits, so that several go together. */
enum avrspi_sim_fault {
    AVRSPI_FAULT_NO_POWER = 1 << 0,
    AVRSPI_FAULT_MISO_HIGH = 1 << 1,      /* MISO stuck high */
    AVRSPI_FAULT_MISO_LOW = 1 << 2,       /* MISO stuck low */
    AVRSPI_FAULT_NO_RESET = 1 << 3,       /* the reset wire is missing: the firmware runs on */
    AVRSPI_FAULT_SWAPPED = 1 << 4,        /* MOSI and MISO exchanged */
    AVRSPI_FAULT_LOOPBACK = 1 << 5,       /* MOSI shorted to MISO */
    AVRSPI_FAULT_NO_CRYSTAL = 1 << 6,     /* no clock from outside the chip */
    AVRSPI_FAULT_NO_SCK = 1 << 7,         /* the SCK wire is missing */
    AVRSPI_FAULT_INVERTED_RESET = 1 << 8, /* a transistor between the reset line and RESET */
    AVRSPI_FAULT_NO_MOSI = 1 << 9,        /* the MOSI wire is missing */
    AVRSPI_FAULT_NO_MISO = 1 << 10,       /* the MISO wire is missing */
    AVRSPI_FAULT_OTHER_DEVICE = 1 << 11,  /* something else drives MISO, and wins */
    AVRSPI_FAULT_RESET_LOW = 1 << 12,     /* RESET touches GND: the chip never leaves reset */
};

/* What can befall a single pulse of SCK. */
enum avrspi_sim_bit_fault_kind {
    AVRSPI_BIT_MOSI,  /* the chip takes the other level of MOSI */
    AVRSPI_BIT_MISO,  /* the programmer takes the other level of MISO */
    AVRSPI_BIT_LOST,  /* the chip does not see the pulse */
    AVRSPI_BIT_EXTRA, /* the chip sees it twice */
    AVRSPI_BIT_CUT,   /* the power goes for some time, then comes back */
};

/*
 * Pulses are counted from the first Programming Enable on: that of the first bit of its first byte
 * is 0. Until the next pulse on RESET what follows from the fault is not counted as a violation,
 * see avrspi_sim_excuse() in sim_state.h.
 */
struct avrspi_sim_bit_fault {
    enum avrspi_sim_bit_fault_kind kind;
    uint64_t at;     /* the pulse; where 'rate' is not 0, the first that it may befall */
    uint32_t rate;   /* at random, one pulse in so many on average; 0: once */
    uint32_t seed;   /* of the random numbers */
    uint32_t cut_ms; /* how long the power is away */
};

enum {
    AVRSPI_SIM_BIT_FAULTS = 8,
};

struct avrspi_sim_config {
    const struct avrspi_chip *chip; /* must outlive the simulation */
    uint32_t fcpu_hz;               /* crystal or clock signal outside the chip; 0: none */
    unsigned faults;                /* AVRSPI_FAULT_... */
    uint32_t flip_every;            /* a bit of every N-th byte read is flipped; 0: never */
    uint32_t noisy_above_hz;        /* the same of every 41st byte while SCK is faster; 0: never */
    uint64_t power_lost_after;      /* power goes after that many bytes; 0: never */
    bool weak_cell;                 /* the flash cell at 'weak_address' keeps bit 0 at 1 */
    uint32_t weak_address;          /* byte address */
    uint32_t reset_fall_ms; /* so long after the reset line RESET goes low: a capacitor holds it */
    bool miso_pull_down;    /* a MISO that nobody drives reads 0x00, not 0xFF */
    bool promised_echo;     /* only the second byte comes back, as datasheets promise */
    /* A chip that is not enabled follows SCK below its clock / 2.2 (22) or / 3 (30); 0: only as far
     * as datasheets promise. Not measured what silicon does. */
    uint8_t follows_tenths;
    uint16_t clkpr; /* a program has set the clock's divider to that, see wire.c; 0: none has */
    struct avrspi_sim_bit_fault bit_fault[AVRSPI_SIM_BIT_FAULTS];
    unsigned n_bit_faults;
};

/* What stays when the power goes: the part of the state that is worth a file. */
struct avrspi_sim_silicon {
    uint8_t flash[262144];
    uint8_t eeprom[8192];
    uint8_t fuse[AVRSPI_FUSES];
    uint8_t calibration[4];
    uint8_t signature[3];
    uint64_t violations[AVRSPI_VIOLATIONS];
    uint64_t erases;      /* chip erases since it was made */
    uint64_t page_writes; /* flash pages (or bytes, on byte-programmed parts) */
    /* Programming Enable in vain. No violation: the datasheet itself says to try again. */
    uint64_t failed_enables;
};

struct avrspi_sim; /* its layout is in sim_state.h, for src/sim and who allocates one */

/* The size of a struct avrspi_sim: the caller provides the memory. */
extern const unsigned long avrspi_sim_size;

/* A chip as it leaves the factory (memories erased, default fuses, no lock), powered, RESET
 * high, time 0. */
void avrspi_sim_init(struct avrspi_sim *sim, const struct avrspi_sim_config *config);

/* What stays without power. After a change from outside, call avrspi_sim_power_cycle(). */
struct avrspi_sim_silicon *avrspi_sim_silicon(struct avrspi_sim *sim);

/* Off and on again: everything volatile is lost, the fuses are latched anew. */
void avrspi_sim_power_cycle(struct avrspi_sim *sim);

/* A clock signal at XTAL1 from now on, in Hz; 0: it ends, and there is what the configuration has.
 */
void avrspi_sim_feed(struct avrspi_sim *sim, uint32_t hz);

/* The level of the reset line; true is low, which puts the chip in reset unless a transistor
 * inverts it. At first it is high. */
void avrspi_sim_reset(struct avrspi_sim *sim, bool low);

/* What the target does with a reset line that nobody drives: 1 pulls it up, -1 down; 0 leaves it to
 * its own bias. A target's board mostly has 10 kOhm from RESET to VCC, which is stronger than the
 * bias of a GPIO pin, and pulls down while there is no power. */
int avrspi_sim_pulls_reset(const struct avrspi_sim *sim);

/* Moves 'size' bytes at an SCK frequency; time advances by 8 periods a byte. 'in' may be NULL,
 * and may be 'out'. */
void avrspi_sim_transfer(struct avrspi_sim *sim, const uint8_t *out, uint8_t *in,
                         unsigned long size, uint32_t sck_hz);

/*
 * SCK and MOSI as levels, at the time that the simulation has reached: SCK is low at first. The
 * level of SCK that lasted shortest within an instruction tells how fast it came. A byte is eight
 * pulses, counted since RESET moved; a pulse of which MISO is at fault has its level while SCK is
 * high.
 */
void avrspi_sim_pins(struct avrspi_sim *sim, bool sck, bool mosi);
/* The level of MISO. */
bool avrspi_sim_miso(const struct avrspi_sim *sim);

/* Whether something drove MISO during the last byte: the chip, or a wire at fault. Where not, other
 * chips on the same bus may. */
bool avrspi_sim_drives_miso(const struct avrspi_sim *sim);

/* Lets time pass. */
void avrspi_sim_advance(struct avrspi_sim *sim, uint64_t ns);
uint64_t avrspi_sim_now(const struct avrspi_sim *sim);

/* The CPU clock in force, Hz; 0 when the selected source is not there. */
uint32_t avrspi_sim_clock(const struct avrspi_sim *sim);

/* How many violations there were in all, and of one kind. */
uint64_t avrspi_sim_violations(const struct avrspi_sim *sim);
uint64_t avrspi_sim_violation(const struct avrspi_sim *sim, enum avrspi_sim_violation kind);
/* Programming Enables to a chip that was not enabled, at an SCK beyond what its datasheet promises,
 * since it was made; at most one after each pulse on RESET is no violation. */
uint64_t avrspi_sim_trials(const struct avrspi_sim *sim);
/* One word: "busy", "not-enabled", ... NULL for any other number. */
const char *avrspi_sim_violation_name(enum avrspi_sim_violation kind);

/*
 * Whether the first two bytes tell all instructions of a chip apart, as the simulation (and
 * the chip) has to. Old parts read fuses and lock bits with one instruction: two fuse reads may
 * be the same as long as their answers share no bit. False stores a pair in *a and *b.
 */
bool avrspi_sim_unambiguous(const struct avrspi_chip *chip, enum avrspi_instruction_id *a,
                            enum avrspi_instruction_id *b);

#endif
