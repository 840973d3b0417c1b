/* SPDX-License-Identifier: MIT */
/*
 * A number is reserved in one transaction, and bound in another one that is on disk before the
 * first write of the memory that holds it. So a reserved number whose process is gone was certainly
 * not written, and may be given again; a bound one never is.
 */
#include "record/serial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "record/database.h"

/* What tells numbers of one source from those of another. */
static void name_source(const struct avrspi_serial_rule *rule, char text[512])
{
    static const char *const kinds[] = {"", "counter", "list", "command"};

    (void)snprintf(text, 512, "%s %s", kinds[rule->source], rule->name);
}

/* --- numbers that are free */

/* Those of processes that are gone. */
static int free_abandoned(struct avrspi_record *record, const char *source,
                          struct avrspi_error *error)
{
    sqlite3_stmt *all = avrspi_record_prepare(
        record, "SELECT number, process FROM serial WHERE source = ?1 AND state = 'reserved'",
        error);
    int result = 0;

    if (!all)
        return avrspi_record_failed(error);
    avrspi_record_text(all, 1, source);
    while (result == 0 && sqlite3_step(all) == SQLITE_ROW) {
        sqlite3_stmt *one;

        if (!avrspi_record_is_gone((const char *)sqlite3_column_text(all, 1)))
            continue;
        one = avrspi_record_prepare(
            record, "UPDATE serial SET state = 'free' WHERE source = ?1 AND number = ?2", error);
        if (one) {
            avrspi_record_text(one, 1, source);
            avrspi_record_text(one, 2, (const char *)sqlite3_column_text(all, 0));
        }
        result = avrspi_record_run(record, one, error);
    }
    (void)sqlite3_finalize(all);
    return result;
}

/* The first free one; "" where there is none. */
static int find_free(struct avrspi_record *record, const char *source, char *number,
                     struct avrspi_error *error)
{
    sqlite3_stmt *statement =
        avrspi_record_prepare(record,
                              "SELECT number FROM serial WHERE source = ?1 AND state = 'free'"
                              " ORDER BY length(number), number LIMIT 1",
                              error);

    *number = '\0';
    if (!statement)
        return avrspi_record_failed(error);
    avrspi_record_text(statement, 1, source);
    if (sqlite3_step(statement) == SQLITE_ROW)
        (void)snprintf(number, AVRSPI_SERIAL_LONGEST, "%s",
                       (const char *)sqlite3_column_text(statement, 0));
    (void)sqlite3_finalize(statement);
    return 0;
}

/* Whether the record knows a number, in whatever state. */
static bool is_known(struct avrspi_record *record, const char *source, const char *number)
{
    sqlite3_stmt *statement = avrspi_record_prepare(
        record, "SELECT 1 FROM serial WHERE source = ?1 AND number = ?2", NULL);
    bool known;

    if (!statement)
        return true;
    avrspi_record_text(statement, 1, source);
    avrspi_record_text(statement, 2, number);
    known = sqlite3_step(statement) != SQLITE_DONE;
    (void)sqlite3_finalize(statement);
    return known;
}

/* --- the next number of each source */

static int64_t next_of(struct avrspi_record *record, const struct avrspi_serial_rule *rule,
                       const char *source)
{
    sqlite3_stmt *statement =
        avrspi_record_prepare(record, "SELECT next FROM counter WHERE source = ?1", NULL);
    int64_t next = (int64_t)rule->start;

    if (!statement)
        return -1;
    avrspi_record_text(statement, 1, source);
    if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int64(statement, 0) > next)
        next = sqlite3_column_int64(statement, 0);
    (void)sqlite3_finalize(statement);
    return next;
}

static int count(struct avrspi_record *record, const struct avrspi_serial_rule *rule,
                 const char *source, char *number, struct avrspi_error *error)
{
    const int64_t step = rule->step ? (int64_t)rule->step : 1;
    const int64_t last = (int64_t)avrspi_serial_last(rule);
    int64_t next = next_of(record, rule, source);
    sqlite3_stmt *statement;

    do { /* one that a unit has kept may lie ahead */
        if (next < 0 || next > last || next > INT64_MAX - step)
            return avrspi_fail(
                error, AVRSPI_ERR_REFUSED,
                "no serial number is left: counter '%.40s' has reached its end, %lld", rule->name,
                (long long)last);
        (void)snprintf(number, AVRSPI_SERIAL_LONGEST, "%lld", (long long)next);
        next += step;
    } while (is_known(record, source, number));
    statement = avrspi_record_prepare(
        record, "INSERT OR REPLACE INTO counter (source, next) VALUES (?1, ?2)", error);
    if (statement) {
        avrspi_record_text(statement, 1, source);
        (void)sqlite3_bind_int64(statement, 2, next);
    }
    return avrspi_record_run(record, statement, error);
}

