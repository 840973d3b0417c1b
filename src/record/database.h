/* SPDX-License-Identifier: MIT */
/* The file behind a record, for the rest of this folder. */
#ifndef AVRSPI_SRC_RECORD_DATABASE_H
#define AVRSPI_SRC_RECORD_DATABASE_H

#include <sqlite3.h>

#include "record/record.h"

struct avrspi_record {
    sqlite3 *database;
    char *path;
};

/* Prepares a statement; NULL after an error. The caller finalizes it. */
sqlite3_stmt *avrspi_record_prepare(struct avrspi_record *record, const char *sql,
                                    struct avrspi_error *error);

/* Binds a text; NULL is SQL's. */
void avrspi_record_text(sqlite3_stmt *statement, int place, const char *text);

/* Runs a statement that gives no rows, and finalizes it. NULL is an error that was told already. */
int avrspi_record_run(struct avrspi_record *record, sqlite3_stmt *statement,
                      struct avrspi_error *error);

/* A statement without parameters. */
int avrspi_record_execute(struct avrspi_record *record, const char *sql,
                          struct avrspi_error *error);

/* SQLite's last error. */
int avrspi_record_fail(struct avrspi_record *record, struct avrspi_error *error);

/* The code of an error that was told already. */
int avrspi_record_failed(const struct avrspi_error *error);

/* A transaction that may write. The end of one that failed takes everything back, and leaves
 * 'error' as it is. */
int avrspi_record_lock(struct avrspi_record *record, struct avrspi_error *error);
int avrspi_record_unlock(struct avrspi_record *record, int result, struct avrspi_error *error);

/* This process: "HOST BOOT PID START", the same only for one and the same. */
void avrspi_record_process(char text[160]);

/* Whether a process of that text is certain to be gone: one of this computer that runs no more. */
bool avrspi_record_is_gone(const char *process);

#endif
