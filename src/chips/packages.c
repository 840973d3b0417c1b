/* SPDX-License-Identifier: MIT */
/* The pins of a chip section: "ports = MOSI PB3, MISO PB4", "pin.PDIP-28 = MOSI 17, GND 8 22". */
#include "parse.h"

#include "base/number.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
    FEWEST_PINS = 6,
    MOST_PINS = 144,
    MOST_PLACES = 32, /* pins with a signal, in one package */
    LONGEST_GROUP = 80,
    LONGEST_PLACE = 8, /* "A10" */
};

const char *avrspi_signal_name(enum avrspi_signal signal)
{
    static const char *const names[AVRSPI_SIGNALS] = {
        [AVRSPI_SIGNAL_MOSI] = "MOSI",   [AVRSPI_SIGNAL_MISO] = "MISO",
        [AVRSPI_SIGNAL_SCK] = "SCK",     [AVRSPI_SIGNAL_RESET] = "RESET",
        [AVRSPI_SIGNAL_XTAL1] = "XTAL1", [AVRSPI_SIGNAL_VCC] = "VCC",
        [AVRSPI_SIGNAL_AVCC] = "AVCC",   [AVRSPI_SIGNAL_GND] = "GND",
        [AVRSPI_SIGNAL_PAD] = "PAD",
    };

    return (unsigned)signal < AVRSPI_SIGNALS ? names[signal] : "";
}

const struct avrspi_package *avrspi_chip_package(const struct avrspi_chip *chip, size_t n)
{
    return chip->pinout && n < chip->pinout->n_packages ? &chip->pinout->packages[n] : NULL;
}

const char *avrspi_chip_port(const struct avrspi_chip *chip, enum avrspi_signal signal)
{
    return chip->pinout && (unsigned)signal < AVRSPI_SIGNALS ? chip->pinout->port[signal] : "";
}

const char *avrspi_chip_signal_alias(const struct avrspi_chip *chip, enum avrspi_signal signal)
{
    return chip->pinout && (unsigned)signal < AVRSPI_SIGNALS ? chip->pinout->alias[signal] : "";
}

/* --- groups: a signal and words, with commas between */

struct group {
    enum avrspi_signal signal;
    const char *words;
    size_t size;
};

static bool expected(struct avrspi_parser *parser, const char *found, size_t size, const char *what)
{
    char text[LONGEST_GROUP + 1];

    (void)snprintf(text, sizeof text, "%.*s", (int)size, found);
    return avrspi_parse_expected(parser, parser->line, text, "%s", what);
}

static bool find_signal(const char *word, size_t size, enum avrspi_signal *signal)
{
    for (int n = 0; n < AVRSPI_SIGNALS; n++) {
        const char *name = avrspi_signal_name((enum avrspi_signal)n);

        if (strlen(name) == size && memcmp(name, word, size) == 0) {
            *signal = (enum avrspi_signal)n;
            return true;
        }
    }
    return false;
}

/* Takes the next group off a value; false at its end, and after an error. */
static bool next_group(struct avrspi_parser *parser, const char **rest, struct group *group)
{
    const char *begin = *rest, *end = begin + strcspn(begin, ",");
    const char *words = begin, *word;
    size_t size;

    if (!*begin)
        return false;
    *rest = *end ? end + 1 : end;
    word = avrspi_text_word(&words, &size);
    if (!word || word + size > end || !find_signal(word, size, &group->signal))
        return expected(parser, begin, (size_t)(end - begin),
                        "a signal: MOSI, MISO, SCK, RESET, XTAL1, VCC, AVCC, GND or PAD");
    group->words = words < end ? words + strspn(words, " \t") : end;
    group->size = group->words < end ? (size_t)(end - group->words) : 0;
    while (group->size > 0 && strchr(" \t", group->words[group->size - 1]))
        group->size--;
    if (group->size == 0)
        return expected(parser, begin, (size_t)(end - begin), "what has the signal");
    return true;
}

/* --- ports */

/* "PB3", "PE0 PDI", or "- MOSI_A" where the port is not certain */
static bool take_port(struct avrspi_parser *parser, const struct group *group)
{
    struct avrspi_arena *arena = &parser->file->arena;
    const char *space = memchr(group->words, ' ', group->size);
    const size_t size = space ? (size_t)(space - group->words) : group->size;
    const char *alias = space ? space + strspn(space, " ") : "";
    const size_t alias_size = space ? group->size - (size_t)(alias - group->words) : 0;
    const bool unknown = size == 1 && *group->words == '-';

    if ((unknown ? !space : !avrspi_parse_is_name(group->words, size)) ||
        (space && !avrspi_parse_is_name(alias, alias_size)))
        return expected(parser, group->words, group->size,
                        "a port pin, and perhaps its name, as in 'PE0 PDI'");
    parser->pinout.port[group->signal] = avrspi_arena_text(arena, group->words, unknown ? 0 : size);
    parser->pinout.alias[group->signal] = avrspi_arena_text(arena, alias, alias_size);
    return (parser->pinout.port[group->signal] && parser->pinout.alias[group->signal]) ||
           avrspi_parse_memory(parser);
}

