/* SPDX-License-Identifier: MIT */
/*
 * The layout of a simulated chip, and the functions that the files of src/sim share:
 *
 *   sim.c      life cycle: power, RESET, time
 *   wire.c     bytes: synchronisation, the echo, faults of the wires
 *   pins.c     the same by the levels of SCK and MOSI
 *   bits.c     faults of single pulses of SCK: which, and when
 *   decode.c   which instruction four bytes are
 *   execute.c  what an instruction does, and whether it may
 *   memory.c   flash, EEPROM and their page buffers
 *   fuse.c     fuses, lock bits, what they select: clock, RESET pin
 *   write.c    writes that take time
 *   violation.c   the count of violations
 *
 * 'DS' in a comment is the datasheet of the ATmega48A/PA/88A/PA/168A/PA/328/P, DS40002061;
 * the sections on serial programming of the others are worded alike. 'Not measured' marks what
 * no datasheet says and nobody tried on silicon: there the model does what catches a careless
 * programmer.
 */
#ifndef AVRSPI_SRC_SIM_SIM_STATE_H
#define AVRSPI_SRC_SIM_SIM_STATE_H

#include "sim/sim.h"

enum {
    AVRSPI_SIM_PAGE_MAX = 512, /* bytes of the largest page buffer */
    AVRSPI_SIM_REST_MS = 20,   /* DS 'Serial Programming Algorithm', step 2 */
};

/* Where the serial interface stands while RESET is low. */
enum avrspi_sim_listening {
    AVRSPI_SIM_DEAF,    /* does not react: no clock, SPIEN unprogrammed, or too early */
    AVRSPI_SIM_READY,   /* synchronised by RESET, waits for Programming Enable */
    AVRSPI_SIM_ENABLED, /* Programming Enable was accepted */
    AVRSPI_SIM_SLIPPED, /* SCK too fast: deaf to instructions until the next pulse on RESET */
};

enum avrspi_sim_target {
    AVRSPI_SIM_NOTHING,
    AVRSPI_SIM_FLASH,
    AVRSPI_SIM_EEPROM,
    AVRSPI_SIM_FUSE,
    AVRSPI_SIM_ALL, /* a chip erase */
};

/* A write that is going on: what the cells will hold when it is over. */
struct avrspi_sim_write {
    enum avrspi_sim_target target;
    uint32_t at; /* index into the memory */
    uint32_t size;
    uint8_t data[AVRSPI_SIM_PAGE_MAX];
    uint64_t over_ns;
};

/* A temporary page buffer. A byte that was not loaded is 0xFF. */
struct avrspi_sim_buffer {
    uint8_t data[AVRSPI_SIM_PAGE_MAX];
    bool loaded[AVRSPI_SIM_PAGE_MAX];
};

/* What befalls the eight pulses of a byte; the highest bit is the first of them. */
struct avrspi_sim_flaws {
    uint8_t mosi, miso, lost, extra, cut;
    uint32_t cut_ms;
};

struct avrspi_sim {
    struct avrspi_sim_config config;
    struct avrspi_sim_silicon silicon;

    /* from the chip at init, within what the arrays hold */
    uint32_t flash_size;
    uint32_t flash_page;
    uint32_t eeprom_size;
    uint32_t eeprom_page;
    uint8_t second_byte[AVRSPI_INSTRUCTIONS]; /* decode.c: its bits that tell instructions apart */

    uint64_t now_ns;
    uint32_t sck_hz; /* of the last transfer, and the time of a byte at it */
    uint64_t byte_ns;

    bool powered;
    bool power_lost; /* by a fault: for good, or until 'power_back_ns' where that is not 0 */
    uint64_t power_back_ns;
    bool wire_low;      /* what the programmer drives */
    bool in_reset;      /* what the chip makes of it */
    uint64_t active_ns; /* when the wire got the level that puts the chip in reset */
    bool falls;         /* and RESET has not followed yet */
    uint64_t low_ns;    /* when RESET went low, and high */
    uint64_t high_ns;
    uint8_t latched[AVRSPI_FUSES];
    uint32_t clock_hz;
    uint32_t fed_hz; /* 0: what the configuration has at XTAL1 */
    bool reset_pin;  /* RESET is neither a port pin nor a debugWIRE pin */
    bool serial;     /* SPIEN is programmed */

