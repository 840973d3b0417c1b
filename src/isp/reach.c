/* SPDX-License-Identifier: MIT */
/*
 * What an instruction may have changed that arrived otherwise than it was sent. The echo shows what
 * arrived, where the chip echoes the first two bytes: they tell all instructions apart.
 */
#include "isp/isp.h"

#include <string.h>

/* Whether an instruction's first two bytes can be these: the first one is an opcode, in which every
 * bit counts; in the second, bits that mean nothing are sent as 0, and the chip does not look at
 * them. */
static bool begins(const struct avrspi_instruction *instruction, const uint8_t bytes[2])
{
    uint8_t variable[2];

    for (size_t n = 0; n < 2; n++)
        variable[n] = instruction->address_mask[n] | instruction->data_mask[n];
    return instruction->defined && ((instruction->fixed[0] ^ bytes[0]) & ~variable[0]) == 0 &&
           (instruction->fixed[1] & ~variable[1] & ~bytes[1]) == 0;
}

/* Loads of a page buffer are none of them: the page that they end in is read back. */
static const struct {
    enum avrspi_instruction_id id;
    unsigned reached;
} writes[] = {
    {AVRSPI_CHIP_ERASE, AVRSPI_REACHED_ALL},
    {AVRSPI_WRITE_FLASH_PAGE, AVRSPI_REACHED_FLASH},
    {AVRSPI_WRITE_FLASH_LOW, AVRSPI_REACHED_FLASH},
    {AVRSPI_WRITE_FLASH_HIGH, AVRSPI_REACHED_FLASH},
    {AVRSPI_LOAD_EXT_ADDRESS, AVRSPI_REACHED_FLASH},
    {AVRSPI_WRITE_EEPROM, AVRSPI_REACHED_EEPROM},
    {AVRSPI_WRITE_EEPROM_PAGE, AVRSPI_REACHED_EEPROM},
    {AVRSPI_WRITE_LOW, AVRSPI_REACHED_FUSES},
    {AVRSPI_WRITE_HIGH, AVRSPI_REACHED_FUSES},
    {AVRSPI_WRITE_EXT, AVRSPI_REACHED_FUSES},
    {AVRSPI_WRITE_LOCK, AVRSPI_REACHED_FUSES},
};

/* Changes nothing by itself: it sends the writes after it to another place. */
static bool is_latch(enum avrspi_instruction_id id)
{
    return id == AVRSPI_LOAD_EXT_ADDRESS;
}

bool avrspi_isp_is_write(enum avrspi_instruction_id id)
{
    for (size_t n = 0; n < sizeof writes / sizeof *writes; n++)
        if (writes[n].id == id)
            return !is_latch(id);
    return false;
}

/* The memories that an instruction with those first two bytes changes. */
static unsigned reached_by(const struct avrspi_session *session, const uint8_t bytes[2])
{
    unsigned reached = 0;

    for (size_t n = 0; n < sizeof writes / sizeof *writes; n++)
        if (begins(&session->chip.instruction[writes[n].id], bytes) &&
            (session->wrote || !is_latch(writes[n].id)))
            reached |= writes[n].reached;
    return reached;
}

/* 16 bits from bit 'at' on, of which those from bit 'slip' on are 'by' bits further on in 'out'. */
static void slipped(const uint8_t *out, size_t at, size_t slip, int by, uint8_t bytes[2])
{
    memset(bytes, 0, 2);
    for (size_t n = 0; n < 16; n++) {
        size_t from = n >= slip && (by > 0 || at + n > 0) ? at + n + (size_t)by : at + n;

        bytes[n / 8] |= (uint8_t)((out[from / 8] >> (7 - from % 8) & 1) << (7 - n % 8));
    }
}

/*
 * The memories that any instruction of a batch changes when one SCK pulse is missed in it, or
 * counted twice: what comes after the pulse is a bit early or late, the pulse being anywhere in
 * front of the instruction or in its first two bytes.
 */
static unsigned reached_by_slip(const struct avrspi_session *session, size_t begin, size_t end)
{
    unsigned reached = 0;

    for (size_t place = begin; place < end; place += 4) {
        for (size_t slip = 0; slip <= 16; slip++) {
            uint8_t early[2], late[2];

            slipped(session->out, place * 8, slip, 1, early);
            slipped(session->out, place * 8, slip, -1, late);
            reached |= reached_by(session, early) | reached_by(session, late);
        }
    }
    return reached;
}

/* What may have been begun goes on for the longest that a write takes. */
static void suspect(struct avrspi_session *session, unsigned in_step, unsigned out_of_step)
{
    uint64_t longest = 0, until;

    for (int kind = 0; kind < AVRSPI_WAITS; kind++)
        if (session->chip.wait_us[kind] > longest)
            longest = session->chip.wait_us[kind];
    until = avrspi_link_now(session->link) + longest * AVRSPI_NS_PER_US;
    if (out_of_step && session->unseen_until < until)
        session->unseen_until = until;
    session->suspected.in_step |= in_step;
    session->suspected.out_of_step |= out_of_step;
}

/* While nothing is written only a slip turns what is sent into a write. */
static unsigned reached_out_of_step(const struct avrspi_session *session, size_t begin, size_t end)
{
    return session->wrote ? AVRSPI_REACHED_ALL : reached_by_slip(session, begin, end);
}

void avrspi_isp_suspect_slip(struct avrspi_session *session, size_t begin, size_t end)
{
    unsigned reached = reached_out_of_step(session, begin, end);

    suspect(session, reached, reached);
}

/* A latch that was sent and did not arrive leaves the writes after it at another place. */
static unsigned reached_without(const struct avrspi_session *session, size_t place)
{
    enum avrspi_instruction_id sent = (enum avrspi_instruction_id)session->ids[place / 4];

    return is_latch(sent) && session->wrote ? AVRSPI_REACHED_FLASH : 0;
}

void avrspi_isp_suspect_echo(struct avrspi_session *session, size_t place, size_t begin, size_t end)
{
    unsigned slipped = reached_out_of_step(session, begin, end);

    if (session->echoes_first && !session->chip.no_echo)
        suspect(session,
                reached_by(session, session->in + place + 1) | reached_without(session, place),
                slipped);
    else
        suspect(session, slipped, slipped);
}

void avrspi_isp_settle(struct avrspi_session *session, bool in_step)
{
    session->reached |= in_step ? session->suspected.in_step : session->suspected.out_of_step;
    session->suspected.in_step = session->suspected.out_of_step = 0;
}
