/* SPDX-License-Identifier: MIT */
/* Serial numbers and units in a record: who gets which number, and what is left after a kill. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "record/database.h"
#include "record/report.h"
#include "record/serial.h"
#include "temporary.h"

static char folder[128], path[160], list[160];
static struct avrspi_error error;

static int setup(void **state)
{
    (void)state;
    if (!temporary_folder(folder, sizeof folder))
        return -1;
    (void)snprintf(path, sizeof path, "%s/units.db", folder);
    (void)snprintf(list, sizeof list, "%s/numbers.txt", folder);
    return 0;
}

static int teardown(void **state)
{
    char command[160];

    (void)state;
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static struct avrspi_record *opened(void)
{
    struct avrspi_record *record;

    if (avrspi_record_open(&record, path, &error) < 0)
        fail_msg("%s", error.message);
    return record;
}

static void set(struct avrspi_serial_rule *rule, const char *key, const char *value)
{
    bool unknown;

    if (avrspi_serial_rule_set(rule, key, value, &unknown, &error) < 0)
        fail_msg("%s: %s", key, error.message);
}

/* A number of four bytes in EEPROM. */
static struct avrspi_serial_rule rule_of(const char *source, const char *name)
{
    struct avrspi_serial_rule rule = {0};

    set(&rule, "memory", "eeprom");
    set(&rule, "address", "0x10");
    set(&rule, "width", "4");
    set(&rule, source, name);
    return rule;
}

static int64_t begun(struct avrspi_record *record)
{
    int64_t unit;

    assert_int_equal(
        avrspi_record_begin(record, &(struct avrspi_unit_start){.station = "a"}, &unit, &error), 0);
    return unit;
}

static const char *reserved(struct avrspi_record *record, const struct avrspi_serial_rule *rule)
{
    static char number[AVRSPI_SERIAL_LONGEST];

    if (avrspi_serial_reserve(record, rule, list, "", begun(record), number, &error) < 0)
        fail_msg("%s", error.message);
    return number;
}

/* --- the rule */

static void mistakes_of_a_rule_are_named(void **state)
{
    static const struct {
        const char *keys[5][2], *message;
    } rows[] = {
        {{{"memory", "ram"}}, "expected flash or eeprom, found 'ram'"},
        {{{"address", "x"}}, "expected a number from 0 to 4294967295, found 'x'"},
        {{{"width", "0"}}, "expected a number from 1 to 63, found '0'"},
        {{{"order", "middle"}}, "expected little or big, found 'middle'"},
        {{{"format", "hex"}}, "expected binary or text, found 'hex'"},
        {{{"keep", "1"}}, "expected yes or no, found '1'"},
        {{{"step", "0"}}, "expected a number from 1 on, found '0'"},
        {{{"start", "-1"}}, "expected a number, found '-1'"},
        {{{"counter", ""}}, "expected a text, found ''"},
        {{{"command", "a 'b"}}, "expected a closing '"},
        {{{"counter", "a"}, {"list", "b"}},
         "expected one of counter, list and command, found another"},
        {{{"colour", "red"}},
         "expected memory, address, format, template, width, order, counter, "
         "list, command, start, end, step or keep, found 'colour'"},
        {{{"counter", "a"}}, "expected 'memory' in [serial], found none"},
        {{{"memory", "flash"}, {"counter", "a"}}, "expected 'address' in [serial], found none"},
        {{{"memory", "flash"}, {"address", "0"}, {"width", "4"}},
         "expected counter, list or command in [serial], found none"},
        {{{"memory", "flash"}, {"address", "0"}, {"width", "9"}, {"counter", "a"}},
         "expected a width of 1 to 8 for a binary number, found 9"},
        {{{"memory", "flash"}, {"address", "0"}, {"width", "1"}, {"counter", "a"}, {"end", "256"}},
         "the number 256 does not fit 1 byte"},
        {{{"memory", "flash"}, {"address", "0"}, {"width", "4"}, {"list", "a"}, {"start", "2"}},
         "'start' is for a counter"},
        {{{"memory", "flash"},
          {"address", "0"},
          {"width", "4"},
          {"counter", "a"},
          {"template", "SN-{number:4}"}},
         "expected 4 characters ('width'), found 'SN-0000'"},
        {{{"memory", "flash"},
          {"address", "0"},
          {"width", "7"},
          {"counter", "a"},
          {"template", "{serial}"}},
         "expected {number}, {unit}, {year}, {month} or {day}, with ':DIGITS' or without, found "
         "'{serial}'"},
    };

    (void)state;
    for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
        struct avrspi_serial_rule rule = {0};
        int result = 0;
        bool unknown;

        for (int i = 0; result == 0 && i < 5 && rows[n].keys[i][0]; i++)
            result = avrspi_serial_rule_set(&rule, rows[n].keys[i][0], rows[n].keys[i][1], &unknown,
                                            &error);
        if (result == 0)
            result = avrspi_serial_rule_check(&rule, &error);
        assert_int_equal(result, AVRSPI_ERR_INPUT);
        assert_string_equal(error.message, rows[n].message);
        avrspi_serial_rule_free(&rule);
    }
}

