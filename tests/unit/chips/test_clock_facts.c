/* SPDX-License-Identifier: MIT */
/*
 * SCK that chips/ gives for each clock, against tests/facts/clock-sources.tsv: every row, for every
 * chip that has the list of values it is about, with every start-up time.
 */
#include "facts_table.h"
#include "known_chips.h"

#include "avrspi/rules.h"
#include "chips/record.h"

enum {
    ROWS = 64,
    MOST_SPECS = 8, /* lists in a row, or clocks in a cell */
};

/* A chip that has a list of values: all that share the list are held against its rows. The names
 * of chips without such a list stand for themselves. */
static const struct {
    const char *list;
    const char *part; /* how the cell 'parts' begins, where the list is 'none' */
    const char *chips[4];
} members[] = {
    {"clock-mega48pb", "", {"ATmega328PB"}},
    {"clock-mega48", "", {"ATmega328P"}},
    {"clock-mega169", "", {"ATmega169"}},
    {"clock-can", "", {"ATmega162"}},
    {"clock-mega8", "", {"ATmega8", "ATtiny26"}},
    {"clock-tiny12", "", {"ATtiny12"}},
    {"clock-tiny15", "", {"ATtiny15"}},
    {"clock-mega163", "", {"ATmega163"}},
    {"clock-tiny13", "", {"ATtiny13"}},
    {"clock-tiny24", "", {"ATtiny24"}},
    {"clock-tiny85", "", {"ATtiny85"}},
    {"clock-tiny167", "ATtiny43U", {"ATtiny43U"}},
    {"clock-tiny167", "", {"ATtiny167", "ATtiny43U"}},
    {"clock-tiny261", "", {"ATtiny261"}},
    {"clock-tiny2313", "", {"ATtiny2313"}},
    {"clock-tiny88", "", {"ATtiny88"}},
    {"clock-tiny80", "", {"ATtiny80"}},
    {"clock-tiny841", "", {"ATtiny841"}},
    {"clock-tiny1634", "", {"ATtiny1634"}},
    {"clock-tiny828", "", {"ATtiny828"}},
    {"clock-rfa1", "", {"ATmega128RFA1"}},
    {"clock-rfr2", "", {"ATmega128RFR2"}},
    {"clock-pwm", "", {"AT90PWM2"}},
    {"clock-m1", "", {"ATmega16M1"}},
    {"clock-pwm81", "", {"AT90PWM81"}},
    {"clock-s4433", "", {"AT90S4433"}},
    {"clock-mega161", "", {"ATmega161"}},
    {"AT90S*", "", {"AT90S1200", "AT90S8515", "ATmega103", "ATmega603"}},
    {"clock-scr100", "", {"AT90SCR100"}},
    {"cksel-hve", "", {"ATmega32HVE2", "ATmega64HVE"}},
    {"none", "ATmega8HVA", {"ATmega8HVA", "ATmega16HVA", "ATmega16HVA2"}},
    {"none", "ATmega16HVB", {"ATmega16HVB", "ATmega32HVB", "ATmega16HVBrevB", "ATmega32HVBrevB"}},
    {"none", "ATmega32HVE2", {"ATmega64HVE2"}},
};

/* Slower than the facts allow, on purpose. */
static const struct {
    const char *list, *cksel;
    uint32_t sck_hz;
    const char *reason;
} slower[] = {
    {"clock-mega48pb", "0010", 1800000,
     "2 % is what the factory calibrates to; over all supplies and temperatures it can be 10"},
};

static unsigned differences, checks;

/* --- which fuses a row is about */

/* Fuse bytes of a chip, and the field in them that selects the clock; NULL for a chip without. */
struct setting {
    const struct avrspi_chip *chip;
    const struct avrspi_field *field;
    uint8_t fuses[AVRSPI_FUSES];
};

