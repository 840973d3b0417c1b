/* SPDX-License-Identifier: MIT */
#include "record/database.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

enum {
    VERSION = 1,
    APPLICATION = 0x61767273, /* "avrs", in the file's header */
    PATIENCE_MS = 20000,      /* for another process that writes */
};

/* A number is one of a source; it is 'reserved' by a process, 'bound' to a unit, or 'free' again.
 */
static const char schema[] =
    "CREATE TABLE unit (id INTEGER PRIMARY KEY AUTOINCREMENT, began TEXT NOT NULL, ended TEXT,"
    " host TEXT NOT NULL, station TEXT, job TEXT, digests TEXT, chip TEXT, signature TEXT,"
    " calibration TEXT, serial TEXT, fuses_before TEXT, fuses_after TEXT, steps TEXT, seconds REAL,"
    " verdict TEXT NOT NULL DEFAULT 'unfinished', exit_code INTEGER, reason TEXT, message TEXT);"
    "CREATE TABLE counter (source TEXT PRIMARY KEY, next INTEGER NOT NULL);"
    "CREATE TABLE serial (source TEXT NOT NULL, number TEXT NOT NULL, state TEXT NOT NULL,"
    " process TEXT, unit INTEGER REFERENCES unit (id), at TEXT NOT NULL,"
    " PRIMARY KEY (source, number));"
    "PRAGMA application_id = 1635152499; PRAGMA user_version = 1;";

/* --- errors */

int avrspi_record_fail(struct avrspi_record *record, struct avrspi_error *error)
{
    const int code = record->database ? sqlite3_errcode(record->database) : SQLITE_NOMEM;
    const char *text = record->database ? sqlite3_errmsg(record->database) : "out of memory";

    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
        return avrspi_fail_named(error, AVRSPI_ERR_INPUT, record->path, " is no record: %s", text);
    avrspi_fail_named(error, AVRSPI_ERR_FAILURE, record->path, ": %s", text);
    if ((code & 0xFF) == SQLITE_BUSY)
        avrspi_hint(error, "another program has the record locked");
    else if ((code & 0xFF) == SQLITE_FULL)
        avrspi_hint(error, "is there room on the disk?");
    return AVRSPI_ERR_FAILURE;
}

int avrspi_record_failed(const struct avrspi_error *error)
{
    return error && error->code < 0 ? (int)error->code : AVRSPI_ERR_FAILURE;
}

/* --- statements */

sqlite3_stmt *avrspi_record_prepare(struct avrspi_record *record, const char *sql,
                                    struct avrspi_error *error)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(record->database, sql, -1, &statement, NULL) != SQLITE_OK)
        (void)avrspi_record_fail(record, error);
    return statement;
}

void avrspi_record_text(sqlite3_stmt *statement, int place, const char *text)
{
    (void)sqlite3_bind_text(statement, place, text, -1, SQLITE_TRANSIENT);
}

int avrspi_record_run(struct avrspi_record *record, sqlite3_stmt *statement,
                      struct avrspi_error *error)
{
    int result = 0;

    if (!statement)
        return avrspi_record_failed(error);
    if (sqlite3_step(statement) != SQLITE_DONE)
        result = avrspi_record_fail(record, error);
    (void)sqlite3_finalize(statement);
    return result;
}

int avrspi_record_execute(struct avrspi_record *record, const char *sql, struct avrspi_error *error)
{
    return sqlite3_exec(record->database, sql, NULL, NULL, NULL) == SQLITE_OK
               ? 0
               : avrspi_record_fail(record, error);
}

int avrspi_record_lock(struct avrspi_record *record, struct avrspi_error *error)
{
    return avrspi_record_execute(record, "BEGIN IMMEDIATE", error);
}

int avrspi_record_unlock(struct avrspi_record *record, int result, struct avrspi_error *error)
{
    if (result == 0)
        result = avrspi_record_execute(record, "COMMIT", error);
    if (result < 0)
        (void)sqlite3_exec(record->database, "ROLLBACK", NULL, NULL, NULL);
    return result;
}

/* --- time and processes */

void avrspi_record_stamp(char at[32], char host[64])
{
    const time_t now = time(NULL);
    struct tm utc;

    (void)strftime(at, 32, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    if (gethostname(host, 64) != 0)
        (void)snprintf(host, 64, "?");
    host[63] = '\0';
}

/* The first line of a file; "" where there is none. */
static void read_line(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "re");

    *text = '\0';
    if (!file)
        return;
    if (!fgets(text, (int)size, file))
        *text = '\0';
    text[strcspn(text, "\n")] = '\0';
    (void)fclose(file);
}

/* When a process started, in ticks since the computer did (proc(5), field 22 of stat); 0: it does
 * not run. */
static unsigned long long started(long process)
{
    char path[64], stat[1024];
    const char *rest;
    unsigned long long ticks = 0;

    (void)snprintf(path, sizeof path, "/proc/%ld/stat", process);
    read_line(path, stat, sizeof stat);
    rest = strrchr(stat, ')'); /* the name may hold anything */
    for (int field = 2; rest && field < 22; field++) {
        rest = strchr(rest + 1, ' ');
        if (rest && field == 21)
            ticks = strtoull(rest + 1, NULL, 10);
    }
    return ticks;
}

