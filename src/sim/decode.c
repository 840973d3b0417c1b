/* SPDX-License-Identifier: MIT */
/*
 * Which instruction four bytes are.
 *
 * The first two bytes decide; the others carry addresses and data. A chip's record says which
 * bits of them are constant, but not which of the constant ones the chip ignores (the 'x' of
 * the datasheets' tables, which a programmer may send as it likes). So the first byte has to
 * match in every constant bit, and the second one only where instructions with the same first
 * byte differ:
 *
 *   - an instruction alone with its first byte (read signature, 30): not at all;
 *   - else its three upper bits, by which the family AC is sorted (010 enable, 100 erase,
 *     101 fuses, 111 lock bits), and for each instruction beside it the highest bit in which
 *     the two differ (AC A0, AC A4, AC A8; 58 00, 58 08);
 *   - Programming Enable: all of it, as no table has an 'x' there.
 *
 * For the standard set this gives AC 100xxxxx for chip erase and AC 111xxxxx for the lock
 * bits, as the tables have it.
 */
#include "sim/sim_state.h"

enum {
    FAMILY = 0xE0, /* the bits of the second byte that sort AC xx */
};

static uint8_t constant_bits(const struct avrspi_instruction *instruction, unsigned byte)
{
    return (uint8_t) ~(instruction->address_mask[byte] | instruction->data_mask[byte]);
}

/* The bits of a byte that are constant in both and differ. */
static uint8_t difference(const struct avrspi_instruction *a, const struct avrspi_instruction *b,
                          unsigned byte)
{
    return (uint8_t)((a->fixed[byte] ^ b->fixed[byte]) & constant_bits(a, byte) &
                     constant_bits(b, byte));
}

static uint8_t highest_bit(uint8_t bits)
{
    uint8_t bit = 0x80;

    while (bit && !(bits & bit))
        bit >>= 1;
    return bit;
}

static uint8_t telling_bits(const struct avrspi_chip *chip, enum avrspi_instruction_id id)
{
    const struct avrspi_instruction *own = &chip->instruction[id];
    uint8_t bits = 0;
    bool alone = true;

    if (id == AVRSPI_PROGRAMMING_ENABLE)
        return 0xFF;
    for (unsigned i = 0; i < AVRSPI_INSTRUCTIONS; i++) {
        const struct avrspi_instruction *other = &chip->instruction[i];

        if (i == (unsigned)id || !other->defined || difference(own, other, 0))
            continue;
        alone = false;
        bits |= highest_bit(difference(own, other, 1));
    }
    if (!alone)
        bits |= FAMILY;
    return bits & constant_bits(own, 1);
}

void avrspi_sim_decode_init(struct avrspi_sim *sim)
{
    for (unsigned i = 0; i < AVRSPI_INSTRUCTIONS; i++)
        sim->second_byte[i] = telling_bits(sim->config.chip, (enum avrspi_instruction_id)i);
}

bool avrspi_sim_decodes_as(const struct avrspi_sim *sim, const uint8_t bytes[2],
                           enum avrspi_instruction_id id)
{
    const struct avrspi_instruction *instruction = &sim->config.chip->instruction[id];

    return instruction->defined &&
           !((bytes[0] ^ instruction->fixed[0]) & constant_bits(instruction, 0)) &&
           !((bytes[1] ^ instruction->fixed[1]) & sim->second_byte[id]);
}

enum avrspi_instruction_id avrspi_sim_decode(const struct avrspi_sim *sim, const uint8_t bytes[2])
{
    unsigned id = 0;

    while (id < AVRSPI_INSTRUCTIONS &&
           !avrspi_sim_decodes_as(sim, bytes, (enum avrspi_instruction_id)id))
        id++;
    return (enum avrspi_instruction_id)id;
}

static bool reads_fuse(unsigned id)
{
    return id == AVRSPI_READ_LOW || id == AVRSPI_READ_HIGH || id == AVRSPI_READ_EXT ||
           id == AVRSPI_READ_LOCK;
}

static uint8_t answer_bits(const struct avrspi_instruction *instruction)
{
    return avrspi_sim_answer(instruction, 0xFF);
}

static bool told_apart(const struct avrspi_chip *chip, unsigned a, unsigned b)
{
    const struct avrspi_instruction *one = &chip->instruction[a];
    const struct avrspi_instruction *two = &chip->instruction[b];

    if (!one->defined || !two->defined || difference(one, two, 0) || difference(one, two, 1))
        return true;
    return reads_fuse(a) && reads_fuse(b) && !(answer_bits(one) & answer_bits(two));
}

bool avrspi_sim_unambiguous(const struct avrspi_chip *chip, enum avrspi_instruction_id *a,
                            enum avrspi_instruction_id *b)
{
    for (unsigned i = 0; i < AVRSPI_INSTRUCTIONS; i++) {
        for (unsigned k = i + 1; k < AVRSPI_INSTRUCTIONS; k++) {
            if (!told_apart(chip, i, k)) {
                *a = (enum avrspi_instruction_id)i;
                *b = (enum avrspi_instruction_id)k;
                return false;
            }
        }
    }
    return true;
}

uint32_t avrspi_sim_address(const struct avrspi_instruction *instruction, const uint8_t bytes[4])
{
    uint32_t address = 0;

    for (unsigned i = 0; i < 4; i++) {
        address |= (uint32_t)(bytes[i] & instruction->address_mask[i])
                   << instruction->address_shift[i];
    }
    return address;
}

uint8_t avrspi_sim_data(const struct avrspi_instruction *instruction, const uint8_t bytes[4])
{
    uint8_t data = 0;

    for (unsigned i = 0; i < 4; i++)
        data |= bytes[i] & instruction->data_mask[i];
    return data;
}

uint8_t avrspi_sim_carried(const struct avrspi_instruction *instruction)
{
    static const uint8_t ones[4] = {0xFF, 0xFF, 0xFF, 0xFF};

    return avrspi_sim_data(instruction, ones);
}

uint8_t avrspi_sim_answer(const struct avrspi_instruction *instruction, uint8_t byte)
{
    uint8_t answer = 0;

    for (unsigned bit = 0; bit < 8; bit++) {
        int8_t place = instruction->answer_bit[bit];

        if (place >= 0 && byte >> bit & 1)
            answer |= (uint8_t)(1U << place);
    }
    return answer;
}
