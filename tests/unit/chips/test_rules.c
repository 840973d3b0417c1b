/* SPDX-License-Identifier: MIT */
/* What fuses and lock bits decide, on chips built in. */
#include "known_chips.h"

#include <stdio.h>
#include <string.h>

#include "avrspi/rules.h"
#include "chips/record.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* As the factory leaves it, all bytes known. */
static struct avrspi_fuses factory(const struct avrspi_chip *chip)
{
    struct avrspi_fuses fuses = {0};

    for (size_t n = 0; n < AVRSPI_FUSES; n++) {
        fuses.given[n] = chip->fuse[n].mask != 0;
        fuses.value[n] = chip->fuse[n].default_value;
    }
    return fuses;
}

static struct avrspi_fuses only(enum avrspi_fuse fuse, uint8_t value)
{
    struct avrspi_fuses fuses = {0};

    fuses.given[fuse] = true;
    fuses.value[fuse] = value;
    return fuses;
}

static struct avrspi_fuses lock(uint8_t value)
{
    return only(AVRSPI_FUSE_LOCK, value);
}

static struct avrspi_fuses with_field(const struct avrspi_fuses *fuses,
                                      const struct avrspi_field *field, uint8_t value)
{
    return only(field->fuse, avrspi_field_set(field, fuses->value[field->fuse], value));
}

/* --- lock bits */

static void lock_mode_of_each_value(void **state)
{
    static const struct {
        const char *chip;
        uint8_t value[4]; /* that LB = 0 to 3 make, other bits 1 */
    } cases[] = {
        {"ATmega328P", {0xFC, 0xFD, 0xFE, 0xFF}}, {"ATtiny85", {0xFC, 0xFD, 0xFE, 0xFF}},
        {"AT90S2313", {0xF9, 0xFB, 0xFD, 0xFF}},  {"AT90S2333", {0xF9, 0xFB, 0xFD, 0xFF}},
        {"ATtiny12", {0xF9, 0xFB, 0xFD, 0xFF}},   {"ATmega103", {0xF9, 0xFB, 0xFD, 0xFF}},
    };
    static const enum avrspi_lock_mode modes[] = {AVRSPI_LOCK_MODE_READ, AVRSPI_LOCK_MODE_READ,
                                                  AVRSPI_LOCK_MODE_WRITE, AVRSPI_LOCK_MODE_NONE};

    (void)state;
    for (size_t n = 0; n < LENGTH(cases); n++) {
        const struct avrspi_chip *chip = find_chip(cases[n].chip);

        for (size_t i = 0; i < LENGTH(modes); i++) {
            struct avrspi_fuses fuses = lock(cases[n].value[i]);

            EXPECT(avrspi_lock_mode(chip, &fuses) == modes[i], chip, "0x%02X", cases[n].value[i]);
            EXPECT(avrspi_lock_is_undefined(chip, &fuses) == (i == 1), chip, "0x%02X",
                   cases[n].value[i]);
        }
    }
}

/* Every chip names the three modes, and no fourth. */
static void lock_mode_follows_the_chip_file(void **state)
{
    size_t count = 0;

    (void)state;
    FOR_EACH(chip)
    {
        const struct avrspi_field *field = avrspi_chip_field(chip, "LB");

        if (!field)
            continue;
        count++;
        EXPECT(field->n_values == 3 && field->fuse == AVRSPI_FUSE_LOCK, chip, "LB");
        for (uint8_t value = 0; value < 4; value++) {
            struct avrspi_fuses fuses = lock(avrspi_field_set(field, 0xFF, value));

            EXPECT(avrspi_lock_is_undefined(chip, &fuses) == !avrspi_field_value(field, value),
                   chip, "LB = %u", value);
        }
    }
    assert_true(count > 200);
}

static void lock_mode_of_bits_that_are_not_shown(void **state)
{
    struct avrspi_fuses unknown = {0};

    (void)state;
    assert_int_equal(avrspi_lock_mode(find_chip("AT90S2313"), &unknown), AVRSPI_LOCK_MODE_NONE);
    assert_false(avrspi_lock_is_undefined(find_chip("AT90S2313"), &unknown));
}

static void lock_mode_without_a_field(void **state)
{
    struct avrspi_chip chip = {.name = "plain"};
    struct avrspi_fuses fuses = lock(0x00);

    (void)state;
    assert_int_equal(avrspi_lock_mode(&chip, &fuses), AVRSPI_LOCK_MODE_NONE);
    chip.fuse[AVRSPI_FUSE_LOCK].mask = 0x06;
    assert_int_equal(avrspi_lock_mode(&chip, &fuses), AVRSPI_LOCK_MODE_READ);
    fuses = lock(0xFD);
    assert_int_equal(avrspi_lock_mode(&chip, &fuses), AVRSPI_LOCK_MODE_WRITE);
    chip.fuse[AVRSPI_FUSE_LOCK].mask = 0x01; /* LB1 alone */
    fuses = lock(0x00);
    assert_int_equal(avrspi_lock_mode(&chip, &fuses), AVRSPI_LOCK_MODE_WRITE);
}

