/* SPDX-License-Identifier: MIT */
/* What may follow from writing fuses and lock bits. A programmed bit reads 0. */
#include "avrspi/rules.h"
#include "chips/record.h"

#include "base/number.h"
#include "base/text.h"

#include <string.h>

enum {
    /* Many controllers divide a fast clock by 65536 at most, a Raspberry Pi's 500 MHz to
     * 7.63 kHz. */
    SLOW_SCK_HZ = 7630,
};

uint8_t avrspi_fuse_as_written(const struct avrspi_chip *chip, enum avrspi_fuse fuse, uint8_t value)
{
    return (uint8_t)(value | ~chip->fuse[fuse].mask);
}

struct avrspi_fuses avrspi_fuses_after(const struct avrspi_chip *chip,
                                       const struct avrspi_fuses *before,
                                       const struct avrspi_fuses *wanted)
{
    struct avrspi_fuses after = *before;

    for (size_t n = 0; n < AVRSPI_FUSES; n++) {
        if (!wanted->given[n] || !chip->fuse[n].mask)
            continue;
        after.given[n] = true;
        after.value[n] = avrspi_fuse_as_written(chip, (enum avrspi_fuse)n, wanted->value[n]);
    }
    return after;
}

uint8_t avrspi_fuse_missing_bits(const struct avrspi_chip *chip, const struct avrspi_fuses *wanted,
                                 enum avrspi_fuse fuse)
{
    uint8_t mask = chip->fuse[fuse].mask;

    return wanted->given[fuse] && mask ? (uint8_t) ~(wanted->value[fuse] | mask) : 0;
}

/* --- what can't be written at all */

enum avrspi_fuse_obstacle avrspi_fuse_obstacle(const struct avrspi_chip *chip,
                                               const struct avrspi_fuses *before,
                                               const struct avrspi_fuses *wanted,
                                               enum avrspi_fuse fuse)
{
    uint8_t mask = chip->fuse[fuse].mask, value = wanted->value[fuse], old = before->value[fuse];

    if (!wanted->given[fuse])
        return AVRSPI_OBSTACLE_NONE;
    if (!mask)
        return value == 0xFF ? AVRSPI_OBSTACLE_NONE : AVRSPI_OBSTACLE_NO_BYTE;
    if (!chip->instruction[avrspi_fuse_write_id(fuse)].defined)
        return AVRSPI_OBSTACLE_NO_INSTRUCTION;
    if (fuse == AVRSPI_FUSE_LOCK && before->given[fuse] && (value & mask & ~old))
        return AVRSPI_OBSTACLE_LOCK_BITS_RISE;
    if (avrspi_lock_forbids_fuse(chip, before, fuse) &&
        !(before->given[fuse] && ((value ^ old) & mask) == 0))
        return AVRSPI_OBSTACLE_LOCKED;
    return AVRSPI_OBSTACLE_NONE;
}

/* --- the boot section */

uint32_t avrspi_boot_bytes(const struct avrspi_value *value)
{
    size_t digits = strspn(value->name, "0123456789");
    uint32_t words = 0;

    (void)avrspi_number_parse_within(value->name, digits, 1, AVRSPI_LARGEST_FLASH / 2, &words);
    return words * 2;
}

uint32_t avrspi_boot_size(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "BOOTSZ");
    const struct avrspi_value *value;

    if (!field || !fuses->given[field->fuse])
        return 0;
    value = avrspi_field_value(field, avrspi_field_get(field, fuses->value[field->fuse]));
    return value ? avrspi_boot_bytes(value) : 0;
}

uint32_t avrspi_boot_start(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    uint32_t size = avrspi_boot_size(chip, fuses);

    return size && size < chip->flash_size ? chip->flash_start + chip->flash_size - size : 0;
}

uint32_t avrspi_boot_reset(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    const struct avrspi_field *field = avrspi_chip_field(chip, "BOOTRST");

    if (!field || !fuses->given[field->fuse] ||
        avrspi_field_get(field, fuses->value[field->fuse]) != 0)
        return 0;
    return avrspi_boot_start(chip, fuses);
}

