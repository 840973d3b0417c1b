/* SPDX-License-Identifier: MIT */
#include "isp/isp.h"

void avrspi_isp_emit(struct avrspi_session *session, struct avrspi_event *event)
{
    if (!session->config.event)
        return;
    event->session = session;
    event->chip = avrspi_session_chip(session);
    event->station = session->config.station ? session->config.station : "";
    event->time_ns = avrspi_link_now(session->link) - session->opened_at;
    if (session->config.event(session->config.user, event) != 0)
        session->stopped = true;
}

void avrspi_isp_warn(struct avrspi_session *session, enum avrspi_warning warning)
{
    struct avrspi_event event = {.kind = AVRSPI_EVENT_WARNING, .warning = warning};

    avrspi_isp_emit(session, &event);
}

void avrspi_isp_advance(struct avrspi_session *session, struct avrspi_progress *progress,
                        enum avrspi_memory memory, size_t bytes)
{
    struct avrspi_event event = {.kind = AVRSPI_EVENT_PROGRESS, .memory = memory};

    if (!progress)
        return;
    progress->done += bytes;
    event.stage = progress->stage;
    event.done = progress->done;
    event.total = progress->total;
    avrspi_isp_emit(session, &event);
}
