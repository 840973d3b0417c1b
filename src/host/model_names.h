/* SPDX-License-Identifier: MIT */
/* Models by what people call them. */
#ifndef AVRSPI_SRC_HOST_MODEL_NAMES_H
#define AVRSPI_SRC_HOST_MODEL_NAMES_H

#include "host/models.h"

/*
 * The n-th, from 0, of the models that a name may mean, each name of a model once: "pi4", "pi0w",
 * "Raspberry Pi Zero 2 W", "zero 2", "beaglebone". A name in full and one in common use mean one
 * model; any other those whose names, or words of their names, begin with it. NULL after the last.
 */
const struct avrspi_host_model *avrspi_host_model_named(const char *name, size_t n);

#endif
