/* SPDX-License-Identifier: MIT */
/*
 * Tries spellings of fuses and lock bits: lines "CHIP FIELD=VALUE BYTE" on standard input, BYTE
 * being what a byte of all ones must become. Prints a line for each that sets another value, and
 * at the end how many were tried and understood. An error is fine: nothing would be written.
 */
#include <stdio.h>
#include <stdlib.h>

#include "avrspi/chips.h"

/* False when a byte became anything but that. */
static bool is_meant(const struct avrspi_fuses *fuses, unsigned byte)
{
    for (int n = 0; n < AVRSPI_FUSES; n++)
        if (fuses->given[n] && fuses->value[n] != byte)
            return false;
    return true;
}

int main(void)
{
    unsigned tried = 0, understood = 0, wrong = 0, byte;
    struct avrspi_chips *chips;
    char name[64], text[128];

    if (avrspi_chips_open(&chips, NULL) < 0)
        return 1;
    while (scanf("%63s %127s %x", name, text, &byte) == 3) {
        struct avrspi_fuses fuses = {.value = {0xFF, 0xFF, 0xFF, 0xFF}};
        const struct avrspi_chip *chip = avrspi_chips_find(chips, name);

        if (!chip)
            continue;
        tried++;
        if (avrspi_fuses_set(chip, text, &fuses, NULL) < 0)
            continue;
        understood++;
        if (is_meant(&fuses, byte))
            continue;
        wrong++;
        (void)printf("%s %s: not 0x%02X\n", name, text, byte);
    }
    avrspi_chips_close(chips);
    (void)printf("%u spellings of avr-libc tried, %u understood\n", tried, understood);
    return wrong > 0 || understood * 10 < tried * 9;
}
