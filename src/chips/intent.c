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

    if (!field)
        return false;
    fuses->value[field->fuse] = avrspi_field_set(field, fuses->value[field->fuse], value);
    fuses->given[field->fuse] = true;
    return true;
}

/* The same of a value by its name; false where the field has none of that name. */
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

static void add_choice(struct avrspi_error *error, const char *choice)
{
    size_t used = strlen(error->hint);

    (void)snprintf(error->hint + used, sizeof error->hint - used, "%s%s", used ? ", " : "", choice);
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

static bool set_brown_out(const struct avrspi_chip *chip, const char *text,
                          struct avrspi_fuses *fuses)
{
    char level[16];
    bool off = avrspi_text_equal(text, "off");

    (void)snprintf(level, sizeof level, "%s", text);
    if (off) {
        bool none = put_named(chip, "BODLEVEL", "off", fuses);

        return switch_detector(chip, false, fuses) || none;
    }
    if (!put_named(chip, "BODLEVEL", level, fuses))
        return false;
    (void)switch_detector(chip, true, fuses);
    return true;
}

static void list_brown_out(const struct avrspi_chip *chip, struct avrspi_error *error)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "BODLEVEL");
    struct avrspi_fuses unused = {0};

    for (size_t n = 0; field && n < field->n_values; n++)
        if (!avrspi_text_equal(field->values[n].name, "off"))
            add_choice(error, field->values[n].name);
    if (set_brown_out(chip, "off", &unused))
        add_choice(error, "off");
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
    uint32_t bytes;
    char words[16];

    if (!parse_bytes(text, &bytes))
        return false;
    (void)snprintf(words, sizeof words, "%uW", (unsigned)(bytes / 2));
    return bytes % 2 == 0 && put_named(chip, "BOOTSZ", words, fuses);
}

static void list_boot(const struct avrspi_chip *chip, struct avrspi_error *error)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "BOOTSZ");

    for (size_t n = 0; field && n < field->n_values; n++) {
        size_t digits = strspn(field->values[n].name, "0123456789");
        uint32_t words;
        char choice[16];

        if (!avrspi_number_parse_within(field->values[n].name, digits, 1, 65536, &words))
            continue;
        (void)snprintf(choice, sizeof choice, "%uB", (unsigned)(words * 2));
        add_choice(error, choice);
    }
}

/* --- where it starts */

static bool set_start(const struct avrspi_chip *chip, const char *text, struct avrspi_fuses *fuses)
{
    if (avrspi_text_equal(text, "boot"))
        return put(chip, "BOOTRST", 0, fuses);
    return avrspi_text_equal(text, "application") && put(chip, "BOOTRST", 1, fuses);
}

static void list_start(const struct avrspi_chip *chip, struct avrspi_error *error)
{
    if (!avrspi_chip_field(chip, "BOOTRST"))
        return;
    add_choice(error, "boot");
    add_choice(error, "application");
}

/* --- all of them */

static void list_clock(const struct avrspi_chip *chip, struct avrspi_error *error)
{
    avrspi_clock_choices(chip, add_choice, error);
}

static const struct intent {
    const char *name;
    bool (*set)(const struct avrspi_chip *chip, const char *text, struct avrspi_fuses *fuses);
    void (*list)(const struct avrspi_chip *chip, struct avrspi_error *error);
    const char *what; /* that a chip may have no choice of */
} intents[] = {
    {"clock", avrspi_clock_set, list_clock, "clock"},
    {"brownout", set_brown_out, list_brown_out, "brown-out level"},
    {"boot", set_boot, list_boot, "boot section size"},
    {"start", set_start, list_start, "start address"},
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
    struct avrspi_error choices = {0};

    if (intent->set(chip, text, &after)) {
        *fuses = after;
        return 0;
    }
    intent->list(chip, &choices);
    if (!*choices.hint)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "the fuses of the %s choose no %s", chip->name,
                           intent->what);
    avrspi_fail(error, AVRSPI_ERR_USAGE, "the %s has no %s '%.64s'", chip->name, intent->what,
                text);
    avrspi_hint(error, "%s is one of: %s", intent->name, choices.hint);
    return AVRSPI_ERR_USAGE;
}
