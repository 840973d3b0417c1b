/* SPDX-License-Identifier: MIT */
/* Finding a line: what does not depend on the version of libgpiod. */
#include "link/find.h"

#include <gpiod.h>

int avrspi_line_find(struct avrspi_line_found *found, const struct avrspi_line_words *words,
                     struct avrspi_error *error)
{
    struct avrspi_line_at at = {.name = ""};
    int result;

    *found = (struct avrspi_line_found){.chip = NULL};
    if (!avrspi_line_look(found, words, &at))
        return avrspi_line_fail_find(words, error);
    avrspi_line_say(&found->names, words, &at, found->chip_name, found->label, found->offset);
    result = avrspi_line_check_bus(&found->names, found->label, found->offset, error);
    if (result < 0)
        avrspi_line_drop(found);
    return result;
}

void avrspi_line_drop(struct avrspi_line_found *found)
{
    if (found->chip)
        gpiod_chip_close(found->chip);
    found->chip = NULL;
}
