/* SPDX-License-Identifier: MIT */
/* What the fuses and lock bits say: protection, clock, supply. */
#include <stdio.h>

#include "doctor/check.h"

int avrspi_look_at_lock_bits(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const struct avrspi_session *session = doctor->session;
    const struct avrspi_fuses fuses = avrspi_session_fuses(session);

    if (!fuses.given[AVRSPI_FUSE_LOCK])
        return AVRSPI_LOOK_NOTHING;
    switch (avrspi_lock_mode(&session->chip, &fuses)) {
    case AVRSPI_LOCK_MODE_WRITE:
        (void)avrspi_fail(seen, AVRSPI_OK, "0x%02X forbid writing", fuses.value[AVRSPI_FUSE_LOCK]);
        break;
    case AVRSPI_LOCK_MODE_READ:
        (void)avrspi_fail(seen, AVRSPI_OK, "0x%02X forbid reading and writing",
                          fuses.value[AVRSPI_FUSE_LOCK]);
        break;
    default:
        return AVRSPI_LOOKS_RIGHT(seen, "0x%02X forbid nothing", fuses.value[AVRSPI_FUSE_LOCK]);
    }
    avrspi_hint(seen, "a chip erase clears them, and all that the chip holds");
    avrspi_advise(seen, AVRSPI_ADVICE_ERASE, NULL);
    return AVRSPI_LOOK_WARN;
}

/* --- the clock */

static void describe(const struct avrspi_clock *clock, char *text, size_t size)
{
    const char *source = avrspi_clock_source_name(clock->source);

    if (clock->min_hz == 0 && clock->max_hz == 0)
        (void)snprintf(text, size, "%s", source);
    else if (clock->min_hz == clock->max_hz)
        (void)snprintf(text, size, "%s, %s", source, avrspi_doctor_hz(clock->min_hz).text);
    else if (clock->max_hz == 0)
        (void)snprintf(text, size, "%s, %s at least", source, avrspi_doctor_hz(clock->min_hz).text);
    else
        (void)snprintf(text, size, "%s, %s to %s", source, avrspi_doctor_hz(clock->min_hz).text,
                       avrspi_doctor_hz(clock->max_hz).text);
}

/* Trials measure SCK by long transfers, of zeros; the target is not enabled meanwhile. */
static int find_clock(const struct avrspi_doctor *doctor, struct avrspi_error *error)
{
    enum {
        LONG_JOB = 100000, /* instructions: worth the trials of any */
    };
    struct avrspi_session *session = doctor->session;
    int result;

    session->room = doctor->room;
    result = avrspi_batch_reserve(session, 0, error);
    if (result == 0)
        result = avrspi_isp_probe(session, LONG_JOB, error);
    session->room = AVRSPI_DOCTOR_ROOM;
    return result;
}

int avrspi_look_at_clock(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const struct avrspi_session *session = doctor->session;
    const uint32_t slowest = avrspi_link_slowest_speed(doctor->link);
    const uint32_t asked = doctor->config->session.sck_hz;
    struct avrspi_clock clock;
    char text[128];
    uint32_t limit;
    int result = find_clock(doctor, seen);

    if (result < 0)
        return result;
    clock = avrspi_session_clock(session);
    limit = avrspi_sck_limit(&clock);
    describe(&clock, text, sizeof text);
    if (limit && slowest && limit < slowest) {
        (void)avrspi_fail(seen, AVRSPI_OK,
                          "%s: allows SCK of at most %s, and the slowest of this controller is %s",
                          text, avrspi_doctor_hz(limit).text, avrspi_doctor_hz(slowest).text);
        avrspi_hint(seen, "GPIO lines as SPI can go slower");
        return AVRSPI_LOOK_WARN;
    }
    if (limit && asked > limit) {
        (void)avrspi_fail(seen, AVRSPI_OK, "%s: allows SCK of at most %s, and %s was asked for",
                          text, avrspi_doctor_hz(limit).text, avrspi_doctor_hz(asked).text);
        avrspi_hint(seen,
                    "ask for no SCK: a chip that slips takes a reading for a write, and here none "
                    "was made at more than the clock allows");
        return AVRSPI_LOOK_WARN;
    }
    return AVRSPI_LOOKS_RIGHT(seen, "%s: SCK %s%s", text,
                              avrspi_doctor_hz(avrspi_session_sck(session)).text,
                              limit ? "" : ", as far as the entry shows");
}

/* --- the supply */

/* What the fuses want of the supply. */
static void describe_hazard(const struct avrspi_hazard *hazard, const struct avrspi_chip *chip,
                            char *text, size_t size)
{
    if (hazard->kind == AVRSPI_HAZARD_SUPPLY)
        (void)snprintf(text, size, "the %s is specified for %g V to %g V", chip->name,
                       chip->supply.min_mv / 1e3, chip->supply.max_mv / 1e3);
    else if (hazard->kind == AVRSPI_HAZARD_BROWN_OUT)
        (void)snprintf(text, size, "below the brown-out level of %g V no program runs",
                       hazard->level_mv / 1e3);
    else
        (void)snprintf(text, size, "a clock of %s needs %g V", avrspi_doctor_hz(hazard->hz).text,
                       hazard->level_mv / 1e3);
}

static void hint_for_hazard(const struct avrspi_hazard *hazard, struct avrspi_error *seen)
{
    if (hazard->kind == AVRSPI_HAZARD_SUPPLY)
        avrspi_hint(seen, "measure the supply at the chip: is it what was given?");
    else
        avrspi_hint(seen, "raise the supply, or change the fuses ('avrspi fuses' explains them)");
}

int avrspi_look_at_supply(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    static const struct avrspi_fuses unknown;
    const struct avrspi_session *session = doctor->session;
    const struct avrspi_session_config *config = &session->config;
    const struct avrspi_fuses fuses = avrspi_session_fuses(session);
    struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
    const bool told = fuses.given[AVRSPI_FUSE_LOW];
    char text[128] = "enough for what the fuses say";
    size_t count = avrspi_supply_hazards(&session->chip, &unknown, &fuses, config->supply_mv,
                                         config->fcpu_hz, hazards, 0);

    if (count)
        describe_hazard(&hazards[0], &session->chip, text, sizeof text);
    else if (!told)
        (void)snprintf(text, sizeof text, "no fuses tell what the chip needs");
    if (!config->supply_mv) { /* nothing is wrong with a chip at 5 V */
        (void)avrspi_fail(seen, AVRSPI_OK, "not given: %s%s",
                          count || !told ? "" : "3.3 V would be ", text);
        avrspi_advise(seen, AVRSPI_ADVICE_NAME_SUPPLY, NULL);
        return AVRSPI_LOOK_OK;
    }
    (void)avrspi_fail(seen, AVRSPI_OK, "%g V: %s", config->supply_mv / 1e3, text);
    if (count == 0)
        return AVRSPI_LOOK_OK;
    hint_for_hazard(&hazards[0], seen);
    return AVRSPI_LOOK_WARN;
}