/* The first line of the list that nobody had. */
static int take_from_list(struct avrspi_record *record, const char *source, const char *path,
                          char *number, struct avrspi_error *error)
{
    char *text, *rest, *line;
    size_t size;
    int result = avrspi_file_read(path, &text, &size, error);

    if (result < 0)
        return result;
    *number = '\0';
    for (rest = text; !*number && (line = strsep(&rest, "\n")) != NULL;) {
        line += strspn(line, " \t");
        line[strcspn(line, " \t\r")] = '\0';
        if (!*line || *line == '#' || strlen(line) >= AVRSPI_SERIAL_LONGEST ||
            is_known(record, source, line))
            continue;
        (void)snprintf(number, AVRSPI_SERIAL_LONGEST, "%s", line);
    }
    free(text);
    return *number ? 0
                   : avrspi_fail_named(error, AVRSPI_ERR_REFUSED, path,
                                       " has no serial number that is left");
}

/* Gaps are the command's business, doubles are not. */
static int take_printed(struct avrspi_record *record, const char *source, const char *printed,
                        char *number, struct avrspi_error *error)
{
    const size_t size = strcspn(printed, "\r\n");

    if (size == 0 || size >= AVRSPI_SERIAL_LONGEST ||
        printed[size + strspn(printed + size, "\r\n")])
        return avrspi_fail(error, AVRSPI_ERR_FAILURE,
                           "expected one line with a serial number from the command, found '%.60s'",
                           printed);
    (void)snprintf(number, AVRSPI_SERIAL_LONGEST, "%.*s", (int)size, printed);
    return is_known(record, source, number)
               ? avrspi_fail(error, AVRSPI_ERR_FAILURE,
                             "the command has given the serial number '%.60s' before", number)
               : 0;
}

/* --- reserving */

static int note(struct avrspi_record *record, const char *source, const char *number,
                const char *state, int64_t unit, struct avrspi_error *error)
{
    sqlite3_stmt *statement = avrspi_record_prepare(
        record,
        "INSERT OR REPLACE INTO serial (source, number, state, process, unit, at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        error);
    char process[160], now[32], host[64];

    avrspi_record_process(process);
    avrspi_record_stamp(now, host);
    if (statement) {
        avrspi_record_text(statement, 1, source);
        avrspi_record_text(statement, 2, number);
        avrspi_record_text(statement, 3, state);
        avrspi_record_text(statement, 4, process);
        (void)sqlite3_bind_int64(statement, 5, unit);
        avrspi_record_text(statement, 6, now);
    }
    return avrspi_record_run(record, statement, error);
}

static int find_number(struct avrspi_record *record, const struct avrspi_serial_rule *rule,
                       const char *source, const char *path, const char *printed, char *number,
                       struct avrspi_error *error)
{
    int result;

    if (rule->source == AVRSPI_SERIAL_COMMAND)
        return take_printed(record, source, printed, number, error);
    result = free_abandoned(record, source, error);
    if (result == 0)
        result = find_free(record, source, number, error);
    if (result < 0 || *number)
        return result;
    return rule->source == AVRSPI_SERIAL_LIST ? take_from_list(record, source, path, number, error)
                                              : count(record, rule, source, number, error);
}

int avrspi_serial_reserve(struct avrspi_record *record, const struct avrspi_serial_rule *rule,
                          const char *path, const char *printed, int64_t unit,
                          char number[AVRSPI_SERIAL_LONGEST], struct avrspi_error *error)
{
    char source[512];
    int result = avrspi_record_lock(record, error);

    if (result < 0)
        return result;
    name_source(rule, source);
    result = find_number(record, rule, source, path, printed, number, error);
    if (result == 0)
        result = note(record, source, number, "reserved", unit, error);
    return avrspi_record_unlock(record, result, error);
}

int avrspi_serial_bind(struct avrspi_record *record, const struct avrspi_serial_rule *rule,
                       const char *number, int64_t unit, struct avrspi_error *error)
{
    char source[512];

    name_source(rule, source);
    return note(record, source, number, "bound", unit, error);
}

int avrspi_serial_release(struct avrspi_record *record, const struct avrspi_serial_rule *rule,
                          const char *number, struct avrspi_error *error)
{
    sqlite3_stmt *statement = avrspi_record_prepare(
        record,
        "UPDATE serial SET state = 'free' WHERE source = ?1 AND number = ?2 AND state = 'reserved'",
        error);
    char source[512];

    name_source(rule, source);
    if (statement) {
        avrspi_record_text(statement, 1, source);
        avrspi_record_text(statement, 2, number);
    }
    return avrspi_record_run(record, statement, error);
}
