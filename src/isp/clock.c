/* SPDX-License-Identifier: MIT */
/* SCK for the work, from the clock that the fuses of the target select. */
#include "isp/isp.h"

struct avrspi_clock avrspi_session_clock(const struct avrspi_session *session)
{
    struct avrspi_clock clock = {.source = AVRSPI_CLOCK_UNKNOWN};
    uint32_t f_cpu;

    if (!session->identified)
        return clock;
    if (session->fuses.given[AVRSPI_FUSE_LOW])
        clock = avrspi_chip_clock(&session->chip, session->fuses.value);
    if (session->config.fcpu_hz && clock.source != AVRSPI_CLOCK_INTERNAL) {
        if (!avrspi_clock_is_outside(clock.source))
            clock.source = AVRSPI_CLOCK_EXTERNAL;
        f_cpu = session->config.fcpu_hz;
        if (session->fuses.given[AVRSPI_FUSE_LOW])
            f_cpu /= avrspi_chip_divider(&session->chip, session->fuses.value);
        clock.min_hz = clock.max_hz = f_cpu;
    }
    return clock;
}

int avrspi_isp_choose_sck(struct avrspi_session *session, struct avrspi_error *error)
{
    struct avrspi_clock clock = avrspi_session_clock(session);
    uint32_t hz = session->config.sck_hz;

    if (hz == 0)
        hz = avrspi_sck_limit(&clock);
    if (hz == 0)
        hz = session->entry_hz; /* what is known to work */
    if (session->most_hz && hz > session->most_hz)
        hz = session->most_hz;
    return avrspi_link_set_speed(session->link, hz, error);
}
