/* SPDX-License-Identifier: MIT */
#include "avrspi/version.h"

const char *avrspi_version(void)
{
    return AVRSPI_VERSION_STRING;
}
