/* SPDX-License-Identifier: MIT */
/* The packages and ports in chips/, and the ports that its notes name, against
 * tests/facts/isp-pins.tsv. */
#include "facts_table.h"
#include "known_chips.h"

#include "chips/record.h"

static bool is_certain(const char *status)
{
    return strcmp(status, "confirmed") == 0 || strcmp(status, "family") == 0;
}

/* "3(UVCC) 21" for "3(UVCC),21"; what the facts add to a pin for a crystal is not in chips/. */
static void check_pin(const struct avrspi_package *package, enum avrspi_signal signal,
                      const char *facts)
{
    const char *pins = package->pins[signal];

    if (strcmp(facts, "33,xtal:57") == 0)
        facts = "33(CLKI)";
    for (; *pins && *facts; pins++, facts++)
        if (*pins != (*facts == ',' ? ' ' : *facts))
            break;
    if (*pins || *facts)
        fail_msg("%s: %s is on '%s', the facts go on with '%s'", package->name,
                 avrspi_signal_name(signal), package->pins[signal], facts);
}

static const char *const pin_columns[AVRSPI_SIGNALS] = {
    "mosi_pin", "miso_pin",  "sck_pin",  "reset_pin",   "xtal1_pin",
    "vcc_pins", "avcc_pins", "gnd_pins", "exposed_pad",
};

static const struct avrspi_package *find_package(const struct avrspi_chip *chip, const char *name)
{
    const struct avrspi_package *package;

    for (size_t n = 0; (package = avrspi_chip_package(chip, n)) != NULL; n++)
        if (strcmp(package->name, name) == 0)
            return package;
    return NULL;
}

static size_t count_packages(void)
{
    size_t count = 0;

    for (size_t n = 0; n < avrspi_chips_count(chips); n++)
        for (size_t p = 0; avrspi_chip_package(avrspi_chips_at(chips, n), p); p++)
            count++;
    return count;
}

/* Each certain package of the facts, and no other. */
static void packages_are_those_of_the_facts(void **state)
{
    struct table table;
    size_t found = 0;

    (void)state;
    table_open(&table, "isp-pins.tsv");
    while (table_next(&table)) {
        const struct avrspi_chip *chip = avrspi_chips_find(chips, cell(&table, "part"));
        const struct avrspi_package *package;

        if (!chip || !is_certain(cell(&table, "pins_status")))
            continue;
        package = find_package(chip, cell(&table, "package"));
        if (!package)
            fail_msg("%s has no package %s", chip->name, cell(&table, "package"));
        for (int n = 0; n < AVRSPI_SIGNALS; n++)
            check_pin(package, (enum avrspi_signal)n, cell(&table, pin_columns[n]));
        found++;
    }
    table_close(&table);
    assert_int_equal(found, count_packages());
    assert_true(found > 380);
}

static void check_port(const struct avrspi_chip *chip, enum avrspi_signal signal, const char *facts)
{
    const bool is_port = facts[0] == 'P' && strlen(facts) == 3;

    if (strcmp(avrspi_chip_port(chip, signal), is_port ? facts : "") != 0)
        fail_msg("%s: %s is on '%s', the facts say '%s'", chip->name, avrspi_signal_name(signal),
                 avrspi_chip_port(chip, signal), facts);
}

/* The name of MOSI in the maker's pin table, where the facts have another for the same signal. */
static const char *alias_of_mosi(const char *names)
{
    if (strcmp(names, "PDI/PDO") == 0)
        return "PDI";
    return strcmp(names, "MOSI=DI/MISO=DO") == 0 ? "DI" : "";
}

static void ports_are_those_of_the_facts(void **state)
{
    static const char *const columns[] = {"mosi_port", "miso_port", "sck_port", "reset_port",
                                          "xtal1_port"};
    struct table table;
    size_t found = 0;

    (void)state;
    table_open(&table, "isp-pins.tsv");
    while (table_next(&table)) {
        const struct avrspi_chip *chip = avrspi_chips_find(chips, cell(&table, "part"));

        if (!chip || !avrspi_chip_package(chip, 0) || !is_certain(cell(&table, "ports_status")))
            continue;
        for (int n = 0; n <= AVRSPI_SIGNAL_XTAL1; n++)
            check_port(chip, (enum avrspi_signal)n, cell(&table, columns[n]));
        assert_string_equal(avrspi_chip_signal_alias(chip, AVRSPI_SIGNAL_MOSI),
                            alias_of_mosi(cell(&table, "isp_names")));
        found++;
    }
    table_close(&table);
    assert_true(found > 350);
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
        cmocka_unit_test(packages_are_those_of_the_facts),
        cmocka_unit_test(ports_are_those_of_the_facts),
        cmocka_unit_test(ports_in_notes_are_those_of_the_facts),
    };

    return cmocka_run_group_tests(tests, open_chips, close_chips);
}