    enum avrspi_sim_listening listening;
    bool was_enabled; /* since RESET went low */
    bool was_knocked; /* the same: an instruction has come */
    uint64_t trials;
    uint8_t shift;   /* goes out while the next byte comes in */
    uint8_t partial; /* the bits of that byte that have come in */
    unsigned n_bits; /* how many; 0 between two bytes, unless the chip is out of step */
    uint8_t bytes[4];
    unsigned n_bytes;
    bool sck_high, mosi_high;      /* the levels, where they are lines */
    bool miso_high;                /* since SCK rose */
    unsigned n_pulses;             /* of the byte that the programmer moves by levels */
    struct avrspi_sim_flaws flaws; /* of that byte */
    uint64_t edge_ns;              /* when SCK moved */
    bool began_busy; /* the instruction's first byte came while a write was going on */
    enum avrspi_instruction_id instruction; /* the one in 'bytes', once its third has come */
    bool blocked;                           /* it has no effect */
    bool wants_pulse;

    bool ext_loaded;
    uint8_t ext_address;
    struct avrspi_sim_buffer flash_buffer;
    struct avrspi_sim_buffer eeprom_buffer;
    struct avrspi_sim_write write;

    uint64_t bytes_moved;
    uint32_t bytes_to_flip;
    uint32_t noise; /* bytes since one was changed */
    unsigned flips;

    bool counts_pulses;                       /* the first Programming Enable has begun */
    uint64_t pulses;                          /* since then */
    uint64_t next_fault;                      /* the lowest of 'fault_at' */
    uint64_t fault_at[AVRSPI_SIM_BIT_FAULTS]; /* the pulse that it befalls next */
    uint32_t random[AVRSPI_SIM_BIT_FAULTS];
    uint32_t excused; /* kinds of violations that are not counted; a bit each */
};

/* violation.c */
void avrspi_sim_count(struct avrspi_sim *sim, enum avrspi_sim_violation kind);
/*
 * A fault of the wires is not a violation by the programmer. From a fault in what the chip hears
 * (MOSI, SCK) until the next pulse on RESET only that is counted which follows from the levels and
 * times of the pins, whatever the chip has heard: SCK too fast, an early Programming Enable, RESET
 * released while a write goes on (a wrong echo tells that there may be one). From a loss of power
 * until then nothing is counted: fuses are latched anew, and a new 20 ms began. A fault of MISO
 * excuses nothing: one reading that is wrong must not make a programmer violate the datasheet.
 */
void avrspi_sim_excuse(struct avrspi_sim *sim, bool power);
bool avrspi_sim_excused(const struct avrspi_sim *sim, enum avrspi_sim_violation kind);

/* wire.c */
/* 8 bits at that SCK from now on; 0 leaves it as it is. */
void avrspi_sim_set_sck(struct avrspi_sim *sim, uint32_t hz);
/* What the chip makes of SCK and of the time since RESET fell. 'mosi' is the byte that comes in, as
 * far as it is known, and 'began_ns' when its first bit came. */
void avrspi_sim_check_timing(struct avrspi_sim *sim, uint64_t began_ns, uint8_t mosi);
/* A pulse of SCK at the chip's pins. */
void avrspi_sim_clock_in(struct avrspi_sim *sim, bool mosi);
/* What befalls the byte that is moved next; of 'mosi' only counts whether it can begin Programming
 * Enable. */
struct avrspi_sim_flaws avrspi_sim_next_flaws(struct avrspi_sim *sim, uint8_t mosi);
/* A byte of MISO, flipped bits in it. */
uint8_t avrspi_sim_spoil(struct avrspi_sim *sim, uint8_t miso);
/* The byte that another device puts on MISO. */
uint8_t avrspi_sim_other_byte(const struct avrspi_sim *sim);
/* A byte was moved, in step or not. */
void avrspi_sim_byte_moved(struct avrspi_sim *sim);
/* The power goes, and comes back so much later. */
void avrspi_sim_cut_power(struct avrspi_sim *sim, uint32_t ms);
/* The eight levels of MISO while a byte comes in, the first in the highest bit. */
uint8_t avrspi_sim_shown(const struct avrspi_sim *sim);

