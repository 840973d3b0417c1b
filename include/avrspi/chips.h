/* SPDX-License-Identifier: MIT */
/* The chips known: those built in, and those of the user's own files. */
#ifndef AVRSPI_CHIPS_H
#define AVRSPI_CHIPS_H

#include "avrspi/api.h"
#include "avrspi/chip.h"
#include "avrspi/error.h"

#ifdef __cplusplus
extern "C" {
#endif

struct avrspi_chips;

/* The chips built into the library. On success the caller closes *chips, after everything
 * that holds a chip of it. */
AVRSPI_API int avrspi_chips_open(struct avrspi_chips **chips, struct avrspi_error *error);

/* Frees them all; NULL is allowed. */
AVRSPI_API void avrspi_chips_close(struct avrspi_chips *chips);

/*
 * Adds the definitions of a file; one with the name of a chip that is known replaces it. The
 * file is read whole before anything is changed: AVRSPI_ERR_INPUT with file and line, and the
 * chips as they were.
 */
AVRSPI_API int avrspi_chips_add_file(struct avrspi_chips *chips, const char *path,
                                     struct avrspi_error *error);

/* The same for a text in memory; 'name' stands in messages. */
AVRSPI_API int avrspi_chips_add_text(struct avrspi_chips *chips, const char *name, const char *text,
                                     size_t size, struct avrspi_error *error);

/* Adds every *.conf of /etc/avrspi/chips, then of $XDG_CONFIG_HOME/avrspi/chips (or
 * ~/.config/avrspi/chips), in the order of their names. Folders that are not there are skipped.
 * Errors as avrspi_chips_add_file(); what was added before stays. */
AVRSPI_API int avrspi_chips_add_search_path(struct avrspi_chips *chips, struct avrspi_error *error);

/* How many chips there are, and the n-th in the order of their names, numbers by value; NULL
 * after the last. */
AVRSPI_API size_t avrspi_chips_count(const struct avrspi_chips *chips);
AVRSPI_API const struct avrspi_chip *avrspi_chips_at(const struct avrspi_chips *chips, size_t n);

/* The chip of that name, any case; the letters AT in front may be left out ("mega328p"), ATmega and
 * ATtiny shortened to a letter ("m328p", "t85"), and speed and package added ("atmega328p-au").
 * NULL when there is none. */
AVRSPI_API const struct avrspi_chip *avrspi_chips_find(const struct avrspi_chips *chips,
                                                       const char *name);

/* The known name nearest to one that was not found, for a hint; NULL when none is near. */
AVRSPI_API const char *avrspi_chips_nearest(const struct avrspi_chips *chips, const char *name);

/* The n-th chip with that signature, in the order of the list; NULL after the last. */
AVRSPI_API const struct avrspi_chip *
avrspi_chips_by_signature(const struct avrspi_chips *chips, const uint8_t signature[3], size_t n);

/*
 * Sets one field by name: "BODLEVEL=2.7V", "CKDIV8=off", "SUT_CKSEL=0x22". Parts of a field
 * ("CKSEL=2") and single bits ("BODLEVEL0=0", "LB2=1") have the datasheet's names. Names of
 * fields and values may be shortened to a beginning that no other has; a field that is called by
 * its whole name is preferred.
 *
 * By what it is for: "clock=internal-8MHz", "clock=16MHz-crystal", "clock=external";
 * "brownout=2.7V", "brownout=off"; "boot=512B", the size of the boot section in bytes;
 * "start=boot" or "start=application". These set every field that has a say in it.
 *
 * The byte that holds the field is changed and marked as given; the
 * rest of it must be right already. AVRSPI_ERR_USAGE with the choices in the hint.
 */
AVRSPI_API int avrspi_fuses_set(const struct avrspi_chip *chip, const char *assignment,
                                struct avrspi_fuses *fuses, struct avrspi_error *error);

/*
 * What an assignment of a bare number means in fuses that were set by it: "LB=3 is mode 1: no
 * lock". False, and the text as it was, for an assignment by name.
 */
AVRSPI_API bool avrspi_fuses_meaning(const struct avrspi_chip *chip, const char *assignment,
                                     const struct avrspi_fuses *fuses, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
