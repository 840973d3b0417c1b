/* SPDX-License-Identifier: MIT */
#include "cli/loop.h"

#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/error.h"
#include "cli/signals.h"
#include "cli/verdict.h"

enum {
    TRY_MS = 500,  /* between two looks for a chip: driven lines feed an unpowered board */
    LOOK_MS = 100, /* between two looks for a signal */
    LINE = 128,
};

struct loop {
    struct gang *gang;
    struct panel *panel;
    struct cli *cli;
    uint32_t rounds, good, failed;
    bool ended;              /* by a unit's error */
    struct avrspi_error why; /* of that unit, else of the first that failed */
    json_t *units;
};

static bool is_gang(const struct loop *loop)
{
    return gang_size(loop->gang) > 1;
}

/* --- what is told */

static void count_unit(struct loop *loop, size_t n, int result, const struct avrspi_error *error)
{
    struct ui *ui = &loop->cli->ui;
    const struct cli *unit = gang_cli(loop->gang, n);

    if (result == 0)
        loop->good++;
    else if (loop->failed++ == 0)
        loop->why = *error;
    (void)json_array_append_new(loop->units,
                                verdict_json(unit, loop->good + loop->failed, result, error));
    if (is_gang(loop))
        verdict_explain(ui, unit, result, error);
    else if (loop->cli->config.repeat)
        verdict_show(ui, result, error);
}

static void tell_counts(const struct loop *loop)
{
    struct ui *ui = &loop->cli->ui;

    if (loop->cli->config.count)
        ui_line(ui, "units", "%u of %u good, %u failed", loop->good, loop->cli->config.count,
                loop->failed);
    else
        ui_line(ui, "units", "%u good, %u failed", loop->good, loop->failed);
    ui_flush(ui);
}

/* --- waiting */

static int fail_interrupted(struct avrspi_error *error)
{
    avrspi_fail(error, AVRSPI_ERR_INTERRUPTED, "interrupted while waiting for a unit");
    avrspi_hint(error, "no unit was being burned");
    return AVRSPI_ERR_INTERRUPTED;
}

/* 1: a line of standard input; 0: its end, or a signal. */
static int read_line(char line[LINE])
{
    struct pollfd poll_on = {.fd = STDIN_FILENO, .events = POLLIN};

    while (!interrupted && poll(&poll_on, 1, LOOK_MS) == 0)
        ;
    return !interrupted && fgets(line, LINE, stdin);
}

/* 1: the next unit; 0: the end of standard input, or 'Q'. */
static int wait_for_line(struct loop *loop)
{
    char line[LINE];

    if (isatty(STDIN_FILENO) && !ui_is_json(&loop->cli->ui)) {
        (void)printf("next unit: Enter or G; end: Q > ");
        (void)fflush(stdout);
    }
    while (read_line(line)) {
        const int key = toupper((unsigned char)*line);

        if (key == '\n' || key == 'G')
            return 1;
        if (key == 'Q')
            return 0;
    }
    return 0;
}

/* Without a keyboard there is nothing to wait for. */
static int wait_for_enter(struct loop *loop, struct avrspi_error *error)
{
    if (wait_for_line(loop))
        return 1;
    if (interrupted)
        return fail_interrupted(error);
    if (!feof(stdin) || loop->rounds > 0)
        return 0;
    avrspi_fail(error, AVRSPI_ERR_USAGE, "standard input has ended, and no unit was burned");
    avrspi_hint(error, "'--start chip' needs no keyboard");
    return AVRSPI_ERR_USAGE;
}

/* Looks for a chip at each station; those that have one take part. */
static int look(struct loop *loop, size_t *present, struct avrspi_error *error)
{
    int result = 0;

    *present = 0;
    for (size_t n = 0; result == 0 && n < gang_size(loop->gang); n++) {
        bool here = false;

        result = target_present(gang_cli(loop->gang, n), &here, error);
        gang_take(loop->gang, n, here);
        *present += here;
    }
    return result;
}

/* Until there are chips, as many at two looks in a row, or none any more. */
static int wait_for_chips(struct loop *loop, bool wanted, struct avrspi_error *error)
{
    const char *what = !wanted         ? "waiting for the chip to be taken away"
                       : is_gang(loop) ? "waiting for chips"
                                       : "waiting for a chip";
    size_t before = 0, present = 0;
    bool told = false, ready = false;
    int result = 0;

    while (result == 0 && !ready && !interrupted) {
        const uint64_t began = avrspi_clock_now();

        result = look(loop, &present, error);
        ready = wanted ? present > 0 && (present == before || !is_gang(loop)) : present == 0;
        before = present;
        if (result == 0 && !ready && !told && !(wanted && present)) {
            ui_line(&loop->cli->ui, "units", "%s", what);
            told = true;
        }
        avrspi_clock_sleep_until(began + (uint64_t)TRY_MS * 1000000);
    }
    return result < 0 ? result : interrupted ? fail_interrupted(error) : 0;
}

