/* SPDX-License-Identifier: MIT */
/*
 * Prints the tables of docs/single-flips.md: which instruction a single disturbance makes of which
 * other one, for all chips that are built in. What arrives is decoded as the simulated chip decodes
 * it.
 *
 *   groups.c    chips whose instructions begin alike
 *   changes.c   one instruction, disturbed at one pulse of SCK
 *   table.c     tables of changes, by what they do
 *   main.c      all tables, each behind a line that names it
 *   page.sh     puts them into the page, or compares
 */
#ifndef AVRSPI_TESTS_FLIPS_H
#define AVRSPI_TESTS_FLIPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/chips.h"
#include "sim/sim_state.h"

enum {
    MOST_GROUPS = 32,
    MOST_CHANGES = 512,
};

/* --- groups.c */

struct group {
    const struct avrspi_chip *chip;   /* the first */
    unsigned chips;                   /* how many */
    uint32_t flash_size, eeprom_size; /* the largest; flash with what lies below it */
};

/* How many groups there are. */
size_t groups_find(const struct avrspi_chips *chips, struct group groups[MOST_GROUPS]);

/* --- changes.c */

enum kind {
    KIND_FLIP,  /* a bit of MOSI arrives as the other one */
    KIND_LOST,  /* the chip does not see a pulse of SCK */
    KIND_EXTRA, /* the chip sees a pulse of SCK twice */
};

struct change {
    enum kind kind;
    enum avrspi_instruction_id sent, arrives;
    const struct avrspi_chip *chip;          /* one on which it can happen */
    uint8_t opcode[2];                       /* of what is sent: its bits that are always 1 */
    uint8_t bytes_sent[4], bytes_arrived[4]; /* an example */
    uint32_t pulses;   /* bit n: the n-th of the instruction; bit 0: any before */
    size_t last_group; /* in which it was found */
    unsigned chips;    /* on which it can happen */
};

struct changes {
    struct change change[MOST_CHANGES];
    size_t count;
};

/* Adds what can happen on the chips of a group. */
void changes_add(struct changes *changes, const struct group *groups, size_t n);

/* --- table.c */

/* What an instruction that was never meant does. */
enum effect {
    EFFECT_ERASES,
    EFFECT_FUSES,
    EFFECT_MEMORY,
    EFFECT_LOADS,
    EFFECT_READS,
    EFFECTS,
};

/* Prints the changes whose effect that is; 'chips' is the number of all chips. */
void table_print(const struct changes *changes, enum effect effect, unsigned chips);

#endif
