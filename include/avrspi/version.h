/* SPDX-License-Identifier: MIT */
/* The version of the library: of the headers that a program is compiled with, and of the library
 * that it runs with. CMakeLists.txt reads it here. */
#ifndef AVRSPI_VERSION_H
#define AVRSPI_VERSION_H

#include "avrspi/api.h"

#ifdef __cplusplus
extern "C" {
#endif

#define AVRSPI_VERSION_MAJOR  0
#define AVRSPI_VERSION_MINOR  1
#define AVRSPI_VERSION_PATCH  0
#define AVRSPI_VERSION_STRING "0.1.0"

/* The version of the library that is running, as "0.1.0"; AVRSPI_VERSION_STRING is that of the
 * headers. Static text. */
AVRSPI_API const char *avrspi_version(void);

#ifdef __cplusplus
}
#endif
#endif