/* --- hazards */

/* A change, and what was found about it so far. */
struct change {
    const struct avrspi_chip *chip;
    const struct avrspi_fuses *before;
    const struct avrspi_fuses *wanted;
    struct avrspi_fuses after;
    struct avrspi_hazard *hazards;
    size_t count;
};

static void add(struct change *change, struct avrspi_hazard hazard)
{
    if (change->count < AVRSPI_MAX_HAZARDS)
        change->hazards[change->count++] = hazard;
}

/* The field, where the change gives it that value and it had another before; else NULL. */
static const struct avrspi_field *becomes(const struct change *change, const char *name,
                                          uint8_t value)
{
    const struct avrspi_field *field = avrspi_chip_field(change->chip, name);

    if (!field || !change->wanted->given[field->fuse] ||
        avrspi_field_get(field, change->wanted->value[field->fuse]) != value)
        return NULL;
    if (change->before->given[field->fuse] &&
        avrspi_field_get(field, change->before->value[field->fuse]) == value)
        return NULL;
    return field;
}

static void find_end_of_programming(struct change *change)
{
    static const struct {
        const char *field;
        uint8_t value;
    } ends[] = {{"RSTDISBL", 0}, {"DWEN", 0}, {"SPIEN", 1}};

    for (size_t n = 0; n < sizeof ends / sizeof *ends; n++) {
        const struct avrspi_field *field = becomes(change, ends[n].field, ends[n].value);

        if (field)
            add(change, (struct avrspi_hazard){.kind = AVRSPI_HAZARD_ENDS_PROGRAMMING,
                                               .refused = true,
                                               .field = field});
    }
}

static void find_invalid_lock(struct change *change)
{
    if (!avrspi_lock_is_undefined(change->chip, &change->after) ||
        avrspi_lock_is_undefined(change->chip, change->before))
        return;
    add(change, (struct avrspi_hazard){.kind = AVRSPI_HAZARD_LOCK_INVALID,
                                       .refused = true,
                                       .field = avrspi_chip_field(change->chip, "LB")});
}

static void find_lock(struct change *change)
{
    enum avrspi_lock_mode mode = avrspi_lock_mode(change->chip, &change->after);

    if (mode == AVRSPI_LOCK_MODE_NONE || mode == avrspi_lock_mode(change->chip, change->before))
        return;
    add(change,
        (struct avrspi_hazard){.kind = mode == AVRSPI_LOCK_MODE_READ ? AVRSPI_HAZARD_LOCKS_READING
                                                                     : AVRSPI_HAZARD_LOCKS_WRITING,
                               .field = avrspi_chip_field(change->chip, "LB")});
}

static bool selects_clock(const struct avrspi_field *field)
{
    for (size_t n = 0; n < field->n_values; n++)
        if (field->values[n].clock.source != AVRSPI_CLOCK_UNKNOWN)
            return true;
    return false;
}

static bool is_brown_out(const struct avrspi_field *field)
{
    return avrspi_text_equal(field->name, "BODLEVEL") || avrspi_text_equal(field->name, "BODACT") ||
           avrspi_text_equal(field->name, "BODPD");
}

/* A clock that no value of the list has, whatever its start-up time, or a brown-out level that the
 * list does not have. A start-up time that is not in the list is not reserved, as boards are
 * shipped with such values; nor is the factory value. */
static bool is_reserved(const struct avrspi_chip *chip, const struct avrspi_field *field,
                        uint8_t value)
{
    if (value == avrspi_field_get(field, chip->fuse[field->fuse].default_value))
        return false;
    return selects_clock(field) ? !avrspi_clock_row(chip, field, value) : is_brown_out(field);
}

/* Fields that get a value without a row, and did not have it before: the reserved values, or all
 * others. LB has rules of its own. */
