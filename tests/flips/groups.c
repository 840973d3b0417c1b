/* SPDX-License-Identifier: MIT */
#include "flips.h"

#include <string.h>

static bool begin_alike(const struct avrspi_instruction *a, const struct avrspi_instruction *b)
{
    return a->defined == b->defined && memcmp(a->fixed, b->fixed, 2) == 0 &&
           memcmp(a->address_mask, b->address_mask, 2) == 0 &&
           memcmp(a->data_mask, b->data_mask, 2) == 0;
}

static bool same_group(const struct avrspi_chip *a, const struct avrspi_chip *b)
{
    for (size_t id = 0; id < AVRSPI_INSTRUCTIONS; id++)
        if (!begin_alike(&a->instruction[id], &b->instruction[id]))
            return false;
    return true;
}

static void join(struct group *group, const struct avrspi_chip *chip)
{
    if (group->flash_size < chip->flash_start + chip->flash_size)
        group->flash_size = chip->flash_start + chip->flash_size;
    if (group->eeprom_size < chip->eeprom_size)
        group->eeprom_size = chip->eeprom_size;
    group->chips++;
}

size_t groups_find(const struct avrspi_chips *chips, struct group groups[MOST_GROUPS])
{
    size_t count = 0;

    for (size_t n = 0; n < avrspi_chips_count(chips); n++) {
        const struct avrspi_chip *chip = avrspi_chips_at(chips, n);
        size_t group = 0;

        while (group < count && !same_group(groups[group].chip, chip))
            group++;
        if (group == MOST_GROUPS)
            return 0;
        if (group == count)
            groups[count++] = (struct group){.chip = chip};
        join(&groups[group], chip);
    }
    return count;
}
