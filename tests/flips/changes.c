/* SPDX-License-Identifier: MIT */
#include "flips.h"

#include <stdlib.h>
#include <string.h>

enum {
    OPCODE_BITS = 16, /* they tell the instructions apart */
    BITS = 32,
};

static bool bit(const uint8_t bytes[4], size_t n)
{
    return bytes[n / 8] >> (7 - n % 8) & 1;
}

static void set_bit(uint8_t bytes[4], size_t n, bool value)
{
    bytes[n / 8] |= (uint8_t)(value << (7 - n % 8));
}

/* What arrives; 'neighbour' is the bit that comes in: the first of the instruction that follows, or
 * the last of the one before. */
static void disturb(const uint8_t sent[4], enum kind kind, size_t at, bool neighbour,
                    uint8_t arrived[4])
{
    memset(arrived, 0, 4);
    for (size_t n = 0; n < BITS; n++) {
        bool value = bit(sent, n);

        if (kind == KIND_FLIP)
            value ^= n == at;
        else if (kind == KIND_LOST && n >= at)
            value = n + 1 < BITS ? bit(sent, n + 1) : neighbour;
        else if (kind == KIND_EXTRA && n >= at)
            value = n > 0 ? bit(sent, n - 1) : neighbour;
        set_bit(arrived, n, value);
    }
}

/* What an instruction writes is in its fourth byte, or, on old chips, in its second. */
static bool data_in_second(const struct change *change)
{
    return change->chip->instruction[change->arrives].data_mask[1] != 0;
}

static struct change *find(struct changes *changes, const struct change *wanted)
{
    for (size_t n = 0; n < changes->count; n++) {
        struct change *change = &changes->change[n];

        if (change->kind == wanted->kind && change->sent == wanted->sent &&
            change->arrives == wanted->arrives &&
            data_in_second(change) == data_in_second(wanted) &&
            memcmp(change->opcode, wanted->opcode, 2) == 0)
            return change;
    }
    return NULL;
}

/* Of a change that is known already the first example stays. */
static void note(struct changes *changes, const struct change *found, unsigned chips)
{
    struct change *change = find(changes, found);

    if (!change && changes->count == MOST_CHANGES)
        abort();
    if (!change) {
        change = &changes->change[changes->count++];
        *change = *found;
        change->chips = chips;
    }
    change->pulses |= found->pulses;
    if (change->last_group != found->last_group)
        change->chips += chips;
    change->last_group = found->last_group;
}

/* The pulse that a bit is taken at, or the one before it, which is seen once more. A pulse that is
 * lost in front of the instruction is like its first one. */
static uint32_t pulses_of(enum kind kind, size_t at)
{
    if (kind == KIND_EXTRA)
        return UINT32_C(1) << at;
    return (UINT32_C(2) << at) | (kind == KIND_LOST && at == 0);
}

struct search {
    struct changes *changes;
    const struct group *groups;
    size_t n; /* the group */
    const struct avrspi_sim *sim;
};

/* Tries an instruction at each pulse of its first two bytes, and before. */
static void try_bytes(const struct search *search, enum avrspi_instruction_id id,
                      const uint8_t sent[4])
{
    static const struct {
        enum kind kind;
        bool neighbour;
    } tries[] = {
        {KIND_FLIP, false},
        {KIND_LOST, false},
        {KIND_EXTRA, false},
        {KIND_EXTRA, true},
    };
    const struct avrspi_instruction *instruction = &search->groups[search->n].chip->instruction[id];

    for (size_t n = 0; n < sizeof tries / sizeof *tries; n++) {
        for (size_t at = 0; at < OPCODE_BITS; at++) {
            struct change change = {
                .kind = tries[n].kind,
                .sent = id,
                .chip = search->groups[search->n].chip,
                .opcode = {instruction->fixed[0], instruction->fixed[1]},
                .pulses = pulses_of(tries[n].kind, at),
                .last_group = search->n,
            };

            memcpy(change.bytes_sent, sent, 4);
            disturb(sent, change.kind, at, tries[n].neighbour, change.bytes_arrived);
            change.arrives = avrspi_sim_decode(search->sim, change.bytes_arrived);
            if (change.arrives != AVRSPI_INSTRUCTIONS &&
                !avrspi_sim_decodes_as(search->sim, change.bytes_arrived, id))
                note(search->changes, &change, search->groups[search->n].chips);
        }
    }
}

/* --- what is sent */

/* The highest second byte that an address gives. */
static uint8_t last_address_byte(const struct group *group, enum avrspi_instruction_id id)
{
    bool eeprom =
        id == AVRSPI_READ_EEPROM || id == AVRSPI_WRITE_EEPROM || id == AVRSPI_WRITE_EEPROM_PAGE;

    return (uint8_t)((eeprom ? group->eeprom_size - 1 : group->flash_size / 2 - 1) >> 8);
}

static bool can_be_second(const struct group *group, enum avrspi_instruction_id id, uint8_t byte)
{
    const struct avrspi_instruction *instruction = &group->chip->instruction[id];
    uint8_t variable = instruction->address_mask[1] | instruction->data_mask[1];

    return (byte & ~variable) == (instruction->fixed[1] & ~variable) &&
           (!instruction->address_mask[1] || byte <= last_address_byte(group, id));
}

/* The bytes that avrspi sends in place of zeros that mean nothing (src/isp/batch.c). */
static uint8_t pattern(enum avrspi_instruction_id id, size_t byte)
{
    if (id == AVRSPI_READ_SIGNATURE)
        return byte == 1 ? 0x15 : 0x55;
    return id == AVRSPI_PROGRAMMING_ENABLE && byte == 2 ? 0x54 : 0;
}

static void try_instruction(const struct search *search, enum avrspi_instruction_id id)
{
    const struct group *group = &search->groups[search->n];
    const struct avrspi_instruction *instruction = &group->chip->instruction[id];

    for (unsigned second = 0; second <= 0xFF; second++) {
        uint8_t bytes[4] = {instruction->fixed[0], (uint8_t)second | pattern(id, 1),
                            instruction->fixed[2] | pattern(id, 2), instruction->fixed[3]};

        if (!can_be_second(group, id, (uint8_t)second))
            continue;
        try_bytes(search, id, bytes);
        bytes[2] |= instruction->address_mask[2] & 0x80;
        try_bytes(search, id, bytes);
    }
}

void changes_add(struct changes *changes, const struct group *groups, size_t n)
{
    const struct avrspi_sim_config config = {.chip = groups[n].chip};
    struct avrspi_sim *sim = malloc(avrspi_sim_size);
    const struct search search = {changes, groups, n, sim};

    if (!sim)
        abort();
    avrspi_sim_init(sim, &config);
    for (unsigned id = 0; id < AVRSPI_INSTRUCTIONS; id++)
        if (groups[n].chip->instruction[id].defined)
            try_instruction(&search, (enum avrspi_instruction_id)id);
    free(sim);
}
