/* SPDX-License-Identifier: MIT */
#include "arduino/avrdude.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

/* --- words */

/* Cuts the next word out of a line in place: *rest goes behind it. NULL after the last. */
static char *next_word(char **rest)
{
    char *from = *rest + strspn(*rest, " \t"), *to = from, *word = from, quote = '\0';

    if (*from == '\0')
        return NULL;
    for (; *from && (quote || !strchr(" \t", *from)); from++) {
        if (quote && *from == quote)
            quote = '\0';
        else if (!quote && (*from == '"' || *from == '\''))
            quote = *from;
        else
            *to++ = *from;
    }
    *rest = *from ? from + 1 : from;
    *to = '\0';
    return word;
}

/* --- options */

static const struct {
    const char *name;
    enum avrspi_fuse fuse;
} fuses[] = {
    {"lfuse", AVRSPI_FUSE_LOW}, {"hfuse", AVRSPI_FUSE_HIGH}, {"efuse", AVRSPI_FUSE_EXT},
    {"fuse", AVRSPI_FUSE_LOW},  {"lock", AVRSPI_FUSE_LOCK},
};

/* Its name, up to ':', is that of a fuse byte or the lock bits. */
static bool is_fuse(const char *text, size_t size, enum avrspi_fuse *fuse)
{
    for (size_t n = 0; n < sizeof fuses / sizeof *fuses; n++) {
        if (avrspi_text_is(text, size, fuses[n].name)) {
            *fuse = fuses[n].fuse;
            return true;
        }
    }
    return false;
}

static int fail_write(const char *text, const char *expected, struct avrspi_error *error)
{
    return avrspi_fail(error, AVRSPI_ERR_INPUT, "expected %s in avrdude's '-U %.120s'", expected,
                       text);
}

/* Cores leave the value empty where a chip has no such byte. */
static int take_value(struct avrspi_avrdude_write *write, const char *text, const char *value,
                      size_t size, struct avrspi_error *error)
{
    uint32_t number;

    write->immediate = true;
    write->empty = size == 0;
    if (write->empty)
        return 0;

    if (!avrspi_number_parse_within(value, size, 0, 0xFF, &number))
        return fail_write(text, "a number from 0 to 255", error);
    write->value = (uint8_t)number;
    return 0;
}

/* What follows MEMORY:w: - the format is one letter behind the last colon. */
static int take_source(struct avrspi_avrdude_write *write, const char *text, const char *name,
                       size_t name_size, const char *source, struct avrspi_error *error)
{
    const char *colon = strrchr(source, ':');
    size_t size = colon && strlen(colon) == 2 ? (size_t)(colon - source) : strlen(source);

    if (is_fuse(name, name_size, &write->fuse))
        return take_value(write, text, source, size, error);
    if (avrspi_text_is(name, name_size, "flash"))
        write->memory = AVRSPI_MEMORY_FLASH;
    else if (avrspi_text_is(name, name_size, "eeprom"))
        write->memory = AVRSPI_MEMORY_EEPROM;
    else
        return fail_write(text, "flash, eeprom, a fuse or lock", error);
    if (colon && strlen(colon) == 2 && colon[1] == 'm')
        return fail_write(text, "a file", error);
    write->file = strndup(source, size);
    return write->file ? 0 : avrspi_fail_memory(error);
}

static int take_write(struct avrspi_avrdude *avrdude, const char *argument,
                      struct avrspi_error *error)
{
    const char *colon = strchr(argument, ':');
    struct avrspi_avrdude_write *write = &avrdude->writes[avrdude->n_writes];

    if (!colon || colon[1] == '\0' || colon[2] != ':')
        return fail_write(argument, "MEMORY:w:FILE:FORMAT", error);
    if (colon[1] == 'v') /* all is verified here */
        return 0;
    if (colon[1] != 'w')
        return fail_write(argument, "w, to write,", error);
    if (avrdude->n_writes == AVRSPI_AVRDUDE_MOST_WRITES)
        return fail_write(argument, "at most 12 of them", error);
    avrdude->n_writes++;
    return take_source(write, argument, argument, (size_t)(colon - argument), colon + 3, error);
}

