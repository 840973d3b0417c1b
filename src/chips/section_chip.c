/* SPDX-License-Identifier: MIT */
/* Sections [NAME]: a chip, key by key. */
#include "parse.h"

#include "base/hex.h"
#include "base/number.h"
#include "base/text.h"

#include <stddef.h>
#include <string.h>

/* The waits of a definition that gives none: no known chip needs longer for flash (except the
 * ATmega103), EEPROM, fuses and the chip erase. A wait that is too long costs seconds, one that is
 * too short costs data. */
enum {
    PATIENT_FLASH_US = 20000,
    PATIENT_EEPROM_US = 20000,
    PATIENT_FUSE_US = 20000,
    PATIENT_ERASE_US = 112000,
};

enum {
    LARGEST_EEPROM = 8192,
    LARGEST_FLASH_PAGE = 512, /* 256 words: one address byte */
    LARGEST_EEPROM_PAGE = 256,
    LARGEST_CALIBRATION = 4,
    LONGEST_WAIT_US = 1000000,
};

#define PIN_KEY "pin." /* and a package */

/* A key of a chip section, and where in a struct avrspi_chip its value goes. */
struct key {
    const char *name;
    bool (*read)(struct avrspi_parser *parser, const struct key *key, const char *value);
    size_t place;
    uint32_t max;
    unsigned fact; /* AVRSPI_FACT_... */
};

static void *place_of(struct avrspi_parser *parser, const struct key *key)
{
    return (char *)&parser->definition->chip + key->place;
}

static bool wrong(struct avrspi_parser *parser, const struct key *key, const char *value,
                  const char *expected)
{
    return avrspi_parse_expected(parser, parser->line, value, "%s to be %s", key->name, expected);
}

static bool read_count(struct avrspi_parser *parser, const struct key *key, const char *value,
                       uint32_t *number)
{
    if (avrspi_number_parse_within(value, strlen(value), 0, key->max, number))
        return true;
    return avrspi_parse_expected(parser, parser->line, value, "%s to be a number from 0 to %u",
                                 key->name, (unsigned)key->max);
}

static bool read_number(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    return read_count(parser, key, value, place_of(parser, key));
}

static bool read_small(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    uint32_t number;

    if (!read_count(parser, key, value, &number))
        return false;
    *(uint8_t *)place_of(parser, key) = (uint8_t)number;
    return true;
}

static bool read_flag(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    bool yes = strcmp(value, "yes") == 0;

    if (!yes && strcmp(value, "no") != 0)
        return wrong(parser, key, value, "'yes' or 'no'");
    *(bool *)place_of(parser, key) = yes;
    return true;
}

static bool read_words(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    const char *text = avrspi_arena_text(&parser->file->arena, value, strlen(value));

    if (!text)
        return avrspi_parse_memory(parser);
    *(const char **)place_of(parser, key) = text;
    return true;
}

static bool read_frequency(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    uint32_t *hz = place_of(parser, key);

    if (strcmp(value, "external") == 0) {
        *hz = 0;
        return true;
    }
    if (!avrspi_number_parse_hz(value, strlen(value), 1, AVRSPI_HIGHEST_HZ, hz))
        return wrong(parser, key, value, "a frequency such as '1M' or '128k', or 'external'");
    return true;
}

/* 0 for "none", over what was inherited. */
static bool read_max_sck(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    uint32_t *hz = place_of(parser, key);

    *hz = 0;
    if (strcmp(value, "none") != 0 &&
        !avrspi_number_parse_hz(value, strlen(value), 1, AVRSPI_HIGHEST_HZ, hz))
        return wrong(parser, key, value, "a frequency such as '225k' or '2M', or 'none'");
    return true;
}

/* Bytes of two hex digits, as many as there is room for. */
static bool read_bytes(const char *value, uint8_t *bytes, size_t count)
{
    size_t size;

    for (size_t i = 0; i < count; i++) {
        const char *word = avrspi_text_word(&value, &size);

        if (!word || !avrspi_hex_byte(word, size, &bytes[i]))
            return false;
    }
    return !avrspi_text_word(&value, &size);
}

static bool read_signature(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    if (!read_bytes(value, place_of(parser, key), 3))
        return wrong(parser, key, value, "three bytes such as '1E 95 0F'");
    return true;
}

static bool read_masks(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    struct avrspi_chip *chip = &parser->definition->chip;
    uint8_t bytes[AVRSPI_FUSES];

    if (!read_bytes(value, bytes, AVRSPI_FUSES))
        return wrong(parser, key, value, "four bytes: low, high, ext, lock");
    for (size_t i = 0; i < AVRSPI_FUSES; i++)
        chip->fuse[i].mask = bytes[i];
    return true;
}

