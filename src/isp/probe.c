/* SPDX-License-Identifier: MIT */
/*
 * Trials: how fast is the clock of a chip whose fuses leave that open?
 *
 * A chip in reset that is not enabled ignores all but Programming Enable, AC 53 00 00, all ones of
 * which are in the bytes that have to be right: with lost bits it is no instruction. So one of
 * them may be sent too fast after a pulse on RESET, and another pulse follows whatever came back,
 * since a chip that was enabled out of step could take the next instruction for a write. A chip
 * that echoes at SCK has seen both levels of it, each for one clock at least: f_cpu >= 2 SCK. That
 * is what is proven, and no more; the work is done at the SCK that the datasheet allows for it. No
 * echo proves nothing. None of this was seen on silicon.
 *
 * Each pulse may start the program for a moment: three speeds at most, two tries each.
 */
#include "isp/isp.h"
#include "link/link.h"

#include <string.h>

enum {
    SPEEDS = 3,
    TRIES = 2,
    MEASURING_US = 3000, /* of a transfer that tells SCK: the call costs up to 0.1 ms of it */
    READINGS = 16,       /* of the signature, at the new SCK */
    UPPER_HZ = 16000000,
    MIDDLE_HZ = 8000000,
    LONG_JOB = 32000, /* instructions */
};

/* --- whether, and how fast */

/*
 * Chips were not measured. They may follow SCK nearly to f/2, to f/3, or just as far as promised
 * (f/4; f/6 from 12 MHz). Frequencies that people have are 8, 12, 16 and 20 MHz. A controller makes
 * the next slower SCK, up to 4 % less on a Raspberry Pi.
 *
 * The three for 'most' are just below where a chip of that clock stops to follow under each of the
 * three: with 8 MHz, 3.6, 2.65 and 1.99 MHz, each chip of 8 MHz and more follows one of them, and
 * works at 1.8, 1.3 or 1.0 MHz at least. A long job tries 7.2 MHz before: where a chip of 16 MHz
 * follows that, SCK is 2.4 MHz, which saves 140 ms and more, and a speed in vain costs 26 ms. Then
 * 3.6 MHz for 16 MHz and f/3, and 2.65 MHz for 16 MHz and f/6; the price is that a chip of 8 or
 * 12 MHz that follows no farther than promised is not found.
 *
 * Of a clock that may be divided by 8 once the chip is enabled only an eighth counts: 5.3 MHz, for
 * 16 MHz and f/3, is worth more there than 3.6 MHz.
 */
static void choose_speeds(const struct avrspi_session *session, uint64_t instructions,
                          uint32_t hz[SPEEDS])
{
    const uint32_t most_hz = avrspi_session_clock(session).max_hz;
    const bool open = most_hz == 0 || most_hz >= UPPER_HZ;
    const uint32_t high = open && instructions >= LONG_JOB ? UPPER_HZ : MIDDLE_HZ;
    const uint32_t most = most_hz && most_hz < high ? most_hz : high;

    hz[0] = most / 100 * 45;
    if (open && session->chip.divider_unknown) {
        hz[0] = UPPER_HZ / 100 * 45;
        hz[1] = UPPER_HZ / 301 * 100;
        hz[2] = UPPER_HZ / 601 * 100;
    } else if (high == UPPER_HZ) {
        hz[1] = MIDDLE_HZ / 100 * 45;
        hz[2] = UPPER_HZ / 601 * 100;
    } else {
        hz[1] = most / 301 * 100;
        hz[2] = most / 401 * 100;
    }
}

/* SCK for a clock of which no more is known than that it is at least that of the proof. */
static uint32_t work_hz(const struct avrspi_session *session, uint32_t proven_hz)
{
    struct avrspi_clock clock = avrspi_session_clock(session);
    uint32_t at_most = avrspi_sck_limit(&(struct avrspi_clock){
        .source = clock.source, .min_hz = clock.max_hz, .max_hz = clock.max_hz});
    uint32_t hz;

    avrspi_isp_prove(&clock, avrspi_chip_enabled_clock(&session->chip, proven_hz));
    hz = avrspi_sck_limit(&clock);
    return clock.max_hz && hz > at_most ? at_most : hz;
}

