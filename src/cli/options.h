/* SPDX-License-Identifier: MIT */
/* Every option there is: one row feeds getopt, the config, --help, and the check of the man page.
 */
#ifndef AVRSPI_SRC_CLI_OPTIONS_H
#define AVRSPI_SRC_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "avrspi/chip.h"
#include "avrspi/error.h"

enum option_id {
    OPT_END, /* ends a list; no option */

    /* of every command */
    OPT_PORT,
    OPT_RESET,
    OPT_CHIP,
    OPT_CHIPS,
    OPT_SPEED,
    OPT_FCPU,
    OPT_VCC,
    OPT_XTAL,
    OPT_XTAL_PIN,
    OPT_NO_PROBE,
    OPT_TRACE,
    OPT_DRY_RUN,
    OPT_JSON,
    OPT_QUIET,
    OPT_VERBOSE,
    OPT_COLOR,
    OPT_PLAIN,
    OPT_FORCE,
    OPT_HELP,
    OPT_VERSION,
    OPT_LAST_GLOBAL = OPT_VERSION,

    /* of some */
    OPT_KEEP_EEPROM,
    OPT_KEEP_BOOT,
    OPT_LOW,
    OPT_HIGH,
    OPT_EXT,
    OPT_LOCK,
    OPT_SET,
    OPT_DEFAULT,
    OPT_LIST,
    OPT_CALC,
    OPT_VERIFY,
    OPT_NO_VERIFY,
    OPT_NO_ERASE,
    OPT_UPDATE,
    OPT_TURBO,
    OPT_FULL,
    OPT_MEMORY,
    OPT_OUTPUT,
    OPT_FORMAT,
    OPT_AT,
    OPT_RANGE,
    OPT_FIRST_IMAGE,
    OPT_BOARDS,
    OPT_MENU,
    OPT_BOOT_FILE,
    OPT_SHOW,
    OPT_CHECK,
    OPT_FROM_TARGET,
    OPT_RECORD,
    OPT_LOG,
    OPT_REPEAT,
    OPT_COUNT,
    OPT_START,
    OPT_STATION,
    OPT_BENCH,
    OPT_SINCE,
    OPT_UNTIL,
    OPT_OF_STATION,
    OPT_CSV,
    OPT_HTML,
    OPT_TWICE,
    OPT_SIGNATURE,
    OPT_SVG,
    OPT_BOARD,
    OPT_PLUG,
    OPT_PACKAGE,
    OPT_KEEP,
    OPTIONS,
};

/* What an option's argument is, and the type of the member of struct config that takes it. */
enum option_type {
    OPTION_FLAG,      /* bool; no argument, but in a file or a variable "yes" or "no" */
    OPTION_TEXT,      /* const char * */
    OPTION_FILE,      /* const char *: a file that is read */
    OPTION_OUTPUT,    /* const char *: a file that is written, "-" for standard output */
    OPTION_TEXTS,     /* struct config_texts: may be given again and again */
    OPTION_NUMBER,    /* uint32_t */
    OPTION_FREQUENCY, /* uint32_t, Hz */
    OPTION_VOLTAGE,   /* uint32_t, millivolts */
    OPTION_CHOICE,    /* an enum */
    OPTION_FUSE,      /* struct avrspi_fuses: one byte of it */
    OPTION_RANGE,     /* struct config_range */
    OPTION_SIGNATURE, /* struct config_signature */
    OPTION_TYPES,
};

/* The n-th word of a choice, and the value that it stands for; NULL after the last. */
typedef const char *option_words(size_t n, int *value);

struct option_row {
    const char *name;
    const char *argument; /* as help shows it; NULL for a flag */
    const char *help;
    const char *variable; /* the environment variable that may give it, or NULL */
    option_words *words;  /* OPTION_CHOICE */
    size_t offset;        /* of the member of struct config */
    const char *implied;  /* OPTION_CHOICE: the word that is meant when none is given */
    enum option_type type;
    uint32_t most;         /* OPTION_NUMBER: the largest */
    enum avrspi_fuse fuse; /* OPTION_FUSE */
    bool automatic;        /* OPTION_FREQUENCY: takes 'auto' too, which is 0 */
    bool setting;          /* may stand in a configuration file, under its name */
    char letter;           /* 0: none */
};

extern const struct option_row option_rows[OPTIONS];

/* Who gave an option; the later wins. */
enum option_source {
    FROM_NOWHERE, /* not given */
    FROM_FILE,
    FROM_ENVIRONMENT,
    FROM_COMMAND_LINE,
};

struct config;

/*
 * Parses the argument of an option (NULL for a flag) and stores it in the config, unless that has
 * it from a source that wins: then it is only checked. AVRSPI_ERR_USAGE when it is malformed. Texts
 * are kept by reference.
 */
int option_set(struct config *config, enum option_id id, enum option_source source,
               const char *text, struct avrspi_error *error);

/* The same by a row, into a config, without regard to what the config has. */
int option_store(const struct option_row *row, struct config *config, const char *text,
                 struct avrspi_error *error);

/* An option as a command takes it. */
struct option_use {
    enum option_id id;
    const char *help; /* what it does there, NULL: what its row says */
};

/*
 * Parses the options of every command, and those of 'own' (up to OPT_END), wherever they stand;
 * without 'own' (NULL), up to the first argument that is none. *rest is the index of the first
 * argument. Goes on after an error, so that the config has the other options, such as --json;
 * the first error is the one reported.
 */
int options_parse(struct config *config, const struct option_use *own, int argc, char **argv,
                  int *rest, struct avrspi_error *error);

#endif
