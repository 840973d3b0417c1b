/* SPDX-License-Identifier: MIT */
/* Speed grades, and what the supply forbids. */
#include "known_chips.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "avrspi/rules.h"
#include "base/file.h"
#include "chips/record.h"

static void parse_of_every_notation(void **state)
{
    struct avrspi_supply supply = {0};

    (void)state;
    assert_true(avrspi_supply_parse("1.8-5.5 4M@1.8 10M@2.7 20M@4.5", &supply));
    assert_int_equal(supply.min_mv, 1800);
    assert_int_equal(supply.max_mv, 5500);
    assert_int_equal(supply.n_points, 3);
    assert_int_equal(supply.points[1].hz, 10000000);
    assert_int_equal(supply.points[1].mv, 2700);
    assert_false(supply.steps);
    assert_true(avrspi_supply_parse("2.7-6.0 4M@2.7 12M@4 steps", &supply));
    assert_true(supply.steps);
    assert_true(avrspi_supply_parse("3-4.5", &supply));
    assert_int_equal(supply.n_points, 0);
}

static void parse_of_any_other_text(void **state)
{
    static const char *const wrong[] = {
        "",
        "1.8",
        "-",
        "5.5-1.8",
        "1.8-5.5 4M",
        "1.8-5.5 @2",
        "1.8-5.5 4M@",
        "1.8-5.5 4M@1.8 4M@2",
        "1.8-5.5 4M@1.8 8M@1.8",
        "1.8-5.5 steps 4M@1.8",
        "1.8-5.5 1M@1 2M@2 3M@3 4M@4 5M@5 6M@5.5",
    };

    (void)state;
    for (size_t n = 0; n < sizeof wrong / sizeof *wrong; n++) {
        struct avrspi_supply supply = {0};

        if (avrspi_supply_parse(wrong[n], &supply) || supply.max_mv)
            fail_msg("'%s'", wrong[n]);
    }
}

static void frequencies_and_volts(void **state)
{
    static const struct {
        const char *chip;
        uint32_t mv, most_hz, hz, least_mv;
    } rows[] = {
        {"ATmega328P", 3300, 13333333, 16000000, 3780},
        {"ATmega328P", 5000, 20000000, 8000000, 2400},
        {"ATmega328P", 1700, 0, 30000000, 0},
        {"ATmega328P", 6000, 0, 4000000, 1800},
        {"ATmega640", 2700, 8000000, 8000000, 2700},
        {"ATmega8", 3300, 0, 8000000, 4500},
        {"ATmega8A", 3300, 16000000, 16000000, 2700},
        {"AT90S1200", 3300, 4000000, 12000000, 4000},
        {"ATmega128RFA1", 3600, 16000000, 16000000, 1800},
        {"ATmega128RFA1", 5000, 0, 8000000, 1800},
        {"ATmega2560", 3300, 0, 16000000, 4500},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        const struct avrspi_chip *chip = find_chip(rows[n].chip);
        uint32_t most = avrspi_chip_most_hz(chip, rows[n].mv);
        uint32_t least = avrspi_chip_least_mv(chip, rows[n].hz);

        if (most != rows[n].most_hz || least != rows[n].least_mv)
            fail_msg("%s: %u Hz at %u mV, %u mV for %u Hz", rows[n].chip, most, rows[n].mv, least,
                     rows[n].hz);
    }
    assert_int_equal(avrspi_chip_most_hz(find_chip("ATmega32U6"), 3300), UINT32_MAX);
}

static void variants(void **state)
{
    const struct avrspi_chip *chip = find_chip("ATmega8");

    (void)state;
    assert_string_equal(avrspi_chip_variant(chip, 3300, 8000000), "L");
    assert_string_equal(avrspi_chip_variant(chip, 3300, 16000000), "");
    assert_string_equal(avrspi_chip_variant(find_chip("ATmega8A"), 3300, 8000000), "");
}

/* --- hazards */

