/* SPDX-License-Identifier: MIT */
#include "base/words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* The text that is read, and where the words are put. */
struct splitter {
    const char *text;
    char *out;
    char quote; /* '\'', '"', or 0 outside of quotes */
};

/* Takes the next character of a word; false at the word's end. */
static bool next_character(struct splitter *splitter)
{
    const char c = *splitter->text;

    if (c == '\0' || (!splitter->quote && strchr(" \t", c)))
        return false;
    splitter->text++;
    if (splitter->quote ? c == splitter->quote : c == '\'' || c == '"') {
        if (splitter->quote)
            splitter->quote = '\0';
        else
            splitter->quote = c;
        return true;
    }
    if (c == '\\' && *splitter->text && splitter->quote != '\'' &&
        (!splitter->quote || strchr("\"\\", *splitter->text)))
        *splitter->out++ = *splitter->text++;
    else
        *splitter->out++ = c;
    return true;
}

static bool ends_with_backslash(const char *text)
{
    size_t count = 0;

    for (size_t n = strlen(text); n > 0 && text[n - 1] == '\\'; n--)
        count++;
    return count % 2 == 1;
}

/* Pointers first, the words behind them. */
static int split(struct splitter *splitter, char **words, struct avrspi_error *error)
{
    size_t count = 0;

    for (;;) {
        splitter->text += strspn(splitter->text, " \t");
        if (!*splitter->text)
            break;
        words[count++] = splitter->out;
        while (next_character(splitter))
            continue;
        *splitter->out++ = '\0';
    }
    words[count] = NULL;
    if (splitter->quote)
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "expected a closing %c", splitter->quote);
    return count ? 0 : avrspi_fail(error, AVRSPI_ERR_INPUT, "expected a program, found nothing");
}

int avrspi_words_split(char ***words, const char *text, struct avrspi_error *error)
{
    const size_t most = strlen(text) / 2 + 2; /* words of a letter each, and NULL */
    struct splitter splitter = {.text = text};
    int result;

    *words = NULL;
    if (ends_with_backslash(text))
        return avrspi_fail(error, AVRSPI_ERR_INPUT, "expected a character after the last '\\'");
    *words = malloc(most * sizeof **words + strlen(text) + 1);
    if (!*words)
        return avrspi_fail_memory(error);
    splitter.out = (char *)(*words + most);
    result = split(&splitter, *words, error);
    if (result < 0) {
        free(*words);
        *words = NULL;
    }
    return result;
}