static const struct avrspi_field *clock_field(const struct avrspi_chip *chip)
{
    for (size_t n = 0; n < chip->n_fields; n++)
        for (size_t k = 0; k < chip->fields[n].n_values; k++)
            if (chip->fields[n].values[k].clock.source != AVRSPI_CLOCK_UNKNOWN)
                return &chip->fields[n];
    return NULL;
}

/* "0010", "xx01", "0010-0100", "any", and words about chips that have no such bits. */
static bool spec_has(const char *spec, unsigned cksel)
{
    size_t digits = strspn(spec, "01x");
    unsigned low = 0, mask = 0, high;

    if (digits == 0)
        return true;
    for (size_t n = 0; n < digits; n++) {
        low = low << 1 | (spec[n] == '1');
        mask = mask << 1 | (spec[n] != 'x');
    }
    if (spec[digits] != '-')
        return (cksel & mask) == low;
    high = (unsigned)strtoul(spec + digits + 1, NULL, 2);
    return low <= cksel && cksel <= high;
}

static bool any_spec_has(const char *cell, unsigned cksel)
{
    for (const char *spec = cell; spec; spec = strchr(spec, ',')) {
        spec += strspn(spec, ", ");
        if (spec_has(spec, cksel))
            return true;
    }
    return false;
}

static void set(struct setting *setting, const char *name, uint8_t value)
{
    const struct avrspi_field *field = avrspi_chip_field_or_part(setting->chip, name);

    if (field)
        setting->fuses[field->fuse] = avrspi_field_set(field, setting->fuses[field->fuse], value);
}

/* CKSEL is the low nibble of all that select a clock; ATtiny26 has PLLCK, which is off in the rows
 * of the ATmega8. */
static bool row_has(const struct avrspi_field *field, const char *specs, uint8_t value)
{
    return any_spec_has(specs, value & 0x0F) &&
           (strncmp(field->name, "PLLCK", 5) != 0 || (value & 0x80));
}

static void set_conditions(struct setting *setting, const char *cksel)
{
    const char *ckopt = strstr(cksel, "CKOPT="), *ulp = strstr(cksel, "+ ");

    set(setting, "CKDIV8", strstr(cksel, "CKDIV8=0") ? 0 : 1);
    set(setting, "CKOPT", ckopt ? ckopt[6] == '1' : 1);
    if (ulp)
        set(setting, "ULPOSCSEL", (uint8_t)strtoul(ulp + strcspn(ulp, "01"), NULL, 2));
}

/* --- what it says */

static void expect(bool same, const struct setting *setting, uint32_t limit, const char *fact)
{
    checks++;
    if (same)
        return;
    differences++;
    if (differences < 50)
        print_message("%s, fuses %02X %02X %02X: SCK %u, the facts have '%s'\n",
                      setting->chip->name, setting->fuses[0], setting->fuses[1], setting->fuses[2],
                      limit, fact);
}

static uint32_t limit_with(const struct setting *setting, uint32_t pins_hz)
{
    const struct avrspi_clock clock = avrspi_chip_clock_at(setting->chip, setting->fuses, pins_hz);

    return avrspi_sck_limit(&clock);
}

/* A number is the limit, or one more: SCK has to stay below a quarter of the clock. */
static void check_number(const struct setting *setting, const char *fact, uint32_t wanted)
{
    const uint32_t limit = limit_with(setting, 0);

    expect(limit <= wanted && wanted - limit <= 1, setting, limit, fact);
    if (strstr(fact, "16 MHz: 2666666; 20 MHz: 3333333")) {
        expect(limit_with(setting, 16000000) == 2666666, setting, limit, fact);
        expect(limit_with(setting, 20000000) == 3333333, setting, limit, fact);
    }
}