static const struct {
    const char *chip;
    uint8_t low, high, ext; /* 0: not wanted */
    uint32_t supply_mv, pins_hz;
    int kind; /* -1: none */
    uint32_t level_mv, hz;
} rows[] = {
    {"ATmega328P", 0, 0, 0xFC, 3300, 0, AVRSPI_HAZARD_BROWN_OUT, 4300, 0},
    {"ATmega328P", 0, 0, 0xFC, 0, 0, AVRSPI_HAZARD_BROWN_OUT, 4300, 0},
    {"ATmega328P", 0, 0, 0xFC, 5000, 0, -1, 0, 0},
    {"ATmega328P", 0, 0, 0xFD, 0, 0, -1, 0, 0},
    {"ATmega8", 0x21, 0, 0, 3300, 0, AVRSPI_HAZARD_BROWN_OUT, 4000, 0},
    {"ATmega8", 0x61, 0, 0, 3300, 0, -1, 0, 0}, /* BODEN is off */
    {"ATmega328P", 0xFF, 0, 0, 3300, 0, AVRSPI_HAZARD_TOO_FAST, 4500, 20000000},
    {"ATmega328P", 0xFF, 0, 0, 5000, 0, -1, 0, 0},
    {"ATmega328P", 0xFF, 0, 0, 3300, 8000000, -1, 0, 0},
    {"ATmega328P", 0xFF, 0, 0, 0, 13000000, -1, 0, 0},
    {"ATmega328P", 0xFF, 0, 0, 3300, 16000000, AVRSPI_HAZARD_TOO_FAST, 3780, 16000000},
    {"ATmega328P", 0x7F, 0, 0, 3300, 16000000, -1, 0, 0}, /* CKDIV8 */
    {"ATmega328P", 0xE0, 0, 0, 1800, 8000000, AVRSPI_HAZARD_TOO_FAST, 2400, 8000000},
    {"ATmega328P", 0xE2, 0, 0, 2000, 1000000, AVRSPI_HAZARD_TOO_FAST, 2400, 8000000},
    {"ATmega328P", 0xE2, 0, 0, 0, 0, -1, 0, 0},
    {"ATmega328P", 0xE2, 0, 0, 2000, 0, AVRSPI_HAZARD_TOO_FAST, 2400, 8000000},
    {"ATmega328P", 0x62, 0, 0, 1800, 0, -1, 0, 0}, /* 1 MHz as before */
    {"ATmega640", 0xE2, 0, 0, 2500, 0, AVRSPI_HAZARD_TOO_FAST, 2700, 8000000},
    {"ATmega8", 0xE4, 0, 0, 0, 0, AVRSPI_HAZARD_TOO_FAST, 4500, 8000000},
    {"ATmega8A", 0xE4, 0, 0, 0, 0, -1, 0, 0},
    {"ATmega328P", 0xE0, 0, 0, 1800, 0, -1, 0, 0}, /* of a clock signal nothing is known */
    {"ATmega32U6", 0xFF, 0, 0, 3300, 0, -1, 0, 0},
    {"ATmega128RFA1", 0x62, 0, 0, 5000, 0, AVRSPI_HAZARD_SUPPLY, 0, 0},
    {"ATmega8A", 0xE1, 0, 0, 2000, 0, AVRSPI_HAZARD_SUPPLY, 0, 0},
};

static void hazards_of_a_supply(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        const struct avrspi_chip *chip = find_chip(rows[n].chip);
        struct avrspi_fuses before = {.given = {true, true, true, true}};
        struct avrspi_fuses wanted = {
            .given = {rows[n].low != 0, rows[n].high != 0, rows[n].ext != 0},
            .value = {rows[n].low, rows[n].high, rows[n].ext},
        };
        struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
        size_t count;

        for (size_t k = 0; k < AVRSPI_FUSES; k++)
            before.value[k] = chip->fuse[k].default_value;
        count = avrspi_supply_hazards(chip, &before, &wanted, rows[n].supply_mv, rows[n].pins_hz,
                                      hazards, 0);
        if (rows[n].kind < 0
                ? count != 0
                : count != 1 || (int)hazards[0].kind != rows[n].kind || hazards[0].refused ||
                      hazards[0].hz != rows[n].hz || hazards[0].level_mv != rows[n].level_mv ||
                      hazards[0].assumed != (rows[n].supply_mv == 0))
            fail_msg("row %zu: %zu hazards, kind %d, %u mV, %u Hz", n, count, (int)hazards[0].kind,
                     hazards[0].level_mv, hazards[0].hz);
    }
}

/* --- the facts */

static void number_is(const char *fact, double ours, const char *part)
{
    if (*fact && (ours < atof(fact) - 0.0005 || ours > atof(fact) + 0.0005))
        fail_msg("%s: %s in the facts, %g here", part, fact, ours);
}

static void check_row(char *cells[], size_t count)
{
    const struct avrspi_chip *chip = avrspi_chips_find(chips, cells[0]);
    const struct avrspi_supply *supply;
    bool plain = strcmp(cells[1], "-") == 0;
    char *points = cells[5], *point;

    assert_true(count >= 7);
    if (!chip || !*cells[2] || !*cells[3])
        return;
    supply = plain ? &chip->supply : &chip->variant_supply;
    if (!plain)
        assert_string_equal(chip->variant, cells[1]);
    number_is(cells[2], supply->min_mv / 1e3, cells[0]);
    number_is(cells[3], supply->max_mv / 1e3, cells[0]);
    if (supply->n_points > 1)
        assert_int_equal(supply->steps, strcmp(cells[6], "no") == 0);
    for (size_t n = 0; (point = strsep(&points, " ")) && *point; n++) {
        char *hz = strchr(point, ':');

        assert_true(n < supply->n_points && hz);
        *hz = '\0';
        number_is(point, supply->points[n].mv / 1e3, cells[0]);
        number_is(hz + 1, supply->points[n].hz / 1e6, cells[0]);
    }
    if (supply->n_points > 0 && *cells[5])
        number_is(cells[4], supply->points[supply->n_points - 1].hz / 1e6, cells[0]);
}

static void supplies_agree_with_facts(void **state)
{
    char *text, *rest, *line, *cells[16];
    size_t size, lines = 0;

    (void)state;
    assert_int_equal(avrspi_file_read(TEST_FACTS "/speed-grades.tsv", &text, &size, NULL), 0);
    rest = text;
    (void)strsep(&rest, "\n");
    while ((line = strsep(&rest, "\n")) && *line) {
        size_t count = 0;

        while (line && count < 16)
            cells[count++] = strsep(&line, "\t");
        check_row(cells, count);
        lines++;
    }
    free(text);
    assert_int_equal(lines, 268);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_of_every_notation), cmocka_unit_test(parse_of_any_other_text),
        cmocka_unit_test(frequencies_and_volts),   cmocka_unit_test(variants),
        cmocka_unit_test(hazards_of_a_supply),     cmocka_unit_test(supplies_agree_with_facts),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
