/* SPDX-License-Identifier: MIT */
#include "isp/isp.h"

#include <stdlib.h>

enum {
    LEAST_BATCH = 80, /* instructions: for all that is not a page */
};

int avrspi_session_open(struct avrspi_session **session, const struct avrspi_session_config *config,
                        struct avrspi_error *error)
{
    struct avrspi_session *self = calloc(1, sizeof *self);
    int result;

    *session = NULL;
    if (!self)
        return avrspi_fail_memory(error);
    self->config = *config;
    self->link = config->link;
    self->opened_at = avrspi_link_now(config->link);
    self->counts_before = avrspi_link_counts(config->link);
    self->ext_address = -1;
    self->room = avrspi_link_max_transfer(config->link) / 4 * 4;
    if (self->room == 0) {
        result = avrspi_fail(error, AVRSPI_ERR_DEVICE,
                             "expected a port that carries 4 bytes in a transfer, found %zu",
                             avrspi_link_max_transfer(config->link));
        goto fail;
    }
    result = avrspi_batch_reserve(self, LEAST_BATCH, error);
    if (result == 0)
        result = avrspi_isp_enter(self, error);
    if (result < 0)
        goto fail;
    *session = self;
    return 0;
fail:
    (void)avrspi_session_close(self, NULL);
    return result;
}

int avrspi_session_close(struct avrspi_session *session, struct avrspi_error *error)
{
    int result, left;

    if (!session)
        return 0;
    result = avrspi_session_restore_clock(session, error);
    left = avrspi_isp_leave(session, result == 0 ? error : NULL);
    free(session->out);
    free(session->in);
    free(session->ids);
    free(session);
    return result < 0 ? result : left;
}

const struct avrspi_chip *avrspi_session_chip(const struct avrspi_session *session)
{
    return session->identified ? &session->chip : NULL;
}

const struct avrspi_chip *avrspi_session_candidate(const struct avrspi_session *session, size_t n)
{
    return n + 1 < session->n_candidates ? session->candidates[n + 1] : NULL;
}

const uint8_t *avrspi_session_signature_bytes(const struct avrspi_session *session)
{
    return session->signature;
}

struct avrspi_link *avrspi_session_link(const struct avrspi_session *session)
{
    return session->link;
}

uint32_t avrspi_session_sck(const struct avrspi_session *session)
{
    return avrspi_link_speed(session->link);
}

unsigned avrspi_session_retries(const struct avrspi_session *session)
{
    return session->retries;
}

struct avrspi_fuses avrspi_session_fuses(const struct avrspi_session *session)
{
    return session->fuses;
}

int avrspi_isp_identified(const struct avrspi_session *session, struct avrspi_error *error)
{
    if (session->identified)
        return 0;
    return avrspi_fail(error, AVRSPI_ERR_USAGE, "call avrspi_session_identify() first");
}
