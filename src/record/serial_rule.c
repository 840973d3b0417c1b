/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "base/words.h"
#include "record/serial.h"

enum {
    WIDEST_BINARY = 8,
};

/* --- keys */

struct key {
    const char *name;
    int (*set)(struct avrspi_serial_rule *rule, const char *value, const struct key *key,
               struct avrspi_error *error);
    size_t place;
    int value; /* of an enumeration */
    uint32_t least, most;
};

static void *place_of(struct avrspi_serial_rule *rule, const struct key *key)
{
    return (char *)rule + key->place;
}

static int expected(struct avrspi_error *error, const char *what, const char *value)
{
    return avrspi_fail(error, AVRSPI_ERR_INPUT, "expected %s, found '%.80s'", what, value);
}

static int set_number(struct avrspi_serial_rule *rule, const char *value, const struct key *key,
                      struct avrspi_error *error)
{
    char what[64];

    if (avrspi_number_parse_within(value, strlen(value), key->least, key->most,
                                   place_of(rule, key)))
        return 0;
    (void)snprintf(what, sizeof what, "a number from %u to %u", key->least, key->most);
    return expected(error, what, value);
}

static int set_count(struct avrspi_serial_rule *rule, const char *value, const struct key *key,
                     struct avrspi_error *error)
{
    uint64_t *number = place_of(rule, key);

    if (avrspi_number_parse(value, strlen(value), number) && *number <= INT64_MAX &&
        *number >= key->least)
        return 0;
    return expected(error, key->least ? "a number from 1 on" : "a number", value);
}

static int set_memory(struct avrspi_serial_rule *rule, const char *value, const struct key *key,
                      struct avrspi_error *error)
{
    (void)key;
    rule->memory = strcmp(value, "eeprom") == 0 ? AVRSPI_MEMORY_EEPROM : AVRSPI_MEMORY_FLASH;
    return strcmp(value, "eeprom") == 0 || strcmp(value, "flash") == 0
               ? 0
               : expected(error, "flash or eeprom", value);
}

static int set_form(struct avrspi_serial_rule *rule, const char *value, const struct key *key,
                    struct avrspi_error *error)
{
    (void)key;
    rule->form = strcmp(value, "text") == 0 ? AVRSPI_SERIAL_TEXT : AVRSPI_SERIAL_BINARY;
    return strcmp(value, "text") == 0 || strcmp(value, "binary") == 0
               ? 0
               : expected(error, "binary or text", value);
}

static int set_order(struct avrspi_serial_rule *rule, const char *value, const struct key *key,
                     struct avrspi_error *error)
{
    (void)key;
    rule->big_endian = strcmp(value, "big") == 0;
    return rule->big_endian || strcmp(value, "little") == 0
               ? 0
               : expected(error, "little or big", value);
}

static int set_flag(struct avrspi_serial_rule *rule, const char *value, const struct key *key,
                    struct avrspi_error *error)
{
    *(bool *)place_of(rule, key) = strcmp(value, "yes") == 0;
    return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0
               ? 0
               : expected(error, "yes or no", value);
}

static int keep_text(char **text, const char *value, struct avrspi_error *error)
{
    if (!*value)
        return expected(error, "a text", value);
    *text = strdup(value);
    return *text ? 0 : avrspi_fail_memory(error);
}

static int set_template(struct avrspi_serial_rule *rule, const char *value, const struct key *key,
                        struct avrspi_error *error)
{
    (void)key;
    rule->form = AVRSPI_SERIAL_TEMPLATE;
    return keep_text(&rule->template, value, error);
}

static int set_source(struct avrspi_serial_rule *rule, const char *value, const struct key *key,
                      struct avrspi_error *error)
{
    char **words = NULL;

