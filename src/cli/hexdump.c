/* SPDX-License-Identifier: MIT */
#include "cli/hexdump.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    PER_LINE = 16,
};

static void print_line(uint32_t address, const uint8_t *data, size_t size)
{
    (void)printf("%06X ", address);
    for (size_t n = 0; n < PER_LINE; n++) {
        if (n % 8 == 0)
            (void)putchar(' ');
        if (n < size)
            (void)printf("%02X ", data[n]);
        else
            (void)printf("   ");
    }
    (void)printf(" |");
    for (size_t n = 0; n < size; n++)
        (void)putchar(data[n] >= 0x20 && data[n] < 0x7F ? data[n] : '.');
    (void)printf("|\n");
}

void hexdump(uint32_t address, const uint8_t *data, size_t size)
{
    bool starred = false;

    for (size_t n = 0; n < size; n += PER_LINE) {
        size_t length = size - n < PER_LINE ? size - n : PER_LINE;
        bool last = n + length == size;

        if (n > 0 && !last && length == PER_LINE &&
            memcmp(data + n, data + n - PER_LINE, PER_LINE) == 0) {
            if (!starred)
                (void)printf("*\n");
            starred = true;
            continue;
        }
        starred = false;
        print_line(address + (uint32_t)n, data + n, length);
    }
}
