/* SPDX-License-Identifier: MIT */
#include "cli/loop.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "cli/advice.h"

enum {
    TRY_MS = 500, /* between two looks for a chip: driven lines feed an unpowered board */
    LINE = 128,
    BLOCK_COLUMNS = 34,
    BLOCK_ROWS = 5,
};

struct loop {
    struct burn *burn;
    struct cli *cli;
    uint32_t good, failed;
    struct avrspi_error first; /* of the first unit that failed */
    json_t *units;
};

/* --- the verdict */

/* Letters of five rows, large enough to be read from across a room. */
static const char *const pass_block[BLOCK_ROWS] = {
    "PPPPPP    AAAA    SSSSS   SSSSS ", "PP   PP  AA  AA  SS      SS     ",
    "PPPPPP   AAAAAA   SSSS    SSSS  ", "PP       AA  AA      SS      SS ",
    "PP       AA  AA  SSSSS   SSSSS  ",
};

static const char *const fail_block[BLOCK_ROWS] = {
    "FFFFFFF   AAAA   IIIIII  LL     ", "FF       AA  AA    II    LL     ",
    "FFFFF    AAAAAA    II    LL     ", "FF       AA  AA    II    LL     ",
    "FF       AA  AA  IIIIII  LLLLLL ",
};

static void show_verdict(struct ui *ui, bool good)
{
    const char *const *block = good ? pass_block : fail_block;

    if (ui_is_json(ui))
        return;
    if (!ui->terminal || ui_columns() < BLOCK_COLUMNS) {
        (void)printf("%s\n", good ? "PASS" : "FAIL");
        return;
    }
    for (int n = 0; n < BLOCK_ROWS; n++)
        (void)printf("%s  %s%s\n", ui_style_begin(ui->color, good ? UI_GOOD : UI_ERROR), block[n],
                     ui_style_end(ui->color));
}

static void show_reason(struct ui *ui, int result, const struct avrspi_error *error)
{
    char hint[sizeof error->hint];

    if (ui_is_json(ui))
        return;
    advice_text(error, hint, sizeof hint);
    ui_fail(ui, error, hint, -result);
}

static void tell_unit(struct loop *loop, int result, const struct avrspi_error *error)
{
    struct ui *ui = &loop->cli->ui;
    json_t *unit =
        json_pack("{s:I, s:s, s:s, s:o}", "unit", (json_int_t)loop->good + (json_int_t)loop->failed,
                  "verdict", result < 0 ? "fail" : "pass", "reason",
                  result < 0 ? avrspi_err_name((enum avrspi_err)result) : "", "message",
                  ui_string(result < 0 ? error->message : ""));

    (void)json_array_append_new(loop->units, unit);
    if (result < 0)
        show_reason(ui, result, error);
    show_verdict(ui, result == 0);
    if (loop->cli->config.count)
        ui_line(ui, "units", "%u of %u good, %u failed", loop->good, loop->cli->config.count,
                loop->failed);
    else
        ui_line(ui, "units", "%u good, %u failed", loop->good, loop->failed);
    ui_flush(ui);
}

/* --- waiting */

/* False at the end of standard input, and for 'Q'. */
static bool wait_for_line(struct loop *loop)
{
    char line[LINE];

    if (isatty(STDIN_FILENO) && !ui_is_json(&loop->cli->ui)) {
        (void)printf("next unit: Enter or G; end: Q > ");
        (void)fflush(stdout);
    }
    while (fgets(line, sizeof line, stdin)) {
        const int key = toupper((unsigned char)*line);

        if (key == '\n' || key == 'G')
            return true;
        if (key == 'Q')
            return false;
    }
    return false;
}

static void sleep_until_next_try(uint64_t began)
{
    avrspi_clock_sleep_until(began + (uint64_t)TRY_MS * 1000000);
}

/* Until there is a chip, or none any more. */
static int wait_for_chip(struct loop *loop, bool wanted, struct avrspi_error *error)
{
    const char *what = wanted ? "waiting for a chip" : "waiting for the chip to be taken away";
    bool present = !wanted, told = false;
    int result = 0;

    while (result == 0 && present != wanted) {
        const uint64_t began = avrspi_clock_now();

        result = target_present(loop->cli, &present, error);
        if (result == 0 && present != wanted && !told) {
            ui_line(&loop->cli->ui, "units", "%s", what);
            told = true;
        }
        sleep_until_next_try(began);
    }
    return result;
}

/* Without a keyboard there is nothing to wait for. */
static int check_input(const struct loop *loop, struct avrspi_error *error)
{
    if (!feof(stdin) || loop->good + loop->failed > 0)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_USAGE, "standard input has ended, and no unit was burned");
    avrspi_hint(error, "'--start chip' needs no keyboard");
    return AVRSPI_ERR_USAGE;
}

/* 1: there is a unit; 0: the end. */
static int wait_for_unit(struct loop *loop, struct avrspi_error *error)
{
    int result;

    if (loop->cli->config.start == LOOP_ENTER && wait_for_line(loop))
        return 1;
    if (loop->cli->config.start == LOOP_ENTER)
        return check_input(loop, error);
    if (loop->good + loop->failed > 0) {
        result = wait_for_chip(loop, false, error);
        if (result < 0)
            return result;
    }
    result = wait_for_chip(loop, true, error);
    return result < 0 ? result : 1;
}

/* --- the units */

static bool is_enough(const struct loop *loop)
{
    return loop->cli->config.count && loop->good >= loop->cli->config.count;
}

/* A unit that failed ends nothing; a signal, or a computer that can't do its part, does. */
static bool ends_all(int result)
{
    return result == AVRSPI_ERR_INTERRUPTED || result == AVRSPI_ERR_DEVICE;
}

static int burn_units(struct loop *loop, struct avrspi_error *error)
{
    int waited, result;

    while ((waited = wait_for_unit(loop, error)) > 0) {
        result = burn_unit(loop->burn, loop->cli, error);
        if (result == 0) {
            loop->good++;
        } else {
            if (loop->failed++ == 0)
                loop->first = *error;
        }
        tell_unit(loop, result, error);
        if (ends_all(result))
            return result;
        if (is_enough(loop))
            return 0;
    }
    return waited;
}

int loop_run(struct burn *burn, struct cli *cli, struct avrspi_error *error)
{
    struct loop loop = {.burn = burn, .cli = cli, .units = json_array()};
    int result = burn_units(&loop, error);

    if (result == 0 && loop.failed && !is_enough(&loop)) {
        avrspi_fail(error, loop.first.code, "%u of %u units failed, the first one: %.300s",
                    loop.failed, loop.good + loop.failed, loop.first.message);
        result = loop.first.code;
    }
    ui_fact(&cli->ui, "units", loop.units);
    ui_fact(&cli->ui, "good", json_integer(loop.good));
    ui_fact(&cli->ui, "failed_units", json_integer(loop.failed));
    return result;
}
