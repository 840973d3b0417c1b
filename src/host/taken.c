/* SPDX-License-Identifier: MIT */
/* Which settings of config.txt take lines of a Raspberry Pi's header, or the first SPI bus. */
#include <string.h>

#include "host/boot_config.h"
#include "host/lines.h"
#include "host/wires.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* --- what is switched on or off, by the last word on it */

/* Rows with the same lines are names of one thing: README of the overlays in raspberrypi/linux,
 * 'The base DTB', and the documentation of config.txt. The first Model B has the two I2C buses the
 * other way round. */
static const struct toggle {
    const char *key, *parameter; /* NULL: the setting's value is 1 or 0 */
    uint32_t lines;
} toggles[] = {
    {"enable_jtag_gpio", NULL, LINES(22, 27)},
    {"enable_uart", NULL, LINES(14, 15)}, /* of a Raspberry Pi 5 it may be the debug connector */
    {"dtparam", "i2s", I2S},
    {"dtparam", "i2c_arm", LINES(2, 3)},
    {"dtparam", "i2c", LINES(2, 3)},
    {"dtparam", "i2c1", LINES(2, 3)},
    {"dtparam", "i2c_vc", LINES(0, 1)},
    {"dtparam", "i2c0", LINES(0, 1)},
    {"dtparam", "spi", LINES(7, 8)}, /* beside its wires: the chip selects */
};

enum word {
    SAYS_NOTHING,
    SAYS_OFF,
    SAYS_ON,
};

static enum word says(const struct avrspi_host_setting *setting, const struct toggle *toggle)
{
    char value[32];
    bool on;

    if (strcmp(setting->key, toggle->key) != 0)
        return SAYS_NOTHING;
    if (!toggle->parameter)
        on = strcmp(setting->value, "1") == 0;
    else if (avrspi_host_parameter(setting->value, toggle->parameter, value))
        on = avrspi_host_is_on(value);
    else
        return SAYS_NOTHING;
    return on ? SAYS_ON : SAYS_OFF;
}

static bool is_said_again(const struct avrspi_host_boot_config *config, size_t n, uint32_t lines)
{
    while (++n < config->n_settings)
        for (size_t at = 0; at < LENGTH(toggles); at++)
            if (toggles[at].lines == lines && says(&config->settings[n], &toggles[at]))
                return true;
    return false;
}

/* An overlay of its own says which chip selects the first bus has. */
static bool has_selects_of_its_own(const struct avrspi_host_boot_config *config)
{
    static const char *const names[] = {"spi0-0cs", "spi0-1cs", "spi0-2cs", "spi0-cs"};

    for (size_t n = 0; n < config->n_settings; n++)
        for (size_t at = 0; at < LENGTH(names); at++)
            if (avrspi_host_overlay_is(&config->settings[n], names[at]))
                return true;
    return false;
}

static uint32_t lines_of_toggles(const struct avrspi_host_boot_config *config, size_t n)
{
    uint32_t lines = 0;

    for (size_t at = 0; at < LENGTH(toggles); at++) {
        const struct toggle *toggle = &toggles[at];
        const bool is_spi = toggle->parameter && strcmp(toggle->parameter, "spi") == 0;

        if (says(&config->settings[n], toggle) == SAYS_ON &&
            !is_said_again(config, n, toggle->lines) && !(is_spi && has_selects_of_its_own(config)))
            lines |= toggle->lines;
    }
    return lines;
}

/* --- all of it */

/* What leaves a line free that is a chip select of the first bus by this setting. */
static const char *instead_of(const struct avrspi_host_setting *setting, unsigned line)
{
    static const char prefix[] = "spi0-";
    const bool is_bus = strcmp(setting->key, "dtparam") == 0 ||
                        strncmp(setting->value, prefix, strlen(prefix)) == 0;
    const int select = is_bus ? avrspi_host_chip_select(line) : -1;

    return select >= 0 ? avrspi_host_frees_select(0, (unsigned)select) : NULL;
}

static bool takes(const struct avrspi_host_boot_config *config, size_t n, int reset,
                  struct avrspi_host_taken *taken)
{
    const struct avrspi_host_setting *setting = &config->settings[n];
    uint32_t wanted = LINES(FIRST_WIRE, LAST_WIRE), lines;

    if (reset >= 0 && reset < HEADER_LINES)
        wanted |= LINE(reset);
    lines = (avrspi_host_overlay_lines(config, n) | lines_of_toggles(config, n)) & wanted;
    *taken = (struct avrspi_host_taken){.by = *setting};
    if (!lines) {
        taken->bus = avrspi_host_overlay_has_device(setting);
        return taken->bus;
    }
    while (!(lines & LINE(taken->line)))
        taken->line++;
    taken->instead = instead_of(setting, taken->line);
    return true;
}

bool avrspi_host_boot_config_taken(const struct avrspi_host_boot_config *config, int reset,
                                   size_t n, struct avrspi_host_taken *taken)
{
    for (size_t at = 0; at < config->n_settings; at++)
        if (takes(config, at, reset, taken) && n-- == 0)
            return true;
    return false;
}
