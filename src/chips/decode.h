/* SPDX-License-Identifier: MIT */
/* Which instruction of a chip four bytes are, by the chip's own table. */
#ifndef AVRSPI_SRC_CHIPS_DECODE_H
#define AVRSPI_SRC_CHIPS_DECODE_H

#include "chips/record.h"

struct avrspi_decoded {
    enum avrspi_instruction_id id; /* AVRSPI_INSTRUCTIONS: none of the chip's */
    uint32_t address;              /* a word address for flash, else a byte address */
    uint8_t data;                  /* what a write or a load carries */
    bool exact;                    /* each bit that the table gives as constant is as it gives it */
    bool inside;                   /* the address is in the memory that is meant */
    bool lasting;                  /* it can change what the chip keeps, or fills the page buffer */
};

/*
 * The instruction whose constant bits are all as they are sent (only the byte that the answer comes
 * in is free); an instruction that two keys have is the first of them. Where there is none, the one
 * that a chip would take them for that ignores the bits which datasheets have as 'x': then it is
 * not 'exact'.
 */
struct avrspi_decoded avrspi_instruction_decode(const struct avrspi_chip *chip,
                                                const uint8_t bytes[4]);

/* True for one that is exact and changes nothing of the chip: a read inside its memory, Poll
 * RDY/BSY, Programming Enable, Load Extended Address. */
bool avrspi_instruction_is_harmless(const struct avrspi_decoded *decoded);

#endif