static int wait_for_new_chips(struct loop *loop, struct avrspi_error *error)
{
    int result = loop->rounds > 0 ? wait_for_chips(loop, false, error) : 0;

    if (result == 0)
        result = wait_for_chips(loop, true, error);
    return result < 0 ? result : 1;
}

static int wait_for_button(struct loop *loop, struct avrspi_error *error)
{
    int result;

    ui_line(&loop->cli->ui, "units", "waiting for the button");
    result = panel_wait(loop->panel, error);
    return result < 0 ? result : interrupted ? fail_interrupted(error) : 1;
}

/* 1: there is a unit; 0: the end. */
static int wait_for_unit(struct loop *loop, struct avrspi_error *error)
{
    static int (*const waits[])(struct loop * loop, struct avrspi_error * error) = {
        [LOOP_ENTER] = wait_for_enter,
        [LOOP_CHIP] = wait_for_new_chips,
        [LOOP_BUTTON] = wait_for_button,
    };
    const struct config *config = &loop->cli->config;
    const bool by_button = panel_has_button(loop->panel) && !config_given(config, OPT_START);

    if (!config->repeat)
        return loop->rounds == 0;
    return waits[by_button ? LOOP_BUTTON : config->start](loop, error);
}

/* --- the units */

static bool is_enough(const struct loop *loop)
{
    return loop->cli->config.count && loop->good >= loop->cli->config.count;
}

/* No more stations than units are still wanted. */
static void take_wanted(struct loop *loop)
{
    size_t wanted = loop->cli->config.count ? loop->cli->config.count - loop->good : SIZE_MAX;

    for (size_t n = 0; n < gang_size(loop->gang); n++)
        if (gang_takes(loop->gang, n) && wanted > 0)
            wanted--;
        else
            gang_take(loop->gang, n, false);
}

/* A unit that failed ends nothing; a signal, or a computer that can't do its part, does. */
static bool ends_all(int result)
{
    return result == AVRSPI_ERR_INTERRUPTED || result == AVRSPI_ERR_DEVICE;
}

static void burn_round(struct loop *loop)
{
    const struct avrspi_error *why;
    const uint32_t failed = loop->failed;
    int result;

    take_wanted(loop);
    panel_begin(loop->panel);
    gang_round(loop->gang);
    loop->rounds++;
    for (size_t n = 0; n < gang_size(loop->gang); n++) {
        if (!gang_takes(loop->gang, n))
            continue;
        result = gang_result(loop->gang, n, &why);
        count_unit(loop, n, result, why);
        panel_tell(loop->panel, n, result == 0);
        if (ends_all(result) && !loop->ended) {
            loop->ended = true;
            loop->why = *why;
        }
    }
    if (loop->cli->config.repeat || is_gang(loop))
        tell_counts(loop);
    panel_end(loop->panel, loop->failed == failed);
}

static int burn_rounds(struct loop *loop, struct avrspi_error *error)
{
    int waited = 1;

    while (!loop->ended && !is_enough(loop) && (waited = wait_for_unit(loop, error)) > 0) {
        burn_round(loop);
        for (size_t n = 0; n < gang_size(loop->gang); n++)
            gang_take(loop->gang, n, true);
    }
    return waited < 0 ? waited : 0;
}

static int judge(const struct loop *loop, struct avrspi_error *error)
{
    if (loop->failed == 0 || (is_enough(loop) && !loop->ended))
        return 0;
    if (loop->failed + loop->good > 1)
        avrspi_fail(error, loop->why.code, "%u of %u units failed, one with: %.300s", loop->failed,
                    loop->good + loop->failed, loop->why.message);
    else
        *error = loop->why;
    return loop->why.code;
}

int loop_run(struct gang *gang, struct panel *panel, struct cli *cli, struct avrspi_error *error)
{
    struct loop loop = {.gang = gang, .panel = panel, .cli = cli, .units = json_array()};
    int result;

    (void)setvbuf(stdin, NULL, _IONBF, 0); /* what poll() says is what there is */
    signals_hold(); /* also between units: what the bench's lines drive has to be undone */
    result = burn_rounds(&loop, error);
    signals_release();
    if (result == 0)
        result = judge(&loop, error);
    ui_fact(&cli->ui, "units", loop.units);
    ui_fact(&cli->ui, "good", json_integer(loop.good));
    ui_fact(&cli->ui, "failed_units", json_integer(loop.failed));
    return result;
}
