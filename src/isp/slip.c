/* SPDX-License-Identifier: MIT */
/*
 * Instructions to a target that is out of step by a bit.
 *
 * A target that missed an SCK pulse while a fuse byte was written has another value in it, which
 * takes effect when RESET rises. So it is set right before that: zeros bring the target to the end
 * of the instruction that it is in, what follows is in step with it, and zeros again, which are no
 * instruction, make up whole bytes and leave the target as it was.
 */
#include "isp/isp.h"

#include <string.h>

enum {
    FRAME = 4,         /* bytes of an instruction */
    PIECE = 16 * 4,    /* bytes in one transfer */
    ONE_TOO_FEW = 1,   /* bits that the target lacks of its instruction: one pulse was missed */
    ONE_TOO_MANY = 31, /* one pulse was counted twice */
    EARLY_AND_LATE = 0x7E,
};

static bool bit(const uint8_t *bytes, size_t n)
{
    return bytes[n / 8] >> (7 - n % 8) & 1;
}

/* Stores the bits of 'from', from bit 'first' on, at bit 'at' of 'to', which is zero there. */
static void copy_bits(uint8_t *to, size_t at, const uint8_t *from, size_t first, size_t count)
{
    for (size_t n = 0; n < count; n++)
        to[(at + n) / 8] |= (uint8_t)(bit(from, first + n) << (7 - (at + n) % 8));
}

static int transfer_piece(struct avrspi_session *session, const uint8_t *out, uint8_t *in,
                          size_t size, struct avrspi_error *error)
{
    uint8_t sent[PIECE + FRAME] = {0}, received[PIECE + FRAME] = {0};
    int result;

    copy_bits(sent, session->slip, out, 0, size * 8);
    result = avrspi_link_transfer(session->link, sent, received, size + FRAME, error);
    memset(in, 0, size);
    copy_bits(in, 0, received, session->slip, size * 8);
    return result;
}

int avrspi_isp_transfer(struct avrspi_session *session, const uint8_t *out, uint8_t *in,
                        size_t size, struct avrspi_error *error)
{
    int result = 0;

    if (session->slip == 0)
        return avrspi_link_transfer(session->link, out, in, size, error);
    for (size_t at = 0; result == 0 && at < size; at += PIECE) {
        size_t left = size - at;

        result = transfer_piece(session, out + at, in + at, left < PIECE ? left : PIECE, error);
    }
    return result;
}

/* Of a chip that echoes the second byte alone: the bits of it that a target returns at the same
 * time whether it is a bit early or late. In step it would have answered too. */
static bool echoes_without_an_answer(const struct avrspi_session *session)
{
    const uint8_t *out = session->out, *in = session->in;
    bool is_check = session->used == FRAME && session->n_checks == 1;

    return !session->echoes_first && session->patterned && is_check &&
           ((in[2] ^ out[1]) & EARLY_AND_LATE) == 0 && in[3] != session->signature[1];
}

bool avrspi_isp_shows_slip(const struct avrspi_session *session)
{
    return session->mirrored || echoes_without_an_answer(session);
}

bool avrspi_isp_find_slip(struct avrspi_session *session)
{
    static const uint8_t slips[] = {ONE_TOO_FEW, ONE_TOO_MANY};

    for (size_t n = 0; n < sizeof slips; n++) {
        session->slip = slips[n];
        avrspi_isp_wait_for_any_write(session); /* that the last bit of a question has begun */
        if (avrspi_isp_answers(session))
            return true;
    }
    session->slip = 0;
    return false;
}