    if (rule->source)
        return avrspi_fail(error, AVRSPI_ERR_INPUT,
                           "expected one of counter, list and command, found another");
    rule->source = (enum avrspi_serial_source)key->value;
    if (rule->source == AVRSPI_SERIAL_COMMAND && avrspi_words_split(&words, value, error) < 0)
        return AVRSPI_ERR_INPUT;
    free(words);
    return keep_text(&rule->name, value, error);
}

#define AT(member) offsetof(struct avrspi_serial_rule, member)

static const struct key keys[] = {
    {"memory", set_memory, 0, 0, 0, 0},
    {"address", set_number, AT(address), 0, 0, UINT32_MAX},
    {"format", set_form, 0, 0, 0, 0},
    {"template", set_template, 0, 0, 0, 0},
    {"width", set_number, AT(width), 0, 1, AVRSPI_SERIAL_LONGEST - 1},
    {"order", set_order, 0, 0, 0, 0},
    {"counter", set_source, 0, AVRSPI_SERIAL_COUNTER, 0, 0},
    {"list", set_source, 0, AVRSPI_SERIAL_LIST, 0, 0},
    {"command", set_source, 0, AVRSPI_SERIAL_COMMAND, 0, 0},
    {"start", set_count, AT(start), 0, 0, 0},
    {"end", set_count, AT(end), 0, 0, 0},
    {"step", set_count, AT(step), 0, 1, 0},
    {"keep", set_flag, AT(keep), 0, 0, 0},
};

enum {
    KEYS = sizeof keys / sizeof *keys,
};

int avrspi_serial_rule_set(struct avrspi_serial_rule *rule, const char *key, const char *value,
                           bool *unknown, struct avrspi_error *error)
{
    *unknown = false;
    for (int n = 0; n < KEYS; n++) {
        if (strcmp(keys[n].name, key) != 0)
            continue;
        rule->given |= 1U << n;
        return keys[n].set(rule, value, &keys[n], error);
    }
    *unknown = true;
    return avrspi_fail(error, AVRSPI_ERR_INPUT,
                       "expected memory, address, format, template, width, order, counter, list, "
                       "command, start, end, step or keep, found '%.40s'",
                       key);
}

void avrspi_serial_rule_free(struct avrspi_serial_rule *rule)
{
    free(rule->template);
    free(rule->name);
    *rule = (struct avrspi_serial_rule){0};
}

static bool is_given(const struct avrspi_serial_rule *rule, const char *name)
{
    for (int n = 0; n < KEYS; n++)
        if (strcmp(keys[n].name, name) == 0)
            return rule->given >> n & 1;
    return false;
}

uint64_t avrspi_serial_last(const struct avrspi_serial_rule *rule)
{
    uint64_t most = INT64_MAX;

    if (rule->form == AVRSPI_SERIAL_BINARY && rule->width < WIDEST_BINARY)
        most = (UINT64_C(1) << (8 * rule->width)) - 1;
    return is_given(rule, "end") && rule->end < most ? rule->end : most;
}

static int check_numbers(const struct avrspi_serial_rule *rule, struct avrspi_error *error)
{
    uint8_t bytes[AVRSPI_SERIAL_LONGEST];
    char number[AVRSPI_SERIAL_LONGEST];
    struct avrspi_error reason;

    if (rule->source != AVRSPI_SERIAL_COUNTER)
        return 0;
    if (is_given(rule, "end") && rule->end < rule->start)
        return avrspi_fail(error, AVRSPI_ERR_INPUT,
                           "expected 'end' from %llu ('start') on, found %llu",
                           (unsigned long long)rule->start, (unsigned long long)rule->end);
    (void)snprintf(number, sizeof number, "%llu",
                   (unsigned long long)(is_given(rule, "end") ? rule->end : rule->start));
    if (avrspi_serial_bytes(rule, number, 1, bytes, &reason) == 0)
        return 0;
    return avrspi_fail(error, AVRSPI_ERR_INPUT, "%s", reason.message);
}

