/* SPDX-License-Identifier: MIT */
#include "host/model_names.h"

#include <string.h>

#include "base/text.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define PI            "Raspberry Pi "

enum {
    SQUEEZED = 64,
};

/* --- names without what people leave out: "pi4b" for "Raspberry Pi 4 Model B" */

/* Takes a word out of a name. */
static void take_out(char *name, const char *word)
{
    char *found = strstr(name, word);

    if (found)
        memmove(found, found + strlen(word), strlen(found + strlen(word)) + 1);
}

/* Small letters and digits, and "plus" for +. */
static void squeeze(char squeezed[SQUEEZED], const char *name)
{
    static const char plus[] = "plus";
    size_t used = 0;

    for (; *name && used + strlen(plus) < SQUEEZED; name++) {
        if (*name == '+') {
            memcpy(squeezed + used, plus, strlen(plus));
            used += strlen(plus);
        } else if (strchr(" -_,", *name) == NULL) {
            squeezed[used++] = avrspi_text_lower(*name);
        }
    }
    squeezed[used] = '\0';
    take_out(squeezed, "raspberry");
    take_out(squeezed, "model");
    take_out(squeezed, "tiam335x");
}

/* --- names in common use */

static const struct {
    const char *squeezed, *model;
} usual[] = {
    {"pi0", PI "Zero"},
    {"pi0w", PI "Zero W"},
    {"pi02", PI "Zero 2"},
    {"pi02w", PI "Zero 2 W"},
    {"pi1", PI "Model B"}, /* its 26 pins are on each of the four, the first of 40 on two */
    {"pi1a", PI "Model A"},
    {"pi1b", PI "Model B"},
    {"pi1aplus", PI "Model A Plus"},
    {"pi1bplus", PI "Model B Plus"},
    {"pi3", PI "3 Model B"}, /* the header and the SoC are those of all three */
    {"pi3plus", PI "3 Model B Plus"},
    {"bbb", "TI AM335x BeagleBone Black"},
};

/* What such a name begins with, and how the model's own does. */
static const struct {
    const char *said, *meant;
} beginnings[] = {
    {"rpi", "pi"},
    {"raspi", "pi"},
    {"cm", "computemodule"},
    {"picm", "computemodule"},
};

/* What was said, in the words of the models' names. */
static void understand(char wanted[SQUEEZED], const char *name)
{
    char said[SQUEEZED], text[2 * SQUEEZED];

    squeeze(said, name);
    for (size_t n = 0; n < LENGTH(beginnings); n++) {
        const size_t length = strlen(beginnings[n].said);

        if (strncmp(said, beginnings[n].said, length) != 0)
            continue;
        strcpy(stpcpy(text, beginnings[n].meant), said + length);
        text[SQUEEZED - 1] = '\0';
        strcpy(said, text);
    }
    for (size_t n = 0; n < LENGTH(usual); n++)
        if (strcmp(said, usual[n].squeezed) == 0)
            squeeze(said, usual[n].model);
    strcpy(wanted, said);
}

/* --- how well a name fits */

enum fit {
    NOT_AT_ALL,
    BEGINNING, /* of the name, or of it from one of its words on */
    LAST_WORDS,
    WHOLE,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The name from one of its words on; a number alone, or cut in two, means no model. */
static enum fit fit_words(const char *words, const char *wanted, bool whole)
{
    const size_t size = strlen(wanted);
    char squeezed[SQUEEZED];

    squeeze(squeezed, words);
    if (size == 0 || is_digit(*wanted) || strncmp(squeezed, wanted, size) != 0)
        return NOT_AT_ALL;
    if (squeezed[size] == '\0')
        return whole ? WHOLE : LAST_WORDS;
    return is_digit(wanted[size - 1]) && is_digit(squeezed[size]) ? NOT_AT_ALL : BEGINNING;
}

static enum fit fit_of(const struct avrspi_host_model *model, const char *wanted)
{
    enum fit best = fit_words(model->name, wanted, true);

    for (const char *gap = strchr(model->name, ' '); gap; gap = strchr(gap + 1, ' ')) {
        const enum fit fit = fit_words(gap + 1, wanted, false);

        best = fit > best ? fit : best;
    }
    return best;
}

/* Some models are there several times, by several entries of 'compatible'. */
static bool was_before(size_t n)
{
    for (size_t before = 0; before < n; before++)
        if (strcmp(avrspi_host_model(before)->name, avrspi_host_model(n)->name) == 0)
            return true;
    return false;
}

const struct avrspi_host_model *avrspi_host_model_named(const char *name, size_t n)
{
    const struct avrspi_host_model *model;
    enum fit best = BEGINNING;
    char wanted[SQUEEZED];

    understand(wanted, name);
    for (size_t at = 0; (model = avrspi_host_model(at)) != NULL; at++) {
        const enum fit fit = fit_of(model, wanted);

        best = fit > best ? fit : best;
    }
    for (size_t at = 0; (model = avrspi_host_model(at)) != NULL; at++)
        if (fit_of(model, wanted) == best && !was_before(at) && n-- == 0)
            return model;
    return NULL;
}
