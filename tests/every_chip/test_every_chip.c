/* SPDX-License-Identifier: MIT */
/*
 * Takes every chip built in through all that a session can do, on a simulated chip of its kind
 * and in virtual time. Chips named as arguments: only those.
 *
 * Each chip that fails is a line; a chip passes only when the simulator counted no violation of
 * its datasheet either.
 */
#include "every_chip.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    bool (*check)(struct run *run);
} steps[] = {
    {"identity", check_identity}, {"flash", check_flash}, {"eeprom", check_eeprom},
    {"fuses", check_fuses},       {"lock", check_lock},   {"backup", check_backup},
    {"unnamed", check_unnamed},
};

/* Numbers of its own for each chip, the same each time. */
static uint32_t seed_of(const char *name)
{
    uint32_t seed = 2463534242;

    while (*name)
        seed = seed * 31 + (uint8_t)*name++;
    return seed ? seed : 1;
}

static bool open_link(struct run *run)
{
    char port[128];
    const struct avrspi_link_config config = {.port = port, .chips = run->chips};

    (void)snprintf(port, sizeof port, "sim:%s", run->chip->name);
    return ends(run, avrspi_link_open(&run->link, &config, &run->error), 0, "open the port");
}

static bool check_steps(struct run *run, const char **step)
{
    for (size_t n = 0; n < sizeof steps / sizeof *steps; n++) {
        *step = steps[n].name;
        if (!steps[n].check(run))
            return false;
    }
    return true;
}

/* Counted whether the steps went well or not: a violation may be why they did not. */
static bool check_violations(struct run *run, bool good)
{
    char kinds[256], why[sizeof run->failure];

    if (avrspi_link_violations(run->link, kinds, sizeof kinds) == 0)
        return good;
    (void)snprintf(why, sizeof why, "%s", run->failure);
    return fail(run, "violations: %s%s%.400s", kinds, good ? "" : "; ", good ? "" : why);
}

static bool check_chip(const struct avrspi_chips *chips, const struct avrspi_chip *chip)
{
    struct run run = {.chips = chips, .chip = chip, .random = seed_of(chip->name)};
    const char *step = "open";
    bool good = open_link(&run);

    if (good) {
        good = target_open(&run, false) && check_steps(&run, &step);
        target_close(&run);
        good = check_violations(&run, good);
    }
    (void)avrspi_link_close(run.link, NULL);
    if (!good)
        printf("%s: %s: %s\n", chip->name, step, run.failure);
    return good;
}

static bool is_asked_for(const struct avrspi_chip *chip, int count, char **names)
{
    for (int n = 0; n < count; n++)
        if (strcmp(names[n], chip->name) == 0)
            return true;
    return count == 0;
}

int main(int argc, char **argv)
{
    struct avrspi_error error = {0};
    struct avrspi_chips *chips;
    unsigned passed = 0, failed = 0;

    if (avrspi_chips_open(&chips, &error) < 0) {
        printf("%s\n", error.message);
        return 1;
    }
    for (size_t n = 0; n < avrspi_chips_count(chips); n++) {
        const struct avrspi_chip *chip = avrspi_chips_at(chips, n);

        if (!is_asked_for(chip, argc - 1, argv + 1))
            continue;
        if (check_chip(chips, chip))
            passed++;
        else
            failed++;
    }
    avrspi_chips_close(chips);
    printf("%u passed, %u failed\n", passed, failed);
    return failed || !passed;
}
