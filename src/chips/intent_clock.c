/* SPDX-License-Identifier: MIT */
/*
 * "clock=16MHz-crystal": of all values that select that clock the one with the longest start-up
 * time, which is right for any supply and any crystal, and CKDIV8 and CKOPT as they belong to it.
 */
#include "chips/intent_clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "chips/record.h"

enum {
    MAX_CHOICES = 32,
};

struct wish {
    enum avrspi_clock_source source;
    uint32_t hz; /* 0 for an external clock */
};

/* A resonator takes the same fuses as a crystal. */
static enum avrspi_clock_source source_of(const char *word, size_t size)
{
    return avrspi_text_is(word, size, "resonator") ? AVRSPI_CLOCK_CRYSTAL
                                                   : avrspi_clock_source_by_name(word, size);
}

/* A source and a frequency, in either order. */
static bool read_wish(const char *text, struct wish *wish)
{
    const char *dash = strchr(text, '-'), *hz = dash ? dash + 1 : "";
    size_t size = dash ? (size_t)(dash - text) : strlen(text), hz_size = strlen(hz);

    *wish = (struct wish){.source = source_of(text, size)};
    if (wish->source == AVRSPI_CLOCK_UNKNOWN && dash) {
        wish->source = source_of(hz, hz_size);
        hz = text;
        hz_size = size;
    }
    if (wish->source == AVRSPI_CLOCK_UNKNOWN)
        return false;
    if (wish->source == AVRSPI_CLOCK_EXTERNAL)
        return !dash;
    return avrspi_number_parse_hz(hz, hz_size, 1, AVRSPI_HIGHEST_HZ, &wish->hz);
}

/* How many CPU cycles and milliseconds the words of a value give the clock to start: "start-up 16K
 * CK + 65 ms". */
static unsigned long start_up(const char *words)
{
    const char *found = strstr(words, "start-up "), *plus;
    unsigned long cycles, ms = 0;
    char *end;

    if (!found)
        return 0;
    cycles = strtoul(found + strlen("start-up "), &end, 10);
    if (*end == 'K')
        cycles *= 1024;
    plus = strstr(end, "+ ");
    if (plus)
        ms = strtoul(plus + 2, NULL, 10);
    return cycles * 1024 + ms;
}

/* Where the chip has CKOPT, it is programmed for any crystal that allows it. */
static bool wants_full_swing(const struct wish *wish)
{
    return wish->source == AVRSPI_CLOCK_CRYSTAL && wish->hz >= AVRSPI_FULL_SWING_MIN_HZ;
}

/* The clock that a value selects, with CKOPT as it belongs to the wish. */
static struct avrspi_clock clock_of(const struct avrspi_chip *chip,
                                    const struct avrspi_value *value, const struct wish *wish)
{
    return avrspi_chip_field(chip, "CKOPT") && wants_full_swing(wish)
               ? avrspi_clock_at_full_swing(value->clock)
               : value->clock;
}

/* Whether a PLL makes the clock of another one. */
static bool is_multiplied(const struct avrspi_value *value)
{
    return strstr(value->name, "PLL") != NULL;
}

static bool fits(const struct avrspi_clock *clock, const struct avrspi_value *value,
                 const struct wish *wish, unsigned divider)
{
    if (clock->source != wish->source)
        return false;
    if (wish->source == AVRSPI_CLOCK_INTERNAL)
        return clock->max_hz == wish->hz * divider;
    if (divider > 1 || is_multiplied(value)) /* what is outside has another frequency */
        return false;
    if (wish->source == AVRSPI_CLOCK_EXTERNAL || clock->max_hz == 0)
        return true;
    if (clock->max_hz == AVRSPI_WATCH_HZ)
        return wish->hz / 1000 == AVRSPI_WATCH_HZ / 1000;
    return clock->min_hz <= wish->hz && wish->hz <= clock->max_hz;
}

/* Narrow ranges before wide ones, of those that CKOPT makes equal the highest, then longer start-up
 * times. */