static void bytes_are(const struct avrspi_serial_rule *rule, const char *number,
                      const char *expected)
{
    uint8_t bytes[AVRSPI_SERIAL_LONGEST];

    assert_int_equal(avrspi_serial_bytes(rule, number, 7, bytes, &error), 0);
    assert_memory_equal(bytes, expected, rule->width);
}

static void a_number_has_its_bytes(void **state)
{
    struct avrspi_serial_rule rule = rule_of("counter", "a");
    uint8_t bytes[AVRSPI_SERIAL_LONGEST];

    (void)state;
    bytes_are(&rule, "258", "\x02\x01\x00\x00");
    set(&rule, "order", "big");
    bytes_are(&rule, "258", "\x00\x00\x01\x02");
    assert_int_equal(avrspi_serial_bytes(&rule, "4294967296", 1, bytes, &error), AVRSPI_ERR_INPUT);
    assert_string_equal(error.message, "the number 4294967296 does not fit 4 bytes");
    avrspi_serial_rule_free(&rule);
    rule = rule_of("list", "x");
    set(&rule, "format", "text");
    bytes_are(&rule, "17", "0017");
    bytes_are(&rule, "AB12", "AB12");
    assert_int_equal(avrspi_serial_bytes(&rule, "AB1", 1, bytes, &error), AVRSPI_ERR_INPUT);
    assert_int_equal(avrspi_serial_bytes(&rule, "12345", 1, bytes, &error), AVRSPI_ERR_INPUT);
    avrspi_serial_rule_free(&rule);
    rule = rule_of("counter", "x");
    set(&rule, "width", "10");
    set(&rule, "template", "U{unit:2}-{number:6}");
    bytes_are(&rule, "42", "U07-000042");
    avrspi_serial_rule_free(&rule);
}

static void a_unit_keeps_what_the_rule_could_have_given(void **state)
{
    struct avrspi_serial_rule rule = rule_of("counter", "a");
    char number[AVRSPI_SERIAL_LONGEST];

    (void)state;
    set(&rule, "start", "100");
    set(&rule, "end", "199");
    assert_true(avrspi_serial_found(&rule, (const uint8_t *)"\x64\x00\x00\x00", number));
    assert_string_equal(number, "100");
    assert_false(avrspi_serial_found(&rule, (const uint8_t *)"\x63\x00\x00\x00", number));
    assert_false(avrspi_serial_found(&rule, (const uint8_t *)"\xC8\x00\x00\x00", number));
    assert_false(avrspi_serial_found(&rule, (const uint8_t *)"\xFF\xFF\xFF\xFF", number));
    set(&rule, "format", "text");
    assert_true(avrspi_serial_found(&rule, (const uint8_t *)"0123", number));
    assert_string_equal(number, "123");
    assert_false(avrspi_serial_found(&rule, (const uint8_t *)"01 3", number));
    avrspi_serial_rule_free(&rule);
}

/* --- numbers */

static void a_counter_counts_and_ends(void **state)
{
    struct avrspi_serial_rule rule = rule_of("counter", "a");
    struct avrspi_record *record = opened();
    char number[AVRSPI_SERIAL_LONGEST];

    (void)state;
    set(&rule, "start", "5");
    set(&rule, "end", "9");
    set(&rule, "step", "2");
    assert_string_equal(reserved(record, &rule), "5");
    assert_string_equal(reserved(record, &rule), "7");
    /* one that a unit has already is not given */
    assert_int_equal(avrspi_serial_bind(record, &rule, "9", begun(record), &error), 0);
    assert_int_equal(
        avrspi_serial_reserve(record, &rule, NULL, NULL, begun(record), number, &error),
        AVRSPI_ERR_REFUSED);
    assert_string_equal(error.message,
                        "no serial number is left: counter 'a' has reached its end, 9");
    avrspi_record_close(record);
    avrspi_serial_rule_free(&rule);
}

