/* SPDX-License-Identifier: MIT */
/*
 * A target that was lost in the middle of a job: found again, in step or after a pulse of RESET,
 * its fuses as they are to be, and the step of the work done once more at a lower SCK.
 */
#include "isp/isp.h"

enum {
    MOST_RETRIES = 8, /* for one step of the work */
};

int avrspi_isp_lost(struct avrspi_session *session, struct avrspi_error *error, const char *what)
{
    session->lost = true;
    avrspi_fail(error, AVRSPI_ERR_NO_TARGET, "the target stopped answering: %s", what);
    avrspi_isp_blame(session, error, "is its power steady, are the wires short?",
                     AVRSPI_ADVICE_SLOWER);
    return AVRSPI_ERR_NO_TARGET;
}

/* Whether the target is in step, so that no pulse on RESET is needed. Where it has not shown that,
 * it is only asked when a memory may have been changed: a fuse takes effect with the pulse. To a
 * target that is out of step by two bits the question is an EEPROM write. */
static bool is_in_step(struct avrspi_session *session)
{
    if (!session->identified || session->chip.no_echo)
        return false;
    if (session->answered)
        return true;
    return session->suspected.out_of_step && avrspi_isp_answers(session);
}

/* Half the speed of before, but no slower than the target was found at. */
static int slow_down(struct avrspi_session *session, uint32_t before, struct avrspi_error *error)
{
    if (before / 2 <= session->entry_hz)
        return avrspi_link_set_speed(session->link, session->entry_hz, error);
    session->most_hz = before / 2;
    return avrspi_link_set_speed(session->link, before / 2, error);
}

/* Enters anew at a low speed, and goes on at half the speed of before; no faster than it was found
 * at where that speed was for another clock. */
static int enter_again(struct avrspi_session *session, uint32_t before, struct avrspi_error *error)
{
    uint32_t hz = session->new_clock ? 0 : before;
    int result = avrspi_isp_enter(session, error);

    if (result < 0) {
        /* that of the last tries is nobody's choice */
        (void)avrspi_link_set_speed(session->link, before, NULL);
        return result;
    }
    return slow_down(session, hz, error);
}

static int enter_and_mend(struct avrspi_session *session, uint32_t before,
                          struct avrspi_error *error)
{
    int result = enter_again(session, before, error);

    if (result == 0 && session->reached && session->identified)
        result = avrspi_isp_mend_fuses(session, error);
    return result;
}

/* Fuses act when RESET rises: while the target answers, in step or out of it by a bit, they are set
 * right. AVRSPI_ERR_NO_TARGET when only RESET brings it back into step. */
static int mend_before_reset(struct avrspi_session *session, bool in_step,
                             struct avrspi_error *error)
{
    if (session->reads_only) /* RESET comes before anything else is read */
        return AVRSPI_ERR_NO_TARGET;
    if (in_step)
        return session->reached ? avrspi_isp_mend_fuses(session, error) : 0;
    if (avrspi_isp_shows_slip(session) && (session->reached & AVRSPI_REACHED_FUSES) &&
        avrspi_isp_find_slip(session))
        (void)avrspi_isp_mend_fuses(session, NULL);
    return AVRSPI_ERR_NO_TARGET;
}

static int resync(struct avrspi_session *session, struct avrspi_error *error)
{
    uint32_t before = avrspi_link_speed(session->link);
    struct avrspi_error lost = {0};
    bool in_step;
    int result;

    if (error)
        lost = *error;
    avrspi_isp_wait_for_any_write(session);
    in_step = !session->reads_only && is_in_step(session);
    avrspi_isp_settle(session, in_step);
    result = mend_before_reset(session, in_step, error);
    if (result == 0)
        result = slow_down(session, before, error);
    else if (result == AVRSPI_ERR_NO_TARGET)
        result = enter_and_mend(session, before, error);
    if (result == AVRSPI_ERR_NO_TARGET && error)
        *error = lost; /* the first word on the matter is the better one */
    if (result < 0)
        return result;
    session->retries++;
    avrspi_isp_emit(session, &(struct avrspi_event){.kind = AVRSPI_EVENT_RESYNC,
                                                    .sck_hz = avrspi_link_speed(session->link),
                                                    .count = session->retries});
    return 0;
}

int avrspi_isp_with_resync(struct avrspi_session *session,
                           int (*step)(struct avrspi_session *session, void *context,
                                       struct avrspi_error *error),
                           void *context, struct avrspi_error *error)
{
    int result = 0;

    /* a write that a call before left behind when it was interrupted */
    avrspi_isp_wait_for_write(session);
    if (!session->in_step) /* nor did its entry come to an end */
        result = avrspi_isp_enter(session, error);
    if (result < 0)
        return result;
    for (unsigned n = 0;; n++) {
        session->lost = false;
        result = step(session, context, error);
        if (result == 0 || !session->lost)
            return result;
        if (n < MOST_RETRIES)
            result = resync(session, error);
        if (n == MOST_RETRIES || result < 0) {
            session->lost = false; /* for good: no step around this one is to try again */
            return result;
        }
    }
}
