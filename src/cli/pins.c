/* SPDX-License-Identifier: MIT */
#include "cli/pins.h"

#include <string.h>

#include "base/text.h"

/* "3(UVCC)" has a name of its own, any other pin that of the signal. */
static json_t *pin_json(const struct avrspi_chip *chip, enum avrspi_signal signal, const char *word,
                        size_t size)
{
    const char *port = avrspi_chip_port(chip, signal);
    const char *alias = avrspi_chip_signal_alias(chip, signal);
    const char *bracket = memchr(word, '(', size);
    const size_t bare = bracket ? (size_t)(bracket - word) : size;
    json_t *pin = json_pack("{s:s%}", "pin", word, bare);

    if (*port)
        (void)json_object_set_new(pin, "port", json_string(port));
    if (bracket)
        (void)json_object_set_new(pin, "alias", json_stringn(bracket + 1, size - bare - 2));
    else if (*alias)
        (void)json_object_set_new(pin, "alias", json_string(alias));
    return pin;
}

static json_t *package_json(const struct avrspi_chip *chip, const struct avrspi_package *package)
{
    json_t *signals = json_object();

    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        const enum avrspi_signal signal = (enum avrspi_signal)n;
        const char *rest = package->pins[n], *word;
        json_t *pins = json_array();
        size_t size;

        while ((word = avrspi_text_word(&rest, &size)) != NULL)
            (void)json_array_append_new(pins, pin_json(chip, signal, word, size));
        if (json_array_size(pins))
            (void)json_object_set(signals, avrspi_signal_name(signal), pins);
        json_decref(pins);
    }
    return json_pack("{s:s, s:o}", "package", package->name, "pins", signals);
}

json_t *pins_packages_json(const struct avrspi_chip *chip)
{
    const struct avrspi_package *package;
    json_t *packages = json_array();

    for (size_t n = 0; (package = avrspi_chip_package(chip, n)) != NULL; n++)
        (void)json_array_append_new(packages, package_json(chip, package));
    return packages;
}
