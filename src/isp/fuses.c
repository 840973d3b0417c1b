/* SPDX-License-Identifier: MIT */
#include "isp/isp.h"

#include <stdio.h>

/* Lock bits last: in modes 2 and 3 fuses can't be written any more. */
static const enum avrspi_fuse write_order[] = {
    AVRSPI_FUSE_EXT,
    AVRSPI_FUSE_HIGH,
    AVRSPI_FUSE_LOW,
    AVRSPI_FUSE_LOCK,
};

enum {
    READINGS = 2, /* in one transfer, and both have to agree */
    WRITES = 2,   /* of a byte that reads back otherwise */
};

/* Two readings in one transfer, between two presence checks. */
static int read_once(struct avrspi_session *session, struct avrspi_fuses *fuses,
                     struct avrspi_error *error)
{
    struct avrspi_fuses readings[READINGS] = {0};
    size_t place = 4; /* after the first check */
    int result;

    avrspi_batch_begin(session);
    avrspi_batch_add_presence_check(session);
    for (int n = 0; n < READINGS; n++)
        for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++)
            if (avrspi_fuse_readable(&session->chip, (enum avrspi_fuse)fuse))
                (void)avrspi_batch_add(session, avrspi_fuse_read_id((enum avrspi_fuse)fuse), 0, 0);
    avrspi_batch_add_presence_check(session);
    result = avrspi_batch_run(session, error);
    if (result < 0)
        return result;
    for (int n = 0; n < READINGS; n++) {
        for (int fuse = 0; fuse < AVRSPI_FUSES; fuse++) {
            enum avrspi_fuse which = (enum avrspi_fuse)fuse;
            uint8_t answer;

            if (!avrspi_fuse_readable(&session->chip, which))
                continue;
            answer = avrspi_batch_answer(session, place, avrspi_fuse_read_id(which));
            place += 4;
            readings[n].given[fuse] = true;
            readings[n].value[fuse] = avrspi_fuse_as_written(&session->chip, which, answer);
            if (readings[n].value[fuse] != readings[0].value[fuse])
                return avrspi_isp_lost(session, error, "two readings of the same fuse byte differ");
        }
    }
    *fuses = readings[0];
    return 0;
}

static int read_all(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    (void)context;
    return read_once(session, &session->fuses, error);
}

int avrspi_session_read_fuses(struct avrspi_session *session, struct avrspi_error *error)
{
    int result = avrspi_isp_identified(session, error);

    if (result < 0)
        return result;
    if (avrspi_isp_is_hidden(session)) {
        avrspi_isp_hide_fuses(session);
        return 0;
    }
    return avrspi_isp_with_resync(session, read_all, NULL, error);
}

static int write_one(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    const struct avrspi_fuse_write *write = context;
    int result;

    session->writing = *write;
    session->is_writing = true;
    session->locks |= write->fuse == AVRSPI_FUSE_LOCK;
    avrspi_batch_begin(session);
    avrspi_batch_add_presence_check(session);
    (void)avrspi_batch_add(session, avrspi_fuse_write_id(write->fuse), 0, write->value);
    session->new_clock |= write->fuse != AVRSPI_FUSE_LOCK;
    result = avrspi_batch_run(session, error);
    avrspi_busy_begin(session, AVRSPI_WAIT_FUSE);
    if (result == 0)
        result = avrspi_busy_end(session, AVRSPI_WAIT_FUSE, error);
    if (result == 0)
        result = avrspi_isp_check_presence(session, error);
    session->is_writing = result < 0; /* until it is repeated */
    return result;
}

/* --- mending: fuses take effect when RESET rises, so a byte that a disturbed instruction changed
 * is set right before that, while the old clock still runs */

/* A byte that is being written may be as it was, or as it will be. */
static bool is_right(const struct avrspi_session *session, int fuse, uint8_t found)
{
    if (session->is_writing && (int)session->writing.fuse == fuse &&
        found == session->writing.value)
        return true;
    return !session->fuses.given[fuse] || found == session->fuses.value[fuse];
}

static int write_back(struct avrspi_session *session, int fuse, struct avrspi_error *error)
{
    int result;

    avrspi_batch_begin(session);
    avrspi_batch_add_presence_check(session);
    (void)avrspi_batch_add(session, avrspi_fuse_write_id((enum avrspi_fuse)fuse), 0,
                           session->fuses.value[fuse]);
    result = avrspi_batch_run(session, error);
    avrspi_busy_begin(session, AVRSPI_WAIT_FUSE);
    return result < 0 ? result : avrspi_busy_end(session, AVRSPI_WAIT_FUSE, error);
}

/* The first byte from 'fuse' on that is not right; AVRSPI_FUSE_LOCK for none. */
static int first_wrong(const struct avrspi_session *session, const struct avrspi_fuses *found,
                       int fuse)
{
    while (fuse < AVRSPI_FUSE_LOCK &&
           (!found->given[fuse] || is_right(session, fuse, found->value[fuse])))
        fuse++;
    return fuse;
}

/* Lock bits can't be set back: a write only makes them 0. */
static int check_lock(const struct avrspi_session *session, const struct avrspi_fuses *found,
                      struct avrspi_error *error)
{
    uint8_t value = found->value[AVRSPI_FUSE_LOCK];

