/* SPDX-License-Identifier: MIT */
#include "job/job.h"

#include "isp/isp.h"
#include "link/link.h"

void avrspi_state_of(const struct avrspi_session *session, struct avrspi_target_state *state)
{
    *state = (struct avrspi_target_state){
        .chip = &session->chip,
        .candidates = session->candidates,
        .n_candidates = session->n_candidates,
        .fuses = session->fuses,
        .sck_hz = avrspi_link_speed(session->link),
        .fastest_sck_hz = avrspi_link_fastest_speed(session->link),
        .asked_sck_hz = session->config.sck_hz,
        .supply_mv = session->config.supply_mv,
        .fcpu_hz = session->config.fcpu_hz,
        .entry_sck_hz = session->entry_hz,
        .slow_reset = session->slow_reset,
        .max_transfer = session->room,
        .elapsed_ns = avrspi_session_timing(session).total_ns,
    };
}
