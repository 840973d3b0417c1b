/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "base/error.h"
#include "recipe/recipe.h"

static int fail(const struct avrspi_recipe *recipe, const char *text, struct avrspi_error *error)
{
    return avrspi_fail_named(error, AVRSPI_ERR_INPUT, recipe->name, ":%u: [serial]: %s",
                             recipe->serial_at.line, text);
}

/* The bytes have to be free: what a file says there is not overwritten in silence. */
static int check_place(const struct avrspi_recipe *recipe, const struct avrspi_chip *chip,
                       const struct avrspi_contents *contents, struct avrspi_error *error)
{
    const struct avrspi_serial_rule *rule = &recipe->serial;
    const struct avrspi_image *image = avrspi_contents_image(contents, rule->memory);
    const uint64_t start = avrspi_memory_start(chip, rule->memory);
    const uint64_t end = start + avrspi_memory_size(chip, rule->memory);
    uint8_t there[AVRSPI_SERIAL_LONGEST];
    char text[160];

    if (rule->address < start || rule->address + (uint64_t)rule->width > end) {
        (void)snprintf(text, sizeof text, "0x%X to 0x%X is not in the %s of the %.40s",
                       (unsigned)rule->address, (unsigned)(rule->address + rule->width - 1),
                       avrspi_memory_name(rule->memory), avrspi_chip_name(chip));
        return fail(recipe, text, error);
    }
    if (!image)
        return 0;
    (void)avrspi_image_get(image, rule->address, there, rule->width, 0xFF);
    for (unsigned n = 0; n < rule->width; n++) {
        if (there[n] == 0xFF)
            continue;
        (void)snprintf(text, sizeof text,
                       "a file has 0x%02X at 0x%X of the %s, where the number goes", there[n],
                       (unsigned)(rule->address + n), avrspi_memory_name(rule->memory));
        return fail(recipe, text, error);
    }
    return 0;
}

/* All but the bytes of the number. */
static int copy(const struct avrspi_serial_rule *rule, struct avrspi_contents *with,
                const struct avrspi_contents *contents, struct avrspi_error *error)
{
    const uint64_t end = UINT64_C(1) << 32;
    int result = 0;

    for (int n = 0; result == 0 && n < AVRSPI_MEMORIES; n++) {
        const enum avrspi_memory memory = (enum avrspi_memory)n;

        if (memory != rule->memory) {
            result = avrspi_contents_add(with, contents, memory, 0, end, error);
            continue;
        }
        result = avrspi_contents_add(with, contents, memory, 0, rule->address, error);
        if (result == 0)
            result = avrspi_contents_add(with, contents, memory,
                                         rule->address + (uint64_t)rule->width, end, error);
    }
    return result;
}

int avrspi_recipe_serial(const struct avrspi_recipe *recipe, const struct avrspi_chip *chip,
                         const struct avrspi_contents *contents, const char *number, int64_t unit,
                         struct avrspi_contents **with, struct avrspi_error *error)
{
    const struct avrspi_serial_rule *rule = &recipe->serial;
    uint8_t bytes[AVRSPI_SERIAL_LONGEST];
    struct avrspi_error reason;
    int result = check_place(recipe, chip, contents, error);

    *with = NULL;
    if (result == 0 && avrspi_serial_bytes(rule, number, unit, bytes, &reason) < 0)
        result = fail(recipe, reason.message, error);
    if (result < 0)
        return result;
    *with = avrspi_contents_new(avrspi_contents_name(contents));
    if (!*with)
        return avrspi_fail_memory(error);
    result = copy(rule, *with, contents, error);
    if (result == 0)
        result = avrspi_contents_put(*with, rule->memory, rule->address, bytes, rule->width, NULL,
                                     error);
    if (result < 0) {
        avrspi_contents_free(*with);
        *with = NULL;
    }
    return result;
}
