/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <string.h>

enum {
    LONGEST_NAME = 63,
    HIGHEST_HZ = 100000000,
};

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The value of a digit, 255 for what is none. */
static unsigned digit(char c)
{
    int letter = lower(c);

    if (is_digit(c))
        return (unsigned)(c - '0');
    return letter >= 'a' && letter <= 'f' ? (unsigned)(letter - 'a') + 10 : 255;
}

bool avrspi_text_equal(const char *a, const char *b)
{
    for (; *a == *b || lower(*a) == lower(*b); a++, b++) {
        if (!*a)
            return true;
    }
    return false;
}

static bool begins(const char *name, const char *part)
{
    for (; *part; name++, part++) {
        if (lower(*name) != lower(*part))
            return false;
    }
    return true;
}

bool avrspi_text_contains(const char *name, const char *part)
{
    for (; *name; name++) {
        if (begins(name, part))
            return true;
    }
    return *part == '\0';
}

/* Compares the numbers that two texts begin with, and moves both behind them. */
static int order_of_numbers(const char **a, const char **b)
{
    size_t size_a, size_b;
    int order;

    while (**a == '0' && is_digit((*a)[1]))
        (*a)++;
    while (**b == '0' && is_digit((*b)[1]))
        (*b)++;
    size_a = strspn(*a, "0123456789");
    size_b = strspn(*b, "0123456789");
    order = size_a == size_b ? strncmp(*a, *b, size_a) : size_a < size_b ? -1 : 1;
    *a += size_a;
    *b += size_b;
    return order;
}

int avrspi_text_order(const char *a, const char *b)
{
    while (*a && *b) {
        int order;

        if (is_digit(*a) && is_digit(*b)) {
            order = order_of_numbers(&a, &b);
        } else {
            order = lower(*a++) - lower(*b++);
        }
        if (order != 0)
            return order;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t avrspi_text_distance(const char *a, const char *b)
{
    size_t size_a = strlen(a), size_b = strlen(b);
    size_t rows[3][LONGEST_NAME + 1]; /* of the last three letters of a */

    if (size_a > LONGEST_NAME || size_b > LONGEST_NAME)
        return SIZE_MAX;
    for (size_t j = 0; j <= size_b; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= size_a; i++) {
        size_t *row = rows[i % 3], *above = rows[(i - 1) % 3], *swapped = rows[(i + 1) % 3];

        row[0] = i;
        for (size_t j = 1; j <= size_b; j++) {
            bool same = lower(a[i - 1]) == lower(b[j - 1]);

            row[j] = least(above[j - 1] + !same, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1]))
                row[j] = least(row[j], swapped[j - 2] + 1);
        }
    }
    return rows[size_a % 3][size_b];
}

bool avrspi_text_number(const char *text, size_t size, uint32_t *number)
{
    unsigned base = 10;
    uint64_t sum = 0;

    if (size > 2 && text[0] == '0' && (lower(text[1]) == 'x' || lower(text[1]) == 'b')) {
        base = lower(text[1]) == 'x' ? 16 : 2;
        text += 2;
        size -= 2;
    }
    if (size == 0)
        return false;
    for (size_t i = 0; i < size; i++) {
        if (digit(text[i]) >= base)
            return false;
        sum = sum * base + digit(text[i]);
        if (sum > UINT32_MAX)
            return false;
    }
    *number = (uint32_t)sum;
    return true;
}

bool avrspi_text_hex_byte(const char *text, size_t size, uint8_t *byte)
{
    if (size == 4 && text[0] == '0' && lower(text[1]) == 'x') {
        text += 2;
        size -= 2;
    }
    if (size != 2 || digit(text[0]) > 15 || digit(text[1]) > 15)
        return false;
    *byte = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
    return true;
}

bool avrspi_text_frequency(const char *text, size_t size, uint32_t *hz)
{
    uint64_t scale = 1, sum = 0;
    bool point = false, digits = false;

    if (size > 0 && lower(text[size - 1]) == 'k') {
        scale = 1000;
        size--;
    } else if (size > 0 && text[size - 1] == 'M') {
        scale = 1000000;
        size--;
    }
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.' && !point && scale > 1) {
            point = true;
            continue;
        }
        if (!is_digit(text[i]) || (point && scale < 10))
            return false;
        if (point)
            scale /= 10;
        digits = true;
        sum = sum * 10 + digit(text[i]);
        if (sum > HIGHEST_HZ)
            return false;
    }
    if (!digits || sum * scale > HIGHEST_HZ)
        return false;
    *hz = (uint32_t)(sum * scale);
    return true;
}

const char *avrspi_text_word(const char **rest, size_t *size)
{
    const char *word = *rest + strspn(*rest, " \t");

    *size = strcspn(word, " \t");
    *rest = word + *size;
    return *size > 0 ? word : NULL;
}