static bool is_better(const struct avrspi_chip *chip, const struct wish *wish,
                      const struct avrspi_value *value, const struct avrspi_value *best)
{
    struct avrspi_clock clock = clock_of(chip, value, wish), other;

    if (!best)
        return true;
    other = clock_of(chip, best, wish);
    if (clock.max_hz - clock.min_hz != other.max_hz - other.min_hz)
        return clock.max_hz - clock.min_hz < other.max_hz - other.min_hz;
    if (value->clock.max_hz != best->clock.max_hz)
        return value->clock.max_hz > best->clock.max_hz;
    return start_up(value->text) > start_up(best->text);
}

static const struct avrspi_value *best_of(const struct avrspi_chip *chip,
                                          const struct avrspi_field *field, const struct wish *wish,
                                          unsigned divider)
{
    const struct avrspi_value *best = NULL;

    for (size_t n = 0; n < field->n_values; n++) {
        const struct avrspi_value *value = &field->values[n];
        const struct avrspi_clock clock = clock_of(chip, value, wish);

        if (fits(&clock, value, wish, divider) && is_better(chip, wish, value, best))
            best = value;
    }
    return best;
}

/* A value that leaves the choice to a later field, as CKSEL does to ULPOSCSEL. */
static void leave_choice(const struct avrspi_chip *chip, const struct avrspi_field *to,
                         struct avrspi_fuses *fuses)
{
    for (const struct avrspi_field *field = chip->fields; field < to; field++) {
        for (size_t n = 0; n < field->n_values; n++) {
            if (strncmp(field->values[n].name, "ULP", 3) == 0 &&
                field->values[n].clock.source == AVRSPI_CLOCK_UNKNOWN) {
                avrspi_fuses_put(fuses, field, field->values[n].value);
                break;
            }
        }
    }
}

static void put_companions(const struct avrspi_chip *chip, const struct wish *wish,
                           unsigned divider, struct avrspi_fuses *fuses)
{
    const struct avrspi_field *ckdiv8 = avrspi_chip_field(chip, "CKDIV8");
    const struct avrspi_field *ckopt = avrspi_chip_field(chip, "CKOPT");

    if (ckdiv8)
        avrspi_fuses_put(fuses, ckdiv8, divider > 1 ? 0 : 1);
    if (ckopt)
        avrspi_fuses_put(fuses, ckopt, wants_full_swing(wish) ? 0 : 1);
}

static bool try_field(const struct avrspi_chip *chip, const struct avrspi_field *field,
                      const struct wish *wish, unsigned divider, struct avrspi_fuses *fuses)
{
    const struct avrspi_value *value = best_of(chip, field, wish, divider);
    struct avrspi_fuses after = *fuses;
    struct avrspi_clock clock, selected;

    if (!value)
        return false;
    leave_choice(chip, field, &after);
    avrspi_fuses_put(&after, field, value->value);
    put_companions(chip, wish, divider, &after);
    clock = avrspi_chip_clock(chip, after.value);
    selected = clock_of(chip, value, wish);
    if (clock.source != selected.source || clock.max_hz != selected.max_hz / divider)
        return false; /* another field decides */
    *fuses = after;
    return true;
}

static bool set(const struct avrspi_chip *chip, const struct wish *wish, struct avrspi_fuses *fuses)
{
    unsigned most = avrspi_chip_field(chip, "CKDIV8") ? 8 : 1;

    for (unsigned divider = 1; divider <= most; divider *= 8)
        for (size_t n = 0; n < chip->n_fields; n++)
            if (try_field(chip, &chip->fields[n], wish, divider, fuses))
                return true;
    return false;
}

bool avrspi_clock_set(const struct avrspi_chip *chip, const char *text, struct avrspi_fuses *fuses)
{
    struct wish wish;

    return read_wish(text, &wish) && set(chip, &wish, fuses);
}

/* --- what there is */

static void hertz(uint32_t hz, char *text, size_t size)
{
    if (hz >= 1000000)
        (void)snprintf(text, size, "%gMHz", hz / 1e6);
    else
        (void)snprintf(text, size, "%gkHz", hz / 1e3);
}