    if (!found->given[AVRSPI_FUSE_LOCK] || is_right(session, AVRSPI_FUSE_LOCK, value) ||
        (session->fuses.value[AVRSPI_FUSE_LOCK] & ~value) == 0)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_VERIFY,
                "a disturbance on the wires changed the lock bits to 0x%02X", value);
    avrspi_hint(error, "a chip erase clears them, and all the chip holds; shorten the wires");
    avrspi_advise(error, AVRSPI_ADVICE_ERASE, NULL);
    return AVRSPI_ERR_VERIFY;
}

static int fail_mending(const struct avrspi_session *session, int fuse, uint8_t found,
                        struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_VERIFY,
                "a disturbance on the wires changed the %s byte, and it can't be set back: it "
                "reads 0x%02X, expected 0x%02X",
                avrspi_fuse_name((enum avrspi_fuse)fuse), found, session->fuses.value[fuse]);
    avrspi_hint(error, "is the supply steady, and high enough for a write?");
    return AVRSPI_ERR_VERIFY;
}

int avrspi_isp_mend_fuses(struct avrspi_session *session, struct avrspi_error *error)
{
    struct avrspi_fuses found = {0};
    int result, fuse;

    if (session->reads_only)
        return 0;
    result = read_once(session, &found, error);
    fuse = first_wrong(session, &found, 0);
    if (result == 0)
        result = check_lock(session, &found, error);
    if (result < 0 || fuse == AVRSPI_FUSE_LOCK)
        return result;
    for (; result == 0 && fuse < AVRSPI_FUSE_LOCK; fuse = first_wrong(session, &found, fuse + 1))
        result = write_back(session, fuse, error);
    if (result == 0)
        result = read_once(session, &found, error);
    if (result < 0)
        return result;
    fuse = first_wrong(session, &found, 0);
    return fuse < AVRSPI_FUSE_LOCK ? fail_mending(session, fuse, found.value[fuse], error) : 0;
}

static int fail_read_back(const struct avrspi_fuse_write *write, uint8_t found,
                          struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_VERIFY, "the %s byte was written as 0x%02X, but reads 0x%02X",
                avrspi_fuse_name(write->fuse), write->value, found);
    avrspi_hint(error, "try again; a bit that stays can't be written over SPI");
    avrspi_advise(error, AVRSPI_ADVICE_SLOWER, NULL);
    return AVRSPI_ERR_VERIFY;
}

/* Writes a byte and reads it back; again where it reads otherwise, since a bit that was changed on
 * the wires takes effect when RESET rises. */
static int write_and_read_back(struct avrspi_session *session, struct avrspi_fuse_write *write,
                               struct avrspi_error *error)
{
    for (int n = 1;; n++) {
        int result = avrspi_isp_with_resync(session, write_one, write, error);

        session->is_writing = false;
        if (result < 0)
            return result;
        session->fuses.value[write->fuse] = write->value; /* what mending goes by from now on */
        if (!avrspi_fuse_readable(&session->chip, write->fuse))
            return 0;
        result = avrspi_session_read_fuses(session, error);
        if (result < 0 || session->fuses.value[write->fuse] == write->value)
            return result;
        if (n == WRITES)
            return fail_read_back(write, session->fuses.value[write->fuse], error);
    }
}

int avrspi_isp_write_fuses(struct avrspi_session *session, const struct avrspi_fuses *fuses,
                           struct avrspi_error *error)
{
    int result = avrspi_isp_identified(session, error);

    if (result == 0)
        result = avrspi_session_check_fuses(session, fuses, session->config.force, error);
    for (size_t n = 0; result == 0 && n < sizeof write_order / sizeof *write_order; n++) {
        enum avrspi_fuse fuse = write_order[n];
        struct avrspi_fuse_write write = {
            .fuse = fuse,
            .value = avrspi_fuse_as_written(&session->chip, fuse, fuses->value[fuse]),
        };

        if (!fuses->given[fuse] || !session->chip.fuse[fuse].mask ||
            (session->fuses.given[fuse] && session->fuses.value[fuse] == write.value))
            continue;
        result = avrspi_isp_learn_echo(session, error);
        if (result == 0)
            result = write_and_read_back(session, &write, error);
    }
    return result;
}

/* That byte is the one that was wanted, as far as is known. */
static bool holds(const struct avrspi_session *session, enum avrspi_fuse fuse,
                  const struct avrspi_fuses *wanted)
{
    return session->fuses.value[fuse] ==
           avrspi_fuse_as_written(&session->chip, fuse, wanted->value[fuse]);
}

/* While the clock is raised: a low byte that the job writes itself stays, and lock bits, which may
 * forbid to set it back, come after it. */
int avrspi_session_write_fuses(struct avrspi_session *session, const struct avrspi_fuses *fuses,
                               struct avrspi_error *error)
{
    const uint8_t low = session->fuses.value[AVRSPI_FUSE_LOW];
    struct avrspi_fuses wanted = *fuses;
    int result;

    if (session->raised && wanted.given[AVRSPI_FUSE_LOCK] && !wanted.given[AVRSPI_FUSE_LOW]) {
        wanted.given[AVRSPI_FUSE_LOW] = true;
        wanted.value[AVRSPI_FUSE_LOW] = session->old_low;
    }
    result = avrspi_isp_write_fuses(session, &wanted, error);
    if (!wanted.given[AVRSPI_FUSE_LOW] || !holds(session, AVRSPI_FUSE_LOW, &wanted))
        return result;
    session->raised = false;
    avrspi_note_low_written(session, low);
    return result;
}
