/* SPDX-License-Identifier: MIT */
#include "chips/supply.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "chips/record.h"

/* "1.8-5.5" */
static bool parse_range(const char *word, size_t size, struct avrspi_supply *supply)
{
    const char *dash = word ? memchr(word, '-', size) : NULL;
    size_t low = dash ? (size_t)(dash - word) : 0;

    return dash && avrspi_number_parse_mv(word, low, &supply->min_mv) &&
           avrspi_number_parse_mv(dash + 1, size - low - 1, &supply->max_mv) &&
           supply->min_mv < supply->max_mv;
}

/* "10M@2.7", each higher than the one before */
static bool parse_point(const char *word, size_t size, struct avrspi_supply *supply)
{
    const char *at = memchr(word, '@', size);
    size_t left = at ? (size_t)(at - word) : 0, n = supply->n_points;

    if (!at || n == AVRSPI_SUPPLY_POINTS ||
        !avrspi_number_parse_hz(word, left, 1, AVRSPI_HIGHEST_HZ, &supply->points[n].hz) ||
        !avrspi_number_parse_mv(at + 1, size - left - 1, &supply->points[n].mv))
        return false;
    if (n > 0 && (supply->points[n].hz <= supply->points[n - 1].hz ||
                  supply->points[n].mv <= supply->points[n - 1].mv))
        return false;
    supply->n_points++;
    return true;
}

bool avrspi_supply_parse(const char *text, struct avrspi_supply *supply)
{
    struct avrspi_supply parsed = {0};
    size_t size;
    const char *word = avrspi_text_word(&text, &size);

    if (!parse_range(word, size, &parsed))
        return false;
    while ((word = avrspi_text_word(&text, &size)) != NULL) {
        if (parsed.steps)
            return false;
        if (avrspi_text_is(word, size, "steps"))
            parsed.steps = true;
        else if (!parse_point(word, size, &parsed))
            return false;
    }
    *supply = parsed;
    return true;
}

/* Of two points with a line between them: the second coordinate of the line at the first. */
static uint32_t between(uint32_t x0, uint32_t y0, uint32_t x1, uint32_t y1, uint32_t x)
{
    return y0 + (uint32_t)((uint64_t)(y1 - y0) * (x - x0) / (x1 - x0));
}

uint32_t avrspi_supply_most_hz(const struct avrspi_supply *supply, uint32_t mv)
{
    size_t n = supply->n_points;

    if (supply->max_mv == 0)
        return UINT32_MAX;
    if (mv < supply->min_mv || mv > supply->max_mv)
        return 0;
    if (n == 0)
        return UINT32_MAX;
    while (n > 0 && supply->points[n - 1].mv > mv)
        n--;
    if (n == 0)
        return 0;
    if (n == supply->n_points || supply->steps)
        return supply->points[n - 1].hz;
    return between(supply->points[n - 1].mv, supply->points[n - 1].hz, supply->points[n].mv,
                   supply->points[n].hz, mv);
}

uint32_t avrspi_supply_least_mv(const struct avrspi_supply *supply, uint32_t hz)
{
    size_t n = 0;
    uint32_t mv;

    while (n < supply->n_points && supply->points[n].hz < hz)
        n++;
    if (n == supply->n_points)
        return 0;
    mv = n == 0 || supply->steps ? supply->points[n].mv
                                 : between(supply->points[n - 1].hz, supply->points[n - 1].mv,
                                           supply->points[n].hz, supply->points[n].mv, hz);
    return mv > supply->min_mv ? mv : supply->min_mv;
}

/* --- of a chip */

const struct avrspi_supply *avrspi_chip_supply(const struct avrspi_chip *chip)
{
    return chip->supply.max_mv ? &chip->supply : NULL;
}

const struct avrspi_supply *avrspi_chip_variant_supply(const struct avrspi_chip *chip,
                                                       const char **letter)
{
    *letter = chip->variant;
    return chip->variant_supply.max_mv ? &chip->variant_supply : NULL;
}

uint32_t avrspi_chip_most_hz(const struct avrspi_chip *chip, uint32_t mv)
{
    return avrspi_supply_most_hz(&chip->supply, mv);
}

uint32_t avrspi_chip_least_mv(const struct avrspi_chip *chip, uint32_t hz)
{
    return avrspi_supply_least_mv(&chip->supply, hz);
}

const char *avrspi_chip_variant(const struct avrspi_chip *chip, uint32_t mv, uint32_t hz)
{
    const struct avrspi_supply *supply = &chip->variant_supply;

    return supply->max_mv && avrspi_supply_most_hz(supply, mv) >= hz ? chip->variant : "";
}
