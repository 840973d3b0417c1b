/* SPDX-License-Identifier: MIT */
#include "cli/words.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"

void words_list(const char *const *words, size_t count, const struct words_style *style, char *text,
                size_t size)
{
    size_t used = 0;

    *text = '\0';
    for (size_t n = 0; n < count && used < size; n++) {
        const char *between = n == 0 ? "" : n + 1 == count ? style->last : ", ";

        used += (size_t)snprintf(text + used, size - used, "%s%s%s%s", between, style->before,
                                 words[n], style->after);
    }
}

const char *words_nearest(const char *word, const char *const *words, size_t count)
{
    struct avrspi_nearest nearest = avrspi_nearest_begin(word);
    const char *longer = NULL; /* the shortest that begins with the word */

    for (size_t n = 0; n < count; n++) {
        (void)avrspi_nearest_offer(&nearest, words[n]);
        if (*word && strncmp(words[n], word, strlen(word)) == 0 &&
            (!longer || strlen(words[n]) < strlen(longer)))
            longer = words[n];
    }
    return longer ? longer : nearest.name;
}

/* "; did you mean '--dry-run'?", or nothing. */
static const char *question(const char *prefix, const char *nearest, char *text, size_t size)
{
    *text = '\0';
    if (nearest)
        (void)snprintf(text, size, "; did you mean '%s%s'?", prefix, nearest);
    return text;
}

int words_fail_unknown(const char *what, const char *prefix, const char *word,
                       const char *const *words, size_t count, struct avrspi_error *error)
{
    char meant[80];

    return avrspi_fail(error, AVRSPI_ERR_USAGE, "unknown %s '%s%.64s'%s", what, prefix, word,
                       question(prefix, words_nearest(word, words, count), meant, sizeof meant));
}

int words_fail_choice(const char *what, const char *word, const char *const *words, size_t count,
                      struct avrspi_error *error)
{
    static const struct words_style style = {"'", "'", " or "};
    char list[160], meant[80];

    words_list(words, count, &style, list, sizeof list);
    return avrspi_fail(error, AVRSPI_ERR_USAGE, "expected %s for %s, found '%.64s'%s", list, what,
                       word, question("", words_nearest(word, words, count), meant, sizeof meant));
}
