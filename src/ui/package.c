/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "ui/wiring.h"

static bool is_kind(const char *package, const char *kind)
{
    const size_t size = strlen(kind);

    return strncmp(package, kind, size) == 0 && package[size] == '-';
}

bool ui_shape_of(const char *package, struct ui_shape *shape)
{
    static const char *const quads[] = {"TQFP", "QFN", "PLCC"};
    static const char *const duals[] = {"PDIP", "SOIC", "SSOP", "TSSOP"};
    const char *dash = strrchr(package, '-');
    bool quad = false, dual = false;
    uint32_t pins;

    for (size_t n = 0; n < sizeof quads / sizeof *quads; n++)
        quad |= is_kind(package, quads[n]);
    for (size_t n = 0; n < sizeof duals / sizeof *duals; n++)
        dual |= is_kind(package, duals[n]);
    if (!(quad || dual) ||
        !avrspi_number_parse_within(dash + 1, strlen(dash + 1), 2, UINT16_MAX, &pins))
        return false;
    quad &= pins % 4 == 0; /* a QFN of ten pins has two rows */
    *shape = (struct ui_shape){
        .pins = pins,
        .per_side = quad ? pins / 4 : pins / 2,
        .first = is_kind(package, "PLCC") ? pins / 8 + 2 : 1,
        .quad = quad,
    };
    return true;
}

unsigned ui_shape_pin(const struct ui_shape *shape, enum ui_side side, unsigned n)
{
    const unsigned before = !shape->quad && side == UI_SIDE_RIGHT
                                ? shape->per_side
                                : (unsigned)side * shape->per_side; /* counter-clockwise */
    const bool upwards = side == UI_SIDE_RIGHT || side == UI_SIDE_TOP;
    const unsigned place = before + (upwards ? shape->per_side - 1 - n : n);

    return (shape->first - 1 + place) % shape->pins + 1;
}

/* Whether a word, "3" or "3(UVCC)", is that pin. */
static bool is_pin(const char *word, size_t size, unsigned pin)
{
    const char *bracket = memchr(word, '(', size);
    uint64_t number;

    return avrspi_number_parse_digits(word, bracket ? (size_t)(bracket - word) : size, 10,
                                      &number) &&
           number == pin;
}

static void name_pin(const struct ui_wiring *wiring, enum avrspi_signal signal, const char *word,
                     size_t size, char name[16])
{
    const char *bracket = memchr(word, '(', size);
    const char *alias = avrspi_chip_signal_alias(wiring->chip, signal);

    if (bracket)
        (void)snprintf(name, 16, "%.*s", (int)(word + size - bracket - 2), bracket + 1);
    else if (strncmp(alias, avrspi_signal_name(signal), strlen(avrspi_signal_name(signal))) == 0)
        (void)snprintf(name, 16, "%s", alias); /* "MOSI_A" says it all */
    else
        (void)snprintf(name, 16, "%s%s%s", avrspi_signal_name(signal), *alias ? "/" : "", alias);
}

bool ui_wiring_signal(const struct ui_wiring *wiring, unsigned pin, enum avrspi_signal *signal,
                      char name[16])
{
    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        const char *rest = wiring->package->pins[n], *word;
        size_t size;

        while ((word = avrspi_text_word(&rest, &size)) != NULL) {
            if (!is_pin(word, size, pin))
                continue;
            *signal = (enum avrspi_signal)n;
            name_pin(wiring, *signal, word, size, name);
            return true;
        }
    }
    return false;
}
