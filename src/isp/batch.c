/* SPDX-License-Identifier: MIT */
/*
 * Instructions stand back to back in one transfer: the target needs no pause between them, and
 * one system call carries as many as spidev's buffer holds.
 *
 * While the third byte of an instruction goes out, its second byte comes back: that is what the
 * datasheets promise, and what is checked for every single instruction. Most chips echo the first
 * byte too, and the third where nothing is read; that is learned while a chip is identified, and
 * then demanded: a byte that arrived changed is seen at once.
 *
 * A target that is out of step by a bit echoes like one that is in step. What it can't do is answer
 * an instruction: so a reading of the signature, which is known, stands in front of and after
 * what is used (presence checks).
 */
#include "isp/isp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PRESENCE_BYTE = 1, /* of the signature: 0x9x; its own number where lock bits hide it */
    /* odd patterns in the bits that mean nothing: a target that is out of step, and echoes, answers
     * with what can't be the signature */
    DONT_CARE_SECOND = 0x15,
    DONT_CARE_THIRD = 0x54,
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

    if (result == 0)
        result = grow(&session->in, size, error);
    return result < 0 ? result : grow(&session->ids, size / 4, error);
}

void avrspi_batch_begin(struct avrspi_session *session)
{
    session->used = 0;
    session->n_checks = 0;
    session->ext_in_batch = session->ext_address;
}

static size_t append(struct avrspi_session *session, enum avrspi_instruction_id id,
                     uint32_t address, uint8_t data)
{
    size_t place = session->used;

    session->ids[place / 4] = (uint8_t)id;
    session->wrote |= avrspi_isp_is_write(id);
    avrspi_instruction_encode(&session->chip.instruction[id], address, data, session->out + place);
    session->used += 4;
    return place;
}

size_t avrspi_batch_add(struct avrspi_session *session, enum avrspi_instruction_id id,
                        uint32_t address, uint8_t data)
{
    int32_t ext = (int32_t)(address >> 16);

    if (avrspi_instruction_is_extended(&session->chip, id) && session->ext_in_batch != ext) {
        append(session, AVRSPI_LOAD_EXT_ADDRESS, address, 0);
        session->ext_in_batch = ext;
    }
    return append(session, id, address, data);
}

/* Which of the first three bytes of an instruction must come back. */
struct echo {
    bool byte[3];
};

static struct echo echo_of(const struct avrspi_session *session, size_t place)
{
    enum avrspi_instruction_id id = (enum avrspi_instruction_id)session->ids[place / 4];

    return (struct echo){{
        session->echoes_first && id != AVRSPI_POLL_RDY_BSY,
        true,
        session->echoes_third && !avrspi_instruction_answers(&session->chip.instruction[id]),
    }};
}

static int fail_echo(struct avrspi_session *session, size_t place, size_t byte,
                     struct avrspi_error *error)
{
    const uint8_t *out = session->out + place, *in = session->in + place;
    char what[112];

    (void)snprintf(what, sizeof what,
                   "instruction %02X %02X %02X %02X was echoed as %02X, not %02X, at %u Hz", out[0],
                   out[1], out[2], out[3], in[byte + 1], out[byte],
                   (unsigned)avrspi_link_speed(session->link));
    return avrspi_isp_lost(session, error, what);
}

/* The first byte of the instruction at that place that came back changed; 3 for none. */
static size_t changed_byte(const struct avrspi_session *session, size_t place)
{
    const uint8_t *out = session->out + place, *in = session->in + place;
    const struct echo echo = echo_of(session, place);
    size_t byte = 0;

    while (byte < 3 && !(echo.byte[byte] && in[byte + 1] != out[byte]))
        byte++;
    return byte;
}

/* Old chips hide the signature behind 00 01 02 while their lock bits forbid reading: it may have
 * been hidden, or shown, since it was read. */
static bool is_present(const struct avrspi_session *session, uint8_t found)
{
    bool may_hide = session->locks || avrspi_isp_is_hidden(session) ||
                    avrspi_lock_mode(&session->chip, &session->fuses) == AVRSPI_LOCK_MODE_READ;

    return found == session->signature[PRESENCE_BYTE] ||
           found == session->chip.signature[PRESENCE_BYTE] || (may_hide && found == PRESENCE_BYTE);
}

/* Whether the target answers after that place, as far as was sent. */
static bool answers_after(const struct avrspi_session *session, size_t place, size_t end)
{
    for (size_t n = 0; n < session->n_checks; n++) {
        size_t check = session->checks[n];

        if (check > place && check < end &&
            is_present(session, avrspi_batch_answer(session, check, AVRSPI_READ_SIGNATURE)))
            return true;
    }
    return false;
}

/* One changed instruction was what its echo shows; of several none can be named. */
static int check_echoes(struct avrspi_session *session, size_t begin, size_t end,
                        struct avrspi_error *error)
{
    size_t first = end, changed = 0;

