/* SPDX-License-Identifier: MIT */
#include "base/hex.h"

#include "base/text.h"

/* One more than the value of each digit, 0 for other characters: a table, as large files of hex
 * digits are read as fast as this is. */
static const uint8_t digits_of[UINT8_MAX + 1] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
    ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

int avrspi_hex_digit(char c)
{
    return digits_of[(uint8_t)c] - 1;
}

bool avrspi_hex_byte(const char *text, size_t size, uint8_t *byte)
{
    uint8_t decoded = 0;

    if (size == 4 && text[0] == '0' && avrspi_text_lower(text[1]) == 'x') {
        text += 2;
        size -= 2;
    }
    if (size != 2 || avrspi_hex_decode(text, size, &decoded) != size)
        return false;
    *byte = decoded;
    return true;
}

size_t avrspi_hex_decode(const char *text, size_t size, uint8_t *out)
{
    size_t at = 0;

    for (; at + 1 < size; at += 2) {
        int high = avrspi_hex_digit(text[at]), low = avrspi_hex_digit(text[at + 1]);

        if (high < 0 || low < 0)
            break;
        out[at / 2] = (uint8_t)(high << 4 | low);
    }
    if (at < size && avrspi_hex_digit(text[at]) >= 0) { /* half a byte */
        out[at / 2] = (uint8_t)(avrspi_hex_digit(text[at]) << 4);
        at++;
    }
    return at;
}

char *avrspi_hex_encode(char *out, uint8_t byte)
{
    static const char digits[] = "0123456789ABCDEF";

    *out++ = digits[byte >> 4];
    *out++ = digits[byte & 0x0F];
    return out;
}
