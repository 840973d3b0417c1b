/* SPDX-License-Identifier: MIT */
/* A table of tests/facts, row by row, its cells by the names of the columns. Included after cmocka;
 * TEST_FACTS is the folder. */
#ifndef AVRSPI_TESTS_SUPPORT_FACTS_TABLE_H
#define AVRSPI_TESTS_SUPPORT_FACTS_TABLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"

enum {
    MOST_COLUMNS = 32,
};

struct table {
    char *text;
    char *rest;
    char *header[MOST_COLUMNS];
    char *cell[MOST_COLUMNS];
    size_t columns;
};

static inline size_t split(char *line, char **cells)
{
    size_t count = 0;

    while (line) {
        assert_true(count < MOST_COLUMNS);
        cells[count++] = strsep(&line, "\t");
    }
    return count;
}

static inline void table_open(struct table *table, const char *name)
{
    char path[512];
    size_t size;

    (void)snprintf(path, sizeof path, "%s/%s", TEST_FACTS, name);
    assert_int_equal(avrspi_file_read(path, &table->text, &size, NULL), 0);
    table->rest = table->text;
    table->columns = split(strsep(&table->rest, "\n"), table->header);
}

static inline bool table_next(struct table *table)
{
    char *line = strsep(&table->rest, "\n");

    if (!line || !*line)
        return false;
    assert_int_equal(split(line, table->cell), table->columns);
    return true;
}

static inline void table_close(struct table *table)
{
    free(table->text);
}

static inline const char *cell(const struct table *table, const char *column)
{
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(table->header[i], column) == 0)
            return table->cell[i];
    fail_msg("no column '%s'", column);
    return "";
}

#endif