static void lock_forbids_what_its_mode_says(void **state)
{
    static const struct {
        uint8_t value;
        bool reading, writing, fuses, lock;
    } cases[] = {
        {0xFF, false, false, false, false}, {0xC3, false, false, false, false},
        {0xFE, false, true, true, false},   {0xFC, true, true, true, true},
        {0xFD, true, true, true, true},
    };
    static const enum avrspi_memory protected[] = {AVRSPI_MEMORY_FLASH, AVRSPI_MEMORY_EEPROM};
    const struct avrspi_chip *chip = find_chip("ATmega328P");

    (void)state;
    for (size_t n = 0; n < LENGTH(cases); n++) {
        struct avrspi_fuses fuses = lock(cases[n].value);

        for (size_t i = 0; i < LENGTH(protected); i++) {
            assert_int_equal(avrspi_lock_forbids_reading(chip, &fuses, protected[i]),
                             cases[n].reading);
            assert_int_equal(avrspi_lock_forbids_writing(chip, &fuses, protected[i]),
                             cases[n].writing);
        }
        for (unsigned fuse = 0; fuse < AVRSPI_FUSE_LOCK; fuse++)
            assert_int_equal(avrspi_lock_forbids_fuse(chip, &fuses, (enum avrspi_fuse)fuse),
                             cases[n].fuses);
        assert_int_equal(avrspi_lock_forbids_fuse(chip, &fuses, AVRSPI_FUSE_LOCK), cases[n].lock);
        assert_false(avrspi_lock_forbids_reading(chip, &fuses, AVRSPI_MEMORY_SIGNATURE));
        assert_false(avrspi_lock_forbids_reading(chip, &fuses, AVRSPI_MEMORY_CALIBRATION));
        assert_false(avrspi_lock_forbids_writing(chip, &fuses, AVRSPI_MEMORY_SIGNATURE));
    }
}

/* --- the boot section */

/* The words of each value name the word where the section starts. */
static void boot_start_of_each_value(void **state)
{
    size_t count = 0;

    (void)state;
    FOR_EACH(chip)
    {
        const struct avrspi_field *field = avrspi_chip_field(chip, "BOOTSZ");
        struct avrspi_fuses fuses = factory(chip);

        for (size_t n = 0; field && n < field->n_values; n++) {
            const struct avrspi_value *value = &field->values[n];
            unsigned words, start;

            EXPECT(sscanf(value->text, "boot section %u words, from word %x", &words, &start) == 2,
                   chip, "'%s'", value->text);
            fuses = with_field(&fuses, field, value->value);
            EXPECT(avrspi_boot_size(chip, &fuses) == words * 2, chip, "size of %s", value->name);
            EXPECT(avrspi_boot_start(chip, &fuses) == start * 2, chip, "start of %s", value->name);
            count++;
        }
    }
    assert_true(count > 400);
}

static void boot_start_that_is_not_known(void **state)
{
    const struct avrspi_chip *chip = find_chip("ATmega328P");
    struct avrspi_fuses unknown = {0}, fuses = factory(find_chip("ATtiny85"));

    (void)state;
    assert_int_equal(avrspi_boot_start(chip, &unknown), 0);
    assert_int_equal(avrspi_boot_start(find_chip("ATtiny85"), &fuses), 0);
    fuses = factory(find_chip("ATmega161")); /* BOOTRST without BOOTSZ */
    assert_int_equal(avrspi_boot_start(find_chip("ATmega161"), &fuses), 0);
}

/* --- writing */

static void fuses_after_a_write(void **state)
{
    const struct avrspi_chip *chip = find_chip("ATmega328P");
    struct avrspi_fuses before = {.given = {true, true}, .value = {0x62, 0xD9}};
    struct avrspi_fuses wanted = {.given = {false, true, true}, .value = {0, 0xD8, 0x05}};
    struct avrspi_fuses after = avrspi_fuses_after(chip, &before, &wanted);

    (void)state;
    assert_memory_equal(after.given, ((bool[]){true, true, true, false}), sizeof after.given);
    assert_memory_equal(after.value, ((uint8_t[]){0x62, 0xD8, 0xFD}), 3); /* reserved bits 1 */
}

