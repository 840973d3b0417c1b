/* SPDX-License-Identifier: MIT */
#include "base/hex.h"

#include "base/text.h"

int avrspi_hex_digit(char c)
{
    char letter = avrspi_text_lower(c);

    if (c >= '0' && c <= '9')
        return c - '0';
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
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
    for (size_t i = 0; i < size; i++) {
        int digit = avrspi_hex_digit(text[i]);

        if (digit < 0)
            return i;
        out[i / 2] = (uint8_t)(i % 2 == 0 ? digit << 4 : out[i / 2] | digit);
    }
    return size;
}

char *avrspi_hex_encode(char *out, uint8_t byte)
{
    static const char digits[] = "0123456789ABCDEF";

    *out++ = digits[byte >> 4];
    *out++ = digits[byte & 0x0F];
    return out;
}
