/* SPDX-License-Identifier: MIT */
/*
 * What a chip is: the facts that programming needs, as plain data.
 *
 * The records come from chip files (chips/README.md says how one is written) and are read
 * only. Sizes are in bytes, times in microseconds, frequencies in hertz.
 */
#ifndef AVRSPI_CHIP_H
#define AVRSPI_CHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The bytes that are set once and kept: fuses, and the lock bits beside them. A chip with a
 * single fuse byte has it in place of the low one. */
enum avrspi_fuse {
    AVRSPI_FUSE_LOW,
    AVRSPI_FUSE_HIGH,
    AVRSPI_FUSE_EXT,
    AVRSPI_FUSE_LOCK,
    AVRSPI_FUSES,
};

enum avrspi_memory {
    AVRSPI_MEMORY_FLASH,
    AVRSPI_MEMORY_EEPROM,
    AVRSPI_MEMORY_SIGNATURE,
    AVRSPI_MEMORY_CALIBRATION,
};

/* Each is a line of the datasheets' table 'Serial Programming Instruction Set'. */
enum avrspi_instruction_id {
    AVRSPI_PROGRAMMING_ENABLE,
    AVRSPI_CHIP_ERASE,
    AVRSPI_POLL_RDY_BSY,
    AVRSPI_LOAD_EXT_ADDRESS,
    AVRSPI_LOAD_FLASH_LOW,  /* load program memory page, low byte (by word address) */
    AVRSPI_LOAD_FLASH_HIGH, /* load program memory page, high byte */
    AVRSPI_WRITE_FLASH_PAGE,
    AVRSPI_WRITE_FLASH_LOW, /* byte-programmed parts: write program memory, low byte */
    AVRSPI_WRITE_FLASH_HIGH,
    AVRSPI_READ_FLASH_LOW,
    AVRSPI_READ_FLASH_HIGH,
    AVRSPI_READ_EEPROM,
    AVRSPI_WRITE_EEPROM,
    AVRSPI_LOAD_EEPROM_PAGE,
    AVRSPI_WRITE_EEPROM_PAGE,
    AVRSPI_READ_SIGNATURE,
    AVRSPI_READ_CALIBRATION,
    AVRSPI_READ_LOW,
    AVRSPI_READ_HIGH,
    AVRSPI_READ_EXT,
    AVRSPI_READ_LOCK,
    AVRSPI_WRITE_LOW,
    AVRSPI_WRITE_HIGH,
    AVRSPI_WRITE_EXT,
    AVRSPI_WRITE_LOCK,
    AVRSPI_INSTRUCTIONS,
};

/* How the four bytes of an instruction are made of an address and a data byte, and where the
 * answer's bits are. An instruction that the chip does not have is not 'defined'. */
struct avrspi_instruction {
    bool defined;
    uint8_t fixed[4];         /* bits that are always 1; don't-care bits are sent as 0 */
    uint8_t address_mask[4];  /* bits that come from the address ... */
    uint8_t address_shift[4]; /* ... after it was shifted right so far (0, 8 or 16) */
    uint8_t data_mask[4];     /* bits that come from the data byte, each at its own place */
    int8_t answer_bit[8];     /* for bit n of the answer: its place in the fourth byte, or -1 */
};

enum avrspi_wait {
    AVRSPI_WAIT_FLASH, /* t_wd_flash and so on: the longest wait any source gives */
    AVRSPI_WAIT_EEPROM,
    AVRSPI_WAIT_FUSE, /* fuses and lock bits */
    AVRSPI_WAIT_ERASE,
    AVRSPI_WAITS,
};

enum avrspi_clock_source {
    AVRSPI_CLOCK_UNKNOWN,
    AVRSPI_CLOCK_INTERNAL, /* an oscillator or PLL inside the chip */
    AVRSPI_CLOCK_EXTERNAL, /* a clock signal on a pin */
    AVRSPI_CLOCK_CRYSTAL,  /* a crystal or resonator on two pins */
    AVRSPI_CLOCK_RC,       /* a resistor and a capacitor on a pin */
};

/* What a clock selection says of the frequency: equal ends for an oscillator with a nominal
 * value, a range for a crystal; 0 where nothing is known. */
struct avrspi_clock {
    enum avrspi_clock_source source;
    uint32_t min_hz;
    uint32_t max_hz;
};

/* One value of a fuse field. */
struct avrspi_value {
    uint8_t value;             /* shifted down to bit 0 */
    const char *name;          /* as it is typed: "2.7V" */
    const char *text;          /* as it is explained: "brown-out reset at 2.7 V" */
    struct avrspi_clock clock; /* of a value that selects the clock, else all 0 */
};

/* A field of a fuse or of the lock bits, under the datasheet's name. */
struct avrspi_field {
    enum avrspi_fuse fuse;
    uint8_t mask;  /* its bits in the byte, adjacent but for a few old parts */
    uint8_t shift; /* of its lowest bit */
    const char *name;
    const struct avrspi_value *values; /* in the order of the chip file */
    size_t n_values;
};

