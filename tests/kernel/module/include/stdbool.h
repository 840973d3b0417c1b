/* SPDX-License-Identifier: MIT */
/* The kernel has size_t, NULL, bool, true and false in its own header. */
#include <linux/stddef.h>
#include <linux/types.h>
