/* SPDX-License-Identifier: MIT */
/*
 * What an instruction may have changed that arrived otherwise than it was sent. The echo shows what
 * arrived, where the chip echoes the first two bytes: they tell all instructions apart.
 */
#include "isp/isp.h"

/* Whether an instruction's first two bytes can be these. */
static bool begins(const struct avrspi_instruction *instruction, const uint8_t bytes[2])
{
    for (size_t i = 0; i < 2; i++) {
        uint8_t variable = instruction->address_mask[i] | instruction->data_mask[i];

        /* bits that mean nothing are sent as 0, and the chip does not look at them */
        if (instruction->fixed[i] & ~variable & ~bytes[i])
            return false;
    }
    return instruction->defined;
}

/* Loads of a page buffer are none of them: the page that they end in is read back. */
static const struct {
    enum avrspi_instruction_id id;
    unsigned reached;
} writes[] = {
    {AVRSPI_CHIP_ERASE, AVRSPI_REACHED_ALL},
    {AVRSPI_WRITE_FLASH_PAGE, AVRSPI_REACHED_FLASH},
    {AVRSPI_WRITE_FLASH_LOW, AVRSPI_REACHED_FLASH},
    {AVRSPI_WRITE_FLASH_HIGH, AVRSPI_REACHED_FLASH},
    {AVRSPI_LOAD_EXT_ADDRESS, AVRSPI_REACHED_FLASH}, /* with the writes after it */
    {AVRSPI_WRITE_EEPROM, AVRSPI_REACHED_EEPROM},
    {AVRSPI_WRITE_EEPROM_PAGE, AVRSPI_REACHED_EEPROM},
    {AVRSPI_WRITE_LOW, AVRSPI_REACHED_FUSES},
    {AVRSPI_WRITE_HIGH, AVRSPI_REACHED_FUSES},
    {AVRSPI_WRITE_EXT, AVRSPI_REACHED_FUSES},
    {AVRSPI_WRITE_LOCK, AVRSPI_REACHED_FUSES},
};

bool avrspi_isp_is_write(enum avrspi_instruction_id id)
{
    for (size_t n = 0; n < sizeof writes / sizeof *writes; n++)
        if (writes[n].id == id)
            return true;
    return false;
}

unsigned avrspi_isp_reached_by(const struct avrspi_session *session, size_t place)
{
    const uint8_t *in = session->in + place;
    unsigned reached = 0;

    if (!session->echoes_first || session->chip.no_echo)
        return AVRSPI_REACHED_ALL;
    for (size_t n = 0; n < sizeof writes / sizeof *writes; n++)
        if (begins(&session->chip.instruction[writes[n].id], in + 1))
            reached |= writes[n].reached;
    return reached;
}
