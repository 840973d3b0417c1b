/* SPDX-License-Identifier: MIT */
/* Lines of a Raspberry Pi's header as bits: bit n is GPIOn. */
#ifndef AVRSPI_SRC_HOST_LINES_H
#define AVRSPI_SRC_HOST_LINES_H

#include <stdint.h>

enum {
    FIRST_WIRE = 9, /* MISO, MOSI, SCK of the first bus */
    LAST_WIRE = 11,
    HEADER_LINES = 28,
};

#define LINE(n)            (UINT32_C(1) << (n))
#define LINES(first, last) (((UINT32_C(2) << (last)) - 1) & ~((UINT32_C(1) << (first)) - 1))

/* Sound goes over these. */
#define I2S LINES(18, 21)

#endif
