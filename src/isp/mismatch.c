/* SPDX-License-Identifier: MIT */
/* A signature that is not the one expected, or not known: the chip, its lock bits, or the wires. */
#include "isp/isp.h"

#include <stdio.h>
#include <string.h>

enum {
    NEAR_BITS = 2,    /* so few are more likely the wires' than another chip's */
    SLOW_HZ = 10000,  /* at that SCK and below it the wires are not to blame */
    BITS_OF_NONE = 24 /* of a signature, and so farther than any */
};

void avrspi_isp_name_candidates(const struct avrspi_session *session, char *text, size_t size)
{
    size_t used = 0;

    for (size_t n = 0; n < session->n_candidates && used < size; n++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", n ? ", " : "",
                                 session->candidates[n]->name);
}

static int bits_between(const uint8_t a[3], const uint8_t b[3])
{
    int bits = 0;

    for (int n = 0; n < 3; n++)
        bits += __builtin_popcount((unsigned)(a[n] ^ b[n]));
    return bits;
}

/* The chip whose signature is nearest to the one that was read; of several the expected one, or a
 * common one. */
static const struct avrspi_chip *nearest(const struct avrspi_session *session, int *bits)
{
    const struct avrspi_chip *expected = session->config.chip, *found = expected, *chip;

    *bits = found ? bits_between(found->signature, session->signature) : BITS_OF_NONE;
    for (size_t n = 0; (chip = avrspi_chips_at(session->config.chips, n)) != NULL; n++) {
        int distance = bits_between(chip->signature, session->signature);
        bool better = found && found != expected && !avrspi_isp_is_common(found) &&
                      avrspi_isp_is_common(chip);

        if (distance < *bits || (distance == *bits && better)) {
            *bits = distance;
            found = chip;
        }
    }
    return found;
}

/* A signature of no chip known, but near to one: a wire that loses a bit does that to each reading.
 * NULL where it is not, or was read so slowly that the wires are not to blame. */
static const struct avrspi_chip *near_miss(const struct avrspi_session *session, int *bits)
{
    const struct avrspi_chip *chip = nearest(session, bits);
    uint32_t hz = session->config.sck_hz;

    if (!chip || session->n_candidates || *bits > NEAR_BITS || (hz && hz <= SLOW_HZ))
        return NULL;
    return chip;
}

static void blame_wires(struct avrspi_error *error, const struct avrspi_chip *chip, int bits)
{
    avrspi_hint(error,
                "%d bit%s from the %s (%02X %02X %02X): more likely the wires than another chip; "
                "shorten them, join the grounds, look at the supply",
                bits, bits == 1 ? "" : "s", chip->name, chip->signature[0], chip->signature[1],
                chip->signature[2]);
    avrspi_advise(error, AVRSPI_ADVICE_READ_SLOWLY, NULL);
}

static void blame_lock_bits(struct avrspi_error *error, const char *name)
{
    avrspi_hint(error, "00 01 02 is what a chip shows whose lock bits hide its signature");
    avrspi_advise(error, AVRSPI_ADVICE_ERASE_HIDDEN, name);
}

int avrspi_isp_fail_unknown(const struct avrspi_session *session, struct avrspi_error *error)
{
    const uint8_t *signature = session->signature;
    int bits;
    const struct avrspi_chip *near = near_miss(session, &bits);

    avrspi_fail(error, AVRSPI_ERR_SIGNATURE, "unknown signature %02X %02X %02X", signature[0],
                signature[1], signature[2]);
    if (avrspi_isp_is_hidden(session))
        blame_lock_bits(error, "CHIP");
    else if (near)
        blame_wires(error, near, bits);
    else
        avrspi_advise(error, AVRSPI_ADVICE_DESCRIBE_CHIP, NULL);
    return AVRSPI_ERR_SIGNATURE;
}

int avrspi_isp_fail_shown(struct avrspi_session *session, struct avrspi_error *error)
{
    const uint8_t *shown = session->signature;
    char names[128] = "an unknown chip";

    avrspi_isp_find_candidates(session);
    if (session->n_candidates)
        avrspi_isp_name_candidates(session, names, sizeof names);
    avrspi_fail(error, AVRSPI_ERR_SIGNATURE,
                "the chip is erased, and shows %02X %02X %02X now (%s): it is no %s", shown[0],
                shown[1], shown[2], names, session->chip.name);
    avrspi_hint(error, "nothing else was changed");
    avrspi_advise(error, AVRSPI_ADVICE_ANY_CHIP, NULL);
    return AVRSPI_ERR_SIGNATURE;
}

int avrspi_isp_fail_expected(const struct avrspi_session *session, struct avrspi_error *error)
{
    const uint8_t *found = session->signature, *wanted = session->config.chip->signature;
    char names[128] = "an unknown chip";
    int bits;
    const struct avrspi_chip *near = near_miss(session, &bits);

    if (session->n_candidates)
        avrspi_isp_name_candidates(session, names, sizeof names);
    else if (avrspi_isp_is_hidden(session))
        (void)snprintf(names, sizeof names, "a hidden signature");
    avrspi_fail(error, AVRSPI_ERR_SIGNATURE,
                "expected %s (%02X %02X %02X), found %02X %02X %02X (%s)",
                session->config.chip->name, wanted[0], wanted[1], wanted[2], found[0], found[1],
                found[2], names);
    if (avrspi_isp_is_hidden(session)) {
        blame_lock_bits(error, session->config.chip->name);
    } else if (near) {
        blame_wires(error, near, bits);
    } else if (avrspi_isp_never_echoes(&session->config) && !session->n_candidates) {
        avrspi_hint(error, "a chip that never echoes was not enabled: RESET, the wires, or a clock "
                           "that is too slow for SCK");
        avrspi_advise(error, AVRSPI_ADVICE_DOCTOR, NULL);
    } else {
        avrspi_hint(error, "nothing was changed");
        avrspi_advise(error, AVRSPI_ADVICE_ANY_CHIP, NULL);
    }
    return AVRSPI_ERR_SIGNATURE;
}

bool avrspi_isp_is_another(const struct avrspi_session *session)
{
    return session->identified &&
           memcmp(session->signature, session->chip.signature, sizeof session->signature) != 0;
}

void avrspi_isp_blame(const struct avrspi_session *session, struct avrspi_error *error,
                      const char *hint, enum avrspi_advice advice)
{
    if (avrspi_isp_is_another(session) && !avrspi_isp_is_hidden(session))
        avrspi_hint(error,
                    "by its signature it is no %s, as which --force has it; if that is right: %s",
                    session->chip.name, hint);
    else
        avrspi_hint(error, "%s", hint);
    avrspi_advise(error, advice, NULL);
}
