/* SPDX-License-Identifier: MIT */
/*
 * What is known of a chip. The records come from chip files (chips/README.md describes them), are
 * read only, and belong to the struct avrspi_chips that they were found in. Sizes are in bytes,
 * times in microseconds, frequencies in hertz.
 */
#ifndef AVRSPI_CHIP_H
#define AVRSPI_CHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/api.h"

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
    AVRSPI_MEMORY_FUSES, /* low, high and extended at addresses 0, 1 and 2 */
    AVRSPI_MEMORY_LOCK,
    AVRSPI_MEMORY_SIGNATURE,
    AVRSPI_MEMORY_CALIBRATION,
    AVRSPI_MEMORY_USER_ROW,
    AVRSPI_MEMORIES,
};

/* What programming over SPI needs of a chip's pins. */
enum avrspi_signal {
    AVRSPI_SIGNAL_MOSI,
    AVRSPI_SIGNAL_MISO,
    AVRSPI_SIGNAL_SCK,
    AVRSPI_SIGNAL_RESET,
    AVRSPI_SIGNAL_XTAL1, /* where a clock comes in; some chips have none */
    AVRSPI_SIGNAL_VCC,
    AVRSPI_SIGNAL_AVCC,
    AVRSPI_SIGNAL_GND,
    AVRSPI_SIGNAL_PAD, /* the metal below a QFN, to be joined with GND */
    AVRSPI_SIGNALS,
};

/* A package that a chip comes in. */
struct avrspi_package {
    const char *name;                 /* "PDIP-28": the kind, and how many pins it has */
    const char *pins[AVRSPI_SIGNALS]; /* "8 22", "3(UVCC) 21": pins in words, in brackets what the
                                         maker calls one that is not called by the signal; "" for
                                         none */
};

struct avrspi_chip;
struct avrspi_field;

