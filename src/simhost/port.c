/* SPDX-License-Identifier: MIT */
/*
 * The words of a "sim:" port: CHIP[,key=value...].
 *
 * A value has no comma in it, and the path of a state file neither.
 */
#include "simhost/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/number.h"
#include "chips/unknown.h"

enum {
    DEFAULT_TRANSFER = 4096, /* spidev's bufsiz by default */
    LARGEST_TRANSFER = 1048576,
    LARGEST_OVERHEAD_US = 1000000,
    LONGEST_IDLE_MS = 600000,
    LARGEST_CLKPR = 256,
    LONGEST_FALL_MS = 60000,
    CRYSTAL = 16000000,
    OLD_CRYSTAL = 4000000, /* of parts that leave the factory without a clock of their own */
};

int avrspi_sim_bad_value(struct avrspi_error *error, const char *key, const char *expected,
                         const char *found)
{
    return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected %s for '%s', found '%s'", expected, key,
                       found);
}

int avrspi_sim_parse_number(const char *key, const char *value, uint32_t least, uint32_t most,
                            uint32_t *number, struct avrspi_error *error)
{
    char expected[64];

    if (avrspi_number_parse_within(value, strlen(value), least, most, number))
        return 0;
    (void)snprintf(expected, sizeof expected, "a number from %u to %u", (unsigned)least,
                   (unsigned)most);
    return avrspi_sim_bad_value(error, key, expected, value);
}

static int set_state(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    if (*value == '\0' || strcmp(value, "-") == 0)
        return avrspi_sim_bad_value(error, "state", "a file", value);
    free(port->state);
    port->state = strdup(value);
    return port->state ? 0 : avrspi_fail_memory(error);
}

static int set_fcpu(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    port->fcpu_given = true;
    if (avrspi_number_parse_hz(value, strlen(value), 0, AVRSPI_SIM_HIGHEST_HZ,
                               &port->config.fcpu_hz))
        return 0;
    return avrspi_sim_bad_value(error, "fcpu", "a frequency such as 16M or 32768, or 0", value);
}

/* A clock signal in place of the crystal, also of one that is missing. */
static int set_xtal(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    if (!avrspi_number_parse_hz(value, strlen(value), 1, AVRSPI_SIM_HIGHEST_HZ,
                                &port->config.fcpu_hz))
        return avrspi_sim_bad_value(error, "xtal", "a frequency such as 1M", value);
    port->fcpu_given = true;
    port->xtal_given = true;
    return 0;
}

static int set_realtime(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    uint32_t number;

    if (avrspi_sim_parse_number("realtime", value, 0, 1, &number, error) < 0)
        return AVRSPI_ERR_USAGE;
    port->realtime = number;
    return 0;
}

static int set_overhead(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    return avrspi_sim_parse_number("overhead_us", value, 0, LARGEST_OVERHEAD_US, &port->overhead_us,
                                   error);
}

static int set_bufsiz(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    return avrspi_sim_parse_number("bufsiz", value, 4, LARGEST_TRANSFER, &port->max_transfer,
                                   error);
}

static int set_pull(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    port->config.miso_pull_down = strcmp(value, "down") == 0;
    port->pull = port->config.miso_pull_down ? -1 : 1;
    if (port->config.miso_pull_down || strcmp(value, "up") == 0)
        return 0;
    return avrspi_sim_bad_value(error, "pull", "'up' or 'down'", value);
}

static int set_reset_fall(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    return avrspi_sim_parse_number("reset_fall_ms", value, 0, LONGEST_FALL_MS,
                                   &port->config.reset_fall_ms, error);
}

static int set_signature(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    size_t digits = 2 * sizeof port->signature;

    port->signature_given = true;
    if (strlen(value) == digits && avrspi_hex_decode(value, digits, port->signature) == digits)
        return 0;
    return avrspi_sim_bad_value(error, "signature", "six hex digits", value);
}

static int set_echo(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    port->config.promised_echo = strcmp(value, "promised") == 0;
    if (port->config.promised_echo || strcmp(value, "full") == 0)
        return 0;
    return avrspi_sim_bad_value(error, "echo", "'full' or 'promised'", value);
}

/* How fast a chip that is not enabled may be spoken to. */
static int set_sync(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    static const struct {
        const char *name;
        uint8_t tenths;
    } words[] = {{"limit", 0}, {"3", 30}, {"2.2", 22}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].name, value) == 0) {
            port->config.follows_tenths = words[i].tenths;
            return 0;
        }
    }
    return avrspi_sim_bad_value(error, "sync", "'limit', '3' or '2.2'", value);
}

static int set_clkpr(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    uint32_t divider;

    if (avrspi_sim_parse_number("clkpr", value, 1, LARGEST_CLKPR, &divider, error) < 0)
        return AVRSPI_ERR_USAGE;
    port->config.clkpr = (uint16_t)divider;
    return 0;
}

