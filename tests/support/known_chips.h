/* SPDX-License-Identifier: MIT */
/* The chips built in, opened and closed around a group of tests. */
#ifndef AVRSPI_TESTS_SUPPORT_KNOWN_CHIPS_H
#define AVRSPI_TESTS_SUPPORT_KNOWN_CHIPS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "avrspi/chips.h"

static struct avrspi_chips *chips;

/* Loops over all chips, and fails with the name of the one that is off. */
#define FOR_EACH(chip)                                                                             \
    for (size_t n_ = 0; n_ < avrspi_chips_count(chips); n_++)                                      \
        for (const struct avrspi_chip *chip = avrspi_chips_at(chips, n_); chip; chip = NULL)

#define EXPECT(condition, chip, ...)                                                               \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            print_message("%s: ", (chip)->name);                                                   \
            fail_msg(__VA_ARGS__);                                                                 \
        }                                                                                          \
    } while (0)

static inline int open_chips(void **state)
{
    struct avrspi_error error;

    (void)state;
    if (avrspi_chips_open(&chips, &error) == 0)
        return 0;
    print_message("%s\n", error.message);
    return -1;
}

static inline int close_chips(void **state)
{
    (void)state;
    avrspi_chips_close(chips);
    return 0;
}

static inline const struct avrspi_chip *find_chip(const char *name)
{
    const struct avrspi_chip *chip = avrspi_chips_find(chips, name);

    if (!chip)
        fail_msg("no chip '%s'", name);
    return chip;
}

#endif
