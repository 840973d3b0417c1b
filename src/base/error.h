/* SPDX-License-Identifier: MIT */
/* Filling a struct avrspi_error: for the code of the library, not for its users. */
#ifndef AVRSPI_SRC_BASE_ERROR_H
#define AVRSPI_SRC_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "avrspi/error.h"

/*
 * Fills 'error' (NULL is allowed) with a code and a message, clears the hint, and returns
 * the code, so that a failing function can end in 'return avrspi_fail(...)'.
 */
__attribute__((format(printf, 3, 4))) int
avrspi_fail(struct avrspi_error *error, enum avrspi_err code, const char *format, ...);

/* The same for a failed system call: keeps errno, and adds its text after ": ". */
__attribute__((format(printf, 3, 4))) int
avrspi_fail_errno(struct avrspi_error *error, enum avrspi_err code, const char *format, ...);

/* The same with a message that begins with a name, as in "NAME:12: expected ...". Of a name that is
 * too long for it the message has "..." and the end. */
__attribute__((format(printf, 4, 5))) int avrspi_fail_named(struct avrspi_error *error,
                                                            enum avrspi_err code, const char *name,
                                                            const char *format, ...);

/* Out of memory. */
int avrspi_fail_memory(struct avrspi_error *error);

/* Gives an error already filled a hint, and adds to the one that it has. */
__attribute__((format(printf, 2, 3))) void avrspi_hint(struct avrspi_error *error,
                                                       const char *format, ...);
__attribute__((format(printf, 2, 3))) void avrspi_hint_add(struct avrspi_error *error,
                                                           const char *format, ...);

/* Adds a choice to a hint that ends with a colon, or with other choices: "one of: a, b". */
void avrspi_hint_choice(struct avrspi_error *error, const char *choice);

/* Adds one of several causes to a hint, the n-th from 1 on, on a line of its own. */
void avrspi_hint_cause(struct avrspi_error *error, unsigned n, const char *cause);

/* The n-th of those; false where there is none. The first, or the first line of a hint without. */
bool avrspi_hint_nth(const struct avrspi_error *error, unsigned n, char *text, size_t size);
void avrspi_hint_first(const struct avrspi_error *error, char *text, size_t size);

/* Adds advice to an error already filled; 'subject' may be NULL. */
void avrspi_advise(struct avrspi_error *error, enum avrspi_advice advice, const char *subject);

#endif
