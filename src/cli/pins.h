/* SPDX-License-Identifier: MIT */
/* The pins of a chip's packages, for people and programs. */
#ifndef AVRSPI_SRC_CLI_PINS_H
#define AVRSPI_SRC_CLI_PINS_H

#include <jansson.h>

#include "avrspi/chip.h"

/* [{"package": "PDIP-28", "pins": {"MOSI": [{"pin": "17", "port": "PB3"}], ...}}, ...] */
json_t *pins_packages_json(const struct avrspi_chip *chip);

#endif
