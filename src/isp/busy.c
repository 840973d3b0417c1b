/* SPDX-License-Identifier: MIT */
/*
 * The end of a write.
 *
 * Where the chip answers Poll RDY/BSY, the first write of a kind is polled closely and its
 * duration remembered; later ones are slept through for almost that long, and a short burst of
 * polls in one transfer finds the end. Elsewhere the longest wait that any source gives is kept:
 * polling for a value fails on 0xFF, and on 0x7F or 0x80 on old parts.
 */
#include "isp/isp.h"

enum {
    BURST_NS = 250 * AVRSPI_NS_PER_US, /* of polls in one transfer */
    MOST_POLLS = 64,
    EARLY_NS = 150 * AVRSPI_NS_PER_US, /* wake up that much before the end is due */
};

void avrspi_busy_begin(struct avrspi_session *session, enum avrspi_wait kind)
{
    session->busy_until = avrspi_link_now(session->link) +
                          (uint64_t)session->chip.wait_us[kind] * AVRSPI_NS_PER_US;
}

static size_t polls_per_burst(const struct avrspi_session *session)
{
    uint64_t poll_ns = UINT64_C(32000000000) / avrspi_link_speed(session->link);
    uint64_t n = BURST_NS / poll_ns;

    return n < 1 ? 1 : n > MOST_POLLS ? MOST_POLLS : (size_t)n;
}

/* Sends a burst; *ready is the number of the first poll that found the target ready. */
static int burst(struct avrspi_session *session, size_t polls, size_t *ready,
                 struct avrspi_error *error)
{
    int result;

    avrspi_batch_begin(session);
    for (size_t n = 0; n < polls; n++)
        (void)avrspi_batch_add(session, AVRSPI_POLL_RDY_BSY, 0, 0);
    result = avrspi_batch_run(session, error);
    if (result < 0)
        return result;
    for (*ready = 0; *ready < polls; (*ready)++)
        if (!(avrspi_batch_answer(session, *ready * 4, AVRSPI_POLL_RDY_BSY) & 1))
            break;
    return 0;
}

static int poll_until_ready(struct avrspi_session *session, enum avrspi_wait kind,
                            uint64_t started, struct avrspi_error *error)
{
    size_t polls = polls_per_burst(session);
    uint64_t poll_ns = UINT64_C(32000000000) / avrspi_link_speed(session->link);

    for (;;) {
        uint64_t now = avrspi_link_now(session->link);
        size_t ready;
        int result = burst(session, polls, &ready, error);

        if (result < 0)
            return result;
        if (ready < polls) {
            session->seen_busy_ns[kind] = now + ready * poll_ns - started;
            return 0;
        }
        if (now > session->busy_until)
            return avrspi_isp_lost(session, error,
                                   "it is busy for longer than a write can take");
    }
}

int avrspi_busy_end(struct avrspi_session *session, enum avrspi_wait kind,
                    struct avrspi_error *error)
{
    uint64_t longest = (uint64_t)session->chip.wait_us[kind] * AVRSPI_NS_PER_US;
    uint64_t started = session->busy_until - longest;
    uint64_t due = session->seen_busy_ns[kind];
    uint64_t now = avrspi_link_now(session->link);
    int result;

    if (!session->chip.instruction[AVRSPI_POLL_RDY_BSY].defined) {
        if (session->busy_until > now)
            avrspi_link_wait(session->link, session->busy_until - now);
        session->busy_until = 0;
        return 0;
    }
    if (due == 0)
        due = longest / 2;
    if (due > EARLY_NS && started + due - EARLY_NS > now)
        avrspi_link_wait(session->link, started + due - EARLY_NS - now);
    result = poll_until_ready(session, kind, started, error);
    if (result == 0)
        session->busy_until = 0;
    return result;
}
