/* SPDX-License-Identifier: MIT */
/* Another low fuse byte for the time of a job, and the old one back at its end. */
#include "isp/isp.h"

#include <stdio.h>

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

int avrspi_session_raise_clock(struct avrspi_session *session, uint8_t low,
                               struct avrspi_error *error)
{
    int result = avrspi_isp_identified(session, error);

    if (result < 0 || low == session->fuses.value[AVRSPI_FUSE_LOW])
        return result;
    if (!session->raised)
        session->old_low = session->fuses.value[AVRSPI_FUSE_LOW];
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
        return 0;
    avrspi_fail(error, (enum avrspi_err)result,
                "the low fuse was raised for speed, and could not be set back to 0x%02X", low);
    avrspi_hint(error, "write it once the target answers again");
    (void)snprintf(value, sizeof value, "0x%02X", low);
    avrspi_advise(error, AVRSPI_ADVICE_RESTORE_LOW_FUSE, value);
    return result;
}
