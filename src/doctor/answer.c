/* SPDX-License-Identifier: MIT */
/* The target: RESET let go, MISO, the echo, the signature, the chip. */
#include <string.h>

#include "doctor/check.h"
#include "link/link.h"

enum {
    STARTED_NS = 100 * AVRSPI_NS_PER_MS, /* a program runs: the longest start-up time is 65 ms */
    LOOK_HZ = 100000,
};

/* --- RESET */

/* Nothing is wrong with a target that has no resistor there: most AVRs have a pull-up of their own.
 */
int avrspi_look_at_pull(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    int result = 0;

    if (!doctor->config->session.no_probe)
        result = avrspi_link_sense_reset(doctor->link, false, &doctor->pull, seen);
    if (result < 0)
        return result;
    if (doctor->pull == AVRSPI_RESET_PULL_UNKNOWN)
        return AVRSPI_LOOK_NOTHING;
    if (doctor->pull != AVRSPI_RESET_PULLED_DOWN)
        return AVRSPI_LOOKS_RIGHT(seen, "let go: RESET is %s%s",
                                  avrspi_reset_pull_name(doctor->pull),
                                  doctor->pull == AVRSPI_RESET_NOT_PULLED
                                      ? " by more than the pin's own bias"
                                      : ", as by the resistor at a target that has power");
    (void)avrspi_fail(seen, AVRSPI_OK, "let go: RESET is pulled down, no program can run");
    avrspi_hint(seen, "the target has no power, RESET touches GND, or its button is pressed");
    return AVRSPI_LOOK_WARN;
}

/* --- MISO */

/* What MISO shows while zeros are sent, which can't become an instruction. */
static int show(struct avrspi_doctor *doctor, bool active, uint64_t wait_ns, const char **shown,
                struct avrspi_error *error)
{
    static const uint8_t zeros[4];
    uint8_t answer[4] = {0};
    int result = avrspi_link_set_reset(doctor->link, active, error);

    avrspi_link_wait(doctor->link, wait_ns);
    if (result == 0)
        result = avrspi_link_transfer(doctor->link, zeros, answer, sizeof answer, error);
    if (result < 0)
        return result;
    *shown = answer[0] == 0xFF && memcmp(answer, answer + 1, 3) == 0 ? "all ones"
             : memcmp(answer, zeros, sizeof zeros) == 0              ? "all zeros"
                                                                     : "both levels";
    return 0;
}

/* That alone condemns nothing: a program may drive MISO, and what a chip in reset shows before
 * Programming Enable was not measured on silicon. */
int avrspi_look_at_miso(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const char *high = "", *low = "";
    int result, left;

    if (doctor->config->session.no_probe)
        return AVRSPI_LOOK_NOTHING;
    result = avrspi_link_set_speed(doctor->link, LOOK_HZ, seen);
    if (result == 0)
        result = show(doctor, false, STARTED_NS, &high, seen);
    if (result == 0)
        result = show(doctor, true, AVRSPI_RESET_REST_NS, &low, seen);
    left = avrspi_link_set_reset(doctor->link, false, result == 0 ? seen : NULL);
    if (result < 0 || left < 0)
        return result < 0 ? result : left;
    return AVRSPI_LOOKS_RIGHT(seen, "zeros sent: %s with RESET inactive, %s with it active%s", high,
                              low,
                              avrspi_isp_pull_of(doctor->link) == AVRSPI_LEVEL_ZEROS
                                  ? "; pulled down where nobody drives it"
                                  : "");
}

/* --- the echo */

/* Whoever asks for an SCK has it for the readings of wires.c, where the clock turns out to allow
 * it; until then none is faster than that of the echo. */
static void forget_fast_speed(struct avrspi_session *session)
{
    if (session->config.sck_hz > session->entry_hz)
        session->config.sck_hz = 0;
}

int avrspi_look_at_echo(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    struct avrspi_session_config config = doctor->config->session;
    const uint32_t fastest_hz = avrspi_link_fastest_speed(doctor->link);
    const struct avrspi_session *session;
    uint32_t hz;
    int result;

    config.link = doctor->link;
    result = avrspi_session_open(&doctor->session, &config, seen);
    if (result < 0)
        return result;
    doctor->session->reads_only = true;
    forget_fast_speed(doctor->session);
    doctor->room = doctor->session->room;
    doctor->session->room = AVRSPI_DOCTOR_ROOM;
    session = doctor->session;
    if (avrspi_isp_never_echoes(&config))
        return AVRSPI_LOOKS_RIGHT(seen, "not to be seen: the %s never echoes", config.chip->name);
    hz = fastest_hz && session->entry_hz > fastest_hz ? fastest_hz : session->entry_hz;
    return AVRSPI_LOOKS_RIGHT(seen, "Programming Enable is echoed at %s%s",
                              avrspi_doctor_hz(hz).text,
                              session->entry_steps ? ", and not at a higher SCK" : "");
}

int avrspi_look_at_reset(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    if (avrspi_isp_never_echoes(&doctor->config->session))
        return AVRSPI_LOOK_NOTHING;
    if (!doctor->session->slow_reset)
        return AVRSPI_LOOKS_RIGHT(seen, "puts the chip in reset in time");
    (void)avrspi_fail(seen, AVRSPI_OK,
                      "falls slowly: no echo 20 ms after its line, and one after 300 ms");
    avrspi_hint(seen, "a capacitor at RESET holds it up: 100 nF and less is quick enough; take a "
                      "larger one out, or put 10 kOhm in place of a weaker pull-up");
    return AVRSPI_LOOK_WARN;
}

/* --- signature and chip */

int avrspi_look_at_signature(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    uint8_t signature[3];
    int result = avrspi_session_signature(doctor->session, signature, seen);

    if (result < 0)
        return result;
    return AVRSPI_LOOKS_RIGHT(seen, "%02X %02X %02X", signature[0], signature[1], signature[2]);
}

int avrspi_look_at_chip(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    struct avrspi_session *session = doctor->session;
    int result = avrspi_session_identify(session, seen);

    /* several chips that have it: nothing is wrong with this one */
    if (result == AVRSPI_ERR_SIGNATURE && seen->advice == AVRSPI_ADVICE_NAME_CHIP)
        return AVRSPI_LOOK_WARN;
    if (result < 0)
        return result;
    return AVRSPI_LOOKS_RIGHT(seen, "%s%s", session->chip.name,
                              session->n_candidates > 1 ? ", or another with its signature" : "");
}
