/* SPDX-License-Identifier: MIT */
#include "isp/isp.h"

enum {
    SAMPLES = 6, /* bytes of flash: a word at its beginning, its middle and its end */
};

/* A single bit away from Chip Erase (AC 80) is the write of the low fuse (AC A0): the byte that
 * would be written then is today's. Chip Erase does not look at it. */
static void add_erase(struct avrspi_session *session)
{
    size_t place = avrspi_batch_add(session, AVRSPI_CHIP_ERASE, 0, 0);

    if (session->fuses.given[AVRSPI_FUSE_LOW])
        session->out[place + 3] = session->fuses.value[AVRSPI_FUSE_LOW];
}

static int erase(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    int result;

    (void)context;
    avrspi_batch_begin(session);
    avrspi_batch_add_presence_check(session);
    add_erase(session);
    result = avrspi_batch_run(session, error);
    avrspi_busy_begin(session, AVRSPI_WAIT_ERASE); /* even an echo gone wrong may have begun it */
    if (result == 0 && avrspi_isp_is_hidden(session))
        avrspi_isp_wait_hidden(session);
    else if (result == 0)
        result = avrspi_busy_end(session, AVRSPI_WAIT_ERASE, error);
    if (result < 0 || session->chip.pulse_after_erase || avrspi_isp_is_hidden(session))
        return result;
    return avrspi_isp_check_presence(session, error);
}

/* --- the proof: an erase clears all or nothing, so a few cells and the lock bits tell */

/* What was looked at, and is not as an erase leaves it. */
struct left_over {
    bool any;
    bool lock;        /* the lock bits, not the flash */
    uint32_t address; /* of flash */
    uint8_t found;
};

/* Byte n of the words at the beginning, in the middle and at the end of the flash. */
static uint32_t sample_address(const struct avrspi_chip *chip, uint32_t n)
{
    uint32_t last = chip->flash_size / 2 - 1, word = n / 2 * last / 2;

    return chip->flash_start + word * 2 + n % 2;
}

static void look(const struct avrspi_session *session, size_t place, enum avrspi_instruction_id id,
                 uint8_t mask, struct left_over left, struct left_over *found)
{
    left.found = avrspi_batch_answer(session, place, id) | (uint8_t)~mask;
    left.any = left.found != 0xFF;
    if (left.any)
        *found = left;
}

static int look_at_samples(struct avrspi_session *session, struct left_over *found,
                           struct avrspi_error *error)
{
    const struct avrspi_chip *chip = &session->chip;
    bool lock = avrspi_fuse_readable(chip, AVRSPI_FUSE_LOCK);
    uint32_t count = chip->flash_size ? SAMPLES : 0;
    size_t places[SAMPLES], lock_place = 0;
    int result;

    avrspi_batch_begin(session);
    avrspi_batch_add_presence_check(session);
    if (lock)
        lock_place = avrspi_batch_add(session, AVRSPI_READ_LOCK, 0, 0);
    for (uint32_t n = 0; n < count; n++)
        places[n] = avrspi_batch_add_read(session, AVRSPI_MEMORY_FLASH, sample_address(chip, n));
    avrspi_batch_add_presence_check(session);
    result = avrspi_batch_run(session, error);
    *found = (struct left_over){0};
    for (uint32_t n = 0; result == 0 && n < count; n++)
        look(session, places[n], n % 2 ? AVRSPI_READ_FLASH_HIGH : AVRSPI_READ_FLASH_LOW, 0xFF,
             (struct left_over){.address = sample_address(chip, n)}, found);
    if (result == 0 && lock)
        look(session, lock_place, AVRSPI_READ_LOCK, chip->fuse[AVRSPI_FUSE_LOCK].mask,
             (struct left_over){.lock = true}, found);
    return result;
}

/* Not on one reading. */
static int check_erased(struct avrspi_session *session, void *context, struct avrspi_error *error)
{
    struct left_over left, again;
    int result = look_at_samples(session, &left, error);

    (void)context;
    if (result < 0 || !left.any)
        return result;
    result = look_at_samples(session, &again, error);
    if (result < 0)
        return result;
    if (!again.any || again.address != left.address || again.found != left.found)
        return avrspi_isp_lost(session, error, "two readings of the same bytes differ");
    if (left.lock)
        avrspi_fail(error, AVRSPI_ERR_VERIFY,
                    "the chip is not erased: the lock bits read 0x%02X, expected 0xFF", left.found);
    else
        avrspi_fail(error, AVRSPI_ERR_VERIFY,
                    "the chip is not erased: flash at 0x%04X reads 0x%02X, expected 0xFF",
                    left.address, left.found);
    avrspi_hint(error, "is the supply steady, and high enough for a write?");
    return AVRSPI_ERR_VERIFY;
}

/* The AT90S1200 needs RESET high for a moment after an erase (its datasheet, 'Serial
 * Programming Algorithm'). */
static int pulse_if_needed(struct avrspi_session *session, struct avrspi_error *error)
{
    uint32_t hz = avrspi_link_speed(session->link);
    int result;

    if (!session->chip.pulse_after_erase)
        return 0;
    result = avrspi_isp_enter(session, error);
    if (result == 0)
        result = avrspi_link_set_speed(session->link, hz, error);
    return result;
}

int avrspi_session_erase(struct avrspi_session *session, struct avrspi_error *error)
{
    int result = avrspi_isp_identified(session, error);

    if (result < 0)
        return result;
    result = avrspi_isp_learn_echo(session, error);
    if (result == 0)
        result = avrspi_isp_with_resync(session, erase, NULL, error);
    if (result == 0)
        result = pulse_if_needed(session, error);
    if (result == 0 && session->fuses.given[AVRSPI_FUSE_LOCK])
        session->fuses.value[AVRSPI_FUSE_LOCK] = 0xFF;
    if (result == 0)
        result = avrspi_isp_unhide(session, error);
    if (result == 0)
        result = avrspi_isp_with_resync(session, check_erased, NULL, error);
    return result;
}