static void obstacle_of_each_kind(void **state)
{
    static const struct {
        const char *chip;
        uint8_t lock; /* before */
        enum avrspi_fuse fuse;
        uint8_t value;
        enum avrspi_fuse_obstacle obstacle;
    } cases[] = {
        {"ATmega328P", 0xFF, AVRSPI_FUSE_LOW, 0xE2, AVRSPI_OBSTACLE_NONE},
        {"ATmega328P", 0xFF, AVRSPI_FUSE_LOCK, 0xFD, AVRSPI_OBSTACLE_NONE},
        {"ATtiny13", 0xFF, AVRSPI_FUSE_EXT, 0xFF, AVRSPI_OBSTACLE_NONE},
        {"ATtiny13", 0xFF, AVRSPI_FUSE_EXT, 0xFE, AVRSPI_OBSTACLE_NO_BYTE},
        {"AT90S2313", 0xFF, AVRSPI_FUSE_LOW, 0xDE, AVRSPI_OBSTACLE_NO_INSTRUCTION},
        {"ATmega328P", 0xFE, AVRSPI_FUSE_LOCK, 0xFF, AVRSPI_OBSTACLE_LOCK_BITS_RISE},
        {"ATmega328P", 0xFE, AVRSPI_FUSE_LOCK, 0xFD, AVRSPI_OBSTACLE_LOCK_BITS_RISE},
        {"ATmega328P", 0xFE, AVRSPI_FUSE_LOCK, 0x3E, AVRSPI_OBSTACLE_NONE}, /* reserved bits */
        {"ATmega328P", 0xFE, AVRSPI_FUSE_LOCK, 0xFC, AVRSPI_OBSTACLE_NONE},
        {"ATmega328P", 0xFC, AVRSPI_FUSE_LOCK, 0xFC, AVRSPI_OBSTACLE_NONE},
        {"ATmega328P", 0xFC, AVRSPI_FUSE_LOCK, 0xC0, AVRSPI_OBSTACLE_LOCKED},
        {"ATmega328P", 0xFD, AVRSPI_FUSE_LOCK, 0xFC, AVRSPI_OBSTACLE_LOCKED},
        {"ATmega328P", 0xFE, AVRSPI_FUSE_LOW, 0x62, AVRSPI_OBSTACLE_NONE},
        {"ATmega328P", 0xFE, AVRSPI_FUSE_LOW, 0xE2, AVRSPI_OBSTACLE_LOCKED},
        {"ATmega328P", 0xFD, AVRSPI_FUSE_HIGH, 0xD8, AVRSPI_OBSTACLE_LOCKED},
        {"ATtiny12", 0xFD, AVRSPI_FUSE_LOW, 0x53, AVRSPI_OBSTACLE_LOCKED},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(cases); n++) {
        const struct avrspi_chip *chip = find_chip(cases[n].chip);
        struct avrspi_fuses before = factory(chip), wanted = {0};

        before.value[AVRSPI_FUSE_LOCK] = cases[n].lock;
        assert_int_equal(avrspi_fuse_obstacle(chip, &before, &wanted, cases[n].fuse),
                         AVRSPI_OBSTACLE_NONE);
        wanted = only(cases[n].fuse, cases[n].value);
        EXPECT(avrspi_fuse_obstacle(chip, &before, &wanted, cases[n].fuse) == cases[n].obstacle,
               chip, "row %zu", n);
    }
}

/* A byte that is not known may be any other. */
static void obstacle_of_a_byte_that_is_not_known(void **state)
{
    const struct avrspi_chip *chip = find_chip("ATmega328P");
    struct avrspi_fuses before = lock(0xFE), wanted = only(AVRSPI_FUSE_LOW, 0x62);

    (void)state;
    assert_int_equal(avrspi_fuse_obstacle(chip, &before, &wanted, AVRSPI_FUSE_LOW),
                     AVRSPI_OBSTACLE_LOCKED);
}

/* --- hazards */

static size_t hazards_of(const struct avrspi_chip *chip, const struct avrspi_fuses *before,
                         const struct avrspi_fuses *wanted, struct avrspi_hazard *hazards)
{
    size_t count = avrspi_fuse_hazards(chip, before, wanted, hazards);

    assert_true(count <= AVRSPI_MAX_HAZARDS);
    return count;
}

static bool harmless(const struct avrspi_chip *chip, const struct avrspi_fuses *before,
                     const struct avrspi_fuses *wanted)
{
    struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];

    return hazards_of(chip, before, wanted, hazards) == 0;
}

