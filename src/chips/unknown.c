/* SPDX-License-Identifier: MIT */
/* The words for a chip that is not known: the nearest one, or how it is programmed instead. */
#include "chips/unknown.h"

#include <fnmatch.h>

#include "base/error.h"
#include "chips/set.h"

/* AVRs without SPI programming, as patterns of their names without "AT" in front: by the
 * 'Programming' chapters of their datasheets. Only a name that no chip has is looked for. */
static const struct {
    const char *pattern, *interface, *tools;
} foreign[] = {
    {"tiny[459]", "TPI", "avrdude with a programmer that has TPI"},
    {"tiny[124]0", "TPI", "avrdude with a programmer that has TPI"},
    {"tiny10[24]", "TPI", "avrdude with a programmer that has TPI"},
    {"tiny[248][0-2][24567]", "UPDI", "pymcuprog, or avrdude -c serialupdi"},
    {"tiny16[0-2][467]", "UPDI", "pymcuprog, or avrdude -c serialupdi"},
    {"tiny32[12][467]", "UPDI", "pymcuprog, or avrdude -c serialupdi"},
    {"mega80[89]", "UPDI", "pymcuprog, or avrdude -c serialupdi"},
    {"mega160[89]", "UPDI", "pymcuprog, or avrdude -c serialupdi"},
    {"mega320[89]", "UPDI", "pymcuprog, or avrdude -c serialupdi"},
    {"mega480[89]", "UPDI", "pymcuprog, or avrdude -c serialupdi"},
    {"avr[1-9]*[des][abdu]*", "UPDI", "pymcuprog, or avrdude -c serialupdi"},
    {"xmega*", "PDI", "avrdude with a programmer that has PDI"},
};

static bool is_foreign(const char *name, struct avrspi_error *error)
{
    const char *part = avrspi_chip_short_name(name);

    for (size_t n = 0; n < sizeof foreign / sizeof *foreign; n++) {
        if (fnmatch(foreign[n].pattern, part, FNM_CASEFOLD) != 0)
            continue;
        avrspi_hint(error, "it is programmed by %s, not by SPI: %s", foreign[n].interface,
                    foreign[n].tools);
        return true;
    }
    return false;
}

void avrspi_chips_suggest(const struct avrspi_chips *chips, const char *name,
                          struct avrspi_error *error)
{
    const char *nearest;

    if (is_foreign(name, error))
        return;
    nearest = avrspi_chips_nearest(chips, name);
    if (nearest)
        avrspi_hint(error, "did you mean '%s'?", nearest);
    else
        avrspi_hint(error, "names are such as ATmega328P, mega328p or m328p");
    avrspi_advise(error, AVRSPI_ADVICE_LIST_CHIPS, NULL);
}

int avrspi_chips_fail_unknown(const struct avrspi_chips *chips, const char *name,
                              const char *origin, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "unknown chip '%.200s'%s", name, origin);
    avrspi_chips_suggest(chips, name, error);
    return AVRSPI_ERR_USAGE;
}
