/* SPDX-License-Identifier: MIT */
/* What the tests of src/sim have in common: chips written as C, and a rig that talks to one. */
#ifndef AVRSPI_TESTS_SUPPORT_SIM_RIG_H
#define AVRSPI_TESTS_SUPPORT_SIM_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/sim.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

#define NO_ANSWER                                                                                  \
    {                                                                                              \
        -1, -1, -1, -1, -1, -1, -1, -1                                                             \
    }
#define BYTE_ANSWER                                                                                \
    {                                                                                              \
        0, 1, 2, 3, 4, 5, 6, 7                                                                     \
    }
#define PLAIN(a, b)                                                                                \
    {                                                                                              \
        .defined = true, .fixed = {a, b}, .answer_bit = NO_ANSWER                                  \
    }
#define ADDRESSED(a, mask1, mask2)                                                                 \
    .defined = true, .fixed = {a}, .address_mask = {0, mask1, mask2}, .address_shift = {0, 8}
#define READS(a, mask1, mask2)                                                                     \
    {                                                                                              \
        ADDRESSED(a, mask1, mask2), .answer_bit = BYTE_ANSWER                                      \
    }
#define WRITES(a, mask1, mask2)                                                                    \
    {                                                                                              \
        ADDRESSED(a, mask1, mask2), .data_mask = {0, 0, 0, 0xFF}, .answer_bit = NO_ANSWER          \
    }
#define PAGE(a, mask1, mask2)                                                                      \
    {                                                                                              \
        ADDRESSED(a, mask1, mask2), .answer_bit = NO_ANSWER                                        \
    }
#define READS_FUSE(a, b)                                                                           \
    {                                                                                              \
        .defined = true, .fixed = {a, b}, .answer_bit = BYTE_ANSWER                                \
    }
#define WRITES_FUSE(b, fixed3, mask3)                                                              \
    {                                                                                              \
        .defined = true, .fixed = {0xAC, b, 0, fixed3}, .data_mask = {0, 0, 0, mask3},             \
        .answer_bit = NO_ANSWER                                                                    \
    }

/* What the ATmega328P and the ATmega2560 have alike. */
#define STANDARD_SET                                                                               \
    [AVRSPI_PROGRAMMING_ENABLE] = PLAIN(0xAC, 0x53), [AVRSPI_CHIP_ERASE] = PLAIN(0xAC, 0x80),      \
    [AVRSPI_POLL_RDY_BSY] = {.defined = true,                                                      \
                             .fixed = {0xF0},                                                      \
                             .answer_bit = {0, -1, -1, -1, -1, -1, -1, -1}},                       \
    [AVRSPI_LOAD_FLASH_LOW] = WRITES(0x40, 0, 0xFF),                                               \
    [AVRSPI_LOAD_FLASH_HIGH] = WRITES(0x48, 0, 0xFF),                                              \
    [AVRSPI_WRITE_FLASH_PAGE] = PAGE(0x4C, 0xFF, 0xFF),                                            \
    [AVRSPI_READ_FLASH_LOW] = READS(0x20, 0xFF, 0xFF),                                             \
    [AVRSPI_READ_FLASH_HIGH] = READS(0x28, 0xFF, 0xFF),                                            \
    [AVRSPI_READ_EEPROM] = READS(0xA0, 0xFF, 0xFF),                                                \
    [AVRSPI_WRITE_EEPROM] = WRITES(0xC0, 0xFF, 0xFF),                                              \
    [AVRSPI_LOAD_EEPROM_PAGE] = WRITES(0xC1, 0, 0xFF),                                             \
    [AVRSPI_WRITE_EEPROM_PAGE] = PAGE(0xC2, 0xFF, 0xFF),                                           \
    [AVRSPI_READ_SIGNATURE] = READS(0x30, 0, 0x03),                                                \
    [AVRSPI_READ_CALIBRATION] = READS(0x38, 0, 0x03), [AVRSPI_READ_LOW] = READS_FUSE(0x50, 0),     \
    [AVRSPI_READ_HIGH] = READS_FUSE(0x58, 0x08), [AVRSPI_READ_EXT] = READS_FUSE(0x50, 0x08),       \
    [AVRSPI_READ_LOCK] = READS_FUSE(0x58, 0), [AVRSPI_WRITE_LOW] = WRITES_FUSE(0xA0, 0, 0xFF),     \
    [AVRSPI_WRITE_HIGH] = WRITES_FUSE(0xA8, 0, 0xFF),                                              \
    [AVRSPI_WRITE_EXT] = WRITES_FUSE(0xA4, 0, 0xFF),                                               \
    [AVRSPI_WRITE_LOCK] = WRITES_FUSE(0xE0, 0xC0, 0x3F)

