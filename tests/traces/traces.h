/* SPDX-License-Identifier: MIT */
/*
 * The parts of test_traces.c, which keeps what a job puts on the wires.
 *
 *     record.c   a tap on a simulated target that notes all that passes
 *     tables.c   the instruction sets, as the datasheets have them
 *     text.c     a record as the text of a golden file
 */
#ifndef AVRSPI_TESTS_TRACES_H
#define AVRSPI_TESTS_TRACES_H

#include "avrspi/avrspi.h"
#include "chips/record.h"
#include "work.h"

/* --- record.c */

enum event_kind {
    EVENT_RESET,
    EVENT_WAIT,
    EVENT_SPEED,
    EVENT_INSTRUCTION,
};

struct event {
    enum event_kind kind;
    uint64_t value; /* RESET low: 1; nanoseconds; Hz */
    uint8_t out[4], in[4];
};

struct record {
    struct event *events; /* from malloc() */
    size_t count, room;
    bool torn; /* a transfer was not made of whole instructions, or memory ran out */
};

/* A link to a simulated chip that writes to 'record' until it is closed. */
int record_open(struct avrspi_link **link, struct record *record, const char *chip,
                const struct avrspi_chips *chips, struct avrspi_error *error);

void record_free(struct record *record);

/* --- tables.c: what a datasheet's table of serial programming instructions says */

struct row {
    const char *name;
    /* Four bytes: two hexadecimal digits, or eight bits, where 'x' stands for bits that do not
     * matter and any other letter for bits of an address or of data. Such a letter twice is a
     * byte of them. */
    const char *bytes;
};

struct table {
    const char *chip;
    const char *source; /* number, section and table of the datasheet */
    const struct row *rows;
};

/* The n-th table; NULL after the last. */
const struct table *table_at(size_t n);

/* The row that four bytes are an instruction of; NULL when the table has none. */
const struct row *table_find(const struct table *table, const uint8_t bytes[4]);

/* --- text.c */

/* The text of a record, from malloc(), or NULL. *unknown counts instructions that are not in the
 * table. */
char *record_text(const struct record *record, const struct table *table, size_t *unknown);

#endif
