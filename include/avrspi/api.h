/* SPDX-License-Identifier: MIT */
/* Marks what the shared library exports: exactly the functions of these headers. */
#ifndef AVRSPI_API_H
#define AVRSPI_API_H

#ifdef __GNUC__
#define AVRSPI_API __attribute__((visibility("default")))
#else
#define AVRSPI_API
#endif

#endif
