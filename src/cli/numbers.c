/* SPDX-License-Identifier: MIT */
#include "cli/numbers.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

int number_parse(const char *what, const char *text, uint32_t most, uint32_t *value,
                 struct avrspi_error *error)
{
    const char *digits = text, *allowed = "0123456789";
    int base = 10;
    unsigned long long number;

    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        allowed = "0123456789abcdefABCDEF";
        digits += 2;
    } else if (text[0] == '0' && (text[1] == 'b' || text[1] == 'B')) {
        base = 2;
        allowed = "01";
        digits += 2;
    }
    errno = 0;
    number = strtoull(digits, NULL, base);
    /* strtoull() itself would take a sign, spaces and a second prefix */
    if (!*digits || digits[strspn(digits, allowed)] || errno)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected a number for %s (255, 0xFF, 0b11111111), found '%s'", what,
                           text);
    if (number > most)
        return avrspi_fail(error, AVRSPI_ERR_USAGE, "%s is at most 0x%X, found '%s'", what, most,
                           text);
    *value = (uint32_t)number;
    return 0;
}

int hertz_parse(const char *what, const char *text, uint32_t *hz, struct avrspi_error *error)
{
    char *end;
    double number = strtod(text, &end);

    if (*end == 'k' || *end == 'K') {
        number *= 1e3;
        end++;
    } else if (*end == 'M' || *end == 'm') {
        number *= 1e6;
        end++;
    }
    if (strcasecmp(end, "hz") == 0)
        end += 2;
    if (!isdigit((unsigned char)*text) || *end || !(number >= 1 && number <= 1e9))
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected a frequency for %s (8000, 125k, 2M), found '%s'", what, text);
    *hz = (uint32_t)lround(number);
    return 0;
}

int range_parse(const char *text, uint32_t *start, uint32_t *end, struct avrspi_error *error)
{
    char first[32];
    const char *colon = strchr(text, ':');
    size_t length = colon ? (size_t)(colon - text) : 0;

    if (!colon || length >= sizeof first)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected START:END for --range (0x7E00:0x8000), found '%s'", text);
    memcpy(first, text, length);
    first[length] = '\0';
    if (number_parse("the start of --range", first, UINT32_MAX, start, error) < 0 ||
        number_parse("the end of --range", colon + 1, UINT32_MAX, end, error) < 0)
        return AVRSPI_ERR_USAGE;
    if (*end <= *start)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "the end of --range has to lie behind its start, found '%s'", text);
    return 0;
}

int signature_parse(const char *text, uint8_t signature[3], struct avrspi_error *error)
{
    char digits[7];
    size_t n = 0;

    for (const char *at = text; *at; at++) {
        if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
            at++;
        } else if (isxdigit((unsigned char)*at) && n < 6) {
            digits[n++] = *at;
        } else if (!strchr(" ,:-", *at)) {
            n = 0;
            break;
        }
    }
    if (n != 6)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected three bytes for --signature (1E950F), found '%s'", text);
    for (size_t i = 0; i < 3; i++) {
        char byte[3] = {digits[i * 2], digits[i * 2 + 1], '\0'};

        signature[i] = (uint8_t)strtoul(byte, NULL, 16);
    }
    return 0;
}