static struct avrspi_hazard only_hazard(const struct avrspi_chip *chip,
                                        const struct avrspi_fuses *before,
                                        const struct avrspi_fuses *wanted)
{
    struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];

    assert_int_equal(hazards_of(chip, before, wanted, hazards), 1);
    return hazards[0];
}

/* Each is the only hazard of writing 'value' over factory values. */
static const struct single {
    const char *chip;
    enum avrspi_fuse fuse;
    uint8_t value;
    enum avrspi_hazard_kind kind;
    const char *field; /* NULL: none */
    enum avrspi_clock_source source;
    uint32_t number; /* sck_hz or address */
} singles[] = {
    {"ATmega328P", AVRSPI_FUSE_HIGH, 0x59, AVRSPI_HAZARD_ENDS_PROGRAMMING, "RSTDISBL", 0, 0},
    {"ATtiny85", AVRSPI_FUSE_HIGH, 0x5F, AVRSPI_HAZARD_ENDS_PROGRAMMING, "RSTDISBL", 0, 0},
    {"ATtiny13", AVRSPI_FUSE_HIGH, 0xFE, AVRSPI_HAZARD_ENDS_PROGRAMMING, "RSTDISBL", 0, 0},
    {"ATmega328P", AVRSPI_FUSE_HIGH, 0x99, AVRSPI_HAZARD_ENDS_PROGRAMMING, "DWEN", 0, 0},
    {"ATtiny2313", AVRSPI_FUSE_HIGH, 0x5F, AVRSPI_HAZARD_ENDS_PROGRAMMING, "DWEN", 0, 0},
    {"ATtiny13", AVRSPI_FUSE_HIGH, 0xF7, AVRSPI_HAZARD_ENDS_PROGRAMMING, "DWEN", 0, 0},
    {"ATmega328P", AVRSPI_FUSE_HIGH, 0xF9, AVRSPI_HAZARD_ENDS_PROGRAMMING, "SPIEN", 0, 0},
    {"ATtiny12", AVRSPI_FUSE_LOW, 0x72, AVRSPI_HAZARD_ENDS_PROGRAMMING, "SPIEN", 0, 0},
    {"ATtiny13", AVRSPI_FUSE_LOW, 0xEA, AVRSPI_HAZARD_ENDS_PROGRAMMING, "SPIEN", 0, 0},
    {"ATmega328P", AVRSPI_FUSE_LOW, 0x60, AVRSPI_HAZARD_NEEDS_CLOCK, NULL, AVRSPI_CLOCK_EXTERNAL,
     0},
    {"ATmega328P", AVRSPI_FUSE_LOW, 0xFF, AVRSPI_HAZARD_NEEDS_CLOCK, NULL, AVRSPI_CLOCK_CRYSTAL, 0},
    {"ATmega8", AVRSPI_FUSE_LOW, 0xE5, AVRSPI_HAZARD_NEEDS_CLOCK, NULL, AVRSPI_CLOCK_RC, 0},
    {"ATtiny85", AVRSPI_FUSE_LOW, 0xE0, AVRSPI_HAZARD_NEEDS_CLOCK, NULL, AVRSPI_CLOCK_EXTERNAL, 0},
    {"ATtiny13", AVRSPI_FUSE_LOW, 0x68, AVRSPI_HAZARD_NEEDS_CLOCK, NULL, AVRSPI_CLOCK_EXTERNAL, 0},
    {"ATmega328P", AVRSPI_FUSE_LOW, 0x63, AVRSPI_HAZARD_SLOW_CLOCK, NULL, AVRSPI_CLOCK_INTERNAL,
     2999},
    {"ATtiny85", AVRSPI_FUSE_LOW, 0x64, AVRSPI_HAZARD_SLOW_CLOCK, NULL, AVRSPI_CLOCK_INTERNAL,
     2999},
    {"ATtiny13", AVRSPI_FUSE_LOW, 0x6B, AVRSPI_HAZARD_SLOW_CLOCK, NULL, AVRSPI_CLOCK_INTERNAL,
     2999},
    {"ATtiny841", AVRSPI_FUSE_LOW, 0xE4, AVRSPI_HAZARD_SLOW_CLOCK, NULL, AVRSPI_CLOCK_INTERNAL,
     5599},
    {"ATmega328P", AVRSPI_FUSE_LOW, 0x22, AVRSPI_HAZARD_CLOCK_OUTPUT, "CKOUT", 0, 0},
    {"ATtiny85", AVRSPI_FUSE_LOW, 0x22, AVRSPI_HAZARD_CLOCK_OUTPUT, "CKOUT", 0, 0},
    {"AT90CAN128", AVRSPI_FUSE_LOW, 0x22, AVRSPI_HAZARD_CLOCK_OUTPUT, "CKOUT", 0, 0},
    {"ATmega328P", AVRSPI_FUSE_LOCK, 0xFE, AVRSPI_HAZARD_LOCKS_WRITING, "LB", 0, 0},
    {"AT90S8535", AVRSPI_FUSE_LOCK, 0xFD, AVRSPI_HAZARD_LOCKS_WRITING, "LB", 0, 0},
    {"ATtiny12", AVRSPI_FUSE_LOCK, 0xFD, AVRSPI_HAZARD_LOCKS_WRITING, "LB", 0, 0},
    {"ATmega328P", AVRSPI_FUSE_LOCK, 0xFC, AVRSPI_HAZARD_LOCKS_READING, "LB", 0, 0},
    {"ATtiny13", AVRSPI_FUSE_LOCK, 0x00, AVRSPI_HAZARD_LOCKS_READING, "LB", 0, 0},
    {"ATmega103", AVRSPI_FUSE_LOCK, 0xF9, AVRSPI_HAZARD_LOCKS_READING, "LB", 0, 0},
    {"ATmega328P", AVRSPI_FUSE_HIGH, 0xD8, AVRSPI_HAZARD_BOOT_START, "BOOTRST", 0, 0x7000},
    {"ATmega328P", AVRSPI_FUSE_HIGH, 0xDE, AVRSPI_HAZARD_BOOT_START, "BOOTRST", 0, 0x7E00},
    {"ATmega1284P", AVRSPI_FUSE_HIGH, 0x98, AVRSPI_HAZARD_BOOT_START, "BOOTRST", 0, 0x1E000},
    {"ATmega88", AVRSPI_FUSE_EXT, 0xF8, AVRSPI_HAZARD_BOOT_START, "BOOTRST", 0, 0x1800},
};

