/* SPDX-License-Identifier: MIT */
/*
 * Into programming mode and out of it.
 *
 * The order of things is that of 'Serial Programming Algorithm' in every datasheet (ATmega328P:
 * DS40002061, section 'Serial Downloading'): SCK low, RESET low, at least 20 ms, Programming
 * Enable; where its second byte does not come back as an echo, a positive pulse on RESET and
 * once more. Until it has come back nothing but Programming Enable is sent, since a target that
 * is out of step by a bit could take any other instruction for a write.
 */
#include "isp/isp.h"

#include <string.h>

enum {
    TRIES_PER_SPEED = 3,
};

/* A part leaves the factory at 1 MHz or more, but may be fused to 128 kHz or 32 kHz, and either
 * may be divided by 8. */
static const uint32_t entry_speeds[] = {100000, 20000, 4000, AVRSPI_SLOWEST_ENTRY_HZ};

enum {
    ENTRY_SPEEDS = sizeof entry_speeds / sizeof *entry_speeds,
    MOST_TRIES = ENTRY_SPEEDS * TRIES_PER_SPEED,
};

bool avrspi_isp_never_echoes(const struct avrspi_session_config *config)
{
    return config->chip && config->chip->no_echo;
}

uint64_t avrspi_isp_reset_low_ns(bool slow_reset)
{
    return slow_reset ? (uint64_t)AVRSPI_SLOW_RESET_NS : AVRSPI_RESET_LOW_NS;
}

static uint64_t pulse_ns(bool slow_reset)
{
    return slow_reset ? (uint64_t)AVRSPI_SLOW_RESET_NS : AVRSPI_RESET_PULSE_NS;
}

uint64_t avrspi_isp_entry_ns(bool slow_reset)
{
    return pulse_ns(slow_reset) + avrspi_isp_reset_low_ns(slow_reset) + AVRSPI_RESET_MARGIN_NS;
}

int avrspi_isp_interrupted(const struct avrspi_session *session, struct avrspi_error *error)
{
    if (session->stopped || (session->config.interrupt && *session->config.interrupt))
        return avrspi_fail(error, AVRSPI_ERR_INTERRUPTED, "interrupted");
    return 0;
}

void avrspi_isp_wait_for_write(struct avrspi_session *session)
{
    avrspi_isp_wait_until(session, session->busy_until);
    session->busy_until = 0;
}

void avrspi_isp_wait_for_any_write(struct avrspi_session *session)
{
    avrspi_isp_wait_for_write(session);
    avrspi_isp_wait_until(session, session->unseen_until);
    session->unseen_until = 0;
}

/* RESET high, after whatever write is still going on, for at least the length of a pulse, counting
 * the time that it is high already. */
static int raise_reset(struct avrspi_session *session, struct avrspi_error *error)
{
    uint64_t pulse = pulse_ns(session->slow_reset), since, now;
    int result;

    avrspi_isp_wait_for_any_write(session);
    since = avrspi_link_inactive_since(session->link);
    now = avrspi_link_now(session->link);
    result = avrspi_link_set_reset(session->link, false, error);

    if (result == 0 && since > now)
        avrspi_link_wait(session->link, pulse);
    else if (result == 0 && since + pulse > now)
        avrspi_link_wait(session->link, since + pulse - now);
    return result;
}

int avrspi_isp_pulse_reset(struct avrspi_session *session, uint64_t rest_ns,
                           struct avrspi_error *error)
{
    int result = raise_reset(session, error);

    if (result == 0)
        result = avrspi_link_set_reset(session->link, true, error);
    if (result < 0)
        return result;
    if (rest_ns)
        avrspi_link_wait(session->link, rest_ns);
    session->in_step = false;
    session->slip = 0;
    session->ext_address = -1;
    return 0;
}

int avrspi_isp_enable(struct avrspi_session *session, uint8_t answer[4], bool *in_step,
                      struct avrspi_error *error)
{
    static const uint8_t programming_enable[4] = {0xAC, 0x53, 0x00, 0x00};
    int result = avrspi_link_transfer(session->link, programming_enable, answer, 4, error);

    if (result < 0)
        return result;
    /* a wire from MOSI to MISO would return 0x53 one byte early, and 0x00 here */
    *in_step = avrspi_isp_never_echoes(&session->config) || answer[2] == programming_enable[1];
    return 0;
}

/* Whether a chip that never echoes was enabled: its signature begins as that of every AVR, or is
 * hidden. One that was not takes no other instruction. */
static int look_for_signature(struct avrspi_session *session, bool *in_step,
                              struct avrspi_error *error)
{
    const struct avrspi_chip *chip = session->config.chip;
    uint8_t out[3][4], in[3][4], signature[3];
    int result;

    for (uint32_t n = 0; n < 3; n++)
        avrspi_instruction_encode(&chip->instruction[AVRSPI_READ_SIGNATURE], n, 0, out[n]);
    result = avrspi_link_transfer(session->link, out[0], in[0], sizeof out, error);
    if (result < 0)
        return result;
    for (size_t n = 0; n < 3; n++)
        signature[n] = in[n][3];
    *in_step = signature[0] == chip->signature[0] || avrspi_isp_hides(signature);
    return 0;
}

