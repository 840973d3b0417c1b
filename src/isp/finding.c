/* SPDX-License-Identifier: MIT */
#include "isp/finding.h"

#include <string.h>

#include "chips/intent_clock.h"

enum {
    BIT_ONES = 1 << AVRSPI_LEVEL_ONES,
    BIT_ZEROS = 1 << AVRSPI_LEVEL_ZEROS,
    BIT_MIXED = 1 << AVRSPI_LEVEL_MIXED,
    BIT_UNKNOWN = 1 << AVRSPI_LEVEL_UNKNOWN,
    BIT_ANY = BIT_ONES | BIT_ZEROS | BIT_MIXED | BIT_UNKNOWN,
};

static const char *const finding_words[AVRSPI_FINDINGS] = {
    [AVRSPI_FINDING_INVERTED] = "silence while %s is low, and an echo while it is high",
    [AVRSPI_FINDING_NOT_INVERTED] = "silence while %s is high, and an echo while it is low",
    [AVRSPI_FINDING_FOLLOWS_RESET] = "MISO changes its level with RESET, but shows no echo",
    [AVRSPI_FINDING_HELD_HIGH] = "MISO reads all ones, though this board pulls it down by default",
    [AVRSPI_FINDING_HELD_LOW] = "MISO reads all zeros, though this board pulls it up",
    [AVRSPI_FINDING_ONES] = "MISO reads all ones",
    [AVRSPI_FINDING_ZEROS] = "MISO reads all zeros",
    [AVRSPI_FINDING_LOOPED] = "MISO shows what MOSI sends",
    [AVRSPI_FINDING_SHIFTED] = "the echo of Programming Enable is shifted",
    [AVRSPI_FINDING_ONLY_IN_RESET] =
        "MISO moves while RESET is low, but shows no echo of Programming Enable",
    [AVRSPI_FINDING_JUNK] = "MISO shows no echo of Programming Enable",
};

static const char *const cause_words[AVRSPI_CAUSES] = {
    [AVRSPI_CAUSE_NONE] = "",
    [AVRSPI_CAUSE_POWER] =
        "power: measure VCC at the chip's own pins, and join its GND with this board's",
    [AVRSPI_CAUSE_RESET_WIRE] = "RESET: %s has to reach the chip's RESET pin",
    [AVRSPI_CAUSE_MISO_WIRE] =
        "MISO: it is open, or exchanged with MOSI; MISO goes to MISO, and MOSI to MOSI",
    [AVRSPI_CAUSE_MOSI_WIRE] = "MOSI: it has to reach the chip's MOSI pin",
    [AVRSPI_CAUSE_SCK_WIRE] = "SCK: it has to reach the chip's SCK pin",
    [AVRSPI_CAUSE_CLOCK] = "clock: a chip fused for a crystal or a clock signal is silent without "
                           "it; a clock of 1 MHz fed into XTAL1 recovers it",
    [AVRSPI_CAUSE_SLOW_CLOCK] =
        "clock: SCK is too fast for a chip whose clock is below %s, or stands still",
    [AVRSPI_CAUSE_RESET_FUSES] = "fuses: RSTDISBL or DWEN is programmed, so that RESET is none; "
                                 "high-voltage programming recovers it",
    [AVRSPI_CAUSE_MISO_HIGH] = "MISO: it touches VCC, or something else holds it high",
    [AVRSPI_CAUSE_MISO_LOW] = "MISO: it touches GND, or something else holds it low",
    [AVRSPI_CAUSE_OTHER_DEVICE] =
        "another device drives MISO: take it off the bus, or make its chip select inactive",
    [AVRSPI_CAUSE_BRIDGE] =
        "the two touch each other: look for a solder bridge or a wire in the wrong row",
    [AVRSPI_CAUSE_NOISE] =
        "SCK picks up noise: shorten the wires, join the grounds, put 100 ohm into SCK",
    [AVRSPI_CAUSE_INVERTED] = "either a running program echoes what it hears, or a transistor "
                              "inverts RESET on its way from %s",
    [AVRSPI_CAUSE_NOT_INVERTED] = "either a running program echoes what it hears, or nothing "
                                  "inverts RESET on its way from %s",
    [AVRSPI_CAUSE_PINS] = "pins: ATmega64, 128, 1281, 2561 and AT90CAN have PDI and PDO in place "
                          "of MOSI and MISO",
};