    if (session->chip.no_echo)
        return 0;
    for (size_t place = begin; place < end; place += 4) {
        if (changed_byte(session, place) == 3)
            continue;
        if (changed++ == 0)
            first = place;
    }
    if (changed == 0)
        return 0;
    if (changed > 1)
        avrspi_isp_suspect_slip(session, begin, end);
    else
        avrspi_isp_suspect_echo(session, first, begin, end);
    session->answered = changed == 1 && answers_after(session, first, end);
    return fail_echo(session, first, changed_byte(session, first), error);
}

size_t avrspi_batch_add_signature(struct avrspi_session *session, uint32_t address, bool patterned)
{
    size_t place = append(session, AVRSPI_READ_SIGNATURE, address, 0);
    const struct avrspi_instruction *read = &session->chip.instruction[AVRSPI_READ_SIGNATURE];

    if (!patterned)
        return place;
    session->out[place + 1] |= (uint8_t)(DONT_CARE_SECOND & ~read->address_mask[1]);
    session->out[place + 2] |= (uint8_t)(DONT_CARE_THIRD & ~read->address_mask[2]);
    return place;
}

void avrspi_batch_add_presence_check(struct avrspi_session *session)
{
    session->checks[session->n_checks++] =
        avrspi_batch_add_signature(session, PRESENCE_BYTE, session->patterned);
}

static int check_presence(struct avrspi_session *session, size_t begin, size_t end,
                          struct avrspi_error *error)
{
    for (size_t n = 0; n < session->n_checks; n++) {
        size_t place = session->checks[n];
        uint8_t found = avrspi_batch_answer(session, place, AVRSPI_READ_SIGNATURE);
        char what[96];

        if (place < begin || place >= end || is_present(session, found))
            continue;
        session->mirrored = found == session->out[place + 2];
        avrspi_isp_suspect_slip(session, begin, end);
        (void)snprintf(what, sizeof what, "its signature reads %02X in place of %02X", found,
                       session->signature[PRESENCE_BYTE]);
        return avrspi_isp_lost(session, error, what);
    }
    return 0;
}

int avrspi_batch_run(struct avrspi_session *session, struct avrspi_error *error)
{
    int result = session->used ? avrspi_isp_interrupted(session, error) : 0;

    session->answered = false;
    session->mirrored = false;
    if (result < 0)
        return result;
    for (size_t begin = 0; result == 0 && begin < session->used; begin += session->room) {
        size_t left = session->used - begin, size = left < session->room ? left : session->room;

        result =
            avrspi_isp_transfer(session, session->out + begin, session->in + begin, size, error);
        if (result == 0)
            result = check_echoes(session, begin, begin + size, error);
        if (result == 0)
            result = check_presence(session, begin, begin + size, error);
    }
    session->ext_address = result == 0 ? session->ext_in_batch : -1;
    return result;
}

/*
 * A lost pulse of SCK makes of Programming Enable (AC 53) the write of a fuse (AC A6): the extended
 * one, or the low one where there is none. What would be written is today's byte, sent a bit late;
 * its last bit is the first of the instruction that follows, which is 1 in Poll RDY/BSY alone.
 */
static size_t add_enable(struct avrspi_session *session)
{
    size_t place = append(session, AVRSPI_PROGRAMMING_ENABLE, 0, 0);
    enum avrspi_fuse fuse =
        session->fuses.given[AVRSPI_FUSE_EXT] ? AVRSPI_FUSE_EXT : AVRSPI_FUSE_LOW;
    uint8_t value = session->fuses.value[fuse];

    session->out[place + 2] = DONT_CARE_THIRD;
    session->out[place + 3] = value >> 1;
    if ((value & 1) && session->chip.rdy_bsy)
        append(session, AVRSPI_POLL_RDY_BSY, 0, 0);
    return place;
}

/* Programming Enable changes nothing once it was accepted. Its third byte means nothing, and is
 * sent as one that tells whether it comes back. (That a chip takes it a second time: not measured.)
 */
static int learn(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    size_t place;
    int result;

    (void)context;
    session->echoes_third = false;
    avrspi_batch_begin(session);
    avrspi_batch_add_presence_check(session);
    place = add_enable(session);
    avrspi_batch_add_presence_check(session);
    result = avrspi_batch_run(session, error);
    if (result == 0)
        session->echoes_third = session->in[place + 3] == DONT_CARE_THIRD;
    session->learned = result == 0;
    return result;
}

int avrspi_isp_learn_echo(struct avrspi_session *session, struct avrspi_error *error)
{
    if (session->learned || session->chip.no_echo)
        return 0;
    return avrspi_isp_with_resync(session, learn, NULL, error);
}

int avrspi_isp_check_presence(struct avrspi_session *session, struct avrspi_error *error)
{
    avrspi_batch_begin(session);
    avrspi_batch_add_presence_check(session);
    return avrspi_batch_run(session, error);
}

bool avrspi_isp_answers(struct avrspi_session *session)
{
    for (int n = 0; n < 2; n++)
        if (avrspi_isp_check_presence(session, NULL) < 0)
            return false;
    return true;
}

uint8_t avrspi_batch_answer(const struct avrspi_session *session, size_t place,
                            enum avrspi_instruction_id id)
{
    return avrspi_instruction_answer(&session->chip.instruction[id], session->in[place + 3]);
}
