/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <string.h>

enum {
    LONGEST_NAME = 63,
};

char avrspi_text_lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool same(char a, char b)
{
    return avrspi_text_lower(a) == avrspi_text_lower(b);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool avrspi_text_equal(const char *a, const char *b)
{
    for (; same(*a, *b); a++, b++) {
        if (!*a)
            return true;
    }
    return false;
}

bool avrspi_text_is(const char *text, size_t size, const char *word)
{
    for (size_t i = 0; i < size; i++) {
        if (!word[i] || !same(text[i], word[i]))
            return false;
    }
    return word[size] == '\0';
}

static bool begins(const char *name, const char *part)
{
    for (; *part; name++, part++) {
        if (!same(*name, *part))
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

/* Compares the numbers that two texts begin with, and moves both after them. */
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
            order = avrspi_text_lower(*a++) - avrspi_text_lower(*b++);
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
            size_t replaced = above[j - 1] + !same(a[i - 1], b[j - 1]);

            row[j] = least(replaced, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]))
                row[j] = least(row[j], swapped[j - 2] + 1);
        }
    }
    return rows[size_a % 3][size_b];
}

struct avrspi_nearest avrspi_nearest_begin(const char *word)
{
    return (struct avrspi_nearest){.word = word, .distance = strlen(word) / 3 + 1};
}

bool avrspi_nearest_offer(struct avrspi_nearest *nearest, const char *name)
{
    size_t distance = avrspi_text_distance(nearest->word, name);

    if (distance >= nearest->distance)
        return false;
    nearest->distance = distance;
    nearest->name = name;
    return true;
}

const char *avrspi_text_word(const char **rest, size_t *size)
{
    const char *word = *rest + strspn(*rest, " \t");

    *size = strcspn(word, " \t");
    *rest = word + *size;
    return *size > 0 ? word : NULL;
}

size_t avrspi_text_mark_size(const char *text, size_t size)
{
    static const char mark[] = {'\xEF', '\xBB', '\xBF'};

    return size >= sizeof mark && memcmp(text, mark, sizeof mark) == 0 ? sizeof mark : 0;
}

/* RFC 3629, section 4: how characters of each size begin. The lead byte, and the range of the
 * byte after it, which excludes overlong forms, surrogates and what is above U+10FFFF. */
static const struct {
    uint8_t first, last;     /* of the lead byte */
    uint8_t lowest, highest; /* of the second byte */
    size_t size;
} utf8_forms[] = {
    {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
    {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
    {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

/* Whether the bytes after the first continue a character; a NUL does not. */
static bool continues(const char *text, size_t size, uint8_t lowest, uint8_t highest)
{
    uint8_t second = (uint8_t)text[1];

    if (second < lowest || second > highest)
        return false;
    for (size_t i = 2; i < size; i++) {
        if (((uint8_t)text[i] & 0xC0) != 0x80)
            return false;
    }
    return true;
}

size_t avrspi_text_letter_size(const char *text)
{
    uint8_t lead = (uint8_t)*text;

    if (lead < 0x80)
        return lead != 0;
    for (size_t i = 0; i < sizeof utf8_forms / sizeof *utf8_forms; i++) {
        if (lead >= utf8_forms[i].first && lead <= utf8_forms[i].last) {
            return continues(text, utf8_forms[i].size, utf8_forms[i].lowest, utf8_forms[i].highest)
                       ? utf8_forms[i].size
                       : 0;
        }
    }
    return 0;
}