static void a_number_goes_back_only_where_it_is_not_bound(void **state)
{
    struct avrspi_serial_rule rule = rule_of("counter", "b");
    struct avrspi_record *record = opened();

    (void)state;
    assert_string_equal(reserved(record, &rule), "0");
    assert_string_equal(reserved(record, &rule), "1");
    assert_int_equal(avrspi_serial_bind(record, &rule, "1", begun(record), &error), 0);
    assert_int_equal(avrspi_serial_release(record, &rule, "0", &error), 0);
    assert_int_equal(avrspi_serial_release(record, &rule, "1", &error), 0);
    assert_string_equal(reserved(record, &rule), "0");
    assert_string_equal(reserved(record, &rule), "2");
    avrspi_record_close(record);
    avrspi_serial_rule_free(&rule);
}

static void a_list_is_taken_line_by_line(void **state)
{
    struct avrspi_serial_rule rule = rule_of("list", "numbers.txt");
    struct avrspi_record *record = opened();
    char number[AVRSPI_SERIAL_LONGEST];

    (void)state;
    assert_int_equal(avrspi_file_write(list, "# ours\r\n 7 \r\n\n9\n7\n", 18, &error), 0);
    assert_string_equal(reserved(record, &rule), "7");
    assert_string_equal(reserved(record, &rule), "9");
    assert_int_equal(
        avrspi_serial_reserve(record, &rule, list, NULL, begun(record), number, &error),
        AVRSPI_ERR_REFUSED);
    assert_non_null(strstr(error.message, "has no serial number that is left"));
    avrspi_record_close(record);
    avrspi_serial_rule_free(&rule);
}

static void a_command_may_not_repeat_itself(void **state)
{
    struct avrspi_serial_rule rule = rule_of("command", "next");
    struct avrspi_record *record = opened();
    char number[AVRSPI_SERIAL_LONGEST];

    (void)state;
    assert_int_equal(
        avrspi_serial_reserve(record, &rule, NULL, "77\n", begun(record), number, &error), 0);
    assert_string_equal(number, "77");
    assert_int_equal(
        avrspi_serial_reserve(record, &rule, NULL, "77\n", begun(record), number, &error),
        AVRSPI_ERR_FAILURE);
    assert_int_equal(
        avrspi_serial_reserve(record, &rule, NULL, "1\n2\n", begun(record), number, &error),
        AVRSPI_ERR_FAILURE);
    assert_int_equal(avrspi_serial_reserve(record, &rule, NULL, "", begun(record), number, &error),
                     AVRSPI_ERR_FAILURE);
    avrspi_record_close(record);
    avrspi_serial_rule_free(&rule);
}

/* A process that is killed between the two: what it had reserved is free, what it had bound is not.
 */
static void numbers_of_a_process_that_was_killed(void **state)
{
    struct avrspi_serial_rule rule = rule_of("counter", "c");
    struct avrspi_record *record;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        record = opened();
        (void)reserved(record, &rule);
        (void)reserved(record, &rule);
        (void)avrspi_serial_bind(record, &rule, "1", begun(record), &error);
        (void)raise(SIGKILL);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    record = opened();
    assert_string_equal(reserved(record, &rule), "0");
    assert_string_equal(reserved(record, &rule), "2");
    avrspi_record_close(record);
    avrspi_serial_rule_free(&rule);
}

static size_t count_of(struct avrspi_record *record, const char *sql)
{
    sqlite3_stmt *statement = avrspi_record_prepare(record, sql, &error);
    size_t count;

    assert_non_null(statement);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    count = (size_t)sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    return count;
}

static void four_processes_get_no_number_twice(void **state)
{
    enum {
        PROCESSES = 4,
        EACH = 25
    };
    struct avrspi_serial_rule rule = rule_of("counter", "d");
    struct avrspi_record *record;

    (void)state;
    for (int n = 0; n < PROCESSES; n++) {
        if (fork() != 0)
            continue;
        record = opened();
        for (int i = 0; i < EACH; i++)
            (void)avrspi_serial_bind(record, &rule, reserved(record, &rule), begun(record), &error);
        _exit(0);
    }
    for (int n = 0; n < PROCESSES; n++) {
        int status;

        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    record = opened();
    assert_int_equal(count_of(record, "SELECT count(*) FROM serial WHERE source = 'counter d' AND "
                                      "state = 'bound'"),
                     PROCESSES * EACH);
    assert_int_equal(
        count_of(record,
                 "SELECT max(CAST(number AS INTEGER)) FROM serial WHERE source = 'counter d'"),
        PROCESSES * EACH - 1);
    avrspi_record_close(record);
    avrspi_serial_rule_free(&rule);
}

/* --- the file */

static void processes_that_come_to_a_new_file_at_once(void **state)
{
    enum {
        PROCESSES = 8,
        ROUNDS = 12
    };

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        (void)unlink(path);
        for (int n = 0; n < PROCESSES; n++)
            if (fork() == 0) {
                struct avrspi_record *record;

                _exit(avrspi_record_open(&record, path, &error) < 0);
            }
        for (int n = 0; n < PROCESSES; n++) {
            int status;

            assert_true(wait(&status) > 0);
            assert_int_equal(status, 0);
        }
    }
}

