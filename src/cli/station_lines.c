/* SPDX-License-Identifier: MIT */
#include "cli/station_lines.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/target.h"
#include "host/host.h"
#include "link/find.h"

/* --- which there are */

static void find(struct station_line *line, const struct avrspi_line_words *words)
{
    struct avrspi_line_found found;

    *line = (struct station_line){.words = *words};
    if (avrspi_line_find(&found, words, NULL) < 0)
        return;
    memcpy(line->key, found.names.key, sizeof line->key);
    avrspi_line_drop(&found);
}

int station_lines_find(struct station_lines *lines, const struct cli *cli,
                       struct avrspi_error *error)
{
    const char *reset = cli->config.reset;
    struct avrspi_line_words words;
    struct avrspi_port port;
    int result = avrspi_port_parse(&port, cli->config.port, error);

    *lines = (struct station_lines){.station = cli->station};
    if (result < 0 || port.kind == AVRSPI_PORT_SIM)
        return result;
    result = target_reset(&cli->config, &reset, error);
    if (result == 0)
        result = avrspi_port_parse_reset(&words, &port, reset, error);
    if (result < 0)
        return result;
    find(&lines->line[lines->n++], &words);
    for (unsigned n = 0; port.kind == AVRSPI_PORT_GPIO && n < AVRSPI_WIRES; n++)
        find(&lines->line[lines->n++], &port.wire[n]);
    return 0;
}

/* --- which two stations have in common */

/* Whether two lines are one by their words alone. A Raspberry Pi's GPIO25 is line 25 of its chip.
 */
static bool same_words(const struct avrspi_line_words *a, const struct avrspi_line_words *b)
{
    const long a_number = *a->chip ? (long)a->offset : a->number;
    const long b_number = *b->chip ? (long)b->offset : b->number;

    if (*a->chip && *b->chip && strcmp(a->chip, b->chip) != 0)
        return false;
    return a_number >= 0 ? a_number == b_number : strcmp(a->name, b->name) == 0;
}

static bool same_line(const struct station_line *a, const struct station_line *b)
{
    return *a->key && *b->key ? strcmp(a->key, b->key) == 0 : same_words(&a->words, &b->words);
}

static bool on_one_bus(const struct station_lines *a, const struct station_lines *b)
{
    const size_t all = 1 + AVRSPI_WIRES;
    bool same = a->n == all && b->n == all;

    for (size_t n = 1; n < all && same; n++)
        same = same_line(&a->line[n], &b->line[n]);
    return same;
}

static int fail_common(const struct station_lines *a, const struct station_line *of_a,
                       const struct station_lines *b, const struct station_line *of_b,
                       struct avrspi_error *error)
{
    const struct avrspi_line_words *words = &of_b->words;
    const char *a_use = avrspi_line_use(&of_a->words)->name, *b_use = avrspi_line_use(words)->name;
    char line[160];

    if (*words->chip)
        (void)snprintf(line, sizeof line, "%s:%u", words->chip, words->offset);
    else
        (void)snprintf(line, sizeof line, "%s", words->name);
    if (strcmp(a_use, b_use) == 0)
        avrspi_fail(error, AVRSPI_ERR_USAGE, "stations '%s' and '%s' have one %s: '%s'", a->station,
                    b->station, b_use, line);
    else
        avrspi_fail(error, AVRSPI_ERR_USAGE,
                    "the %s of station '%s' is the %s of station '%s': '%s'", a_use, a->station,
                    b_use, b->station, line);
    if (of_a == a->line && of_b == b->line)
        avrspi_hint(error,
                    "each target needs one of its own, as in --station '/dev/spidev0.1 GPIO24'");
    else
        avrspi_hint(error,
                    "two stations have all of SCK, MOSI and MISO in common, which makes them "
                    "one bus, or no line");
    return AVRSPI_ERR_USAGE;
}

int station_lines_check(const struct station_lines *a, const struct station_lines *b,
                        struct avrspi_error *error)
{
    const bool one_bus = on_one_bus(a, b);

    for (size_t n = 0; n < a->n; n++)
        for (size_t m = 0; m < b->n; m++)
            if (!(one_bus && n && m) && same_line(&a->line[n], &b->line[m]))
                return fail_common(a, &a->line[n], b, &b->line[m], error);
    return 0;
}

/* --- the clock for XTAL1 */

static const struct avrspi_line_use clock_use = {.name = "clock pin"};

static int check_bus(const char *pin, struct avrspi_error *error)
{
    struct avrspi_line_names names = {.use = &clock_use};
    struct avrspi_host host;
    unsigned offset;

    if (avrspi_host_detect(&host, "", NULL) < 0 ||
        !avrspi_host_model_line(host.known, pin, &offset))
        return 0;
    (void)snprintf(names.name, sizeof names.name, "%s", pin);
    return avrspi_line_check_bus(&names, host.known->soc->gpio_label, offset, error);
}

int station_lines_check_clock(const struct station_lines *lines, const char *pin,
                              struct avrspi_error *error)
{
    struct avrspi_line_words words;
    struct station_line clock;
    int result = avrspi_line_parse_place(&words, &clock_use, pin, error);

    if (result < 0)
        return result;
    find(&clock, &words);
    for (size_t n = 0; n < lines->n; n++) {
        if (!same_line(&lines->line[n], &clock))
            continue;
        avrspi_fail(error, AVRSPI_ERR_USAGE, "the clock pin and the %s are the same, '%s'",
                    avrspi_line_use(&lines->line[n].words)->name, pin);
        avrspi_hint(error, "--xtal-pin chooses another for the clock");
        return AVRSPI_ERR_USAGE;
    }
    return check_bus(pin, error);
}