/* The first row that fits. The order of causes is a judgement. */
static const struct rule {
    enum avrspi_isp_finding finding;
    unsigned pull;        /* bits of the levels; 0: any */
    unsigned low, high;   /* bits of the levels */
    bool looped, shifted; /* needed */
    bool other_level;
    bool active_high;
    enum avrspi_isp_cause causes[AVRSPI_MOST_CAUSES];
} rules[] = {
    {.finding = AVRSPI_FINDING_NOT_INVERTED,
     .low = BIT_ANY,
     .high = BIT_ANY,
     .other_level = true,
     .active_high = true,
     .causes = {AVRSPI_CAUSE_NOT_INVERTED}},
    {.finding = AVRSPI_FINDING_INVERTED,
     .low = BIT_ANY,
     .high = BIT_ANY,
     .other_level = true,
     .causes = {AVRSPI_CAUSE_INVERTED}},
    {.finding = AVRSPI_FINDING_LOOPED,
     .low = BIT_ANY,
     .high = BIT_ANY,
     .looped = true,
     .causes = {AVRSPI_CAUSE_BRIDGE}},
    {.finding = AVRSPI_FINDING_SHIFTED,
     .low = BIT_ANY,
     .high = BIT_ANY,
     .shifted = true,
     .causes = {AVRSPI_CAUSE_NOISE}},
    {.finding = AVRSPI_FINDING_FOLLOWS_RESET,
     .low = BIT_ONES,
     .high = BIT_ZEROS | BIT_MIXED,
     .causes = {AVRSPI_CAUSE_SCK_WIRE, AVRSPI_CAUSE_MOSI_WIRE, AVRSPI_CAUSE_MISO_WIRE,
                AVRSPI_CAUSE_CLOCK, AVRSPI_CAUSE_RESET_FUSES, AVRSPI_CAUSE_PINS}},
    {.finding = AVRSPI_FINDING_FOLLOWS_RESET,
     .low = BIT_ZEROS,
     .high = BIT_ONES | BIT_MIXED,
     .causes = {AVRSPI_CAUSE_SCK_WIRE, AVRSPI_CAUSE_MOSI_WIRE, AVRSPI_CAUSE_MISO_WIRE,
                AVRSPI_CAUSE_CLOCK, AVRSPI_CAUSE_RESET_FUSES, AVRSPI_CAUSE_PINS}},
    {.finding = AVRSPI_FINDING_HELD_HIGH,
     .pull = BIT_ZEROS,
     .low = BIT_ONES,
     .high = BIT_ANY,
     .causes = {AVRSPI_CAUSE_MISO_HIGH, AVRSPI_CAUSE_RESET_WIRE, AVRSPI_CAUSE_OTHER_DEVICE,
                AVRSPI_CAUSE_POWER, AVRSPI_CAUSE_MISO_WIRE, AVRSPI_CAUSE_SCK_WIRE,
                AVRSPI_CAUSE_CLOCK, AVRSPI_CAUSE_RESET_FUSES, AVRSPI_CAUSE_PINS}},
    /* a chip without power clamps its pins to ground */
    {.finding = AVRSPI_FINDING_HELD_LOW,
     .pull = BIT_ONES,
     .low = BIT_ZEROS,
     .high = BIT_ANY,
     .causes = {AVRSPI_CAUSE_POWER, AVRSPI_CAUSE_MISO_LOW, AVRSPI_CAUSE_RESET_WIRE,
                AVRSPI_CAUSE_OTHER_DEVICE, AVRSPI_CAUSE_MISO_WIRE, AVRSPI_CAUSE_SCK_WIRE,
                AVRSPI_CAUSE_CLOCK, AVRSPI_CAUSE_RESET_FUSES, AVRSPI_CAUSE_PINS}},
    {.finding = AVRSPI_FINDING_ONES,
     .low = BIT_ONES,
     .high = BIT_ANY,
     .causes = {AVRSPI_CAUSE_RESET_WIRE, AVRSPI_CAUSE_POWER, AVRSPI_CAUSE_MISO_WIRE,
                AVRSPI_CAUSE_SCK_WIRE, AVRSPI_CAUSE_CLOCK, AVRSPI_CAUSE_RESET_FUSES,
                AVRSPI_CAUSE_MISO_HIGH, AVRSPI_CAUSE_PINS}},
    {.finding = AVRSPI_FINDING_ZEROS,
     .low = BIT_ZEROS,
     .high = BIT_ANY,
     .causes = {AVRSPI_CAUSE_POWER, AVRSPI_CAUSE_RESET_WIRE, AVRSPI_CAUSE_MISO_WIRE,
                AVRSPI_CAUSE_SCK_WIRE, AVRSPI_CAUSE_CLOCK, AVRSPI_CAUSE_RESET_FUSES,
                AVRSPI_CAUSE_MISO_LOW, AVRSPI_CAUSE_PINS}},
    {.finding = AVRSPI_FINDING_ONLY_IN_RESET,
     .low = BIT_MIXED,
     .high = BIT_ONES | BIT_ZEROS,
     .causes = {AVRSPI_CAUSE_SLOW_CLOCK, AVRSPI_CAUSE_MOSI_WIRE, AVRSPI_CAUSE_NOISE}},
    {.finding = AVRSPI_FINDING_JUNK,
     .low = BIT_ANY,
     .high = BIT_ANY,
     .causes = {AVRSPI_CAUSE_OTHER_DEVICE, AVRSPI_CAUSE_RESET_WIRE, AVRSPI_CAUSE_SCK_WIRE,
                AVRSPI_CAUSE_SLOW_CLOCK, AVRSPI_CAUSE_NOISE}},
};

