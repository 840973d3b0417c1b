/* SPDX-License-Identifier: MIT */
/*
 * The words of a "sim:" port: CHIP[,key=value...].
 *
 * A value has no comma in it, and the path of a state file neither.
 */
#include "simhost/simhost.h"

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
    LONGEST_CUT_MS = 60000,
    LONGEST_IDLE_MS = 600000,
    LARGEST_CLKPR = 256,
    LARGEST_RATE = 1000000000,
    HIGHEST_HZ = 100000000,
    LONGEST_FALL_MS = 60000,
    CRYSTAL = 16000000,
    OLD_CRYSTAL = 4000000, /* of parts that leave the factory without a clock of their own */
};

static int bad_value(struct avrspi_error *error, const char *key, const char *expected,
                     const char *found)
{
    return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected %s for '%s', found '%s'", expected, key,
                       found);
}

static int parse_number(const char *key, const char *value, uint32_t least, uint32_t most,
                        uint32_t *number, struct avrspi_error *error)
{
    char expected[64];

    if (avrspi_number_parse_within(value, strlen(value), least, most, number))
        return 0;
    (void)snprintf(expected, sizeof expected, "a number from %u to %u", (unsigned)least,
                   (unsigned)most);
    return bad_value(error, key, expected, value);
}

/* Faults. */

struct fault {
    const char *name; /* with '~' at its end for one at random */
    unsigned bit;     /* of the simulation's, or 0: 'set' does it */
    int (*set)(struct avrspi_sim_port *port, const char *argument, struct avrspi_error *error);
    int (*set_bit)(struct avrspi_sim_bit_fault *fault, char *argument, struct avrspi_error *error);
    enum avrspi_sim_bit_fault_kind kind; /* for 'set_bit' */
    const char *argument;                /* what follows ':' or '~', or NULL */
};

static int set_flip(struct avrspi_sim_port *port, const char *argument, struct avrspi_error *error)
{
    return parse_number("flip", argument, 1, UINT32_MAX, &port->config.flip_every, error);
}

static int set_noisy(struct avrspi_sim_port *port, const char *argument, struct avrspi_error *error)
{
    if (avrspi_number_parse_hz(argument, strlen(argument), 1, HIGHEST_HZ,
                               &port->config.noisy_above_hz))
        return 0;
    return bad_value(error, "noisy", "a frequency such as 100k", argument);
}

static int set_power_loss(struct avrspi_sim_port *port, const char *argument,
                          struct avrspi_error *error)
{
    uint32_t bytes;

    if (parse_number("power-loss", argument, 1, UINT32_MAX, &bytes, error) < 0)
        return AVRSPI_ERR_USAGE;
    port->config.power_lost_after = bytes;
    return 0;
}

static int set_weak_cell(struct avrspi_sim_port *port, const char *argument,
                         struct avrspi_error *error)
{
    const struct avrspi_chip *chip = port->config.chip;

    port->config.weak_cell = true;
    if (chip->flash_size == 0) {
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "'%s' has no flash for a 'weak-cell'",
                           chip->name);
    }
    return parse_number("weak-cell", argument, chip->flash_start,
                        chip->flash_start + (chip->flash_size - 1), &port->config.weak_address,
                        error);
}

static int set_wrong_chip(struct avrspi_sim_port *port, const char *argument,
                          struct avrspi_error *error)
{
    (void)argument;
    (void)error;
    port->wrong_chip = true;
    return 0;
}

/* Faults of single pulses. */

static int set_bit(struct avrspi_sim_bit_fault *fault, char *argument, struct avrspi_error *error)
{
    uint32_t at;
    int result = parse_number("fault", argument, 0, UINT32_MAX, &at, error);

    fault->at = at;
    return result;
}

/* The second of FIRST:SECOND, taken apart in place; NULL where there is none. */
static char *split(char *argument, const char *expected, struct avrspi_error *error)
{
    char *colon = strchr(argument, ':');

    if (!colon) {
        (void)bad_value(error, "fault", expected, argument);
        return NULL;
    }
    *colon = '\0';
    return colon + 1;
}

static int set_cut(struct avrspi_sim_bit_fault *fault, char *argument, struct avrspi_error *error)
{
    const char *ms = split(argument, "BIT:MS", error);

    if (!ms || set_bit(fault, argument, error) < 0)
        return AVRSPI_ERR_USAGE;
    return parse_number("cut", ms, 1, LONGEST_CUT_MS, &fault->cut_ms, error);
}

static int set_random(struct avrspi_sim_bit_fault *fault, char *argument,
                      struct avrspi_error *error)
{
    const char *seed = split(argument, "RATE:SEED", error);

