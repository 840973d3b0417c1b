/* SPDX-License-Identifier: MIT */
/*
 * The end of a write.
 *
 * Where the chip answers Poll RDY/BSY, the first write of a kind is polled now and then, and its
 * duration remembered. Later ones are slept through for about that long, and short bursts of polls,
 * each in one transfer, find the end. A first burst that comes too late makes the next sleep a step
 * shorter, each burst in time half a step longer: so most come in time, however late the sleeps of
 * this computer end. Elsewhere the longest wait that any source gives is kept: polling for a value
 * fails on 0xFF, and on 0x7F or 0x80 on old parts.
 *
 * Where nobody says whether RDY/BSY works, the longest wait is kept too, and the chip is asked at
 * both ends of it. What is busy at the begin and ready at the end of several writes of flash, or of
 * EEPROM, is trusted for these from then on; what is not is asked no more.
 */
#include "isp/isp.h"

enum {
    BURST_NS = 64 * AVRSPI_NS_PER_US, /* of polls in one transfer */
    LEAST_POLLS = 2, /* a bit that is wrong on the wire must not pass for the end */
    MOST_POLLS = 64,
    EARLIER_NS = 16 * AVRSPI_NS_PER_US, /* next time, when the first burst came too late */
    LATER_NS = EARLIER_NS / 2,          /* for each burst, when it did not */
    FIRST_GAPS = 64, /* the first write is looked at so many times in the longest wait */
    TRUSTED = 4,     /* writes in a row of which both ends were right */
    MOST_MISSES = 2, /* a look may come too late, on a computer that is busy itself */
    MOST_ASKED = MOST_MISSES * TRUSTED,
};

void avrspi_busy_begin(struct avrspi_session *session, enum avrspi_wait kind)
{
    session->busy_since = avrspi_link_now(session->link);
    session->busy_until =
        session->busy_since + (uint64_t)session->chip.wait_us[kind] * AVRSPI_NS_PER_US;
}

static uint64_t poll_ns(uint32_t sck_hz)
{
    return UINT64_C(32000000000) / sck_hz;
}

static size_t polls_per_burst(uint32_t sck_hz)
{
    uint64_t n = BURST_NS / poll_ns(sck_hz);

    return n < LEAST_POLLS ? LEAST_POLLS : n > MOST_POLLS ? MOST_POLLS : (size_t)n;
}

/* Sends a burst; *ready is the number of the poll from which on all found the target ready. */
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
    for (*ready = polls; *ready > 0; (*ready)--)
        if (avrspi_batch_answer(session, (*ready - 1) * 4, AVRSPI_POLL_RDY_BSY) & 1)
            break;
    return 0;
}

/* What never said busy has not shown that it works: RESET is to stay low for the longest wait. */
static void note_unseen(struct avrspi_session *session, enum avrspi_wait kind)
{
    if (!session->saw_busy[kind])
        session->unseen_until = session->busy_until;
}

void avrspi_isp_wait_until(struct avrspi_session *session, uint64_t when)
{
    uint64_t now = avrspi_link_now(session->link);

    if (when > now)
        avrspi_link_wait(session->link, when - now);
}

/* What a write taught: how long the next one of its kind is slept through. It was over 'ago', and
 * has not lasted for longer than one can, whatever kept this computer from noticing. */
static void remember(struct avrspi_session *session, enum avrspi_wait kind, uint64_t ago,
                     unsigned bursts, bool at_once)
{
    uint64_t lasted = avrspi_link_now(session->link) - ago - session->busy_since;
    uint64_t longest = session->busy_until - session->busy_since;
    uint64_t *sleep = &session->sleep_ns[kind];

    if (lasted > longest)
        lasted = longest;

    if (*sleep == 0)
        *sleep = lasted;
    else if (!at_once)
        *sleep += LATER_NS * bursts;
    else if (*sleep > EARLIER_NS)
        *sleep -= EARLIER_NS;
    if (!at_once || session->seen[kind] == 0) {
        session->seen[kind]++;
        session->seen_ns[kind] += lasted;
    }
}

static int poll_until_ready(struct avrspi_session *session, enum avrspi_wait kind, uint64_t gap,
                            struct avrspi_error *error)
{
    uint32_t sck_hz = avrspi_link_speed(session->link);
    size_t polls = polls_per_burst(sck_hz);

    for (unsigned bursts = 1;; bursts++) {
        uint64_t now = avrspi_link_now(session->link);
        size_t ready;
        int result = burst(session, polls, &ready, error);

        if (result < 0)
            return result;
        session->saw_busy[kind] |= ready > 0;
        if (ready + LEAST_POLLS <= polls) {
            remember(session, kind, (polls - ready) * poll_ns(sck_hz), bursts,
                     bursts == 1 && ready == 0);
            return 0;
        }
        if (now > session->busy_until)
            return avrspi_isp_lost(session, error, "it is busy for longer than a write can take");
        avrspi_isp_wait_until(session, now + gap);
    }
}

