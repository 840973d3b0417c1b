/* SPDX-License-Identifier: MIT */
/* The faults of a "sim:" port: fault=NAME[:ARGUMENT][+...]. */
#include "simhost/words.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

enum {
    LONGEST_CUT_MS = 60000,
    LARGEST_RATE = 1000000000,
};

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
    return avrspi_sim_parse_number("flip", argument, 1, UINT32_MAX, &port->config.flip_every,
                                   error);
}

static int set_noisy(struct avrspi_sim_port *port, const char *argument, struct avrspi_error *error)
{
    if (avrspi_number_parse_hz(argument, strlen(argument), 1, AVRSPI_SIM_HIGHEST_HZ,
                               &port->config.noisy_above_hz))
        return 0;
    return avrspi_sim_bad_value(error, "noisy", "a frequency such as 100k", argument);
}

static int set_power_loss(struct avrspi_sim_port *port, const char *argument,
                          struct avrspi_error *error)
{
    uint32_t bytes;

    if (avrspi_sim_parse_number("power-loss", argument, 1, UINT32_MAX, &bytes, error) < 0)
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
    return avrspi_sim_parse_number("weak-cell", argument, chip->flash_start,
                                   chip->flash_start + (chip->flash_size - 1),
                                   &port->config.weak_address, error);
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
    int result = avrspi_sim_parse_number("fault", argument, 0, UINT32_MAX, &at, error);

    fault->at = at;
    return result;
}

/* The second of FIRST:SECOND, taken apart in place; NULL where there is none. */
static char *split(char *argument, const char *expected, struct avrspi_error *error)
{
    char *colon = strchr(argument, ':');

    if (!colon) {
        (void)avrspi_sim_bad_value(error, "fault", expected, argument);
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
    return avrspi_sim_parse_number("cut", ms, 1, LONGEST_CUT_MS, &fault->cut_ms, error);
}

static int set_random(struct avrspi_sim_bit_fault *fault, char *argument,
                      struct avrspi_error *error)
{
    const char *seed = split(argument, "RATE:SEED", error);

    if (!seed ||
        avrspi_sim_parse_number("fault", argument, 1, LARGEST_RATE, &fault->rate, error) < 0)
        return AVRSPI_ERR_USAGE;
    return avrspi_sim_parse_number("seed", seed, 0, UINT32_MAX, &fault->seed, error);
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

int avrspi_sim_add_fault(struct avrspi_sim_port *port, char *text, struct avrspi_error *error)
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