static void describe(const struct avrspi_clock *clock, char *text, size_t size)
{
    const char *source = avrspi_clock_source_name(clock->source);
    char low[16], high[16];

    hertz(clock->min_hz, low, sizeof low);
    hertz(clock->max_hz, high, sizeof high);
    if (clock->source == AVRSPI_CLOCK_EXTERNAL)
        (void)snprintf(text, size, "%s", source);
    else if (clock->source == AVRSPI_CLOCK_INTERNAL)
        (void)snprintf(text, size, "%s-%s", source, high);
    else if (clock->max_hz == 0)
        (void)snprintf(text, size, "HZ-%s", source);
    else if (clock->min_hz == clock->max_hz)
        (void)snprintf(text, size, "%s-%s", high, source);
    else
        (void)snprintf(text, size, "HZ-%s (%s to %s)", source, low, high);
}

/* Whether the chip can run from the clock, divided or not: not where another field decides. */
static bool is_possible(const struct avrspi_chip *chip, const struct avrspi_clock *clock)
{
    struct wish wish = {.source = clock->source,
                        .hz = clock->source == AVRSPI_CLOCK_EXTERNAL ? 0 : clock->max_hz};
    struct avrspi_fuses fuses = {0};

    return set(chip, &wish, &fuses);
}

static bool same(const struct avrspi_clock *a, const struct avrspi_clock *b)
{
    return a->source == b->source && a->min_hz == b->min_hz && a->max_hz == b->max_hz;
}

static void offer(const struct avrspi_chip *chip, struct avrspi_clock clock,
                  struct avrspi_clock known[MAX_CHOICES], size_t *count)
{
    if (*count == MAX_CHOICES || clock.source == AVRSPI_CLOCK_UNKNOWN || !is_possible(chip, &clock))
        return;
    for (size_t n = 0; n < *count; n++)
        if (same(&known[n], &clock))
            return;
    known[(*count)++] = clock;
}

size_t avrspi_clock_choices(const struct avrspi_chip *chip, struct avrspi_error *error)
{
    bool divides = avrspi_chip_field(chip, "CKDIV8") != NULL;
    bool ckopt = avrspi_chip_field(chip, "CKOPT") != NULL;
    struct avrspi_clock known[MAX_CHOICES];
    size_t count = 0;
    char text[64];

    for (size_t n = 0; n < chip->n_fields; n++) {
        for (size_t k = 0; k < chip->fields[n].n_values; k++) {
            struct avrspi_clock clock = chip->fields[n].values[k].clock;

            if (ckopt && clock.max_hz >= AVRSPI_FULL_SWING_MIN_HZ)
                clock = avrspi_clock_at_full_swing(clock);
            if (is_multiplied(&chip->fields[n].values[k]) && avrspi_clock_is_outside(clock.source))
                continue;
            offer(chip, clock, known, &count);
            clock.min_hz /= 8;
            clock.max_hz /= 8;
            if (divides && clock.source == AVRSPI_CLOCK_INTERNAL)
                offer(chip, clock, known, &count);
        }
    }
    for (size_t n = 0; n < count; n++) {
        describe(&known[n], text, sizeof text);
        avrspi_hint_choice(error, text);
    }
    return count;
}

/* An AT90S1200 has its clock fuse out of reach. */
static bool is_settable(const struct avrspi_chip *chip, const struct avrspi_field *field)
{
    return avrspi_fuse_readable(chip, field->fuse) &&
           chip->instruction[avrspi_fuse_write_id(field->fuse)].defined;
}

bool avrspi_clock_rescue(const struct avrspi_chip *chip, char text[AVRSPI_CLOCK_RESCUE_TEXT])
{
    struct avrspi_clock own = {.source = AVRSPI_CLOCK_UNKNOWN};
    bool outside = false;

    for (size_t n = 0; n < chip->n_fields; n++) {
        for (size_t k = 0; k < chip->fields[n].n_values; k++) {
            const struct avrspi_value *value = &chip->fields[n].values[k];
            const struct avrspi_clock *clock = &value->clock;

            if (!is_settable(chip, &chip->fields[n]) || is_multiplied(value) ||
                !is_possible(chip, clock))
                continue;
            outside = outside || avrspi_clock_is_outside(clock->source);
            if (clock->source == AVRSPI_CLOCK_INTERNAL && clock->max_hz > own.max_hz)
                own = *clock;
        }
    }
    if (text)
        describe(&own, text, AVRSPI_CLOCK_RESCUE_TEXT);
    return outside && own.source == AVRSPI_CLOCK_INTERNAL;
}