/* What is sent may not do harm, and what comes back tells something. */
static bool is_safe(const struct avrspi_session *session)
{
    const struct avrspi_field *divider = avrspi_chip_field(&session->chip, "CKDIV8");

    if (session->entry_tries != 1 || session->slow_reset || session->retries ||
        session->new_clock || session->raised)
        return false;
    if (session->chip.no_echo || (divider && !session->fuses.given[divider->fuse]))
        return false;
    for (size_t n = 0; n < session->n_candidates; n++) {
        const struct avrspi_chip *chip = session->candidates[n];

        /* a program's clock may be another one, and outlasts RESET until Programming Enable: of a
         * pulse that is no shorter than 1 ms it is not certain that no program starts in it */
        if (chip->switches_clock || avrspi_chip_divider(chip, session->fuses.value) != 1)
            return false;
    }
    return true;
}

uint32_t avrspi_isp_probe_hz(const struct avrspi_session *session, uint64_t instructions)
{
    const struct avrspi_session_config *config = &session->config;
    const struct avrspi_clock clock = avrspi_session_clock(session);
    const uint32_t most_hz = avrspi_link_fastest_speed(session->link);
    uint32_t hz[SPEEDS], fastest;

    if (session->probed || config->no_probe || config->sck_hz || config->fcpu_hz ||
        !avrspi_link_can_be_faster(session->link))
        return 0;
    if (clock.source == AVRSPI_CLOCK_INTERNAL || (clock.max_hz && clock.max_hz == clock.min_hz))
        return 0;
    if (!is_safe(session))
        return 0;
    choose_speeds(session, instructions, hz);
    fastest = work_hz(session, 2 * hz[0]);
    if (most_hz && fastest > most_hz)
        fastest = most_hz;
    return fastest > avrspi_link_speed(session->link) ? fastest : 0;
}

uint64_t avrspi_isp_probe_ns(const struct avrspi_session *session)
{
    const uint64_t measuring = AVRSPI_RESET_PULSE_NS + MEASURING_US * AVRSPI_NS_PER_US;
    const uint64_t speeds = SPEEDS * (measuring + TRIES * avrspi_isp_entry_ns(false));

    return speeds + measuring + avrspi_isp_entry_ns(false) +
           32 * UINT64_C(1000000000) / (session->entry_hz ? session->entry_hz : 1);
}

/* Whether RESET is held low. Such a chip stays enabled, and would take what is sent too fast for
 * any instruction. The trials begin with a pulse, in which this costs nothing where RESET rises. */
static int sense_reset(struct avrspi_session *session, enum avrspi_reset_pull *pull,
                       struct avrspi_error *error)
{
    int result = avrspi_isp_leave(session, error);

    session->in_step = false;
    return result < 0 ? result : avrspi_link_sense_reset(session->link, true, pull, error);
}

/* --- a trial */

/*
 * SCK that the controller makes, by the time that a long transfer takes: an idle Raspberry Pi makes
 * 0.4 of what was asked. RESET is low, and the zeros become no instruction however they slip. 0: no
 * transfer is long enough.
 */
static int measure(struct avrspi_session *session, uint32_t *made_hz, struct avrspi_error *error)
{
    const uint64_t asked_hz = avrspi_link_speed(session->link);
    const uint64_t wanted = asked_hz * MEASURING_US / 8000000 / 4 * 4 + 4;
    const size_t size = wanted < session->room ? (size_t)wanted : session->room;
    uint64_t began;
    int result;

    *made_hz = 0;
    if (size * 2 < wanted)
        return 0;
    result = avrspi_isp_pulse_reset(session, 0, error);
    if (result < 0)
        return result;
    memset(session->out, 0, size);
    began = avrspi_link_now(session->link);
    result = avrspi_link_transfer(session->link, session->out, session->in, size, error);
    if (result == 0) {
        const uint64_t ns = avrspi_link_now(session->link) - began;
        const uint64_t hz = size * 8 * UINT64_C(1000000000) / (ns ? ns : 1);

        *made_hz = hz < asked_hz ? (uint32_t)hz : (uint32_t)asked_hz;
    }
    return result;
}

int avrspi_isp_try_enable(struct avrspi_session *session, bool *echoed, struct avrspi_error *error)
{
    uint8_t answer[4];
    int result = avrspi_isp_interrupted(session, error), left;

    *echoed = false;
    if (result == 0)
        result = avrspi_isp_pulse_reset(session, AVRSPI_RESET_REST_NS, error);
    if (result < 0)
        return result;
    result = avrspi_isp_enable(session, answer, echoed, error);
    left = avrspi_isp_leave(session, result == 0 ? error : NULL);
    return result < 0 ? result : left;
}

