/* SPDX-License-Identifier: MIT */
/* Fuses by what they are for: "clock=16MHz-crystal", "brownout=2.7V", "boot=512B", "start=boot". */
#include "known_chips.h"

#include <stdio.h>
#include <string.h>

#include "avrspi/rules.h"
#include "chips/intent_clock.h"
#include "chips/record.h"

static struct avrspi_fuses factory(const struct avrspi_chip *chip)
{
    struct avrspi_fuses fuses = {0};

    for (size_t n = 0; n < AVRSPI_FUSES; n++)
        fuses.value[n] = chip->fuse[n].default_value;
    return fuses;
}

/* What becomes of a chip's factory values; -1: the byte is not set. */
static void intents_of_chips(void **state)
{
    static const struct {
        const char *chip, *text;
        int low, high, ext;
    } rows[] = {
        {"ATmega328P", "clock=internal-8MHz", 0xE2, -1, -1},
        {"ATmega328P", "clock=8MHz-internal", 0xE2, -1, -1},
        {"ATmega328P", "clock=internal-1MHz", 0x62, -1, -1},
        {"ATmega328P", "clock=internal-128kHz", 0xE3, -1, -1},
        {"ATmega328P", "clock=external", 0xE0, -1, -1},
        {"ATmega328P", "clock=16MHz-crystal", 0xFF, -1, -1},
        {"ATmega328P", "clock=16MHz-resonator", 0xFF, -1, -1},
        {"ATmega328P", "clock=crystal-4MHz", 0xFD, -1, -1},
        {"ATmega328P", "clock=32kHz-crystal", 0xE5, -1, -1},
        {"ATmega8", "clock=16MHz-crystal", 0xFF, 0xC9, -1}, /* CKOPT: full swing */
        {"ATmega8", "clock=internal-8MHz", 0xE4, 0xD9, -1},
        {"ATmega8", "clock=2MHz-rc", 0xE6, 0xD9, -1},
        {"ATtiny26", "clock=internal-16MHz", 0x71, -1, -1},
        {"ATtiny85", "clock=internal-16MHz", 0xF1, -1, -1},
        {"ATtiny88", "clock=internal-8MHz", 0xEE, -1, -1},
        {"ATtiny841", "clock=internal-256kHz", 0xE4, -1, 0x9F},
        {"ATmega128RFA1", "clock=16MHz-crystal", 0xF7, -1, -1},
        {"ATmega328P", "brownout=2.7V", -1, -1, 0xFD},
        {"ATmega328P", "brownout=2.7", -1, -1, 0xFD},
        {"ATmega328P", "brownout=2V7", -1, -1, 0xFD},
        {"ATmega328P", "brownout=2.70v", -1, -1, 0xFD},
        {"ATmega328P", "brownout=off", -1, -1, 0xFF},
        {"ATtiny85", "BrownOut=4.3v", -1, 0xDC, -1},
        {"ATmega8", "brownout=4.0V", 0x21, -1, -1},
        {"ATmega8", "brownout=4", 0x21, -1, -1},
        {"ATmega8", "brownout=off", 0xE1, -1, -1},
        {"ATtiny841", "brownout=2.7V", -1, 0xDD, 0xF5},
        {"ATtiny841", "brownout=off", -1, 0xDF, 0xFF},
        {"ATmega328P", "boot=512B", -1, 0xDF, -1},
        {"ATmega328P", "boot=2KB", -1, 0xDB, -1},
        {"ATmega88", "boot=256B", -1, -1, 0xFF},
        {"ATmega328P", "start=boot", -1, 0xD8, -1},
        {"ATmega328P", "start=application", -1, 0xD9, -1},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        const struct avrspi_chip *chip = find_chip(rows[n].chip);
        struct avrspi_fuses fuses = factory(chip);
        int expected[] = {rows[n].low, rows[n].high, rows[n].ext};

        if (avrspi_fuses_set(chip, rows[n].text, &fuses, NULL) < 0)
            fail_msg("%s %s", rows[n].chip, rows[n].text);
        for (int k = 0; k < 3; k++) {
            if ((fuses.given[k] ? fuses.value[k] | (uint8_t)~chip->fuse[k].mask : -1) !=
                expected[k])
                fail_msg("%s %s: byte %d is 0x%02X", rows[n].chip, rows[n].text, k, fuses.value[k]);
        }
    }
}