struct avrspi_fuse_byte {
    uint8_t mask;          /* bits that exist; 0: the chip has no such byte */
    uint8_t default_value; /* factory value, reserved bits 1 */
};

/* Fuse bytes and lock bits, reserved bits 1. 'given' tells which are meant, or known. */
struct avrspi_fuses {
    bool given[AVRSPI_FUSES];
    uint8_t value[AVRSPI_FUSES];
};

struct avrspi_chip {
    const char *name;   /* "ATmega328P" */
    const char *family; /* "megaAVR", ... from the chip file; "" when it says nothing */
    const char *pins;   /* the ISP pins of a common package; "" where not certain */
    const char *note;   /* a sentence for whoever uses the chip; "" for none */
    uint8_t signature[3];
    uint32_t flash_size;
    uint32_t flash_page;  /* 0: programmed byte by byte */
    uint32_t flash_start; /* byte address of the first cell, 0 but for parts with ROM below */
    uint32_t eeprom_size;
    uint32_t eeprom_page; /* 0: written byte by byte only */
    uint8_t calibration_bytes;
    bool rdy_bsy;           /* the poll RDY/BSY instruction works */
    bool no_echo;           /* Programming Enable is not echoed (AT90S1200) */
    bool pulse_after_erase; /* RESET wants a pulse after a chip erase (AT90S1200) */
    bool power_cycle;       /* fuses take effect after a power cycle only */
    bool unverified;        /* facts from a single source, or assumed */
    uint32_t factory_clock; /* Hz as delivered; 0: external or unknown */
    uint32_t wait_us[AVRSPI_WAITS];
    struct avrspi_fuse_byte fuse[AVRSPI_FUSES];
    struct avrspi_instruction instruction[AVRSPI_INSTRUCTIONS];
    const struct avrspi_field *fields; /* ordered by byte, then as in the chip file */
    size_t n_fields;
};

/* The name of a memory: "flash", "eeprom", "signature", "calibration". */
const char *avrspi_memory_name(enum avrspi_memory memory);

/* Of a chip's memory: its bytes (0: it has none), the address of the first, and the bytes that are
 * written at once (0: byte by byte, or not at all). */
uint32_t avrspi_memory_size(const struct avrspi_chip *chip, enum avrspi_memory memory);
uint32_t avrspi_memory_start(const struct avrspi_chip *chip, enum avrspi_memory memory);
uint32_t avrspi_memory_page(const struct avrspi_chip *chip, enum avrspi_memory memory);

/* The name of a fuse byte: "low", "high", "ext", "lock". */
const char *avrspi_fuse_name(enum avrspi_fuse fuse);

/* The key of an instruction in a chip file: "write_lock", ... */
const char *avrspi_instruction_name(enum avrspi_instruction_id id);

/* The instructions that read and write a fuse byte. */
enum avrspi_instruction_id avrspi_fuse_read_id(enum avrspi_fuse fuse);
enum avrspi_instruction_id avrspi_fuse_write_id(enum avrspi_fuse fuse);

/* The field of that name, any case ("CKSEL" finds "SUT_CKSEL" when no other field has it as a
 * part of its name); NULL when there is none or more than one. */
const struct avrspi_field *avrspi_chip_field(const struct avrspi_chip *chip, const char *name);

/* The value of a field in a fuse byte, shifted down. */
uint8_t avrspi_field_get(const struct avrspi_field *field, uint8_t byte);

/* The byte with the field set to a value. */
uint8_t avrspi_field_set(const struct avrspi_field *field, uint8_t byte, uint8_t value);

/* True for a bit that is programmed (0) or not, and has no other names for it. */
bool avrspi_field_is_switch(const struct avrspi_field *field);

/* The row of a field that describes a value; NULL when the chip file has none. */
const struct avrspi_value *avrspi_field_value(const struct avrspi_field *field, uint8_t value);

/* The CPU clock that a chip's fuse bytes (low, high, ext, lock) select, divided by 8 where
 * CKDIV8 is programmed. AVRSPI_CLOCK_UNKNOWN where the chip file does not tell. */
struct avrspi_clock avrspi_chip_clock(const struct avrspi_chip *chip,
                                      const uint8_t fuses[AVRSPI_FUSES]);

/* By how much the fuses divide that clock: 8 where CKDIV8 is programmed, else 1. */
unsigned avrspi_chip_divider(const struct avrspi_chip *chip, const uint8_t fuses[AVRSPI_FUSES]);

/* An instruction's four bytes. 'address' is a word address for flash and a byte address
 * otherwise; bits that the instruction has no place for are dropped. */
void avrspi_instruction_encode(const struct avrspi_instruction *instruction, uint32_t address,
                               uint8_t data, uint8_t out[4]);

/* The answer in the fourth byte that came back; bits without a place are 1. */
uint8_t avrspi_instruction_answer(const struct avrspi_instruction *instruction, uint8_t byte);

#ifdef __cplusplus
}
#endif
#endif