bool avrspi_packages_ports(struct avrspi_parser *parser, const char *value)
{
    struct group group = {0};

    for (int n = 0; n < AVRSPI_SIGNALS; n++)
        parser->pinout.port[n] = parser->pinout.alias[n] = "";
    while (next_group(parser, &value, &group))
        if (!take_port(parser, &group))
            return false;
    return !parser->failure;
}

/* --- pins of a package */

/* The number at the end of "PDIP-28"; 0 for a name that has none. */
static uint32_t count_pins(const char *package)
{
    const char *dash = strrchr(package, '-');
    uint32_t count;

    return dash && dash > package &&
                   avrspi_number_parse_within(dash + 1, strlen(dash + 1), FEWEST_PINS, MOST_PINS,
                                              &count)
               ? count
               : 0;
}

/* Balls, and the inner rows of a DRQFN, are named by a letter and a number. */
static bool is_grid(const char *package)
{
    return strstr(package, "BGA") || strncmp(package, "DRQFN", strlen("DRQFN")) == 0;
}

static bool is_place(const char *package, enum avrspi_signal signal, const char *word, size_t size)
{
    const uint32_t count = count_pins(package);
    uint32_t number;

    if (signal == AVRSPI_SIGNAL_PAD && size == 2 && memcmp(word, "EP", 2) == 0)
        return true;
    if (is_grid(package))
        return size > 1 && isupper((unsigned char)*word) &&
               avrspi_number_parse_within(word + 1, size - 1, 1, count, &number);
    return avrspi_number_parse_within(word, size, 1, count + (signal == AVRSPI_SIGNAL_PAD),
                                      &number);
}

/* Pins that have a signal already: none may have two. */
struct places {
    char name[MOST_PLACES][LONGEST_PLACE];
    size_t count;
};

static bool add_place(struct places *places, const char *word, size_t size)
{
    if (size >= LONGEST_PLACE || places->count == MOST_PLACES)
        return false;
    for (size_t n = 0; n < places->count; n++)
        if (strlen(places->name[n]) == size && memcmp(places->name[n], word, size) == 0)
            return false;
    memcpy(places->name[places->count], word, size);
    places->name[places->count++][size] = '\0';
    return true;
}

/* "8 22", "3(UVCC) 21 52" */
static bool check_places(struct avrspi_parser *parser, const char *package,
                         const struct group *group, struct places *places)
{
    const char *rest = group->words, *end = rest + group->size, *word;
    size_t size;

    while (rest < end && (word = avrspi_text_word(&rest, &size)) != NULL && word < end) {
        const size_t length = word + size > end ? (size_t)(end - word) : size;
        const char *bracket = memchr(word, '(', length);
        const size_t bare = bracket ? (size_t)(bracket - word) : length;

        if (bracket && (word[length - 1] != ')' || bare + 2 >= length))
            return expected(parser, word, length, "a name in brackets, as in '3(UVCC)'");
        if (!is_place(package, group->signal, word, bare))
            return expected(parser, word, length, "a pin that the package has");
        if (!add_place(places, word, bare))
            return expected(parser, word, length, "every pin once in a package");
    }
    return true;
}

static struct avrspi_package *new_package(struct avrspi_parser *parser, const char *name)
{
    struct avrspi_package *package = &parser->packages[parser->pinout.n_packages];

    if (count_pins(name) == 0 || !avrspi_parse_is_name(name, strlen(name))) {
        (void)expected(parser, name, strlen(name), "a package and its number of pins ('PDIP-28')");
        return NULL;
    }
    if (parser->pinout.n_packages == AVRSPI_MAX_PACKAGES) {
        (void)expected(parser, name, strlen(name), "no more than 8 packages");
        return NULL;
    }
    *package = (struct avrspi_package){
        .name = avrspi_arena_text(&parser->file->arena, name, strlen(name)),
    };
    for (int n = 0; n < AVRSPI_SIGNALS; n++)
        package->pins[n] = "";
    if (!package->name)
        (void)avrspi_parse_memory(parser);
    return package->name ? package : NULL;
}