static bool read_defaults(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    struct avrspi_chip *chip = &parser->definition->chip;
    uint8_t bytes[AVRSPI_FUSE_LOCK];

    if (!read_bytes(value, bytes, AVRSPI_FUSE_LOCK))
        return wrong(parser, key, value, "three bytes: low, high, ext");
    for (size_t i = 0; i < AVRSPI_FUSE_LOCK; i++)
        chip->fuse[i].default_value = bytes[i];
    return true;
}

/* "1.8-5.5 4M@1.8 10M@2.7 20M@4.5", or "none" over what was inherited */
static bool take_supply(struct avrspi_parser *parser, const struct key *key, const char *value,
                        const char *text)
{
    struct avrspi_supply *supply = place_of(parser, key);

    if (strcmp(text, "none") == 0) {
        *supply = (struct avrspi_supply){0};
        return true;
    }
    if (avrspi_supply_parse(text, supply))
        return true;
    return wrong(parser, key, value,
                 "volts and the frequencies they are good for, as in "
                 "'1.8-5.5 4M@1.8 20M@4.5'");
}

static bool read_supply(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    return take_supply(parser, key, value, value);
}

/* The same after the letter of the variant. */
static bool read_variant(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    struct avrspi_chip *chip = &parser->definition->chip;
    const char *rest = value, *name;
    size_t size;

    chip->variant = "";
    if (strcmp(value, "none") == 0)
        return take_supply(parser, key, value, value);
    name = avrspi_text_word(&rest, &size);
    if (!name || !avrspi_parse_is_name(name, size))
        return wrong(parser, key, value, "a name and its volts, as in 'L 2.7-5.5 8M@2.7'");
    chip->variant = avrspi_arena_text(&parser->file->arena, name, size);
    if (!chip->variant)
        return avrspi_parse_memory(parser);
    return take_supply(parser, key, value, rest);
}

static bool read_ports(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    (void)key;
    return avrspi_packages_ports(parser, value);
}

static bool read_pins_of(struct avrspi_parser *parser, const struct key *key, const char *value)
{
    (void)key;
    return avrspi_packages_of(parser, value);
}

#define AT(member) offsetof(struct avrspi_chip, member)

