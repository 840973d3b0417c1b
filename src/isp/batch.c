/* SPDX-License-Identifier: MIT */
/*
 * Instructions stand back to back in one transfer: the target needs no pause between them, and
 * one system call carries as many as spidev's buffer holds.
 *
 * While the third byte of an instruction goes out, its second byte comes back: that is what the
 * datasheets promise, and what is checked for every single instruction.
 */
#include "isp/isp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PRESENCE_BYTE = 1, /* the second byte of a signature: 0x9x, and what hides it, 0x01 */
};

static int grow(uint8_t **buffer, size_t size, struct avrspi_error *error)
{
    uint8_t *larger = realloc(*buffer, size);

    if (!larger)
        return avrspi_fail_memory(error);
    memset(larger, 0, size); /* what checks memory does not know that an ioctl fills it */
    *buffer = larger;
    return 0;
}

int avrspi_batch_reserve(struct avrspi_session *session, size_t instructions,
                         struct avrspi_error *error)
{
    size_t size = instructions * 4 > session->room ? instructions * 4 : session->room;
    int result = grow(&session->out, size, error);

    return result < 0 ? result : grow(&session->in, size, error);
}

void avrspi_batch_begin(struct avrspi_session *session)
{
    session->used = 0;
    session->checks_presence = false;
    session->ext_in_batch = session->ext_address;
}

static size_t append(struct avrspi_session *session, enum avrspi_instruction_id id,
                     uint32_t address, uint8_t data)
{
    size_t place = session->used;

    avrspi_instruction_encode(&session->chip.instruction[id], address, data, session->out + place);
    session->used += 4;
    return place;
}

static bool addresses_flash(enum avrspi_instruction_id id)
{
    return id == AVRSPI_READ_FLASH_LOW || id == AVRSPI_READ_FLASH_HIGH ||
           id == AVRSPI_WRITE_FLASH_PAGE;
}

size_t avrspi_batch_add(struct avrspi_session *session, enum avrspi_instruction_id id,
                        uint32_t address, uint8_t data)
{
    int32_t ext = (int32_t)(address >> 16);

    if (addresses_flash(id) && session->chip.instruction[AVRSPI_LOAD_EXT_ADDRESS].defined &&
        session->ext_in_batch != ext) {
        append(session, AVRSPI_LOAD_EXT_ADDRESS, address, 0);
        session->ext_in_batch = ext;
    }
    return append(session, id, address, data);
}

static int check_echoes(struct avrspi_session *session, size_t begin, size_t end,
                        struct avrspi_error *error)
{
    if (session->chip.no_echo)
        return 0;
    for (size_t i = begin; i < end; i += 4) {
        const uint8_t *out = session->out + i, *in = session->in + i;
        char what[96];

        if (in[2] == out[1])
            continue;
        (void)snprintf(what, sizeof what,
                       "instruction %02X %02X %02X %02X was echoed as %02X, not %02X, at %u Hz",
                       out[0], out[1], out[2], out[3], in[2], out[1],
                       (unsigned)avrspi_link_speed(session->link));
        return avrspi_isp_lost(session, error, what);
    }
    return 0;
}

void avrspi_batch_add_presence_check(struct avrspi_session *session)
{
    session->presence_check = append(session, AVRSPI_READ_SIGNATURE, PRESENCE_BYTE, 0);
    session->checks_presence = true;
}

/* Old chips hide the signature behind 00 01 02 while their lock bits forbid reading: it may have
 * been hidden, or shown, since it was read. */
static int check_presence(struct avrspi_session *session, struct avrspi_error *error)
{
    uint8_t expected = session->signature[PRESENCE_BYTE], found;
    char what[96];

    if (!session->checks_presence)
        return 0;
    found = avrspi_batch_answer(session, session->presence_check, AVRSPI_READ_SIGNATURE);
    if (found == expected || found == session->chip.signature[PRESENCE_BYTE] ||
        found == PRESENCE_BYTE)
        return 0;
    (void)snprintf(what, sizeof what, "its signature reads %02X in place of %02X", found, expected);
    return avrspi_isp_lost(session, error, what);
}

int avrspi_batch_run(struct avrspi_session *session, struct avrspi_error *error)
{
    int result = session->used ? avrspi_isp_interrupted(session, error) : 0;

    if (result < 0)
        return result;
    for (size_t begin = 0; result == 0 && begin < session->used; begin += session->room) {
        size_t left = session->used - begin, size = left < session->room ? left : session->room;

        result = avrspi_link_transfer(session->link, session->out + begin, session->in + begin,
                                      size, error);
        if (result == 0)
            result = check_echoes(session, begin, begin + size, error);
    }
    if (result == 0)
        result = check_presence(session, error);
    session->ext_address = result == 0 ? session->ext_in_batch : -1;
    return result;
}

int avrspi_isp_check_presence(struct avrspi_session *session, struct avrspi_error *error)
{
    avrspi_batch_begin(session);
    avrspi_batch_add_presence_check(session);
    return avrspi_batch_run(session, error);
}

uint8_t avrspi_batch_answer(const struct avrspi_session *session, size_t place,
                            enum avrspi_instruction_id id)
{
    return avrspi_instruction_answer(&session->chip.instruction[id], session->in[place + 3]);
}
