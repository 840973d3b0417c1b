/* SPDX-License-Identifier: MIT */
/*
 * How often the wires change what is read: one signature byte after the other, at one SCK.
 *
 * An enabled chip that slips by a bit takes the next instruction for another one, which may be a
 * write: 30 00 02 00 two bits late is C0 00 08 00, Write EEPROM. So each reading is a transfer of
 * its own, its echo is looked at before the next one is sent, and after a wrong one RESET is
 * pulsed.
 */
#include "isp/isp.h"

enum {
    MOST_WRONG = 20, /* then the rate is clear, and each costs an entry */
};

/* One reading. *right: echo and byte are what they should be. */
static int read_byte(struct avrspi_session *session, uint32_t number, bool *right,
                     struct avrspi_error *error)
{
    size_t place;
    int result;

    avrspi_batch_begin(session);
    place = avrspi_batch_add_signature(session, number, false);
    result = avrspi_batch_run(session, error);
    *right = result == 0 && avrspi_batch_answer(session, place, AVRSPI_READ_SIGNATURE) ==
                                session->signature[number];
    return result == AVRSPI_ERR_NO_TARGET && session->lost ? 0 : result;
}

/* A pulse on RESET, and back to the SCK of the readings. No write was sent, so that there is
 * nothing to mend. */
static int enter_anew(struct avrspi_session *session, uint32_t hz, struct avrspi_error *error)
{
    int result = avrspi_isp_enter(session, error);

    session->reached = 0;
    return result < 0 ? result : avrspi_link_set_speed(session->link, hz, error);
}

int avrspi_isp_read_often(struct avrspi_session *session, uint32_t hz, unsigned count,
                          struct avrspi_isp_readings *readings, struct avrspi_error *error)
{
    int result = session->in_step ? 0 : avrspi_isp_enter(session, error);

    if (result == 0)
        result = avrspi_link_set_speed(session->link, hz, error);
    *readings = (struct avrspi_isp_readings){.hz = avrspi_link_speed(session->link)};
    while (result == 0 && readings->done < count && readings->wrong < MOST_WRONG) {
        bool right = false;

        result = avrspi_isp_interrupted(session, error);
        if (result == 0)
            result = read_byte(session, readings->done % 3, &right, error);
        if (result < 0)
            break;
        readings->done++;
        if (right)
            continue;
        readings->wrong++;
        result = enter_anew(session, hz, error);
    }
    return result;
}

int avrspi_isp_enable_often(struct avrspi_session *session, uint32_t hz, unsigned count,
                            struct avrspi_isp_readings *readings, struct avrspi_error *error)
{
    int result = avrspi_link_set_speed(session->link, hz, error);

    *readings = (struct avrspi_isp_readings){.hz = avrspi_link_speed(session->link)};
    while (result == 0 && readings->done < count) {
        bool echoed = false;

        result = avrspi_isp_try_enable(session, &echoed, error);
        if (result == 0) {
            readings->done++;
            readings->wrong += !echoed;
        }
    }
    return result;
}