/* A quarter of a clock that is known, a sixth from 12 MHz on; without, no more than its lowest. */
static void check_by_rule(const struct setting *setting, const char *fact)
{
    const struct avrspi_clock clock = avrspi_chip_clock(setting->chip, setting->fuses);
    const uint32_t limit = limit_with(setting, 0);

    if (strstr(fact, "entry speed") && clock.source == AVRSPI_CLOCK_INTERNAL)
        return; /* an RCEN: not what the row is about */
    expect(limit == (clock.min_hz ? (clock.min_hz - 1) / 4 : 0), setting, limit, fact);
    expect(limit_with(setting, 8000000) == 1999999, setting, limit, fact);
    expect(limit_with(setting, 16000000) == 2666666, setting, limit, fact);
}

static void check_divided(const struct setting *setting)
{
    struct setting whole = *setting;
    struct avrspi_clock clock, divided = avrspi_chip_clock(setting->chip, setting->fuses);

    set(&whole, "CKDIV8", 1);
    clock = avrspi_chip_clock(whole.chip, whole.fuses);
    expect(divided.min_hz == clock.min_hz / 8 && divided.least_hz == clock.least_hz / 8 &&
               limit_with(setting, 0) <= (divided.min_hz + 3) / 4,
           setting, limit_with(setting, 0), "f/8");
}

static void check_setting(const struct setting *setting, const char *list,
                          const struct table *table)
{
    const char *fact = cell(table, "sck_safe_hz"), *cksel = cell(table, "cksel");

    for (size_t n = 0; n < sizeof slower / sizeof *slower; n++) {
        if (strcmp(slower[n].list, list) == 0 && strcmp(slower[n].cksel, cksel) == 0) {
            assert_true(slower[n].sck_hz < strtoul(fact, NULL, 10));
            check_number(setting, slower[n].reason, slower[n].sck_hz);
            return;
        }
    }
    if (!*fact)
        check_divided(setting);
    else if (strspn(fact, "0123456789"))
        check_number(setting, fact, (uint32_t)strtoul(fact, NULL, 10));
    else
        check_by_rule(setting, fact);
}

/* The row is about a clock that the chip does not have: no words, no SCK, refused when written. */
static void check_reserved(struct setting *setting, const char *fact)
{
    struct avrspi_hazard hazards[AVRSPI_MAX_HAZARDS];
    struct avrspi_fuses before = {0}, wanted = {0};
    size_t count;
    bool refused = false;

    memcpy(before.value, setting->fuses, sizeof before.value);
    before.value[setting->field->fuse] = setting->chip->fuse[setting->field->fuse].default_value;
    before.given[setting->field->fuse] = wanted.given[setting->field->fuse] = true;
    memcpy(wanted.value, setting->fuses, sizeof wanted.value);
    count = avrspi_fuse_hazards(setting->chip, &before, &wanted, hazards);
    for (size_t n = 0; n < count; n++)
        refused |= hazards[n].kind == AVRSPI_HAZARD_RESERVED && hazards[n].refused;
    expect(refused && limit_with(setting, 0) == 0, setting, limit_with(setting, 0), fact);
}

/* --- all chips of a row */

static void check_chip(const struct avrspi_chip *chip, const char *list, const char *specs,
                       const struct table *table)
{
    struct setting setting = {.chip = chip, .field = clock_field(chip)};
    const bool absent = strcmp(cell(table, "source"), "does not exist") == 0;
    unsigned most;

    for (int n = 0; n < AVRSPI_FUSES; n++)
        setting.fuses[n] = chip->fuse[n].default_value;
    set_conditions(&setting, cell(table, "cksel"));
    if (!setting.field) {
        check_setting(&setting, list, table);
        return;
    }
    most = (unsigned)setting.field->mask >> setting.field->shift;
    for (unsigned value = 0; value <= most; value++) {
        if (!row_has(setting.field, specs, (uint8_t)value) ||
            (!absent && !avrspi_field_value(setting.field, (uint8_t)value)))
            continue;
        setting.fuses[setting.field->fuse] =
            avrspi_field_set(setting.field, setting.fuses[setting.field->fuse], (uint8_t)value);
        if (absent)
            check_reserved(&setting, "does not exist");
        else
            check_setting(&setting, list, table);
    }
}

