/* SPDX-License-Identifier: MIT */
/* Serial numbers: where they come from, and what they are in a chip's memory. */
#ifndef AVRSPI_SRC_RECORD_SERIAL_H
#define AVRSPI_SRC_RECORD_SERIAL_H

#include "avrspi/chip.h"
#include "record/record.h"

enum {
    AVRSPI_SERIAL_LONGEST = 64, /* bytes in memory, and characters of a number */
};

enum avrspi_serial_source {
    AVRSPI_SERIAL_NONE,
    AVRSPI_SERIAL_COUNTER, /* in the record, by a name */
    AVRSPI_SERIAL_LIST,    /* a file with a number in each line */
    AVRSPI_SERIAL_COMMAND, /* what a program prints */
};

enum avrspi_serial_form {
    AVRSPI_SERIAL_BINARY,
    AVRSPI_SERIAL_TEXT,     /* as it is, digits with zeros in front */
    AVRSPI_SERIAL_TEMPLATE, /* a text with {number}, {year}, {month}, {day} and {unit} */
};

/* All zero before it is set. Texts belong to it. */
struct avrspi_serial_rule {
    enum avrspi_memory memory;
    uint32_t address;
    enum avrspi_serial_form form;
    unsigned width; /* bytes in memory */
    bool big_endian;
    char *template;
    enum avrspi_serial_source source;
    char *name; /* of the counter, the list's file, or the command */
    uint64_t start, end, step;
    bool keep;      /* a unit that has a number keeps it */
    unsigned given; /* bit n: the n-th key was */
};

/* Sets a key of [serial]. AVRSPI_ERR_INPUT with what was expected; *unknown for a key that is
 * none. */
int avrspi_serial_rule_set(struct avrspi_serial_rule *rule, const char *key, const char *value,
                           bool *unknown, struct avrspi_error *error);

/* Whether the keys go together, and fit. */
int avrspi_serial_rule_check(const struct avrspi_serial_rule *rule, struct avrspi_error *error);
void avrspi_serial_rule_free(struct avrspi_serial_rule *rule);

/* The last number of a counter: 'end', or what fits. */
uint64_t avrspi_serial_last(const struct avrspi_serial_rule *rule);

/* The bytes of a number, 'rule->width' of them. 'unit' is its row in the record. AVRSPI_ERR_INPUT
 * for one that does not fit. */
int avrspi_serial_bytes(const struct avrspi_serial_rule *rule, const char *number, int64_t unit,
                        uint8_t bytes[AVRSPI_SERIAL_LONGEST], struct avrspi_error *error);

/* The number that a unit has already, by the bytes in its memory; false where it has none that the
 * rule could have given. */
bool avrspi_serial_found(const struct avrspi_serial_rule *rule, const uint8_t *bytes,
                         char number[AVRSPI_SERIAL_LONGEST]);

/* --- serial.c */

/*
 * Reserves a number for a unit: nobody else gets it, until it is given back. 'path' is that of a
 * list, 'printed' what a command has printed; NULL for the others. A number whose process is gone
 * without having begun to write it is free again. AVRSPI_ERR_REFUSED when there is none left.
 */
int avrspi_serial_reserve(struct avrspi_record *record, const struct avrspi_serial_rule *rule,
                          const char *path, const char *printed, int64_t unit,
                          char number[AVRSPI_SERIAL_LONGEST], struct avrspi_error *error);

/* Binds a number to a unit for good: before the first write of the memory that will hold it. One
 * that a unit had already may be new to the record. */
int avrspi_serial_bind(struct avrspi_record *record, const struct avrspi_serial_rule *rule,
                       const char *number, int64_t unit, struct avrspi_error *error);

/* Gives a reserved number back; one that is bound stays so. */
int avrspi_serial_release(struct avrspi_record *record, const struct avrspi_serial_rule *rule,
                          const char *number, struct avrspi_error *error);

#endif