int avrspi_serial_rule_check(const struct avrspi_serial_rule *rule, struct avrspi_error *error)
{
    static const char *const needed[] = {"memory", "address", "width"};
    static const char *const of_counter[] = {"start", "end", "step"};

    for (size_t n = 0; n < sizeof needed / sizeof *needed; n++)
        if (!is_given(rule, needed[n]))
            return avrspi_fail(error, AVRSPI_ERR_INPUT, "expected '%s' in [serial], found none",
                               needed[n]);
    if (!rule->source)
        return avrspi_fail(error, AVRSPI_ERR_INPUT,
                           "expected counter, list or command in [serial], found none");
    for (size_t n = 0; n < sizeof of_counter / sizeof *of_counter; n++)
        if (rule->source != AVRSPI_SERIAL_COUNTER && is_given(rule, of_counter[n]))
            return avrspi_fail(error, AVRSPI_ERR_INPUT, "'%s' is for a counter", of_counter[n]);
    if (rule->form == AVRSPI_SERIAL_BINARY && rule->width > WIDEST_BINARY)
        return avrspi_fail(error, AVRSPI_ERR_INPUT,
                           "expected a width of 1 to 8 for a binary number, found %u", rule->width);
    if (rule->form != AVRSPI_SERIAL_BINARY && is_given(rule, "order"))
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "'order' is for a binary number");
    if (rule->template && is_given(rule, "format"))
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "'format' and 'template' exclude each other");
    if (rule->keep && rule->form == AVRSPI_SERIAL_TEMPLATE)
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "'keep' can't tell a number in a template");
    return check_numbers(rule, error);
}

/* --- bytes */

static int put_binary(const struct avrspi_serial_rule *rule, const char *number, uint8_t *bytes,
                      struct avrspi_error *error)
{
    uint64_t value;

    if (!avrspi_number_parse(number, strlen(number), &value))
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "expected a number, found '%.60s'", number);
    if (rule->width < WIDEST_BINARY && value >> (8 * rule->width))
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "the number %.60s does not fit %u byte%s",
                           number, rule->width, rule->width == 1 ? "" : "s");
    for (unsigned n = 0; n < rule->width; n++)
        bytes[rule->big_endian ? rule->width - 1 - n : n] = (uint8_t)(value >> (8 * n));
    return 0;
}

/* A text fills its width; only digits may be short, they get zeros in front. */
static int put_text(const struct avrspi_serial_rule *rule, const char *text, uint8_t *bytes,
                    struct avrspi_error *error)
{
    const size_t size = strlen(text);

    if (size > rule->width)
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "'%.60s' does not fit %u bytes", text,
                           rule->width);
    if (size < rule->width && strspn(text, "0123456789") != size)
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "expected %u characters, found '%.60s'",
                           rule->width, text);
    memset(bytes, '0', rule->width);
    for (size_t n = 0; n < size; n++)
        bytes[rule->width - size + n] = (uint8_t)text[n];
    return 0;
}

/* "{number:6}": the name, and how many digits it has at least. */
static bool expand(const char *name, size_t size, const char *number, int64_t unit,
                   const struct tm *day, char *text, size_t room)
{
    const char *colon = memchr(name, ':', size);
    const size_t length = colon ? (size_t)(colon - name) : size;
    char found[AVRSPI_SERIAL_LONGEST];
    uint32_t digits = 0;
    int pad;

    if (colon && !avrspi_number_parse_within(colon + 1, size - length - 1, 1, 20, &digits))
        return false;
    if (avrspi_text_is(name, length, "number"))
        (void)snprintf(found, sizeof found, "%s", number);
    else if (avrspi_text_is(name, length, "unit"))
        (void)snprintf(found, sizeof found, "%lld", (long long)unit);
    else if (avrspi_text_is(name, length, "year"))
        (void)snprintf(found, sizeof found, "%04d", day->tm_year + 1900);
    else if (avrspi_text_is(name, length, "month"))
        (void)snprintf(found, sizeof found, "%02d", day->tm_mon + 1);
    else if (avrspi_text_is(name, length, "day"))
        (void)snprintf(found, sizeof found, "%02d", day->tm_mday);
    else
        return false;
    pad = digits > strlen(found) ? (int)(digits - strlen(found)) : 0;
    return (size_t)snprintf(text, room, "%.*s%s", pad, "00000000000000000000", found) < room;
}