static void hazard_of_each_kind_alone(void **state)
{
    (void)state;
    for (size_t n = 0; n < LENGTH(singles); n++) {
        const struct single *single = &singles[n];
        const struct avrspi_chip *chip = find_chip(single->chip);
        struct avrspi_fuses before = factory(chip), wanted = only(single->fuse, single->value);
        struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
        size_t count = hazards_of(chip, &before, &wanted, hazards);

        EXPECT(count == 1 && hazards[0].kind == single->kind, chip, "row %zu: %zu hazards", n,
               count);
        EXPECT(hazards[0].field == (single->field ? avrspi_chip_field(chip, single->field) : NULL),
               chip, "row %zu: field", n);
        EXPECT(hazards[0].source == single->source, chip, "row %zu: source", n);
        EXPECT(hazards[0].sck_hz + hazards[0].address == single->number, chip,
               "row %zu: %u Hz, 0x%X", n, hazards[0].sck_hz, hazards[0].address);
        EXPECT(hazards[0].refused == (single->kind == AVRSPI_HAZARD_ENDS_PROGRAMMING), chip,
               "row %zu: refused", n);
    }
}

/* Written once more, none of them is. */
static void hazard_is_none_the_second_time(void **state)
{
    (void)state;
    for (size_t n = 0; n < LENGTH(singles); n++) {
        const struct avrspi_chip *chip = find_chip(singles[n].chip);
        struct avrspi_fuses before = factory(chip);
        struct avrspi_fuses wanted = only(singles[n].fuse, singles[n].value);

        before.value[singles[n].fuse] = singles[n].value;
        EXPECT(harmless(chip, &before, &wanted), chip, "row %zu", n);
    }
}

static void hazard_of_lock_bits_that_are_undefined(void **state)
{
    static const struct {
        const char *chip;
        uint8_t value;
    } cases[] = {{"ATmega328P", 0xFD},
                 {"ATtiny85", 0x01},
                 {"AT90S2313", 0xFB},
                 {"ATtiny12", 0xFB},
                 {"ATmega103", 0xFB}};

    (void)state;
    for (size_t n = 0; n < LENGTH(cases); n++) {
        const struct avrspi_chip *chip = find_chip(cases[n].chip);
        struct avrspi_fuses before = factory(chip), wanted = lock(cases[n].value);
        struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];

        EXPECT(hazards_of(chip, &before, &wanted, hazards) == 2, chip, "count");
        assert_int_equal(hazards[0].kind, AVRSPI_HAZARD_LOCK_INVALID);
        assert_true(hazards[0].refused);
        assert_ptr_equal(hazards[0].field, avrspi_chip_field(chip, "LB"));
        assert_int_equal(hazards[1].kind, AVRSPI_HAZARD_LOCKS_READING);
        assert_false(hazards[1].refused);
        before.value[AVRSPI_FUSE_LOCK] = cases[n].value;
        EXPECT(harmless(chip, &before, &wanted), chip, "twice");
    }
}