static void intents_that_a_chip_has_not(void **state)
{
    static const struct {
        const char *chip, *text, *message, *hint;
    } rows[] = {
        {"ATmega328P", "clock=internal-16MHz", "the ATmega328P has no clock 'internal-16MHz'",
         "internal-8MHz, internal-1MHz, internal-128kHz"},
        {"ATmega328P", "clock=30MHz-crystal", "the ATmega328P has no clock '30MHz-crystal'",
         "HZ-crystal (400kHz to 20MHz)"},
        {"ATmega328P", "clock=8MHz", "the ATmega328P has no clock '8MHz'", "internal-8MHz"},
        {"ATmega328P", "clock=external-8MHz", "the ATmega328P has no clock", "external"},
        {"ATmega328P", "clock=", "the ATmega328P has no clock ''", "external"},
        {"ATtiny13", "clock=16MHz-crystal", "the ATtiny13 has no clock '16MHz-crystal'",
         "external, internal-4.8MHz"},
        {"AT90S2313", "clock=external", "no fuse of the AT90S2313 selects a clock", ""},
        {"ATmega328P", "brownout=3V", "the ATmega328P has no brown-out level '3V'",
         "brownout is one of: 1.8V, 2.7V, 4.3V, off"},
        {"ATmega328P", "brownout=5", "the ATmega328P has no brown-out level '5'", "2.7V"},
        {"ATmega328P", "boot=256B", "the ATmega328P has no boot section size '256B'",
         "boot is one of: 512B, 1024B, 2048B, 4096B"},
        {"ATmega328P", "boot=512", "the ATmega328P has no boot section size '512'", "512B"},
        {"ATmega328P", "boot=512W", "the ATmega328P has no boot section size '512W'", "512B"},
        {"ATmega328P", "start=0", "the ATmega328P has no start address '0'", "boot, application"},
        {"ATtiny85", "boot=512B", "no fuse of the ATtiny85 selects a boot section size", ""},
        {"ATtiny85", "start=boot", "no fuse of the ATtiny85 selects a start address", ""},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        const struct avrspi_chip *chip = find_chip(rows[n].chip);
        struct avrspi_fuses fuses = factory(chip), before = fuses;
        struct avrspi_error error = {0};

        assert_int_equal(avrspi_fuses_set(chip, rows[n].text, &fuses, &error), AVRSPI_ERR_USAGE);
        assert_int_equal(error.code, AVRSPI_ERR_USAGE);
        if (!strstr(error.message, rows[n].message) || !strstr(error.hint, rows[n].hint))
            fail_msg("%s: '%s', '%s'", rows[n].text, error.message, error.hint);
        assert_memory_equal(&fuses, &before, sizeof fuses);
    }
}

/* Writing it must not be refused, whatever chip it is. */
static void assert_harmless(const struct avrspi_chip *chip, const char *text,
                            const struct avrspi_fuses *fuses)
{
    const struct avrspi_fuses before = factory(chip);
    struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
    size_t count = avrspi_fuse_hazards(chip, &before, fuses, hazards);

    for (size_t n = 0; n < count; n++)
        if (hazards[n].refused || hazards[n].kind == AVRSPI_HAZARD_UNLISTED)
            fail_msg("%s %s: hazard %d", chip->name, text, (int)hazards[n].kind);
}

/* "HZ-crystal (400kHz to 20MHz)" offers any frequency up to the last. */
static void spell_out(const char *choice, char *text, size_t size)
{
    const char *highest = strstr(choice, " to "), *dash = strchr(choice, '-');

    if (strncmp(choice, "HZ-", 3) != 0)
        (void)snprintf(text, size, "clock=%s", choice);
    else if (highest)
        (void)snprintf(text, size, "clock=%.*s%.*s", (int)strcspn(highest + 4, ")"), highest + 4,
                       (int)strcspn(dash, " "), dash);
    else
        (void)snprintf(text, size, "clock=8MHz%s", dash);
}