    if (!seed || parse_number("fault", argument, 1, LARGEST_RATE, &fault->rate, error) < 0)
        return AVRSPI_ERR_USAGE;
    return parse_number("seed", seed, 0, UINT32_MAX, &fault->seed, error);
}

static int add_bit_fault(struct avrspi_sim_port *port, const struct fault *fault, char *argument,
                         struct avrspi_error *error)
{
    struct avrspi_sim_config *config = &port->config;

    if (config->n_bit_faults == AVRSPI_SIM_BIT_FAULTS)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected at most %d faults of single bits",
                           AVRSPI_SIM_BIT_FAULTS);
    config->bit_fault[config->n_bit_faults].kind = fault->kind;
    return fault->set_bit(&config->bit_fault[config->n_bit_faults++], argument, error);
}

static const struct fault faults[] = {
    {.name = "no-power", .bit = AVRSPI_FAULT_NO_POWER},
    {.name = "miso-high", .bit = AVRSPI_FAULT_MISO_HIGH},
    {.name = "miso-low", .bit = AVRSPI_FAULT_MISO_LOW},
    {.name = "no-reset", .bit = AVRSPI_FAULT_NO_RESET},
    {.name = "reset-low", .bit = AVRSPI_FAULT_RESET_LOW},
    {.name = "swapped", .bit = AVRSPI_FAULT_SWAPPED},
    {.name = "loopback", .bit = AVRSPI_FAULT_LOOPBACK},
    {.name = "no-crystal", .bit = AVRSPI_FAULT_NO_CRYSTAL},
    {.name = "no-sck", .bit = AVRSPI_FAULT_NO_SCK},
    {.name = "inverted-reset", .bit = AVRSPI_FAULT_INVERTED_RESET},
    {.name = "no-mosi", .bit = AVRSPI_FAULT_NO_MOSI},
    {.name = "no-miso", .bit = AVRSPI_FAULT_NO_MISO},
    {.name = "wrong-pins", .bit = AVRSPI_FAULT_SWAPPED}, /* nothing on either of its pins */
    {.name = "other-device", .bit = AVRSPI_FAULT_OTHER_DEVICE},
    {.name = "noisy", .set = set_noisy, .argument = "HZ"},
    {.name = "wrong-chip", .set = set_wrong_chip},
    {.name = "flip", .set = set_flip, .argument = "BYTES"},
    {.name = "power-loss", .set = set_power_loss, .argument = "BYTES"},
    {.name = "weak-cell", .set = set_weak_cell, .argument = "ADDRESS"},
    {.name = "mosi", .set_bit = set_bit, .kind = AVRSPI_BIT_MOSI, .argument = "BIT"},
    {.name = "miso", .set_bit = set_bit, .kind = AVRSPI_BIT_MISO, .argument = "BIT"},
    {.name = "lost", .set_bit = set_bit, .kind = AVRSPI_BIT_LOST, .argument = "BIT"},
    {.name = "extra", .set_bit = set_bit, .kind = AVRSPI_BIT_EXTRA, .argument = "BIT"},
    {.name = "cut", .set_bit = set_cut, .kind = AVRSPI_BIT_CUT, .argument = "BIT:MS"},
    {.name = "mosi~", .set_bit = set_random, .kind = AVRSPI_BIT_MOSI, .argument = "RATE:SEED"},
    {.name = "miso~", .set_bit = set_random, .kind = AVRSPI_BIT_MISO, .argument = "RATE:SEED"},
};

enum {
    FAULTS = sizeof faults / sizeof *faults,
};

/* How a fault is written: "no-sck", "flip:BYTES", "mosi~RATE:SEED". */
static int write_form(const struct fault *fault, char *text, size_t size)
{
    const char *mark = fault->argument && !strchr(fault->name, '~') ? ":" : "";

    return snprintf(text, size, "%s%s%s", fault->name, mark,
                    fault->argument ? fault->argument : "");
}

/* Takes the argument off in place; NULL where there is none. */
static char *cut_argument(char *text, const struct fault **fault)
{
    char *mark = strpbrk(text, ":~"), *argument = mark ? mark + 1 : NULL;
    size_t length = mark ? (size_t)(mark - text) + (*mark == '~') : strlen(text);

    *fault = NULL;
    for (size_t i = 0; i < FAULTS && !*fault; i++) {
        if (strlen(faults[i].name) == length && strncmp(faults[i].name, text, length) == 0)
            *fault = &faults[i];
    }
    if (mark && *mark == ':')
        *mark = '\0';
    return argument;
}

