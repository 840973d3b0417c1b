/* SPDX-License-Identifier: MIT */
/*
 * A faster clock for the time of a job.
 *
 * A chip that runs at a divided internal clock (most do as delivered: 8 MHz / 8) allows SCK of
 * 225 kHz; without the divider it allows 1.8 MHz. CKDIV8 is unprogrammed, programming mode is
 * left and entered again so that the fuse takes effect, and at the end the old byte is written
 * back. Nothing outside the chip is needed, so the chip answers in either state.
 */
#include "isp/isp.h"

/* The field that can be turned, when turning it helps and is possible; else NULL. */
static const struct avrspi_field *divider_field(const struct avrspi_session *session)
{
    const struct avrspi_field *field = avrspi_chip_field(&session->chip, "CKDIV8");
    struct avrspi_clock clock = avrspi_session_clock(session);

    if (!field || session->chip.power_cycle || clock.source != AVRSPI_CLOCK_INTERNAL ||
        !session->fuses.given[field->fuse] ||
        avrspi_field_get(field, session->fuses.value[field->fuse]) != 0 ||
        avrspi_isp_lock_mode(session) != AVRSPI_LOCK_MODE_NONE)
        return NULL;
    return field;
}

static int write_byte(struct avrspi_session *session, enum avrspi_fuse fuse, uint8_t value,
                      struct avrspi_error *error)
{
    struct avrspi_fuses wanted = {0};

    wanted.given[fuse] = true;
    wanted.value[fuse] = value;
    return avrspi_session_write_fuses(session, &wanted, error);
}

/* The fuses that are written take effect when programming mode is left. */
static int latch(struct avrspi_session *session, struct avrspi_error *error)
{
    int result = avrspi_isp_enter(session, error);

    return result < 0 ? result : avrspi_isp_choose_sck(session, error);
}

int avrspi_session_turbo_begin(struct avrspi_session *session, struct avrspi_error *error)
{
    const struct avrspi_field *field;
    uint8_t value;
    int result = avrspi_isp_identified(session, error);

    if (result < 0)
        return result;
    field = divider_field(session);
    if (!field || session->turbo)
        return 0;
    value = session->fuses.value[field->fuse];
    session->turbo = true;
    session->turbo_fuse = field->fuse;
    session->turbo_value = value;
    result = write_byte(session, field->fuse, avrspi_field_set(field, value, 1), error);
    return result < 0 ? result : latch(session, error);
}

bool avrspi_session_turbo_active(const struct avrspi_session *session)
{
    return session->turbo;
}

int avrspi_session_turbo_end(struct avrspi_session *session, struct avrspi_error *error)
{
    const volatile sig_atomic_t *interrupt = session->config.interrupt;
    const char *name = avrspi_fuse_name(session->turbo_fuse);
    uint8_t value = session->turbo_value;
    int result;

    if (!session->turbo)
        return 0;
    session->turbo = false;
    session->config.interrupt = NULL; /* an interrupted job still leaves the fuse as it was */
    result = avrspi_session_read_fuses(session, error);
    if (result == 0)
        result = write_byte(session, session->turbo_fuse, value, error);
    session->config.interrupt = interrupt;
    if (result == 0)
        return 0;
    avrspi_fail(error, (enum avrspi_err)result,
                "the %s fuse was raised for speed, and could not be set back to 0x%02X", name,
                value);
    avrspi_hint(error, "once the target answers again: 'avrspi fuses --%s 0x%02X'", name, value);
    return result;
}