/* The chip, and all that share its list of values. */
static void check_family(const char *name, const char *list, const char *specs,
                         const struct table *table)
{
    const struct avrspi_chip *first = find_chip(name);
    const struct avrspi_field *field = clock_field(first), *other;

    check_chip(first, list, specs, table);
    for (size_t n = 0; field && n < avrspi_chips_count(chips); n++) {
        const struct avrspi_chip *chip = avrspi_chips_at(chips, n);

        other = clock_field(chip);
        if (chip != first && other && other->values == field->values)
            check_chip(chip, list, specs, table);
    }
}

static void check_list(const char *list, const char *specs, const struct table *table)
{
    const char *parts = cell(table, "parts");

    for (size_t n = 0; n < sizeof members / sizeof *members; n++) {
        if (strcmp(members[n].list, list) != 0 ||
            strncmp(parts, members[n].part, strlen(members[n].part)) != 0)
            continue;
        for (size_t k = 0; k < 4 && members[n].chips[k]; k++)
            check_family(members[n].chips[k], list, specs, table);
        return;
    }
    fail_msg("no chips for the list '%s' of '%s'", list, parts);
}

/* Cuts a text at a separator. */
static size_t cut(char *text, const char *separator, char *pieces[MOST_SPECS])
{
    size_t count = 0;

    while (text) {
        char *end = strstr(text, separator);

        assert_true(count < MOST_SPECS);
        pieces[count++] = text;
        if (end)
            *end = '\0';
        text = end ? end + strlen(separator) : NULL;
    }
    return count;
}

/* "clock-tiny24, clock-tiny85" go with "0100 / 0011", each with its own, or all with one. */
static void check_row(const struct table *table)
{
    char lists[256], cells[256], *list[MOST_SPECS], *specs[MOST_SPECS];
    const unsigned before = checks;
    size_t n_lists, n_specs;

    (void)snprintf(lists, sizeof lists, "%s", cell(table, "list"));
    (void)snprintf(cells, sizeof cells, "%s", cell(table, "cksel"));
    n_lists = cut(lists, ", ", list);
    n_specs = cut(cells, " / ", specs);
    assert_true(n_specs == 1 || n_specs == n_lists);
    for (size_t n = 0; n < n_lists; n++) {
        list[n][strcspn(list[n], " ")] = '\0';
        check_list(list[n], specs[n_specs == 1 ? 0 : n], table);
    }
    if (checks == before)
        fail_msg("nothing has '%s' of '%s'", cell(table, "cksel"), cell(table, "list"));
}

static void sck_is_that_of_every_row(void **state)
{
    struct table table;
    unsigned rows = 0;

    (void)state;
    differences = checks = 0;
    table_open(&table, "clock-sources.tsv");
    for (; table_next(&table); rows++)
        check_row(&table);
    table_close(&table);
    assert_int_equal(rows, ROWS);
    assert_int_equal(differences, 0);
    assert_true(checks > 5000);
}

/* Also in lists that no row is about. */
static void slow_oscillators_of_all_chips(void **state)
{
    static const struct {
        uint32_t nominal_hz, sck_hz;
    } most[] = {{128000, 24000}, {32000, 5600}, {32768, 8000}};

    (void)state;
    for (size_t i = 0; i < avrspi_chips_count(chips); i++) {
        const struct avrspi_field *field = clock_field(avrspi_chips_at(chips, i));

        for (size_t k = 0; field && k < field->n_values; k++)
            for (size_t n = 0; n < sizeof most / sizeof *most; n++)
                if (field->values[k].clock.max_hz == most[n].nominal_hz)
                    assert_true(avrspi_sck_limit(&field->values[k].clock) <= most[n].sck_hz);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sck_is_that_of_every_row),
        cmocka_unit_test(slow_oscillators_of_all_chips),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