static void describe(char text[160], long process, unsigned long long ticks)
{
    char host[64], boot[48], now[32];

    avrspi_record_stamp(now, host);
    read_line("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
    (void)snprintf(text, 160, "%s %s %ld %llu", host, boot, process, ticks);
}

void avrspi_record_process(char text[160])
{
    describe(text, (long)getpid(), started((long)getpid()));
}

/* That text, taken apart. */
struct process {
    char host[64], boot[48];
    uint64_t id, ticks;
};

static bool parse_process(const char *text, struct process *process)
{
    const char *words[4];
    size_t sizes[4];

    for (int n = 0; n < 4; n++) {
        words[n] = avrspi_text_word(&text, &sizes[n]);
        if (!words[n])
            return false;
    }
    (void)snprintf(process->host, sizeof process->host, "%.*s", (int)sizes[0], words[0]);
    (void)snprintf(process->boot, sizeof process->boot, "%.*s", (int)sizes[1], words[1]);
    return avrspi_number_parse_digits(words[2], sizes[2], 10, &process->id) &&
           avrspi_number_parse_digits(words[3], sizes[3], 10, &process->ticks);
}

bool avrspi_record_is_gone(const char *text)
{
    struct process process, own;
    char own_text[160];

    avrspi_record_process(own_text);
    if (!parse_process(text, &process) || !parse_process(own_text, &own) ||
        strcmp(process.host, own.host) != 0)
        return false; /* of another computer nothing is certain */
    return strcmp(process.boot, own.boot) != 0 || started((long)process.id) != process.ticks;
}

/* --- the file */

static int read_pragma(struct avrspi_record *record, const char *sql, int64_t *value,
                       struct avrspi_error *error)
{
    sqlite3_stmt *statement = avrspi_record_prepare(record, sql, error);
    int result = 0;

    if (!statement)
        return avrspi_record_failed(error);
    if (sqlite3_step(statement) == SQLITE_ROW)
        *value = sqlite3_column_int64(statement, 0);
    else
        result = avrspi_record_fail(record, error);
    (void)sqlite3_finalize(statement);
    return result;
}

/* Whose file it is, and of which version; 0 for one without tables. In a transaction: another
 * process may be making the tables. */
static int check_version(struct avrspi_record *record, int64_t *version, struct avrspi_error *error)
{
    int64_t application = 0, tables = 0;
    int result = read_pragma(record, "PRAGMA user_version", version, error);

    if (result == 0)
        result = read_pragma(record, "PRAGMA application_id", &application, error);
    if (result == 0)
        result = read_pragma(record, "SELECT count(*) FROM sqlite_master", &tables, error);
    if (result < 0 || (tables == 0 && application == 0))
        return result;
    if (application != APPLICATION)
        return avrspi_fail_named(error, AVRSPI_ERR_INPUT, record->path,
                                 " is the database of another program");
    if (*version > VERSION)
        return avrspi_fail_named(error, AVRSPI_ERR_INPUT, record->path,
                                 " was made by a newer avrspi");
    return 0;
}

static int look_at_version(struct avrspi_record *record, int64_t *version,
                           struct avrspi_error *error)
{
    int result = avrspi_record_execute(record, "BEGIN", error);

    if (result < 0)
        return result;
    result = check_version(record, version, error);
    return avrspi_record_unlock(record, result, error);
}

/* Two processes may come to a new file at once. */
static int make_tables(struct avrspi_record *record, struct avrspi_error *error)
{
    int64_t version = 0;
    int result = avrspi_record_lock(record, error);

    if (result < 0)
        return result;
    result = check_version(record, &version, error);
    if (result == 0 && version == 0)
        result = avrspi_record_execute(record, schema, error);
    return avrspi_record_unlock(record, result, error);
}

/* A journal, not a write-ahead log: one file that can be copied, and safe in a power cut with FULL.
 */
static struct avrspi_record *open_database(const char *path, int flags, struct avrspi_error *error)
{
    struct avrspi_record *record = calloc(1, sizeof *record);
    int result = 0;

    if (record)
        record->path = strdup(path);
    if (!record || !record->path) {
        free(record);
        (void)avrspi_fail_memory(error);
        return NULL;
    }
    if (sqlite3_open_v2(path, &record->database, flags, NULL) != SQLITE_OK)
        result = avrspi_record_fail(record, error);
    else
        (void)sqlite3_busy_timeout(record->database, PATIENCE_MS);
    if (result == 0)
        result = avrspi_record_execute(record,
                                       "PRAGMA foreign_keys = ON; PRAGMA journal_mode = DELETE; "
                                       "PRAGMA synchronous = FULL",
                                       error);
    if (result == 0)
        return record;
    avrspi_record_close(record);
    return NULL;
}

/* The record, unless something was wrong with it. */
static int give(struct avrspi_record **place, struct avrspi_record *record, int result)
{
    if (result < 0)
        avrspi_record_close(record);
    else
        *place = record;
    return result;
}

int avrspi_record_open(struct avrspi_record **record, const char *path, struct avrspi_error *error)
{
    struct avrspi_record *self =
        open_database(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    int64_t version = 0;
    int result;

    *record = NULL;
    if (!self)
        return avrspi_record_failed(error);
    result = look_at_version(self, &version, error);
    if (result == 0 && version == 0)
        result = make_tables(self, error);
    return give(record, self, result);
}

int avrspi_record_open_to_read(struct avrspi_record **record, const char *path,
                               struct avrspi_error *error)
{
    struct avrspi_record *self;
    int64_t version = 0;
    int result;

    *record = NULL;
    if (access(path, R_OK) != 0)
        return avrspi_fail_errno(error, AVRSPI_ERR_INPUT, "can't open '%.200s'", path);
    self = open_database(path, SQLITE_OPEN_READWRITE, error);
    if (!self)
        return avrspi_record_failed(error);
    result = look_at_version(self, &version, error);
    if (result == 0 && version == 0)
        result = avrspi_fail_named(error, AVRSPI_ERR_INPUT, path, " is no record: it is empty");
    return give(record, self, result);
}

void avrspi_record_close(struct avrspi_record *record)
{
    if (!record)
        return;
    (void)sqlite3_close(record->database);
    free(record->path);
    free(record);
}