/* A user who asks for less than an entry speed has a reason; no controller goes below its slowest.
 */
static uint32_t entry_speed(const struct avrspi_session *session, size_t i)
{
    uint32_t asked = session->config.sck_hz, slowest = avrspi_link_slowest_speed(session->link);
    uint32_t hz = asked && asked < entry_speeds[i] ? asked : entry_speeds[i];

    return hz < slowest ? slowest : hz;
}

/* True when the step before was tried at the controller's slowest already. */
static bool is_repeated(const struct avrspi_session *session, size_t i)
{
    return i > 0 && entry_speed(session, i) == avrspi_link_slowest_speed(session->link) &&
           entry_speed(session, i - 1) == entry_speed(session, i);
}

uint32_t avrspi_isp_slowest_entry(const struct avrspi_session *session)
{
    return entry_speed(session, ENTRY_SPEEDS - 1);
}

/* A pulse of RESET and Programming Enable. */
static int try_once(struct avrspi_session *session, uint8_t answer[4], bool *in_step,
                    struct avrspi_error *error)
{
    int result = avrspi_isp_interrupted(session, error);

    if (result == 0)
        result = avrspi_isp_pulse_reset(
            session, avrspi_isp_reset_low_ns(session->slow_reset) + AVRSPI_RESET_MARGIN_NS, error);
    if (result == 0)
        result = avrspi_isp_enable(session, answer, in_step, error);
    if (result == 0 && avrspi_isp_never_echoes(&session->config))
        result = look_for_signature(session, in_step, error);
    session->entry_tries++;
    return result;
}

static int enter_at(struct avrspi_session *session, uint32_t hz, uint8_t (*answers)[4],
                    bool *in_step, struct avrspi_error *error)
{
    int result = avrspi_link_set_speed(session->link, hz, error);

    *in_step = false;
    for (int n = 0; result == 0 && n < TRIES_PER_SPEED && !*in_step; n++)
        result = try_once(session, answers[n], in_step, error);
    if (result == 0 && *in_step)
        session->entry_hz = hz;
    return result;
}

static int enter_at_each_speed(struct avrspi_session *session, uint8_t (*answers)[4], bool *in_step,
                               struct avrspi_error *error)
{
    int result = 0;

    *in_step = false;
    for (size_t i = 0; result == 0 && i < ENTRY_SPEEDS && !*in_step; i++) {
        uint8_t(*these)[4] = answers + i * TRIES_PER_SPEED;

        if (is_repeated(session, i)) { /* the answers would be the same */
            memcpy(these, these - TRIES_PER_SPEED, TRIES_PER_SPEED * sizeof *these);
            continue;
        }
        result = enter_at(session, entry_speed(session, i), these, in_step, error);
        if (result == 0 && *in_step)
            session->entry_steps = i;
    }
    return result;
}

/* Where nobody ever answered: once more, after so long that RESET is low also behind a large
 * capacitor. An echo at the slowest speed shows that; at which speed the target hears is found
 * as ever. */
static int enter_slowly(struct avrspi_session *session, uint8_t (*answers)[4], bool *in_step,
                        struct avrspi_error *error)
{
    uint8_t answer[4];
    int result;

    session->slow_reset = true;
    result = try_once(session, answer, in_step, error);
    if (result == 0 && *in_step)
        result = enter_at_each_speed(session, answers, in_step, error);
    session->slow_reset = result == 0 && *in_step;
    if (session->slow_reset)
        avrspi_isp_warn(session, AVRSPI_WARNING_SLOW_RESET);
    return result;
}

/* Its signature, whatever it reads, tells what is the matter with a chip that never echoes. */
static int enter_unseen(struct avrspi_session *session, uint8_t (*answers)[4], bool *in_step,
                        struct avrspi_error *error)
{
    int result = avrspi_link_set_speed(session->link, entry_speed(session, 0), error);

    session->entry_steps = 0;
    session->entry_hz = entry_speed(session, 0);
    if (result == 0)
        result = try_once(session, answers[0], in_step, error);
    *in_step = true;
    return result;
}

int avrspi_isp_enter(struct avrspi_session *session, struct avrspi_error *error)
{
    uint8_t answers[MOST_TRIES][4] = {{0}};
    bool in_step;
    int result;

    session->in_step = false;
    session->entry_tries = 0;
    result = enter_at_each_speed(session, answers, &in_step, error);
    if (result == 0 && !in_step && !session->entry_hz)
        result = enter_slowly(session, answers, &in_step, error);
    if (result == 0 && !in_step && !session->identified &&
        avrspi_isp_never_echoes(&session->config))
        result = enter_unseen(session, answers, &in_step, error);
    if (result < 0)
        return result;
    if (!in_step)
        return avrspi_isp_diagnose(session, (const uint8_t(*)[4])answers, MOST_TRIES, error);
    session->in_step = true;
    session->lost = false;
    session->new_clock = false;
    return 0;
}

int avrspi_isp_leave(struct avrspi_session *session, struct avrspi_error *error)
{
    avrspi_isp_wait_for_any_write(session);
    return avrspi_link_set_reset(session->link, false, error);
}
