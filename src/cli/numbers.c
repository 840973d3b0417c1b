/* SPDX-License-Identifier: MIT */
#include "cli/numbers.h"

#include <string.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/number.h"

enum {
    HIGHEST_HZ = 1000000000,
};

int number_parse(const char *what, const char *text, uint32_t most, uint32_t *value,
                 struct avrspi_error *error)
{
    uint64_t number;

    if (!avrspi_number_parse(text, strlen(text), &number))
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
    if (!avrspi_number_parse_hz(text, strlen(text), 1, HIGHEST_HZ, hz))
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected a frequency for %s (8000, 125k, 2M), found '%s'", what, text);
    return 0;
}

int voltage_parse(const char *what, const char *text, uint32_t *mv, struct avrspi_error *error)
{
    if (avrspi_number_parse_mv(text, strlen(text), mv))
        return 0;
    return avrspi_fail(error, AVRSPI_ERR_USAGE,
                       "expected a voltage of 0.5 to 6 for %s (3.3, 5V), found '%.64s'", what,
                       text);
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
                           "the end of --range must be greater than its start, found '%s'", text);
    return 0;
}

int signature_parse(const char *text, uint8_t signature[3], struct avrspi_error *error)
{
    char digits[6];
    size_t n = 0;

    for (const char *at = text; *at; at++) {
        if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
            at++;
        } else if (avrspi_hex_digit(*at) >= 0 && n < sizeof digits) {
            digits[n++] = *at;
        } else if (!strchr(" ,:-", *at)) {
            n = 0;
            break;
        }
    }
    if (n != sizeof digits)
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "expected three bytes for --signature (1E950F), found '%s'", text);
    (void)avrspi_hex_decode(digits, n, signature);
    return 0;
}