static unsigned try_choices(const struct avrspi_chip *chip, char *choices)
{
    unsigned count = 0;
    char *choice;

    while ((choice = strsep(&choices, ",")) != NULL) {
        struct avrspi_fuses fuses = factory(chip);
        struct avrspi_clock clock;
        char text[64];

        choice += strspn(choice, " ");
        spell_out(choice, text, sizeof text);
        if (avrspi_fuses_set(chip, text, &fuses, NULL) < 0)
            fail_msg("%s: '%s' is offered, and refused", chip->name, text);
        clock = avrspi_chip_clock(chip, fuses.value);
        if (!strstr(choice, clock.source == AVRSPI_CLOCK_INTERNAL   ? "internal"
                            : clock.source == AVRSPI_CLOCK_EXTERNAL ? "external"
                            : clock.source == AVRSPI_CLOCK_RC       ? "rc"
                                                                    : "crystal"))
            fail_msg("%s: '%s' gives another clock", chip->name, text);
        assert_harmless(chip, text, &fuses);
        count++;
    }
    return count;
}

static void every_choice_of_every_chip(void **state)
{
    unsigned count = 0;

    (void)state;
    for (size_t n = 0; n < avrspi_chips_count(chips); n++) {
        const struct avrspi_chip *chip = avrspi_chips_at(chips, n);
        struct avrspi_fuses fuses = factory(chip);
        struct avrspi_error error = {0};

        assert_int_equal(avrspi_fuses_set(chip, "clock=?", &fuses, &error), AVRSPI_ERR_USAGE);
        if (*error.hint)
            count += try_choices(chip, strchr(error.hint, ':') + 1);
    }
    assert_true(count > 1000);
}

/* Every byte that it sets must have been read, since the rest of it stays. */
static void rescue_is_a_clock_that_the_chip_has(void **state)
{
    static const struct {
        const char *chip, *clock; /* NULL: no fuse leaves it without its own */
    } rows[] = {
        {"ATmega328P", "internal-8MHz"},
        {"AT90USB1287", "internal-8MHz"},
        {"ATtiny840", "internal-8MHz"},
        {"ATtiny85", "internal-8MHz"}, /* 16 MHz by its PLL */
        {"ATtiny12", "internal-1.2MHz"},
        {"ATtiny13A", "internal-9.6MHz"},
        {"ATmega163", "internal-1MHz"},
        {"AT90S2343", "internal-1MHz"},
        {"AT90S1200", NULL},
        {"AT90S8515", NULL},
        {"ATtiny15", NULL},
        {"ATmega16HVB", NULL},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        const struct avrspi_chip *chip = find_chip(rows[n].chip);
        char clock[AVRSPI_CLOCK_RESCUE_TEXT] = "";

        if (avrspi_clock_rescue(chip, clock) != (rows[n].clock != NULL) ||
            (rows[n].clock && strcmp(clock, rows[n].clock) != 0))
            fail_msg("%s: '%s'", rows[n].chip, clock);
    }
    for (size_t n = 0; n < avrspi_chips_count(chips); n++) {
        const struct avrspi_chip *chip = avrspi_chips_at(chips, n);
        struct avrspi_fuses fuses = factory(chip);
        char clock[AVRSPI_CLOCK_RESCUE_TEXT];

        if (avrspi_clock_rescue(chip, clock) && !avrspi_clock_set(chip, clock, &fuses))
            fail_msg("%s has no %s", avrspi_chip_name(chip), clock);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intents_of_chips),
        cmocka_unit_test(intents_that_a_chip_has_not),
        cmocka_unit_test(every_choice_of_every_chip),
        cmocka_unit_test(rescue_is_a_clock_that_the_chip_has),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