/* *proven_hz is the SCK at which both tries were echoed: the lowest that was asked or measured,
 * before and after them. 0 where one was not, or SCK could not be measured: then nothing was tried,
 * and *count stays. */
static int try_speed(struct avrspi_session *session, uint32_t hz, uint32_t *proven_hz,
                     unsigned *count, struct avrspi_error *error)
{
    uint32_t before = 0, after = 0;
    bool echoed = true;
    int result = avrspi_link_set_speed(session->link, hz, error);

    *proven_hz = 0;
    if (result == 0)
        result = measure(session, &before, error);
    if (result < 0 || before == 0)
        return result;
    ++*count;
    for (int n = 0; result == 0 && echoed && n < TRIES; n++)
        result = avrspi_isp_try_enable(session, &echoed, error);
    if (result == 0 && echoed)
        result = measure(session, &after, error);
    *proven_hz = before < after ? before : after;
    return result;
}

/* --- all of them */

static int try_speeds(struct avrspi_session *session, const uint32_t hz[SPEEDS], uint32_t slow_hz,
                      struct avrspi_event *event, struct avrspi_error *error)
{
    uint32_t proven_hz = 0;
    int result = 0;

    for (int n = 0; result == 0 && proven_hz == 0 && n < SPEEDS; n++) {
        if (work_hz(session, 2 * hz[n]) <= slow_hz)
            break;
        result = try_speed(session, hz[n], &proven_hz, &event->count, error);
    }
    if (result < 0 || work_hz(session, 2 * proven_hz) <= slow_hz)
        return result;
    event->echo_hz = proven_hz;
    session->proven_hz = avrspi_chip_enabled_clock(&session->chip, 2 * proven_hz);
    memcpy(session->proven_with, session->fuses.value, sizeof session->proven_with);
    return 0;
}

/* Reads the signature again and again at the new SCK, before anything is written. When the target
 * was lost at it and found again, the proof does not count. */
static int look(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    bool *failed = context;
    int result = 0;

    if (*failed)
        return 0;
    *failed = true;
    for (int n = 0; result == 0 && n < READINGS; n++) {
        avrspi_batch_begin(session);
        for (uint32_t byte = 0; byte < 3; byte++)
            (void)avrspi_batch_add_signature(session, byte, session->patterned);
        result = avrspi_batch_run(session, error);
        for (size_t byte = 0; result == 0 && byte < 3; byte++)
            if (avrspi_batch_answer(session, byte * 4, AVRSPI_READ_SIGNATURE) !=
                session->signature[byte])
                result = avrspi_isp_lost(session, error, "its signature reads differently");
    }
    *failed = result < 0;
    return result;
}

static int confirm(struct avrspi_session *session, struct avrspi_error *error)
{
    bool failed = false;
    int result = avrspi_isp_with_resync(session, look, &failed, error);

    if (result < 0 || !failed)
        return result;
    session->proven_hz = 0;
    session->most_hz = 0;
    return avrspi_isp_choose_sck(session, error);
}

int avrspi_isp_probe(struct avrspi_session *session, uint64_t instructions,
                     struct avrspi_error *error)
{
    const uint32_t slow_hz = avrspi_link_speed(session->link);
    struct avrspi_event event = {.kind = AVRSPI_EVENT_CLOCK};
    enum avrspi_reset_pull pull;
    uint32_t hz[SPEEDS];
    int result;

    if (avrspi_isp_probe_hz(session, instructions) == 0)
        return 0;
    session->probed = true;
    choose_speeds(session, instructions, hz);
    result = sense_reset(session, &pull, error);
    if (result == 0 && pull != AVRSPI_RESET_PULLED_DOWN)
        result = try_speeds(session, hz, slow_hz, &event, error);
    if (result == 0)
        result = avrspi_isp_enter(session, error);
    if (result == 0)
        result = avrspi_isp_choose_sck(session, error);
    if (result == 0 && session->proven_hz)
        result = confirm(session, error);
    if (result < 0)
        return result;
    event.clock_hz = session->proven_hz;
    event.sck_hz = avrspi_link_speed(session->link);
    if (event.count)
        avrspi_isp_emit(session, &event);
    return 0;
}
