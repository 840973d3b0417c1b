/* SPDX-License-Identifier: MIT */
/*
 * The layout of a simulated chip, and what the files of src/sim ask of one another:
 *
 *   sim.c      life cycle: power, RESET, time
 *   wire.c     bytes: synchronisation, the echo, faults of the wires
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
    AVRSPI_SIM_SLIPPED, /* lost bits of SCK: out of step until the next pulse on RESET */
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
    bool power_lost; /* by the fault of that name */
    bool wire_low;   /* what the programmer drives */
    bool in_reset;   /* what the chip makes of it */
    uint64_t low_ns; /* when RESET went low, and high */
    uint64_t high_ns;
    uint8_t latched[AVRSPI_FUSES];
    uint32_t clock_hz;
    bool reset_pin; /* RESET is neither a port pin nor a debugWIRE pin */
    bool serial;    /* SPIEN is programmed */

    enum avrspi_sim_listening listening;
    bool was_enabled; /* since RESET went low */
    uint8_t shift;    /* goes out while the next byte comes in */
    uint8_t bytes[4];
    unsigned n_bytes;
    bool began_busy; /* the instruction's first byte came while a write was going on */
    bool blocked;    /* the instruction in 'bytes' has no effect */
    bool wants_pulse;

    bool ext_loaded;
    uint8_t ext_address;
    struct avrspi_sim_buffer flash_buffer;
    struct avrspi_sim_buffer eeprom_buffer;
    struct avrspi_sim_write write;

    uint64_t bytes_moved;
    uint32_t bytes_to_flip;
    unsigned flips;
};

/* violation.c */
void avrspi_sim_count(struct avrspi_sim *sim, enum avrspi_sim_violation kind);

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