static void refuses(const char *message)
{
    struct avrspi_record *record;
    char expected[256];

    (void)snprintf(expected, sizeof expected, "%s%s", path, message);
    assert_int_equal(avrspi_record_open(&record, path, &error), AVRSPI_ERR_INPUT);
    assert_null(record);
    assert_string_equal(error.message, expected);
}

static void a_file_that_is_no_record_is_refused(void **state)
{
    struct avrspi_record *record = opened();

    (void)state;
    assert_int_equal(avrspi_record_execute(record, "PRAGMA user_version = 2", &error), 0);
    avrspi_record_close(record);
    refuses(" was made by a newer avrspi");
    assert_int_equal(
        avrspi_file_write(path, "not a database at all, but long enough\n", 39, &error), 0);
    refuses(" is no record: file is not a database");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(avrspi_record_open_to_read(&record, path, &error), AVRSPI_ERR_INPUT);
}

static int take_first(void *user, const struct avrspi_unit *unit)
{
    char *text = user;

    if (!*text)
        (void)snprintf(text, 128, "%s %s %s %s %d", unit->station, unit->chip, unit->serial,
                       unit->verdict, unit->exit_code);
    return 0;
}

static void units_are_summed_up(void **state)
{
    struct avrspi_record *record = opened();
    struct avrspi_report report = {0};
    char first[128] = "";

    (void)state;
    for (int n = 0; n < 6; n++) {
        const int64_t unit = begun(record);
        const struct avrspi_unit_end end = {
            .chip = "ATmega328P",
            .serial = "17",
            .seconds = n,
            .exit_code = n == 1   ? 5
                         : n == 2 ? 3
                                  : 0,
            .reason = n == 1   ? "verify"
                      : n == 2 ? "no-target"
                               : "",
        };

        if (n < 5)
            assert_int_equal(avrspi_record_end(record, unit, &end, &error), 0);
    }
    assert_int_equal(avrspi_record_units(record, NULL, NULL, NULL, take_first, first, &error), 0);
    assert_string_equal(first, "a ATmega328P 17 pass 0");
    assert_int_equal(
        avrspi_record_units(record, "a", "2020-01-01", NULL, avrspi_report_add, &report, &error),
        0);
    avrspi_report_finish(&report);
    assert_int_equal(report.all.good, 3);
    assert_int_equal(report.all.failed, 2);
    assert_int_equal(report.all.unfinished, 1);
    assert_int_equal(report.reasons.count, 2);
    assert_true(avrspi_report_yield(&report.all) == 0.6);
    assert_true(avrspi_report_seconds(&report, 0.5) == 3);
    assert_true(avrspi_report_seconds(&report, 1) == 4);
    avrspi_report_free(&report);
    assert_int_equal(
        avrspi_record_units(record, "b", NULL, NULL, avrspi_report_add, &report, &error), 0);
    assert_int_equal(report.all.good, 0);
    assert_int_equal(
        avrspi_record_units(record, NULL, NULL, "2020-01-01", avrspi_report_add, &report, &error),
        0);
    assert_int_equal(report.all.good, 0);
    avrspi_report_free(&report);
    avrspi_record_close(record);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(mistakes_of_a_rule_are_named),
        CASE(a_number_has_its_bytes),
        CASE(a_unit_keeps_what_the_rule_could_have_given),
        CASE(a_counter_counts_and_ends),
        CASE(a_number_goes_back_only_where_it_is_not_bound),
        CASE(a_list_is_taken_line_by_line),
        CASE(a_command_may_not_repeat_itself),
        CASE(numbers_of_a_process_that_was_killed),
        CASE(four_processes_get_no_number_twice),
        CASE(processes_that_come_to_a_new_file_at_once),
        CASE(a_file_that_is_no_record_is_refused),
        CASE(units_are_summed_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
