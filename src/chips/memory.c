/* SPDX-License-Identifier: MIT */
/* The memories of a chip: their names, sizes, first addresses and pages. */
#include "chips/record.h"

#include <string.h>

static uint32_t flash_size(const struct avrspi_chip *chip)
{
    return chip->flash_size;
}

static uint32_t eeprom_size(const struct avrspi_chip *chip)
{
    return chip->eeprom_size;
}

/* A byte that the chip does not have counts where there is one after it: each has an address. */
static uint32_t fuses_size(const struct avrspi_chip *chip)
{
    uint32_t size = AVRSPI_FUSE_EXT + 1;

    while (size > 0 && !chip->fuse[size - 1].mask)
        size--;
    return size;
}

static uint32_t lock_size(const struct avrspi_chip *chip)
{
    return chip->fuse[AVRSPI_FUSE_LOCK].mask ? 1 : 0;
}

static uint32_t signature_size(const struct avrspi_chip *chip)
{
    return sizeof chip->signature;
}

static uint32_t calibration_size(const struct avrspi_chip *chip)
{
    return chip->calibration_bytes;
}

/* A user row can't be reached over SPI. */
static uint32_t user_row_size(const struct avrspi_chip *chip)
{
    (void)chip;
    return 0;
}

static const struct {
    const char *name;
    uint32_t (*size)(const struct avrspi_chip *chip);
} memories[AVRSPI_MEMORIES] = {
    [AVRSPI_MEMORY_FLASH] = {"flash", flash_size},
    [AVRSPI_MEMORY_EEPROM] = {"eeprom", eeprom_size},
    [AVRSPI_MEMORY_FUSES] = {"fuses", fuses_size},
    [AVRSPI_MEMORY_LOCK] = {"lock", lock_size},
    [AVRSPI_MEMORY_SIGNATURE] = {"signature", signature_size},
    [AVRSPI_MEMORY_CALIBRATION] = {"calibration", calibration_size},
    [AVRSPI_MEMORY_USER_ROW] = {"userrow", user_row_size},
};

const char *avrspi_memory_name(enum avrspi_memory memory)
{
    return (unsigned)memory < AVRSPI_MEMORIES ? memories[memory].name : "";
}

bool avrspi_memory_by_name(const char *name, enum avrspi_memory *memory)
{
    for (unsigned n = 0; n < AVRSPI_MEMORIES; n++) {
        if (strcmp(memories[n].name, name) == 0) {
            *memory = (enum avrspi_memory)n;
            return true;
        }
    }
    return false;
}

uint32_t avrspi_memory_size(const struct avrspi_chip *chip, enum avrspi_memory memory)
{
    return (unsigned)memory < AVRSPI_MEMORIES ? memories[memory].size(chip) : 0;
}

uint32_t avrspi_memory_start(const struct avrspi_chip *chip, enum avrspi_memory memory)
{
    return memory == AVRSPI_MEMORY_FLASH ? chip->flash_start : 0;
}

uint32_t avrspi_memory_page(const struct avrspi_chip *chip, enum avrspi_memory memory)
{
    return memory == AVRSPI_MEMORY_FLASH    ? chip->flash_page
           : memory == AVRSPI_MEMORY_EEPROM ? chip->eeprom_page
                                            : 0;
}
