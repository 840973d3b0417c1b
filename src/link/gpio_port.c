/* SPDX-License-Identifier: MIT */
/* The words of a port of GPIO lines. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "link/port.h"

/* Keys, and what is made of the lines. */
static const struct {
    const char *key;
    struct avrspi_line_use use;
} names[AVRSPI_WIRES] = {
    [AVRSPI_WIRE_SCK] = {"sck", {.name = "SCK line", .advice = AVRSPI_ADVICE_PORT}},
    [AVRSPI_WIRE_MOSI] = {"mosi", {.name = "MOSI line", .advice = AVRSPI_ADVICE_PORT}},
    [AVRSPI_WIRE_MISO] = {"miso",
                          {.name = "MISO line", .input = true, .advice = AVRSPI_ADVICE_PORT}},
};

static const char hint[] = "gpio:sck=LINE,mosi=LINE,miso=LINE, with lines such as 'GPIO11' or "
                           "'gpiochip0:11'";

static int fail(struct avrspi_error *error)
{
    avrspi_hint(error, hint);
    return AVRSPI_ERR_USAGE;
}

/* A key that is none of the wires', or an option of the line before it. */
static int fail_key(const char *word, struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE,
                "expected sck=, mosi= or miso= in the port, found '%.100s'", word);
    if (strncmp(word, "reset", 5) == 0)
        avrspi_hint(error, "the reset line has an option of its own: --reset LINE");
    else if (strncmp(word, "active-", 7) == 0 || strcmp(word, "open-drain") == 0)
        avrspi_hint(error, "that is for the reset line: --reset LINE,%.20s", word);
    else
        return fail(error);
    return AVRSPI_ERR_USAGE;
}

/* The wire whose key a word begins with; AVRSPI_WIRES: none. */
static unsigned find_key(const char *word)
{
    const size_t length = strcspn(word, "=");
    unsigned n = 0;

    while (n < AVRSPI_WIRES &&
           (strlen(names[n].key) != length || strncmp(word, names[n].key, length) != 0))
        n++;
    return word[length] == '=' ? n : AVRSPI_WIRES;
}

static int parse_word(struct avrspi_line_words wires[AVRSPI_WIRES], const char *word,
                      struct avrspi_error *error)
{
    const unsigned wire = find_key(word);

    if (wire == AVRSPI_WIRES)
        return fail_key(word, error);
    if (wires[wire].use) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "expected one %s in the port, found two",
                    names[wire].use.name);
        return fail(error);
    }
    return avrspi_line_parse_place(&wires[wire], &names[wire].use,
                                   word + strlen(names[wire].key) + 1, error);
}

static int check_all(const struct avrspi_line_words wires[AVRSPI_WIRES], struct avrspi_error *error)
{
    for (unsigned n = 0; n < AVRSPI_WIRES; n++) {
        if (wires[n].use)
            continue;
        avrspi_fail(error, AVRSPI_ERR_USAGE, "expected %s=LINE in the port", names[n].key);
        return fail(error);
    }
    return 0;
}

int avrspi_port_parse_wires(struct avrspi_line_words wires[AVRSPI_WIRES], const char *text,
                            struct avrspi_error *error)
{
    char copy[AVRSPI_WIRES * AVRSPI_LINE_TEXT], *rest = copy, *word;
    int result = 0;

    memset(wires, 0, AVRSPI_WIRES * sizeof *wires);
    if (strlen(text) >= sizeof copy) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "the port is too long");
        return fail(error);
    }
    strcpy(copy, text);
    while (result == 0 && *text && (word = strsep(&rest, ",")) != NULL)
        result = parse_word(wires, word, error);
    return result < 0 ? result : check_all(wires, error);
}
