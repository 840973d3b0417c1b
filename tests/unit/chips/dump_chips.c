/* SPDX-License-Identifier: MIT */
/* Prints what tests/avr-libc.sh compares: a row a chip, numbers decimal, '-' for a fuse byte that
 * the chip does not have. */
#include <stdio.h>

#include "avrspi/chips.h"
#include "chips/record.h"

static void print_fuse(const struct avrspi_fuse_byte *fuse)
{
    if (fuse->mask)
        (void)printf("\t%u", fuse->default_value);
    else
        (void)printf("\t-");
}

int main(void)
{
    struct avrspi_chips *chips;
    struct avrspi_error error;

    if (avrspi_chips_open(&chips, &error) < 0) {
        (void)fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    for (size_t i = 0; i < avrspi_chips_count(chips); i++) {
        const struct avrspi_chip *chip = avrspi_chips_at(chips, i);

        (void)printf("%s\t%u\t%u\t%u\t%u\t%u\t%u", chip->name, chip->signature[0],
                     chip->signature[1], chip->signature[2],
                     (unsigned)(chip->flash_start + chip->flash_size), (unsigned)chip->flash_page,
                     (unsigned)chip->eeprom_size);
        for (size_t fuse = AVRSPI_FUSE_LOW; fuse < AVRSPI_FUSE_LOCK; fuse++)
            print_fuse(&chip->fuse[fuse]);
        (void)printf("\n");
    }
    avrspi_chips_close(chips);
    return 0;
}
