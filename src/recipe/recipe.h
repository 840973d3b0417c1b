/* SPDX-License-Identifier: MIT */
/*
 * A recipe: what a product's chip is to hold, and what is checked, as an INI file.
 * avrspi-recipe(5) describes it.
 *
 *     recipe.c     the file: sections, keys, values
 *     contents.c   what it has for one chip
 *     fuses.c      its fuses and lock bits
 *     serial.c     the serial number of a unit, among the rest
 *     write.c      a recipe as text
 */
#ifndef AVRSPI_SRC_RECIPE_RECIPE_H
#define AVRSPI_SRC_RECIPE_RECIPE_H

#include "avrspi/chips.h"
#include "avrspi/contents.h"
#include "record/serial.h"

/* A line of the file. */
struct avrspi_recipe_line {
    char *key, *value;
    unsigned line; /* from 1; 0: there is none */
};

struct avrspi_recipe_lines {
    struct avrspi_recipe_line *at;
    size_t count;
};

/* All zero before it is read. Texts that are not there are NULL, numbers 0. */
struct avrspi_recipe {
    char *name;                       /* of the file, for messages */
    char *folder;                     /* that paths in it begin from, "" for here */
    struct avrspi_recipe_lines chips; /* a name each */
    struct avrspi_recipe_lines firmware, flash, eeprom; /* a file each */
    struct avrspi_recipe_lines fuses, lock;
    struct avrspi_recipe_line before, after, record, log;
    struct avrspi_serial_rule serial;
    struct avrspi_recipe_line serial_at; /* its first key; NULL without [serial] */
    unsigned signature_line;             /* 0: no signature is expected */
    uint8_t signature[3];
    uint32_t supply_mv, clock_hz;
    bool erase, keep_eeprom, keep_boot, check_blank, check_calibration;
    uint8_t least_calibration, most_calibration;
};

/* Reads a recipe. AVRSPI_ERR_INPUT with file, line and key. The caller frees it, also after an
 * error. */
int avrspi_recipe_read(struct avrspi_recipe *recipe, const char *path, struct avrspi_error *error);

/* The same of a text in memory, as the file 'name'. */
int avrspi_recipe_parse(struct avrspi_recipe *recipe, const char *name, const char *text,
                        size_t size, struct avrspi_error *error);
void avrspi_recipe_free(struct avrspi_recipe *recipe);

/* Whether a text is a recipe, and no firmware: its first line that is neither blank nor a comment
 * is a section header. */
bool avrspi_recipe_is_one(const char *text, size_t size);

/* A path in the recipe, from its folder on. The caller frees it; NULL when out of memory. */
char *avrspi_recipe_path(const struct avrspi_recipe *recipe, const char *path);

/* Fills 'error' with another, as found in a line: "NAME:12: flash: ...". Returns its code, with
 * AVRSPI_ERR_INPUT in place of AVRSPI_ERR_USAGE. */
int avrspi_recipe_fail(struct avrspi_error *error, const struct avrspi_recipe *recipe,
                       const struct avrspi_recipe_line *line, const struct avrspi_error *reason);

/* --- contents.c */

/*
 * The n-th chip of the recipe; NULL after the last. Their names are known, their signatures
 * differ, and are the one that is expected: avrspi_recipe_check_chips() says so, or what is wrong.
 */
const struct avrspi_chip *avrspi_recipe_chip(const struct avrspi_recipe *recipe,
                                             const struct avrspi_chips *chips, size_t n);
int avrspi_recipe_check_chips(const struct avrspi_recipe *recipe, const struct avrspi_chips *chips,
                              struct avrspi_error *error);

/* Reads the recipe's files, and makes what the chip is to hold of them, of fuses and lock bits. The
 * caller frees *contents, which are NULL after an error. */
int avrspi_recipe_contents(const struct avrspi_recipe *recipe, const struct avrspi_chips *chips,
                           const struct avrspi_chip *chip, struct avrspi_contents **contents,
                           struct avrspi_error *error);

/* --- serial.c */

/*
 * A copy of contents, with a serial number where the recipe has it. AVRSPI_ERR_INPUT where that is
 * not in the chip's memory, or a file has something there. The caller frees *with.
 */
int avrspi_recipe_serial(const struct avrspi_recipe *recipe, const struct avrspi_chip *chip,
                         const struct avrspi_contents *contents, const char *number, int64_t unit,
                         struct avrspi_contents **with, struct avrspi_error *error);

/* --- fuses.c */

/* The bytes that the recipe gives for a chip. A field is set in the byte that the recipe gives,
 * else in the chip's factory value. */
int avrspi_recipe_fuses(const struct avrspi_recipe *recipe, const struct avrspi_chip *chip,
                        struct avrspi_fuses *fuses, struct avrspi_error *error);

#endif