/* bits.c */
void avrspi_sim_bits_init(struct avrspi_sim *sim);
/* What befalls the next eight pulses, which count as done; sim->counts_pulses. */
struct avrspi_sim_flaws avrspi_sim_bits_next(struct avrspi_sim *sim);

/* decode.c */
void avrspi_sim_decode_init(struct avrspi_sim *sim);
/* The instruction whose first two bytes these are; AVRSPI_INSTRUCTIONS when the chip has none. */
enum avrspi_instruction_id avrspi_sim_decode(const struct avrspi_sim *sim, const uint8_t bytes[2]);
bool avrspi_sim_decodes_as(const struct avrspi_sim *sim, const uint8_t bytes[2],
                           enum avrspi_instruction_id id);
uint32_t avrspi_sim_address(const struct avrspi_instruction *instruction, const uint8_t bytes[4]);
uint8_t avrspi_sim_data(const struct avrspi_instruction *instruction, const uint8_t bytes[4]);
/* The bits of the data byte that the instruction carries. */
uint8_t avrspi_sim_carried(const struct avrspi_instruction *instruction);
/* A byte as the instruction's fourth byte shows it; unused bits are 0. */
uint8_t avrspi_sim_answer(const struct avrspi_instruction *instruction, uint8_t byte);

/* execute.c: after the third byte of an instruction, the fourth byte to shift out; and what is
 * to happen after the fourth. */
uint8_t avrspi_sim_after_third(struct avrspi_sim *sim);
void avrspi_sim_after_fourth(struct avrspi_sim *sim);

/* memory.c */
void avrspi_sim_buffer_clear(struct avrspi_sim_buffer *buffer);
uint8_t avrspi_sim_read_flash(struct avrspi_sim *sim, uint32_t word, bool high);
uint8_t avrspi_sim_read_eeprom(struct avrspi_sim *sim, uint32_t address);
void avrspi_sim_load_flash(struct avrspi_sim *sim, uint32_t word, bool high, uint8_t data);
void avrspi_sim_write_flash_page(struct avrspi_sim *sim, uint32_t word);
void avrspi_sim_write_flash_byte(struct avrspi_sim *sim, uint32_t word, bool high, uint8_t data);
void avrspi_sim_load_eeprom(struct avrspi_sim *sim, uint32_t address, uint8_t data);
void avrspi_sim_write_eeprom_page(struct avrspi_sim *sim, uint32_t address);
void avrspi_sim_write_eeprom_byte(struct avrspi_sim *sim, uint32_t address, uint8_t data);
/* Whether a read is of the very byte that is being written: polling by value. */
bool avrspi_sim_polls_flash(const struct avrspi_sim *sim, uint32_t word, bool high);
bool avrspi_sim_polls_eeprom(const struct avrspi_sim *sim, uint32_t address);

/* fuse.c */
void avrspi_sim_latch(struct avrspi_sim *sim);
bool avrspi_sim_writing_locked(const struct avrspi_sim *sim);
bool avrspi_sim_reading_locked(const struct avrspi_sim *sim);
bool avrspi_sim_keeps_eeprom(const struct avrspi_sim *sim);
uint8_t avrspi_sim_read_fuse(const struct avrspi_sim *sim, enum avrspi_fuse fuse);
void avrspi_sim_write_fuse(struct avrspi_sim *sim, enum avrspi_fuse fuse);

/* write.c */
bool avrspi_sim_busy(const struct avrspi_sim *sim);
/* Begins a write of sim->write.size bytes that the caller put into sim->write.data. */
void avrspi_sim_begin_write(struct avrspi_sim *sim, enum avrspi_sim_target target, uint32_t at,
                            uint32_t size, enum avrspi_wait wait);
/* Ends the write when its time has come. */
void avrspi_sim_settle(struct avrspi_sim *sim);
/* Breaks off a write that is going on: its cells are left half done. */
void avrspi_sim_break_write(struct avrspi_sim *sim);

#endif
