/* SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/text.h"

enum {
    LOWEST_MV = 500,
    HIGHEST_MV = 6000, /* of the oldest parts */
};

bool avrspi_number_parse_digits(const char *text, size_t size, unsigned base, uint64_t *number)
{
    uint64_t sum = 0;

    if (size == 0)
        return false;
    for (size_t i = 0; i < size; i++) {
        int digit = avrspi_hex_digit(text[i]);

        if (digit < 0 || (unsigned)digit >= base || sum > (UINT64_MAX - (unsigned)digit) / base)
            return false;
        sum = sum * base + (unsigned)digit;
    }
    *number = sum;
    return true;
}

bool avrspi_number_parse(const char *text, size_t size, uint64_t *number)
{
    if (size > 1 && avrspi_text_is(text, 2, "0x"))
        return avrspi_number_parse_digits(text + 2, size - 2, 16, number);
    if (size > 1 && avrspi_text_is(text, 2, "0b"))
        return avrspi_number_parse_digits(text + 2, size - 2, 2, number);
    return avrspi_number_parse_digits(text, size, 10, number);
}

bool avrspi_number_parse_within(const char *text, size_t size, uint32_t least, uint32_t most,
                                uint32_t *number)
{
    uint64_t any;

    if (!avrspi_number_parse(text, size, &any) || any < least || any > most)
        return false;
    *number = (uint32_t)any;
    return true;
}

/* What the unit after a frequency stands for; *size is cut to what is before it. */
static uint32_t take_unit(const char *text, size_t *size)
{
    if (*size > 2 && avrspi_text_is(text + *size - 2, 2, "Hz"))
        *size -= 2;
    if (*size == 0)
        return 1;
    switch (avrspi_text_lower(text[*size - 1])) {
    case 'k':
        --*size;
        return 1000;
    case 'm':
        --*size;
        return 1000000;
    default:
        return 1;
    }
}

/* The digits after a decimal point, of a unit; together they are whole. */
static bool parse_fraction(const char *text, size_t size, uint32_t unit, uint64_t *hz)
{
    *hz = 0;
    for (size_t i = 0; i < size; i++) {
        int digit = avrspi_hex_digit(text[i]);

        if (digit < 0 || digit > 9 || (unit == 1 && digit > 0))
            return false;
        unit = unit > 1 ? unit / 10 : 1;
        *hz += (uint64_t)digit * unit;
    }
    return size > 0;
}

/* Digits with a decimal point among them, in a unit of which the result is whole. */
static bool parse_decimal(const char *text, size_t size, char point, uint32_t unit, uint32_t least,
                          uint32_t most, uint32_t *number)
{
    uint64_t whole, part = 0;
    size_t before = 0;

    while (before < size && text[before] != point)
        before++;
    if (!avrspi_number_parse_digits(text, before, 10, &whole) || whole > most ||
        (before < size && !parse_fraction(text + before + 1, size - before - 1, unit, &part)))
        return false;
    whole = whole * unit + part;
    if (whole < least || whole > most)
        return false;
    *number = (uint32_t)whole;
    return true;
}

bool avrspi_number_parse_hz(const char *text, size_t size, uint32_t least, uint32_t most,
                            uint32_t *hz)
{
    uint32_t unit = take_unit(text, &size);

    return parse_decimal(text, size, '.', unit, least, most, hz);
}

bool avrspi_number_parse_mv(const char *text, size_t size, uint32_t *mv)
{
    char point = '.';
    size_t letter = 0;

    while (letter < size && avrspi_text_lower(text[letter]) != 'v')
        letter++;
    if (letter + 1 == size)
        size--;
    else if (letter < size)
        point = text[letter];
    return parse_decimal(text, size, point, 1000, LOWEST_MV, HIGHEST_MV, mv);
}

/* A number with up to four decimals and no trailing zeros. */
static void write_decimal(double value, char *text, size_t size)
{
    char *end;

    (void)snprintf(text, size, "%.4f", value);
    end = text + strlen(text);
    while (end[-1] == '0')
        *--end = '\0';
    if (end[-1] == '.')
        end[-1] = '\0';
}

const char *avrspi_number_write_hz(uint32_t hz, char *text, size_t size)
{
    char number[32];

    if (hz >= 999500) {
        write_decimal((hz / 100 + (hz % 100 >= 50)) / 1e4, number, sizeof number);
        (void)snprintf(text, size, "%s MHz", number);
    } else if (hz >= 1000) {
        write_decimal((hz / 100 + (hz % 100 >= 50)) / 10.0, number, sizeof number);
        (void)snprintf(text, size, "%s kHz", number);
    } else {
        (void)snprintf(text, size, "%u Hz", (unsigned)hz);
    }
    return text;
}
