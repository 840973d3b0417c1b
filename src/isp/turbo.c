/* SPDX-License-Identifier: MIT */
/*
 * A faster clock for the time of a job.
 *
 * A chip that runs at a slow or divided internal clock (most do as delivered: 8 MHz / 8) allows SCK
 * of 225 kHz; at 8 MHz it allows 1.8 MHz. The low byte, which has all that decides about the clock,
 * is written for the time of the job, programming mode is left and entered again so that it takes
 * effect, and at the end the old byte is written back, unless the job has written its own. It is
 * always an internal clock: nothing outside the chip is needed, so the chip answers in any case.
 */
#include "isp/isp.h"

#include <string.h>

/* SCK with that low byte; 0 when it asks for a clock from outside, or may not be written. */
static uint32_t sck_with(const struct avrspi_session *session, uint8_t low)
{
    struct avrspi_fuses fuses = {.given[AVRSPI_FUSE_LOW] = true};
    struct avrspi_clock clock;

    memcpy(fuses.value, session->fuses.value, sizeof fuses.value);
    fuses.value[AVRSPI_FUSE_LOW] = low;
    clock = avrspi_chip_clock(&session->chip, fuses.value);
    if (clock.source != AVRSPI_CLOCK_INTERNAL ||
        avrspi_session_check_fuses(session, &fuses, false, NULL) < 0)
        return 0;
    return avrspi_sck_limit(&clock);
}

static uint8_t undivided(const struct avrspi_session *session, uint8_t low)
{
    const struct avrspi_field *field = avrspi_chip_field(&session->chip, "CKDIV8");

    return field && field->fuse == AVRSPI_FUSE_LOW ? avrspi_field_set(field, low, 1) : low;
}

/* Not to who asks for a certain SCK. */
static bool may_help(const struct avrspi_session *session)
{
    return session->identified && !session->turbo && !session->config.sck_hz &&
           !session->chip.power_cycle && session->fuses.given[AVRSPI_FUSE_LOW] &&
           avrspi_session_clock(session).source == AVRSPI_CLOCK_INTERNAL &&
           avrspi_isp_lock_mode(session) == AVRSPI_LOCK_MODE_NONE;
}

/* The low byte with which SCK is fastest: the one that the job ends with, that or today's without
 * the divider, or today's. Of equals it is the first, which saves a write. */
static uint8_t fastest(const struct avrspi_session *session, const struct avrspi_fuses *final)
{
    uint8_t now = session->fuses.value[AVRSPI_FUSE_LOW], best = now;
    uint8_t last = final && final->given[AVRSPI_FUSE_LOW] ? final->value[AVRSPI_FUSE_LOW] : now;
    const uint8_t low[] = {last, undivided(session, last), undivided(session, now)};

    if (!may_help(session))
        return now;
    for (size_t n = 0; n < sizeof low; n++)
        if (sck_with(session, low[n]) > sck_with(session, best))
            best = low[n];
    return best;
}

uint32_t avrspi_session_turbo_sck(const struct avrspi_session *session,
                                  const struct avrspi_fuses *final)
{
    uint8_t best = fastest(session, final);

    return best == session->fuses.value[AVRSPI_FUSE_LOW] ? 0 : sck_with(session, best);
}

static int write_low(struct avrspi_session *session, uint8_t value, struct avrspi_error *error)
{
    const struct avrspi_fuses wanted = {
        .given[AVRSPI_FUSE_LOW] = true,
        .value[AVRSPI_FUSE_LOW] = value,
    };

    return avrspi_isp_write_fuses(session, &wanted, error);
}

/* The fuses that are written take effect when programming mode is left. */
static int latch(struct avrspi_session *session, struct avrspi_error *error)
{
    int result = avrspi_isp_enter(session, error);

    return result < 0 ? result : avrspi_isp_choose_sck(session, error);
}

int avrspi_session_turbo_begin(struct avrspi_session *session, const struct avrspi_fuses *final,
                               struct avrspi_error *error)
{
    uint8_t now = session->fuses.value[AVRSPI_FUSE_LOW], best = fastest(session, final);
    int result = avrspi_isp_identified(session, error);

    if (result < 0 || best == now)
        return result;
    session->turbo = true;
    session->turbo_low = now;
    result = write_low(session, best, error);
    return result < 0 ? result : latch(session, error);
}

bool avrspi_session_turbo_active(const struct avrspi_session *session)
{
    return session->turbo;
}

int avrspi_session_turbo_end(struct avrspi_session *session, struct avrspi_error *error)
{
    const volatile sig_atomic_t *interrupt = session->config.interrupt;
    uint8_t low = session->turbo_low;
    int result;

    if (!session->turbo)
        return 0;
    session->turbo = false;
    session->config.interrupt = NULL; /* an interrupted job still leaves the fuse as it was */
    result = avrspi_session_read_fuses(session, error);
    if (result == 0)
        result = write_low(session, low, error);
    session->config.interrupt = interrupt;
    if (result == 0)
        return 0;
    avrspi_fail(error, (enum avrspi_err)result,
                "the low fuse was raised for speed, and could not be set back to 0x%02X", low);
    avrspi_hint(error, "once the target answers again: 'avrspi fuses --low 0x%02X'", low);
    return result;
}
