/* SPDX-License-Identifier: MIT */
/* Which chip it is: by its signature, and by what the user says. */
#include "isp/isp.h"

#include <string.h>

enum {
    SIGNATURE_READINGS = 2, /* in one transfer, and all of them have to agree */
    SIGNATURE_TRIES = 5,
    HIDDEN_AGAIN = 2, /* entries after which it has to read so again */
};

/* Whoever names a speed gets it for everything after Programming Enable. */
static int take_asked_speed(struct avrspi_session *session, struct avrspi_error *error)
{
    if (!session->config.sck_hz)
        return 0;
    return avrspi_link_set_speed(session->link, session->config.sck_hz, error);
}

/* 'Read Signature Byte' is 30 00 aa on every AVR with serial programming. */
static void prepare_to_read(struct avrspi_session *session)
{
    static const struct avrspi_instruction read_signature = {
        .defined = true,
        .fixed = {0x30},
        .address_mask = {0, 0, 0x03},
        .answer_bit = {0, 1, 2, 3, 4, 5, 6, 7},
    };

    if (session->identified)
        return;
    if (session->config.chip)
        session->chip = *session->config.chip;
    else
        session->chip.instruction[AVRSPI_READ_SIGNATURE] = read_signature;
}

static bool first_bytes_came_back(const struct avrspi_session *session)
{
    for (size_t place = 0; place < session->used; place += 4)
        if (session->in[place + 1] != session->out[place])
            return false;
    return true;
}

static int read_once(struct avrspi_session *session, uint8_t readings[SIGNATURE_READINGS][3],
                     struct avrspi_error *error)
{
    size_t patterned;
    int result;

    avrspi_batch_begin(session);
    for (uint32_t n = 0; n < SIGNATURE_READINGS * 3; n++)
        (void)avrspi_batch_add_signature(session, n % 3, false);
    patterned = avrspi_batch_add_signature(session, 1, true);
    result = avrspi_batch_run(session, error);
    if (result == 0)
        session->echoes_first = first_bytes_came_back(session);
    if (result == 0) /* some datasheets want these bits to be 0 */
        session->patterned = avrspi_batch_answer(session, patterned, AVRSPI_READ_SIGNATURE) ==
                             avrspi_batch_answer(session, 4, AVRSPI_READ_SIGNATURE);
    for (size_t n = 0; result == 0 && n < SIGNATURE_READINGS * 3; n++)
        readings[n / 3][n % 3] = avrspi_batch_answer(session, n * 4, AVRSPI_READ_SIGNATURE);
    return result;
}

static int read_until_agreed(struct avrspi_session *session, struct avrspi_error *error)
{
    uint8_t readings[SIGNATURE_READINGS][3];

    for (int n = 0; n < SIGNATURE_TRIES; n++) {
        int result = read_once(session, readings, error);

        if (result < 0)
            return result;
        if (memcmp(readings[0], readings[1], 3) == 0) {
            memcpy(session->signature, readings[0], 3);
            session->has_signature = true;
            return 0;
        }
    }
    avrspi_fail(error, AVRSPI_ERR_NO_TARGET,
                "the signature reads differently each time (%02X %02X %02X, then %02X %02X %02X)",
                readings[0][0], readings[0][1], readings[0][2], readings[1][0], readings[1][1],
                readings[1][2]);
    avrspi_hint(error, "the wiring is unreliable: shorten it, join the grounds");
    avrspi_advise(error, AVRSPI_ADVICE_SLOWER, NULL);
    return AVRSPI_ERR_NO_TARGET;
}

/* A hidden signature is also what one lost bit of Programming Enable makes of any: it is believed
 * when it comes again after another one. */
static int read_signature(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    int result = read_until_agreed(session, error);

    (void)context;
    for (int n = 0; result == 0 && n < HIDDEN_AGAIN && avrspi_isp_is_hidden(session); n++) {
        result = avrspi_isp_enter(session, error);
        if (result == 0)
            result = take_asked_speed(session, error);
        if (result == 0)
            result = read_until_agreed(session, error);
    }
    return result;
}

static bool all_equal_to(const uint8_t signature[3], uint8_t value)
{
    return signature[0] == value && signature[1] == value && signature[2] == value;
}

/* A chip that never echoes, and is not there: only its signature shows that. */
static int diagnose_silence(struct avrspi_session *session, struct avrspi_error *error)
{
    uint8_t answer[1][4] = {{0}};
    bool in_step;
    int result = avrspi_isp_pulse_reset(session, AVRSPI_RESET_REST_NS, error);

    if (result == 0)
        result = avrspi_isp_enable(session, answer[0], &in_step, error);
    return result < 0 ? result
                      : avrspi_isp_diagnose(session, (const uint8_t(*)[4])answer, 1, error);
}

static int check_plausible(struct avrspi_session *session, struct avrspi_error *error)
{
    const uint8_t *signature = session->signature;

    if (!all_equal_to(signature, 0x00) && !all_equal_to(signature, 0xFF))
        return 0;
    session->has_signature = false;
    if (session->chip.no_echo)
        return diagnose_silence(session, error);
    avrspi_fail(error, AVRSPI_ERR_NO_TARGET,
                "the target takes Programming Enable, but its signature reads %02X %02X %02X",
                signature[0], signature[1], signature[2]);
    avrspi_hint(error, "look at MISO and the supply voltage");
    return AVRSPI_ERR_NO_TARGET;
}

