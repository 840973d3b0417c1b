/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the state file of a simulated chip: what is accepted, and written and read again, is
 * the same; nothing that is written lies outside the chip.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "simhost/simhost.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct avrspi_chip chip = {
    .name = "X",
    .flash_size = 2048,
    .eeprom_size = 100,
    .fuse = {{0xFF, 0xFF}, {0xFF, 0xFF}, {0x07, 0xFF}, {0x3F, 0xFF}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct avrspi_sim_silicon first, second;
    struct avrspi_error error;
    char *text;
    size_t length;

    if (avrspi_sim_file_parse(&first, &chip, "x", (const char *)data, size, &error) != 0)
        return 0;
    if (avrspi_sim_file_format(&first, &chip, &text, &length, &error) != 0)
        abort();
    if (avrspi_sim_file_parse(&second, &chip, "x", text, length, &error) != 0 ||
        memcmp(&first, &second, sizeof first) != 0)
        abort();
    free(text);
    return 0;
}
