/* SPDX-License-Identifier: MIT */
#include "flips.h"

#include <stdio.h>
#include <string.h>

static enum effect effect_of(enum avrspi_instruction_id id)
{
    static const enum effect effects[AVRSPI_INSTRUCTIONS] = {
        [AVRSPI_PROGRAMMING_ENABLE] = EFFECT_READS, [AVRSPI_CHIP_ERASE] = EFFECT_ERASES,
        [AVRSPI_POLL_RDY_BSY] = EFFECT_READS,       [AVRSPI_LOAD_EXT_ADDRESS] = EFFECT_LOADS,
        [AVRSPI_LOAD_FLASH_LOW] = EFFECT_LOADS,     [AVRSPI_LOAD_FLASH_HIGH] = EFFECT_LOADS,
        [AVRSPI_WRITE_FLASH_PAGE] = EFFECT_MEMORY,  [AVRSPI_WRITE_FLASH_LOW] = EFFECT_MEMORY,
        [AVRSPI_WRITE_FLASH_HIGH] = EFFECT_MEMORY,  [AVRSPI_READ_FLASH_LOW] = EFFECT_READS,
        [AVRSPI_READ_FLASH_HIGH] = EFFECT_READS,    [AVRSPI_READ_EEPROM] = EFFECT_READS,
        [AVRSPI_WRITE_EEPROM] = EFFECT_MEMORY,      [AVRSPI_LOAD_EEPROM_PAGE] = EFFECT_LOADS,
        [AVRSPI_WRITE_EEPROM_PAGE] = EFFECT_MEMORY, [AVRSPI_READ_SIGNATURE] = EFFECT_READS,
        [AVRSPI_READ_CALIBRATION] = EFFECT_READS,   [AVRSPI_READ_LOW] = EFFECT_READS,
        [AVRSPI_READ_HIGH] = EFFECT_READS,          [AVRSPI_READ_EXT] = EFFECT_READS,
        [AVRSPI_READ_LOCK] = EFFECT_READS,          [AVRSPI_WRITE_LOW] = EFFECT_FUSES,
        [AVRSPI_WRITE_HIGH] = EFFECT_FUSES,         [AVRSPI_WRITE_EXT] = EFFECT_FUSES,
        [AVRSPI_WRITE_LOCK] = EFFECT_FUSES,
    };

    return effects[id];
}

/* --- the cells of a row */

static void print_name(enum avrspi_instruction_id id)
{
    for (const char *name = avrspi_instruction_name(id); *name; name++)
        putchar(*name == '_' ? ' ' : *name);
}

static void print_pulses(const struct change *change)
{
    const char *between = "";

    if (change->pulses & 1) {
        (void)printf("before");
        between = ", ";
    }
    for (unsigned n = 1; n < 32; n++) {
        unsigned end = n;

        if (!(change->pulses >> n & 1))
            continue;
        while (end < 31 && change->pulses >> (end + 1) & 1)
            end++;
        (void)printf(end > n ? "%s%u-%u" : "%s%u", between, n, end);
        between = ", ";
        n = end;
    }
}

/* Whether an instruction's fourth byte is data that was to be written. */
static bool sends_data(const struct change *change)
{
    return change->chip->instruction[change->sent].data_mask[3] != 0;
}

/* The byte of the fuses that an instruction which has no data carries (src/isp). */
static const char *carried(enum avrspi_instruction_id id)
{
    return id == AVRSPI_CHIP_ERASE           ? "the low fuse as it is"
           : id == AVRSPI_PROGRAMMING_ENABLE ? "that fuse as it is"
                                             : NULL;
}

static void print_written(const struct change *change)
{
    static const char *const shifts[] = {
        [KIND_FLIP] = "", [KIND_LOST] = ", a bit early", [KIND_EXTRA] = ", a bit late"};
    const struct avrspi_instruction *arrives = &change->chip->instruction[change->arrives];

    if (arrives->data_mask[1])
        (void)printf("bits of `%02X`", change->bytes_arrived[1]);
    else if (!arrives->data_mask[3])
        (void)printf(effect_of(change->arrives) == EFFECT_MEMORY ? "what is loaded" : "-");
    else if (carried(change->sent))
        (void)printf("%s", carried(change->sent));
    else if (sends_data(change))
        (void)printf("its data byte%s", shifts[change->kind]);
    else if (change->kind == KIND_LOST) /* the last bit is the first of the next instruction */
        (void)printf("0x00 or 0x01");
    else
        (void)printf("0x%02X", change->bytes_arrived[3]);
}

/* A slipped target echoes like one in step, a bit early or late: it is its answers that tell. */
static const char *caught_by(const struct change *change)
{
    if (change->kind != KIND_FLIP)
        return "presence check";
    return change->pulses >> 9 ? "echo of byte 2" : "echo of byte 1";
}

static void print_row(const struct change *change, unsigned chips)
{
    static const char *const kinds[] = {
        [KIND_FLIP] = "flip", [KIND_LOST] = "lost", [KIND_EXTRA] = "twice"};

    (void)printf("| ");
    print_name(change->sent);
    (void)printf(" | `%02X %02X` | %s ", change->bytes_sent[0], change->bytes_sent[1],
                 kinds[change->kind]);
    print_pulses(change);
    (void)printf(" | `%02X %02X` | ", change->bytes_arrived[0], change->bytes_arrived[1]);
    print_name(change->arrives);
    (void)printf(" | ");
    if (effect_of(change->arrives) != EFFECT_READS) {
        print_written(change);
        (void)printf(" | ");
    }
    (void)printf("%s | ", caught_by(change));
    if (change->chips == chips)
        (void)printf("all |\n");
    else
        (void)printf("%u |\n", change->chips);
}

void table_print(const struct changes *changes, enum effect effect, unsigned chips)
{
    bool reads = effect == EFFECT_READS;

    (void)printf("| sent | | pulse | arrives | is | %scaught by | chips |\n",
                 reads ? "" : "writes | ");
    (void)printf("| --- | --- | --- | --- | --- | %s--- | --- |\n", reads ? "" : "--- | ");
    for (unsigned sent = 0; sent < AVRSPI_INSTRUCTIONS; sent++)
        for (size_t n = 0; n < changes->count; n++)
            if (changes->change[n].sent == sent && effect_of(changes->change[n].arrives) == effect)
                print_row(&changes->change[n], chips);
}