static int set_idle(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    return avrspi_sim_parse_number("idle_ms", value, 0, LONGEST_IDLE_MS, &port->idle_ms, error);
}

static int set_faults(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    int result = 0;

    while (value && result == 0) {
        char *text = strsep(&value, "+");

        result = avrspi_sim_add_fault(port, text, error);
    }
    return result;
}

static int set_name(const char *key, char name[64], const char *value, struct avrspi_error *error)
{
    if (*value == '\0' || strlen(value) >= 64)
        return avrspi_sim_bad_value(error, key, "a name of at most 63 characters", value);
    strcpy(name, value);
    return 0;
}

static int set_bus(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    return set_name("bus", port->bus, value, error);
}

static int set_reset(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    return set_name("reset", port->reset, value, error);
}

static const struct key {
    const char *name;
    int (*set)(struct avrspi_sim_port *port, char *value, struct avrspi_error *error);
} keys[] = {
    {"state", set_state},
    {"fcpu", set_fcpu},
    {"xtal", set_xtal},
    {"realtime", set_realtime},
    {"overhead_us", set_overhead},
    {"bufsiz", set_bufsiz},
    {"pull", set_pull},
    {"fault", set_faults},
    {"echo", set_echo},
    {"bus", set_bus},
    {"reset", set_reset},
    {"reset_fall_ms", set_reset_fall},
    {"signature", set_signature},
    {"sync", set_sync},
    {"clkpr", set_clkpr},
    {"idle_ms", set_idle},
};

enum {
    KEYS = sizeof keys / sizeof *keys,
};

static int unknown_key(const char *name, struct avrspi_error *error)
{
    char list[192] = "";
    size_t used = 0;

    for (size_t i = 0; i < KEYS; i++) {
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%s=", i ? ", " : "", keys[i].name);
    }
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected key=value in a 'sim:' port, found '%s'", name);
    avrspi_hint(error, "there are: %s", list);
    return AVRSPI_ERR_USAGE;
}

static int set_key(struct avrspi_sim_port *port, char *word, struct avrspi_error *error)
{
    char *value = strchr(word, '=');

    if (!value)
        return unknown_key(word, error);
    *value++ = '\0';
    for (size_t i = 0; i < KEYS; i++) {
        if (strcmp(keys[i].name, word) == 0)
            return keys[i].set(port, value, error);
    }
    return unknown_key(word, error);
}

static int find_chip(struct avrspi_sim_port *port, const char *name,
                     const struct avrspi_chips *chips, struct avrspi_error *error)
{
    port->config.chip = avrspi_chips_find(chips, name);
    return port->config.chip ? 0 : avrspi_chips_fail_unknown(chips, name, "", error);
}

/* What a simulated board has on its clock pins when nobody says: a crystal, so that fuses which
 * ask for one do not end the chip. A chip whose clock is not described at all runs at the
 * clock it left the factory with. Those that leave it without a clock of their own are old and
 * slow, except on the USB parts, whose fuses select a crystal of 8 to 16 MHz, and those whose chip
 * file allows an SCK that needs one. */
static uint32_t default_fcpu(const struct avrspi_chip *chip)
{
    struct avrspi_clock clock;
    uint8_t fuses[AVRSPI_FUSES];

    for (unsigned i = 0; i < AVRSPI_FUSES; i++)
        fuses[i] = chip->fuse[i].default_value;
    clock = avrspi_chip_clock(chip, fuses);
    if (chip->factory_clock == 0 && clock.max_sck_hz >= OLD_CRYSTAL / 4)
        return CRYSTAL;
    if (chip->factory_clock == 0)
        return clock.min_hz * avrspi_chip_divider(chip, fuses) > OLD_CRYSTAL ? CRYSTAL
                                                                             : OLD_CRYSTAL;
    if (clock.source == AVRSPI_CLOCK_UNKNOWN)
        return chip->factory_clock;
    return CRYSTAL;
}

int avrspi_sim_port_parse(struct avrspi_sim_port *port, const char *words,
                          const struct avrspi_chips *chips, struct avrspi_error *error)
{
    char *copy = strdup(words), *rest = copy;
    int result;

    *port = (struct avrspi_sim_port){.max_transfer = DEFAULT_TRANSFER};
    if (!copy)
        return avrspi_fail_memory(error);
    result = find_chip(port, strsep(&rest, ","), chips, error);
    while (rest && result == 0)
        result = set_key(port, strsep(&rest, ","), error);
    if (result == 0 && !port->fcpu_given)
        port->config.fcpu_hz = default_fcpu(port->config.chip);
    if (port->xtal_given)
        port->config.faults &= ~(unsigned)AVRSPI_FAULT_NO_CRYSTAL;
    if (result < 0) {
        free(port->state);
        port->state = NULL;
    }
    free(copy);
    return result;
}