static const struct avrspi_value mega_clocks[] = {
    {.value = 0x00,
     .name = "ext",
     .clock = {.source = AVRSPI_CLOCK_EXTERNAL, .min_hz = 0, .max_hz = 20000000}},
    {.value = 0x22,
     .name = "int8m",
     .clock = {.source = AVRSPI_CLOCK_INTERNAL, .min_hz = 8000000, .max_hz = 8000000}},
    {.value = 0x23,
     .name = "int128k",
     .clock = {.source = AVRSPI_CLOCK_INTERNAL, .min_hz = 128000, .max_hz = 128000}},
    {.value = 0x3F,
     .name = "crystal",
     .clock = {.source = AVRSPI_CLOCK_CRYSTAL, .min_hz = 8000000, .max_hz = 20000000}},
};

static const struct avrspi_field mega_fields[] = {
    {AVRSPI_FUSE_LOW, 0x3F, 0, "SUT_CKSEL", mega_clocks, LENGTH(mega_clocks)},
    {AVRSPI_FUSE_LOW, 0x80, 7, "CKDIV8", NULL, 0},
    {AVRSPI_FUSE_HIGH, 0x80, 7, "RSTDISBL", NULL, 0},
    {AVRSPI_FUSE_HIGH, 0x40, 6, "DWEN", NULL, 0},
    {AVRSPI_FUSE_HIGH, 0x20, 5, "SPIEN", NULL, 0},
    {AVRSPI_FUSE_HIGH, 0x08, 3, "EESAVE", NULL, 0},
    {AVRSPI_FUSE_LOCK, 0x30, 4, "BLB1", NULL, 0},
    {AVRSPI_FUSE_LOCK, 0x0C, 2, "BLB0", NULL, 0},
    {AVRSPI_FUSE_LOCK, 0x03, 0, "LB", NULL, 0},
};

static const struct avrspi_chip mega328p = {
    .name = "ATmega328P",
    .signature = {0x1E, 0x95, 0x0F},
    .flash_size = 32768,
    .flash_page = 128,
    .eeprom_size = 1024,
    .eeprom_page = 4,
    .calibration_bytes = 1,
    .rdy_bsy = true,
    .factory_clock = 1000000,
    .wait_us = {4500, 3600, 4500, 9000},
    .fuse = {{0xFF, 0x62}, {0xFF, 0xD9}, {0x07, 0xFF}, {0x3F, 0xFF}},
    .instruction = {STANDARD_SET},
    .fields = mega_fields,
    .n_fields = LENGTH(mega_fields),
};

/* More than 128 KiB of flash. */
static const struct avrspi_chip mega2560 = {
    .name = "ATmega2560",
    .signature = {0x1E, 0x98, 0x01},
    .flash_size = 262144,
    .flash_page = 256,
    .eeprom_size = 4096,
    .eeprom_page = 8,
    .calibration_bytes = 1,
    .rdy_bsy = true,
    .factory_clock = 1000000,
    .wait_us = {4500, 9000, 4500, 9000},
    .fuse = {{0xFF, 0x62}, {0xFF, 0xD9}, {0x07, 0xFF}, {0x3F, 0xFF}},
    .instruction = {STANDARD_SET, [AVRSPI_LOAD_EXT_ADDRESS] = {.defined = true,
                                                               .fixed = {0x4D},
                                                               .address_mask = {0, 0, 0xFF},
                                                               .address_shift = {0, 0, 16},
                                                               .answer_bit = NO_ANSWER}},
    .fields = mega_fields,
    .n_fields = LENGTH(mega_fields),
};

/* Of the time before page programming, with every peculiarity that the family has: an
 * AT90S1200's missing echo and pulse, an AT90S2333's fuses, an AT90S2343's power cycle. */
#define OLD_SET                                                                                    \
    [AVRSPI_PROGRAMMING_ENABLE] = PLAIN(0xAC, 0x53), [AVRSPI_CHIP_ERASE] = PLAIN(0xAC, 0x80),      \
    [AVRSPI_READ_FLASH_LOW] = READS(0x20, 0xFF, 0xFF),                                             \
    [AVRSPI_READ_FLASH_HIGH] = READS(0x28, 0xFF, 0xFF),                                            \
    [AVRSPI_WRITE_FLASH_LOW] = WRITES(0x40, 0xFF, 0xFF),                                           \
    [AVRSPI_WRITE_FLASH_HIGH] = WRITES(0x48, 0xFF, 0xFF),                                          \
    [AVRSPI_READ_EEPROM] = READS(0xA0, 0, 0xFF), [AVRSPI_WRITE_EEPROM] = WRITES(0xC0, 0, 0xFF),    \
    [AVRSPI_READ_SIGNATURE] = READS(0x30, 0, 0x03),                                                \
    [AVRSPI_WRITE_LOCK] = {.defined = true,                                                        \
                           .fixed = {0xAC, 0xF9},                                                  \
                           .data_mask = {0, 0x06},                                                 \
                           .answer_bit = NO_ANSWER},                                               \
    [AVRSPI_READ_LOCK] = {.defined = true,                                                         \
                          .fixed = {0x58},                                                         \
                          .answer_bit = {-1, 6, 7, -1, -1, -1, -1, -1}},                           \
    [AVRSPI_READ_LOW] = {.defined = true,                                                          \
                         .fixed = {0x58},                                                          \
                         .answer_bit = {0, -1, -1, -1, -1, 5, -1, -1}},                            \
    [AVRSPI_WRITE_LOW] = {                                                                         \
        .defined = true, .fixed = {0xAC, 0xBE}, .data_mask = {0, 0x01}, .answer_bit = NO_ANSWER}

