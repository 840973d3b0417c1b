/* SPDX-License-Identifier: MIT */
/*
 * The SCK that a controller really makes, by the time that transfers take: Linux tells what its
 * driver computes from a clock that may have changed since. Lines of gpio: are moved by the
 * program, which keeps to what it was asked for.
 *
 * It is done at the SCK of the entry, so that the link still knows when the session chooses its
 * own, and scales that: instructions one by one, as doctor sends them, are too short to tell.
 */
#include "doctor/check.h"
#include "link/link.h"

enum {
    SCK_HZ = 100000, /* the first that an entry tries */
    BYTES = 128,     /* 10 ms each; whole instructions, since a RESET that is held low ends none */
    TRIES = 3,       /* the fastest counts: what delays one makes SCK look slower */
};

/* Zeros, which can't become an instruction, to a chip in reset: no program hears them. */
static int send_zeros(struct avrspi_link *link, struct avrspi_error *error)
{
    static const uint8_t zeros[BYTES];
    const size_t room = avrspi_link_max_transfer(link) / 4 * 4;
    uint8_t answer[BYTES];
    int result = avrspi_link_set_speed(link, SCK_HZ, error), left;

    if (result == 0)
        result = avrspi_link_set_reset(link, true, error);
    avrspi_link_wait(link, AVRSPI_RESET_REST_NS);
    for (int n = 0; result == 0 && n < TRIES; n++)
        result = avrspi_link_transfer(link, zeros, answer, room < BYTES ? room : BYTES, error);
    left = avrspi_link_set_reset(link, false, result == 0 ? error : NULL);
    return result < 0 ? result : left;
}

int avrspi_look_at_sck(struct avrspi_doctor *doctor, struct avrspi_error *seen)
{
    const struct avrspi_doctor_config *config = doctor->config;
    uint32_t made, found;
    enum avrspi_advice advice;
    const char *why;
    int result;

    if (config->session.no_probe)
        return AVRSPI_LOOK_NOTHING;
    result = send_zeros(doctor->link, seen);
    if (result < 0)
        return result;
    made = avrspi_link_speed(doctor->link);
    found = avrspi_link_measured_speed(doctor->link);
    if (found == 0) /* so fast that they took no time */
        return AVRSPI_LOOK_NOTHING;
    if (!avrspi_link_is_fast(doctor->link))
        return AVRSPI_LOOKS_RIGHT(seen, "%s computed, %s measured", avrspi_doctor_hz(made).text,
                                  avrspi_doctor_hz(found).text);
    avrspi_host_blame_fast_sck(config->root, config->port, SCK_HZ, &why, &advice);
    (void)avrspi_fail(seen, AVRSPI_OK, "SCK runs at %s where %s was asked for: %s",
                      avrspi_doctor_hz(found).text, avrspi_doctor_hz(SCK_HZ).text, why);
    avrspi_advise(seen, advice, NULL);
    return AVRSPI_LOOK_WARN;
}