static const struct key keys[] = {
    {"signature", read_signature, AT(signature), 0, AVRSPI_FACT_SIGNATURE},
    {"flash_size", read_number, AT(flash_size), AVRSPI_LARGEST_FLASH, AVRSPI_FACT_FLASH_SIZE},
    {"flash_page", read_number, AT(flash_page), LARGEST_FLASH_PAGE, AVRSPI_FACT_FLASH_PAGE},
    {"flash_start", read_number, AT(flash_start), AVRSPI_LARGEST_FLASH, 0},
    {"eeprom_size", read_number, AT(eeprom_size), LARGEST_EEPROM, 0},
    {"eeprom_page", read_number, AT(eeprom_page), LARGEST_EEPROM_PAGE, 0},
    {"calibration_bytes", read_small, AT(calibration_bytes), LARGEST_CALIBRATION, 0},
    {"fuse_masks", read_masks, 0, 0, AVRSPI_FACT_MASKS},
    {"fuse_defaults", read_defaults, 0, 0, AVRSPI_FACT_DEFAULTS},
    {"low_mask", read_small, AT(fuse[AVRSPI_FUSE_LOW].mask), 0xFF, AVRSPI_FACT_MASKS},
    {"high_mask", read_small, AT(fuse[AVRSPI_FUSE_HIGH].mask), 0xFF, AVRSPI_FACT_MASKS},
    {"ext_mask", read_small, AT(fuse[AVRSPI_FUSE_EXT].mask), 0xFF, AVRSPI_FACT_MASKS},
    {"lock_mask", read_small, AT(fuse[AVRSPI_FUSE_LOCK].mask), 0xFF, AVRSPI_FACT_MASKS},
    {"low_default", read_small, AT(fuse[AVRSPI_FUSE_LOW].default_value), 0xFF,
     AVRSPI_FACT_LOW_DEFAULT << 0},
    {"high_default", read_small, AT(fuse[AVRSPI_FUSE_HIGH].default_value), 0xFF,
     AVRSPI_FACT_LOW_DEFAULT << 1},
    {"ext_default", read_small, AT(fuse[AVRSPI_FUSE_EXT].default_value), 0xFF,
     AVRSPI_FACT_LOW_DEFAULT << 2},
    {"rdy_bsy", read_flag, AT(rdy_bsy), 0, AVRSPI_FACT_RDY_BSY},
    {"no_echo", read_flag, AT(no_echo), 0, AVRSPI_FACT_NO_ECHO},
    {"pulse_after_erase", read_flag, AT(pulse_after_erase), 0, AVRSPI_FACT_PULSE},
    {"power_cycle", read_flag, AT(power_cycle), 0, AVRSPI_FACT_POWER_CYCLE},
    {"unverified", read_flag, AT(unverified), 0, 0},
    {"switches_clock", read_flag, AT(switches_clock), 0, AVRSPI_FACT_SWITCHES_CLOCK},
    {"wait_flash", read_number, AT(wait_us[AVRSPI_WAIT_FLASH]), LONGEST_WAIT_US,
     AVRSPI_FACT_WAIT_FLASH},
    {"wait_eeprom", read_number, AT(wait_us[AVRSPI_WAIT_EEPROM]), LONGEST_WAIT_US,
     AVRSPI_FACT_WAIT_EEPROM},
    {"wait_fuse", read_number, AT(wait_us[AVRSPI_WAIT_FUSE]), LONGEST_WAIT_US,
     AVRSPI_FACT_WAIT_FUSE},
    {"wait_erase", read_number, AT(wait_us[AVRSPI_WAIT_ERASE]), LONGEST_WAIT_US,
     AVRSPI_FACT_WAIT_ERASE},
    {"factory_clock", read_frequency, AT(factory_clock), 0, AVRSPI_FACT_FACTORY_CLOCK},
    {"max_sck", read_max_sck, AT(max_sck_hz), 0, AVRSPI_FACT_MAX_SCK},
    {"supply", read_supply, AT(supply), 0, 0},
    {"supply_variant", read_variant, AT(variant_supply), 0, 0},
    {"family", read_words, AT(family), 0, 0},
    {"note", read_words, AT(note), 0, 0},
    {"pins", read_words, AT(pins), 0, 0},
    {"ports", read_ports, 0, 0, 0},
    {"pins_of", read_pins_of, 0, 0, 0},
};

bool avrspi_chip_section_begin(struct avrspi_parser *parser)
{
    struct avrspi_arena *arena = &parser->file->arena;
    struct avrspi_definition *definition;
    struct avrspi_chip *chip;

    if (avrspi_file_definition(parser->file, parser->section_name)) {
        return avrspi_parse_expected(parser, parser->section_line, parser->section_name,
                                     "every chip once in a file");
    }
    definition = avrspi_arena_alloc(arena, sizeof *definition);
    if (!definition)
        return avrspi_parse_memory(parser);
    chip = &definition->chip;
    chip->name = avrspi_arena_text(arena, parser->section_name, strlen(parser->section_name));
    if (!chip->name)
        return avrspi_parse_memory(parser);
    chip->family = "";
    chip->note = "";
    chip->pins = "";
    chip->variant = "";
    chip->completed_from = "";
    chip->calibration_bytes = 1;
    chip->wait_us[AVRSPI_WAIT_FLASH] = PATIENT_FLASH_US;
    chip->wait_us[AVRSPI_WAIT_EEPROM] = PATIENT_EEPROM_US;
    chip->wait_us[AVRSPI_WAIT_FUSE] = PATIENT_FUSE_US;
    chip->wait_us[AVRSPI_WAIT_ERASE] = PATIENT_ERASE_US;
    for (size_t i = 0; i < AVRSPI_FUSES; i++)
        chip->fuse[i].default_value = 0xFF;
    parser->definition = definition;
    parser->n_fields = 0;
    parser->n_parts = 0;
    parser->own_fields = false;
    avrspi_packages_begin(parser);
    return true;
}

static bool inherit(struct avrspi_parser *parser, const char *name, bool first)
{
    const struct avrspi_definition *like = avrspi_parse_definition(parser, name);
    struct avrspi_definition *definition = parser->definition;
    const char *own_name = definition->chip.name;

    if (!first) {
        return avrspi_parse_expected(parser, parser->line, "like",
                                     "'like' as the first key of a section");
    }
    if (!like) {
        return avrspi_parse_expected(parser, parser->line, name,
                                     "'like' and a chip from further up or built in");
    }
    *definition = *like;
    if (like->as_written)
        definition->chip = *like->as_written;
    definition->next = NULL;
    definition->is_like = !like->as_written;
    definition->as_written = NULL;
    definition->chip.name = own_name;
    if (!avrspi_text_equal(own_name, like->chip.name)) { /* packages differ within a family */
        definition->chip.pins = "";
        definition->chip.pinout = NULL;
    }
    parser->n_fields = definition->chip.n_fields;
    if (parser->n_fields > 0)
        memcpy(parser->fields, definition->chip.fields, parser->n_fields * sizeof *parser->fields);
    parser->n_parts = definition->chip.n_parts;
    if (parser->n_parts > 0)
        memcpy(parser->parts, definition->chip.parts, parser->n_parts * sizeof *parser->parts);
    return true;
}

