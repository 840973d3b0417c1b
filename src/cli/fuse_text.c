/* SPDX-License-Identifier: MIT */
#include "cli/fuse_text.h"

#include <stdio.h>
#include <string.h>

#include "avrspi/rules.h"
#include "cli/words.h"
#include "ui/ui.h"

void fuse_field_words(const struct avrspi_field *field, uint8_t byte, char *text, size_t size)
{
    uint8_t number = avrspi_field_get(field, byte);
    const struct avrspi_value *value = avrspi_field_value(field, number);

    if (!value)
        (void)snprintf(text, size, "0x%X (not listed)", number);
    else if (avrspi_field_is_switch(field) && number == 0)
        (void)snprintf(text, size, "programmed%s%s", *value->text ? ": " : "", value->text);
    else if (avrspi_field_is_switch(field))
        (void)snprintf(text, size, "off");
    else
        (void)snprintf(text, size, "%s", *value->text ? value->text : value->name);
}

void fuse_text(const struct avrspi_chip *chip, enum avrspi_fuse fuse, uint8_t byte, char *text,
               size_t size)
{
    size_t used = 0;

    *text = '\0';
    const struct avrspi_field *field;

    for (size_t n = 0; (field = avrspi_chip_field_at(chip, n)) != NULL; n++) {
        char words[160];

        if (avrspi_field_fuse(field) != fuse)
            continue;
        fuse_field_words(field, byte, words, sizeof words);
        if (used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s %s", used ? " · " : "",
                                     avrspi_field_name(field), words);
    }
}

json_t *fuse_json(const struct avrspi_chip *chip, enum avrspi_fuse fuse, uint8_t byte)
{
    json_t *fields = json_object();
    char hex[8];

    const struct avrspi_field *field;

    for (size_t n = 0; (field = avrspi_chip_field_at(chip, n)) != NULL; n++) {
        const struct avrspi_value *value;
        uint8_t number;

        if (avrspi_field_fuse(field) != fuse)
            continue;
        number = avrspi_field_get(field, byte);
        value = avrspi_field_value(field, number);
        (void)json_object_set_new(fields, avrspi_field_name(field),
                                  json_pack("{s:i, s:s, s:o}", "value", (int)number, "name",
                                            value ? value->name : "", "text",
                                            ui_string(value ? value->text : "")));
    }
    (void)snprintf(hex, sizeof hex, "0x%02X", byte);
    return json_pack("{s:i, s:s, s:o}", "value", (int)byte, "hex", hex, "fields", fields);
}

/* --- one sentence about all of them */

/* What the fuses say of one thing: a part of the sentence, "" where they don't say. */
struct clause {
    char text[256];
};

static void internal_clock(const struct avrspi_clock *clock, unsigned divider, char *text,
                           size_t size)
{
    char low[UI_TEXT], high[UI_TEXT], whole[UI_TEXT];

    (void)ui_hertz(clock->min_hz, low);
    (void)ui_hertz(clock->max_hz, high);
    (void)ui_hertz(clock->max_hz * divider, whole);
    if (divider > 1)
        (void)snprintf(text, size, "runs at %s from its internal oscillator (%s / %u)", high, whole,
                       divider);
    else if (clock->min_hz != clock->max_hz)
        (void)snprintf(text, size, "runs at %s to %s from its internal oscillator", low, high);
    else
        (void)snprintf(text, size, "runs at %s from its internal oscillator", high);
}

static void outside_clock(const struct avrspi_clock *clock, unsigned divider, char *text,
                          size_t size)
{
    static const char *const sources[] = {
        [AVRSPI_CLOCK_EXTERNAL] = "a clock signal on its clock pin",
        [AVRSPI_CLOCK_CRYSTAL] = "a crystal or resonator",
        [AVRSPI_CLOCK_RC] = "a resistor and a capacitor",
    };
    char low[UI_TEXT], high[UI_TEXT], range[2 * UI_TEXT + 16] = "";

    (void)ui_hertz(clock->min_hz * divider, low);
    (void)ui_hertz(clock->max_hz * divider, high);
    if (clock->max_hz && clock->min_hz == clock->max_hz)
        (void)snprintf(range, sizeof range, " of %s", high);
    else if (clock->max_hz)
        (void)snprintf(range, sizeof range, " of %s to %s", low, high);
    (void)snprintf(text, size, "runs from %s%s%s", sources[clock->source], range,
                   divider > 1 ? " divided by 8" : "");
}