int avrspi_session_signature(struct avrspi_session *session, uint8_t signature[3],
                             struct avrspi_error *error)
{
    if (!session->has_signature) {
        int result;

        prepare_to_read(session);
        result = take_asked_speed(session, error);
        if (result < 0)
            return result;
        result = avrspi_isp_with_resync(session, read_signature, NULL, error);
        if (result == 0)
            result = check_plausible(session, error);
        if (result < 0)
            return result;
    }
    memcpy(signature, session->signature, 3);
    return 0;
}

/* Automotive parts (ATA...) share signatures with the common ones; those come first. */
bool avrspi_isp_is_common(const struct avrspi_chip *chip)
{
    return strncmp(chip->name, "ATA", 3) != 0 && !chip->unverified;
}

void avrspi_isp_find_candidates(struct avrspi_session *session)
{
    session->n_candidates = 0;
    for (int common = 1; common >= 0; common--) {
        const struct avrspi_chip *chip;

        for (size_t n = 0; (chip = avrspi_chips_by_signature(session->config.chips,
                                                             session->signature, n)) != NULL;
             n++)
            if (avrspi_isp_is_common(chip) == (common == 1) &&
                session->n_candidates < AVRSPI_MAX_CANDIDATES)
                session->candidates[session->n_candidates++] = chip;
    }
}

static bool same_masks(const struct avrspi_chip *a, const struct avrspi_chip *b)
{
    for (int n = 0; n < AVRSPI_FUSES; n++)
        if (a->fuse[n].mask != b->fuse[n].mask)
            return false;
    return true;
}

/* True when the two can be programmed alike, waits aside. */
static bool interchangeable(const struct avrspi_chip *a, const struct avrspi_chip *b)
{
    return a->flash_size == b->flash_size && a->flash_page == b->flash_page &&
           a->flash_start == b->flash_start && a->eeprom_size == b->eeprom_size &&
           a->eeprom_page == b->eeprom_page && same_masks(a, b) &&
           memcmp(a->instruction, b->instruction, sizeof a->instruction) == 0;
}

static void make_safe_for(struct avrspi_chip *chip, const struct avrspi_chip *candidate)
{
    for (int n = 0; n < AVRSPI_WAITS; n++)
        if (chip->wait_us[n] < candidate->wait_us[n])
            chip->wait_us[n] = candidate->wait_us[n];
    chip->rdy_bsy = chip->rdy_bsy && candidate->rdy_bsy;
    chip->rdy_bsy_unknown = chip->rdy_bsy_unknown || candidate->rdy_bsy_unknown;
    chip->divider_unknown = chip->divider_unknown || candidate->divider_unknown;
    if (chip->max_sck_hz > candidate->max_sck_hz)
        chip->max_sck_hz = candidate->max_sck_hz;
}

static int choose_among_candidates(struct avrspi_session *session, struct avrspi_error *error)
{
    char names[128];

    if (session->n_candidates == 0)
        return avrspi_isp_fail_unknown(session, error);
    session->chip = *session->candidates[0];
    for (size_t n = 1; n < session->n_candidates; n++) {
        if (!interchangeable(session->candidates[0], session->candidates[n])) {
            avrspi_isp_name_candidates(session, names, sizeof names);
            avrspi_fail(error, AVRSPI_ERR_SIGNATURE,
                        "the signature %02X %02X %02X is that of several chips that differ: %s",
                        session->signature[0], session->signature[1], session->signature[2], names);
            avrspi_advise(error, AVRSPI_ADVICE_NAME_CHIP, NULL);
            return AVRSPI_ERR_SIGNATURE;
        }
        make_safe_for(&session->chip, session->candidates[n]);
    }
    return 0;
}

static int choose_chip(struct avrspi_session *session, struct avrspi_error *error)
{
    const struct avrspi_chip *expected = session->config.chip;

    avrspi_isp_find_candidates(session);
    if (!expected)
        return choose_among_candidates(session, error);
    if (memcmp(expected->signature, session->signature, 3) != 0 && !session->config.force)
        return avrspi_isp_fail_expected(session, error);
    session->chip = *expected;
    session->candidates[0] = expected;
    session->n_candidates = 1;
    return 0;
}

/* Room for the largest batch of unit.c: a page read back between two presence checks, one loaded,
 * both addressed, and the write. */
static int reserve_pages(struct avrspi_session *session, struct avrspi_error *error)
{
    uint32_t flash = avrspi_unit_size(&session->chip, AVRSPI_MEMORY_FLASH);
    uint32_t eeprom = avrspi_unit_size(&session->chip, AVRSPI_MEMORY_EEPROM);

    return avrspi_batch_reserve(session, 2 * (size_t)(flash > eeprom ? flash : eeprom) + 6, error);
}

static void tell(struct avrspi_session *session)
{
    struct avrspi_event event = {.kind = AVRSPI_EVENT_IDENTIFIED};

    avrspi_isp_emit(session, &event);
    if (avrspi_isp_is_another(session))
        avrspi_isp_warn(session, AVRSPI_WARNING_SIGNATURE);
    if (session->chip.unverified)
        avrspi_isp_warn(session, AVRSPI_WARNING_UNVERIFIED);
    if (*avrspi_chip_completed_from(&session->chip))
        avrspi_isp_warn(session, AVRSPI_WARNING_COMPLETED);
    avrspi_note_tell(session);
}

int avrspi_session_identify(struct avrspi_session *session, struct avrspi_error *error)
{
    uint8_t signature[3];
    int result = avrspi_session_signature(session, signature, error);

    if (result == 0)
        result = choose_chip(session, error);
    if (result == 0)
        result = reserve_pages(session, error);
    if (result < 0)
        return result;
    session->identified = true;
    result = avrspi_session_read_fuses(session, error);
    if (result == 0)
        result = avrspi_isp_choose_sck(session, error);
    if (result == 0)
        tell(session);
    return result;
}
