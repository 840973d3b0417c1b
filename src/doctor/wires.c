/* SPDX-License-Identifier: MIT */
/*
 * Flaky wires: a thousand readings at several SCK. None is faster than the clock allows that is
 * known, or was found, and none faster than the work would be: an enabled chip that slips turns a
 * reading into a write. Faster than that only Programming Enable is sent.
 */
#include <stdio.h>

#include "doctor/check.h"

enum {
    READINGS = 1000, /* in all */
    ENABLES = 10,    /* at each SCK: 25 ms each */
    FEW = 100,       /* one wrong of so many is much */
};

/* The fastest SCK for readings. */
static uint32_t fastest(const struct avrspi_doctor *doctor)
{
    const struct avrspi_session *session = doctor->session;
    const uint32_t asked = doctor->config->session.sck_hz;
    const struct avrspi_clock clock = avrspi_session_clock(session);
    const uint32_t limit = session->identified ? avrspi_sck_limit(&clock) : 0;
    const uint32_t work = session->identified ? avrspi_session_sck(session) : session->entry_hz;
    uint32_t most = limit ? avrspi_isp_sck_to_ask(session, limit) : session->entry_hz;

    if (asked && asked < most)
        most = asked;
    /* a chip that did not hear a faster Programming Enable does not hear readings, whatever its
     * fuses say of the clock */
    if (session->entry_steps && session->entry_hz < most)
        most = session->entry_hz;
    return work < most ? work : most;
}

/* Wires lose a bit now and then; a clock that is too slow for SCK loses all. */
static bool is_all_wrong(const struct avrspi_isp_readings *readings)
{
    return readings->done && readings->wrong * FEW >= readings->done * (FEW - 1);
}

/* SCK in halves, the slowest first, as far as the controller tells them apart; none faster than one
 * at which all was wrong. */
static int read_at_each(struct avrspi_doctor *doctor, uint32_t most_hz, struct avrspi_error *error)
{
    struct avrspi_doctor_report *report = doctor->report;
    uint32_t before = 0;
    int result = 0;

    for (int n = AVRSPI_DOCTOR_SPEEDS - 1; result == 0 && n >= 0; n--) {
        uint32_t hz = most_hz >> n;

        if (report->n_readings && is_all_wrong(&report->readings[report->n_readings - 1]))
            break;
        result = avrspi_link_set_speed(doctor->link, hz ? hz : 1, error);
        if (result < 0 || avrspi_link_speed(doctor->link) == before ||
            avrspi_link_speed(doctor->link) > most_hz)
            continue;
        before = avrspi_link_speed(doctor->link);
        result = avrspi_isp_read_often(doctor->session, hz, READINGS / AVRSPI_DOCTOR_SPEEDS,
                                       &report->readings[report->n_readings++], error);
    }
    return result;
}

/* Whether the wires are good enough for more than the chip is now: an echo shows that they are.
 * What is sent so fast must find the chip just reset; one whose RESET is held low stays enabled. */
static bool may_go_faster(const struct avrspi_doctor *doctor)
{
    const struct avrspi_session *session = doctor->session;
    const struct avrspi_doctor_report *report = doctor->report;

    for (size_t n = 0; n < report->n_readings; n++)
        if (report->readings[n].wrong)
            return false;
    return report->n_readings && doctor->pull != AVRSPI_RESET_PULLED_DOWN &&
           !doctor->config->session.sck_hz && !session->config.no_probe && !session->slow_reset &&
           !avrspi_isp_never_echoes(&session->config);
}

/* At twice and four times the fastest of the readings, as far as the controller goes. */
static int enable_faster(struct avrspi_doctor *doctor, struct avrspi_error *error)
{
    struct avrspi_doctor_report *report = doctor->report;
    uint32_t hz = report->n_readings ? report->readings[report->n_readings - 1].hz : 0;
    int result = 0;

    for (int n = 0; result == 0 && n < AVRSPI_DOCTOR_FASTER && may_go_faster(doctor); n++) {
        const uint32_t before = avrspi_link_speed(doctor->link);

        hz *= 2;
        result = avrspi_link_set_speed(doctor->link, hz, error);
        if (result < 0 || avrspi_link_speed(doctor->link) == before)
            break;
        result = avrspi_isp_enable_often(doctor->session, hz, ENABLES,
                                         &report->enables[report->n_enables++], error);
    }
    return result;
}

/* The fastest SCK at which, and below which, nothing was wrong; 0: none. */
static uint32_t fastest_right(const struct avrspi_doctor_report *report)
{
    uint32_t hz = 0;

    for (size_t n = 0; n < report->n_readings && report->readings[n].wrong == 0; n++)
        hz = report->readings[n].hz;
    return hz;
}

/* One SCK was without a fault, and the next one not once right. */
static bool is_too_fast(const struct avrspi_doctor_report *report)
{
    const size_t n = report->n_readings;

    return n > 1 && !report->readings[n - 2].wrong && is_all_wrong(&report->readings[n - 1]);
}

static void advise(const struct avrspi_doctor_report *report, struct avrspi_error *seen)
{
    uint32_t hz = fastest_right(report);
    char subject[16];

    avrspi_hint(seen, "%s",
                is_too_fast(report)
                    ? "all are right up to one SCK, and all wrong at the next: is the chip's clock "
                      "slower than its fuses say, or is it another chip than it says?"
                    : "shorten the wires, join the grounds close to them, put 100 nF across the "
                      "chip's supply and 100 ohm into SCK");
    (void)snprintf(subject, sizeof subject, "%uk", (unsigned)hz / 1000);
    if (hz >= 1000)
        avrspi_advise(seen, AVRSPI_ADVICE_SPEED, subject);
}

/* What the readings come to. */
static int conclude(const struct avrspi_doctor_report *report, struct avrspi_error *seen)
{
    unsigned done = 0, wrong = 0;
    bool much = false;

    for (size_t n = 0; n < report->n_readings; n++) {
        done += report->readings[n].done;
        wrong += report->readings[n].wrong;
        much |= report->readings[n].wrong * FEW > report->readings[n].done;
    }
    if (done == 0)
        return AVRSPI_LOOK_NOTHING;
    (void)avrspi_fail(seen, much ? AVRSPI_ERR_NO_TARGET : AVRSPI_OK,
                      "%u of %u signature readings at up to %s %s", wrong ? wrong : done, done,
                      avrspi_doctor_hz(report->readings[report->n_readings - 1].hz).text,
                      wrong ? "are wrong" : "are right");
    if (wrong == 0)
        return AVRSPI_LOOK_OK;
    advise(report, seen);
    return much ? AVRSPI_ERR_NO_TARGET : AVRSPI_LOOK_WARN;
}

/* What answers for a chip that never echoes, and is not there, is no signature. */
static bool is_nobody(const struct avrspi_session *session)
{
    return avrspi_isp_never_echoes(&session->config) && !session->identified;
}

int avrspi_look_at_wires(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    int result;

    if (is_nobody(doctor->session))
        return AVRSPI_LOOK_NOTHING;
    result = read_at_each(doctor, fastest(doctor), seen);
    if (result == 0)
        result = enable_faster(doctor, seen);
    return result < 0 ? result : conclude(doctor->report, seen);
}