static void wait_longest(struct avrspi_session *session, enum avrspi_wait kind)
{
    avrspi_isp_wait_until(session, session->busy_until);
    session->seen[kind]++;
    session->seen_ns[kind] += session->busy_until - session->busy_since;
}

/* --- a chip of which nobody says whether RDY/BSY works */

static bool is_trusted(const struct avrspi_session *session, enum avrspi_wait kind)
{
    return !session->chip.rdy_bsy_unknown || session->asked[kind].agreed >= TRUSTED;
}

/* Whether all of a few polls say the same. */
static int ask(struct avrspi_session *session, bool busy, bool *agrees, struct avrspi_error *error)
{
    size_t ready;
    int result = burst(session, LEAST_POLLS, &ready, error);

    *agrees = true;
    for (size_t n = 0; result == 0 && n < LEAST_POLLS; n++)
        if ((avrspi_batch_answer(session, n * 4, AVRSPI_POLL_RDY_BSY) & 1) != busy)
            *agrees = false;
    return result;
}

static int wait_and_ask(struct avrspi_session *session, enum avrspi_wait kind,
                        struct avrspi_error *error)
{
    bool begins = false, ends = false;
    int result = ask(session, true, &begins, error);

    wait_longest(session, kind);
    if (result == 0 && begins)
        result = ask(session, false, &ends, error);
    session->asked[kind].agreed = begins && ends ? session->asked[kind].agreed + 1 : 0;
    session->asked[kind].misses += !(begins && ends);
    session->saw_busy[kind] |= begins && ends;
    return result;
}

/* --- all chips */

/* Of a chip that may lack RDY/BSY only writes of flash and EEPROM are looked at: of others there is
 * one, or a few. */
static bool polls(const struct avrspi_session *session, enum avrspi_wait kind)
{
    if (!session->chip.instruction[AVRSPI_POLL_RDY_BSY].defined)
        return false;
    return !session->chip.rdy_bsy_unknown ||
           ((kind == AVRSPI_WAIT_FLASH || kind == AVRSPI_WAIT_EEPROM) &&
            session->asked[kind].misses < MOST_MISSES);
}

int avrspi_busy_end(struct avrspi_session *session, enum avrspi_wait kind,
                    struct avrspi_error *error)
{
    uint64_t longest = session->busy_until - session->busy_since;
    uint64_t sleep = session->sleep_ns[kind];
    int result = 0;

    if (!polls(session, kind)) {
        wait_longest(session, kind);
    } else if (!is_trusted(session, kind)) {
        result = wait_and_ask(session, kind, error);
    } else {
        /* a wait that nobody gave says nothing of how long a write takes */
        const uint64_t first = session->chip.rdy_bsy_unknown ? 0 : longest / 2;

        avrspi_isp_wait_until(session, session->busy_since + (sleep ? sleep : first));
        result = poll_until_ready(session, kind, sleep ? 0 : longest / FIRST_GAPS, error);
        if (result == 0)
            note_unseen(session, kind);
    }
    if (result == 0)
        session->busy_until = 0;
    return result;
}

/* A poll that comes just before the end costs the first write a gap or a burst, and a poll that
 * confirms. Of the later ones at most every other pays for a second burst, and only where a burst
 * is no more than two polls. */
uint64_t avrspi_busy_at_most_ns(const struct avrspi_chip *chip, enum avrspi_wait kind,
                                uint64_t count, uint32_t sck_hz)
{
    const uint64_t longest = (uint64_t)chip->wait_us[kind] * AVRSPI_NS_PER_US;
    const uint64_t poll = poll_ns(sck_hz), burst = polls_per_burst(sck_hz) * poll;
    const uint64_t gap = longest / FIRST_GAPS, late = (LEAST_POLLS + 1) * poll;
    uint64_t first, later, asked;

    if (count == 0 || !chip->instruction[AVRSPI_POLL_RDY_BSY].defined)
        return count * longest;
    first = (gap > burst ? gap : burst) + LEAST_POLLS * poll;
    later = (late > burst ? late : burst) + LATER_NS;
    asked = !chip->rdy_bsy_unknown ? 0 : 2 * LEAST_POLLS * poll;
    asked *= count < MOST_ASKED ? count : MOST_ASKED;
    return count * longest + first + (count - 1) * later + (count > 1 ? poll : 0) + asked;
}
