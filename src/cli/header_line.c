/* SPDX-License-Identifier: MIT */
#include "cli/header_line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "link/find.h"

/* The line as its user wrote it: "GPIO25", "gpiochip0:25". */
static const char *say(const struct avrspi_line_words *words, char text[160])
{
    if (*words->chip)
        (void)snprintf(text, 160, "%s:%u", words->chip, words->offset);
    else
        (void)snprintf(text, 160, "%s", words->name);
    return text;
}

/* --- by the model alone, and for certain */

static bool by_model(struct avrspi_host_wire *wire, const struct header_board *board,
                     const struct avrspi_line_words *words)
{
    const struct avrspi_host_pin *pin = avrspi_host_model_named_pin(board->model, words->name);
    const long line = pin ? pin->gpio : words->number;

    return !*words->chip && line >= 0 &&
           avrspi_host_wire_of_line(board->model, (unsigned)line, wire);
}

/* --- by this computer's GPIO chips */

enum answer {
    NO_ANSWER,      /* they may not be looked at, or are those of another computer */
    ON_HEADER_CHIP, /* it is that line */
    ELSEWHERE,      /* on another chip, or on none: 'why' tells */
};

static enum answer ask(const struct header_board *board, const struct avrspi_line_words *words,
                       unsigned *line, char why[HEADER_WHY])
{
    struct avrspi_line_found found;
    struct avrspi_error error = {.message = ""};
    char text[160];

    if (avrspi_line_find(&found, words, &error) < 0)
        (void)snprintf(why, HEADER_WHY, "%s", error.message);
    avrspi_line_drop(&found);
    if (!*found.label)
        return error.sys_errno == EACCES || error.sys_errno == EPERM ? NO_ANSWER : ELSEWHERE;
    *line = found.offset;
    if (strcmp(found.label, board->model->soc->gpio_label) == 0)
        return ON_HEADER_CHIP;
    (void)snprintf(why, HEADER_WHY,
                   "'%s' is line %u of %s (%s), which is not the chip of the header",
                   say(words, text), found.offset, found.chip_name, found.label);
    return ELSEWHERE;
}

/* --- by what is usual on such a board */

/* The line of a number in /sys/class/gpio. */
static bool by_number(const struct header_board *board, const struct avrspi_line_words *words,
                      unsigned *line)
{
    const struct avrspi_host_soc *soc = board->model->soc;
    const long offset = words->number - (long)soc->gpio_base;

    if (!soc->gpio_base || offset < 0 || offset >= (long)soc->gpio_lines)
        return false;
    *line = (unsigned)offset;
    return true;
}

static bool by_custom(struct avrspi_host_wire *wire, struct cli *cli,
                      const struct header_board *board, const struct avrspi_line_words *words)
{
    const struct avrspi_host_soc *soc = board->model->soc;
    unsigned line = words->offset;

    if (*words->chip && avrspi_host_model_usual_chip(board->model, words->chip) &&
        avrspi_host_wire_of_line(board->model, line, wire)) {
        ui_note(&cli->ui,
                "%s:%u is taken for %s: %s is the usual name of the header's chip, %s; "
                "'gpiodetect' on the board shows it",
                words->chip, line, wire->line, words->chip, soc->gpio_label);
        return true;
    }
    if (!*words->chip && by_number(board, words, &line) &&
        avrspi_host_wire_of_line(board->model, line, wire)) {
        ui_note(&cli->ui,
                "%s is taken for %s: since Linux 6.6 the numbers of the header's chip, %s, begin "
                "at %u; /sys/class/gpio on the board shows them",
                words->name, wire->line, soc->gpio_label, soc->gpio_base);
        return true;
    }
    return false;
}

/* --- all of it */

/* Whether the board itself might know a line that its model does not: any but GPIOn. */
static bool is_open(const struct header_board *board, const struct avrspi_line_words *words)
{
    return *words->chip || words->number < 0 ||
           words->number >= (long)board->model->soc->gpio_lines;
}

bool header_line(struct avrspi_host_wire *wire, struct cli *cli, const struct header_board *board,
                 const struct avrspi_line_words *words, char why[HEADER_WHY])
{
    enum answer answer = NO_ANSWER;
    unsigned line = 0;
    char text[160];

    *why = '\0';
    if (by_model(wire, board, words))
        return true;
    if (board->model && board->model->header_pins) {
        if (board->here)
            answer = ask(board, words, &line, why);
        if (answer == ON_HEADER_CHIP && avrspi_host_wire_of_line(board->model, line, wire))
            return true;
        if (answer == NO_ANSWER && by_custom(wire, cli, board, words))
            return true;
        if (answer == NO_ANSWER && !board->here && is_open(board, words))
            (void)snprintf(why, HEADER_WHY, "only the board itself tells which line '%s' is",
                           say(words, text));
    }
    if (!*why)
        (void)snprintf(why, HEADER_WHY, "no known pin of this header is '%s'", say(words, text));
    return false;
}

bool header_line_is_free(const struct header_board *board, const struct avrspi_host_wire *wire)
{
    struct avrspi_line_words words;
    struct avrspi_line_found found;
    bool is_free;

    if (!board->here || avrspi_line_parse(&words, wire->line, NULL) < 0 ||
        avrspi_line_find(&found, &words, NULL) < 0)
        return false;
    is_free = !avrspi_line_is_held(&found);
    avrspi_line_drop(&found);
    return is_free;
}
