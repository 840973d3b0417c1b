/* SPDX-License-Identifier: MIT */
/*
 * The signature 00 01 02: what chips of the 1990s show in place of theirs in lock mode 3. A chip
 * that is in step but was not enabled sends the same, each byte an echo of the address.
 */
#include "isp/isp.h"

#include <string.h>

static const uint8_t hidden[3] = {0x00, 0x01, 0x02};

bool avrspi_isp_hides(const uint8_t signature[3])
{
    return memcmp(signature, hidden, sizeof hidden) == 0;
}

bool avrspi_isp_is_hidden(const struct avrspi_session *session)
{
    return avrspi_isp_hides(session->signature);
}

/* Lock mode 3: what a hidden signature tells of the lock bits. */
static uint8_t mode_3(const struct avrspi_chip *chip)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "LB");

    return (uint8_t) ~(field ? field->mask : chip->fuse[AVRSPI_FUSE_LOCK].mask);
}

void avrspi_isp_hide_fuses(struct avrspi_session *session)
{
    session->fuses = (struct avrspi_fuses){0};
    session->fuses.given[AVRSPI_FUSE_LOCK] = true;
    session->fuses.value[AVRSPI_FUSE_LOCK] = mode_3(&session->chip);
}

void avrspi_isp_wait_hidden(struct avrspi_session *session)
{
    const struct avrspi_chip *chip;
    uint64_t longest = 0;

    for (size_t n = 0; (chip = avrspi_chips_at(session->config.chips, n)) != NULL; n++)
        if (chip->wait_us[AVRSPI_WAIT_ERASE] > longest)
            longest = chip->wait_us[AVRSPI_WAIT_ERASE];
    avrspi_isp_wait_until(session, session->busy_since + longest * AVRSPI_NS_PER_US);
    session->busy_until = 0;
}

int avrspi_isp_unhide(struct avrspi_session *session, struct avrspi_error *error)
{
    uint8_t signature[3];
    int result;

    if (!avrspi_isp_is_hidden(session))
        return 0;
    session->has_signature = false;
    result = avrspi_session_signature(session, signature, error);
    if (result < 0)
        return result;
    if (avrspi_isp_is_hidden(session)) {
        avrspi_fail(error, AVRSPI_ERR_VERIFY,
                    "Chip Erase was sent, but the signature still reads 00 01 02: whether the "
                    "chip is erased is not known");
        avrspi_hint(error, "is the supply steady, and high enough for a write?");
        return AVRSPI_ERR_VERIFY;
    }
    if (memcmp(session->signature, session->chip.signature, sizeof session->signature) != 0)
        return avrspi_isp_fail_shown(session, error);
    return avrspi_session_read_fuses(session, error);
}