static void find_without_row(struct change *change, bool reserved)
{
    for (size_t n = 0; n < change->chip->n_fields; n++) {
        const struct avrspi_field *field = &change->chip->fields[n];
        uint8_t value = avrspi_field_get(field, change->wanted->value[field->fuse]);

        if (field->n_values == 0 || avrspi_field_value(field, value) ||
            avrspi_text_equal(field->name, "LB") || !becomes(change, field->name, value) ||
            is_reserved(change->chip, field, value) != reserved)
            continue;
        add(change, (struct avrspi_hazard){.kind = reserved ? AVRSPI_HAZARD_RESERVED
                                                            : AVRSPI_HAZARD_UNLISTED,
                                           .refused = reserved,
                                           .field = field,
                                           .value = value});
    }
}

static void find_reserved(struct change *change)
{
    find_without_row(change, true);
}

static void find_unlisted(struct change *change)
{
    find_without_row(change, false);
}

static bool has_say_in_clock(const struct avrspi_chip *chip, const struct avrspi_field *field)
{
    return field == avrspi_chip_field(chip, "CKDIV8") || selects_clock(field);
}

/* The clock that the fuses select; false where a byte that has a say in it is not given. */
static bool find_clock(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses,
                       struct avrspi_clock *clock)
{
    *clock = (struct avrspi_clock){.source = AVRSPI_CLOCK_UNKNOWN};
    for (size_t n = 0; n < chip->n_fields; n++)
        if (!fuses->given[chip->fields[n].fuse] && has_say_in_clock(chip, &chip->fields[n]))
            return false;
    *clock = avrspi_chip_clock(chip, fuses->value);
    return true;
}

static void find_other_clock(struct change *change)
{
    struct avrspi_clock old, new;
    uint32_t old_limit, limit;

    (void)find_clock(change->chip, change->before, &old);
    if (!find_clock(change->chip, &change->after, &new))
        return;
    if (avrspi_clock_is_outside(new.source) && new.source != old.source)
        add(change,
            (struct avrspi_hazard){.kind = AVRSPI_HAZARD_NEEDS_CLOCK, .source = new.source});
    old_limit = avrspi_sck_limit(&old);
    limit = avrspi_sck_limit(&new);
    if (limit && limit < SLOW_SCK_HZ && (old_limit == 0 || limit < old_limit))
        add(change, (struct avrspi_hazard){
                        .kind = AVRSPI_HAZARD_SLOW_CLOCK, .source = new.source, .sck_hz = limit});
}

static void find_clock_output(struct change *change)
{
    const struct avrspi_field *field = becomes(change, "CKOUT", 0);

    if (field)
        add(change, (struct avrspi_hazard){.kind = AVRSPI_HAZARD_CLOCK_OUTPUT, .field = field});
}

/* BOOTRST programmed, or BOOTSZ changed while it is. */
static void find_boot_start(struct change *change)
{
    uint32_t start = avrspi_boot_reset(change->chip, &change->after);

    if (start && start != avrspi_boot_reset(change->chip, change->before))
        add(change, (struct avrspi_hazard){.kind = AVRSPI_HAZARD_BOOT_START,
                                           .field = avrspi_chip_field(change->chip, "BOOTRST"),
                                           .address = start});
}

size_t avrspi_fuse_hazards(const struct avrspi_chip *chip, const struct avrspi_fuses *before,
                           const struct avrspi_fuses *wanted,
                           struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS])
{
    static void (*const finders[])(struct change * change) = {
        find_end_of_programming, find_invalid_lock, find_reserved, find_unlisted,
        find_other_clock,        find_clock_output, find_lock,     find_boot_start,
    };
    struct change change = {
        .chip = chip,
        .before = before,
        .wanted = wanted,
        .after = avrspi_fuses_after(chip, before, wanted),
        .hazards = hazards,
    };

    for (size_t n = 0; n < sizeof finders / sizeof *finders; n++)
        finders[n](&change);
    return change.count;
}

bool avrspi_erase_keeps_eeprom(const struct avrspi_chip *chip, const struct avrspi_fuses *fuses)
{
    const struct avrspi_field *eesave = avrspi_chip_field(chip, "EESAVE");

    return eesave && fuses->given[eesave->fuse] &&
           avrspi_field_get(eesave, fuses->value[eesave->fuse]) == 0;
}
