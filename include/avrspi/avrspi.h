/* SPDX-License-Identifier: MIT */
/* All of libavrspi. */
#ifndef AVRSPI_AVRSPI_H
#define AVRSPI_AVRSPI_H

#include "avrspi/api.h"
#include "avrspi/chip.h"
#include "avrspi/chips.h"
#include "avrspi/contents.h"
#include "avrspi/error.h"
#include "avrspi/event.h"
#include "avrspi/image.h"
#include "avrspi/job.h"
#include "avrspi/link.h"
#include "avrspi/rules.h"
#include "avrspi/session.h"
#include "avrspi/version.h"

#endif
