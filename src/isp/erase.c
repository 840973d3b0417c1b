/* SPDX-License-Identifier: MIT */
#include "isp/isp.h"

static int erase(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    int result;

    (void)context;
    avrspi_batch_begin(session);
    (void)avrspi_batch_add(session, AVRSPI_CHIP_ERASE, 0, 0);
    result = avrspi_batch_run(session, error);
    avrspi_busy_begin(session, AVRSPI_WAIT_ERASE); /* even an echo gone wrong may have begun it */
    if (result < 0)
        return result;
    return avrspi_busy_end(session, AVRSPI_WAIT_ERASE, error);
}

/* The AT90S1200 needs RESET high for a moment after an erase (its datasheet, 'Serial
 * Programming Algorithm'). */
static int pulse_if_needed(struct avrspi_session *session, struct avrspi_error *error)
{
    uint32_t hz = avrspi_link_speed(session->link);
    int result;

    if (!session->chip.pulse_after_erase)
        return 0;
    result = avrspi_isp_enter(session, error);
    if (result == 0)
        result = avrspi_link_set_speed(session->link, hz, error);
    return result;
}

int avrspi_session_erase(struct avrspi_session *session, struct avrspi_error *error)
{
    int result = avrspi_isp_identified(session, error);

    if (result < 0)
        return result;
    result = avrspi_isp_with_resync(session, erase, NULL, error);
    if (result == 0)
        result = pulse_if_needed(session, error);
    if (result < 0)
        return result;
    if (session->fuses.given[AVRSPI_FUSE_LOCK])
        session->fuses.value[AVRSPI_FUSE_LOCK] = 0xFF;
    return 0;
}
