/* SPDX-License-Identifier: MIT */
/* The kernel has the types, and other names for the limits. */
#ifndef AVRSPI_TESTS_KERNEL_STDINT_H
#define AVRSPI_TESTS_KERNEL_STDINT_H

#include <linux/limits.h>
#include <linux/types.h>

#define UINT32_MAX       U32_MAX
#define UINT64_MAX       U64_MAX
#define UINT32_C(number) number##U
#define UINT64_C(number) number##ULL

#endif
