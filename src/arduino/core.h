/* SPDX-License-Identifier: MIT */
/*
 * An Arduino core: a folder with boards.txt, mostly platform.txt beside it, and bootloaders.
 *
 *     properties.c   the lines of its files
 *     core.c         the files; boards and their menus
 *     select.c       one board with its menus' entries chosen
 *     tool.c         where the command lines of a board's tool are
 *     avrdude.c      the command lines in platform.txt
 *     bootloader.c   what burning the bootloader of a board does
 */
#ifndef AVRSPI_SRC_ARDUINO_CORE_H
#define AVRSPI_SRC_ARDUINO_CORE_H

#include "arduino/properties.h"
#include "avrspi/chip.h"

struct avrspi_core {
    char *folder; /* absolute, without links */
    char
        *files[4]; /* the names of boards.txt, boards.local.txt, platform.txt, platform.local.txt */
    struct avrspi_properties boards, platform;
    bool has_platform;
};

/* Reads a boards.txt and what stands beside it. All zero before; the caller closes it, also after
 * an error. AVRSPI_ERR_INPUT. */
int avrspi_core_open(struct avrspi_core *core, const char *boards_txt, struct avrspi_error *error);
void avrspi_core_close(struct avrspi_core *core);

/* The n-th board: the property with its name, "uno.name"; NULL after the last. 'id' gets "uno". */
const struct avrspi_property *avrspi_core_board(const struct avrspi_core *core, size_t n,
                                                char id[64]);

/* An entry of a board's menu that can be chosen: "cpu", "atmega328", "ATmega328P". */
struct avrspi_menu_entry {
    char menu[64], entry[64];
    const char *label;
};

/* The n-th of a board, menus and entries in the order of the file; false after the last. */
bool avrspi_core_menu_entry(const struct avrspi_core *core, const char *board, size_t n,
                            struct avrspi_menu_entry *entry);

/* --- select.c */

/*
 * Merges the properties of a board, with its menus' entries. 'board' is "nano",
 * "nano:cpu=atmega328" or "arduino:avr:nano:cpu=atmega328"; 'choices' are more, each
 * "cpu=atmega328,clock=16MHz". A menu that is not chosen has its first entry. *conflict (empty:
 * none) names a key that two menus set. The caller frees *merged. AVRSPI_ERR_USAGE with the names
 * that there are.
 */
int avrspi_core_select(const struct avrspi_core *core, const char *board,
                       const char *const *choices, size_t n_choices,
                       struct avrspi_properties *merged, char conflict[128],
                       struct avrspi_error *error);

/* --- tool.c */

enum {
    AVRSPI_CORE_TOOL = 128, /* room for "tools.NAME." */
};

/*
 * Finds the tool that a property names, "avrdude" or "PACKAGE:avrdude": *prefix gets "tools.NAME.".
 * What a platform.txt of another core has for it is added to 'merged'. AVRSPI_ERR_INPUT, naming the
 * platform.txt that was looked for.
 */
int avrspi_core_tool(const struct avrspi_core *core, struct avrspi_properties *merged,
                     const struct avrspi_property *property, char prefix[AVRSPI_CORE_TOOL],
                     struct avrspi_error *error);

/* --- bootloader.c */

/* What burning a bootloader comes to. */
struct avrspi_bootloader {
    char *chip; /* build.mcu */
    bool erase;
    struct avrspi_fuses fuses; /* and lock bits; those that are not given stay */
    char *flash, *eeprom;      /* files inside the core's folder; NULL: none */
};

/*
 * Works out what the recipes of platform.txt (tools.TOOL.erase.pattern and bootloader.pattern) do,
 * or, without a platform.txt, the usual: erase, fuses, file, lock bits. Lock bits that are all 1
 * are left out: only an erase clears them. AVRSPI_ERR_INPUT with file, line and key;
 * AVRSPI_ERR_USAGE for a tool that is not avrdude. The caller frees it.
 */
int avrspi_core_bootloader(const struct avrspi_core *core, struct avrspi_properties *merged,
                           const char *other_file, struct avrspi_bootloader *bootloader,
                           struct avrspi_error *error);
void avrspi_bootloader_free(struct avrspi_bootloader *bootloader);

#endif