static int take_erase(struct avrspi_avrdude *avrdude, const char *argument,
                      struct avrspi_error *error)
{
    (void)argument;
    (void)error;
    avrdude->erase = true;
    return 0;
}

static int take_no_erase(struct avrspi_avrdude *avrdude, const char *argument,
                         struct avrspi_error *error)
{
    (void)argument;
    (void)error;
    avrdude->no_erase = true;
    return 0;
}

/* Without 'take': it concerns the programmer, the part, or what is said. */
static const struct option {
    char letter;
    bool argument;
    int (*take)(struct avrspi_avrdude *avrdude, const char *argument, struct avrspi_error *error);
} options[] = {
    {'U', true, take_write},     {'p', true, NULL},  {'e', false, take_erase},
    {'D', false, take_no_erase}, {'A', false, NULL}, {'B', true, NULL},
    {'C', true, NULL},           {'E', true, NULL},  {'F', false, NULL},
    {'O', false, NULL},          {'P', true, NULL},  {'V', false, NULL},
    {'b', true, NULL},           {'c', true, NULL},  {'i', true, NULL},
    {'l', true, NULL},           {'q', false, NULL}, {'s', false, NULL},
    {'u', false, NULL},          {'v', false, NULL}, {'x', true, NULL},
    {'y', false, NULL},
};

static const struct option *find_option(char letter)
{
    for (size_t n = 0; n < sizeof options / sizeof *options; n++)
        if (options[n].letter == letter)
            return &options[n];
    return NULL;
}

/* A word "-xyz" may hold several options; the argument of the last may be the next word. */
static int take_word(struct avrspi_avrdude *avrdude, const char *word, char **rest,
                     struct avrspi_error *error)
{
    if (word[0] != '-' || word[1] == '\0')
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "expected an option of avrdude, found '%.100s'",
                           word);
    for (const char *at = word + 1; *at; at++) {
        const struct option *option = find_option(*at);
        const char *argument = NULL;
        int result;

        if (!option)
            return avrspi_fail(error, AVRSPI_ERR_INPUT,
                               "avrdude's option '-%c' has no meaning in a recipe", *at);
        if (option->argument) {
            argument = at[1] ? at + 1 : next_word(rest);
            if (!argument)
                return avrspi_fail(error, AVRSPI_ERR_INPUT,
                                   "avrdude's option '-%c' needs an argument", *at);
        }
        result = option->take ? option->take(avrdude, argument, error) : 0;
        if (result < 0 || option->argument)
            return result;
    }
    return 0;
}

static int check_program(const char *program, struct avrspi_error *error)
{
    const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;

    if (strncmp(name, "avrdude", strlen("avrdude")) == 0)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_USAGE, "expected avrdude as the tool, found '%.100s'", name);
    avrspi_hint(error, "only recipes for avrdude can be carried out over SPI");
    return AVRSPI_ERR_USAGE;
}

int avrspi_avrdude_parse(struct avrspi_avrdude *avrdude, const char *line,
                         struct avrspi_error *error)
{
    char *copy = strdup(line), *rest = copy, *word;
    int result;

    *avrdude = (struct avrspi_avrdude){0};
    if (!copy)
        return avrspi_fail_memory(error);
    word = next_word(&rest);
    result = check_program(word ? word : "", error);
    while (result == 0 && (word = next_word(&rest)) != NULL)
        result = *word ? take_word(avrdude, word, &rest, error) : 0;
    free(copy);
    return result;
}

void avrspi_avrdude_free(struct avrspi_avrdude *avrdude)
{
    for (size_t n = 0; n < avrdude->n_writes; n++)
        free(avrdude->writes[n].file);
    *avrdude = (struct avrspi_avrdude){0};
}
