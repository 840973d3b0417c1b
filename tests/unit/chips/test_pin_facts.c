/* SPDX-License-Identifier: MIT */
/* The ISP pins that chips/ names, in 'pins' and in notes, against tests/facts/isp-pins.tsv. */
#include "facts_table.h"
#include "known_chips.h"

#include "chips/record.h"

static bool is_certain(const char *status)
{
    return strcmp(status, "confirmed") == 0 || strcmp(status, "family") == 0;
}

/* The number behind a signal's name in "PDIP-28: MOSI 17, MISO 18": "MOSI to PDI 2" is one too. */
static unsigned pin(const char *pins, const char *signal)
{
    const char *found = strstr(pins, signal);

    if (!found)
        return 0;
    found += strlen(signal);
    return (unsigned)strtoul(found + strcspn(found, "0123456789"), NULL, 10);
}

static void check_pins(const struct avrspi_chip *chip, const struct table *table)
{
    static const struct {
        const char *signal, *column;
    } rows[] = {
        {": MOSI", "mosi_pin"},
        {", MISO", "miso_pin"},
        {", SCK", "sck_pin"},
        {", RESET", "reset_pin"},
    };

    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++)
        if (pin(chip->pins, rows[n].signal) != strtoul(cell(table, rows[n].column), NULL, 10))
            fail_msg("%s: '%s', but %s is %s", chip->name, chip->pins, rows[n].column,
                     cell(table, rows[n].column));
}

/* Whether the row is about the package that the sentence begins with. */
static bool is_package(const char *pins, const char *package)
{
    size_t size = strlen(package);

    return strncmp(pins, package, size) == 0 && pins[size] == ':';
}

static void pins_are_those_of_the_facts(void **state)
{
    struct table table;
    unsigned found = 0, sentences = 0;

    (void)state;
    table_open(&table, "isp-pins.tsv");
    while (table_next(&table)) {
        const struct avrspi_chip *chip = avrspi_chips_find(chips, cell(&table, "part"));

        if (!chip || !is_package(chip->pins, cell(&table, "package")))
            continue;
        assert_true(is_certain(cell(&table, "pins_status")));
        check_pins(chip, &table);
        found++;
    }
    table_close(&table);
    for (size_t n = 0; n < avrspi_chips_count(chips); n++)
        sentences += *avrspi_chips_at(chips, n)->pins != '\0';
    assert_int_equal(found, sentences);
    assert_true(found > 100);
}

/* "programmed through MOSI_A, ...", or the ports by name. */
static void ports_in_notes_are_those_of_the_facts(void **state)
{
    static const char *const columns[] = {"mosi_port", "miso_port", "sck_port"};
    struct table table;
    unsigned found = 0;

    (void)state;
    table_open(&table, "isp-pins.tsv");
    while (table_next(&table)) {
        const struct avrspi_chip *chip = avrspi_chips_find(chips, cell(&table, "part"));
        const bool a = strstr(cell(&table, "isp_names"), "MOSI_A") != NULL;
        const char *rest;

        if (!chip || strncmp(chip->note, "programmed through", 18) != 0)
            continue;
        found++;
        if (a != (strstr(chip->note, "MOSI_A") != NULL))
            fail_msg("%s: '%s'", chip->name, chip->note);
        rest = chip->note;
        for (size_t n = 0; !a && n < sizeof columns / sizeof *columns; n++) {
            rest = strstr(rest, cell(&table, columns[n]));
            if (!rest)
                fail_msg("%s: '%s', but %s is %s", chip->name, chip->note, columns[n],
                         cell(&table, columns[n]));
        }
    }
    table_close(&table);
    assert_true(found > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pins_are_those_of_the_facts),
        cmocka_unit_test(ports_in_notes_are_those_of_the_facts),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
