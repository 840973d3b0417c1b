/* SPDX-License-Identifier: MIT */
/* What port.c and fault.c share: values of words, and the faults among them. */
#ifndef AVRSPI_SRC_SIMHOST_WORDS_H
#define AVRSPI_SRC_SIMHOST_WORDS_H

#include "simhost/simhost.h"

enum {
    AVRSPI_SIM_HIGHEST_HZ = 100000000,
};

/* --- port.c: AVRSPI_ERR_USAGE says what was expected for 'key' */

int avrspi_sim_bad_value(struct avrspi_error *error, const char *key, const char *expected,
                         const char *found);
int avrspi_sim_parse_number(const char *key, const char *value, uint32_t least, uint32_t most,
                            uint32_t *number, struct avrspi_error *error);

/* --- fault.c */

/* Adds a fault: NAME, NAME:ARGUMENT or NAME~ARGUMENT, taken apart in place. */
int avrspi_sim_add_fault(struct avrspi_sim_port *port, char *text, struct avrspi_error *error);

#endif
