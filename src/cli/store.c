/* SPDX-License-Identifier: MIT */
/* From the text of an option to its member of the config, by the type of its row. */
#include <stdio.h>
#include <string.h>

#include "cli/config.h"
#include "cli/numbers.h"
#include "cli/options.h"
#include "cli/words.h"
#include "base/error.h"

enum {
    MOST_WORDS = 16,
};

/* A choice is stored as an int, whatever its enum. */
_Static_assert(sizeof(enum ui_color) == sizeof(int), "enums are ints");

struct argument {
    const struct option_row *row;
    const char *text;
    char what[32]; /* "--speed", for messages */
};

/* Without a word, as on the command line, it is set. */
static int store_flag(const struct argument *argument, void *member, struct avrspi_error *error)
{
    static const char *const words[] = {"yes", "no"};
    const char *text = argument->text;
    const bool set = !text || strcmp(text, "yes") == 0;

    if (!set && strcmp(text, "no") != 0)
        return words_fail_choice(argument->what, text, words, 2, error);
    memcpy(member, &set, sizeof set);
    return 0;
}

static int store_text(const struct argument *argument, void *member, struct avrspi_error *error)
{
    (void)error;
    memcpy(member, &argument->text, sizeof argument->text);
    return 0;
}

static int store_one_more(const struct argument *argument, void *member, struct avrspi_error *error)
{
    return config_add(member, argument->text, error);
}

static int store_number(const struct argument *argument, void *member, struct avrspi_error *error)
{
    return number_parse(argument->what, argument->text, argument->row->most, member, error);
}

static int store_frequency(const struct argument *argument, void *member,
                           struct avrspi_error *error)
{
    uint32_t *hz = member;

    if (!argument->row->automatic || strcmp(argument->text, "auto") != 0)
        return hertz_parse(argument->what, argument->text, hz, error);
    *hz = 0;
    return 0;
}

static int store_voltage(const struct argument *argument, void *member, struct avrspi_error *error)
{
    return voltage_parse(argument->what, argument->text, member, error);
}

static int store_choice(const struct argument *argument, void *member, struct avrspi_error *error)
{
    const char *words[MOST_WORDS], *word;
    size_t n = 0;
    int value;

    for (; n < MOST_WORDS && (word = argument->row->words(n, &value)) != NULL; n++) {
        words[n] = word;
        if (strcmp(word, argument->text) == 0) {
            memcpy(member, &value, sizeof value);
            return 0;
        }
    }
    return words_fail_choice(argument->what, argument->text, words, n, error);
}

static int store_fuse(const struct argument *argument, void *member, struct avrspi_error *error)
{
    struct avrspi_fuses *fuses = member;
    uint32_t value;
    int result = number_parse(argument->what, argument->text, UINT8_MAX, &value, error);

    if (result < 0)
        return result;
    fuses->given[argument->row->fuse] = true;
    fuses->value[argument->row->fuse] = (uint8_t)value;
    return 0;
}

static int store_range(const struct argument *argument, void *member, struct avrspi_error *error)
{
    struct config_range *range = member;

    return range_parse(argument->text, &range->start, &range->end, error);
}

static int store_signature(const struct argument *argument, void *member,
                           struct avrspi_error *error)
{
    struct config_signature *signature = member;

    return signature_parse(argument->text, signature->bytes, error);
}

static int (*const stores[OPTION_TYPES])(const struct argument *argument, void *member,
                                         struct avrspi_error *error) = {
    [OPTION_FLAG] = store_flag,           [OPTION_TEXT] = store_text,
    [OPTION_FILE] = store_text,           [OPTION_OUTPUT] = store_text,
    [OPTION_TEXTS] = store_one_more,      [OPTION_NUMBER] = store_number,
    [OPTION_FREQUENCY] = store_frequency, [OPTION_CHOICE] = store_choice,
    [OPTION_FUSE] = store_fuse,           [OPTION_RANGE] = store_range,
    [OPTION_SIGNATURE] = store_signature, [OPTION_VOLTAGE] = store_voltage,
};

int option_store(const struct option_row *row, struct config *config, const char *text,
                 struct avrspi_error *error)
{
    struct argument argument = {.row = row, .text = text};

    (void)snprintf(argument.what, sizeof argument.what, "--%s", row->name);
    return stores[row->type](&argument, (char *)config + row->offset, error);
}

int option_set(struct config *config, enum option_id id, enum option_source source,
               const char *text, struct avrspi_error *error)
{
    const struct option_row *row = &option_rows[id];
    struct config outranked = {0};
    int result;

    if (!text)
        text = row->implied;
    if (text && !*text && source != FROM_COMMAND_LINE)
        return 0;                                       /* empty is not given */
    if (text && !*text && row->type <= OPTION_OUTPUT) { /* a script's variable that is not set */
        avrspi_fail(error, AVRSPI_ERR_USAGE, "expected %s for --%s, found ''", row->argument,
                    row->name);
        avrspi_hint(error, "leave --%s out to go without it", row->name);
        return AVRSPI_ERR_USAGE;
    }
    if (config->source[id] > source)
        return option_store(row, &outranked, text, error);
    result = option_store(row, config, text, error);
    if (result == 0)
        config->source[id] = source;
    return result;
}
