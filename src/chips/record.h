/* SPDX-License-Identifier: MIT */
/*
 * The record of a chip: every fact that programming needs. Private to the library, so that it can
 * grow; programs read it through the accessors in avrspi/chip.h. Sizes are in bytes, times in
 * microseconds, frequencies in hertz.
 */
#ifndef AVRSPI_SRC_CHIPS_RECORD_H
#define AVRSPI_SRC_CHIPS_RECORD_H

#include "avrspi/chip.h"
#include "chips/supply.h"

enum {
    AVRSPI_LARGEST_FLASH = 262144, /* bytes: what the largest AVR has, and the simulator */
    AVRSPI_HIGHEST_HZ = 100000000, /* of a CPU clock, a PLL's too */
    AVRSPI_WATCH_HZ = 32768,       /* of a low-frequency crystal */
    /* of a crystal or resonator with CKOPT programmed */
    AVRSPI_FULL_SWING_MIN_HZ = 1000000,
    AVRSPI_FULL_SWING_MAX_HZ = 16000000,
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

/* A field of a fuse or of the lock bits, under the datasheet's name. */
struct avrspi_field {
    enum avrspi_fuse fuse;
    uint8_t mask;  /* its bits in the byte, adjacent except on a few old parts */
    uint8_t shift; /* of its lowest bit */
    const char *name;
    const struct avrspi_value *values; /* in the order of the chip file */
    size_t n_values;
};

/* Where the signals are: on which port pins, and on which pins of each package. Texts are never
 * NULL. */
struct avrspi_pinout {
    const char *port[AVRSPI_SIGNALS];  /* "PB3" */
    const char *alias[AVRSPI_SIGNALS]; /* "PDI" in place of MOSI */
    const struct avrspi_package *packages;
    size_t n_packages;
};

struct avrspi_fuse_byte {
    uint8_t mask;          /* bits that exist; 0: the chip has no such byte */
    uint8_t default_value; /* factory value, reserved bits 1 */
};

struct avrspi_chip {
    const char *name;   /* "ATmega328P" */
    const char *family; /* "megaAVR", ... from the chip file; "" when it says nothing */
    const char *pins;   /* the ISP pins of a common package; "" where not certain */
    const struct avrspi_pinout *pinout; /* its packages; NULL where none is certain */
    const char *note;                   /* a sentence for whoever uses the chip; "" for none */
    const char *completed_from; /* built-in chips that have what its file leaves out; "" for none */
    uint8_t signature[3];
    uint32_t flash_size;
    uint32_t flash_page;  /* 0: programmed byte by byte */
    uint32_t flash_start; /* byte address of the first cell, 0 except on parts with ROM below */
    uint32_t eeprom_size;
    uint32_t eeprom_page; /* 0: written byte by byte only */
    uint8_t calibration_bytes;
    bool rdy_bsy;           /* the poll RDY/BSY instruction works */
    bool rdy_bsy_unknown;   /* nobody says whether it does: 'rdy_bsy' is false */
    bool divider_unknown;   /* it may have a CKDIV8 that is not described, and run at f / 8 */
    bool no_echo;           /* Programming Enable is not echoed (AT90S1200) */
    bool pulse_after_erase; /* RESET wants a pulse after a chip erase (AT90S1200) */
    bool power_cycle;       /* fuses take effect after a power cycle only */
    bool unverified;        /* facts from a single source, or assumed */
    bool switches_clock;    /* a program may select another clock than the fuses do */
    struct avrspi_supply supply;
    const char *variant; /* "L", "V": a low-voltage variant of the chip; "" for none */
    struct avrspi_supply variant_supply;
    uint32_t factory_clock; /* Hz as delivered; 0: external or unknown */
    uint32_t max_sck_hz;    /* SCK that the chip file allows at most; 0: it says nothing */
    uint32_t wait_us[AVRSPI_WAITS];
    struct avrspi_fuse_byte fuse[AVRSPI_FUSES];
    struct avrspi_instruction instruction[AVRSPI_INSTRUCTIONS];
    const struct avrspi_field *fields; /* ordered by byte, then as in the chip file */
    size_t n_fields;
    const struct avrspi_field *parts; /* of fields that combine several: SUT of SUT_CKSEL */
    size_t n_parts;
};

/* The field of exactly that name, any case, among some of them; NULL for none. */
const struct avrspi_field *avrspi_field_of(const struct avrspi_field *fields, size_t count,
                                           const char *name);

/* The field or part of exactly that name, any case; NULL for none. */
const struct avrspi_field *avrspi_chip_field_or_part(const struct avrspi_chip *chip,
                                                     const char *name);

/* The field that has the bits of a part, or of a field itself. */
const struct avrspi_field *avrspi_field_whole(const struct avrspi_chip *chip,
                                              const struct avrspi_field *part);

/* The row of a field that describes a value, or else one that has the same clock with another
 * start-up time; NULL for neither. */
const struct avrspi_value *avrspi_clock_row(const struct avrspi_chip *chip,
                                            const struct avrspi_field *field, uint8_t value);

/* A clock that CKSEL selects, with CKOPT programmed. */
struct avrspi_clock avrspi_clock_at_full_swing(struct avrspi_clock clock);

/* False for a definition without factory values: no chip leaves the factory with 0xFF in every fuse
 * byte. */
bool avrspi_factory_fuses_known(const struct avrspi_chip *chip);

/* Gives a field a value, shifted down, and marks its byte as given. */
void avrspi_fuses_put(struct avrspi_fuses *fuses, const struct avrspi_field *field, uint8_t value);

/*
 * The CPU clock in Hz that a chip has at least once it takes instructions, of which one was proven
 * before it took Programming Enable. Until then a divider that its program has set is in force, so
 * that a chip whose CKDIV8 may be programmed is eight times slower afterwards; one whose CKDIV8 is
 * known to be programmed is not the caller's business.
 */
uint32_t avrspi_chip_enabled_clock(const struct avrspi_chip *chip, uint32_t proven_hz);

/* The source of that name, any case; AVRSPI_CLOCK_UNKNOWN for any other word. */
enum avrspi_clock_source avrspi_clock_source_by_name(const char *word, size_t size);

/* The size of the boot section with a value of BOOTSZ, which is named by its words: "256W". 0 for
 * any other name. */
uint32_t avrspi_boot_bytes(const struct avrspi_value *value);

/* Where the chip starts: the boot section's first byte, or 0 where it does not start there. */
uint32_t avrspi_boot_reset(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses);

/* What the values of a single bit are called where a chip file has no words for them. */
extern const struct avrspi_value avrspi_bit_values[2];

/* The key of an instruction in a chip file: "write_lock", ... */
const char *avrspi_instruction_name(enum avrspi_instruction_id id);

/* The instructions that read and write a fuse byte. */
enum avrspi_instruction_id avrspi_fuse_read_id(enum avrspi_fuse fuse);
enum avrspi_instruction_id avrspi_fuse_write_id(enum avrspi_fuse fuse);

/* True where the chip has that byte, and an instruction that shows it. */
bool avrspi_fuse_readable(const struct avrspi_chip *chip, enum avrspi_fuse fuse);

/* What is written for a value, and read back from then on: bits that the chip does not have are 1.
 */
uint8_t avrspi_fuse_as_written(const struct avrspi_chip *chip, enum avrspi_fuse fuse,
                               uint8_t value);

/* The first of several chips that is not specified for that clock at that supply; NULL for none. */
const struct avrspi_chip *avrspi_supply_first_unfit(const struct avrspi_chip *const *chips,
                                                    size_t n_chips,
                                                    const struct avrspi_clock *clock,
                                                    uint32_t supply_mv);

/* An instruction's four bytes. 'address' is a word address for flash and a byte address
 * otherwise; bits that the instruction has no place for are dropped. */
void avrspi_instruction_encode(const struct avrspi_instruction *instruction, uint32_t address,
                               uint8_t data, uint8_t out[4]);

/* True for one whose word address goes on in Load Extended Address, which has to come before it. */
bool avrspi_instruction_is_extended(const struct avrspi_chip *chip, enum avrspi_instruction_id id);

/* True for an instruction that reads something. */
bool avrspi_instruction_answers(const struct avrspi_instruction *instruction);

/* The answer in the fourth byte that came back; bits without a place are 1. */
uint8_t avrspi_instruction_answer(const struct avrspi_instruction *instruction, uint8_t byte);

#endif