/* Clocks and brown-out levels are refused, start-up times are not. */
static void hazard_of_values_without_a_row(void **state)
{
    static const struct {
        const char *chip;
        enum avrspi_fuse fuse;
        uint8_t value;
        enum avrspi_hazard_kind kind;
        const char *field;
        uint8_t number;
    } rows[] = {
        {"ATmega328P", AVRSPI_FUSE_LOW, 0xE1, AVRSPI_HAZARD_RESERVED, "SUT_CKSEL", 0x21},
        {"ATmega2560", AVRSPI_FUSE_EXT, 0xDA, AVRSPI_HAZARD_RESERVED, "BODLEVEL", 2},
        {"ATmega328PB", AVRSPI_FUSE_LOW, 0xF7, AVRSPI_HAZARD_RESERVED, "SUT_CKSEL", 0x37},
        {"ATtiny88", AVRSPI_FUSE_LOW, 0xE1, AVRSPI_HAZARD_RESERVED, "SUT_CKSEL", 0x21},
        {"ATtiny26", AVRSPI_FUSE_LOW, 0x62, AVRSPI_HAZARD_RESERVED, "PLLCK_SUT_CKSEL", 0x22},
        {"ATtiny841", AVRSPI_FUSE_EXT, 0xF9, AVRSPI_HAZARD_RESERVED, "BODACT", 0},
        {"ATmega328P", AVRSPI_FUSE_LOW, 0x72, AVRSPI_HAZARD_UNLISTED, "SUT_CKSEL", 0x32},
        {"ATtiny1634", AVRSPI_FUSE_LOW, 0xFF, AVRSPI_HAZARD_UNLISTED, "SUT_CKSEL", 0x1F},
        {"ATtiny85", AVRSPI_FUSE_LOW, 0xD3, AVRSPI_HAZARD_UNLISTED, "SUT_CKSEL", 0x13},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        const struct avrspi_chip *chip = find_chip(rows[n].chip);
        struct avrspi_fuses before = factory(chip), wanted = only(rows[n].fuse, rows[n].value);
        struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];

        EXPECT(hazards_of(chip, &before, &wanted, hazards) >= 1, chip, "row %zu", n);
        EXPECT(hazards[0].kind == rows[n].kind && hazards[0].value == rows[n].number &&
                   hazards[0].refused == (rows[n].kind == AVRSPI_HAZARD_RESERVED),
               chip, "row %zu", n);
        assert_ptr_equal(hazards[0].field, avrspi_chip_field(chip, rows[n].field));
        before.value[rows[n].fuse] = rows[n].value;
        EXPECT(harmless(chip, &before, &wanted), chip, "row %zu twice", n);
    }
}

/* Whatever they have no row for: ATmega32U6, ATmega64HVE. */
static void refusals_of_factory_values(void **state)
{
    (void)state;
    for (size_t n = 0; n < avrspi_chips_count(chips); n++) {
        const struct avrspi_chip *chip = avrspi_chips_at(chips, n);
        struct avrspi_fuses before = {0}, wanted = factory(chip);
        struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
        size_t count = hazards_of(chip, &before, &wanted, hazards);

        for (size_t k = 0; k < count; k++)
            EXPECT(!hazards[k].refused, chip, "kind %d", (int)hazards[k].kind);
    }
}

static void missing_bits_of_a_byte(void **state)
{
    const struct avrspi_chip *chip = find_chip("ATmega328P");
    struct avrspi_fuses wanted = {.given = {true, false, true}, .value = {0x00, 0x00, 0x05}};

    (void)state;
    assert_int_equal(avrspi_fuse_missing_bits(chip, &wanted, AVRSPI_FUSE_LOW), 0);
    assert_int_equal(avrspi_fuse_missing_bits(chip, &wanted, AVRSPI_FUSE_HIGH), 0);
    assert_int_equal(avrspi_fuse_missing_bits(chip, &wanted, AVRSPI_FUSE_EXT), 0xF8);
    assert_int_equal(avrspi_fuse_missing_bits(find_chip("ATtiny13"), &wanted, AVRSPI_FUSE_EXT), 0);
}

