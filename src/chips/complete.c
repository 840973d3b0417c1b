/* SPDX-License-Identifier: MIT */
/*
 * What a short definition leaves out, from the built-in chips that have its signature.
 *
 * Such a chip is one of them, or a relative: of waits the longest is taken, of other facts only
 * those in which all agree. What the definition says itself is kept. A definition that is 'like' a
 * built-in chip leaves nothing out.
 */
#include "parse.h"

#include <stdio.h>
#include <string.h>

enum {
    MOST_DONORS = 16,
    NAMED_DONORS = 3,
    NAMES_SIZE = NAMED_DONORS * (AVRSPI_MAX_NAME + 2) + 16,
};

struct donors {
    const struct avrspi_chip *chip[MOST_DONORS];
    size_t count;
};

/* Those of the built-in files, also where a user's definition has replaced one. Automotive parts
 * (ATA...), which are common ones in another package, come last. */
static void find_donors(const struct avrspi_parser *parser, const uint8_t signature[3],
                        struct donors *donors)
{
    for (int automotive = 0; automotive <= 1; automotive++) {
        for (const struct avrspi_chip_file *file = parser->known->files; file; file = file->next) {
            for (const struct avrspi_definition *definition = file->built_in ? file->definitions
                                                                             : NULL;
                 definition; definition = definition->next) {
                const struct avrspi_chip *chip = &definition->chip;

                if (memcmp(chip->signature, signature, 3) == 0 &&
                    (strncmp(chip->name, "ATA", 3) == 0) == (automotive == 1) &&
                    donors->count < MOST_DONORS)
                    donors->chip[donors->count++] = chip;
            }
        }
    }
}

/* --- facts */

static void take_waits(struct avrspi_definition *definition, const struct donors *donors)
{
    static const unsigned facts[AVRSPI_WAITS] = {
        [AVRSPI_WAIT_FLASH] = AVRSPI_FACT_WAIT_FLASH,
        [AVRSPI_WAIT_EEPROM] = AVRSPI_FACT_WAIT_EEPROM,
        [AVRSPI_WAIT_FUSE] = AVRSPI_FACT_WAIT_FUSE,
        [AVRSPI_WAIT_ERASE] = AVRSPI_FACT_WAIT_ERASE,
    };

    for (int wait = 0; wait < AVRSPI_WAITS; wait++) {
        if (definition->facts & facts[wait])
            continue;
        definition->chip.wait_us[wait] = 0;
        for (size_t n = 0; n < donors->count; n++)
            if (definition->chip.wait_us[wait] < donors->chip[n]->wait_us[wait])
                definition->chip.wait_us[wait] = donors->chip[n]->wait_us[wait];
    }
}

/* Whether all, or any, have something. */
struct votes {
    bool all, any;
};

static struct votes votes_on(const struct donors *donors, size_t place)
{
    struct votes votes = {.all = true};

    for (size_t n = 0; n < donors->count; n++) {
        const bool *flag = (const void *)((const char *)donors->chip[n] + place);

        votes.all = votes.all && *flag;
        votes.any = votes.any || *flag;
    }
    return votes;
}

/* RDY/BSY is polled where it works on all of them, and asked for where on some; the other flags are
 * precautions, right for a chip that does not need them. */
static void take_flags(struct avrspi_definition *definition, const struct donors *donors)
{
    struct avrspi_chip *chip = &definition->chip;
    const struct votes rdy_bsy = votes_on(donors, offsetof(struct avrspi_chip, rdy_bsy));

    if (!(definition->facts & AVRSPI_FACT_RDY_BSY)) {
        chip->rdy_bsy = rdy_bsy.all;
        chip->rdy_bsy_unknown = rdy_bsy.any && !rdy_bsy.all;
    }
    if (!(definition->facts & AVRSPI_FACT_NO_ECHO))
        chip->no_echo = votes_on(donors, offsetof(struct avrspi_chip, no_echo)).any;
    if (!(definition->facts & AVRSPI_FACT_PULSE))
        chip->pulse_after_erase =
            votes_on(donors, offsetof(struct avrspi_chip, pulse_after_erase)).any;
    if (!(definition->facts & AVRSPI_FACT_SWITCHES_CLOCK))
        chip->switches_clock = votes_on(donors, offsetof(struct avrspi_chip, switches_clock)).any;
    if (!(definition->facts & AVRSPI_FACT_POWER_CYCLE))
        chip->power_cycle = votes_on(donors, offsetof(struct avrspi_chip, power_cycle)).any;
}

