/* SPDX-License-Identifier: MIT */
/* avrdude's command line, as Arduino cores have it in their recipes: -e, -D and -U are read. What
 * concerns the programmer or the output is passed over, and so is -p: the board says the chip. */
#ifndef AVRSPI_SRC_ARDUINO_AVRDUDE_H
#define AVRSPI_SRC_ARDUINO_AVRDUDE_H

#include "avrspi/chip.h"
#include "avrspi/error.h"

enum {
    AVRSPI_AVRDUDE_MOST_WRITES = 12,
};

/* -U MEMORY:w:VALUE:m, or -U MEMORY:w:FILE[:FORMAT]. */
struct avrspi_avrdude_write {
    bool immediate;        /* a value */
    bool empty;            /* of which nothing is said: nothing is written */
    enum avrspi_fuse fuse; /* that gets it */
    uint8_t value;
    enum avrspi_memory memory; /* that gets the file */
    char *file;
};

/* The words belong to it. */
struct avrspi_avrdude {
    bool erase, no_erase;
    struct avrspi_avrdude_write writes[AVRSPI_AVRDUDE_MOST_WRITES];
    size_t n_writes;
};

/*
 * Reads a command line: words with "..." and '...' around blanks, as a shell has them, without
 * anything else that a shell does. AVRSPI_ERR_INPUT for an option that is not known or has no
 * meaning here, AVRSPI_ERR_USAGE where the program is not avrdude. The caller frees it, also after
 * an error.
 */
int avrspi_avrdude_parse(struct avrspi_avrdude *avrdude, const char *line,
                         struct avrspi_error *error);
void avrspi_avrdude_free(struct avrspi_avrdude *avrdude);

#endif