static int put_template(const struct avrspi_serial_rule *rule, const char *number, int64_t unit,
                        uint8_t *bytes, struct avrspi_error *error)
{
    const time_t now = time(NULL);
    char text[4 * AVRSPI_SERIAL_LONGEST] = "";
    size_t used = 0;
    struct tm day;

    (void)localtime_r(&now, &day);
    for (const char *rest = rule->template ? rule->template : "";
         *rest && used < sizeof text - 1;) {
        const char *close = strchr(rest, '}');

        if (*rest != '{') {
            text[used++] = *rest++;
            text[used] = '\0';
            continue;
        }
        if (!close || !expand(rest + 1, (size_t)(close - rest) - 1, number, unit, &day, text + used,
                              sizeof text - used))
            return avrspi_fail(
                error, AVRSPI_ERR_INPUT,
                "expected {number}, {unit}, {year}, {month} or {day}, with ':DIGITS' "
                "or without, found '%.40s'",
                rest);
        used = strlen(text);
        rest = close + 1;
    }
    if (used != rule->width)
        return avrspi_fail(error, AVRSPI_ERR_INPUT,
                           "expected %u characters ('width'), found '%.60s'", rule->width, text);
    for (size_t n = 0; n < used; n++)
        bytes[n] = (uint8_t)text[n];
    return 0;
}

int avrspi_serial_bytes(const struct avrspi_serial_rule *rule, const char *number, int64_t unit,
                        uint8_t bytes[AVRSPI_SERIAL_LONGEST], struct avrspi_error *error)
{
    switch (rule->form) {
    case AVRSPI_SERIAL_BINARY:
        return put_binary(rule, number, bytes, error);
    case AVRSPI_SERIAL_TEXT:
        return put_text(rule, number, bytes, error);
    case AVRSPI_SERIAL_TEMPLATE:
        break;
    }
    return put_template(rule, number, unit, bytes, error);
}

/* --- what a unit has */

static bool found_binary(const struct avrspi_serial_rule *rule, const uint8_t *bytes,
                         uint64_t *number)
{
    bool blank = true;

    *number = 0;
    for (unsigned n = 0; n < rule->width; n++) {
        const uint8_t byte = bytes[rule->big_endian ? n : rule->width - 1 - n];

        blank &= byte == 0xFF;
        *number = *number << 8 | byte;
    }
    return !blank;
}

static bool found_digits(const struct avrspi_serial_rule *rule, const uint8_t *bytes,
                         uint64_t *number)
{
    char text[AVRSPI_SERIAL_LONGEST];

    memcpy(text, bytes, rule->width);
    return avrspi_number_parse_digits(text, rule->width, 10, number);
}

bool avrspi_serial_found(const struct avrspi_serial_rule *rule, const uint8_t *bytes,
                         char number[AVRSPI_SERIAL_LONGEST])
{
    uint64_t value;

    if (rule->form == AVRSPI_SERIAL_BINARY ? !found_binary(rule, bytes, &value)
                                           : !found_digits(rule, bytes, &value))
        return false;
    if (rule->source == AVRSPI_SERIAL_COUNTER &&
        (value < rule->start || value > avrspi_serial_last(rule) ||
         (value - rule->start) % (rule->step ? rule->step : 1) != 0))
        return false;
    (void)snprintf(number, AVRSPI_SERIAL_LONGEST, "%llu", (unsigned long long)value);
    return true;
}