static void take_numbers(struct avrspi_definition *definition, const struct donors *donors)
{
    const struct avrspi_chip *first = donors->chip[0];
    bool clock = true, defaults[AVRSPI_FUSE_LOCK] = {true, true, true};
    uint32_t max_sck = first->max_sck_hz; /* of the slowest, where all have one */

    for (size_t n = 1; n < donors->count; n++) {
        clock = clock && donors->chip[n]->factory_clock == first->factory_clock;
        if (max_sck > donors->chip[n]->max_sck_hz)
            max_sck = donors->chip[n]->max_sck_hz;
        for (int fuse = 0; fuse < AVRSPI_FUSE_LOCK; fuse++)
            defaults[fuse] = defaults[fuse] && donors->chip[n]->fuse[fuse].default_value ==
                                                   first->fuse[fuse].default_value;
    }
    if (clock && !(definition->facts & AVRSPI_FACT_FACTORY_CLOCK))
        definition->chip.factory_clock = first->factory_clock;
    if (!(definition->facts & AVRSPI_FACT_MAX_SCK))
        definition->chip.max_sck_hz = max_sck;
    for (int fuse = 0; fuse < AVRSPI_FUSE_LOCK; fuse++)
        if (defaults[fuse] && !(definition->facts & (unsigned)AVRSPI_FACT_LOW_DEFAULT << fuse))
            definition->chip.fuse[fuse].default_value = first->fuse[fuse].default_value;
}

/* --- fields */

static bool same_field(const struct avrspi_field *a, const struct avrspi_field *b)
{
    return b && a->fuse == b->fuse && a->mask == b->mask && a->values == b->values &&
           a->n_values == b->n_values;
}

static bool all_have(const struct donors *donors, const struct avrspi_field *field)
{
    for (size_t n = 1; n < donors->count; n++)
        if (!same_field(field, avrspi_chip_field(donors->chip[n], field->name)))
            return false;
    return true;
}

/* Whether there is room for a field: its bits exist, and no other field has its name or a bit. */
static bool has_room(const struct avrspi_parser *parser, const struct avrspi_field *field)
{
    if (field->mask & ~parser->definition->chip.fuse[field->fuse].mask)
        return false;
    for (size_t n = 0; n < parser->n_fields; n++)
        if (parser->fields[n].fuse == field->fuse && (parser->fields[n].mask & field->mask))
            return false;
    return !avrspi_field_of(parser->fields, parser->n_fields, field->name) &&
           !avrspi_field_of(parser->parts, parser->n_parts, field->name);
}

static bool take_parts(struct avrspi_parser *parser, const struct avrspi_chip *donor,
                       const struct avrspi_field *field)
{
    const struct avrspi_field *part;

    for (size_t n = 0; (part = avrspi_chip_part_at(donor, field, n)) != NULL; n++)
        if (!avrspi_field_of(parser->fields, parser->n_fields, part->name) &&
            !avrspi_part_add(parser, part))
            return false;
    return true;
}

static bool take_fields(struct avrspi_parser *parser, const struct donors *donors)
{
    const struct avrspi_chip *first = donors->chip[0];

    for (size_t n = 0; n < first->n_fields; n++) {
        const struct avrspi_field *field = &first->fields[n];

        if (!all_have(donors, field) || !has_room(parser, field))
            continue;
        if (!avrspi_field_insert(parser, field) || !take_parts(parser, first, field))
            return false;
        parser->own_fields = true;
    }
    return true;
}