static bool check_complete(struct avrspi_parser *parser, const struct avrspi_package *package)
{
    static const enum avrspi_signal needed[] = {
        AVRSPI_SIGNAL_MOSI,  AVRSPI_SIGNAL_MISO, AVRSPI_SIGNAL_SCK,
        AVRSPI_SIGNAL_RESET, AVRSPI_SIGNAL_VCC,  AVRSPI_SIGNAL_GND,
    };

    for (size_t n = 0; n < sizeof needed / sizeof *needed; n++)
        if (!*package->pins[needed[n]])
            return avrspi_parse_expected(parser, parser->line, NULL, "pin.%s to have %s",
                                         package->name, avrspi_signal_name(needed[n]));
    return true;
}

bool avrspi_packages_key(struct avrspi_parser *parser, const char *name, const char *value)
{
    struct avrspi_package *package = new_package(parser, name);
    struct places places = {0};
    struct group group = {0};

    if (!package)
        return false;
    while (next_group(parser, &value, &group)) {
        if (*package->pins[group.signal])
            return expected(parser, avrspi_signal_name(group.signal), SIZE_MAX,
                            "every signal once in a package");
        if (!check_places(parser, name, &group, &places))
            return false;
        package->pins[group.signal] =
            avrspi_arena_text(&parser->file->arena, group.words, group.size);
        if (!package->pins[group.signal])
            return avrspi_parse_memory(parser);
    }
    if (parser->failure || !check_complete(parser, package))
        return false;
    parser->pinout.n_packages++;
    return true;
}

/* --- the section */

void avrspi_packages_begin(struct avrspi_parser *parser)
{
    parser->pinout = (struct avrspi_pinout){0};
    for (int n = 0; n < AVRSPI_SIGNALS; n++)
        parser->pinout.port[n] = parser->pinout.alias[n] = "";
}

bool avrspi_packages_of(struct avrspi_parser *parser, const char *name)
{
    const struct avrspi_definition *other = avrspi_parse_definition(parser, name);

    if (!other || !other->chip.pinout)
        return avrspi_parse_expected(parser, parser->line, name,
                                     "a chip from further up or built in, with pins");
    parser->pinout = *other->chip.pinout;
    memcpy(parser->packages, parser->pinout.packages,
           parser->pinout.n_packages * sizeof *parser->packages);
    return true;
}

/* " 7 and 20" for "7 20(AVCC)": a sentence has no room for names. */
static void say_pins(char *text, size_t size, const char *pins)
{
    const char *word, *separator = " ";
    size_t length, used = strlen(text);

    while (used < size && (word = avrspi_text_word(&pins, &length)) != NULL) {
        const char *bracket = memchr(word, '(', length);

        used += (size_t)snprintf(text + used, size - used, "%s%.*s", separator,
                                 (int)(bracket ? (size_t)(bracket - word) : length), word);
        separator = " and ";
    }
}

/* "PDIP-28: MOSI 17, MISO 18, SCK 19, RESET 1, VCC 7 and 20, GND 8 and 22" */
static bool make_sentence(struct avrspi_parser *parser, struct avrspi_chip *chip)
{
    const struct avrspi_package *package = avrspi_chip_package(chip, 0);
    char text[256];

    (void)snprintf(text, sizeof text, "%s:", package->name);
    for (int n = AVRSPI_SIGNAL_MOSI; n <= AVRSPI_SIGNAL_GND; n++) {
        const enum avrspi_signal signal = (enum avrspi_signal)n;
        const char *alias = avrspi_chip_signal_alias(chip, signal);
        const size_t used = strlen(text);

        if (signal == AVRSPI_SIGNAL_XTAL1 || !*package->pins[signal])
            continue;
        (void)snprintf(text + used, sizeof text - used, "%s %s%s%s",
                       signal == AVRSPI_SIGNAL_MOSI ? "" : ",", avrspi_signal_name(signal),
                       *alias ? " to " : "", alias);
        say_pins(text, sizeof text, package->pins[signal]);
    }
    chip->pins = avrspi_arena_text(&parser->file->arena, text, strlen(text));
    return chip->pins || avrspi_parse_memory(parser);
}

bool avrspi_packages_end(struct avrspi_parser *parser)
{
    struct avrspi_chip *chip = &parser->definition->chip;
    struct avrspi_arena *arena = &parser->file->arena;

    if (parser->pinout.n_packages == 0)
        return true;
    parser->pinout.packages = avrspi_arena_copy(
        arena, parser->packages, parser->pinout.n_packages * sizeof *parser->packages);
    chip->pinout = avrspi_arena_copy(arena, &parser->pinout, sizeof parser->pinout);
    if (!parser->pinout.packages || !chip->pinout)
        return avrspi_parse_memory(parser);
    return *chip->pins || make_sentence(parser, chip);
}
