/* SPDX-License-Identifier: MIT */
/* Instructions that a user has written down byte by byte. */
#include "isp/isp.h"

#include <stdio.h>

#include "chips/decode.h"

/* How long a write goes on at most; AVRSPI_WAITS: it is none. */
static enum avrspi_wait wait_after(const struct avrspi_decoded *decoded)
{
    switch (decoded->id) {
    case AVRSPI_WRITE_FLASH_PAGE:
    case AVRSPI_WRITE_FLASH_LOW:
    case AVRSPI_WRITE_FLASH_HIGH:
        return AVRSPI_WAIT_FLASH;
    case AVRSPI_WRITE_EEPROM:
    case AVRSPI_WRITE_EEPROM_PAGE:
        return AVRSPI_WAIT_EEPROM;
    case AVRSPI_WRITE_LOW:
    case AVRSPI_WRITE_HIGH:
    case AVRSPI_WRITE_EXT:
    case AVRSPI_WRITE_LOCK:
        return AVRSPI_WAIT_FUSE;
    case AVRSPI_CHIP_ERASE:
    case AVRSPI_INSTRUCTIONS: /* whatever it does, an erase takes longest */
        return AVRSPI_WAIT_ERASE;
    default:
        return AVRSPI_WAITS;
    }
}

static int refuse(const struct avrspi_chip *chip, const uint8_t bytes[4],
                  const struct avrspi_decoded *decoded, struct avrspi_error *error)
{
    const char *why = decoded->id == AVRSPI_INSTRUCTIONS ? "is no instruction of the"
                      : decoded->lasting                 ? "can change what is in the"
                      : decoded->inside                  ? "has bits set that mean nothing to the"
                                                         : "is beyond the memory of the";

    avrspi_fail(error, AVRSPI_ERR_REFUSED, "refused: '%02X %02X %02X %02X' %s %s", bytes[0],
                bytes[1], bytes[2], bytes[3], why, chip->name);
    avrspi_hint(error, "nothing was sent; only reads are");
    avrspi_advise(error, AVRSPI_ADVICE_FORCE, NULL);
    return AVRSPI_ERR_REFUSED;
}

/* Which word is meant is not known: RESET forgets what was loaded. */
static int refuse_unextended(const struct avrspi_chip *chip, const uint8_t bytes[4],
                             struct avrspi_error *error)
{
    uint8_t load[4];

    avrspi_instruction_encode(&chip->instruction[AVRSPI_LOAD_EXT_ADDRESS], 0, 0, load);
    avrspi_fail(error, AVRSPI_ERR_REFUSED,
                "refused: '%02X %02X %02X %02X' needs Load Extended Address before it", bytes[0],
                bytes[1], bytes[2], bytes[3]);
    avrspi_hint(error, "nothing was sent; '%02X %02X %02X %02X' before it is for the first 128 KiB",
                load[0], load[1], load[2], load[3]);
    return AVRSPI_ERR_REFUSED;
}

int avrspi_instructions_check(const struct avrspi_chip *chip, const uint8_t (*instructions)[4],
                              size_t count, struct avrspi_error *error)
{
    bool loaded = false;

    for (size_t n = 0; n < count; n++) {
        const struct avrspi_decoded decoded = avrspi_instruction_decode(chip, instructions[n]);

        if (!avrspi_instruction_is_harmless(&decoded))
            return refuse(chip, instructions[n], &decoded, error);
        if (avrspi_instruction_is_extended(chip, decoded.id) && !loaded)
            return refuse_unextended(chip, instructions[n], error);
        loaded |= decoded.id == AVRSPI_LOAD_EXT_ADDRESS;
    }
    return 0;
}

/* What lock bits do not let read comes back as junk. */
static int check_lock(const struct avrspi_session *session, const uint8_t (*instructions)[4],
                      size_t count, struct avrspi_error *error)
{
    int result = 0;

    for (size_t n = 0; result == 0 && n < count; n++) {
        const enum avrspi_instruction_id id =
            avrspi_instruction_decode(&session->chip, instructions[n]).id;

        if (id == AVRSPI_READ_FLASH_LOW || id == AVRSPI_READ_FLASH_HIGH)
            result = avrspi_guard_read(&session->chip, &session->fuses, AVRSPI_MEMORY_FLASH, error);
        else if (id == AVRSPI_READ_EEPROM)
            result =
                avrspi_guard_read(&session->chip, &session->fuses, AVRSPI_MEMORY_EEPROM, error);
    }
    return result;
}

/* The third byte is the second one of what was sent, whatever the instruction. What follows a wrong
 * one would be another instruction than was meant. */
static int check_echo(struct avrspi_session *session, const uint8_t sent[4],
                      const uint8_t received[4], struct avrspi_error *error)
{
    if (session->chip.no_echo || received[2] == sent[1])
        return 0;
    avrspi_fail(error, AVRSPI_ERR_NO_TARGET,
                "the target did not echo '%02X %02X %02X %02X': 0x%02X was expected as the third "
                "byte, 0x%02X came",
                sent[0], sent[1], sent[2], sent[3], sent[1], received[2]);
    avrspi_hint(error, "nothing more was sent, as it could be taken for something else");
    avrspi_advise(error, AVRSPI_ADVICE_SLOWER, NULL);
    return AVRSPI_ERR_NO_TARGET;
}

static int send_one(struct avrspi_session *session, const uint8_t sent[4], uint8_t received[4],
                    struct avrspi_error *error)
{
    const struct avrspi_decoded decoded = avrspi_instruction_decode(&session->chip, sent);
    const enum avrspi_wait wait = wait_after(&decoded);
    int result = avrspi_isp_interrupted(session, error);

    if (result < 0)
        return result;
    /* only the poll may be sent while a write goes on, and may be what the user wants to see */
    if (decoded.id != AVRSPI_POLL_RDY_BSY)
        avrspi_isp_wait_for_write(session);
    result = avrspi_link_transfer(session->link, sent, received, 4, error);
    if (result < 0)
        return result;
    if (wait != AVRSPI_WAITS)
        avrspi_busy_begin(session, wait);
    return check_echo(session, sent, received, error);
}

int avrspi_session_send(struct avrspi_session *session, const uint8_t (*instructions)[4],
                        uint8_t (*answers)[4], size_t count, size_t *sent,
                        struct avrspi_error *error)
{
    int result = 0, pulse;

    *sent = 0;
    if (!session->identified)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "the chip is not identified yet");
    if (!session->config.force)
        result = avrspi_instructions_check(&session->chip, instructions, count, error);
    if (result == 0 && !session->config.force)
        result = check_lock(session, instructions, count, error);
    if (result < 0)
        return result;
    for (size_t n = 0; result == 0 && n < count; n++) {
        result = send_one(session, instructions[n], answers[n], error);
        *sent += result == 0;
    }
    pulse = avrspi_isp_pulse_reset(session, 0, result == 0 ? error : NULL);
    return result < 0 ? result : pulse;
}
