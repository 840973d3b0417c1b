/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "record/database.h"

int avrspi_record_begin(struct avrspi_record *record, const struct avrspi_unit_start *start,
                        int64_t *unit, struct avrspi_error *error)
{
    sqlite3_stmt *statement = avrspi_record_prepare(
        record, "INSERT INTO unit (began, host, station, job, digests) VALUES (?1, ?2, ?3, ?4, ?5)",
        error);
    char host[64], now[32];
    int result;

    avrspi_record_stamp(now, host);
    if (statement) {
        avrspi_record_text(statement, 1, now);
        avrspi_record_text(statement, 2, host);
        avrspi_record_text(statement, 3, start->station);
        avrspi_record_text(statement, 4, start->job);
        avrspi_record_text(statement, 5, start->digests);
    }
    result = avrspi_record_run(record, statement, error);
    *unit = sqlite3_last_insert_rowid(record->database);
    return result;
}

int avrspi_record_end(struct avrspi_record *record, int64_t unit, const struct avrspi_unit_end *end,
                      struct avrspi_error *error)
{
    const char *const texts[] = {
        end->exit_code ? "fail" : "pass",
        end->chip,
        end->signature,
        end->calibration,
        end->serial,
        end->fuses_before,
        end->fuses_after,
        end->steps,
        end->reason,
        end->message,
    };
    sqlite3_stmt *statement = avrspi_record_prepare(
        record,
        "UPDATE unit SET verdict = ?1, chip = ?2, signature = ?3, calibration = ?4, serial = ?5,"
        " fuses_before = ?6, fuses_after = ?7, steps = ?8, reason = ?9, message = ?10,"
        " seconds = ?11, exit_code = ?12, ended = ?13 WHERE id = ?14",
        error);
    char host[64], now[32];

    avrspi_record_stamp(now, host);
    if (statement) {
        for (int n = 0; n < (int)(sizeof texts / sizeof *texts); n++)
            avrspi_record_text(statement, n + 1, texts[n]);
        (void)sqlite3_bind_double(statement, 11, end->seconds);
        (void)sqlite3_bind_int(statement, 12, end->exit_code);
        avrspi_record_text(statement, 13, now);
        (void)sqlite3_bind_int64(statement, 14, unit);
    }
    return avrspi_record_run(record, statement, error);
}

/* --- reading */

static const char *column(sqlite3_stmt *statement, int place)
{
    const unsigned char *text = sqlite3_column_text(statement, place);

    return text ? (const char *)text : "";
}

static struct avrspi_unit unit_of(sqlite3_stmt *statement)
{
    return (struct avrspi_unit){
        .id = sqlite3_column_int64(statement, 0),
        .began = column(statement, 1),
        .host = column(statement, 2),
        .station = column(statement, 3),
        .job = column(statement, 4),
        .digests = column(statement, 5),
        .chip = column(statement, 6),
        .signature = column(statement, 7),
        .calibration = column(statement, 8),
        .serial = column(statement, 9),
        .fuses_before = column(statement, 10),
        .fuses_after = column(statement, 11),
        .steps = column(statement, 12),
        .verdict = column(statement, 13),
        .reason = column(statement, 14),
        .message = column(statement, 15),
        .seconds = sqlite3_column_double(statement, 16),
        .exit_code = sqlite3_column_int(statement, 17),
    };
}

int avrspi_record_units(struct avrspi_record *record, const char *station, const char *since,
                        const char *until, avrspi_unit_take *take, void *user,
                        struct avrspi_error *error)
{
    sqlite3_stmt *statement = avrspi_record_prepare(
        record,
        "SELECT id, began, host, station, job, digests, chip, signature, calibration, serial,"
        " fuses_before, fuses_after, steps, verdict, reason, message, seconds, exit_code FROM unit"
        " WHERE (?1 IS NULL OR station = ?1) AND (?2 IS NULL OR began >= ?2)"
        " AND (?3 IS NULL OR began < ?3) ORDER BY id",
        error);
    int result = 0, step;

    if (!statement)
        return avrspi_record_failed(error);
    avrspi_record_text(statement, 1, station);
    avrspi_record_text(statement, 2, since);
    avrspi_record_text(statement, 3, until);
    while ((step = sqlite3_step(statement)) == SQLITE_ROW && result == 0) {
        const struct avrspi_unit unit = unit_of(statement);

        result = take(user, &unit);
    }
    if (result == 0 && step != SQLITE_DONE)
        result = avrspi_record_fail(record, error);
    (void)sqlite3_finalize(statement);
    return result;
}
