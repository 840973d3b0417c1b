/* SPDX-License-Identifier: MIT */
#include "cli/hooks.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/program.h"
#include "base/words.h"
#include "cli/signals.h"

enum {
    PIECE = 1024,          /* bytes that are read in one go */
    MOST_CALIBRATION = 16, /* bytes; no chip has more than 4 */
    LONGEST = 512,         /* of a value in the environment */
};

/* --- programs */

static int run_program(const struct avrspi_recipe *recipe, const struct avrspi_recipe_line *line,
                       const char *const *environment, const volatile sig_atomic_t *interrupt,
                       struct avrspi_error *error)
{
    struct avrspi_program program = {
        .environment = environment,
        .folder = *recipe->folder ? recipe->folder : NULL,
        .interrupt = interrupt,
    };
    struct avrspi_error reason;
    char **words;
    int result = avrspi_words_split(&words, line->value, &reason);

    program.words = words;
    if (result == 0)
        result = avrspi_program_run(&program, NULL, 0, &reason);
    free(words);
    return result < 0 ? avrspi_recipe_fail(error, recipe, line, &reason) : 0;
}

static void say_station(const struct cli *cli, char text[64])
{
    (void)snprintf(text, 64, "AVRSPI_STATION=%s", cli->station ? cli->station : "");
}

int hooks_before(const struct avrspi_recipe *recipe, const struct cli *cli,
                 struct avrspi_error *error)
{
    char station[64];
    const char *const environment[] = {station, NULL};

    say_station(cli, station);
    return recipe->before.value
               ? run_program(recipe, &recipe->before, environment, &interrupted, error)
               : 0;
}

/* It is not ended by the signal that ended the job: what it undoes has to be undone. */
int hooks_after(const struct avrspi_recipe *recipe, const char *serial, struct cli *cli, int result,
                struct avrspi_error *error)
{
    char verdict[32], message[LONGEST], chip[64], number[128], station[64];
    const char *const environment[] = {verdict, message, chip, number, station, NULL};
    struct avrspi_error own;

    if (!recipe->after.value)
        return result;
    (void)snprintf(verdict, sizeof verdict, "AVRSPI_VERDICT=%s", result < 0 ? "fail" : "pass");
    (void)snprintf(message, sizeof message, "AVRSPI_ERROR=%s", result < 0 ? error->message : "");
    (void)snprintf(chip, sizeof chip, "AVRSPI_CHIP=%s",
                   cli->chip ? avrspi_chip_name(cli->chip) : "");
    (void)snprintf(number, sizeof number, "AVRSPI_SERIAL=%s", serial);
    say_station(cli, station);
    if (run_program(recipe, &recipe->after, environment, NULL, &own) == 0)
        return result;
    if (result < 0) {
        ui_warn(&cli->ui, "%s", own.message);
        return result;
    }
    *error = own;
    return own.code;
}

/* --- checks */

/* AVRSPI_ERR_VERIFY at the first byte that is not blank. */
static int check_memory(struct target *target, enum avrspi_memory memory,
                        struct avrspi_error *error)
{
    const struct avrspi_chip *chip = target_chip(target);
    const uint32_t start = avrspi_memory_start(chip, memory);
    const uint32_t end = start + avrspi_memory_size(chip, memory);
    uint8_t data[PIECE];
    int result = 0;

    for (uint32_t at = start; result == 0 && at < end; at += PIECE) {
        const uint32_t size = end - at < PIECE ? end - at : PIECE;

        result = avrspi_session_read(target->session, memory, at, data, size, error);
        for (uint32_t n = 0; result == 0 && n < size; n++)
            if (data[n] != 0xFF)
                result = avrspi_fail(error, AVRSPI_ERR_VERIFY,
                                     "the unit is not blank: %s has 0x%02X at 0x%04X",
                                     avrspi_memory_name(memory), data[n], (unsigned)(at + n));
    }
    return result;
}

/* A locked chip shows no memory as it is. */
static int check_blank(struct target *target, struct avrspi_error *error)
{
    const struct avrspi_fuses fuses = avrspi_session_fuses(target->session);
    const struct avrspi_chip *chip = target_chip(target);
    const uint8_t mask = avrspi_chip_fuse_mask(chip, AVRSPI_FUSE_LOCK);
    int result;

    if (fuses.given[AVRSPI_FUSE_LOCK] && (~fuses.value[AVRSPI_FUSE_LOCK] & mask) != 0)
        return avrspi_fail(error, AVRSPI_ERR_VERIFY, "the unit is not blank: lock bits 0x%02X",
                           fuses.value[AVRSPI_FUSE_LOCK]);
    result = check_memory(target, AVRSPI_MEMORY_FLASH, error);
    return result < 0 ? result : check_memory(target, AVRSPI_MEMORY_EEPROM, error);
}

static int check_calibration(const struct avrspi_recipe *recipe, struct target *target,
                             struct avrspi_error *error)
{
    const uint32_t size = avrspi_memory_size(target_chip(target), AVRSPI_MEMORY_CALIBRATION);
    uint8_t data[MOST_CALIBRATION];
    int result;

    if (size == 0 || size > MOST_CALIBRATION)
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "the %s has no calibration to check",
                           avrspi_chip_name(target_chip(target)));
    result = avrspi_session_read(target->session, AVRSPI_MEMORY_CALIBRATION, 0, data, size, error);
    for (uint32_t n = 0; result == 0 && n < size; n++)
        if (data[n] < recipe->least_calibration || data[n] > recipe->most_calibration)
            result = avrspi_fail(error, AVRSPI_ERR_VERIFY,
                                 "calibration byte %u is 0x%02X, expected 0x%02X to 0x%02X", n,
                                 data[n], recipe->least_calibration, recipe->most_calibration);
    return result;
}

int hooks_check(const struct avrspi_recipe *recipe, struct target *target,
                struct avrspi_error *error)
{
    int result = 0;

    if (recipe->check_blank)
        result = check_blank(target, error);
    if (result == 0 && recipe->check_calibration)
        result = check_calibration(recipe, target, error);
    if (result < 0)
        avrspi_hint_add(error, "%snothing was changed", *error->hint ? "; " : "");
    return result;
}