/* The waits after a write: t_wd_flash and so on of the datasheets. */
enum avrspi_wait {
    AVRSPI_WAIT_FLASH,
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
 * value, a range for a crystal; 0 where nothing is known. 'least_hz' is how slow the clock can be
 * where its nominal value does not tell, 'max_sck_hz' an SCK that the chip file allows at most,
 * whatever the clock; 0: nothing is said. */
struct avrspi_clock {
    enum avrspi_clock_source source;
    uint32_t min_hz;
    uint32_t max_hz;
    uint32_t least_hz;
    uint32_t max_sck_hz;
};

enum {
    AVRSPI_SUPPLY_POINTS = 5,
};

/* A supply range, and a speed grade: points of the curve of the highest CPU clock over the supply,
 * of which both rise. Without points the clock is not known. */
struct avrspi_supply {
    uint32_t min_mv;
    uint32_t max_mv; /* millivolts; 0: not known */
    struct {
        uint32_t mv;
        uint32_t hz;
    } points[AVRSPI_SUPPLY_POINTS];
    size_t n_points;
    bool steps; /* between two points the clock is that of the lower, not on a line */
};

/* One value of a fuse field. */
struct avrspi_value {
    uint8_t value;             /* shifted down to bit 0 */
    const char *name;          /* as it is typed: "2.7V" */
    const char *text;          /* as it is explained: "brown-out reset at 2.7 V" */
    struct avrspi_clock clock; /* of a value that selects the clock, else all 0 */
};

/* Fuse bytes and lock bits, reserved bits 1. 'given' tells which are meant, or known. */
struct avrspi_fuses {
    bool given[AVRSPI_FUSES];
    uint8_t value[AVRSPI_FUSES];
};

/* True when one of them is given. */
AVRSPI_API bool avrspi_fuses_any(const struct avrspi_fuses *fuses);

/* Facts of a chip. Texts are never NULL, "" where the chip file says nothing, and belong to the
 * chip: its name ("ATmega328P"), its family ("megaAVR"), the ISP pins of a common package, and a
 * sentence for its user. */
AVRSPI_API const char *avrspi_chip_name(const struct avrspi_chip *chip);
AVRSPI_API const char *avrspi_chip_family(const struct avrspi_chip *chip);
AVRSPI_API const char *avrspi_chip_pins(const struct avrspi_chip *chip);
AVRSPI_API const char *avrspi_chip_note(const struct avrspi_chip *chip);

/* The name of a signal, "MOSI". Static text; "" for an unknown one. */
AVRSPI_API const char *avrspi_signal_name(enum avrspi_signal signal);

/* The n-th package whose pins are certain, NULL after the last. It belongs to the chip. */
AVRSPI_API const struct avrspi_package *avrspi_chip_package(const struct avrspi_chip *chip,
                                                            size_t n);

/* The port pin that has a signal, "PB3", and what the maker's pin table calls the signal there
 * where that is another name, "PDI"; "" where that is not certain, or the pin is no port pin. */
AVRSPI_API const char *avrspi_chip_port(const struct avrspi_chip *chip, enum avrspi_signal signal);
AVRSPI_API const char *avrspi_chip_signal_alias(const struct avrspi_chip *chip,
                                                enum avrspi_signal signal);

/* The three signature bytes. */
AVRSPI_API const uint8_t *avrspi_chip_signature(const struct avrspi_chip *chip);

/* True where facts are from a single source, or assumed. */
AVRSPI_API bool avrspi_chip_unverified(const struct avrspi_chip *chip);

/* The names of the built-in chips that have what the chip file leaves out, as words ("ATmega328P,
 * ATA6614Q"); "" where nothing was taken from any. */
AVRSPI_API const char *avrspi_chip_completed_from(const struct avrspi_chip *chip);

/* What a chip file may leave out, and no built-in chip of the signature tells, at the cost of time.
 */
enum avrspi_gap {
    AVRSPI_GAP_CLOCK,   /* the clock, and whether it is divided by 8: SCK stays low */
    AVRSPI_GAP_RDY_BSY, /* whether Poll RDY/BSY works: it is found out by asking */
};

/* Whether the chip's file leaves that out. */
AVRSPI_API bool avrspi_chip_leaves_out(const struct avrspi_chip *chip, enum avrspi_gap gap);

/* True where Poll RDY/BSY tells the end of a write. */
AVRSPI_API bool avrspi_chip_rdy_bsy(const struct avrspi_chip *chip);

/* True where new fuses take effect after a power cycle only. */
AVRSPI_API bool avrspi_chip_power_cycle(const struct avrspi_chip *chip);

/* The CPU clock as delivered, Hz; 0: external or unknown. */
AVRSPI_API uint32_t avrspi_chip_factory_clock(const struct avrspi_chip *chip);

/* SCK that the chip file allows at most, whatever the clock, Hz; 0: it says nothing. */
AVRSPI_API uint32_t avrspi_chip_max_sck(const struct avrspi_chip *chip);

/* The longest wait that any source gives for a write, microseconds. */
AVRSPI_API uint32_t avrspi_chip_wait_us(const struct avrspi_chip *chip, enum avrspi_wait wait);

/* What supply a chip is specified for, and how fast it is; NULL when that is not known. Where there
 * is a low-voltage variant with the same signature (ATmega8L), this is about the plain chip. */
AVRSPI_API const struct avrspi_supply *avrspi_chip_supply(const struct avrspi_chip *chip);

/* The same for the low-voltage variant, with the letter that names it ("L", "V"); NULL where there
 * is none. */
AVRSPI_API const struct avrspi_supply *avrspi_chip_variant_supply(const struct avrspi_chip *chip,
                                                                  const char **letter);

/* By the speed grade: the highest CPU clock at a supply voltage in Hz (0: not specified to run
 * there; UINT32_MAX: not known), and the lowest voltage for a clock in millivolts (0: none, or not
 * known). */
AVRSPI_API uint32_t avrspi_chip_most_hz(const struct avrspi_chip *chip, uint32_t mv);
AVRSPI_API uint32_t avrspi_chip_least_mv(const struct avrspi_chip *chip, uint32_t hz);

/* The low-voltage variant ("L", "V") that may run so fast at that voltage; "" for none. */
AVRSPI_API const char *avrspi_chip_variant(const struct avrspi_chip *chip, uint32_t mv,
                                           uint32_t hz);

/* The bits of a fuse byte that exist (0: the chip has no such byte), and its factory value with
 * reserved bits 1. */
AVRSPI_API uint8_t avrspi_chip_fuse_mask(const struct avrspi_chip *chip, enum avrspi_fuse fuse);
AVRSPI_API uint8_t avrspi_chip_fuse_default(const struct avrspi_chip *chip, enum avrspi_fuse fuse);

/* The n-th fuse field, ordered by byte, then as in the chip file; NULL after the last. */
AVRSPI_API const struct avrspi_field *avrspi_chip_field_at(const struct avrspi_chip *chip,
                                                           size_t n);

/* The n-th part of a field that combines several of the datasheet's: SUT and CKSEL of SUT_CKSEL.
 * NULL after the last. Of its values only those of a single bit have names. */
AVRSPI_API const struct avrspi_field *
avrspi_chip_part_at(const struct avrspi_chip *chip, const struct avrspi_field *field, size_t n);

/* A field's name as the datasheet has it, its byte, and its bits in that byte. */
AVRSPI_API const char *avrspi_field_name(const struct avrspi_field *field);
AVRSPI_API enum avrspi_fuse avrspi_field_fuse(const struct avrspi_field *field);
AVRSPI_API uint8_t avrspi_field_mask(const struct avrspi_field *field);

/* The n-th value that is described, in the order of the chip file; NULL after the last. */
AVRSPI_API const struct avrspi_value *avrspi_field_value_at(const struct avrspi_field *field,
                                                            size_t n);

/* The name of a memory ("flash", "eeprom", "fuses", "lock", "signature", "calibration",
 * "userrow"), and the memory of that name; false when there is none. */
AVRSPI_API const char *avrspi_memory_name(enum avrspi_memory memory);
AVRSPI_API bool avrspi_memory_by_name(const char *name, enum avrspi_memory *memory);

/* Of a chip's memory: its bytes (0: it has none), the address of the first, and the bytes that are
 * written at once (0: byte by byte, or not at all). */
AVRSPI_API uint32_t avrspi_memory_size(const struct avrspi_chip *chip, enum avrspi_memory memory);
AVRSPI_API uint32_t avrspi_memory_start(const struct avrspi_chip *chip, enum avrspi_memory memory);
AVRSPI_API uint32_t avrspi_memory_page(const struct avrspi_chip *chip, enum avrspi_memory memory);

/* The name of a fuse byte: "low", "high", "ext", "lock". */
AVRSPI_API const char *avrspi_fuse_name(enum avrspi_fuse fuse);

/* The field of exactly that name, any case; NULL for none. */
AVRSPI_API const struct avrspi_field *avrspi_chip_field(const struct avrspi_chip *chip,
                                                        const char *name);

/* The value of a field in a fuse byte, shifted down. */
AVRSPI_API uint8_t avrspi_field_get(const struct avrspi_field *field, uint8_t byte);

/* The byte with the field set to a value. */
AVRSPI_API uint8_t avrspi_field_set(const struct avrspi_field *field, uint8_t byte, uint8_t value);

/* True for a bit that is programmed (0) or not, and has no other names for it. */
AVRSPI_API bool avrspi_field_is_switch(const struct avrspi_field *field);

/* The row of a field that describes a value; NULL when the chip file has none. */
AVRSPI_API const struct avrspi_value *avrspi_field_value(const struct avrspi_field *field,
                                                         uint8_t value);

/* The CPU clock that a chip's fuse bytes (low, high, ext, lock) select, divided by 8 where
 * CKDIV8 is programmed. AVRSPI_CLOCK_UNKNOWN where the chip file does not tell. */
AVRSPI_API struct avrspi_clock avrspi_chip_clock(const struct avrspi_chip *chip,
                                                 const uint8_t fuses[AVRSPI_FUSES]);

/* The same where the frequency of the clock signal or crystal at the chip's pins is known: every
 * clock but an internal oscillator has it, divided likewise. 'pins_hz' 0: not known. */
AVRSPI_API struct avrspi_clock avrspi_chip_clock_at(const struct avrspi_chip *chip,
                                                    const uint8_t fuses[AVRSPI_FUSES],
                                                    uint32_t pins_hz);

/* By how much the fuses divide that clock: 8 where CKDIV8 is programmed, else 1. */
AVRSPI_API unsigned avrspi_chip_divider(const struct avrspi_chip *chip,
                                        const uint8_t fuses[AVRSPI_FUSES]);

/* The fastest SCK that the datasheet allows for a CPU clock, Hz; 0 when it is not known. The clock
 * is taken to be as slow as it can be: an internal oscillator of which nothing else is said 10 %
 * below its nominal value. Never above 'max_sck_hz', which is the answer where nothing is known of
 * the clock. */
AVRSPI_API uint32_t avrspi_sck_limit(const struct avrspi_clock *clock);

/* The name of a source as chip files and JSON have it: "internal", "external", "crystal", "rc",
 * "unknown". */
AVRSPI_API const char *avrspi_clock_source_name(enum avrspi_clock_source source);

/* True for a clock that parts outside the chip make: a clock signal, a crystal, an RC pair. */
AVRSPI_API bool avrspi_clock_is_outside(enum avrspi_clock_source source);

#ifdef __cplusplus
}
#endif
#endif
