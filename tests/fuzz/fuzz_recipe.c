/* SPDX-License-Identifier: MIT */
/*
 * Recipes and bench files from anyone: taken, and then a recipe's fuses are those of a chip or a
 * mistake, or refused with a message that names the file. Seeds: examples/recipes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "recipe/bench.h"
#include "recipe/recipe.h"

static void require(bool condition)
{
    if (!condition)
        abort();
}

static void check_fuses(const struct avrspi_recipe *recipe, struct avrspi_chips *chips)
{
    struct avrspi_error error = {.message = ""};
    const struct avrspi_chip *chip;
    struct avrspi_fuses fuses;

    if (avrspi_recipe_check_chips(recipe, chips, &error) < 0)
        return;
    for (size_t n = 0; (chip = avrspi_recipe_chip(recipe, chips, n)) != NULL; n++) {
        int result = avrspi_recipe_fuses(recipe, chip, &fuses, &error);

        require(result == 0 ||
                (result == AVRSPI_ERR_INPUT && strncmp(error.message, "fuzz", 4) == 0));
    }
}

static void check_bench(const char *text, size_t size)
{
    struct avrspi_error error = {.message = ""};
    struct avrspi_bench bench;

    if (avrspi_bench_parse(&bench, "fuzz", text, size, &error) == 0)
        for (size_t n = 0; n < bench.n_stations; n++)
            require(bench.stations[n].name && bench.stations[n].port);
    else
        require(*error.message);
    avrspi_bench_free(&bench);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct avrspi_chips *chips;
    struct avrspi_error error = {.message = ""};
    struct avrspi_recipe recipe;
    int result;

    if (!chips)
        require(avrspi_chips_open(&chips, NULL) == 0);
    (void)avrspi_recipe_is_one((const char *)data, size);
    result = avrspi_recipe_parse(&recipe, "fuzz", (const char *)data, size, &error);
    require(result == 0 || (result == AVRSPI_ERR_INPUT && strncmp(error.message, "fuzz", 4) == 0));
    if (result == 0)
        check_fuses(&recipe, chips);
    avrspi_recipe_free(&recipe);
    check_bench((const char *)data, size);
    return 0;
}
