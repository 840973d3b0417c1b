/* SPDX-License-Identifier: MIT */
/*
 * The record of a bench: every unit that was burned, and the serial numbers that were given, in one
 * SQLite file that several benches of one computer may share.
 *
 *     database.c     the file, its tables, and statements
 *     serial_rule.c  what numbers are made of, and their bytes
 *     serial.c       numbers: reserved, bound to a unit, given back
 *     unit.c         units: begun, and ended with a verdict
 *     report.c       sums over units
 */
#ifndef AVRSPI_SRC_RECORD_RECORD_H
#define AVRSPI_SRC_RECORD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/error.h"

struct avrspi_record;

/*
 * Opens a record, and makes it where there is none. Every change is on disk when a function
 * returns. The file may be on any local file system; over a network SQLite's locks are not to be
 * trusted. AVRSPI_ERR_INPUT for a file that is no record, or one of a newer avrspi. The caller
 * closes *record.
 */
int avrspi_record_open(struct avrspi_record **record, const char *path, struct avrspi_error *error);

/* The same of one that exists, to read it only. */
int avrspi_record_open_to_read(struct avrspi_record **record, const char *path,
                               struct avrspi_error *error);
void avrspi_record_close(struct avrspi_record *record); /* NULL is allowed */

/* This moment, "2026-11-27T18:25:43Z", and this computer's name. */
void avrspi_record_stamp(char at[32], char host[64]);

/* --- unit.c */

/* What is known of a unit before its job. Texts may be NULL. */
struct avrspi_unit_start {
    const char *station; /* where: the port, or a name */
    const char *job;     /* the recipe or the files */
    const char *digests; /* their SHA-256, "NAME=HEX NAME=HEX" */
};

/* What is known of it after that. Texts may be NULL. */
struct avrspi_unit_end {
    const char *chip, *signature, *calibration; /* "1E 95 0F" */
    const char *serial;
    const char *fuses_before, *fuses_after; /* "low=62 high=D9" */
    const char *steps;                      /* "erase=0.012 write-flash=0.040": seconds */
    double seconds;
    int exit_code;       /* 0: the unit is good */
    const char *reason;  /* the error's name, "verify" */
    const char *message; /* and its text */
};

/* Begins a unit, which is 'unfinished' until avrspi_record_end(); *unit is its number. */
int avrspi_record_begin(struct avrspi_record *record, const struct avrspi_unit_start *start,
                        int64_t *unit, struct avrspi_error *error);
int avrspi_record_end(struct avrspi_record *record, int64_t unit, const struct avrspi_unit_end *end,
                      struct avrspi_error *error);

/* A unit as it is recorded. Texts are never NULL, and gone when the callback returns. */
struct avrspi_unit {
    int64_t id;
    const char *began, *host, *station, *job, *digests, *chip, *signature, *calibration, *serial,
        *fuses_before, *fuses_after, *steps, *verdict, *reason, *message;
    double seconds;
    int exit_code;
};

typedef int avrspi_unit_take(void *user, const struct avrspi_unit *unit);

/* Gives units in the order in which they were begun: those of a station (NULL: all) that were begun
 * from 'since' on and before 'until' (NULL: any time; "2026-11-27", with or without "T12:00:00").
 */
int avrspi_record_units(struct avrspi_record *record, const char *station, const char *since,
                        const char *until, avrspi_unit_take *take, void *user,
                        struct avrspi_error *error);

#endif