static void hazards_of_several_kinds(void **state)
{
    static const enum avrspi_hazard_kind expected[] = {
        AVRSPI_HAZARD_ENDS_PROGRAMMING, AVRSPI_HAZARD_ENDS_PROGRAMMING,
        AVRSPI_HAZARD_ENDS_PROGRAMMING, AVRSPI_HAZARD_LOCK_INVALID,
        AVRSPI_HAZARD_NEEDS_CLOCK,      AVRSPI_HAZARD_SLOW_CLOCK,
        AVRSPI_HAZARD_CLOCK_OUTPUT,     AVRSPI_HAZARD_LOCKS_READING,
        AVRSPI_HAZARD_BOOT_START,
    };
    const struct avrspi_chip *chip = find_chip("ATmega328P");
    struct avrspi_fuses before = factory(chip);
    /* a watch crystal, divided by 8; RSTDISBL, DWEN, SPIEN off, BOOTRST */
    struct avrspi_fuses wanted = {.given = {true, true, true, true},
                                  .value = {0x24, 0x38, 0xFF, 0xFD}};
    struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];

    (void)state;
    assert_int_equal(hazards_of(chip, &before, &wanted, hazards), LENGTH(expected));
    for (size_t n = 0; n < LENGTH(expected); n++)
        assert_int_equal(hazards[n].kind, expected[n]);
    assert_int_equal(hazards[5].sck_hz, 999);
    assert_int_equal(hazards[5].source, AVRSPI_CLOCK_CRYSTAL);
}

/* From a clock of which no frequency is known, 128 kHz divided by 8 is as slow as from any. */
static void hazard_of_a_slow_clock_after_an_external_one(void **state)
{
    const struct avrspi_chip *chip = find_chip("ATmega328P");
    struct avrspi_fuses before = factory(chip), wanted = only(AVRSPI_FUSE_LOW, 0x63);

    (void)state;
    before.value[AVRSPI_FUSE_LOW] = 0xE0;
    assert_int_equal(only_hazard(chip, &before, &wanted).kind, AVRSPI_HAZARD_SLOW_CLOCK);
    wanted = only(AVRSPI_FUSE_LOW, 0xE3); /* undivided: 28 kHz */
    assert_true(harmless(chip, &before, &wanted));
}

/* The way back from any of them is none. */
static void hazards_of_factory_values_over_a_dangerous_state(void **state)
{
    (void)state;
    for (size_t n = 0; n < LENGTH(singles); n++) {
        const struct avrspi_chip *chip = find_chip(singles[n].chip);
        struct avrspi_fuses before = factory(chip), wanted = factory(chip);

        before.value[singles[n].fuse] = singles[n].value;
        EXPECT(harmless(chip, &before, &wanted), chip, "row %zu", n);
    }
}

/* BOOTSZ moves the start of a chip whose BOOTRST is programmed. */
static void hazard_of_a_boot_section_that_moves(void **state)
{
    const struct avrspi_chip *chip = find_chip("ATmega328P");
    struct avrspi_fuses before = factory(chip), wanted = only(AVRSPI_FUSE_HIGH, 0xDE);
    struct avrspi_hazard hazard;

    (void)state;
    before.value[AVRSPI_FUSE_HIGH] = 0xD8;
    hazard = only_hazard(chip, &before, &wanted);
    assert_int_equal(hazard.kind, AVRSPI_HAZARD_BOOT_START);
    assert_int_equal(hazard.address, 0x7E00);
    wanted = only(AVRSPI_FUSE_HIGH, 0xDF);
    assert_true(harmless(chip, &before, &wanted));
}

/* What is not known before counts as changed; what is not wanted never does. */
static void hazards_over_bytes_that_are_not_known(void **state)
{
    const struct avrspi_chip *chip = find_chip("ATmega328P");
    struct avrspi_fuses unknown = {0}, wanted = factory(chip);

    (void)state;
    assert_true(harmless(chip, &unknown, &unknown));
    assert_true(harmless(chip, &unknown, &wanted));
    wanted = only(AVRSPI_FUSE_LOW, 0xFF);
    assert_int_equal(only_hazard(chip, &unknown, &wanted).kind, AVRSPI_HAZARD_NEEDS_CLOCK);
    /* ULPOSCSEL, in the ext byte, has a say in how slow that is */
    chip = find_chip("ATtiny841");
    wanted = only(AVRSPI_FUSE_LOW, 0x44);
    assert_true(harmless(chip, &unknown, &wanted));
}

static void hazards_of_factory_values(void **state)
{
    (void)state;
    FOR_EACH(chip)
    {
        struct avrspi_fuses fuses = factory(chip);

        EXPECT(harmless(chip, &fuses, &fuses), chip, "hazards");
    }
}

/* Whether one of the hazards is of that kind, and of that field. */
static bool has(const struct avrspi_hazard *hazards, size_t count, enum avrspi_hazard_kind kind,
                const struct avrspi_field *field)
{
    for (size_t n = 0; n < count; n++)
        if (hazards[n].kind == kind && hazards[n].field == field)
            return true;
    return false;
}

