/* SPDX-License-Identifier: MIT */
/*
 * A bench: the stations at which units are burned, and the GPIO lines of its button, its lamps and
 * its buzzer, as an INI file. avrspi-bench(5) describes it.
 */
#ifndef AVRSPI_SRC_RECIPE_BENCH_H
#define AVRSPI_SRC_RECIPE_BENCH_H

#include <stddef.h>

#include "avrspi/error.h"

/* Texts that are not there are NULL. Lines are written as --reset writes them. */
struct avrspi_station {
    char *name, *port, *reset;
    char *pass, *fail; /* lamps of this station */
    unsigned line;     /* of its header; 0 where it is from no file */
};

/* All zero before it has anything. */
struct avrspi_bench {
    char *name;                         /* of the file, for messages */
    char *start, *pass, *fail, *buzzer; /* of the whole bench */
    struct avrspi_station *stations;
    size_t n_stations;
};

/* Reads a bench file. AVRSPI_ERR_INPUT with file, line and key. The caller frees the bench, also
 * after an error. */
int avrspi_bench_read(struct avrspi_bench *bench, const char *path, struct avrspi_error *error);

/* The same of a text in memory, as the file 'name'. */
int avrspi_bench_parse(struct avrspi_bench *bench, const char *name, const char *text, size_t size,
                       struct avrspi_error *error);

/* Adds a station, "PORT" or "PORT RESET", called by its number. AVRSPI_ERR_USAGE for another text.
 */
int avrspi_bench_add(struct avrspi_bench *bench, const char *text, struct avrspi_error *error);

void avrspi_bench_free(struct avrspi_bench *bench);

#endif
