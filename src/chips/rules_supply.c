/* SPDX-License-Identifier: MIT */
/* What the supply forbids: a brown-out level above it, and clocks beyond the speed grade. */
#include "avrspi/rules.h"

#include <string.h>

#include "base/number.h"
#include "chips/record.h"

static const char *value_name(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
                              const char *name)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, name);
    const struct avrspi_value *value;

    if (!field || !fuses->given[field->fuse])
        return "";
    value = avrspi_field_value(field, avrspi_field_get(field, fuses->value[field->fuse]));
    return value ? value->name : "";
}

/* The level of a detector that is on, millivolts; 0 where it is off or not known. Its values are
 * named by the level: "2.7V". */
static uint32_t brown_out_mv(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    const char *level = value_name(chip, fuses, "BODLEVEL");
    const char *enable = value_name(chip, fuses, "BODEN");
    uint32_t mv;

    if (strcmp(enable, "unprogrammed") == 0 || strcmp(enable, "off") == 0 ||
        strcmp(value_name(chip, fuses, "BODACT"), "off") == 0 ||
        !avrspi_number_parse_mv(level, strlen(level), &mv))
        return 0;
    return mv;
}

static bool same_clock(const struct avrspi_clock *a, const struct avrspi_clock *b)
{
    return a->source == b->source && a->max_hz == b->max_hz;
}

bool avrspi_supply_allows(const struct avrspi_chip *chip, const struct avrspi_clock *clock,
                          uint32_t supply_mv)
{
    return supply_mv == 0 || clock->max_hz <= avrspi_chip_most_hz(chip, supply_mv);
}

const struct avrspi_chip *avrspi_supply_first_unfit(const struct avrspi_chip *const *chips,
                                                    size_t n_chips,
                                                    const struct avrspi_clock *clock,
                                                    uint32_t supply_mv)
{
    for (size_t n = 0; n < n_chips; n++)
        if (!avrspi_supply_allows(chips[n], clock, supply_mv))
            return chips[n];
    return NULL;
}

static bool is_inside(const struct avrspi_supply *supply, uint32_t mv)
{
    return supply->min_mv <= mv && mv <= supply->max_mv;
}

/* Neither the plain chip nor its low-voltage variant is specified for that supply. */
static bool is_outside(const struct avrspi_chip *chip, uint32_t supply_mv)
{
    return chip->supply.max_mv && !is_inside(&chip->supply, supply_mv) &&
           !is_inside(&chip->variant_supply, supply_mv);
}

size_t avrspi_supply_hazards(const struct avrspi_chip *chip, const struct avrspi_fuses *before,
                             const struct avrspi_fuses *wanted, uint32_t supply_mv,
                             uint32_t pins_hz, struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS],
                             size_t count)
{
    const struct avrspi_fuses after = avrspi_fuses_after(chip, before, wanted);
    const struct avrspi_clock old = avrspi_chip_clock_at(chip, before->value, pins_hz);
    const struct avrspi_clock new = avrspi_chip_clock_at(chip, after.value, pins_hz);
    const uint32_t level = brown_out_mv(chip, &after);
    struct avrspi_hazard hazard = {.supply_mv = supply_mv, .assumed = supply_mv == 0};

    if (!avrspi_fuses_any(wanted) || count + 3 > AVRSPI_MAX_HAZARDS)
        return count;
    if (hazard.assumed)
        hazard.supply_mv = AVRSPI_ASSUMED_SUPPLY_MV;
    hazard.kind = AVRSPI_HAZARD_SUPPLY;
    if (!hazard.assumed && is_outside(chip, supply_mv))
        hazards[count++] = hazard;
    hazard.kind = AVRSPI_HAZARD_BROWN_OUT;
    hazard.field = avrspi_chip_field(chip, "BODLEVEL");
    hazard.level_mv = level;
    if (level > hazard.supply_mv && level != brown_out_mv(chip, before))
        hazards[count++] = hazard;
    hazard.kind = AVRSPI_HAZARD_TOO_FAST;
    hazard.field = NULL;
    hazard.source = new.source;
    hazard.hz = new.max_hz;
    hazard.level_mv = avrspi_chip_least_mv(chip, new.max_hz);
    if (after.given[AVRSPI_FUSE_LOW] && !same_clock(&old, &new) &&
        !avrspi_supply_allows(chip, &new, hazard.supply_mv))
        hazards[count++] = hazard;
    return count;
}
