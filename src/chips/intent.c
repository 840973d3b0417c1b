/* SPDX-License-Identifier: MIT */
/* "brownout=2.7V", "boot=512B", "start=boot"; the clock has a file of its own. */
#include "chips/intent.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "chips/intent_clock.h"
#include "chips/record.h"

/* Puts a value into a field; false where there is no such field. */
static bool put(const struct avrspi_chip *chip, const char *name, uint8_t value,
                struct avrspi_fuses *fuses)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, name);

    if (field)
        avrspi_fuses_put(fuses, field, value);
    return field != NULL;
}

/* The same for a value by its name; false also where the field has none of that name. */
static bool put_named(const struct avrspi_chip *chip, const char *name, const char *value,
                      struct avrspi_fuses *fuses)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, name);

    for (size_t n = 0; field && n < field->n_values; n++) {
        if (avrspi_text_equal(field->values[n].name, value))
            return put(chip, name, field->values[n].value, fuses);
    }
    return false;
}

/* --- brown-out */

/* A detector is switched on by BODEN beside the level, or by what it does awake (BODACT) and
 * asleep (BODPD), or with the level alone. */
static bool switch_detector(const struct avrspi_chip *chip, bool on, struct avrspi_fuses *fuses)
{
    const char *name = on ? "on" : "off";
    const struct avrspi_field *field = avrspi_chip_field(chip, "BODEN");
    bool done = put_named(chip, "BODACT", name, fuses);

    (void)put_named(chip, "BODPD", name, fuses);
    if (field && avrspi_field_is_switch(field))
        return put(chip, "BODEN", on ? 0 : 1, fuses);
    return put_named(chip, "BODEN", name, fuses) || done;
}

/* The level of that voltage, however it is written: "2.7V", "2.7", "2V7". */
static bool put_level(const struct avrspi_chip *chip, uint32_t wanted_mv,
                      struct avrspi_fuses *fuses)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "BODLEVEL");

    for (size_t n = 0; field && n < field->n_values; n++) {
        const char *name = field->values[n].name;
        uint32_t mv;

        if (avrspi_number_parse_mv(name, strlen(name), &mv) && mv == wanted_mv)
            return put(chip, "BODLEVEL", field->values[n].value, fuses);
    }
    return false;
}

static bool set_brown_out(const struct avrspi_chip *chip, const char *text,
                          struct avrspi_fuses *fuses)
{
    uint32_t mv;

    if (avrspi_text_equal(text, "off")) {
        bool done = put_named(chip, "BODLEVEL", "off", fuses);

        return switch_detector(chip, false, fuses) || done;
    }
    if (!avrspi_number_parse_mv(text, strlen(text), &mv) || !put_level(chip, mv, fuses))
        return false;
    (void)switch_detector(chip, true, fuses);
    return true;
}

static size_t list_brown_out(const struct avrspi_chip *chip, struct avrspi_error *error)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "BODLEVEL");
    struct avrspi_fuses unused = {0};
    size_t count = 0;

    for (size_t n = 0; field && n < field->n_values; n++) {
        if (avrspi_text_equal(field->values[n].name, "off"))
            continue;
        avrspi_hint_choice(error, field->values[n].name);
        count++;
    }
    if (!set_brown_out(chip, "off", &unused))
        return count;
    avrspi_hint_choice(error, "off");
    return count + 1;
}

/* --- the boot section */

/* "512B", "1KB", "2KiB": bytes, so that no number can be taken for words. */
static bool parse_bytes(const char *text, uint32_t *bytes)
{
    static const struct {
        const char *unit;
        uint32_t bytes;
    } units[] = {{"B", 1}, {"KB", 1024}, {"KiB", 1024}};
    size_t digits = strspn(text, "0123456789");

    for (size_t n = 0; n < sizeof units / sizeof *units; n++) {
        if (avrspi_text_equal(text + digits, units[n].unit) &&
            avrspi_number_parse_within(text, digits, 1, 65536, bytes)) {
            *bytes *= units[n].bytes;
            return true;
        }
    }
    return false;
}

static bool set_boot(const struct avrspi_chip *chip, const char *text, struct avrspi_fuses *fuses)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "BOOTSZ");
    uint32_t bytes;

    if (!parse_bytes(text, &bytes))
        return false;
    for (size_t n = 0; field && n < field->n_values; n++) {
        if (avrspi_boot_bytes(&field->values[n]) == bytes)
            return put(chip, "BOOTSZ", field->values[n].value, fuses);
    }
    return false;
}

static size_t list_boot(const struct avrspi_chip *chip, struct avrspi_error *error)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "BOOTSZ");
    size_t count = 0;

    for (size_t n = 0; field && n < field->n_values; n++) {
        uint32_t bytes = avrspi_boot_bytes(&field->values[n]);
        char choice[16];

        if (!bytes)
            continue;
        (void)snprintf(choice, sizeof choice, "%uB", (unsigned)bytes);
        avrspi_hint_choice(error, choice);
        count++;
    }
    return count;
}

/* --- where it starts */

/* Each in the place of its value of BOOTRST. */
static const char *const starts[] = {"boot", "application"};

enum {
    STARTS = sizeof starts / sizeof *starts,
};

static bool set_start(const struct avrspi_chip *chip, const char *text, struct avrspi_fuses *fuses)
{
    for (unsigned n = 0; n < STARTS; n++)
        if (avrspi_text_equal(text, starts[n]))
            return put(chip, "BOOTRST", (uint8_t)n, fuses);
    return false;
}

static size_t list_starts(const struct avrspi_chip *chip, struct avrspi_error *error)
{
    if (!avrspi_chip_field(chip, "BOOTRST"))
        return 0;
    for (size_t n = 0; n < STARTS; n++)
        avrspi_hint_choice(error, starts[n]);
    return STARTS;
}

/* --- all of them */

static const struct intent {
    const char *name;
    bool (*set)(const struct avrspi_chip *chip, const char *text, struct avrspi_fuses *fuses);
    /* adds the choices that a chip has to the hint, and returns how many they are */
    size_t (*list)(const struct avrspi_chip *chip, struct avrspi_error *error);
    const char *what; /* it chooses */
} intents[] = {
    {"clock", avrspi_clock_set, avrspi_clock_choices, "clock"},
    {"brownout", set_brown_out, list_brown_out, "brown-out level"},
    {"boot", set_boot, list_boot, "boot section size"},
    {"start", set_start, list_starts, "start address"},
};

static const struct intent *find(const char *name)
{
    for (size_t n = 0; n < sizeof intents / sizeof *intents; n++)
        if (avrspi_text_equal(intents[n].name, name))
            return &intents[n];
    return NULL;
}

bool avrspi_is_intent(const char *name)
{
    return find(name) != NULL;
}

int avrspi_intent_set(const struct avrspi_chip *chip, const char *name, const char *text,
                      struct avrspi_fuses *fuses, struct avrspi_error *error)
{
    const struct intent *intent = find(name);
    struct avrspi_fuses after = *fuses;

    if (intent->set(chip, text, &after)) {
        *fuses = after;
        return 0;
    }
    avrspi_fail(error, AVRSPI_ERR_USAGE, "the %s has no %s '%.64s'", chip->name, intent->what,
                text);
    avrspi_hint(error, "%s is one of:", intent->name);
    if (intent->list(chip, error) == 0)
        avrspi_fail(error, AVRSPI_ERR_USAGE, "no fuse of the %s selects a %s", chip->name,
                    intent->what);
    return AVRSPI_ERR_USAGE;
}