static struct clause clock_clause(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    const struct avrspi_clock clock = avrspi_chip_clock(chip, fuses->value);
    unsigned divider = avrspi_chip_divider(chip, fuses->value);
    struct clause clause = {""};

    if (!fuses->given[AVRSPI_FUSE_LOW] || clock.source == AVRSPI_CLOCK_UNKNOWN)
        return clause;
    if (avrspi_clock_is_outside(clock.source))
        outside_clock(&clock, divider, clause.text, sizeof clause.text);
    else
        internal_clock(&clock, divider, clause.text, sizeof clause.text);
    return clause;
}

static const char *value_name(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
                              const char *name)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, name);
    const struct avrspi_value *value;

    if (!field || !fuses->given[avrspi_field_fuse(field)])
        return "";
    value =
        avrspi_field_value(field, avrspi_field_get(field, fuses->value[avrspi_field_fuse(field)]));
    return value ? value->name : "";
}

static struct clause brown_out_clause(const struct avrspi_chip *chip,
                                      const struct avrspi_fuses *fuses)
{
    const char *level = value_name(chip, fuses, "BODLEVEL");
    const char *enable = value_name(chip, fuses, "BODEN");
    struct clause clause = {""};

    if (strcmp(level, "off") == 0 || strcmp(enable, "unprogrammed") == 0 ||
        strcmp(enable, "off") == 0 || strcmp(value_name(chip, fuses, "BODACT"), "off") == 0)
        (void)snprintf(clause.text, sizeof clause.text, "has no brown-out reset");
    else if (*level)
        (void)snprintf(clause.text, sizeof clause.text, "resets below %.*s V",
                       (int)strcspn(level, "V"), level);
    return clause;
}

static struct clause start_clause(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    const char *start = value_name(chip, fuses, "BOOTRST");
    uint32_t address = avrspi_boot_start(chip, fuses);
    struct clause clause = {""};

    if (strcmp(start, "unprogrammed") == 0)
        (void)snprintf(clause.text, sizeof clause.text, "starts at address 0");
    else if (*start && address)
        (void)snprintf(clause.text, sizeof clause.text, "starts in the boot section at 0x%X",
                       address);
    else if (*start)
        (void)snprintf(clause.text, sizeof clause.text, "starts in the boot section");
    return clause;
}

static struct clause eeprom_clause(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    struct clause clause = {""};

    if (*value_name(chip, fuses, "EESAVE"))
        (void)snprintf(clause.text, sizeof clause.text, "%s its EEPROM when it is erased",
                       avrspi_erase_keeps_eeprom(chip, fuses) ? "keeps" : "loses");
    return clause;
}

static struct clause lock_clause(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    static const char *const words[] = {
        [AVRSPI_LOCK_MODE_NONE] = "is not locked",
        [AVRSPI_LOCK_MODE_WRITE] = "is locked against writing until it is erased",
        [AVRSPI_LOCK_MODE_READ] = "is locked against reading and writing until it is erased",
    };
    struct clause clause = {""};

    if (fuses->given[AVRSPI_FUSE_LOCK])
        (void)snprintf(clause.text, sizeof clause.text, "%s", words[avrspi_lock_mode(chip, fuses)]);
    return clause;
}

void fuse_sentence(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses, char *text,
                   size_t size)
{
    const struct clause all[] = {
        clock_clause(chip, fuses),  brown_out_clause(chip, fuses), start_clause(chip, fuses),
        eeprom_clause(chip, fuses), lock_clause(chip, fuses),
    };
    static const struct words_style style = {"", "", " and "};
    const char *clauses[sizeof all / sizeof *all];
    char list[480];
    size_t count = 0;

    *text = '\0';
    for (size_t n = 0; n < sizeof all / sizeof *all; n++)
        if (*all[n].text)
            clauses[count++] = all[n].text;
    words_list(clauses, count, &style, list, sizeof list);
    if (count)
        (void)snprintf(text, size, "The chip %s", list);
}
