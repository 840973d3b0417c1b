/* SPDX-License-Identifier: MIT */
/* The inside of a set of chips, for src/chips only. */
#ifndef AVRSPI_SRC_CHIPS_SET_H
#define AVRSPI_SRC_CHIPS_SET_H

#include "avrspi/chips.h"
#include "chips/record.h"
#include "arena.h"

/* Facts that a definition gives: the first four it must have; inherited ones count. */
enum avrspi_fact {
    AVRSPI_FACT_SIGNATURE = 1 << 0,
    AVRSPI_FACT_FLASH_SIZE = 1 << 1,
    AVRSPI_FACT_FLASH_PAGE = 1 << 2,
    AVRSPI_FACT_MASKS = 1 << 3,
    /* not needed, but what is not given may be taken from elsewhere (complete.c) */
    AVRSPI_FACT_RDY_BSY = 1 << 4,
    AVRSPI_FACT_NO_ECHO = 1 << 5,
    AVRSPI_FACT_PULSE = 1 << 6,
    AVRSPI_FACT_POWER_CYCLE = 1 << 7,
    AVRSPI_FACT_WAIT_FLASH = 1 << 8,
    AVRSPI_FACT_WAIT_EEPROM = 1 << 9,
    AVRSPI_FACT_WAIT_FUSE = 1 << 10,
    AVRSPI_FACT_WAIT_ERASE = 1 << 11,
    AVRSPI_FACT_FACTORY_CLOCK = 1 << 12,
    AVRSPI_FACT_LOW_DEFAULT = 1 << 13, /* high and ext are the next two */
    AVRSPI_FACT_DEFAULTS = 7 << 13,
    AVRSPI_FACT_MAX_SCK = 1 << 16,
    AVRSPI_FACT_SWITCHES_CLOCK = 1 << 17,
};

/* A chip, and which parts of it its file gave: 'like' inherits both. */
struct avrspi_definition {
    struct avrspi_chip chip;
    uint32_t facts;                       /* AVRSPI_FACT_... that were given */
    uint32_t instructions;                /* bit n: instruction n is the chip file's, not derived */
    bool is_like;                         /* began with a chip that leaves nothing out */
    const struct avrspi_chip *as_written; /* without what was taken from elsewhere; NULL: nothing */
    struct avrspi_definition *next;       /* the one before it in its file */
};

/* A section [values NAME]. */
struct avrspi_list {
    const char *name;
    const struct avrspi_value *values;
    size_t n_values;
    const struct avrspi_list *next; /* the one before it in its file */
};

/* What a file adds, and the memory that holds it. */
struct avrspi_chip_file {
    struct avrspi_arena arena;
    struct avrspi_definition *definitions; /* the last of the file first */
    const struct avrspi_list *lists;
    size_t n_definitions;
    bool built_in;
    struct avrspi_chip_file *next; /* the one that was added before */
};

struct avrspi_entry {
    struct avrspi_definition *definition;
    size_t age; /* counts up */
};

struct avrspi_chips {
    struct avrspi_chip_file *files; /* the last that was added first */
    struct avrspi_entry *entries;   /* by name; while built-in files are read as they come */
    size_t count;
    size_t added;
};

/* A chip file that is part of the program. */
struct avrspi_builtin {
    const char *name; /* "chips/attiny.conf" */
    const char *text;
    size_t size;
};

/* In the order of their names; made from chips/ by cmake/embed.cmake. */
extern const struct avrspi_builtin avrspi_builtins[];
extern const size_t avrspi_builtins_count;

/* The definition and the list of values of a name that a file has, any case; NULL for none. */
struct avrspi_definition *avrspi_file_definition(const struct avrspi_chip_file *file,
                                                 const char *name);
const struct avrspi_list *avrspi_file_list(const struct avrspi_chip_file *file, const char *name);

/* A name without the letters AT in front. */
const char *avrspi_chip_short_name(const char *name);

/* The definition of a name, any case, the letters AT optional; NULL for none. */
const struct avrspi_definition *avrspi_chips_definition(const struct avrspi_chips *chips,
                                                        const char *name);

#endif