static int unknown_fault(const char *name, struct avrspi_error *error)
{
    char list[512] = "";
    size_t used = 0;

    for (size_t i = 0; i < FAULTS; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s", i ? ", " : "");
        used += (size_t)write_form(&faults[i], list + used, sizeof list - used);
    }
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected a fault, found '%s'", name);
    avrspi_hint(error, "there are: %s", list);
    return AVRSPI_ERR_USAGE;
}

/* NAME, NAME:ARGUMENT or NAME~ARGUMENT, taken apart in place. */
static int set_fault(struct avrspi_sim_port *port, char *text, struct avrspi_error *error)
{
    const struct fault *fault;
    char *argument = cut_argument(text, &fault);
    char form[64];

    if (!fault)
        return unknown_fault(text, error);
    if (fault->argument && !argument) {
        (void)write_form(fault, form, sizeof form);
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected '%s', found '%s'", form, text);
    }
    if (!fault->argument && argument) {
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected '%s' alone, found '%s:%s'",
                           fault->name, fault->name, argument);
    }
    port->config.faults |= fault->bit;
    if (fault->set_bit)
        return add_bit_fault(port, fault, argument, error);
    return fault->set ? fault->set(port, argument, error) : 0;
}

/* Keys. */

static int set_state(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    if (*value == '\0' || strcmp(value, "-") == 0)
        return bad_value(error, "state", "a file", value);
    free(port->state);
    port->state = strdup(value);
    return port->state ? 0 : avrspi_fail_memory(error);
}

static int set_fcpu(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    port->fcpu_given = true;
    if (avrspi_number_parse_hz(value, strlen(value), 0, HIGHEST_HZ, &port->config.fcpu_hz))
        return 0;
    return bad_value(error, "fcpu", "a frequency such as 16M or 32768, or 0", value);
}

/* A clock signal in place of the crystal, also of one that is missing. */
static int set_xtal(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    if (!avrspi_number_parse_hz(value, strlen(value), 1, HIGHEST_HZ, &port->config.fcpu_hz))
        return bad_value(error, "xtal", "a frequency such as 1M", value);
    port->fcpu_given = true;
    port->xtal_given = true;
    return 0;
}

static int set_realtime(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    uint32_t number;

    if (parse_number("realtime", value, 0, 1, &number, error) < 0)
        return AVRSPI_ERR_USAGE;
    port->realtime = number;
    return 0;
}

static int set_overhead(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    return parse_number("overhead_us", value, 0, LARGEST_OVERHEAD_US, &port->overhead_us, error);
}

static int set_bufsiz(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    return parse_number("bufsiz", value, 4, LARGEST_TRANSFER, &port->max_transfer, error);
}

static int set_pull(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    port->config.miso_pull_down = strcmp(value, "down") == 0;
    port->pull = port->config.miso_pull_down ? -1 : 1;
    if (port->config.miso_pull_down || strcmp(value, "up") == 0)
        return 0;
    return bad_value(error, "pull", "'up' or 'down'", value);
}

static int set_reset_fall(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    return parse_number("reset_fall_ms", value, 0, LONGEST_FALL_MS, &port->config.reset_fall_ms,
                        error);
}

static int set_signature(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    size_t digits = 2 * sizeof port->signature;

    port->signature_given = true;
    if (strlen(value) == digits && avrspi_hex_decode(value, digits, port->signature) == digits)
        return 0;
    return bad_value(error, "signature", "six hex digits", value);
}

static int set_echo(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    port->config.promised_echo = strcmp(value, "promised") == 0;
    if (port->config.promised_echo || strcmp(value, "full") == 0)
        return 0;
    return bad_value(error, "echo", "'full' or 'promised'", value);
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
    return bad_value(error, "sync", "'limit', '3' or '2.2'", value);
}

static int set_clkpr(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    uint32_t divider;

    if (parse_number("clkpr", value, 1, LARGEST_CLKPR, &divider, error) < 0)
        return AVRSPI_ERR_USAGE;
    port->config.clkpr = (uint16_t)divider;
    return 0;
}

static int set_idle(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    return parse_number("idle_ms", value, 0, LONGEST_IDLE_MS, &port->idle_ms, error);
}

static int set_faults(struct avrspi_sim_port *port, char *value, struct avrspi_error *error)
{
    int result = 0;

    while (value && result == 0) {
        char *text = strsep(&value, "+");

        result = set_fault(port, text, error);
    }
    return result;
}

static int set_name(const char *key, char name[64], const char *value, struct avrspi_error *error)
{
    if (*value == '\0' || strlen(value) >= 64)
        return bad_value(error, key, "a name of at most 63 characters", value);
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
