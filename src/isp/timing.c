/* SPDX-License-Identifier: MIT */
/*
 * Where the time went, and how much of it physics asked for: the bits of the instructions at the
 * SCK in force, the writes as long as those of their kind took whose end was seen, and 20 ms for
 * each RESET.
 */
#include "isp/isp.h"

struct avrspi_timing avrspi_session_timing(const struct avrspi_session *session)
{
    struct avrspi_link_counts counts = avrspi_link_counts(session->link);
    struct avrspi_timing timing = {
        .total_ns = avrspi_link_now(session->link) - session->opened_at,
        .wire_ns = counts.wire_ns - session->counts_before.wire_ns,
        .wait_ns = counts.wait_ns - session->counts_before.wait_ns,
        .limit_ns = session->needs.wire_ns + session->needs.entries * AVRSPI_RESET_LOW_NS,
    };

    if (timing.total_ns > timing.wire_ns + timing.wait_ns)
        timing.host_ns = timing.total_ns - timing.wire_ns - timing.wait_ns;
    for (int kind = 0; kind < AVRSPI_WAITS; kind++)
        if (session->seen[kind])
            timing.limit_ns +=
                session->needs.writes[kind] * (session->seen_ns[kind] / session->seen[kind]);
    return timing;
}