/* Those single bits and LB, on every chip that has them, over factory values. */
static void hazards_of_every_chip(void **state)
{
    static const struct {
        const char *field;
        uint8_t value;
        enum avrspi_hazard_kind kind;
    } rows[] = {
        {"RSTDISBL", 0, AVRSPI_HAZARD_ENDS_PROGRAMMING},
        {"DWEN", 0, AVRSPI_HAZARD_ENDS_PROGRAMMING},
        {"SPIEN", 1, AVRSPI_HAZARD_ENDS_PROGRAMMING},
        {"CKOUT", 0, AVRSPI_HAZARD_CLOCK_OUTPUT},
        {"LB", 2, AVRSPI_HAZARD_LOCKS_WRITING},
        {"LB", 0, AVRSPI_HAZARD_LOCKS_READING},
        {"LB", 1, AVRSPI_HAZARD_LOCK_INVALID},
    };

    (void)state;
    for (size_t n = 0; n < LENGTH(rows); n++) {
        size_t count = 0;

        FOR_EACH(chip)
        {
            const struct avrspi_field *field = avrspi_chip_field(chip, rows[n].field);
            struct avrspi_fuses before = factory(chip), wanted;
            struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];

            if (!field || avrspi_field_get(field, before.value[field->fuse]) == rows[n].value)
                continue;
            wanted = with_field(&before, field, rows[n].value);
            EXPECT(has(hazards, hazards_of(chip, &before, &wanted, hazards), rows[n].kind, field),
                   chip, "%s", rows[n].field);
            count++;
        }
        assert_true(count > 50);
    }
}

/* The clock selections of every chip, over factory values. */
static void hazards_of_every_clock(void **state)
{
    size_t outside = 0, slow = 0;

    (void)state;
    FOR_EACH(chip)
    {
        struct avrspi_fuses before = factory(chip);
        struct avrspi_clock old = avrspi_chip_clock(chip, before.value);

        for (unsigned low = 0; low < 0x100; low++) {
            struct avrspi_fuses wanted = only(AVRSPI_FUSE_LOW, (uint8_t)low);
            struct avrspi_fuses after = avrspi_fuses_after(chip, &before, &wanted);
            struct avrspi_clock new = avrspi_chip_clock(chip, after.value);
            struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
            size_t count = hazards_of(chip, &before, &wanted, hazards);
            uint32_t limit = avrspi_sck_limit(&new);
            bool needs = has(hazards, count, AVRSPI_HAZARD_NEEDS_CLOCK, NULL);
            bool crawls = has(hazards, count, AVRSPI_HAZARD_SLOW_CLOCK, NULL);

            EXPECT(needs == (avrspi_clock_is_outside(new.source) && new.source != old.source), chip,
                   "low 0x%02X", low);
            EXPECT(crawls == (limit && limit < 7630), chip, "low 0x%02X: %u Hz", low, limit);
            outside += needs;
            slow += crawls;
        }
    }
    assert_true(outside > 1000 && slow > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lock_mode_of_each_value),
        cmocka_unit_test(lock_mode_follows_the_chip_file),
        cmocka_unit_test(lock_mode_of_bits_that_are_not_shown),
        cmocka_unit_test(lock_mode_without_a_field),
        cmocka_unit_test(lock_forbids_what_its_mode_says),
        cmocka_unit_test(boot_start_of_each_value),
        cmocka_unit_test(boot_start_that_is_not_known),
        cmocka_unit_test(fuses_after_a_write),
        cmocka_unit_test(obstacle_of_each_kind),
        cmocka_unit_test(obstacle_of_a_byte_that_is_not_known),
        cmocka_unit_test(hazard_of_each_kind_alone),
        cmocka_unit_test(hazard_is_none_the_second_time),
        cmocka_unit_test(hazard_of_lock_bits_that_are_undefined),
        cmocka_unit_test(hazard_of_values_without_a_row),
        cmocka_unit_test(refusals_of_factory_values),
        cmocka_unit_test(missing_bits_of_a_byte),
        cmocka_unit_test(hazards_of_several_kinds),
        cmocka_unit_test(hazard_of_a_slow_clock_after_an_external_one),
        cmocka_unit_test(hazards_of_factory_values_over_a_dangerous_state),
        cmocka_unit_test(hazard_of_a_boot_section_that_moves),
        cmocka_unit_test(hazards_over_bytes_that_are_not_known),
        cmocka_unit_test(hazards_of_factory_values),
        cmocka_unit_test(hazards_of_every_chip),
        cmocka_unit_test(hazards_of_every_clock),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