static bool fits(const struct rule *rule, const struct avrspi_isp_evidence *evidence)
{
    return rule->low >> evidence->low & 1 && rule->high >> evidence->high & 1 &&
           (!rule->pull || rule->pull >> evidence->pull & 1) &&
           (!rule->looped || evidence->looped) && (!rule->shifted || evidence->shifted) &&
           (!rule->other_level || evidence->other_level) &&
           (!rule->active_high || evidence->active_high);
}

static const struct rule *find_rule(const struct avrspi_isp_evidence *evidence)
{
    const struct rule *rule = rules;

    while (!fits(rule, evidence)) /* the last one fits all */
        rule++;
    return rule;
}

/* Its file names its pins PDI and PDO, which "PDIP" does not. */
static bool has_other_pins(const struct avrspi_chip *chip)
{
    return strstr(chip->pins, "to PDI ") != NULL;
}

/* Whether that can be the matter with that chip. */
static bool is_possible(enum avrspi_isp_cause cause, const struct avrspi_chip *chip)
{
    if (!chip)
        return true;
    if (cause == AVRSPI_CAUSE_PINS)
        return has_other_pins(chip);
    if (cause == AVRSPI_CAUSE_CLOCK) /* without one of its own it always needs one */
        return !chip->factory_clock || avrspi_clock_rescue(chip, NULL);
    return cause != AVRSPI_CAUSE_RESET_FUSES || avrspi_chip_field(chip, "RSTDISBL") ||
           avrspi_chip_field(chip, "DWEN");
}

/* What is the likeliest with that chip, where it is possible at all. */
static enum avrspi_isp_cause first_of(const struct avrspi_chip *chip)
{
    if (!chip)
        return AVRSPI_CAUSE_NONE;
    if (has_other_pins(chip))
        return AVRSPI_CAUSE_PINS;
    return chip->factory_clock ? AVRSPI_CAUSE_NONE
                               : AVRSPI_CAUSE_CLOCK; /* it never had one of its own */
}

/* What the pull of RESET makes the likeliest cause, and what it speaks against. A level shifter
 * before the target may have a pull-up of its own, so that nothing is ruled out. */
static const struct {
    enum avrspi_isp_cause first, last[2];
} by_reset[] = {
    [AVRSPI_RESET_PULL_UNKNOWN] = {.first = AVRSPI_CAUSE_NONE},
    [AVRSPI_RESET_PULLED_UP] = {.last = {AVRSPI_CAUSE_RESET_WIRE, AVRSPI_CAUSE_POWER}},
    [AVRSPI_RESET_PULLED_DOWN] = {.first = AVRSPI_CAUSE_POWER, .last = {AVRSPI_CAUSE_RESET_WIRE}},
    [AVRSPI_RESET_NOT_PULLED] = {.first = AVRSPI_CAUSE_RESET_WIRE},
};

static bool has(const enum avrspi_isp_cause *causes, size_t n, enum avrspi_isp_cause cause)
{
    for (size_t i = 0; i < n; i++)
        if (causes[i] == cause)
            return true;
    return false;
}

/* Adds a cause that the rule has and that is not there yet. */
static void add(struct avrspi_isp_diagnosis *diagnosis, const struct rule *rule,
                enum avrspi_isp_cause cause)
{
    if (cause && has(rule->causes, AVRSPI_MOST_CAUSES, cause) &&
        !has(diagnosis->causes, diagnosis->n_causes, cause))
        diagnosis->causes[diagnosis->n_causes++] = cause;
}

void avrspi_isp_conclude(struct avrspi_isp_diagnosis *diagnosis,
                         const struct avrspi_isp_evidence *evidence, const struct avrspi_chip *chip)
{
    const struct rule *rule = find_rule(evidence);
    const enum avrspi_isp_cause *last = by_reset[evidence->reset].last;

    *diagnosis = (struct avrspi_isp_diagnosis){.finding = rule->finding};
    add(diagnosis, rule, by_reset[evidence->reset].first);
    diagnosis->by_reset =
        diagnosis->n_causes || (last[0] && has(rule->causes, AVRSPI_MOST_CAUSES, last[0]));
    add(diagnosis, rule, first_of(chip));
    for (int n = 0; n < AVRSPI_MOST_CAUSES; n++)
        if (is_possible(rule->causes[n], chip) && !has(last, 2, rule->causes[n]))
            add(diagnosis, rule, rule->causes[n]);
    for (int n = 0; n < 2; n++)
        add(diagnosis, rule, last[n]);
}

const char *avrspi_isp_finding_words(enum avrspi_isp_finding finding)
{
    return (unsigned)finding < AVRSPI_FINDINGS ? finding_words[finding] : "";
}

const char *avrspi_isp_cause_words(enum avrspi_isp_cause cause)
{
    return (unsigned)cause < AVRSPI_CAUSES ? cause_words[cause] : "";
}