static bool read_instruction(struct avrspi_parser *parser, enum avrspi_instruction_id id,
                             const char *value)
{
    const char *off;

    if (!avrspi_encoding_parse(value, &parser->definition->chip.instruction[id], &off)) {
        return avrspi_parse_expected(parser, parser->line, off,
                                     "%s to be four bytes such as 'AC E0 00 DI', or 'none'",
                                     avrspi_instruction_name(id));
    }
    parser->definition->instructions |= 1U << id;
    return true;
}

/* The key nearest to an unknown one, however far. */
static const char *nearest_key(const char *name)
{
    struct avrspi_nearest nearest = {.word = name, .name = "like", .distance = SIZE_MAX};

    (void)avrspi_nearest_offer(&nearest, "like");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        (void)avrspi_nearest_offer(&nearest, keys[i].name);
    for (unsigned id = 0; id < AVRSPI_INSTRUCTIONS; id++)
        (void)avrspi_nearest_offer(&nearest,
                                   avrspi_instruction_name((enum avrspi_instruction_id)id));
    return nearest.name;
}

bool avrspi_chip_section_key(struct avrspi_parser *parser, const char *key, const char *value,
                             bool first)
{
    if (strcmp(key, "like") == 0)
        return inherit(parser, value, first);
    if (strncmp(key, PIN_KEY, strlen(PIN_KEY)) == 0)
        return avrspi_packages_key(parser, key + strlen(PIN_KEY), value);
    if (strchr(key, '.'))
        return avrspi_field_key(parser, key, value);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].name, key) == 0) {
            parser->definition->facts |= keys[i].fact;
            return keys[i].read(parser, &keys[i], value);
        }
    }
    for (unsigned id = 0; id < AVRSPI_INSTRUCTIONS; id++) {
        if (strcmp(avrspi_instruction_name((enum avrspi_instruction_id)id), key) == 0)
            return read_instruction(parser, (enum avrspi_instruction_id)id, value);
    }
    return avrspi_parse_expected(parser, parser->line, key, "a key of a chip (nearest: '%s')",
                                 nearest_key(key));
}

static bool keep_fields(struct avrspi_parser *parser, struct avrspi_chip *chip)
{
    struct avrspi_arena *arena = &parser->file->arena;

    if (!avrspi_fields_end(parser))
        return false;
    chip->fields =
        avrspi_arena_copy(arena, parser->fields, parser->n_fields * sizeof *parser->fields);
    chip->parts = avrspi_arena_copy(arena, parser->parts, parser->n_parts * sizeof *parser->parts);
    chip->n_fields = parser->n_fields;
    chip->n_parts = parser->n_parts;
    return chip->fields && chip->parts ? true : avrspi_parse_memory(parser);
}

/* What a short definition leaves out; one that is like it begins with what it says itself. */
static bool complete(struct avrspi_parser *parser)
{
    struct avrspi_definition *definition = parser->definition;

    if (parser->file->built_in || definition->is_like)
        return true;
    definition->as_written =
        avrspi_arena_copy(&parser->file->arena, &definition->chip, sizeof definition->chip);
    if (!definition->as_written)
        return avrspi_parse_memory(parser);
    parser->own_fields = false;
    return avrspi_complete_facts(parser) &&
           (!parser->own_fields || keep_fields(parser, &definition->chip));
}

bool avrspi_chip_section_end(struct avrspi_parser *parser)
{
    struct avrspi_definition *definition = parser->definition;

    if (parser->own_fields && !keep_fields(parser, &definition->chip))
        return false;
    if (!avrspi_packages_end(parser) || !complete(parser))
        return false;
    avrspi_encoding_derive(parser->standard, definition);
    if (definition->as_written)
        avrspi_complete_instructions(parser);
    if (!avrspi_definition_check(parser, definition))
        return false;
    definition->next = parser->file->definitions;
    parser->file->definitions = definition;
    parser->file->n_definitions++;
    return true;
}
