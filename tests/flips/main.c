/* SPDX-License-Identifier: MIT */
#include "flips.h"

#include <stdio.h>

static const char *const names[EFFECTS] = {
    [EFFECT_ERASES] = "erases", [EFFECT_FUSES] = "fuses", [EFFECT_MEMORY] = "memory",
    [EFFECT_LOADS] = "loads",   [EFFECT_READS] = "reads",
};

int main(void)
{
    static struct group groups[MOST_GROUPS];
    static struct changes changes;
    struct avrspi_chips *chips;
    struct avrspi_error error;
    unsigned count;
    size_t n_groups;

    if (avrspi_chips_open(&chips, &error) < 0) {
        (void)fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    count = (unsigned)avrspi_chips_count(chips);
    n_groups = groups_find(chips, groups);
    for (size_t n = 0; n < n_groups; n++)
        changes_add(&changes, groups, n);
    (void)printf(
        "<!-- chips -->\n%u chips are built in, with %zu different sets of instructions.\n", count,
        n_groups);
    for (int effect = 0; effect < EFFECTS; effect++) {
        (void)printf("\n<!-- %s -->\n", names[effect]);
        table_print(&changes, (enum effect)effect, count);
    }
    avrspi_chips_close(chips);
    return n_groups == 0;
}
