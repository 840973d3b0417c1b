/* SPDX-License-Identifier: MIT */
/* Another low fuse byte for the time of a job, and the old one back at its end. */
#include "isp/isp.h"

#include <stdio.h>
#include <string.h>

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

/* The clock that a low byte selects must be one that the chip is specified for at its supply. */
static int check_supply(const struct avrspi_session *session, uint8_t low,
                        struct avrspi_error *error)
{
    uint32_t supply_mv = session->config.supply_mv;
    const struct avrspi_chip *unfit;
    uint8_t fuses[AVRSPI_FUSES];
    struct avrspi_clock clock;

    memcpy(fuses, session->fuses.value, sizeof fuses);
    fuses[AVRSPI_FUSE_LOW] = low;
    clock = avrspi_chip_clock(&session->chip, fuses);
    unfit =
        avrspi_supply_first_unfit(session->candidates, session->n_candidates, &clock, supply_mv);
    if (!unfit)
        return 0;
    return avrspi_fail(error, AVRSPI_ERR_REFUSED, "the %s is not specified for %u Hz at %u mV",
                       unfit->name, clock.max_hz, supply_mv);
}

int avrspi_session_raise_clock(struct avrspi_session *session, uint8_t low,
                               struct avrspi_error *error)
{
    int result = avrspi_isp_identified(session, error);

    if (result < 0 || low == session->fuses.value[AVRSPI_FUSE_LOW])
        return result;
    result = check_supply(session, low, error);
    if (result < 0)
        return result;
    if (!session->raised)
        session->old_low = session->fuses.value[AVRSPI_FUSE_LOW];
    result = avrspi_note_low(session, session->old_low,
                             avrspi_fuse_as_written(&session->chip, AVRSPI_FUSE_LOW, low), error);
    if (result < 0)
        return result;
    session->raised = true;
    result = write_low(session, low, error);
    return result < 0 ? result : latch(session, error);
}

bool avrspi_session_clock_is_raised(const struct avrspi_session *session)
{
    return session->raised;
}

int avrspi_session_restore_clock(struct avrspi_session *session, struct avrspi_error *error)
{
    const volatile sig_atomic_t *interrupt = session->config.interrupt;
    bool stopped = session->stopped;
    uint8_t low = session->old_low;
    char value[8];
    int result;

    if (!session->raised)
        return 0;
    session->raised = false;
    session->config.interrupt = NULL; /* an interrupted job still leaves the fuse as it was */
    session->stopped = false;
    result = avrspi_session_read_fuses(session, error);
    if (result == 0)
        result = write_low(session, low, error);
    session->config.interrupt = interrupt;
    session->stopped |= stopped;
    if (result == 0)
        avrspi_note_low_written(session, low);
    if (result == 0)
        return 0;
    avrspi_fail(error, (enum avrspi_err)result,
                "the low fuse was raised for speed, and could not be set back to 0x%02X", low);
    avrspi_hint(error, "write it once the target answers again");
    (void)snprintf(value, sizeof value, "0x%02X", low);
    avrspi_advise(error, AVRSPI_ADVICE_RESTORE_LOW_FUSE, value);
    return result;
}