static bool selects_clock(const struct avrspi_field *fields, size_t count)
{
    for (size_t n = 0; n < count; n++)
        for (size_t k = 0; k < fields[n].n_values; k++)
            if (fields[n].values[k].clock.source != AVRSPI_CLOCK_UNKNOWN)
                return true;
    return false;
}

/* --- instructions */

static bool agree_on(const struct donors *donors, unsigned id)
{
    for (size_t n = 1; n < donors->count; n++)
        if (memcmp(&donors->chip[n]->instruction[id], &donors->chip[0]->instruction[id],
                   sizeof donors->chip[0]->instruction[id]) != 0)
            return false;
    return true;
}

/* The fuse byte that an instruction reads or writes; AVRSPI_FUSES for none. */
static unsigned fuse_of(unsigned id)
{
    if (id >= AVRSPI_WRITE_LOW)
        return id - AVRSPI_WRITE_LOW;
    return id >= AVRSPI_READ_LOW ? id - AVRSPI_READ_LOW : AVRSPI_FUSES;
}

/* Of memories that both have. That there is none counts for fuse bytes: some chips can't read
 * theirs. */
static void take_instructions(struct avrspi_definition *definition, const struct donors *donors)
{
    const struct avrspi_chip *first = donors->chip[0];

    for (unsigned id = 0; id < AVRSPI_INSTRUCTIONS; id++) {
        const unsigned fuse = fuse_of(id);
        const bool known =
            fuse < AVRSPI_FUSES ? first->fuse[fuse].mask != 0 : first->instruction[id].defined;

        if (known && definition->chip.instruction[id].defined &&
            !(definition->instructions >> id & 1) && agree_on(donors, id))
            definition->chip.instruction[id] = first->instruction[id];
    }
}

/* --- all of it */

/* "ATmega88, ATmega88A, ATmega88P and 2 more" */
static bool name_donors(struct avrspi_parser *parser, const struct donors *donors)
{
    char text[NAMES_SIZE] = "";
    size_t used = 0;

    for (size_t n = 0; n < donors->count && n < NAMED_DONORS; n++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", n ? ", " : "",
                                 donors->chip[n]->name);
    if (donors->count > NAMED_DONORS)
        (void)snprintf(text + used, sizeof text - used, " and %zu more",
                       donors->count - NAMED_DONORS);
    parser->definition->chip.completed_from =
        avrspi_arena_text(&parser->file->arena, text, strlen(text));
    return parser->definition->chip.completed_from || avrspi_parse_memory(parser);
}

bool avrspi_complete_facts(struct avrspi_parser *parser)
{
    struct avrspi_definition *definition = parser->definition;
    const bool own_clock = selects_clock(parser->fields, parser->n_fields);
    struct donors donors = {.count = 0};
    bool divides = false;

    find_donors(parser, definition->chip.signature, &donors);
    for (size_t n = 0; n < donors.count; n++)
        divides |= avrspi_chip_field(donors.chip[n], "CKDIV8") != NULL;
    if (donors.count == 0) {
        definition->chip.rdy_bsy_unknown = !(definition->facts & AVRSPI_FACT_RDY_BSY);
        divides = true;
    } else {
        take_waits(definition, &donors);
        take_flags(definition, &donors);
        take_numbers(definition, &donors);
        if (!take_fields(parser, &donors) || !name_donors(parser, &donors))
            return false;
    }
    definition->chip.divider_unknown =
        divides && !own_clock && !avrspi_field_of(parser->fields, parser->n_fields, "CKDIV8");
    return true;
}

void avrspi_complete_instructions(struct avrspi_parser *parser)
{
    struct donors donors = {.count = 0};

    find_donors(parser, parser->definition->chip.signature, &donors);
    if (donors.count)
        take_instructions(parser->definition, &donors);
}
