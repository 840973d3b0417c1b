/* SPDX-License-Identifier: MIT */
#include "cli/header.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/header_line.h"
#include "cli/target.h"
#include "cli/words.h"
#include "host/host.h"
#include "host/model_names.h"
#include "host/pwm.h"
#include "link/port.h"

/* --- the board */

enum {
    MOST_MODELS = 64,
};

#define USUAL_MODEL "Raspberry Pi 4 Model B" /* its header is that of all with 40 pins */

/* The board of --board, where it is one. */
static int name_board(const char *name, struct header_board *board, struct avrspi_error *error)
{
    static const struct words_style style = {"", "", " or "};
    const struct avrspi_host_model *model;
    const char *names[MOST_MODELS];
    char list[2048];
    size_t count = 0;

    while (count < MOST_MODELS && (model = avrspi_host_model_named(name, count)) != NULL)
        names[count++] = model->name;
    board->model = count == 1 ? avrspi_host_model_named(name, 0) : NULL;
    if (board->model)
        return 0;
    if (count == 0) {
        avrspi_fail(error, AVRSPI_ERR_USAGE, "no board is known as '%.40s'", name);
        avrspi_hint(error, "such as 'pi4', 'pi zero 2 w', 'beaglebone black'");
    } else {
        words_list(names, count, &style, list, sizeof list);
        avrspi_fail(error, AVRSPI_ERR_USAGE, "'%.40s' may be any of %zu boards", name, count);
        avrspi_hint(error, "name one: %s", list);
    }
    return AVRSPI_ERR_USAGE;
}

static int choose_board(struct cli *cli, struct header_board *board, struct avrspi_error *error)
{
    struct avrspi_host host;
    int result = 0;

    if (cli->config.board)
        return name_board(cli->config.board, board, error);
    result = avrspi_host_detect(&host, "", error);
    board->model = result == 0 ? host.known : NULL;
    board->here = board->model;
    if (result == 0 && !board->model) {
        board->model = avrspi_host_model_named(USUAL_MODEL, 0);
        ui_note(&cli->ui,
                "this computer is none of the known boards: shown is the header of a Raspberry Pi "
                "with 40 pins; --board names another");
    }
    return result;
}

/* --- SCK, MOSI and MISO */

/* In place of a bus, the lines of the port. */
static int find_lines(struct ui_wiring *wiring, struct cli *cli, const struct header_board *board,
                      const struct avrspi_port *port, struct avrspi_error *error)
{
    static const enum avrspi_signal signals[AVRSPI_WIRES] = {
        [AVRSPI_WIRE_SCK] = AVRSPI_SIGNAL_SCK,
        [AVRSPI_WIRE_MOSI] = AVRSPI_SIGNAL_MOSI,
        [AVRSPI_WIRE_MISO] = AVRSPI_SIGNAL_MISO,
    };
    char why[HEADER_WHY];

    for (unsigned n = 0; n < AVRSPI_WIRES; n++) {
        const struct avrspi_line_words *words = &port->wire[n];
        char offset[16] = "";

        if (header_line(&wiring->wires[signals[n]], cli, board, words, why))
            continue;
        if (*words->chip)
            (void)snprintf(offset, sizeof offset, ":%u", words->offset);
        avrspi_fail(error, AVRSPI_ERR_USAGE,
                    "the %s '%s%s%s' has no known pin on the header of a %s", words->use->name,
                    words->chip, offset, words->name, wiring->board);
        avrspi_hint(error, "%s; 'wiring' knows the lines GPIO0 to GPIO27 of a Raspberry Pi", why);
        return AVRSPI_ERR_USAGE;
    }
    return 0;
}

static int find_bus(struct ui_wiring *wiring, struct cli *cli, const struct header_board *board,
                    const struct avrspi_port *port, struct avrspi_error *error)
{
    unsigned bus = 0, select;
    const char *node = port->kind == AVRSPI_PORT_SPIDEV ? strrchr(port->device, '/') : NULL;

    if (node && !avrspi_host_spidev_name(node + 1, &bus, &select))
        bus = 0;
    if (!avrspi_host_wires(board->model, bus, wiring->wires))
        return avrspi_fail(error, AVRSPI_ERR_USAGE,
                           "bus %u of '%.60s' is not on the header of a %s", bus, cli->config.port,
                           wiring->board);
    return port->kind == AVRSPI_PORT_GPIO ? find_lines(wiring, cli, board, port, error) : 0;
}

/* --- RESET, which may be a line that is not on the header */

static int find_reset(struct ui_wiring *wiring, struct cli *cli, const struct header_board *board,
                      const struct avrspi_port *port, struct avrspi_error *error)
{
    struct avrspi_line_words words;
    const char *reset;
    char why[HEADER_WHY];
    int result = target_reset(&cli->config, &reset, error);

    if (result == 0)
        result = avrspi_port_parse_reset(&words, port, reset, error);
    if (result == 0 && !header_line(&wiring->wires[AVRSPI_SIGNAL_RESET], cli, board, &words, why) &&
        wiring->wires[AVRSPI_SIGNAL_MOSI].pin)
        ui_note(&cli->ui, "RESET has no pin here: %s; -r names another line", why);
    return result;
}

/* --- the clock, for a chip without its crystal */

