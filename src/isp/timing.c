/* SPDX-License-Identifier: MIT */
/* Where the time went. */
#include "isp/isp.h"

struct avrspi_timing avrspi_session_timing(const struct avrspi_session *session)
{
    struct avrspi_link_counts counts = avrspi_link_counts(session->link);
    struct avrspi_timing timing = {
        .total_ns = avrspi_link_now(session->link) - session->opened_at,
        .wire_ns = counts.wire_ns - session->counts_before.wire_ns,
        .wait_ns = counts.wait_ns - session->counts_before.wait_ns,
    };

    if (timing.total_ns > timing.wire_ns + timing.wait_ns)
        timing.host_ns = timing.total_ns - timing.wire_ns - timing.wait_ns;
    return timing;
}

uint64_t avrspi_session_wait_seen_ns(const struct avrspi_session *session, enum avrspi_wait kind)
{
    return session->seen[kind] ? session->seen_ns[kind] / session->seen[kind]
                               : (uint64_t)session->chip.wait_us[kind] * AVRSPI_NS_PER_US;
}