static const struct avrspi_field old_fields[] = {
    {AVRSPI_FUSE_LOW, 0x20, 5, "SPIEN", NULL, 0},
    {AVRSPI_FUSE_LOW, 0x01, 0, "FSTRT", NULL, 0},
    {AVRSPI_FUSE_LOCK, 0x06, 1, "LB", NULL, 0},
};

static const struct avrspi_chip at90s = {
    .name = "AT90S1200",
    .signature = {0x1E, 0x90, 0x01},
    .flash_size = 1024,
    .eeprom_size = 64,
    .no_echo = true,
    .pulse_after_erase = true,
    .power_cycle = true,
    .wait_us = {4000, 4000, 4000, 9000},
    .fuse = {{0x21, 0xDF}, {0, 0xFF}, {0, 0xFF}, {0x06, 0xFF}},
    .instruction = {OLD_SET},
    .fields = old_fields,
    .n_fields = LENGTH(old_fields),
};

/* A chip on a bench: SCK at 100 kHz, a crystal of 16 MHz beside it. */
struct rig {
    struct avrspi_sim *sim;
    uint32_t hz;
    bool echo; /* of Programming Enable */
    uint8_t in[4];
};

static inline struct rig rig_open(const struct avrspi_sim_config *config)
{
    struct rig rig = {.sim = malloc(avrspi_sim_size), .hz = 100000, .echo = !config->chip->no_echo};

    assert_non_null(rig.sim);
    avrspi_sim_init(rig.sim, config);
    return rig;
}

static inline struct rig rig_of(const struct avrspi_chip *chip)
{
    return rig_open(&(struct avrspi_sim_config){.chip = chip, .fcpu_hz = 16000000});
}

static inline struct rig rig_with_fault(const struct avrspi_chip *chip, unsigned faults)
{
    return rig_open(
        &(struct avrspi_sim_config){.chip = chip, .fcpu_hz = 16000000, .faults = faults});
}

static inline void rig_close(struct rig *rig)
{
    free(rig->sim);
}

static inline void wait_us(struct rig *rig, uint64_t us)
{
    avrspi_sim_advance(rig->sim, us * 1000);
}

static inline void send_bytes(struct rig *rig, const uint8_t *bytes, size_t size)
{
    uint8_t in[4] = {0};

    avrspi_sim_transfer(rig->sim, bytes, in, size, rig->hz);
    memcpy(rig->in, in, sizeof in);
}

/* Returns the fourth byte that came back. */
static inline uint8_t send(struct rig *rig, uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
    send_bytes(rig, (const uint8_t[]){a, b, c, d}, 4);
    return rig->in[3];
}

static inline void reset_low(struct rig *rig)
{
    avrspi_sim_reset(rig->sim, true);
    wait_us(rig, 20000);
}

static inline void reset_high(struct rig *rig)
{
    avrspi_sim_reset(rig->sim, false);
    wait_us(rig, 1000);
}

/* True when the second byte was echoed. */
static inline bool enable(struct rig *rig)
{
    (void)send(rig, 0xAC, 0x53, 0, 0);
    return rig->in[2] == 0x53;
}

static inline void enter(struct rig *rig)
{
    reset_low(rig);
    assert_int_equal(enable(rig), rig->echo);
}

static inline void enter_again(struct rig *rig)
{
    reset_high(rig);
    enter(rig);
}

static inline struct rig rig_entered(const struct avrspi_chip *chip)
{
    struct rig rig = rig_of(chip);

    enter(&rig);
    return rig;
}

static inline struct avrspi_sim_silicon *silicon(struct rig *rig)
{
    return avrspi_sim_silicon(rig->sim);
}

/* Sets a fuse byte from outside, as a high-voltage programmer would. */
static inline void set_fuse(struct rig *rig, enum avrspi_fuse fuse, uint8_t value)
{
    silicon(rig)->fuse[fuse] = value;
    avrspi_sim_power_cycle(rig->sim);
}

static inline void assert_no_violation(const struct rig *rig)
{
    assert_int_equal(avrspi_sim_violations(rig->sim), 0);
}

/* So many of a kind, and none of another. */
static inline void assert_violation(const struct rig *rig, enum avrspi_sim_violation kind,
                                    uint64_t count)
{
    assert_int_equal(avrspi_sim_violation(rig->sim, kind), count);
    assert_int_equal(avrspi_sim_violations(rig->sim), count);
}

#endif