static const enum avrspi_signal needed[] = {
    AVRSPI_SIGNAL_MOSI,
    AVRSPI_SIGNAL_MISO,
    AVRSPI_SIGNAL_SCK,
    AVRSPI_SIGNAL_RESET,
};

enum {
    NEEDED = sizeof needed / sizeof *needed,
};

/* The wire of the target that has the same pin; AVRSPI_SIGNALS: none. */
static enum avrspi_signal find_same(const struct ui_wiring *wiring, enum avrspi_signal signal,
                                    size_t count)
{
    const char *pin = wiring->wires[signal].pin;

    for (size_t n = 0; n < count && pin; n++)
        if (wiring->wires[needed[n]].pin && strcmp(wiring->wires[needed[n]].pin, pin) == 0)
            return needed[n];
    return AVRSPI_SIGNALS;
}

static int find_clock(struct ui_wiring *wiring, struct cli *cli,
                      const struct avrspi_host_model *model, struct avrspi_error *error)
{
    struct avrspi_host_wire *wire = &wiring->wires[AVRSPI_SIGNAL_XTAL1];
    const char *pin = cli->config.xtal_pin;
    enum avrspi_signal same;
    int line, result;

    if (pin) {
        *wire = (struct avrspi_host_wire){0};
        result = avrspi_pwm_line(&line, model, pin, error);
        if (result < 0)
            return result;
        if (line < 0 || !avrspi_host_wire_of_line(model, (unsigned)line, wire))
            ui_note(&cli->ui, "the clock has no pin here: that of '%.60s' is not known", pin);
        return 0;
    }
    same = find_same(wiring, AVRSPI_SIGNAL_XTAL1, NEEDED);
    if (same == AVRSPI_SIGNALS)
        return 0;
    ui_note(&cli->ui,
            "the clock has no pin here: its usual one, %s, is that of %s; --xtal-pin "
            "names another",
            wire->line, avrspi_signal_name(same));
    *wire = (struct avrspi_host_wire){0};
    return 0;
}

/* --- two wires on one pin */

static int fail_same(const struct ui_wiring *wiring, enum avrspi_signal a, enum avrspi_signal b,
                     struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_USAGE, "%s and %s are on one pin, %s (%s)", avrspi_signal_name(a),
                avrspi_signal_name(b), wiring->wires[b].pin, wiring->wires[b].line);
    avrspi_hint(error, "each wire to the target has a line of its own");
    return AVRSPI_ERR_USAGE;
}

static int check_pins(const struct ui_wiring *wiring, struct avrspi_error *error)
{
    enum avrspi_signal same = find_same(wiring, AVRSPI_SIGNAL_XTAL1, NEEDED);

    if (same != AVRSPI_SIGNALS)
        return fail_same(wiring, same, AVRSPI_SIGNAL_XTAL1, error);
    for (size_t n = 1; n < NEEDED; n++) {
        same = find_same(wiring, needed[n], n);
        if (same != AVRSPI_SIGNALS)
            return fail_same(wiring, same, needed[n], error);
    }
    return 0;
}

/* --- lines that the driver of the SPI bus holds */

/* The chip select that a signal's wire is, -1 for none, or one that is known to be free. */
static int select_of(const struct ui_wiring *wiring, const struct header_board *board,
                     enum avrspi_signal signal)
{
    const struct avrspi_host_wire *wire = &wiring->wires[signal];
    const struct avrspi_host_pin *pin = avrspi_host_model_pin(board->model, wire->number);
    const int select = pin && pin->gpio >= 0 ? avrspi_host_chip_select((unsigned)pin->gpio) : -1;

    return select >= 0 && header_line_is_free(board, wire) ? -1 : select;
}

/* What frees the first that is used frees those after it too. */
static void tell_selects(const struct ui_wiring *wiring, struct cli *cli,
                         const struct header_board *board)
{
    int select[NEEDED], first = -1;

    for (size_t n = 0; n < NEEDED; n++) {
        select[n] = select_of(wiring, board, needed[n]);
        if (select[n] >= 0 && (first < 0 || select[n] < first))
            first = select[n];
    }
    for (size_t n = 0; n < NEEDED; n++)
        if (select[n] >= 0)
            ui_note(&cli->ui,
                    "%s, for %s, is chip select CE%d of the first SPI bus, whose driver holds it "
                    "while the bus is enabled: '%s' in config.txt frees it",
                    wiring->wires[needed[n]].line, avrspi_signal_name(needed[n]), select[n],
                    avrspi_host_frees_select(0, (unsigned)first));
}

/* --- all of it */

int header_find(struct ui_wiring *wiring, struct cli *cli, struct avrspi_error *error)
{
    struct header_board board = {.model = NULL};
    struct avrspi_port port = {0};
    int result = choose_board(cli, &board, error);

    wiring->board = board.model ? board.model->name : "";
    if (result == 0)
        result = avrspi_port_parse(&port, cli->config.port, error);
    if (result == 0)
        result = find_bus(wiring, cli, &board, &port, error);
    if (result == 0)
        result = find_reset(wiring, cli, &board, &port, error);
    if (result == 0)
        result = find_clock(wiring, cli, board.model, error);
    if (result == 0)
        result = check_pins(wiring, error);
    if (result == 0)
        tell_selects(wiring, cli, &board);
    return result;
}
