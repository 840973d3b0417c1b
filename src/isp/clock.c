/* SPDX-License-Identifier: MIT */
/* SCK for the work, from the clock that the fuses of the target select, and what trials proved. */
#include "isp/isp.h"
#include "link/link.h"

#include <string.h>

static struct avrspi_clock clock_by_fuses(const struct avrspi_session *session)
{
    uint32_t pins_hz = session->config.fcpu_hz;

    if (session->fuses.given[AVRSPI_FUSE_LOW])
        return avrspi_chip_clock_at(&session->chip, session->fuses.value, pins_hz);
    return (struct avrspi_clock){
        .source = pins_hz ? AVRSPI_CLOCK_EXTERNAL : AVRSPI_CLOCK_UNKNOWN,
        .min_hz = pins_hz,
        .max_hz = pins_hz,
        .max_sck_hz = session->chip.max_sck_hz,
    };
}

void avrspi_isp_prove(struct avrspi_clock *clock, uint32_t hz)
{
    if (clock->min_hz < hz)
        clock->min_hz = hz;
    if (clock->least_hz < hz)
        clock->least_hz = 0;
}

struct avrspi_clock avrspi_session_clock(const struct avrspi_session *session)
{
    struct avrspi_clock clock;

    if (!session->identified)
        return (struct avrspi_clock){.source = AVRSPI_CLOCK_UNKNOWN};
    clock = clock_by_fuses(session);
    if (memcmp(session->proven_with, session->fuses.value, AVRSPI_FUSE_LOCK) == 0)
        avrspi_isp_prove(&clock, session->proven_hz);
    return clock;
}

/* What the controller makes, where it is more than its driver computes. The signature, at the SCK
 * of the entry, is long enough to tell. */
static void note_real_sck(struct avrspi_session *session)
{
    const double factor =
        avrspi_link_measured_speed(session->link) / (double)avrspi_link_speed(session->link);

    if (avrspi_link_is_fast(session->link) && factor > session->sck_factor)
        session->sck_factor = factor;
}

uint32_t avrspi_isp_sck_to_ask(const struct avrspi_session *session, uint32_t hz)
{
    return session->sck_factor > 0 ? (uint32_t)(hz / session->sck_factor) : hz;
}

int avrspi_isp_choose_sck(struct avrspi_session *session, struct avrspi_error *error)
{
    struct avrspi_clock clock = avrspi_session_clock(session);
    uint32_t hz = session->config.sck_hz;

    note_real_sck(session);
    if (hz == 0)
        hz = avrspi_isp_sck_to_ask(session, avrspi_sck_limit(&clock));
    /* what is known to work: also where the chip file allows more whatever the clock, but the
     * target did not take Programming Enable at once */
    if (hz == 0 || (!session->config.sck_hz && clock.min_hz == 0 && session->entry_steps > 0))
        hz = session->entry_hz;
    if (session->most_hz && hz > session->most_hz)
        hz = session->most_hz;
    return avrspi_link_set_speed(session->link, hz, error);
}
